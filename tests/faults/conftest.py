"""One good run, made once, that every fault is let loose beside."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import WARD, Council, Ended


@dataclass
class Good:
    """A council with a good run, and what must hold after a fault."""

    council: Council
    before: dict[str, str]
    tell: Callable[[str, object], None]

    def survives(self, ended: Ended, code: int, *words: str, kept: bool = True, made_again: bool = False) -> None:
        """The fault was told in words with its code; the good run stands; nothing else does; the next run succeeds."""
        said = ended.said
        assert ended.code == code, said
        if code > 0:
            assert all(word in said for word in words), said
            assert code not in (1, 2, 3, 4, 5) or "What to do:" in said, said
        assert "Traceback" not in said and "Error: Error" not in said, said
        if kept:
            assert self.council.state() == self.before
        assert [name for name in self.council.leftovers() if not name.endswith(".broken.ipynb")] == [] or code < 0
        after = self.council.run(*(["--fresh"] if made_again else []))
        assert after.code == 0, after.said
        assert self.council.state() == self.before
        assert [name for name in self.council.leftovers() if not name.endswith(".broken.ipynb")] == []
        self.tell("trust", "faults survived")


@pytest.fixture(scope="session")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Council:
    """A whole run of one ward's report."""
    council = Council.new(tmp_path_factory.mktemp("good"))
    ended = council.run()
    assert ended.code == 0, ended.said
    assert {f"{WARD}.pdf", "manifest.json", "index.html"} <= council.state().keys()
    return council


@pytest.fixture
def good(good_run: Council, tmp_path: Path, record_property: Callable[[str, object], None]) -> Good:
    """The good run in a place of its own, with its parameters and inputs."""
    shutil.copytree(good_run.place, tmp_path / "c")
    council = Council(tmp_path / "c")
    return Good(council, council.state(), record_property)

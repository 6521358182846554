"""One good run, made once, that every fault is let loose beside."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command import WARD, Council, Good


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

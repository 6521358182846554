"""Numbers are worked out again when anything that they are made from has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twice import Twice, manifest

from sv_lib.figures.calculation import numbers
from sv_lib.publish.run import assembly
from sv_lib.publish.run.report_task import Failed, Made


def without(run: Path, *names: str) -> dict[str, bytes]:
    """Every file of a run but some."""
    paths = [path for path in run.rglob("*") if path.is_file() and path.name not in names]
    return {path.relative_to(run).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch, twice: Twice) -> list[str]:
    """The publications whose numbers were worked out, one entry each time."""
    seen: list[str] = []

    def noted(*given: Any) -> Any:
        seen.append(given[0].id)
        return numbers(*given)

    monkeypatch.setattr(assembly, "numbers", noted)
    return seen


EDITS: dict[str, tuple[tuple[str, str, str], int]] = {
    "a story": (("inputs/stories.csv", "Six weeks of training", "Seven weeks of training"), 1),
    "a payment": (("inputs/payments.csv", "1200.50", "1200.51"), 2),
    "a proxy": (("inputs/proxies.csv", "weeks,200,", "weeks,201,"), 2),
    "a setting": (("publication.yaml", "A report on faulty files", "A report on sound files"), 2),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("profile", ["public", "exempt"])
def test_numbers_are_recalled_while_all_they_are_made_from_is_the_same(
    edit: str, profile: str, twice: Twice, made: dict[str, Made | Failed], worked_out: list[str]
) -> None:
    (name, old, new), times = EDITS[edit]
    name = name.replace("publication.yaml", twice.params.name)
    twice.outcome("run", profile)
    twice.edit(name, old, new)
    changed = twice.outcome("run", profile).folder
    assert len(worked_out) == times
    fresh = twice.outcome("anew", profile).folder
    assert without(changed) == without(fresh)


SPOIL: dict[str, Callable[[Path], object]] = {
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("way", SPOIL)
def test_a_memory_that_was_damaged_is_not_believed(
    way: str, twice: Twice, made: dict[str, Made | Failed], worked_out: list[str]
) -> None:
    twice.run("run")
    for file in (twice.place / "run" / ".cache").rglob("rest.json"):
        SPOIL[way](file)
    twice.edit("inputs/stories.csv", "Six weeks of training", "Seven weeks of training")
    twice.run("run")
    assert len(worked_out) == 2


def test_other_code_works_out_its_own_numbers(
    twice: Twice,
    made: dict[str, Made | Failed],
    worked_out: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twice.run("run")
    monkeypatch.setattr(manifest, "code_sha256", lambda: "0" * 64)
    twice.run("run")
    assert len(worked_out) == 2

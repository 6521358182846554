"""Every publication of the demonstration, made whole and attacked: a leak fails the build.

What is made whole is measured, too: no report is longer than its readers were promised.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pikepdf
import pytest
from demo_runs import PUBLICATIONS, whole_run
from made_once import DEMONSTRATION, calculate

from sv_lib.params import load
from tests.attacks.search import leaks_in
from tests.attacks.sought import sought_of
from tests.second_implementation.reperform import not_worked_out

MOST_PAGES = {"mid-year": 12, "annual": 14, "briefing": 1, "wards": 2}


@pytest.mark.slow
@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_nothing_hidden_is_found_in_any_file(publication: str) -> None:
    run = whole_run(publication)
    exempt = load(DEMONSTRATION / f"{publication}.yaml", "exempt")
    sought = sought_of(run.public, calculate(exempt, run.inputs), run.inputs)
    assert len(sought.figures) > 100
    assert leaks_in(run.folder, sought) == []
    assert too_long(run.folder) == {}
    # What the public may read must be enough, too, to work out again what it prints.
    with (run.folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        assert not_worked_out(csv.DictReader(file)) == []


def too_long(run: Path) -> dict[str, int]:
    """The pages of each PDF with more than its kind may have; methods reports are of any."""
    pages = {}
    for path in run.rglob("*.pdf"):
        kind = "wards" if path.parent.name == "wards" else path.stem
        with pikepdf.open(path) as pdf:
            if kind in MOST_PAGES and len(pdf.pages) > MOST_PAGES[kind]:
                pages[path.stem] = len(pdf.pages)
    return pages

"""Every publication of the demonstration, made whole and attacked: a leak fails the build.

What is made whole is measured, too: no report is longer than its readers were promised.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pikepdf
import pytest

from sv_lib.figures.protection.published import Published
from sv_lib.figures.saved import Calculation
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication
from sv_lib.publish.run import assembly, runner
from tests.attacks.search import leaks_in
from tests.attacks.sought import sought_of
from tests.second_implementation.reperform import not_worked_out

DEMONSTRATION = Path("params/rotherham-demo")
PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")


MOST_PAGES = {"mid-year": 12, "annual": 14, "briefing": 1, "wards": 2}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all runs: each stays as it was printed for those that come after it."""
    return tmp_path_factory.mktemp("outputs")


@pytest.mark.slow
@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_nothing_hidden_is_found_in_any_file(
    root: Path, publication: str, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calculate = assembly.calculate
    made = []

    def overheard(of: Publication, inputs: Inputs, known: list[Published]) -> Calculation:
        """The run's own calculation, which is not worth doing twice."""
        made.append((calculate(of, inputs, known), inputs))
        return made[0][0]

    monkeypatch.setattr(assembly, "calculate", overheard)
    params = root / DEMONSTRATION / f"{publication}.yaml"
    (outcome,) = runner.run([params], output_dir=outputs)
    ((public, inputs),) = made
    sought = sought_of(public, params, inputs)
    assert len(sought.figures) > 100
    assert leaks_in(outcome.folder, sought) == []
    assert too_long(outcome.folder) == {}
    # What the public may read must be enough, too, to work out again what it prints.
    with (outcome.folder / "figures.csv").open(encoding="utf-8", newline="") as file:
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

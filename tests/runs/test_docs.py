"""What the documents say in figures is what the demonstration says today."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from data_files import write_run
from made_once import calculate, gather

from sv_lib.figures.saved import Calculation
from sv_lib.params import load
from sv_lib.present.formats import display
from sv_lib.publish.audit.trace import exact, trace

pytestmark = pytest.mark.slow
MARKED = re.compile(r"(\S+)<!-- (exact|printed): (\S+) -->")
PARAMS = "params/rotherham-demo/2022-mid-year.yaml"
ONE_NUMBER = "docs/one-number.md"
TRACED = "$ svreport trace outputs/rotherham-demo/2022-mid-year "


@pytest.fixture(scope="module")
def calculation(root: Path) -> Calculation:
    """The demonstration's public mid-year publication of 2022."""
    publication = load(root / PARAMS, "public")
    return calculate(publication, gather(publication))


@pytest.fixture(scope="module")
def run(root: Path, calculation: Calculation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its data files and working papers."""
    publication = load(root / PARAMS, "public")
    return write_run(tmp_path_factory.mktemp("out") / "run", publication, calculation)


@pytest.mark.parametrize("page", [ONE_NUMBER])
def test_a_marked_number_is_that_of_the_run(
    root: Path, page: str, calculation: Calculation
) -> None:
    marked = MARKED.findall((root / page).read_text(encoding="utf-8"))
    assert marked
    for words, way, figure_id in marked:
        figure = calculation.trail[figure_id]
        told = exact(figure.exact, figure.unit) if way == "exact" else display(figure)
        assert words == told, figure_id


def test_the_row_that_is_followed_may_be_seen(root: Path, run: Path) -> None:
    text = (root / ONE_NUMBER).read_text(encoding="utf-8")
    [row] = set(re.findall(r"Row (\d+)", text))
    [working] = re.findall(r"shows it: (.*?), by the", text)
    with (run / "claims.csv").open(encoding="utf-8", newline="") as file:
        [claim] = [one for one in csv.DictReader(file) if one["source_row"] == row]
    assert (claim["working"], claim["state"]) == (working, "validated")
    traced = trace(run, "headline.validated_value.this")
    assert f"returns.csv, row {row}: " in traced


def test_the_trace_of_the_readme_is_that_of_the_run(root: Path, run: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    figure_id, _, rest = text.partition(TRACED)[2].partition("\n")
    shown = [line for line in rest.partition("```")[0].splitlines() if line.strip() != "..."]
    lines = iter(trace(run, figure_id).splitlines())
    # In their order: each line is looked for after the one before it.
    missing = [line for line in shown if line not in lines]
    assert len(shown) > 10
    assert missing == []

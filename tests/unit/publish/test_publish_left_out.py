"""Reports that would tell nothing yet are left out, and every page and command agrees on that."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from made_once import calculate
from small_notebook import PDF, notebook
from twice import Twice

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load
from sv_lib.present import pieces
from sv_lib.present.ladder import LADDER, reports_left_out
from sv_lib.present.markup import text_of
from sv_lib.present.report import Report
from sv_lib.present.sections.ward_map import ward_map
from sv_lib.publish.files import manifest
from sv_lib.publish.page import own_cells
from sv_lib.publish.run import runner
from sv_lib.publish.run.report_task import Failed, Made
from sv_lib.publish.verify import verify

NO_BRIEFING, NO_WARDS = (LADDER.reports[kind].left_out for kind in ("briefing", "wards"))
REPORTS = "reports: [mid-year, wards, methods]"
INPUTS = re.compile(r"^inputs:\n.*", re.MULTILINE | re.DOTALL)


@pytest.fixture
def payments_alone(
    twice: Twice, made: dict[str, Made | Failed], monkeypatch: pytest.MonkeyPatch
) -> Twice:
    """A council with two wards that supplies its payments and means to have every report."""
    text = twice.params.read_text(encoding="utf-8")
    text = INPUTS.sub("inputs: {payments: inputs/payments.csv}\n", text)
    twice.params.write_text(
        text.replace(REPORTS, "reports: [mid-year, briefing, wards, methods]"), encoding="utf-8"
    )
    (twice.notebooks / "briefing.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    made["briefing"] = Made("briefing", b"{}", b"<h1>x</h1>", PDF, 1, ())
    monkeypatch.setitem(own_cells.STANDARD, "briefing", ())
    return twice


def run(twice: Twice, *reports: str, wards: tuple[str, ...] = ()) -> runner.Outcome:
    (outcome,) = runner.run(
        [twice.params],
        reports=reports,
        wards=wards,
        output_dir=twice.place / "a",
        notebooks=twice.notebooks,
    )
    return outcome


def add_suppliers(twice: Twice) -> None:
    """Say where every supplier is based: in the ward North."""
    inputs = twice.params.parent / "inputs"
    (inputs / "postcodes.csv").write_text(
        "postcode,ward_code,lsoa_code,lad_code,region_code\n"
        "TE1 1AA,E05990001,E01990001,E08990001,E12990001\n",
        encoding="utf-8",
    )
    lines = (inputs / "suppliers.csv").read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index("postcode")
    cells = [line.split(",") for line in lines[1:]]
    placed = [",".join([*row[:at], "TE1 1AA", *row[at + 1 :]]) for row in cells]
    (inputs / "suppliers.csv").write_text("\n".join([lines[0], *placed, ""]), encoding="utf-8")
    more = "payments.csv, suppliers: inputs/suppliers.csv, postcodes: inputs/postcodes.csv"
    twice.edit("2022-mid-year.yaml", "payments.csv", more)


def index_of(outcome: runner.Outcome) -> str:
    return (outcome.folder / "index.html").read_text(encoding="utf-8")


def test_payments_alone_give_no_briefing_and_no_ward_report_and_that_is_said(
    payments_alone: Twice,
) -> None:
    outcome = run(payments_alone)
    assert outcome.made == ["mid-year", "methods"]
    assert outcome.left_out == [NO_BRIEFING, NO_WARDS]
    assert f"  {NO_WARDS}" in outcome.in_words()
    page = index_of(outcome)
    assert page.count(NO_BRIEFING) == page.count(NO_WARDS) == 1
    links = {link.partition("#")[0] for link in re.findall(r'href="([^"#][^"]*)"', page)}
    assert not [link for link in links if not (outcome.folder / link).exists()]


def test_a_second_run_makes_nothing_and_says_so_again(payments_alone: Twice) -> None:
    run(payments_alone)
    again = run(payments_alone)
    assert (again.made, again.kept) == ([], ["methods", "mid-year"])
    assert again.left_out == [NO_BRIEFING, NO_WARDS]


def test_verify_makes_the_same_run(payments_alone: Twice) -> None:
    outcome = run(payments_alone)
    found = verify(outcome.folder, payments_alone.params, notebooks=payments_alone.notebooks)
    assert found.differences == []
    assert "same     index.html" in found.lines


def test_whoever_names_them_has_them(payments_alone: Twice) -> None:
    run(payments_alone)
    one = run(payments_alone, "mid-year", wards=("E05990001",))
    assert one.made == ["wards/E05990001"]
    assert one.left_out == []
    assert NO_WARDS not in index_of(one)
    assert NO_BRIEFING in index_of(one)
    # What was named once stays while it is current; what was not is still left out.
    assert run(payments_alone).kept == ["methods", "mid-year", "wards/E05990001"]
    both = run(payments_alone, "wards", "briefing")
    assert both.made == ["briefing", "wards/E05990002"]
    assert both.left_out == []
    found = verify(both.folder, payments_alone.params, notebooks=payments_alone.notebooks)
    assert found.differences == []


def test_with_suppliers_in_a_ward_they_are_made_and_without_they_go(payments_alone: Twice) -> None:
    before = payments_alone.params.read_text(encoding="utf-8")
    add_suppliers(payments_alone)
    outcome = run(payments_alone)
    everything = ["mid-year", "briefing", "methods", "wards/E05990001", "wards/E05990002"]
    assert (outcome.made, outcome.left_out) == (everything, [])
    assert manifest.read(outcome.folder)["left_out"] == {}
    payments_alone.params.write_text(before, encoding="utf-8")
    outcome = run(payments_alone)
    assert outcome.made == ["mid-year", "methods"]
    assert (outcome.dropped, outcome.left_out) == ([], [NO_BRIEFING, NO_WARDS])
    assert not (outcome.folder / "wards").exists()


def test_a_report_that_the_publication_does_not_have_is_not_spoken_of(
    payments_alone: Twice,
) -> None:
    payments_alone.edit("2022-mid-year.yaml", ", briefing, wards, methods]", "]")
    outcome = run(payments_alone)
    assert outcome.left_out == []
    assert "not made" not in index_of(outcome)


def test_suppliers_without_a_place_link_no_ward_to_a_report(payments_alone: Twice) -> None:
    """The table of wards stands, as suppliers were supplied, but no ward has a report."""
    more = "payments.csv, suppliers: inputs/suppliers.csv"
    payments_alone.edit("2022-mid-year.yaml", "payments.csv", more)
    publication = load(payments_alone.params)
    made = calculate(publication, read_inputs(publication))
    report = Report(publication, made)
    assert "wards" in reports_left_out(report)
    page = pieces.TABLES["wards.lenses"].of(report)
    assert "North" in page
    assert "wards/E05990001.html" not in page
    council = publication.council.model_copy(update={"wards": ()})
    without = publication.model_copy(update={"council": council})
    assert "wards" not in reports_left_out(Report(without, made))


def test_every_report_of_the_ladder_says_that_it_is_not_made_and_what_to_add(root: Path) -> None:
    full = load(root / "tests/bad_inputs/base/publication.yaml")
    report = Report(full, calculate(full, read_inputs(full)))
    assert reports_left_out(report) == {}
    for tells in LADDER.reports.values():
        assert all(figure in report for figure in tells.figures)
        assert "not made" in tells.left_out
        assert "Add " in tells.left_out


def test_a_council_without_wards_has_no_map_and_is_not_told_of_wards(payments_alone: Twice) -> None:
    """Notices give places of works to a council that has set no wards."""
    council = payments_alone.params.with_name("council.yaml")
    text = council.read_text(encoding="utf-8")
    council.write_text(re.sub(r"(?m)^wards:\n(  - .*\n)+", "", text), encoding="utf-8")
    publication = load(payments_alone.params)
    report = Report(publication, calculate(publication, read_inputs(publication)))
    assert "No wards are set" in text_of(pieces.TEXTS["wards.lead"].of(report))
    assert "no map, because no wards are set" in text_of(ward_map(report))
    assert pieces.CHARTS["map.works"].of(report) == ""
    assert report.most_deprived == []
    assert list(reports_left_out(report)) == ["briefing"]

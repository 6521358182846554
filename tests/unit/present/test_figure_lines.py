"""Every figure leads to a line of its own, with its formula and rows or why they are withheld."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_once import calculate
from page_cells import shown
from small_council import inputs, publication

from sv_lib.figures.calculation import gather
from sv_lib.figures.saved import Calculation
from sv_lib.params import load
from sv_lib.present.markup import Html, link, text_of
from sv_lib.present.report import Report
from sv_lib.present.sections.figure_lines import linked


@pytest.fixture(scope="module")
def report() -> Report:
    root = Path(__file__).resolve().parents[3]
    base = load(root / "tests" / "bad_inputs" / "base" / "publication.yaml")
    return Report(base, calculate(base, gather(base)))


def line(page: str, figure_id: str) -> str:
    """The words of a figure's line."""
    found = re.search(rf'<li id="figure-{re.escape(figure_id)}">(.*?)</li>', page)
    assert found
    return text_of(Html(found[1]))


def test_every_figure_of_a_run_leads_to_its_own_line(report: Report) -> None:
    figures = list(report.calculation.trail)
    body = Html("").join(report.say(figure.id) for figure in figures)
    page = linked(Html(body) + shown(report, "figures-in-full"))
    led = re.findall(r'<a href="#([^"]+)"[^>]* class="trail">', page)
    assert led == [f"figure-{figure.id}" for figure in figures]
    assert all(page.count(f' id="{aim}"') == 1 for aim in set(led))
    assert linked(page) == page


def test_a_line_has_value_formula_period_and_rows(report: Report) -> None:
    said = line(str(shown(report, "figures-in-full")), "spend.total.this")
    figure = report["spend.total.this"]
    assert said.startswith(f"{figure.label}: £")
    assert f"Made as: {figure.formula}; {figure.period}." in said
    assert "Rows behind it: 2." in said
    assert said.endswith("spend.total.this")


def test_the_rows_are_counted_on_a_saved_calculation_too(report: Report, tmp_path: Path) -> None:
    """Notebooks open one: it holds no row, and knows how many there were."""
    report.calculation.save(tmp_path)
    opened = Report(report.publication, Calculation.open(tmp_path))
    page = str(shown(opened, "figures-in-full"))
    assert page == str(shown(report, "figures-in-full"))


def test_a_hidden_figure_says_why_its_rows_are_withheld() -> None:
    public = publication("public")
    hidden = Report(public, calculate(public, inputs()))
    page = str(shown(hidden, "figures-in-full"))
    figure = next(one for one in hidden.calculation.trail if one.kind == "hidden")
    assert f"Its rows are withheld: {figure.caution}." in line(page, figure.id)
    assert "Rows behind it" not in line(page, figure.id)
    unknown = next(one for one in hidden.calculation.trail if one.kind == "unknown")
    assert f"It has no value: {unknown.caution}." in line(page, unknown.id)


def test_a_figure_that_is_worked_out_names_its_parts(report: Report) -> None:
    worked = (one for one in report.calculation.trail if one.kind == "worked")
    figure = next(one for one in worked if one.is_known and 1 < len(one.parts) < 4)
    said = line(str(shown(report, "figures-in-full")), figure.id)
    assert f"Worked out ({figure.operation}) of {', '.join(figure.parts)}." in said


def test_elsewhere_it_leads_to_the_line_on_the_page_that_has_it(report: Report) -> None:
    body = report.say("lens.spend.E05990001.place")
    assert linked(body) == body
    aim = "../methods.html#figure-lens.spend.E05990001.place"
    assert linked(body, "../methods.html").startswith(f'<a href="{aim}" class="trail">')


def test_what_is_a_link_already_stays(report: Report) -> None:
    body = link(report.say("spend.total.this"), "wards/E05990001.html")
    assert linked(body, "methods.html") == body


def test_the_tab_key_stops_once_a_section_for_each_kind(report: Report) -> None:
    several = report.say("spend.total.this") + report.say("spend.total.before")
    page = linked(several + Html('<h2 id="b">B</h2>') + several, "methods.html")
    stops = re.findall(r'<a href="methods.html#figure-spend[^"]+"( tabindex="-1")? class', page)
    skipped = ' tabindex="-1"'
    assert stops == ["", skipped, "", skipped]


def test_it_says_what_each_file_holds(report: Report) -> None:
    words = text_of(shown(report, "figures-in-full"))
    for name in ("figures.csv", "data/mid-year.ods and .xlsx", "calendar.ics", "manifest.json"):
        assert f"{name}: " in words

"""Every figure that a page prints leads to its line of the annex, and every line can be found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sv_lib.figures.calculation import calculate, gather
from sv_lib.params import load
from sv_lib.present.markup import Html, link
from sv_lib.present.report import Report
from sv_lib.present.sections import annex


@pytest.fixture
def report(root: Path) -> Report:
    publication = load(root / "tests" / "bad_inputs" / "base" / "publication.yaml")
    return Report(publication, calculate(publication, gather(publication)))


def test_a_figure_leads_to_its_line(report: Report) -> None:
    body = report.say("spend.total.this") + " and " + report.say("headline.delivered_value.this")
    page = annex.linked(body + annex.figures_in_full(report))
    led = re.findall(
        r'<a href="#(from-[^"]+)" class="trail"><data class="figure" data-figure="([^"]+)"', page
    )
    assert led == [
        ("from-spend.total", "spend.total.this"),
        ("from-headline.delivered_value", "headline.delivered_value.this"),
    ]
    assert all(page.count(f'id="{target}"') == 1 for target, _ in led)
    assert annex.linked(page) == page


def test_every_figure_of_a_run_has_a_line_on_the_methods_page(report: Report) -> None:
    body = Html("").join(report.say(figure.id) for figure in report.calculation.trail)
    page = annex.linked(Html(body) + annex.figures_in_full(report))
    ids = set(re.findall(r'id="([^"]+)"', page))
    led = re.findall(r'<a href="#([^"]+)"[^>]* class="trail">', page)
    assert len(led) == len(report.calculation.trail)
    assert set(led) <= ids


def test_without_an_annex_it_leads_to_the_page_that_has_one_or_nowhere(report: Report) -> None:
    body = report.say("lens.spend.E05990001.place")
    assert annex.linked(body) == body
    assert annex.linked(body, "../methods.html").startswith(
        '<a href="../methods.html#from-lens.spend" class="trail">'
    )


def test_what_is_a_link_already_stays(report: Report) -> None:
    body = link(report.say("spend.total.this"), "wards/E05990001.html") + annex.figures_in_full(
        report
    )
    assert annex.linked(body) == body


def test_a_kind_of_several_figures_says_how_many(report: Report) -> None:
    assert report["spend.total.this"].unit == report["spend.total.before"].unit
    shown = annex.figures_in_full(report)
    assert '<span id="from-spend.total">' in shown
    assert " more): " in shown


def test_the_tab_key_stops_once_a_section_for_each_line(report: Report) -> None:
    several = (
        report.say("spend.total.this")
        + report.say("spend.total.before")
        + report.say("spend.total.this")
    )
    page = annex.linked(several + Html('<h2 id="b">B</h2>') + several, "methods.html")
    stops = re.findall(
        r'<a href="methods.html#from-spend.total"( tabindex="-1")? class="trail">', page
    )
    skipped = ' tabindex="-1"'
    assert stops == ["", skipped, skipped, "", skipped, skipped]

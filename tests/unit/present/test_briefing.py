"""The borough briefing: one page, five numbers, three findings, three asks, who to call."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from made_once import calculate
from page_cells import shown, sources
from sample_report import notebook as executed
from small_council import inputs, publication
from vera_pdf import verdicts, why_not

from sv_lib.present.markup import Html, text_of
from sv_lib.present.report import Report
from sv_lib.publish.page.context import report_context
from sv_lib.publish.page.html import to_html
from sv_lib.publish.page.pdf import to_pdf

LONG = "Head of social value, procurement and commissioning, telephone on weekdays, and by post"


def parts(report: Report) -> list[Html]:
    """What the cells of the notebook show, in its order."""
    printed = [one for one, source in sources("briefing").items() if "report." in source]
    assert len(printed) == 4
    return [shown(report, one) for one in printed]


def small(profile: str = "public", settings: Any = None, **changes: str | None) -> Report:
    found = publication(profile, **(settings or {}))
    return Report(found, calculate(found, inputs(**changes)))


def words(report: Report) -> str:
    return " ".join(text_of(part) for part in parts(report))


@pytest.fixture(scope="module")
def whole() -> Report:
    return small("exempt")


def test_five_numbers_three_findings_and_three_asks(whole: Report) -> None:
    page = "".join(parts(whole))
    assert page.count('<li class="card">') == 5
    found, asked = (part.split("</ul>")[0] for part in page.split("<ul><li>")[1:])
    assert [one.count("</li>") for one in (found, asked)] == [3, 3]
    # The test council has neither outlines nor places on a map.
    assert page.count("<img ") == page.count('<figure class="chart') == 1
    assert "no map, because the council has given neither the outlines" in page


def test_it_says_whom_to_call(whole: Report) -> None:
    assert "Who to call: nobody" in words(whole)


def test_what_is_not_known_is_said_in_words() -> None:
    said = words(small("exempt", returns=None, beneficiaries=None))
    assert "No chart of the last eight quarters." in said
    assert re.search(
        r"What stood at the end of August 2020, .*, May 2022 is not known; of the last, because",
        said,
    )
    assert "Whether promises are kept is not known: " in said
    assert "Suppliers: send the returns you owe" in said


def test_a_council_without_payments_has_no_map() -> None:
    page = "".join(parts(small("exempt", payments=None)))
    assert 'id="ward-map"' not in page
    assert "Work done there, by ward</strong>: no map, because no payments supplied" in page
    assert "How much of what was paid stayed in" in page


def test_quarters_are_each_given_or_missing_for_a_reason() -> None:
    report = small("public")
    said = words(report)
    for row in report.records("quarters"):
        rate = report[f"quarter.{row.quarter}.rate"]
        assert rate.is_known or rate.caution
        assert row.words in said


CASES: dict[str, tuple[dict[str, Any], dict[str, str | None]]] = {
    "whole": ({}, {}),
    "nothing supplied": (
        {},
        dict.fromkeys(("payments", "returns", "beneficiaries", "commitments", "contracts")),
    ),
    "long words": ({"contact": LONG, "definition": f"{LONG}, {LONG}, {LONG}."}, {}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_it_is_one_page_fit_to_print_alone(case: str, tmp_path: Path) -> None:
    settings, changes = CASES[case]
    report = small("public", settings, **changes)
    context = report_context(report.publication, "briefing", "Briefing: Small", True)
    path = tmp_path / "briefing.pdf"
    assert to_pdf(to_html(executed(list(parts(report))), context), path, context) == 1
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        sides = [round(float(side)) for side in list(pdf.pages[0].mediabox)[2:]]
        assert sides == [595, 842]
    if case == "whole" and not why_not():
        assert verdicts([path])[path].failed == []

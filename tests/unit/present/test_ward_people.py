"""What a ward report says of people where a number may be told, a range, or neither."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from frames import EAST
from page_cells import shown
from small_council import calculated, publication

from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.present.report import Report

JOBS = f"lens.jobs.{EAST}.beneficiary"
HIRED = f"ward.{EAST}.hired"
WEEKS_HERE = f"lens.weeks.{EAST}.beneficiary"
HEADLINE, WEEKS = "headline.residents_into_work", "headline.training_weeks"
Told = int | tuple[int, int] | None
"""A number, the range of a hidden one, or nothing."""


@pytest.fixture(scope="module")
def whole() -> Calculation:
    return calculated("exempt")


def report(whole: Calculation, ward: str, counts: dict[str, Told]) -> Report:
    """The small council with other numbers of people."""
    trail = Trail(like=whole.trail)
    for figure in whole.trail:
        told = counts.get(figure.id, 0)
        changed: dict[str, Any] = {"kind": "hidden", "value": None, "caution": "few"}
        if isinstance(told, int):
            changed = {"kind": "total", "value": told}
        elif told:
            changed |= dict(zip(("low", "high"), told, strict=True))
        trail.admit(replace(figure, **changed) if figure.id in counts else figure, None)
    return Report(publication(), replace(whole, trail=trail), ward)


def text(html: object) -> str:
    """The text of a page, one space between words and none before a full stop."""
    said = " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())
    return re.sub(r" ([.,;])", r"\1", said)


PEOPLE: dict[str, tuple[dict[str, Told], list[str]]] = {
    "a range": (
        {JOBS: (1, 4), f"{JOBS}.both": (1, 4), f"{HIRED}.all": (1, 4), f"{HIRED}.here": 0},
        [
            " Residents who were in work fewer than 5 mean ",
            " December to May; 0 in the half-year to May 2021 ",
            " Fewer than 5 people were taken on for work done here: none is known to live here, ",
        ],
    ),
    "exact, and where they live": (
        {f"{HIRED}.all": 66, f"{HIRED}.here": 0, f"{HIRED}.elsewhere": 41, f"{HIRED}.unknown": 25},
        [
            " Of the 66 people taken on for work done here, none is known to live here, 41 live"
            " elsewhere and 25 homes are not known. "
        ],
    ),
    "one of each": (
        {f"{HIRED}.all": 3, f"{HIRED}.here": 1, f"{HIRED}.elsewhere": 1, f"{HIRED}.unknown": 1},
        [", 1 lives here, 1 lives elsewhere and 1 home is not known. "],
    ),
    "a part is not told": (
        {
            f"{HIRED}.all": 9,
            f"{HIRED}.here": None,
            f"{HIRED}.elsewhere": 7,
            f"{HIRED}.unknown": (1, 4),
        },
        [
            " Of the 9 people taken on for work done here, 7 live elsewhere, fewer than 5 homes are"
            " not known and the rest is not told, to protect them. "
        ],
    ),
    "nothing but both periods": (
        {JOBS: None, f"{JOBS}.before": None, f"{JOBS}.both": (5, 14), f"{HIRED}.all": None},
        [
            " Residents who were in work 5 to 14 mean 1 in this half-year ",
            " the half-years to May 2021 and May 2022 together ",
            " How many people were taken on for work done here is not told: ",
        ],
    ),
    "neither period nor both": (
        {WEEKS_HERE: None, f"{WEEKS_HERE}.both": None, f"{WEEKS_HERE}.before": None},
        [
            " Weeks of training too few to tell mean ",
            " December to May; too few to tell in the half-year to May 2021 ",
        ],
    ),
    "where they live is not told": (
        {
            f"{HIRED}.all": (5, 14),
            f"{HIRED}.here": None,
            f"{HIRED}.elsewhere": None,
            f"{HIRED}.unknown": None,
        },
        [" 5 to 14 people were taken on for work done here: where they live is not told, "],
    ),
    "nobody": ({f"{HIRED}.all": 0}, [" No one was taken on for work done here in the period. "]),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_a_ward_report_tells_what_may_be_told_of_people(whole: Calculation, case: str) -> None:
    counts, expected = PEOPLE[case]
    said = text(shown(report(whole, EAST, counts), "ward-front"))
    assert [words for words in expected if words not in said] == []
    opened, _, _ = said.partition("The wards most like this one")
    assert "hidden" not in opened
    assert "[c]" not in opened.partition("Work done here rose")[0]


@pytest.mark.parametrize(
    ("people", "weeks", "card", "lead"),
    [
        (
            (1, 4),
            None,
            "Local people in work, at least fewer than 5",
            "Fewer than 5 local people were in work. Weeks of training are not given, to protect"
            " people, and nothing is compared with the half-year to May 2021.",
        ),
        (
            (5, 14),
            12,
            "Local people in work, at least 5 to 14",
            "5 to 14 local people were in work. Training and apprenticeships came to 12 weeks."
            " There is no comparison with the half-year to May 2021: it is hidden to protect"
            " people.",
        ),
        (
            None,
            None,
            "Local people in work, at least [c]",
            "How many people jobs and training came to is not given in full, to protect people.",
        ),
    ],
)
def test_a_borough_report_tells_what_may_be_told(
    whole: Calculation, people: Told, weeks: Told, card: str, lead: str
) -> None:
    counts = {f"{HEADLINE}.this": people, f"{HEADLINE}.change": None, f"{WEEKS}.this": weeks}
    one = report(whole, "", counts)
    assert card in text(shown(one, "cover-page"))
    assert lead in text(shown(one, "jobs-and-skills"))

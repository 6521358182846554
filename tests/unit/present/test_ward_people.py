"""What a ward report says of people where a number may be told, a range, or neither."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from frames import EAST
from small_council import calculated, publication

from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.present.report import Report
from sv_lib.present.sections import ward_front
from sv_lib.present.sections.delivery import jobs_and_skills
from sv_lib.present.sections.front import cover_page

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
            ", and fewer than 5 residents are known to have been hired (December to May). ",
            " Contracts with work here took on fewer than 5 people; none of them is known to live"
            " here. ",
            " fewer than 5 0 in the half-year to May 2021; ",
        ],
    ),
    "a wider range, and both periods": (
        {
            JOBS: (5, 14),
            f"{JOBS}.both": 16,
            WEEKS_HERE: None,
            f"{HIRED}.all": 9,
            f"{HIRED}.here": (0, 4),
            f"{HIRED}.elsewhere": 7,
            f"{HIRED}.unknown": (0, 4),
        },
        [
            ", and 5 to 14 residents are known to have been hired (December to May). Over the"
            " half-years to May 2021 and May 2022 together, 16 were hired. ",
            " Contracts with work here took on 9 people; fewer than 5 of them are known to live"
            " here; 7 live elsewhere, and the homes of fewer than 5 are not known. ",
            " 5 to 14 0 in the half-year to May 2021; 16 over the half-years to May 2021 and May"
            " 2022 together home known ",
        ],
    ),
    "nothing but both periods": (
        {JOBS: None, f"{JOBS}.before": None, f"{JOBS}.both": (5, 14), f"{HIRED}.all": None},
        [
            " How many residents were hired (December to May) is not given, to protect them. Over"
            " the half-years to May 2021 and May 2022 together, 5 to 14 were hired. How many people"
            " were taken on for work here is not given either. ",
            " [c] not given for the half-year to May 2021; 5 to 14 over the half-years",
        ],
    ),
    "work here alone is not told": (
        {JOBS: 1, f"{HIRED}.all": None, f"{HIRED}.here": None},
        [
            ", and 1 resident is known to have been hired (December to May). How many people were"
            " taken on for work here is not given, to protect them. "
        ],
    ),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_a_ward_report_tells_what_may_be_told_of_people(whole: Calculation, case: str) -> None:
    counts, expected = PEOPLE[case]
    said = text(ward_front(report(whole, EAST, counts)))
    assert [words for words in expected if words not in said] == []
    assert "hidden" not in said


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
            " There is no comparison with the half-year to May 2021: few people stand behind it,"
            " or behind what it would give away.",
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
    assert card in text(cover_page(one))
    assert lead in text(jobs_and_skills(one))

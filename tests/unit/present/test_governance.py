"""What the page says of ratings: the duty of the law once it is in force, never before."""

from __future__ import annotations

from datetime import date

import pytest
from small_council import inputs, publication

from sv_lib.analysis.compliance import ACT
from sv_lib.figures.saved import Calculation
from sv_lib.figures.topics.places import ward_table
from sv_lib.figures.topics.rules import add_rules
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.present import (
    pieces,
    sections,  # noqa: F401 it names the pieces
)
from sv_lib.present.markup import join, text_of
from sv_lib.present.report import Report

CONTRACTS = f"""
value   | regime | kpi_exempt_reason | kpi_rating
5000001 | {ACT}  |                   | Good
5000001 | {ACT}  |                   |
9000000 | {ACT}  | light touch       |
5000001 |        |                   | Inadequate
"""


def page(day: date, contracts: str) -> str:
    """The words of the section as the data stood on a day."""
    of_2022 = publication()
    file = of_2022.file.model_copy(update={"data_as_at": day})
    today = of_2022.model_copy(update={"file": file})
    trail = Trail()
    workings = Workings(today, inputs(contracts=contracts))
    tables = add_rules(trail, workings) | {"wards": ward_table(workings)}
    report = Report(today, Calculation(trail, tables))
    named = [pieces.TEXTS[f"compliance.{one}"] for one in ("ratings", "duty")]
    named += [pieces.TABLES[f"compliance.{one}"] for one in ("duty", "ratings_of_the_act")]
    return text_of(join(one.of(report) for one in named))


def test_before_the_law_is_in_force_it_is_not_named() -> None:
    words = page(date(2025, 12, 31), CONTRACTS)
    assert "No law asked councils for ratings of their contracts on 31 December 2025" in words
    assert "The council has rated 2 of its contracts by its own choice: 1 good," in words
    assert ACT not in words


@pytest.mark.parametrize(
    "said",
    [
        "asks for the assessment of contracts over £5.0m that were let under it",
        "Of 4 contracts over that value, rated: 1; due and not yet rated: 1;",
        "passed: 0; exempt: 1; let under another law, so not due: 0; regime not known: 1.",
        f"Ratings under the {ACT}",
        "The council has rated 1 of its contracts by its own choice: 0 good,",
    ],
)
def test_each_contract_has_its_word(said: str) -> None:
    assert said in page(date(2026, 6, 30), CONTRACTS)


def test_where_no_regime_is_known_nobody_is_said_to_be_rated() -> None:
    words = page(date(2026, 6, 30), "value | kpi_rating\n5000001 | ")
    assert f"stand under the {ACT} is not known" in words
    assert "by its own choice" not in words
    assert "Ratings under the" not in words

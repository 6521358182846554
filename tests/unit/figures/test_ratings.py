"""Ratings of contracts: those that the Procurement Act asks for, and those of the council's own."""

from __future__ import annotations

from datetime import date

import pytest
from small_council import inputs, publication

from sv_lib.figures.topics.rules import NO_DUTY, add_rules
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings

CONTRACTS = """
value   | regime                           | kpi_exempt_reason | kpis_due_on | kpi_rating
5000001 | Procurement Act 2023             |                   | 2026-03-01  | Good
5000001 | Procurement Act 2023             |                   | 2026-09-01  |
5000001 | Procurement Act 2023             |                   | 2026-03-01  |
9000000 | Procurement Act 2023             | light touch       |             | Other
5000001 | Public Contracts Regulations 2015 |                  |             | Good
5000001 |                                  |                   |             |
500000  | Procurement Act 2023             |                   |             |
"""


def made(day: date, contracts: str = CONTRACTS) -> Trail:
    """The figures on the council's rules as its data stood on a day."""
    trail = Trail()
    of_2022 = publication()
    file = of_2022.file.model_copy(update={"data_as_at": day})
    add_rules(
        trail, Workings(of_2022.model_copy(update={"file": file}), inputs(contracts=contracts))
    )
    return trail


@pytest.mark.parametrize(
    ("part", "number"),
    [
        ("kpi.all", 6),
        ("kpi.rated", 1),
        ("kpi.due", 1),
        ("kpi.missing", 1),
        ("kpi.exempt", 1),
        ("kpi.not-due", 1),
        ("kpi.regime-not-known", 1),
        ("rating.all", 1),
        ("rating.good", 1),
        ("own_rating.all", 2),
        ("own_rating.good", 1),
        ("own_rating.other", 1),
    ],
)
def test_each_contract_over_the_threshold_stands_in_one_class(part: str, number: int) -> None:
    assert made(date(2026, 6, 30))[f"compliance.{part}"].value == number


def test_before_the_law_nothing_was_due_and_every_rating_is_the_councils_own() -> None:
    trail = made(date(2025, 12, 31))
    assert (trail["compliance.kpi.rated"].value, trail["compliance.kpi.all"].caution) == (
        None,
        NO_DUTY,
    )
    assert trail["compliance.rating.all"].value is None
    assert trail["compliance.own_rating.all"].value == 3
    assert made(date(2026, 1, 1))["compliance.kpi.rated"].value == 1


def test_where_no_regime_is_recorded_no_contract_is_called_rated_or_not() -> None:
    trail = made(date(2026, 6, 30), "value | kpi_rating\n5000001 | Good")
    assert trail["compliance.kpi.regime-not-known"].value == 1
    assert trail["compliance.kpi.rated"].value is None
    assert trail["compliance.own_rating.good"].value == 1

"""The rule for each unit: what a protected group is rounded to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sv_lib.figures.protection.units import rule_of, unit_rules
from sv_lib.params import Disclosure

RULES = Disclosure(people_below=4, protected_below=10, protected_round_to=10)


@pytest.mark.parametrize(
    ("unit", "nearest"),
    [
        ("people", "10"),
        ("suppliers", "10"),
        ("FTE", "10"),
        ("weeks", "100"),
        ("hours", "100"),
        ("pence", "£200,000"),
        ("apprentices", "10"),
        ("percent", ""),
    ],
)
def test_every_unit_follows_the_council_s_number(unit: str, nearest: str) -> None:
    assert rule_of(unit).nearest(RULES) == nearest


@pytest.mark.parametrize(
    ("unit", "value", "rounded"),
    [
        ("people", 14, 10),
        ("people", 15, 20),
        ("FTE", Decimal("4.99"), Decimal(0)),
        ("FTE", Decimal("-5"), Decimal(-10)),
        ("pence", 100_000_00, 200_000_00),
        ("pence", -99_999_99, 0),
    ],
)
def test_halves_are_rounded_away_from_nought(
    unit: str, value: int | Decimal, rounded: int | Decimal
) -> None:
    found = rule_of(unit).rounded(value, RULES)
    assert (found, type(found)) == (rounded, type(value))


def test_the_table_names_the_council_s_numbers() -> None:
    people, *_ = unit_rules()
    assert people.hidden_in_words(RULES) == "1 to 3 people; 1 to 9 of a protected group"
    assert len({rule.name for rule in unit_rules()}) == len(unit_rules())

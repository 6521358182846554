"""Each counting rule, at both sides of its boundary, and the worked examples that councils have
published.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.toms import counting

D = Decimal
TORBAY = "https://www.torbay.gov.uk/council/social-value/toms-dos-and-donts/"
ESSEX = "https://consultations.essex.gov.uk/procurement/797dd43e/consultation/subpage.2023-06-02.4077765614"

QUANTITIES = st.decimals(min_value=0, max_value=1000, places=3)


def test_torbay_25_fte_years() -> None:
    """Ten full-time and five half-time people for two years. Source: TORBAY."""
    assert (
        counting.fte_years(D(10), years=D(2), part_time_people=D(5), part_time_share=D("0.5")) == 25
    )


def test_two_people_for_six_months_make_one() -> None:
    assert counting.fte_years(D(2), years=D("0.5")) == 1


@pytest.mark.parametrize(
    ("years", "expected"), [("0.5", "0.5"), ("0.99", "0.99"), ("1", "1"), ("1.01", "1"), ("2", "1")]
)
def test_a_disadvantage_counts_for_the_first_year(years: str, expected: str) -> None:
    """Source: TORBAY, and ESSEX (ECC6)."""
    assert counting.first_year_fte(D(1), D(1), D(years)) == D(expected)


def test_essex_16_hours() -> None:
    """A two-hour session with eight people; the number of trainers plays no part. Source: ESSEX
    (ECC50).
    """
    assert counting.hours_times_attendees(D(2), D(8)) == 16


def test_sessions_add_up() -> None:
    assert counting.hours_times_attendees(D(2), D(8), D(3)) == 48


def test_30_staff_hours() -> None:
    """Ten members of staff give three hours each."""
    assert counting.staff_hours(D(10), D(3)) == 30


def test_staff_time_inside_money_invested() -> None:
    """£100 and two volunteer hours at Essex's £16.93, and an expert hour at £101. Source: ESSEX
    (ECC48).
    """
    assert counting.pounds_invested(D(100), D(2), D("16.93")) == D("133.86")
    assert counting.pounds_invested(D(0), D(1), D("101.0")) == 101
    assert counting.pounds_invested(D(100)) == 100


def test_credits_are_taken_off() -> None:
    assert counting.pounds_paid(D(100), D("20.50")) == D("79.50")
    assert counting.pounds_paid(D(100)) == 100


@pytest.mark.parametrize(("after", "expected"), [("40", "60"), ("100", "0"), ("101", "-1")])
def test_carbon_against_its_baseline(after: str, expected: str) -> None:
    assert counting.tonnes_saved(D(100), D(after)) == D(expected)


def test_bowmer_and_kirkland_person_weeks_add_up() -> None:
    """758 + 80 + 1,354 person-weeks, published as almost 2,200.
    https://www.bandk.co.uk/how-we-act/social-values/
    """
    assert sum(counting.person_weeks(D(1), D(weeks)) for weeks in (758, 80, 1354)) == 2192


def test_sessions_are_counted_as_they_are() -> None:
    assert counting.sessions_held(D(3)) == 3
    assert counting.as_counted(D(3)) == 3


def test_every_rule_is_named_by_its_function() -> None:
    assert all(rule.__name__ == name for name, rule in counting.RULES.items())
    assert len(counting.RULES) == 10


@settings(max_examples=1000)
@given(people=QUANTITIES, share=QUANTITIES, years=QUANTITIES)
def test_the_first_year_is_never_more_than_the_whole_time(
    people: Decimal, share: Decimal, years: Decimal
) -> None:
    first = counting.first_year_fte(people, share, years)
    assert first <= people * share
    assert first <= counting.fte_years(D(0), years, people, share)

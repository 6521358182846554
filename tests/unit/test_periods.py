"""Periods hold both their ends, and month ends stay month ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib import periods
from sv_lib.periods import Period

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
PERIODS = st.tuples(DAYS, DAYS).map(lambda ends: Period(min(ends), max(ends)))

MID_YEAR = Period(date(2021, 12, 1), date(2022, 5, 31))


def test_both_ends_belong() -> None:
    assert date(2021, 12, 1) in MID_YEAR
    assert date(2022, 5, 31) in MID_YEAR
    assert date(2021, 11, 30) not in MID_YEAR
    assert date(2022, 6, 1) not in MID_YEAR
    assert MID_YEAR.days == 182
    assert MID_YEAR.months == 6


def test_reads_as_a_person_writes_it() -> None:
    assert str(MID_YEAR) == "1 December 2021 to 31 May 2022"


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(
        ValueError, match=r"cannot end \(2022-01-01\) before it starts \(2022-01-02\)"
    ):
        Period(date(2022, 1, 2), date(2022, 1, 1))


def test_one_day_is_a_period() -> None:
    day = date(2022, 5, 31)
    assert Period(day, day).days == 1
    assert Period(day, day).months == 1


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2022, 5, 31), 1, date(2023, 5, 31)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2023, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 28), 1, date(2025, 2, 28)),
        (date(2022, 12, 1), -1, date(2021, 12, 1)),
    ],
)
def test_years_after_keeps_month_ends(day: date, years: int, expected: date) -> None:
    assert periods.years_after(day, years) == expected


def test_the_same_period_a_year_before() -> None:
    assert MID_YEAR.years_later(-1) == Period(date(2020, 12, 1), date(2021, 5, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2022, 12, 15), 12, date(2023, 12, 15)),
        (date(2022, 3, 31), -1, date(2022, 2, 28)),
    ],
)
def test_months_after_stays_inside_the_month(day: date, months: int, expected: date) -> None:
    assert periods.months_after(day, months) == expected


def test_quarters_of_a_social_value_year() -> None:
    year = Period(date(2021, 12, 1), date(2022, 11, 30))
    assert [str(quarter) for quarter in periods.quarters(year)] == [
        "1 December 2021 to 28 February 2022",
        "1 March 2022 to 31 May 2022",
        "1 June 2022 to 31 August 2022",
        "1 September 2022 to 30 November 2022",
    ]


@given(PERIODS)
def test_quarters_cover_the_period_once(period: Period) -> None:
    cut = periods.quarters(period)
    assert cut[0].start == period.start
    assert cut[-1].end == period.end
    assert sum(quarter.days for quarter in cut) == period.days
    assert all(later.start == earlier.end + timedelta(days=1) for earlier, later in pairwise(cut))


@given(DAYS)
def test_long_dates_do_not_depend_on_the_machine(day: date) -> None:
    written = periods.long_date(day).split()
    assert [int(written[0]), int(written[2])] == [day.day, day.year]
    assert periods.MONTHS.index(written[1]) + 1 == day.month

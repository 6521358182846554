"""Payments by quarter and by year: as far back as every month has some, and no further."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_council import calculated

from sv_lib.figures.topics.spend_over_time import unbroken
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period

END = date(2022, 3, 31)
MONTHS = pd.period_range("2020-04", "2022-03", freq="M")


def ledger(*left_out: str) -> str:
    """S1, who is local, is paid £10 a month and S4, who is not, £30; some months left out."""
    months = [str(month) for month in MONTHS if str(month) not in left_out]
    lines = [
        f"{month}-15 | {supplier} | {amount}"
        for month in months
        for supplier, amount in (("S1", "10.00"), ("S4", "30.00"))
    ]
    return "\n".join(["paid_on | supplier_id | amount", *lines])


@pytest.fixture(scope="module")
def trail() -> Trail:
    return calculated(payments=ledger()).trail


def test_eight_quarters_make_two_years(trail: Trail) -> None:
    quarters = [one for one in trail if one.id.startswith("quarters.") and one.id.endswith(".all")]
    assert [one.value for one in quarters] == [120_00] * 8
    assert quarters[0].period == Period(date(2020, 4, 1), date(2020, 6, 30))
    years = [one for one in trail if one.id.startswith("years.") and one.id.endswith(".all")]
    assert [one.value for one in years] == [480_00, 480_00]
    assert years[1].label == "Payments to suppliers: the year to March 2022"


def test_the_local_share_is_that_of_the_innermost_ring(trail: Trail) -> None:
    assert trail["years.spend.2022-03-31.local_share"].value == 25
    assert trail["quarters.spend.2022-03-31.local_share"].value == 25


def test_two_quarters_make_the_half_year_of_the_report(trail: Trail) -> None:
    quarters = ("quarters.spend.2021-12-31.all", "quarters.spend.2022-03-31.all")
    assert sum(trail[one].value or 0 for one in quarters) == trail["spend.total.this"].value


def test_a_month_without_payments_ends_the_series() -> None:
    made = calculated(payments=ledger("2020-11"))
    untils = list(made.tables["spend_quarters"]["until"])
    assert untils == ["2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31", "2022-03-31"]
    assert list(made.tables["spend_years"]["month"]) == ["March 2022"]


def test_without_a_whole_quarter_there_is_no_series() -> None:
    made = calculated(payments=ledger("2022-02"))
    assert made.tables["spend_quarters"].empty
    assert made.tables["spend_years"].empty
    assert not [one for one in made.trail if one.id.startswith(("quarters.", "years."))]


def test_where_no_supplier_has_a_place_no_ring_is_called_nil() -> None:
    made = calculated(payments=ledger(), postcodes=None).trail
    last = "quarters.spend.2022-03-31."
    assert made[last + "all"].value == made[last + "not-known"].value == 120_00
    assert not made[last + "elsewhere"].is_known
    assert not made["years.spend.2022-03-31.local_share"].is_known


@given(st.integers(0, 30))
def test_the_series_is_as_long_as_whole_quarters_of_months(months: int) -> None:
    days = pd.Series(
        [month.to_timestamp() for month in pd.period_range(end="2022-03", periods=months, freq="M")]
    )
    found = unbroken(pd.to_datetime(days), END)
    assert len(found) == months // 3
    assert all(later.start > one.end for one, later in pairwise(found))

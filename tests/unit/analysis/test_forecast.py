"""The forecast by hand, what it may not know, and the same rule a year earlier."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
from frames import frame

from sv_lib.analysis.forecast import BackTest, Forecast, back_test, year_end
from sv_lib.periods import Period
from sv_lib.toms.measures import catalogue
from sv_lib.toms.overlaps import mark
from sv_lib.toms.states import as_at
from sv_lib.toms.valuation import value_claims

DAY = date(2022, 6, 30)
HALF = Period(date(2021, 12, 1), date(2022, 5, 31))
YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))
CONTRACTS = frame("contracts", "contract_id\nC1")
PROXIES = frame("proxies", "proxy\n100")
PROMISES = value_claims(
    frame("commitments", "quantity\n120"), CONTRACTS, catalogue(), PROXIES, {}
)  # fmt: skip
QUARTERS = [
    "2021-02-28",
    "2021-05-31",
    "2021-08-31",
    "2021-11-30",
    "2022-02-28",
    "2022-05-31",
    "2022-08-31",
    "2022-11-30",
]
STEPS = frame(
    "milestones", "commitment_id | due_on | quantity\n" + "\n".join(f"P1 | {day} | 10" for day in QUARTERS)
)  # fmt: skip


def claims(*quantities: int) -> pd.DataFrame:
    """One claim a quarter from December 2020, received ten days after the quarter's end, worth £100 a week."""
    ends = pd.to_datetime(QUARTERS[: len(quantities)])
    drawing = "period_start | period_end | reported_on | quantity\n" + "\n".join(
        f"{(end - pd.DateOffset(months=3) + pd.Timedelta(days=1)).replace(day=1):%Y-%m-%d} | {end:%Y-%m-%d} | "
        f"{end + pd.Timedelta(days=10):%Y-%m-%d} | {quantity}"
        for end, quantity in zip(ends, quantities, strict=True)
    )
    valued = value_claims(frame("returns", drawing), CONTRACTS, catalogue(), PROXIES, {})
    return mark(as_at(valued, date(2030, 1, 1)), catalogue())


def forecast(rows: pd.DataFrame, so_far: Period = HALF, year: Period = YEAR, day: date = DAY) -> Forecast | None:
    return year_end(rows, PROMISES, CONTRACTS, STEPS, so_far, year, day)


def test_a_forecast_by_hand() -> None:
    """Ten weeks fell due each quarter; 8, 6, 9, 5, 7 and 7 came: 42 of 60. Twenty more fall due by November."""
    made = forecast(claims(8, 6, 9, 5, 7, 7))
    assert made == Forecast(
        year=YEAR, delivered_pence=140000, remaining_due_pence=200000, ratio=Fraction(42, 60), quarters=6,
        central_pence=140000 + 140000, low_pence=140000 + 100000, high_pence=140000 + 180000,
    )  # fmt: skip


def test_a_claim_received_after_the_day_is_not_known() -> None:
    made = forecast(claims(8, 6, 9, 5, 7, 7), day=date(2022, 6, 9))
    assert made is not None
    assert (made.delivered_pence, made.ratio) == (70000, Fraction(35, 60))


def test_three_quarters_give_no_interval_and_four_do() -> None:
    three = forecast(claims(8, 6, 9), Period(date(2020, 12, 1), date(2021, 8, 31)), day=date(2021, 9, 30))
    four = forecast(claims(8, 6, 9, 5), Period(date(2020, 12, 1), date(2021, 11, 30)), day=date(2021, 12, 31))
    assert three is not None
    assert four is not None
    assert (three.quarters, three.low_pence, three.high_pence) == (3, None, None)
    assert (four.quarters, four.low_pence is None) == (4, False)
    assert three.central_pence > three.delivered_pence


def test_nothing_to_learn_from() -> None:
    assert forecast(claims()) is None
    assert forecast(claims(8), day=date(2021, 3, 9)) is None


def test_quarters_before_the_first_return_teach_nothing() -> None:
    late = claims(8, 6, 9, 5, 7, 7).iloc[3:]
    made = forecast(late)
    assert made is not None
    assert (made.quarters, made.ratio) == (3, Fraction(19, 30))


def test_at_the_years_end_nothing_is_left_to_fall_due() -> None:
    made = forecast(claims(8, 6, 9, 5, 7, 7, 6, 4), so_far=YEAR, day=date(2022, 12, 31))
    assert made is not None
    assert made.remaining_due_pence == 0
    assert made.central_pence == made.low_pence == made.high_pence == made.delivered_pence == 240000


def test_back_test_by_hand() -> None:
    """A year earlier: 8 and 6 of 20 had come, twenty more fell due; 28 came in all. 1,400 + 2,000 x 0.7 = 2,800."""
    given = (claims(8, 6, 9, 5, 7, 7), PROMISES, CONTRACTS, STEPS, HALF, YEAR, DAY)
    test = back_test(*given)
    assert isinstance(test, BackTest)
    assert test.forecast.year == Period(date(2020, 12, 1), date(2021, 11, 30))
    assert test.forecast.ratio == Fraction(14, 20)
    assert (test.forecast.central_pence, test.actual_pence, test.error_pence) == (280000, 280000, 0)


def test_back_test_without_an_earlier_year() -> None:
    assert back_test(claims(), PROMISES, CONTRACTS, STEPS, HALF, YEAR, DAY) is None

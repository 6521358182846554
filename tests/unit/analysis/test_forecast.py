"""The forecast by hand, what it may not know, and the same rule a year earlier."""

from __future__ import annotations

from datetime import date

import pandas as pd
from frames import frame

from sv_lib.analysis.forecast import Forecast, year_end
from sv_lib.periods import Period, years_after
from sv_lib.toms.measures import catalogue
from sv_lib.toms.overlaps import mark
from sv_lib.toms.states import as_at
from sv_lib.toms.valuation import value_claims

DAY = date(2022, 6, 30)
HALF = Period(date(2021, 12, 1), date(2022, 5, 31))
YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))
CONTRACTS = frame("contracts", "contract_id\nC1")
PROXIES = frame("proxies", "proxy\n100")
PROMISES = value_claims(frame("commitments", "quantity\n120"), CONTRACTS, catalogue(), PROXIES, {})
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
    "milestones",
    "commitment_id | due_on | quantity\n" + "\n".join(f"P1 | {day} | 10" for day in QUARTERS),
)


def claims(*quantities: int) -> pd.DataFrame:
    """One claim a quarter from December 2020, received ten days after the quarter's end, worth £100
    a
    week.
    """
    ends = pd.to_datetime(QUARTERS[: len(quantities)])
    drawing = "period_start | period_end | reported_on | quantity\n" + "\n".join(
        f"{(end - pd.DateOffset(months=3) + pd.Timedelta(days=1)).replace(day=1):%Y-%m-%d} "
        f"| {end:%Y-%m-%d} | "
        f"{end + pd.Timedelta(days=10):%Y-%m-%d} | {quantity}"
        for end, quantity in zip(ends, quantities, strict=True)
    )
    valued = value_claims(frame("returns", drawing), CONTRACTS, catalogue(), PROXIES, {})
    return mark(as_at(valued, date(2030, 1, 1)), catalogue())


def forecast(
    rows: pd.DataFrame, so_far: Period = HALF, year: Period = YEAR, day: date = DAY
) -> Forecast | None:
    return year_end(rows, PROMISES, CONTRACTS, STEPS, so_far, year, day)


def test_a_forecast_by_hand() -> None:
    """Ten weeks fell due each quarter; 8, 6, 9, 5, 7 and 7 came: 42 of 60. Twenty more fall due by
    November.
    """
    made = forecast(claims(8, 6, 9, 5, 7, 7))
    assert made == Forecast(140000 + 140000, low_pence=140000 + 100000, high_pence=140000 + 180000)


def test_a_claim_received_after_the_day_is_not_known() -> None:
    """8, 6, 9, 5 and 7 had come, and nothing of the sixth quarter: 700 + 2,000 x 35/60 = 1,866.67;
    at
    worst nothing.
    """
    made = forecast(claims(8, 6, 9, 5, 7, 7), day=date(2022, 6, 9))
    assert made == Forecast(186667, low_pence=70000, high_pence=70000 + 180000)


def test_three_quarters_give_no_interval_and_four_do() -> None:
    three = forecast(
        claims(8, 6, 9), Period(date(2020, 12, 1), date(2021, 8, 31)), day=date(2021, 9, 30)
    )
    four = forecast(
        claims(8, 6, 9, 5), Period(date(2020, 12, 1), date(2021, 11, 30)), day=date(2021, 12, 31)
    )
    assert three == Forecast(
        230000 + 383333, None, None
    )  # 23 of 30 came, and fifty fall due: 5,000 x 23/30
    assert four == Forecast(280000 + 280000, low_pence=280000 + 200000, high_pence=280000 + 360000)


def test_nothing_to_learn_from() -> None:
    assert forecast(claims()) is None
    assert forecast(claims(8), day=date(2021, 3, 9)) is None


def test_quarters_before_the_first_return_teach_nothing() -> None:
    late = claims(8, 6, 9, 5, 7, 7).iloc[3:]
    assert forecast(late) == Forecast(
        140000 + 126667, None, None
    )  # 5, 7 and 7 of 30: 2,000 x 19/30


def test_at_the_years_end_nothing_is_left_to_fall_due() -> None:
    made = forecast(claims(8, 6, 9, 5, 7, 7, 6, 4), so_far=YEAR, day=date(2022, 12, 31))
    assert made == Forecast(240000, 240000, 240000)


def test_the_same_rule_a_year_earlier() -> None:
    """8 and 6 of 20 had come, twenty more fell due: 1,400 + 2,000 x 0.7 = 2,800; what came later
    plays
    no part.
    """
    then = HALF.years_later(-1), YEAR.years_later(-1), years_after(DAY, -1)
    assert forecast(claims(8, 6, 9, 5, 7, 7), *then) == Forecast(280000, None, None)
    assert forecast(claims(), *then) is None

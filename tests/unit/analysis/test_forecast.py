"""The forecast by hand, what it may not know, where it can be tried, and when it is silent."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from frames import frame

from sv_lib.analysis.forecast import (
    Known,
    Origin,
    held,
    learn,
    mean,
    silence,
    too_high,
    too_low,
    trials,
    year_end,
)
from sv_lib.periods import Period
from sv_lib.toms.measures import catalogue
from sv_lib.toms.overlaps import mark
from sv_lib.toms.states import as_at, countable, due_of, known_promises
from sv_lib.toms.valuation import value_claims

DAY = date(2022, 6, 30)
HALF = Period(date(2021, 12, 1), date(2022, 5, 31))
YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))
NOW = Origin(HALF, YEAR, DAY)
CONTRACTS = frame("contracts", "contract_id\nC1")
PROXIES = frame("proxies", "proxy\n100")
DRAWN = frame("commitments", "quantity\n120")
PROMISES = value_claims(DRAWN, CONTRACTS, catalogue(), PROXIES, {})
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


def steps(*quantities: int) -> pd.DataFrame:
    """What falls due each quarter, in weeks."""
    lines = [f"P1 | {day} | {due}" for day, due in zip(QUARTERS, quantities, strict=True)]
    return frame("milestones", "commitment_id | due_on | quantity\n" + "\n".join(lines))


def claims(*quantities: int) -> pd.DataFrame:
    """One claim a quarter from December 2020, received ten days after its end, at £100 a week."""
    lines = ["period_start | period_end | reported_on | quantity"]
    for text, quantity in zip(QUARTERS, quantities, strict=False):
        end = pd.Timestamp(text)
        start = (end - pd.DateOffset(months=3) + pd.Timedelta(days=1)).replace(day=1)
        came = end + pd.Timedelta(days=10)
        lines.append(f"{start:%Y-%m-%d} | {end:%Y-%m-%d} | {came:%Y-%m-%d} | {quantity}")
    return value_claims(frame("returns", "\n".join(lines)), CONTRACTS, catalogue(), PROXIES, {})


def known(
    rows: pd.DataFrame,
    day: date = DAY,
    milestones: pd.DataFrame | None = None,
    pricing: str = "priced",
) -> Known:
    marked = mark(as_at(rows, day), catalogue())
    due = steps(*[10] * 8) if milestones is None else milestones
    promised = known_promises(PROMISES, CONTRACTS, day).assign(pricing=pricing)
    return Known(countable(marked), lambda on: due_of(promised, due, on))


def forecast(then: Known, origin: Origin = NOW) -> tuple[int, ...] | None:
    """The central forecast, the low and the high one."""
    lesson = learn(then, origin.so_far.end)
    if lesson is None:
        return None
    so_far = int(then.claimed(origin.so_far)["value_pence"].sum())
    rest = int(then.falling_due(origin.rest)["falls_due_pence"].sum())
    made = []
    for periods in (lesson.quarters, (lesson.worst,), (lesson.best,)):
        claimed = int(then.claimed(*periods)["value_pence"].sum())
        fell_due = int(then.falling_due(*periods)["falls_due_pence"].sum())
        made.append(year_end(so_far, rest, claimed, fell_due))
    return tuple(made)


def test_a_forecast_by_hand() -> None:
    """Ten weeks fell due each quarter; 8, 6, 9, 5, 7 and 7 came: 42 of 60. Twenty more fall due."""
    assert forecast(known(claims(8, 6, 9, 5, 7, 7))) == (
        140000 + 140000,
        140000 + 100000,
        140000 + 180000,
    )


def test_a_claim_received_after_the_day_is_not_known() -> None:
    """8, 6, 9, 5 and 7 had come, and nothing of the sixth quarter: 700 + 2,000 x 35/60 = 1,866.67;
    at worst nothing.
    """
    then = known(claims(8, 6, 9, 5, 7, 7), date(2022, 6, 9))
    assert forecast(then) == (186667, 70000, 70000 + 180000)


def test_a_quarter_in_which_nothing_fell_due_teaches_nothing() -> None:
    """10, 10, 0, 10, 10 and 10 fell due: the 9 of the third quarter are left out, so 33 of 50."""
    then = known(claims(8, 6, 9, 5, 7, 7), milestones=steps(10, 10, 0, 10, 10, 10, 10, 10))
    assert forecast(then) == (140000 + 132000, 140000 + 100000, 140000 + 160000)


def test_three_quarters_are_too_few_and_four_are_enough() -> None:
    three = Origin(Period(date(2020, 12, 1), date(2021, 8, 31)), YEAR, date(2021, 9, 30))
    four = Origin(Period(date(2020, 12, 1), date(2021, 11, 30)), YEAR, date(2021, 12, 31))
    assert forecast(known(claims(8, 6, 9), three.day), three) is None
    assert forecast(known(claims(8, 6, 9, 5), four.day), four) is not None
    assert forecast(known(claims())) is None


def test_quarters_before_the_first_return_teach_nothing() -> None:
    assert forecast(known(claims(8, 6, 9, 5, 7, 7).iloc[3:])) is None


def test_promises_without_a_price_fall_due_of_nothing() -> None:
    then = known(claims(8, 6, 9, 5), pricing="recorded only")
    assert then.falling_due(HALF).empty


def test_the_earlier_days_at_which_the_rule_can_be_tried() -> None:
    """Three quarter ends of each earlier year, each looked at thirty days later: the year to
    November 2021 was known on 30 December 2021, and returns begin in June 2020.
    """
    found = list(trials(NOW, date(2020, 6, 1)))
    assert [(origin.so_far.end, origin.day) for origin in found] == [
        (date(2021, 2, 28), date(2021, 3, 30)),
        (date(2021, 5, 31), date(2021, 6, 30)),
        (date(2021, 8, 31), date(2021, 9, 30)),
        (date(2020, 8, 31), date(2020, 9, 30)),
    ]
    assert {origin.so_far.start for origin in found} == {date(2020, 12, 1), date(2019, 12, 1)}


def test_the_outcome_of_a_trial_is_known_by_the_day_of_the_data() -> None:
    """Looked at as long after the year's end: 300 days late, it was known by September 2022."""
    late = Origin(HALF, YEAR, date(2023, 3, 27))
    outcomes = [origin.outcome_on for origin in trials(late, date(2020, 11, 1))]
    assert outcomes == [date(2022, 9, 26)] * 3
    assert max(outcomes) < late.day


@pytest.mark.parametrize(
    ("errors", "why"),
    [
        ([-1, 1] * 3 + [1], "the rule can be tried at 7 earlier quarter ends, and 8 are needed"),
        ([-1, 1] * 4, ""),
        ([-1] * 6 + [1, 0], ""),
        ([-1] * 7 + [1], "the rule was too low at 7 of 8 earlier quarter ends"),
        ([1] * 11, "the rule was too high at 11 of 11 earlier quarter ends"),
    ],
)
def test_when_the_rule_is_silent(errors: list[int], why: str) -> None:
    """Six of eight is three quarters, which may be; seven is more."""
    assert silence(errors) == why


def test_counts_over_the_trials() -> None:
    errors = (-5, 0, 7, -1)
    assert (too_low(*errors), too_high(*errors)) == (2, 1)
    assert held(1, 3, 2, 1, 3, 3, 1, 3, 4, 1, 3, 0) == 2
    assert mean(1, Fraction(1, 2)) == Fraction(3, 4)


def test_nothing_due_before_gives_no_share() -> None:
    with pytest.raises(ZeroDivisionError):
        year_end(1, 2, 3, 0)

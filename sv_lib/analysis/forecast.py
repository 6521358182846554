"""Where the year will end, by a stated rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period, months_after
from sv_lib.toms import states

QUARTERS = 8
"""Earlier quarters that the rule learns from, at most."""

ENOUGH = 4
"""Quarters below which no interval is given."""


@dataclass(frozen=True)
class Forecast:
    """Pence delivered by the year's end; ``low`` and ``high`` go by the worst and the best earlier
    quarter.
    """

    central_pence: int
    low_pence: int | None
    high_pence: int | None


def year_end(
    claims: pd.DataFrame,
    promises: pd.DataFrame,
    contracts: pd.DataFrame,
    milestones: pd.DataFrame,
    so_far: Period,
    year: Period,
    day: date,
) -> Forecast | None:
    """Delivered so far + what falls due in the rest of the year x the share of what was due that
    was
    delivered before.

    ``claims``: valued, with double counts marked. ``promises``: valued commitments. The share is
    that of the quarters up to the end of ``so_far``, eight at most, in which anything fell due.
    Only what was known on ``day`` is used. None when no quarter can be learnt from.
    """
    known = states.countable(states.as_at(claims, day))
    promised = states.known_promises(promises, contracts, day)

    def due(on: date) -> int:
        return _pence(states.due_of(promised, milestones, on), "due_value_pence")

    def delivered(period: Period) -> int:
        return _pence(states.in_period(known, period), "value_pence")

    ends = _quarter_ends(so_far.end, known["period_start"].min())
    due_by = {end: due(end) for end in ends}
    history = [
        (delivered(Period(before + timedelta(days=1), end)), due_by[end] - due_by[before])
        for end, before in pairwise(ends)
    ]
    history = [(done, fell_due) for done, fell_due in history if fell_due > 0]
    if not history:
        return None
    rest = due(year.end) - due_by[so_far.end]
    ratio = Fraction(sum(done for done, _ in history), sum(fell_due for _, fell_due in history))
    ratios = [Fraction(done, fell_due) for done, fell_due in history]
    base = delivered(so_far)
    central, low, high = (
        base + half_up(rest * share) for share in (ratio, min(ratios), max(ratios))
    )
    return Forecast(central, low, high) if len(history) >= ENOUGH else Forecast(central, None, None)


def _quarter_ends(end: date, first: pd.Timestamp) -> list[date]:
    """The ends of the quarters up to a day, latest first, back to where returns begin; no quarter
    before them.
    """
    starts = [months_after(end + timedelta(days=1), -3 * back) for back in range(QUARTERS + 1)]
    return [start - timedelta(days=1) for start in starts if pd.Timestamp(start) >= first]


def _pence(rows: pd.DataFrame, column: str) -> int:
    """The sum of a column over the rows that have a price."""
    return int(rows[column].dropna().sum())

"""Where the year will end, by a stated rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period, months_after
from sv_lib.toms import states
from sv_lib.toms.contract_changes import Change

QUARTERS = 8
"""The most quarters that the rule learns from."""

ENOUGH = 4
"""With fewer quarters no interval is given."""


@dataclass(frozen=True)
class Forecast:
    """Pence delivered by the year's end; low and high follow the worst and best earlier quarter."""

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
    changes: Sequence[Change] = (),
) -> Forecast | None:
    """Delivered so far + due in the rest of the year x the share of what was due delivered before.

    ``claims``: valued, with double counts marked. ``promises``: valued commitments. The share is
    that of the quarters up to the end of ``so_far``, eight at most, in which anything fell due.
    ``changes``: of contracts. Only what was known on ``day`` is used. None when no quarter can be
    learnt from.
    """
    known = states.countable(states.as_at(claims, day))
    promised = states.known_promises(promises, contracts, day, changes)

    def due(on: date) -> int:
        return _pence(states.due_of(promised, milestones, on, changes), "due_value_pence")

    def delivered(period: Period) -> int:
        return _pence(states.in_period(known, period), "value_pence")

    ends = _quarter_ends(so_far.end, known["period_start"].min())
    due_by = {end: due(end) for end in ends}
    done: list[int] = []
    fell_due: list[int] = []
    for end, before in pairwise(ends):
        if due_by[end] > due_by[before]:
            done.append(delivered(Period(before + timedelta(days=1), end)))
            fell_due.append(due_by[end] - due_by[before])
    if not fell_due:
        return None
    rest = due(year.end) - due_by[so_far.end]
    so_far_pence = delivered(so_far)

    def at_a_share_of(share: Fraction) -> int:
        return so_far_pence + half_up(rest * share)

    central = at_a_share_of(Fraction(sum(done), sum(fell_due)))
    if len(fell_due) < ENOUGH:
        return Forecast(central, None, None)
    shares = [Fraction(one, of) for one, of in zip(done, fell_due, strict=True)]
    return Forecast(central, at_a_share_of(min(shares)), at_a_share_of(max(shares)))


def _quarter_ends(end: date, first: pd.Timestamp) -> list[date]:
    """The ends of the quarters up to a day, the latest first, back to where returns begin."""
    one_day = timedelta(days=1)
    starts = [months_after(end + one_day, -3 * back) for back in range(QUARTERS + 1)]
    return [start - one_day for start in starts if pd.Timestamp(start) >= first]


def _pence(rows: pd.DataFrame, column: str) -> int:
    """The sum of a column over the rows that have a price."""
    return int(rows[column].dropna().sum())

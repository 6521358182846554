"""Where the year's claims will end, by a stated rule, and at which earlier days it can be tried.

The rule: what was claimed so far, and of what falls due in the rest of the year the share that was
claimed before. Its range follows the worst and the best quarter that it learns from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period, months_after, quarters
from sv_lib.toms import states

QUARTERS = 8
"""The most quarters that the rule learns from."""
ENOUGH = 4
"""With fewer quarters the rule is not applied."""
TRIALS = 8
"""At so many earlier days a rule must have been tried before its forecast is published."""
MOST_ONE_WAY = Fraction(3, 4)
"""Of those, the most at which it may have been wrong in one direction."""
A_DAY = timedelta(days=1)
FELL_DUE = ["source_file", "source_row", "due_value_pence"]
"""What is kept of promises for each of many days."""

Number = int | Decimal | Fraction


@dataclass(frozen=True)
class Origin:
    """From where a year is forecast: the year so far, the whole year, the day of the data."""

    so_far: Period
    year: Period
    day: date

    @property
    def rest(self) -> Period:
        return Period(self.so_far.end + A_DAY, self.year.end)

    @property
    def outcome_on(self) -> date:
        """The day on which the year's outcome is known: as long after its end as ``day`` is."""
        return self.year.end + (self.day - self.so_far.end)


def trials(now: Origin, first: date) -> Iterator[Origin]:
    """The earlier quarter ends at which the rule can be tried, the latest year first.

    They lie in earlier years, and each is looked at as long after its quarter's end as ``now`` is:
    so the outcome, looked at as long after the year's end, is known by the day of ``now``. A year's
    own end is no trial: nothing is left to forecast there. ``first``: the first day of any return.
    """
    back = 1
    while (year := now.year.years_later(-back)).end > first:
        for quarter in quarters(year)[:-1]:
            day = quarter.end + (now.day - now.so_far.end)
            origin = Origin(Period(year.start, quarter.end), year, day)
            if quarter.end > first:
                yield origin
        back += 1


@dataclass(frozen=True)
class Known:
    """What was known on a day: countable claims, and what of the promises falls due by any day.

    ``due_by`` gives the promises known then with ``due_value_pence``, in one order for every day.
    """

    claims: pd.DataFrame
    due_by: Callable[[date], pd.DataFrame]
    _due: dict[date, pd.DataFrame] = field(default_factory=dict, repr=False)

    def claimed(self, *periods: Period) -> pd.DataFrame:
        """The claims of some periods that have a price."""
        priced = self.claims[self.claims["value_pence"].notna()]
        of_each = [states.in_period(priced, period) for period in periods]
        return pd.concat(of_each, ignore_index=True)

    def falling_due(self, *periods: Period) -> pd.DataFrame:
        """The promises that have a price, with ``falls_due_pence``: what of each fell due then."""
        promised = self._due_by(periods[0].end).assign(falls_due_pence=0)
        for period in periods:
            before = self._due_by(period.start - A_DAY)["due_value_pence"]
            promised["falls_due_pence"] += self._due_by(period.end)["due_value_pence"] - before
        priced = promised[promised["falls_due_pence"].notna()]
        return priced.astype({"falls_due_pence": "int64"})

    def _due_by(self, day: date) -> pd.DataFrame:
        if day not in self._due:
            self._due[day] = self.due_by(day)[FELL_DUE]
        return self._due[day]


@dataclass(frozen=True)
class Lesson:
    """The quarters that the rule learns from, the worst and the best of them."""

    quarters: tuple[Period, ...]
    worst: Period
    best: Period


def learn(known: Known, end: date) -> Lesson | None:
    """What the quarters up to a day teach: eight at most, in which anything fell due.

    None where there are fewer than four since returns begin.
    """
    first = known.claims["period_start"].min()
    shares = {}
    for back in range(QUARTERS):
        start = months_after(end + A_DAY, -3 * (back + 1))
        quarter = Period(start, months_after(end + A_DAY, -3 * back) - A_DAY)
        if pd.Timestamp(start) >= first:
            fell_due = int(known.falling_due(quarter)["falls_due_pence"].sum())
            claimed = int(known.claimed(quarter)["value_pence"].sum())
            if fell_due > 0:
                shares[quarter] = Fraction(claimed, fell_due)
    if len(shares) < ENOUGH:
        return None
    worst = min(shares, key=shares.__getitem__)
    best = max(shares, key=shares.__getitem__)
    return Lesson(tuple(shares), worst, best)


def year_end(so_far: Number, rest: Number, claimed: Number, fell_due: Number) -> int:
    """Pence by the year's end: so far, and of the rest the share claimed of what fell due before.

    Raises ZeroDivisionError when nothing fell due.
    """
    share = Fraction(claimed) / Fraction(fell_due)
    return half_up(Fraction(so_far) + Fraction(rest) * share)


def silence(errors: Sequence[Number]) -> str:
    """Why the rule's forecast is not published, given its errors where it was tried; else empty."""
    tried = len(errors)
    if tried < TRIALS:
        return f"the rule can be tried at {tried} earlier quarter ends, and {TRIALS} are needed"
    for word, wrong in (("low", too_low(*errors)), ("high", too_high(*errors))):
        if wrong > MOST_ONE_WAY * tried:
            return f"the rule was too {word} at {wrong} of {tried} earlier quarter ends"
    return ""


def too_low(*errors: Number) -> int:
    """At how many the forecast was below what came."""
    return sum(error < 0 for error in errors)


def too_high(*errors: Number) -> int:
    """At how many the forecast was above what came."""
    return sum(error > 0 for error in errors)


def held(*bounds: Number) -> int:
    """How often the outcome lay in its range: low, high and outcome, one after another."""
    ranges = zip(bounds[::3], bounds[1::3], bounds[2::3], strict=True)
    return sum(low <= came <= high for low, high, came in ranges)


def mean(*values: Number) -> Fraction:
    """The mean of one number or more."""
    return sum((Fraction(value) for value in values), Fraction(0)) / len(values)

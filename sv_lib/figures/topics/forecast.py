"""Figures on claims by the year's end: a forecast by a stated rule, and how it did before.

The rule is tried at every earlier quarter end, on what was known then. Where it was tried too
seldom, or was wrong in one direction nearly always, its forecast is not published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from sv_lib.analysis import forecast
from sv_lib.analysis.forecast import Known, Lesson, Origin
from sv_lib.figures.half_year import mid_year_before
from sv_lib.figures.topic import Topic
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import CLAIM, COLUMNS, Workings, priced
from sv_lib.periods import Period, long_date
from sv_lib.toms import states

PROJECTION = (
    "a projection, not a count: what was claimed plus what is still due × the usual share claimed"
)
SHORT_HISTORY = "there are under four earlier quarters to learn from"
NO_TRIAL = "there is no earlier quarter end at which the rule can be tried"
CASES = ("central", "low", "high")
COUNTED = {"origins": "error", "too_low": "error", "too_high": "error", "mean_error": "error_share"}
"""Figures over all trials, and the figure of each trial that they are worked out of."""


def add_forecast(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the forecast of the mid-year report, and every earlier quarter end it was tried at.

    In an annual report they are those of the mid-year report before it. Returns the table
    ``forecast_origins``: the trials, and the earlier years at the same point.
    """
    publication = workings.publication
    at = mid_year_before(publication) or publication
    now = Origin(at.sv, publication.sv_year, at.file.data_as_at)
    year = Topic(trail, workings, now.year).needing("contracts", "commitments", "returns")
    origins = [] if year.missing else _try_before(year, now)
    tried = [str(row["origin"]) for row in origins if row["is_trial"]]
    _over_all_trials(year, tried)
    errors = [trail[f"forecast.{one}.error"].value or 0 for one in tried]
    known = _known(workings, now.day)
    own = _so_far(year, known, now, "year_end")
    _of_the_year(own, known, now)
    lesson = forecast.learn(known, now.so_far.end)
    if lesson is None or forecast.silence(errors):
        reason = year.missing or (forecast.silence(errors) if lesson else SHORT_HISTORY)
        for case in CASES:
            own.about(case=case).unknown("forecast.{origin}.{case}", reason)
    else:
        _forecast(own, known, now, lesson)
    return {"forecast_origins": pd.DataFrame(origins, columns=COLUMNS["forecast_origins"])}


def _known(workings: Workings, day: date) -> Known:
    """What was known on a day."""
    contracts = workings.frame("contracts")
    milestones = workings.frame("milestones")
    promises = states.known_promises(workings.promises_at(day), contracts, day, workings.changes)
    due_by = states.due_by(promises[states.PROMISE + CLAIM], milestones, workings.changes)
    return Known(workings.counted_at(day)[COLUMNS["forecast"]], due_by)


def _try_before(year: Topic, now: Origin) -> list[dict[str, object]]:
    """Apply the rule at every earlier quarter end; the rows of ``forecast_origins`` in order."""
    workings = year.workings
    first = workings.counted["period_start"].min()
    if pd.isna(first):
        return []
    rows = []
    found = forecast.trials(now, first.date())
    for origin in sorted(found, key=lambda one: one.day):
        known = _known(workings, origin.day)
        lesson = forecast.learn(known, origin.so_far.end)
        years_back = now.year.end.year - origin.year.end.year
        is_whole = pd.Timestamp(origin.year.start) >= first
        is_same_point = is_whole and now.so_far.years_later(-years_back) == origin.so_far
        if lesson or is_same_point:
            own = _so_far(year, known, origin, str(origin.so_far.end))
            if is_same_point:
                _of_the_year(own, known, origin)
            if lesson:
                _forecast(own, known, origin, lesson)
                _outcome(own, origin)
            rows.append(
                {
                    "origin": str(origin.so_far.end),
                    "until": long_date(origin.so_far.end),
                    "year": str(origin.year.end.year),
                    "is_trial": lesson is not None,
                    "is_same_point": is_same_point,
                }
            )
    return rows


def _so_far(year: Topic, known: Known, origin: Origin, word: str) -> Topic:
    """The topic of one origin, with what was claimed of its year so far."""
    own = replace(year, period=origin.so_far).about(
        origin=word,
        until=long_date(origin.so_far.end),
        day=long_date(origin.day),
        year=origin.year.end.year,
    )
    own.total("forecast.{origin}.so_far", known.claimed(origin.so_far))
    return replace(own, period=origin.year)


def _of_the_year(own: Topic, known: Known, origin: Origin) -> None:
    """What falls due in the whole year, and the share of it that was claimed so far."""
    own.total("forecast.{origin}.due_in_year", known.falling_due(origin.year))
    own.share("forecast.{origin}.share")


def _forecast(own: Topic, known: Known, origin: Origin, lesson: Lesson) -> None:
    """The forecast with its range, each from what was claimed and due in the quarters behind it."""
    own.total("forecast.{origin}.rest", known.falling_due(origin.rest))
    behind = (lesson.quarters, (lesson.worst,), (lesson.best,))
    for case, periods in zip(CASES, behind, strict=True):
        one = own.about(case=case, quarters=_named(periods))
        one.total("forecast.{origin}.{case}.claimed", known.claimed(*periods))
        one.total("forecast.{origin}.{case}.due", known.falling_due(*periods))
        one.work("forecast.{origin}.{case}", caution=PROJECTION)


def _named(periods: Sequence[Period]) -> str:
    """The quarters that a share is taken from, by the days on which they end."""
    return ", ".join(long_date(period.end) for period in sorted(periods))


def _outcome(own: Topic, origin: Origin) -> None:
    """What came, looked at as long after the year's end, and how far off the forecast was."""
    if own.id_of("forecast.outcome.{year}") not in own.trail:
        claims = own.workings.counted_at(origin.outcome_on)
        came = priced(states.in_period(claims, origin.year))
        outcome = own.about(day=long_date(origin.outcome_on))
        outcome.total("forecast.outcome.{year}", came)
    own.less("forecast.{origin}.error")
    own.share("forecast.{origin}.error_share")


def _over_all_trials(year: Topic, tried: Sequence[str]) -> None:
    """How many trials there were, how often too low or high, by how much, and the range held."""
    reason = year.missing or ("" if tried else NO_TRIAL)
    for name, part in COUNTED.items():
        parts = [f"forecast.{one}.{part}" for one in tried]
        year.work(f"forecast.back_test.{name}", parts=parts, withheld=reason)
    ranges = []
    for one in tried:
        outcome = year.trail[f"forecast.{one}.error"].parts[1]
        ranges += [f"forecast.{one}.low", f"forecast.{one}.high", outcome]
    year.work("forecast.back_test.held", parts=ranges, withheld=reason)

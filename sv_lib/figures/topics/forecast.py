"""Figures on delivery by the year's end: a forecast by a stated rule, and how it did a year ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sv_lib.analysis import forecast
from sv_lib.figures.topic import Topic
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.periods import Period, years_after

PROJECTION = (
    "a projection, not a count: what was delivered plus what is still due × the usual "
    "share delivered"
)
NO_HISTORY = "there is no earlier quarter to learn from"
NO_YEAR_BEFORE = "there is no earlier year to test on"
SHORT_HISTORY = "under four quarters of history, so no interval can be given"


def add_forecast(trail: Trail, workings: Workings) -> None:
    """Add the forecast for the year's end with its interval, and the test of the year before."""
    publication = workings.publication
    year = Topic(trail, workings, publication.sv_year)
    year = year.needing("contracts", "commitments", "returns")
    _year_end(year)
    _back_test(replace(year, period=publication.sv_year.years_later(-1)))


def _forecast(topic: Topic, so_far: Period, day: date) -> forecast.Forecast | None:
    """The rule applied to what was known on a day; None where there is nothing to learn from."""
    if topic.missing:
        return None
    workings = topic.workings
    contracts = workings.frame("contracts")
    milestones = workings.frame("milestones")
    given = (workings.known_at(day), workings.promises_at(day), contracts, milestones)
    return forecast.year_end(*given, so_far, topic.period, day, workings.changes)


def _year_end(year: Topic) -> None:
    publication = year.workings.publication
    made = _forecast(year, publication.sv, publication.file.data_as_at)
    committed = year.workings.committed(year.period)
    missing = "" if made else NO_HISTORY
    year.total_known("forecast.due_by_year_end", committed, missing=missing)
    reason = SHORT_HISTORY if made else year.missing or NO_HISTORY
    for part in ("central", "low", "high"):
        value = getattr(made, f"{part}_pence", None)
        year.about(part=part).estimate("forecast.year_end.{part}", value, PROJECTION, reason)


def _back_test(last_year: Topic) -> None:
    """The same rule a year earlier, on what was known then, beside what came."""
    workings = last_year.workings
    publication = workings.publication
    day = years_after(publication.file.data_as_at, -1)
    made = _forecast(last_year, publication.sv.years_later(-1), day)
    claims = workings.claims(last_year.period)
    missing = "" if made else NO_YEAR_BEFORE
    last_year.total_known("forecast.back_test.actual", claims, missing=missing)
    value = made.central_pence if made else None
    reason = last_year.missing or NO_YEAR_BEFORE
    last_year.estimate("forecast.back_test.central", value, PROJECTION, reason)
    last_year.less("forecast.back_test.error")

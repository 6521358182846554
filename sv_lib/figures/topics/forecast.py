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
DUE = "forecast.due_by_year_end"


def add_forecast(trail: Trail, workings: Workings) -> None:
    """Add the forecast for the year's end with its interval, and the test of the year before."""
    publication = workings.publication
    missing = workings.missing("contracts", "commitments", "returns")
    year = Topic(trail, workings, publication.sv_year, missing=missing, column="value_pence")
    _year_end(year)
    _back_test(replace(year, period=publication.sv_year.years_later(-1)))


def _forecast(topic: Topic, so_far: Period, day: date) -> forecast.Forecast | None:
    """The rule applied to what was known on a day; None where there is nothing to learn from."""
    if topic.missing:
        return None
    workings = topic.workings
    contracts = workings.frame("contracts")
    milestones = workings.frame("milestones")
    given = (workings.known, workings.promises, contracts, milestones)
    return forecast.year_end(*given, so_far, topic.period, day)


def _year_end(year: Topic) -> None:
    publication = year.workings.publication
    made = _forecast(year, publication.sv, publication.file.data_as_at)
    year.total_known(
        DUE,
        "Due by the year's end",
        year.workings.committed(year.period),
        "what of every commitment falls due by the year's end",
        column="due_value_pence",
        missing="" if made else NO_HISTORY,
    )
    for part in ("central", "low", "high"):
        name = f"forecast.year_end.{part}"
        label = f"Year-end forecast, {part}"
        value = getattr(made, f"{part}_pence", None)
        if value is None:
            reason = SHORT_HISTORY if made else year.missing or NO_HISTORY
            year.unknown(name, label, reason)
            continue
        year.estimate(
            name,
            label,
            value,
            "headline.delivered_value.this",
            DUE,
            f"delivered so far + still due × the {part} share delivered in earlier quarters",
            PROJECTION,
        )


def _back_test(last_year: Topic) -> None:
    """The same rule a year earlier, on what was known then, beside what came."""
    workings = last_year.workings
    publication = workings.publication
    day = years_after(publication.file.data_as_at, -1)
    made = _forecast(last_year, publication.sv.years_later(-1), day)
    actual = "forecast.back_test.actual"
    central = "forecast.back_test.central"
    label = "What the rule would have forecast"
    last_year.total_known(
        actual,
        "Delivered last year",
        workings.claims(last_year.period),
        "value of last year's claims",
        missing="" if made else NO_YEAR_BEFORE,
    )
    if made is None:
        last_year.unknown(central, label, last_year.missing or NO_YEAR_BEFORE)
    else:
        last_year.estimate(
            central,
            label,
            made.central_pence,
            actual,
            DUE,
            "the same rule, a year earlier, on what was known then",
            PROJECTION,
        )
    last_year.less(
        "forecast.back_test.error",
        "Error of last year's forecast",
        central,
        actual,
        "forecast less what was delivered",
    )

"""The mid-year publication of the same year as an annual one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sv_lib.params import Publication
from sv_lib.periods import months_after
from sv_lib.spans import Calendar, Span

A_DAY = timedelta(days=1)


def mid_year_before(publication: Publication) -> Publication | None:
    """The mid-year publication of the same year, six months earlier; None unless it is annual.

    It covers the first half of the social value year and the last half of the spend year, which
    is what the Board is shown between two annual reports.
    """
    file = publication.file
    if file.kind != "annual":
        return None
    social_value = _both(file.social_value, _first_half)
    known_by_then = months_after(file.data_as_at, -6)
    changes = {
        "kind": "mid-year",
        "social_value": social_value,
        "spend": _both(file.spend, _last_half),
        "data_as_at": max(known_by_then, social_value.this.end),
    }
    mid_year = file.model_copy(update=changes)
    return publication.model_copy(update={"file": mid_year, "first_published_on": None})


def _both(calendar: Calendar, half: Callable[[Span], Span]) -> Calendar:
    """A half of both spans of a calendar."""
    halves = {"this": half(calendar.this), "before": half(calendar.before)}
    return calendar.model_copy(update=halves)


def _first_half(span: Span) -> Span:
    first_half_ends = months_after(span.start, 6) - A_DAY
    return span.model_copy(update={"end": first_half_ends})


def _last_half(span: Span) -> Span:
    last_half_starts = months_after(span.end + A_DAY, -6)
    return span.model_copy(update={"start": last_half_starts})

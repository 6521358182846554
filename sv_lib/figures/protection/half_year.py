"""The mid-year publication that readers of an annual report already know."""

from __future__ import annotations

from datetime import timedelta

from sv_lib.params import Publication
from sv_lib.periods import months_after

A_DAY = timedelta(days=1)


def mid_year_before(publication: Publication) -> Publication | None:
    """The mid-year publication of the same year, six months earlier; None unless it is annual.

    It covers the first half of the social value year and the last half of the spend year, which
    is what the Board is shown between two annual reports.
    """
    file = publication.file
    if file.kind != "annual":
        return None
    social_value = {}
    for name, span in (("this", file.social_value.this), ("before", file.social_value.before)):
        first_half_ends = months_after(span.start, 6) - A_DAY
        social_value[name] = span.model_copy(update={"end": first_half_ends})
    spend = {}
    for name, span in (("this", file.spend.this), ("before", file.spend.before)):
        last_half_starts = months_after(span.end + A_DAY, -6)
        spend[name] = span.model_copy(update={"start": last_half_starts})
    known_by_then = months_after(file.data_as_at, -6)
    changes = {
        "kind": "mid-year",
        "social_value": file.social_value.model_copy(update=social_value),
        "spend": file.spend.model_copy(update=spend),
        "data_as_at": max(known_by_then, social_value["this"].end),
    }
    mid_year = file.model_copy(update=changes)
    return publication.model_copy(update={"file": mid_year})

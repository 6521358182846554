"""Figures on engagement: events held with each partner and who came, and which parish councils were
told.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, within
from sv_lib.intake.tables.dictionary import PARTNERS


def add_engagement(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """Events of the period held by the data-as-at day, by partner; attendance adds only what was
    recorded.

    Returns ``events`` with the ward of an event's parish, where it lies in one; and ``parishes``, a
    line a parish and ward: ``told_on``, the last contact of the period, and ``next_on``, the next
    to come.
    """
    period, missing = w.publication.sv, w.missing("events")
    events = _in_wards(w.frame("events"), w.frame("parishes"))
    held = events[within(events["on"], period)]
    for partner in ("all", *PARTNERS):
        rows = held if partner == "all" else held[held["partner"] == partner]
        recorded = rows[rows["attendance"].notna()]
        silent = len(rows) - len(recorded)
        trail.count(
            f"engagement.{slug(partner)}.held",
            f"Events held, {partner}",
            rows,
            "events",
            period,
            "events of the log in the period",
            missing=missing,
        )
        trail.total(
            f"engagement.{slug(partner)}.reached",
            f"People reached, {partner}",
            recorded,
            "attendance",
            "people",
            period,
            "attendance, or reach of a post, where recorded",
            missing=missing,
            caution=f"{silent} events have no attendance recorded" if silent else "",
        )
    return {"events": events, "parishes": _parishes(trail, w, events, held)}


def _in_wards(events: pd.DataFrame, parishes: pd.DataFrame) -> pd.DataFrame:
    """Events, those of a parish in the one ward that it lies in where the log names none."""
    alone = parishes[~parishes["parish"].duplicated(keep=False)]
    wards = dict(zip(alone["parish"], alone["ward_code"], strict=True))
    return events.assign(
        ward_code=events["ward_code"].fillna(events["parish"].map(wards).astype("str"))
    )


def _parishes(trail: Trail, w: Workings, events: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Parish councils told in the period, and those of the others with a date to come."""
    period, missing = w.publication.sv, w.missing("events")
    log = events[events["parish"].notna()]
    coming = log[log["on"] > pd.Timestamp(w.publication.file.data_as_at)]
    told = held[held["parish"].notna()]
    listed = w.frame("parishes") if "parishes" in w.inputs.supplied else log
    left = coming[~coming["parish"].isin(told["parish"])]
    counts = {
        "all": (listed, "Parish councils in the list, or in the log where there is none"),
        "told": (told, "Parish councils with an event in the period"),
        "planned": (left, "Parish councils with none in the period, and one to come"),
    }
    for part, (rows, words) in counts.items():
        trail.count(
            f"engagement.parishes.{part}",
            words,
            rows,
            "parish councils",
            period,
            "each parish once",
            distinct="parish",
            missing=missing,
        )
    lines = listed[["parish", "ward_code"]].drop_duplicates(ignore_index=True)
    for name, days in (
        ("told_on", told.groupby("parish")["on"].max()),
        ("next_on", coming.groupby("parish")["on"].min()),
    ):
        lines = lines.merge(days.rename(name), on="parish", how="left", validate="m:1")
    return lines

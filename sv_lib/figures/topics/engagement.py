"""Figures on engagement: events held with each partner, who came, and which parishes were told."""

from __future__ import annotations

import pandas as pd

from sv_lib.figures.topic import Topic, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, within
from sv_lib.intake.tables.dictionary import PARTNERS


def add_engagement(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add events of the period by partner; attendance adds only what was recorded.

    Returns ``events`` with the ward of an event's parish, where it lies in one; and ``parishes``, a
    line a parish and ward: ``told_on``, the last contact of the period, and ``next_on``, the next
    to come.
    """
    topic = Topic(trail, workings, workings.publication.sv, missing=workings.missing("events"))
    events = _in_wards(workings.frame("events"), workings.frame("parishes"))
    held = events[within(events["on"], topic.period)]
    for partner in ("all", *PARTNERS):
        rows = held if partner == "all" else having(held, "partner", partner)
        own = topic.about(partner=partner, part=slug(partner))
        own.count("engagement.{part}.held", rows)
        silent = rows["attendance"].isna().sum()
        caution = f"{silent} events have no attendance recorded" if silent else ""
        own.total_known("engagement.{part}.reached", rows, caution=caution)
    return {"events": events, "parishes": _parishes(topic, events, held)}


def _in_wards(events: pd.DataFrame, parishes: pd.DataFrame) -> pd.DataFrame:
    """Events, those of a parish in the one ward that it lies in where the log names none."""
    alone = parishes[~parishes["parish"].duplicated(keep=False)]
    ward_of = dict(zip(alone["parish"], alone["ward_code"], strict=True))
    of_parish = events["parish"].map(ward_of).astype("str")
    return events.assign(ward_code=events["ward_code"].fillna(of_parish))


def _parishes(topic: Topic, events: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Parish councils told in the period, and those of the others with a date to come."""
    workings = topic.workings
    day = pd.Timestamp(workings.publication.file.data_as_at)
    log = events[events["parish"].notna()]
    told = held[held["parish"].notna()]
    coming = log[log["on"] > day]
    has_list = "parishes" in workings.inputs.supplied
    listed = workings.frame("parishes") if has_list else log
    planned = coming[~coming["parish"].isin(told["parish"])]
    topic.count("engagement.parishes.all", listed, distinct="parish")
    topic.count("engagement.parishes.told", told, distinct="parish")
    topic.count("engagement.parishes.planned", planned, distinct="parish")
    lines = listed[["parish", "ward_code"]].drop_duplicates(ignore_index=True)
    told_on = told.groupby("parish")["on"].max().rename("told_on")
    next_on = coming.groupby("parish")["on"].min().rename("next_on")
    for days in (told_on, next_on):
        lines = lines.merge(days, on="parish", how="left", validate="m:1")
    return lines

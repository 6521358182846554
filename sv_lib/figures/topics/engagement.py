"""Figures on engagement: events held with each partner, who came, and which parishes were told."""

from __future__ import annotations

import pandas as pd

from sv_lib.figures.dated import up_to
from sv_lib.figures.topic import Groups, Topic
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, within
from sv_lib.intake.tables.dictionary import PARTNERS


def add_engagement(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add events of the period by partner; attendance adds only what was recorded.

    Returns ``events`` with the ward of an event's parish, where it lies in one; and ``parishes``, a
    line a parish and ward: ``told_on``, the last contact of the period, and ``next_on``, the next
    to come within six months.
    """
    topic = Topic(trail, workings, workings.publication.sv).needing("events")
    parishes = workings.frame("parishes")
    day = workings.publication.file.data_as_at
    log = up_to(workings.frame("events"), "events", day)
    events = _in_wards(log, parishes)
    is_held = within(events["on"], topic.period) & (events["on"] <= workings.day)
    held = events[is_held]
    _held(topic, "all", held)
    groups = Groups(held, "partner")
    for partner in PARTNERS:
        _held(topic, partner, groups[partner])
    topic.count("engagement.coming", events[events["on"] > workings.day])
    return {"events": events, "parishes": _parishes(topic, events, held)}


def _held(topic: Topic, partner: str, events: pd.DataFrame) -> None:
    """Events held with a partner, and people reached where that was recorded."""
    own = topic.about(partner=partner, part=slug(partner))
    own.count("engagement.{part}.held", events)
    silent = events["attendance"].isna().sum()
    caution = f"{silent} events have no attendance recorded" if silent else ""
    silent_all = "attendance is recorded for no event"
    own.total_known("engagement.{part}.reached", events, caution=caution, silent=silent_all)


def _in_wards(events: pd.DataFrame, parishes: pd.DataFrame) -> pd.DataFrame:
    """Events, those of a parish in the one ward that it lies in where the log names none."""
    alone = parishes.drop_duplicates("parish", keep=False)
    ward_of = alone.set_index("parish")["ward_code"]
    of_parish = events["parish"].map(ward_of)
    ward_code = events["ward_code"].fillna(of_parish.astype("str"))
    return events.assign(ward_code=ward_code)


def _parishes(topic: Topic, events: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Parish councils told in the period, and those of the others with a date to come."""
    workings = topic.workings
    log = events[events["parish"].notna()]
    told = held[held["parish"].notna()]
    coming = log[log["on"] > workings.day]
    has_list = "parishes" in workings.inputs.supplied
    listed = workings.frame("parishes") if has_list else log
    was_told = coming["parish"].isin(told["parish"])
    planned = coming[~was_told]
    topic.count("engagement.parishes.all", listed, distinct="parish")
    topic.count("engagement.parishes.told", told, distinct="parish")
    topic.count("engagement.parishes.planned", planned, distinct="parish")
    lines = listed[["parish", "ward_code"]].drop_duplicates(ignore_index=True)
    told_on = told.groupby("parish")["on"].max()
    next_on = coming.groupby("parish")["on"].min()
    # Merged, not mapped: pandas cannot map by an empty column of dates.
    told_on.name = "told_on"
    next_on.name = "next_on"
    for days in (told_on, next_on):
        lines = lines.merge(days, "left", "parish", validate="m:1")
    return lines

"""Figures on revisions: the headlines of the earlier period, as they were known on three days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from sv_lib.figures.topic import Topic
from sv_lib.figures.topics.measures import CLAIMED
from sv_lib.figures.topics.people import add_people_headlines
from sv_lib.figures.topics.promises import add_delivery
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.periods import Period, long_date
from sv_lib.spans import Calendar, Span

HEADLINES = (
    "delivered_value",
    "validated_value",
    "delivery_rate",
    "residents_into_work",
    "training_weeks",
)
COLUMNS = {
    "first": "as first published",
    "lag": "at the same point as this period now",
    "now": "as now known",
}
DIFFERENCES = {
    "since_first": ("now", "first", "since first published"),
    "since_lag": ("now", "lag", "since the same point"),
}
NOT_PUBLISHED = "not published with this product"


def add_revisions(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add each headline of the earlier period on each day, and what was revised since.

    Returns the table ``revisions``: ``headline``, its part of an id, ``title``, and the three days.
    """
    publication = workings.publication
    before = publication.sv_before
    topic = Topic(trail, workings, before)
    days = {
        "first": publication.first_published_on,
        "lag": workings.known_on(before),
        "now": publication.file.data_as_at,
    }
    for column, day in days.items():
        then = _told_on(topic, day) if day else None
        for headline in HEADLINES:
            _take(topic, then, headline, column)
    for headline in HEADLINES:
        title = trail[f"headline.{headline}.before"].label
        for part, (later, earlier, since) in DIFFERENCES.items():
            words = {"part": part, "later": later, "earlier": earlier, "since": since}
            own = topic.about(headline=headline, title=title, day=COLUMNS[earlier], **words)
            own.less("revision.{headline}.{part}")
    titles = [trail[f"headline.{headline}.before"].label for headline in HEADLINES]
    told = {column: long_date(day) if day else NOT_PUBLISHED for column, day in days.items()}
    return {"revisions": pd.DataFrame({"headline": HEADLINES, "title": titles, **told})}


def _told_on(topic: Topic, day: date) -> Trail:
    """The headlines of a period as a publication with data of a day prints them."""
    workings = topic.workings
    this = topic.period
    # What that publication was compared with plays no part here.
    earlier = Period(this.start - timedelta(days=1), this.start - timedelta(days=1))
    calendar = Calendar(this=_span(this), before=_span(earlier))
    file = workings.publication.file
    changes = {"social_value": calendar, "data_as_at": day}
    publication = workings.publication.model_copy(update={"file": file.model_copy(update=changes)})
    then = Topic(Trail(like=topic.trail), replace(workings, publication=publication), this, "this")
    then = then.needing(*CLAIMED)
    add_delivery(then)
    add_people_headlines(then.needing("contracts", "returns"))
    return then.trail


def _span(period: Period) -> Span:
    return Span(start=period.start, end=period.end)


def _take(topic: Topic, then: Trail | None, headline: str, column: str) -> None:
    """Take over one headline of a trail, or say that it was never published."""
    figure_id = f"headline.{headline}.this"
    if then:
        _taken(topic.trail, then, figure_id, column)
        return
    here = topic.trail[f"headline.{headline}.before"]
    label = f"{here.label}: {COLUMNS[column]}"
    new_id = _id(figure_id, column)
    topic.trail.unknown(new_id, label, here.unit, topic.period, NOT_PUBLISHED)


def _taken(trail: Trail, then: Trail, figure_id: str, column: str) -> str:
    """Take over a figure with its rows, or with those that it is made from. Returns its id."""
    new_id = _id(figure_id, column)
    figure = then[figure_id]
    parts = tuple(_taken(trail, then, part, column) for part in figure.parts)
    label = f"{figure.label}: {COLUMNS[column]}"
    taken = replace(figure, id=new_id, label=label, parts=parts)
    trail.admit(taken, then.own_rows(figure_id))
    return new_id


def _id(figure_id: str, column: str) -> str:
    """``revision.<what it is>.<column>``."""
    _, what, _ = figure_id.split(".")
    return f"revision.{what}.{column}"

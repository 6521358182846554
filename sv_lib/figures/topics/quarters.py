"""Figures of the last eight quarters: the lines under the cards of page one.

Every quarter is told as it stood as long after its own end as the data are after the period's, so
that a late return does not make an early quarter look better than the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd

from sv_lib.analysis import delivery
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.topics.measures import BOTH
from sv_lib.figures.topics.people import TWO_WAYS, people_of, quantity_of, way_counted
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings
from sv_lib.periods import MONTHS, Period, months_after

QUARTERS = 8
COLUMNS = ["quarter", "words"]


def add_quarters(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the figures of each quarter.

    Returns the table ``quarters`` of social value: ``quarter``, its part of an id, and ``words``,
    its last month; the first quarter first. Call it after ``add_spend_over_time``.
    """
    publication = workings.publication
    rows = []
    way = way_counted(Topic(trail, workings, publication.sv), *workings.in_group("into_work"))
    for quarter in last_quarters(publication.sv):
        topic = _topic(trail, workings, quarter)
        _claimed(topic, way)
        _of_what_was_due(topic)
        rows.append((str(quarter.end), topic.words["until"]))
    for quarter in last_quarters(publication.spend):
        _spent_around(_topic(trail, workings, quarter))
    return {"quarters": pd.DataFrame(rows, columns=COLUMNS)}


def last_quarters(period: Period) -> Iterator[Period]:
    """The eight quarters of three months that end with a period, the first one first."""
    after = period.end + timedelta(days=1)
    for back in range(QUARTERS, 0, -1):
        start, following = (months_after(after, -3 * number) for number in (back, back - 1))
        yield Period(start, following - timedelta(days=1))


def _topic(trail: Trail, workings: Workings, quarter: Period) -> Topic:
    until = f"{MONTHS[quarter.end.month - 1]} {quarter.end.year}"
    return Topic(trail, workings, quarter).about(quarter=str(quarter.end), until=until)


def _claimed(topic: Topic, way: str) -> None:
    """People who started, weeks and value claimed; ``way``: of the whole period."""
    workings = topic.workings
    topic = topic.needing("contracts", "returns")
    into_work = workings.in_group("into_work")
    if not topic.missing and way_counted(topic, *into_work) != way:
        topic.about(way=way).unknown("quarter.{quarter}.people", TWO_WAYS)
    else:
        people_of(topic, "quarter.{quarter}.people", *into_work)
    quantity_of(topic, "quarter.{quarter}.weeks", *workings.in_group("training"))
    topic.total_known("quarter.{quarter}.claimed", workings.claims(topic.period))


def _of_what_was_due(topic: Topic) -> None:
    """What was due by the quarter's end, over contracts' lives, and how much of it was claimed."""
    workings = topic.workings
    topic = topic.needing(*BOTH)
    committed = workings.committed(topic.period)
    to_date = workings.to_date(topic.period)
    validated = having(to_date, "state", "validated")
    topic.total_known("quarter.{quarter}.due", committed)
    topic.total("quarter.{quarter}.towards_due", delivery.towards_due(to_date, committed))
    towards = delivery.towards_due(validated, committed)
    topic.total("quarter.{quarter}.validated_towards_due", towards)
    topic.share("quarter.{quarter}.rate")
    topic.share("quarter.{quarter}.validated_rate")


def _spent_around(topic: Topic) -> None:
    """The share of the quarter's payments that went to the ring around the council, if any did."""
    tiers = topic.workings.council.tiers
    if len(tiers) > 1 and topic.fill("quarters.spend.{quarter}.all") in topic.trail:
        ring = tiers[1]
        topic.about(ring=slug(ring.id), name=ring.name).share("quarter.{quarter}.share.around")

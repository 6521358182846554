"""Figures of the last eight quarters.

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
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.periods import MONTHS, Period, months_after

QUARTERS = 8
COLUMNS = ["calendar", "quarter", "words"]


def add_quarters(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the figures of each quarter.

    Returns the table ``quarters``: ``calendar`` ("sv"), ``quarter``, its part of an id, and
    ``words``, its last month; the first quarter first.
    """
    rows = []
    for quarter in last_quarters(workings.publication.sv):
        until = f"{MONTHS[quarter.end.month - 1]} {quarter.end.year}"
        topic = Topic(trail, workings, quarter).about(quarter=str(quarter.end), until=until)
        _of_what_was_due(topic)
        rows.append(("sv", str(quarter.end), until))
    return {"quarters": pd.DataFrame(rows, columns=COLUMNS)}


def last_quarters(period: Period) -> Iterator[Period]:
    """The eight quarters of three months that end with a period, the first one first."""
    after = period.end + timedelta(days=1)
    for back in range(QUARTERS, 0, -1):
        start, following = (months_after(after, -3 * number) for number in (back, back - 1))
        yield Period(start, following - timedelta(days=1))


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

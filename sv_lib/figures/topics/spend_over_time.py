"""Payments quarter by quarter and year by year, as far back as the ledgers go without a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from sv_lib.figures.topic import Groups, Topic
from sv_lib.figures.topics.spend import PLACE_UNKNOWN, places_in_words
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, within
from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period, months_after

IN_A_YEAR = 4
QUARTER = "quarters.spend.{until}."
YEAR = "years.spend.{until}."


def add_spend_over_time(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the payments of every quarter and of every four, by ring of the geography.

    Returns tables ``spend_quarters`` and ``spend_years``, the earliest first, with columns
    ``until`` (the last day, as ids have it) and ``month``.
    """
    end = workings.publication.spend.end
    paid = workings.placed[COLUMNS["paid_in_quarters"]]
    quarters = unbroken(paid["paid_on"], end)
    for quarter in quarters:
        topic = _topic(trail, workings, quarter)
        _quarter(topic, paid[within(paid["paid_on"], quarter)])
    # The last year is whole where there are four quarters, so years are counted back from the end.
    first = len(quarters) % IN_A_YEAR
    years = [quarters[at : at + IN_A_YEAR] for at in range(first, len(quarters), IN_A_YEAR)]
    spans = [Period(year[0].start, year[-1].end) for year in years]
    for year, span in zip(years, spans, strict=True):
        _year(_topic(trail, workings, span), year)
    return {"spend_quarters": _table(quarters), "spend_years": _table(spans)}


def unbroken(days: pd.Series, end: date) -> list[Period]:
    """The quarters that end with ``end``, back to the last that has payments in every month."""
    months = set(days.drop_duplicates().dt.to_period("M"))
    following = end + timedelta(days=1)
    quarters: list[Period] = []
    while True:
        start = months_after(following, -3)
        has_all = all(pd.Period(months_after(start, at), "M") in months for at in range(3))
        if not has_all:
            return quarters[::-1]
        quarters.append(Period(start, following - timedelta(days=1)))
        following = start


def _topic(trail: Trail, workings: Workings, period: Period) -> Topic:
    topic = Topic(trail, workings, period).about(until=period.end, month=period.last_month)
    return topic.about(home=slug(workings.home))


def _quarter(topic: Topic, paid: pd.DataFrame) -> None:
    """What was paid to each ring, in all, and the local share."""
    nowhere = PLACE_UNKNOWN if (paid["geography"] == NOT_KNOWN).all() else ""
    groups = Groups(paid, "geography")
    rings = places_in_words(topic.workings)
    for ring, words in rings.items():
        own = topic.about(ring=slug(ring), words=words)
        own.total(QUARTER + "{ring}", groups[ring], missing="" if ring == NOT_KNOWN else nowhere)
    # Where no place is known, all payments are those of unknown place.
    known = rings if not nowhere else [NOT_KNOWN]
    parts = [topic.about(ring=slug(ring)).fill(QUARTER + "{ring}") for ring in known]
    topic.work(QUARTER + "all", parts=parts)
    topic.share(QUARTER + "local_share")


def _year(topic: Topic, quarters: list[Period]) -> None:
    """The sums of four quarters, and the local share of the year."""
    for ring, words in (places_in_words(topic.workings) | {"all": ""}).items():
        own = topic.about(ring=slug(ring), words=words)
        parts = [own.about(until=quarter.end).fill(QUARTER + "{ring}") for quarter in quarters]
        own.work(YEAR + ("all" if ring == "all" else "{ring}"), parts=parts)
    topic.share(YEAR + "local_share")


def _table(periods: list[Period]) -> pd.DataFrame:
    rows = [(str(period.end), period.last_month) for period in periods]
    return pd.DataFrame(rows, columns=["until", "month"], dtype="str")

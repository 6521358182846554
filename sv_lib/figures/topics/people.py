"""Figures on people: jobs, training, target groups, and how many homes are known.

Every person counts once in a period (``sv_lib.toms.people``): those who started, where returns say
so; else the most that were in post in one quarter, which is the least there can have been.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.figures.topic import Topic, both_periods, having
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.params import NOT_KNOWN
from sv_lib.periods import long_date
from sv_lib.toms import people

EVIDENCED = ("evidenced", "validated")
NO_HEADCOUNT = "no claim says how many people"
STARTED, AT_LEAST = "started", "at least"
"""The two ways in which people of a period are counted."""
RULES = {
    STARTED: "people who started in the period",
    AT_LEAST: "people of the quarter with most of them, of each contract and measure,",
}
CAUTION = "at least so many: a person may be in post in several quarters, so they are never added"
WORDS = {STARTED: "started in the period", AT_LEAST: "in post, at least"}
"""What the label of a figure says of them."""
TWO_WAYS = "one period counts people who started, the other those in post"


def add_people(trail: Trail, workings: Workings) -> None:
    """Add headlines on jobs, training and hours, people of groups and learners, known homes."""
    needs = ("contracts", "returns")
    this, before = both_periods(trail, workings, *workings.sv_periods, *needs)
    into_work = workings.in_group("into_work")
    training = workings.in_group("training")
    # Target groups hold the people into work again, so they never add to that headline.
    counted = (*workings.in_group("target_group"), *training)
    ways: dict[str, list[str]] = {}
    for topic in (this, before):
        way = add_people_headlines(topic)
        ways.setdefault("headline.residents_into_work", []).append(way)
        own = topic.about(title="Local people")
        _in_post(own, "people.in_post", *into_work)
        quantity_of(topic, "people.hours", *workings.hours_measures)
        for ref in counted:
            own = topic.about(title=workings.measures[ref].title)
            ways.setdefault(f"people.{ref}", []).append(people_of(own, "people.{refs}", ref))
            _in_post(own, "people.{refs}.in_post", ref)
    few = this.enough().missing or before.enough().missing
    this.change("headline.training_weeks", "Training and apprenticeship weeks")
    for stem, (now, then) in ways.items():
        withheld = "" if now == then else TWO_WAYS
        if stem.startswith("people."):
            withheld = few or withheld
        this.change(stem, trail[f"{stem}.this"].label, withheld=withheld)
    for stem in ("people.in_post", *(f"people.{ref}.in_post" for ref in counted)):
        label, _, _ = trail[f"{stem}.this"].label.partition(" on ")
        this.change(stem, label, withheld=few)
    add_homes(this)
    evidenced = having(workings.people_under(this.period, into_work), "state", *EVIDENCED)
    this.total_known("people.evidenced", evidenced)


def add_people_headlines(topic: Topic) -> str:
    """Add the people into work and the weeks of training of a period.

    Returns in which of the two ways people were counted.
    """
    workings = topic.workings
    headline = topic.enough().about(title="Local people")
    quantity_of(headline, "headline.training_weeks", *workings.in_group("training"))
    into_work = workings.in_group("into_work")
    return people_of(headline, "headline.residents_into_work", *into_work)


def quantity_of(topic: Topic, name: str, *refs: str) -> None:
    """Add the weeks or hours claimed under some measures."""
    claims = topic.workings.claims_under(topic.period, refs)
    topic.about(refs=", ".join(refs)).total(name, claims)


def way_counted(topic: Topic, *refs: str) -> str:
    """In which of the two ways people under some measures are counted in a period."""
    started = people.say_started(topic.workings.claims_under(topic.period, refs))
    return STARTED if len(started) and started.all() else AT_LEAST


def people_of(topic: Topic, name: str, *refs: str) -> str:
    """Add the people behind claims under some measures, each once; returns how they are counted."""
    claims = topic.workings.people_under(topic.period, refs)
    way = way_counted(topic, *refs)
    cautions = [_silent(claims), "" if way == STARTED else CAUTION]
    caution = "; ".join(filter(None, cautions))
    own = topic.about(refs=", ".join(refs), way=WORDS[way], rule=RULES[way])
    own.total_known(name, claims, caution=caution, silent=NO_HEADCOUNT)
    return way


def _in_post(topic: Topic, name: str, *refs: str) -> None:
    """People at work or learning on the last day of the period: a stock, never added over time."""
    claims = topic.workings.people_under(topic.period, refs, in_post=True)
    day = long_date(topic.period.end)
    own = topic.about(refs=", ".join(refs), day=day)
    own.total_known(name, claims, caution=_silent(claims), silent=NO_HEADCOUNT)


def _silent(claims: pd.DataFrame) -> str:
    """How many claims do not say how many people stand behind them."""
    silent = claims["headcount"].isna().sum()
    return f"{silent} claims do not say how many people, and are not in it" if silent else ""


def add_homes(topic: Topic) -> None:
    """Add how many of the people into work have a known home area; their headline comes first."""
    workings = topic.workings
    into_work = workings.in_group("into_work")
    rows = workings.counted_by_home(workings.claims_under(topic.period, into_work))
    known = rows[rows["place"] != NOT_KNOWN]
    missing = workings.missing(topic.period, "beneficiaries")
    topic.total_known("people.home_known", known, missing=missing)
    local = having(rows, "place", *workings.wards)
    topic.total_known("people.home_local", local, missing=missing)
    topic.less("people.home_unknown")
    topic.share("people.home_known_share")

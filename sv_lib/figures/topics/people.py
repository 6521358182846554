"""Figures on people: jobs, training, target groups, and how many homes are known."""

from __future__ import annotations

from sv_lib.figures.topic import Topic, both_periods
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.params import NOT_KNOWN

NO_HEADCOUNT = "no claim says how many people"


def add_people(trail: Trail, workings: Workings) -> None:
    """Add headlines on jobs, training and hours, headcounts of groups and learners, known homes."""
    needs = ("contracts", "returns")
    this, before = both_periods(trail, workings, *workings.sv_periods, *needs)
    into_work = workings.in_group("into_work")
    training = workings.in_group("training")
    # Target groups hold the people into work again, so they never add to that headline.
    counted = (*workings.in_group("target_group"), *training)
    for topic in (this, before):
        add_people_headlines(topic)
        _quantity(topic, "people.hours", *workings.hours_measures)
        for ref in counted:
            own = topic.about(title=workings.measures[ref].title)
            _headcount(own, "people.{refs}", ref)
    this.change("headline.residents_into_work", "Local people into work")
    this.change("headline.training_weeks", "Training and apprenticeship weeks")
    few = this.enough().missing or before.enough().missing
    for ref in counted:
        this.change(f"people.{ref}", workings.measures[ref].title, withheld=few)
    _homes(this, into_work)


def add_people_headlines(topic: Topic) -> None:
    """Add the people into work and the weeks of training of a period."""
    workings = topic.workings
    headline = topic.enough()
    _headcount(headline, "headline.residents_into_work", *workings.in_group("into_work"))
    _quantity(headline, "headline.training_weeks", *workings.in_group("training"))


def _quantity(topic: Topic, name: str, *refs: str) -> None:
    """Weeks or hours claimed under some measures."""
    claims = topic.workings.claims_under(topic.period, refs)
    topic.about(refs=", ".join(refs)).total(name, claims)


def _headcount(topic: Topic, name: str, *refs: str) -> None:
    """People behind claims under some measures; the caution counts claims that do not say."""
    claims = topic.workings.claims_under(topic.period, refs)
    silent = claims["headcount"].isna().sum()
    caution = f"{silent} claims give no headcount and are not in it" if silent else ""
    own = topic.about(refs=", ".join(refs))
    own.total_known(name, claims, caution=caution, silent=NO_HEADCOUNT)


def _homes(topic: Topic, refs: tuple[str, ...]) -> None:
    """Of the people into work, how many have a known home area."""
    workings = topic.workings
    people = workings.by_home(workings.claims_under(topic.period, refs))
    known = people[people["place"] != NOT_KNOWN]
    missing = workings.missing(topic.period, "beneficiaries")
    topic.total_known("people.home_known", known, missing=missing)
    topic.less("people.home_unknown")
    topic.share("people.home_known_share")

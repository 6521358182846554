"""Figures on people: jobs, training, target groups, and how many homes are known."""

from __future__ import annotations

from sv_lib.figures.topic import Topic, both_periods
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.params import NOT_KNOWN


def add_people(trail: Trail, workings: Workings) -> None:
    """Add headlines on jobs, training and hours, headcounts of groups and learners, known homes."""
    publication = workings.publication
    periods = publication.sv, publication.sv_before
    this, before = both_periods(trail, workings, *periods, "contracts", "returns")
    into_work = workings.in_group("into_work")
    training = workings.in_group("training")
    # Target groups hold the people into work again, so they never add to that headline.
    counted = (*workings.in_group("target_group"), *training)
    jobs, weeks = "headline.residents_into_work", "headline.training_weeks"
    for topic in (this, before):
        _headcount(topic, jobs, "Local people into work", into_work)
        _quantity(topic, weeks, "Training and apprenticeship weeks", training, "weeks")
        _quantity(topic, "people.hours", "Hours given", workings.hours_measures, "hours")
        for ref in counted:
            _headcount(topic, f"people.{ref}", workings.measures[ref].title, (ref,))
    for name in (jobs, weeks, *(f"people.{ref}" for ref in counted)):
        this.change(name, trail[f"{name}.this"].label)
    _homes(this, into_work)


def _quantity(topic: Topic, name: str, label: str, refs: tuple[str, ...], unit: str) -> None:
    """Weeks or hours claimed under some measures."""
    claims = topic.workings.claims_under(topic.period, refs)
    formula = f"{unit} claimed in the period under {', '.join(refs)}"
    topic.total(name, label, claims, formula, column="quantity", unit=unit)


def _headcount(topic: Topic, name: str, label: str, refs: tuple[str, ...]) -> None:
    """People behind claims under some measures; the caution counts claims that do not say."""
    claims = topic.workings.claims_under(topic.period, refs)
    silent = claims["headcount"].isna().sum()
    caution = f"{silent} claims give no headcount and are not in it" if silent else ""
    formula = f"people behind the claims of the period under {', '.join(refs)}"
    topic.total_known(name, label, claims, formula, column="headcount", caution=caution)


def _homes(topic: Topic, refs: tuple[str, ...]) -> None:
    """Of the people into work, how many have a known home area."""
    workings = topic.workings
    people = workings.by_home(workings.claims_under(topic.period, refs))
    topic.total_known(
        "people.home_known",
        "People whose home area is known",
        people[people["place"] != NOT_KNOWN],
        "people into work whose home area came with the return",
        column="headcount",
        missing=workings.missing("beneficiaries"),
    )
    topic.less(
        "people.home_unknown",
        "People whose home area is not known",
        "headline.residents_into_work",
        "people.home_known",
        "people into work less those whose home area is known",
    )
    topic.share(
        "people.home_known_share",
        "Home areas known",
        "people.home_known",
        "headline.residents_into_work",
        "people whose home area is known ÷ people into work",
    )

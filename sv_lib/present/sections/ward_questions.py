"""Ask next: questions that a ward's own figures raise, for the next meeting or letter."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pandas as pd

from sv_lib.figures.figure import NO_PROMISE, Figure
from sv_lib.figures.trail import slug
from sv_lib.periods import long_date
from sv_lib.present import cards, pieces
from sv_lib.present.markup import Html
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.sections import change
from sv_lib.present.sections.ward_ahead import coming, ending_of, projects_of
from sv_lib.present.tables import records

ASKED = 3
HALF_PCT = 50
"""Percent of the work done here from which one contract is asked about."""
A_THIRD = Fraction(1, 3)
"""The part of all wards that is called the most deprived, or the last by an amount."""


@pieces.text("ward.ask_next")
def _ask_next(report: Report) -> Html:
    """Three questions made from this ward's figures, the most pressing first."""
    asked: list[Html] = []
    for question in QUESTIONS:
        if len(asked) < ASKED and (words := question(report)):
            asked.append(words)
    return cards.callout("Ask next", asked)


def _owed_at_the_end(report: Report) -> Html:
    """The contract that ends with most still owed here."""
    for row in records(ending_of(report)):
        owed = _owed(report, row)
        if owed.is_known and owed.value:
            return _of_ending(report, "ask.owed", row, owed=owed.id)
    return Html()


def _owed(report: Report, row: Any) -> Figure:
    return report[f"contract.{slug(row.contract_id)}.undelivered.{report.ward}"]


def _of_ending(report: Report, template: str, row: Any, **slots: str) -> Html:
    """A question on a contract that ends, with what follows it if that is known."""
    if row.successor_title:
        template += "_followed"
        slots["successor"] = f"{row.successor_title} ({row.successor_id})"
    day = long_date(row.last_on.date())
    return say(report, template, title=f"{row.title} ({row.contract_id})", day=day, **slots)


def _nobody_from_here(report: Report) -> Html:
    """People were taken on for work here, and none is known to live here."""
    every, here = report.each(f"ward.{report.ward}.hired", ("all", "here"))
    if every.is_told and every.value != 0 and here.value == 0:
        return say(report, "ask.nobody_here")
    return Html()


def _nobody_taken_on(report: Report) -> Html:
    """Work was done here and no one was taken on for it."""
    works = report[f"lens.spend.{report.ward}.place"]
    if works.value and report[f"ward.{report.ward}.hired.all"].value == 0:
        return say(report, "ask.nobody_taken_on")
    return Html()


def _no_work(report: Report) -> Html:
    """No payment was for work done here."""
    if report[f"lens.spend.{report.ward}.place"].value == 0:
        return say(report, "ask.no_work")
    return Html()


def _furthest_behind(report: Report) -> Html:
    """The project here of whose promise the least has been claimed."""
    shares = {}
    asked = set(ending_of(report)["contract_id"])
    for row in records(projects_of(report)):
        if row.contract_id in asked:
            continue
        promised, claimed = report.each(
            f"contract.{slug(row.contract_id)}", ("promised", "reported")
        )
        if promised.value and claimed.value is not None and claimed.value < promised.value:
            title = f"{row.title} ({row.contract_id})"
            shares[title] = (Fraction(claimed.value) / Fraction(promised.value), promised, claimed)
    if not shares:
        return Html()
    title, (_, promised, claimed) = min(shares.items(), key=lambda item: item[1][0])
    return say(report, "ask.behind", title=title, promised=promised.id, claimed=claimed.id)


def _deprived_and_last(report: Report) -> Html:
    """The ward is among the most deprived and among those with least work for each resident."""
    wards = report.frame("wards")
    position = wards.set_index("ward_code")["position"][report.ward]
    stem = "ward.{}.per_head.spend"
    every = [stem.format(ward) for ward in wards["ward_code"]]
    place = report.calculation.trail.rank(stem.format(report.ward), every)
    if pd.isna(position) or place is None:
        return Html()
    a_third = A_THIRD * len(wards)
    if position > a_third or place[0] <= len(wards) - a_third:
        return Html()
    standing = report.standing(stem, report.ward)
    return say(report, "ask.deprived_and_last", position=str(position), standing=standing)


def _fall(report: Report) -> Html:
    """The amount of work done here fell."""
    before, _ = change.levels("spend", report.ward)
    moved = change.moved(report, f"bridge.spend.{report.ward}.change", before)
    return say(report, "ask.fall") if moved == "fell" else Html()


def _one_contract(report: Report) -> Html:
    """More than half of the work done here is one contract."""
    share = report[f"ward.{report.ward}.largest_contract.share"]
    contract = report.frame("wards").set_index("ward_code")["largest_contract"][report.ward]
    if share.value is None or share.value <= HALF_PCT or not isinstance(contract, str):
        return Html()
    title = report.rows("contract_titles", "contract_id", contract)["title"].iloc[0]
    return say(report, "ask.one_contract", title=f"{title} ({contract})")


def _homes_not_known(report: Report) -> Html:
    """Nobody said where some of those taken on for work here live."""
    homes = report[f"ward.{report.ward}.hired.unknown"]
    if homes.is_told and homes.value != 0:
        return say(report, "ask.homes")
    return Html()


def _parish_not_told(report: Report) -> Html:
    """A parish council here was not told of opportunities in the period."""
    here = report.rows("parishes", "ward_code", report.ward)
    left = here[here["told_on"].isna()]
    if "parishes" not in report.publication.inputs or left.empty:
        return Html()
    return say(report, "ask.parish", parish=left["parish"].iloc[0])


def _ends_without_promise(report: Report) -> Html:
    """A contract ends that promised nothing, so that the next one may."""
    for row in records(ending_of(report)):
        owed = _owed(report, row)
        if owed.caution == NO_PROMISE:
            return _of_ending(report, "ask.bare", row)
    return Html()


def _no_event(report: Report) -> Html:
    """No event to come is in this ward."""
    if coming(report)["ward_code"].eq(report.ward).any():
        return Html()
    return say(report, "ask.no_event")


def _no_story(report: Report) -> Html:
    """No story has come from here."""
    if report.rows("stories", "ward_code", report.ward).empty:
        return say(report, "ask.no_story")
    return Html()


QUESTIONS: tuple[Callable[[Report], Html], ...] = (
    _owed_at_the_end,
    _nobody_from_here,
    _nobody_taken_on,
    _no_work,
    _furthest_behind,
    _deprived_and_last,
    _fall,
    _one_contract,
    _homes_not_known,
    _parish_not_told,
    _ends_without_promise,
    _no_event,
    _no_story,
)
"""What may be asked, the most pressing first."""

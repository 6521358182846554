"""Figures on reach: whether jobs and training came to residents of the most deprived areas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from sv_lib.analysis import reach
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.topics.people import NO_HEADCOUNT
from sv_lib.figures.topics.places import BENEFICIARY, unplaced
from sv_lib.figures.trail import place_id
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import data_beside
from sv_lib.toms.measures import Group

DECILES = {"10": 1, "20": 2}
"""The most deprived 10% and 20% of England's LSOAs, by the last of their deciles."""
PEOPLE = "people"
"""Ends the id of what counts people; of anything else no interval is drawn."""
NO_PEOPLE = "weeks are not people, so no interval can be drawn"
TOO_FEW = "too few people to tell"


@dataclass(frozen=True)
class Reach:
    """What may reach the residents of an area; see ``reach.yaml`` beside this module."""

    group: Group
    what: str
    part: str
    column: str


def add_reach(topic: Topic) -> None:
    """Add whom people are compared with, fifths, reach ratios with bounds, and the curve."""
    _base(topic)
    workings = topic.workings
    needs = ("contracts", "returns", "beneficiaries", "deprivation")
    topic = topic.needing(*needs).enough()
    for name, kind in data_beside(__file__, dict[str, Reach], "reach.yaml").items():
        own = topic.about(reach=name, what=kind.what, part=kind.part)
        refs = workings.in_group(kind.group)
        claims = workings.claims_under(topic.period, refs)
        split = workings.counted_by_home if kind.part == PEOPLE else workings.by_home
        rows = split(claims).dropna(subset=[kind.column])
        silent = NO_HEADCOUNT if len(claims) and rows.empty else unplaced(rows, BENEFICIARY)
        own = replace(own, missing=own.missing or silent)
        by_fifth = reach.by_fifth(rows)
        for fifth in (*reach.FIFTHS, "outside", NOT_KNOWN):
            of_fifth = own.about(fifth=fifth, place=place_id(fifth))
            mine = having(by_fifth, "fifth", fifth)
            # People whose homes are not known are known to be that.
            at_all = replace(of_fifth, missing=topic.missing) if fifth == NOT_KNOWN else of_fifth
            at_all.total("fifth.{place}." + name, mine)
        for cut, top in DECILES.items():
            classified = reach.classify(rows, top)
            _ratio(own.about(cut=cut), name, kind, classified)
        _curve(own, name, by_fifth)


def _base(topic: Topic) -> None:
    """The residents that people are compared with: of working age where known, else all."""
    workings = topic.workings
    areas = workings.frame("deprivation")
    of_age = areas["residents_working_age"]
    base, whose, missing = areas["residents"], "residents", workings.residents_missing
    if len(areas) and of_age.notna().all():
        base, whose = of_age, "residents of working age"
        missing = workings.missing(topic.period, "deprivation")
    rows = areas.assign(base_residents=base)
    own = replace(topic, missing=missing).about(whose=whose, cut="all", where="")
    own.total("reach.base.{cut}", rows)
    for cut, top in DECILES.items():
        deprived = own.about(cut=cut, where=f" in the most deprived {cut}%")
        deprived.total("reach.base.{cut}", rows[rows["imd_decile"] <= top])
        deprived.share("reach.base.share_{cut}")


def _ratio(topic: Topic, name: str, kind: Reach, rows: pd.DataFrame) -> None:
    """Share that reached the most deprived areas against their share of residents."""
    inside = having(rows, "group", reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE)
    there = having(inside, "group", reach.MOST_DEPRIVED)
    stem = f"reach.{name}." + "{cut}."
    topic.total(stem + kind.part, there)
    known = topic.total(stem + "known", inside)
    few = "" if topic.missing else _few_homes(topic, kind.column, rows)
    topic.share("reach.{reach}.{cut}.share", withheld=few)
    ratio = topic.share("reach.{reach}.{cut}")
    withheld = NO_PEOPLE
    if kind.part == PEOPLE:
        with_effect = reach.with_design_effect(inside, kind.column)
        topic.total("reach.{reach}.{cut}.design_effect", with_effect)
        is_few = (known.value or 0) < topic.workings.disclosure.people_below
        withheld = TOO_FEW if is_few else ""
    if not ratio.is_known:
        withheld = ratio.caution
    for bound in ("low", "high"):
        topic.about(bound=bound).work("reach.{reach}.{cut}.{bound}", withheld=withheld)


def _few_homes(topic: Topic, column: str, rows: pd.DataFrame) -> str:
    """Why a share by home is withheld; empty where enough homes are known."""
    whole = sum(rows[column], Decimal(0))
    known = sum(rows[column][rows["place"] != NOT_KNOWN], Decimal(0))
    words = f"{int(100 * known / (whole or 1))}% of it has a known home"
    return topic.workings.withheld(known, whole, words)


def _curve(topic: Topic, name: str, rows: pd.DataFrame) -> None:
    """What reached each fifth with the more deprived ones; the curve needs every fifth shown."""
    inside = having(rows, "fifth", *reach.FIFTHS)
    for fifth in reach.FIFTHS:
        own = topic.about(fifth=fifth)
        mine = inside[inside["fifth"] <= fifth]
        own.total("concentration.{fifth}." + name + ".amount", mine)
        own.share("concentration.{fifth}.{reach}")

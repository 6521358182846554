"""Figures on reach: whether jobs and training came to residents of the most deprived areas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from sv_lib.analysis import reach
from sv_lib.figures.figure import Figure
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.topics.people import NO_HEADCOUNT
from sv_lib.figures.topics.places import BENEFICIARY, unplaced
from sv_lib.figures.trail import place_id
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import load_as
from sv_lib.toms.measures import Group

DECILES = {"10": 1, "20": 2}
"""The most deprived 10% and 20% of England's LSOAs, by the last of their deciles."""
BOUNDS = ("low", "high", "if_none", "if_all")
SIX_PLACES = Decimal("0.000001")
GUESS = "not a count: what the ratio could be if more were known"
CANNOT = "too few stand behind it, or none is known"


@dataclass(frozen=True)
class Reach:
    """What may reach the residents of an area; see ``reach.yaml`` beside this module."""

    group: Group
    what: str
    part: str
    column: str


def add_reach(topic: Topic) -> None:
    """Add fifths, reach ratios with their bounds, and the curve, of jobs and of training."""
    workings = topic.workings
    needs = ("contracts", "returns", "beneficiaries", "deprivation")
    topic = topic.needing(*needs).enough()
    for name, kind in load_as(dict[str, Reach], Path(__file__).with_name("reach.yaml")).items():
        own = topic.about(reach=name, what=kind.what, part=kind.part)
        refs = workings.in_group(kind.group)
        claims = workings.claims_under(topic.period, refs)
        rows = workings.by_home(claims).dropna(subset=[kind.column])
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


def _ratio(topic: Topic, name: str, kind: Reach, rows: pd.DataFrame) -> None:
    """Share that reached the most deprived areas against their share of residents."""
    inside = having(rows, "group", reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE)
    there = having(inside, "group", reach.MOST_DEPRIVED)
    stem = f"reach.{name}." + "{cut}."
    topic.total(stem + kind.part, there)
    topic.total(stem + "known", inside)
    few = "" if topic.missing else _few_homes(topic, kind.column, rows)
    topic.share("reach.{reach}.{cut}.share", withheld=few)
    ratio = topic.share("reach.{reach}.{cut}")
    bounds = _bounds(topic, ratio, kind.column, rows)
    reason = ratio.caution or CANNOT
    for bound in BOUNDS:
        value = bounds.get(bound)
        topic.estimate("reach.{reach}.{cut}." + bound, value, GUESS, reason)


def _few_homes(topic: Topic, column: str, rows: pd.DataFrame) -> str:
    """Why a share by home is withheld; empty where enough homes are known."""
    whole = sum(rows[column], Decimal(0))
    known = sum(rows[column][rows["place"] != NOT_KNOWN], Decimal(0))
    words = f"{int(100 * known / (whole or 1))}% of it has a known home"
    return topic.workings.withheld(known, whole, words)


def _bounds(topic: Topic, ratio: Figure, column: str, rows: pd.DataFrame) -> dict[str, Decimal]:
    """What the ratio could be.

    ``low`` and ``high``: by chance alone, of people only. ``if_none`` and ``if_all``: with every
    unknown home in the most deprived areas or in none. Empty where there is no ratio.
    """
    share = topic.trail[topic.id_of("population.share_{cut}")].value
    if not ratio.is_known or not share:
        return {}
    amounts = {}
    for group in (reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE, NOT_KNOWN):
        mine = having(rows, "group", group)
        amounts[group] = sum(mine[column], Decimal(0))
    there = amounts[reach.MOST_DEPRIVED]
    inside = there + amounts[reach.ELSEWHERE_HERE]
    everyone = inside + amounts[NOT_KNOWN]
    whole = Fraction(share)
    per_share = Decimal(100 * whole.denominator) / Decimal(whole.numerator)
    at_most = there + amounts[NOT_KNOWN]
    shares = {"if_none": there / everyone, "if_all": at_most / everyone}
    if column == "headcount":
        low, high = reach.interval(int(there), int(inside))
        shares |= {"low": low, "high": high}
    bounds = {}
    for bound, part in shares.items():
        ratio_at_bound = part * per_share
        bounds[bound] = ratio_at_bound.quantize(SIX_PLACES)
    return bounds


def _curve(topic: Topic, name: str, rows: pd.DataFrame) -> None:
    """What reached each fifth with the more deprived ones; the curve needs every fifth shown."""
    inside = having(rows, "fifth", *reach.FIFTHS)
    for fifth in reach.FIFTHS:
        own = topic.about(fifth=fifth)
        mine = inside[inside["fifth"] <= fifth]
        own.total("concentration.{fifth}." + name + ".amount", mine)
        own.share("concentration.{fifth}.{reach}")

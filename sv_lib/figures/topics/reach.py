"""Figures on reach: whether jobs and training came to residents of the most deprived areas."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from sv_lib.analysis import reach
from sv_lib.figures.figure import Figure
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.trail import place_id
from sv_lib.params import NOT_KNOWN
from sv_lib.toms.measures import Group

DECILES = {"10": 1, "20": 2}
"""The most deprived 10% and 20% of England's LSOAs, by the last of their deciles."""
GROUPS: tuple[tuple[str, Group], ...] = (("jobs", "into_work"), ("weeks", "training"))
"""Of each reach: its name, and the group of measures."""
WHAT = {"jobs": "people into work", "weeks": "weeks of training"}
PART = {"jobs": "people", "weeks": "amount"}
COLUMNS = {"jobs": "headcount", "weeks": "quantity"}
BOUNDS = ("low", "high", "if_none", "if_all")
SIX_PLACES = Decimal("0.000001")
GUESS = "not a count: what the ratio could be if more were known"
CANNOT = "too few stand behind it, or none is known"


def add_reach(topic: Topic) -> None:
    """Add fifths, reach ratios with their bounds, and the curve, of jobs and of training."""
    workings = topic.workings
    topic = topic.needing("contracts", "returns", "beneficiaries", "deprivation")
    for name, group in GROUPS:
        own = topic.about(reach=name, what=WHAT[name], part=PART[name])
        refs = workings.in_group(group)
        rows = workings.by_home(workings.claims_under(topic.period, refs))
        rows = rows[rows[COLUMNS[name]].notna()]
        by_fifth = reach.by_fifth(rows)
        for fifth in (*reach.FIFTHS, "outside", NOT_KNOWN):
            of_fifth = own.about(fifth=fifth, place=place_id(fifth))
            of_fifth.total("fifth.{place}." + name, having(by_fifth, "fifth", fifth))
        for cut, top in DECILES.items():
            _ratio(own.about(cut=cut), name, reach.classify(rows, top))
        _curve(own, name, by_fifth)


def _ratio(topic: Topic, name: str, rows: pd.DataFrame) -> None:
    """Share that reached the most deprived areas against their share of residents."""
    inside = having(rows, "group", reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE)
    there = having(inside, "group", reach.MOST_DEPRIVED)
    stem = f"reach.{name}." + "{cut}."
    topic.total(stem + PART[name], there)
    topic.total(stem + "known", inside)
    topic.share("reach.{reach}.{cut}.share")
    ratio = topic.share("reach.{reach}.{cut}")
    bounds = _bounds(topic, ratio, COLUMNS[name], rows)
    for bound in BOUNDS:
        reason = ratio.caution or CANNOT
        topic.estimate("reach.{reach}.{cut}." + bound, bounds.get(bound), GUESS, reason)


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
        amounts[group] = sum(having(rows, "group", group)[column], Decimal(0))
    there = amounts[reach.MOST_DEPRIVED]
    inside = there + amounts[reach.ELSEWHERE_HERE]
    everyone = inside + amounts[NOT_KNOWN]
    whole = Fraction(share)
    per_share = Decimal(100 * whole.denominator) / Decimal(whole.numerator)
    shares = {"if_none": there / everyone, "if_all": (there + amounts[NOT_KNOWN]) / everyone}
    if column == "headcount":
        low, high = reach.interval(int(there), int(inside))
        shares |= {"low": low, "high": high}
    return {bound: (part * per_share).quantize(SIX_PLACES) for bound, part in shares.items()}


def _curve(topic: Topic, name: str, rows: pd.DataFrame) -> None:
    """What reached each fifth with the more deprived ones; the curve needs every fifth shown."""
    inside = having(rows, "fifth", *reach.FIFTHS)
    for fifth in reach.FIFTHS:
        own = topic.about(fifth=fifth)
        own.total("concentration.{fifth}." + name + ".amount", inside[inside["fifth"] <= fifth])
        own.share("concentration.{fifth}.{reach}")

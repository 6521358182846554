"""Figures on reach: whether jobs and training came to residents of the most deprived areas."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from sv_lib.analysis import reach
from sv_lib.figures.topic import Topic, having
from sv_lib.figures.trail import place_id
from sv_lib.params import NOT_KNOWN
from sv_lib.toms.measures import Group

DECILES = {"10": 1, "20": 2}
"""The most deprived 10% and 20% of England's LSOAs, by the last of their deciles."""
GROUPS: tuple[tuple[str, Group], ...] = (("jobs", "into_work"), ("weeks", "training"))
"""Of each reach: its name, and the group of measures."""
WHAT = {"jobs": "people into work", "weeks": "weeks of training"}
UNITS = {"jobs": "people", "weeks": "weeks"}
COLUMNS = {"jobs": "headcount", "weeks": "quantity"}
PART = {"jobs": "people", "weeks": "amount"}
BOUNDS = ("low", "high", "if_none", "if_all")
BY_CHANCE = "exact binomial, 95%"
BY_UNKNOWN = "every unknown home there, or none"
GUESS = "not a count: what the ratio could be if more were known"
CANNOT = "too few stand behind it, or none is known"


def add_reach(topic: Topic) -> None:
    """Add fifths, reach ratios with their bounds, and the curve, of jobs and of training."""
    workings = topic.workings
    missing = workings.missing("contracts", "returns", "beneficiaries", "deprivation")
    for name, group in GROUPS:
        own = replace(topic, missing=missing, column=COLUMNS[name])
        refs = workings.in_group(group)
        rows = workings.by_home(workings.claims_under(topic.period, refs))
        rows = rows[rows[own.column].notna()]
        by_fifth = reach.by_fifth(rows)
        _fifths(own, name, by_fifth)
        for cut, top in DECILES.items():
            _ratio(own, name, cut, reach.classify(rows, top))
        _curve(own, name, by_fifth)


def _fifths(topic: Topic, name: str, rows: pd.DataFrame) -> None:
    """What reached each fifth of areas, homes outside the borough, and homes not known."""
    formula = f"{UNITS[name]} by the deprivation of the home area"
    for fifth in (*reach.FIFTHS, "outside", NOT_KNOWN):
        figure_name = f"fifth.{place_id(fifth)}.{name}"
        mine = having(rows, "fifth", fifth)
        topic.total(figure_name, f"Fifth {fifth}: {name}", mine, formula, unit=UNITS[name])


def _ratio(topic: Topic, name: str, cut: str, rows: pd.DataFrame) -> None:
    """Share that reached the most deprived areas against their share of residents."""
    what = WHAT[name]
    stem = f"reach.{name}.{cut}"
    inside = having(rows, "group", reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE)
    there = having(inside, "group", reach.MOST_DEPRIVED)
    topic.total(
        f"{stem}.{PART[name]}",
        f"{what.capitalize()}: the most deprived {cut}%",
        there,
        f"{what} of residents of LSOAs of England's most deprived {cut}%",
        unit=UNITS[name],
    )
    topic.total(
        f"{stem}.known",
        f"{what.capitalize()} with a known home in the borough",
        inside,
        f"{what} whose known home is in the borough",
        unit=UNITS[name],
    )
    topic.share(
        f"{stem}.share",
        f"Share of {what}: the most deprived {cut}%",
        f"{stem}.{PART[name]}",
        f"{stem}.known",
        "from there ÷ all with a known home in the borough",
    )
    topic.share(
        stem,
        f"Reach ratio of {what}, most deprived {cut}%",
        f"{stem}.share",
        f"population.share_{cut}",
        "their share of it ÷ their share of residents; 1 is parity",
        "ratio",
    )
    bounds = _bounds(topic, stem, cut, rows)
    for bound in BOUNDS:
        _bound(topic, name, stem, bound, bounds.get(bound))


def _bounds(topic: Topic, stem: str, cut: str, rows: pd.DataFrame) -> dict[str, Decimal]:
    """What the ratio could be.

    ``low`` and ``high``: by chance alone, of people only. ``if_none`` and ``if_all``: with every
    unknown home in the most deprived areas or in none. Empty where there is no ratio.
    """
    share = topic.trail[f"population.share_{cut}"].value
    if topic.trail[stem].value is None or not share:
        return {}
    amounts = {}
    for group in (reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE, NOT_KNOWN):
        amounts[group] = sum(having(rows, "group", group)[topic.column], Decimal(0))
    there = amounts[reach.MOST_DEPRIVED]
    inside = there + amounts[reach.ELSEWHERE_HERE]
    everyone = inside + amounts[NOT_KNOWN]
    whole = Fraction(share)
    per_share = Decimal(100 * whole.denominator) / Decimal(whole.numerator)
    shares = {"if_none": there / everyone, "if_all": (there + amounts[NOT_KNOWN]) / everyone}
    if topic.column == "headcount":
        low, high = reach.interval(int(there), int(inside))
        shares |= {"low": low, "high": high}
    return {bound: part * per_share for bound, part in shares.items()}


def _bound(topic: Topic, name: str, stem: str, bound: str, value: Decimal | None) -> None:
    """One bound of a ratio: an estimate, or why there is none."""
    ratio = topic.trail[stem]
    label = f"{ratio.label}: {bound.replace('_', ' ')}"
    if value is None:
        topic.unknown(f"{stem}.{bound}", label, ratio.caution or CANNOT, "ratio")
        return
    is_by_chance = bound in ("low", "high")
    topic.estimate(
        f"{stem}.{bound}",
        label,
        value.quantize(Decimal("0.000001")),
        stem,
        f"{stem}.known" if is_by_chance else f"fifth.unknown.{name}",
        f"the ratio at its bound: {BY_CHANCE if is_by_chance else BY_UNKNOWN}",
        GUESS,
    )


def _curve(topic: Topic, name: str, rows: pd.DataFrame) -> None:
    """What reached each fifth with the more deprived ones; the curve needs every fifth shown."""
    inside = having(rows, "fifth", *reach.FIFTHS)
    for fifth in reach.FIFTHS:
        stem = f"concentration.{fifth}.{name}"
        topic.total(
            f"{stem}.amount",
            f"The {fifth} most deprived fifths: {name}",
            inside[inside["fifth"] <= fifth],
            f"{UNITS[name]} of residents of the {fifth} most deprived fifths of LSOAs",
            unit=UNITS[name],
        )
        topic.share(
            stem,
            f"Share of {name} to the {fifth} most deprived fifths",
            f"{stem}.amount",
            f"reach.{name}.10.known",
            "to these fifths ÷ all with a known home in the borough",
        )

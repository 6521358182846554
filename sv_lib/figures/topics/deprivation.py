"""Figures on deprivation: who lives where, what reached them, and what was spent and delivered for
each resident.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd

from sv_lib.analysis import lenses, reach
from sv_lib.figures.topics.people import by_home, claims_of
from sv_lib.figures.topics.places import ward_table
from sv_lib.figures.trail import Trail, place_id
from sv_lib.figures.workings import NOT_KNOWN, Workings, priced
from sv_lib.periods import Period
from sv_lib.toms.measures import Group

DECILES = {"10": 1, "20": 2}
GROUPS: tuple[tuple[str, Group, str, str], ...] = (
    ("jobs", "into_work", "headcount", "people"),
    ("weeks", "training", "quantity", "weeks"),
)
"""Of each reach: its name, the group of measures, what is added up, and its unit."""
PER_HEAD = {
    "spend": "work done there",
    "social_value": "social value delivered there",
    "committed": "promised there",
}
HERE = (reach.MOST_DEPRIVED, reach.ELSEWHERE_HERE)
GUESS = "not a count: what the ratio could be if more were known"
NO_AREA = "the deprivation source puts no area in this ward"
CANNOT = "too few stand behind it, or none is known"


def add_deprivation(trail: Trail, w: Workings) -> None:
    """Population, reach with its interval and bounds, fifths, and amounts per head of every
    ward.
    """
    _population(trail, w)
    missing = w.missing("contracts", "returns", "beneficiaries", "deprivation")
    for name, group, column, unit in GROUPS:
        rows = by_home(w, claims_of(w, w.publication.sv, w.in_group(group)))
        rows = rows[rows[column].notna()]
        _fifths(trail, w, name, reach.by_fifth(rows), column, unit, missing)
        for cut, top in DECILES.items():
            _reach(
                trail,
                w,
                f"reach.{name}.{cut}",
                reach.classify(rows, top),
                column,
                unit,
                cut,
                missing,
            )
        _curve(trail, w, name, reach.by_fifth(rows), column, unit, missing)
    if w.wards:
        _wards(trail, w)
        _per_head(trail, w)


def _population(trail: Trail, w: Workings) -> None:
    """Residents and LSOAs of the borough, of its most deprived areas, and residents of each
    fifth.
    """
    period, areas = w.publication.sv, w.frame("deprivation")
    cuts = {"all": ("in all", areas)}
    cuts |= {
        f"most_deprived_{n}": (f"in the most deprived {n}%", areas[areas["imd_decile"] <= top])
        for n, top in DECILES.items()
    }
    for name, (where, rows) in cuts.items():
        trail.total(
            f"population.{name}",
            f"Residents {where}",
            rows,
            "residents",
            "people",
            period,
            "residents of these LSOAs",
            missing=w.residents_missing,
        )
        trail.count(
            f"deprivation.lsoas.{name}",
            f"LSOAs {where}",
            rows,
            "LSOAs",
            period,
            "number of LSOAs",
            missing=w.missing("deprivation"),
        )
    for n in DECILES:
        trail.ratio(
            f"population.share_{n}",
            f"Share of residents in the most deprived {n}%",
            f"population.most_deprived_{n}",
            "population.all",
            "residents there ÷ all residents",
        )
        trail.ratio(
            f"deprivation.share_{n}",
            f"Share of LSOAs in the most deprived {n}%",
            f"deprivation.lsoas.most_deprived_{n}",
            "deprivation.lsoas.all",
            "LSOAs there ÷ all LSOAs",
        )
    by_fifth = reach.by_fifth(areas)
    for n in reach.FIFTHS:
        for stem, rows, words in (
            (
                "population.fifth",
                by_fifth[by_fifth["fifth"] == n],
                f"fifth {n}, 1 the most deprived",
            ),
            ("population.up_to", by_fifth[by_fifth["fifth"] <= n], f"the {n} most deprived fifths"),
        ):
            trail.total(
                f"{stem}.{n}",
                f"Residents of {words}",
                rows,
                "residents",
                "people",
                period,
                "residents of these LSOAs",
                missing=w.residents_missing,
            )
            trail.ratio(
                f"{stem}.{n}.share",
                f"Share of residents: {words}",
                f"{stem}.{n}",
                "population.all",
                "residents there ÷ all residents",
            )


def _reach(
    trail: Trail,
    w: Workings,
    stem: str,
    rows: pd.DataFrame,
    column: str,
    unit: str,
    cut: str,
    missing: str,
) -> None:
    """Share that reached the most deprived areas against their share of residents; its interval and
    its bounds.
    """
    period, inside = w.publication.sv, rows[rows["group"].isin(HERE)]
    there = inside[inside["group"] == reach.MOST_DEPRIVED]
    what = "people into work" if unit == "people" else "weeks of training"
    part = "people" if unit == "people" else "amount"
    trail.total(
        f"{stem}.{part}",
        f"{what.capitalize()}: the most deprived {cut}%",
        there,
        column,
        unit,
        period,
        f"{what} of residents of LSOAs of England's most deprived {cut}%",
        missing=missing,
    )
    trail.total(
        f"{stem}.known",
        f"{what.capitalize()} with a known home in the borough",
        inside,
        column,
        unit,
        period,
        f"{what} whose known home is in the borough",
        missing=missing,
    )
    trail.ratio(
        f"{stem}.share",
        f"Share of {what}: the most deprived {cut}%",
        f"{stem}.{part}",
        f"{stem}.known",
        "from there ÷ all with a known home in the borough",
    )
    trail.ratio(
        stem,
        f"Reach ratio of {what}, most deprived {cut}%",
        f"{stem}.share",
        f"population.share_{cut}",
        "their share of it ÷ their share of residents; 1 is parity",
        unit="ratio",
    )
    _bounds(trail, stem, cut, there, inside, rows[rows["group"] == NOT_KNOWN], column)


def _bounds(
    trail: Trail,
    stem: str,
    cut: str,
    there: pd.DataFrame,
    inside: pd.DataFrame,
    unknown: pd.DataFrame,
    column: str,
) -> None:
    """What the ratio could be: by chance alone (people only), and with every unknown home in or out
    of
    there.
    """
    ratio, share = trail[stem], trail[f"population.share_{cut}"].value
    amounts = [sum(rows[column], Decimal(0)) for rows in (there, inside, unknown)]
    names = ("low", "high", "if_none", "if_all")
    values: dict[str, Decimal] = {}
    if ratio.value is not None and share:
        here, known, lost = amounts
        whole = Fraction(share)
        per = Decimal(100 * whole.denominator) / Decimal(whole.numerator)
        values = {
            "if_none": here / (known + lost) * per,
            "if_all": (here + lost) / (known + lost) * per,
        }
        if column == "headcount":
            low, high = reach.interval(int(here), int(known))
            values |= {"low": low * per, "high": high * per}
    for name in names:
        label = f"{ratio.label}: {name.replace('_', ' ')}"
        if name in values:
            rule, of = (
                ("exact binomial, 95%", f"{stem}.known")
                if name in ("low", "high")
                else ("every unknown home there, or none", f"fifth.unknown.{stem.split('.')[1]}")
            )
            trail.estimate(
                f"{stem}.{name}",
                label,
                values[name].quantize(Decimal("0.000001")),
                stem,
                of,
                f"the ratio at its bound: {rule}",
                GUESS,
            )
        else:
            trail.unknown(f"{stem}.{name}", label, "ratio", ratio.period, ratio.caution or CANNOT)


def _fifths(
    trail: Trail, w: Workings, name: str, rows: pd.DataFrame, column: str, unit: str, missing: str
) -> None:
    """What reached each fifth of areas, homes outside the borough, and homes that are not known."""
    period = w.publication.sv
    for group in (*reach.FIFTHS, "outside", NOT_KNOWN):
        trail.total(
            f"fifth.{place_id(group)}.{name}",
            f"Fifth {group}: {name}",
            rows[rows["fifth"] == group],
            column,
            unit,
            period,
            f"{unit} by the deprivation of the home area",
            missing=missing,
        )


def _curve(
    trail: Trail, w: Workings, name: str, rows: pd.DataFrame, column: str, unit: str, missing: str
) -> None:
    """What reached each fifth with the more deprived ones; the curve needs every fifth shown."""
    period, inside = w.publication.sv, rows[rows["fifth"].isin(reach.FIFTHS)]
    for n in reach.FIFTHS:
        stem = f"concentration.{n}.{name}"
        trail.total(
            f"{stem}.amount",
            f"The {n} most deprived fifths: {name}",
            inside[inside["fifth"] <= n],
            column,
            unit,
            period,
            f"{unit} of residents of the {n} most deprived fifths of LSOAs",
            missing=missing,
        )
        trail.ratio(
            stem,
            f"Share of {name} to the {n} most deprived fifths",
            f"{stem}.amount",
            f"reach.{name}.10.known",
            "to these fifths ÷ all with a known home in the borough",
        )


def _wards(trail: Trail, w: Workings) -> None:
    """LSOAs of each ward, all and in the most deprived 10% and 20%, and the residents who live in
    those.
    """
    period, areas, missing = w.publication.sv, w.frame("deprivation"), w.missing("deprivation")
    for code in w.wards:
        mine, name = areas[areas["ward_code"] == code], w.council.ward_name(code)
        nowhere = NO_AREA if mine.empty else ""
        cuts = {"": ("", mine)} | {
            f"_{cut}": (f" in the most deprived {cut}%", mine[mine["imd_decile"] <= top])
            for cut, top in DECILES.items()
        }
        for suffix, (words, rows) in cuts.items():
            trail.count(
                f"ward.{code}.lsoas{suffix}",
                f"{name}: LSOAs{words}",
                rows,
                "LSOAs",
                period,
                "number of LSOAs",
                missing=missing,
            )
            trail.total(
                f"ward.{code}.residents{suffix}",
                f"{name}: residents{words}",
                rows,
                "residents",
                "people",
                period,
                "residents of the ward's LSOAs",
                missing=w.residents_missing or nowhere,
            )
        for cut in DECILES:
            trail.ratio(
                f"ward.{code}.share_{cut}",
                f"{name}: share of residents in the most deprived {cut}%",
                f"ward.{code}.residents_{cut}",
                f"ward.{code}.residents",
                "residents there ÷ all the ward's residents",
            )


def _per_head(trail: Trail, w: Workings) -> None:
    """Work paid for, social value delivered and promised: in each ward, in each fifth of the wards,
    per resident.
    """
    pub, shares = w.publication, w.frame("contract_places")
    missing = w.missing("contracts", "contract_places", "returns", "proxies")
    unpaid = w.missing("payments", "contracts", "contract_places")
    sources = {
        "spend": (w.paid_to_whom(pub.spend), "amount_pence", pub.spend, unpaid),
        "social_value": (priced(w.claims(pub.sv)), "value_pence", pub.sv, missing),
        "social_value.before": (
            priced(w.claims(pub.sv_before)),
            "value_pence",
            pub.sv_before,
            missing,
        ),
        "committed": (priced(w.committed(pub.sv)), "value_pence", pub.sv, missing),
    }
    for name, (rows, column, period, gone) in sources.items():
        family, _, before = name.partition(".")
        placed = lenses.works(rows, shares)
        groups = dict(iter(placed.groupby("place", observed=True)))
        for place in w.places if family != "spend" else ():
            words = place if place not in w.wards else w.council.ward_name(place)
            trail.total(
                f"lens.{family}.{place_id(place)}.place{'.before' if before else ''}",
                f"{words}: {PER_HEAD[family]}",
                groups.get(place, placed.iloc[:0]),
                column,
                "pence",
                period,
                f"{PER_HEAD[family]}, by each contract's places",
                missing=gone,
            )
        if not before:
            _ward_fifths(trail, w, family, placed, column, period, gone)
    for code in w.wards:
        for family, words in PER_HEAD.items():
            trail.ratio(
                f"ward.{code}.per_head.{family}",
                f"{w.council.ward_name(code)}: {words}, per resident",
                f"lens.{family}.{code}.place",
                f"ward.{code}.residents",
                f"{words} ÷ residents",
                unit="pence per resident",
            )


def _ward_fifths(
    trail: Trail,
    w: Workings,
    family: str,
    placed: pd.DataFrame,
    column: str,
    period: Period,
    missing: str,
) -> None:
    """The wards in order of deprivation, cut into five groups of equal number as near as can be."""
    order, areas = list(ward_table(w)["ward_code"]), w.frame("deprivation")
    for n, wards in enumerate(np.array_split(order, min(len(reach.FIFTHS), len(order))), start=1):
        stem, words = f"ward_fifth.{n}", f"fifth {n} of the wards, 1 the most deprived"
        if f"{stem}.residents" not in trail:
            trail.total(
                f"{stem}.residents",
                f"Residents of {words}",
                areas[areas["ward_code"].isin(wards)],
                "residents",
                "people",
                period,
                "residents of their LSOAs",
                missing=w.residents_missing,
            )
        trail.total(
            f"{stem}.{family}",
            f"{PER_HEAD[family].capitalize()}, {words}",
            placed[placed["place"].isin(wards)],
            column,
            "pence",
            period,
            f"{PER_HEAD[family]}, by each contract's places",
            missing=missing,
        )
        trail.ratio(
            f"{stem}.{family}.per_head",
            f"{PER_HEAD[family].capitalize()}, per resident, {words}",
            f"{stem}.{family}",
            f"{stem}.residents",
            "amount ÷ residents",
            unit="pence per resident",
        )

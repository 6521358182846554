"""Figures on deprivation: who lives where, and what was spent and delivered for each resident."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sv_lib.analysis import lenses, reach
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.topics.places import ward_table
from sv_lib.figures.topics.reach import DECILES, add_reach
from sv_lib.figures.trail import Trail, place_id
from sv_lib.figures.workings import Workings, priced

PER_HEAD = {
    "spend": "work done there",
    "social_value": "social value delivered there",
    "committed": "promised there",
}
NO_AREA = "the deprivation source puts no area in this ward"
PER_RESIDENT = "pence per resident"


def add_deprivation(trail: Trail, workings: Workings) -> None:
    """Add population, reach with its interval and bounds, and amounts per head of every ward."""
    period = workings.publication.sv
    topic = Topic(trail, workings, period, column="residents")
    residents = replace(topic, missing=workings.residents_missing)
    areas = replace(topic, missing=workings.missing("deprivation"))
    _population(residents, areas)
    _fifths_of_population(residents)
    add_reach(topic)
    if workings.wards:
        _wards(residents, areas)
        _per_head(topic)


def _population(residents: Topic, areas: Topic) -> None:
    """Residents and LSOAs of the borough and of its most deprived areas."""
    rows = residents.workings.frame("deprivation")
    cuts = {"all": ("in all", rows)}
    for cut, top in DECILES.items():
        deprived = rows[rows["imd_decile"] <= top]
        cuts[f"most_deprived_{cut}"] = (f"in the most deprived {cut}%", deprived)
    for name, (where, mine) in cuts.items():
        residents.total(
            f"population.{name}", f"Residents {where}", mine, "residents of these LSOAs"
        )
        areas.count(f"deprivation.lsoas.{name}", f"LSOAs {where}", mine, "LSOAs", "number of LSOAs")
    for cut in DECILES:
        residents.share(
            f"population.share_{cut}",
            f"Share of residents in the most deprived {cut}%",
            f"population.most_deprived_{cut}",
            "population.all",
            "residents there ÷ all residents",
        )
        areas.share(
            f"deprivation.share_{cut}",
            f"Share of LSOAs in the most deprived {cut}%",
            f"deprivation.lsoas.most_deprived_{cut}",
            "deprivation.lsoas.all",
            "LSOAs there ÷ all LSOAs",
        )


def _fifths_of_population(residents: Topic) -> None:
    """Residents of each fifth of areas, and of each with the more deprived ones."""
    rows = reach.by_fifth(residents.workings.frame("deprivation"))
    for fifth in reach.FIFTHS:
        alone = f"fifth {fifth}, 1 the most deprived"
        together = f"the {fifth} most deprived fifths"
        _part_of_population(
            residents, f"population.fifth.{fifth}", alone, rows[rows["fifth"] == fifth]
        )
        _part_of_population(
            residents, f"population.up_to.{fifth}", together, rows[rows["fifth"] <= fifth]
        )


def _part_of_population(residents: Topic, name: str, words: str, rows: pd.DataFrame) -> None:
    """Residents of some areas, and their share of all residents."""
    residents.total(name, f"Residents of {words}", rows, "residents of these LSOAs")
    residents.share(
        f"{name}.share",
        f"Share of residents: {words}",
        name,
        "population.all",
        "residents there ÷ all residents",
    )


def _wards(residents: Topic, areas: Topic) -> None:
    """LSOAs of each ward, all and in the most deprived 10% and 20%, and who lives in those."""
    workings = residents.workings
    groups = Groups(workings.frame("deprivation"), "ward_code")
    for code in workings.wards:
        name = workings.name_of(code)
        stem = f"ward.{code}"
        mine = groups[code]
        nowhere = NO_AREA if mine.empty else ""
        cuts = {"": ("", mine)}
        for cut, top in DECILES.items():
            deprived = mine[mine["imd_decile"] <= top]
            cuts[f"_{cut}"] = (f" in the most deprived {cut}%", deprived)
        for end, (words, rows) in cuts.items():
            label = f"{name}: LSOAs{words}"
            areas.count(f"{stem}.lsoas{end}", label, rows, "LSOAs", "number of LSOAs")
            residents.total(
                f"{stem}.residents{end}",
                f"{name}: residents{words}",
                rows,
                "residents of the ward's LSOAs",
                missing=nowhere,
            )
        for cut in DECILES:
            residents.share(
                f"{stem}.share_{cut}",
                f"{name}: share of residents in the most deprived {cut}%",
                f"{stem}.residents_{cut}",
                f"{stem}.residents",
                "residents there ÷ all the ward's residents",
            )


def _per_head(topic: Topic) -> None:
    """Work paid for, social value delivered and promised, by place of works and per resident."""
    workings = topic.workings
    publication = workings.publication
    places = ("contracts", "contract_places")
    spend = Topic(
        topic.trail,
        workings,
        publication.spend,
        missing=workings.missing("payments", *places),
        column="amount_pence",
    )
    social = replace(
        topic, missing=workings.missing(*places, "returns", "proxies"), column="value_pence"
    )
    before = replace(social, period=publication.sv_before, suffix="before")
    _ward_fifths(spend, "spend", _by_works(workings, workings.paid_to_whom(publication.spend)))
    delivered = _by_works(workings, priced(workings.claims(publication.sv)))
    _by_place(social, "social_value", delivered)
    _ward_fifths(social, "social_value", delivered)
    earlier = _by_works(workings, priced(workings.claims(publication.sv_before)))
    _by_place(before, "social_value", earlier)
    promised = _by_works(workings, priced(workings.committed(publication.sv)))
    _by_place(social, "committed", promised)
    _ward_fifths(social, "committed", promised)
    for code in workings.wards:
        for family, words in PER_HEAD.items():
            topic.share(
                f"ward.{code}.per_head.{family}",
                f"{workings.name_of(code)}: {words}, per resident",
                f"lens.{family}.{code}.place",
                f"ward.{code}.residents",
                f"{words} ÷ residents",
                PER_RESIDENT,
            )


def _by_works(workings: Workings, rows: pd.DataFrame) -> pd.DataFrame:
    return lenses.works(rows, workings.frame("contract_places"))


def _by_place(topic: Topic, family: str, placed: pd.DataFrame) -> None:
    """One figure a place, by each contract's places of work."""
    workings = topic.workings
    groups = Groups(placed, "place")
    words = PER_HEAD[family]
    for place in workings.places:
        topic.total(
            f"lens.{family}.{place_id(place)}.place",
            f"{workings.name_of(place)}: {words}",
            groups[place],
            f"{words}, by each contract's places",
        )


def _ward_fifths(topic: Topic, family: str, placed: pd.DataFrame) -> None:
    """The wards by deprivation, in five groups of as equal number as can be: amounts per head."""
    workings = topic.workings
    residents = replace(topic, missing=workings.residents_missing, column="residents")
    areas = workings.frame("deprivation")
    ranked = list(ward_table(workings)["ward_code"])
    count = min(len(reach.FIFTHS), len(ranked))
    what = PER_HEAD[family].capitalize()
    for fifth, wards in enumerate(np.array_split(ranked, count), start=1):
        stem = f"ward_fifth.{fifth}"
        words = f"fifth {fifth} of the wards, 1 the most deprived"
        if f"{stem}.residents" not in topic.trail:
            mine = having(areas, "ward_code", *wards)
            label = f"Residents of {words}"
            residents.total(f"{stem}.residents", label, mine, "residents of their LSOAs")
        topic.total(
            f"{stem}.{family}",
            f"{what}, {words}",
            having(placed, "place", *wards),
            f"{PER_HEAD[family]}, by each contract's places",
        )
        topic.share(
            f"{stem}.{family}.per_head",
            f"{what}, per resident, {words}",
            f"{stem}.{family}",
            f"{stem}.residents",
            "amount ÷ residents",
            PER_RESIDENT,
        )

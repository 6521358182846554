"""Figures on deprivation: who lives where, and what was spent and claimed for each resident."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from sv_lib.analysis import lenses, reach
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.topics.measures import CLAIMED, PROMISED
from sv_lib.figures.topics.places import WORKS, unplaced, unranked, ward_table
from sv_lib.figures.topics.reach import DECILES, add_reach
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings, priced
from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period

PER_HEAD = {
    "spend": "work done there",
    "social_value": "social value claimed there",
    "committed": "promised there",
}
NO_AREA = "the deprivation source puts no area in this ward"


def add_deprivation(trail: Trail, workings: Workings) -> None:
    """Add population, reach with its interval and bounds, and amounts per head of every ward."""
    period = workings.publication.sv
    topic = Topic(trail, workings, period)
    residents = replace(topic, missing=workings.residents_missing)
    areas = topic.needing("deprivation")
    _population(residents, areas)
    _fifths_of_population(residents)
    add_reach(topic)
    if workings.wards:
        _wards(residents, areas)
        _per_head(topic)


def _population(residents: Topic, areas: Topic) -> None:
    """Residents and LSOAs of the borough and of its most deprived areas."""
    rows = residents.workings.frame("deprivation")
    whole = residents.about(cut="all", where=" in all")
    for own, mine in _by_deprivation(whole, rows, "most_deprived_"):
        own.total("population.{cut}", mine)
        replace(own, missing=areas.missing).count("deprivation.lsoas.{cut}", mine)
    for decile in DECILES:
        residents.about(decile=decile).share("population.share_{decile}")
        areas.about(decile=decile).share("deprivation.share_{decile}")


def _by_deprivation(
    topic: Topic, areas: pd.DataFrame, cut: str
) -> Iterator[tuple[Topic, pd.DataFrame]]:
    """All of some areas, then those of the most deprived 10% and 20%: the topic and the rows."""
    yield topic, areas
    for decile, top in DECILES.items():
        deprived = topic.about(cut=cut + decile, where=f" in the most deprived {decile}%")
        yield deprived, areas[areas["imd_decile"] <= top]


def _fifths_of_population(residents: Topic) -> None:
    """Residents of each fifth of areas, and of each with the more deprived ones."""
    areas = reach.by_fifth(residents.workings.frame("deprivation"))
    for fifth in reach.FIFTHS:
        own = residents.about(fifth=fifth)
        own.total("population.fifth.{fifth}", areas[areas["fifth"] == fifth])
        own.share("population.fifth.{fifth}.share")
        own.total("population.up_to.{fifth}", areas[areas["fifth"] <= fifth])
        own.share("population.up_to.{fifth}.share")


def _wards(residents: Topic, areas: Topic) -> None:
    """LSOAs of each ward, all and in the most deprived 10% and 20%, and who lives in those."""
    workings = residents.workings
    groups = Groups(workings.frame("deprivation"), "ward_code")
    for code in workings.wards:
        mine = groups[code]
        nowhere = NO_AREA if mine.empty else ""
        whole = residents.at(code).about(cut="", where="")
        for own, rows in _by_deprivation(whole, mine, "_"):
            of_areas = replace(own, missing=areas.missing)
            of_areas.count("ward.{place}.lsoas{cut}", rows, missing=nowhere)
            own.total("ward.{place}.residents{cut}", rows, missing=nowhere)
        for decile in DECILES:
            residents.at(code).about(decile=decile).share("ward.{place}.share_{decile}")


def _per_head(topic: Topic) -> None:
    """Work paid for, social value claimed and promised, by place of works and per resident."""
    workings = topic.workings
    publication = workings.publication
    spend = _needing(topic, publication.spend, "payments", "contracts")
    social = _needing(topic, publication.sv, *CLAIMED).enough()
    earlier_claims = _needing(topic, publication.sv_before, *CLAIMED).enough()
    before = replace(earlier_claims, suffix="before")
    promise = _needing(topic, publication.sv, *PROMISED)
    paid = _by_works(workings, workings.paid_to_whom(publication.spend))
    claims = workings.claims(publication.sv)
    claims_before = workings.claims(publication.sv_before)
    committed = workings.committed(publication.sv)
    claimed = _by_works(workings, priced(claims))
    earlier = _by_works(workings, priced(claims_before))
    promised = _by_works(workings, priced(committed))
    _ward_fifths(spend, "spend", paid)
    _by_place(social, "social_value", claimed)
    _ward_fifths(social, "social_value", claimed)
    _by_place(before, "social_value", earlier)
    _by_place(promise, "committed", promised)
    _ward_fifths(promise, "committed", promised)
    topic.share("wards.per_head.spend")
    for code in workings.wards:
        own = topic.at(code)
        for family, what in PER_HEAD.items():
            own.about(family=family, what=what).share("ward.{place}.per_head.{family}")
        own.share("ward.{place}.per_head.spend.without_largest")


def _needing(topic: Topic, period: Period, *tables: str) -> Topic:
    """A topic of a period whose figures need the places of contracts beside some tables."""
    return replace(topic, period=period).needing(*tables, "contract_places")


def _by_works(workings: Workings, rows: pd.DataFrame) -> pd.DataFrame:
    return lenses.works(rows, workings.frame("contract_places"))


def _by_place(topic: Topic, family: str, placed: pd.DataFrame) -> None:
    """One figure a place, by each contract's places of work."""
    workings = topic.workings
    groups = Groups(placed, "place")
    topic = topic.about(family=family, what=PER_HEAD[family])
    nowhere = unplaced(placed, WORKS)
    for place in workings.places:
        own = topic.at(place)
        missing = "" if place == NOT_KNOWN else nowhere or workings.unnamed(place)
        own.total("lens.{family}.{place}.place", groups[place], missing=missing)


def _ward_fifths(topic: Topic, family: str, placed: pd.DataFrame) -> None:
    """The wards by deprivation, in five groups of as equal number as can be: amounts per head.

    Each is given with and without the contract that most of it is under.
    """
    workings = topic.workings
    what = PER_HEAD[family]
    topic = topic.about(family=family, what=what, What=what.capitalize())
    areas = workings.frame("deprivation")
    wards_in_order = ward_table(workings)
    in_no_order = workings.residents_missing or unranked(wards_in_order)
    ranked = list(wards_in_order["ward_code"])
    count = min(len(reach.FIFTHS), len(ranked))
    name = "spend" if family == "spend" else "{family}"
    for fifth, wards in enumerate(np.array_split(ranked, count), start=1):
        own = topic.about(fifth=fifth)
        if own.id_of("ward_fifth.{fifth}.residents") not in topic.trail:
            residents = replace(own, missing=in_no_order)
            residents.total("ward_fifth.{fifth}.residents", having(areas, "ward_code", *wards))
        mine = having(placed, "place", *wards)
        missing = in_no_order or unplaced(placed, WORKS)
        own.total("ward_fifth.{fifth}." + name, mine, missing=missing)
        own.share("ward_fifth.{fifth}.{family}.per_head")
        largest = having(mine, "contract_id", _largest_contract(mine))
        own.total("ward_fifth.{fifth}.largest." + name, largest, missing=missing)
        own.less("ward_fifth.{fifth}.{family}.without_largest")
        own.share("ward_fifth.{fifth}.{family}.per_head.without_largest")


def _largest_contract(rows: pd.DataFrame) -> str:
    """The contract that most is under; "" where no contract has anything."""
    column = "amount_pence" if "amount_pence" in rows else "value_pence"
    sums = rows.groupby("contract_id")[column].sum()
    return str(sums.idxmax()) if (sums > 0).any() else ""

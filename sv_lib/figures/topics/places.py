"""Figures by place: three lenses for pounds, jobs, weeks and hours, which are never added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from sv_lib.analysis import lenses
from sv_lib.figures.topic import Groups, Topic, both_periods, having
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.params import NOT_KNOWN

SUPPLIER, WORKS, BENEFICIARY = "supplier", "place", "beneficiary"
WHOLE = {
    "spend": "spend.total.this",
    "jobs": "headline.residents_into_work.this",
    "weeks": "headline.training_weeks.this",
    "hours": "people.hours.this",
}
"""The figure that all places of a family add up to."""
COMPARED = (("spend", SUPPLIER), ("spend", WORKS), ("jobs", BENEFICIARY), ("weeks", BENEFICIARY))
"""Lenses that the pages set beside the period before."""
WHERE = {
    SUPPLIER: "of suppliers based there",
    WORKS: "under contracts whose work is done there, by each contract's shares",
    BENEFICIARY: "of people whose home is there",
}
ADDED_UP = ("amount_pence", "headcount", "quantity")
BY_HOMES = "payments under each contract, by the homes of the people hired or trained under it"


@dataclass(frozen=True)
class Lens:
    """One family of figures seen by one lens.

    ``rows`` have a ``place``. ``nowhere``: why no place has any of it for certain; then all there
    is stands in the class that is not known. ``people``: by whose homes the rows were split, when
    these are not claims.
    """

    family: str
    name: str
    rows: pd.DataFrame
    rule: str
    missing: str
    nowhere: str
    people: pd.DataFrame | None = None

    @property
    def is_compared(self) -> bool:
        """Whether pages set it beside the period before."""
        return (self.family, self.name) in COMPARED


def add_places(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add every lens of every ward and class, with its coverage. Returns the table ``wards``."""
    if not workings.wards:
        return {}
    publication = workings.publication
    of_spend = publication.spend, publication.spend_before
    of_social_value = publication.sv, publication.sv_before
    spend, spend_before = both_periods(trail, workings, *of_spend)
    social, social_before = both_periods(trail, workings, *of_social_value)
    people = _hired_or_trained(workings)
    of_wards = pd.Series(dtype="string")
    for lens in (*_spend_lenses(spend, people), *_claim_lenses(social)):
        topic = spend if lens.family == "spend" else social
        _places_of(replace(topic, suffix=""), lens)
        _coverage(replace(topic, suffix=""), lens)
        if (lens.family, lens.name) == ("spend", WORKS):
            of_wards = _largest_contracts(replace(spend, suffix=""), lens)
    for lens in (*_spend_lenses(spend_before, None), *_claim_lenses(social_before)):
        if lens.is_compared:
            _places_of(spend_before if lens.family == "spend" else social_before, lens)
    _changes(replace(spend, suffix=""))
    _hired_here(replace(social, suffix=""), people)
    wards = ward_table(workings)
    largest = wards["ward_code"].map(of_wards).astype("string")
    return {"wards": wards.assign(largest_contract=largest)}


def _hired_or_trained(workings: Workings) -> pd.DataFrame:
    """The people hired or trained in the period, by home."""
    refs = (*workings.in_group("into_work"), *workings.in_group("training"))
    claims = workings.claims_under(workings.publication.sv, refs)
    return workings.by_home(claims[claims["headcount"].notna()])


def _spend_lenses(topic: Topic, people: pd.DataFrame | None) -> Iterator[Lens]:
    """Payments by the supplier's ward, by place of works, and by the homes of ``people``."""
    workings = topic.workings
    paid = workings.paid_to_whom(topic.period)
    gone = f"no payments supplied for {topic.period}" if paid.empty else ""
    rows = lenses.supplier(paid)
    nowhere = gone or workings.missing("suppliers", "postcodes")
    yield Lens("spend", SUPPLIER, rows, f"payments {WHERE[SUPPLIER]}", gone, nowhere)
    rows = lenses.works(paid, workings.frame("contract_places"))
    nowhere = gone or workings.missing("contracts", "contract_places")
    yield Lens("spend", WORKS, rows, f"payments {WHERE[WORKS]}", gone, nowhere)
    if people is not None:
        rows = lenses.residents(paid, people)
        unsplit = gone or workings.missing("contracts", "returns", "beneficiaries")
        yield Lens("spend", BENEFICIARY, rows, BY_HOMES, unsplit, unsplit, people)


def _claim_lenses(topic: Topic) -> Iterator[Lens]:
    """People hired, weeks of training and hours given: by contractor, place of works and home."""
    workings = topic.workings
    claims = workings.claims(topic.period)
    holder = workings.contracts.set_index("contract_id")["supplier_id"]
    ward = claims["contract_id"].map(holder).map(workings.based["ward_code"])
    claims = claims.assign(ward_code=ward.astype("string").fillna(NOT_KNOWN))
    jobs = having(claims, "measure_ref", *workings.in_group("into_work"))
    jobs = jobs[jobs["headcount"].notna()]
    weeks = having(claims, "measure_ref", *workings.in_group("training"))
    hours = having(claims, "measure_ref", *workings.hours_measures)
    yield from _by_three_lenses(workings, "jobs", jobs, "people into work")
    yield from _by_three_lenses(workings, "weeks", weeks, "training and apprenticeship weeks")
    yield from _by_three_lenses(workings, "hours", hours, "hours given")


def _by_three_lenses(
    workings: Workings, family: str, claims: pd.DataFrame, words: str
) -> Iterator[Lens]:
    """One family of claims by each lens."""
    missing = workings.missing("contracts", "returns")
    by_works = lenses.works(claims, workings.frame("contract_places"))
    for name, rows, needs in (
        (SUPPLIER, lenses.supplier(claims), ("suppliers", "postcodes")),
        (WORKS, by_works, ("contract_places",)),
        (BENEFICIARY, workings.by_home(claims), ("beneficiaries",)),
    ):
        nowhere = workings.missing("contracts", "returns", *needs)
        yield Lens(family, name, rows, f"{words} {WHERE[name]}", missing, nowhere)


def _places_of(topic: Topic, lens: Lens) -> None:
    """One figure a place. Where not one home is known, no ward is called nil."""
    workings = topic.workings
    groups = Groups(_narrow(lens), "place")
    no_home_is_known = lens.name == BENEFICIARY and set(groups) == {NOT_KNOWN}
    silent = "no return gives a home area" if no_home_is_known else ""
    topic = topic.about(lens=lens.name, rule=lens.rule)
    for place in workings.places:
        own = topic.at(place)
        missing = lens.missing if place == NOT_KNOWN else lens.nowhere or silent
        name = f"lens.{lens.family}." + "{place}.{lens}"
        figure = own.total(name, groups[place], missing=missing)
        if lens.people is not None:
            topic.trail.hand_over(figure, having(lens.people, "place", place))


def _narrow(lens: Lens) -> pd.DataFrame:
    """The rows of a lens with the columns that figures need: they are cut up many times."""
    columns = ["source_file", "source_row", "home_lsoa_code", "place", *ADDED_UP]
    return lens.rows[lens.rows.columns.intersection(columns)]


def _coverage(topic: Topic, lens: Lens) -> None:
    """The share of a family whose place is known by a lens."""
    family = lens.family
    words = {"family": family, "Family": family.capitalize(), "whole": WHOLE[family]}
    own = topic.about(lens=lens.name, **words)
    own.less("coverage.{family}.{lens}.known")
    own.share("coverage.{family}.{lens}")


def _largest_contracts(topic: Topic, lens: Lens) -> pd.Series:
    """The contract that paid most for work in each ward, and its share of that work.

    Returns the contracts by ward code.
    """
    workings = topic.workings
    sums = lens.rows.groupby(["place", "contract_id"], observed=True)["amount_pence"].sum()
    keys = sums[sums > 0].groupby("place").idxmax()
    largest = keys.map(lambda key: key[1])
    for code in workings.wards:
        own = topic.at(code)
        here = having(lens.rows, "place", code)
        mine = having(here, "contract_id", largest.get(code, ""))
        own.total("ward.{place}.largest_contract.paid", mine, missing=lens.nowhere)
        own.share("ward.{place}.largest_contract.share")
    return largest


def _changes(topic: Topic) -> None:
    """How the spend of each place changed, by the lenses that both periods have."""
    workings = topic.workings
    for place in workings.places:
        own = topic.at(place)
        own.about(lens=SUPPLIER).less("lens.spend.{place}.{lens}.change")
        own.about(lens=WORKS).less("lens.spend.{place}.{lens}.change")


def _hired_here(topic: Topic, people: pd.DataFrame) -> None:
    """For each ward, who was hired under contracts with work there, by where they live."""
    workings = topic.workings
    topic = topic.needing("contracts", "contract_places", "returns", "beneficiaries")
    hired = having(people, "measure_ref", *workings.in_group("into_work"))
    hired = hired.rename(columns={"place": "home"})
    places = workings.frame("contract_places")[["contract_id", "place"]]
    here = hired.merge(places, on="contract_id", validate="m:m")
    lives = pd.Series("elsewhere", index=here.index).mask(here["home"] == here["place"], "here")
    here["lives"] = lives.mask(here["home"] == NOT_KNOWN, "unknown")
    groups = Groups(here, "place")
    for code in workings.wards:
        own = topic.at(code)
        mine = groups[code]
        own.about(home="all").total("ward.{place}.hired.{home}", mine)
        for home in ("here", "elsewhere", "unknown"):
            lives_there = having(mine, "lives", home)
            own.about(home=home).total("ward.{place}.hired.{home}", lives_there)


def ward_table(workings: Workings) -> pd.DataFrame:
    """The wards, most deprived first where that is known, else by name.

    Columns ``ward_code, ward_name, position, councillors``.
    """
    wards = workings.council.wards
    rows = pd.DataFrame({"ward_code": workings.wards, "ward_name": [ward.name for ward in wards]})
    positions = workings.frame("ward_deprivation").set_index("ward_code")["position"]
    rows["position"] = rows["ward_code"].map(positions).astype("Int64")
    rows["councillors"] = [ward.councillors for ward in wards]
    areas = workings.frame("deprivation")
    share = (areas["imd_decile"] <= 1).groupby(areas["ward_code"]).mean()
    rows["least_deprived"] = -rows["ward_code"].map(share).astype("Float64")
    order = ["position", "least_deprived", "ward_name"]
    ranked = rows.sort_values(order, kind="stable", ignore_index=True)
    return ranked.drop(columns="least_deprived")

"""Figures by place: three lenses for pounds, jobs, weeks and hours, which are never added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pandas as pd

from sv_lib.analysis import lenses, ward_order
from sv_lib.figures.topic import Groups, Topic, both_periods, having
from sv_lib.figures.topics.people import NO_HEADCOUNT
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import COLUMNS, Workings
from sv_lib.params import NOT_KNOWN
from sv_lib.toms.measures import Group

SUPPLIER, WORKS, BENEFICIARY = "supplier", "place", "beneficiary"
WHOLE = {
    "spend": "spend.total.this",
    "jobs": "headline.residents_into_work.this",
    "weeks": "headline.training_weeks.this",
    "hours": "people.hours.this",
}
"""The figure that all places of a family add up to."""
NEEDS = {
    SUPPLIER: ("suppliers", "postcodes"),
    WORKS: ("contract_places",),
    BENEFICIARY: ("beneficiaries", "deprivation"),
}
"""Inputs that say where claims belong."""
WHERE = {
    SUPPLIER: "of suppliers based there",
    WORKS: "under contracts whose work is done there, by each contract's shares",
    BENEFICIARY: "of people whose home is there",
}
UNPLACED = {
    SUPPLIER: "where suppliers are based is known for none of it",
    WORKS: "the place of works is known for none of it",
    BENEFICIARY: "no return gives a home area",
}
"""Why no place can be given an amount, where all rows stand in the class that is not known."""
A_WARD = {
    ("spend", SUPPLIER): "pence",
    ("spend", WORKS): "pence",
    ("jobs", BENEFICIARY): "people",
    ("weeks", BENEFICIARY): "weeks",
}
"""The four numbers that a ward report begins with, and what each counts."""
BY_HOMES = "payments under each contract, by the homes of the people hired or trained under it"


@dataclass(frozen=True)
class Lens:
    """One family of figures seen by one lens.

    ``rows`` have a ``place``. ``missing``: why none of its figures can be given. ``nowhere``: why
    no place has any of it for certain; then all there is stands in the class that is not known.
    ``people``: by whose homes the rows were split, when these are not claims.
    """

    topic: Topic
    family: str
    name: str
    rows: pd.DataFrame
    rule: str
    missing: str
    nowhere: str
    people: pd.DataFrame | None = None

    @cached_property
    def placeless(self) -> str:
        """Why no place can be given an amount; empty where the place of one row is known."""
        return self.missing or self.nowhere or unplaced(self.rows, self.name)


def unplaced(rows: pd.DataFrame, lens: str) -> str:
    """Why no place can be given an amount; empty where the place of one row is known, or none is.

    Where there are no rows at all, each place has none of them.
    """
    is_unknown = rows["place"] == NOT_KNOWN
    return UNPLACED[lens] if len(rows) and is_unknown.all() else ""


def add_places(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add every lens of every ward and class, with its coverage. Returns the table ``wards``."""
    if not workings.wards:
        return {}
    spend, spend_before = both_periods(trail, workings, *workings.spend_periods)
    social, social_before = both_periods(trail, workings, *workings.sv_periods)
    # Figures by place of this period have no "this" at the end of their ids.
    spend = replace(spend, suffix="")
    social = replace(social, suffix="")
    people = _hired_or_trained(workings)
    of_wards = pd.Series(dtype="string")
    missing = workings.missing(social.period, "deprivation")
    named = having(workings.frame("deprivation"), "ward_code", *workings.wards)
    social.count("ward.all.count", named, distinct="ward_code", missing=missing)
    for lens in _every_lens(spend, social, people):
        _places_of(lens)
        _coverage(lens)
        _mean(lens)
        if (lens.family, lens.name) == ("spend", WORKS):
            of_wards = _largest_contracts(lens)
            _with_a_ward(lens)
    for lens in _every_lens(spend_before, social_before, None):
        if (lens.family, lens.name) in A_WARD:
            _places_of(lens)
    _changes(spend)
    _over_both(social, social_before)
    _hired_here(social)
    wards = ward_table(workings)
    largest = wards["ward_code"].map(of_wards).astype("string")
    return {"wards": wards.assign(largest_contract=largest)}


def _hired_or_trained(workings: Workings) -> pd.DataFrame:
    """The people hired or trained in the period, by home."""
    into_work = workings.in_group("into_work")
    refs = into_work + workings.in_group("training")
    return workings.by_home(workings.claims_under(workings.publication.sv, refs))


def _every_lens(spend: Topic, social: Topic, people: pd.DataFrame | None) -> Iterator[Lens]:
    """Every family by every lens, one after another: each copies its rows, which takes memory."""
    yield from _spend_lenses(spend, people)
    yield from _claim_lenses(social)


def _spend_lenses(topic: Topic, people: pd.DataFrame | None) -> Iterator[Lens]:
    """Payments by the supplier's ward, by place of works, and by the homes of ``people``."""
    workings = topic.workings
    paid = workings.paid_to_whom(topic.period)
    missing = partial(workings.missing, topic.period)
    gone = missing("payments")
    rows = lenses.supplier(paid)
    nowhere = missing("suppliers", "postcodes")
    rule = "payments " + WHERE[SUPPLIER]
    yield Lens(topic, "spend", SUPPLIER, rows, rule, gone, nowhere)
    rows = lenses.works(paid, workings.frame("contract_places"))
    nowhere = missing("contracts", "contract_places")
    rule = "payments " + WHERE[WORKS]
    yield Lens(topic, "spend", WORKS, rows, rule, gone, nowhere)
    if people is not None:
        rows = lenses.residents(paid, people)
        # The homes are those of the returns of the social value period.
        unsplit = workings.missing(workings.publication.sv, "contracts", "returns", "beneficiaries")
        unsplit = gone or unsplit
        yield Lens(topic, "spend", BENEFICIARY, rows, BY_HOMES, unsplit, unsplit, people)


def _claim_lenses(topic: Topic) -> Iterator[Lens]:
    """People hired, weeks of training and hours given: by contractor, place of works and home."""
    workings = topic.workings
    claims = workings.claims(topic.period)
    holder = workings.contracts.set_index("contract_id")["supplier_id"]
    ward_of = workings.based["ward_code"]
    ward = claims["contract_id"].map(holder).map(ward_of).astype("string")
    claims = claims.assign(ward_code=ward.fillna(NOT_KNOWN))
    into_work = workings.in_group("into_work")
    training = workings.in_group("training")
    hires = having(claims, "measure_ref", *into_work)
    told = workings.people_under(topic.period, into_work)
    hired = hires.assign(headcount=told["headcount"])
    jobs = hired.dropna(subset=["headcount"])
    silent = NO_HEADCOUNT if len(hires) and jobs.empty else ""
    weeks = having(claims, "measure_ref", *training)
    hours = having(claims, "measure_ref", *workings.hours_measures)
    own = replace(topic, missing=silent)
    homes = workings.counted_by_home(hires).dropna(subset=["headcount"])
    yield from _by_three_lenses(own, "jobs", jobs, homes, "people into work")
    homes = workings.by_home(weeks)
    yield from _by_three_lenses(topic, "weeks", weeks, homes, "training and apprenticeship weeks")
    yield from _by_three_lenses(topic, "hours", hours, workings.by_home(hours), "hours given")


def _by_three_lenses(
    topic: Topic, family: str, claims: pd.DataFrame, homes: pd.DataFrame, words: str
) -> Iterator[Lens]:
    """One family of claims by each lens. ``homes``: the same, split by the homes of people."""
    workings = topic.workings
    missing = topic.needing("contracts", "returns").enough().missing or topic.missing
    by_lens = {
        SUPPLIER: lenses.supplier(claims),
        WORKS: lenses.works(claims, workings.frame("contract_places")),
        BENEFICIARY: homes,
    }
    for name, rows in by_lens.items():
        nowhere = workings.missing(topic.period, *NEEDS[name])
        rule = words + " " + WHERE[name]
        yield Lens(topic, family, name, rows, rule, missing, nowhere)


def _places_of(lens: Lens) -> None:
    """One figure a place. Where not one place is known, no ward is called nil."""
    workings = lens.topic.workings
    columns = lens.rows.columns.intersection(COLUMNS["lens"])
    groups = Groups(lens.rows[columns], "place")
    topic = lens.topic.about(lens=lens.name, rule=lens.rule)
    name = f"lens.{lens.family}." + "{place}.{lens}"
    for place in workings.places:
        own = topic.at(place)
        missing = lens.missing
        if place != NOT_KNOWN:
            missing = lens.placeless or workings.unnamed(place)
        figure = own.total(name, groups[place], missing=missing)
        if lens.people is not None:
            people = having(lens.people, "place", place)
            topic.trail.hand_over(figure, people)


def _coverage(lens: Lens) -> None:
    """The share of a family whose place is known by a lens."""
    family = lens.family
    topic = lens.topic.about(family=family, Family=family.capitalize())
    own = topic.about(lens=lens.name, whole=WHOLE[family])
    own.less("coverage.{family}.{lens}.known", withheld=lens.missing or lens.nowhere)
    own.share("coverage.{family}.{lens}")


def _mean(lens: Lens) -> None:
    """What all wards have together of one of the four numbers, and what a ward has on average."""
    unit = A_WARD.get((lens.family, lens.name))
    if not unit:
        return
    topic = lens.topic
    here = having(lens.rows, "place", *topic.workings.wards)
    own = topic.about(family=lens.family, Family=lens.family.capitalize())
    own = own.about(lens=lens.name, unit=unit)
    own.total(f"lens.{lens.family}.wards.{{lens}}", here, missing=lens.placeless)
    own.work("ward.mean.{family}.{lens}")


def _with_a_ward(lens: Lens) -> None:
    """How much of all spend is for work in one ward: the rest is borough-wide, outside, unknown."""
    here = having(lens.rows, "place", *lens.topic.workings.wards)
    lens.topic.total("coverage.spend.ward.known", here, missing=lens.placeless)
    lens.topic.share("coverage.spend.ward")


def _largest_contracts(lens: Lens) -> pd.Series:
    """The contract that paid most for work in each ward, and its share of that work.

    Returns the contracts by ward code.
    """
    topic = lens.topic
    workings = topic.workings
    by_contract = lens.rows.groupby(["place", "contract_id"], observed=True)
    sums = by_contract["amount_pence"].sum()
    sums = sums[sums > 0]
    # The index of the largest is place and contract.
    largest = sums.groupby("place").idxmax().str[1]
    for code in workings.wards:
        own = topic.at(code)
        here = having(lens.rows, "place", code)
        mine = having(here, "contract_id", largest.get(code, ""))
        missing = lens.placeless or workings.unnamed(code)
        own.total("ward.{place}.largest_contract.paid", mine, missing=missing)
        own.share("ward.{place}.largest_contract.share")
        own.less("ward.{place}.without_largest.spend")
    return largest


def _changes(topic: Topic) -> None:
    """How the spend of each place changed, by the lenses that both periods have."""
    workings = topic.workings
    for place in workings.places:
        own = topic.at(place)
        for lens in (SUPPLIER, WORKS):
            own.about(lens=lens).less("lens.spend.{place}.{lens}.change")


def _over_both(this: Topic, before: Topic) -> None:
    """The people of each ward who were hired in this period or the one before, and their training.

    Each person counts once. Where few were hired or trained in one period, this may say more than
    either alone.
    """
    workings = this.workings
    needs = ("contracts", "returns", *NEEDS[BENEFICIARY])
    missing = [topic.needing(*needs).enough().missing for topic in (this, before)]
    hires = _claims_of_both(this, before, "into_work")
    homes = workings.counted_by_home(hires).dropna(subset=["headcount"])
    silent = NO_HEADCOUNT if len(hires) and homes.empty else ""
    weeks = workings.by_home(_claims_of_both(this, before, "training"))
    for family, rows, none in (("jobs", homes, silent), ("weeks", weeks, "")):
        why = missing[0] or missing[1] or none or unplaced(rows, BENEFICIARY)
        groups = Groups(rows[rows.columns.intersection(COLUMNS["lens"])], "place")
        name = f"lens.{family}.{{place}}.beneficiary.both"
        for code in workings.wards:
            here = why or workings.unnamed(code)
            this.at(code).total(name, groups[code], missing=here)


def _claims_of_both(this: Topic, before: Topic, group: Group) -> pd.DataFrame:
    """The claims under the measures of a group in the period before and in this one."""
    refs = this.workings.in_group(group)
    claims = [this.workings.claims_under(topic.period, refs) for topic in (before, this)]
    return pd.concat(claims, ignore_index=True)


def _hired_here(topic: Topic) -> None:
    """For each ward, who was hired under contracts with work there, by where they live."""
    workings = topic.workings
    needs = ("contracts", "contract_places", "returns", "beneficiaries")
    topic = topic.needing(*needs).enough()
    claims = workings.claims_under(topic.period, workings.in_group("into_work"))
    hired = workings.counted_by_home(claims).dropna(subset=["headcount"])
    hired = hired[COLUMNS["hired"]].rename(columns={"place": "home"})
    places = workings.frame("contract_places")[["contract_id", "place"]]
    here = hired.merge(places, on="contract_id", validate="m:m")
    here["lives"] = "elsewhere"
    here.loc[here["home"] == here["place"], "lives"] = "here"
    here.loc[here["home"] == NOT_KNOWN, "lives"] = "unknown"
    groups = Groups(here, "place")
    for code in workings.wards:
        own = topic.at(code)
        mine = groups[code]
        missing = workings.unnamed(code)
        own.about(home="all").total("ward.{place}.hired.{home}", mine, missing=missing)
        for home in ("here", "elsewhere", "unknown"):
            lives_there = having(mine, "lives", home)
            one = own.about(home=home)
            one.total("ward.{place}.hired.{home}", lives_there, missing=missing)


def ward_table(workings: Workings) -> pd.DataFrame:
    """The wards, most deprived first; those of which that is not known stand last, by name.

    Columns ``ward_code, ward_name, councillors, position, rank``: see ``ward_order.ranked``.
    """
    facts = [(ward.code, ward.name, ward.councillors) for ward in workings.council.wards]
    wards = pd.DataFrame(facts, columns=["ward_code", "ward_name", "councillors"])
    if wards["councillors"].isna().any():
        wards["councillors"] = wards["councillors"].astype("Int64")
    return ward_order.ranked(wards, workings.frame("deprivation"))


def unranked(wards: pd.DataFrame) -> str:
    """Why wards cannot be put in order of deprivation; empty where it is known of each."""
    unknown = wards.loc[wards["position"].isna(), "ward_name"]
    return f"how deprived {unknown.iloc[0]} is is not known" if len(unknown) else ""

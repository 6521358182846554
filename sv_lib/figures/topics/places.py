"""Figures by place: three lenses for pounds, jobs, weeks and hours, side by side and never
added.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from sv_lib.analysis import lenses
from sv_lib.figures.topics.people import by_home, claims_of, hours_measures
from sv_lib.figures.trail import CLASSES, Trail, place_id
from sv_lib.figures.workings import NOT_KNOWN, Span, Workings, spans

SUPPLIER, WORKS, BENEFICIARY = "supplier", "place", "beneficiary"
WHOLE = {
    "spend": "spend.total.this",
    "jobs": "headline.residents_into_work.this",
    "weeks": "headline.training_weeks.this",
    "hours": "people.hours.this",
}
"""The figure that all places of a family add up to."""
UNITS = {"spend": "pence", "jobs": "people", "weeks": "weeks", "hours": "hours"}
COMPARED = (("spend", SUPPLIER), ("spend", WORKS), ("jobs", BENEFICIARY), ("weeks", BENEFICIARY))
"""Lenses that the pages set beside the period before."""
WHERE = {
    SUPPLIER: "of suppliers based there",
    WORKS: "under contracts whose work is done there, by each contract's shares",
    BENEFICIARY: "of people whose home is there",
}
NEEDED = ["source_file", "source_row", "home_lsoa_code"]


@dataclass(frozen=True)
class Lens:
    """One family seen by one lens: rows with ``place``, the column added up, why it is missing; who
    split it.

    ``nowhere``: why no place has any of it for certain, so that all there is stands in the class
    not known.
    """

    family: str
    name: str
    rows: pd.DataFrame
    column: str
    formula: str
    missing: str
    nowhere: str
    people: pd.DataFrame | None = None


def add_places(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """Every lens of every ward and class, with its coverage. Returns the table ``wards``."""
    if not w.wards:
        return {}
    pub, largest = w.publication, pd.Series(dtype="string")
    claims = claims_of(w, pub.sv, (*w.in_group("into_work"), *w.in_group("training")))
    people = by_home(w, claims[claims["headcount"].notna()])
    for money, social in zip(
        spans(pub.spend, pub.spend_before), spans(pub.sv, pub.sv_before), strict=True
    ):
        for lens in (*_spend(w, money, people), *_claims(w, social)):
            span = money if lens.family == "spend" else social
            if span.suffix == "this":
                _totals(trail, w, lens, span, "")
                _cover(trail, lens)
                if (lens.family, lens.name) == ("spend", WORKS):
                    largest = _largest(trail, w, lens)
            elif (lens.family, lens.name) in COMPARED:
                _totals(trail, w, lens, span, ".before")
    for place in w.places:
        for name in (SUPPLIER, WORKS):
            stem = f"lens.spend.{place_id(place)}.{name}"
            trail.difference(
                f"{stem}.change",
                f"{name_of(w, place)}: change",
                stem,
                f"{stem}.before",
                "this period less the one before",
            )
    _hired_here(trail, w, people)
    wards = ward_table(w)
    return {
        "wards": wards.assign(largest_contract=wards["ward_code"].map(largest).astype("string"))
    }


def name_of(w: Workings, place: str) -> str:
    """A ward's name, or the class in words."""
    return place if place in CLASSES or place == "borough" else w.council.ward_name(place)


def _spend(w: Workings, span: Span, people: pd.DataFrame) -> Iterator[Lens]:
    """Payments by their supplier's ward, by the place of works, and by where the people of the
    contract live.
    """
    paid = w.paid_to_whom(span.period)
    gone = f"no payments supplied for {span.period}" if paid.empty else ""
    yield Lens(
        "spend",
        SUPPLIER,
        lenses.supplier(paid),
        "amount_pence",
        f"payments {WHERE[SUPPLIER]}",
        gone,
        gone or w.missing("suppliers", "postcodes"),
    )
    yield Lens(
        "spend",
        WORKS,
        lenses.works(paid, w.frame("contract_places")),
        "amount_pence",
        f"payments {WHERE[WORKS]}",
        gone,
        gone or w.missing("contracts", "contract_places"),
    )
    if span.suffix == "this":
        unsplit = gone or w.missing("contracts", "returns", "beneficiaries")
        yield Lens(
            "spend",
            BENEFICIARY,
            lenses.residents(paid, people),
            "amount_pence",
            "payments under each contract, by the homes of the people hired or trained under it",
            unsplit,
            unsplit,
            people,
        )


def _claims(w: Workings, span: Span) -> Iterator[Lens]:
    """People hired, weeks of training and hours given: by contractor, by place of works, by
    home.
    """
    claims = w.claims(span.period)
    holder = w.contracts.set_index("contract_id")["supplier_id"]
    ward = claims["contract_id"].map(holder).map(w.based["ward_code"]).astype("string")
    claims = claims.assign(ward_code=ward.fillna(NOT_KNOWN))
    families = (
        ("jobs", w.in_group("into_work"), "headcount", "people into work"),
        ("weeks", w.in_group("training"), "quantity", "training and apprenticeship weeks"),
        ("hours", hours_measures(w), "quantity", "hours given"),
    )
    for family, refs, column, words in families:
        mine = claims[claims["measure_ref"].isin(refs)]
        mine = mine[mine["headcount"].notna()] if column == "headcount" else mine
        for name, rows, inputs in (
            (SUPPLIER, lenses.supplier(mine), ("suppliers", "postcodes")),
            (WORKS, lenses.works(mine, w.frame("contract_places")), ("contract_places",)),
            (BENEFICIARY, by_home(w, mine), ("beneficiaries",)),
        ):
            missing, nowhere = (
                w.missing("contracts", "returns"),
                w.missing("contracts", "returns", *inputs),
            )
            yield Lens(family, name, rows, column, f"{words} {WHERE[name]}", missing, nowhere)


def _totals(trail: Trail, w: Workings, lens: Lens, span: Span, suffix: str) -> None:
    """One figure a place. Where not one home is known, no ward is called nil: all of it is not
    known.
    """
    rows = lens.rows[lens.rows.columns.intersection([*NEEDED, "place", lens.column])]
    groups = dict(iter(rows.groupby("place", observed=True)))
    silent = (
        "no return gives a home area"
        if lens.name == BENEFICIARY and set(groups) == {NOT_KNOWN}
        else ""
    )
    nowhere = lens.nowhere or silent
    for place in w.places:
        figure = trail.total(
            f"lens.{lens.family}.{place_id(place)}.{lens.name}{suffix}",
            f"{name_of(w, place)}: {lens.family} by {lens.name}",
            groups.get(place, rows.iloc[:0]),
            lens.column,
            UNITS[lens.family],
            span.period,
            lens.formula,
            missing=lens.missing if place == NOT_KNOWN else nowhere,
        )
        if lens.people is not None:
            trail.hand_over(figure, lens.people[lens.people["place"] == place])


def _largest(trail: Trail, w: Workings, lens: Lens) -> pd.Series:
    """The contract that paid most for work in each ward, by ward code, and its share of that work
    as
    figures.
    """
    sums = lens.rows.groupby(["place", "contract_id"], observed=True)["amount_pence"].sum()
    largest = sums[sums > 0].groupby("place").idxmax().map(lambda key: key[1])
    for code in w.wards:
        stem, whole = f"ward.{code}.largest_contract", f"lens.spend.{code}.{WORKS}"
        mine = lens.rows[
            (lens.rows["place"] == code) & (lens.rows["contract_id"] == largest.get(code, ""))
        ]
        trail.total(
            f"{stem}.paid",
            f"{name_of(w, code)}: paid under its largest contract",
            mine,
            "amount_pence",
            "pence",
            w.publication.spend,
            "payments for work there under the contract that paid most",
            missing=lens.nowhere,
        )
        trail.ratio(
            f"{stem}.share",
            f"{name_of(w, code)}: share of its largest contract",
            f"{stem}.paid",
            whole,
            "paid under the largest contract ÷ all paid for work there",
        )
    return largest


def _cover(trail: Trail, lens: Lens) -> None:
    """The share of a family whose place is known by a lens."""
    stem = f"coverage.{lens.family}.{lens.name}"
    trail.difference(
        f"{stem}.known",
        f"{lens.family.capitalize()} with a known {lens.name}",
        WHOLE[lens.family],
        f"lens.{lens.family}.unknown.{lens.name}",
        "all less what is not known",
    )
    trail.ratio(
        stem,
        f"Coverage: {lens.family} by {lens.name}",
        f"{stem}.known",
        WHOLE[lens.family],
        f"known by {lens.name} ÷ all",
    )


def _hired_here(trail: Trail, w: Workings, people: pd.DataFrame) -> None:
    """For each ward, the people hired under contracts with work there: living there, elsewhere, or
    not
    known.
    """
    missing = w.missing("contracts", "contract_places", "returns", "beneficiaries")
    hired = people[people["measure_ref"].isin(w.in_group("into_work"))].rename(
        columns={"place": "home"}
    )
    here = hired.merge(
        w.frame("contract_places")[["contract_id", "place"]], on="contract_id", validate="m:m"
    )
    lives = pd.Series("elsewhere", index=here.index).mask(here["home"] == here["place"], "here")
    here["lives"] = lives.mask(here["home"] == NOT_KNOWN, "unknown")
    groups = dict(iter(here.groupby("place", observed=True)))
    for code in w.wards:
        mine = groups.get(code, here.iloc[:0])
        parts = {key: mine[mine["lives"] == key] for key in ("here", "elsewhere", "unknown")}
        for key, rows in (("all", mine), *parts.items()):
            trail.total(
                f"ward.{code}.hired.{key}",
                f"{name_of(w, code)}: hired on work here, home {key}",
                rows,
                "headcount",
                "people",
                w.publication.sv,
                "people hired under contracts with work in the ward",
                missing=missing,
            )


def ward_table(w: Workings) -> pd.DataFrame:
    """The wards, most deprived first where that is known, else by name."""
    order = w.frame("ward_deprivation").set_index("ward_code")["position"]
    areas = w.frame("deprivation")
    share = (areas["imd_decile"] <= 1).groupby(areas["ward_code"]).mean()
    rows = pd.DataFrame(
        {"ward_code": w.wards, "ward_name": [w.council.ward_name(code) for code in w.wards]}
    )
    rows["position"] = rows["ward_code"].map(order).astype("Int64")
    rows["councillors"] = [ward.councillors for ward in w.council.wards]
    rows["most_deprived_share"] = -rows["ward_code"].map(share).astype("Float64")
    ranked = rows.sort_values(
        ["position", "most_deprived_share", "ward_name"], kind="stable", ignore_index=True
    )
    return ranked.drop(columns="most_deprived_share")

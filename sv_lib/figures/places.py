"""Figures by place: three lenses that are never added, and the bridge that says why a place changed."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import bridge, disclosure, lenses
from sv_lib.figures.ledger import CLASSES, Ledger, place_id
from sv_lib.figures.people import DECILES, in_training, into_work
from sv_lib.figures.workings import Span, Workings, spans

CAUSES = ("new", "ended", "continuing", "moved", "coverage")


def add_places(ledger: Ledger, w: Workings) -> dict[str, pd.DataFrame]:
    """Lens and bridge figures of every ward and class. Returns tables ``wards`` and ``bridge``."""
    if not w.wards:
        return {}
    pub = w.publication
    for span in spans(pub.spend, pub.spend_before):
        _money(ledger, w, span)
    for span in spans(pub.sv, pub.sv_before):
        _people(ledger, w, span)
    for place in w.places:
        for lens in ("supplier", "place"):
            stem = f"lens.spend.{place_id(place)}.{lens}"
            ledger.difference(f"{stem}.change", f"{name_of(w, place)}: change", stem, f"{stem}.before",
                              "this period less the one before")  # fmt: skip
    _deprivation(ledger, w)
    return {"wards": _wards(w), "bridge": _bridge(ledger, w)}


def name_of(w: Workings, place: str) -> str:
    """A ward's name, or the class in words."""
    return place if place in CLASSES or place == "borough" else w.council.ward_name(place)


def _suffix(span: Span) -> str:
    return "" if span.suffix == "this" else ".before"


def _lens_totals(
    ledger: Ledger, w: Workings, rows: pd.DataFrame, family: str, lens: str, column: str, unit: str, span: Span,
    formula: str, missing: str,
) -> None:  # fmt: skip
    """One figure a place; not known when the input behind the lens was not supplied."""
    groups = dict(iter(rows.groupby("place", observed=True)))
    for place in w.places:
        ledger.total(
            f"lens.{family}.{place_id(place)}.{lens}{_suffix(span)}",
            f"{name_of(w, place)}: {family} by {lens}",
            groups.get(place, rows.iloc[:0]),
            column,
            unit,
            span.period,
            formula,
            missing=missing,
        )


def _money(ledger: Ledger, w: Workings, span: Span) -> None:
    paid = w.paid(span.period)
    gone = f"no payments supplied for {span.period}" if paid.empty else ""
    supplier = lenses.supplier(paid)
    _lens_totals(ledger, w, supplier, "spend", "supplier", "amount_pence", "pence", span,
                 "payments to suppliers based there", gone or w.missing("suppliers", "postcodes"))  # fmt: skip
    works = lenses.works(paid, w.frame("contract_places"))
    _lens_totals(ledger, w, works, "spend", "place", "amount_pence", "pence", span,
                 "payments under contracts whose work is done there, by each contract's shares",
                 gone or w.missing("contracts", "contract_places"))  # fmt: skip


def _people(ledger: Ledger, w: Workings, span: Span) -> None:
    """People into work and weeks of training by home area; small counts, and what would give them away, are hidden."""
    reason = w.missing("contracts", "returns", "beneficiaries")
    jobs, training = into_work(w, span), in_training(w, span)
    jobs = jobs[jobs["headcount"].notna()]
    _lens_totals(ledger, w, jobs, "jobs", "beneficiary", "headcount", "people", span,
                 "people into work whose home is there", reason)  # fmt: skip
    _lens_totals(ledger, w, training, "weeks", "beneficiary", "quantity", "weeks", span,
                 "training and apprenticeship weeks of people whose home is there", reason)  # fmt: skip
    if not reason:
        _protect(ledger, w, jobs, "jobs", span)
        _protect(ledger, w, training, "weeks", span)


def _protect(ledger: Ledger, w: Workings, rows: pd.DataFrame, family: str, span: Span) -> None:
    """Hide a place's figure when the people beneath it are few, or when it would give a hidden one away."""
    below = w.council.disclosure.people_below
    counts = rows["headcount"].fillna(0).groupby(rows["place"]).sum().astype("int64").reindex(w.places, fill_value=0)
    hidden = disclosure.hide(counts, below)
    for place in counts.index[hidden]:
        ledger.hide(
            f"lens.{family}.{place_id(place)}.beneficiary{_suffix(span)}",
            f"hidden to protect people: fewer than {below} stand behind it or one it gives away",
        )


def _deprivation(ledger: Ledger, w: Workings) -> None:
    """LSOAs of each ward, all and in the most deprived 10% and 20%, and its residents."""
    period, areas = w.publication.sv, w.frame("deprivation")
    for code in w.wards:
        mine, name = areas[areas["ward_code"] == code], w.council.ward_name(code)
        ledger.count(f"ward.{code}.lsoas", f"{name}: LSOAs", mine, "LSOAs", period, "number of LSOAs",
                     missing=w.missing("deprivation"))  # fmt: skip
        for cut, top in DECILES.items():
            ledger.count(f"ward.{code}.lsoas_{cut}", f"{name}: LSOAs in the most deprived {cut}%",
                         mine[mine["imd_decile"] <= top], "LSOAs", period, "number of LSOAs",
                         missing=w.missing("deprivation"))  # fmt: skip
        ledger.total(f"ward.{code}.residents", f"{name}: residents", mine, "residents", "people", period,
                     "residents of the ward's LSOAs", missing=w.residents_missing)  # fmt: skip


def _wards(w: Workings) -> pd.DataFrame:
    """The wards, most deprived first where that is known, else by name."""
    order = w.frame("ward_deprivation").set_index("ward_code")["position"]
    areas = w.frame("deprivation")
    share = (areas["imd_decile"] <= 1).groupby(areas["ward_code"]).mean()
    rows = pd.DataFrame({"ward_code": w.wards, "ward_name": [w.council.ward_name(code) for code in w.wards]})
    rows["position"] = rows["ward_code"].map(order).astype("Int64")
    rows["councillors"] = [ward.councillors for ward in w.council.wards]
    rows["most_deprived_share"] = -rows["ward_code"].map(share).astype("Float64")
    ranked = rows.sort_values(["position", "most_deprived_share", "ward_name"], kind="stable", ignore_index=True)
    return ranked.drop(columns="most_deprived_share")


def _bridge(ledger: Ledger, w: Workings) -> pd.DataFrame:
    """Why work done in each place changed: new, ended, continuing, moved, coverage; it adds up to the penny.

    Returns one row a contract and place, with its cause and change, for the sentences and lists.
    """
    pub, shares = w.publication, w.frame("contract_places")
    before, this = w.paid(pub.spend_before), w.paid(pub.spend)
    missing = w.missing("contracts", "contract_places")
    if before.empty or this.empty:
        missing = missing or "payments were supplied for one of the two periods only"
    rows = bridge.contracts(
        lenses.works(this, shares), lenses.works(before, shares), w.contracts, pub.spend, pub.spend_before
    )
    groups = {"borough": rows, **dict(iter(rows.groupby("place", observed=True)))}
    for place in ["borough", *w.wards]:
        mine = groups.get(place, rows.iloc[:0])
        stem, name = f"bridge.spend.{place}", name_of(w, place)
        for cause in CAUSES:
            part, formula = mine[mine["cause"] == cause], f"this period less the one before, for what is {cause}"
            ledger.total(f"{stem}.{cause}", f"{name}: {cause}", part, "change_pence", "pence", pub.spend, formula,
                         missing=missing)  # fmt: skip
        ledger.total(f"{stem}.change", f"{name}: change in work done", mine, "change_pence", "pence", pub.spend,
                     "new + ended + continuing + moved + coverage", missing=missing)  # fmt: skip
    return bridge.by_contract(rows)

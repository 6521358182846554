"""Figures on why an amount changed: a bridge for spend and one for social value, of the borough and
every ward.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sv_lib.analysis import bridge, lenses, local_spend
from sv_lib.figures.topics.places import name_of
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings, priced
from sv_lib.periods import Period

STILL = "the register holds one set of places per contract, so no move of a contract can be seen"
WORDS = {
    "continuing.timing": "continuing, for the days each contract ran in each period",
    "continuing.price": "continuing, for prices, where quantities or a price index tell",
    "continuing.volume": "continuing, for quantities, where they or a price index tell",
    "continuing.together": "continuing, price and volume together, where nothing tells them apart",
}
PRICED = ("continuing.price", "continuing.volume")


@dataclass(frozen=True)
class Change:
    """Rows of two periods whose difference is explained."""

    family: str
    this: pd.DataFrame
    before: pd.DataFrame
    period: Period
    earlier: Period
    missing: str
    quantities: pd.DataFrame | None = None
    unpriced: str = ""


def add_bridges(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """Causes of change that add up to the penny. Returns table ``bridge``: a contract, place and
    cause
    a line.
    """
    if not w.wards:
        return {}
    return {
        "bridge": pd.concat(
            [_bridge(trail, w, change) for change in (_spend(w), _social(w))], ignore_index=True
        )
    }


def _spend(w: Workings) -> Change:
    pub, (this, before) = (
        w.publication,
        (w.paid_to_whom(p) for p in (w.publication.spend, w.publication.spend_before)),
    )
    missing = w.missing("contracts", "contract_places")
    if before.empty or this.empty:
        missing = missing or "payments were supplied for one of the two periods only"
    return Change(
        "spend",
        this,
        before,
        pub.spend,
        pub.spend_before,
        missing,
        w.frame("quantities"),
        missing or w.missing("quantities"),
    )


def _social(w: Workings) -> Change:
    """Claims of both periods; one whose quarter has no return in the other period cannot be
    compared:
    coverage.
    """
    pub, missing = w.publication, w.missing("contracts", "contract_places", "returns", "proxies")
    log = w.frame("return_log")
    came = log["received_on"] <= pd.Timestamp(pub.file.data_as_at)
    silent = set(zip(log.loc[~came, "contract_id"], log.loc[~came, "quarter_end"], strict=True))
    months = (
        (pub.sv.start.year - pub.sv_before.start.year) * 12
        + pub.sv.start.month
        - pub.sv_before.start.month
    )
    sides = []
    for period, shift in ((pub.sv, -months), (pub.sv_before, months)):
        claims = priced(w.claims(period))
        twin = claims["period_end"] + pd.offsets.MonthEnd(shift)
        is_unmatched = [key in silent for key in zip(claims["contract_id"], twin, strict=True)]
        sides.append(
            claims.assign(
                amount_pence=claims["value_pence"].astype("int64"), is_unmatched=is_unmatched
            )
        )
    return Change("social_value", sides[0], sides[1], pub.sv, pub.sv_before, missing)


def _bridge(trail: Trail, w: Workings, change: Change) -> pd.DataFrame:
    """The figures of one bridge, place by place."""
    shares = w.frame("contract_places")
    rows = bridge.contracts(
        lenses.works(change.this, shares),
        lenses.works(change.before, shares),
        w.contracts,
        change.period,
        change.earlier,
        change.quantities,
    )
    shown = [
        "source_file",
        "source_row",
        "period",
        "place",
        "cause",
        "ended_how",
        "change_pence",
        *bridge.SPLIT,
    ]
    thin = rows[rows.columns.intersection(shown)]
    groups = {"borough": thin, **dict(iter(thin.groupby("place", observed=True)))}
    for place in ["borough", *w.wards]:
        mine = groups.get(place, thin.iloc[:0])
        stem, name = f"bridge.{change.family}.{place}", name_of(w, place)
        by_cause = {cause: mine[mine["cause"] == cause] for cause in bridge.CAUSES}
        parts = {cause: (part, "change_pence") for cause, part in by_cause.items()}
        ended, continuing = by_cause["ended"], by_cause["continuing"]
        parts |= {
            f"ended.{slug(how)}": (ended[ended["ended_how"] == how], "change_pence")
            for how in bridge.ENDINGS
        }
        for column in bridge.SPLIT if change.family == "spend" else ("timing_pence",):
            parts[f"continuing.{column.removesuffix('_pence')}"] = (
                continuing[continuing[column] != 0],
                column,
            )
        for part, (part_rows, column) in parts.items():
            words = WORDS.get(part, part.replace(".", ": "))
            trail.total(
                f"{stem}.{part}",
                f"{name}: {words}",
                part_rows,
                column,
                "pence",
                change.period,
                f"this period less the one before: {words}",
                missing=change.unpriced if part in PRICED else change.missing,
                caution=STILL if part == "moved" else "",
            )
        trail.difference(
            f"{stem}.continuing.level",
            f"{name}: continuing, price and volume together",
            f"{stem}.continuing",
            f"{stem}.continuing.timing",
            "continuing less the part that is timing",
        )
        _change(trail, change, place, name)
    return _table(w, rows).assign(family=change.family)


def _change(trail: Trail, change: Change, place: str, name: str) -> None:
    """The change that the causes make, from its two levels."""
    later, earlier = (
        f"lens.{change.family}.{place}.place",
        f"lens.{change.family}.{place}.place.before",
    )
    if place == "borough":
        whole = {"spend": "spend.total", "social_value": "headline.delivered_value"}[change.family]
        later, earlier = f"{whole}.this", f"{whole}.before"
    figure_id = f"bridge.{change.family}.{place}.change"
    if change.missing:
        trail.unknown(figure_id, f"{name}: change", "pence", change.period, change.missing)
    else:
        trail.difference(
            figure_id,
            f"{name}: change",
            later,
            earlier,
            "new + ended + continuing + moved + coverage",
        )


def _table(w: Workings, rows: pd.DataFrame) -> pd.DataFrame:
    """One line a contract, place and cause: who holds it, and who took over where it was let
    again.
    """
    table = bridge.by_contract(rows)
    known = w.contracts.set_index("contract_id")
    known["last_on"] = known["stopped_on"].fillna(known["ends_on"])
    facts = local_spend.facts(w.frame("suppliers"), w.frame("postcodes"), w.council).set_index(
        "supplier_id"
    )
    names = {
        supplier: name_of(w, code) if code in w.wards else code
        for supplier, code in facts["ward_code"].items()
    }
    own, successor = known.reindex(table["contract_id"]), known.reindex(table["successor_id"])
    return table.assign(
        title=own["title"].array,
        last_on=own["last_on"].array,
        supplier=own["supplier_id"].map(w.supplier_names).array,
        based=own["supplier_id"].map(names).array,
        successor_supplier=successor["supplier_id"].map(w.supplier_names).array,
        successor_based=successor["supplier_id"].map(names).array,
    )

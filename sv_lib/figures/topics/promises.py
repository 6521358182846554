"""Figures from promise to delivery: committed, due, reported, evidenced, validated."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis import delivery
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Span, Workings, change, priced, spans
from sv_lib.periods import Period
from sv_lib.toms import series

STAGES = {
    "reported": ("reported", "evidenced", "validated"),
    "evidenced": ("evidenced", "validated"),
    "validated": ("validated",),
}
NO_PRICE = "recorded only: it has no price, so it adds nothing to a total"
TOP = 10
NEEDS = ("contracts", "commitments", "returns", "proxies")


def add_promises(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """All delivery figures. Returns tables ``measures``, ``themes`` and ``top_contracts``."""
    pub = w.publication
    reason = w.missing(*NEEDS)
    for span in spans(pub.sv, pub.sv_before):
        _period(trail, w, span, reason)
        _to_date(trail, w, span, reason)
        _coverage(trail, w, span)
    for stem, label in (
        ("headline.delivered_value", "Social value delivered"),
        ("headline.validated_value", "Social value validated"),
        ("headline.delivery_rate", "Delivery of what was due"),
        ("delivery.committed", "Commitments"),
    ):
        change(trail, stem, label)
    return {
        "measures": _measures(trail, w, reason),
        "series": _series(trail, w, reason),
        "themes": _themes(trail, w, reason),
        "top_contracts": _top(trail, w, reason),
    }


def _sum(
    trail: Trail,
    figure_id: str,
    label: str,
    rows: pd.DataFrame,
    column: str,
    period: Period,
    formula: str,
    reason: str,
    unit: str = "pence",
) -> None:
    """A total of the rows that have a price or quantity; not known where an input was not
    supplied.
    """
    trail.total(
        figure_id, label, priced(rows, column), column, unit, period, formula, missing=reason
    )


def _period(trail: Trail, w: Workings, span: Span, reason: str) -> None:
    """What was delivered within the period, and its split."""
    period, at = span.period, span.suffix
    claims = w.claims(period)
    _sum(
        trail,
        f"headline.delivered_value.{at}",
        "Social value delivered",
        claims,
        "value_pence",
        period,
        "quantity × proxy × attribution of every claim of the period not rejected, "
        "rounded to pence",
        reason,
    )
    _sum(
        trail,
        f"headline.validated_value.{at}",
        "Social value validated",
        claims[claims["state"] == "validated"],
        "value_pence",
        period,
        "quantity × proxy × attribution of the period's validated claims",
        reason,
    )
    is_local = claims["is_local_economic"].astype(bool)
    _sum(
        trail,
        f"delivery.local_economic.{at}",
        "Local economic value",
        claims[is_local],
        "value_pence",
        period,
        "claims under measures of local jobs and local supply-chain spend",
        reason,
    )
    _sum(
        trail,
        f"delivery.social.{at}",
        "Additional social value",
        claims[~is_local],
        "value_pence",
        period,
        "claims under every other measure",
        reason,
    )
    for pricing in ("recorded only", "not priced"):
        trail.count(
            f"delivery.{pricing.replace(' ', '_')}.{at}",
            f"Claims {pricing}",
            claims[claims["pricing"] == pricing],
            "claims",
            period,
            f"claims of the period that are {pricing}: listed, adding nothing",
            missing=reason,
        )


def _to_date(trail: Trail, w: Workings, span: Span, reason: str) -> None:
    """Life to date: what was committed and due, and what came of it by the period's end."""
    period, at = span.period, span.suffix
    made, promised = w.committed(period), w.to_date(period)
    _sum(
        trail,
        f"delivery.targeted.{at}",
        "Targeted at tender",
        w.due(period),
        "value_pence",
        period,
        "value of every target, committed or not yet",
        reason,
    )
    _sum(
        trail,
        f"delivery.committed.{at}",
        "Committed over contracts' lives",
        made,
        "value_pence",
        period,
        "promised quantity × proxy × attribution, over the whole life of each contract",
        reason,
    )
    _sum(
        trail,
        f"delivery.due.{at}",
        "Due so far",
        made,
        "due_value_pence",
        period,
        "the part of each commitment due by the period's end, by milestones or a straight line",
        reason,
    )
    for stage, states in STAGES.items():
        _sum(
            trail,
            f"delivery.{stage}.{at}",
            f"{stage.capitalize()} so far, against commitments",
            promised[promised["state"].isin(states)],
            "value_pence",
            period,
            f"claims against commitments that are {' or '.join(states)}",
            reason,
        )
    trail.difference(
        f"delivery.not_yet_due.{at}",
        "Committed, not yet due",
        f"delivery.committed.{at}",
        f"delivery.due.{at}",
        "committed less due so far",
    )
    trail.ratio(
        f"headline.delivery_rate.{at}",
        "Delivery of what was due",
        f"delivery.reported.{at}",
        f"delivery.due.{at}",
        "reported so far against commitments ÷ due so far",
    )
    trail.ratio(
        f"delivery.validated_rate.{at}",
        "Validated, of what was due",
        f"delivery.validated.{at}",
        f"delivery.due.{at}",
        "validated so far against commitments ÷ due so far",
    )


def _coverage(trail: Trail, w: Workings, span: Span) -> None:
    """How many contracts that owed a return sent one."""
    at, missing = span.suffix, w.missing("contracts", "return_log")
    rows = delivery.coverage(
        w.frame("return_log"), w.contracts, w.publication.file.data_as_at, span.period
    )
    owing = rows[rows["coverage"] != "nothing due yet"]
    trail.count(
        f"delivery.coverage.in_scope.{at}",
        "Contracts owing a return",
        owing,
        "contracts",
        span.period,
        "contracts with social value, live in the period, with a quarterly return due",
        missing=missing,
    )
    for part in ("reported", "part reported", "not reported"):
        trail.count(
            f"delivery.coverage.{part.replace(' ', '_')}.{at}",
            f"Contracts that have {part}",
            owing[owing["coverage"] == part],
            "contracts",
            span.period,
            f"of them, those that have {part} on the quarters due",
            missing=missing,
        )
    trail.ratio(
        f"delivery.coverage.share.{at}",
        "Coverage of returns",
        f"delivery.coverage.reported.{at}",
        f"delivery.coverage.in_scope.{at}",
        "contracts that reported in full ÷ contracts owing a return",
    )


def _measures(trail: Trail, w: Workings, reason: str) -> pd.DataFrame:
    """Each measure: quantities committed and due to date, delivered in the period and the one
    before,
    and value.
    """
    pub = w.publication
    shown = [
        (m.ref, m.title, m.theme, m.outcome, m.unit)
        for m in w.measures.values()
        if m.ref in pub.measure_refs
    ]
    made, now, before = w.committed(pub.sv), w.claims(pub.sv), w.claims(pub.sv_before)
    for ref, title, _, _, unit in shown:
        promised, mine, earlier = (rows[rows["measure_ref"] == ref] for rows in (made, now, before))
        for part, sums, column, period, words in (
            ("committed", promised, "quantity", pub.sv, "quantity of every commitment"),
            ("due", promised, "due_quantity", pub.sv, "due quantity of every commitment"),
            ("delivered.this", mine, "quantity", pub.sv, "quantity of every claim"),
            ("delivered.before", earlier, "quantity", pub.sv_before, "quantity of every claim"),
        ):
            _sum(
                trail,
                f"measure.{ref}.{part}",
                f"{title}: {part.split('.')[0]}",
                sums,
                column,
                period,
                f"{words} under {ref}",
                reason,
                unit,
            )
        change(trail, f"measure.{ref}.delivered", title)
        _sum(
            trail,
            f"measure.{ref}.validated",
            f"{title}: validated",
            mine[mine["state"] == "validated"],
            "quantity",
            pub.sv,
            f"quantity of every validated claim under {ref}",
            reason,
            unit,
        )
        unpriced = NO_PRICE if not mine.empty and mine["value_pence"].isna().all() else ""
        _sum(
            trail,
            f"measure.{ref}.value",
            f"{title}: value delivered",
            mine,
            "value_pence",
            pub.sv,
            f"value of every priced claim under {ref}",
            reason or unpriced,
        )
    return pd.DataFrame(shown, columns=["measure_ref", "title", "theme", "outcome", "unit"])


def _series(trail: Trail, w: Workings, reason: str) -> pd.DataFrame:
    """Why the delivered value changed, at constant editions, and which editions priced each period.

    Raises ValueError when the causes do not add up to the change.
    """
    pub = w.publication
    rows = series.bridge(w.claims(pub.sv), w.claims(pub.sv_before))
    for cause, words in series.CAUSES.items():
        _sum(
            trail,
            f"series.delivered_value.{slug(cause)}",
            f"Change in delivered value: {cause}",
            rows[rows["cause"] == cause],
            "change_pence",
            pub.sv,
            words,
            reason,
        )
    change = trail["headline.delivered_value.change"].value
    if change is not None and change != rows["change_pence"].sum():
        raise ValueError(
            f"the causes of the change in delivered value do not add up to {change} pence"
        )
    return series.by_measure(rows)


def _themes(trail: Trail, w: Workings, reason: str) -> pd.DataFrame:
    """Each theme: committed and due to date, delivered and validated in the period."""
    pub = w.publication
    themes = sorted({m.theme for m in w.measures.values() if m.ref in pub.measure_refs})
    made, promised, claims = w.committed(pub.sv), w.to_date(pub.sv), w.claims(pub.sv)
    for theme in themes:
        parts = {
            "committed": (made, "value_pence"),
            "due": (made, "due_value_pence"),
            "reported": (promised, "value_pence"),
            "validated": (promised[promised["state"] == "validated"], "value_pence"),
            "delivered": (claims, "value_pence"),
        }
        for part, (rows, column) in parts.items():
            _sum(
                trail,
                f"theme.{slug(theme)}.{part}",
                f"{theme}: {part}",
                rows[rows["theme"] == theme],
                column,
                pub.sv,
                f"{part} under the measures of {theme}",
                reason,
            )
        trail.ratio(
            f"theme.{slug(theme)}.rate",
            f"{theme}: delivery of what was due",
            f"theme.{slug(theme)}.reported",
            f"theme.{slug(theme)}.due",
            "reported so far ÷ due so far",
        )
    return pd.DataFrame({"theme": themes, "slug": [slug(theme) for theme in themes]})


def _top(trail: Trail, w: Workings, reason: str) -> pd.DataFrame:
    """The ten contracts that delivered most in the period, and the total without the largest."""
    period = w.publication.sv
    claims = priced(w.claims(period))
    top = (
        delivery.top(claims, TOP)
        if not reason
        else pd.DataFrame(columns=["rank", "contract_id", "value_pence"])
    )
    for contract in top["contract_id"]:
        _sum(
            trail,
            f"contract.{slug(contract)}.delivered",
            "Delivered by one contract",
            claims[claims["contract_id"] == contract],
            "value_pence",
            period,
            "value of the contract's claims",
            reason,
        )
    ranked, largest = (
        claims["contract_id"].isin(top["contract_id"]),
        claims["contract_id"].isin(top["contract_id"][:1]),
    )
    for part, rows in (
        ("top_ten", claims[ranked]),
        ("largest", claims[largest]),
        ("without_largest", claims[~largest]),
    ):
        _sum(
            trail,
            f"delivery.{part}.this",
            f"Delivered: {part.replace('_', ' ')}",
            rows,
            "value_pence",
            period,
            f"value of the period's claims: {part.replace('_', ' ')} of the contracts",
            reason,
        )
    trail.ratio(
        "delivery.largest_share.this",
        "Share of the largest contract",
        "delivery.largest.this",
        "headline.delivered_value.this",
        "the largest contract's delivered value ÷ all delivered",
    )
    named = w.contracts[["contract_id", "title", "supplier_id"]]
    table = top.merge(named, on="contract_id", how="left", validate="one_to_one")
    table["supplier"] = table["supplier_id"].map(w.supplier_names)
    return table[["rank", "contract_id", "title", "supplier"]]

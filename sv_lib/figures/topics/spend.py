"""Figures on payments: where the money goes, and to what kind of firm."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import NOT_KNOWN, Span, Workings, change, spans
from sv_lib.periods import Period

TOP_CATEGORIES = 10
TOP_FIRMS = 10
TOP_FIRMS_OF_A_WARD = 3
REST = "all other categories"
PLACE_UNKNOWN = "where suppliers are based is not known for any payment"


@dataclass(frozen=True)
class Cut:
    """One way of cutting the payments into classes: its name in ids, column, what it tells, every
    class in words.
    """

    name: str
    column: str
    unknown: str
    classes: dict[str, str]

    def share_stem(self, key: str, home: str) -> str:
        """The id of a class's share of payments; that of the council's own area is a headline."""
        if self.name == "geography":
            return "headline.local_share" if key == home else f"spend.share.{slug(key)}"
        return f"spend.{self.name}_share.{slug(key)}"


def add_spend(trail: Trail, w: Workings) -> dict[str, pd.DataFrame]:
    """All spend figures. Returns tables ``categories``, largest first, and ``firms``, the local
    firms
    paid most.
    """
    pub = w.publication
    for span in spans(pub.spend, pub.spend_before):
        _period(trail, w, span)
    change(trail, "spend.total", "Payments to suppliers")
    geography = _cuts(w)[0]
    for tier, words in geography.classes.items():
        change(trail, f"spend.geography.{slug(tier)}", f"Paid to {words}")
        stem = geography.share_stem(tier, w.home)
        trail.difference(
            f"{stem}.change",
            f"Share paid to {words}: change",
            f"{stem}.this",
            f"{stem}.before",
            "this period's share less the one before",
        )
    return {"categories": _categories(trail, w), "firms": _local_firms(trail, w)}


def _cuts(w: Workings) -> list[Cut]:
    """Every way the payments are cut; the geography first."""
    tiers = {tier.id: f"suppliers in {tier.name}" for tier in w.council.tiers}
    sizes = {size: f"{size} firms" for size in ("micro", "small", "medium", "large")}

    def answers(yes: str) -> dict[str, str]:
        return {
            "yes": yes,
            "no": f"suppliers other than {yes}",
            NOT_KNOWN: f"suppliers not known to be {yes} or not",
        }

    return [
        Cut(
            "geography",
            "geography",
            "the place of suppliers",
            {**tiers, "elsewhere": "suppliers elsewhere", NOT_KNOWN: "suppliers of unknown place"},
        ),
        Cut(
            "vcse",
            "is_vcse",
            "the kind of supplier",
            answers("voluntary, community and social enterprises"),
        ),
        Cut("sme", "is_sme", "the size of suppliers", answers("small and medium firms")),
        Cut("size", "size", "the size of suppliers", {**sizes, NOT_KNOWN: "firms of unknown size"}),
        Cut(
            "addressable",
            "is_addressable",
            "the category",
            answers("suppliers in addressable categories"),
        ),
        Cut("card", "is_card", "the way of paying", answers("suppliers paid by purchase card")),
    ]


def _period(trail: Trail, w: Workings, span: Span) -> None:
    """The figures of one period; all of them not known where no payment of it was supplied."""
    paid, at, period = w.paid(span.period), span.suffix, span.period
    gone = f"no payments supplied for {period}" if paid.empty else ""
    _sum(
        trail,
        f"spend.total.{at}",
        "Payments to suppliers",
        paid,
        period,
        "sum of all payments of the period, credits taken off",
        gone,
    )
    trail.count(
        f"spend.payments.{at}",
        "Payment lines",
        paid,
        "payments",
        period,
        "payment lines",
        missing=gone,
    )
    for cut in _cuts(w):
        _cut(trail, w, cut, paid, span, gone)
    local = paid[(paid["geography"] == w.home) & (paid["is_addressable"] == "yes")]
    nowhere = PLACE_UNKNOWN if (paid["geography"] == NOT_KNOWN).all() else ""
    _sum(
        trail,
        f"spend.addressable_local.{at}",
        "Paid to local suppliers in addressable categories",
        local,
        period,
        "payments to local suppliers in categories that a local firm could supply",
        gone or nowhere,
    )
    trail.ratio(
        f"spend.addressable_share.{at}",
        "Local share of addressable spend",
        f"spend.addressable_local.{at}",
        f"spend.addressable.yes.{at}",
        "addressable payments to local suppliers ÷ all addressable payments",
    )
    top = _paid_most(paid, TOP_FIRMS)
    unnamed = gone or ("" if top else "no payment names its supplier")
    _sum(
        trail,
        f"spend.top_ten.{at}",
        "Paid to the ten largest suppliers",
        paid[paid["supplier_id"].isin(top)],
        period,
        "payments to the ten suppliers paid most in the period",
        unnamed,
    )
    _sum(
        trail,
        f"spend.largest.{at}",
        "Paid to the largest supplier",
        paid[paid["supplier_id"].isin(top[:1])],
        period,
        "payments to the supplier paid most in the period",
        unnamed,
    )
    trail.difference(
        f"spend.without_largest.{at}",
        "Paid to all but the largest supplier",
        f"spend.total.{at}",
        f"spend.largest.{at}",
        "all payments less those to the largest supplier",
    )
    trail.ratio(
        f"spend.largest_share.{at}",
        "Share of the largest supplier",
        f"spend.largest.{at}",
        f"spend.total.{at}",
        "payments to the largest supplier ÷ all payments",
    )
    trail.ratio(
        f"spend.top_ten_share.{at}",
        "Share of the ten largest suppliers",
        f"spend.top_ten.{at}",
        f"spend.total.{at}",
        "payments to the ten largest suppliers ÷ all payments",
    )


def _sum(
    trail: Trail,
    figure_id: str,
    label: str,
    rows: pd.DataFrame,
    period: Period,
    formula: str,
    missing: str = "",
) -> None:
    trail.total(figure_id, label, rows, "amount_pence", "pence", period, formula, missing=missing)


def _cut(trail: Trail, w: Workings, cut: Cut, paid: pd.DataFrame, span: Span, gone: str) -> None:
    """Totals and shares of the classes, which make the whole. Where no payment's class is known,
    none
    is called nil.
    """
    at, silent = span.suffix, (paid[cut.column] == NOT_KNOWN).all()
    if not paid[cut.column].isin(list(cut.classes)).all():
        raise ValueError(f"payments hold a class of {cut.name} that is not in {list(cut.classes)}")
    groups = dict(iter(paid.groupby(cut.column, observed=True)))
    for key, words in cut.classes.items():
        reason = gone or (
            f"{cut.unknown} is not known for any payment" if silent and key != NOT_KNOWN else ""
        )
        figure_id = f"spend.{cut.name}.{slug(key)}.{at}"
        _sum(
            trail,
            figure_id,
            f"Paid to {words}",
            groups.get(key, paid.iloc[:0]),
            span.period,
            f"sum of payments to {words}",
            reason,
        )
        trail.ratio(
            f"{cut.share_stem(key, w.home)}.{at}",
            f"Share paid to {words}",
            figure_id,
            f"spend.total.{at}",
            f"payments to {words} ÷ all payments",
        )


def _paid_most(paid: pd.DataFrame, number: int) -> list[str]:
    """The suppliers paid most, the largest first, ties by their number."""
    totals = paid.groupby("supplier_id", observed=True)["amount_pence"].sum().sort_index()
    return [
        str(supplier)
        for supplier in totals.sort_values(ascending=False, kind="stable").index[:number]
    ]


def _local_firms(trail: Trail, w: Workings) -> pd.DataFrame:
    """The local firms paid most, in the whole area and in each ward; sole traders are people and
    are
    not named.

    Returns columns ``supplier_id, supplier, ward_code, in_area, in_ward``.
    """
    names, period = w.supplier_names, w.publication.spend
    paid = w.paid(period)
    local = paid[(paid["geography"] == w.home) & paid["supplier_id"].isin(list(names))]
    of_area = set(_paid_most(local, TOP_FIRMS))
    of_wards = {
        firm
        for _, rows in local.groupby("ward_code", observed=True)
        for firm in _paid_most(rows, TOP_FIRMS_OF_A_WARD)
    }
    groups = dict(
        iter(
            local[local["supplier_id"].isin(of_area | of_wards)].groupby(
                "supplier_id", observed=True
            )
        )
    )
    rows = []
    for firm in _paid_most(local[local["supplier_id"].isin(list(groups))], len(groups)):
        _sum(
            trail,
            f"supplier.{slug(firm)}.paid",
            f"Paid to {names[firm]}",
            groups[firm],
            period,
            "sum of payments to this supplier",
        )
        rows.append(
            (
                firm,
                names[firm],
                groups[firm]["ward_code"].iloc[0],
                firm in of_area,
                firm in of_wards,
            )
        )
    return pd.DataFrame(
        rows, columns=["supplier_id", "supplier", "ward_code", "in_area", "in_ward"]
    )


def _categories(trail: Trail, w: Workings) -> pd.DataFrame:
    """The largest categories of this period and the local share of each; the rest in one line."""
    period = w.publication.spend
    rows, keys = _kept_categories(w.paid(period))
    nowhere = PLACE_UNKNOWN if (rows["geography"] == NOT_KNOWN).all() else ""
    for key in keys:
        mine = rows[rows["category"] == key]
        local, part = mine[mine["geography"] == w.home], slug(key)
        _sum(
            trail,
            f"spend.category.{part}.this",
            f"Paid for {key}",
            mine,
            period,
            "sum of payments in the category",
        )
        _sum(
            trail,
            f"spend.category_local.{part}.this",
            f"Paid to local suppliers for {key}",
            local,
            period,
            "sum of payments to local suppliers in the category",
            nowhere,
        )
        trail.ratio(
            f"spend.category_share.{part}.this",
            f"Local share of spend on {key}",
            f"spend.category_local.{part}.this",
            f"spend.category.{part}.this",
            "payments to local suppliers ÷ all payments of the category",
        )
    return pd.DataFrame({"category": keys, "slug": [slug(key) for key in keys]})


def _kept_categories(paid: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Payments with the category that is printed, and those categories, largest first.

    Spellings that differ only in capitals and punctuation are one category.
    """
    names = paid["category"].astype(object).where(paid["category"].notna(), NOT_KNOWN)
    first_spelling: dict[str, str] = {}
    same = {name: first_spelling.setdefault(slug(name), name) for name in sorted(names.unique())}
    names = names.map(same)
    order = paid["amount_pence"].groupby(names).sum().sort_values(ascending=False, kind="stable")
    top = [name for name in order.index if name != NOT_KNOWN][:TOP_CATEGORIES]
    kept = names.where(names.isin([*top, NOT_KNOWN]), REST)
    return paid.assign(category=kept), [
        *top,
        *[key for key in (REST, NOT_KNOWN) if (kept == key).any()],
    ]

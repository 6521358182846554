"""Figures on payments: where the money goes, and to what kind of firm."""

from __future__ import annotations

import pandas as pd

from sv_lib.figures.ledger import Ledger, slug
from sv_lib.figures.workings import NOT_KNOWN, Span, Workings, change, spans

YES_NO = ("yes", "no", NOT_KNOWN)
TOP_CATEGORIES = 10
REST = "all other categories"
PLACE_UNKNOWN = "where suppliers are based is not known for any payment"


def add_spend(ledger: Ledger, w: Workings) -> dict[str, pd.DataFrame]:
    """All spend figures. Returns the table ``categories`` (category, slug), largest first."""
    pub = w.publication
    for span in spans(pub.spend, pub.spend_before):
        _totals(ledger, w, span)
    change(ledger, "spend.total", "Payments to suppliers")
    for tier in _tiers(w):
        change(ledger, f"spend.geography.{slug(tier)}", f"Paid to suppliers in {tier}")
        share = _share(w, "geography", tier)
        ledger.difference(f"{share}.change", f"Share paid in {tier}: change", f"{share}.this", f"{share}.before",
                          "this period's share less the one before")  # fmt: skip
    return {"categories": _categories(ledger, w)}


def _tiers(w: Workings) -> list[str]:
    return [*(tier.id for tier in w.council.tiers), "elsewhere", NOT_KNOWN]


def _totals(ledger: Ledger, w: Workings, span: Span) -> None:
    paid, at, period = w.paid(span.period), span.suffix, span.period
    if paid.empty:
        reason = f"no payments supplied for {period}"
        _unknown(ledger, w, span, reason)
        return
    ledger.total(f"spend.total.{at}", "Payments to suppliers", paid, "amount_pence", "pence", period,
                 "sum of all payments of the period, credits taken off")  # fmt: skip
    ledger.count(f"spend.payments.{at}", "Payment lines", paid, "payments", period, "number of payment lines")
    for name, column, keys in _classes(w):
        _cut(ledger, w, paid, span, name, column, keys)
    local = paid[(paid["geography"] == w.home) & (paid["is_addressable"] == "yes")]
    if (paid["geography"] == NOT_KNOWN).all():
        ledger.unknown(f"spend.addressable_local.{at}", "Addressable payments to local suppliers", "pence", period,
                       PLACE_UNKNOWN)  # fmt: skip
    else:
        ledger.total(f"spend.addressable_local.{at}", "Addressable payments to local suppliers", local,
                     "amount_pence", "pence", period,
                     "payments to local suppliers in categories that a local firm could supply")  # fmt: skip
    ledger.ratio(f"spend.addressable_share.{at}", "Local share of addressable spend",
                 f"spend.addressable_local.{at}", f"spend.addressable.yes.{at}",
                 "addressable payments to local suppliers ÷ all addressable payments")  # fmt: skip
    _concentration(ledger, paid, span)


def _classes(w: Workings) -> list[tuple[str, str, list[str]]]:
    """Each way of cutting the payments: name in ids, column, and every class it may hold."""
    sizes = ["micro", "small", "medium", "large", NOT_KNOWN]
    return [
        ("geography", "geography", _tiers(w)),
        ("vcse", "is_vcse", list(YES_NO)),
        ("sme", "is_sme", list(YES_NO)),
        ("size", "size", sizes),
        ("addressable", "is_addressable", list(YES_NO)),
        ("card", "is_card", list(YES_NO)),
    ]


def _cut(ledger: Ledger, w: Workings, paid: pd.DataFrame, span: Span, name: str, column: str, keys: list[str]) -> None:
    """One cut of the payments into classes, with shares. Where no payment's class is known, no class is called nil."""
    at, period = span.suffix, span.period
    known = [] if (paid[column] == NOT_KNOWN).all() else [key for key in keys if key != NOT_KNOWN]
    for key in [key for key in keys if key not in (*known, NOT_KNOWN)]:
        ledger.unknown(f"spend.{name}.{slug(key)}.{at}", f"Payments, {name}: {key}", "pence", period,
                       f"{name} is not known for any payment")  # fmt: skip
    ledger.totals_by(f"spend.{name}.{{key}}.{at}", f"Payments, {name}: {{key}}", paid, column, [*known, NOT_KNOWN],
                     "amount_pence", "pence", period, f"sum of payments whose {name} is {{key}}")  # fmt: skip
    for key in keys:
        ledger.ratio(f"{_share(w, name, key)}.{at}", f"Share of payments, {name}: {key}",
                     f"spend.{name}.{slug(key)}.{at}", f"spend.total.{at}",
                     f"payments whose {name} is {key} ÷ all payments")  # fmt: skip


def _share(w: Workings, name: str, key: str) -> str:
    """The id of a class's share of payments; the council's own area is a headline."""
    if name == "geography":
        return "headline.local_share" if key == w.home else f"spend.share.{slug(key)}"
    return f"spend.{name}_share.{slug(key)}"


def _concentration(ledger: Ledger, paid: pd.DataFrame, span: Span) -> None:
    """The ten suppliers paid most, and the total without the largest of them."""
    by_supplier = paid.groupby("supplier_id", observed=True)["amount_pence"].sum()
    top = by_supplier.sort_values(ascending=False, kind="stable").index[:10]
    at, period = span.suffix, span.period
    ledger.total(f"spend.top_ten.{at}", "Paid to the ten largest suppliers", paid[paid["supplier_id"].isin(top)],
                 "amount_pence", "pence", period, "payments to the ten suppliers paid most in the period")  # fmt: skip
    ledger.ratio(f"spend.top_ten_share.{at}", "Share of the ten largest suppliers", f"spend.top_ten.{at}",
                 f"spend.total.{at}", "payments to the ten largest suppliers ÷ all payments")  # fmt: skip


def _unknown(ledger: Ledger, w: Workings, span: Span, reason: str) -> None:
    """Every figure of a period without payments, not known and saying so."""
    at, period = span.suffix, span.period
    stems = ["total", "payments", "addressable_local", "addressable_share", "top_ten", "top_ten_share"]
    for name, _, keys in _classes(w):
        stems += [f"{name}.{slug(key)}" for key in keys]
        for key in keys:
            ledger.unknown(
                f"{_share(w, name, key)}.{at}", f"Share of payments, {name}: {key}", "percent", period, reason
            )
    for stem in stems:
        unit = "percent" if "share" in stem else "payments" if stem == "payments" else "pence"
        ledger.unknown(f"spend.{stem}.{at}", stem.replace("_", " ").replace(".", ", "), unit, period, reason)


def _categories(ledger: Ledger, w: Workings) -> pd.DataFrame:
    """The largest categories of this period and the local share of each; the rest in one line."""
    rows, keys = _kept_categories(w.paid(w.publication.spend))
    period = w.publication.spend
    ledger.totals_by("spend.category.{key}.this", "Payments, category: {key}", rows, "category", keys, "amount_pence",
                     "pence", period, "sum of payments in the category {key}")  # fmt: skip
    if (rows["geography"] == NOT_KNOWN).all():
        for key in keys:
            ledger.unknown(f"spend.category_local.{slug(key)}.this", f"Local payments, category: {key}", "pence",
                           period, PLACE_UNKNOWN)  # fmt: skip
    else:
        ledger.totals_by("spend.category_local.{key}.this", "Local payments, category: {key}",
                         rows[rows["geography"] == w.home], "category", keys, "amount_pence", "pence", period,
                         "sum of payments to local suppliers in the category {key}")  # fmt: skip
    for key in keys:
        ledger.ratio(f"spend.category_share.{slug(key)}.this", f"Local share, category: {key}",
                     f"spend.category_local.{slug(key)}.this", f"spend.category.{slug(key)}.this",
                     "payments to local suppliers ÷ all payments of the category")  # fmt: skip
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
    return paid.assign(category=kept), [*top, *[key for key in (REST, NOT_KNOWN) if (kept == key).any()]]

"""What a claim or commitment is worth: quantity x proxy x attribution x (1 - deadweight).

The product is exact and rounded once, to pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import NamedTuple

import pandas as pd

from sv_lib.money import half_up
from sv_lib.params import NOT_KNOWN
from sv_lib.toms.measures import Measure

EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
"""Decimal arithmetic that raises an error where it would have to round."""
POUND_FOR_POUND = Decimal(1)
NO_DEADWEIGHT = Decimal(0)

Proxies = Mapping[tuple[str, str], Decimal | None]


class Price(NamedTuple):
    """How an edition prices a measure; ``because`` gives the reason where there is no price."""

    pricing: str
    proxy: Decimal | None
    because: str


VALUED = {
    "title": "string",
    "theme": "string",
    "outcome": "string",
    "unit": "string",
    "is_local_economic": "bool",
    "counts_people": "bool",
    "edition": "string",
    "proxy": "object",
    "deadweight_pct": "object",
    "pricing": "string",
    "value_pence": "Int64",
    "working": "string",
}
"""The columns that valuation adds to a claim or a commitment, and their types."""


def value_claims(
    returns: pd.DataFrame,
    contracts: pd.DataFrame,
    measures: Mapping[str, Measure],
    proxies: pd.DataFrame,
    deadweight_pct: Mapping[str, Decimal],
) -> pd.DataFrame:
    """Claims, or commitments over their whole life, with the columns ``VALUED`` added.

    The edition is that of the contract. ``deadweight_pct``: the percentage that the council takes
    off, by measure; a measure that is not in it loses nothing. ``pricing`` is "priced", "recorded
    only" (no price by design) or "not priced" (a fault, which ``checks`` reports too).
    ``value_pence`` is NA for the last two, never 0.
    """
    editions = dict(zip(contracts["contract_id"], contracts["edition"].fillna(""), strict=True))
    prices = _by_measure_and_edition(proxies)
    columns = returns[["measure_ref", "contract_id", "quantity", "attribution"]]
    rows = []
    for ref, contract, quantity, attribution in columns.itertuples(index=False):
        measure = measures.get(ref)
        edition = editions.get(contract, "")
        deadweight = deadweight_pct.get(ref, NO_DEADWEIGHT)
        priced = price(ref, edition, measure, prices)
        unit = measure.unit if measure else NOT_KNOWN
        value, words = worked(quantity, unit, priced, attribution, deadweight)
        about = _about(measure)
        rows.append((*about, edition, priced.proxy, deadweight, priced.pricing, value, words))
    added = pd.DataFrame(rows, columns=list(VALUED), dtype="object").astype(VALUED)
    return pd.concat([returns.reset_index(drop=True), added], axis="columns")


def exact_value(
    quantity: Decimal, proxy: Decimal, attribution: Decimal, deadweight_pct: Decimal
) -> Decimal:
    """Pounds, unrounded: quantity x proxy x attribution x (1 - deadweight)."""
    kept = EXACT.subtract(Decimal(1), EXACT.scaleb(deadweight_pct, -2))
    return EXACT.multiply(EXACT.multiply(EXACT.multiply(quantity, proxy), attribution), kept)


def value_in_pence(
    quantity: Decimal, proxy: Decimal, attribution: Decimal, deadweight_pct: Decimal
) -> int:
    """The exact product, rounded half-up to pence, once."""
    return half_up(EXACT.scaleb(exact_value(quantity, proxy, attribution, deadweight_pct), 2))


def price(ref: str, edition: str, measure: Measure | None, prices: Proxies) -> Price:
    """How an edition prices a measure.

    Money invested counts a pound for a pound. A measure that has no price, by its method or by a
    blank in the price list, is recorded only. A measure that neither its file nor the price list
    puts in the edition is not priced.
    """
    if measure is None:
        return Price("not priced", None, f"{ref} is not a measure of the catalogue")
    if not edition:
        return Price("not priced", None, "its contract names no edition")
    if edition not in measure.editions and (ref, edition) not in prices:
        return Price("not priced", None, f"{ref} is not in {edition}")
    if measure.method == "recorded only":
        return Price("recorded only", None, "this measure has no price")
    if measure.method == "money invested":
        return Price("priced", POUND_FOR_POUND, "")
    if (ref, edition) not in prices:
        return Price("not priced", None, f"there is no proxy for {ref} in {edition}")
    proxy = prices[ref, edition]
    if proxy is None:
        return Price("recorded only", None, f"{edition} gives {ref} no price")
    return Price("priced", proxy, "")


def worked(
    quantity: Decimal, unit: str, priced: Price, attribution: Decimal, deadweight_pct: Decimal
) -> tuple[int | None, str]:
    """The value in pence, None without a price, and how it came about in words."""
    if priced.proxy is None:
        return None, f"{plain(quantity)} {unit}: {priced.pricing}, {priced.because}"
    value = value_in_pence(quantity, priced.proxy, attribution, deadweight_pct)
    return value, working(quantity, unit, priced.proxy, attribution, deadweight_pct)


def working(
    quantity: Decimal, unit: str, proxy: Decimal, attribution: Decimal, deadweight_pct: Decimal
) -> str:
    """The sum as an auditor would key it: ``12 weeks x £200.00 x 1 = £2,400.00``."""
    parts = [f"{plain(quantity)} {unit}", pounds(proxy), plain(attribution)]
    if deadweight_pct:
        parts.append(f"(1 - {plain(deadweight_pct)}%)")
    exact = exact_value(quantity, proxy, attribution, deadweight_pct)
    rounded = Decimal(half_up(EXACT.scaleb(exact, 2))).scaleb(-2)
    result = pounds(exact)
    if exact != rounded:
        result += f", rounded to {pounds(rounded)}"
    product = " x ".join(parts)
    return f"{product} = {result}"


def plain(number: Decimal) -> str:
    """All digits of a number, with commas for thousands and no trailing zeros: ``1,234.5``."""
    text = f"{number:,f}"
    if "." not in text:
        return text
    return text.rstrip("0").rstrip(".")


def pounds(amount: Decimal) -> str:
    """All digits of an amount, with at least two decimal places: ``£2,400.00``, ``-£0.125``."""
    sign = "-" if amount < 0 else ""
    whole, _, decimals = plain(abs(amount)).partition(".")
    return f"{sign}£{whole}.{decimals:0<2}"


def _by_measure_and_edition(proxies: pd.DataFrame) -> Proxies:
    keys = zip(proxies["measure_ref"], proxies["edition"], strict=True)
    values = (None if pd.isna(proxy) else proxy for proxy in proxies["proxy"])
    return dict(zip(keys, values, strict=True))


def _about(measure: Measure | None) -> tuple[str, str, str, str, bool, bool]:
    """The columns of ``VALUED`` that the measure gives."""
    if measure is None:
        return NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, False, False
    return (
        measure.title,
        measure.theme,
        measure.outcome,
        measure.unit,
        measure.is_local_economic,
        measure.counts_people,
    )

"""The value of a claim or commitment: quantity x proxy x attribution x (1 - deadweight).

The product is exact, and rounded once, to pence.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, NamedTuple

import pandas as pd

from sv_lib.money import half_up
from sv_lib.params import NOT_KNOWN
from sv_lib.toms.measures import Measure
from sv_lib.toms.rows import rows_of

EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
"""Decimal arithmetic that raises an error where it would have to round."""
POUND_FOR_POUND = Decimal(1)
NO_DEADWEIGHT = Decimal(0)

Proxies = Mapping[tuple[str, str], Decimal | None]


class Price(NamedTuple):
    """The price of a measure in an edition; ``because`` says why where ``proxy`` is None."""

    pricing: str
    because: str = ""
    proxy: Decimal | None = None


ABOUT: Mapping[str, Any] = {
    "title": NOT_KNOWN,
    "theme": NOT_KNOWN,
    "outcome": NOT_KNOWN,
    "unit": NOT_KNOWN,
    "is_local_economic": False,
    "counts_people": False,
}
"""The columns that the measure gives, and what they hold where there is no such measure."""
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
"""The columns that valuation adds, those of ``ABOUT`` first, and their types."""


def value_claims(
    returns: pd.DataFrame,
    contracts: pd.DataFrame,
    measures: Mapping[str, Measure],
    proxies: pd.DataFrame,
    deadweight_pct: Mapping[str, Decimal],
) -> pd.DataFrame:
    """Add the columns ``VALUED`` to claims, or to commitments over their whole life.

    ``returns`` are the claims or commitments. The edition is that of the contract.
    ``deadweight_pct`` is the percentage to take off, by measure; one that it lacks loses nothing.
    ``pricing`` is "priced", "recorded only" (no price by design) or "not priced" (a fault, which
    ``checks`` reports too). ``value_pence`` is NA for the last two, never 0.
    """
    editions = dict(zip(contracts["contract_id"], contracts["edition"].fillna(""), strict=True))
    prices = _by_measure_and_edition(proxies)
    rows = []
    for row in rows_of(returns):
        ref = row.measure_ref
        measure = measures.get(ref)
        edition = editions.get(row.contract_id, "")
        deadweight = deadweight_pct.get(ref, NO_DEADWEIGHT)
        priced = price(ref, edition, measure, prices)
        # Where there is no such measure, None has none of the attributes.
        about = {name: getattr(measure, name, unknown) for name, unknown in ABOUT.items()}
        value, words = worked(row.quantity, about["unit"], priced, row.attribution, deadweight)
        pricing = (edition, priced.proxy, deadweight, priced.pricing)
        rows.append((*about.values(), *pricing, value, words))
    added = pd.DataFrame(rows, columns=list(VALUED), dtype="object")
    return returns.reset_index(drop=True).join(added.astype(VALUED))


def exact_value(
    quantity: Decimal, proxy: Decimal, attribution: Decimal, deadweight_pct: Decimal
) -> Decimal:
    """Return quantity x proxy x attribution x (1 - deadweight) in pounds, unrounded."""
    kept = EXACT.subtract(Decimal(1), EXACT.scaleb(deadweight_pct, -2))
    gross = EXACT.multiply(quantity, proxy)
    attributed = EXACT.multiply(gross, attribution)
    return EXACT.multiply(attributed, kept)


def value_in_pence(
    quantity: Decimal, proxy: Decimal, attribution: Decimal, deadweight_pct: Decimal
) -> int:
    """Return the value in pence: the exact product, rounded half-up once."""
    pounds = exact_value(quantity, proxy, attribution, deadweight_pct)
    return half_up(EXACT.scaleb(pounds, 2))


def price(ref: str, edition: str, measure: Measure | None, prices: Proxies) -> Price:
    """Find the price of a measure in an edition; ``measure`` is None if ``ref`` does not exist.

    Money invested counts a pound for a pound. A measure without a price, by its method or by a
    blank in the price list, is "recorded only". A measure that neither its file nor the price list
    puts in the edition is "not priced".
    """
    is_listed = (ref, edition) in prices
    if measure is None:
        return Price("not priced", f"{ref} is not a measure of the catalogue")
    if not edition:
        return Price("not priced", "its contract names no edition")
    if edition not in measure.editions and not is_listed:
        return Price("not priced", f"{ref} is not in {edition}")
    if measure.method == "recorded only":
        return Price("recorded only", "this measure has no price")
    if measure.method == "money invested":
        return Price("priced", proxy=POUND_FOR_POUND)
    if not is_listed:
        return Price("not priced", f"there is no proxy for {ref} in {edition}")
    proxy = prices[ref, edition]
    if proxy is None:
        return Price("recorded only", f"{edition} gives {ref} no price")
    return Price("priced", proxy=proxy)


def worked(
    quantity: Decimal, unit: str, priced: Price, attribution: Decimal, deadweight_pct: Decimal
) -> tuple[int | None, str]:
    """Return the value in pence, None without a price, and its working in words."""
    if priced.proxy is None:
        return None, f"{plain(quantity)} {unit}: {priced.pricing}, {priced.because}"
    exact = exact_value(quantity, priced.proxy, attribution, deadweight_pct)
    value = half_up(EXACT.scaleb(exact, 2))
    # As an auditor would key it: 12 weeks x £200.00 x 1 = £2,400.00
    factors = [f"{plain(quantity)} {unit}", pounds(priced.proxy), plain(attribution)]
    if deadweight_pct:
        factors.append(f"(1 - {plain(deadweight_pct)}%)")
    result = pounds(exact)
    rounded = Decimal(value).scaleb(-2)
    if exact != rounded:
        result += f", rounded to {pounds(rounded)}"
    product = " x ".join(factors)
    return value, f"{product} = {result}"


def plain(number: Decimal) -> str:
    """Write a number with all its digits, commas for thousands, no trailing zeros: ``1,234.5``."""
    text = f"{number:,f}"
    if "." not in text:
        return text
    return text.rstrip("0").rstrip(".")


def pounds(amount: Decimal) -> str:
    """Write pounds with all their digits, two decimals or more: ``£2,400.00``, ``-£0.125``."""
    sign = "-" if amount < 0 else ""
    whole, _, decimals = plain(abs(amount)).partition(".")
    return f"{sign}£{whole}.{decimals:0<2}"


def _by_measure_and_edition(proxies: pd.DataFrame) -> Proxies:
    return {(row.measure_ref, row.edition): row.proxy for row in rows_of(proxies)}

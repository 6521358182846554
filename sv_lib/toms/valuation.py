"""What a claim or a commitment is worth: quantity x proxy x attribution x (1 - deadweight), exact,
rounded once.
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
"""Arithmetic that would rather stop than round."""

POUND_FOR_POUND, NOTHING = Decimal(1), Decimal(0)

Proxies = Mapping[tuple[str, str], Decimal | None]


class Price(NamedTuple):
    """How a measure is priced in an edition; ``because`` says why it is not."""

    pricing: str
    proxy: Decimal | None
    because: str


VALUED = {
    "title": "string",
    "theme": "string",
    "outcome": "string",
    "unit": "string",
    "edition": "string",
    "proxy": "object",
    "deadweight_pct": "object",
    "pricing": "string",
    "is_local_economic": "bool",
    "counts_people": "bool",
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
    """Every claim, or commitment over its whole life, with its value in pence and its working in
    words.

    The edition is the contract's. ``deadweight_pct``: what the council takes off, by measure;
    nothing where not named.

    ``pricing`` is "priced", "recorded only" (no price by design) or "not priced" (a fault, which
    ``checks`` names too). ``value_pence`` is NA for the last two, never 0.
    """
    editions = dict(zip(contracts["contract_id"], contracts["edition"].fillna(""), strict=True))
    prices = _by_measure_and_edition(proxies)
    parts = (returns[name] for name in ("measure_ref", "contract_id", "quantity", "attribution"))
    rows = [
        _value(
            ref,
            editions.get(contract, ""),
            quantity,
            attribution,
            measures.get(ref),
            prices,
            deadweight_pct.get(ref, NOTHING),
        )
        for ref, contract, quantity, attribution in zip(*parts, strict=True)
    ]
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
    """How a measure is priced in an edition.

    Money invested counts a pound for a pound. A measure without a price, by method or by its
    edition's file, is recorded only. Anything that neither the catalogue nor the price list puts in
    the edition is not priced, and the words say why.
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


def working(
    quantity: Decimal, unit: str, proxy: Decimal, attribution: Decimal, deadweight_pct: Decimal
) -> str:
    """The sum in words, as an auditor would key it: ``12 weeks x £200.00 x 1 = £2,400.00``."""
    parts = [f"{plain(quantity)} {unit}", pounds(proxy), plain(attribution)]
    if deadweight_pct:
        parts.append(f"(1 - {plain(deadweight_pct)}%)")
    exact = exact_value(quantity, proxy, attribution, deadweight_pct)
    rounded = Decimal(half_up(EXACT.scaleb(exact, 2))).scaleb(-2)
    result = pounds(exact) if exact == rounded else f"{pounds(exact)}, rounded to {pounds(rounded)}"
    return f"{' x '.join(parts)} = {result}"


def plain(number: Decimal) -> str:
    """All of a number's digits, with commas for thousands and no zeros that say nothing:
    ``1,234.5``.
    """
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pounds(amount: Decimal) -> str:
    """All of an amount's digits, two decimal places at least: ``£2,400.00``, ``-£0.125``."""
    whole, _, decimals = plain(abs(amount)).partition(".")
    return f"{'-' if amount < 0 else ''}£{whole}.{decimals.ljust(2, '0')}"


def _by_measure_and_edition(proxies: pd.DataFrame) -> Proxies:
    keys = zip(proxies["measure_ref"], proxies["edition"], strict=True)
    values = (None if pd.isna(proxy) else proxy for proxy in proxies["proxy"])
    return dict(zip(keys, values, strict=True))


def _value(
    ref: str,
    edition: str,
    quantity: Decimal,
    attribution: Decimal,
    measure: Measure | None,
    prices: Proxies,
    deadweight_pct: Decimal,
) -> tuple[object, ...]:
    """What ``VALUED`` says of one claim."""
    pricing, proxy, because = price(ref, edition, measure, prices)
    title, theme, outcome, unit = (NOT_KNOWN,) * 4
    if measure:
        title, theme, outcome, unit = measure.title, measure.theme, measure.outcome, measure.unit
    if proxy is None:
        value, words = None, f"{plain(quantity)} {unit}: {pricing}, {because}"
    else:
        value = value_in_pence(quantity, proxy, attribution, deadweight_pct)
        words = working(quantity, unit, proxy, attribution, deadweight_pct)
    is_local, is_people = (
        (measure.is_local_economic, measure.counts_people) if measure else (False, False)
    )
    return (
        title,
        theme,
        outcome,
        unit,
        edition,
        proxy,
        deadweight_pct,
        pricing,
        is_local,
        is_people,
        value,
        words,
    )

"""Split a change in value between two periods into changes of quantity and of price list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from sv_lib.money import half_up
from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.valuation import exact_value

CAUSES = {
    "quantity": "the earlier price of each measure × the change in its quantity",
    "edition": (
        "the later quantity of each measure × the change in its price, which contracts of "
        "another edition bring"
    ),
    "measure added": "value of the measures that the earlier period has no price for",
    "measure dropped": "value, taken off, of the measures that the later period has no price for",
}

KEPT = ["measure_ref", "source_file", "source_row", "counts_people", "headcount"]


def bridge(this: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Explain the change in value of priced claims between two periods, claim by claim.

    ``this`` and ``before`` are valued claims of the later and the earlier period. Returns one row
    a claim and cause that changed anything, with the columns ``KEPT``, ``cause`` (a key of
    ``CAUSES``), ``change_pence`` and ``period`` ("this" or "before").

    Let q be a measure's quantity after attribution, and p its price a unit after deadweight, the
    mean over the editions of its period's contracts. Then "quantity" is p before x change of q;
    "edition" is q now x change of p; "measure added" and "measure dropped" are all of a measure
    that has a price in one period only.

    Each claim is rounded half-up once, so the rows add up to the penny to the change of the two
    totals. A claim is never revalued with the price of another edition. Source of the rule: our
    own choice (see the assumptions register): a change of edition is no change of delivery.
    """
    this = this[this["value_pence"].notna()]
    before = before[before["value_pence"].notna()]
    then = prices(before)
    in_both = list(then.keys() & prices(this).keys())
    is_continued = this["measure_ref"].isin(in_both)
    was_continued = before["measure_ref"].isin(in_both)
    continued = this[is_continued]
    added = this[~is_continued]
    stayed = before[was_continued]
    dropped = before[~was_continued]
    now = this["value_pence"]
    taken_off = -before["value_pence"]
    at_price_before = _valued_at(then, continued)
    lines = [
        _lines(stayed, "before", "quantity", taken_off),
        _lines(continued, "this", "quantity", at_price_before),
        _lines(continued, "this", "edition", now - at_price_before),
        _lines(added, "this", "measure added", now),
        _lines(dropped, "before", "measure dropped", taken_off),
    ]
    every = pd.concat(lines, ignore_index=True)
    return every[every["change_pence"] != 0].reset_index(drop=True)


def prices(claims: pd.DataFrame) -> dict[str, Fraction]:
    """Return the mean price of a unit of each measure, in exact pounds after deadweight.

    ``claims`` are valued and have a price. A measure whose quantities sum to 0, after corrections,
    has no price.
    """
    quantity: defaultdict[str, Fraction] = defaultdict(Fraction)
    value: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in rows_of(claims):
        pounds = exact_value(row.quantity, row.proxy, row.attribution, row.deadweight_pct)
        quantity[row.measure_ref] += _counted(row)
        value[row.measure_ref] += Fraction(pounds)
    return {ref: value[ref] / amount for ref, amount in quantity.items() if amount}


def by_measure(bridged: pd.DataFrame) -> pd.DataFrame:
    """Sum the rows of ``bridge`` by measure and cause, without those that come to 0.

    Columns: ``measure_ref``, ``cause`` and ``change_pence``.
    """
    sums = bridged.groupby(["measure_ref", "cause"], as_index=False)["change_pence"].sum()
    changed: pd.DataFrame = sums[sums["change_pence"] != 0]
    return changed.reset_index(drop=True)


def _valued_at(price: Mapping[str, Fraction], claims: pd.DataFrame) -> pd.Series:
    """Value claims in pence at another price of their measure."""
    pence = []
    for row in rows_of(claims):
        pounds = _counted(row) * price[row.measure_ref]
        pence.append(half_up(pounds * 100))
    return pd.Series(pence, index=claims.index, dtype="Int64")


def _counted(row: Row) -> Fraction:
    """Return the quantity of a claim after attribution."""
    return Fraction(row.quantity) * Fraction(row.attribution)


def _lines(claims: pd.DataFrame, period: str, cause: str, change: pd.Series) -> pd.DataFrame:
    amounts = change[claims.index].astype("int64")
    return claims[KEPT].assign(cause=cause, change_pence=amounts, period=period)

"""Two periods at constant prices: what changed with quantities, and what with editions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from sv_lib.money import half_up
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
    """The change in value of priced claims between two periods, a row a claim and cause.

    Columns ``KEPT``, ``cause``, ``change_pence`` and ``period``, "this" or "before". Let q be a
    measure's quantity after attribution and p its price a unit after deadweight, the mean over the
    editions of its period's contracts. quantity: p before x change of q. edition: q now x change of
    p. measure added, measure dropped: all of a measure that has a price in one period only.

    Each claim is rounded half-up once, so the rows add up to the penny to the change of the two
    totals. No proxy is moved from one edition to another. Source of the rule: our own choice (see
    the assumptions register); a change of edition is no change of delivery.
    """
    this = this[this["value_pence"].notna()]
    before = before[before["value_pence"].notna()]
    now = prices(this)
    then = prices(before)
    in_both = list(then.keys() & now.keys())
    held = before["measure_ref"].isin(in_both)
    kept = this["measure_ref"].isin(in_both)
    at_constant = [
        half_up(_counted(row) * then[row["measure_ref"]] * 100)
        for row in this[kept].to_dict("records")
    ]
    constant = pd.Series(at_constant, index=this.index[kept], dtype="Int64")
    lines = [
        _lines(before[held], "before", "quantity", -before["value_pence"]),
        _lines(this[kept], "this", "quantity", constant),
        _lines(this[kept], "this", "edition", this["value_pence"] - constant),
        _lines(this[~kept], "this", "measure added", this["value_pence"]),
        _lines(before[~held], "before", "measure dropped", -before["value_pence"]),
    ]
    every = pd.concat(lines, ignore_index=True)
    return every[every["change_pence"] != 0].reset_index(drop=True)


def prices(claims: pd.DataFrame) -> dict[str, Fraction]:
    """Pounds a unit of each measure's priced claims: the exact mean, after deadweight.

    A measure whose claims come to a quantity of 0, by corrections, has no price.
    """
    quantity: defaultdict[str, Fraction] = defaultdict(Fraction)
    value: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in claims.to_dict("records"):
        ref = row["measure_ref"]
        price = row["proxy"], row["attribution"], row["deadweight_pct"]
        quantity[ref] += _counted(row)
        value[ref] += Fraction(exact_value(row["quantity"], *price))
    return {ref: value[ref] / amount for ref, amount in quantity.items() if amount}


def by_measure(bridged: pd.DataFrame) -> pd.DataFrame:
    """A row a measure and cause that changed anything: ``measure_ref, cause, change_pence``."""
    sums = bridged.groupby(["measure_ref", "cause"], as_index=False)["change_pence"].sum()
    changed: pd.DataFrame = sums[sums["change_pence"] != 0]
    return changed.reset_index(drop=True)


def _counted(row: Mapping[Any, Any]) -> Fraction:
    return Fraction(row["quantity"]) * Fraction(row["attribution"])


def _lines(claims: pd.DataFrame, period: str, cause: str, change: pd.Series) -> pd.DataFrame:
    amounts = change[claims.index].astype("int64")
    return claims[KEPT].assign(cause=cause, change_pence=amounts, period=period)

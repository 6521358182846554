"""Why an amount changed: new, ended, continuing, moved and coverage, row by row, adding to the
penny.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from sv_lib.money import half_up
from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period

CAUSES = ("new", "ended", "continuing", "moved", "coverage")
ENDINGS = ("ran to plan", "stopped early", "re-let")
KEY = ["contract_id", "_supplier", "place"]
SPLIT = ("timing_pence", "price_pence", "volume_pence", "together_pence")
"""What makes up the continuing part of a change."""


def contracts(
    this_rows: pd.DataFrame,
    before_rows: pd.DataFrame,
    contracts: pd.DataFrame,
    this: Period,
    before: Period,
    quantities: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows of both periods with the ``cause`` of the change and their part in it,
    ``change_pence``.

    new: the contract started after the earlier period. ended: it was over before the later one
    began, and ``ended_how`` says "re-let" (``successor_id`` to whom), "stopped early" or "ran to
    plan". moved: a place that the contract has in one period only. coverage: the amount can be seen
    in one period only: its place was or became not known; its supplier was paid outside contracts
    then and under this one now, or the other way round; or the row says so itself in
    ``is_unmatched`` (optional: the return to compare it with never came). continuing: all else,
    payments outside contracts (compared supplier by supplier) included. It is made up of
    ``timing_pence``, from the days for which the contract ran in each period; ``price_pence`` and
    ``volume_pence``, where ``quantities`` tell them apart: the later amounts less what they would
    have been at the earlier price, and the rest; and ``together_pence``.

    A row of the later period adds its amount, one of the earlier takes it off. Raises
    ArithmeticError if the causes of a place, or of all places, do not add up to its change.
    """
    rows = pd.concat(
        [_side(this_rows, "this", 1), _side(before_rows, "before", -1)], ignore_index=True
    )
    rows = rows.merge(_ways(rows, contracts, this, before), on=KEY, how="left", validate="m:1")
    if "is_unmatched" in rows:
        silent = rows["is_unmatched"].astype("bool") & rows["cause"].isin(["continuing", "moved"])
        rows["cause"] = rows["cause"].mask(silent, "coverage")
    is_scaled = rows["cause"].eq("continuing") & rows["period"].eq("before")
    at_this_length = _half_up(rows["amount_pence"] * rows["_days"], rows["_of"])
    rows["timing_pence"] = (at_this_length - rows["amount_pence"]).where(is_scaled, 0)
    ratios = {} if quantities is None else _price_ratios(rows, quantities, contracts, this, before)
    rows = rows.assign(**_apart(rows, ratios)).drop(columns=["_supplier", "_days", "_of"])
    _adds_up(rows, this_rows, before_rows)
    return rows


def by_contract(bridge_rows: pd.DataFrame) -> pd.DataFrame:
    """One row a contract, place and cause: before, this and the change, the largest fall first.

    ``contract_id`` is NA for all payments outside contracts.
    """
    key = ["contract_id", "place", "cause", "ended_how", "successor_id"]
    later = bridge_rows["period"].eq("this")
    amounts = bridge_rows[key].assign(
        before_pence=bridge_rows["amount_pence"].mask(later, 0),
        this_pence=bridge_rows["amount_pence"].where(later, 0),
        change_pence=bridge_rows["change_pence"],
        **{name: bridge_rows[name] for name in SPLIT},
    )
    table = amounts.groupby(key, dropna=False, as_index=False).sum()
    return table.sort_values(["change_pence", "contract_id", "place"], ignore_index=True)


def _side(rows: pd.DataFrame, period: str, sign: int) -> pd.DataFrame:
    supplier = (
        rows["supplier_id"]
        if "supplier_id" in rows
        else pd.Series(pd.NA, index=rows.index, dtype="string")
    )
    is_outside_contracts = rows["contract_id"].fillna("").eq("").astype("bool")
    return rows.assign(
        contract_id=rows["contract_id"].mask(is_outside_contracts),
        _supplier=supplier.where(is_outside_contracts),
        amount_pence=rows["amount_pence"].astype("int64"),
        change_pence=sign * rows["amount_pence"].astype("int64"),
        period=pd.Series(period, index=rows.index, dtype="string"),
    )


def _ways(
    rows: pd.DataFrame, contracts: pd.DataFrame, this: Period, before: Period
) -> pd.DataFrame:
    """The cause of each contract (or supplier outside contracts) and place."""
    seen = rows[[*KEY, "period"]].drop_duplicates()
    ways = seen[KEY].drop_duplicates(ignore_index=True)
    for period in ("this", "before"):
        mine = seen.loc[seen["period"].eq(period), KEY]
        ways = ways.merge(mine.assign(**{f"_{period}": True}), on=KEY, how="left", validate="1:1")
        has = mine[KEY[:2]].drop_duplicates().assign(**{f"_any_{period}": True})
        lost = mine.loc[mine["place"].isin([NOT_KNOWN]), KEY[:2]].assign(
            **{f"_unplaced_{period}": True}
        )
        for facts in (has, lost):
            ways = ways.merge(facts, on=KEY[:2], how="left", validate="m:1")
    flags = ways.columns.drop(KEY)
    ways[flags] = ways[flags].notna()
    one_sided = ways["_this"].ne(ways["_before"]) & ways["_any_this"] & ways["_any_before"]
    became_known = ways["_unplaced_this"].ne(ways["_unplaced_before"])
    cause = pd.Series("continuing", index=ways.index, dtype="string")
    cause = cause.mask(one_sided, "moved").mask(one_sided & became_known, "coverage")
    dated = _dated(ways[KEY].assign(cause=cause), contracts, this, before)
    crossed = _came_under_contract(ways.assign(cause=dated["cause"]), contracts)
    return dated.assign(cause=dated["cause"].mask(crossed, "coverage"))


def _came_under_contract(ways: pd.DataFrame, contracts: pd.DataFrame) -> pd.Series:
    """Suppliers paid in one period outside contracts alone, in the other under running ones alone:
    both sides of it.
    """
    runs = ~ways["cause"].isin(["new", "ended"])
    holders = dict(zip(contracts["contract_id"], contracts["supplier_id"], strict=True))
    is_outside = ways["contract_id"].isna()
    supplier = ways["_supplier"].where(is_outside, ways["contract_id"].map(holders))
    seen = {
        (where, period): set(
            supplier[runs & is_outside.eq(where == "outside") & ways[f"_any_{period}"]].dropna()
        )
        for where in ("outside", "under")
        for period in ("this", "before")
    }
    only = {
        key: found - seen[key[0], "before" if key[1] == "this" else "this"]
        for key, found in seen.items()
    }
    crossed = (only["outside", "before"] & only["under", "this"]) | (
        only["outside", "this"] & only["under", "before"]
    )
    return runs & supplier.isin(crossed)


def _dated(
    ways: pd.DataFrame, contracts: pd.DataFrame, this: Period, before: Period
) -> pd.DataFrame:
    """New and ended, by the contract's own dates, which go before what the places say; and the days
    it
    ran.
    """
    dates = contracts[["contract_id", "starts_on", "ends_on", "stopped_on"]]
    ways = ways.merge(dates, on="contract_id", how="left", validate="m:1")
    ways["successor_id"] = ways["contract_id"].map(_successors(contracts, this)).astype("string")
    last = _last_days(ways, this)
    is_ended = last < pd.Timestamp(this.start)
    is_new = ways["starts_on"] > pd.Timestamp(before.end)
    how = pd.Series("ran to plan", index=ways.index, dtype="string")
    how = how.mask(last < ways["ends_on"], "stopped early").mask(
        ways["successor_id"].notna(), "re-let"
    )
    is_ended &= ~is_new
    ran_this, ran_before = (_days(ways["starts_on"], last, period) for period in (this, before))
    is_dated = (ran_this > 0) & (ran_before > 0)
    return ways[KEY].assign(
        cause=ways["cause"].mask(is_ended, "ended").mask(is_new, "new"),
        ended_how=how.where(is_ended, ""),
        successor_id=ways["successor_id"].where(is_ended, "").fillna("").astype("string"),
        _days=(ran_this * before.days).where(is_dated, 1),
        _of=(ran_before * this.days).where(is_dated, 1),
    )


def _last_days(contracts: pd.DataFrame, this: Period) -> pd.Series:
    """The last day of each contract as it stood at the end of the period: a stop that is to come is
    not known yet.
    """
    return (
        contracts["stopped_on"]
        .where(contracts["stopped_on"] <= pd.Timestamp(this.end))
        .fillna(contracts["ends_on"])
    )


def _days(first: pd.Series, last: pd.Series, period: Period) -> pd.Series:
    """Days of a period for which each contract ran; nil where it has no dates."""
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    days = (last.where(last < end, end) - first.where(first > start, start)).dt.days + 1
    return days.clip(lower=0).where(first.notna(), 0).astype("int64")


def _price_ratios(
    rows: pd.DataFrame,
    quantities: pd.DataFrame,
    contracts: pd.DataFrame,
    this: Period,
    before: Period,
) -> dict[str, Fraction]:
    """Contract -> its earlier price over its later one: paid for each unit, or by its price
    index.
    """
    starts = contracts.set_index("contract_id")["starts_on"]
    last = pd.Series(_last_days(contracts, this).array, index=starts.index)
    found = {}
    for contract, told in quantities[quantities["contract_id"].isin(starts.index)].groupby(
        "contract_id"
    ):
        mine = rows[rows["contract_id"].eq(contract)]
        now, then = (
            _prices(
                told,
                int(mine.loc[mine["period"].eq(name), "amount_pence"].sum()),
                period,
                max(starts[contract], pd.Timestamp(period.start)),
                min(last[contract], pd.Timestamp(period.end)),
            )
            for name, period in (("this", this), ("before", before))
        )
        if known := [kind for kind in now if kind in then]:
            found[str(contract)] = then[known[0]] / now[known[0]]
    return found


def _prices(
    told: pd.DataFrame, paid: int, period: Period, start: pd.Timestamp, end: pd.Timestamp
) -> dict[str, Fraction]:
    """The price from the first to the last day that a contract ran in a period, by unit and by
    index.

    None unless it is told for each of those days; by unit only where the quantities are of that
    period alone.
    """
    parts = told[(told["period_start"] <= end) & (told["period_end"] >= start)].sort_values(
        "period_start"
    )
    firsts = parts["period_start"].where(parts["period_start"] > start, start)
    lasts = parts["period_end"].where(parts["period_end"] < end, end)
    follows = firsts.iloc[1:].array == (lasts.iloc[:-1] + pd.Timedelta(days=1)).array
    if parts.empty or firsts.iloc[0] != start or lasts.iloc[-1] != end or not follows.all():
        return {}
    prices = {}
    days = pd.Timestamp(period.start), pd.Timestamp(period.end)
    is_inside = parts["period_start"].min() >= days[0] and parts["period_end"].max() <= days[1]
    if (
        is_inside
        and paid > 0
        and parts["quantity"].notna().all()
        and (bought := sum(parts["quantity"])) > 0
    ):
        prices["quantity"] = paid / Fraction(bought)
    if parts["price_index"].notna().all() and (parts["price_index"] > 0).all():
        each = ((lasts - firsts).dt.days + 1).tolist()
        weighed = (
            Fraction(index) * days for index, days in zip(parts["price_index"], each, strict=True)
        )
        prices["price_index"] = sum(weighed, Fraction(0)) / sum(each)
    return prices


def _apart(rows: pd.DataFrame, ratios: dict[str, Fraction]) -> dict[str, pd.Series]:
    """Price, volume and what cannot be told apart, of each continuing row; with its timing they
    make
    its change.
    """
    continuing, later = rows["cause"].eq("continuing"), rows["period"].eq("this")
    left = (rows["change_pence"] - rows["timing_pence"]).where(continuing, 0)
    is_told = continuing & rows["contract_id"].isin(list(ratios))
    paid = rows.loc[is_told & later, ["contract_id", "amount_pence"]]
    dearer = [
        pence - half_up(pence * ratios[contract]) for contract, pence in paid.to_numpy().tolist()
    ]
    price = pd.Series(dearer, index=paid.index, dtype="int64").reindex(rows.index, fill_value=0)
    volume = (left - price).where(is_told, 0)
    return {"price_pence": price, "volume_pence": volume, "together_pence": left - price - volume}


def _half_up(amount: pd.Series, of: pd.Series) -> pd.Series:
    """``amount / of`` to the nearest whole number, halves away from nothing."""
    rounded: pd.Series = np.sign(amount) * ((2 * amount.abs() + of) // (2 * of))
    return rounded


def _successors(contracts: pd.DataFrame, this: Period) -> dict[str, str]:
    """Contract -> the one that re-lets it, awarded by the end of the period; the first of
    several.
    """
    let = contracts[
        (contracts["awarded_on"] <= pd.Timestamp(this.end)) & contracts["predecessor_id"].notna()
    ]
    let = let.sort_values(["awarded_on", "contract_id"], ascending=False)
    return dict(zip(let["predecessor_id"], let["contract_id"], strict=True))


def _adds_up(rows: pd.DataFrame, this_rows: pd.DataFrame, before_rows: pd.DataFrame) -> None:
    """The causes of each place make its change; nothing was lost or doubled on the way."""
    causes = rows.groupby("place", dropna=False)["change_pence"].sum()
    sides = [
        frame.groupby("place", dropna=False)["amount_pence"].sum()
        for frame in (this_rows, before_rows)
    ]
    change = sides[0].astype("int64").sub(sides[1].astype("int64"), fill_value=0)
    is_even = causes.reindex(change.index).eq(change).all()
    if not is_even or len(causes) != len(change) or not rows["cause"].isin(CAUSES).all():
        raise ArithmeticError(
            "the bridge does not add up: its causes and the change in its places differ"
        )

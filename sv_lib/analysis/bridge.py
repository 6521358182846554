"""Why an amount changed between two periods: a bridge of causes that adds up to the penny."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period
from sv_lib.toms.states import last_day
from sv_lib.toms.worded import is_blank, worded

CAUSES = ("new", "ended", "ended within", "re-let", "continuing", "moved")
"""The later period's new ones; ended before it; ended within it; let again; continuing all through;
and moved, newly known or lost."""
OVER = ("ended", "ended within")
ENDINGS = ("ran to plan", "stopped early")
PAYEE = ["contract_id", "_supplier"]
"""A contract, or the supplier of payments outside contracts: one of the two is NA."""
KEY = [*PAYEE, "place"]
SPLIT = ("timing_pence", "price_pence", "volume_pence", "together_pence")
"""The parts of the continuing part of a change."""
Prices = dict[str, Fraction]
Ratios = dict[str, tuple[str, Fraction]]


def contracts(
    this_rows: pd.DataFrame,
    before_rows: pd.DataFrame,
    contracts: pd.DataFrame,
    this: Period,
    before: Period,
    quantities: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows of both periods with the ``cause`` of the change, and ``change_pence``.

    - re-let: a contract that ended between the first day of the earlier period and the last of the
      later, and those that took over from it by then (``successor_id``, one or more, in the order
      in which they started). Their amounts are one line.
    - new: the contract started after the earlier period.
    - ended: its last day was before the later period; ended within: it was in the later period.
      ``ended_how`` says "stopped early" or "ran to plan".
    - moved: moved, newly known or lost. The contract has this place in one period only; its
      supplier was paid outside contracts in one period and under this one in the other; or the row
      says so in ``is_unmatched`` (optional: the return to compare it with never came).
    - continuing: all else: contracts that run on after the later period, with payments outside
      contracts, which are compared supplier by supplier. It is made up of ``timing_pence``, from
      the days for which the contract ran in the earlier period; ``price_pence`` and
      ``volume_pence``, where ``quantities`` tell them apart: the later amount less what it would
      have been at the earlier price, and the rest; and ``together_pence``.

    ``line_id`` is the contract, or the first of those that were re-let; NA outside contracts.
    ``priced_by`` says what told the price: "quantity", "price_index" or nothing.

    A row of the later period adds its amount, a row of the earlier takes it off. Raises
    ArithmeticError if the causes of a place do not add up to its change.
    """
    sides = [_side(this_rows, "this", 1), _side(before_rows, "before", -1)]
    rows = pd.concat(sides, ignore_index=True)
    causes = _causes(rows, contracts, this, before)
    rows = rows.merge(causes, on=KEY, how="left", validate="m:1")
    if "is_unmatched" in rows:
        unmatched = rows["is_unmatched"].astype("bool")
        is_hidden = unmatched & rows["cause"].isin(["continuing", "ended within"])
        rows["cause"] = rows["cause"].mask(is_hidden, "moved")
    ratios: Ratios = {}
    if quantities is not None:
        ratios = _price_ratios(rows, quantities, contracts, this, before)
    rows = _with_parts(rows, ratios).drop(columns=["_supplier", "_days", "_of"])
    _require_to_add_up(rows, this_rows, before_rows)
    return rows


def by_contract(bridge_rows: pd.DataFrame) -> pd.DataFrame:
    """One row a contract, place and cause: before, this and the change, the largest fall first.

    ``contract_id`` is NA for all payments outside contracts. Of contracts that were re-let it is
    the first, and ``successor_id`` names those that followed.
    """
    key = ["contract_id", "place", "cause", "ended_how", "successor_id"]
    is_later = bridge_rows["period"].eq("this")
    amounts = bridge_rows[[*key, "change_pence", *SPLIT]].copy()
    amounts["contract_id"] = bridge_rows["line_id"]
    amounts.insert(len(key), "before_pence", bridge_rows["amount_pence"].mask(is_later, 0))
    amounts.insert(len(key) + 1, "this_pence", bridge_rows["amount_pence"].where(is_later, 0))
    table = amounts.groupby(key, dropna=False, as_index=False).sum()
    return table.sort_values(["change_pence", "contract_id", "place"], ignore_index=True)


def _side(rows: pd.DataFrame, period: str, sign: int) -> pd.DataFrame:
    """The rows of one period, with ``_supplier`` where they are outside contracts."""
    is_outside = is_blank(rows["contract_id"])
    nobody = pd.Series(pd.NA, index=rows.index)
    supplier = rows.get("supplier_id", nobody).astype("string")
    amount = rows["amount_pence"].astype("int64")
    return rows.assign(
        contract_id=rows["contract_id"].mask(is_outside),
        _supplier=supplier.where(is_outside),
        amount_pence=amount,
        change_pence=sign * amount,
        period=worded(rows.index, period),
    )


def _causes(
    rows: pd.DataFrame, contracts: pd.DataFrame, this: Period, before: Period
) -> pd.DataFrame:
    """The cause of each payee and place, with how it ended and the days for which it ran."""
    is_this = rows["period"].eq("this")
    seen = rows[KEY].assign(this=is_this, before=~is_this)
    seen = seen.groupby(KEY, dropna=False, as_index=False, sort=False).any()
    # The same of the payee as a whole, in whatever place.
    payee = seen.drop(columns="place").groupby(PAYEE, dropna=False).transform("any")
    is_one_sided = seen["this"].ne(seen["before"]) & payee["this"] & payee["before"]
    cause = worded(seen.index, "continuing", (is_one_sided, "moved"))
    dated = _dated(seen[KEY].assign(cause=cause), contracts, this, before)
    runs = ~dated["cause"].isin(["new", "ended", "re-let"])
    crossed = runs & _came_under_contract(seen[PAYEE], payee, runs, contracts)
    return dated.assign(cause=dated["cause"].mask(crossed, "moved"))


def _came_under_contract(
    keys: pd.DataFrame, paid: pd.DataFrame, runs: pd.Series, contracts: pd.DataFrame
) -> pd.Series:
    """Whether the supplier was paid outside contracts alone in one period and under them after.

    Or the other way round. ``paid``: whether the payee was paid in each period. Of contracts only
    those that run in both periods (``runs``) are looked at.
    """
    holders = contracts.set_index("contract_id")["supplier_id"]
    is_outside = keys["contract_id"].isna()
    supplier = keys["_supplier"].where(is_outside, keys["contract_id"].map(holders))

    def names(is_there: pd.Series) -> set[str]:
        return set(supplier[runs & is_there].dropna())

    crossed: set[str] = set()
    for one, other in (("this", "before"), ("before", "this")):
        outside_alone = names(is_outside & paid[one]) - names(is_outside & paid[other])
        under_alone = names(~is_outside & paid[other]) - names(~is_outside & paid[one])
        crossed |= outside_alone & under_alone
    return supplier.isin(crossed)


def _dated(
    ways: pd.DataFrame, contracts: pd.DataFrame, this: Period, before: Period
) -> pd.DataFrame:
    """The causes that a contract's own dates tell, which outrank the places; and the days it ran.

    Amounts of the earlier period times ``_days`` over ``_of`` are what the same pace would have
    come to in the whole of it.
    """
    dates = contracts[["contract_id", "starts_on", "ends_on", "stopped_on"]]
    ways = ways.merge(dates, on="contract_id", how="left", validate="m:1")
    chains = _let_again(contracts, this, before)
    ways = ways.merge(chains, on="contract_id", how="left", validate="m:1")
    first = ways["starts_on"]
    last = last_day(ways, this.end)
    is_new = first > pd.Timestamp(before.end)
    is_over = last <= pd.Timestamp(this.end)
    is_ended = last < pd.Timestamp(this.start)
    by_dates = (is_over, "ended within"), (is_ended, "ended"), (is_new, "new")
    cause = worded(ways.index, "", *by_dates, (ways["let_id"].notna(), "re-let"))
    how = worded(ways.index, "ran to plan", (last < ways["ends_on"], "stopped early"))
    ran_before = _days(first, last, before)
    has_run = ran_before > 0
    return ways[KEY].assign(
        line_id=ways["let_id"].fillna(ways["contract_id"]),
        cause=cause.where(cause.ne(""), ways["cause"]),
        ended_how=how.where(cause.isin(OVER), ""),
        successor_id=ways["successor_id"].fillna(""),
        _days=np.where(has_run, before.days, 1),
        _of=ran_before.where(has_run, 1),
    )


def _days(first: pd.Series, last: pd.Series, period: Period) -> pd.Series:
    """Days of a period for which each contract ran; 0 where it has no dates."""
    start = _from(first, pd.Timestamp(period.start))
    end = _until(last, pd.Timestamp(period.end))
    days = (end - start).dt.days + 1
    return days.clip(lower=0).where(first.notna(), 0).astype("int64")


def _from(days: pd.Series, start: pd.Timestamp) -> pd.Series:
    """Each day, or ``start`` where it is earlier."""
    return days.where(days > start, start)


def _until(days: pd.Series, end: pd.Timestamp) -> pd.Series:
    """Each day, or ``end`` where it is later."""
    return days.where(days < end, end)


def _let_again(contracts: pd.DataFrame, this: Period, before: Period) -> pd.DataFrame:
    """The contracts that were let again, and those they were let again as.

    Columns: ``contract_id``, ``let_id`` (the first of its chain) and ``successor_id`` (the others).
    What ended before the earlier period has no amount to net, and what started before it runs
    all through.
    """
    opens = pd.Timestamp(before.start)
    closes = pd.Timestamp(this.end)
    columns = ["contract_id", "starts_on", "predecessor_id"]
    let = contracts.loc[contracts["awarded_on"] <= closes, columns]
    old = contracts[["contract_id", "starts_on"]].assign(last=last_day(contracts, this.end))
    old = old.add_prefix("old_")
    links = let.merge(old, left_on="predecessor_id", right_on="old_contract_id", validate="m:1")
    has_ended = links["old_last"].between(opens, closes)
    took_over = links["starts_on"] > opens
    # A successor starts later than what it follows, so no chain runs in a circle.
    is_later = links["starts_on"] > links["old_starts_on"]
    links = links[has_ended & took_over & is_later].sort_values(["starts_on", "contract_id"])
    first: dict[str, str] = {}
    for contract, predecessor in zip(links["contract_id"], links["predecessor_id"], strict=True):
        first[contract] = first.setdefault(predecessor, predecessor)
    chains = pd.DataFrame(first.items(), columns=["contract_id", "let_id"], dtype="string")
    followed = links.assign(let_id=links["contract_id"].map(first)).groupby("let_id")
    names = followed["contract_id"].agg(", ".join)
    return chains.assign(successor_id=chains["let_id"].map(names).astype("string"))


def _price_ratios(
    rows: pd.DataFrame,
    quantities: pd.DataFrame,
    contracts: pd.DataFrame,
    this: Period,
    before: Period,
) -> Ratios:
    """What tells the prices of a contract, and its earlier price over its later one.

    By quantity, or else by price index.
    """
    first = contracts.set_index("contract_id")["starts_on"]
    last = last_day(contracts, this.end).set_axis(first.index)
    paid = rows.groupby(["contract_id", "period"])["amount_pence"].sum()
    ratios: Ratios = {}
    for contract, told in quantities.groupby("contract_id"):
        if contract not in first.index:
            continue
        by_period = []
        for name, period in (("this", this), ("before", before)):
            amount = int(paid.get((contract, name), 0))
            by_period.append(_prices(told, amount, period, first[contract], last[contract]))
        now, then = by_period
        # A price paid is better evidence than an index, so it comes last and stays.
        for kind in ("price_index", "quantity"):
            if kind in now and kind in then:
                ratios[str(contract)] = kind, then[kind] / now[kind]
    return ratios


def _prices(
    told: pd.DataFrame, paid: int, period: Period, first: pd.Timestamp, last: pd.Timestamp
) -> Prices:
    """The price in a period, from ``first`` to ``last`` day of the contract, by unit and by index.

    Empty unless it is told for each of those days. By unit only where the quantities are of that
    period alone, and only where something was paid and bought.
    """
    opens = pd.Timestamp(period.start)
    closes = pd.Timestamp(period.end)
    start = max(first, opens)
    end = min(last, closes)
    parts = told[(told["period_start"] <= end) & (told["period_end"] >= start)]
    parts = parts.sort_values("period_start")
    starts = _from(parts["period_start"], start)
    ends = _until(parts["period_end"], end)
    next_days = [*(ends + pd.Timedelta(days=1))]
    if next_days[-1:] != [end + pd.Timedelta(days=1)] or [*starts] != [start, *next_days[:-1]]:
        return {}
    prices: Prices = {}
    quantity = parts["quantity"]
    is_inside = parts["period_start"].min() >= opens and parts["period_end"].max() <= closes
    if is_inside and paid > 0 and quantity.notna().all() and sum(quantity) > 0:
        prices["quantity"] = paid / Fraction(sum(quantity))
    index = parts["price_index"]
    if index.notna().all() and (index > 0).all():
        days = ((ends - starts).dt.days + 1).tolist()
        weighted = [Fraction(value) * count for value, count in zip(index, days, strict=True)]
        prices["price_index"] = sum(weighted, Fraction(0)) / sum(days)
    return prices


def _with_parts(rows: pd.DataFrame, ratios: Ratios) -> pd.DataFrame:
    """Rows with timing, price, volume and what of a continuing change cannot be told apart."""
    is_continuing = rows["cause"].eq("continuing")
    is_later = rows["period"].eq("this")
    at_this_length = _half_up(rows["amount_pence"] * rows["_days"], rows["_of"])
    timing = (at_this_length - rows["amount_pence"]).where(is_continuing & ~is_later, 0)
    left = (rows["change_pence"] - timing).where(is_continuing, 0)
    kinds = {contract: kind for contract, (kind, _) in ratios.items()}
    priced_by = rows["contract_id"].map(kinds).where(is_continuing).astype("string").fillna("")
    is_priced = priced_by.ne("")
    paid = rows[is_priced & is_later]
    dearer = [
        pence - half_up(pence * ratios[contract][1])
        for contract, pence in zip(paid["contract_id"], paid["amount_pence"].tolist(), strict=True)
    ]
    price = pd.Series(dearer, index=paid.index, dtype="int64").reindex(rows.index, fill_value=0)
    volume = (left - price).where(is_priced, 0)
    parts = (timing, price, volume, left - price - volume)
    return rows.assign(priced_by=priced_by, **dict(zip(SPLIT, parts, strict=True)))


def _half_up(amount: pd.Series, of: pd.Series) -> pd.Series:
    """``amount / of`` to the nearest whole number, halves away from nought."""
    rounded: pd.Series = np.sign(amount) * ((2 * amount.abs() + of) // (2 * of))
    return rounded


def _require_to_add_up(
    rows: pd.DataFrame, this_rows: pd.DataFrame, before_rows: pd.DataFrame
) -> None:
    """Raise ArithmeticError where a row was lost or doubled on the way."""
    causes = _by_place(rows, "change_pence")
    change = _by_place(this_rows, "amount_pence").sub(
        _by_place(before_rows, "amount_pence"), fill_value=0
    )
    is_even = causes.reindex(change.index).eq(change).all()
    if not is_even or len(causes) != len(change) or not rows["cause"].isin(CAUSES).all():
        raise ArithmeticError(
            "the bridge does not add up: its causes and the change in its places differ"
        )


def _by_place(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows.groupby("place", dropna=False)[column].sum().astype("int64")

"""Contracts that end soon and what replaces them, and contracts that promise nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd

from sv_lib.params import Council
from sv_lib.periods import months_after
from sv_lib.toms.states import last_day

SUCCESSOR = ["successor_id", "successor_title"]


def ending(contracts: pd.DataFrame, owed: pd.DataFrame, day: date) -> pd.DataFrame:
    """Contracts that end within twelve months of a day, the soonest first.

    Of those awarded by that day. Adds ``last_on``, ``successor_id`` and ``successor_title`` (blank
    where none is let yet), and the amounts of ``owed`` (see ``delivery.still_owed``): NA for a
    contract that has no promise with a price, which is not the same as owing nothing.
    """
    known = _awarded(contracts, day)
    last = known["last_on"]
    until = pd.Timestamp(months_after(day, 12))
    soon = known[(last > pd.Timestamp(day)) & (last <= until)]
    soon = soon.merge(_successors(known), on="contract_id", how="left", validate="1:1")
    soon = soon.merge(owed.convert_dtypes(), on="contract_id", how="left", validate="1:1")
    soon = soon.fillna(dict.fromkeys(SUCCESSOR, ""))
    return soon.sort_values(["last_on", "contract_id"], ignore_index=True)


def is_undated(contracts: pd.DataFrame, day: date) -> bool:
    """Whether it is known of none of the contracts awarded by a day when it ends."""
    known = _awarded(contracts, day)
    return len(known) > 0 and bool(known["last_on"].isna().all())


def without_commitments(
    contracts: pd.DataFrame, commitments: pd.DataFrame, council: Council, day: date
) -> pd.DataFrame:
    """Contracts over the social value threshold that run on a day and have promised nothing."""
    known = _awarded(contracts, day)
    at = pd.Timestamp(day)
    is_running = (known["starts_on"] <= at) & (known["last_on"] >= at)
    is_large = known["value_pence"] > council.thresholds.social_value_contract
    has_promised = known["contract_id"].isin(commitments["contract_id"])
    return known[is_running & is_large & ~has_promised].reset_index(drop=True)


def typical(contracts: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    """The least, the middle and the most that contracts of each category promise for their value.

    One row a category and ``rank`` ("low", "median", "high"): ``contract_id``, and ``of``, the
    number of contracts with commitments. Of an even number the lower middle one is the median, so
    that each row is a contract that exists.
    """
    committed = due[due["stage"].eq("committed") & due["value_pence"].notna()]
    totals = committed.groupby("contract_id")["value_pence"].sum().rename("committed_pence")
    rows = contracts[contracts["value_pence"] > 0].merge(totals, on="contract_id", validate="1:1")
    amounts = rows[["committed_pence", "value_pence"]].astype("int64").to_numpy().tolist()
    # Exact fractions: two shares that differ in the last digit stay in their order.
    shares = [Fraction(committed, value) for committed, value in amounts]
    rows["share"] = pd.Series(shares, rows.index, dtype="object")
    rows = rows.sort_values(["category", "share", "contract_id"])
    category = rows.groupby("category")
    place = category.cumcount()
    rows["of"] = category["contract_id"].transform("size")
    last = rows["of"] - 1
    found = [
        rows[place == 0].assign(rank="low"),
        rows[place == last // 2].assign(rank="median"),
        rows[place == last].assign(rank="high"),
    ]
    columns = ["category", "rank", "contract_id", "of"]
    return pd.concat(found)[columns].sort_values(["category", "rank"], ignore_index=True)


def _awarded(contracts: pd.DataFrame, day: date) -> pd.DataFrame:
    """Contracts awarded by a day, with ``last_on``, the last day as it was known then."""
    known = contracts[contracts["awarded_on"] <= pd.Timestamp(day)]
    return known.assign(last_on=last_day(known, day))


def _successors(known: pd.DataFrame) -> pd.DataFrame:
    """The contract that replaces each one, the first of several: ``contract_id`` and SUCCESSOR."""
    let = known[known["predecessor_id"].notna()].sort_values(["awarded_on", "contract_id"])
    let = let.drop_duplicates("predecessor_id")[["predecessor_id", "contract_id", "title"]]
    return let.set_axis(["contract_id", *SUCCESSOR], axis="columns")

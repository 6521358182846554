"""What is coming: contracts that end soon and what replaces them, and contracts that promise
nothing.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd

from sv_lib.params import Council
from sv_lib.periods import months_after

AMOUNTS = ["committed_pence", "delivered_pence", "undelivered_pence"]


def ending(
    contracts: pd.DataFrame, due: pd.DataFrame, claims: pd.DataFrame, day: date
) -> pd.DataFrame:
    """Contracts awarded by a day whose last day comes after it, within twelve months: soonest
    first.

    Adds ``last_on``, ``successor_id`` and ``successor_title`` (blank where none is let yet),
    ``committed_pence``, ``delivered_pence`` and ``undelivered_pence``: what is still promised,
    measure by measure, so that more of one measure never hides less of another. Promises and claims
    without a price add nothing.
    """
    known = _with_last_day(contracts, day)
    until = pd.Timestamp(months_after(day, 12))
    soon = known[(known["last_on"] > pd.Timestamp(day)) & (known["last_on"] <= until)]
    let = known[known["predecessor_id"].notna()].sort_values(["awarded_on", "contract_id"])
    let = let.drop_duplicates("predecessor_id")[["predecessor_id", "contract_id", "title"]]
    let.columns = pd.Index(["contract_id", "successor_id", "successor_title"])
    soon = soon.merge(let, on="contract_id", how="left", validate="1:1")
    soon[["successor_id", "successor_title"]] = soon[["successor_id", "successor_title"]].fillna("")
    soon = soon.merge(_undelivered(due, claims), on="contract_id", how="left", validate="1:1")
    soon[AMOUNTS] = soon[AMOUNTS].fillna(0).astype("int64")
    return soon.sort_values(["last_on", "contract_id"], ignore_index=True)


def without_commitments(
    contracts: pd.DataFrame, commitments: pd.DataFrame, council: Council, day: date
) -> pd.DataFrame:
    """Contracts running on a day, over the social value threshold, under which nothing has been
    promised.
    """
    known = _with_last_day(contracts, day)
    is_running = (known["starts_on"] <= pd.Timestamp(day)) & (known["last_on"] >= pd.Timestamp(day))
    is_over = known["value_pence"] > council.thresholds.social_value_contract
    has_promised = known["contract_id"].isin(commitments["contract_id"])
    return known[is_running & is_over & ~has_promised].reset_index(drop=True)


def typical(contracts: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    """What contracts of each category have promised: the least, the middle and the most, for their
    value.

    One row a category and ``rank`` ("low", "median", "high"): ``contract_id``, ``of`` (contracts
    with commitments). Of an even number the lower middle one is the median, so that each line is a
    contract that exists.
    """
    committed = due[due["stage"].isin(["committed"]) & due["value_pence"].notna()]
    totals = (
        committed.groupby("contract_id")["value_pence"]
        .sum()
        .astype("int64")
        .rename("committed_pence")
    )
    rows = contracts[contracts["value_pence"] > 0].merge(totals, on="contract_id", validate="1:1")
    parts = zip(rows["committed_pence"], rows["value_pence"], strict=True)
    rows["share"] = pd.Series(
        [Fraction(int(part), int(whole)) for part, whole in parts], rows.index, dtype="object"
    )
    rows = rows.sort_values(["category", "share", "contract_id"])
    place, of = (
        rows.groupby("category").cumcount(),
        rows.groupby("category")["contract_id"].transform("size"),
    )
    ranks = {"low": place == 0, "median": place == (of - 1) // 2, "high": place == of - 1}
    found = [rows[at].assign(rank=rank, of=of[at]) for rank, at in ranks.items()]
    columns = ["category", "rank", "contract_id", "of"]
    return pd.concat(found)[columns].sort_values(columns[:2], ignore_index=True)


def _with_last_day(contracts: pd.DataFrame, day: date) -> pd.DataFrame:
    """Contracts awarded by a day, with the last day as it was known then."""
    at = pd.Timestamp(day)
    known = contracts[contracts["awarded_on"] <= at]
    stopped = known["stopped_on"].where(known["stopped_on"] <= at)
    return known.assign(last_on=stopped.fillna(known["ends_on"]))


def _undelivered(due: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Pence committed, delivered and still to come of each contract."""
    key = ["contract_id", "measure_ref"]
    committed = due[due["stage"].isin(["committed"]) & due["value_pence"].notna()]
    delivered = claims[claims["value_pence"].notna()]
    sums = {"committed_pence": committed, "delivered_pence": delivered}
    by_measure = pd.DataFrame(
        {name: rows.groupby(key)["value_pence"].sum() for name, rows in sums.items()}
    )
    by_measure = by_measure.fillna(0).astype("int64")
    still = (by_measure["committed_pence"] - by_measure["delivered_pence"]).clip(lower=0)
    return (
        by_measure.assign(undelivered_pence=still)
        .groupby("contract_id", as_index=False)[AMOUNTS]
        .sum()
    )

"""The contracts that deliver most, and which contracts have reported."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period
from sv_lib.toms.states import last_day
from sv_lib.toms.worded import is_blank, worded


def top(claims: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """The ``n`` contracts with the largest value delivered: ``rank``, ``contract_id``, value.

    ``rank`` 1 is the largest; equals are in order of their reference.
    """
    priced = claims[claims["value_pence"].notna()]
    sums = priced.groupby("contract_id")["value_pence"].sum().astype("int64")
    totals = sums.reset_index()
    totals = totals.sort_values(["value_pence", "contract_id"], ascending=[False, True])
    totals = totals.head(n).reset_index(drop=True)
    totals.insert(0, "rank", range(1, len(totals) + 1))
    return totals


def coverage(
    return_log: pd.DataFrame, contracts: pd.DataFrame, day: date, period: Period
) -> pd.DataFrame:
    """Contracts with social value that ran in the period, with their returns due and received.

    ``coverage``: "reported" when every return due by the day has come, "part reported", "not
    reported", "nothing due yet"; "not known" when there is no log at all.
    """
    at = pd.Timestamp(day)
    start = pd.Timestamp(period.start)
    end = pd.Timestamp(period.end)
    is_awarded = contracts["awarded_on"] <= at
    ran = (contracts["starts_on"] <= end) & (last_day(contracts, day) >= start)
    has_edition = ~is_blank(contracts["edition"])
    scope = contracts[has_edition & is_awarded & ran].reset_index(drop=True)
    is_due = return_log["quarter_end"].between(start, end) & (return_log["due_on"] <= at)
    owed = _count(scope, return_log[is_due])
    came = _count(scope, return_log[is_due & (return_log["received_on"] <= at)])
    word = worded(
        scope.index,
        "part reported",
        (came == 0, "not reported"),
        (came == owed, "reported"),
        (owed == 0, "nothing due yet"),
    )
    if return_log.empty:
        word = worded(scope.index, NOT_KNOWN)
    return scope.assign(quarters_due=owed, quarters_received=came, coverage=word)


def _count(scope: pd.DataFrame, returns: pd.DataFrame) -> pd.Series:
    """How many of the returns each contract has."""
    counts = returns["contract_id"].value_counts()
    return scope["contract_id"].map(counts).fillna(0).astype("int64")

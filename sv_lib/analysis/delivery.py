"""The contracts that deliver most, and which contracts have reported."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period


def top(claims: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """The ``n`` contracts with the largest value delivered, ``rank`` 1 first; equals in order of
    their
    reference.
    """
    priced = claims[claims["value_pence"].notna()]
    totals = priced.groupby("contract_id")["value_pence"].sum().astype("int64").reset_index()
    totals = totals.sort_values(
        ["value_pence", "contract_id"], ascending=[False, True], ignore_index=True
    ).head(n)
    totals.insert(0, "rank", range(1, len(totals) + 1))
    return totals


def coverage(
    return_log: pd.DataFrame, contracts: pd.DataFrame, day: date, period: Period
) -> pd.DataFrame:
    """Contracts with social value, live in the period, with the returns due and received by a day.

    ``coverage``: "reported" when every return due has come, "part reported", "not reported",
    "nothing due yet"; "not known" when there is no log at all.
    """
    at, start, end = (pd.Timestamp(one) for one in (day, period.start, period.end))
    last = contracts["stopped_on"].where(contracts["stopped_on"] <= at).fillna(contracts["ends_on"])
    has_edition = contracts["edition"].fillna("").ne("").astype("bool")
    is_live = (contracts["awarded_on"] <= at) & (contracts["starts_on"] <= end) & (last >= start)
    scope = contracts[has_edition & is_live].reset_index(drop=True)
    due = return_log[return_log["quarter_end"].between(start, end) & (return_log["due_on"] <= at)]
    counts = {"quarters_due": due, "quarters_received": due[due["received_on"] <= at]}
    for name, rows in counts.items():
        scope[name] = (
            scope["contract_id"].map(rows.groupby("contract_id").size()).fillna(0).astype("int64")
        )
    owed, came = scope["quarters_due"], scope["quarters_received"]
    word = pd.Series("part reported", index=scope.index, dtype="string")
    word = (
        word.mask(came.eq(0), "not reported")
        .mask(came.eq(owed), "reported")
        .mask(owed.eq(0), "nothing due yet")
    )
    return scope.assign(coverage=NOT_KNOWN if return_log.empty else word)

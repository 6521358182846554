"""From promise to delivery: by contract, theme and measure, the largest contracts, and who has reported."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd

from sv_lib.periods import Period

NOT_KNOWN = "not known"
REPORTED = ("reported", "evidenced", "validated")


def by(claims: pd.DataFrame, due: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row a contract, theme, outcome or measure: targeted, committed, due, reported, evidenced, validated.

    ``claims``: countable ones, life to date for a rate. Each of reported, evidenced and validated holds the next.
    Claims and promises without a price add nothing to the pounds, and are counted beside them. By measure, where all
    rows have one unit, the quantities and the people stand there too.
    """
    keys = pd.Index(sorted({*claims[key].dropna(), *due[key].dropna()}), name=key)
    committed = due[due["stage"].isin(["committed"])]
    stages = {f"{stage}_": claims[claims["state"].isin(REPORTED[i:])] for i, stage in enumerate(REPORTED)}
    pounds = {
        "targeted_pence": (due, "value_pence"), "committed_pence": (committed, "value_pence"),
        "due_pence": (committed, "due_value_pence"),
        **{f"{stage}pence": (rows, "value_pence") for stage, rows in stages.items()},
        "local_economic_pence": (claims[claims["is_local_economic"]], "value_pence"),
    }  # fmt: skip
    table = pd.DataFrame(index=keys)
    for name, (rows, column) in pounds.items():
        priced = rows[rows[column].notna()]
        table[name] = priced.groupby(key)[column].sum().reindex(keys).fillna(0).astype("int64")
    for name, rows in {
        "claims": claims, **{kind.replace(" ", "_"): claims[claims["pricing"] == kind] for kind in UNPRICED}
    }.items():  # fmt: skip
        table[name] = rows.groupby(key).size().reindex(keys).fillna(0).astype("int64")
    if key == "measure_ref":
        quantities = {"committed_": (committed, "quantity"), "due_": (committed, "due_quantity")}
        quantities |= {stage: (rows, "quantity") for stage, rows in stages.items() if stage != "evidenced_"}
        for name, (rows, column) in quantities.items():
            sums = [sum(rows.loc[rows[key] == ref, column], Decimal(0)) for ref in keys]
            table[f"{name}quantity"] = pd.Series(sums, index=keys, dtype="object")
    return table.reset_index()


UNPRICED = ("recorded only", "not priced")


def top(claims: pd.DataFrame, n: int = 10) -> pd.DataFrame:
    """The ``n`` contracts with the largest value delivered, ``rank`` 1 first; equals in order of their reference."""
    priced = claims[claims["value_pence"].notna()]
    totals = priced.groupby("contract_id")["value_pence"].sum().astype("int64").reset_index()
    totals = totals.sort_values(["value_pence", "contract_id"], ascending=[False, True], ignore_index=True).head(n)
    totals.insert(0, "rank", range(1, len(totals) + 1))
    return totals


def coverage(return_log: pd.DataFrame, contracts: pd.DataFrame, day: date, period: Period) -> pd.DataFrame:
    """Contracts with social value, live in the period, with the returns due and received by a day.

    ``coverage``: "reported" when every return due has come, "part reported", "not reported", "nothing due yet"; "not
    known" when there is no log at all.
    """
    at, start, end = (pd.Timestamp(one) for one in (day, period.start, period.end))
    last = contracts["stopped_on"].where(contracts["stopped_on"] <= at).fillna(contracts["ends_on"])
    has_edition = contracts["edition"].fillna("").ne("").astype("bool")
    is_live = (contracts["awarded_on"] <= at) & (contracts["starts_on"] <= end) & (last >= start)
    scope = contracts[has_edition & is_live].reset_index(drop=True)
    due = return_log[return_log["quarter_end"].between(start, end) & (return_log["due_on"] <= at)]
    counts = {"quarters_due": due, "quarters_received": due[due["received_on"] <= at]}
    for name, rows in counts.items():
        scope[name] = scope["contract_id"].map(rows.groupby("contract_id").size()).fillna(0).astype("int64")
    owed, came = scope["quarters_due"], scope["quarters_received"]
    word = pd.Series("part reported", index=scope.index, dtype="string")
    word = word.mask(came.eq(0), "not reported").mask(came.eq(owed), "reported").mask(owed.eq(0), "nothing due yet")
    return scope.assign(coverage=NOT_KNOWN if return_log.empty else word)

"""Who owed a return for which quarter, by contracts and dates, and which of them have come."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from sv_lib.periods import Period, quarters
from sv_lib.toms.states import in_period, last_day
from sv_lib.toms.worded import is_blank, worded

DUE_AFTER = timedelta(weeks=4)
"""When a return is due after its quarter, where the log gives it no due date."""
KEY = ["contract_id", "quarter_end"]


def owed(
    contracts: pd.DataFrame,
    return_log: pd.DataFrame,
    returns: pd.DataFrame,
    period: Period,
    day: date,
) -> pd.DataFrame:
    """One row a contract and quarter of a period: those for which a return was owed, as at a day.

    A contract with social value owes a return for every quarter in which it ran for a day or more.
    What came decides nothing about who owed. Adds ``quarter_end``, ``due_on`` (by the log, else
    ``DUE_AFTER`` the quarter), ``received_on`` (by the log, else by the claims themselves; blank
    for what came after the day) and ``timing``: "on time" or "late"; of those that have not come
    "not due yet" up to the due date, and "not received" after it.
    """
    at = pd.Timestamp(day)
    is_awarded = contracts["awarded_on"] <= at
    has_edition = ~is_blank(contracts["edition"])
    scope = contracts[is_awarded & has_edition]
    scope = scope.assign(_last_on=last_day(scope, day))
    spans = pd.DataFrame([vars(quarter) for quarter in quarters(period)], dtype="datetime64[ns]")
    rows = scope.merge(spans.set_axis(["_start", "quarter_end"], axis="columns"), how="cross")
    ran = (rows["starts_on"] <= rows["quarter_end"]) & (rows["_last_on"] >= rows["_start"])
    rows = rows[ran].drop(columns=["_start", "_last_on"]).reset_index(drop=True)
    known = _known(return_log, returns, period, at)
    rows = rows.merge(known, on=KEY, how="left", validate="m:1")
    rows["due_on"] = rows["due_on"].fillna(rows["quarter_end"] + DUE_AFTER)
    return rows.assign(timing=_timing(rows, at))


def coverage(owed_returns: pd.DataFrame, day: date) -> pd.DataFrame:
    """The contracts of ``owed``, each once, with the returns that were due and those that came.

    ``coverage``: "reported" when every return due by the day has come, "part reported", "not
    reported", or "nothing due yet".
    """
    is_due = owed_returns["due_on"] <= pd.Timestamp(day)
    has_come = is_due & owed_returns["received_on"].notna()
    contract = owed_returns["contract_id"]
    due = is_due.groupby(contract).sum()
    came = has_come.groupby(contract).sum()
    scope = owed_returns.drop_duplicates("contract_id").reset_index(drop=True)
    due_of = scope["contract_id"].map(due).astype("int64")
    came_of = scope["contract_id"].map(came).astype("int64")
    word = worded(
        scope.index,
        "part reported",
        (came_of == 0, "not reported"),
        (came_of == due_of, "reported"),
        (due_of == 0, "nothing due yet"),
    )
    return scope.assign(quarters_due=due_of, quarters_received=came_of, coverage=word)


def _known(
    return_log: pd.DataFrame, returns: pd.DataFrame, period: Period, at: pd.Timestamp
) -> pd.DataFrame:
    """When the return of each contract and quarter was due, and the first day on which it came.

    The log is the council's own record: claims speak only for quarters that it does not have.
    """
    log = _by_quarter(return_log, "quarter_end", period)[[*KEY, "due_on", "received_on"]]
    # A correction is no return: it belongs to the quarter of the claim it corrects.
    claims = returns[is_blank(returns["corrects_claim_id"])]
    claims = _by_quarter(claims, "period_end", period)
    claims = claims.assign(received_on=claims["reported_on"])[[*KEY, "received_on"]]
    logged = pd.MultiIndex.from_frame(log[KEY])
    is_logged = pd.MultiIndex.from_frame(claims[KEY]).isin(logged)
    known = pd.concat([log, claims[~is_logged]], ignore_index=True)
    has_come = known["received_on"] <= at
    known["received_on"] = known["received_on"].where(has_come)
    days = known.groupby(KEY, as_index=False)
    return days.agg({"due_on": "min", "received_on": "min"})


def _by_quarter(rows: pd.DataFrame, column: str, period: Period) -> pd.DataFrame:
    """The rows whose day lies in a period, with the last day of its quarter."""
    ends = pd.DatetimeIndex([quarter.end for quarter in quarters(period)])
    mine = in_period(rows, period, column)
    return mine.assign(quarter_end=ends[ends.searchsorted(mine[column])])


def _timing(rows: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    due = rows["due_on"]
    received = rows["received_on"]
    return worded(
        rows.index,
        "not received",
        (due >= at, "not due yet"),
        (received.notna(), "late"),
        (received <= due, "on time"),
    )

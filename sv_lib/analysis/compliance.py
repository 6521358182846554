"""Whether the council kept its own rules; the thresholds are its settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import pandas as pd

from sv_lib.params import NOT_KNOWN, Council
from sv_lib.periods import Period
from sv_lib.toms.states import in_period
from sv_lib.toms.worded import is_blank, worded

NOT_APPLICABLE = "not applicable"
BANDS = ("under 40%", "40% to under 60%", "60% to under 80%", "80% and over")
BAND_STARTS = (40, 60, 80)
"""The scores at which the second and later bands start."""
TIME_TO_RETURN = timedelta(weeks=4)
"""How long after its quarter a return is due, where the log of returns does not say."""
PLAN, TRACKER = "delivery plan", "milestone tracker"


def quotes(quotes: pd.DataFrame, period: Period, council: Council) -> pd.DataFrame:
    """Purchases of the period with ``local_quote`` and, where there was none, ``why``.

    Under the threshold at least one quote should be local. "not known" where nobody wrote it down;
    "not applicable" at the threshold and over.
    """
    rows = in_period(quotes, period, "on")
    local = rows["local_quotes"]
    is_large = rows["amount_pence"] >= council.thresholds.local_quote
    answer = worded(
        rows.index, NOT_KNOWN, (local > 0, "yes"), (local == 0, "no"), (is_large, NOT_APPLICABLE)
    )
    reason = _said(rows["reason"], "no reason recorded")
    return rows.assign(local_quote=answer, why=reason.where(answer.eq("no"), ""))


def contracts(contracts: pd.DataFrame, council: Council, day: date) -> pd.DataFrame:
    """Contracts awarded by a day, each against the rules for its value.

    ``in_scope``: over the social value threshold. ``weight``: the weight in the tender was at least
    the policy's. ``plan_needed``: a delivery plan over its threshold, a milestone tracker below;
    ``plan_held``: whether that is there (a plan serves where a tracker would do). ``asked``: an
    edition was fixed at tender. ``score_band``: the winner's social value score. ``ranking``:
    whether it changed who won. ``flows_down``: a wage clause binds sub-contractors. ``rating``: the
    latest where the Act asks for one.
    """
    limits = council.thresholds
    rows = contracts[contracts["awarded_on"] <= pd.Timestamp(day)].reset_index(drop=True)
    value = rows["value_pence"]
    out_of_scope = value <= limits.social_value_contract
    not_rated = value <= limits.kpi_rating
    needs_plan = value > limits.delivery_plan
    needed = worded(rows.index, TRACKER, (needs_plan, PLAN), (out_of_scope, "none"))
    has_edition = ~is_blank(rows["edition"])
    weight = rows["social_value_weight_pct"].astype("Float64")
    is_enough = weight >= float(limits.social_value_weight_pct)
    enough = worded(rows.index, NOT_KNOWN, (weight.notna(), "no"), (is_enough, "yes"))
    return rows.assign(
        in_scope=~out_of_scope.astype("bool"),
        asked=worded(rows.index, "no", (has_edition, "yes")),
        score_band=_bands(rows["social_value_score_pct"]),
        ranking=_said(rows["changed_ranking"], NOT_KNOWN),
        flows_down=_said(rows["wage_clause"], NOT_KNOWN),
        weight=enough.mask(out_of_scope, NOT_APPLICABLE),
        plan_needed=needed,
        plan_held=_plan_held(rows, needed).mask(out_of_scope, NOT_APPLICABLE),
        rating=_said(rows["kpi_rating"], "not rated").mask(not_rated, NOT_APPLICABLE),
    )


def returns(return_log: pd.DataFrame, period: Period, day: date) -> pd.DataFrame:
    """Returns for the quarters that end in the period, with their ``timing`` as at a day.

    A return that has come is "on time" or "late"; one that has not is "not due yet" up to its due
    date, and "not received" after it.
    """
    at = pd.Timestamp(day)
    rows = in_period(return_log, period, "quarter_end")
    due = rows["due_on"]
    received = rows["received_on"].where(rows["received_on"] <= at)
    timing = worded(
        rows.index,
        "not received",
        (due >= at, "not due yet"),
        (received.notna(), "late"),
        (received <= due, "on time"),
    )
    return rows.assign(timing=timing)


def why_no_return(contracts: pd.DataFrame, commitments: pd.DataFrame, quarter: Period) -> pd.Series:
    """Why each contract owes no return for a quarter; blank where it owes one.

    It owes one when it ran on any day of the quarter, and social value was asked for or promised.
    """
    begins = contracts["starts_on"]
    ends = contracts["stopped_on"].fillna(contracts["ends_on"])
    is_promised = contracts["contract_id"].isin(commitments["contract_id"])
    is_asked = is_promised | ~is_blank(contracts["edition"])
    return worded(
        contracts.index,
        "",
        (begins.isna() | ends.isna(), "its dates are not known"),
        (begins > pd.Timestamp(quarter.end), "it began after the quarter"),
        (ends < pd.Timestamp(quarter.start), "it ended before the quarter"),
        (~is_asked, "no social value was asked for or promised"),
    )


def owed_returns(
    frames: Mapping[str, pd.DataFrame], quarters: Iterable[Period], day: date
) -> pd.DataFrame:
    """Every return owed for some quarters, from contracts and dates, whether it came or not.

    One row a contract and quarter: the contract's columns, ``quarter_start``, ``quarter_end``,
    ``due_on``, ``received_on`` and ``timing`` as in ``returns``, and ``days_late``: from the due
    day to the day it came, or to ``day`` while it has not. Where the log does not have a return,
    it came with its first claim, and was due after ``TIME_TO_RETURN``.
    """
    contracts = frames["contracts"]
    owed = []
    for quarter in quarters:
        owes = contracts[why_no_return(contracts, frames["commitments"], quarter) == ""]
        log = _returns_of(frames, quarter)
        rows = owes.merge(log, on="contract_id", how="left", validate="1:1")
        rows["due_on"] = rows["due_on"].fillna(pd.Timestamp(quarter.end + TIME_TO_RETURN))
        rows["quarter_start"] = pd.Timestamp(quarter.start)
        rows["quarter_end"] = pd.Timestamp(quarter.end)
        owed.append(returns(rows, quarter, day))
    rows = pd.concat(owed, ignore_index=True)
    came = rows["received_on"].where(rows["received_on"] <= pd.Timestamp(day), pd.Timestamp(day))
    days = (came - rows["due_on"]).dt.days
    return rows.assign(days_late=days.clip(lower=0))


def _returns_of(frames: Mapping[str, pd.DataFrame], quarter: Period) -> pd.DataFrame:
    """What is known of the returns for a quarter: a contract's ``due_on`` and ``received_on``."""
    log = in_period(frames["return_log"], quarter, "quarter_end")
    claims = in_period(frames["returns"], quarter, "period_end")
    claimed = claims.rename(columns={"reported_on": "received_on"}).sort_values("received_on")
    # The log stands first, so its days win; of claims the earliest brought the return.
    known = pd.concat([log, claimed])[["contract_id", "due_on", "received_on"]]
    return known.groupby("contract_id", as_index=False).first()


def _plan_held(rows: pd.DataFrame, needed: pd.Series) -> pd.Series:
    """Whether the plan that a contract needs is there."""
    held = rows["plan"]
    is_tracked = held.eq(TRACKER) & needed.eq(TRACKER)
    serves = held.eq(PLAN) | is_tracked
    return worded(rows.index, "no", (serves, "yes"), (is_blank(held), "none recorded"))


def _bands(scores: pd.Series) -> pd.Series:
    """The band of each score; "not known" where none is recorded."""
    numbers = scores.astype("Float64")
    first, *later = BANDS
    rules = [(numbers.notna(), first)]
    for start, band in zip(BAND_STARTS, later, strict=True):
        rules.append((numbers >= start, band))
    return worded(scores.index, NOT_KNOWN, *rules)


def _said(texts: pd.Series, otherwise: str) -> pd.Series:
    """What a column says, or the word for a cell that says nothing."""
    return texts.astype("string").fillna("").replace("", otherwise)

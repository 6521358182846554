"""Whether the council kept its own rules; the thresholds are its settings."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sv_lib.params import NOT_KNOWN, Council
from sv_lib.periods import Period
from sv_lib.toms.states import in_period
from sv_lib.toms.worded import is_blank, worded

NOT_APPLICABLE = "not applicable"
BANDS = ("under 40%", "40% to under 60%", "60% to under 80%", "80% and over")
BAND_STARTS = (40, 60, 80)
"""The scores at which the second and later bands start."""
ACT = "Procurement Act 2023"
RATED_FROM = date(2026, 1, 1)
"""The day from which section 71 of the Act asks for assessments; before it no rating was due."""
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
    whether it changed who won. ``flows_down``: a wage clause binds sub-contractors.
    """
    limits = council.thresholds
    rows = contracts[contracts["awarded_on"] <= pd.Timestamp(day)].reset_index(drop=True)
    value = rows["value_pence"]
    out_of_scope = value <= limits.social_value_contract
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
    )


def ratings(contracts: pd.DataFrame, council: Council, day: date) -> pd.DataFrame:
    """Contracts awarded by a day, with ``kpi``: how each stands under the Act's duty to rate.

    The Act (sections 52 and 71) concerns contracts over the threshold that were let under it and
    are not exempt. Of these one is "rated", else "missing" once its day has passed, else "due".
    Others over the threshold are "exempt", "not due" (let under another law) or "regime not known";
    contracts up to the threshold are "not applicable". A rating of any but a "rated" contract is
    the council's own.
    """
    at = pd.Timestamp(day)
    rows = contracts[contracts["awarded_on"] <= at].reset_index(drop=True)
    regime = rows["regime"]
    is_other_law = regime.ne(ACT).fillna(True).astype("bool")
    stands = worded(
        rows.index,
        "due",
        (rows["kpis_due_on"] < at, "missing"),
        (~is_blank(rows["kpi_rating"]), "rated"),
        (~is_blank(rows["kpi_exempt_reason"]), "exempt"),
        (is_other_law, "not due"),
        (is_blank(regime), "regime not known"),
        (rows["value_pence"] <= council.thresholds.kpi_rating, NOT_APPLICABLE),
    )
    return rows.assign(kpi=stands)


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

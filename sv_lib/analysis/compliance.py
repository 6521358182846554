"""Whether the council's own rules were kept. The thresholds and their source are the council's
settings.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from sv_lib.params import NOT_KNOWN, Council
from sv_lib.periods import Period
from sv_lib.toms.states import in_period

NOT_APPLICABLE = "not applicable"
BANDS = ("under 40%", "40% to under 60%", "60% to under 80%", "80% and over")
PLAN, TRACKER = "delivery plan", "milestone tracker"


def quotes(quotes: pd.DataFrame, period: Period, council: Council) -> pd.DataFrame:
    """Purchases of the period with ``local_quote`` and, where there was none, ``why``.

    Under the threshold one quote at least should be local. "not known" where nobody wrote it down;
    "not applicable" at the threshold and over.
    """
    rows = in_period(quotes, period, "on")
    local = rows["local_quotes"]
    answer = (
        _words(rows, NOT_KNOWN)
        .mask((local > 0).fillna(False), "yes")
        .mask((local == 0).fillna(False), "no")
    )
    answer = answer.mask(rows["amount_pence"] >= council.thresholds.local_quote, NOT_APPLICABLE)
    reason = rows["reason"].astype("string").fillna("").replace("", "no reason recorded")
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
    in_scope = rows["value_pence"] > limits.social_value_contract
    needed = (
        _words(rows, TRACKER)
        .mask(rows["value_pence"] > limits.delivery_plan, PLAN)
        .where(in_scope, "none")
    )
    held = rows["plan"].astype("string").fillna("")
    serves = held.eq(PLAN) | (held.eq(TRACKER) & needed.eq(TRACKER))
    plan_held = _words(rows, "no").mask(serves, "yes").mask(held.eq(""), "none recorded")
    rating = rows["kpi_rating"].astype("string").fillna("").replace("", "not rated")
    asked = _words(rows, "no").mask(rows["edition"].fillna("").ne("").astype("bool"), "yes")
    return rows.assign(
        in_scope=in_scope.astype("bool"),
        asked=asked,
        score_band=_bands(rows["social_value_score_pct"]),
        ranking=rows["changed_ranking"].astype("string").fillna(NOT_KNOWN),
        flows_down=rows["wage_clause"].astype("string").fillna(NOT_KNOWN),
        weight=_weight(rows, council).where(in_scope, NOT_APPLICABLE),
        plan_needed=needed,
        plan_held=plan_held.where(in_scope, NOT_APPLICABLE),
        rating=rating.where(rows["value_pence"] > limits.kpi_rating, NOT_APPLICABLE),
    )


def returns(return_log: pd.DataFrame, period: Period, day: date) -> pd.DataFrame:
    """Returns for the quarters that end in the period, with their ``timing`` as at a day.

    One that has come is "on time" or "late"; one that has not is "not received" once its day has
    passed.
    """
    rows = in_period(return_log, period, "quarter_end")
    received = rows["received_on"].where(rows["received_on"] <= pd.Timestamp(day))
    timing = _words(rows, "not received").mask(rows["due_on"] >= pd.Timestamp(day), "not due yet")
    timing = timing.mask(received.notna(), "late").mask(received <= rows["due_on"], "on time")
    return rows.assign(timing=timing)


def _bands(scores: pd.Series) -> list[str]:
    """Each score in one of four bands; "not known" where none is recorded."""
    limits = list(zip(BANDS, (40, 60, 80, 101), strict=True))
    return [
        NOT_KNOWN if pd.isna(score) else next(band for band, top in limits if score < top)
        for score in scores
    ]


def _weight(rows: pd.DataFrame, council: Council) -> pd.Series:
    asked = council.thresholds.social_value_weight_pct
    weights = rows["social_value_weight_pct"]
    answers = [
        NOT_KNOWN if pd.isna(weight) else "yes" if weight >= asked else "no" for weight in weights
    ]
    return pd.Series(answers, index=rows.index, dtype="string")


def _words(rows: pd.DataFrame, word: str) -> pd.Series:
    return pd.Series(word, index=rows.index, dtype="string")

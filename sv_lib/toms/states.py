"""What was known on a day, in which state it stood, and how much of a promise had fallen due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period
from sv_lib.toms.valuation import EXACT, value_in_pence
from sv_lib.toms.worded import worded

PLACES = 6
"""Decimal places kept of a quantity that is partly due."""

NEEDED = [
    "commitment_id",
    "stage",
    "starts_on",
    "ends_on",
    "stopped_on",
    "quantity",
    "pricing",
    "proxy",
    "attribution",
    "deadweight_pct",
]
Step = tuple[pd.Timestamp, Decimal]
"""The day of a milestone, and what falls due on it."""
DUE = {"due_quantity": "object", "due_value_pence": "Int64", "due_method": "string"}


def as_at(claims: pd.DataFrame, day: date) -> pd.DataFrame:
    """The claims received by a day, each in the state it stood in on that day.

    A state comes from its date, never from what was written afterwards. Of a validation and a
    rejection the later holds; on the same day the rejection does.
    """
    at = pd.Timestamp(day)
    known = claims[claims["reported_on"] <= at].reset_index(drop=True)
    is_evidenced = known["evidenced_on"] <= at
    is_validated = known["validated_on"] <= at
    is_later = ~is_validated | (known["rejected_on"] >= known["validated_on"])
    is_rejected = (known["rejected_on"] <= at) & is_later
    state = worded(
        known.index,
        "reported",
        (is_evidenced, "evidenced"),
        (is_validated, "validated"),
        (is_rejected, "rejected"),
    )
    return known.assign(state=state)


def countable(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims that may stand in a total: not rejected, and not blocked as a double count."""
    is_out = claims["state"].eq("rejected") | claims["is_blocked"].astype("bool")
    return claims[~is_out].reset_index(drop=True)


def in_period(rows: pd.DataFrame, period: Period, column: str = "period_end") -> pd.DataFrame:
    """The rows whose day lies in a period, both ends included.

    A claim lies in the period in which its own period ends.
    """
    within = rows[column].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return rows[within].reset_index(drop=True)


def due_of(known: pd.DataFrame, milestones: pd.DataFrame, day: date) -> pd.DataFrame:
    """Valued commitments, as ``known_promises`` has them, with what was due by the end of ``day``.

    The contract's own milestones where it has them, else a straight line over its life, both ends
    included. Nothing falls due of a promise that is still a target, nor after a contract has
    stopped. ``due_value_pence`` is the value of ``due_quantity`` as printed, so that the sum can be
    done again by hand; NA where the promise has no price.
    """
    steps: dict[str, list[Step]] = {}
    columns = milestones[["commitment_id", "due_on", "quantity"]]
    for promise, due_on, quantity in columns.itertuples(index=False):
        steps.setdefault(promise, []).append((due_on, quantity))
    at = pd.Timestamp(day)
    due = [
        _due(row, steps.get(row["commitment_id"]), at) for row in known[NEEDED].to_dict("records")
    ]
    added = pd.DataFrame(due, columns=list(DUE), dtype="object").astype(DUE)
    return known.join(added)


def known_promises(
    commitments: pd.DataFrame, contracts: pd.DataFrame, known_on: date
) -> pd.DataFrame:
    """Commitments of the contracts awarded by a day, as they were known then.

    Adds ``stage`` ("targeted" or "committed"), ``starts_on`` and ``last_on``.
    """
    at = pd.Timestamp(known_on)
    dates = ["contract_id", "awarded_on", "starts_on", "ends_on", "stopped_on"]
    awarded = contracts.loc[contracts["awarded_on"] <= at, dates].drop(columns="awarded_on")
    frame = commitments.merge(awarded, on="contract_id", how="inner", validate="m:1")
    committed_on = frame["committed_on"]
    is_committed = committed_on <= at
    is_unknown = (committed_on > at) & ~(frame["targeted_on"] <= at)
    frame = frame.assign(
        stage=worded(frame.index, "targeted", (is_committed, "committed")),
        stopped_on=frame["stopped_on"].where(frame["stopped_on"] <= at),
        last_on=last_day(frame, known_on),
    )
    return frame[~is_unknown].reset_index(drop=True)


def last_day(contracts: pd.DataFrame, day: date) -> pd.Series:
    """The last day of each contract as it was known on a day: a stop yet to come is not known."""
    stopped = contracts["stopped_on"]
    return stopped.where(stopped <= pd.Timestamp(day)).fillna(contracts["ends_on"])


def straight_line(quantity: Decimal, life: Period, day: date) -> Decimal:
    """The part of a promise due by the end of a day: days gone of all days, to six decimals."""
    if day >= life.end:
        return quantity
    gone = max(0, (day - life.start).days + 1)
    part = Fraction(quantity) * gone / life.days
    return EXACT.scaleb(Decimal(half_up(part * 10**PLACES)), -PLACES)


def _due(
    row: Mapping[Any, Any], steps: Sequence[Step] | None, day: pd.Timestamp
) -> tuple[Decimal, int | None, str]:
    """What of one promise is due, what that is worth, and by which method."""
    method = "straight line" if steps is None else "milestones"
    stopped_on = row["stopped_on"]
    last = day if pd.isna(stopped_on) else min(day, stopped_on)
    if row["stage"] == "targeted":
        quantity = Decimal(0)
    elif steps is not None:
        quantity = sum((part for due_on, part in steps if due_on <= last), Decimal(0))
    else:
        life = Period(row["starts_on"].date(), row["ends_on"].date())
        quantity = straight_line(row["quantity"], life, last.date())
    value = None
    if row["pricing"] == "priced":
        price = row["proxy"], row["attribution"], row["deadweight_pct"]
        value = value_in_pence(quantity, *price)
    return quantity, value, method

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

PLACES = 6
"""Decimal places kept of a quantity that falls due part-way; a whole life always gives the whole
quantity.
"""

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
    evidenced, validated, rejected = (
        known[name].where(known[name] <= at)
        for name in ("evidenced_on", "validated_on", "rejected_on")
    )
    state = pd.Series("reported", index=known.index, dtype="string")
    state = state.mask(evidenced.notna(), "evidenced").mask(validated.notna(), "validated")
    is_rejected = rejected.notna() & (validated.isna() | (rejected >= validated))
    return known.assign(state=state.mask(is_rejected, "rejected"))


def countable(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims that may stand in a total: not rejected, and not blocked as a double count."""
    kept = ~claims["state"].isin(["rejected"]) & ~claims["is_blocked"]
    return claims[kept].reset_index(drop=True)


def in_period(rows: pd.DataFrame, period: Period, column: str = "period_end") -> pd.DataFrame:
    """The rows whose day lies in a period, both ends included; of claims, those whose own period
    ends
    in it.
    """
    within = rows[column].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return rows[within].reset_index(drop=True)


def due_of(known: pd.DataFrame, milestones: pd.DataFrame, day: date) -> pd.DataFrame:
    """Valued commitments, as ``known_promises`` has them, with what had fallen due by the end of
    ``day``.

    The contract's own milestones where it has them, else a straight line over its life, both ends
    included. Nothing falls due of a promise that is still a target, nor after a contract has
    stopped. ``due_value_pence`` is the value of ``due_quantity`` as printed, so that the sum can be
    done again by hand; NA where the promise has no price.
    """
    steps: dict[str, list[Step]] = {}
    for promise, *step in zip(
        *(milestones[name] for name in ("commitment_id", "due_on", "quantity")), strict=True
    ):
        steps.setdefault(promise, []).append((step[0], step[1]))
    rows = known[NEEDED].to_dict("records")
    due = [_due(row, steps.get(row["commitment_id"]), pd.Timestamp(day)) for row in rows]
    return known.join(pd.DataFrame(due, columns=list(DUE), dtype="object").astype(DUE))


def known_promises(
    commitments: pd.DataFrame, contracts: pd.DataFrame, known_on: date
) -> pd.DataFrame:
    """Commitments of the contracts awarded by a day, with ``stage``, ``starts_on`` and ``last_on``
    as
    known then.
    """
    at = pd.Timestamp(known_on)
    awarded = contracts.loc[
        contracts["awarded_on"] <= at, ["contract_id", "starts_on", "ends_on", "stopped_on"]
    ]
    frame = commitments.merge(awarded, on="contract_id", how="inner", validate="m:1")
    is_committed = frame["committed_on"] <= at
    is_later = ~is_committed & frame["committed_on"].notna() & ~(frame["targeted_on"] <= at)
    stage = pd.Series("targeted", index=frame.index, dtype="string").mask(is_committed, "committed")
    stopped = frame["stopped_on"].where(frame["stopped_on"] <= at)
    frame = frame.assign(stage=stage, stopped_on=stopped, last_on=stopped.fillna(frame["ends_on"]))
    return frame[~is_later].reset_index(drop=True)


def last_day(contracts: pd.DataFrame, day: date) -> pd.Series:
    """The last day of each contract as it was known on a day: a stop yet to come is not known."""
    stopped = contracts["stopped_on"]
    return stopped.where(stopped <= pd.Timestamp(day)).fillna(contracts["ends_on"])


def straight_line(quantity: Decimal, life: Period, day: date) -> Decimal:
    """The part of a promise due by the end of a day: days gone of the contract's days, to six
    decimal
    places.
    """
    if day >= life.end:
        return quantity
    gone = max(0, (day - life.start).days + 1)
    return EXACT.scaleb(
        Decimal(half_up(Fraction(quantity) * gone * 10**PLACES / life.days)), -PLACES
    )


def _due(
    row: Mapping[Any, Any], steps: Sequence[Step] | None, day: pd.Timestamp
) -> tuple[Decimal, int | None, str]:
    """What of one promise is due, what that is worth, and by which method."""
    method = "straight line" if steps is None else "milestones"
    last = day if pd.isna(row["stopped_on"]) else min(day, row["stopped_on"])
    if row["stage"] == "targeted":
        quantity = Decimal(0)
    elif steps is not None:
        quantity = sum((part for due_on, part in steps if due_on <= last), Decimal(0))
    else:
        life = Period(row["starts_on"].date(), row["ends_on"].date())
        quantity = straight_line(row["quantity"], life, last.date())
    if row["pricing"] != "priced":
        return quantity, None, method
    return (
        quantity,
        value_in_pence(quantity, row["proxy"], row["attribution"], row["deadweight_pct"]),
        method,
    )

"""Claims and commitments as they were known on a day, and what of a commitment was due then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period
from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.valuation import EXACT, value_in_pence
from sv_lib.toms.worded import worded

PLACES = 6
"""Decimal places kept of a quantity that is partly due."""

CONTRACT_DATES = ["contract_id", "starts_on", "ends_on", "stopped_on"]
DUE = {"due_quantity": "object", "due_value_pence": "Int64", "due_method": "string"}


def as_at(claims: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the claims received by a day, with the ``state`` in which each stood on that day.

    States are worked out from the dates; the ``state`` that the return gives is of a later day. Of
    a validation and a rejection the later one holds, and of two on one day the rejection.
    """
    at = pd.Timestamp(day)
    known = claims[claims["reported_on"] <= at].reset_index(drop=True)
    validated_on = known["validated_on"]
    rejected_on = known["rejected_on"]
    is_evidenced = known["evidenced_on"] <= at
    is_validated = validated_on <= at
    is_later = ~is_validated | (rejected_on >= validated_on)
    is_rejected = (rejected_on <= at) & is_later
    known["state"] = worded(
        known.index,
        "reported",
        (is_evidenced, "evidenced"),
        (is_validated, "validated"),
        (is_rejected, "rejected"),
    )
    return known


def countable(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that totals include: neither rejected nor blocked as a double count."""
    is_out = claims["state"].eq("rejected") | claims["is_blocked"].astype("bool")
    return claims[~is_out].reset_index(drop=True)


def in_period(rows: pd.DataFrame, period: Period, column: str = "period_end") -> pd.DataFrame:
    """Return the rows whose day in ``column`` lies in a period, both ends included.

    A claim belongs to the period in which its own period ends, hence the default.
    """
    within = rows[column].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return rows[within].reset_index(drop=True)


def due_of(known: pd.DataFrame, milestones: pd.DataFrame, day: date) -> pd.DataFrame:
    """Add to valued commitments what of them was due by the end of a day: the columns ``DUE``.

    ``known`` comes from ``known_promises``. What is due follows the milestones of the commitment;
    without any, a straight line over the contract's life, both ends included. Nothing is due of a
    target, nor after the contract stopped. ``due_value_pence`` is the value of the rounded
    ``due_quantity``, so that a reader can work it out again; it is NA without a price.
    """
    steps: defaultdict[str, list[Row]] = defaultdict(list)
    for step in rows_of(milestones):
        steps[step.commitment_id].append(step)
    at = pd.Timestamp(day)
    due = [_due(promise, steps[promise.commitment_id], at) for promise in rows_of(known)]
    added = pd.DataFrame(due, columns=list(DUE), dtype="object").astype(DUE)
    return known.join(added)


def known_promises(
    commitments: pd.DataFrame, contracts: pd.DataFrame, known_on: date
) -> pd.DataFrame:
    """Return the commitments of contracts awarded by a day, as they were known on that day.

    Adds ``stage`` ("targeted" or "committed"), ``last_on`` and, from the contract, ``starts_on``,
    ``ends_on`` and ``stopped_on``, which is NA for a stop after that day.
    """
    at = pd.Timestamp(known_on)
    awarded = contracts[contracts["awarded_on"] <= at]
    frame = commitments.merge(awarded[CONTRACT_DATES], on="contract_id", validate="m:1")
    committed_on = frame["committed_on"]
    is_committed = committed_on <= at
    is_targeted = frame["targeted_on"] <= at
    is_unknown = (committed_on > at) & ~is_targeted
    frame["stage"] = worded(frame.index, "targeted", (is_committed, "committed"))
    frame["stopped_on"] = _known_stop(frame, known_on)
    frame["last_on"] = last_day(frame, known_on)
    return frame[~is_unknown].reset_index(drop=True)


def last_day(contracts: pd.DataFrame, day: date) -> pd.Series:
    """Return the last day of each contract as it was known on a day.

    It is the day on which the contract stopped, or ``ends_on`` if it had not stopped by then.
    """
    return _known_stop(contracts, day).fillna(contracts["ends_on"])


def _known_stop(contracts: pd.DataFrame, day: date) -> pd.Series:
    stopped_on = contracts["stopped_on"]
    return stopped_on.where(stopped_on <= pd.Timestamp(day))


def straight_line(quantity: Decimal, life: Period, day: date) -> Decimal:
    """Return the part of a quantity due by the end of a day, to six decimal places.

    It is the share of the days of ``life`` that have gone by.
    """
    if day >= life.end:
        return quantity
    gone = max(0, (day - life.start).days + 1)
    part = Fraction(quantity) * gone / life.days
    units = half_up(part * 10**PLACES)
    return EXACT.scaleb(Decimal(units), -PLACES)


def _due(promise: Row, steps: Sequence[Row], day: pd.Timestamp) -> tuple[Decimal, int | None, str]:
    """Return the columns ``DUE`` of one commitment. ``steps``: its milestones, if any."""
    method = "milestones" if steps else "straight line"
    stopped_on = promise.stopped_on
    last = day if pd.isna(stopped_on) else min(day, stopped_on)
    quantity = Decimal(0)
    if promise.stage == "committed" and steps:
        quantity += sum(step.quantity for step in steps if step.due_on <= last)
    elif promise.stage == "committed":
        life = Period(promise.starts_on.date(), promise.ends_on.date())
        quantity = straight_line(promise.quantity, life, last.date())
    if promise.pricing != "priced":
        return quantity, None, method
    price = promise.proxy, promise.attribution, promise.deadweight_pct
    return quantity, value_in_pence(quantity, *price), method

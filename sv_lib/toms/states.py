"""Claims and commitments as they were known on a day, and what of a commitment was due then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from sv_lib.money import half_up
from sv_lib.periods import Period
from sv_lib.toms.contract_changes import Change, Terms, contracts_at, terms_of
from sv_lib.toms.corrected import with_corrections
from sv_lib.toms.rows import Row, rows_of
from sv_lib.toms.valuation import EXACT, exact_value
from sv_lib.toms.worded import worded

PLACES = 6
"""Decimal places printed of a quantity that is partly due; its value is worked out before."""

CONTRACT_DATES = ["contract_id", "starts_on", "ends_on", "stopped_on"]
PROMISE = ["commitment_id", *CONTRACT_DATES, "quantity", "known_on", "stage", "pricing", "proxy"]
PROMISE += ["attribution", "deadweight_pct"]
"""The columns that say what is due of a commitment."""
DUE = {"due_quantity": "object", "due_value_pence": "Int64", "due_method": "string"}


def as_at(claims: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the claims received by a day, with the ``state`` in which each stood on that day.

    States are worked out from the dates; the ``state`` that the return gives is of a later day. Of
    a validation and a rejection the later one holds, and of two on one day the rejection. A
    correction stands in the period and the state of its claim (``with_corrections``).
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
    return with_corrections(known)


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


def due_of(
    known: pd.DataFrame, milestones: pd.DataFrame, day: date, changes: Sequence[Change] = ()
) -> pd.DataFrame:
    """Add to valued commitments what of them was due by the end of a day: the columns ``DUE``.

    ``known`` comes from ``known_promises``. What is due follows the milestones of the commitment;
    without any, a straight line over the contract's life, both ends included. What was due by the
    day of a change stays due: only the rest follows the new terms. Changes after ``known_on`` are
    not known yet. Nothing is due of a target, nor after the contract stopped.
    ``due_value_pence`` is that of the exact quantity, rounded once, NA without a price;
    ``due_quantity`` is the quantity to six decimal places.
    """
    return due_by(known, milestones, changes)(day)


def due_by(
    known: pd.DataFrame, milestones: pd.DataFrame, changes: Sequence[Change] = ()
) -> Callable[[date], pd.DataFrame]:
    """Return ``due_of`` for any day; what was agreed of each commitment is looked up once."""
    steps: defaultdict[str, list[Row]] = defaultdict(list)
    for step in rows_of(milestones[["commitment_id", "due_on", "quantity"]]):
        steps[step.commitment_id].append(step)
    of_contract: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        of_contract[change.contract_id].append(change)
    agreed = []
    for promise in rows_of(known[PROMISE]):
        own_steps = steps[promise.commitment_id]
        terms = terms_of(promise, own_steps, of_contract[promise.contract_id])
        agreed.append((promise, terms, _pence_each(promise)))

    def due(day: date) -> pd.DataFrame:
        at = pd.Timestamp(day)
        rows = [_due(promise, terms, each, at) for promise, terms, each in agreed]
        return known.join(pd.DataFrame(rows, columns=list(DUE), dtype="object").astype(DUE))

    return due


def known_promises(
    commitments: pd.DataFrame,
    contracts: pd.DataFrame,
    known_on: date,
    changes: Sequence[Change] = (),
) -> pd.DataFrame:
    """Return the commitments of contracts awarded by a day, as they were known on that day.

    Adds ``known_on``, ``stage`` ("targeted" or "committed"), ``last_on`` and, from the contract,
    ``starts_on``, ``ends_on`` as it then was, and ``stopped_on``, which is NA for a stop after that
    day. ``changes``: from ``read_changes``.
    """
    at = pd.Timestamp(known_on)
    contracts = contracts_at(contracts, changes, at)
    awarded = contracts[contracts["awarded_on"] <= at]
    frame = commitments.merge(awarded[CONTRACT_DATES], on="contract_id", validate="m:1")
    committed_on = frame["committed_on"]
    is_committed = committed_on <= at
    is_targeted = frame["targeted_on"] <= at
    is_unknown = (committed_on > at) & ~is_targeted
    frame["stage"] = worded(frame.index, "targeted", (is_committed, "committed"))
    frame["stopped_on"] = _known_stop(frame, known_on)
    frame["last_on"] = last_day(frame, known_on)
    frame["known_on"] = at
    return frame[~is_unknown].reset_index(drop=True)


def last_day(contracts: pd.DataFrame, day: date) -> pd.Series:
    """Return the last day of each contract as it was known on a day.

    It is the day on which the contract stopped, or ``ends_on`` if it had not stopped by then.
    """
    return _known_stop(contracts, day).fillna(contracts["ends_on"])


def _known_stop(contracts: pd.DataFrame, day: date) -> pd.Series:
    stopped_on = contracts["stopped_on"]
    return stopped_on.where(stopped_on <= pd.Timestamp(day))


def due_quantity(terms: Sequence[Terms], first: date, day: date, known_on: date) -> Fraction:
    """Return the exact quantity that was due by the end of a day, as known on ``known_on``.

    ``terms``: from ``terms_of``. ``first``: the contract's first day. Under each of the terms what
    was due before stays due, and the rest runs in a straight line to their end, or follows their
    milestones.
    """
    last_known = min(known_on, day)
    untils = [agreed.until.date() for agreed in terms]
    passed = [until for until in untils if until <= last_known]
    due = Fraction(0)
    since = first - timedelta(days=1)
    # The terms after those that have passed are the ones that stand.
    for agreed, until in zip(terms, [*passed, day], strict=False):
        if agreed.steps:
            steps = (quantity for on, quantity in agreed.steps if on.date() <= until)
            due = max(due, Fraction(sum(steps, Decimal(0))))
        else:
            rest = max(Fraction(0), Fraction(agreed.quantity) - due)
            due += rest * _gone(since, until, agreed.ends_on.date())
        since = max(since, until)
    return due


def _gone(since: date, until: date, end: date) -> Fraction:
    """The share of the days from after ``since`` to ``end`` that ``until`` has reached."""
    if until >= end:
        return Fraction(1)
    gone = max(0, (until - since).days)
    return Fraction(gone, (end - since).days) if gone else Fraction(0)


def _pence_each(promise: Row) -> Fraction | None:
    """The exact value in pence of one unit of a promise; None without a price."""
    if promise.pricing != "priced":
        return None
    return Fraction(
        exact_value(Decimal(100), promise.proxy, promise.attribution, promise.deadweight_pct)
    )


def _due(
    promise: Row, terms: list[Terms], each: Fraction | None, day: pd.Timestamp
) -> tuple[Decimal, int | None, str]:
    """Return the columns ``DUE`` of one commitment. ``each``: from ``_pence_each``."""
    standing = next(agreed for agreed in terms if agreed.until > promise.known_on)
    method = "milestones" if standing.steps else "straight line"
    stopped_on = promise.stopped_on
    last = day if pd.isna(stopped_on) else min(day, stopped_on)
    quantity = Fraction(0)
    if promise.stage == "committed":
        days = (promise.starts_on, last, promise.known_on)
        quantity = due_quantity(terms, *(one.date() for one in days))
    printed = EXACT.scaleb(Decimal(half_up(quantity * 10**PLACES)), -PLACES)
    return printed, None if each is None else half_up(quantity * each), method

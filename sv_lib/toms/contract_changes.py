"""Contracts, promises and milestones as they stood on a day: what changed later is undone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from sv_lib.intake.files.cells import read_cells
from sv_lib.intake.tables.columns import Column, Kind
from sv_lib.toms.rows import Row, rows_of

PARTS: dict[str, tuple[Kind, ...]] = {
    "last day": ("date",),
    "value": ("pounds",),
    "promised quantity": ("text", "quantity"),
    "milestone": ("text", "date", "quantity"),
}
"""What ``from`` and ``to`` of each change hold; a text is the commitment."""
BETWEEN = re.compile(r",\s+|[;\s]+")
COLUMN_OF = {"last day": "ends_on", "value": "value_pence"}
"""The column of the register that a change of the whole contract moves."""
STILL = pd.Timestamp.max
Step = tuple[pd.Timestamp, Decimal]
"""The day and the quantity of a milestone."""
Day = date | pd.Timestamp


@dataclass(frozen=True)
class Change:
    """One change, read. ``commitment_id`` is empty where it is of the contract as a whole.

    ``before`` and ``after``: a day, pence, a quantity or a ``Step``; None for a milestone that was
    added, or taken out. ``row``: as it stands in the table, ``from`` and ``to`` under those names.
    """

    contract_id: str
    commitment_id: str
    changed_on: pd.Timestamp
    what: str
    before: Any
    after: Any
    row: Row


class Terms(NamedTuple):
    """What was agreed of one promise, and ``until``, the last day on which it was."""

    until: pd.Timestamp
    ends_on: pd.Timestamp
    quantity: Decimal
    steps: tuple[Step, ...]


def read_changes(table: pd.DataFrame) -> tuple[list[Change], list[Row]]:
    """Read the table ``contract_changes``: the changes, and the rows that cannot be read.

    The latest change comes first, and of one day the lower row.
    """
    rows = table.dropna(subset=["contract_id", "changed_on", "what"])
    rows = rows.sort_values(["changed_on", "source_row"], ascending=False, kind="stable")
    # "from" is a word of Python, so no row can have it as an attribute.
    rows = rows.rename(columns={"from": "before", "to": "after"})
    read = [(row, _read(row)) for row in rows_of(rows)]
    changes = [change for _, change in read if change]
    return changes, [row for row, change in read if change is None]


def contracts_at(contracts: pd.DataFrame, changes: Iterable[Change], day: Day) -> pd.DataFrame:
    """Return the contracts with the last day and the value that each had on a day."""
    stood = contracts.copy()
    later = list(_after(changes, day))
    for what, column in COLUMN_OF.items():
        # Of several changes the earliest comes last, and what was before it is kept.
        before = {one.contract_id: one.before for one in later if one.what == what}
        is_changed = stood["contract_id"].isin(before)
        ids = stood.loc[is_changed, "contract_id"]
        if len(ids):
            stood.loc[is_changed, column] = [before[contract] for contract in ids]
    return stood


def promises_at(commitments: pd.DataFrame, changes: Iterable[Change], day: Day) -> pd.DataFrame:
    """Return the commitments with the quantity that each promised on a day."""
    later = [one for one in _after(changes, day) if one.what == "promised quantity"]
    # Of several changes the earliest comes last, and what was before it is kept.
    stood = {change.commitment_id: change.before for change in later}
    ids = commitments["commitment_id"]
    pairs = zip(ids, commitments["quantity"], strict=True)
    quantities = [stood.get(commitment, quantity) for commitment, quantity in pairs]
    return commitments.assign(quantity=pd.Series(quantities, ids.index, dtype="object"))


def terms_of(promise: Row, steps: Iterable[Row], changes: Iterable[Change]) -> list[Terms]:
    """Return all terms of one promise, the earliest first.

    ``promise``: as the register has it now, with ``ends_on``. ``steps``: its milestones.
    ``changes``: those of its contract, the latest first.
    """
    ends_on, quantity = promise.ends_on, promise.quantity
    agreed = [(step.due_on, step.quantity) for step in steps]
    found = [Terms(STILL, ends_on, quantity, tuple(agreed))]
    for change in changes:
        if change.what == "last day":
            ends_on = change.before
        elif change.commitment_id != promise.commitment_id:
            continue
        elif change.what == "promised quantity":
            quantity = change.before
        else:
            agreed = _undone(agreed, change)
        found.append(Terms(change.changed_on, ends_on, quantity, tuple(agreed)))
    return found[::-1]


def contradictions(
    changes: Iterable[Change],
    contracts: pd.DataFrame,
    commitments: pd.DataFrame,
    milestones: pd.DataFrame,
) -> Iterator[Change]:
    """Yield the changes that do not lead to what follows them.

    That is what the next change begins with, and of the last one what the tables hold now.
    """
    now: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for what, column in COLUMN_OF.items():
        for contract, value in zip(contracts["contract_id"], contracts[column], strict=True):
            now[what, contract].append(value)
    for promise in rows_of(commitments):
        now["promised quantity", promise.commitment_id].append(promise.quantity)
    for step in rows_of(milestones):
        now["milestone", step.commitment_id].append((step.due_on, step.quantity))
    for change in changes:
        follows = now[change.what, change.commitment_id or change.contract_id]
        if change.after is not None and change.after not in follows:
            yield change
        follows[:] = _undone(follows, change)


def _after(changes: Iterable[Change], day: Day) -> Iterator[Change]:
    """The changes after a day, the latest first."""
    at = pd.Timestamp(day)
    return (change for change in changes if change.changed_on > at)


def _undone(agreed: list[Any], change: Change) -> list[Any]:
    """The milestones of a promise as they were before one of them was changed."""
    others = list(agreed)
    if change.after in others:
        others.remove(change.after)
    return others if change.before is None else [*others, change.before]


def _read(row: Row) -> Change | None:
    """A row as a change; None where it does not say what was before and after."""
    before = _parts(row.what, row.before)
    after = _parts(row.what, row.after)
    if before is None or after is None or not before + after:
        return None
    is_half = not (before and after)
    if is_half and row.what != "milestone":
        return None
    commitment = ""
    if len(PARTS[row.what]) > 1:
        commitment = (before or after)[0]
        if not is_half and after[0] != commitment:
            return None
        before, after = before[1:], after[1:]
    sides = {"before": _amount(before), "after": _amount(after)}
    return Change(row.contract_id, commitment, row.changed_on, row.what, **sides, row=row)


def _parts(what: str, text: Any) -> tuple[Any, ...] | None:
    """What a cell says, part by part; empty where it is blank, None where it cannot be read."""
    if pd.isna(text):
        return ()
    kinds = PARTS[what]
    words = BETWEEN.split(text) if len(kinds) > 1 else [text]
    if len(words) != len(kinds):
        return None
    parts = tuple(_cell(word, kind) for word, kind in zip(words, kinds, strict=True))
    return None if any(map(pd.isna, parts)) else parts


@cache
def _cell(word: str, kind: Kind) -> Any:
    """One word as a value of its kind. Each is read by itself, and most are met several times."""
    return read_cells(pd.Series([word], dtype="str"), Column("part", kind, "")).values.iloc[0]


def _amount(parts: tuple[Any, ...]) -> Any:
    """A quantity alone, or the day and quantity of a milestone; None of one that was not there."""
    return parts[0] if len(parts) == 1 else parts or None

"""The one rule for what was supplied: a table, and for a period. Every figure asks here.

A period of which a table has no row was not supplied: its figures are "not known", never nil.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from sv_lib.periods import Period
from sv_lib.toms.states import in_period
from sv_lib.toms.worded import is_blank

if TYPE_CHECKING:
    from sv_lib.intake.pipeline import Inputs

DAY_OF = {
    "payments": "paid_on",
    "returns": "period_end",
    "events": "on",
    "quotes": "on",
    "supply_chain": "period_end",
}
"""Tables that are supplied period by period, and the day that puts a row into one."""


def missing(inputs: Inputs, day: date, tables: Sequence[str], period: Period) -> str:
    """Why a figure on these tables cannot be given for a period; empty when it can.

    A return that came after ``day`` was not supplied by then.
    """
    never = [table for table in tables if table not in inputs.supplied]
    if never:
        return f"no {_listed(never)} supplied"
    silent = [table for table in tables if not _has_rows(inputs.frames[table], table, day, period)]
    return f"no {_listed(silent)} supplied for {period}" if silent else ""


def _has_rows(rows: pd.DataFrame, table: str, day: date, period: Period) -> bool:
    """Whether a table has a row of a period; one that is not supplied by periods always has."""
    if table not in DAY_OF:
        return True
    mine = in_period(rows, period, DAY_OF[table])
    if table == "returns":
        # A correction belongs to the period of its claim, whatever its own row says.
        is_claim = is_blank(mine["corrects_claim_id"])
        mine = mine[is_claim & (mine["reported_on"] <= pd.Timestamp(day))]
    return not mine.empty


def _listed(tables: Sequence[str]) -> str:
    *others, last = [table.replace("_", " ") for table in tables]
    return f"{', '.join(others)} or {last}" if others else last

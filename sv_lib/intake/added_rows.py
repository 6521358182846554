"""Rows that a source other than a table's own files adds to the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from sv_lib.intake.files.amounts import Mask
from sv_lib.intake.files.cells import ledger_days
from sv_lib.intake.files.readers import RawTable

POUND_AND_COMMAS = r"^£\s*|,(?=\d{3}(\D|$))"
"""What stands in an amount beside its digits: a pound sign before, commas between thousands."""


@dataclass(frozen=True)
class AddedRows:
    """Rows that one file gives to one table, and how many rows of the file it does not give.

    ``frame``: text under our column names, indexed by the row of the file. ``excluded`` and
    ``quarantined``: counts of rows that were left out, so that control totals reconcile.
    """

    table: str
    file: str
    frame: pd.DataFrame
    excluded: int = 0
    quarantined: int = 0

    @property
    def rows(self) -> int:
        """How many rows the file has for the table, used or not."""
        return len(self.frame) + self.excluded + self.quarantined

    def keeping(self, kept: pd.DataFrame) -> AddedRows:
        """Return only the rows in ``kept``; the others count as excluded."""
        dropped = len(self.frame) - len(kept)
        return replace(self, frame=kept, excluded=self.excluded + dropped)

    @classmethod
    def none_of(cls, table: str, raw: RawTable) -> AddedRows:
        """Return the account of a file that cannot be used: all its rows are excluded."""
        return cls(table, raw.name, raw.frame[[]].iloc[:0], excluded=len(raw.frame))


def under_our_names(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return columns of a file as trimmed text. ``columns``: our name -> the file's heading."""
    text = frame[list(columns.values())].set_axis(list(columns), axis=1)
    for name in columns:
        text[name] = text[name].str.strip()
    return text


def iso_days(texts: pd.Series) -> tuple[pd.Series, Mask]:
    """Return dates of any spelling as ISO text, and which filled cells are no date.

    What is no date becomes blank.
    """
    days = ledger_days(texts)
    iso = days.values.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    return iso, days.unread

"""Rows that a source other than a table's own files adds to the table."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd


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
        """The same rows but for those that are not in ``kept``; the others count as excluded."""
        dropped = len(self.frame) - len(kept)
        return replace(self, frame=kept, excluded=self.excluded + dropped)

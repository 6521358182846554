"""Control totals: where every row and every penny of each input file ended."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sv_lib.intake.ledger.payments import WAYS

CONTROLS = (
    "file",
    "rows_in",
    "pence_in",
    "rows_used",
    "pence_used",
    "rows_excluded",
    "pence_excluded",
    "rows_quarantined",
    "pence_quarantined",
)
"""The columns of ``control_totals.csv``; pence are blank for a table that holds no money."""


@dataclass(frozen=True)
class InputFile:
    """One file as it was read: its logical name, its hash, and its rows that hold anything."""

    table: str
    name: str
    sha256: str
    rows: int

    @classmethod
    def at(cls, path: Path, table: str, name: str, rows: int = 0) -> InputFile:
        """The record of the file at a path, hashed piece by piece, as it may be large."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(table, name, sha256, rows)


def control_total(
    file: InputFile,
    rows: Mapping[str, int],
    pence_in: int | None = None,
    pence: Mapping[str, int] | None = None,
) -> dict[str, object]:
    """One line of the control totals. ``rows`` and ``pence`` say how many ended in which way.

    Raises ValueError when the rows or the pence of the file are not all accounted for.
    """
    are_all_rows = file.rows == sum(rows.values())
    are_all_pence = pence is None or pence_in == sum(pence.values())
    if not (are_all_rows and are_all_pence):
        came = f"{file.rows} rows and {pence_in} pence in"
        raise ValueError(f"{file.name}: {came}, but {rows} and {pence} accounted for")
    line: dict[str, object] = {"file": file.name, "rows_in": file.rows, "pence_in": pence_in}
    for way in WAYS:
        line[f"rows_{way}"] = rows.get(way, 0)
        line[f"pence_{way}"] = pence.get(way) if pence else None
    return line


def as_controls(lines: list[dict[str, object]]) -> pd.DataFrame:
    """The control totals as the table of ``control_totals.csv``."""
    pence = [column for column in CONTROLS if column.startswith("pence")]
    frame = pd.DataFrame(lines, columns=list(CONTROLS))
    return frame.astype(dict.fromkeys(pence, "Int64"))


def file_labels(controls: pd.DataFrame) -> pd.Series:
    """What each line of the control totals is called: its file, each once.

    A file that gives rows to several tables has a line for each: ``register.csv (part 2)``.
    """
    names = controls["file"]
    part = (controls.groupby("file", dropna=False).cumcount() + 1).astype("str")
    return names.where(~names.duplicated(keep=False), names + " (part " + part + ")")

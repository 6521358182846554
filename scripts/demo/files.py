"""Writes canonical CSV files from rows, with the same bytes every time.

Their headings are those of ``sv_lib.intake.tables.dictionary``.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from sv_lib.intake.tables.columns import Kind
from sv_lib.intake.tables.dictionary import TABLES

Cell = str | int | Decimal | date | bool | None
Row = Mapping[str, Cell]
"""Column -> value; a column left out is blank; money is whole pence."""


def pounds(pence: int) -> str:
    """Whole pence as a canonical amount: ``-123456`` -> ``-1234.56``."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02d}"


def _text(value: Cell, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "pounds" and isinstance(value, int):
        return pounds(value)
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def csv_bytes(table: str, rows: Iterable[Row]) -> bytes:
    """Return a table's rows as UTF-8 CSV.

    An optional column that no row fills is left out, so a new one changes no file of the
    demonstration. Raises KeyError for a row with a column that the table does not have.
    """
    given = list(rows)
    filled = {name for row in given for name, value in row.items() if value is not None}
    known = TABLES[table]
    strange = filled - set(known.names)
    if strange:
        raise KeyError(f"{table} has no column {', '.join(sorted(strange))}")
    columns = {
        column.name: column.kind
        for column in known.columns
        if column.name in filled or not column.optional
    }
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in given:
        writer.writerow([_text(row.get(name), kind) for name, kind in columns.items()])
    return out.getvalue().encode("utf-8")


def write(path: Path, table: str, rows: Iterable[Row]) -> None:
    """Write one table; a name ending in .gz is compressed without a time or a name inside."""
    content = csv_bytes(table, rows)
    path.write_bytes(
        gzip.compress(content, compresslevel=9, mtime=0) if path.suffix == ".gz" else content
    )

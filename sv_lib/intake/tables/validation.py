"""The contract of every input table: a pandera schema made from its YAML file.

What breaks a contract becomes findings in the words of a spreadsheet; pandera's own words are never
shown.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, get_config_context
from pandera.errors import SchemaErrors

from sv_lib.errors import ParameterError
from sv_lib.intake.files.cells import SHAPES, ReadColumn, read_cells
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import (
    Finding,
    Record,
    counted,
    finding,
    findings_by_row,
    in_pounds,
    nearest,
    standing_for,
)
from sv_lib.intake.tables.columns import Column, Kind, Table
from sv_lib.intake.tables.odd_signs import odd_signs

DTYPES = {
    "text": "str",
    "choice": "str",
    "yes_no": "str",
    "date": "datetime64[us]",
    "pounds": "Int64",
    "whole": "Int64",
    "quantity": "object",
    "share": "object",
}
UNREAD, NOT_A_CHOICE = "tables.unread", "tables.not_a_choice"
UNREAD_KINDS = {"choice": NOT_A_CHOICE, "text": "tables.formula_failed"}
BLANK, REPEATED, NOT_A_SHARE = "tables.blank", "tables.repeated", "tables.not_a_share"
NEGATIVE, TOO_MUCH = "tables.negative", "tables.too_much"
FINDING_OF_CHECK = {
    "not_nullable": BLANK,
    "field_uniqueness": REPEATED,
    NOT_A_SHARE: NOT_A_SHARE,
    NEGATIVE: NEGATIVE,
    TOO_MUCH: TOO_MUCH,
}
"""pandera's name of a check -> the finding that tells of its failure."""
MOST = 10**10
"""No number is larger where its column does not say so, so that pence stay whole in 64 bits."""
PLACE = ["source_file", "source_row"]
CELL_SHOWN = 60
"""Characters of a cell that a finding shows."""


def refuse_unchecked_runs() -> None:
    """Raises ParameterError when pandera is told, by its own settings, to let faults pass."""
    # pandera reads its settings when it is imported, so both places can switch checks off.
    setting = os.environ.get("PANDERA_VALIDATION_ENABLED", "True").strip().lower()
    config = get_config_context(validation_depth_default=None)
    is_enabled = setting in ("true", "1") and config.validation_enabled
    is_whole = config.validation_depth in (None, ValidationDepth.SCHEMA_AND_DATA)
    if not (is_enabled and is_whole):
        raise ParameterError(
            "the environment variables PANDERA_VALIDATION_ENABLED and PANDERA_VALIDATION_DEPTH",
            "they switch the checks of the input files off",
            "faults in the files would pass unseen into the report.",
            "unset them and run again; no setting turns a check off.",
        )


def schema(table: Table) -> pa.DataFrameSchema:
    """The pandera contract of a table's frame."""
    columns = {column.frame_name: _contract(column) for column in table.columns}
    return pa.DataFrameSchema(columns)


def _contract(column: Column) -> pa.Column:
    checks = []
    if column.kind == "share":
        checks.append(pa.Check(_is_share, error=NOT_A_SHARE))
    if column.kind in ("quantity", "whole"):
        checks.append(pa.Check.le(column.most or MOST, error=TOO_MUCH))
    if column.kind in ("pounds", "quantity", "whole") and not column.may_be_negative:
        checks.append(pa.Check.ge(0, error=NEGATIVE))
    return pa.Column(
        DTYPES[column.kind],
        checks,
        nullable=not column.filled,
        unique=column.unique,
        report_duplicates="exclude_first",
    )


def _is_share(values: pd.Series) -> pd.Series:
    return values.map(lambda share: Decimal(0) <= share <= Decimal(1)).astype(bool)


def check_headings(raw: RawTable, table: Table) -> list[Finding]:
    """Columns that are missing (a stop) and columns that the table does not have (a warning)."""
    known = table.names
    unknown = [heading for heading in raw.columns if heading not in known]
    found = []
    for column in table.columns:
        if column.name not in raw.columns and not column.optional:
            place = (raw.name, raw.header_row, column.name)
            near = nearest(column.name, unknown)
            found.append(
                finding(
                    "tables.no_column", *place, table=table.name, meaning=column.meaning, near=near
                )
            )
    for heading in unknown:
        place = (raw.name, raw.header_row, heading)
        near = nearest(heading, known)
        found.append(finding("tables.unknown_column", *place, table=table.name, near=near))
    return found


def check_table(
    texts: pd.DataFrame, table: Table, as_in_a_ledger: bool = False
) -> tuple[pd.DataFrame, list[Finding]]:
    """All files of a table, from text to exact values, and what is wrong with them.

    ``texts`` has our column names, ``source_file`` and ``source_row``. The frame has the names of
    ``Column.frame_name`` instead; a value that cannot be read is missing in it.
    """
    if texts.empty:
        return _without_rows(table).copy(), []
    cells = {}
    values = {}
    for column in table.columns:
        read = read_cells(texts[column.name], column, as_in_a_ledger)
        cells[column.name] = read
        values[column.frame_name] = read.values
    frame = pd.DataFrame(values, copy=False)
    frame[PLACE] = texts[PLACE]
    found: list[Finding] = []
    for (name, finding_id), rows in _cell_faults(frame, cells, table).items():
        found += _cell_findings(finding_id, table[name], texts.iloc[rows], texts, table)
    if not as_in_a_ledger:
        found += _spelt(cells, texts, table)
    found += odd_signs(texts, table)
    return frame, [*found, *_rounded(cells, texts), *_out_of_order(frame, table)]


@cache
def _without_rows(table: Table) -> pd.DataFrame:
    """The frame of a table that has no rows, as most tables have none."""
    dtypes = {column.frame_name: DTYPES[column.kind] for column in table.columns}
    columns = {**dtypes, "source_file": "str", "source_row": "int64"}
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})


def _cell_faults(
    frame: pd.DataFrame, cells: dict[str, ReadColumn], table: Table
) -> dict[tuple[str, str], list[int]]:
    """Column and id of a finding -> the positions of the rows that it is about."""
    faults = {}
    for column in table.columns:
        unread = np.flatnonzero(cells[column.name].unread).tolist()
        if unread:
            faults[column.name, UNREAD_KINDS.get(column.kind, UNREAD)] = unread
    for name, check, position in _broken(frame, table):
        # A cell that cannot be read is missing in the frame: it was told above, and is no blank.
        if not cells[name].unread[position]:
            faults.setdefault((name, FINDING_OF_CHECK[check]), []).append(position)
    return faults


def _broken(frame: pd.DataFrame, table: Table) -> Iterator[tuple[str, str, int]]:
    """Column, check and position of every cell that breaks the contract."""
    names = {column.frame_name: column.name for column in table.columns}
    try:
        schema(table).validate(frame, lazy=True, inplace=True)
    except SchemaErrors as failed:
        cases = failed.failure_cases[["column", "check", "index"]]
        for column, check, position in cases.itertuples(index=False):
            if position is None or column not in names:
                raise TypeError(f"{table.name}.{column}: {check}") from failed
            yield names[column], check, int(position)


def _cell_findings(
    finding_id: str, column: Column, rows: pd.DataFrame, texts: pd.DataFrame, table: Table
) -> Iterator[Finding]:
    """The findings of one fault in one column, file by file.

    ``rows``: those with the fault; ``texts``: all rows of the table.
    """
    key = table.columns[0].name
    firsts = _first_rows(texts, column.name) if finding_id == REPEATED else {}

    def slots(row: Record) -> dict[str, object]:
        text = row[column.name].strip()
        shown = f"'{text[:CELL_SHOWN]}'" if text else "blank"
        filled: dict[str, object] = {"cell": shown, "remedy": column.remedy}
        if finding_id == REPEATED:
            filled["first_file"], filled["first_row"] = firsts[text]
            return filled
        owner = row[key].strip()
        # The cell of the key itself already says whose row it is.
        filled["owner"] = f", for {owner}" if owner and column.name != key else ""
        if finding_id == BLANK:
            filled["meaning"] = column.meaning
        if finding_id == TOO_MUCH:
            filled["most"] = column.most or MOST
        if finding_id == UNREAD:
            filled["shape"] = SHAPES[column.kind]
        if finding_id == NOT_A_CHOICE:
            filled["choices"] = ", ".join(column.choices)
            filled["near"] = nearest(text, column.choices)
        return filled

    for _, of_file in rows.groupby("source_file", sort=False):
        yield from findings_by_row(finding_id, of_file, column.name, slots, table.cell_faults)


def _first_rows(texts: pd.DataFrame, column: str) -> dict[str, tuple[str, int]]:
    """Value of a column -> file and row of the first row that holds it."""
    first = texts.assign(key=texts[column].str.strip()).drop_duplicates("key")
    places = zip(first["source_file"], first["source_row"], strict=True)
    return dict(zip(first["key"], places, strict=True))


def _rounded(cells: dict[str, ReadColumn], texts: pd.DataFrame) -> Iterator[Finding]:
    """What was done to a ledger's amounts that are not whole pence."""
    for name, read in cells.items():
        for kind, is_rounded in read.rounded.items():
            if is_rounded.any():
                yield from _rounded_rows(f"tables.{kind}", name, texts[is_rounded])


def _rounded_rows(finding_id: str, column: str, rounded: pd.DataFrame) -> Iterator[Finding]:
    for file, rows in rounded.groupby("source_file", sort=False):
        size = counted(len(rows), "row")
        first = rows["source_row"].iloc[0]
        yield standing_for(finding(finding_id, file, first, column, rows=size), rows)


def _spelt(cells: dict[str, ReadColumn], texts: pd.DataFrame, table: Table) -> Iterator[Finding]:
    """One note a file and column on cells that are read, though our tables spell them otherwise."""
    for name, read in cells.items():
        if not read.spelt.any():
            continue
        of_column = texts.loc[read.spelt, [*PLACE, name]]
        for file, rows in of_column.groupby("source_file", sort=False):
            place = (file, rows["source_row"].iloc[0], name)
            example = rows[name].iloc[0].strip()[:CELL_SHOWN]
            value = _in_our_spelling(read.values[rows.index[0]], table[name].kind)
            yield finding("tables.spelt", *place, rows=len(rows), example=example, value=value)


def _in_our_spelling(value: Any, kind: Kind) -> str:
    if kind == "pounds":
        return in_pounds(value)
    return f"{value:%Y-%m-%d}, day before month" if kind == "date" else f"{value:,}"


def _out_of_order(frame: pd.DataFrame, table: Table) -> Iterator[Finding]:
    """Rows whose last day comes before their first."""
    if table.in_order is None:
        return
    first, last = table.in_order
    for row in frame[frame[last] < frame[first]].to_dict("records"):
        place = (row["source_file"], row["source_row"], last)
        yield finding(
            "tables.out_of_order", *place, first_column=first, first=row[first], last=row[last]
        )

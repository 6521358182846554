"""The contract of every input table: a pandera schema made from its YAML file.

What breaks a contract becomes findings in the words of a spreadsheet; pandera's own words are never
shown.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from decimal import Decimal

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, get_config_context
from pandera.errors import SchemaErrors

from sv_lib.errors import ParameterError
from sv_lib.intake.files.amounts import Mask
from sv_lib.intake.files.cells import SHAPES, ReadColumn, read_cells
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import (
    SHOWN,
    Finding,
    Record,
    Severity,
    counted,
    finding,
    findings_by_row,
    nearest,
)
from sv_lib.intake.tables.columns import Column, Table

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
BLANK, REPEATED, NOT_A_SHARE = "tables.blank", "tables.repeated", "tables.not_a_share"
FINDING_OF_CHECK = {"not_nullable": BLANK, "field_uniqueness": REPEATED, NOT_A_SHARE: NOT_A_SHARE}
"""pandera's name of a check -> the finding that tells of its failure."""
CELL_SHOWN = 60
"""Characters of a cell that a finding shows."""


def refuse_unchecked_runs() -> None:
    """Raises ParameterError when pandera is told, by its own settings, to let faults pass."""
    setting = os.environ.get("PANDERA_VALIDATION_ENABLED", "True").strip().lower()
    # pandera reads its settings when it is imported, so both places can switch checks off.
    config = get_config_context(validation_depth_default=None)
    is_whole = config.validation_depth in (None, ValidationDepth.SCHEMA_AND_DATA)
    if setting not in ("true", "1") or not config.validation_enabled or not is_whole:
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
    is_share = pa.Check(_is_share, error=NOT_A_SHARE) if column.kind == "share" else None
    return pa.Column(
        DTYPES[column.kind],
        is_share,
        nullable=not column.filled,
        unique=column.unique,
        report_duplicates="exclude_first",
    )


def _is_share(values: pd.Series) -> pd.Series:
    return values.map(lambda share: Decimal(0) <= share <= Decimal(1)).astype(bool)


def check_headings(raw: RawTable, table: Table) -> list[Finding]:
    """Columns that are missing (a stop) and columns that the table does not have (a warning)."""
    unknown = [heading for heading in raw.columns if heading not in table.names]
    found = [
        finding(
            "tables.no_column",
            raw.name,
            raw.header_row,
            column.name,
            table=table.name,
            meaning=column.meaning,
            near=nearest(column.name, unknown),
        )
        for column in table.columns
        if column.name not in raw.columns and not column.optional
    ]
    for heading in unknown:
        near = nearest(heading, table.names)
        place = (raw.name, raw.header_row, heading)
        found.append(finding("tables.unknown_column", *place, table=table.name, near=near))
    return found


def check_table(
    texts: pd.DataFrame, table: Table, as_in_a_ledger: bool = False
) -> tuple[pd.DataFrame, list[Finding]]:
    """All files of a table, from text to exact values, and what is wrong with them.

    ``texts`` has our column names, ``source_file`` and ``source_row``. The frame has the names of
    ``Column.frame_name`` instead; a value that cannot be read is missing in it.
    """
    dtypes = {column.frame_name: DTYPES[column.kind] for column in table.columns}
    if texts.empty:
        return texts.set_axis([*dtypes, "source_file", "source_row"], axis=1).astype(dtypes), []
    cells = {
        column.name: read_cells(texts[column.name], column, as_in_a_ledger)
        for column in table.columns
    }
    values = {column.frame_name: cells[column.name].values for column in table.columns}
    frame = pd.DataFrame(values, copy=False)
    frame[["source_file", "source_row"]] = texts[["source_file", "source_row"]]
    found: list[Finding] = []
    for (column, finding_id), rows in _cell_faults(frame, cells, table).items():
        found += _cell_findings(finding_id, table[column], texts.iloc[rows], texts, table)
    return frame, [*found, *_rounded(cells, texts), *_out_of_order(frame, table)]


def _cell_faults(
    frame: pd.DataFrame, cells: dict[str, ReadColumn], table: Table
) -> dict[tuple[str, str], list[int]]:
    """Column and id of a finding -> the positions of the rows that it is about."""
    faults = {}
    for column in table.columns:
        unread = np.flatnonzero(cells[column.name].unread).tolist()
        finding_id = NOT_A_CHOICE if column.kind == "choice" else UNREAD
        if unread:
            faults[column.name, finding_id] = unread
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
    firsts = _first_rows(texts, column.name)

    def slots(row: Record) -> dict[str, object]:
        text = row[column.name].strip()
        shown = f"'{text[:CELL_SHOWN]}'" if text else "blank"
        filled: dict[str, object] = {"cell": shown, "remedy": column.remedy}
        if finding_id == REPEATED:
            first = firsts[text]
            return {**filled, "first_row": first["source_row"], "first_file": first["source_file"]}
        owner = row[key].strip()
        # The cell of the key itself already says whose row it is.
        filled["owner"] = f", for {owner}" if owner and column.name != key else ""
        if finding_id == BLANK:
            filled["meaning"] = column.meaning
        if finding_id == UNREAD:
            filled["shape"] = SHAPES[column.kind]
        if finding_id == NOT_A_CHOICE:
            filled["choices"] = ", ".join(column.choices)
            filled["near"] = nearest(text, column.choices)
        return filled

    for _, of_file in rows.groupby("source_file", sort=False):
        yield from findings_by_row(finding_id, of_file, column.name, slots, table.cell_faults)


def _first_rows(texts: pd.DataFrame, column: str) -> Mapping[Hashable, Record]:
    """Value of a column -> file and row of the first row that holds it."""
    places = texts[["source_file", "source_row"]].set_axis(texts[column].str.strip())
    return places[~places.index.duplicated()].to_dict("index")


def listed(
    rows: pd.DataFrame,
    column: str,
    said: pd.Series,
    words: Callable[[str], tuple[str, str]],
    severity: Severity,
) -> Iterator[Finding]:
    """A finding for each of the first rows and one for the rest. ``words``: a cell's text -> its
    problem and remedy.
    """
    cells = list(
        zip(rows["source_file"], map(int, rows["source_row"]), rows[column], said, strict=True)
    )
    for file, row, text, found in cells[:SHOWN]:
        yield Finding(severity, file, row, column, found, *words(text))
    if rest := cells[SHOWN:]:
        found = f"{len(rest)} more rows, from row {rest[0][1]} to row {rest[-1][1]}"
        yield Finding(
            severity, rest[0][0], rest[0][1], column, found, words(rest[0][2])[0], "as above"
        )


def _rounded(cells: dict[str, ReadColumn], texts: pd.DataFrame) -> Iterator[Finding]:
    """What was done to a ledger's amounts that are not whole pence."""
    for name, read in cells.items():
        yield from _rounded_rows("tables.noise", name, read.noise, texts)
        yield from _rounded_rows("tables.part_pence", name, read.part_pence, texts)


def _rounded_rows(
    finding_id: str, column: str, is_rounded: Mask | None, texts: pd.DataFrame
) -> Iterator[Finding]:
    if is_rounded is None or not is_rounded.any():
        return
    for file, rows in texts[is_rounded].groupby("source_file", sort=False):
        size = counted(len(rows), "row")
        yield finding(finding_id, file, rows["source_row"].iloc[0], column, rows=size)


def _out_of_order(frame: pd.DataFrame, table: Table) -> Iterator[Finding]:
    """Rows whose last day comes before their first."""
    if table.in_order is None:
        return
    first, last = table.in_order
    for row in frame[frame[last] < frame[first]].to_dict("records"):
        yield finding(
            "tables.out_of_order",
            row["source_file"],
            row["source_row"],
            last,
            last=f"{row[last]:%Y-%m-%d}",
            first_column=first,
            first=f"{row[first]:%Y-%m-%d}",
        )

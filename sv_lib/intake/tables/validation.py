"""The contract that every input table keeps: pandera schemas made from ``tables``, failures in
spreadsheet words.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.config import ValidationDepth, get_config_context
from pandera.errors import SchemaErrors

from sv_lib.errors import ParameterError
from sv_lib.intake.files.cells import SHAPES, Cells, Mask, read_cells
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, Severity, counted, nearest
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
SPAN = ("period_start", "period_end")
IN_ORDER = {"contracts": ("starts_on", "ends_on"), "returns": SPAN, "quantities": SPAN}
"""Pairs of dates of which the second may not come before the first."""
SHOWN = 10
"""Findings of one fault in one column of a file that are listed one by one; the rest are counted.
"""
UNREAD, BLANK, REPEATED = "unread", "not_nullable", "field_uniqueness"
REMEDIES = {
    (
        "stories",
        "consent_on",
    ): "without consent a story is refused: fill in the day it was given, or remove the row",
    ("proxies", "edition"): "a price without its edition is refused: fill it in, or remove the row",
    (
        "proxies",
        "source",
    ): "a price without its source is refused: say where it is published, or remove the row",
    (
        "proxies",
        "source_place",
    ): "say on which page, sheet or row of the source the price stands, or remove the row",
    (
        "proxies",
        "checked_by",
    ): "a price that nobody checked is refused: have it checked and say by which role",
    (
        "proxies",
        "checked_on",
    ): "a price that nobody checked is refused: fill in the day it was checked",
    ("payments", "amount"): "correct the cell; until then the row is set aside and is in no total",
    ("payments", "paid_on"): "correct the cell; until then the row is set aside and is in no total",
}


def refuse_unchecked_runs() -> None:
    """Raises ParameterError when pandera is told, by its own settings, to let faults pass."""
    setting = os.environ.get("PANDERA_VALIDATION_ENABLED", "True").strip().lower()
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
    is_share = pa.Check(_is_share, error="it is not from 0 to 1")
    columns = {
        column.frame_name: pa.Column(
            DTYPES[column.kind],
            is_share if column.kind == "share" else None,
            nullable=not column.filled,
            unique=column.unique,
            report_duplicates="exclude_first",
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(columns)


def _is_share(values: pd.Series) -> pd.Series:
    return values.map(lambda share: Decimal(0) <= share <= Decimal(1)).astype(bool)


def check_headings(raw: RawTable, table: Table) -> list[Finding]:
    """Columns that are missing (a stop) and columns that the table does not have (a warning)."""
    known = table.names
    unknown = [heading for heading in raw.columns if heading not in known]
    found = []
    for column in table.columns:
        if column.name not in raw.columns and not column.optional:
            near = nearest(column.name, unknown)
            remedy = (
                f"rename '{near}' to '{column.name}'"
                if near
                else f"add a column headed '{column.name}'"
            )
            problem = f"the table '{table.name}' needs it: {column.meaning}"
            said = f"there is no column '{column.name}'"
            found.append(
                Finding("stop", raw.name, raw.header_row, column.name, said, problem, remedy)
            )
    for heading in unknown:
        near = nearest(heading, known)
        remedy = f"did you mean '{near}'?" if near else "nothing, if it was not meant to be read"
        problem = f"the table '{table.name}' has no such column, so it is not read"
        found.append(
            Finding(
                "warn", raw.name, raw.header_row, heading, f"a column '{heading}'", problem, remedy
            )
        )
    return found


def check_table(
    texts: pd.DataFrame, table: Table, as_in_a_ledger: bool = False
) -> tuple[pd.DataFrame, list[Finding]]:
    """All files of a table, as text by our column names, to exact values and what is wrong with
    them.

    ``texts`` also holds ``source_file`` and ``source_row``. A value that cannot be read is missing
    in the frame.
    """
    if texts.empty:
        dtypes = {column.frame_name: DTYPES[column.kind] for column in table.columns}
        return texts.set_axis([*dtypes, "source_file", "source_row"], axis=1).astype(dtypes), []
    cells = {
        column.name: read_cells(texts[column.name], column, as_in_a_ledger)
        for column in table.columns
    }
    frame = pd.DataFrame(
        {column.frame_name: cells[column.name].values for column in table.columns}, copy=False
    )
    frame[["source_file", "source_row"]] = texts[["source_file", "source_row"]]
    faults: dict[tuple[str, str], list[int]] = {}
    for name, read in cells.items():
        faults[(name, UNREAD)] = np.flatnonzero(read.unread).tolist()
    for name, check, at in _broken(frame, table):
        if not cells[name].unread[at]:
            faults.setdefault((name, check), []).append(at)
    found = [
        finding
        for fault, places in faults.items()
        if places
        for finding in _told(fault, places, texts, table)
    ]
    return frame, [*found, *_rounded(cells, texts), *_out_of_order(frame, table)]


def _broken(frame: pd.DataFrame, table: Table) -> Iterator[tuple[str, str, int]]:
    """Column, check and position of every cell that breaks the contract."""
    names = {column.frame_name: column.name for column in table.columns}
    try:
        schema(table).validate(frame, lazy=True, inplace=True)
    except SchemaErrors as failed:
        for column, check, at in failed.failure_cases[["column", "check", "index"]].itertuples(
            index=False
        ):
            if at is None or column not in names:
                raise TypeError(f"{table.name}.{column}: {check}") from failed
            yield names[column], check, int(at)


def _told(
    fault: tuple[str, str], places: list[int], texts: pd.DataFrame, table: Table
) -> Iterator[Finding]:
    """The findings of one fault in one column, file by file."""
    column = next(column for column in table.columns if column.name == fault[0])
    name = table.columns[0].name
    for _, rows in texts.iloc[places].groupby("source_file", sort=False):
        cells = rows[column.name].str.strip()
        said = ("'" + cells.str.slice(stop=60) + "'").replace("''", "blank")
        if fault[1] == REPEATED:
            first = (
                texts.assign(key=texts[column.name].str.strip())
                .drop_duplicates("key")
                .set_index("key")
            )
            row, file = (
                cells.map(first["source_row"]).astype("str"),
                cells.map(first["source_file"]),
            )
            said += ", as on row " + row + " of " + file
        elif column.name != name:
            named = rows[name].str.strip()
            said += (", for " + named).where(named != "", "")
        words = partial(_words, table, column, fault[1])
        yield from listed(
            rows, column.name, said, words, "warn" if table.name == "payments" else "stop"
        )


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


def _words(table: Table, column: Column, fault: str, text: str) -> tuple[str, str]:
    """What is wrong with a cell, and what to do about it."""
    problem, remedy = fault, "correct the cell"
    if fault == BLANK:
        problem, remedy = f"it may not be blank ({column.meaning})", "fill it in"
    elif fault == REPEATED:
        problem = "every row needs one of its own"
    elif fault == UNREAD and column.kind == "choice":
        near = nearest(text.strip(), column.choices)
        problem = f"it is not one of: {', '.join(column.choices)}"
        remedy = f"did you mean '{near}'?" if near else "choose one"
    elif fault == UNREAD:
        problem = f"it is not {SHAPES[column.kind]}"
    return problem, REMEDIES.get((table.name, column.name), remedy)


def _rounded(cells: dict[str, Cells], texts: pd.DataFrame) -> Iterator[Finding]:
    """What was done to a ledger's amounts that are not whole pence."""
    for name, read in cells.items():
        told: tuple[tuple[Mask | None, Severity, str, str], ...] = (
            (
                read.noise,
                "note",
                "an amount such as 483.96999999999997",
                "a spreadsheet's noise: it is read as 483.97",
            ),
            (
                read.part_pence,
                "warn",
                "an amount that has part of a penny",
                "it is rounded to the nearest, halves up",
            ),
        )
        for mask, severity, found, problem in told:
            rounded = texts[mask] if mask is not None and mask.any() else texts.iloc[:0]
            for file, rows in rounded.groupby("source_file", sort=False):
                said = f"{counted(len(rows), 'row')} with {found}"
                remedy = "nothing to do" if severity == "note" else "ask for whole pence"
                yield Finding(
                    severity,
                    str(file),
                    int(rows["source_row"].iloc[0]),
                    name,
                    said,
                    problem,
                    remedy,
                )


def _out_of_order(frame: pd.DataFrame, table: Table) -> Iterator[Finding]:
    first, last = IN_ORDER.get(table.name, ("", ""))
    for row in frame[frame[last] < frame[first]].to_dict("records") if first else ():
        said, problem = f"{row[last]:%Y-%m-%d}", f"it comes before {first}, {row[first]:%Y-%m-%d}"
        yield Finding(
            "stop",
            row["source_file"],
            int(row["source_row"]),
            last,
            said,
            problem,
            "correct one of the two",
        )

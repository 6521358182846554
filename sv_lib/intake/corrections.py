"""Declared corrections: what, why, who and when.

Each fits exactly one row as it stands in the file, or stops the run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import yaml
from pydantic import Field, TypeAdapter, ValidationError

from sv_lib.errors import without_breaks
from sv_lib.intake.findings import Finding, counted, finding
from sv_lib.intake.returns.person_keys import COLUMN as CODE
from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml

Words = Annotated[str, Field(min_length=1)]


class Correction(Settings):
    """One cell: in the row of ``table`` that ``key`` picks out, ``column`` goes from ``expected``
    to ``value``.
    """

    table: Words
    key: Annotated[dict[str, str], Field(min_length=1)]
    column: Words
    expected: str
    value: str
    why: Words
    who: Words
    on: date


COLUMNS = (*Correction.model_fields, "file", "row")


class CannotApplyError(Exception):
    """A correction that fits no row as it stands: the id of its finding, and the slots of that."""

    def __init__(self, finding_id: str, **slots: Any) -> None:
        super().__init__(finding_id)
        self.finding_id = finding_id
        self.slots = slots


def read_corrections(path: Path, name: str) -> tuple[list[Correction], list[Finding]]:
    """The corrections of a YAML file, a list; none when it cannot be read."""
    try:
        return TypeAdapter(list[Correction]).validate_python(read_yaml(path)), []
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        faults = [without_breaks(fault)]
    except ValidationError as invalid:
        faults = [_place(error["loc"]) + error["msg"].lower() for error in invalid.errors()]
    return [], [finding("corrections.unreadable", name, fault=fault) for fault in faults]


def _place(loc: tuple[int | str, ...]) -> str:
    """The place of a fault in the file: ``correction 2, column: ``."""
    words = [f"correction {part + 1}, " if isinstance(part, int) else f"{part}: " for part in loc]
    return "".join(words)


def apply(
    texts: dict[str, pd.DataFrame], corrections: list[Correction], name: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Correct the cells in ``texts`` (table -> text by column name), in place.

    Gives the corrections that were applied, and findings on those that were not.
    """
    applied: list[dict[str, object]] = []
    found: list[Finding] = []
    for number, correction in enumerate(corrections, start=1):
        try:
            row = _row_to_correct(texts, correction)
        except CannotApplyError as fault:
            found.append(_not_applied(fault, correction, number, name))
            continue
        texts[correction.table].loc[row.name, correction.column] = correction.value
        key = ", ".join(f"{column} {value}" for column, value in correction.key.items())
        source = {"file": row["source_file"], "row": row["source_row"]}
        applied.append({**correction.model_dump(), "key": key, **source})
    return pd.DataFrame(applied, columns=list(COLUMNS)), found


def _not_applied(
    fault: CannotApplyError, correction: Correction, number: int, file: str
) -> Finding:
    return finding(
        fault.finding_id,
        file,
        column=correction.column,
        number=number,
        table=correction.table,
        key=", ".join(value for column, value in correction.key.items() if column != CODE),
        **fault.slots,
    )


def _row_to_correct(texts: dict[str, pd.DataFrame], correction: Correction) -> pd.Series:
    """The one row that is meant. Raises CannotApplyError when the file does not have it so."""
    if correction.table not in texts:
        raise CannotApplyError("corrections.no_table")
    rows = texts[correction.table]
    if CODE in (*correction.key, correction.column):
        raise CannotApplyError("corrections.of_a_code")
    for column in (*correction.key, correction.column):
        if column not in rows.columns:
            raise CannotApplyError("corrections.no_column", unknown=column)
    for column, value in correction.key.items():
        rows = rows[rows[column].str.strip() == value]
    if len(rows) != 1:
        many = counted(len(rows), "row") if len(rows) else "no rows"
        raise CannotApplyError("corrections.not_one_row", rows=many)
    row: pd.Series = rows.iloc[0]
    stands = row[correction.column].strip()
    if stands != correction.expected.strip():
        expected = correction.expected
        raise CannotApplyError("corrections.other_value", stands=stands, expected=expected)
    return row

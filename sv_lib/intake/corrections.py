"""Declared corrections: what, why, who and when. Each fits exactly one row as it stands, or stops
the
run.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import pandas as pd
import yaml
from pydantic import Field, TypeAdapter, ValidationError

from sv_lib.intake.findings import Finding
from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml

Words = Annotated[str, Field(min_length=1)]


class Correction(Settings):
    """One cell: in the row of ``table`` that ``key`` picks out, ``column`` goes from ``expected``
    to
    ``value``.
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


def read_corrections(path: Path, name: str) -> tuple[list[Correction], list[Finding]]:
    """The corrections of a YAML file, a list."""
    try:
        return TypeAdapter(list[Correction]).validate_python(read_yaml(path)), []
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        faults = [" ".join(str(fault).split())]
    except ValidationError as invalid:
        faults = [_place(error["loc"]) + error["msg"].lower() for error in invalid.errors()]
    remedy = "each correction needs table, key, column, expected, value, why, who and on"
    return [], [
        Finding("stop", name, None, "", fault, "a correction cannot be read", remedy)
        for fault in faults
    ]


def _place(loc: tuple[int | str, ...]) -> str:
    return "".join(
        f"correction {part + 1}, " if isinstance(part, int) else f"{part}: " for part in loc
    )


def apply(
    texts: dict[str, pd.DataFrame], corrections: list[Correction], name: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Correct the cells in ``texts`` (table -> text by column name). The applied ones, and what
    could
    not be.
    """
    applied, found = [], []
    for number, correction in enumerate(corrections, start=1):
        rows, fault = _row(texts.get(correction.table), correction)
        if fault:
            what = f"correction {number} ({correction.table}, {', '.join(correction.key.values())})"
            remedy = (
                "correct or remove it; a correction is for one row and one value as it "
                "stands in the file"
            )
            found.append(Finding("stop", name, None, correction.column, what, fault, remedy))
            continue
        texts[correction.table].loc[rows.index, correction.column] = correction.value
        key = ", ".join(f"{column} {value}" for column, value in correction.key.items())
        place = {"file": rows["source_file"].iloc[0], "row": rows["source_row"].iloc[0]}
        applied.append({**correction.model_dump(), "key": key, **place})
    return pd.DataFrame(applied, columns=list(COLUMNS)), found


def _row(table: pd.DataFrame | None, correction: Correction) -> tuple[pd.DataFrame, str]:
    """The one row that is meant, and why it is not found."""
    if table is None:
        return pd.DataFrame(), f"'{correction.table}' is not a table that was supplied"
    if unknown := [
        column for column in (*correction.key, correction.column) if column not in table.columns
    ]:
        return table, f"'{correction.table}' has no column '{unknown[0]}'"
    rows = table
    for column, value in correction.key.items():
        rows = rows[rows[column].str.strip() == value]
    if len(rows) != 1:
        return rows, f"it matches {len(rows) or 'no'} row{'s' * (len(rows) != 1)}"
    stands = rows[correction.column].iloc[0].strip()
    differs = stands != correction.expected.strip()
    return rows, f"the file has '{stands}', not '{correction.expected}'" if differs else ""

"""Reads exports of a council's contract or social value portal.

A layout, a YAML file kept with the parameters, says which heading of an export is which column.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

import pandas as pd
import yaml
from pydantic import Field, ValidationError, model_validator

from sv_lib.errors import without_breaks
from sv_lib.intake.added_rows import POUND_AND_COMMAS, AddedRows, iso_days, under_our_names
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, file_error, finding, nearest
from sv_lib.intake.tables.columns import Column
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Settings
from sv_lib.periods import months_after
from sv_lib.strict_yaml import read_yaml

NUMBERS = ("quantity", "pounds", "whole")


class PortalLayout(Settings):
    """How one kind of export is read.

    ``columns``: our name -> its heading. ``values``: of a column, its words -> ours. ``always``:
    our name -> what holds in every row, where the export does not tell.
    """

    table: Literal["returns", "beneficiaries", "supply_chain", "commitments", "return_log"] = (
        "returns"
    )
    columns: dict[str, str]
    values: Annotated[dict[str, dict[str, str]], Field(default_factory=dict)]
    always: Annotated[dict[str, str], Field(default_factory=dict)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        table = TABLES[self.table]
        told = {*self.columns, *self.always}
        unknown = (told | self.values.keys()) - set(table.names)
        if unknown:
            raise ValueError(f"'{self.table}' has no column {', '.join(sorted(unknown))}")
        # The first day of a claim's quarter follows from the last.
        if self.table == "returns":
            told.add("period_start")
        needed = [column.name for column in table.columns if column.filled]
        absent = [name for name in needed if name not in told]
        if absent:
            raise ValueError(f"it does not say what is {' and '.join(absent)}")
        return self


def read_layout(path: Path, name: str) -> PortalLayout:
    """Read the layout in a YAML file. Raises InputError when it is not one."""
    try:
        return PortalLayout.model_validate(read_yaml(path))
    except ValidationError as invalid:
        faults = [error["msg"].removeprefix("Value error, ") for error in invalid.errors()]
        said = "; ".join(faults)
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        said = without_breaks(fault)
    raise file_error("returns.layout_unreadable", name, fault=said)


def from_export(
    raw: RawTable, layouts: Sequence[PortalLayout]
) -> tuple[list[AddedRows], list[Finding]]:
    """Return the rows of an export, by the first layout whose headings are all there."""
    closest: list[str] = []
    for layout in layouts:
        absent = [heading for heading in layout.columns.values() if heading not in raw.columns]
        if not absent:
            return [AddedRows(layout.table, raw.name, _rows(raw, layout))], []
        if not closest or len(absent) < len(closest):
            closest = absent
    return [AddedRows.none_of("returns", raw)], [_no_layout(raw, closest)]


def _rows(raw: RawTable, layout: PortalLayout) -> pd.DataFrame:
    """Return the text of an export under the columns of our table."""
    table = TABLES[layout.table]
    text = under_our_names(raw.frame, layout.columns)
    for column in table.columns:
        if column.name in text:
            words = layout.values.get(column.name, {})
            text[column.name] = _translated(text[column.name], column, words)
    text = text.assign(**layout.always)
    if layout.table == "returns" and "period_start" not in text:
        text["period_start"] = text["period_end"].map(_quarter_start)
    return text.reindex(columns=table.names, fill_value="")


def _translated(cells: pd.Series, column: Column, words: dict[str, str]) -> pd.Series:
    """Return a column with our words, ISO dates and plain numbers.

    What cannot be read stays as it is; the check of the table reports it.
    """
    ours = {theirs.strip().lower(): word for theirs, word in words.items()}
    cells = cells.str.lower().map(ours).astype("str").fillna(cells)
    if column.kind == "date":
        days, is_unread = iso_days(cells)
        return cells.where(is_unread, days)
    if column.kind in NUMBERS:
        return cells.str.replace(POUND_AND_COMMAS, "", regex=True)
    return cells


def _quarter_start(end: str) -> str:
    """Return the first day of the three months that end on a day.

    Blank when that is no day; the check of the table reports the end itself.
    """
    try:
        day_after = date.fromisoformat(end) + timedelta(days=1)
        return months_after(day_after, -3).isoformat()
    except ValueError:
        return ""


def _no_layout(raw: RawTable, absent: list[str]) -> Finding:
    """Report an export that no layout fits. ``absent``: what the closest layout misses."""
    headings = ", ".join(raw.columns)
    if not absent:
        return finding("returns.no_layout", raw.name, raw.header_row, headings=headings)
    heading = absent[0]
    near = nearest(heading, raw.columns)
    return finding(
        "returns.no_layout_fits", raw.name, raw.header_row, heading, headings=headings, near=near
    )

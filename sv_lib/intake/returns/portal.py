"""Exports of a council's contract or social value portal, read by a mapping that is kept with its
parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from sv_lib.errors import InputError
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.files.cells import ledger_days
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, nearest
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Settings
from sv_lib.periods import months_after
from sv_lib.strict_yaml import read_yaml


class PortalLayout(Settings):
    """One kind of export. ``columns``: our name -> its heading; ``values``: of a column, its words
    ->
    ours.

    ``always``: our name -> what holds in every row, where the export does not tell.
    """

    table: Literal["returns", "beneficiaries", "supply_chain", "commitments", "return_log"] = (
        "returns"
    )
    columns: dict[str, str]
    values: Annotated[dict[str, dict[str, str]], Field(default_factory=dict)]
    always: Annotated[dict[str, str], Field(default_factory=dict)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        table, told = TABLES[self.table], {*self.columns, *self.always}
        if unknown := sorted({*told, *self.values} - set(table.names)):
            raise ValueError(f"'{self.table}' has no column {', '.join(unknown)}")
        told |= {"period_start"} if self.table == "returns" else set()
        if absent := [
            column.name for column in table.columns if column.filled and column.name not in told
        ]:
            raise ValueError(f"it does not say what is {' and '.join(absent)}")
        return self


def read_layout(path: Path, name: str) -> PortalLayout:
    """The mapping of a YAML file. Raises InputError when it is not one."""
    try:
        return PortalLayout.model_validate(read_yaml(path))
    except ValidationError as invalid:
        said = "; ".join(error["msg"].removeprefix("Value error, ") for error in invalid.errors())
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        said = " ".join(str(fault).split())
    remedy = "correct it; docs/data-inputs.md shows one"
    raise InputError(name, said, "the portal's export cannot be read without it", remedy)


def from_export(
    raw: RawTable, layouts: Sequence[PortalLayout]
) -> tuple[list[AddedRows], list[Finding]]:
    """The rows of an export under our names, by the first layout whose headings are all there."""
    lacking = [
        [heading for heading in layout.columns.values() if heading not in raw.columns]
        for layout in layouts
    ]
    if not any(absent == [] for absent in lacking):
        return _unread(raw, min(lacking, key=len, default=[]))
    layout = layouts[lacking.index([])]
    text = raw.frame[list(layout.columns.values())].set_axis(list(layout.columns), axis=1)
    text = text.apply(lambda cells: cells.str.strip())
    for column in TABLES[layout.table].columns:
        if column.name in text:
            ours = {
                theirs.strip().lower(): word
                for theirs, word in layout.values.get(column.name, {}).items()
            }
            text[column.name] = (
                text[column.name].str.lower().map(ours).astype("str").fillna(text[column.name])
            )
        if column.name in text and column.kind == "date":
            read = ledger_days(text[column.name])
            text[column.name] = text[column.name].where(
                read.unread, read.values.dt.strftime("%Y-%m-%d").fillna("")
            )
        elif column.name in text and column.kind in ("quantity", "pounds", "whole"):
            text[column.name] = text[column.name].str.replace(
                r"^£\s*|,(?=\d{3}(\D|$))", "", regex=True
            )
    text = text.assign(**layout.always)
    if layout.table == "returns" and "period_start" not in text:
        text["period_start"] = text["period_end"].map(_quarter_start)
    return [
        AddedRows(
            layout.table, raw.name, text.reindex(columns=TABLES[layout.table].names, fill_value="")
        )
    ], []


def _quarter_start(end: str) -> str:
    """First day of the three months that end on a day; blank when that is no day, which is told of
    the
    end itself.
    """
    try:
        return months_after(date.fromisoformat(end) + timedelta(days=1), -3).isoformat()
    except ValueError:
        return ""


def _unread(raw: RawTable, absent: list[str]) -> tuple[list[AddedRows], list[Finding]]:
    """An export that no layout fits."""
    said = (
        f"there is no column '{absent[0]}'"
        if absent
        else "no layout that can be read is named under portal_layouts"
    )
    near = nearest(absent[0], raw.columns) if absent else None
    remedy = f"did you mean '{near}'?" if near else "correct the layout, or the export"
    problem = f"no layout fits the export, whose headings are {', '.join(raw.columns)}"
    found = Finding(
        "stop", raw.name, raw.header_row, absent[0] if absent else "", said, problem, remedy
    )
    return [AddedRows("returns", raw.name, raw.frame[[]].iloc[:0], excluded=len(raw.frame))], [
        found
    ]

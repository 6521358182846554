"""Any cell of any table may hold anything: it is read, or there is a finding at its place.

Each kind of value is put into every column of every table at once, each in a row of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from frames import ALWAYS, council
from small_council import DRAWINGS, publication

from sv_lib.figures.calculation import gather
from sv_lib.intake.tables.columns import Column, Table
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Publication, load
from sv_lib.publish.check import check_tables
from sv_lib.publish.check_coverage import coverage
from sv_lib.publish.run.answers import check_answers

VALUES = {
    "words": "eleven",
    "blank": "",
    "per cent": "80%",
    "pounds": "£5",
    "comma": "1,000",
    "date": "31/12/2021",
    "negative": "-3",
    "huge": "9" * 40,
    "formula": "=A1+1",
    "error cell": "#REF!",
    "Unicode digits": "١٢",
    "list": "1; 2",
}
DRAWN = DRAWINGS | {"parishes": "parish | ward_code\nDale | E05013010"}
TARGETS = {column.refers_to for table in TABLES.values() for column in table.columns}
READ = {
    "date": {"date"},
    "pounds": {"pounds", "comma"},
    "quantity": {"pounds", "comma"},
    "whole": {"comma"},
    "share": {"per cent"},
}
"""Kind of a column -> the values that it takes; a note says how they were read."""


def rows_of(table: Table) -> list[dict[str, str]]:
    """The rows that the small council has of a table; of one that it lacks, the dictionary's."""
    drawing = DRAWN.get(table.name, "").strip()
    lines = [line.split("|") for line in drawing.splitlines()]
    drawn = [dict(zip(map(str.strip, lines[0]), map(str.strip, row), strict=True)) for row in lines]
    usual = {column.name: column.example for column in table.columns if column.filled}
    usual |= ALWAYS.get(table.name, {})
    rows = []
    for number, row in enumerate(drawn[1:] or [{}], start=1):
        rows.append({name: text.format(n=number) for name, text in (usual | row).items()})
    return rows


def write_council(folder: Path, value: str) -> Publication:
    """The small council as files, in which each column of each table holds the value once."""
    for table in TABLES.values():
        rows = rows_of(table)
        whole = rows[0]
        for number, broken in enumerate(table.columns):
            keys = {column.name: f"Z{number}" for column in table.columns if column.unique}
            # A key that held the very value would make the references to it sound.
            is_key = broken.unique or f"{table.name}.{broken.name}" in TARGETS
            is_new_key = is_key and value not in ("", "#REF!")
            rows.append(whole | keys | {broken.name: f"{value} K" if is_new_key else value})
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table.names, restval="")
            writer.writeheader()
            writer.writerows(rows)
    drawn = publication()
    names = {name: f"{name}.csv" for name in TABLES}
    settings = drawn.file.model_copy(update={"inputs": names, "status": "demonstration"})
    for name, model in (("council", council()), ("small", settings)):
        text = yaml.safe_dump(model.model_dump(mode="json", exclude_none=True))
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(folder / "small.yaml")


def broken_cells() -> Iterator[tuple[Table, Column, int]]:
    """Every column, with the row of its file in which it holds the value."""
    for table in TABLES.values():
        first = len(rows_of(table)) + 2
        for number, column in enumerate(table.columns):
            yield table, column, first + number


def is_taken(column: Column, kind: str) -> bool:
    """Whether a column takes a value of that kind."""
    if kind == "blank":
        return not column.filled
    if column.kind == "text":
        return kind != "error cell" and not column.refers_to and not column.must_be
    if kind == "negative":
        return column.may_be_negative
    if column.unit.startswith("%"):
        return kind == "per cent"
    return kind in READ.get(column.kind, ()) and not (column.most and kind == "comma")


@pytest.mark.parametrize("kind", VALUES)
def test_every_column_is_read_or_told_of(kind: str, tmp_path: Path) -> None:
    settings = write_council(tmp_path, VALUES[kind])
    inputs = check_answers(gather(settings), settings)
    assert check_tables(inputs, coverage(inputs, settings))
    said = {(found.file, found.row, found.column): found for found in reversed(inputs.findings)}
    untold, needless = [], []
    for table, column, row in broken_cells():
        found = said.get((f"{table.name}.csv", row, column.name))
        where = f"{table.name}.{column.name}"
        if not is_taken(column, kind) and (found is None or found.severity == "note"):
            untold.append(where)
        if is_taken(column, kind) and found is not None and found.id == "tables.unread":
            needless.append(where)
    assert (untold, needless) == ([], [])

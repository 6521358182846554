"""Empty input tables as one workbook: a sheet a table with its headings, ready to be filled in.

The first sheet says of every column what it holds, whether it is needed, and gives an example. All
of it follows from the YAML files of the tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from sv_lib.intake.files.cells import SHAPES
from sv_lib.intake.tables.columns import Column
from sv_lib.intake.tables.dictionary import TABLES

OF_ONE_PUBLICATION = ("actions", "priorities", "scrutiny")
"""Tables that belong to one publication; the others hold for all of a council's."""
FIRST_SHEET = "Columns"
HEADINGS = ("Table", "Column", "Holds", "Needed", "Meaning", "Example")
WIDTHS = (18, 26, 40, 26, 60, 30)
YES_OR_NO = ["yes", "no"]
LINES = 2000
"""Lines below the headings that offer the choices of a column."""


def write_blank_templates(path: Path, tables: Iterable[str] = tuple(TABLES)) -> None:
    """Write the workbook. ``tables``: names of the tables wanted, by default all of them."""
    wanted = [TABLES[name] for name in tables]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        first = book.add_worksheet(FIRST_SHEET)
        first.write_row(0, 0, HEADINGS, bold)
        first.freeze_panes(1, 2)
        for number, width in enumerate(WIDTHS):
            first.set_column(number, number, width, text)
        line = 1
        for table in wanted:
            sheet = book.add_worksheet(table.name)
            sheet.write_row(0, 0, table.names, bold)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.columns) - 1, 18)
            for number, column in enumerate(table.columns):
                _guide(sheet, number, column)
                words = (holds(column), needed(column), column.meaning, column.example)
                first.write_row(line, 0, (table.name, column.name, *words), text)
                line += 1


def _guide(sheet: Any, number: int, column: Column) -> None:
    """Say at each cell of a column what it means; one with choices lets them drop down."""
    meaning = f"{column.meaning}. Example: {column.example}"
    # Excel takes a title of 32 characters, a message and a list of 255; the first sheet has all.
    rule: dict[str, Any] = {"input_title": column.name[:32], "input_message": meaning[:255]}
    choices = YES_OR_NO if column.kind == "yes_no" else list(column.choices)
    rule["validate"] = "any"
    if choices and len(",".join(choices)) <= 255:
        rule |= {"validate": "list", "source": choices}
    sheet.data_validation(1, number, LINES, number, rule)


def holds(column: Column) -> str:
    """What a cell holds, with its unit where it has one."""
    if column.choices:
        return f"one of: {', '.join(column.choices)}"
    shape = SHAPES.get(column.kind, "text")
    return f"{shape}; {column.unit}" if column.unit else shape


def needed(column: Column) -> str:
    """Whether a column, and each of its cells, must be there."""
    if column.optional:
        return "the column may be left out"
    if column.unique:
        return "every row, each once"
    return "every row" if column.filled else "may be blank"

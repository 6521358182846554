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
                _offer_choices(sheet, number, column)
                words = (holds(column), needed(column), column.meaning, column.example)
                first.write_row(line, 0, (table.name, column.name, *words), text)
                line += 1


def _offer_choices(sheet: Any, number: int, column: Column) -> None:
    """Let the cells of a column with choices drop down."""
    choices = list(column.choices)
    if column.kind == "yes_no":
        choices = YES_OR_NO
    # Excel takes no list of more than 255 characters; the first sheet has the words all the same.
    if choices and len(",".join(choices)) <= 255:
        sheet.data_validation(1, number, LINES, number, {"validate": "list", "source": choices})


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

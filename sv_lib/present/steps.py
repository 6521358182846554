"""What a notebook that shows the method running prints of each step: rows, and a sum beside its
figure.

Nothing is worked out here: the cells of ``methods.ipynb`` do that in the open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from sv_lib.errors import counted
from sv_lib.figures.figure import Figure
from sv_lib.present import formats
from sv_lib.present.markup import Html, anchor, figure, paragraph
from sv_lib.present.report import Report
from sv_lib.present.tables import DataTable, TableCell, TableColumn, TableRow, to_html, told_apart

ROWS = 8
"""How many rows of a step are printed."""
PENCE = "_pence"
SOURCE = "Worked in this notebook, from what stands above it"
BLANK = "blank"


def listed(frame: pd.DataFrame, columns: Sequence[str], caption: str) -> Html:
    """The first rows of a step as a table of the page; ``columns[0]`` heads the rows.

    Columns that end in ``_pence`` are printed in pounds and pence. A step without rows says so.
    """
    if frame.empty:
        return paragraph(f"{caption}: nothing was supplied to show it on.")
    first, *others = columns
    headings = [TableColumn(_words(first)), *(_heading(name) for name in others)]
    labels = told_apart(frame[first].astype("string").fillna(BLANK).head(ROWS))
    rows: list[TableRow] = []
    records = frame[others].head(ROWS).itertuples(index=False)
    for label, values in zip(labels, records, strict=True):
        cells = [_cell(name, value) for name, value in zip(others, values, strict=True)]
        rows.append((label, *cells))
    more = len(frame) - len(rows)
    notes = (f"And {counted(more, 'further row')}.",) if more else ()
    table_id = f"step-{anchor(caption)}"
    table = DataTable(table_id, caption, tuple(headings), tuple(rows), SOURCE, notes=notes)
    return to_html(table)


def compared(words: str, worked: int, report: Report, figure_id: str) -> Html:
    """What a step comes to beside the figure of the trail, and whether the two are equal.

    ``worked``: a whole number in the unit of the figure, money in pence. A figure that is hidden,
    rounded or not known is said to be so.
    """
    if figure_id not in report:
        return paragraph(f"{words}: this publication has no figure to set beside it.")
    known = report[figure_id]
    is_hidden = known.kind == "hidden"
    if not known.is_known and not is_hidden:
        return paragraph(f"{words}: no figure to set beside it, as {known.caution}.")
    step = formats.amount(worked, known.unit)
    beside = f"{words}: {formats.display(step, 'full')}. The figure {figure_id}: "
    return paragraph(beside, figure(known, "full"), f". {_verdict(known, worked)}")


def _verdict(known: Figure, worked: int) -> str:
    if known.value is None:
        return f"It cannot be set beside the step: {known.caution}."
    if known.value == worked:
        return "The two are equal."
    if known.mark:
        return "The figure is rounded to protect people."
    return "They differ by rows that a public build does not list, those about people."


def _words(column: str) -> str:
    return column.removesuffix(PENCE).replace("_", " ")


def _heading(column: str) -> TableColumn:
    if column.endswith(PENCE):
        return TableColumn(_words(column), "£", "full")
    return TableColumn(_words(column))


def _cell(column: str, value: Any) -> TableCell:
    is_blank = pd.isna(value)
    if column.endswith(PENCE):
        return formats.NOT_AVAILABLE if is_blank else formats.amount(value, "pence")
    if isinstance(value, pd.Timestamp) and not is_blank:
        return f"{value:%d/%m/%Y}"
    return BLANK if is_blank or value == "" else str(value)

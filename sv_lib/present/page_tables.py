"""The tables of the pages: their words stand in ``page_tables.yaml``, a section adds the rows.

A table of that file has ``caption``, ``source`` and ``columns``; where it needs them ``notes``,
``total: true`` (its last row is a total), ``rows``, which end it, and ``empty``, the sentence that
stands in its place when a section has added no row ("" leaves it out). A table that is ``folded:
true`` opens on a screen when it is asked for, and the printed report leaves it to the workbook.
With ``section: spend`` a notebook may print it as ``report.table("spend.ID")``; a table of which a
section's module makes something more is named there.

``from`` names the table of the calculation whose rows it shows, and ``each`` is the label of such a
row with its cells in the columns of words. Their slots are the columns of the row, and ``{number}``
counts the rows. In the id of a figure, a column whose name ends in ``_id`` is simplified as ids
are. Where a section chooses the rows, it gives them to ``show_table`` and there is no ``from``.

A column is a heading, or for numbers ``{KIND: heading}`` with ``unit``, ``signed`` and ``figure``:
the id of the figure that stands in the column, with slots. A row is ``{row: label, SLOT: words}``,
which fills those ids, or a list of cells: ids under columns of numbers, words elsewhere. Captions,
sources, notes and words may have slots too, as sentences do. A column whose heading is
``{ring_name}`` stands for one of each ring of the council's geography, ``{ring}`` in its figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pandas as pd

from sv_lib.figures.trail import slug
from sv_lib.present import charts, formats
from sv_lib.present.charts import ChartKind
from sv_lib.present.drawing import Size
from sv_lib.present.formats import Style
from sv_lib.present.markup import Html, folded, paragraph
from sv_lib.present.prose import fill, read_words, say
from sv_lib.present.report import Report
from sv_lib.present.tables import DataTable, TableCell, TableColumn, TableRow, to_html

KINDS: Mapping[str, tuple[str, Style]] = {
    "thousands": ("£ thousand", "thousands"),
    "millions": ("£ million", "millions"),
    "pounds": ("£", "bare"),
    "exact": ("£", "full"),
    "percent": ("%", "bare"),
    "number": ("", "bare"),
    "short": ("", "short"),
}
"""The kinds of number columns: the unit under the heading, and how a number is printed."""


@dataclass(frozen=True)
class TableLayout:
    """The words of one table: columns, the figure in each column, and the rows that end it."""

    caption: str
    source: str
    columns: tuple[TableColumn, ...]
    figure_ids: tuple[str, ...]
    each: tuple[str, ...] = ()
    rows_from: str = ""
    rows: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()
    has_total: bool = False
    empty: str | None = None
    is_folded: bool = False


@cache
def layout(table_id: str) -> TableLayout:
    """The words of a table. Raises KeyError for an id that ``page_tables.yaml`` does not have."""
    words = read_words("page_tables.yaml")[table_id]
    columns = []
    figure_ids = []
    for column in words["columns"]:
        columns.append(_column(column))
        has_figure = isinstance(column, dict)
        figure_ids.append(column.get("figure", "") if has_figure else "")
    return TableLayout(
        words["caption"],
        words["source"],
        tuple(columns),
        tuple(figure_ids),
        tuple(words.get("each", ())),
        words.get("from", ""),
        tuple(words.get("rows", ())),
        tuple(words.get("notes", ())),
        words.get("total", False),
        words.get("empty"),
        words.get("folded", False),
    )


def _column(words: str | dict[str, Any]) -> TableColumn:
    if isinstance(words, str):
        return TableColumn(words)
    (kind,) = KINDS.keys() & words.keys()
    unit, style = KINDS[kind]
    unit = words.get("unit", unit)
    return TableColumn(words[kind], unit, style, words.get("signed", False))


def _with_rings(words: TableLayout, report: Report) -> TableLayout:
    """A layout with a column for each ring of the geography, where its words have one for all."""
    columns: list[TableColumn] = []
    figure_ids: list[str] = []
    for column, figure_id in zip(words.columns, words.figure_ids, strict=True):
        if column.heading != "{ring_name}":
            columns.append(column)
            figure_ids.append(figure_id)
            continue
        for ring, name in report.rings.items():
            columns.append(replace(column, heading=name))
            figure_ids.append(figure_id.replace("{ring}", ring))
    return replace(words, columns=tuple(columns), figure_ids=tuple(figure_ids))


class PageTable:
    """A table of a page while its rows are added; ``slots`` fill its words and its ids.

    ``table_id`` is its id on the page, where that is not the name of its words.
    """

    def __init__(self, report: Report, name: str, table_id: str = "", /, **slots: str) -> None:
        self.report = report
        self.id = table_id or name
        self.layout = _with_rings(layout(name), report)
        self.slots = slots
        self.words = report.words | slots
        self.rows: list[TableRow] = []

    def add(self, label: str, /, *cells: TableCell, **slots: str) -> None:
        """Add a row: figures by the ids of their columns, ``cells`` in the other columns.

        Raises KeyError for a figure that does not exist, IndexError for a cell too few.
        """
        words = self.words | slots
        given = list(cells)
        row: list[TableCell] = [label]
        for figure_id in self.layout.figure_ids[1:]:
            if figure_id:
                row.append(self.report[figure_id.format_map(words)])
            else:
                row.append(given.pop(0))
        # A cell too many makes the row too long, which DataTable refuses.
        self.rows.append((*row, *given))

    def add_each(self, rows: pd.DataFrame) -> None:
        """Add a row for each row of a table, as ``each`` of ``page_tables.yaml`` words it."""
        for number, row in enumerate(rows.to_dict("records"), start=1):
            words = {"number": str(number)}
            parts_of_ids = {}
            for column, value in row.items():
                name = str(column)
                words[name] = str(value)
                parts_of_ids[name] = slug(str(value)) if name.endswith("_id") else str(value)
            label, *cells = [fill(text, self.words | words) for text in self.layout.each]
            self.add(label, *cells, **parts_of_ids)

    def add_cells(self, *cells: TableCell) -> None:
        """Add a row whose cells are all given, such as a total."""
        self.rows.append(cells)

    def show(self) -> Html:
        """The table as it stands on the page, or the words for a table without rows."""
        empty = self.layout.empty
        if self.rows or empty is None:
            data = self.data()
            return folded(data.caption, to_html(data)) if self.layout.is_folded else to_html(data)
        if not empty:
            return Html()
        return paragraph(fill(empty, self.words))

    def chart(
        self,
        kind: ChartKind,
        sentences: str,
        size: Size = "full",
        is_sorted: bool = True,
        **slots: str,
    ) -> Html:
        """The table as a chart.

        Its title, subtitle and alt text are the sentences of ``prose.yaml`` whose ids are
        ``sentences`` with ``_title``, ``_subtitle`` and ``_alt``.
        """
        slots = self.slots | slots
        return charts.chart(
            kind,
            self.data(),
            title=say(self.report, f"{sentences}_title", **slots),
            subtitle=say(self.report, f"{sentences}_subtitle", **slots),
            alt=say(self.report, f"{sentences}_alt", **slots),
            size=size,
            sort=is_sorted,
        )

    def data(self) -> DataTable:
        """The table as data, with the rows that its words end it with."""
        words = self.layout
        for row in words.rows:
            self._add_written(row)
        notes = [fill(note, self.words) for note in words.notes]
        columns = [
            replace(column, heading=fill(column.heading, self.words)) for column in words.columns
        ]
        return DataTable(
            self.id,
            fill(words.caption, self.words),
            tuple(columns),
            tuple(self.rows),
            fill(words.source, self.words),
            words.has_total,
            tuple(note for note in notes if note),
        )

    def _add_written(self, row: dict[str, str] | list[str]) -> None:
        """Add a row of ``page_tables.yaml``."""
        if isinstance(row, dict):
            slots = dict(row)
            label = fill(slots.pop("row"), self.words)
            self.add(label, **slots)
            return
        cells: list[TableCell] = []
        for column, cell in zip(self.layout.columns, row, strict=True):
            is_figure = column.style is not None and cell not in formats.SYMBOLS
            if is_figure:
                cells.append(self.report[cell.format_map(self.words)])
            else:
                cells.append(fill(cell, self.words))
        self.rows.append(tuple(cells))


def show_table(
    report: Report, name: str, rows: pd.DataFrame | None = None, /, **slots: str
) -> Html:
    """A table that ``page_tables.yaml`` words in full; ``rows`` are those to show of a table."""
    table = PageTable(report, name, "", **slots)
    if rows is None and table.layout.rows_from:
        rows = report.frame(table.layout.rows_from)
    if rows is not None:
        table.add_each(rows)
    return table.show()

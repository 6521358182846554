"""The one writer of tables: every table of a page, and the record from which its data file is
written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.periods import long_date
from sv_lib.present import formats
from sv_lib.present.markup import Html, escape, figure, join, paragraph, tag, text_of

SHORT, LONG, MANY = 200, 14, 6
"""Characters of a table that is never split between printed pages; rows, and columns, beyond which
it
is smaller.
"""
SILENT = (formats.NOT_KNOWN, formats.NOT_AVAILABLE, formats.NOT_APPLICABLE)
TableCell = Figure | formats.Amount | str
TableRow = tuple[TableCell, ...]


@dataclass(frozen=True)
class TableColumn:
    """A column: numbers when it has a style, else text. The unit stands under the heading."""

    heading: str
    unit: str = ""
    style: formats.Style | None = None
    signed: bool = False


def millions(heading: str) -> TableColumn:
    """Money in millions of pounds."""
    return TableColumn(heading, "£ million", "millions")


def thousands(heading: str, signed: bool = False) -> TableColumn:
    """Money in thousands of pounds."""
    return TableColumn(heading, "£ thousand", "thousands", signed)


def percent(heading: str) -> TableColumn:
    """A share, to one decimal place."""
    return TableColumn(heading, "%", "bare")


def number(heading: str, unit: str = "", signed: bool = False) -> TableColumn:
    """A count or a quantity."""
    return TableColumn(heading, unit, "bare", signed)


def date_cell(on: date) -> Html:
    """A date that is not broken over lines."""
    return tag("span", long_date(on), css_class="whole")


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    yield from frame.itertuples()


@dataclass(frozen=True)
class DataTable:
    """A table as data: exact values, not yet rounded. The first column holds the row headers.

    Raises ValueError for a blank or missing cell, a row of the wrong length, a row header that
    stands twice, a table without caption or source.
    """

    id: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    source: str
    has_total: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", self.id):
            raise ValueError(f"not an id for a table: {self.id!r}")
        for name, text in (("caption", self.caption), ("source", self.source)):
            if not text_of(text).strip():
                raise ValueError(f"table {self.id} has no {name}")
        if not self.rows or self.columns[0].style is not None:
            raise ValueError(f"table {self.id} needs rows, and row headers as its first column")
        for row in self.rows:
            self._check(row)
        headers = [text_of(row[0]) if isinstance(row[0], str) else "" for row in self.rows]
        if "" in headers:
            raise ValueError(f"table {self.id}: a row header must be words")
        repeated = sorted({header for header in headers if headers.count(header) > 1})
        if repeated:
            raise ValueError(f"table {self.id}: row header {repeated[0]!r} stands twice")

    def _check(self, row: TableRow) -> None:
        if len(row) != len(self.columns):
            raise ValueError(
                f"table {self.id}: a row of {len(row)} cells under {len(self.columns)} headings"
            )
        for column, cell in zip(self.columns, row, strict=True):
            blank = (
                not text_of(cell).strip()
                if isinstance(cell, str)
                else not isinstance(cell, Figure | formats.Amount)
            )
            if blank:
                raise ValueError(
                    f"table {self.id}: a blank cell under {column.heading!r}; print "
                    f"why it is not there"
                )


def show(
    table_id: str,
    caption: str,
    columns: Sequence[TableColumn],
    rows: Iterable[TableRow],
    *,
    source: str,
    has_total: bool = False,
    notes: tuple[str, ...] = (),
) -> Html:
    """A table made and shown at once. Raises ValueError as ``DataTable`` does."""
    return to_html(
        DataTable(table_id, caption, tuple(columns), tuple(rows), source, has_total, notes)
    )


def to_html(table: DataTable) -> Html:
    """A table with caption, scoped headers and source, in a region that scrolls on a narrow screen.

    One of which nothing is known is a sentence that says why; of a long one, rows of which nothing
    is known are counted. Its data file has them all.
    """
    told = tuple(row for row in table.rows if not _is_silent(row))
    if not told:
        why = next(
            (cell.caution for row in table.rows for cell in row if isinstance(cell, Figure)), ""
        )
        words = f": not known, because {why}." if why else ": nothing of it is known."
        return tag("p", join([tag("strong", table.caption), words]), id=table.id)
    if (left_out := len(table.rows) - len(told)) > LONG:
        note = f"Left out: {left_out} rows of which nothing is known."
        table = replace(table, rows=told, notes=(*table.notes, note))
    head = tag("tr", join(_header(column) for column in table.columns))
    last = len(table.rows) - 1
    body = join(
        _row(table, row, table.has_total and index == last) for index, row in enumerate(table.rows)
    )
    caption_id = f"{table.id}-caption"
    grid = join(
        [
            tag("caption", tag("span", table.caption), id=caption_id),
            tag("thead", head),
            tag("tbody", body),
        ]
    )
    region = tag(
        "div",
        tag("table", grid, id=table.id),
        css_class="table-scroll",
        role="region",
        aria_labelledby=caption_id,
        tabindex=0,
    )
    is_dense = len(table.columns) > MANY or len(table.rows) > LONG
    looks = [
        "table-block",
        *["short"] * (len(text_of(body)) <= SHORT and not is_dense),
        *["many"] * is_dense,
    ]
    return tag("div", join([region, *_below(table)]), css_class=" ".join(looks))


def _is_silent(row: TableRow) -> bool:
    """Whether a row holds nothing that is known, or hidden."""
    return all(
        cell in SILENT if isinstance(cell, str) else cell.value is None and cell.kind != "hidden"
        for cell in row[1:]
    )


def _header(column: TableColumn) -> Html:
    unit = " " + tag("span", column.unit, css_class="unit") if column.unit else ""
    return tag(
        "th", join([column.heading, unit]), scope="col", css_class="n" if column.style else None
    )


def _row(table: DataTable, row: TableRow, is_total: bool) -> Html:
    header = shown(row[0], table.columns[0])
    cells = [
        tag("td", shown(cell, column), css_class="n" if column.style else None)
        for cell, column in list(zip(row, table.columns, strict=True))[1:]
    ]
    return tag(
        "tr",
        join([tag("th", header, scope="row"), *cells]),
        css_class="total" if is_total else None,
    )


def shown(cell: TableCell, column: TableColumn) -> Html:
    """A cell as it is printed: a figure with its id, a number of a row, or words."""
    style = column.style or "short"
    if isinstance(cell, Figure):
        return figure(cell, style, column.signed)
    return escape(cell if isinstance(cell, str) else formats.display(cell, style, column.signed))


def symbols_used(table: DataTable) -> list[str]:
    """The symbols that stand in a table, in the order in which they are explained."""
    printed = {
        text_of(shown(cell, column))
        for row in table.rows
        for cell, column in zip(row, table.columns, strict=True)
    }
    return [symbol for symbol in formats.SYMBOLS if any(symbol in text for text in printed)]


def _below(table: DataTable) -> list[Html]:
    used = [f"{symbol} {formats.SYMBOLS[symbol]}" for symbol in symbols_used(table)]
    notes = [*table.notes, *(["; ".join(used) + "."] if used else [])]
    return [*(paragraph(note, css_class="note") for note in notes), source_line(table.source)]


def source_line(source: str) -> Html:
    """Where the numbers come from, below every table and chart."""
    return paragraph("Source: ", source, css_class="source")

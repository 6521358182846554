"""The one writer of tables: every table of a page, from exact values to accessible markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.periods import long_date
from sv_lib.present import formats
from sv_lib.present.markup import Html, escape, figure, join, paragraph, row_number, tag, text_of

TABLE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SHORT = 200
"""A table of fewer characters is never split between printed pages."""
LONG = 14
MANY = 6
"""Rows, and columns, beyond which a table is printed smaller."""
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

    @property
    def css_class(self) -> str | None:
        """Numbers are set to the right."""
        return "n" if self.style else None


def date_cell(on: date) -> Html:
    """A date that is not broken over lines."""
    return tag("span", long_date(on), css_class="whole")


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    yield from frame.itertuples()


def told_apart(labels: Iterable[str]) -> list[str]:
    """Row headers, a second one of the same words with its number: two events of one day."""
    met: Counter[str] = Counter()
    apart = []
    for label in labels:
        met[label] += 1
        again = f" ({met[label]})" if met[label] > 1 else ""
        apart.append(label + again)
    return apart


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
        if not TABLE_ID.fullmatch(self.id):
            raise ValueError(f"not an id for a table: {self.id!r}")
        for name in ("caption", "source"):
            if _is_blank(getattr(self, name)):
                raise ValueError(f"table {self.id} has no {name}")
        if not self.rows or self.columns[0].style is not None:
            raise ValueError(f"table {self.id} needs rows, and row headers as its first column")
        for row in self.rows:
            self._check_cells(row)
        self._check_headers()

    def _check_cells(self, row: TableRow) -> None:
        wanted = len(self.columns)
        if len(row) != wanted:
            raise ValueError(f"table {self.id}: a row of {len(row)} cells under {wanted} headings")
        for column, cell in zip(self.columns, row, strict=True):
            if _is_blank(cell):
                raise ValueError(
                    f"table {self.id}: a blank cell under {column.heading!r}; print "
                    f"why it is not there"
                )

    def _check_headers(self) -> None:
        """Row headers are words, each its own: a screen reader tells rows apart by them."""
        met = set()
        for header, *_ in self.rows:
            words = text_of(header) if isinstance(header, str) else ""
            if not words:
                raise ValueError(f"table {self.id}: a row header must be words")
            if words in met:
                raise ValueError(f"table {self.id}: row header {words!r} stands twice")
            met.add(words)


def _is_blank(cell: object) -> bool:
    """Whether a cell holds no words and no number, such as a None or NaN of a frame."""
    if isinstance(cell, str):
        return not text_of(cell).strip()
    return not isinstance(cell, Figure | formats.Amount)


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
    """Make a table and print it at once. Raises ValueError as ``DataTable`` does."""
    table = DataTable(table_id, caption, tuple(columns), tuple(rows), source, has_total, notes)
    return to_html(table)


def to_html(table: DataTable) -> Html:
    """A table with caption, scoped headers and source, in a region that scrolls on a narrow screen.

    A table of which nothing is known is a sentence that says why. Of a long table, rows of which
    nothing is known are counted and left out; its data file has them all.
    """
    known = tuple(row for row in table.rows if not _is_silent(row))
    if not known:
        return _nothing_known(table)
    left_out = len(table.rows) - len(known)
    if left_out > LONG:
        note = f"Left out: {left_out} rows of which nothing is known."
        table = replace(table, rows=known, notes=(*table.notes, note))
    body = _body(table)
    caption_id = f"{table.id}-caption"
    caption = tag("caption", tag("span", table.caption), id=caption_id)
    grid = join([caption, _head(table), tag("tbody", body)])
    region = tag(
        "div",
        tag("table", grid, id=table.id),
        css_class="table-scroll",
        role="region",
        aria_labelledby=caption_id,
        tabindex=0,
    )
    look = "table-block"
    if len(table.columns) > MANY or len(table.rows) > LONG:
        look = "table-block many"
    elif len(text_of(body)) <= SHORT:
        look = "table-block short"
    return tag("div", join([region, *_below(table)]), css_class=look)


def _is_silent(row: TableRow) -> bool:
    """Whether a row holds nothing that is known, or hidden."""
    return all(_says_nothing(cell) for cell in row[1:])


def _says_nothing(cell: TableCell) -> bool:
    if isinstance(cell, str):
        return cell in SILENT
    return cell.value is None and cell.kind != "hidden"


def _nothing_known(table: DataTable) -> Html:
    """The sentence that stands for a table of which nothing is known."""
    words = ": nothing of it is known."
    cells = [cell for row in table.rows for cell in row]
    cautions = [cell.caution for cell in cells if isinstance(cell, Figure)]
    if cautions and cautions[0]:
        words = f": not known, because {cautions[0]}."
    return tag("p", join([tag("strong", table.caption), words]), id=table.id)


def _head(table: DataTable) -> Html:
    headers = [_header(column) for column in table.columns]
    return tag("thead", tag("tr", join(headers)))


def _header(column: TableColumn) -> Html:
    unit = ""
    if column.unit:
        unit = " " + tag("span", column.unit, css_class="unit")
    return tag("th", join([column.heading, unit]), scope="col", css_class=column.css_class)


def _body(table: DataTable) -> Html:
    lines = [_line(table, row) for row in table.rows]
    if table.has_total:
        lines[-1] = _line(table, table.rows[-1], look="total")
    return join(lines)


def _line(table: DataTable, row: TableRow, look: str | None = None) -> Html:
    """A row as it is printed."""
    header_column, *columns = table.columns
    header, *cells = row
    parts = [tag("th", shown(header, header_column), scope="row")]
    for cell, column in zip(cells, columns, strict=True):
        parts.append(tag("td", shown(cell, column), css_class=column.css_class))
    return tag("tr", join(parts), css_class=look)


def shown(cell: TableCell, column: TableColumn) -> Html:
    """A cell as it is printed: a figure with its id, a number of a row, or words."""
    if isinstance(cell, str):
        return escape(cell)
    style = column.style or "short"
    if isinstance(cell, Figure):
        return figure(cell, style, column.signed)
    return row_number(cell, style, column.signed)


def symbols_used(table: DataTable) -> list[str]:
    """The symbols that stand in a table, in the order in which they are explained."""
    printed = []
    for row in table.rows:
        for cell, column in zip(row, table.columns, strict=True):
            printed.append(text_of(shown(cell, column)))
    text = " ".join(printed)
    marks = sorted({mark[0] for mark in formats.ROUNDED.finditer(text)})
    return [symbol for symbol in formats.SYMBOLS if symbol in text] + marks


def _below(table: DataTable) -> list[Html]:
    """Notes, the symbols explained, the source."""
    notes = list(table.notes)
    explained = [f"{symbol} {formats.meaning(symbol)}" for symbol in symbols_used(table)]
    cells = [cell for row in table.rows for cell in row if isinstance(cell, Figure)]
    if any(cell.high is not None for cell in cells):
        explained.append("a range is told in place of a number to protect people")
    if any(cell.kind == "hidden" for cell in cells):
        explained.append("0 is a true nought")
    if explained:
        notes.append(formats.capital("; ".join(explained)) + ".")
    lines = [paragraph(note, css_class="note") for note in notes]
    return [*lines, source_line(table.source)]


def source_line(source: str) -> Html:
    """Where the numbers come from, below every table and chart."""
    return paragraph("Source: ", source, css_class="source")

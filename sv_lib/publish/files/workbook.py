"""Workbooks as ODS and XLSX: cover, contents, notes, then one table a sheet.

XlsxWriter is used without gptables, which turns text such as ``[words](address)`` into a live link.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel
from xlsxwriter.utility import xl_rowcol_to_cell

from sv_lib.params import Publication
from sv_lib.periods import long_date
from sv_lib.present import formats
from sv_lib.present.cards import EXEMPT, STATUS
from sv_lib.publish.files.data_tables import CellValue, values
from sv_lib.strict_yaml import data_beside

TEMPLATES = Path(__file__).parent / "templates"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest day a zip can hold: the file must not depend on the clock."""
PIECES_IN_A_PART = 10_000
LONGEST_NAME = 31
LONGEST_TEXT = 32_000
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
NOT_AVAILABLE = "[x]"
NARROWEST = 9
WIDEST = 45
"""Widths of columns, in letters."""


class CellFormat(BaseModel):
    """How a cell looks, in XlsxWriter's words."""

    font_name: str | None = None
    font_size: int | None = None
    font_color: str | None = None
    bg_color: str | None = None
    bold: bool | None = None
    text_wrap: bool | None = None
    valign: str | None = None
    border: int | None = None
    bottom: int | None = None
    num_format: str | None = None
    locked: bool | None = None

    def add_to(self, book: Any) -> Any:
        """XlsxWriter's format of this look, for the cells of ``book``."""
        return book.add_format(self.model_dump(exclude_none=True))


@dataclass(frozen=True)
class _WorkbookWords:
    """What ``workbook.yaml`` says.

    ``about``: what a line of the cover is called -> its words. ``notes``: what is explained -> its
    meaning, beside the symbols that the tables hold. ``lenses`` and ``families``: parts of ids ->
    words. ``ledgers``: sheet -> what it holds.
    """

    about: dict[str, str]
    notes: dict[str, str]
    formats: dict[str, CellFormat]
    lenses: dict[str, str]
    families: dict[str, str]
    ledgers: dict[str, str]


LAYOUT = data_beside(__file__, _WorkbookWords)


@dataclass(frozen=True)
class TableSheet:
    """One table: the name of its tab, a title, a header, and rows as long as the header.

    ``places``: of each column the decimal places that its numbers show; None shows them as they
    are. ``description``: what the contents say of it. ``links``: the first cell of each row is the
    name of a sheet, and leads there.
    """

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    places: tuple[int | None, ...] = ()
    description: str = ""
    links: bool = False

    @property
    def table_name(self) -> str:
        return "table_" + re.sub(r"\W", "_", self.name)

    @property
    def last_cell(self) -> str:
        return str(xl_rowcol_to_cell(len(self.rows) + 1, len(self.header) - 1))

    def places_of(self, column: int) -> int | None:
        """The decimal places that the numbers of a column show."""
        return self.places[column] if self.places else None

    @property
    def widths(self) -> list[int]:
        """Width of each column, in letters: its words whole, its sentences over lines."""
        return [self._width(column) for column in range(len(self.header))]

    def _width(self, column: int) -> int:
        heading = max(len(word) for word in self.header[column].split())
        texts = [_letters(row[column]) for row in self.rows]
        return min(max(NARROWEST, heading + 2, *texts, 0), WIDEST)


def _letters(value: CellValue) -> int:
    """About how many letters a cell is wide."""
    text = f"{value:,.2f}" if isinstance(value, int | Decimal) else str(value)
    return len(text) + 2


def sheet(name: str, frame: pd.DataFrame) -> TableSheet:
    """A frame as a sheet. Pence become pounds, and a missing value is marked."""
    header = []
    columns = []
    places: list[int | None] = []
    for column in map(str, frame.columns):
        is_money = column.endswith("_pence")
        heading = _words(column.removesuffix("_pence"))
        header.append(f"{heading} (£)" if is_money else heading)
        columns.append([shown(value, is_money) for value in values(frame[column])])
        places.append(2 if is_money else None)
    rows = tuple(zip(*columns, strict=True))
    told = LAYOUT.ledgers.get(name, "")
    return TableSheet(name, _words(name), tuple(header), rows, tuple(places), told)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def shown(value: CellValue, is_money: bool = False) -> CellValue:
    """A value as a cell holds it: text that can be printed, pounds, and a mark for nothing."""
    if value is None or value == "":
        return NOT_AVAILABLE
    if isinstance(value, str):
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)[:LONGEST_TEXT]
    if is_money and isinstance(value, int):
        return Decimal(value).scaleb(-2)
    return value


def cover_lines(publication: Publication) -> list[tuple[str, str]]:
    """The lines of the cover: what each is called, and what it says."""
    file = publication.file
    status = STATUS[file.status]
    if file.profile != "public":
        status = f"{EXEMPT} {status}"
    slots = {"publication": publication, "status": status, "day": long_date(file.data_as_at)}
    return [(label, words.format_map(slots)) for label, words in LAYOUT.about.items()]


def writers(
    stem: Path,
    title: str,
    about: Sequence[tuple[str, str]],
    sheets: Sequence[TableSheet],
    made_on: date,
) -> list[Callable[[], None]]:
    """What writes ``<stem>.xlsx`` and what writes ``<stem>.ods``; both are dated ``made_on``.

    ``about``: the lines of the cover. Text stays text, whatever it begins with: no cell holds a
    formula, and only the contents hold links.
    """
    contents = tuple(
        (table.name, table.title, table.description or table.title, len(table.rows))
        for table in sheets
    )
    told = ("Sheet", "Table", "What it holds", "Rows")
    whole = [
        TableSheet("Cover", title, ("About", "This workbook"), tuple(about)),
        TableSheet("Contents", "Contents", told, contents, links=True),
        TableSheet("Notes", "Notes", ("Mark", "Meaning"), tuple(notes_on(sheets))),
        *sheets,
    ]
    how = {".xlsx": _write_xlsx, ".ods": _write_ods}
    return [partial(how[ext], stem.with_suffix(ext), title, whole, made_on) for ext in how]


def notes_on(sheets: Sequence[TableSheet]) -> Iterator[tuple[str, str]]:
    """The notes, with each symbol and mark that the cells of the sheets hold."""
    cells = {cell for table in sheets for row in table.rows for cell in row}
    text = " ".join(cell for cell in cells if isinstance(cell, str))
    used = {mark for mark in formats.SYMBOLS if mark in text}
    used |= {mark[0] for mark in formats.ROUNDED.finditer(text)}
    yield from ((mark, formats.meaning(mark)) for mark in sorted(used))
    yield from LAYOUT.notes.items()


def _write_xlsx(path: Path, title: str, sheets: Sequence[TableSheet], made_on: date) -> None:
    created = datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": created})
        styles = {name: look.add_to(book) for name, look in LAYOUT.formats.items()}
        for table in sheets:
            _fill(book.add_worksheet(table.name), table, styles)


def _fill(page: Any, table: TableSheet, styles: dict[str, Any]) -> None:
    page.write_string(0, 0, table.title, styles["title"])
    if not table.rows:
        page.write_string(1, 0, "This table has no rows.")
        return
    last_row = len(table.rows) + 1
    last_column = len(table.header) - 1
    columns = [{"header": words, "header_format": styles["head"]} for words in table.header]
    options = {"name": table.table_name, "autofilter": False, "style": None, "columns": columns}
    page.add_table(1, 0, last_row, last_column, options)
    for column, width in enumerate(table.widths):
        page.set_column(column, column, width)
    for row_number, row in enumerate(table.rows, start=2):
        for column, value in enumerate(row):
            number_style = styles.get(f"places_{table.places_of(column)}")
            write_cell(page, (row_number, column), value, styles, number_style)
        if table.links:
            page.write_url(row_number, 0, f"internal:'{row[0]}'!A1", string=row[0])


def write_cell(
    page: Any, place: tuple[int, int], value: CellValue, styles: dict[str, Any], number_style: Any
) -> None:
    """Write a value as what it is; text stays text, whatever it begins with."""
    if isinstance(value, str):
        # ``write`` would turn some texts into formulas and links.
        page.write_string(*place, value, styles["text"])
    elif isinstance(value, date):
        day = datetime(value.year, value.month, value.day)  # noqa: DTZ001 a calendar day
        page.write_datetime(*place, day, styles["day"])
    elif value is not None:
        page.write_number(*place, float(value), number_style)


def _write_ods(path: Path, title: str, sheets: Sequence[TableSheet], made_on: date) -> None:
    """Write an OpenDocument spreadsheet: small XML files, from templates, in a zip."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    templates.tests["day"] = _is_day
    with zipfile.ZipFile(path, "w") as package:
        # Programs know the format by this entry, which must be the first and not compressed.
        mimetype = zipfile.ZipInfo("mimetype", EPOCH)
        package.writestr(mimetype, "application/vnd.oasis.opendocument.spreadsheet")
        for name in ("META-INF/manifest.xml", "meta.xml", "styles.xml", "content.xml"):
            template = templates.get_template(f"ods_{Path(name).name}.j2")
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            told = {"title": title, "made_on": made_on, "sheets": sheets}
            told |= {"least": NARROWEST, "most": WIDEST}
            # In parts, as all of it together takes a hundred megabytes in a large council.
            parts = template.stream(told)
            parts.enable_buffering(PIECES_IN_A_PART)
            with package.open(entry, "w") as file:
                parts.dump(file, encoding="utf-8")


def _is_day(value: object) -> bool:
    return isinstance(value, date)

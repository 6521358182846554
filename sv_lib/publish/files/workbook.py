"""The data workbook, ODS and XLSX from the same sheets: cover, contents, notes, then one table a
sheet.

XlsxWriter writes the XLSX itself: gptables turns text such as ``[words](address)`` into a live link
and refuses two.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from xlsxwriter.utility import xl_rowcol_to_cell

from sv_lib.publish.files.data_tables import Cell, cells

TEMPLATES = Path(__file__).parent / "templates"
EPOCH = (1980, 1, 1, 0, 0, 0)
LONGEST_NAME = 31
LONGEST_TEXT = 32_000
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
NOTES = (
    ("[x]", "Not available: no value is held."),
    ("[c]", "Confidential: the value is held and not shown, to protect people."),
    ("(£)", "Amounts are in pounds, exact to the penny."),
    (
        "Source file and row",
        "The input and its row, as a spreadsheet numbers them, that a line was made from.",
    ),
)


@dataclass(frozen=True)
class Sheet:
    """One table: a name for its tab, a title, a header and rows of equal length."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_pounds: tuple[bool, ...]
    links: bool = False

    @property
    def table_name(self) -> str:
        return "table_" + re.sub(r"\W", "_", self.name)

    @property
    def last_cell(self) -> str:
        return str(xl_rowcol_to_cell(len(self.rows) + 1, len(self.header) - 1))


Book = tuple[Path, str, Sequence[Sheet], date]
"""A file, its title, its sheets and its date."""
Share = Callable[[Callable[[Book], None], list[Book]], Iterable[None]]
"""How work on several books is shared out."""


def sheet(name: str, frame: pd.DataFrame) -> Sheet:
    """A frame as a sheet: pence become pounds, and what is missing says so."""
    is_pounds = tuple(str(column).endswith("_pence") for column in frame.columns)
    header = [
        str(column).removesuffix("_pence").replace("_", " ").capitalize()
        for column in frame.columns
    ]
    columns = [
        [_shown(cell, pounds) for cell in cells(frame[column])]
        for column, pounds in zip(frame.columns, is_pounds, strict=True)
    ]
    return Sheet(
        name[:LONGEST_NAME],
        name.replace("_", " ").capitalize(),
        tuple(
            f"{title} (£)" if pounds else title
            for title, pounds in zip(header, is_pounds, strict=True)
        ),
        tuple(zip(*columns, strict=True)),
        is_pounds,
    )


def _shown(cell: Cell, pounds: bool) -> Cell:
    if cell is None or cell == "":
        return "[x]"
    if isinstance(cell, str):
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", cell)[:LONGEST_TEXT]
    return Decimal(cell).scaleb(-2) if pounds and isinstance(cell, int) else cell


def write(
    stem: Path,
    title: str,
    about: Sequence[tuple[str, str]],
    sheets: Sequence[Sheet],
    made_on: date,
    share: Share = map,
) -> None:
    """Write ``<stem>.ods`` and ``<stem>.xlsx``; ``about`` is the cover, ``made_on`` the date both
    carry.

    Text stays text, whatever it begins with: no cell holds a formula and none a link but those of
    the contents. ``share``: does the two side by side, if it can.
    """
    front = [
        _words("Cover", title, ("About", "This workbook"), about),
        _words(
            "Contents",
            "Contents",
            ("Sheet", "Table"),
            [(s.name, s.title) for s in sheets],
            links=True,
        ),
        _words("Notes", "Notes", ("Mark", "Meaning"), NOTES),
    ]
    list(
        share(
            _write,
            [(stem.with_suffix(suffix), title, [*front, *sheets], made_on) for suffix in WAYS],
        )
    )


def _write(book: Book) -> None:
    WAYS[book[0].suffix](*book)


def _words(
    name: str,
    title: str,
    header: tuple[str, str],
    rows: Sequence[tuple[str, str]],
    links: bool = False,
) -> Sheet:
    return Sheet(name, title, header, tuple(rows), (False, False), links)


def _write_xlsx(path: Path, title: str, sheets: Sequence[Sheet], made_on: date) -> None:
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": title,
                "created": datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC),
            }
        )
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "pounds": book.add_format({"num_format": "#,##0.00", "valign": "top"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        }
        for table in sheets:
            _fill(book.add_worksheet(table.name), table, styles)


def _fill(page: Any, table: Sheet, styles: dict[str, Any]) -> None:
    page.write_string(0, 0, table.title, styles["title"])
    if not table.rows:
        page.write_string(1, 0, "This table has no rows.")
        return
    page.add_table(
        1,
        0,
        len(table.rows) + 1,
        len(table.header) - 1,
        {
            "name": table.table_name,
            "autofilter": False,
            "style": None,
            "columns": [
                {"header": words, "header_format": styles["head"]} for words in table.header
            ],
        },
    )
    page.set_column(0, len(table.header) - 1, 18 if len(table.header) > 2 else 48)
    for r, row in enumerate(table.rows, start=2):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(r, c, cell, styles["text"])
            elif isinstance(cell, date):
                page.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), styles["day"])  # noqa: DTZ001 a calendar day
            elif cell is not None:
                page.write_number(
                    r, c, float(cell), styles["pounds"] if table.is_pounds[c] else None
                )
        if table.links:
            page.write_url(r, 0, f"internal:'{row[0]}'!A1", string=row[0])


def _write_ods(path: Path, title: str, sheets: Sequence[Sheet], made_on: date) -> None:
    """An OpenDocument spreadsheet from its templates: small XML files in a zip whose times are
    fixed.
    """
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    templates.tests["day"] = lambda cell: isinstance(cell, date)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            zipfile.ZipInfo("mimetype", EPOCH), "application/vnd.oasis.opendocument.spreadsheet"
        )
        for name in ("META-INF/manifest.xml", "meta.xml", "styles.xml", "content.xml"):
            template = templates.get_template(f"ods_{Path(name).name}.j2")
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, template.render(title=title, made_on=made_on, sheets=sheets))


WAYS = {".xlsx": _write_xlsx, ".ods": _write_ods}

"""The sheets of a workbook (xlsx, xlsb, xls or ods) as text. Nothing in them is executed."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from xml.parsers.expat import ExpatError, ParserCreate

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
from xlsxwriter.utility import xl_cell_to_rowcol

from sv_lib.intake.files.archives import DAMAGED, ZIP
from sv_lib.intake.findings import file_error

Records = list[list[str]]
"""The rows of a table, each a list of its cells as text."""
PANIC = "PanicException"
"""What calamine raises of a damaged .xls: no Exception, and nowhere to be imported from."""
MOST_CELLS = 200_000_000
SPACES = re.compile(rb'<text:s\b[^>]*text:c\s*=\s*["\'][0-9]{7}')
"""A cell of an ods that is written as a count of spaces, of seven figures or more."""
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
FORMULA_ALONE = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"(?![^>]*t="str")[^>]*>\s*'
    rb"<f[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
"""A formula without a value. One whose value is a text without letters (t="str") has been stored.
"""
FAILED = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]* t="e"[^>]*>\s*'
    rb"(?:<f[^>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>"
)
"""A formula that failed, and what stands in its cell: #REF!. calamine would read it as blank."""
NO_VALUE = "#formula without a stored value"
"""Stands in a cell whose formula nobody has calculated: it is not a blank."""
FROM_1904 = re.compile(rb"<workbookPr[^>]*date1904=[\"'](?:1|true)")
SHEET = re.compile(rb'<sheet [^>]*name="([^"]*)"[^>]*r:id="([^"]*)"')
RELATION = re.compile(rb"<Relationship [^>]*>")


@dataclass(frozen=True)
class Workbook:
    """The cells of each sheet that has anything in it, as text, by the sheet's name.

    ``hidden``: sheets that a person who opens it does not see. ``is_from_1904``: its plain numbers
    of days count from 1904, as an old Excel for the Mac had it.
    """

    sheets: dict[str, Records]
    hidden: frozenset[str] = frozenset()
    is_from_1904: bool = False


def read_workbook(content: bytes, name: str) -> Workbook:
    """The sheets of a workbook as text.

    Raises InputError for a workbook that is damaged, empty, or made to take all memory.
    """
    found = {}
    marks: dict[str, dict[str, str]] = {}
    is_from_1904 = False
    try:
        if content.startswith(ZIP):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                _refuse_traps(parts, name)
                marks = dict(_cells_to_mark(parts))
                is_from_1904 = bool(FROM_1904.search(_part(parts, "xl/workbook.xml")))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            if rows:
                found[sheet] = [[_as_text(cell) for cell in row] for row in rows]
                _mark(found[sheet], marks.get(sheet, {}))
    except (CalamineError, ExpatError, *DAMAGED) as fault:
        raise file_error("unreadable.workbook", name, fault=fault) from None
    except BaseException as fault:
        if type(fault).__name__ != PANIC:
            raise
        raise file_error("unreadable.workbook", name, fault=fault) from None
    if not found:
        raise file_error("unreadable.empty_workbook", name)
    shown = SheetVisibleEnum.Visible
    hidden = {sheet.name for sheet in book.sheets_metadata if sheet.visible != shown}
    return Workbook(found, frozenset(hidden), is_from_1904)


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    return parts.read(name) if name in parts.namelist() else b""


def _cells_to_mark(parts: zipfile.ZipFile) -> Iterator[tuple[str, dict[str, str]]]:
    """Of each sheet of an xlsx, the cells that are not blank though they seem so, and their text.

    They hold a formula without a value, or one that failed.
    """
    targets = {}
    for relation in RELATION.findall(_part(parts, "xl/_rels/workbook.xml.rels")):
        said = dict(re.findall(rb'(Id|Target)="([^"]*)"', relation))
        targets[said.get(b"Id", b"")] = said.get(b"Target", b"").decode()
    for sheet, relation_id in SHEET.findall(_part(parts, "xl/workbook.xml")):
        target = targets.get(relation_id, "").removeprefix("/").removeprefix("xl/")
        xml = _part(parts, f"xl/{target}")
        marks = {cell.decode(): NO_VALUE for cell in FORMULA_ALONE.findall(xml)}
        marks |= {cell.decode(): error.decode() for cell, error in FAILED.findall(xml)}
        yield html.unescape(sheet.decode()), marks


def _mark(rows: Records, marks: dict[str, str]) -> None:
    """Say in each of the cells what stands there."""
    for cell, text in marks.items():
        row, column = xl_cell_to_rowcol(cell)
        if row < len(rows) and column < len(rows[row]) and not rows[row][column]:
            rows[row][column] = text


def _as_text(cell: object) -> str:
    """A cell as it would stand in a CSV; numbers to the 15 figures that a spreadsheet holds."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(cell, time):
        return cell.isoformat()
    if not isinstance(cell, float) or abs(cell) >= 1e15:
        return str(cell)
    text = f"{cell:.15g}"
    return format(Decimal(text), "f") if "e" in text else text


def _refuse_traps(book: zipfile.ZipFile, name: str) -> None:
    """Refuse what calamine takes all memory for, or never ends on.

    A cell far from all others makes it fill the area between; an ods may say that a cell holds
    millions of spaces. Raises ExpatError for an ods that is not whole XML.
    """
    for part in book.namelist():
        if part == "content.xml":
            xml = book.read(part)
            ParserCreate().Parse(xml, True)
            if SPACES.search(xml):
                raise file_error("unreadable.millions_of_spaces", name)
        if part.startswith("xl/worksheets/") and _cells_spanned(book.read(part)) > MOST_CELLS:
            raise file_error("unreadable.cell_far_away", name)


def _cells_spanned(sheet: bytes) -> int:
    """How many cells an xlsx sheet has from its first to its outermost cell."""
    places = CELL.findall(sheet)
    # Of two columns, the one with more letters is further right: Z, AA, AB.
    columns = {letters.rjust(3).decode() for letters, _ in places}
    rows = [int(row) for _, row in places]
    if not rows:
        return 0
    _, last_column = xl_cell_to_rowcol(f"{max(columns).strip()}1")
    return max(rows) * (int(last_column) + 1)

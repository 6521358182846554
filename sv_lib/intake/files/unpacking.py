"""The bytes of a file -> the text or the sheets in it, whatever its name says. Nothing is executed
or
fetched.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from itertools import islice
from xml.parsers.expat import ExpatError, ParserCreate

from python_calamine import CalamineError, CalamineWorkbook

from sv_lib.errors import InputError

LARGEST = 2 * 1024**3
"""Bytes that a file may unpack to; a ledger of a million payments is a tenth of it."""
DAMAGED = (zipfile.BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error)
PANIC = "PanicException"
"""What calamine raises of a damaged .xls: no Exception, and nowhere to be imported from."""
MOST_CELLS = 200_000_000
SPACES = re.compile(rb'<text:s\b[^>]*text:c\s*=\s*["\'][0-9]{7}')
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
TOP = 60
"""Rows in which the header is looked for."""
GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
WORKBOOK_PARTS = {"[Content_Types].xml", "content.xml"}
TABLES = (".csv", ".gz", ".txt", ".tsv", ".xls", ".xlsx", ".ods", ".xlsb", ".xlsm")
WEB_PAGE = re.compile(rb"\s*<(?:!doctype|html|table|\?xml)", re.IGNORECASE)
OLD_POUND = re.compile(rb"\x9c(?=\s*[-(]?\s*\d)")
"""A pound sign as DOS wrote it; Windows has an oe-ligature there, which never stands before a
number.
"""
Records = list[list[str]]
Part = tuple[str, bytes]
"""A table inside a packed file: its name there, and its bytes."""
Refusal = Callable[[str, str], InputError]


def unpacked(
    content: bytes, refusal: Refusal, many: bool = False, deep: int = 2, name: str = ""
) -> list[Part]:
    """The table that a gzip or a zip holds, one in the other at most; a workbook, which is a zip
    too,
    as it is.

    ``many``: a zip may hold more tables than one. Raises InputError when it may not, or cannot be
    opened.
    """
    if not deep and content.startswith(GZIP):
        raise refusal("it is packed many times over", "unpack it first")
    if content.startswith(GZIP):
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(LARGEST + 1)
        except (EOFError, OSError, zlib.error) as fault:
            raise refusal(
                f"the compressed file is damaged ({fault})", "export or copy it again"
            ) from None
        _refuse_larger(len(content), refusal)
        return unpacked(content, refusal, many, deep - 1, name)
    if not content.startswith(ZIP):
        return [(name, content)]
    try:
        folder = zipfile.ZipFile(io.BytesIO(content))
        _refuse_larger(sum(part.file_size for part in folder.infolist()), refusal)
        if WORKBOOK_PARTS & set(folder.namelist()) or any(
            part.startswith("xl/") for part in folder.namelist()
        ):
            return [(name, content)]
        inside = [
            part
            for part in folder.namelist()
            if part.lower().endswith(TABLES) and "__MACOSX" not in part
        ]
        if not deep or not inside or (len(inside) > 1 and not many):
            raise refusal(
                f"the zip holds {len(inside)} tables", "unpack it and name the files one by one"
            )
        return [
            table
            for part in inside
            for table in unpacked(folder.read(part), refusal, many, deep - 1, part)
        ]
    except DAMAGED as fault:  # damaged, locked, or packed in an odd way
        raise refusal(
            f"the workbook cannot be opened ({fault})", "save it again as xlsx or CSV"
        ) from None


def as_utf8(content: bytes, refusal: Refusal) -> tuple[bytes, str, int]:
    """The text as UTF-8 with plain line ends, its encoding, and the first row that was not UTF-8
    (0:
    none).
    """
    encoding, row = "UTF-8", 0
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content, encoding = content.decode("utf-16", errors="replace").encode(), "UTF-16"
    elif zeros := content[:4096].count(0):
        odd = content[1:4096:2].count(0)
        if odd not in (0, zeros) or zeros < len(content[:4096]) * 0.4:
            raise refusal(
                "it is neither text nor a workbook", "save it as 'CSV UTF-8' or as a workbook"
            )
        content, encoding = (
            content.decode("utf-16-le" if odd else "utf-16-be", errors="replace").encode(),
            "UTF-16",
        )
    elif content.startswith(b"\xef\xbb\xbf"):
        content, encoding = content[3:], "UTF-8 with BOM"
    if WEB_PAGE.match(content):
        raise refusal(
            "it is a web page, whatever its name says",
            "open it in a spreadsheet and save it as xlsx",
        )
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        _ = content.isascii() or content.decode()
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        content, encoding = _line_by_line(content)
    return content, encoding, row


def _line_by_line(content: bytes) -> tuple[bytes, str]:
    """Each line as UTF-8 if it is that, else as Windows-1252 with DOS's pound sign; and what was
    found.
    """
    lines, found = content.split(b"\n"), set()
    for at, line in enumerate(lines):
        try:
            if not line.isascii() and line.decode():
                found.add("UTF-8")
        except UnicodeDecodeError:
            found.add("cp437" if OLD_POUND.search(line) else "cp1252")
            lines[at] = OLD_POUND.sub(b"\xa3", line).decode("cp1252", errors="replace").encode()
    return b"\n".join(lines), " and ".join(sorted(found))


def delimiter_of(text: bytes) -> str:
    """The delimiter with which most of the first rows have the same, and the largest, number of
    values.
    """
    top = io.StringIO(text[: 256 * 1024].decode(errors="ignore"))

    def columns(delimiter: str) -> int:
        top.seek(0)
        try:
            widths = Counter(
                len(row) for row in islice(csv.reader(top, delimiter=delimiter), TOP) if row
            )
        except csv.Error:
            return 0  # a value longer than any is; whoever reads the rows refuses it
        return max((count * (width - 1) for width, count in widths.items()), default=0)

    return max(",;\t|", key=columns)


def sheets(content: bytes, refusal: Refusal) -> dict[str, Records]:
    """The cells of each sheet of a workbook that has anything in it, as text."""
    try:
        if content.startswith(ZIP):
            _refuse_traps(content, refusal)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    except BaseException as fault:
        if (
            not isinstance(fault, (CalamineError, ExpatError, *DAMAGED))
            and type(fault).__name__ != PANIC
        ):
            raise
        raise refusal(
            f"the workbook cannot be opened ({fault})", "save it again as xlsx or CSV"
        ) from None
    filled = {
        name: [[_as_text(cell) for cell in row] for row in rows]
        for name, rows in found.items()
        if rows
    }
    if not filled:
        raise refusal("the workbook has nothing in it", "export it again")
    return filled


def _as_text(cell: object) -> str:
    """A workbook's cell as it would stand in a CSV; numbers to the 15 figures that a spreadsheet
    holds.
    """
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    if not isinstance(cell, float) or abs(cell) >= 1e15:
        return cell.isoformat() if isinstance(cell, time) else str(cell)
    text = f"{cell:.15g}"
    return format(Decimal(text), "f") if "e" in text else text


def _refuse_larger(size: int, refusal: Refusal) -> None:
    if size > LARGEST:
        raise refusal(
            f"it unpacks to more than {LARGEST // 1024**3} GB", "split it by month or year"
        )


def _refuse_traps(content: bytes, refusal: Refusal) -> None:
    """What calamine takes all memory for, or never ends on: a cell far from all others, spaces
    without
    number in one.

    Raises ExpatError for an ODS that is not whole XML.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            if name == "content.xml":
                ParserCreate().Parse(part := book.read(name), True)
                if SPACES.search(part):
                    raise refusal(
                        "a cell holds millions of spaces", "delete what is in it and save it again"
                    )
            if name.startswith("xl/worksheets/") and (places := CELL.findall(book.read(name))):
                width = _position(
                    max(
                        {letters for letters, _ in places},
                        key=lambda letters: (len(letters), letters),
                    )
                )
                if width * max(int(row) for _, row in places) > MOST_CELLS:
                    raise refusal(
                        "a cell stands far away from all others",
                        "delete what is in it and save it again",
                    )


def _position(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    return sum((letter - 64) * 26**power for power, letter in enumerate(reversed(letters)))

"""A file as a council sends it -> a table of text, and what was noticed on the way.

What a file is is told by its content, never by its extension. Nothing in it is executed, and nothing is fetched.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import median_low

import pandas as pd
import pyarrow as pa
import pyarrow.csv
from python_calamine import CalamineError, CalamineWorkbook

from sv_lib.errors import InputError
from sv_lib.intake.findings import Finding, Severity, counted

LARGEST = 2 * 1024**3
"""Bytes that a file may unpack to; a ledger of a million payments is a tenth of it."""
TOP = 60
"""Rows in which the header is looked for."""
GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
Records = list[list[str]]


@dataclass(frozen=True)
class RawTable:
    """A file as text. ``frame``: a column of text for each heading, indexed by the row that a spreadsheet shows.

    A record with a line break inside quotes is one row, as in a spreadsheet; a blank line is a row too.
    """

    name: str
    header_row: int
    columns: tuple[str, ...]
    frame: pd.DataFrame
    sha256: str
    encoding: str
    notes: tuple[Finding, ...]


def read_table(path: Path, name: str, expected: Iterable[str] = ()) -> RawTable:
    """Read a csv, csv.gz, xlsx, xls or ods. ``expected`` headings help to find the header under a title.

    Raises InputError when the file cannot be read as a table at all.
    """
    reader = _Reader(name, expected)
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise reader.refusal(
            f"it cannot be opened ({fault.strerror})", "close it elsewhere, or ask for access"
        ) from None
    return reader.table(content)


class _Reader:
    """Reads one file and gathers what it notices."""

    def __init__(self, name: str, expected: Iterable[str]) -> None:
        self.name, self.known = name, {_plain(heading) for heading in expected}
        self.notes: list[Finding] = []

    def table(self, content: bytes) -> RawTable:
        """The file's table, whatever kind of file it is."""
        sha256 = hashlib.sha256(content).hexdigest()
        if content.startswith(GZIP):
            content = self._unzipped(content)
        if content.startswith((ZIP, OLE)):
            encoding, records = "workbook", self._sheet(content)
            header_at = self._header_at(records)
            frame = self._aligned(records, header_at)
        else:
            text, encoding = self._utf8(content)
            header_at, frame = self._csv(text)
        if header_at:
            self._say(
                "note", header_at + 1, "the header is on this row", f"{counted(header_at, 'row')} above it set aside"
            )
        frame = self._without_blanks(frame, header_at + 1)
        return RawTable(self.name, header_at + 1, tuple(frame.columns), frame, sha256, encoding, tuple(self.notes))

    def _unzipped(self, content: bytes) -> bytes:
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                found = packed.read(LARGEST + 1)
        except (EOFError, OSError) as fault:
            raise self.refusal(f"the compressed file is damaged ({fault})", "export or copy it again") from None
        self._refuse_larger(len(found))
        return found

    def _utf8(self, content: bytes) -> tuple[bytes, str]:
        """The text as UTF-8 with plain line ends and nothing blank after it, and the encoding it came in."""
        encoding = "UTF-8"
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            content, encoding = content.decode("utf-16", errors="replace").encode(), "UTF-16"
        elif b"\0" in content[:4096]:
            raise self.refusal("it is neither text nor a workbook", "save it as 'CSV UTF-8' or as a workbook")
        elif content.startswith(b"\xef\xbb\xbf"):
            content, encoding = content[3:], "UTF-8 with BOM"
        try:
            content.decode()
        except UnicodeDecodeError as fault:
            row = content.count(b"\n", 0, fault.start) + 1
            problem = "the file was read as Windows-1252, which an older Excel saves; a name may look odd"
            self._say("warn", row, "characters that are not UTF-8", problem, "save it from Excel as 'CSV UTF-8'")
            content, encoding = content.decode("cp1252", errors="replace").encode(), "cp1252"
        if b"\r" in content:
            content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return content.rstrip(), encoding

    def _csv(self, text: bytes) -> tuple[int, pd.DataFrame]:
        """Where the header is, and the table under it: by pyarrow where that is safe, else record by record."""
        if not text:
            raise self.refusal("the file is empty", "export it again, or take it out of the parameters")
        delimiter = max(",;\t|", key=text.split(b"\n", 1)[0].decode().count)
        try:
            top = io.StringIO(text[: 1024**2].decode(errors="ignore"))
            head = list(islice(csv.reader(top, delimiter=delimiter), TOP))
            header_at = self._header_at(head)
            body = _fast(text, len(head[0]), delimiter) if header_at == 0 else None
            if body is not None:
                return 0, body.set_axis(self._headings(head[0]), axis=1)
            records = list(csv.reader(io.StringIO(text.decode()), delimiter=delimiter))
        except csv.Error as fault:
            raise self.refusal(f"a value has no end ({fault})", "look for a quotation mark left open") from None
        if text.count(b'"') % 2 and "\n" in "".join(records[-1]):
            found = f"a quotation mark opened on row {len(records)} is never closed, so all after it is one value"
            raise self.refusal(found, "close or remove the quotation mark")
        return header_at, self._aligned(records, header_at)

    def _sheet(self, content: bytes) -> Records:
        """The cells of a workbook's sheet: the one with the expected headings, else the first with anything in it."""
        try:
            if content.startswith(ZIP):
                self._refuse_larger(sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist()))
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        except (CalamineError, zipfile.BadZipFile) as fault:
            raise self.refusal(f"the workbook cannot be opened ({fault})", "save it again as xlsx or CSV") from None
        filled = {name: [[_as_text(cell) for cell in row] for row in rows] for name, rows in sheets.items() if rows}
        if not filled:
            raise self.refusal("the workbook has nothing in it", "export it again")
        best = max(filled, key=lambda name: max(self._matches(row) for row in filled[name][:TOP]))
        for other in [name for name in filled if name != best]:
            self._say("note", None, f"sheet '{other}'", f"only sheet '{best}' was read")
        return filled[best]

    def _matches(self, record: list[str]) -> int:
        return len({_plain(cell) for cell in record} & self.known)

    def _header_at(self, records: Records) -> int:
        """The first of the top rows with the most expected headings; the first that is not blank when none has any."""
        top = records[:TOP]
        return max(range(len(top)), key=lambda at: (self._matches(top[at]), any(cell.strip() for cell in top[at])))

    def _aligned(self, records: Records, header_at: int) -> pd.DataFrame:
        """Records under their header; short ones are filled up, and a filled cell under no heading is a fault."""
        width, first = len(records[header_at]), header_at + 2
        body = records[header_at + 1 :]
        usual = max(width, median_low([len(record) for record in body] or [0]))
        for number, record in enumerate(body, start=first):
            if len(record) > usual or any(cell.strip() for cell in record[width:]):
                problem = "a comma inside a value moves every value after it into the wrong column"
                remedy = "put the value in quotation marks, or save the file from a spreadsheet"
                self._say("stop", number, f"{len(record)} values under {width} headings", problem, remedy)
        cells = [record[:width] + [""] * (width - len(record)) for record in body]
        frame = pd.DataFrame(cells, index=range(first, first + len(body)), columns=range(width), dtype="str")
        return frame.set_axis(self._headings(records[header_at]), axis=1)

    def _headings(self, header: list[str]) -> list[str]:
        """The headings, trimmed and each once: one that is blank or repeated gets the column's letter."""
        headings: list[str] = []
        for at, heading in enumerate(" ".join(cell.split()) for cell in header):
            if heading and heading in headings:
                problem, remedy = "it is not clear which of the columns is meant", "rename or remove one of them"
                self._say("stop", None, f"the heading '{heading}' stands twice", problem, remedy)
            lettered = f"{heading} (column {_letter(at)})".strip()
            headings.append(heading if heading and heading not in headings else lettered)
        return headings

    def _without_blanks(self, frame: pd.DataFrame, header_row: int) -> pd.DataFrame:
        """Drop rows and unheaded columns with nothing in them, and say how many."""
        empty = [c for c in frame.columns if c.startswith("(column ") and not (frame[c].str.strip() != "").any()]
        if empty:
            self._say(
                "note", header_row, counted(len(empty), "empty column"), "there is nothing there, so it is left out"
            )
        blank = frame
        for column in frame.columns:
            blank = blank[blank[column].str.strip() == ""]
        if len(blank):
            self._say(
                "note",
                int(blank.index[0]),
                counted(len(blank), "blank row"),
                "there is nothing there, so it is left out",
            )
        return frame.drop(columns=empty, index=blank.index)

    def _say(
        self, severity: Severity, row: int | None, found: str, problem: str, remedy: str = "nothing to do"
    ) -> None:
        self.notes.append(Finding(severity, self.name, row, "", found, problem, remedy))

    def _refuse_larger(self, unpacked: int) -> None:
        if unpacked > LARGEST:
            raise self.refusal(f"it unpacks to more than {LARGEST // 1024**3} GB", "split it by month or year")

    def refusal(self, found: str, remedy: str) -> InputError:
        matters = "a file that cannot be read would leave its rows out of every total"
        return InputError(self.name, found, matters, remedy)


def _fast(text: bytes, width: int, delimiter: str) -> pd.DataFrame | None:
    """The body by pyarrow. None where its rows would not be the file's: ragged, blank lines, line breaks in quotes."""
    names = [str(position) for position in range(width)]
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            pa.csv.ReadOptions(column_names=names, skip_rows_after_names=1),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=b'"' in text),
            pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    if b"\n\n" in text or table.num_rows != text.count(b"\n"):
        return None
    frame: pd.DataFrame = table.to_pandas()
    return frame.set_axis(pd.RangeIndex(2, len(frame) + 2))


def _as_text(cell: object) -> str:
    """A workbook's cell as it would stand in a CSV; numbers to the 15 figures that a spreadsheet holds."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return f"{cell:.15g}" if isinstance(cell, float) and abs(cell) < 1e15 else str(cell)


def _plain(heading: str) -> str:
    return " ".join(heading.lower().split())


def _letter(position: int) -> str:
    """A spreadsheet's letter for a column: 0 is A, 26 is AA."""
    return (_letter(position // 26 - 1) if position >= 26 else "") + chr(ord("A") + position % 26)

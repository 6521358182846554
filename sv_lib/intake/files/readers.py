"""A file as a council sends it, read as a table of text, with notes of what was noticed.

A file's kind is told by its content, never by its extension. Nothing in it is executed, and nothing
is fetched.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median_low
from typing import Any

import pandas as pd

from sv_lib.intake.files.archives import OLE, ZIP, PackedTable, unpacked
from sv_lib.intake.files.cells import is_blank
from sv_lib.intake.files.delimited import (
    TOP,
    all_records,
    body_by_pyarrow,
    delimiter_of,
    first_records,
)
from sv_lib.intake.files.encodings import DecodedText, as_utf8
from sv_lib.intake.files.headers import (
    Matches,
    find_header,
    joined_header,
    plain,
    refuse_wider,
    unique_headings,
)
from sv_lib.intake.files.records import is_json, records_of_json
from sv_lib.intake.files.workbooks import Records, read_workbook
from sv_lib.intake.findings import Finding, counted, file_error, finding

WORKBOOK = "workbook"
"""The encoding of a table that is a sheet."""
ENCODINGS = {
    "cp1252": "Windows-1252, which an older Excel saves",
    "cp437": "DOS text",
    "UTF-8": "UTF-8",
}


@dataclass(frozen=True)
class RawTable:
    """A file as text.

    ``frame``: a column of text for each heading, indexed by the row that a spreadsheet shows. A
    record with a line break inside quotes is one row, as in a spreadsheet; a blank line is a row
    too. ``header_row``: the header's last row, from 1; 0 where there is none.
    """

    name: str
    header_row: int
    frame: pd.DataFrame
    sha256: str
    encoding: str
    notes: tuple[Finding, ...]
    above: tuple[str, ...] = ()
    """The rows that stand above the header, each as one text."""
    begins: tuple[int, ...] = ()
    """Of a table in parts, the rows before each part."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Its headings."""
        return tuple(self.frame.columns)


@dataclass(frozen=True)
class TablePart:
    """One table of a file that may have several: a sheet, or a file in a zip.

    ``score``: how many of the headings looked for it has. ``beyond``: rows of a text with more
    cells than headings, and the cells. ``is_hidden``, ``is_from_1904``: as in ``Workbook``.
    """

    name: str
    encoding: str
    above: Records
    header_row: int
    frame: pd.DataFrame
    score: int
    beyond: dict[int, list[str]] = field(default_factory=dict)
    is_hidden: bool = False
    is_from_1904: bool = False


@dataclass(frozen=True)
class LedgerFile:
    """A ledger before anybody has said which of its parts are payments."""

    name: str
    sha256: str
    parts: list[TablePart]
    notes: list[Finding]


def read_table(path: Path, name: str, expected: Iterable[str] = (), sheet: str = "") -> RawTable:
    """Read a csv, xlsx, xls, ods or a list of JSON records, or one of those packed.

    The header is the row with most of the ``expected`` headings. ``sheet``: the one to read of a
    workbook whose others are read elsewhere; by default the one whose headings fit best. Raises
    InputError when the file cannot be read as a table at all.
    """
    known = {plain(heading) for heading in expected}

    def matches(row: list[str]) -> int:
        return len({plain(cell) for cell in row} & known)

    return read_matched_table(path, name, matches, sheet)


def read_matched_table(path: Path, name: str, matches: Matches, sheet: str = "") -> RawTable:
    """Read a table as ``read_table`` does; ``matches`` counts the headings that a row has."""
    file = _read_parts(path, name, matches, is_ledger=False, sheet=sheet)
    part = file.parts[0]
    return RawTable(
        name=name,
        header_row=part.header_row,
        frame=part.frame,
        sha256=file.sha256,
        encoding=part.encoding,
        notes=tuple(file.notes),
        above=tuple(map(in_one_line, part.above)),
    )


def read_ledger_parts(path: Path, name: str, matches: Matches) -> LedgerFile:
    """The tables of a ledger as text: every sheet of a workbook, every table of a zip.

    The header may be two rows, or missing (row 0). Raises InputError when the file cannot be read.
    """
    return _read_parts(path, name, matches, is_ledger=True)


def _read_parts(
    path: Path, name: str, matches: Matches, is_ledger: bool, sheet: str = ""
) -> LedgerFile:
    content = content_of(path, name)
    reader = _TableReader(name, matches, is_ledger, sheet)
    parts = reader.parts(content)
    return LedgerFile(name, hashlib.sha256(content).hexdigest(), parts, reader.notes)


def in_one_line(row: list[str]) -> str:
    """The cells of a row with a space between them."""
    return " ".join(filter(None, map(str.strip, row)))


def content_of(path: Path, name: str) -> bytes:
    """The bytes of a file. Raises InputError when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise file_error("unreadable.not_opened", name, fault=fault.strerror) from None


def workbook_of(path: Path, name: str) -> dict[str, Records]:
    """The sheets of a file that has to be a workbook. Raises InputError when it is none."""
    packed = unpacked(content_of(path, name), name)
    return read_workbook(packed[0].content, name).sheets


class _TableReader:
    """Reads one file, and gathers what it notices in ``notes``."""

    def __init__(self, name: str, matches: Matches, is_ledger: bool, sheet: str = "") -> None:
        self.sheet = sheet
        self.name = name
        self.matches = matches
        self.is_ledger = is_ledger
        self.notes: list[Finding] = []

    def parts(self, content: bytes) -> list[TablePart]:
        """The tables of the file without their blank rows and columns."""
        found: list[TablePart] = []
        for packed in unpacked(content, self.name, many=self.is_ledger):
            found += map(self._tidied, self._parts(packed))
        return found

    def _parts(self, packed: PackedTable) -> Iterator[TablePart]:
        """The tables of a file: a text has one, a workbook's sheets may have more."""
        if not packed.content.startswith((ZIP, OLE)):
            yield self._text_part(packed)
            return
        book = read_workbook(packed.content, self.name)
        if self.sheet in book.sheets:
            book = replace(book, sheets={self.sheet: book.sheets[self.sheet]})
        scores = {sheet: self._score(records) for sheet, records in book.sheets.items()}
        best = max(scores, key=scores.__getitem__)
        for sheet, records in book.sheets.items():
            if not self.is_ledger and sheet != best:
                self._note("other_sheet", None, sheet=sheet, best=best)
                continue
            first, last = self._header(records)
            yield TablePart(
                name=sheet,
                encoding=WORKBOOK,
                above=records[: max(first, 0)],
                header_row=last + 1,
                frame=self._aligned(records, first, last, {}),
                score=scores[sheet],
                is_hidden=sheet in book.hidden,
                is_from_1904=book.is_from_1904,
            )

    def _score(self, records: Records) -> int:
        return max(map(self.matches, records[:TOP]))

    def _text_part(self, packed: PackedTable) -> TablePart:
        decoded = as_utf8(packed.content, self.name)
        if decoded.odd_row:
            self._note_encodings(decoded)
        text = decoded.text
        if not text or text.isspace():
            raise file_error("unreadable.empty", self.name)
        beyond: dict[int, list[str]] = {}
        delimiter = "" if is_json(text) else delimiter_of(text)
        frame = None
        try:
            if delimiter:
                records = first_records(text, delimiter)
            else:
                records = records_of_json(text, self.name)
            first, last = self._header(records)
            if delimiter:
                frame = self._frame_by_pyarrow(text, delimiter, records, first, last)
            if delimiter and frame is None:
                records = all_records(text, delimiter, self.name)
            if frame is None:
                frame = self._aligned(records, first, last, beyond)
        except csv.Error as fault:
            raise file_error("unreadable.value_without_end", self.name, fault=fault) from None
        above = records[: max(first, 0)]
        score = self._score(records)
        return TablePart(packed.name, decoded.encoding, above, last + 1, frame, score, beyond)

    def _note_encodings(self, decoded: DecodedText) -> None:
        encodings = " and ".join(ENCODINGS[one] for one in decoded.encoding.split(" and "))
        self._note("odd_characters", decoded.odd_row, encodings=encodings)

    def _header(self, records: Records) -> tuple[int, int]:
        return find_header(records[:TOP], self.matches, self.name, self.is_ledger)

    def _frame_by_pyarrow(
        self, text: bytes, delimiter: str, records: Records, first: int, last: int
    ) -> pd.DataFrame | None:
        """The table below the header, the quick way; None where that is not safe."""
        above = records[: last + 1]
        # With a line break in a heading, rows of the table and lines of the file differ.
        has_line_breaks = any("\n" in "".join(row) for row in above)
        if has_line_breaks or not above or not above[-1]:
            return None
        frame = body_by_pyarrow(text, len(above[-1]), delimiter, last + 1)
        if frame is None:
            return None
        return frame.set_axis(self._headings(joined_header(records, first, last)), axis=1)

    def _aligned(
        self, records: Records, first: int, last: int, beyond: dict[int, list[str]]
    ) -> pd.DataFrame:
        """Records under their header, short ones filled up, indexed by row.

        Cells under no heading go to ``beyond``, by row; in a table of ours they are a fault.
        """
        first_row = last + 2
        body = records[last + 1 :]
        lengths = list(map(len, body)) or [0]
        header = joined_header(records, first, last) if last >= 0 else [""] * max(lengths)
        width = len(header)
        refuse_wider(width, self.name)
        # Many exports end every row with a comma more; such rows are no fault.
        usual = max(width, median_low(lengths))
        cells = []
        for row, record in enumerate(body, start=first_row):
            if len(record) > usual or "".join(record[width:]).strip():
                beyond[row] = record[width:]
            missing = width - len(record)
            cells.append(record[:width] + [""] * missing)
        if not self.is_ledger:
            for row, more in beyond.items():
                self._note("values_beyond", row, values=width + len(more), headings=width)
        frame = pd.DataFrame(cells, columns=range(width), dtype="str")
        frame.index = pd.RangeIndex(first_row, first_row + len(body))
        return frame.set_axis(self._headings(header), axis=1)

    def _headings(self, header: list[str]) -> list[str]:
        """The headings, each once. In a table of ours one that stands twice is a fault."""
        headings, repeated = unique_headings(header)
        if not self.is_ledger:
            for heading in repeated:
                self._note("heading_twice", None, heading=heading)
        return headings

    def _tidied(self, part: TablePart) -> TablePart:
        """A part without blank rows and columns."""
        if part.above:
            self._note("header_row", part.header_row, rows=len(part.above))
        return replace(part, frame=self._without_blanks(part.frame, part.header_row))

    def _without_blanks(self, frame: pd.DataFrame, header_row: int) -> pd.DataFrame:
        """Drop rows and unheaded columns with nothing in them, and say how many."""
        unheaded = [heading for heading in frame.columns if heading.startswith("(column ")]
        empty = [heading for heading in unheaded if is_blank(frame[heading]).all()]
        if empty:
            self._note("left_out", header_row, empty=counted(len(empty), "empty column"))
        # Column by column, so that after the first few only the rows blank so far are looked at.
        blank = frame
        for heading in frame.columns:
            is_empty = is_blank(blank[heading])
            blank = blank[is_empty] if is_empty.any() else blank.iloc[:0]
        if len(blank):
            first = int(blank.index[0])
            self._note("left_out", first, empty=counted(len(blank), "blank row"))
        if empty or len(blank):
            return frame.drop(columns=empty, index=blank.index)
        return frame

    def _note(self, finding_id: str, row: int | None, **slots: Any) -> None:
        self.notes.append(finding(f"reading.{finding_id}", self.name, row, **slots))

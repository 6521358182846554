"""A file as a council sends it, read as a table of text, with notes of what was noticed.

A file's kind is told by its content, never by its extension. Nothing in it is executed, and nothing
is fetched.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.files.workbooks import Records, sheets
from sv_lib.intake.findings import Finding, counted, file_error, finding

ENDS_OF_EXPORTS = (65_536, 1_048_576)
"""Rows at which a spreadsheet program ends, and takes the rest of an export with it."""
ROUND_EXPORT = 1_000
"""Rows at which many systems end an export unless told otherwise."""
DAY = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
SUM = re.compile(r"\s*[-(]?£?[\d,]+(?:\.\d+)?\)?\s*")
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
    """One table of a file that may have several: a sheet, or a file in a zip."""

    name: str
    encoding: str
    above: Records
    header_row: int
    frame: pd.DataFrame


def read_table(path: Path, name: str, expected: Iterable[str] = ()) -> RawTable:
    """Read a csv, xlsx, xls or ods, or one of those packed.

    The header is the row with most of the ``expected`` headings. Raises InputError when the file
    cannot be read as a table at all.
    """
    known = {plain(heading) for heading in expected}

    def matches(row: list[str]) -> int:
        return len({plain(cell) for cell in row} & known)

    return read_matched_table(path, name, matches)


def read_matched_table(path: Path, name: str, matches: Matches) -> RawTable:
    """Read a table as ``read_table`` does; ``matches`` counts the headings that a row has."""
    return _TableReader(name, matches).table(content_of(path, name))


def read_ledger_table(path: Path, name: str, matches: Matches) -> tuple[RawTable, list[str]]:
    """A ledger as text, and what an analyst must decide.

    The header may be two rows, or missing (row 0). Several sheets, or the tables of a zip, are read
    one below the other where they have the same headings.
    """
    reader = _TableReader(name, matches, is_ledger=True)
    raw = reader.table(content_of(path, name))
    return raw, reader.doubts


def content_of(path: Path, name: str) -> bytes:
    """The bytes of a file. Raises InputError when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise file_error("unreadable.not_opened", name, fault=fault.strerror) from None


def workbook_of(path: Path, name: str) -> dict[str, Records]:
    """The sheets of a file that has to be a workbook. Raises InputError when it is none."""
    packed = unpacked(content_of(path, name), name)
    return sheets(packed[0].content, name)


class _TableReader:
    """Reads one file, and gathers what it notices in ``notes`` and ``doubts``."""

    def __init__(self, name: str, matches: Matches, is_ledger: bool = False) -> None:
        self.name = name
        self.matches = matches
        self.is_ledger = is_ledger
        self.notes: list[Finding] = []
        self.doubts: list[str] = []
        self.above: list[str] = []
        self.begins: list[int] = []

    def table(self, content: bytes) -> RawTable:
        """The file's table; of a ledger in parts, the parts one below the other."""
        parts: list[TablePart] = []
        for packed in unpacked(content, self.name, many=self.is_ledger):
            parts += map(self._tidied, self._parts(packed))
        frame = self._joined(parts) if len(parts) > 1 else parts[0].frame
        encodings = dict.fromkeys(part.encoding for part in parts)
        return RawTable(
            name=self.name,
            header_row=parts[0].header_row,
            frame=frame,
            sha256=hashlib.sha256(content).hexdigest(),
            encoding=" and ".join(encodings),
            notes=tuple(self.notes),
            above=tuple(self.above),
            begins=tuple(self.begins),
        )

    def _parts(self, packed: PackedTable) -> Iterator[TablePart]:
        """The tables of a file: a text has one, a workbook's sheets may have more."""
        if not packed.content.startswith((ZIP, OLE)):
            yield self._text_part(packed)
            return
        for sheet, records in self._chosen_sheets(packed.content).items():
            first, last = self._header(records)
            frame = self._aligned(records, first, last)
            yield TablePart(sheet, "workbook", records[: max(first, 0)], last + 1, frame)

    def _text_part(self, packed: PackedTable) -> TablePart:
        decoded = as_utf8(packed.content, self.name)
        if decoded.odd_row:
            self._note_encodings(decoded)
        text = decoded.text
        if not text or text.isspace():
            raise file_error("unreadable.empty", self.name)
        delimiter = delimiter_of(text)
        try:
            records = first_records(text, delimiter)
            first, last = self._header(records)
            frame = self._frame_by_pyarrow(text, delimiter, records, first, last)
            if frame is None:
                records = all_records(text, delimiter, self.name)
                frame = self._aligned(records, first, last)
        except csv.Error as fault:
            raise file_error("unreadable.value_without_end", self.name, fault=fault) from None
        return TablePart(packed.name, decoded.encoding, records[: max(first, 0)], last + 1, frame)

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

    def _chosen_sheets(self, content: bytes) -> dict[str, Records]:
        """The sheet with most of the expected headings; of a ledger all that have as many."""
        filled = sheets(content, self.name)
        scores = {sheet: max(map(self.matches, rows[:TOP])) for sheet, rows in filled.items()}
        best = max(scores, key=scores.__getitem__)
        most = scores[best]
        chosen = {}
        for sheet, rows in filled.items():
            is_as_good = self.is_ledger and scores[sheet] == most > 0
            if sheet == best or is_as_good:
                chosen[sheet] = rows
            else:
                self._note("other_sheet", None, sheet=sheet, best=best)
                self._ask_of_sheet(sheet, rows[:TOP])
        return chosen

    def _ask_of_sheet(self, sheet: str, top: Records) -> None:
        """Ask about a sheet of a ledger that is not read, though payments seem to stand on it."""
        if self.is_ledger and sum(map(_looks_paid, top)) >= 3:
            self.doubts.append(sentence("sheet_not_read", sheet=sheet))

    def _aligned(self, records: Records, first: int, last: int) -> pd.DataFrame:
        """Records under their header, short ones filled up, indexed by row.

        A filled cell under no heading is a fault.
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
            beyond = "".join(record[width:])
            if len(record) > usual or beyond.strip():
                self._note("values_beyond", row, values=len(record), headings=width)
            missing = width - len(record)
            cells.append(record[:width] + [""] * missing)
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
        """A part without blank rows and columns, and a doubt where it seems to be cut off."""
        if part.above:
            self.above += map(_in_one_line, part.above)
            self._note("header_row", part.header_row, rows=len(part.above))
        frame = self._without_blanks(part.frame, part.header_row)
        self._ask_of_end(part, len(frame))
        return replace(part, frame=frame)

    def _ask_of_end(self, part: TablePart, rows: int) -> None:
        """Ask about a part that ends where programs cut an export off."""
        last_row = int(part.frame.index[-1]) if len(part.frame) else 0
        ends = [end for end in ENDS_OF_EXPORTS if end in (last_row, rows, rows + 1)]
        if rows == ROUND_EXPORT:
            ends.append(ROUND_EXPORT)
        if ends:
            where = f"'{part.name}'" if part.name else "the file"
            self.doubts.append(sentence("cut_off", where=where, rows=ends[0]))

    def _without_blanks(self, frame: pd.DataFrame, header_row: int) -> pd.DataFrame:
        """Drop rows and unheaded columns with nothing in them, and say how many."""
        unheaded = [heading for heading in frame.columns if heading.startswith("(column ")]
        empty = [heading for heading in unheaded if is_blank(frame[heading]).all()]
        if empty:
            self._note("left_out", header_row, empty=counted(len(empty), "empty column"))
        # Column by column, so that after the first few only the rows blank so far are looked at.
        blank = frame
        for heading in frame.columns:
            blank = blank[is_blank(blank[heading])]
        if len(blank):
            first = int(blank.index[0])
            self._note("left_out", first, empty=counted(len(blank), "blank row"))
        if empty or len(blank):
            return frame.drop(columns=empty, index=blank.index)
        return frame

    def _joined(self, parts: list[TablePart]) -> pd.DataFrame:
        """The parts with the same headings, one below the other; their rows are numbered on."""
        headings = {plain(heading): heading for heading in parts[0].frame.columns}
        frames = []
        told = []
        rows = 0
        for part in parts:
            frame = part.frame
            if set(map(plain, frame.columns)) != headings.keys():
                self.doubts.append(sentence("other_headings", part=part.name))
                continue
            frame = frame.rename(columns=lambda heading: headings[plain(heading)])
            frame = frame[list(headings.values())]
            frames.append(frame.set_axis(frame.index + rows))
            told.append(f"'{part.name}' from row {rows + part.header_row + 1}")
            self.begins.append(rows)
            rows += int(frame.index[-1]) if len(frame) else part.header_row
        self._note("parts", None, count=len(told), parts=", ".join(told))
        return pd.concat(frames)

    def _note(self, finding_id: str, row: int | None, **slots: Any) -> None:
        self.notes.append(finding(f"reading.{finding_id}", self.name, row, **slots))


def _in_one_line(row: list[str]) -> str:
    return " ".join(filter(None, map(str.strip, row)))


def _looks_paid(row: list[str]) -> bool:
    """Whether a row has a day in one cell and an amount in another."""
    return any(DAY.match(cell) for cell in row) and any(SUM.fullmatch(cell) for cell in row)

"""A file as a council sends it -> a table of text, and what was noticed on the way.

What a file is is told by its content, never by its extension. Nothing in it is executed, and
nothing is fetched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median_low

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from sv_lib.errors import InputError
from sv_lib.intake.files.cells import is_blank
from sv_lib.intake.files.unpacking import (
    OLE,
    TOP,
    ZIP,
    Records,
    as_utf8,
    delimiter_of,
    sheets,
    unpacked,
)
from sv_lib.intake.findings import Finding, Severity, counted

WIDEST = 2_000
"""Columns of a table; time grows with their square, and no ledger has a tenth of them."""
BLOCK = 8 * 1024**2
"""Bytes that are read at a time, and stay together in memory."""
SHEET_ENDS = (65_536, 1_048_576)
"""Rows at which a spreadsheet program ends, and takes the rest of an export with it."""
DAY, SUM = (
    re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}"),
    re.compile(r"\s*[-(]?£?[\d,]+(?:\.\d+)?\)?\s*"),
)
Matches = Callable[[list[str]], int]
"""How many of the headings looked for a row has."""


@dataclass(frozen=True)
class RawTable:
    """A file as text. ``frame``: a column of text for each heading, indexed by the row that a
    spreadsheet shows.

    A record with a line break inside quotes is one row, as in a spreadsheet; a blank line is a row
    too.
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
class _Part:
    """A table of a file that may have several: a sheet, a file in a zip."""

    name: str
    encoding: str
    header_row: int
    frame: pd.DataFrame


def read_table(path: Path, name: str, expected: Iterable[str] = ()) -> RawTable:
    """Read a csv, xlsx, xls or ods, or one of those packed. ``expected`` headings help to find the
    header.

    Raises InputError when the file cannot be read as a table at all.
    """
    known = {plain(heading) for heading in expected}
    return _Reader(name, lambda row: len({plain(cell) for cell in row} & known)).table(
        content_of(path, name)
    )


def read_ledger_table(path: Path, name: str, matches: Matches) -> tuple[RawTable, list[str]]:
    """A ledger as text, and what an analyst must decide. The header may be two rows, or missing
    (row
    0).

    A zip of several tables, or several sheets, with the same headings are read one below the other.
    """
    reader = _Reader(name, matches, is_ledger=True)
    return reader.table(content_of(path, name)), reader.doubts


def content_of(path: Path, name: str) -> bytes:
    """The bytes of a file. Raises InputError when it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as fault:
        found = f"it cannot be opened ({fault.strerror})"
        raise _refusal(name, found, "close it elsewhere, or ask for access") from None


class _Reader:
    """Reads one file and gathers what it notices."""

    def __init__(self, name: str, matches: Matches, is_ledger: bool = False) -> None:
        self.name, self.matches, self.is_ledger = name, matches, is_ledger
        self._refusal = partial(_refusal, name)
        self.notes: list[Finding] = []
        self.doubts: list[str] = []
        self.above: list[str] = []
        self.begins: list[int] = []

    def table(self, content: bytes) -> RawTable:
        """The file's table, whatever kind of file it is; of a ledger in parts, the parts one below
        the
        other.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        packed = unpacked(content, self._refusal, many=self.is_ledger)
        parts = [part for member, held in packed for part in self._parts(member, held)]
        frame = self._joined(parts) if len(parts) > 1 else parts[0].frame
        encoding = " and ".join(dict.fromkeys(part.encoding for part in parts))
        told = tuple(self.notes), tuple(self.above), tuple(self.begins)
        return RawTable(self.name, parts[0].header_row, frame, sha256, encoding, *told)

    def _parts(self, name: str, content: bytes) -> Iterator[_Part]:
        """The tables of a file or of a part of one: a text has one, a workbook's sheets may have
        more.
        """
        if content.startswith((ZIP, OLE)):
            for sheet, records in self._sheets(content).items():
                first, last = self._header(records)
                yield self._part(
                    sheet,
                    "workbook",
                    records[: max(first, 0)],
                    last,
                    self._aligned(records, first, last),
                )
            return
        text, encoding, row = as_utf8(content, self._refusal)
        if row:
            named = {
                "cp1252": "Windows-1252, which an older Excel saves",
                "cp437": "DOS text",
                "UTF-8": "UTF-8",
            }
            old = " and ".join(named[one] for one in encoding.split(" and "))
            problem = f"the file was read as {old}; a name may look odd"
            self._say(
                "warn",
                row,
                "characters that are not UTF-8",
                problem,
                "save it from Excel as 'CSV UTF-8'",
            )
        yield self._part(name, encoding, *self._csv(text))

    def _part(
        self, name: str, encoding: str, above: Records, last: int, frame: pd.DataFrame
    ) -> _Part:
        """One table, without what is blank. ``above``: the rows above its header; ``last``: the
        header's last.
        """
        if above:
            self.above += [" ".join(filter(None, map(str.strip, row))) for row in above]
            self._say(
                "note",
                last + 1,
                "the header is on this row",
                f"{counted(len(above), 'row')} above it set aside",
            )
        ends_at = int(frame.index[-1]) if len(frame) else 0
        frame = self._without_blanks(frame, last + 1)
        cut = [end for end in SHEET_ENDS if end in (ends_at, len(frame), len(frame) + 1)]
        if cut or len(frame) == 1000:
            where = f"'{name}'" if name else "the file"
            self.doubts.append(
                f"{where} has exactly {cut[0] if cut else 1000:,} rows: was the export "
                f"cut off there?"
            )
        return _Part(name, encoding, last + 1, frame)

    def _joined(self, parts: list[_Part]) -> pd.DataFrame:
        """The parts that have the same headings, one below the other; their rows are numbered
        on.
        """
        headings = {plain(heading): heading for heading in parts[0].frame.columns}
        frames, told, rows = [], [], 0
        for part in parts:
            if {plain(heading) for heading in part.frame.columns} != set(headings):
                asked = (
                    "has other headings, and was not read: is it part of the ledger? Save "
                    "it as a file of its own"
                )
                self.doubts.append(f"'{part.name}' {asked}")
                continue
            frame = part.frame.rename(columns=lambda heading: headings[plain(heading)])[
                list(headings.values())
            ]
            told.append(f"'{part.name}' from row {rows + part.header_row + 1}")
            self.begins.append(rows)
            frames.append(frame.set_axis(frame.index + rows))
            rows += int(part.frame.index[-1]) if len(part.frame) else part.header_row
        problem = (
            "they have the same headings, so they are one table; its rows are numbered on "
            "from part to part"
        )
        self._say("note", None, f"{counted(len(told), 'part')}: {', '.join(told)}", problem)
        return pd.concat(frames)

    def _csv(self, text: bytes) -> tuple[Records, int, pd.DataFrame]:
        """The rows above the header, its last row, and the table under it: by pyarrow where that is
        safe.
        """
        if not text or text.isspace():
            raise self._refusal(
                "the file is empty", "export it again, or take it out of the parameters"
            )
        delimiter = delimiter_of(text)
        try:
            top = io.StringIO(text[: 1024**2].decode(errors="ignore"))
            head = list(islice(csv.reader(top, delimiter=delimiter), TOP))
            first, last = self._header(head)
            if (
                last >= 0
                and head[last]
                and not any("\n" in cell for row in head[: last + 1] for cell in row)
            ):
                body = _fast(text, len(head[last]), delimiter, last + 1)
                if body is not None:
                    headings = self._headings(_joined(head, first, last))
                    return head[: max(first, 0)], last, body.set_axis(headings, axis=1)
            records = list(
                csv.reader(io.StringIO(text.decode().rstrip()), delimiter=delimiter)
            ) or [[""]]
        except csv.Error as fault:
            raise self._refusal(
                f"a value has no end ({fault})", "look for a quotation mark left open"
            ) from None
        if text.count(b'"') % 2 and "\n" in "".join(records[-1]):
            found = (
                f"a quotation mark opened on row {len(records)} is never closed, so all "
                f"after it is one value"
            )
            raise self._refusal(found, "close or remove the quotation mark")
        return records[: max(first, 0)], last, self._aligned(records, first, last)

    def _sheets(self, content: bytes) -> dict[str, Records]:
        """The sheet with most of the expected headings; of a ledger all that have as many."""
        filled = sheets(content, self._refusal)
        score = {
            name: max(self.matches(row) for row in rows[:TOP]) for name, rows in filled.items()
        }
        best = max(filled, key=lambda name: score[name])
        chosen = {
            name
            for name in filled
            if name == best or (self.is_ledger and score[name] == score[best] > 0)
        }
        for other in [name for name in filled if name not in chosen]:
            self._say("note", None, f"sheet '{other}'", f"only sheet '{best}' was read")
            if self.is_ledger and sum(map(_looks_paid, filled[other][:TOP])) >= 3:
                asked = "holds dates and amounts too, under other headings or none"
                self.doubts.append(
                    f"sheet '{other}' {asked}: is it part of the ledger? Save it as a "
                    f"file of its own"
                )
        return {name: rows for name, rows in filled.items() if name in chosen}

    def _header(self, records: Records) -> tuple[int, int]:
        """First and last row of the header: the row with the most expected headings, or two that
        have
        more together.

        When none has any: the first row that is not blank; of a ledger -1, for it has no header.
        """
        top = records[:TOP]
        if (widest := max(map(len, top))) > WIDEST:
            raise self._refusal(
                f"a row has {widest:,} values", f"export it again with at most {WIDEST:,} columns"
            )
        best = max(
            range(len(top)),
            key=lambda at: (self.matches(top[at]), any(cell.strip() for cell in top[at])),
        )
        if not self.is_ledger:
            return best, best
        pairs = [at for at in range(len(top) - 1) if self._is_pair(top[at], top[at + 1])]
        pair = max(pairs, key=lambda at: self.matches(_joined(top, at, at + 1)), default=best)
        if pair in pairs and self.matches(_joined(top, pair, pair + 1)) > self.matches(top[best]):
            return pair, pair + 1
        return (best, best) if self.matches(top[best]) >= 2 else (-1, -1)

    def _is_pair(self, upper: list[str], lower: list[str]) -> bool:
        """Whether two rows could be one header: both have words, and neither has a figure."""
        has_words = all(any(cell.strip() for cell in row[1:]) for row in (upper, lower))
        return has_words and not re.search(r"\d", "".join((*upper, *lower)))

    def _aligned(self, records: Records, header_first: int, header_last: int) -> pd.DataFrame:
        """Records under their header; short ones are filled up, and a filled cell under no heading
        is
        a fault.
        """
        body, first = records[header_last + 1 :], header_last + 2
        lengths = [len(record) for record in body] or [0]
        width = len(records[header_last]) if header_last >= 0 else max(lengths)
        usual = max(width, median_low(lengths))
        for number, record in enumerate(body, start=first):
            if len(record) > usual or any(cell.strip() for cell in record[width:]):
                problem = "a comma inside a value moves every value after it into the wrong column"
                remedy = "put the value in quotation marks, or save the file from a spreadsheet"
                self._say(
                    "stop", number, f"{len(record)} values under {width} headings", problem, remedy
                )
        if width > WIDEST:
            raise self._refusal(
                f"a row has {width:,} values", f"export it again with at most {WIDEST:,} columns"
            )
        cells = [record[:width] + [""] * (width - len(record)) for record in body]
        frame = pd.DataFrame(
            cells, index=range(first, first + len(body)), columns=range(width), dtype="str"
        )
        header = _joined(records, header_first, header_last) if header_last >= 0 else []
        return frame.set_axis(self._headings(header + [""] * (width - len(header))), axis=1)

    def _headings(self, header: list[str]) -> list[str]:
        """The headings, trimmed and each once: one that is blank or repeated gets the column's
        letter.
        """
        headings: list[str] = []
        for at, heading in enumerate(" ".join(cell.split()) for cell in header):
            if heading and heading in headings and not self.is_ledger:
                problem, remedy = (
                    "it is not clear which of the columns is meant",
                    "rename or remove one of them",
                )
                self._say("stop", None, f"the heading '{heading}' stands twice", problem, remedy)
            lettered = f"{heading} (column {_letter(at)})".strip()
            headings.append(heading if heading and heading not in headings else lettered)
        return headings

    def _without_blanks(self, frame: pd.DataFrame, header_row: int) -> pd.DataFrame:
        """Drop rows and unheaded columns with nothing in them, and say how many."""
        empty = [c for c in frame.columns if c.startswith("(column ") and is_blank(frame[c]).all()]
        problem = "there is nothing there, so it is left out"
        if empty:
            self._say("note", header_row, counted(len(empty), "empty column"), problem)
        blank = frame
        for column in frame.columns:
            blank = blank[is_blank(blank[column])]
        if len(blank):
            self._say("note", int(blank.index[0]), counted(len(blank), "blank row"), problem)
        if empty or len(blank):
            frame = frame.drop(columns=empty, index=blank.index)
        return frame

    def _say(
        self,
        severity: Severity,
        row: int | None,
        found: str,
        problem: str,
        remedy: str = "nothing to do",
    ) -> None:
        self.notes.append(Finding(severity, self.name, row, "", found, problem, remedy))


def _refusal(name: str, found: str, remedy: str) -> InputError:
    return InputError(
        name, found, "a file that cannot be read would leave its rows out of every total", remedy
    )


def _looks_paid(row: list[str]) -> bool:
    """Whether a row has a day in one cell and an amount in another."""
    return any(DAY.match(cell) for cell in row) and any(SUM.fullmatch(cell) for cell in row)


def _joined(records: Records, first: int, last: int) -> list[str]:
    """The headings of a header of one row, or of two: the words above and below each other."""
    if first == last:
        return records[last]
    width = max(len(records[first]), len(records[last]))
    rows = [records[at] + [""] * (width - len(records[at])) for at in (first, last)]
    return [" ".join(pair).strip() for pair in zip(*rows, strict=True)][: len(records[last])]


def _fast(text: bytes, width: int, delimiter: str, skip: int) -> pd.DataFrame | None:
    """The body by pyarrow. None where its rows would not be the file's: ragged, blank lines, line
    breaks in quotes.
    """
    names = [str(position) for position in range(width)]
    end = len(text) - len(text[-1024:]) + len(text[-1024:].rstrip())
    has_quotes = b'"' in text
    try:
        table = pa.csv.read_csv(
            pa.BufferReader(pa.py_buffer(text).slice(0, end)),
            pa.csv.ReadOptions(column_names=names, skip_rows=skip, block_size=BLOCK),
            pa.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=has_quotes, ignore_empty_lines=width == 1
            ),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
            # Arrow's own pool took longer to ask for the memory than to read.
            pa.system_memory_pool(),
        )
    except pa.ArrowInvalid:
        return None
    if (has_quotes or width == 1) and table.num_rows != text.count(b"\n", 0, end) + 1 - skip:
        return None
    frame: pd.DataFrame = table.to_pandas()
    return frame.set_axis(pd.RangeIndex(skip + 1, len(frame) + skip + 1))


def plain(heading: str) -> str:
    """A heading without case and padding, to compare it by."""
    return " ".join(heading.lower().split())


def _letter(position: int) -> str:
    """A spreadsheet's letter for a column: 0 is A, 26 is AA."""
    return (_letter(position // 26 - 1) if position >= 26 else "") + chr(ord("A") + position % 26)

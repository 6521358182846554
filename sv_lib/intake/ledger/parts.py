"""Which sheets of a workbook or tables of a zip are the ledger, and by which layout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sv_lib.intake.files.delimited import TOP
from sv_lib.intake.files.headers import bare
from sv_lib.intake.files.readers import WORKBOOK, LedgerFile, TablePart
from sv_lib.intake.findings import Finding, finding
from sv_lib.intake.ledger.headings import is_heading_of
from sv_lib.intake.ledger.layout import Layout
from sv_lib.intake.ledger.questions import Question, ask

ENDS_OF_EXPORTS = (65_536, 1_048_576)
"""Rows at which a spreadsheet program ends, and takes the rest of an export with it."""
ROUND_EXPORT = 1_000
"""Rows at which many systems end an export unless told otherwise."""
DAY = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
SUM = re.compile(r"\s*[-(]?£?[\d,]+(?:\.\d+)?\)?\s*")
DECISIVE = ("paid_on", "amount", "supplier_name")
"""Columns that a sheet may not have more or less than another, to be of one table with it."""
LEAST = 3
"""Rows with a day and an amount from which a sheet without a header seems to hold payments."""


@dataclass(frozen=True)
class Section:
    """Parts that one layout reads, one below the other; None where it has to be guessed.

    ``cells``: text under the file's headings. ``beyond``, ``is_from_1904``: as in ``TablePart``.
    """

    layout: Layout | None
    cells: pd.DataFrame
    header_row: int
    beyond: dict[int, list[str]]
    is_from_1904: bool


@dataclass
class SortedParts:
    """The sections of a ledger, its parts that are read, and what was asked and found on the way.

    ``begins``: the rows before each part.
    """

    sections: list[Section] = field(default_factory=list)
    read: list[TablePart] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def sort_parts(file: LedgerFile, layouts: Sequence[Layout]) -> SortedParts:
    """Decide of every part whether it is read, and by which layout; ask where that is not sure."""
    found = SortedParts()
    candidates = _candidates(file, found)
    main = max(candidates, key=lambda part: (not part.is_hidden, part.score))
    named = {sheet for layout in layouts for sheet in layout.sheets}
    chosen: list[tuple[TablePart, Layout | None]] = []
    for part in _chosen(file, candidates, named, found) or [main]:
        layout = max(layouts, key=lambda one: _fit(one, part)) if layouts else None
        if part is main or _is_read_by(layout, part, main):
            chosen.append((part, layout))
            continue
        question = "other_headings" if part.header_row else "sheet_not_read"
        if part.name in named:
            question = "no_layout_fits"
        found.questions.append(ask(question, part=part.name))
    numbered = []
    rows = 0
    for part, layout in chosen:
        found.questions += _ask_of_end(part)
        numbered.append((layout, part, rows))
        found.read.append(part)
        found.begins.append(rows)
        rows += int(part.frame.index[-1]) if len(part.frame) else part.header_row
    found.sections = list(_sections(numbered))
    _note_parts(file, found)
    return found


def _candidates(file: LedgerFile, found: SortedParts) -> list[TablePart]:
    """The parts that may be payments: those with the most headings, and those that look paid."""
    best = max(file.parts, key=lambda part: part.score)
    candidates = []
    for part in file.parts:
        is_as_good = part.score == best.score > 0
        is_text = part.encoding != WORKBOOK
        if part is best or is_as_good or is_text or _looks_paid(part):
            candidates.append(part)
        else:
            found.findings.append(_other_sheet(file, part, best))
    return candidates


def _other_sheet(file: LedgerFile, part: TablePart, best: TablePart) -> Finding:
    return finding("reading.other_sheet", file.name, sheet=part.name, best=best.name)


def _looks_paid(part: TablePart) -> bool:
    """Whether rows have a day in one cell and an amount in another: one under a header, or more."""
    paid = 0
    for row in part.frame.head(TOP).to_numpy().tolist():
        has_day = any(DAY.match(cell) for cell in row)
        paid += has_day and any(SUM.fullmatch(cell) for cell in row)
    return paid >= (1 if part.header_row else LEAST)


def _chosen(
    file: LedgerFile, candidates: list[TablePart], named: set[str], found: SortedParts
) -> list[TablePart]:
    """The parts that a layout names; where none does, all that are not hidden."""
    gone = named - {part.name for part in file.parts}
    if gone:
        found.questions.append(ask("sheet_gone", sheets=", ".join(sorted(gone))))
    chosen = []
    for part in candidates:
        if part.name in named or not (named or part.is_hidden):
            chosen.append(part)
        elif named:
            left_out = finding("ledger.sheet_left_out", file.name, sheet=part.name)
            found.findings.append(left_out)
        else:
            found.questions.append(ask("hidden_sheet", part=part.name))
    return chosen


def _fit(layout: Layout, part: TablePart) -> tuple[bool, int]:
    """Whether all columns of a layout are there, and how many are."""
    headings = set(map(bare, part.frame.columns))
    there = [theirs for theirs in layout.columns.values() if bare(theirs) in headings]
    return len(there) == len(layout.columns), len(there)


def _is_read_by(layout: Layout | None, part: TablePart, main: TablePart) -> bool:
    """Whether a part has all columns of its layout; where there is none, those of the main part.

    It may have other columns more or less, if none of them is a day, an amount or a supplier.
    """
    if layout:
        is_whole, _ = _fit(layout, part)
        return is_whole
    theirs = {bare(heading): heading for heading in part.frame.columns}
    ours = {bare(heading): heading for heading in main.frame.columns}
    headings = theirs | ours
    different = [headings[key] for key in theirs.keys() ^ ours.keys()]
    is_known = any(is_heading_of(one, heading) for heading in different for one in DECISIVE)
    return bool(part.header_row or not main.header_row) and not is_known


def _ask_of_end(part: TablePart) -> Iterator[Question]:
    """Ask about a part that ends where programs cut an export off."""
    frame = part.frame
    rows = len(frame)
    last_row = int(frame.index[-1]) if rows else 0
    ends = [end for end in ENDS_OF_EXPORTS if end in (last_row, rows, rows + 1)]
    if rows == ROUND_EXPORT:
        ends.append(ROUND_EXPORT)
    if ends:
        where = f"'{part.name}'" if part.name else "the file"
        yield ask("cut_off", where=where, rows=ends[0])


def _sections(numbered: list[tuple[Layout | None, TablePart, int]]) -> Iterator[Section]:
    """The parts of each layout, one below the other; rows are numbered on from part to part."""
    by_layout: dict[int, list[tuple[Layout | None, TablePart, int]]] = {}
    for entry in numbered:
        by_layout.setdefault(id(entry[0]), []).append(entry)
    for entries in by_layout.values():
        layout, first, _ = entries[0]
        frames = []
        beyond: dict[int, list[str]] = {}
        for _, part, before in entries:
            frames.append(_under(list(first.frame.columns), part.frame, before))
            beyond |= {row + before: cells for row, cells in part.beyond.items()}
        cells = pd.concat(frames) if len(frames) > 1 else frames[0]
        is_from_1904 = any(part.is_from_1904 for _, part, _ in entries)
        yield Section(layout, cells, first.header_row, beyond, is_from_1904)


def _under(headings: list[str], frame: pd.DataFrame, before: int) -> pd.DataFrame:
    """A part under the headings of the first one; a column that it lacks is blank."""
    if list(frame.columns) == headings and not before:
        return frame
    by_key = {bare(heading): heading for heading in reversed(list(frame.columns))}
    theirs = [by_key.get(bare(heading), heading) for heading in headings]
    below = frame.reindex(columns=theirs, fill_value="").set_axis(headings, axis=1)
    return below.set_axis(frame.index + before)


def _note_parts(file: LedgerFile, found: SortedParts) -> None:
    """Say where each part begins, if there are several."""
    if len(found.read) < 2:
        return
    told = [
        f"'{part.name}' from row {before + part.header_row + 1}"
        for part, before in zip(found.read, found.begins, strict=True)
    ]
    note = finding("reading.parts", file.name, count=len(told), parts=", ".join(told))
    found.findings.append(note)

"""Reads a council's ledger, by its layout or a guess: what of it are payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.headers import bare
from sv_lib.intake.files.readers import LedgerFile, RawTable, in_one_line, read_ledger_parts
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.findings import finding
from sv_lib.intake.ledger.guessing import guess
from sv_lib.intake.ledger.headings import HEADINGS, headings_known
from sv_lib.intake.ledger.layout import NEEDED, Layout
from sv_lib.intake.ledger.ledger import Excluded, Ledger
from sv_lib.intake.ledger.our_columns import take_columns
from sv_lib.intake.ledger.parts import SortedParts, sort_parts
from sv_lib.intake.ledger.questions import ask_of_parts, ask_of_unit_above, ask_of_unread
from sv_lib.intake.ledger.rows_aside import set_rows_aside

ALL_HEADINGS = 1_000
"""How good a header is that has every heading of a layout, however many those are."""
MANY_NIL = 10
"""Rows of words that a nil return may have."""


def read_ledger(path: Path, name: str, layouts: Sequence[Layout] = ()) -> Ledger:
    """Read a ledger, each sheet by the layout that fits it; by a guess when there is no layout.

    The same is asked with and without a layout. Raises InputError when the file cannot be read as a
    table at all.
    """
    wanted = [set(map(bare, layout.columns.values())) for layout in layouts]

    def matches(row: list[str]) -> int:
        if not wanted:
            return headings_known(row)
        cells = set(map(bare, row))
        return max(_matched(cells, headings) for headings in wanted)

    file = read_ledger_parts(path, name, matches)
    parts = sort_parts(file, layouts)
    ledger = _unread_ledger(file, parts)
    if says_nil(ledger.raw):
        return _nil(ledger)
    foreign = _take_sections(ledger, parts)
    ledger.questions += ask_of_unit_above(ledger.raw)
    columns = set(ledger.raw.columns)
    if set(NEEDED) <= columns:
        if not ledger.raw.frame.empty:
            set_rows_aside(ledger)
        if foreign:
            _leave_out(ledger, foreign)
        ledger.questions += ask_of_parts(ledger.raw)
    if "amount" in columns:
        ledger.questions += ask_of_unread(ledger.raw.frame["amount"])
    ledger.questions = [
        question
        for question in dict.fromkeys(ledger.questions)
        if not any(question.is_settled(layout, name) for layout in ledger.layouts)
    ]
    return ledger


def _matched(cells: set[str], headings: set[str]) -> int:
    """How many headings of a layout stand in a row."""
    return ALL_HEADINGS if headings <= cells else len(cells & headings)


def _unread_ledger(file: LedgerFile, parts: SortedParts) -> Ledger:
    """The file as text, its parts one below the other."""
    frames = [section.cells for section in parts.sections]
    cells = frames[0]
    if len(frames) > 1:
        cells = pd.concat(frames).fillna("").sort_index()
    raw = RawTable(
        name=file.name,
        header_row=parts.read[0].header_row,
        frame=cells,
        sha256=file.sha256,
        encoding=" and ".join(dict.fromkeys(part.encoding for part in parts.read)),
        notes=(*file.notes, *parts.findings),
        above=tuple(in_one_line(row) for part in parts.read for row in part.above),
        begins=tuple(parts.begins),
    )
    return Ledger(raw, cells, questions=parts.questions)


def says_nil(raw: RawTable) -> bool:
    """Whether a file says in words that there were no payments, and holds no amount."""
    if len(raw.frame) > MANY_NIL:
        return False
    rows = raw.frame.to_numpy().tolist()
    cells = pd.Series([cell for row in rows for cell in row], dtype="str")
    is_day = ledger_days(cells).values.notna()
    has_amount = ledger_pence(cells).values.fillna(0).ne(0) & ~is_day
    texts = map(in_one_line, rows or [list(raw.above)])
    return not has_amount.any() and any(map(HEADINGS.nil.search, texts))


def _nil(ledger: Ledger) -> Ledger:
    """A ledger of no payments; every row of it is left out."""
    reason = sentence("nil")
    ledger.excluded = [Excluded(int(str(row)), reason, 0) for row in ledger.cells.index]
    ledger.findings.append(finding("ledger.nil", ledger.raw.name))
    ledger.is_nil = True
    none = pd.DataFrame(columns=list(NEEDED), dtype="str")
    ledger.raw = replace(ledger.raw, frame=none)
    return ledger


def _take_sections(ledger: Ledger, parts: SortedParts) -> dict[int, str]:
    """Put every section under our names; returns which rows are not in pounds, and why."""
    name = ledger.raw.name
    frames = []
    foreign: dict[int, str] = {}
    for section in parts.sections:
        layout = section.layout
        if layout is None:
            guessed = guess(section.cells)
            layout = guessed.layout
            ledger.confidence = guessed.confidence
            ledger.questions += guessed.questions
        payments = take_columns(section, layout, name)
        ledger.layouts.append(layout)
        ledger.questions += payments.questions
        ledger.findings += payments.findings
        frames.append(payments.frame)
        if layout.currency:
            foreign |= payments.foreign
    frame = frames[0]
    if len(frames) > 1:
        frame = pd.concat(frames).fillna("").sort_index()
    ledger.raw = replace(ledger.raw, frame=frame)
    return foreign


def _leave_out(ledger: Ledger, reasons: Mapping[int, str]) -> None:
    """Take rows out of the payments. ``reasons``: row of the file -> why."""
    frame = ledger.raw.frame
    rows = frame[frame.index.isin(list(reasons))]
    pence = ledger_pence(rows["amount"]).values.fillna(0)
    for row in rows.index:
        ledger.excluded.append(Excluded(int(row), reasons[row], int(pence[row])))
    ledger.raw = replace(ledger.raw, frame=frame.drop(index=rows.index))

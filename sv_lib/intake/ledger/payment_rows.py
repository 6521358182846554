"""A council's ledger, by its layout or a guess: which of its rows are payments, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median_high

import numpy as np
import pandas as pd

from sv_lib.intake.files.amounts import Mask, Pence
from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.dates import exchanged, period_end
from sv_lib.intake.files.delimited import TOP
from sv_lib.intake.files.headers import bare
from sv_lib.intake.files.readers import LedgerFile, RawTable, in_one_line, read_ledger_parts
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.findings import Finding, finding, in_pounds
from sv_lib.intake.ledger.guessing import guess
from sv_lib.intake.ledger.headings import HEADINGS, headings_known, is_heading_of
from sv_lib.intake.ledger.layout import NEEDED, Layout
from sv_lib.intake.ledger.our_columns import take_columns
from sv_lib.intake.ledger.parts import SortedParts, sort_parts
from sv_lib.intake.ledger.questions import (
    Question,
    ask,
    ask_of_parts,
    ask_of_unit_above,
    ask_of_unread,
)
from sv_lib.intake.ledger.totals import find_totals, may_be_totals, says_total

HIDDEN = HEADINGS.hidden.cells
ALL_HEADINGS = 1_000
"""How good a header is that has every heading of a layout, however many those are."""
YEAR = pd.Timedelta(days=366)
MONTH = pd.Timedelta(days=31)
EDGE = 0.05
WIDE_EDGE = 0.2
"""The share of rows at each end whose days are not the usual ones; of a short ledger, more."""
MANY_NIL = 10
"""Rows of words that a nil return may have."""
MANY = 5_000
"""Rows without a date that are looked at one by one; a file with more is in doubt anyway."""


@dataclass(frozen=True)
class Excluded:
    """A row that is not a payment, and why. ``pence``: what it would have added to the total."""

    row: int
    reason: str
    pence: int


@dataclass
class Ledger:
    """A ledger as read. ``raw``: its payments as text under our names.

    ``cells``: every row that holds anything, under the file's headings. ``layouts``: one for each
    section. ``questions``: what an analyst must decide. ``is_nil``: it says that there are none.
    """

    raw: RawTable
    cells: pd.DataFrame
    layouts: list[Layout] = field(default_factory=list)
    confidence: float = 1.0
    questions: list[Question] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_nil: bool = False

    @property
    def layout(self) -> Layout:
        """The layout of its first section; of a nil return, one without columns."""
        return self.layouts[0] if self.layouts else Layout(columns={}, vat_basis="not known")

    @property
    def columns(self) -> dict[str, str]:
        """Our column -> the headings it is read from."""
        headings: dict[str, list[str]] = {}
        for layout in self.layouts:
            for ours, theirs in layout.columns.items():
                headings.setdefault(ours, []).append(theirs)
        return {ours: " or ".join(dict.fromkeys(theirs)) for ours, theirs in headings.items()}


@dataclass(frozen=True)
class Reading:
    """How a file was read: where its headings stand.

    Of a ledger also which of them is which of our columns, and how sure a guess is; None when a
    person confirmed it.
    """

    file: str
    encoding: str
    header_row: int
    columns: Mapping[str, str] = field(default_factory=dict)
    vat_basis: str = ""
    confidence: float | None = None


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
            _set_rows_aside(ledger)
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


def reading(raw: RawTable, ledger: Ledger | None, is_guess: bool) -> Reading:
    """How a file was read; of a ledger, its layout too."""
    read = Reading(raw.name, raw.encoding, raw.header_row)
    if ledger is None:
        return read
    confidence = ledger.confidence if is_guess else None
    vat_basis = ledger.layout.vat_basis
    return replace(read, columns=ledger.columns, vat_basis=vat_basis, confidence=confidence)


def as_findings(ledger: Ledger, is_guess: bool) -> list[Finding]:
    """What was decided of a ledger, what was taken out, and what is left to decide."""
    name = ledger.raw.name
    told = list(ledger.findings)
    if is_guess and not ledger.is_nil:
        columns = ledger.layout.columns
        decided = ", ".join(f"{ours} from '{theirs}'" for ours, theirs in columns.items())
        header_row = ledger.raw.header_row
        guessed = finding(
            "ledger.guessed", name, header_row, decided=decided, sure=ledger.confidence
        )
        told.append(guessed)
    answers = {key: said for layout in ledger.layouts for key, said in layout.answers.items()}
    if answers:
        given = "; ".join(f"{key}: {said}" for key, said in answers.items())
        told.append(finding("ledger.answered", name, answers=given))
    file = Path(name).name
    accepted = [words for one in ledger.layouts for words in one.accepted.get(file, ())]
    told += [finding("ledger.accepted", name, question=words) for words in accepted]
    for question in ledger.questions:
        line = question.line.strip() or f'accepted: {{{file}: ["{question.words}"]}}'
        told.append(finding("ledger.question", name, question=question.words, line=line))
    for row in ledger.excluded:
        pence = f"{in_pounds(row.pence)}, " if row.pence else ""
        left_out = finding("ledger.excluded", name, row.row, pence=pence, reason=row.reason)
        told.append(left_out)
    return told


def _set_rows_aside(ledger: Ledger) -> None:
    """Take out totals and rows with neither an amount nor a date; doubt what cannot be told."""
    frame = ledger.raw.frame
    name = ledger.raw.name
    paid_on = frame["paid_on"]
    # A ledger of a million rows has a few hundred days: each distinct text is read once.
    counts = paid_on.value_counts(sort=False)
    texts = counts.index.tolist()
    days = ledger_days(counts.index.to_series()).values
    ledger.findings += _odd_days(paid_on, days, counts, name)
    periods = [text for text in texts if period_end(text.strip())]
    if periods:
        note = finding("ledger.periods", name, None, "paid_on", example=periods[0])
        ledger.findings.append(note)
    dated = days.index[days.notna()]
    undated = (~paid_on.isin(dated)).to_numpy()
    places = np.flatnonzero(undated | may_be_totals(frame, ledger.cells))
    if len(places):
        _judge(ledger, places, undated)
    if undated.any() and not ledger.questions:
        ledger.questions += _ask_of_undated(ledger.raw.frame["paid_on"], dated)


def _ask_of_undated(texts: pd.Series, dated: pd.Index) -> Iterator[Question]:
    """Where more than one payment in twenty has a day that cannot be read."""
    undated = texts[~texts.isin(dated)]
    odd = undated[undated.str.strip() != ""]
    rows = len(texts)
    if len(odd) > 0.05 * rows:
        yield ask("undated_rows", count=len(odd), rows=rows, example=odd.iloc[0])


def _odd_days(texts: pd.Series, days: pd.Series, counts: pd.Series, name: str) -> Iterator[Finding]:
    """Days more than a year from nearly all others, and days that fit the other way round.

    ``days``, ``counts``: by text.
    """
    dated = pd.DataFrame({"day": days, "rows": counts}).dropna().sort_values("day")
    day = dated["day"]
    first, last = _usual_days(dated, EDGE)
    is_far = ~day.between(first - YEAR, last + YEAR)
    # The fourth of September in a ledger of April is the ninth of April, written month first.
    early, late = _usual_days(dated, WIDE_EDGE)
    other_way = ledger_days(dated.index.to_series().map(exchanged).astype("str")).values
    is_in_place = day.between(early - MONTH, late + MONTH)
    fits = other_way.between(early - MONTH, late + MONTH) & (late - early < 4 * MONTH)
    kinds = {"ledger.swapped_day": fits & ~is_in_place, "ledger.far_day": is_far & ~fits}
    for finding_id, is_odd in kinds.items():
        odd = dated["rows"][is_odd]
        if odd.empty:
            continue
        text = odd.index[0]
        row = texts.index[(texts == text).argmax()]
        size = int(odd.sum())
        slots = {"rows": size, "example": text.strip(), "first": first, "last": last}
        yield finding(finding_id, name, row, "paid_on", **slots)


def _usual_days(dated: pd.DataFrame, edge: float) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day of nearly all rows. ``edge``: the share left out at each end."""
    share = dated["rows"].cumsum() / dated["rows"].sum()
    is_usual = share.ge(edge) & share.shift(fill_value=0).le(1 - edge)
    usual = dated["day"][is_usual]
    return usual.min(), usual.max()


def _judge(ledger: Ledger, places: Pence, undated: Mask) -> None:
    """Of each row that may not be a payment, decide whether it is one, and drop those that are not.

    ``places``: positions of those rows in the frame.
    """
    frame = ledger.raw.frame
    read = ledger_pence(frame["amount"]).values
    pence = read.fillna(0).to_numpy(dtype=np.int64)
    has_pence = read.notna().to_numpy()[places]
    is_empty = ~has_pence & undated[places]
    reasons = _rows_without_payment(ledger, places[is_empty])
    reasons |= _totals(ledger, places[has_pence].tolist(), pence, undated)
    left_out = sorted(reasons)
    for at in left_out:
        row = Excluded(int(frame.index[at]), reasons[at], int(pence[at]))
        ledger.excluded.append(row)
    rows_left_out = frame.index[left_out]
    kept = frame.drop(index=rows_left_out)
    ledger.raw = replace(ledger.raw, frame=kept)


def _rows_without_payment(ledger: Ledger, places: Pence) -> dict[int, str]:
    """The rows with neither an amount nor a date, unless they say that it is hidden; and why."""
    rows = ledger.raw.frame.iloc[places]
    texts = rows["paid_on"] + " " + rows["amount"]
    hides = texts.str.contains(HIDDEN).to_numpy(dtype=bool)
    reasons = {}
    for at in places[~hides].tolist():
        reasons[at] = sentence("no_payment")
        if headings_known(_texts(ledger, at)) >= 3 and _have_moved(ledger, at):
            _ask_of(ledger, "headings_below", at)
    return reasons


def _texts(ledger: Ledger, at: int) -> list[str]:
    """All cells of a row, also those that are not read."""
    return [str(cell) for cell in ledger.cells.loc[ledger.raw.frame.index[at]]]


def _have_moved(ledger: Ledger, at: int) -> bool:
    """Whether a row of headings in the middle of a table names other columns than the header."""
    row = ledger.raw.frame.iloc[at]
    known = set(map(bare, ledger.cells.columns))
    for ours, theirs in ledger.layout.columns.items():
        cell = bare(str(row.get(ours, "")))
        if cell == bare(theirs):
            continue
        if cell in known or (ours in NEEDED and not is_heading_of(ours, cell)):
            return True
    return False


def _totals(ledger: Ledger, candidates: list[int], pence: Pence, undated: Mask) -> dict[int, str]:
    """The rows that are totals, and of what; what only looks like one becomes a question."""
    says = dict.fromkeys(candidates, False)
    filled = [sum(map(bool, _texts(ledger, at))) for at in range(min(len(pence), TOP))]
    for at in candidates[:MANY]:
        says[at] = says_total(_texts(ledger, at), bool(undated[at]), median_high(filled))
    totals = find_totals(pence, says, undated)
    undated_sums = []
    for at in candidates:
        if at in totals:
            continue
        if says[at]:
            totals_above = [one for one in totals if one < at]
            above = pence[:at].sum() - pence[totals_above].sum()
            _ask_of(ledger, "not_a_total", at, pence=int(pence[at]), above=int(above))
        elif undated[at] and pence[at] and _is_nearly_blank(ledger, at):
            undated_sums.append(at)
    if undated_sums:
        amount = int(pence[undated_sums].sum())
        _ask_of(ledger, "undated_sums", undated_sums[0], count=len(undated_sums), pence=amount)
    reasons = {}
    for at, total in totals.items():
        sentence_id = "rounded_total" if total.off else "total"
        reasons[at] = sentence(sentence_id, of=total.of, off=abs(total.off))
    return reasons


def _ask_of(ledger: Ledger, question_id: str, at: int, **slots: int) -> None:
    """Ask about the row at a position of the frame."""
    row = ledger.raw.frame.index[at]
    ledger.questions.append(ask(question_id, row=row, **slots))


def _is_nearly_blank(ledger: Ledger, at: int) -> bool:
    """Whether a row has no text for its day, or at most two cells that hold anything."""
    filled = [cell for cell in _texts(ledger, at) if cell.strip()]
    return len(filled) <= 2 or not ledger.raw.frame["paid_on"].iloc[at].strip()

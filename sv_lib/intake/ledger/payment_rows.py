"""A council's ledger, by its layout or a guess: which of its rows are payments, and why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sv_lib.intake.files.amounts import Mask, Pence
from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.dates import doubt, period_end
from sv_lib.intake.files.headers import plain
from sv_lib.intake.files.readers import RawTable, read_ledger_table
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.findings import Finding, Severity, finding, in_pounds, nearest
from sv_lib.intake.ledger.guessing import Guess, guess
from sv_lib.intake.ledger.headings import HEADINGS, headings_known, is_heading_of
from sv_lib.intake.ledger.layout import NEEDED, Layout
from sv_lib.intake.ledger.questions import ask_of_parts, ask_of_unit_above, ask_of_unread
from sv_lib.intake.ledger.totals import find_totals, may_be_totals, says_total

HIDDEN = HEADINGS.hidden.cells
SIGNS_BEFORE_A_NAME = "*-_ ([<"
YEAR = pd.Timedelta(days=366)
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

    ``cells``: every row that holds anything, under the file's headings. ``questions``: what an
    analyst must decide of the layout; ``doubts``: what is odd in this file.
    """

    raw: RawTable
    cells: pd.DataFrame
    layout: Layout
    confidence: float
    questions: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


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
    """Read a ledger by the layout that fits it best; by a guess when there is no layout.

    Raises InputError when the file cannot be read as a table at all.
    """
    wanted = [set(map(plain, layout.columns.values())) for layout in layouts]

    def matches(row: list[str]) -> int:
        if not wanted:
            return headings_known(row)
        cells = set(map(plain, row))
        return max(len(cells & headings) for headings in wanted)

    raw, doubts = read_ledger_table(path, name, matches)
    guessed = Guess(_best_layout(raw, layouts), 1.0) if layouts else guess(raw.frame)
    ledger = Ledger(raw, raw.frame, guessed.layout, guessed.confidence, guessed.questions, doubts)
    ledger.doubts += ask_of_unit_above(raw)
    _take_columns(ledger)
    columns = set(ledger.raw.columns)
    if set(NEEDED) <= columns:
        if not ledger.raw.frame.empty:
            _set_rows_aside(ledger)
        ledger.doubts += ask_of_parts(ledger.raw)
    is_guess = not layouts
    if is_guess and "amount" in columns:
        amounts = ledger.raw.frame["amount"]
        ledger.doubts += ask_of_unread(amounts)
    return ledger


def reading(raw: RawTable, ledger: Ledger | None, is_guess: bool) -> Reading:
    """How a file was read; of a ledger, its layout too."""
    read = Reading(raw.name, raw.encoding, raw.header_row)
    if ledger is None:
        return read
    layout = ledger.layout
    confidence = ledger.confidence if is_guess else None
    return replace(read, columns=layout.columns, vat_basis=layout.vat_basis, confidence=confidence)


def as_findings(ledger: Ledger, is_guess: bool) -> list[Finding]:
    """What was decided of a ledger, what was taken out, and what is left to decide."""
    name = ledger.raw.name
    told = list(ledger.findings)
    if is_guess:
        columns = ledger.layout.columns
        decided = ", ".join(f"{ours} from '{theirs}'" for ours, theirs in columns.items())
        header_row = ledger.raw.header_row
        guessed = finding(
            "ledger.guessed", name, header_row, decided=decided, sure=ledger.confidence
        )
        told.append(guessed)
    # An analyst who saved a layout has decided before; a guess may not go into a report.
    severity: Severity = "stop" if is_guess else "warn"
    for question in ledger.questions + ledger.doubts:
        asked = finding("ledger.question", name, severity=severity, question=question)
        told.append(asked)
    for row in ledger.excluded:
        pence = f"{in_pounds(row.pence)}, " if row.pence else ""
        left_out = finding("ledger.excluded", name, row.row, pence=pence, reason=row.reason)
        told.append(left_out)
    return told


def hidden(names: pd.Series, markers: Iterable[str]) -> pd.Series:
    """Whether each supplier's name begins with one of the markers, after any signs before it."""
    begins = tuple(marker.lower().lstrip(SIGNS_BEFORE_A_NAME) for marker in markers)

    def begins_with_a_marker(name: str) -> bool:
        return name.lower().lstrip(SIGNS_BEFORE_A_NAME).startswith(begins)

    return names.isin(list(filter(begins_with_a_marker, names.unique())))


def ids_by_name(names: pd.Series) -> pd.Series:
    """What stands for the supplier's number in a ledger that has none; blank for a blank name.

    It is a hash of the name in any case: a name may be a person's, so it is never part of it.
    """
    ids = {"": ""}
    for name in names.unique():
        digest = hashlib.sha256(plain(name).encode()).hexdigest()
        ids[name] = f"NAME-{digest[:12]}" if name.strip() else ""
    return names.map(ids)


def _best_layout(raw: RawTable, layouts: Sequence[Layout]) -> Layout:
    """The first layout whose headings are all there, else the one with most of them."""
    found = set(map(plain, raw.columns))

    def fit(layout: Layout) -> tuple[bool, int]:
        there = [heading for heading in layout.columns.values() if plain(heading) in found]
        return len(there) == len(layout.columns), len(there)

    return max(layouts, key=fit)


def _take_columns(ledger: Ledger) -> None:
    """Put the file's columns under our names.

    The supplier's number is taken from rows whose name is hidden: it would tell who it is.
    """
    raw = ledger.raw
    layout = ledger.layout
    headings = {plain(heading): heading for heading in reversed(raw.columns)}
    mapped = {}
    for ours, theirs in layout.columns.items():
        heading = headings.get(plain(theirs))
        if heading is not None:
            mapped[heading] = ours
        ledger.findings += _heading_fault(raw, ours, theirs, heading)
    ledger.findings += _changes(raw, layout)
    frame = raw.frame[list(mapped)].rename(columns=mapped)
    if "supplier_name" in frame:
        names = frame["supplier_name"]
        numbers = frame["supplier_id"] if "supplier_id" in frame else ids_by_name(names)
        frame["supplier_id"] = numbers.mask(hidden(names, layout.redacted), "")
    ledger.raw = replace(raw, frame=frame)


def _heading_fault(raw: RawTable, ours: str, theirs: str, heading: str | None) -> Iterator[Finding]:
    """A heading of the layout that stands in the file twice, or not at all."""
    place = raw.name, raw.header_row, ours
    repeated = f"{theirs} (column "
    if any(other.startswith(repeated) for other in raw.columns):
        yield finding("ledger.heading_twice", *place, heading=theirs)
    elif heading is None:
        near = nearest(theirs, raw.columns)
        yield finding("ledger.no_column", *place, heading=theirs, near=near)


def _changes(raw: RawTable, layout: Layout) -> Iterator[Finding]:
    """Columns that have come or gone since the layout was saved, but for those that it reads."""
    saved = {plain(heading): heading for heading in layout.headings}
    if not saved:
        return
    headings = [heading for heading in raw.columns if not heading.startswith("(column ")]
    found = set(map(plain, headings))
    read = set(map(plain, layout.columns.values()))
    gone = sorted(saved[key] for key in saved.keys() - found - read)
    place = raw.name, raw.header_row
    for heading in headings:
        if plain(heading) in saved:
            continue
        old = nearest(heading, gone)
        if old:
            yield finding("ledger.renamed_column", *place, heading, old=old)
        else:
            yield finding("ledger.new_column", *place, heading)
    for heading in gone:
        yield finding("ledger.column_gone", *place, heading)


def _set_rows_aside(ledger: Ledger) -> None:
    """Take out totals and rows with neither an amount nor a date; doubt what cannot be told."""
    frame = ledger.raw.frame
    name = ledger.raw.name
    paid_on = frame["paid_on"]
    # A ledger of a million rows has a few hundred days: each distinct text is read once.
    counts = paid_on.value_counts(sort=False)
    texts = counts.index.tolist()
    days = ledger_days(counts.index.to_series()).values
    ledger.findings += _far_from_the_rest(paid_on, days, counts, name)
    why = doubt(texts)
    if why:
        heading = ledger.layout.columns["paid_on"]
        ledger.doubts.append(sentence("day_or_month", column=heading, why=why))
    periods = [text for text in texts if period_end(text.strip())]
    if periods:
        note = finding("ledger.periods", name, None, "paid_on", example=periods[0])
        ledger.findings.append(note)
    dated = days.index[days.notna()]
    undated = (~paid_on.isin(dated)).to_numpy()
    places = np.flatnonzero(undated | may_be_totals(frame))
    if len(places):
        _judge(ledger, places, undated)
    if undated.any() and not ledger.questions:
        ledger.doubts += _ask_of_undated(ledger.raw.frame["paid_on"], dated)


def _ask_of_undated(texts: pd.Series, dated: pd.Index) -> Iterator[str]:
    """Where more than one payment in twenty has a day that cannot be read."""
    undated = texts[~texts.isin(dated)]
    odd = undated[undated.str.strip() != ""]
    rows = len(texts)
    if len(odd) > 0.05 * rows:
        yield sentence("undated_rows", count=len(odd), rows=rows, example=odd.iloc[0])


def _far_from_the_rest(
    texts: pd.Series, days: pd.Series, counts: pd.Series, name: str
) -> Iterator[Finding]:
    """Days more than a year from nearly all others. ``days``, ``counts``: by text."""
    dated = pd.DataFrame({"day": days, "rows": counts}).dropna().sort_values("day")
    rows = dated["rows"]
    share = rows.cumsum() / rows.sum()
    is_usual = share.ge(0.05) & share.shift(fill_value=0).le(0.95)
    usual = dated["day"][is_usual]
    first = usual.min()
    last = usual.max()
    is_near = dated["day"].between(first - YEAR, last + YEAR)
    far = rows[~is_near]
    if far.empty:
        return
    text = far.index[0]
    at = (texts == text).argmax()
    yield finding(
        "ledger.far_day",
        name,
        texts.index[at],
        "paid_on",
        rows=int(far.sum()),
        example=text.strip(),
        first=first,
        last=last,
    )


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
            _doubt(ledger, "headings_below", at)
    return reasons


def _texts(ledger: Ledger, at: int) -> list[str]:
    """All cells of a row, also those that are not read."""
    return [str(cell) for cell in ledger.cells.iloc[at]]


def _have_moved(ledger: Ledger, at: int) -> bool:
    """Whether a row of headings in the middle of a table names other columns than the header."""
    row = ledger.raw.frame.iloc[at]
    known = set(map(plain, ledger.cells.columns))
    for ours, theirs in ledger.layout.columns.items():
        cell = plain(str(row.get(ours, "")))
        if cell == plain(theirs):
            continue
        if cell in known or (ours in NEEDED and not is_heading_of(ours, cell)):
            return True
    return False


def _totals(ledger: Ledger, candidates: list[int], pence: Pence, undated: Mask) -> dict[int, str]:
    """The rows that are totals, and of what; what only looks like one becomes a doubt."""
    says = dict.fromkeys(candidates, False)
    for at in candidates[:MANY]:
        says[at] = says_total(_texts(ledger, at), bool(undated[at]))
    totals = find_totals(pence, says)
    undated_sums = []
    for at in candidates:
        if at in totals:
            continue
        if says[at]:
            totals_above = [one for one in totals if one < at]
            above = pence[:at].sum() - pence[totals_above].sum()
            _doubt(ledger, "not_a_total", at, pence=int(pence[at]), above=int(above))
        elif undated[at] and pence[at] and _is_nearly_blank(ledger, at):
            undated_sums.append(at)
    if undated_sums:
        total = int(pence[undated_sums].sum())
        _doubt(ledger, "undated_sums", undated_sums[0], count=len(undated_sums), pence=total)
    return {at: sentence("total", of=of) for at, of in totals.items()}


def _doubt(ledger: Ledger, sentence_id: str, at: int, **slots: int) -> None:
    """Ask about the row at a position of the frame."""
    row = ledger.raw.frame.index[at]
    ledger.doubts.append(sentence(sentence_id, row=row, **slots))


def _is_nearly_blank(ledger: Ledger, at: int) -> bool:
    """Whether a row has no text for its day, or at most two cells that hold anything."""
    filled = [cell for cell in _texts(ledger, at) if cell.strip()]
    return len(filled) <= 2 or not ledger.raw.frame["paid_on"].iloc[at].strip()

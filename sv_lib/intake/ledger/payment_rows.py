"""A council's ledger, by its layout or a guess: the rows that are payments, and those that are not,
with reasons.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sv_lib.intake.files.amounts import Mask
from sv_lib.intake.files.cells import ledger_pence
from sv_lib.intake.files.dates import doubt, ledger_day, period_end
from sv_lib.intake.files.headers import plain
from sv_lib.intake.files.readers import RawTable, read_ledger_table
from sv_lib.intake.findings import Finding, Severity, counted, in_pounds, nearest
from sv_lib.intake.ledger.layout import (
    NEEDED,
    UNIT,
    Guess,
    Layout,
    guess,
    headings_known,
    is_heading_of,
)

TOTAL = re.compile(r"^(?:grand|sub|report|overall|page)?[ -]?totals?\b|\btotals?:?$", re.IGNORECASE)
Pence = npt.NDArray[np.int64]
HIDDEN = re.compile("redact|withheld", re.IGNORECASE)
COMMAND = "svreport layout FILE"
MANY = 5_000
"""Rows without a date that are looked at one by one; a file with more of them is in doubt anyway.
"""


@dataclass(frozen=True)
class Excluded:
    """A row that is not a payment, and why. ``pence``: what it would have added to the total."""

    row: int
    reason: str
    pence: int


@dataclass
class Ledger:
    """A ledger as read. ``raw``: its payments as text under our names; ``cells``: every row that
    holds
    anything.

    ``questions``: what an analyst must decide of the layout; ``doubts``: what is odd in this file.
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
    """How a file was read: where its headings stand and, of a ledger, which of them is which of our
    columns.
    """

    file: str
    encoding: str
    header_row: int
    columns: Mapping[str, str] = field(default_factory=dict)
    vat_basis: str = ""
    confidence: float | None = None


def read_ledger(path: Path, name: str, layouts: Sequence[Layout] = ()) -> Ledger:
    """Read a ledger by the first of the layouts whose headings are all there; by a guess when there
    is
    no layout.

    Raises InputError when the file cannot be read as a table at all.
    """
    wanted = [{plain(heading) for heading in layout.columns.values()} for layout in layouts]

    def matches(row: list[str]) -> int:
        cells = {plain(cell) for cell in row}
        return max(len(cells & headings) for headings in wanted) if wanted else headings_known(row)

    raw, doubts = read_ledger_table(path, name, matches)
    guessed = (
        Guess(max(layouts, key=lambda layout: _present(raw, layout)), 1.0)
        if layouts
        else guess(raw.frame)
    )
    ledger = Ledger(raw, raw.frame, guessed.layout, guessed.confidence, guessed.questions, doubts)
    if unit := next((words for words in raw.above if UNIT.search(words)), ""):
        ledger.doubts.append(f"above the header stands '{unit[:80]}': are the amounts pounds?")
    _take_columns(ledger)
    _set_rows_aside(ledger)
    _ask_of_parts(ledger)
    if not layouts and "amount" in ledger.raw.frame:
        _ask_of_unread(ledger)
    return ledger


def reading(raw: RawTable, ledger: Ledger | None, is_guess: bool) -> Reading:
    """How a file was read; of a ledger, its layout too, and how sure it is when nobody has
    confirmed
    it.
    """
    read = Reading(raw.name, raw.encoding, raw.header_row)
    if ledger is None:
        return read
    sure = ledger.confidence if is_guess else None
    return replace(
        read, columns=ledger.layout.columns, vat_basis=ledger.layout.vat_basis, confidence=sure
    )


def as_findings(ledger: Ledger, is_guess: bool) -> list[Finding]:
    """What intake says of a ledger: what was decided, what was taken out, and what it will not
    decide.
    """
    name, columns = ledger.raw.name, ledger.layout.columns
    told = list(ledger.findings)
    if is_guess:
        decided = ", ".join(f"{ours} from '{theirs}'" for ours, theirs in columns.items())
        said, remedy = f"no layout is named: {decided}", f"keep it: {COMMAND} --save PARAMS"
        problem = f"guessed from headings and values, {ledger.confidence:.0%} sure"
        told.append(Finding("note", name, ledger.raw.header_row, "", said, problem, remedy))
    severity: Severity = "stop" if is_guess else "warn"
    for question in [*ledger.questions, *ledger.doubts]:
        problem, remedy = "the total would be a guess", f"run {COMMAND}, and decide"
        told.append(Finding(severity, name, None, "", question, problem, remedy))
    for row in ledger.excluded:
        said = f"{in_pounds(row.pence)}, excluded" if row.pence else "excluded"
        told.append(Finding("note", name, row.row, "", said, row.reason, "nothing to do"))
    return told


def _present(raw: RawTable, layout: Layout) -> tuple[bool, int]:
    """Whether all of a layout's headings stand in the file, and how many do."""
    found = {plain(heading) for heading in raw.columns}
    count = sum(plain(heading) in found for heading in layout.columns.values())
    return count == len(layout.columns), count


def _take_columns(ledger: Ledger) -> None:
    """The file's columns under our names, and the supplier's number taken from rows whose name is
    hidden.
    """
    raw, layout = ledger.raw, ledger.layout
    headings = {plain(heading): heading for heading in reversed(raw.columns)}
    mapped = {
        headings[plain(theirs)]: ours
        for ours, theirs in layout.columns.items()
        if plain(theirs) in headings
    }
    for ours, theirs in layout.columns.items():
        twice = any(heading.startswith(f"{theirs} (column ") for heading in raw.columns)
        if plain(theirs) in headings and not twice:
            continue
        near = nearest(theirs, raw.columns)
        remedy, said = "correct the layout, or the export", f"there is no column '{theirs}'"
        if twice:
            said = f"the heading '{theirs}' stands twice"
        elif near:
            remedy = f"did you mean '{near}'? correct the layout"
        problem = f"the layout reads {ours} from it"
        ledger.findings.append(
            Finding("stop", raw.name, raw.header_row, ours, said, problem, remedy)
        )
    ledger.findings += _changes(raw, layout)
    frame = raw.frame[list(mapped)].rename(columns=mapped)
    if "supplier_name" in frame:
        numbers = (
            frame["supplier_id"] if "supplier_id" in frame else ids_by_name(frame["supplier_name"])
        )
        frame["supplier_id"] = numbers.mask(hidden(frame["supplier_name"], layout.redacted), "")
    ledger.raw = replace(raw, frame=frame)


def _changes(raw: RawTable, layout: Layout) -> Iterator[Finding]:
    """Columns that have come or gone since the layout was saved, but for those that it reads."""
    saved = {plain(heading): heading for heading in layout.headings}
    found = {
        plain(heading): heading for heading in raw.columns if not heading.startswith("(column ")
    }
    gone = [
        saved[key]
        for key in saved.keys()
        - found.keys()
        - {plain(theirs) for theirs in layout.columns.values()}
    ]
    for heading in [found[key] for key in found if saved and key not in saved]:
        near = nearest(heading, gone)
        said = f"a new column '{heading}'" + (
            f", perhaps '{near}' under another name" if near else ""
        )
        problem = "it was not there when the layout was saved, and is not read"
        remedy = "save the layout anew if it matters"
        yield Finding("warn", raw.name, raw.header_row, heading, said, problem, remedy)
    for heading in sorted(gone):
        said, problem = (
            f"there is no column '{heading}' any more",
            "it was there when the layout was saved",
        )
        remedy = "see that the export is whole; save the layout anew if it is"
        yield Finding("warn", raw.name, raw.header_row, heading, said, problem, remedy)


def _ask_of_parts(ledger: Ledger) -> None:
    """Parts of one file of which most payments stand in an earlier part too: the same day, amount
    and
    supplier.
    """
    frame = ledger.raw.frame
    if len(ledger.raw.begins) < 2 or not {"paid_on", "amount"} <= set(frame.columns):
        return
    days = (
        frame["paid_on"]
        .map({text: ledger_day(text) for text in frame["paid_on"].unique()})
        .astype("str")
    )
    pence = ledger_pence(frame["amount"]).values.astype("str")
    names = frame.get("supplier_name", pence).str.strip().str.lower()
    part = np.searchsorted(ledger.raw.begins, frame.index.to_numpy(), side="left")
    keys = pd.util.hash_pandas_object(days + " " + pence + " " + names, index=False).to_numpy()
    for number in np.unique(part)[1:]:
        mine = part == number
        if np.isin(keys[mine], keys[part < number]).mean() > 0.5:
            said = (
                f"most payments from row {frame.index[mine][0]} on stand in an earlier "
                f"part of the file too"
            )
            ledger.doubts.append(f"{said}: would they count twice?")


def _ask_of_unread(ledger: Ledger) -> None:
    """Amounts with figures in them that cannot be read; one that is words, such as REDACTED, is not
    in
    doubt.
    """
    texts = ledger.raw.frame["amount"]
    unread = texts[ledger_pence(texts).unread]
    if len(unread := unread[unread.str.contains(r"\d|#")]):
        said = (
            f"{counted(len(unread), 'amount')} such as '{unread.iloc[0][:40]}' on row "
            f"{unread.index[0]}"
        )
        ledger.doubts.append(f"{said} cannot be read: how much is it?")


def hidden(names: pd.Series, markers: Iterable[str]) -> pd.Series:
    """Of each supplier's name whether it begins, whatever signs stand before it, with one of the
    markers.
    """
    begins = tuple(marker.lower().lstrip("*-_ ([<") for marker in markers)
    distinct = [
        name for name in names.unique() if name.lower().lstrip("*-_ ([<").startswith(begins)
    ]
    return names.isin(distinct)


def ids_by_name(names: pd.Series) -> pd.Series:
    """What stands for the supplier's number in a ledger that has none: a hash of its name, in any
    case.

    A name may be a person's, so it is never part of the number itself.
    """
    hashes = {
        name: hashlib.sha256(plain(name).encode()).hexdigest()[:12]
        for name in names.unique()
        if name.strip()
    }
    return names.map(
        {"": "", **{name: f"NAME-{digest}" for name, digest in hashes.items()}}
    ).fillna("")


def _set_rows_aside(ledger: Ledger) -> None:
    """Take out totals and rows that hold neither an amount nor a date; what cannot be told is a
    doubt.
    """
    frame = ledger.raw.frame
    if not {"paid_on", "amount"} <= set(frame.columns) or frame.empty:
        return
    counts = frame["paid_on"].value_counts(sort=False)
    texts = counts.index.tolist()
    days = pd.Series(
        [ledger_day(text) for text in texts], dtype="datetime64[us]", index=counts.index
    )
    ledger.findings += _far_from_the_rest(frame["paid_on"], days, counts, ledger.raw.name)
    if said := doubt(texts):
        ledger.doubts.append(
            f"is the day or the month first in '{ledger.layout.columns['paid_on']}'? {said}"
        )
    undated = (~frame["paid_on"].isin(days.index[days.notna()])).to_numpy()
    if labels := [text for text in texts if period_end(text.strip())]:
        said, problem = (
            f"periods such as '{labels[0]}' stand where a day should",
            "each is read as its last day",
        )
        ledger.findings.append(
            Finding("note", ledger.raw.name, None, "paid_on", said, problem, "nothing to do")
        )
    places = np.flatnonzero(undated | _ends(frame))
    if len(places):
        _judge(ledger, places, undated)
    left = ledger.raw.frame["paid_on"]
    odd = (
        left[~left.isin(days.index[days.notna()]) & (left.str.strip() != "")]
        if undated.any()
        else left.iloc[:0]
    )
    if len(odd) > 0.05 * len(left) and not ledger.questions:
        said = (
            f"{counted(len(odd), 'row')} of {len(left):,} have no date that can be read, "
            f"such as '{odd.iloc[0]}'"
        )
        ledger.doubts.append(said)


def _far_from_the_rest(
    texts: pd.Series, days: pd.Series, counts: pd.Series, name: str
) -> Iterator[Finding]:
    """Days more than a year from nearly all others. ``days``, ``counts``: by text, its day and its
    rows.
    """
    dated = pd.DataFrame({"day": days, "rows": counts}).dropna().sort_values("day")
    share = dated["rows"].cumsum() / dated["rows"].sum()
    usual = dated["day"][share.ge(0.05) & share.shift(fill_value=0).le(0.95)]
    year = pd.Timedelta(days=366)
    far = dated[(dated["day"] < usual.min() - year) | (dated["day"] > usual.max() + year)]
    if len(far):
        rows, first, last = (
            int(far["rows"].sum()),
            f"{usual.min():%Y-%m-%d}",
            f"{usual.max():%Y-%m-%d}",
        )
        at = int(texts.index[(texts == far.index[0]).argmax()])
        said = f"{counted(rows, 'row')} dated far from the rest, such as '{far.index[0].strip()}'"
        problem = (
            f"nearly all others are from {first} to {last}; a wrong year moves a payment "
            f"out of its report"
        )
        yield Finding(
            "warn",
            name,
            at,
            "paid_on",
            said,
            problem,
            "correct the date, or leave it if it is right",
        )


def _ends(frame: pd.DataFrame) -> Mask:
    """The first and last rows that name no supplier, or call themselves a total: they may be one
    although dated.
    """
    at_end = np.zeros(len(frame), dtype=bool)
    for at in {0, *range(max(0, len(frame) - 3), len(frame))}:
        cells = frame.iloc[at].drop(["paid_on", "amount"])
        is_nameless = not str(cells.get("supplier_name", "-")).strip()
        at_end[at] = is_nameless or any(TOTAL.search(cell.strip()) for cell in cells)
    return at_end


def _judge(ledger: Ledger, places: Pence, undated: Mask) -> None:
    """Of each row that may not be a payment whether it is one."""
    frame, cells = ledger.raw.frame, ledger.cells
    read = ledger_pence(frame["amount"]).values
    has_pence, pence = read.notna().to_numpy(), read.fillna(0).to_numpy(dtype=np.int64)
    hides = (
        frame[["paid_on", "amount"]]
        .iloc[places]
        .agg(" ".join, axis=1)
        .str.contains(HIDDEN)
        .to_numpy()
    )
    reasons: dict[int, str] = {}
    for at in places[~has_pence[places] & undated[places] & ~hides]:
        row = [str(cell) for cell in cells.iloc[at]]
        reasons[int(at)] = "neither an amount nor a date: not a payment"
        if headings_known(row) >= 3 and _have_moved(
            frame.iloc[at], ledger.layout, list(cells.columns)
        ):
            said = "headings in the middle of the table"
            ledger.doubts.append(f"row {frame.index[at]}: {said}; do the columns change there?")
    candidates = [int(at) for at in places if has_pence[at]]
    says = {
        at: _says_total([str(cell) for cell in cells.iloc[at]], bool(undated[at]))
        for at in candidates[:MANY]
    }
    totals = find_totals(pence, {at: says.get(at, False) for at in candidates})
    undated_sums: list[int] = []
    for at in candidates:
        if at in totals:
            reasons[at] = f"a total: it equals the sum of {totals[at]}, to the penny"
        elif says.get(at):
            above = int(pence[:at].sum()) - sum(int(pence[other]) for other in totals if other < at)
            looks = (
                f"{in_pounds(int(pence[at]))} looks like a total, but the rows above it add up to"
            )
            asked = "are rows missing, or is it a payment?"
            ledger.doubts.append(f"row {frame.index[at]}: {looks} {in_pounds(above)}; {asked}")
        elif (
            undated[at]
            and pence[at]
            and (not frame["paid_on"].iloc[at].strip() or _filled(cells, at) <= 2)
        ):
            undated_sums.append(at)
    if undated_sums:
        said = f"{counted(len(undated_sums), 'row')} from row {frame.index[undated_sums[0]]} on"
        sums = in_pounds(int(pence[undated_sums].sum()))
        ledger.doubts.append(
            f"{said}, {sums}, have an amount and no date: are they payments, or subtotals?"
        )
    ledger.excluded = [
        Excluded(int(frame.index[at]), why, int(pence[at])) for at, why in sorted(reasons.items())
    ]
    ledger.raw = replace(ledger.raw, frame=frame.drop(index=frame.index[sorted(reasons)]))


def _filled(cells: pd.DataFrame, at: int) -> int:
    """How many cells of a row hold anything."""
    return sum(bool(str(cell).strip()) for cell in cells.iloc[at])


def _have_moved(row: pd.Series, layout: Layout, headings: list[str]) -> bool:
    """Whether a row of headings in the middle of a table names other columns than the header
    does.
    """
    known = {plain(heading) for heading in headings}
    for ours, theirs in layout.columns.items():
        cell = plain(str(row.get(ours, "")))
        if cell != plain(theirs) and (
            cell in known or (ours in NEEDED and not is_heading_of(ours, cell))
        ):
            return True
    return False


def _says_total(cells: list[str], is_undated: bool) -> bool:
    """Whether a row holds an amount and nothing else, or has no date and calls itself a total."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 or (is_undated and any(TOTAL.search(cell) for cell in filled))


def find_totals(pence: Pence, candidates: dict[int, bool]) -> dict[int, str]:
    """Which candidates are the sum of the rows above (since the top, or a total) or below, and of
    which of the two.

    ``candidates``: place -> whether it says that it is a total; one that does not has to be the sum
    of two or more.
    """
    payments = pence.copy()
    payments[list(candidates)] = 0
    top = [
        at
        for at in candidates
        if at < 3 < len(pence) and pence[at] and pence[at] == payments[at + 1 :].sum()
    ]
    totals = dict.fromkeys(top, "the rows below")
    counts = pence.copy()
    counts[top] = 0
    above, removed, starts = np.cumsum(counts) - counts, 0, {0: -1}
    for at in [at for at in candidates if at not in totals and (pence[at] or candidates[at])]:
        before = int(above[at]) - removed
        start = starts.get(before - int(pence[at]))
        if start is not None and at - start > (1 if candidates[at] else 2):
            totals[at] = "the rows above" if start < 0 else "the rows since the total above"
            removed += int(pence[at])
            starts[before] = at
    return totals

"""Which rows of a ledger are no payments: totals, and rows with neither an amount nor a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median_high

import numpy as np
import pandas as pd

from sv_lib.intake.files.amounts import Mask, Pence
from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.dates import exchanged, period_end
from sv_lib.intake.files.delimited import TOP
from sv_lib.intake.files.headers import bare
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.findings import Finding, finding
from sv_lib.intake.ledger.headings import HEADINGS, headings_known, is_heading_of
from sv_lib.intake.ledger.layout import NEEDED
from sv_lib.intake.ledger.ledger import Excluded, Ledger
from sv_lib.intake.ledger.questions import Question, ask
from sv_lib.intake.ledger.totals import find_totals, may_be_totals, says_total

YEAR = pd.Timedelta(days=366)
MONTH = pd.Timedelta(days=31)
EDGE = 0.05
WIDE_EDGE = 0.2
"""The share of rows at each end whose days are not the usual ones; of a short ledger, more."""
MANY = 5_000
"""Rows without a date that are looked at one by one; a file with more is in doubt anyway."""


def set_rows_aside(ledger: Ledger) -> None:
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
    hides = texts.str.contains(HEADINGS.hidden.cells).to_numpy(dtype=bool)
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

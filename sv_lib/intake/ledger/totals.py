"""Totals in the middle of payments: found by arithmetic, to the penny, or asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from sv_lib.intake.files.amounts import Mask, Pence
from sv_lib.intake.files.cells import as_arrow, is_blank
from sv_lib.intake.ledger.headings import HEADINGS

AT_END = 3
"""Last rows of a file that may be a total although they have a date."""
POUND = 100
STEMS = (b"ota", b"yfa")
"""Letters that the words for a total have, in English and in Welsh."""
SMALL = 32
"""The bit that makes a capital letter small."""
AT_ONCE = 131_072
"""Letters that are looked at together: as many as stay near the processor."""


@dataclass(frozen=True)
class Total:
    """Of which rows a total is the sum; ``off``: pence that rounding has left between the two."""

    of: str
    off: int = 0


def may_be_totals(frame: pd.DataFrame, cells: pd.DataFrame) -> Mask:
    """Which rows may be a total although they are dated: they call themselves one, or name nobody.

    ``cells``: the same rows, with the columns that are not read. Of rows without a supplier those
    count where most have one, and the first and the last ones.
    """
    rows = len(frame)
    found = np.zeros(rows, dtype=bool)
    for heading in cells.columns:
        texts = as_arrow(cells[heading])
        if not _speaks_of_totals(texts):
            continue
        different = texts.unique().to_pylist()
        totals = [text for text in different if HEADINGS.dated_totals.search(text.strip())]
        if totals:
            found |= cells[heading].isin(totals).to_numpy()
    is_nameless = np.zeros(rows, dtype=bool)
    if "supplier_name" in frame:
        is_nameless = is_blank(frame["supplier_name"])
    ends = [0, *range(max(0, rows - AT_END), rows)]
    if is_nameless.mean() > 0.5:
        is_nameless[AT_END : rows - AT_END] = False
    for at in ends:
        texts = frame.iloc[at].drop(["paid_on", "amount"])
        found[at] |= _calls_itself_total(texts)
    return found | is_nameless


def _speaks_of_totals(texts: pa.ChunkedArray) -> bool:
    """Whether a column may hold the word. Hardly one does, and to read every cell would be slow."""
    return any(_holds_a_stem(chunk.buffers()[-1]) for chunk in texts.chunks if len(chunk))


def _holds_a_stem(text: pa.Buffer) -> bool:
    whole = np.frombuffer(text, np.uint8)
    for begin in range(0, len(whole), AT_ONCE):
        letters = whole[begin : begin + AT_ONCE + 2] | SMALL
        first, second, third = letters[:-2], letters[1:-1], letters[2:]
        for stem in STEMS:
            if np.any((first == stem[0]) & (second == stem[1]) & (third == stem[2])):
                return True
    return False


def says_total(cells: list[str], is_undated: bool, usual: int) -> bool:
    """Whether a row holds an amount and nothing else, or calls itself a total.

    A row with a date has to say so in words that no supplier is called, or with fewer cells than
    the ``usual`` number of a payment.
    """
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) == 1:
        return True
    if is_undated:
        return _calls_itself_total(filled)
    is_short = len(filled) < usual
    find = HEADINGS.dated_totals.search if is_short else HEADINGS.dated_totals.match
    return any(find(cell.strip()) for cell in filled)


def _calls_itself_total(cells: Iterable[str]) -> bool:
    return any(HEADINGS.totals.search(cell.strip()) for cell in cells)


def find_totals(pence: Pence, candidates: dict[int, bool], undated: Mask) -> dict[int, Total]:
    """Which candidates are the sum of other rows, and of which rows.

    ``candidates``: place -> whether the row says that it is a total; one that does not has to be
    the sum of two or more. The sum is of the rows below, for one of the first three rows; or of the
    rows above, since the top or since a total. One without a date that says so may be off by what
    the rounding of its rows explains.
    """
    payments = pence.copy()
    payments[list(candidates)] = 0
    totals = {}
    summed = pence.copy()
    for at in candidates:
        is_at_top = at < 3 < len(pence)
        if is_at_top and pence[at] and pence[at] == payments[at + 1 :].sum():
            totals[at] = Total("the rows below")
            summed[at] = 0
    above = np.cumsum(summed) - summed
    most_off = _by_rounding(payments)
    removed = 0
    # The sum of the rows above -> the total that stood there; a total of the rows since then is
    # the difference of two such sums.
    starts = {0: -1}
    for at, says_so in candidates.items():
        if at in totals or not (pence[at] or says_so):
            continue
        amount = int(pence[at])
        before = int(above[at]) - removed
        start = starts.get(before - amount)
        off = 0
        if start is None and says_so and undated[at]:
            # Of the whole table, or of the rows since a total: the nearest of such sums.
            nearest = min(starts, key=lambda begin: abs(before - begin - amount))
            start = starts[nearest]
            off = before - nearest - amount
        least = 1 if says_so else 2
        is_near = abs(off) * 2 <= most_off * (at - start - 1) if start is not None else False
        if start is not None and is_near and at - start > least:
            of = "the rows above" if start < 0 else "the rows since the total above"
            totals[at] = Total(of, off)
            removed += amount
            starts[before] = at
    return totals


def _by_rounding(payments: Pence) -> int:
    """Twice the pence by which rounding can have moved a row: of whole pounds, a pound."""
    return POUND if not (payments % POUND).any() else 1

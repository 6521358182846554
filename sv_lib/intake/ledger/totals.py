"""Totals in the middle of payments: found by arithmetic, to the penny, or asked about."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sv_lib.intake.files.amounts import Mask, Pence
from sv_lib.intake.ledger.headings import HEADINGS

AT_END = 3
"""Last rows of a file that may be a total although they have a date."""


def may_be_totals(frame: pd.DataFrame) -> Mask:
    """Which rows may be a total although they are dated.

    They are the first and the last rows, where they name no supplier or call themselves a total.
    """
    rows = len(frame)
    found = np.zeros(rows, dtype=bool)
    for at in {0, *range(max(0, rows - AT_END), rows)}:
        cells = frame.iloc[at].drop(["paid_on", "amount"])
        supplier = str(cells.get("supplier_name", "-"))
        found[at] = not supplier.strip() or _calls_itself_total(cells)
    return found


def says_total(cells: list[str], is_undated: bool) -> bool:
    """Whether a row holds an amount and nothing else, or has no date and calls itself a total."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) == 1:
        return True
    return is_undated and _calls_itself_total(filled)


def _calls_itself_total(cells: Iterable[str]) -> bool:
    return any(HEADINGS.totals.search(cell.strip()) for cell in cells)


def find_totals(pence: Pence, candidates: dict[int, bool]) -> dict[int, str]:
    """Which candidates are the sum of other rows, and of which rows.

    ``candidates``: place -> whether the row says that it is a total; one that does not has to be
    the sum of two or more. The sum is of the rows below, for one of the first three rows; or of the
    rows above, since the top or since a total.
    """
    payments = pence.copy()
    payments[list(candidates)] = 0
    totals = {}
    summed = pence.copy()
    for at in candidates:
        is_at_top = at < 3 < len(pence)
        if is_at_top and pence[at] and pence[at] == payments[at + 1 :].sum():
            totals[at] = "the rows below"
            summed[at] = 0
    above = np.cumsum(summed) - summed
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
        least = 1 if says_so else 2
        if start is not None and at - start > least:
            totals[at] = "the rows above" if start < 0 else "the rows since the total above"
            removed += amount
            starts[before] = at
    return totals

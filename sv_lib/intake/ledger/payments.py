"""Payments once they are read: which are used, which are not, and what their totals are net of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sv_lib.intake.files.amounts import Mask
from sv_lib.intake.findings import Finding, finding
from sv_lib.intake.ledger.layout import NEEDED, Layout
from sv_lib.intake.ledger.ledger import Ledger
from sv_lib.intake.tables.columns import Column, Table
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.params import Publication
from sv_lib.periods import long_date

WAYS = ("used", "excluded", "quarantined")
"""Where a row of a file can end."""
MOST_UNREAD = 0.1
"""The share of a file's rows, or of its pounds, above which setting them aside stops a run."""
FEWEST_TWICE = 3
"""Rows of a file that stand twice, from which on it is no split invoice but a file of copies."""
FEWEST_UNREAD = 2
"""A single row is never a large share of the rows, in however short a file."""


def _as_published(column: Column) -> Column:
    is_needed = column.name in NEEDED
    return replace(column, filled=is_needed, optional=not is_needed)


AS_WRITTEN = [column.frame_name for column in PAYMENTS.columns]
"""Columns in which a copy of a payment is the same."""
LEDGER: Table = replace(PAYMENTS, columns=tuple(map(_as_published, PAYMENTS.columns)))
"""Payments as a published ledger has them: only the date and the amount are sure to be there."""


def is_canonical(columns: Iterable[str]) -> bool:
    """Whether a file has our headings, if not all of them; else its system printed it."""
    known = set(PAYMENTS.names) & set(columns)
    return len(known) >= 3


def layout_findings(ledgers: Mapping[str, Ledger]) -> Iterator[Finding]:
    """What is to be said of the layouts by which the files were read, held against each other."""
    layouts = [(name, layout) for name, ledger in ledgers.items() for layout in ledger.layouts]
    yield from _vat_findings(layouts)
    yield from _one_day_findings(layouts)


def _vat_findings(layouts: list[tuple[str, Layout]]) -> Iterator[Finding]:
    # A ledger that is not net of VAT is warned of: spend is meant to be net. Net and gross are
    # never added up.
    net = [name for name, layout in layouts if layout.vat_basis == "net"]
    for name, layout in layouts:
        place = name, None, "amount"
        if layout.vat_basis == "not known":
            yield finding("payments.vat_not_known", *place)
        elif layout.vat_basis == "gross" and net:
            yield finding("payments.vat_mixed", *place, net=net[0])
        elif layout.vat_basis == "gross":
            yield finding("payments.vat_included", *place)


def _one_day_findings(layouts: list[tuple[str, Layout]]) -> Iterator[Finding]:
    # The one day that a layout gives would be the day of several files.
    first_of: dict[int, str] = {}
    for name, layout in layouts:
        first = first_of.setdefault(id(layout), name)
        if isinstance(layout.paid_on, date) and first != name:
            yield finding("ledger.day_of_two_files", name, None, "paid_on", first=first)


def sort_out(
    frame: pd.DataFrame, publication: Publication, is_ours: bool = True
) -> tuple[pd.Series, list[Finding]]:
    """Whether each payment is used, excluded or quarantined, and why.

    ``is_ours``: the files have our headings, so that a number is of one payment alone; a finance
    system prints the number of an invoice on each of its lines.

    Quarantined: no readable date or amount. Excluded: paid after the reported period, or after the
    day the data stands at. What was paid before it is used: the series goes as far back as the
    ledgers do. The result is categorical, of ``WAYS``, with the frame's index.
    """
    days = frame["paid_on"]
    as_at = publication.file.data_as_at
    this = publication.spend
    is_read = frame["amount_pence"].notna() & days.notna()
    is_later = is_read & (days > pd.Timestamp(as_at))
    is_after = is_read & ~is_later & (days > pd.Timestamp(this.end))
    codes = np.zeros(len(frame), dtype=np.int8)  # positions in WAYS
    codes[is_later | is_after] = 1
    codes[~is_read] = 2
    ways = pd.Categorical.from_codes(codes, pd.Index(WAYS))
    last_day = long_date(as_at)
    found = list(_left_out("payments.unread", frame, ~is_read))
    if not is_read.all():
        found += _too_many_unread(frame, is_read)
    found += _left_out("payments.later", frame, is_later, day=last_day)
    found += _left_out("payments.after", frame, is_after, this=this)
    found += _repeats(frame, codes == 0)
    if is_ours:
        found += _numbers_twice(frame, codes == 0)
    return pd.Series(ways, index=frame.index), found


def _left_out(
    finding_id: str, frame: pd.DataFrame, is_left_out: pd.Series, **slots: Any
) -> Iterator[Finding]:
    if not is_left_out.any():
        return
    for file, part in frame[is_left_out].groupby("source_file", sort=False):
        yield finding(finding_id, file, **_size(part), **slots)


def _too_many_unread(frame: pd.DataFrame, is_read: pd.Series) -> Iterator[Finding]:
    """A stop for each file of whose rows or pounds more than a tenth would be set aside."""
    for file, part in frame.assign(is_read=is_read).groupby("source_file", sort=False):
        unread = part[~part["is_read"]]
        share_of_rows = len(unread) / len(part) if len(unread) >= FEWEST_UNREAD else 0
        pence = int(part["amount_pence"].abs().sum())
        share_of_pence = int(unread["amount_pence"].abs().sum()) / max(pence, 1)
        if max(share_of_rows, share_of_pence) > MOST_UNREAD:
            slots: dict[str, Any] = {"rows": len(unread), "whole": len(part), "most": MOST_UNREAD}
            yield finding("payments.too_many_unread", file, **slots)


def _repeats(frame: pd.DataFrame, is_used: Mask) -> Iterator[Finding]:
    """Lines that stand more than once: often genuine split invoices, so they are kept."""
    # Comparing every column of a million rows takes seconds. So the few rows that share amount and
    # day come first, then those of them that share the number, and only these are compared whole.
    midnights = frame["paid_on"].to_numpy().astype("datetime64[D]")
    days = midnights.astype("int64")
    pence = frame["amount_pence"].to_numpy("int64", na_value=0)
    day_and_amount = pd.Series(pence * 100_000 + days)
    is_likely = day_and_amount.duplicated(keep=False).to_numpy()
    numbers = frame["payment_id"][is_likely & is_used]
    is_repeated = numbers.duplicated(keep=False)
    candidates = frame.loc[numbers.index[is_repeated]]
    is_copy = candidates.duplicated(AS_WRITTEN)
    repeated = candidates[is_copy]
    if repeated.empty:
        return
    twins = candidates[candidates.duplicated(AS_WRITTEN, keep=False)]
    whole = _all_twice(frame["source_file"][is_used], twins["source_file"])
    twice = [file for file in whole if file in set(repeated["source_file"])] or whole
    for name in twice:
        yield finding("payments.file_repeated", name, **_size(twins[twins["source_file"] == name]))
    for file, rows in repeated.groupby("source_file", sort=False):
        if file not in twice:
            first = rows["source_row"].iloc[0]
            yield finding("payments.repeated", file, first, **_size(rows))


def _all_twice(files: pd.Series, of_twins: pd.Series) -> list[str]:
    """The files of which every row stands twice, there or in others; of one row nothing is told."""
    rows_of = files.value_counts()
    twins_of = of_twins.value_counts()
    is_whole = (twins_of == rows_of[twins_of.index]) & (twins_of >= FEWEST_TWICE)
    return sorted(twins_of.index[is_whole])


def _numbers_twice(frame: pd.DataFrame, is_used: Mask) -> Iterator[Finding]:
    """Payments of our own layout whose number another payment has."""
    numbers = frame["payment_id"][is_used].dropna()
    shared = frame.loc[numbers.index[numbers.duplicated(keep=False)]]
    is_later = shared["payment_id"].duplicated()
    later = shared[is_later & ~shared.duplicated(AS_WRITTEN)]
    for file, rows in later.groupby("source_file", sort=False):
        first = rows["source_row"].iloc[0]
        yield finding("payments.number_repeated", file, first, "payment_id", **_size(rows))


def _size(rows: pd.DataFrame) -> dict[str, Any]:
    return {"rows": len(rows), "pence": int(rows["amount_pence"].sum())}

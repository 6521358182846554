"""Payments: the canonical table, or any council's ledger through a layout that says which of its
columns is which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sv_lib.intake.files.amounts import Mask
from sv_lib.intake.findings import Finding, Severity, counted, in_pounds
from sv_lib.intake.ledger.layout import NEEDED, Layout
from sv_lib.intake.tables.columns import Table
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.params import Publication
from sv_lib.periods import long_date

WAYS = ("used", "excluded", "quarantined")
"""Where a row of a file can end."""
LEDGER: Table = replace(
    PAYMENTS,
    columns=tuple(
        replace(c, filled=c.name in NEEDED, optional=c.name not in NEEDED) for c in PAYMENTS.columns
    ),
)
"""Payments as a published ledger has them: only the date and the amount are sure to be there."""


def is_canonical(columns: Iterable[str]) -> bool:
    """Whether a file has our headings, though some may be missing; else it is a ledger as its
    system
    printed it.
    """
    return len(set(PAYMENTS.names) & set(columns)) >= 3


def vat_findings(layouts: Mapping[str, Layout]) -> Iterator[Finding]:
    """A warning of each ledger that is not net of VAT, as spend is meant to be; net and gross are
    never added up.
    """
    problem = (
        "spend is reported net of VAT; these totals are as in the ledger and may be up to "
        "a fifth higher"
    )
    remedy = "ask finance for the net amounts"
    net = [name for name, layout in layouts.items() if layout.vat_basis == "net"]
    for name, layout in layouts.items():
        if layout.vat_basis == "gross" and net:
            said, mixed = (
                f"amounts that include VAT; those of {net[0]} do not",
                "no total can be made of both",
            )
            yield Finding("stop", name, None, "amount", said, mixed, remedy)
        elif layout.vat_basis != "net":
            said = (
                "amounts that include VAT"
                if layout.vat_basis == "gross"
                else "amounts whose VAT basis is not known"
            )
            yield Finding("warn", name, None, "amount", said, problem, remedy)


def sort_out(frame: pd.DataFrame, publication: Publication) -> tuple[pd.Series, list[Finding]]:
    """Of each payment whether it is used, excluded or quarantined, and why.

    Quarantined: no readable date or amount. Excluded: outside the reported periods, or not yet
    known on the day.
    """
    is_unread = frame["amount_pence"].isna() | frame["paid_on"].isna()
    as_at = publication.file.data_as_at
    is_later = ~is_unread & (frame["paid_on"] > pd.Timestamp(as_at))
    is_outside = ~is_unread & ~is_later
    for period in (publication.spend, publication.spend_before):
        is_outside &= ~frame["paid_on"].between(
            pd.Timestamp(period.start), pd.Timestamp(period.end)
        )
    fate = np.select([is_unread, is_later | is_outside], [2, 1], 0).astype(np.int8)
    way = pd.Series(pd.Categorical.from_codes(fate, pd.Index(WAYS)), index=frame.index)
    unread = "the date or the amount cannot be read, so no total has them"
    later = f"paid after {long_date(as_at)}, the day the data stands at"
    outside = f"paid outside {publication.spend_before} and {publication.spend}"
    money = frame[["source_file", "amount_pence"]]
    found = [
        *_left_out(money[is_unread], "warn", " readable, set aside", unread),
        *_left_out(money[is_later], "note", ", excluded", later),
        *_left_out(money[is_outside], "note", ", excluded", outside),
        *_repeats(frame, fate == 0),
    ]
    return way, found


def _left_out(rows: pd.DataFrame, severity: Severity, what: str, why: str) -> Iterator[Finding]:
    remedy = "correct the cells that cannot be read" if severity == "warn" else "nothing to do"
    for file, part in rows.groupby("source_file", sort=False):
        yield Finding(severity, str(file), None, "", f"{_size(part)}{what}", why, remedy)


def _repeats(frame: pd.DataFrame, is_used: Mask) -> Iterator[Finding]:
    """Lines that stand more than once: often genuine split invoices, so they are kept and
    counted.
    """
    days = frame["paid_on"].to_numpy().astype("datetime64[D]").astype("int64")
    likely = pd.Series(frame["amount_pence"].to_numpy("int64", na_value=0) * 100_000 + days)
    numbers = frame["payment_id"][likely.duplicated(keep=False).to_numpy() & is_used]
    candidates = frame.loc[numbers.index[numbers.duplicated(keep=False)]]
    columns = [column.frame_name for column in PAYMENTS.columns]
    for file, rows in candidates[candidates.duplicated(columns)].groupby("source_file", sort=False):
        problem = "the same in every column as a row above; split invoices can be, so they are kept"
        row, remedy = int(rows["source_row"].iloc[0]), "ask finance when in doubt"
        yield Finding("note", str(file), row, "", f"{_size(rows)}, repeated", problem, remedy)


def _size(rows: pd.DataFrame) -> str:
    return f"{counted(len(rows), 'row')}, {in_pounds(int(rows['amount_pence'].sum()))}"

"""Payments: the canonical table, or any council's ledger through a layout that says which of its columns is which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import ValidationError

from sv_lib.errors import InputError
from sv_lib.intake.columns import Table
from sv_lib.intake.contracts import nearest
from sv_lib.intake.findings import Finding, Severity, counted
from sv_lib.intake.readers import RawTable
from sv_lib.intake.tables import PAYMENTS
from sv_lib.params import Publication, Settings, read_yaml
from sv_lib.periods import long_date

NEEDED = ("paid_on", "amount")
LEDGER: Table = replace(
    PAYMENTS,
    columns=tuple(replace(c, filled=c.name in NEEDED, optional=c.name not in NEEDED) for c in PAYMENTS.columns),
)
"""Payments as a published ledger has them: only the date and the amount are sure to be there."""


class Layout(Settings):
    """How a ledger is read. ``columns``: our name -> its heading. ``redacted``: how a hidden supplier's name begins."""

    columns: dict[str, str]
    redacted: tuple[str, ...] = ()
    vat_basis: Literal["net", "gross", "not known"]


def read_layout(path: Path, name: str) -> Layout:
    """The layout of a YAML file. Raises InputError when it is not one."""
    try:
        layout = Layout.model_validate(read_yaml(path))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as fault:
        raise _not_a_layout(name, " ".join(str(fault).split())) from None
    known = [column.name for column in PAYMENTS.columns]
    if unknown := [ours for ours in layout.columns if ours not in known]:
        raise _not_a_layout(name, f"payments have no column {', '.join(unknown)}; they have {', '.join(known)}")
    if absent := [ours for ours in NEEDED if ours not in layout.columns]:
        raise _not_a_layout(name, f"it does not say which heading is {' and '.join(absent)}")
    return layout


def _not_a_layout(name: str, found: str) -> InputError:
    return InputError(name, found, "the ledger cannot be read without it", "correct it; docs/data-inputs.md shows one")


def by_layout(raw: RawTable, layout: Layout) -> tuple[RawTable, list[Finding]]:
    """A ledger's columns under our names, and the supplier's number taken from rows whose name is hidden."""
    headings = {heading.lower(): heading for heading in raw.columns}
    mapped = {headings[theirs.lower()]: ours for ours, theirs in layout.columns.items() if theirs.lower() in headings}
    found = []
    for ours, theirs in layout.columns.items():
        if theirs.lower() not in headings:
            near = nearest(theirs, raw.columns)
            remedy = f"did you mean '{near}'? correct the layout" if near else "correct the layout, or the export"
            said, problem = f"there is no column '{theirs}'", f"the layout reads {ours} from it"
            found.append(Finding("stop", raw.name, raw.header_row, ours, said, problem, remedy))
    frame = raw.frame[list(mapped)].rename(columns=mapped)
    if {"supplier_id", "supplier_name"} <= set(frame.columns) and layout.redacted:
        begins = tuple(marker.lower() for marker in layout.redacted)
        is_hidden = frame["supplier_name"].str.strip().str.lower().str.startswith(begins)
        frame["supplier_id"] = frame["supplier_id"].mask(is_hidden, "")
    return replace(raw, columns=tuple(frame.columns), frame=frame), found


def vat_finding(layout: Layout, name: str) -> Iterator[Finding]:
    """A warning unless the ledger is net of VAT, as every figure of spend is meant to be."""
    if layout.vat_basis != "net":
        said = "amounts that include VAT" if layout.vat_basis == "gross" else "amounts whose VAT basis is not known"
        problem = "spend is reported net of VAT; these totals are as in the ledger and may be up to a fifth higher"
        yield Finding("warn", name, None, "amount", said, problem, "ask finance for the net amounts")


def sort_out(frame: pd.DataFrame, publication: Publication) -> tuple[pd.Series, list[Finding]]:
    """Of each payment whether it is used, excluded or quarantined, and why.

    Quarantined: no readable date or amount. Excluded: outside the reported periods, or not yet known on the day.
    """
    is_unread = frame["amount_pence"].isna() | frame["paid_on"].isna()
    as_at = publication.file.data_as_at
    is_later = ~is_unread & (frame["paid_on"] > pd.Timestamp(as_at))
    is_outside = ~is_unread & ~is_later
    for period in (publication.spend, publication.spend_before):
        is_outside &= ~frame["paid_on"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    way = pd.Series("used", index=frame.index, dtype="str")
    way = way.mask(is_unread, "quarantined").mask(is_later | is_outside, "excluded")
    found = [
        *_left_out(
            frame[is_unread],
            "warn",
            " readable, set aside",
            "the date or the amount cannot be read, so no total has them",
        ),
        *_left_out(frame[is_later], "note", ", excluded", f"paid after {long_date(as_at)}, the day the data stands at"),
        *_left_out(
            frame[is_outside], "note", ", excluded", f"paid outside {publication.spend_before} and {publication.spend}"
        ),
        *_repeats(frame[way == "used"]),
    ]
    return way, found


def _left_out(rows: pd.DataFrame, severity: Severity, what: str, why: str) -> Iterator[Finding]:
    remedy = "correct the cells that cannot be read" if severity == "warn" else "nothing to do"
    for file, part in rows.groupby("source_file", sort=False):
        yield Finding(severity, str(file), None, "", f"{_size(part)}{what}", why, remedy)


def _repeats(used: pd.DataFrame) -> Iterator[Finding]:
    """Lines that stand more than once: often genuine split invoices, so they are kept and counted."""
    candidates = used[used.duplicated(["payment_id", "amount_pence"], keep=False)]
    columns = [column.frame_name for column in PAYMENTS.columns]
    for file, rows in candidates[candidates.duplicated(columns)].groupby("source_file", sort=False):
        problem = "the same in every column as a row above; split invoices can be, so they are kept"
        row, remedy = int(rows["source_row"].iloc[0]), "ask finance when in doubt"
        yield Finding("note", str(file), row, "", f"{_size(rows)}, repeated", problem, remedy)


def _size(rows: pd.DataFrame) -> str:
    pence = int(rows["amount_pence"].sum())
    pounds = f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
    return f"{counted(len(rows), 'row')}, {pounds}"

"""The columns of a ledger under our names: as its layout says, with what has changed since."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.headers import bare, plain
from sv_lib.intake.findings import Finding, finding, nearest
from sv_lib.intake.ledger.answers import Payments, answer
from sv_lib.intake.ledger.layout import Layout
from sv_lib.intake.ledger.parts import Section
from sv_lib.intake.ledger.questions import ask_of_formulas, day_or_money

SIGNS_BEFORE_A_NAME = "*-_ ([<"
WITH_PENCE = re.compile(r"\.\d\d\D*$")
A_NUMBER = re.compile(r"\s*[-(£]*[\d,]+(?:\.\d+)?\)?\s*")


def take_columns(section: Section, layout: Layout, name: str) -> Payments:
    """The payments of a section under our names, as its layout says, with what is to be asked.

    The supplier's number is taken from rows whose name is hidden: it would tell who it is.
    """
    cells = section.cells
    headings = {bare(heading): heading for heading in reversed(cells.columns)}
    columns = {ours: headings.get(bare(theirs)) for ours, theirs in layout.columns.items()}
    there = {ours: theirs for ours, theirs in columns.items() if theirs is not None}
    frame = cells[list(there.values())].set_axis(list(there), axis=1)
    payments = Payments(name, layout, frame)
    for ours, theirs in columns.items():
        payments.findings += _heading_fault(section, name, ours, layout.columns[ours], theirs)
    payments.findings += _changes(section, name, layout)
    looked_at = list(there.values())
    if section.layout is None:
        looked_at += day_or_money(list(cells.columns))
    payments.questions += ask_of_formulas(cells, list(dict.fromkeys(looked_at)))
    if "amount" in there:
        answer(payments, section, there["amount"])
    if "supplier_name" in frame:
        names = frame["supplier_name"]
        numbers = frame["supplier_id"] if "supplier_id" in frame else ids_by_name(names)
        frame["supplier_id"] = numbers.mask(hidden(names, layout.redacted), "")
    payments.findings += _torn_rows(payments, section)
    return payments


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


def _heading_fault(
    section: Section, name: str, ours: str, theirs: str, heading: str | None
) -> Iterator[Finding]:
    """A heading of the layout that stands in the file twice, or not at all."""
    place = name, section.header_row, ours
    repeated = f"{theirs} (column "
    if any(other.startswith(repeated) for other in section.cells.columns):
        yield finding("ledger.heading_twice", *place, heading=theirs)
    elif heading is None:
        near = nearest(theirs, section.cells.columns)
        yield finding("ledger.no_column", *place, heading=theirs, near=near)


def _changes(section: Section, name: str, layout: Layout) -> Iterator[Finding]:
    """Columns that have come or gone since the layout was saved, but for those that it reads."""
    saved = {bare(heading): heading for heading in layout.headings}
    if not saved:
        return
    columns = section.cells.columns
    headings = [heading for heading in columns if not heading.startswith("(column ")]
    found = set(map(bare, headings))
    read = set(map(bare, layout.columns.values()))
    gone = sorted(saved[key] for key in saved.keys() - found - read)
    place = name, section.header_row
    for heading in headings:
        if bare(heading) in saved:
            continue
        old = nearest(heading, gone)
        if old:
            yield finding("ledger.renamed_column", *place, heading, old=old)
        else:
            yield finding("ledger.new_column", *place, heading)
    for heading in gone:
        yield finding("ledger.column_gone", *place, heading)


def _torn_rows(payments: Payments, section: Section) -> Iterator[Finding]:
    """Rows with more cells than headings: a note where the row reads well all the same.

    A comma inside a value would have moved the day or the amount. Cells beyond that hold something
    are trusted less: the amount has to have its pence, and none of them may be a number.
    """
    if not section.beyond:
        return
    width = section.cells.shape[1]
    frame = payments.frame.reindex(columns=["paid_on", "amount"], fill_value="")
    rows = frame[frame.index.isin(list(section.beyond))]
    has_day = ledger_days(rows["paid_on"]).values.notna()
    has_amount = ledger_pence(rows["amount"]).values.notna()
    well = []
    for at, row in enumerate(rows.index.tolist()):
        more = section.beyond[row]
        filled = [cell for cell in more if cell.strip()]
        has_pence = WITH_PENCE.search(rows["amount"].iloc[at])
        is_safe = has_pence and not any(map(A_NUMBER.fullmatch, filled))
        if has_day.iloc[at] and has_amount.iloc[at] and (is_safe or not filled):
            well.append(row)
            continue
        slots: dict[str, Any] = {"values": width + len(more), "headings": width}
        yield finding("reading.values_beyond", payments.name, row, **slots)
    if well:
        yield finding("ledger.cells_beyond", payments.name, well[0], rows=len(well))

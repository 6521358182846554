"""What ``svreport layout`` says of a payments file, with nothing but the file to go by."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.files.cells import ledger_days, ledger_pence
from sv_lib.intake.files.sentences import sentence
from sv_lib.intake.findings import Finding
from sv_lib.intake.ledger.headings import HEADINGS
from sv_lib.intake.ledger.ledger import Ledger
from sv_lib.intake.ledger.our_columns import hidden
from sv_lib.intake.ledger.payment_rows import read_ledger
from sv_lib.intake.ledger.saving import Described

SHOWN = 10
"""Rows left out that are listed for a person."""


@dataclass(frozen=True)
class LeftOut:
    """A row that is in no total: no payment, or a payment whose amount cannot be read (None)."""

    row: int
    reason: str
    pence: int | None


@dataclass
class LedgerDescription:
    """How a payments file is read, in the order of ``--json``.

    ``rows`` to ``last_on`` are of the payments with an amount that can be read. ``decided`` and
    ``notes`` are None where the file cannot be read at all.
    """

    file: str
    encoding: str = ""
    header_row: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    rows: int = 0
    pence: int = 0
    negative_rows: int = 0
    redacted_rows: int = 0
    undated_rows: int = 0
    first_on: str | None = None
    last_on: str | None = None
    vat_basis: str = "not known"
    excluded: list[LeftOut] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    decided: str | None = None
    notes: list[str] | None = None

    def as_json(self) -> dict[str, Any]:
        """The description as ``svreport layout --json`` prints it."""
        said = asdict(self)
        if self.decided is None:
            del said["decided"], said["notes"]
        return said


def describe(path: Path) -> tuple[LedgerDescription, Described | None]:
    """How a payments file is read, and its layout to save; none where it cannot be read."""
    description = LedgerDescription(str(path))
    try:
        ledger = read_ledger(path, path.name)
    except InputError as fault:
        description.questions.append(f"{fault.found}: {fault.remedy}")
        return description, None
    raw = ledger.raw
    layout = ledger.layout
    torn = [note for note in ledger.findings if note.severity == "stop"]
    told = [note for note in [*raw.notes, *ledger.findings] if note.severity != "stop"]
    questions = [sentence("torn_row", note=note) for note in torn[:3]]
    described = replace(
        _counted(ledger, description),
        encoding=raw.encoding,
        header_row=raw.header_row,
        columns=layout.columns,
        confidence=ledger.confidence,
        vat_basis=layout.vat_basis,
        excluded=_left_out(ledger),
        decided=_decided(ledger),
        notes=list(map(_in_words, told)),
        questions=[question.words for question in ledger.questions] + questions,
    )
    saved = None if ledger.is_nil else (layout, path.name, ledger.questions)
    return described, saved


def _in_words(note: Finding) -> str:
    return f"{note.found}: {note.problem}"


def _counted(ledger: Ledger, description: LedgerDescription) -> LedgerDescription:
    """The description with its counts: of the payments with an amount that can be read."""
    # A column that the file lacks counts as blank.
    frame = ledger.raw.frame.reindex(columns=["paid_on", "amount", "supplier_name"], fill_value="")
    amounts = frame["amount"]
    read = ledger_pence(amounts).values
    pence = read.dropna()
    days = ledger_days(frame["paid_on"]).values[read.notna()]
    names_hidden = hidden(frame["supplier_name"], ledger.layout.redacted)
    is_hidden = names_hidden | amounts.str.contains(HEADINGS.hidden.cells)
    return replace(
        description,
        rows=len(pence),
        pence=int(pence.sum()),
        negative_rows=int((pence < 0).sum()),
        redacted_rows=int(is_hidden.sum()),
        undated_rows=int(days.isna().sum()),
        first_on=_iso(days.min()),
        last_on=_iso(days.max()),
    )


def _iso(day: pd.Timestamp) -> str | None:
    return None if pd.isna(day) else f"{day:%Y-%m-%d}"


def _decided(ledger: Ledger) -> str:
    """What was decided of the rows that are no payments, in one sentence."""
    raw = ledger.raw
    decided = [sentence("no_header")]
    if raw.header_row:
        decided = [sentence("header_found", row=raw.header_row)]
    if raw.above:
        decided.append(sentence("set_aside", rows=len(raw.above)))
    pence_by_reason: dict[str, list[int]] = {}
    for row in ledger.excluded:
        pence_by_reason.setdefault(row.reason, []).append(row.pence)
    for reason, pence in pence_by_reason.items():
        total = sum(pence)
        sentence_id = "excluded_pence" if total else "excluded"
        decided.append(sentence(sentence_id, rows=len(pence), pence=total, reason=reason))
    return "; ".join(decided)


def _left_out(ledger: Ledger) -> list[LeftOut]:
    """Every row that holds something and is in no total, in order of the file."""
    rows = [LeftOut(row.row, row.reason, row.pence) for row in ledger.excluded]
    frame = ledger.raw.frame
    if "amount" in frame:
        texts = frame["amount"].str.strip()
        is_unread = ledger_pence(texts).values.isna()
        for at, text in texts[is_unread].items():
            reason = sentence("unread_amount", text=text)
            rows.append(LeftOut(int(str(at)), reason, None))
    return sorted(rows, key=lambda row: row.row)


def in_lines(description: LedgerDescription) -> str:
    """The description of one file, for a person to read."""
    said = description
    slots = vars(description)
    lines = [sentence("read_as" if said.decided else "not_read", **slots)]
    for ours, theirs in said.columns.items():
        lines.append(sentence("column", ours=ours, theirs=theirs))
    lines.append(sentence(said.vat_basis, **slots))
    lines.append(sentence("payments", **slots))
    lines += [sentence("note", note=note) for note in said.notes or []]
    for row in said.excluded[:SHOWN]:
        lines.append(sentence("left_out_pence" if row.pence else "left_out", **vars(row)))
    more = len(said.excluded) - SHOWN
    if more > 0:
        lines.append(sentence("more_left_out", more=more))
    lines += [sentence("question", question=question) for question in said.questions]
    return "\n".join(lines)

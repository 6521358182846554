"""A council's ledger as it was read, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, finding, in_pounds
from sv_lib.intake.ledger.layout import Layout
from sv_lib.intake.ledger.questions import Question


@dataclass(frozen=True)
class Excluded:
    """A row that is not a payment, and why. ``pence``: what it would have added to the total."""

    row: int
    reason: str
    pence: int


@dataclass
class Ledger:
    """A ledger as read. ``raw``: its payments as text under our names.

    ``cells``: every row that holds anything, under the file's headings. ``layouts``: one for each
    section. ``questions``: what an analyst must decide. ``is_nil``: it says that there are none.
    """

    raw: RawTable
    cells: pd.DataFrame
    layouts: list[Layout] = field(default_factory=list)
    confidence: float = 1.0
    questions: list[Question] = field(default_factory=list)
    excluded: list[Excluded] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    is_nil: bool = False

    @property
    def layout(self) -> Layout:
        """The layout of its first section; of a nil return, one without columns."""
        return self.layouts[0] if self.layouts else Layout(columns={}, vat_basis="not known")

    @property
    def columns(self) -> dict[str, str]:
        """Our column -> the headings it is read from."""
        headings: dict[str, list[str]] = {}
        for layout in self.layouts:
            for ours, theirs in layout.columns.items():
                headings.setdefault(ours, []).append(theirs)
        return {ours: " or ".join(dict.fromkeys(theirs)) for ours, theirs in headings.items()}


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


def reading(raw: RawTable, ledger: Ledger | None, is_guess: bool) -> Reading:
    """How a file was read; of a ledger, its layout too."""
    read = Reading(raw.name, raw.encoding, raw.header_row)
    if ledger is None:
        return read
    confidence = ledger.confidence if is_guess else None
    vat_basis = ledger.layout.vat_basis
    return replace(read, columns=ledger.columns, vat_basis=vat_basis, confidence=confidence)


def as_findings(ledger: Ledger, is_guess: bool) -> list[Finding]:
    """What was decided of a ledger, what was taken out, and what is left to decide."""
    name = ledger.raw.name
    told = list(ledger.findings)
    if is_guess and not ledger.is_nil:
        columns = ledger.layout.columns
        decided = ", ".join(f"{ours} from '{theirs}'" for ours, theirs in columns.items())
        header_row = ledger.raw.header_row
        guessed = finding(
            "ledger.guessed", name, header_row, decided=decided, sure=ledger.confidence
        )
        told.append(guessed)
    answers = {key: said for layout in ledger.layouts for key, said in layout.answers.items()}
    if answers:
        given = "; ".join(f"{key}: {said}" for key, said in answers.items())
        told.append(finding("ledger.answered", name, answers=given))
    file = Path(name).name
    accepted = [words for one in ledger.layouts for words in one.accepted.get(file, ())]
    told += [finding("ledger.accepted", name, question=words) for words in accepted]
    for question in ledger.questions:
        line = question.line.strip() or f'accepted: {{{file}: ["{question.words}"]}}'
        told.append(finding("ledger.question", name, question=question.words, line=line))
    for row in ledger.excluded:
        pence = f"{in_pounds(row.pence)}, " if row.pence else ""
        left_out = finding("ledger.excluded", name, row.row, pence=pence, reason=row.reason)
        told.append(left_out)
    return told

"""The check of the input files, as tables on the screen and as a page.

They say what came in, where it went, what was found, and how much is known. The words of the tables
stand in ``present/page_tables.yaml``, those of the page in ``page/templates/check.html.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from sv_lib.intake.control_totals import file_labels
from sv_lib.intake.findings import counted
from sv_lib.intake.ledger.ledger import Reading
from sv_lib.intake.ledger.payments import WAYS
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.suppliers.supplier_list import FACTS
from sv_lib.params import NOT_KNOWN, Publication
from sv_lib.present import cards, ladder, tables
from sv_lib.present.formats import Amount, capital, display
from sv_lib.present.markup import Html, text_of
from sv_lib.present.page_tables import TableLayout, layout
from sv_lib.present.tables import TableRow
from sv_lib.publish import terminal_tables
from sv_lib.publish.check_coverage import Coverage
from sv_lib.publish.check_findings import finding_kinds
from sv_lib.publish.page.context import context_of
from sv_lib.publish.page.finding_words import GRAVITY
from sv_lib.publish.page.html import TEMPLATES, page, section
from sv_lib.publish.run import folder

SCRIPT = (TEMPLATES / "check.js").read_text(encoding="utf-8")
"""Shortens the table of findings as a word is typed. Without it the table is whole."""
FIRST, ON_PAGE = 3, 500
"""How many places a kind of finding names at once, and how many on the page; others are counted."""
FACT_NAMES = {"is_sme": "small or medium", "is_vcse": "VCSE"}
OTHER_SOURCES = ("notices", "the ledger")
"""Beginnings of ``facts_from`` where none of a supplier's facts are the council's own."""


@dataclass(frozen=True)
class CheckTable:
    """One table of the check, the same on the screen and on the page."""

    id: str
    rows: list[TableRow]

    @property
    def title(self) -> str:
        """The heading above the table."""
        return self.id.replace("-", " ").capitalize()

    @property
    def layout(self) -> TableLayout:
        """The words of the table."""
        return layout(f"check-{self.id}")

    def on_screen(self) -> Table:
        """The table for the terminal."""
        columns = self.layout.columns
        rows = []
        for row in self.rows:
            cells = zip(row, columns, strict=True)
            rows.append([text_of(tables.shown(cell, column)) for cell, column in cells])
        headings = [column.heading for column in columns]
        return terminal_tables.table(f"{self.title}: {self.layout.caption}", headings, rows)

    def on_page(self) -> Html:
        """The table for the page."""
        words = self.layout
        caption = capital(words.caption)
        found = self.rows
        return tables.show(
            self.id, caption, words.columns, found, source=words.source, notes=words.notes
        )


def check_tables(inputs: Inputs, known: Sequence[Coverage], most: int = FIRST) -> list[CheckTable]:
    """Every table that has a row, in the order in which an analyst works: findings first.

    ``most``: how many places one kind of finding names.
    """
    rows = {
        "findings": finding_rows(inputs, most),
        "coverage": [one.row for one in known],
        "control-totals": _control_rows(inputs),
        "how-the-files-were-read": _reading_rows(inputs),
    }
    if not inputs.stops:
        rows["where-facts-come-from"] = _fact_rows(inputs.frames["suppliers"])
    rows["what-to-add-next"] = _next_rows(inputs)
    return [CheckTable(name, found) for name, found in rows.items() if found]


def verdict(inputs: Inputs) -> str:
    """Whether a run would go on."""
    if inputs.stops:
        stops = counted(len(inputs.stops), "finding")
        return f"{stops} would stop a run: mend them first; coverage is told then."
    if inputs.findings:
        return "Nothing here stops a run."
    return "No findings. Nothing here stops a run."


def write_page(
    inputs: Inputs,
    publication: Publication,
    known: Sequence[Coverage],
    output_dir: Path,
    changed: Sequence[str] = (),
) -> Path:
    """Write the check as a page beside the run folder.

    ``changed``: what changed since the last check, in lines. Raises RenderError when not everyone
    could read it.
    """
    council = publication.council
    context = context_of(publication, f"Check of the input files: {publication.file.title}")
    cover = cards.cover(
        council.name,
        context.title,
        context.period_text,
        context.data_as_at,
        context.status,
        context.status_text,
        [verdict(inputs)],
    )
    body = section(
        "check.html.j2",
        cover=cover,
        tables=check_tables(inputs, known, ON_PAGE),
        changed=changed,
        files=sorted({one.file for one in inputs.findings}),
        gravities=GRAVITY.values(),
        contact=council.contact,
    )
    path = output_dir / council.id / f"{publication.id}-check.html"
    folder.write(path, page(body, context, SCRIPT).encode())
    path.chmod(0o600)  # it shows what cells held
    return path


def finding_rows(inputs: Inputs, most: int = FIRST) -> list[TableRow]:
    """Findings of one kind together, each with what it touches and how to mend it.

    ``most``: how many places of a kind are named; those beyond the first are to be unfolded.
    """
    rows: list[TableRow] = []
    for number, kind in enumerate(finding_kinds(inputs), start=1):
        where = section("check_places.html.j2", kind=kind, first=FIRST, most=most)
        gravity = f"{number}. {kind.gravity}"
        rows.append((gravity, kind.cost, where, kind.problem, kind.remedy))
    return rows


def _and_others(first: str, number: int) -> str:
    """The first of so many, and how many others there are."""
    if number == 1:
        return first
    return f"{first} and {counted(number - 1, 'other')}"


def _control_rows(inputs: Inputs) -> list[TableRow]:
    """Every file's rows and pounds: what came in and where it went, and the sum of all files."""
    lines = inputs.controls
    if lines.empty:
        return []
    records: list[dict[Any, Any]] = lines.assign(file=file_labels(lines)).to_dict("records")
    total: dict[Any, Any] = dict(lines.drop(columns="file").sum())
    records.append({"file": "all files"} | total)
    rows: list[TableRow] = []
    for record in records:
        file = str(record["file"])
        rows.append((file, _went(record, "rows"), _went(record, "pence")))
    return rows


def _went(record: Mapping[Any, Any], unit: str) -> str:
    """Where the rows or pence of a file went.

    ``60,012 = 59,990 used + 22 excluded``; only ``60,012 used`` when that is all.
    """
    if pd.isna(record[f"{unit}_in"]):
        return "no money"
    sizes = {way: int(record[f"{unit}_{way}"]) for way in ("in", *WAYS)}
    said = {way: display(Amount(size, unit), "full") for way, size in sizes.items()}
    whole = said["in"]
    parts = [f"{said[way]} {way}" for way in WAYS if sizes[way]]
    if len(parts) > 1:
        return f"{whole} = {' + '.join(parts)}"
    return parts[0] if parts else whole


def _reading_rows(inputs: Inputs) -> list[TableRow]:
    """How the files were read; files that were read alike share a line."""
    # A file that is read for two tables stands here once.
    readings = {reading.file: reading for reading in inputs.readings}
    alike: dict[tuple[str, str, str], list[str]] = {}
    for file, reading in readings.items():
        header_row = str(reading.header_row or "none found")
        how = (header_row, reading.encoding, _columns_in_words(reading))
        alike.setdefault(how, []).append(file)
    return [(_and_others(files[0], len(files)), *how) for how, files in alike.items()]


def _columns_in_words(reading: Reading) -> str:
    """Which heading is which of our columns, and how sure that is."""
    columns = [f"{ours} from '{theirs}'" for ours, theirs in reading.columns.items()]
    words = "; ".join(columns) or "our own headings"
    if reading.vat_basis:
        words += f"; amounts {reading.vat_basis} of VAT"
    if reading.confidence is not None:
        words += f"; a guess, {reading.confidence:.0%} sure"
    return words


def _next_rows(inputs: Inputs) -> list[TableRow]:
    """What to add next, and what it would tell."""
    steps = ladder.next_steps(inputs.supplied)
    return [(step.name, capital(step.tells), step.where) for step in steps]


def _fact_rows(suppliers: pd.DataFrame) -> list[TableRow]:
    """How many suppliers have each fact, by where it comes from."""
    if suppliers.empty:
        return []
    return [_fact_row(fact, suppliers) for fact in FACTS]


def _fact_row(fact: str, suppliers: pd.DataFrame) -> TableRow:
    """How many suppliers have a fact from the council's list, from elsewhere, or not at all."""
    is_known = ~suppliers[fact].fillna(NOT_KNOWN).isin([NOT_KNOWN, ""])
    if fact == "is_sme":
        is_known |= suppliers["size"].notna()  # the size says whether it is small or medium
    is_elsewhere = pd.Series(False, index=suppliers.index)
    if "facts_from" in suppliers:
        source = suppliers["facts_from"].fillna("")
        names_fact = source.str.contains(rf"\b{fact}\b")
        is_elsewhere = is_known & (names_fact | source.str.startswith(OTHER_SOURCES))
    classes = (is_known & ~is_elsewhere, is_elsewhere, ~is_known)
    counts = [Amount(int(is_class.sum()), "suppliers") for is_class in classes]
    return (FACT_NAMES.get(fact, fact.replace("_", " ")), *counts)

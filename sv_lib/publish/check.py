"""The check of the input files, as tables on the screen and as a page.

They say what came in, where it went, what was found, and how much is known. The words of the tables
stand in ``present/page_tables.yaml``, those of the page in ``page/templates/check.html.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from sv_lib.analysis import local_spend
from sv_lib.intake.control_totals import file_labels
from sv_lib.intake.findings import as_frame, counted
from sv_lib.intake.ledger.payment_rows import Reading
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
from sv_lib.publish.page.context import context_of
from sv_lib.publish.page.finding_words import GRAVITY, place
from sv_lib.publish.page.html import TEMPLATES, page, section
from sv_lib.publish.run import folder
from sv_lib.toms.states import in_period

SCRIPT = (TEMPLATES / "check.js").read_text(encoding="utf-8")
"""Shortens the table of findings as a word is typed. Without it the table is whole."""
ON_SCREEN = 3
ON_PAGE = 500
"""How many places one kind of finding names; the rest are counted."""
COVERED = {
    "the supplier is in the list": "supplier",
    "the supplier's ward, or that it is outside": "ward_code",
    "how near the supplier is": "geography",
    "the contract is in the register": "contract",
    "whether the supplier is small or medium": "is_sme",
    "whether the supplier is a VCSE": "is_vcse",
}
"""What may be known of a payment, and the column that holds it."""
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
        return tables.show(self.id, caption, words.columns, self.rows, source=words.source)


def check_tables(
    inputs: Inputs, publication: Publication, places: int = ON_SCREEN
) -> list[CheckTable]:
    """Every table that has a row, in the order in which an analyst works: findings first.

    ``places``: how many places one kind of finding names.
    """
    rows = {
        "findings": finding_rows(inputs, places),
        "control-totals": _control_rows(inputs),
        "how-the-files-were-read": _reading_rows(inputs),
    }
    # A table with faults cannot be joined to another, so there is no coverage before they are gone.
    if not inputs.stops:
        rows["coverage"] = _coverage_rows(inputs, publication)
        rows["where-facts-come-from"] = _fact_rows(inputs.frames["suppliers"])
    rows["what-to-add-next"] = _next_rows(inputs)
    return [CheckTable(name, found) for name, found in rows.items() if found]


def coverage(tables: Sequence[CheckTable]) -> list[TableRow]:
    """The rows of the table on what is known; none before the findings that stop are mended."""
    return [row for table in tables if table.id == "coverage" for row in table.rows]


def verdict(inputs: Inputs) -> str:
    """Whether a run would go on."""
    if inputs.stops:
        stops = counted(len(inputs.stops), "finding")
        return f"{stops} would stop a run: mend them first; coverage is told then."
    if inputs.findings:
        return "Nothing here stops a run."
    return "No findings. Nothing here stops a run."


def write_page(inputs: Inputs, publication: Publication, output_dir: Path) -> Path:
    """Write the check as a page beside the run folder.

    Raises RenderError when not everyone could read it.
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
    shown = check_tables(inputs, publication, ON_PAGE)
    body = section("check.html.j2", cover=cover, tables=shown, contact=council.contact)
    path = output_dir / council.id / f"{publication.id}-check.html"
    folder.write(path, page(body, context, SCRIPT).encode())
    path.chmod(0o600)  # it shows what cells held
    return path


def finding_rows(inputs: Inputs, places: int) -> list[TableRow]:
    """Findings of one kind together, the gravest first, each with how to mend it."""
    rows: list[TableRow] = []
    kinds = as_frame(inputs.findings).groupby(
        ["severity", "problem", "remedy"], sort=False, dropna=False
    )
    for number, (kind, same) in enumerate(kinds, start=1):
        severity, problem, remedy = map(str, kind)
        gravity = f"{number}. {GRAVITY[severity]}"
        rows.append((gravity, _places(same, places), problem, remedy))
    return rows


def _places(findings: pd.DataFrame, places: int) -> str:
    """Where findings of one kind are and what stands there; beyond ``places`` only how many."""
    said = []
    for found, alike in findings.groupby("found", sort=False, dropna=False):
        where = _and_others(place(alike.iloc[0]), len(alike))
        said.append(f"{where}: {found}")
    if len(said) > places:
        said[places:] = [f"and {len(said) - places:,} more"]
    return "; ".join(said)


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


def _coverage_rows(inputs: Inputs, publication: Publication) -> list[TableRow]:
    """What is known of the payments, by number and by amount."""
    frames = inputs.frames
    suppliers = frames["suppliers"]
    contracts = frames["contracts"]
    payments = _of_reported_periods(frames["payments"], publication)
    paid = local_spend.place(payments, suppliers, frames["postcodes"], publication.council)
    if paid.empty:
        return []
    for name, register in (("supplier", suppliers), ("contract", contracts)):
        ids = paid[f"{name}_id"]
        is_in_register = ids.isin(register[f"{name}_id"])
        paid[name] = ids.where(is_in_register, NOT_KNOWN)
    return [_covered(label, paid, column) for label, column in COVERED.items()]


def _of_reported_periods(payments: pd.DataFrame, publication: Publication) -> pd.DataFrame:
    """The payments of both periods; earlier ones only make the series longer."""
    periods = (publication.spend, publication.spend_before)
    parts = [in_period(payments, period, "paid_on") for period in periods]
    return pd.concat(parts, ignore_index=True)


def _covered(label: str, paid: pd.DataFrame, column: str) -> TableRow:
    """How many payments, and how many pence of them, have a known value in a column."""
    amounts = paid["amount_pence"]
    known = amounts[paid[column] != NOT_KNOWN]
    pence = int(known.sum())
    share_of_payments = _share(len(known), len(paid))
    share_of_amount = _share(pence, int(amounts.sum()))
    payments = Amount(len(known), "payments")
    return (label, payments, share_of_payments, Amount(pence, "pence"), share_of_amount)


def _share(part: int, whole: int) -> Amount:
    if not whole:
        return Amount(None, "percent")
    return Amount(Decimal(part) * 100 / Decimal(whole), "percent")


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

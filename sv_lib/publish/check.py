"""The check of the input files, as tables on the screen and as a page.

They say what came in, where it went, what was found, and how much is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from sv_lib.analysis import local_spend
from sv_lib.intake.findings import as_frame, counted
from sv_lib.intake.ledger.payment_rows import Reading
from sv_lib.intake.ledger.payments import WAYS
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.suppliers.supplier_list import FACTS
from sv_lib.params import NOT_KNOWN, Publication
from sv_lib.present import cards, tables
from sv_lib.present.formats import Amount, capital, display
from sv_lib.present.markup import Html, anchor, heading, join, paragraph, text_of
from sv_lib.present.tables import TableColumn, TableRow
from sv_lib.publish import terminal_tables
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import page
from sv_lib.publish.run import folder

GRAVITY = {"stop": "stops a run", "warn": "to look at", "note": "to know"}
ON_SCREEN, ON_PAGE = 3, 500
"""How many places one kind of finding names; the rest are counted."""
COVERED = {
    "the supplier is in the list": "supplier",
    "the supplier's ward, or that it is outside": "ward_code",
    "how near the supplier is": "geography",
    "the contract is in the register": "contract",
    "whether the supplier is small or medium": "is_sme",
    "whether the supplier is a VCSE": "is_vcse",
}
"""What may be known of a payment, and the column that tells it."""
FACT_NAMES = {"is_sme": "small or medium", "is_vcse": "VCSE"}
OTHER_SOURCES = ("notices", "the ledger")
"""Beginnings of ``facts_from`` where none of a supplier's facts are the council's own."""


@dataclass(frozen=True)
class CheckTable:
    """One table of the check, the same on the screen and on the page."""

    title: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: list[TableRow]
    source: str

    def on_screen(self) -> Table:
        """The table for the terminal."""
        rows = []
        for row in self.rows:
            cells = zip(row, self.columns, strict=True)
            rows.append([text_of(tables.shown(cell, column)) for cell, column in cells])
        headings = [column.heading for column in self.columns]
        return terminal_tables.table(f"{self.title}: {self.caption}", headings, rows)

    def on_page(self) -> Html:
        """The table for the page."""
        caption = capital(self.caption)
        return tables.show(anchor(self.title), caption, self.columns, self.rows, source=self.source)


def check_tables(
    inputs: Inputs, publication: Publication, places: int = ON_SCREEN
) -> list[CheckTable]:
    """Every table that has a row, in the order in which an analyst works: findings first.

    ``places``: how many places one kind of finding names.
    """
    made = [_findings(inputs, places), _controls(inputs), _readings(inputs)]
    # A table with faults cannot be joined to another, so there is no coverage before they are gone.
    if not inputs.stops:
        made += [_coverage(inputs, publication), _facts(inputs)]
    return [table for table in made if table.rows]


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
    file = publication.file
    council = publication.council
    title = f"Check of the input files: {file.title}"
    status = cards.STATUS[file.status]
    period = str(publication.sv)
    said = [verdict(inputs)]
    parts = [cards.cover(council.name, title, period, file.data_as_at, file.status, status, said)]
    for table in check_tables(inputs, publication, ON_PAGE):
        parts.append(heading(2, table.title, id=f"about-{anchor(table.title)}"))
        parts.append(table.on_page())
    ask = f"If you cannot read something, ask {council.contact}."
    parts.append(paragraph(f"For the analyst, not for publication. {ask}"))
    context = PageContext(
        title=title,
        council=council.name,
        report_title=title,
        period_text=period,
        status=file.status,
        status_text=status,
        data_as_at=file.data_as_at,
    )
    path = output_dir / council.id / f"{publication.id}-check.html"
    return folder.write(path, page(join(parts), context).encode())


def place(line: pd.Series) -> str:
    """File, row and column of a finding, as far as they are known."""
    row = "" if pd.isna(line["row"]) else f"row {line['row']}"
    return ", ".join(part for part in (line["file"], row, line["column"]) if part)


def _findings(inputs: Inputs, places: int) -> CheckTable:
    """Findings of one kind together, the gravest first, each with how to mend it."""
    rows: list[TableRow] = []
    kinds = as_frame(inputs.findings).groupby(
        ["severity", "problem", "remedy"], sort=False, dropna=False
    )
    for number, (kind, same) in enumerate(kinds, start=1):
        severity, problem, remedy = map(str, kind)
        gravity = f"{number}. {GRAVITY[severity]}"
        rows.append((gravity, _places(same, places), problem, remedy))
    return CheckTable(
        "Findings",
        "one line a kind, the gravest first",
        _texts("How grave", "Where and what we found", "Why it matters", "What to do"),
        rows,
        "The checks of intake and of the method",
    )


def _places(findings: pd.DataFrame, places: int) -> str:
    """Where findings of one kind are and what stands there; beyond ``places`` only how many."""
    said = []
    alike = findings.groupby("found", sort=False, dropna=False)
    for found, lines in alike:
        others = len(lines) - 1
        more = f" and {counted(others, 'other')}" if others else ""
        said.append(f"{place(lines.iloc[0])}{more}: {found}")
    if len(said) > places:
        said[places:] = [f"and {len(said) - places:,} more"]
    return "; ".join(said)


def _controls(inputs: Inputs) -> CheckTable:
    """Every file's rows and pounds: what came in and where it went, and the sum of all files.

    A file that gives rows to several tables has a line for each.
    """
    lines = inputs.controls
    part = (lines.groupby("file", dropna=False).cumcount() + 1).astype("str")
    is_repeated = lines["file"].duplicated(keep=False)
    files = lines["file"].where(~is_repeated, lines["file"] + " (part " + part + ")")
    records: list[dict[Any, Any]] = lines.assign(file=files).to_dict("records")
    if records:
        total: dict[Any, Any] = dict(lines.drop(columns="file").sum())
        records.append({"file": "all files"} | total)
    rows: list[TableRow] = [
        (str(record["file"]), _went(record, "rows"), _went(record, "pence")) for record in records
    ]
    return CheckTable(
        "Control totals",
        "every row and penny of every file",
        _texts("File", "Rows", "Amount"),
        rows,
        "The input files, row by row",
    )


def _went(record: Mapping[Any, Any], unit: str) -> str:
    """Where the rows or pence of a file went.

    ``60,012 = 59,990 used + 22 excluded``; only ``60,012 used`` when that is all.
    """
    if pd.isna(record[f"{unit}_in"]):
        return "no money"
    sizes = {way: int(record[f"{unit}_{way}"]) for way in ("in", *WAYS)}
    said = {way: display(Amount(size, unit), "full") for way, size in sizes.items()}
    parts = [f"{said[way]} {way}" for way in WAYS if sizes[way]]
    if not parts:
        return said["in"]
    if len(parts) == 1:
        return parts[0]
    return f"{said['in']} = {' + '.join(parts)}"


def _readings(inputs: Inputs) -> CheckTable:
    """How the files were read; files that were read alike share a line."""
    # A file that is read for two tables stands here once.
    readings = {reading.file: reading for reading in inputs.readings}
    alike: dict[tuple[str, str, str], list[str]] = {}
    for file, reading in readings.items():
        header_row = str(reading.header_row or "none found")
        how = (header_row, reading.encoding, _columns_in_words(reading))
        alike.setdefault(how, []).append(file)
    rows: list[TableRow] = []
    for how, files in alike.items():
        more = f" and {counted(len(files) - 1, 'other')}" if len(files) > 1 else ""
        rows.append((files[0] + more, *how))
    return CheckTable(
        "How the files were read",
        "files that were read alike stand together",
        _texts("File", "Headings on row", "Encoding", "Columns"),
        rows,
        "The files and the layouts of the ledger",
    )


def _columns_in_words(reading: Reading) -> str:
    """Which heading is which of our columns, and how sure that is."""
    columns = [f"{ours} from '{theirs}'" for ours, theirs in reading.columns.items()]
    words = "; ".join(columns) or "our own headings"
    if reading.vat_basis:
        words += f"; amounts {reading.vat_basis} of VAT"
    if reading.confidence is not None:
        words += f"; a guess, {reading.confidence:.0%} sure"
    return words


def _coverage(inputs: Inputs, publication: Publication) -> CheckTable:
    """What is known of the payments, by number and by amount."""
    frames = inputs.frames
    suppliers = frames["suppliers"]
    paid = local_spend.place(
        frames["payments"], suppliers, frames["postcodes"], publication.council
    )
    is_listed = paid["supplier_id"].isin(suppliers["supplier_id"])
    is_registered = paid["contract_id"].isin(frames["contracts"]["contract_id"])
    paid["supplier"] = paid["supplier_id"].where(is_listed, NOT_KNOWN)
    paid["contract"] = paid["contract_id"].where(is_registered, NOT_KNOWN)
    rows: list[TableRow] = []
    if not paid.empty:
        rows = [_covered(label, paid, column) for label, column in COVERED.items()]
    columns = (
        TableColumn("Known of payments"),
        TableColumn("Payments", "", "full"),
        TableColumn("Of payments", "%", "bare"),
        TableColumn("Amount", "", "full"),
        TableColumn("Of the amount", "%", "bare"),
    )
    return CheckTable(
        "Coverage",
        "how much is known of the payments",
        columns,
        rows,
        "Payments of the reported periods, net of reversals",
    )


def _covered(label: str, paid: pd.DataFrame, column: str) -> TableRow:
    """How many payments, and how many pence of them, have a known value in a column."""
    known = paid[paid[column] != NOT_KNOWN]
    pence = int(known["amount_pence"].sum())
    share_of_payments = _share(len(known), len(paid))
    share_of_amount = _share(pence, int(paid["amount_pence"].sum()))
    payments = Amount(len(known), "payments")
    return (label, payments, share_of_payments, Amount(pence, "pence"), share_of_amount)


def _share(part: int, whole: int) -> Amount:
    if not whole:
        return Amount(None, "percent")
    return Amount(Decimal(part) * 100 / Decimal(whole), "percent")


def _facts(inputs: Inputs) -> CheckTable:
    """How many suppliers have each fact, by who told it."""
    suppliers = inputs.frames["suppliers"]
    rows = [] if suppliers.empty else [_told(fact, suppliers) for fact in FACTS]
    tellers = ("Council's list", "Other sources", capital(NOT_KNOWN))
    columns = [TableColumn(teller, "", "full") for teller in tellers]
    return CheckTable(
        "Where facts come from",
        "suppliers by who told the fact",
        (TableColumn("Fact of suppliers"), *columns),
        rows,
        "The list of suppliers; facts_from names the file of each fact",
    )


def _told(fact: str, suppliers: pd.DataFrame) -> TableRow:
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


def _texts(*headings: str) -> tuple[TableColumn, ...]:
    """Columns of text."""
    return tuple(TableColumn(heading) for heading in headings)

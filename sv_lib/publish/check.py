"""The whole intake on one screen and as a page: what came in, where it went, what was found, how
much
is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from sv_lib.analysis import local_spend
from sv_lib.intake.findings import as_frame, counted
from sv_lib.intake.ledger.payments import WAYS
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.suppliers.supplier_list import FACTS
from sv_lib.params import NOT_KNOWN, Publication
from sv_lib.present import cards, tables
from sv_lib.present.cards import STATUS
from sv_lib.present.formats import Amount, capital, display
from sv_lib.present.markup import anchor, heading, join, paragraph, text_of
from sv_lib.present.tables import TableCell, TableColumn
from sv_lib.publish import terminal_tables
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import page
from sv_lib.publish.run import folder

GRAVITY = {"stop": "stops a run", "warn": "to look at", "note": "to know"}
ON_SCREEN, ON_PAGE = 3, 500
"""Places that one kind of finding names; the rest are counted."""
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


@dataclass(frozen=True)
class Sheet:
    """One table of the check, the same on the screen and on the page."""

    title: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: list[tuple[TableCell, ...]]
    source: str

    def on_screen(self) -> Table:
        """For the terminal."""
        rows = [
            [text_of(tables.shown(*cell)) for cell in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]
        return terminal_tables.table(
            f"{self.title}: {self.caption}", [column.heading for column in self.columns], rows
        )

    def on_page(self) -> str:
        """For the page."""
        return tables.show(
            anchor(self.title), capital(self.caption), self.columns, self.rows, source=self.source
        )


def sheets(inputs: Inputs, publication: Publication, places: int = ON_SCREEN) -> list[Sheet]:
    """Every table that has a row, in the order in which an analyst works: findings first."""
    made = [_findings(inputs, places), _controls(inputs), _readings(inputs)]
    if not inputs.stops:  # a table with faults cannot be joined to another
        made += [_coverage(inputs, publication), _facts(inputs)]
    return [sheet for sheet in made if sheet.rows]


def verdict(inputs: Inputs) -> str:
    """Whether a run would go on."""
    if inputs.stops:
        return (
            f"{counted(len(inputs.stops), 'finding')} would stop a run: mend them first; "
            f"coverage is told then."
        )
    return (
        "Nothing here stops a run." if inputs.findings else "No findings. Nothing here stops a run."
    )


def write_page(inputs: Inputs, publication: Publication, output_dir: Path) -> Path:
    """The check as a page, beside the run folder. Raises RenderError when not everyone could read
    it.
    """
    file, council = publication.file, publication.council
    title = f"Check of the input files: {file.title}"
    body = join(
        [
            cards.cover(
                council.name,
                title,
                str(publication.sv),
                file.data_as_at,
                file.status,
                STATUS[file.status],
                [verdict(inputs)],
            ),
            *(
                part
                for sheet in sheets(inputs, publication, ON_PAGE)
                for part in (
                    heading(2, sheet.title, id=f"about-{anchor(sheet.title)}"),
                    sheet.on_page(),
                )
            ),
            paragraph(
                f"For the analyst, not for publication. If you cannot read something, "
                f"ask {council.contact}."
            ),
        ]
    )
    context = PageContext(
        title=title,
        council=council.name,
        report_title=title,
        period_text=str(publication.sv),
        status=file.status,
        status_text=STATUS[file.status],
        data_as_at=file.data_as_at,
    )
    return folder.write(
        output_dir / council.id / f"{publication.id}-check.html", page(body, context).encode()
    )


def _findings(inputs: Inputs, places: int) -> Sheet:
    """Findings of one kind together, the gravest first, each with how to mend it."""
    rows: list[tuple[TableCell, ...]] = []
    kinds = as_frame(inputs.findings).groupby(["severity", "problem", "remedy"], sort=False)
    for number, (kind, same) in enumerate(kinds, start=1):
        severity, problem, remedy = map(str, kind)
        alike = [(str(found), lines) for found, lines in same.groupby("found", sort=False)]
        said = [
            f"{place(lines.iloc[0])}{_others(lines)}: {found}" for found, lines in alike[:places]
        ]
        more = [f"and {len(alike) - places:,} more"] if len(alike) > places else []
        rows.append((f"{number}. {GRAVITY[severity]}", "; ".join([*said, *more]), problem, remedy))
    heads = ("How grave", "Where and what we found", "Why it matters", "What to do")
    caption = "one line a kind, the gravest first"
    return Sheet(
        "Findings",
        caption,
        tuple(map(TableColumn, heads)),
        rows,
        "The checks of intake and of the method",
    )


def _others(lines: pd.DataFrame) -> str:
    """How many places say the very same."""
    return f" and {counted(len(lines) - 1, 'other')}" if len(lines) > 1 else ""


def place(line: pd.Series) -> str:
    """File, row and column of a finding, as far as they are known."""
    row = "" if pd.isna(line["row"]) else f"row {line['row']}"
    return ", ".join(filter(None, (line["file"], row, line["column"])))


def _controls(inputs: Inputs) -> Sheet:
    """Every file's rows and pounds: what came in and where it went; one line a table that a file
    gives
    rows to.
    """
    lines = inputs.controls
    named = lines["file"].str.cat(
        " (part " + (lines.groupby("file").cumcount() + 1).astype("str") + ")"
    )
    files = lines["file"].where(~lines["file"].duplicated(keep=False), named)
    total = {str(column): lines[column].sum() for column in lines.columns.drop("file")} | {
        "file": "all files"
    }
    records: list[dict[Any, Any]] = [
        *lines.assign(file=files).to_dict("records"),
        *([total] if len(lines) else []),
    ]
    rows: list[tuple[TableCell, ...]] = [
        (str(line["file"]), _parts(line, "rows", "rows"), _parts(line, "pence", "pence"))
        for line in records
    ]
    columns = (TableColumn("File"), TableColumn("Rows"), TableColumn("Amount"))
    return Sheet(
        "Control totals",
        "every row and penny of every file",
        columns,
        rows,
        "The input files, row by row",
    )


def _parts(line: Mapping[Any, Any], what: str, unit: str) -> str:
    """``60,012 = 59,990 used + 22 excluded``; ``60,012 used`` when that is all."""
    if pd.isna(line[f"{what}_in"]):
        return "no money"
    sizes = {way: int(line[f"{what}_{way}"]) for way in ("in", *WAYS)}
    said = {way: display(Amount(size, unit), "full") for way, size in sizes.items()}
    parts = [f"{said[way]} {way}" for way in WAYS if sizes[way]]
    return (
        f"{said['in']} = {' + '.join(parts)}"
        if len(parts) > 1
        else parts[0]
        if parts
        else said["in"]
    )


def _readings(inputs: Inputs) -> Sheet:
    """How the files were read; those that were read alike together."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for read in {read.file: read for read in inputs.readings}.values():
        columns = "; ".join(f"{ours} from '{theirs}'" for ours, theirs in read.columns.items())
        sure = "" if read.confidence is None else f"; a guess, {read.confidence:.0%} sure"
        vat = f"; amounts {read.vat_basis} of VAT" if read.vat_basis else ""
        how = (
            str(read.header_row or "none found"),
            read.encoding,
            f"{columns or 'our own headings'}{vat}{sure}",
        )
        alike.setdefault(how, []).append(read.file)
    rows: list[tuple[TableCell, ...]] = [
        (
            files[0] if len(files) == 1 else f"{files[0]} and {counted(len(files) - 1, 'other')}",
            *how,
        )
        for how, files in alike.items()
    ]
    heads = ("File", "Headings on row", "Encoding", "Columns")
    caption = "files that were read alike stand together"
    source = "The files and the layouts of the ledger"
    return Sheet("How the files were read", caption, tuple(map(TableColumn, heads)), rows, source)


def _coverage(inputs: Inputs, publication: Publication) -> Sheet:
    """What is known of the payments, by number and by amount."""
    frames = inputs.frames
    paid = local_spend.place(
        frames["payments"], frames["suppliers"], frames["postcodes"], publication.council
    )
    paid = paid.assign(
        supplier=paid["supplier_id"].where(
            paid["supplier_id"].isin(frames["suppliers"]["supplier_id"]), NOT_KNOWN
        ),
        contract=paid["contract_id"].where(
            paid["contract_id"].isin(frames["contracts"]["contract_id"]), NOT_KNOWN
        ),
    )
    whole = int(paid["amount_pence"].sum())
    rows = [
        _covered(label, paid[paid[column] != NOT_KNOWN], len(paid), whole)
        for label, column in COVERED.items()
    ]
    columns = (
        TableColumn("Known of payments"),
        TableColumn("Payments", "", "full"),
        TableColumn("Of payments", "%", "bare"),
        TableColumn("Amount", "", "full"),
        TableColumn("Of the amount", "%", "bare"),
    )
    caption, source = (
        "how much is known of the payments",
        "Payments of the reported periods, net of reversals",
    )
    return Sheet("Coverage", caption, columns, rows if len(paid) else [], source)


def _covered(label: str, known: pd.DataFrame, count: int, whole: int) -> tuple[TableCell, ...]:
    pence = int(known["amount_pence"].sum())
    return (
        label,
        Amount(len(known), "payments"),
        _share(len(known), count),
        Amount(pence, "pence"),
        _share(pence, whole),
    )


def _share(part: int, whole: int) -> Amount:
    return Amount(Decimal(part) * 100 / Decimal(whole) if whole else None, "percent")


def _facts(inputs: Inputs) -> Sheet:
    """Of each fact of suppliers, how many have it from where."""
    listed = inputs.frames["suppliers"]
    columns = (
        TableColumn("Fact of suppliers"),
        *(TableColumn(name, "", "full") for name in ("Council's list", "Other sources")),
        TableColumn(NOT_KNOWN.capitalize(), "", "full"),
    )
    caption, source = (
        "suppliers by who told the fact",
        "The list of suppliers; facts_from names the file of each fact",
    )
    return Sheet("Where facts come from", caption, columns, list(_sourced(listed)), source)


def _sourced(listed: pd.DataFrame) -> Iterator[tuple[TableCell, ...]]:
    if listed.empty:
        return
    told = (
        listed["facts_from"].fillna("")
        if "facts_from" in listed
        else pd.Series("", index=listed.index)
    )
    for fact in FACTS:
        is_known = ~listed[fact].fillna(NOT_KNOWN).isin([NOT_KNOWN, ""])
        if fact == "is_sme":
            is_known |= listed["size"].notna()
        is_theirs = is_known & (
            told.str.contains(rf"\b{fact}\b") | told.str.startswith(("notices", "the ledger"))
        )
        counts = (is_known & ~is_theirs, is_theirs, ~is_known)
        yield (
            FACT_NAMES.get(fact, fact.replace("_", " ")),
            *(Amount(int(count.sum()), "suppliers") for count in counts),
        )

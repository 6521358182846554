"""Worklists as workbooks: returns to chase, suppliers to match, and what else is missing.

Those of suppliers, contracts and prices are completed and read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import xlsxwriter

from sv_lib.analysis import local_spend
from sv_lib.analysis.returns_owed import owed as owed_returns
from sv_lib.errors import ParameterError
from sv_lib.home import outputs_beside
from sv_lib.intake.findings import counted, fill
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.returns.form import FormColumn
from sv_lib.intake.suppliers.decisions import COLUMNS, TYPED
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import NOT_KNOWN, Publication
from sv_lib.periods import quarters
from sv_lib.publish.files import gaps
from sv_lib.publish.files.data_tables import CellValue, values
from sv_lib.publish.files.return_form import LAYOUT, need_contracts, rule_of
from sv_lib.publish.files.workbook import write_cell
from sv_lib.strict_yaml import data_beside
from sv_lib.toms.states import in_period
from sv_lib.toms.worded import is_blank, worded


@dataclass(frozen=True)
class _Words:
    """What ``worklists.yaml`` says: columns of the worklist of returns, lines of the summaries."""

    undated: str
    returns: tuple[FormColumn, ...]
    consents: tuple[FormColumn, ...]
    suppliers: list[str]
    contracts: list[str]
    proxies: list[str]
    stories: list[str]


WORDS = data_beside(__file__, _Words)
CANDIDATE = ["supplier_id", "found_id", "found_name", "score", "why"]
NARROW, WIDE = 16, 36
"""Widths of columns, in letters."""
GIVEN = ("measure_ref", "edition")
Sheets = Mapping[str, pd.DataFrame]
Found = tuple[pd.DataFrame, Mapping[str, int]]


Kind = Literal["suppliers", "contracts", "returns", "proxies", "stories"]
PRICES = tuple(
    FormColumn(column.name, "text", column.meaning, column.name, column.name in GIVEN)
    for column in TABLES["proxies"].columns
)
"""The columns of the table of prices, as a worklist has them."""
OF_CONTRACTS = tuple(column for column in COLUMNS if column.field not in TYPED)
"""The columns in which a contract is accepted for a supplier's payments."""


def write(
    kind: Kind, publication: Publication, inputs: Inputs, output: Path | None = None
) -> list[str]:
    """Write a worklist; gives a summary in lines, without names.

    ``output``: the workbook, by default among the outputs. Raises ParameterError when it is there
    already.
    """
    runs = outputs_beside(publication.path) / publication.council.id
    default = runs / f"{publication.id}-{kind}.xlsx"
    path = output or default
    columns: Sequence[FormColumn] = WORDS.returns
    if kind == "returns":
        sheets, lines = _returns(publication, inputs)
    elif kind == "suppliers":
        sheets, lines = _suppliers(publication, inputs)
        columns = COLUMNS
    else:
        find, columns, sheet = GAPS[kind]
        rows, slots = find(inputs)
        sheets, lines = {sheet: rows}, gaps.summary(getattr(WORDS, kind), slots)
    _write(path, sheets, columns, publication.file.data_as_at)
    return [*lines, f"Wrote {path}"]


GAPS: Mapping[str, tuple[Callable[[Inputs], Found], Sequence[FormColumn], str]] = {
    "contracts": (gaps.payments_without_contract, OF_CONTRACTS, "Contracts"),
    "proxies": (gaps.measures_without_price, PRICES, "proxies"),
    "stories": (gaps.without_consent, WORDS.consents, "Stories"),
}
"""Worklist -> what finds its rows, its columns, its sheet."""


def _returns(publication: Publication, inputs: Inputs) -> tuple[Sheets, list[str]]:
    """Who owes which return, and who was late."""
    frames = inputs.frames
    day = publication.file.data_as_at
    need_contracts(inputs)
    both = [*quarters(publication.sv_before), *quarters(publication.sv)]
    parts = []
    for quarter in both:
        part = owed_returns(
            frames["contracts"], frames["return_log"], frames["returns"], quarter, day
        )
        parts.append(part.assign(quarter_start=pd.Timestamp(quarter.start)))
    owed = pd.concat(parts, ignore_index=True)
    came = owed["received_on"].fillna(pd.Timestamp(day))
    owed["days_late"] = (came - owed["due_on"]).dt.days.clip(lower=0)
    suppliers = frames["suppliers"]
    firms = suppliers[suppliers["is_sole_trader"] == "no"].set_index("supplier_id")
    owed["supplier_name"] = owed["supplier_id"].map(firms["supplier_name"])
    by_days = owed.sort_values("days_late", ascending=False, kind="stable")
    is_owed = by_days["timing"] == "not received"
    is_late = by_days["timing"] == "late"
    sheets = {"To chase": by_days[is_owed], "Came late": by_days[is_late], "All returns": owed}
    lines = []
    for quarter in both:
        states = in_period(owed, quarter, "quarter_end")["timing"].value_counts()
        count = counted(int(states.sum()), "return")
        said = ", ".join(f"{number} {state}" for state, number in states.items())
        lines.append(f"{quarter}: {count} owed: {said or 'none'}")
    contracts = frames["contracts"]
    is_undated = contracts[["starts_on", "ends_on"]].isna().any(axis=1)
    undated = contracts["contract_id"][is_undated & ~is_blank(contracts["edition"])]
    if len(undated):
        slots = {"contracts": len(undated), "ids": ", ".join(undated)}
        lines.append(fill(WORDS.undated, slots))
    return sheets, lines


def _suppliers(publication: Publication, inputs: Inputs) -> tuple[Sheets, list[str]]:
    """The suppliers to match, largest first."""
    frames = inputs.frames
    suppliers = frames["suppliers"]
    council = publication.council
    paid = local_spend.place(frames["payments"], suppliers, frames["postcodes"], council)
    rows = _to_match(paid, suppliers, inputs.supplier_matches)
    once = rows.drop_duplicates("supplier_id")
    slots = {
        "suppliers": len(once),
        "waiting": int(once["paid_pence"].sum()),
        "paid": int(paid["amount_pence"].sum()),
        "candidates": int(rows["found_id"].count()),
        "nameless": int(paid["amount_pence"][paid["is_redacted"]].sum()),
    }
    return {"Suppliers": rows}, [fill(line, slots) for line in WORDS.suppliers]


def _to_match(paid: pd.DataFrame, suppliers: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """A row for each supplier without a known place, and for each entry that may be a supplier.

    ``paid``: payments as ``local_spend.place`` gives them. ``asked``: matches to decide.
    """
    named = paid[~paid["is_redacted"]]
    totals = named.groupby("supplier_id", as_index=False).agg(
        supplier_name=("supplier_name", "first"),
        paid_pence=("amount_pence", "sum"),
        payments=("amount_pence", "size"),
        ward_code=("ward_code", "first"),
    )
    is_open = (totals["ward_code"] == NOT_KNOWN) | totals["supplier_id"].isin(asked["supplier_id"])
    # A supplier of a notice may be asked about and never have been paid.
    rows = totals[is_open].merge(asked[CANDIDATE], on="supplier_id", how="outer")
    names = dict(zip(asked["supplier_id"], asked["supplier_name"], strict=True))
    rows["supplier_name"] = rows["supplier_name"].fillna(rows["supplier_id"].map(names))
    counts = ["paid_pence", "payments"]
    rows[counts] = rows[counts].fillna(0).astype("int64")
    rows["score"] = rows["score"].astype("Int64")
    listed = suppliers.dropna(subset="supplier_id").set_index("supplier_id")["postcode"]
    is_listed = rows["supplier_id"].isin(listed.index)
    postcodes = rows["supplier_id"].map(listed).astype("string")
    has_no_postcode = is_blank(postcodes)
    is_placed = rows["ward_code"] != NOT_KNOWN
    rows["missing"] = worded(
        rows.index,
        "its postcode is in no table of postcodes",
        (has_no_postcode, "it has no postcode"),
        (~is_listed, "it is not in the list of suppliers"),
        (is_placed, "the match is not certain"),
    )
    by = ["paid_pence", "supplier_id", "score"]
    return rows.sort_values(by, ascending=[False, True, False], ignore_index=True)


def _write(path: Path, sheets: Sheets, columns: Sequence[FormColumn], made_on: date) -> None:
    """Write a workbook of sheets with the same columns, which only its maker may read."""
    if path.exists():
        raise ParameterError(
            str(path),
            "there is such a file already",
            "somebody may have filled it in, and that would be lost.",
            "name another file with --output, or move this one away.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    # Formulas and links would be made of what others wrote.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime.combine(made_on, time())})
        formats = {name: look.add_to(book) for name, look in LAYOUT.formats.items()}
        for name, rows in sheets.items():
            _fill(book.add_worksheet(name), rows, columns, formats)


def _fill(
    page: Any, rows: pd.DataFrame, columns: Sequence[FormColumn], formats: Mapping[str, Any]
) -> None:
    """One sheet: headings, what is known, and white cells for what a person has to add."""
    last = max(len(rows), 1)
    for number, column in enumerate(columns):
        page.write_string(0, number, column.heading, formats["head"])
        page.set_column(number, number, NARROW if column.kind != "text" else WIDE)
        guided = {"input_title": column.heading[:32], "input_message": column.guidance[:255]}
        rule = {"validate": "any"} if column.is_given else rule_of(column)
        page.data_validation(1, number, last, number, {**rule, **guided})
        look = "given" if column.is_given else "open"
        look = {"date": "day", "pounds": "pounds"}.get(column.kind, look)
        for row, value in enumerate(_cells(rows, column), start=1):
            if value is None:
                page.write_blank(row, number, None, formats[look])
            else:
                styles = {"text": formats[look], "day": formats[look]}
                write_cell(page, (row, number), value, styles, formats[look])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, last, len(columns) - 1)


def _cells(rows: pd.DataFrame, column: FormColumn) -> list[CellValue]:
    """The cells of a column; pence become pounds."""
    if column.field not in rows:
        return [None] * len(rows)
    if column.kind == "pounds":
        return [Decimal(int(pence)).scaleb(-2) for pence in rows[column.field]]
    return values(rows[column.field])

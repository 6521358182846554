"""A supplier's quarterly return as a workbook, one a contract; ``intake.return_form`` says what
stands
on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from sv_lib.errors import ParameterError
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.returns.form import (
    CLAIMS,
    CONTRACT,
    COVER,
    DUE_ON,
    FIRST_DAY,
    HEADER_ROW,
    LAST_DAY,
    SENT_ON,
    SHEETS,
    TIER_TWO,
    VERSION,
    FormColumn,
)
from sv_lib.params import Publication
from sv_lib.periods import Period, quarters
from sv_lib.toms.measures import Measure, measures_of

SPARE = 15
"""Lines for what was never promised."""
LINES = 80
"""Lines on the sheets of home areas and of tier-two spend."""
LISTS = "Lists"
GUIDANCE = (
    "Fill in the white cells only. Give the quantity of this quarter alone.",
    "Give areas and roles, never names, addresses or dates of birth of people.",
    "Send the form back as a workbook, with the evidence that each line names.",
)
VALIDATION: dict[str, dict[str, Any]] = {
    "share": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
    "whole": {"validate": "integer", "criteria": ">=", "value": 0},
    "quantity": {"validate": "decimal", "criteria": ">=", "value": -(10**9)},
    "pounds": {"validate": "decimal", "criteria": ">=", "value": -(10**12)},
    "date": {"validate": "date", "criteria": ">=", "value": datetime(2000, 1, 1)},  # noqa: DTZ001 a cell has no zone
}


def write_forms(
    publication: Publication,
    inputs: Inputs,
    contract_id: str,
    folder: Path,
    due_on: date | None = None,
) -> list[Path]:
    """The forms of the last quarter of the publication's period: of one contract, or of all that
    run
    and promised.

    ``due_on``: when they are due, by default four weeks after the quarter. It is printed on the
    form and read back. Raises ParameterError for a contract that is not in the register.
    """
    quarter = quarters(publication.sv)[-1]
    contracts, commitments = inputs.frames["contracts"], inputs.frames["commitments"]
    wanted = contracts[contracts["contract_id"] == contract_id]
    if contract_id and wanted.empty:
        raise ParameterError(
            "--contract",
            f"there is no contract '{contract_id}'",
            "a return belongs to a contract of the register.",
            "use a contract_id of the contracts register.",
        )
    if not contract_id:
        last = contracts["stopped_on"].fillna(contracts["ends_on"])
        is_on = (contracts["starts_on"] <= pd.Timestamp(quarter.end)) & (
            last >= pd.Timestamp(quarter.start)
        )
        wanted = contracts[is_on & contracts["contract_id"].isin(commitments["contract_id"])]
    folder.mkdir(parents=True, exist_ok=True)
    known = measures_of(publication)
    measures = {ref: known[ref] for ref in publication.council.measure_set.measures if ref in known}
    paths = []
    for number, title in zip(wanted["contract_id"], wanted["title"], strict=True):
        path = folder / f"{re.sub(r'[^A-Za-z0-9_-]', '-', number)}-{quarter.end}.xlsx"
        promised = commitments[commitments["contract_id"] == number]
        due = due_on or quarter.end + timedelta(weeks=4)
        _Form(path, publication, measures).write(number, title, quarter, due, promised)
        paths.append(path)
    return paths


class _Form:
    """One workbook. The day to which the data stands is its date, so that its bytes repeat."""

    def __init__(
        self, path: Path, publication: Publication, measures: Mapping[str, Measure]
    ) -> None:
        self.publication, self.measures = publication, measures
        self.book = xlsxwriter.Workbook(
            path, {"strings_to_formulas": False, "strings_to_urls": False}
        )
        made = datetime.combine(publication.file.data_as_at, time())
        self.book.set_properties(
            {"title": VERSION, "author": publication.council.name, "created": made}
        )
        look = {"font_name": "Arial", "font_size": 11, "valign": "top", "text_wrap": True}
        self.plain = self.book.add_format(look)
        self.title = self.book.add_format(
            {**look, "bold": True, "font_size": 14, "text_wrap": False}
        )
        self.head = self.book.add_format(
            {**look, "bold": True, "bg_color": "#12436D", "font_color": "#FFFFFF"}
        )
        self.given = self.book.add_format({**look, "bg_color": "#E8EDF2", "border": 1})
        self.open = self.book.add_format({**look, "locked": False, "border": 1})
        self.day = self.book.add_format(
            {**look, "locked": False, "border": 1, "num_format": "dd/mm/yyyy"}
        )

    def write(
        self, contract_id: str, title: str, quarter: Period, due: date, promised: pd.DataFrame
    ) -> None:
        """Every sheet, protected but for the cells to fill in."""
        self._cover(contract_id, title, quarter, due)
        for name, cells in SHEETS.items():
            sheet = self.book.add_worksheet(name)
            sheet.write_string(0, 0, f"{name}: {contract_id}, {quarter}", self.title)
            sheet.write_string(
                1, 0, "; ".join(f"{cell.heading}: {cell.guidance}" for cell in cells)
            )
            for at, cell in enumerate(cells):
                sheet.write_string(HEADER_ROW - 1, at, cell.heading, self.head)
            lines = len(promised) + SPARE if name == CLAIMS else LINES
            for at, cell in enumerate(cells):
                self._column(sheet, at, cell, lines, money=name == TIER_TWO)
            if name == CLAIMS:
                self._claims(sheet, promised, lines)
            sheet.set_column(0, len(cells) - 1, 18)
            sheet.freeze_panes(HEADER_ROW, 0)
            sheet.protect("", {"format_columns": True, "format_rows": True})
        lists = self.book.add_worksheet(LISTS)
        for at, measure in enumerate(self.measures.values()):
            for column, text in enumerate((measure.ref, measure.unit, measure.title)):
                lists.write_string(at, column, text)
        lists.protect()
        self.book.close()

    def _cover(self, contract_id: str, title: str, quarter: Period, due: date) -> None:
        sheet = self.book.add_worksheet(COVER)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 70)
        sheet.write_string(0, 0, VERSION, self.title)
        named = ((FIRST_DAY, quarter.start), (LAST_DAY, quarter.end), (DUE_ON, due))
        days = ((label, day.isoformat()) for label, day in named)
        council = ("Council", self.publication.council.name)
        facts = (council, (CONTRACT, contract_id), ("Title", title), *days)
        for row, (label, text) in enumerate(facts, start=2):
            sheet.write_string(row, 0, label, self.head)
            sheet.write_string(row, 1, text, self.given)
        sheet.write_string(len(facts) + 2, 0, SENT_ON, self.head)
        sheet.write_blank(len(facts) + 2, 1, None, self.day)
        sheet.data_validation(len(facts) + 2, 1, len(facts) + 2, 1, VALIDATION["date"])
        for row, line in enumerate(GUIDANCE, start=len(facts) + 4):
            sheet.write_string(row, 0, line)
        sheet.protect()

    def _column(self, sheet: Any, at: int, cell: FormColumn, lines: int, money: bool) -> None:
        """The cells of a column to fill in, with what they may hold."""
        look = self.given if cell.is_given else self.day if cell.kind == "date" else self.open
        for row in range(HEADER_ROW, HEADER_ROW + lines):
            sheet.write_blank(row, at, None, look)
        rule = VALIDATION.get(cell.kind)
        if cell.kind == "choice":
            measures = f"={LISTS}!$A$1:$A${len(self.measures)}"
            rule = {"validate": "list", "source": list(cell.choices) if money else measures}
        if rule and not cell.is_given:
            message = {"input_title": cell.heading[:32], "input_message": cell.guidance[:255]}
            sheet.data_validation(HEADER_ROW, at, HEADER_ROW + lines - 1, at, {**rule, **message})

    def _claims(self, sheet: Any, promised: pd.DataFrame, lines: int) -> None:
        """A numbered line for each promise, its measure and unit given; below, a unit that follows
        the
        choice.
        """
        at = {cell.heading: number for number, cell in enumerate(SHEETS[CLAIMS])}
        for line in range(lines):
            row = HEADER_ROW + line
            sheet.write_number(row, at["Line"], line + 1, self.given)
            if line < len(promised):
                promise = promised.iloc[line]
                measure = self.measures.get(promise["measure_ref"])
                sheet.write_string(row, at["Commitment"], promise["commitment_id"], self.given)
                sheet.write_string(row, at["Measure"], promise["measure_ref"], self.given)
                sheet.write_string(row, at["Unit"], measure.unit if measure else "", self.given)
            else:
                units = f"{LISTS}!$A$1:$B${len(self.measures)}"
                looked_up = f'=IFERROR(VLOOKUP($C{row + 1},{units},2,FALSE),"")'
                sheet.write_formula(row, at["Unit"], looked_up, self.given, "")

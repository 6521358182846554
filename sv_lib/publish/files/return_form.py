"""A supplier's quarterly return as a workbook, one a contract.

``intake.returns.form`` says what stands on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import xlsxwriter
from pydantic import Field

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
    VERSION,
    FormColumn,
)
from sv_lib.params import Publication
from sv_lib.periods import Period, quarters
from sv_lib.publish.files.workbook import CellFormat
from sv_lib.strict_yaml import load_as
from sv_lib.toms.measures import Measure, measures_of

EMPTY_LINES = 15
"""Lines below the promises, for what was never promised."""
OTHER_LINES = 80
"""Lines on the sheets of home areas and of tier-two spend."""
LISTS = "Lists"


Limit = Annotated[int | datetime | str, Field(union_mode="left_to_right")]
"""A number or a day where the text is one."""


@dataclass(frozen=True)
class _FormWords:
    """What ``return_form.yaml`` says. ``validation``: kind of a column -> what its cells accept."""

    guidance: list[str]
    formats: dict[str, CellFormat]
    validation: dict[str, dict[str, Limit]]


LAYOUT = load_as(_FormWords, Path(__file__).with_suffix(".yaml"))


def write_forms(
    publication: Publication,
    inputs: Inputs,
    contract_id: str,
    folder: Path,
    due_on: date | None = None,
) -> list[Path]:
    """Write the forms of the last quarter of the publication's period; returns their paths.

    ``contract_id``: one contract, or empty for all that run in the quarter and promised something.
    ``due_on``: when the forms are due, by default four weeks after the quarter; it is printed on
    the form and read back. Raises ParameterError for a contract that is not in the register.
    """
    quarter = quarters(publication.sv)[-1]
    commitments = inputs.frames["commitments"]
    wanted = _wanted(inputs.frames["contracts"], commitments, contract_id, quarter)
    in_use = publication.council.measure_set.measures
    known = measures_of(publication)
    measures = {ref: known[ref] for ref in in_use if ref in known}
    due = due_on or quarter.end + timedelta(weeks=4)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, title in zip(wanted["contract_id"], wanted["title"], strict=True):
        name = re.sub(r"[^A-Za-z0-9_-]", "-", number)
        path = folder / f"{name}-{quarter.end}.xlsx"
        promised = commitments[commitments["contract_id"] == number]
        _Form(path, publication, measures).write(number, title, quarter, due, promised)
        paths.append(path)
    return paths


def _wanted(
    contracts: pd.DataFrame, commitments: pd.DataFrame, contract_id: str, quarter: Period
) -> pd.DataFrame:
    """The rows of the register whose forms are asked for."""
    if contract_id:
        wanted = contracts[contracts["contract_id"] == contract_id]
        if wanted.empty:
            raise ParameterError(
                "--contract",
                f"there is no contract '{contract_id}'",
                "a return belongs to a contract of the register.",
                "use a contract_id of the contracts register.",
            )
        return wanted
    last_day = contracts["stopped_on"].fillna(contracts["ends_on"])
    has_begun = contracts["starts_on"] <= pd.Timestamp(quarter.end)
    goes_on = last_day >= pd.Timestamp(quarter.start)
    has_promised = contracts["contract_id"].isin(commitments["contract_id"])
    return contracts[has_begun & goes_on & has_promised]


class _Form:
    """One workbook, dated with data_as_at so that its bytes repeat."""

    def __init__(
        self, path: Path, publication: Publication, measures: Mapping[str, Measure]
    ) -> None:
        self.council = publication.council.name
        self.measures = measures
        # Formulas and links would be made of what others wrote.
        safe = {"strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(path, safe)
        created = datetime.combine(publication.file.data_as_at, time())
        self.book.set_properties({"title": VERSION, "author": self.council, "created": created})
        self.formats = {name: look.add_to(self.book) for name, look in LAYOUT.formats.items()}

    def write(
        self, contract_id: str, title: str, quarter: Period, due: date, promised: pd.DataFrame
    ) -> None:
        """Write every sheet, protected but for the cells to fill in."""
        facts = {
            "Council": self.council,
            CONTRACT: contract_id,
            "Title": title,
            FIRST_DAY: str(quarter.start),
            LAST_DAY: str(quarter.end),
            DUE_ON: str(due),
        }
        self._write_cover(facts)
        for name, columns in SHEETS.items():
            heading = f"{name}: {contract_id}, {quarter}"
            self._write_sheet(name, columns, heading, promised)
        self._write_lists()
        self.book.close()

    def _write_cover(self, facts: Mapping[str, str]) -> None:
        formats = self.formats
        sheet = self.book.add_worksheet(COVER)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 70)
        sheet.write_string(0, 0, VERSION, formats["title"])
        row = 2
        for label, text in facts.items():
            sheet.write_string(row, 0, label, formats["head"])
            sheet.write_string(row, 1, text, formats["given"])
            row += 1
        sheet.write_string(row, 0, SENT_ON, formats["head"])
        sheet.write_blank(row, 1, None, formats["day"])
        sheet.data_validation(row, 1, row, 1, LAYOUT.validation["date"])
        for line in LAYOUT.guidance:
            row += 1
            sheet.write_string(row + 1, 0, line)
        sheet.protect()

    def _write_sheet(
        self, name: str, columns: Sequence[FormColumn], heading: str, promised: pd.DataFrame
    ) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, heading, self.formats["title"])
        guidance = "; ".join(f"{column.heading}: {column.guidance}" for column in columns)
        sheet.write_string(1, 0, guidance)
        lines = len(promised) + EMPTY_LINES if name == CLAIMS else OTHER_LINES
        for number, column in enumerate(columns):
            sheet.write_string(HEADER_ROW - 1, number, column.heading, self.formats["head"])
            self._write_column(sheet, number, column, lines)
        if name == CLAIMS:
            self._write_claims(sheet, promised, lines)
        sheet.set_column(0, len(columns) - 1, 18)
        sheet.freeze_panes(HEADER_ROW, 0)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _write_column(self, sheet: Any, number: int, column: FormColumn, lines: int) -> None:
        """The empty cells of a column, and what may be filled in."""
        look = "day" if column.kind == "date" else "open"
        if column.is_given:
            look = "given"
        end = HEADER_ROW + lines
        for row in range(HEADER_ROW, end):
            sheet.write_blank(row, number, None, self.formats[look])
        rule = self._rule(column)
        if rule is None or column.is_given:
            return
        # A spreadsheet shows at most so many letters.
        title = column.heading[:32]
        message = column.guidance[:255]
        whole = {**rule, "input_title": title, "input_message": message}
        sheet.data_validation(HEADER_ROW, number, end - 1, number, whole)

    def _rule(self, column: FormColumn) -> dict[str, Any] | None:
        """What a spreadsheet accepts in a column; None for anything."""
        if column.kind != "choice":
            return LAYOUT.validation.get(column.kind)
        if column.choices:
            return {"validate": "list", "source": list(column.choices)}
        return {"validate": "list", "source": f"={LISTS}!$A$1:$A${len(self.measures)}"}

    def _write_claims(self, sheet: Any, promised: pd.DataFrame, lines: int) -> None:
        """A numbered line for each promise with its measure and unit.

        Further down the supplier chooses the measure, and the unit follows from it.
        """
        given = self.formats["given"]
        columns = {column.heading: number for number, column in enumerate(SHEETS[CLAIMS])}
        for line in range(lines):
            sheet.write_number(HEADER_ROW + line, columns["Line"], line + 1, given)
        promises = zip(promised["commitment_id"], promised["measure_ref"], strict=True)
        row = HEADER_ROW
        for commitment, ref in promises:
            measure = self.measures.get(ref)
            unit = measure.unit if measure else ""
            cells = {"Commitment": commitment, "Measure": ref, "Unit": unit}
            for heading, text in cells.items():
                sheet.write_string(row, columns[heading], text, given)
            row += 1
        units = f"{LISTS}!$A$1:$B${len(self.measures)}"
        for empty in range(row, HEADER_ROW + lines):
            formula = f'=IFERROR(VLOOKUP($C{empty + 1},{units},2,FALSE),"")'
            sheet.write_formula(empty, columns["Unit"], formula, given, "")

    def _write_lists(self) -> None:
        """The measures that may be chosen, with their units."""
        sheet = self.book.add_worksheet(LISTS)
        for row, measure in enumerate(self.measures.values()):
            for column, text in enumerate((measure.ref, measure.unit, measure.title)):
                sheet.write_string(row, column, text)
        sheet.protect()

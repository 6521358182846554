"""A supplier's quarterly return as a workbook, one a contract.

``intake.returns.form`` says what stands on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import xlsxwriter
from pydantic import Field

from sv_lib.analysis.returns_owed import DUE_AFTER
from sv_lib.errors import ParameterError
from sv_lib.intake.findings import counted, nearest
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.returns.form import (
    CLAIMS,
    CONTRACT,
    COVER,
    DUE_ON,
    FIRST_DAY,
    HEADER_ROW,
    LAST_DAY,
    LISTS,
    SENT_ON,
    SHEETS,
    VERSION,
    FormColumn,
)
from sv_lib.params import Publication
from sv_lib.periods import Period, long_date, quarters
from sv_lib.publish.files.workbook import CellFormat
from sv_lib.strict_yaml import data_beside
from sv_lib.toms.measures import Measure, measures_of
from sv_lib.toms.worded import is_blank, worded

TITLE_AND_UNIT = "Title and unit"
EMPTY_LINES = 15
"""Lines below the promises, for what was never promised."""
OTHER_LINES = 80
"""Lines on the sheets of home areas and of tier-two spend."""
Limit = Annotated[int | datetime | str, Field(union_mode="left_to_right")]
"""A number or a day where the text is one."""


@dataclass(frozen=True)
class _FormWords:
    """What ``return_form.yaml`` says. ``validation``: kind of a column -> what its cells accept."""

    guidance: list[str]
    above_headings: str
    formats: dict[str, CellFormat]
    validation: dict[str, dict[str, Limit]]


LAYOUT = data_beside(__file__, _FormWords)


@dataclass(frozen=True)
class WrittenForms:
    """The forms of a quarter. ``skipped``: why no form was made -> those contracts."""

    quarter: Period
    paths: list[Path]
    skipped: dict[str, list[str]]

    def in_words(self) -> list[str]:
        """How many forms there are, and which contracts have none and why."""
        lines = [f"{counted(len(self.paths), 'form')} for {self.quarter}."]
        for why, ids in self.skipped.items():
            skipped = counted(len(ids), "contract")
            lines.append(f"No form for {skipped}, because {why}: {', '.join(ids)}")
        return lines


def write_forms(
    publication: Publication,
    inputs: Inputs,
    contract_id: str,
    folder: Path,
    due_on: date | None = None,
    quarter_of: date | None = None,
) -> WrittenForms:
    """Write the return forms of one quarter, for every contract that owes a return.

    ``contract_id``: one contract, or empty for all. ``due_on``: when the forms are due, by default
    four weeks after the quarter; it is printed on the form and read back. ``quarter_of``: any day
    of the quarter, by default of the last one. Raises ParameterError without contracts, for one
    that is not in the register, and for a day outside the publication's periods.
    """
    need_contracts(inputs)
    quarter = _quarter_of(publication, quarter_of)
    contracts, commitments = inputs.frames["contracts"], inputs.frames["commitments"]
    why_none = _why_none(contracts, commitments, quarter)
    skipped = {}
    wanted = contracts[why_none == ""]
    if contract_id:
        wanted = _one_contract(contracts, contract_id)
    else:
        left_out = contracts.groupby(why_none[why_none != ""], sort=False)["contract_id"]
        skipped = {str(why): ids.tolist() for why, ids in left_out}
    in_use = publication.council.measure_set.measures
    known = measures_of(publication)
    measures = {ref: known[ref] for ref in in_use if ref in known}
    due = due_on or quarter.end + DUE_AFTER
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, title in zip(wanted["contract_id"], wanted["title"], strict=True):
        name = re.sub(r"[^A-Za-z0-9_-]", "-", number)
        path = folder / f"{name}-{quarter.end}.xlsx"
        # A/1 and A-1 would be one file, and the second form take the place of the first.
        while path in paths:
            path = path.with_stem(f"{path.stem}-b")
        promised = commitments[commitments["contract_id"] == number]
        _Form(path, publication, measures).write(number, title, quarter, due, promised)
        paths.append(path)
    return WrittenForms(quarter, paths, skipped)


def need_contracts(inputs: Inputs) -> None:
    """Raise ParameterError where no contracts are supplied: then nobody knows who owes a return."""
    if "contracts" not in inputs.supplied:
        raise ParameterError(
            "inputs",
            "no contracts are supplied",
            "who owes a return follows from contracts and their dates.",
            "name the register under contracts, contracts_register or contracts_notices.",
        )


def _why_none(contracts: pd.DataFrame, commitments: pd.DataFrame, quarter: Period) -> pd.Series:
    """Why each contract gets no form for a quarter; blank where it gets one."""
    begins = contracts["starts_on"]
    ends = contracts["stopped_on"].fillna(contracts["ends_on"])
    is_promised = contracts["contract_id"].isin(commitments["contract_id"])
    is_asked = is_promised | ~is_blank(contracts["edition"])
    return worded(
        contracts.index,
        "",
        (begins.isna() | ends.isna(), "its dates are not known"),
        (begins > pd.Timestamp(quarter.end), "it began after the quarter"),
        (ends < pd.Timestamp(quarter.start), "it ended before the quarter"),
        (~is_asked, "no social value was asked for or promised"),
    )


def _quarter_of(publication: Publication, day: date | None) -> Period:
    """The quarter that holds a day, of this period or the one before; the last one by default."""
    known = [*quarters(publication.sv_before), *quarters(publication.sv)]
    for quarter in known:
        if day and day in quarter:
            return quarter
    if day is None:
        return known[-1]
    listed = "; ".join(f"{quarter} (--quarter {quarter.end})" for quarter in known)
    raise ParameterError(
        "--quarter",
        f"{long_date(day)} is in no quarter of this publication",
        "a return is for one of its quarters, and would be counted in none.",
        f"use any day of one of these: {listed}; or the parameters of another period.",
    )


def _one_contract(contracts: pd.DataFrame, contract_id: str) -> pd.DataFrame:
    """The row of one contract in the register."""
    wanted = contracts[contracts["contract_id"] == contract_id]
    if wanted.empty:
        near = nearest(contract_id, contracts["contract_id"])
        hint = f"; did you mean '{near}'?" if near else ""
        raise ParameterError(
            "--contract",
            f"there is no contract '{contract_id}'{hint}",
            "a return belongs to a contract of the register.",
            "use a contract_id of the contracts register.",
        )
    return wanted


def rule_of(column: FormColumn) -> dict[str, Any]:
    """What a spreadsheet accepts in the cells of a column."""
    if column.choices:
        return {"validate": "list", "source": list(column.choices)}
    return dict(LAYOUT.validation[column.kind])


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
        row += 1
        for line in LAYOUT.guidance:
            row += 1
            sheet.write_string(row, 0, line)
        row += 1
        for name, columns in SHEETS.items():
            for column in columns:
                row += 1
                sheet.write_string(row, 0, f"{name}: {column.heading}", formats["head"])
                sheet.write_string(row, 1, column.guidance, formats["given"])
        sheet.protect()

    def _write_sheet(
        self, name: str, columns: Sequence[FormColumn], heading: str, promised: pd.DataFrame
    ) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, heading, self.formats["title"])
        sheet.write_string(1, 0, LAYOUT.above_headings)
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
        if column.is_given:
            return
        # A spreadsheet shows at most so many letters.
        title = column.heading[:32]
        message = column.guidance[:255]
        whole = {**self._rule(column), "input_title": title, "input_message": message}
        sheet.data_validation(HEADER_ROW, number, end - 1, number, whole)

    def _rule(self, column: FormColumn) -> dict[str, Any]:
        """What a spreadsheet accepts in a column; a choice without choices is one of measures."""
        if column.kind == "choice" and not column.choices:
            return {"validate": "list", "source": f"={LISTS}!$A$1:$A${len(self.measures)}"}
        return rule_of(column)

    def _write_claims(self, sheet: Any, promised: pd.DataFrame, lines: int) -> None:
        """A numbered line for each promise with its measure, the measure's title and unit.

        Further down the supplier chooses the measure, and these follow from it.
        """
        given = self.formats["given"]
        columns = {column.heading: number for number, column in enumerate(SHEETS[CLAIMS])}
        for line in range(lines):
            sheet.write_number(HEADER_ROW + line, columns["Line"], line + 1, given)
        promises = zip(promised["commitment_id"], promised["measure_ref"], strict=True)
        row = HEADER_ROW
        for commitment, ref in promises:
            measure = self.measures.get(ref)
            title = _title_and_unit(measure) if measure else ""
            cells = {"Commitment": commitment, "Measure": ref, TITLE_AND_UNIT: title}
            for heading, text in cells.items():
                sheet.write_string(row, columns[heading], text, given)
            row += 1
        units = f"{LISTS}!$A$1:$B${len(self.measures)}"
        for empty in range(row, HEADER_ROW + lines):
            formula = f'=IFERROR(VLOOKUP($C{empty + 1},{units},2,FALSE),"")'
            sheet.write_formula(empty, columns[TITLE_AND_UNIT], formula, given, "")

    def _write_lists(self) -> None:
        """The measures that may be chosen, with their titles and units."""
        sheet = self.book.add_worksheet(LISTS)
        for row, measure in enumerate(self.measures.values()):
            sheet.write_string(row, 0, measure.ref)
            sheet.write_string(row, 1, _title_and_unit(measure))
        sheet.protect()


def _title_and_unit(measure: Measure) -> str:
    return f"{measure.title} ({measure.unit})"

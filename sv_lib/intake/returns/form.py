"""Reads the quarterly return that a supplier fills in, and says what stands on its sheets.

``form.yaml`` has the columns of each sheet. ``publish.files.return_form`` writes the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from sv_lib.errors import InputError
from sv_lib.intake.added_rows import AddedRows, iso_days
from sv_lib.intake.files.headers import find_header, plain
from sv_lib.intake.files.readers import workbook_of
from sv_lib.intake.files.workbooks import Records
from sv_lib.intake.findings import Finding, file_error, finding, nearest
from sv_lib.strict_yaml import data_beside

KIND = "Social value return"
NEWEST = 2
VERSION = f"{KIND}, form {NEWEST}"
COVER = "Return"
CLAIMS = "Claims"
HOMES = "Home areas"
TIER_TWO = "Tier 2 spend"
TABLE_OF = {CLAIMS: "returns", HOMES: "beneficiaries", TIER_TWO: "supply_chain"}
"""Sheet -> the table that it fills."""
LISTS = "Lists"
CONTRACT = "Contract"
FIRST_DAY = "First day of the quarter"
LAST_DAY = "Last day of the quarter"
DUE_ON = "Due on"
SENT_ON = "Sent on"
COVER_FIELDS = {
    CONTRACT: "contract_id",
    FIRST_DAY: "period_start",
    LAST_DAY: "period_end",
    DUE_ON: "due_on",
    SENT_ON: "reported_on",
}
"""What the cover says -> its name in our tables."""
LOG_FIELDS = {"quarter_end": "period_end", "received_on": "reported_on"}
"""Columns of the log of returns -> the fields of the cover that fill them."""
HEADER_ROW = 3
"""On every sheet but the cover, as it is sent; a title and a line of guidance stand above it."""
TOP = 30
"""The first rows of a sheet, among which the headings are looked for."""
AREA = re.compile(r"(?=.*\d)[A-Z0-9-]{9,20}|", re.IGNORECASE)
"""The code of an area, or a blank."""


@dataclass(frozen=True)
class FormColumn:
    """A column of a sheet.

    ``field``: its name in our table, or blank. ``is_given``: the supplier does not fill it in.
    ``since`` and ``until``: the versions of the form that have it.
    """

    heading: str
    kind: str
    guidance: str
    field: str = ""
    is_given: bool = False
    choices: tuple[str, ...] = ()
    since: int = 1
    until: int = NEWEST


EVERY = data_beside(__file__, dict[str, tuple[FormColumn, ...]])
"""Sheet -> the columns of all versions of the form."""


def sheets_of(version: int) -> dict[str, tuple[FormColumn, ...]]:
    """The sheets of a version of the form, each with its columns."""
    return {
        sheet: tuple(column for column in columns if column.since <= version <= column.until)
        for sheet, columns in EVERY.items()
    }


SHEETS = sheets_of(NEWEST)


@dataclass(frozen=True)
class FormCell:
    """The cell, or the column of cells, that a value was read from. ``row``: of the cover alone."""

    sheet: str
    letter: str
    heading: str
    row: int | None = None

    def at(self, row: int | None) -> str:
        """The cell in the words of the form: ``Claims!F4, Own share``."""
        return f"{self.sheet}!{self.letter}{self.row or row or ''}, {self.heading}"


@dataclass(frozen=True)
class FormCells:
    """Where the values of one form stand. ``cells``: (table, column of ours) -> its cell.

    The table of what the cover says is blank. ``claims``: how the claim_ids of the form begin.
    """

    cells: Mapping[tuple[str, str], FormCell]
    claims: str

    def in_form_words(self, said: Finding, table: str) -> Finding:
        """A finding that names the cell of the form; ``table``: of ours, or blank if not known."""
        column = LOG_FIELDS.get(said.column, said.column)
        for name in (table, *TABLE_OF.values(), ""):
            cell = self.cells.get((name, column))
            if cell:
                row = cell.row or said.row
                found = said.found.replace(f", for {self.claims}", ", line ")
                found = found.replace(self.claims, "")
                return replace(said, row=row, column=cell.at(row), found=found)
        return said


Forms = Mapping[str, FormCells]
"""The forms that were read, by the name of the file."""


def in_form_words(findings: Iterable[Finding], forms: Forms, table: str = "") -> list[Finding]:
    """Findings, those about a form in the form's own words."""
    return [
        forms[said.file].in_form_words(said, table) if said.file in forms else said
        for said in findings
    ]


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings, each once. A cell of a form that cannot be read is not said to be blank as well."""
    once = list(dict.fromkeys(findings))
    told = {(said.file, said.column) for said in once if said.id.startswith("returns.")}
    return [
        said for said in once if said.id != "tables.blank" or (said.file, said.column) not in told
    ]


def read_form(path: Path, name: str) -> tuple[list[AddedRows], list[Finding], FormCells]:
    """Read the claims, home areas and tier-two spend of a form that came back, and that it came.

    A claim without attestation is set aside with its home areas. A form whose sheets or headings
    were changed gives no rows. Raises InputError when it is not a form of ours.
    """
    try:
        book = workbook_of(path, name)
    except InputError as fault:
        raise file_error("returns.unreadable", name, fault=fault.found) from None
    form = _FilledForm(name, book)
    added = [] if form.findings else form.rows()
    return added, form.findings, FormCells(form.cells, form.claims)


class _FilledForm:
    """One form that came back. ``findings`` and ``cells`` gather on the way."""

    def __init__(self, name: str, book: Mapping[str, Records]) -> None:
        self.name = name
        self.book = {
            sheet: [[cell.strip() for cell in row] for row in rows] for sheet, rows in book.items()
        }
        self.findings: list[Finding] = []
        self.cells: dict[tuple[str, str], FormCell] = {}
        self.claims = ""
        self.header_rows: dict[str, int] = {}
        every_cell = [cell for rows in self.book.values() for row in rows for cell in row]
        versions = [cell for cell in every_cell if cell.startswith(KIND)]
        if not versions:
            raise file_error("returns.not_a_form", name)
        # Suppliers send back the form that they once received.
        self.sheets = sheets_of(1) if versions[0].endswith("form 1") else SHEETS
        self._find_sheets()
        for sheet in SHEETS:
            if sheet in self.book:
                self._find_columns(sheet)

    def rows(self) -> list[AddedRows]:
        """What the form adds to the tables of returns."""
        cover = self._cover()
        self.claims = f"{cover['contract_id']}-{cover['period_end']}-"
        claims, homes, spend = (self._filled(sheet) for sheet in SHEETS)
        attestation = claims[["attested_by", "attested_on"]]
        # Looked at before the dates: a day that cannot be read does attest the claim.
        is_signed = (attestation != "").all(axis=1)
        for sheet, rows in zip(SHEETS, (claims, homes, spend), strict=True):
            self._read_dates(rows, sheet)
        unsigned = claims["line"][~is_signed]
        for row, line in unsigned.items():
            self._say("returns.not_attested", ("returns", "attested_by"), row, line=line)
        self._check_areas(homes)
        is_lost = ~homes["line"].isin(claims["line"])
        for row, line in homes.loc[is_lost, "line"].items():
            self._say("returns.no_such_line", ("beneficiaries", "claim_id"), row, line=line)
        # Columns that a table does not have are dropped when the rows join it.
        claims, homes, spend = (rows.assign(**cover) for rows in (claims, homes, spend))
        is_set_aside = is_lost | homes["line"].isin(unsigned)
        kept = homes[~is_set_aside]
        log = {column: cover[field] for column, field in LOG_FIELDS.items()}
        logged = pd.DataFrame([log | cover], index=[1], dtype="str")
        homes_set_aside = len(homes) - len(kept)
        signed = _as_returns(claims[is_signed])
        return [
            AddedRows("returns", self.name, signed, quarantined=len(unsigned)),
            AddedRows("beneficiaries", self.name, _numbered(kept), quarantined=homes_set_aside),
            AddedRows("supply_chain", self.name, spend),
            AddedRows("return_log", self.name, logged),
        ]

    def _say(
        self, finding_id: str, cell: tuple[str, str], row: object = None, **slots: str
    ) -> None:
        """Report a cell in the words of the form."""
        place = self.cells[cell]
        at = place.row or int(str(row))
        self.findings.append(finding(finding_id, self.name, at, place.at(at), None, **slots))

    def _find_sheets(self) -> None:
        """Report sheets that are not there, each with the one that may have been it."""
        expected = (COVER, *SHEETS)
        strange = [sheet for sheet in self.book if sheet not in (*expected, LISTS)]
        only = strange[0] if len(strange) == 1 else None
        for sheet in expected:
            if sheet not in self.book:
                near = nearest(sheet, strange) or only
                there = ", ".join(self.book)
                said = finding("returns.no_sheet", self.name, sheet=sheet, there=there, near=near)
                self.findings.append(said)

    def _find_columns(self, sheet: str) -> None:
        """Note where the columns of a sheet are, and report headings that were changed."""
        columns = self.sheets[sheet]
        expected = [column.heading for column in columns if column.field]
        known = set(map(plain, expected))

        def matches(row: list[str]) -> int:
            return len(known.intersection(map(plain, row)))

        records = self.book[sheet]
        at, _ = find_header(records[:TOP], matches, self.name, is_ledger=False)
        headings = list(map(plain, records[at]))
        self.header_rows[sheet] = at + 1
        if not matches(records[at]):
            listed = ", ".join(expected)
            said = finding("returns.no_headings", self.name, sheet=sheet, headings=listed)
            self.findings.append(said)
            return
        position = 0
        for column in columns:
            heading = plain(column.heading)
            if heading in headings:
                position = headings.index(heading)
                letter = xl_col_to_name(position)
                place = FormCell(sheet, letter, column.heading)
                # A claim's number is made of its line.
                field = "claim_id" if column.field == "line" else column.field
                self.cells[TABLE_OF[sheet], field or heading] = place
            elif column.field:
                self._say_changed(sheet, column.heading, position)
            position += 1

    def _say_changed(self, sheet: str, expected: str, position: int) -> None:
        """Report the heading that stands in the place of one that is expected."""
        row = self.header_rows[sheet]
        header = self.book[sheet][row - 1]
        stands = header[position] if position < len(header) else ""
        at = FormCell(sheet, xl_col_to_name(position), expected).at(row)
        cell = at.partition(",")[0]
        self.findings.append(
            finding(
                "returns.heading", self.name, row, at, stands=stands, expected=expected, cell=cell
            )
        )

    def _cover(self) -> dict[str, str]:
        """What the cover says, by the names of COVER_FIELDS; the days are ISO text."""
        rows = {cells[0]: row for row, cells in enumerate(self.book[COVER], start=1)}
        said: dict[str, str] = {}
        for label, field in COVER_FIELDS.items():
            row = rows.get(label)
            cells = self.book[COVER][row - 1] if row else []
            said[field] = cells[1] if len(cells) > 1 else ""
            self.cells["", field] = FormCell(COVER, "B", label, row or 1)
            if not said[field]:
                self._say("returns.cover", ("", field), label=label, sheet=COVER)
        texts = pd.Series(said, dtype="str")
        days, is_unread = iso_days(texts.drop("contract_id"))
        for day in days.index[is_unread]:
            self._say("returns.cover_date", ("", day), text=texts[day])
        return {"contract_id": said["contract_id"], **days}

    def _filled(self, sheet: str) -> pd.DataFrame:
        """The rows of a sheet in which anything was filled in, as text under our names.

        The index is the row of the sheet.
        """
        header_row = self.header_rows[sheet]
        header = list(map(plain, self.book[sheet][header_row - 1]))
        body = pd.DataFrame(self.book[sheet][header_row:], columns=range(len(header)), dtype="str")
        body.index += header_row + 1
        columns = [column for column in self.sheets[sheet] if column.field]
        frame = pd.DataFrame(
            {column.field: body[header.index(plain(column.heading))] for column in columns}
        )
        # The form itself fills in these, on lines that nobody used.
        given = [column.field for column in columns if column.is_given]
        answers = frame.drop(columns=[*given, "measure_ref", "line"], errors="ignore")
        is_filled = (answers != "").any(axis=1)
        if sheet == CLAIMS:
            # A measure that the supplier chose is an answer; that of a promise was there before.
            is_filled |= (frame["measure_ref"] != "") & (frame["commitment_id"] == "")
        return frame[is_filled].copy()

    def _read_dates(self, rows: pd.DataFrame, sheet: str) -> None:
        """Put ISO dates in place of the supplier's own, and report cells that are no date."""
        for column in self.sheets[sheet]:
            if column.kind != "date":
                continue
            texts = rows[column.field]
            days, is_unread = iso_days(texts)
            for row, text in texts[is_unread].items():
                self._say("returns.not_a_date", (TABLE_OF[sheet], column.field), row, text=text)
            rows[column.field] = days

    def _check_areas(self, homes: pd.DataFrame) -> None:
        """Report home areas that are no code, and blank them: they may be names or addresses."""
        areas = homes["home_lsoa_code"]
        is_area = areas.str.fullmatch(AREA)
        for row in homes.index[~is_area]:
            self._say("returns.not_an_area", ("beneficiaries", "home_lsoa_code"), row)
        homes["home_lsoa_code"] = areas.where(is_area, "")


def _as_returns(signed: pd.DataFrame) -> pd.DataFrame:
    """Return the claims of a form as rows of the table returns."""
    is_evidenced = signed["evidenced_on"] != ""
    claims = _numbered(signed)
    claims["state"] = is_evidenced.map({True: "evidenced", False: "reported"})
    claims["attribution"] = signed["attribution"].replace("", "1")
    return claims


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the number of their claim, made of contract, quarter and line."""
    claim_ids = rows["contract_id"] + "-" + rows["period_end"] + "-" + rows["line"]
    return rows.assign(claim_id=claim_ids)

"""Reads the quarterly return that a supplier fills in, and says what stands on its sheets.

``form.yaml`` has the columns of each sheet. ``publish.files.return_form`` writes the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.added_rows import AddedRows, iso_days
from sv_lib.intake.files.readers import workbook_of
from sv_lib.intake.files.workbooks import Records
from sv_lib.intake.findings import Finding, file_error, finding
from sv_lib.strict_yaml import load_as

VERSION = "Social value return, form 1"
COVER = "Return"
CLAIMS = "Claims"
HOMES = "Home areas"
TIER_TWO = "Tier 2 spend"
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
HEADER_ROW = 3
"""On every sheet but the cover; a title and a line of guidance stand above it."""
AREA = re.compile(r"(?=.*\d)[A-Z0-9-]{9,20}|", re.IGNORECASE)
"""The code of an area, or a blank."""


@dataclass(frozen=True)
class FormColumn:
    """A column of a sheet.

    ``field``: its name in our table, or blank. ``is_given``: the supplier does not fill it in.
    """

    heading: str
    kind: str
    guidance: str
    field: str = ""
    is_given: bool = False
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the column is called in a frame."""
        return self.field or self.heading


SHEETS = load_as(dict[str, tuple[FormColumn, ...]], Path(__file__).with_suffix(".yaml"))


def read_form(path: Path, name: str) -> tuple[list[AddedRows], list[Finding]]:
    """Read the claims, home areas and tier-two spend of a form that came back, and that it came.

    A claim without attestation is set aside with its home areas. Raises InputError when it is not a
    form of ours.
    """
    try:
        book = workbook_of(path, name)
    except InputError as fault:
        raise file_error(
            "returns.unreadable", name, fault=fault.found, remedy=fault.remedy
        ) from None
    cover = _cover(book, name)
    filled = {sheet: _filled(book[sheet], sheet, name) for sheet in SHEETS}
    found: list[Finding] = []
    for sheet, rows in filled.items():
        found += _read_dates(rows, sheet, name)
    # Columns that a table does not have are dropped when the rows join it.
    claims, homes, spend = (rows.assign(**cover) for rows in filled.values())
    attestation = claims[["attested_by", "attested_on"]]
    is_signed = (attestation != "").all(axis=1)
    unsigned = claims["line"][~is_signed]
    for row, line in unsigned.items():
        found.append(finding("returns.not_attested", name, int(str(row)), CLAIMS, line=line))
    found += _check_areas(homes, name)
    is_set_aside = homes["line"].isin(unsigned)
    kept = homes[~is_set_aside]
    log = {"quarter_end": cover["period_end"], "received_on": cover["reported_on"], **cover}
    logged = pd.DataFrame([log], index=[1], dtype="str")
    homes_set_aside = len(homes) - len(kept)
    return [
        AddedRows("returns", name, _claims(claims[is_signed]), quarantined=len(unsigned)),
        AddedRows("beneficiaries", name, _with_claim_id(kept), quarantined=homes_set_aside),
        AddedRows("supply_chain", name, spend),
        AddedRows("return_log", name, logged),
    ], found


def _check_areas(homes: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Report home areas that are no code, and blank them: they may be names or addresses."""
    areas = homes["home_lsoa_code"]
    is_area = areas.str.fullmatch(AREA)
    for row in homes.index[~is_area]:
        yield finding("returns.not_an_area", file, int(row), HOMES)
    homes["home_lsoa_code"] = areas.where(is_area, "")


def _claims(signed: pd.DataFrame) -> pd.DataFrame:
    """Return the claims of a form as rows of the table returns."""
    is_evidenced = signed["evidenced_on"] != ""
    claims = _with_claim_id(signed)
    claims["state"] = is_evidenced.map({True: "evidenced", False: "reported"})
    claims["attribution"] = signed["attribution"].replace("", "1")
    return claims


def _with_claim_id(rows: pd.DataFrame) -> pd.DataFrame:
    claim_ids = rows["contract_id"] + "-" + rows["period_end"] + "-" + rows["line"]
    return rows.assign(claim_id=claim_ids)


def _cover(book: dict[str, Records], name: str) -> dict[str, str]:
    """Return what the cover says, by the names of COVER_FIELDS; the days are ISO text.

    Raises InputError when the workbook is no form, or the cover is not whole.
    """
    rows = [[cell.strip() for cell in row] for row in book.get(COVER, [])]
    is_form = any(VERSION in row for row in rows)
    missing = SHEETS.keys() - book.keys()
    if missing or not is_form:
        raise file_error("returns.not_a_form", name)
    said = {row[0]: row[1] for row in rows if len(row) > 1}
    absent = [label for label in COVER_FIELDS if not said.get(label)]
    if absent:
        raise file_error("returns.cover", name, labels=" and no ".join(absent), sheet=COVER)
    texts = pd.Series({field: said[label] for label, field in COVER_FIELDS.items()}, dtype="str")
    contract_id = texts.pop("contract_id")
    # A day that is no date becomes blank; the check of the tables stops at it.
    days, _ = iso_days(texts)
    return {"contract_id": contract_id, **days}


def _filled(records: Records, sheet: str, name: str) -> pd.DataFrame:
    """Return the rows of a sheet in which anything was filled in, as text under our names.

    The index is the row of the sheet. Raises InputError when the headings were changed.
    """
    columns = SHEETS[sheet]
    rows = []
    for record in records:
        cells = record[: len(columns)]
        rows.append([cell.strip() for cell in cells])
    headings = [column.heading for column in columns]
    # A sheet that is too short has no row of headings.
    header = rows[HEADER_ROW - 1 : HEADER_ROW]
    if header != [headings]:
        raise file_error("returns.headings", name, sheet=sheet)
    names = [column.name for column in columns]
    frame = pd.DataFrame(rows[HEADER_ROW:], columns=names, dtype="str")
    frame.index += HEADER_ROW + 1
    # The form itself fills in these, on lines that nobody used.
    given = [column.name for column in columns if column.is_given]
    answers = frame.drop(columns=[*given, "measure_ref", "line"], errors="ignore")
    is_filled = (answers != "").any(axis=1)
    return frame[is_filled].copy()


def _read_dates(rows: pd.DataFrame, sheet: str, file: str) -> Iterator[Finding]:
    """Put ISO dates in place of the supplier's own, and report cells that are no date."""
    for column in SHEETS[sheet]:
        if column.kind != "date":
            continue
        texts = rows[column.name]
        days, is_unread = iso_days(texts)
        for row, text in texts[is_unread].items():
            yield finding("returns.not_a_date", file, int(str(row)), column.heading, text=text)
        rows[column.name] = days

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


@dataclass(frozen=True)
class Cover:
    """What the first sheet of a form says; the days are ISO text."""

    contract: str
    first_day: str
    last_day: str
    due_on: str
    sent_on: str


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
    claims, homes, spend = filled.values()
    is_signed = (claims["attested_by"] != "") & (claims["attested_on"] != "")
    signed = claims[is_signed]
    unsigned = claims[~is_signed]
    for row, line in unsigned["line"].items():
        found.append(finding("returns.not_attested", name, int(str(row)), CLAIMS, line=line))
    found += _check_areas(homes, name)
    is_set_aside = homes["line"].isin(unsigned["line"])
    kept = _with_claim_id(homes[~is_set_aside], cover)
    spend = spend.assign(contract_id=cover.contract, period_end=cover.last_day)
    return [
        AddedRows("returns", name, _claims(signed, cover), quarantined=len(unsigned)),
        AddedRows("beneficiaries", name, kept, quarantined=len(homes) - len(kept)),
        AddedRows("supply_chain", name, spend),
        AddedRows("return_log", name, _log(cover)),
    ], found


def _check_areas(homes: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Report home areas that are no code, and blank them: they may be names or addresses."""
    areas = homes["home_lsoa_code"]
    is_area = areas.str.fullmatch(AREA)
    for row in homes.index[~is_area]:
        yield finding("returns.not_an_area", file, int(row), HOMES)
    homes["home_lsoa_code"] = areas.where(is_area, "")


def _claims(signed: pd.DataFrame, cover: Cover) -> pd.DataFrame:
    """Return the claims of a form as rows of the table returns."""
    is_evidenced = signed["evidenced_on"] != ""
    return _with_claim_id(signed, cover).assign(
        contract_id=cover.contract,
        period_start=cover.first_day,
        period_end=cover.last_day,
        reported_on=cover.sent_on,
        state=is_evidenced.map({True: "evidenced", False: "reported"}),
        attribution=signed["attribution"].replace("", "1"),
    )


def _with_claim_id(rows: pd.DataFrame, cover: Cover) -> pd.DataFrame:
    prefix = f"{cover.contract}-{cover.last_day}-"
    return rows.assign(claim_id=prefix + rows["line"])


def _log(cover: Cover) -> pd.DataFrame:
    """Return the row of the log of returns that says when the form was due and when it came."""
    row = {
        "contract_id": cover.contract,
        "quarter_end": cover.last_day,
        "due_on": cover.due_on,
        "received_on": cover.sent_on,
    }
    return pd.DataFrame([row], index=[1], dtype="str")


def _cover(book: dict[str, Records], name: str) -> Cover:
    """Read the cover. Raises InputError when the workbook is no form, or the cover is not whole."""
    rows = [[cell.strip() for cell in row] for row in book.get(COVER, [])]
    is_form = any(VERSION in row for row in rows)
    missing = SHEETS.keys() - book.keys()
    if missing or not is_form:
        raise file_error("returns.not_a_form", name)
    said = {row[0]: row[1] for row in rows if len(row) > 1}
    labels = (CONTRACT, FIRST_DAY, LAST_DAY, DUE_ON, SENT_ON)
    absent = [label for label in labels if not said.get(label)]
    if absent:
        raise file_error("returns.cover", name, labels=" and no ".join(absent), sheet=COVER)
    # A day that is no date becomes blank; the check of the tables stops at it.
    days = [_iso(said[label]) for label in labels[1:]]
    return Cover(said[CONTRACT], *days)


def _iso(text: str) -> str:
    days, _ = iso_days(pd.Series([text], dtype="str"))
    return str(days[0])


def _filled(records: Records, sheet: str, name: str) -> pd.DataFrame:
    """Return the rows of a sheet in which anything was filled in, as text under our names.

    The index is the row of the sheet. Raises InputError when the headings were changed.
    """
    columns = SHEETS[sheet]
    width = len(columns)
    rows = [[cell.strip() for cell in row[:width]] for row in records]
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
        days, is_unread = iso_days(rows[column.field])
        for row, text in rows.loc[is_unread, column.field].items():
            yield finding("returns.not_a_date", file, int(str(row)), column.heading, text=text)
        rows[column.field] = days

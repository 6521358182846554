"""The quarterly return that a supplier fills in: what stands on its sheets, and the way back into
our
tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.files.cells import ledger_days
from sv_lib.intake.files.readers import workbook_of
from sv_lib.intake.files.workbooks import Records
from sv_lib.intake.findings import Finding

VERSION = "Social value return, form 1"
COVER, CLAIMS, HOMES, TIER_TWO = "Return", "Claims", "Home areas", "Tier 2 spend"
CONTRACT, FIRST_DAY, LAST_DAY = "Contract", "First day of the quarter", "Last day of the quarter"
DUE_ON, SENT_ON = "Due on", "Sent on"
HEADER_ROW = 3
"""On every sheet but the cover; a title and a line of guidance stand above it."""
AREA = re.compile(r"(?=.*\d)[A-Z0-9-]{9,20}", re.IGNORECASE)


@dataclass(frozen=True)
class FormColumn:
    """A column of a sheet. ``field``: its name in our table, or blank; ``is_given``: it is not to
    be
    filled in.
    """

    heading: str
    field: str
    kind: str
    guidance: str
    is_given: bool = False
    choices: tuple[str, ...] = ()


SHEETS: dict[str, tuple[FormColumn, ...]] = {
    CLAIMS: (
        FormColumn("Line", "line", "whole", "number of the claim on this form", is_given=True),
        FormColumn(
            "Commitment",
            "commitment_id",
            "text",
            "the promise it delivers; blank when never promised",
            is_given=True,
        ),
        FormColumn("Measure", "measure_ref", "choice", "choose from the list"),
        FormColumn("Unit", "", "text", "what the quantity counts", is_given=True),
        FormColumn(
            "Quantity", "quantity", "quantity", "delivered in this quarter alone, in the unit"
        ),
        FormColumn("Own share", "attribution", "share", "your own share of the benefit, 0 to 1"),
        FormColumn("Reason", "attribution_reason", "text", "why the share is below 1"),
        FormColumn(
            "People",
            "headcount",
            "whole",
            "people behind the quantity, where the measure counts people",
        ),
        FormColumn(
            "Activity", "activity_key", "text", "a key of your own for the activity, never a name"
        ),
        FormColumn(
            "Evidence", "evidence", "text", "what you hold and where; send it with the form"
        ),
        FormColumn("Evidence sent on", "evidenced_on", "date", "blank when it is still to come"),
        FormColumn(
            "Attested by",
            "attested_by",
            "text",
            "role of the person who confirms the claim, not a name",
        ),
        FormColumn("Attested on", "attested_on", "date", "a claim without it is set aside"),
    ),
    HOMES: (
        FormColumn("Line", "line", "whole", "line of the claim"),
        FormColumn(
            "Home LSOA",
            "home_lsoa_code",
            "text",
            "code of the area, never a name or an address; blank: not known",
        ),
        FormColumn("People", "headcount", "whole", "people with that home area"),
    ),
    TIER_TWO: (
        FormColumn(
            "Kind", "kind", "choice", "what was bought", choices=("sub-contract", "materials")
        ),
        FormColumn(
            "Supplier's postcode",
            "postcode",
            "text",
            "where your supplier is based; blank: not known",
        ),
        FormColumn("Amount", "amount", "pounds", "pounds paid in the quarter, net of VAT"),
        FormColumn(
            "Basis", "basis", "choice", "how it is known", choices=("declared", "evidenced")
        ),
    ),
}


def read_form(path: Path, name: str) -> tuple[list[AddedRows], list[Finding]]:
    """The claims, home areas and tier-two spend of a form that came back, and that it came.

    A claim without attestation is set aside with its home areas. Raises InputError when it is not a
    form of ours.
    """
    refusal = partial(_refusal, name)
    try:
        book = workbook_of(path, name)
    except InputError as fault:
        raise refusal(fault.found, fault.remedy) from None
    contract, days = _cover(book, refusal)
    found: list[Finding] = []
    claims, homes, spend = (_filled(book[sheet], sheet, name, found) for sheet in SHEETS)
    is_signed = (claims["attested_by"] != "") & (claims["attested_on"] != "")
    for row in claims.index[~is_signed]:
        problem, remedy = (
            "nobody attests it, so it is set aside",
            "have the line attested and the form sent again",
        )
        found.append(
            Finding("warn", name, int(row), CLAIMS, f"claim {claims['line'][row]}", problem, remedy)
        )
    prefix = f"{contract}-{days[LAST_DAY]}-"
    signed = claims[is_signed].assign(
        claim_id=prefix + claims["line"],
        contract_id=contract,
        period_start=days[FIRST_DAY],
        period_end=days[LAST_DAY],
        reported_on=days[SENT_ON],
        state=claims["evidenced_on"].map(lambda day: "evidenced" if day else "reported"),
        attribution=claims["attribution"].where(claims["attribution"] != "", "1"),
    )
    is_area = homes["home_lsoa_code"].str.fullmatch(AREA) | (homes["home_lsoa_code"] == "")
    for row in homes.index[~is_area]:
        problem = (
            "it is no LSOA code, so the home area is not known; it may be personal, so it "
            "is not shown"
        )
        found.append(
            Finding(
                "warn", name, int(row), HOMES, "a home area", problem, "give the area's code only"
            )
        )
    homes = homes.assign(
        claim_id=prefix + homes["line"], home_lsoa_code=homes["home_lsoa_code"].where(is_area, "")
    )
    counted = homes[~homes["line"].isin(claims["line"][~is_signed])]
    spend = spend.assign(contract_id=contract, period_end=days[LAST_DAY])
    log = {
        "contract_id": contract,
        "quarter_end": days[LAST_DAY],
        "due_on": days[DUE_ON],
        "received_on": days[SENT_ON],
    }
    return [
        AddedRows("returns", name, signed, quarantined=len(claims) - len(signed)),
        AddedRows("beneficiaries", name, counted, quarantined=len(homes) - len(counted)),
        AddedRows("supply_chain", name, spend),
        AddedRows("return_log", name, pd.DataFrame([log], index=[1], dtype="str")),
    ], found


def _cover(
    book: dict[str, Records], refusal: Callable[[str, str], InputError]
) -> tuple[str, dict[str, str]]:
    """The contract of a form, and its days as ISO text by their label."""
    cover = {row[0].strip(): row[1].strip() for row in book.get(COVER, []) if len(row) > 1}
    if VERSION not in {cell.strip() for row in book.get(COVER, []) for cell in row} or set(
        SHEETS
    ) - set(book):
        raise refusal(
            "it is not a return form of this kind", "ask for the return on the form that was sent"
        )
    days = {label: _iso(cover.get(label, "")) for label in (FIRST_DAY, LAST_DAY, DUE_ON, SENT_ON)}
    if absent := [
        label for label in (CONTRACT, *days) if not (days.get(label) or cover.get(label, ""))
    ]:
        raise refusal(
            f"no {' and no '.join(absent)} on the sheet '{COVER}'",
            "have it filled in and sent again",
        )
    return cover[CONTRACT], days


def _filled(records: Records, sheet: str, name: str, found: list[Finding]) -> pd.DataFrame:
    """The rows of a sheet in which anything was filled in, as text under our names; dates as
    ISO.
    """
    cells = SHEETS[sheet]
    heads = [head.strip() for head in records[HEADER_ROW - 1]] if len(records) >= HEADER_ROW else []
    if heads[: len(cells)] != [cell.heading for cell in cells]:
        raise _refusal(
            name, f"the headings of sheet '{sheet}' were changed", "ask for the form as it was sent"
        )
    rows = [[cell.strip() for cell in row[: len(cells)]] for row in records[HEADER_ROW:]]
    frame = pd.DataFrame(rows, columns=[cell.field or cell.heading for cell in cells], dtype="str")
    frame.index += HEADER_ROW + 1
    asked = [
        cell.field
        for cell in cells
        if not cell.is_given and cell.field not in ("measure_ref", "line")
    ]
    frame = frame[(frame[asked] != "").any(axis=1)].copy()
    for cell in [cell for cell in cells if cell.kind == "date"]:
        for row, text in frame[cell.field].items():
            if text and not _iso(text):
                said, remedy = f"'{text}'", "have it corrected: a date such as 31/03/2024"
                found.append(
                    Finding(
                        "stop", name, int(str(row)), cell.heading, said, "it is not a date", remedy
                    )
                )
        frame[cell.field] = frame[cell.field].map(_iso).astype("str")
    return frame


def _iso(text: str) -> str:
    day = ledger_days(pd.Series([text], dtype="str")).values[0]
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _refusal(name: str, found: str, remedy: str) -> InputError:
    return InputError(name, found, "the supplier's claims would be missing", remedy)

"""A contracts register as the Transparency Code asks for it, under the LGA's headings or a
council's
own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.contracts.awards import Award, Supplier, pounds, to_parts
from sv_lib.intake.files.cells import ledger_days
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.files.streamed_files import columns_by_pattern
from sv_lib.intake.findings import Finding, counted
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.intake.tables.columns import NOT_KNOWN
from sv_lib.intake.tables.validation import listed

PATTERNS = {
    "contract_id": r"(contract )?(reference|ref)\.?( number| no\.?)? | contract (id|number|no\.?)",
    "title": r"(contract )?title( of agreement)? | title of contract | description.*",
    "supplier": (
        r"supplier( name)?( and details)? | (supplier|contractor|provider).*name.* | "
        r"contractor | provider"
    ),
    "value": (
        r"(total |contract |estimated )*value( of contract)?( \(?£\)?)? | sum to be paid.* "
        r"| total sum.*"
    ),
    "starts_on": r"(contract )?start( date)? | commencement date",
    "ends_on": r"(contract )?(end|expiry)( date)? | current end date",
    "awarded_on": r"(contract )?award(ed)? date | date (of award|awarded)",
    "directorate": (
        r"(local authority |responsible )?department( responsible)? | directorate | "
        r"service area"
    ),
    "code": r"cpv( code)?( uri)? | service category( label)? | category",
    "number": (
        r".*company (registration )?(number|no\.?).* | "
        r"(?!.*(charit|vcse|vat)).*registration number.*"
    ),
    "charity": r".*charity (registration )?(number|no\.?).*",
    "vcse": r".*\bvcse?\b.* | .*voluntary.*",
    "sme": r".*\bsmes?\b.* | .*small.*medium.*",
    "postcode": r".*supplier.*(post ?code|address).* | post ?code",
    "shares": r"(supplier )?shares?( \(?%\)?)?",
}
NEEDED = ("contract_id", "title", "supplier", "value", "starts_on", "ends_on")
EXPECTED = (
    "Reference",
    "Reference Number",
    "Contract Reference",
    "Title",
    "Contract Title",
    "Title of agreement",
    "Supplier",
    "Supplier Name",
    "Value",
    "Contract Value",
    "Start Date",
    "End Date",
    "Contract Start Date",
    "Contract End Date",
    "Department",
    "Description",
)
KINDS = {"sme": r"\bsmes?\b|\bboth\b", "vcse": r"\bvcs?e?\b|voluntary|charit|\bboth\b"}
NO_DATE = "it is not a date, so it is not known", "write the day, such as 31/03/2024"
NO = re.compile(r"(n|no|none|n/?a|false|neither|not applicable|0)?", re.IGNORECASE)


def from_register(raw: RawTable) -> tuple[list[AddedRows], list[Finding]]:
    """Its contracts, suppliers and what was decided on the way. A yearly value is not a contract's
    value: refused.
    """
    headings = [heading for heading in raw.columns if "annual" not in heading.lower()]
    columns = columns_by_pattern(headings, PATTERNS)
    found = []
    for name in [name for name in NEEDED if name not in columns]:
        said, problem = (
            f"no column for {name}",
            f"a contract needs it; the headings are {', '.join(raw.columns)}",
        )
        found.append(
            Finding(
                "stop",
                raw.name,
                raw.header_row,
                name,
                said,
                problem,
                "rename the heading that holds it",
            )
        )
    if found:
        return [
            AddedRows("contracts", raw.name, raw.frame[[]].iloc[:0], excluded=len(raw.frame))
        ], found
    text = raw.frame[list(columns.values())].set_axis(list(columns), axis=1)
    text = text.apply(lambda cells: cells.str.strip()).reindex(
        columns=list(PATTERNS), fill_value=""
    )
    for name in ("awarded_on", "starts_on", "ends_on"):
        read = ledger_days(text[name])
        rows = text[read.unread].assign(source_file=raw.name, source_row=lambda part: part.index)
        found += listed(rows, name, "'" + rows[name] + "'", lambda _: NO_DATE, "warn")
        text[name] = read.values.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    undated = text.index[(text["awarded_on"] == "") & (text["starts_on"] != "")]
    if len(undated):
        said = (
            f"{counted(len(undated), 'contract')} without a date of award, the first on "
            f"row {undated[0]}"
        )
        problem = "they count as awarded on the day that the work starts"
        remedy = "add the date of award where it matters"
        found.append(
            Finding("warn", raw.name, int(undated[0]), "awarded_on", said, problem, remedy)
        )
    text["awarded_on"] = text["awarded_on"].where(text["awarded_on"] != "", text["starts_on"])
    is_shared = columns.get("sme") == columns.get("vcse")
    parts, more = to_parts(_awards(raw.name, text, is_shared), {raw.name: 0})
    return parts, [*found, *more]


def _awards(name: str, text: pd.DataFrame, is_shared: bool) -> Iterator[Award]:
    """An award a row. Several suppliers stand with a semicolon or a line break between them, as do
    their shares.

    ``is_shared``: one column tells of SME and of VCSE.
    """
    for at, cells in zip(text.index, text.to_dict("records"), strict=True):
        suppliers, numbers = _several(cells["supplier"]), _several(cells["number"])
        numbers = numbers if len(numbers) == len(suppliers) else [""] * len(suppliers)
        yield Award(
            name,
            int(at),
            cells["contract_id"],
            cells["title"],
            tuple(
                Supplier(
                    supplier,
                    number if re.search(r"\d{4}", number) else "",
                    cells["charity"],
                    find_postcode(cells["postcode"]),
                    is_sme=_flag(cells["sme"], "sme", is_shared),
                    is_vcse=_flag(cells["vcse"], "vcse", is_shared),
                )
                for supplier, number in zip(suppliers, numbers, strict=True)
            ),
            pounds(cells["value"]),
            cells["awarded_on"],
            cells["starts_on"],
            cells["ends_on"],
            cells["code"],
            shares=tuple(_share(share) for share in _several(cells["shares"])),
            directorate=cells["directorate"] or NOT_KNOWN,
        )


def _flag(cell: str, own: str, is_shared: bool) -> str:
    """``yes``, ``no`` or blank. A column for both flags tells them by naming what the supplier
    is.
    """
    named = {kind for kind, words in KINDS.items() if re.search(words, cell, re.IGNORECASE)}
    if named or NO.fullmatch(cell):
        return "" if not cell else "yes" if own in named else "no"
    return "" if is_shared else "yes"


def _several(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]


def _share(text: str) -> Decimal:
    """``60%`` and ``0.6``; what is no number is 0, so that the shares are no whole and are
    refused.
    """
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*(%?)", text)
    return Decimal(found[1]) / (100 if found[2] else 1) if found else Decimal(0)

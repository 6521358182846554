"""Reads a contracts register as the Transparency Code asks for it.

Its headings are the LGA's or a council's own words; ``register.yaml`` has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from sv_lib.intake.added_rows import AddedRows, iso_days, under_our_names
from sv_lib.intake.contracts.awards import Award, Supplier, pounds, to_rows
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.files.streamed_files import columns_by_pattern
from sv_lib.intake.findings import Finding, Record, counted, finding, findings_by_row
from sv_lib.intake.places.postcodes import find_postcode
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class ContractsRegisterWords:
    """What ``register.yaml`` holds."""

    headings: dict[str, str]
    needed: list[str]
    flags: dict[str, str]


WORDS = data_beside(__file__, ContractsRegisterWords)
LATE = r"(1[3-9]|2\d|3[01])"
DAY_FIRST = rf"{LATE}[-/.]\d{{1,2}}[-/.]\d"
MONTH_FIRST = rf"(0?[1-9]|1[0-2])[-/.]{LATE}[-/.]\d"
"""How a day that is past the twelfth stands, before its month and after it."""
NO = re.compile(r"(n|no|none|n/?a|false|neither|not applicable|0)?", re.IGNORECASE)


def from_register(raw: RawTable) -> tuple[list[AddedRows], list[Finding]]:
    """Return the contracts and suppliers of a register, and what was found on the way."""
    # A yearly value is not the value of a contract, so its column is never read.
    headings = [heading for heading in raw.columns if "annual" not in heading.lower()]
    columns = columns_by_pattern(headings, WORDS.headings)
    found = list(_missing_columns(raw, columns))
    if found:
        unused = AddedRows.none_of("contracts", raw)
        return [unused], found
    cells = under_our_names(raw.frame, columns)
    cells = cells.reindex(columns=list(WORDS.headings), fill_value="")
    cells = cells.assign(source_file=raw.name, source_row=cells.index)
    found += [*_unread_values(cells), *_read_dates(cells)]
    found += _date_of_award(cells, raw.name)
    is_one_column = columns.get("sme") == columns.get("vcse")
    rows = cells.to_dict("records")
    awards = [_award(row, is_one_column) for row in rows]
    added, more = to_rows(awards, {raw.name: 0})
    return added, [*found, *more]


def headings_known(row: list[str]) -> int:
    """Count the headings of a register that a row has, to tell the header row by."""
    return len(columns_by_pattern(row, WORDS.headings))


def _missing_columns(raw: RawTable, columns: dict[str, str]) -> Iterator[Finding]:
    headings = ", ".join(raw.columns)
    for name in WORDS.needed:
        if name not in columns:
            yield finding(
                "contracts.register_column", raw.name, raw.header_row, name, headings=headings
            )


def _unread_values(cells: pd.DataFrame) -> Iterator[Finding]:
    """Report values that are not one amount in pounds, such as ``£1m to £2m``."""
    is_read = cells["value"].map(pounds).notna()
    has_digits = cells["value"].str.contains("[1-9]")
    yield from findings_by_row("contracts.not_an_amount", cells[has_digits & ~is_read], "value")


def _read_dates(cells: pd.DataFrame) -> Iterator[Finding]:
    """Put ISO dates in place of the register's own, and report cells that are no date."""
    for name in ("awarded_on", "starts_on", "ends_on"):
        days, is_unread = iso_days(cells[name])
        month_first = cells[cells[name].str.match(MONTH_FIRST)]
        if len(month_first) and not cells[name].str.match(DAY_FIRST).any():
            # The others of the column would be read with day and month exchanged.
            first = month_first.iloc[:1]
            yield from findings_by_row("contracts.month_first", first, name)
        yield from findings_by_row("contracts.not_a_date", cells[is_unread], name)
        cells[name] = days


def _date_of_award(cells: pd.DataFrame, file: str) -> Iterator[Finding]:
    """Let the first day of the work stand for a date of award that is missing, and report it."""
    is_undated = (cells["awarded_on"] == "") & (cells["starts_on"] != "")
    undated = cells.index[is_undated]
    if len(undated):
        contracts = counted(len(undated), "contract")
        yield finding(
            "contracts.no_award_date", file, undated[0], "awarded_on", contracts=contracts
        )
    cells["awarded_on"] = cells["awarded_on"].mask(is_undated, cells["starts_on"])


def _award(cells: Record, is_one_column: bool) -> Award:
    """Return the award of a row.

    ``is_one_column``: whether one column tells both SME and VCSE.
    """
    suppliers = tuple(_suppliers(cells, is_one_column))
    shares = tuple(_share(share) for share in _several(cells["shares"]))
    directorate = cells["directorate"] or NOT_KNOWN
    value = pounds(cells["value"])
    return Award(
        file=cells["source_file"],
        row=cells["source_row"],
        contract_id=cells["contract_id"],
        title=cells["title"],
        suppliers=suppliers,
        value=value,
        awarded_on=cells["awarded_on"],
        starts_on=cells["starts_on"],
        ends_on=cells["ends_on"],
        kind=cells["code"],
        shares=shares,
        directorate=directorate,
    )


def _suppliers(cells: Record, is_one_column: bool) -> Iterator[Supplier]:
    names = _several(cells["supplier"])
    numbers = _several(cells["number"])
    # Numbers that are not one for each supplier cannot be told apart.
    if len(numbers) != len(names):
        numbers = [""] * len(names)
    postcode = find_postcode(cells["postcode"])
    is_sme = _flag(cells["sme"], "sme", is_one_column)
    is_vcse = _flag(cells["vcse"], "vcse", is_one_column)
    for name, number in zip(names, numbers, strict=True):
        has_digits = re.search(r"\d{4}", number)
        yield Supplier(
            supplier_name=name,
            company_number=number if has_digits else "",
            charity_number=cells["charity"],
            postcode=postcode,
            is_sme=is_sme,
            is_vcse=is_vcse,
        )


def _flag(cell: str, own: str, is_one_column: bool) -> str:
    """Return ``yes``, ``no`` or blank. A column for both flags names what the supplier is."""
    if not cell:
        return ""
    named = {flag for flag, words in WORDS.flags.items() if re.search(words, cell, re.IGNORECASE)}
    if own in named:
        return "yes"
    if named or NO.fullmatch(cell):
        return "no"
    # Anything else, such as a charity's number, is a yes; but in one column it does not say which.
    return "" if is_one_column else "yes"


def _several(cell: str) -> list[str]:
    """Return the parts of a cell with a semicolon or a line break between them."""
    parts = [part.strip() for part in re.split(r"[;\n]", cell)]
    return [part for part in parts if part]


def _share(text: str) -> Decimal:
    """Return a share such as ``60%`` or ``0.6``.

    What is no number is 0: the shares then make no whole, and are refused.
    """
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*(%?)", text)
    if not found:
        return Decimal(0)
    number = Decimal(found[1])
    return number / 100 if found[2] else number

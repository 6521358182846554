"""Reads extracts of public registers as downloaded, and keeps the entries that may be suppliers.

The kinds are those of Companies House, of the Charity Commission and lists of linked numbers.
``public_registers.yaml`` has their headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.streamed_files import Selected, read_large
from sv_lib.intake.suppliers.matching import NOT_IN_BLOCK, block_key, charity_number, company_number
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class RegisterWords:
    """The headings of public registers, and the sizes that kinds of accounts tell."""

    headings: dict[str, str]
    sizes: dict[str, str]


WORDS = data_beside(__file__, RegisterWords, "public_registers.yaml")
VCSE = re.compile(r"community interest|charitable incorporated", re.IGNORECASE)
SCHEMES = {"company_number": "GB-COH-", "charity_number": "GB-(?:CHC|SC|NIC)-"}
"""How an org-id begins that tells a number of this kind."""
NUMBERS = ("company_number", "charity_number", "linked_a", "linked_b")
NAMES = ("found_name", "former")


def read_register(path: Path, name: str, suppliers: pd.DataFrame) -> tuple[pd.DataFrame, Selected]:
    """Read the entries that could be one of the suppliers: by number, or by how the name begins.

    Returns a frame with found_id, found_name, is_former and the facts company_number,
    charity_number, postcode, is_vcse and size, all text; and the account of the file's rows. A flag
    is "yes" or blank: that a register is silent does not make a supplier no VCSE. Raises InputError
    when the file cannot be read.
    """
    numbers = pd.concat([suppliers["company_number"], suppliers["charity_number"]])
    bare = _distinct(numbers.str.lstrip("0"))
    names = suppliers["supplier_name"].map(block_key)
    blocks = _distinct(names)

    def keep(entries: pa.Table) -> pa.ChunkedArray:
        wanted = pa.chunked_array([pa.repeat(False, len(entries))])
        for column in entries.column_names:
            cells = entries[column]
            if column in NUMBERS:
                plain = pc.replace_substring_regex(cells, r"^(GB-[A-Z]+-)?\s*0*", "")
                is_ours = pc.is_in(plain, bare)
                wanted = pc.or_(wanted, is_ours)
            elif column in NAMES:
                is_alike = pc.is_in(_blocks(cells), blocks)
                wanted = pc.or_(wanted, is_alike)
        return wanted

    selected = read_large(path, name, WORDS.headings, keep)
    rows = selected.frame.reindex(columns=list(WORDS.headings), fill_value="")
    return _entries(rows), selected


def _distinct(texts: Iterable[str]) -> pa.Array:
    return pa.array(sorted(set(texts) - {""}), pa.string())


def _blocks(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return ``block_key`` of plain names, a column at a time."""
    lowered = pc.utf8_lower(names)
    plain = pc.replace_substring_regex(lowered, NOT_IN_BLOCK, "")
    return pc.utf8_slice_codeunits(plain, 0, 6)


def _entries(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each entry once under its name, and once more under its former name.

    Charities that were removed from the register are left out, and so are those linked to another,
    which share its number.
    """
    for linked in ("linked_a", "linked_b"):
        _take_linked_numbers(rows, rows[linked])
    companies = rows["company_number"].map(company_number)
    charities = rows["charity_number"].map(charity_number)
    is_company = companies != ""
    is_charity = charities != ""
    is_vcse = is_charity | rows["category"].str.contains(VCSE)
    accounts = rows["accounts"].str.strip().str.upper()
    rows["company_number"] = companies
    rows["charity_number"] = charities
    company_ids = "GB-COH-" + companies
    rows["found_id"] = company_ids.where(is_company, "GB-CHC-" + charities)
    rows["is_vcse"] = is_vcse.map({True: "yes", False: ""})
    rows["size"] = accounts.map(WORDS.sizes).fillna("")
    rows["is_former"] = False
    has_number = is_company | is_charity
    is_main = rows["linked"].isin(["", "0"])
    is_registered = rows["status"].str.lower() != "removed"
    entries = rows[has_number & is_main & is_registered]
    is_renamed = entries["former"] != ""
    former = entries[is_renamed]
    former = former.assign(found_name=former["former"], is_former=True)
    both = pd.concat([entries, former])
    return both.drop_duplicates(["found_id", "found_name"])


def _take_linked_numbers(rows: pd.DataFrame, ids: pd.Series) -> None:
    """Set the numbers that org-ids tell, such as GB-COH-01234567, in ``rows`` itself."""
    numbers = ids.str.replace(r".*-", "", regex=True)
    for column, scheme in SCHEMES.items():
        is_told = ids.str.match(scheme)
        rows[column] = rows[column].mask(is_told, numbers)

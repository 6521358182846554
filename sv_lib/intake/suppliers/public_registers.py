"""Extracts of public registers as downloaded: Companies House, Charity Commission, lists of linked
numbers.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.streamed_files import Selected, read_large
from sv_lib.intake.suppliers.matching import NOT_IN_BLOCK, block_key, charity_number, company_number

PATTERNS = {
    "found_name": r"CompanyName | charity_name | org_name | company_name | supplier_name | name",
    "company_number": (
        r"CompanyNumber | charity_company_registration_number | "
        r"(registered_)?company_number"
    ),
    "charity_number": r"registered_charity_number | charity_number | reg_number",
    "linked_a": r"org_id_a",
    "linked_b": r"org_id_b",
    "postcode": r"RegAddress\.PostCode | charity_contact_postcode | post_?code",
    "category": r"CompanyCategory",
    "accounts": r"Accounts\.AccountCategory",
    "former": r"PreviousName_1\.CompanyName",
    "linked": r"linked_charity_number",
    "status": r"charity_registration_status",
}
VCSE = re.compile(r"community interest|charitable incorporated", re.IGNORECASE)
SIZES = {
    "MICRO ENTITY": "micro",
    "SMALL": "small",
    "TOTAL EXEMPTION SMALL": "small",
    "TOTAL EXEMPTION FULL": "small",
    "MEDIUM": "medium",
}
"""Size by the kind of accounts filed. Full and group accounts tell no size: any company may file
them.
"""
COLUMNS = (
    "found_id",
    "found_name",
    "company_number",
    "charity_number",
    "postcode",
    "is_vcse",
    "size",
    "is_former",
)


def read_register(path: Path, name: str, suppliers: pd.DataFrame) -> tuple[pd.DataFrame, Selected]:
    """The entries that could be one of the suppliers: by number, or by the first letters of the
    name.

    Columns COLUMNS. A flag is "yes" or blank: that a register is silent does not make a supplier no
    VCSE. Raises InputError when the file cannot be read.
    """
    numbers = {n for column in ("company_number", "charity_number") for n in suppliers[column]} - {
        ""
    }
    bare = pa.array(sorted(n.lstrip("0") for n in numbers), pa.string())
    blocks = pa.array(sorted(set(suppliers["supplier_name"].map(block_key)) - {""}), pa.string())

    def keep(block: pa.Table) -> pa.ChunkedArray:
        wanted = pa.chunked_array([pa.array([False] * len(block), pa.bool_())])
        for column in {"company_number", "charity_number", "linked_a", "linked_b"} & set(
            block.column_names
        ):
            plain = pc.replace_substring_regex(block[column], r"^(GB-[A-Z]+-)?\s*0*", "")
            wanted = pc.or_(wanted, pc.is_in(plain, bare))
        for column in {"found_name", "former"} & set(block.column_names):
            wanted = pc.or_(wanted, pc.is_in(_blocks(block[column]), blocks))
        return wanted

    selected = read_large(path, name, PATTERNS, keep)
    return _entries(selected.frame.reindex(columns=list(PATTERNS), fill_value="")), selected


def _blocks(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """``block_key`` of plain names, a column at a time."""
    plain = pc.replace_substring_regex(pc.utf8_lower(names), NOT_IN_BLOCK, "")
    return pc.utf8_slice_codeunits(plain, 0, 6)


def _entries(rows: pd.DataFrame) -> pd.DataFrame:
    """Each entry once under its name, and once more under its former name.

    Without charities that were removed from the register, and those linked to another: they share
    its number.
    """
    for scheme, column in (
        (r"GB-COH-", "company_number"),
        (r"GB-(?:CHC|SC|NIC)-", "charity_number"),
    ):
        for linked in ("linked_a", "linked_b"):
            number = rows[linked].str.replace(r".*-", "", regex=True)
            rows[column] = rows[column].mask(rows[linked].str.match(scheme), number)
    rows["company_number"] = rows["company_number"].map(company_number)
    rows["charity_number"] = rows["charity_number"].map(charity_number)
    is_company = rows["company_number"] != ""
    rows["found_id"] = ("GB-COH-" + rows["company_number"]).where(
        is_company, "GB-CHC-" + rows["charity_number"]
    )
    is_vcse = (rows["charity_number"] != "") | rows["category"].str.contains(VCSE)
    rows["is_vcse"] = is_vcse.map({True: "yes", False: ""})
    rows["size"] = rows["accounts"].str.strip().str.upper().map(SIZES).fillna("")
    is_now = rows["linked"].isin(["", "0"]) & (rows["status"].str.lower() != "removed")
    rows = rows[(rows["found_id"] != "GB-CHC-") & is_now]
    former = rows[rows["former"] != ""].assign(
        found_name=lambda all_: all_["former"], is_former=True
    )
    return pd.concat([rows.assign(is_former=False), former])[list(COLUMNS)].drop_duplicates(
        ["found_id", "found_name"]
    )

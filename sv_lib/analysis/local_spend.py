"""Where money is paid: the ward, ring of the geography, size and sector of each supplier."""

from __future__ import annotations

import pandas as pd

from sv_lib.intake.tables.dictionary import IS_SME
from sv_lib.params import NOT_KNOWN, Council
from sv_lib.toms.worded import is_blank, worded

OUTSIDE = "outside"
ELSEWHERE = "elsewhere"

SUPPLIER_FACTS = ["ward_code", "geography", "size", "is_sme", "is_vcse"]


def place(
    payments: pd.DataFrame, suppliers: pd.DataFrame, postcodes: pd.DataFrame, council: Council
) -> pd.DataFrame:
    """Payments with the ward, ring, size and sector of their supplier.

    Adds ``ward_code``, ``geography``, ``size``, ``is_sme``, ``is_vcse``, ``is_addressable``,
    ``is_redacted``. Where the supplier is redacted, not in the list, or without a postcode in the
    lookup, its facts are "not known": a class of its own, never shared out over the known ones.
    Ward and ring are those of the supplier's own postcode.
    """
    found = facts(suppliers, postcodes, council)
    placed = payments.merge(found, on="supplier_id", how="left", validate="m:1")
    placed[SUPPLIER_FACTS] = placed[SUPPLIER_FACTS].fillna(NOT_KNOWN)
    category = placed["category"]
    placed["is_addressable"] = worded(
        placed.index,
        "yes",
        (category.isin(council.non_addressable_categories), "no"),
        (is_blank(category), NOT_KNOWN),
    )
    placed["is_redacted"] = is_blank(placed["supplier_id"])
    return placed


def facts(suppliers: pd.DataFrame, postcodes: pd.DataFrame, council: Council) -> pd.DataFrame:
    """One row a supplier that has a number, with ``SUPPLIER_FACTS``: where it is and what it is.

    Small or medium by its size, else where a source says only that much, such as a contract notice.
    """
    suppliers = suppliers.reset_index(drop=True)
    size = suppliers["size"].astype("string").fillna(NOT_KNOWN)
    is_sme = size.map(IS_SME).astype("string").fillna(suppliers["is_sme"].astype("string"))
    found = _places(suppliers["postcode"], postcodes, council)
    found.insert(0, "supplier_id", suppliers["supplier_id"])
    found["size"] = size
    found["is_sme"] = is_sme.fillna(NOT_KNOWN)
    found["is_vcse"] = suppliers["is_vcse"].astype("string").fillna(NOT_KNOWN)
    return found[~is_blank(found["supplier_id"])]


def tier_two(supply_chain: pd.DataFrame, postcodes: pd.DataFrame, council: Council) -> pd.DataFrame:
    """Spend of main contractors with their own suppliers, with ``ward_code`` and ``geography``."""
    places = _places(supply_chain["postcode"], postcodes, council)
    return supply_chain.reset_index(drop=True).assign(**places)


def _places(given: pd.Series, postcodes: pd.DataFrame, council: Council) -> pd.DataFrame:
    """``ward_code`` and ``geography`` of each postcode, however it is spaced or cased."""
    lookup = postcodes[["ward_code", "lad_code", "region_code"]].assign(
        key=_bare(postcodes["postcode"])
    )
    found = pd.DataFrame({"key": _bare(given)}).merge(lookup, on="key", how="left", validate="m:1")
    return pd.DataFrame({"ward_code": _ward(found, council), "geography": _ring(found, council)})


def _bare(postcode: pd.Series) -> pd.Series:
    bare = postcode.astype("string").fillna("").str.replace(r"\s+", "", regex=True).str.upper()
    return bare.reset_index(drop=True)


def _ward(found: pd.DataFrame, council: Council) -> pd.Series:
    """The council's own ward, or "outside".

    A ward that is not in the council's list is of other boundaries, so it is not known.
    """
    district = found["lad_code"]
    ward = found["ward_code"]
    at_home = district.isin(council.own_districts)
    is_own = at_home & ward.isin([ward.code for ward in council.wards])
    is_outside = district.notna() & ~at_home
    return worded(found.index, NOT_KNOWN, (is_own, ward), (is_outside, OUTSIDE))


def _ring(found: pd.DataFrame, council: Council) -> pd.Series:
    """The nearest ring that holds the district or the region."""
    district = found["lad_code"]
    region = found["region_code"]
    rules: list[tuple[pd.Series, str]] = [(district.notna(), ELSEWHERE)]
    # The last rule that holds decides, so the nearest ring comes last.
    for tier in reversed(council.tiers):
        within = district.isin(tier.lad_codes) | region.isin(tier.region_codes)
        rules.append((district.notna() & within, tier.id))
    return worded(found.index, NOT_KNOWN, *rules)

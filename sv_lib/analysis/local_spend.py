"""Where money is paid: each payment with its supplier's ward, ring of the geography, size and
sector.
"""

from __future__ import annotations

import pandas as pd

from sv_lib.intake.tables.dictionary import IS_SME
from sv_lib.params import NOT_KNOWN, Council

OUTSIDE = "outside"
ELSEWHERE = "elsewhere"

SUPPLIER_FACTS = ["ward_code", "geography", "size", "is_sme", "is_vcse"]


def place(
    payments: pd.DataFrame, suppliers: pd.DataFrame, postcodes: pd.DataFrame, council: Council
) -> pd.DataFrame:
    """Payments with the ward, ring, size and sector of their supplier.

    Adds ``ward_code``, ``geography``, ``size``, ``is_sme``, ``is_vcse``, ``is_addressable``,
    ``is_redacted``. Where the supplier is redacted, not in the list, or without a postcode in the
    lookup, its facts are "not known": a class of its own, never spread over the known ones. Ward
    and ring are those of the supplier's own postcode.
    """
    found = facts(suppliers, postcodes, council)
    placed = payments.merge(found, on="supplier_id", how="left", validate="m:1")
    placed[SUPPLIER_FACTS] = placed[SUPPLIER_FACTS].fillna(NOT_KNOWN)
    category = payments["category"].reset_index(drop=True)
    cannot_be_local = category.isin(council.non_addressable_categories)
    addressable = pd.Series("yes", index=placed.index, dtype="string").mask(cannot_be_local, "no")
    return placed.assign(
        is_addressable=addressable.mask(category.fillna("").eq("").astype("bool"), NOT_KNOWN),
        is_redacted=placed["supplier_id"].fillna("").eq("").astype("bool"),
    )


def facts(suppliers: pd.DataFrame, postcodes: pd.DataFrame, council: Council) -> pd.DataFrame:
    """One row a supplier, with ``SUPPLIER_FACTS``: where it is and what it is. A blank number finds
    no
    supplier.

    Small or medium by its size, else where a source says only that much, such as a contract notice.
    """
    suppliers = suppliers.reset_index(drop=True)
    size, said = (
        suppliers["size"].astype("string").fillna(NOT_KNOWN),
        suppliers["is_sme"].astype("string"),
    )
    found = suppliers[["supplier_id"]].assign(
        **_places(suppliers["postcode"], postcodes, council),
        size=size,
        is_sme=size.map(IS_SME).astype("string").fillna(said).fillna(NOT_KNOWN),
        is_vcse=suppliers["is_vcse"].astype("string").fillna(NOT_KNOWN),
    )
    return found[found["supplier_id"].fillna("").ne("").astype("bool")]


def tier_two(supply_chain: pd.DataFrame, postcodes: pd.DataFrame, council: Council) -> pd.DataFrame:
    """Spend of main contractors with their own suppliers, with its ``ward_code`` and
    ``geography``.
    """
    places = _places(supply_chain["postcode"], postcodes, council)
    return supply_chain.reset_index(drop=True).assign(**places)


def _places(given: pd.Series, postcodes: pd.DataFrame, council: Council) -> dict[str, pd.Series]:
    """The ward and the ring of each postcode, however it is spaced or cased."""
    lookup = postcodes[["ward_code", "lad_code", "region_code"]].assign(
        key=_bare(postcodes["postcode"])
    )
    found = pd.DataFrame({"key": _bare(given)}).merge(lookup, on="key", how="left", validate="m:1")
    is_found = found["lad_code"].notna()
    return {
        "ward_code": _ward(found, is_found, council),
        "geography": _ring(found, is_found, council),
    }


def _bare(postcode: pd.Series) -> pd.Series:
    bare = postcode.astype("string").fillna("").str.replace(r"\s+", "", regex=True).str.upper()
    return bare.reset_index(drop=True)


def _ward(found: pd.DataFrame, is_found: pd.Series, council: Council) -> pd.Series:
    """The council's own ward; a ward that is not one of its list is of another vintage, so it is
    not
    known.
    """
    own = [ward.code for ward in council.wards]
    ward = pd.Series(NOT_KNOWN, index=found.index, dtype="string")
    at_home = found["lad_code"].isin([council.lad_code])
    ward = ward.mask(at_home & found["ward_code"].isin(own), found["ward_code"])
    return ward.mask(is_found & ~at_home, OUTSIDE)


def _ring(found: pd.DataFrame, is_found: pd.Series, council: Council) -> pd.Series:
    """The nearest ring that holds the district or the region."""
    ring = pd.Series(NOT_KNOWN, index=found.index, dtype="string").mask(is_found, ELSEWHERE)
    for tier in reversed(council.tiers):
        within = found["lad_code"].isin(tier.lad_codes) | found["region_code"].isin(
            tier.region_codes
        )
        ring = ring.mask(is_found & within, tier.id)
    return ring

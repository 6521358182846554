"""Whether outcomes reach the residents of the most deprived areas. Association, never cause."""

from __future__ import annotations

import pandas as pd

MOST_DEPRIVED = "most deprived"
ELSEWHERE_HERE = "elsewhere in the borough"


def classify(rows: pd.DataFrame, decile: int) -> pd.DataFrame:
    """Rows with ``group``: "most deprived" (up to ``decile``), "elsewhere in the borough", "outside" or "not known".

    Takes rows of the beneficiary lens, or the deprivation table itself for the residents to compare with. Decile 1 is
    the most deprived 10% of LSOAs in England; 2 the most deprived 20%.
    """
    here = rows["imd_decile"].notna().astype("bool")
    deprived = (rows["imd_decile"] <= decile).fillna(False).astype("bool")
    group = pd.Series(ELSEWHERE_HERE, index=rows.index, dtype="string").mask(deprived, MOST_DEPRIVED)
    if "place" in rows:
        group = group.where(here, rows["place"])
    return rows.assign(group=group).reset_index(drop=True)


def ward_shares(deprivation: pd.DataFrame) -> pd.DataFrame:
    """One row a ward: its LSOAs and residents, and how many of them lie in the most deprived 10% and 20%.

    Residents are NA for a ward where the source gives none for an LSOA.
    """
    parts = {"": deprivation}
    parts |= {f"_{decile}0": deprivation[deprivation["imd_decile"] <= decile] for decile in (1, 2)}
    wards = pd.DataFrame(index=pd.Index(sorted(deprivation["ward_code"].unique()), name="ward_code"))
    unknown = set(deprivation.loc[deprivation["residents"].isna(), "ward_code"])
    for name, part in parts.items():
        by_ward = part.groupby("ward_code", dropna=False)
        wards[f"lsoas{name}"] = by_ward.size().reindex(wards.index).fillna(0).astype("int64")
        residents = by_ward["residents"].sum().reindex(wards.index).fillna(0).astype("Int64")
        wards[f"residents{name}"] = residents.mask(wards.index.isin(unknown))
    return wards.reset_index()

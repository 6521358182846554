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

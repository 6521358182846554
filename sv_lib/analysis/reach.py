"""Whether outcomes reach the residents of the most deprived areas. Association, never cause."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from sv_lib.toms.worded import worded

MOST_DEPRIVED = "most deprived"
ELSEWHERE_HERE = "elsewhere in the borough"
FIFTHS = ("1", "2", "3", "4", "5")
SURE_PCT = 95


def classify(rows: pd.DataFrame, decile: int) -> pd.DataFrame:
    """Rows with ``group``: "most deprived", "elsewhere in the borough", "outside" or "not known".

    "most deprived" goes up to ``decile``. Takes rows of the beneficiary lens, or the deprivation
    table itself for the residents to compare with.
    Decile 1 is the most deprived 10% of LSOAs in England; 2 the most deprived 20%.
    """
    deciles = rows["imd_decile"]
    group = worded(rows.index, ELSEWHERE_HERE, (deciles <= decile, MOST_DEPRIVED))
    if "place" in rows:
        group = group.mask(deciles.isna(), rows["place"])
    return rows.assign(group=group).reset_index(drop=True)


def by_fifth(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with ``fifth``: "1" for England's most deprived LSOAs to "5"; else the place's word."""
    fifth = ((rows["imd_decile"] + 1) // 2).astype("Int64").astype("string")
    if "place" in rows:
        fifth = fifth.fillna(rows["place"])
    return rows.assign(fifth=fifth).reset_index(drop=True)


def interval(people: int, of: int) -> tuple[Decimal, Decimal]:
    """The exact binomial (Clopper-Pearson) 95% interval of a share, to six decimal places.

    ``of`` is 1 or more.
    """
    # Imported here: it takes a while, and few runs of the program need it.
    from scipy.special import betaincinv

    tail = (100 - SURE_PCT) / 200
    low = betaincinv(people, of - people + 1, tail) if people else 0.0
    high = betaincinv(people + 1, of - people, 1 - tail) if people < of else 1.0
    return Decimal(f"{low:.6f}"), Decimal(f"{high:.6f}")

"""The order of wards by deprivation: one key, which every page prints."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from sv_lib.toms.worded import rank_words

TENTH, FIFTH = 1, 2
"""The last deciles of England's most deprived tenth and fifth of LSOAs."""
Key = tuple[Fraction, Fraction]


def ward_keys(areas: pd.DataFrame) -> dict[str, Key]:
    """The shares of each ward's residents in England's most deprived tenth and fifth of LSOAs.

    ``areas``: LSOAs with ``ward_code, imd_decile, residents``. A ward of which no area or no
    resident is known is left out, and so is one with an area whose residents are not known.
    """
    keys = {}
    for ward, mine in areas.groupby("ward_code"):
        residents = mine["residents"]
        everybody = 0 if residents.isna().any() else int(residents.sum())
        if everybody:
            tenth, fifth = (
                Fraction(int(residents[mine["imd_decile"] <= last].sum()), everybody)
                for last in (TENTH, FIFTH)
            )
            keys[str(ward)] = tenth, fifth
    return keys


def ranked(wards: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Wards by their keys, most deprived first, ties by name; those without a key last, by name.

    ``wards`` has ``ward_code, ward_name``. Adds ``position`` (NA without a key; the same for wards
    with the same key) and ``rank``, which prints it: "2", or "2=" of a tie; "" without a key.
    """
    known = ward_keys(areas)
    keys = [known.get(ward) for ward in wards["ward_code"]]
    ranks = rank_words(keys)
    positions = [int(rank.strip("=")) if rank else None for rank in ranks]
    made = wards.assign(position=pd.array(positions, dtype="Int64"), rank=ranks)
    return made.sort_values(["position", "ward_name"], kind="stable", ignore_index=True)

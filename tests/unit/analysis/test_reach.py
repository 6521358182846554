"""The most deprived areas at both sides of their deciles."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from frames import EAST, WEST, frame

from sv_lib.analysis.reach import by_fifth, classify, interval

LSOAS = frame(
    "deprivation",
    f"""
    lsoa_code | ward_code | imd_decile | residents
    L1        | {EAST}    | 1          | 1500
    L2        | {EAST}    | 2          | 1400
    L3        | {WEST}    | 3          | 1600
    L4        | {WEST}    | 1          |
    """,
)


@pytest.mark.parametrize(
    ("decile", "deprived"), [(1, ["L1", "L4"]), (2, ["L1", "L2", "L4"]), (10, LSOAS["lsoa_code"])]
)
def test_deciles_up_to_a_limit(decile: int, deprived: list[str]) -> None:
    rows = classify(LSOAS, decile)
    assert rows.loc[rows["group"] == "most deprived", "lsoa_code"].tolist() == list(deprived)
    assert set(rows["group"]) <= {"most deprived", "elsewhere in the borough"}


def test_people_outside_and_not_known_keep_their_class() -> None:
    people = pd.DataFrame(
        {
            "place": [EAST, EAST, "outside", "not known"],
            "imd_decile": pd.array([1, 2, None, None], dtype="Int64"),
        }
    )
    groups = classify(people, 1)["group"].tolist()
    assert groups == ["most deprived", "elsewhere in the borough", "outside", "not known"]


def test_no_deprivation_table() -> None:
    assert len(classify(frame("deprivation"), 1)) == 0


@pytest.mark.parametrize(
    ("people", "of", "low", "high"),
    # Exact binomial 95% limits as printed in tables; at 0 of n the upper one is 1 - 0.025 ** (1 /
    # n) by hand.
    [
        (10, 20, "0.271958", "0.728042"),
        (0, 10, "0.000000", "0.308497"),
        (10, 10, "0.691503", "1.000000"),
        (1, 1, "0.025000", "1.000000"),
    ],
)
def test_exact_binomial_interval(people: int, of: int, low: str, high: str) -> None:
    assert interval(people, of) == (Decimal(low), Decimal(high))


def test_fifths_are_pairs_of_deciles_and_classes_stay() -> None:
    rows = pd.DataFrame(
        {
            "place": [EAST, EAST, EAST, "outside", "not known"],
            "imd_decile": pd.array([1, 2, 10, None, None], dtype="Int64"),
        }
    )
    assert by_fifth(rows)["fifth"].tolist() == ["1", "1", "5", "outside", "not known"]
    assert by_fifth(LSOAS)["fifth"].tolist() == ["1", "1", "2", "1"]

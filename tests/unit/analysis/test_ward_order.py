"""The order of wards by deprivation: one key, ties that are ties, and wards without data."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from frames import frame

from sv_lib.analysis.ward_order import ranked, ward_keys

AREAS = """
    lsoa_code | ward_code | imd_decile | residents
    L1        | W1        | 1          | 500
    L2        | W1        | 2          | 500
    L3        | W2        | 1          | 250
    L4        | W2        | 3          | 250
    L5        | W3        | 2          | 900
    L6        | W3        | 9          | 100
    L7        | W4        | 1          | 100
    L8        | W4        | 2          | 100
    L9        | W5        | 10         | 0
"""


def order(*names: str, areas: str = AREAS) -> list[tuple[str, str]]:
    """Name and rank of the wards W1, W2 ... of these names, in their order."""
    codes = [f"W{number}" for number in range(1, len(names) + 1)]
    wards = pd.DataFrame({"ward_code": codes, "ward_name": names})
    made = ranked(wards, frame("deprivation", areas))
    return list(zip(made["ward_name"], made["rank"], strict=True))


def test_the_key_is_the_tenth_then_the_fifth() -> None:
    half = Fraction(1, 2)
    assert ward_keys(frame("deprivation", AREAS)) == {
        "W1": (half, 1),
        "W2": (half, half),
        "W3": (0, Fraction(9, 10)),
        "W4": (half, 1),
    }


def test_ties_go_by_the_fifth_then_by_name_and_have_one_rank() -> None:
    """W1 and W4 tie in both; W2 has as many in the tenth and fewer in the fifth."""
    assert order("Oak", "Ash", "Elm", "Fir") == [
        ("Fir", "1="),
        ("Oak", "1="),
        ("Ash", "3"),
        ("Elm", "4"),
    ]


@pytest.mark.parametrize("ward", ["W5", "W6"])
def test_a_ward_without_residents_or_without_areas_has_no_rank_and_stands_last(ward: str) -> None:
    names = ["Oak", "Ash", "Elm", "Fir", "Bay", "Yew"]
    last = order(*names)[4:]
    assert last == [("Bay", ""), ("Yew", "")]
    assert ward not in ward_keys(frame("deprivation", AREAS))


def test_a_ward_with_an_area_whose_residents_are_not_known_has_no_key() -> None:
    areas = AREAS + "    L10 | W3 | 1 | "
    assert "W3" not in ward_keys(frame("deprivation", areas))


def test_without_areas_wards_stand_by_name() -> None:
    assert order("Oak", "Ash", areas="") == [("Ash", ""), ("Oak", "")]

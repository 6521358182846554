"""The most deprived areas at both sides of their deciles."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from frames import EAST, WEST, frame

from sv_lib.analysis.reach import (
    by_fifth,
    classify,
    interval,
    joint_high,
    joint_low,
    verdict,
    with_design_effect,
)

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
    assert [f"{bound:.6f}" for bound in interval(people, of)] == [low, high]


def test_fifths_are_pairs_of_deciles_and_classes_stay() -> None:
    rows = pd.DataFrame(
        {
            "place": [EAST, EAST, EAST, "outside", "not known"],
            "imd_decile": pd.array([1, 2, 10, None, None], dtype="Int64"),
        }
    )
    assert by_fifth(rows)["fifth"].tolist() == ["1", "1", "5", "outside", "not known"]
    assert by_fifth(LSOAS)["fifth"].tolist() == ["1", "1", "2", "1"]


def test_numbers_divided_by_a_design_effect_need_not_be_whole() -> None:
    """Of 3 in 9 the bounds at an effect over 1 lie outside those at 1, the least there is."""
    low, high = interval(3, 9, Decimal("2.5"))
    narrow = interval(3, 9)
    assert low < narrow[0] < narrow[1] < high
    assert interval(3, 9, Decimal("0.4")) == narrow
    assert interval(6, 20, 2) == interval(3, 10)


def test_an_area_with_more_people_taken_off_than_it_has_is_empty() -> None:
    assert interval(-1, 10) == interval(0, 11)
    assert interval(12, 10) == interval(12, 12)


def test_chance_and_unknown_homes_together() -> None:
    """35 of 98 known and 31 unknown, against 21.1% of residents. At least 35 of 129 with an exact
    bound of 19.68%, at most 66 of 129 with one of 60.06%: divided by 21.1%.
    """
    parts = 35, 98, Decimal("21.1"), 31, 1
    assert (joint_low(*parts), joint_high(*parts)) == (Decimal("0.932777"), Decimal("2.846446"))


@pytest.mark.parametrize("parts", [(0, 0, 20, 3, 1), (1, 2, 0, 0, 1)])
def test_without_people_or_residents_there_are_no_bounds(parts: tuple[int, ...]) -> None:
    for bound in (joint_low, joint_high):
        with pytest.raises(ZeroDivisionError):
            bound(*parts)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [("1.01", "2", "more"), ("0.3", "0.99", "less"), ("1", "2", "cannot tell")],
)
def test_only_a_whole_interval_says_more_or_less(low: str, high: str, words: str) -> None:
    assert verdict(Decimal(low), Decimal(high)) == words
    assert verdict(Decimal("0.5"), Decimal(1)) == "cannot tell"


def people(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Rows of people: the contract, "there" or "here", how many."""
    frame_of = pd.DataFrame(rows, columns=["contract_id", "group", "headcount"])
    words = {"there": "most deprived", "here": "elsewhere in the borough"}
    return frame_of.assign(group=frame_of["group"].map(words))


def effect(*rows: tuple[str, str, int]) -> tuple[list[Decimal], Decimal]:
    brought = with_design_effect(people(*rows))["design_effect"].tolist()
    return brought, sum(brought, Decimal(0))


def test_the_design_effect_by_hand() -> None:
    """C1 has 3 of 4 there, C2 1 of 4, C3 2 of 4: 6 of 12, a half.

    Each is 1, -1 and 0 away from its half: squares of 1, 1 and 0. Times 3/2 contracts, over
    12 x 1/2 x 1/2 = 3: a half each for C1 and C2. Student's t of two degrees is 4.302653, the
    normal deviate 1.959964: squared, 4.819217. Each brings 2.409609.
    """
    brought, whole = effect(
        ("C1", "there", 3),
        ("C1", "here", 1),
        ("C2", "there", 1),
        ("C2", "here", 3),
        ("C3", "there", 2),
        ("C3", "here", 2),
    )
    assert [round(one, 4) for one in brought] == [
        Decimal(text) for text in ("2.4096", "0", "2.4096", "0", "0", "0")
    ]
    assert round(whole, 3) == Decimal("4.819")


def test_where_contracts_cannot_be_told_apart_each_counts_as_one_person() -> None:
    alone = effect(("C1", "there", 3), ("C1", "here", 5))
    assert alone == ([Decimal(8), Decimal(0)], 8)
    nobody = effect(("C1", "here", 3), ("C2", "here", 5))
    assert nobody == ([Decimal("1.5"), Decimal("2.5")], 4)
    assert effect() == ([], 0)

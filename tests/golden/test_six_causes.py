"""Six causes of a change and the order of wards, worked by hand (tests/golden/CHANGE.md)."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from frames import EAST, WEST
from small_council import DRAWINGS, calculated

from sv_lib.figures.saved import Calculation

PAGE = Path(__file__).with_name("CHANGE.md").read_text(encoding="utf-8")
DRAWN = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.M | re.S))
BY_HAND = dict(re.findall(r"^\| (\S+\.\S+) \| [^|]+ \| (-?[\d/]+) \|$", PAGE, flags=re.M))
CAUSES = ("new", "ended", "ended-within", "re-let", "continuing", "moved")


@pytest.fixture(scope="module")
def calculation() -> Calculation:
    nothing = dict.fromkeys(DRAWINGS)
    firms = {name: DRAWINGS[name] for name in ("suppliers", "postcodes")}
    return calculated("exempt", **{**nothing, **firms, **DRAWN})


@pytest.mark.parametrize("figure_id", BY_HAND)
def test_worked_by_hand(calculation: Calculation, figure_id: str) -> None:
    assert calculation.trail[figure_id].value == Fraction(BY_HAND[figure_id])


def test_the_page_works_six_causes_and_the_wards() -> None:
    assert {f"bridge.spend.{EAST}.{cause}" for cause in CAUSES} <= BY_HAND.keys()
    assert len(BY_HAND) >= 33


def test_six_causes_make_the_change(calculation: Calculation) -> None:
    trail = calculation.trail
    for place in ("borough", EAST, WEST):
        stem = f"bridge.spend.{place}"
        parts = [Fraction(trail[f"{stem}.{cause}"].value or 0) for cause in CAUSES]
        assert sum(parts) == trail[f"{stem}.change"].value


def test_a_pair_is_one_line_that_names_both(calculation: Calculation) -> None:
    rows = calculation.tables["bridge"]
    pair = rows[rows["cause"] == "re-let"]
    columns = ["contract_id", "supplier", "successor_id", "successor_supplier", "change_pence"]
    # S1 and S4 share the name Alpha, so its number stands behind it.
    assert pair[columns].to_numpy().tolist() == [["R1", "Alpha (S1)", "R2", "Beta", -500_00]]


def test_the_contract_over_a_quarter_is_named(calculation: Calculation) -> None:
    largest = calculation.tables["largest_changes"]
    columns = ["family", "place", "contract_id", "title"]
    named = [["spend", place, "N1", "Leisure"] for place in ("borough", EAST)]
    assert largest[columns].to_numpy().tolist() == named


def test_a_tie_is_a_tie(calculation: Calculation) -> None:
    wards = calculation.tables["wards"]
    ranks = wards[["ward_code", "position", "rank"]].to_numpy().tolist()
    assert ranks == [[EAST, 1, "1="], [WEST, 1, "1="]]

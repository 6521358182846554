"""Two wards of the demonstration worked by hand (tests/golden/WARDS.md): one that fell, one that
rose.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from made_once import calculate, gather

from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.params import load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "tests" / "golden" / "WARDS.md").read_text(encoding="utf-8")
BY_HAND = re.findall(
    r"^\| ((?:lens|bridge|contract)\.\S+) \| [^|]+ \| (-?\d+) \|$", PAGE, flags=re.M
)
FAMILIES = {
    "spend": "spend.total.this",
    "jobs": "headline.residents_into_work.this",
    "weeks": "headline.training_weeks.this",
    "hours": "people.hours.this",
}
CAUSES = ("new", "ended", "ended-within", "re-let", "continuing", "moved")


@pytest.fixture(scope="module")
def calculation() -> Calculation:
    publication = load(ROOT / "params" / "rotherham-demo" / "2022-annual.yaml", "exempt")
    return calculate(publication, gather(publication))


@pytest.fixture(scope="module")
def trail(calculation: Calculation) -> Trail:
    return calculation.trail


@pytest.mark.parametrize(
    ("figure_id", "pounds"), BY_HAND, ids=[figure_id for figure_id, _ in BY_HAND]
)
def test_worked_by_hand(trail: Trail, figure_id: str, pounds: str) -> None:
    assert trail[figure_id].value == int(pounds) * 100


def test_the_page_works_both_wards() -> None:
    assert len(BY_HAND) >= 9


def test_what_rose_in_boston_castle_is_a_contract_of_a_firm_from_elsewhere(
    calculation: Calculation,
) -> None:
    rows = calculation.tables["bridge"]
    mine = rows[
        (rows["family"] == "spend")
        & (rows["place"] == "E05012996")
        & (rows["contract_id"] == "C0001")
    ]
    assert mine[["cause", "change_pence", "based"]].to_numpy().tolist() == [
        ["new", 5_400_000_00, "outside"]
    ]


def test_what_fell_in_maltby_east_ran_to_plan(calculation: Calculation) -> None:
    rows = calculation.tables["bridge"]
    mine = rows[
        (rows["family"] == "spend") & (rows["place"] == "E05013006") & (rows["cause"] == "ended")
    ]
    assert mine[["contract_id", "ended_how", "change_pence"]].to_numpy().tolist() == [
        ["C0002", "ran to plan", -900_000_00]
    ]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("lens", ["supplier", "place", "beneficiary"])
def test_shares_of_a_lens_sum_to_exactly_one(trail: Trail, family: str, lens: str) -> None:
    """Parts that are hidden or not known leave the sum short, never over."""
    pattern = re.compile(rf"lens\.{family}\.(E\d+|borough|outside|unknown)\.{lens}")
    parts = [figure for figure in trail if pattern.fullmatch(figure.id)]
    whole = trail[FAMILIES[family]].value
    assert len(parts) == 28
    assert whole is not None
    known = [Fraction(figure.value) for figure in parts if figure.value is not None]
    if any(figure.kind == "hidden" for figure in parts):
        assert sum(known) < whole
    else:
        assert sum(known) / Fraction(whole) == 1
    coverage = trail[f"coverage.{family}.{lens}"].value
    assert coverage is None or 0 <= coverage <= 100


@pytest.mark.parametrize("family", ["spend", "social_value"])
def test_every_bridge_adds_to_nought_pence(trail: Trail, family: str) -> None:
    places = {
        figure.id.split(".")[2] for figure in trail if figure.id.startswith(f"bridge.{family}.")
    }
    assert len(places) == 26
    for place in places:
        stem = f"bridge.{family}.{place}"
        parts = [trail[f"{stem}.{cause}"].value for cause in CAUSES]
        known = [Decimal(str(part)) for part in parts if part is not None]
        assert len(known) == len(CAUSES)
        assert sum(known) == trail[f"{stem}.change"].value
        for ended in ("ended", "ended-within"):
            how = [trail[f"{stem}.{ended}.{one}"].value for one in ("ran-to-plan", "stopped-early")]
            assert sum(Decimal(str(part)) for part in how) == trail[f"{stem}.{ended}"].value
        rest = [trail[f"{stem}.continuing.{part}"].value for part in ("timing", "level")]
        assert sum(Decimal(str(part)) for part in rest) == trail[f"{stem}.continuing"].value

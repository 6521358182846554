"""What the pages say of a change: who moved it, who took over, prices and quantities told apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_cells import shown
from small_council import DRAWINGS, calculated, publication

from sv_lib.present.report import Report
from sv_lib.present.sections import change

PAGE = (Path(__file__).parents[2] / "golden" / "CHANGE.md").read_text(encoding="utf-8")
DRAWN = dict(re.findall(r"^```(\w+)\n(.*?)^```", PAGE, flags=re.M | re.S))
EAST = "E05013010"


def report(ward: str = "", **changes: str | None) -> Report:
    """The council of the golden page on six causes, as its pages open it."""
    nothing = dict.fromkeys(DRAWINGS)
    firms = {name: DRAWINGS[name] for name in ("suppliers", "postcodes")}
    drawn = {**nothing, **firms, **DRAWN, **changes}
    return Report(publication(), calculated("exempt", **drawn), ward)


@pytest.fixture(scope="module")
def whole() -> Report:
    return report()


def words(html: object) -> str:
    """The text of a page, one space between words."""
    return " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())


def test_the_contract_over_a_quarter_of_a_change_is_named(whole: Report) -> None:
    said = words(change.over_a_quarter(whole, "spend", "borough"))
    assert said == (
        "One contract alone is over a quarter of the change: Leisure (N1), held by Beta,"
        " with +£4,000 ."
    )
    # Nothing was done in West, and no social value was claimed.
    assert not change.over_a_quarter(whole, "spend", "E05013011")
    assert not change.over_a_quarter(whole, "social_value", "borough")


def test_of_a_pair_over_a_quarter_both_firms_are_named() -> None:
    one = report(payments=DRAWN["payments"].replace("2500.00", "9500.00"))
    said = words(change.over_a_quarter(one, "spend", EAST))
    assert said.startswith("One service alone is over a quarter of the change, with +£6,500 :")
    assert said.endswith("Home care (R1). Alpha (S1) held it; it was let again as R2 to Beta.")
    (largest, fall) = map(words, change.largest(one, EAST))
    assert largest == (
        "Home care (R1) came to £3,000 before and £9,500 now. Alpha (S1) held it; it was let again"
        " as R2 to Beta, based elsewhere."
    )
    assert fall.startswith("The largest contract to end was Library (W1): £1,100 less. It stopped")


def test_what_is_over_a_quarter_and_goes_on_stands_before_what_ended() -> None:
    """G1 falls by 6,600 of 7,900; W1, which ended, by 1,100."""
    payments = DRAWN["payments"].replace("4000.00", "100.00").replace("2500.00", "3000.00")
    one = report(payments=payments.replace("G1          | 900.00", "G1          | 9000.00"))
    first, fall = map(words, change.largest(one, EAST))
    assert first.endswith("of the change: Clinic (G1), held by Alpha (S1), with −£6,600 .")
    assert fall.startswith("The largest contract to end was Library (W1): £1,100 less.")


def test_six_causes_stand_in_order_with_their_noughts(whole: Report) -> None:
    labels = list(change.CAUSES.values())
    for made in (change.waterfall(whole, EAST, "full"), change.table(whole, EAST, "bridge-parts")):
        page = words(made)
        places = [page.index(label) for label in labels]
        assert places == sorted(places)
    west = words(change.table(whole, "E05013011", "bridge-parts"))
    assert all(f"{label} 0" in west for label in labels)


def test_price_and_quantity_of_a_contract_are_said(whole: Report) -> None:
    page = words(shown(whole, "why-it-changed"))
    assert (
        "Clinic (G1): visits, 200 at £12.00 each, against 90 at £10.00 each in the period before."
    ) in page


def test_wards_that_tie_are_both_named(whole: Report) -> None:
    page = words(shown(whole, "ward-summary"))
    assert "Of the most deprived wards, which tie, East is 1st of 2 and West is 2nd of 2" in page
    assert "1= East" in page
    assert "1= West" in page
    said = words(shown(whole, "deprivation"))
    assert "Of the £12,000 paid in the period, £10,500 was for work in one ward, 87.5%" in said
    assert "£5" in said


def test_one_most_deprived_ward_is_named_with_its_place() -> None:
    one = report(deprivation=DRAWN["deprivation"].replace("| 5 ", "| 1 "))
    said = words(shown(one, "deprivation"))
    assert "East, the most deprived ward, is 1st of 2 by work done for each resident: £" in said
    assert "the least of any ward" not in said
    assert (
        one.of_most_deprived("lens.spend.{}.place") == "East, the most deprived ward, is 1st of 2"
    )
    assert one.standing("ward.{}.share_20", EAST) == "1st of 2"


def test_a_ward_without_areas_has_no_rank_and_no_sentence_ranks() -> None:
    areas = "\n".join(line for line in DRAWN["deprivation"].splitlines() if "13011" not in line)
    one = report(deprivation=areas)
    page = words(shown(one, "ward-summary"))
    assert "Not known is how deprived these are, so they have no rank and stand last: West." in page
    assert "the most deprived ward, is" not in page
    assert one.most_deprived == []
    assert one.of_most_deprived("lens.spend.{}.place") == ""
    assert one.standing("ward.{}.per_head.spend", EAST) == ""
    said = words(shown(one, "deprivation"))
    assert "by the deprivation of the ward is not known: how deprived West is is not known" in said


def test_equal_amounts_have_equal_places(whole: Report) -> None:
    assert whole.standing("ward.{}.share_10", EAST) == "1st equal of 2"
    assert whole.of_most_deprived("ward.{}.share_10") == (
        "of the most deprived wards, which tie, East is 1st equal of 2 and West is 1st equal of 2"
    )

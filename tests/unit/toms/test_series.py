"""The constant-edition bridge: quantities, editions, measures added and dropped; always to the
penny.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
from frames import frame

from sv_lib.toms.measures import catalogue
from sv_lib.toms.series import KEPT, bridge, by_measure, prices
from sv_lib.toms.valuation import value_claims

OLD, NEW = "illustrative-2020", "illustrative-2022"
CONTRACTS = frame("contracts", f"contract_id | edition\nC1 | {OLD}\nC2 | {NEW}")
PROXIES = frame(
    "proxies",
    f"""
    measure_ref | edition | proxy
    NT10        | {OLD}   | 200
    NT10        | {NEW}   | 250
    NT31        | {OLD}   | 50
    NT31        | {NEW}   | 200
    NT29        | {NEW}   | 16""",
)


def claims(drawing: str, **deadweight: Decimal) -> pd.DataFrame:
    return value_claims(frame("returns", drawing), CONTRACTS, catalogue(), PROXIES, deadweight)


def changes(this: pd.DataFrame, before: pd.DataFrame) -> dict[tuple[str, str], int]:
    rows = by_measure(bridge(this, before)).itertuples(index=False)
    return {(row.measure_ref, row.cause): row.change_pence for row in rows}


def test_one_edition_in_both_periods_is_all_quantity() -> None:
    before, this = (
        claims("quantity | attribution\n10 | 0.3333\n3 | 1"),
        claims("quantity | attribution\n7.77 | 0.3333"),
    )
    change = 51795 - (66660 + 60000)
    assert changes(this, before) == {("NT10", "quantity"): change}


def test_a_later_edition_is_told_apart_from_more_work() -> None:
    """By hand: 10 weeks at £200 then; now 12 weeks at £250. 2 x £200 = £400; 12 x £50 = £600;
    together £1,000.
    """
    before, this = claims("quantity\n10"), claims("contract_id | quantity\nC2 | 12")
    assert changes(this, before) == {("NT10", "quantity"): 40000, ("NT10", "edition"): 60000}


def test_the_price_of_a_period_is_the_mean_of_its_editions() -> None:
    """By hand: 10 at £200 and 30 at £250 are £9,500 for 40, a mean of £237.50; now 40 at £200 are
    £8,000.
    """
    before = claims("contract_id | quantity\nC1 | 10\nC2 | 30")
    assert prices(before) == {"NT10": Fraction("237.5")}
    assert changes(claims("quantity\n40"), before) == {("NT10", "edition"): -150000}


def test_a_rebased_price_is_an_edition_effect_alone() -> None:
    """Carbon: 5 tonnes at £50, then 5 tonnes at £200: £750 more, and no more carbon saved."""
    before = claims("measure_ref | quantity\nNT31 | 5")
    this = claims("measure_ref | contract_id | quantity\nNT31 | C2 | 5")
    assert changes(this, before) == {("NT31", "edition"): 75000}


def test_measures_added_dropped_and_without_a_price() -> None:
    before = claims("measure_ref | quantity\nNT31 | 2\nNT39 | 4")
    this = claims("measure_ref | contract_id | quantity\nNT29 | C2 | 10\nNT39 | C2 | 9")
    assert changes(this, before) == {
        ("NT29", "measure added"): 16000,
        ("NT31", "measure dropped"): -10000,
    }


def test_a_measure_whose_corrections_leave_nothing_has_no_price_to_hold() -> None:
    """20 weeks taken back under another edition: the quantity is nil and the value is not."""
    before = claims("contract_id | quantity\nC1 | 20\nC2 | -20")
    assert prices(before) == {}
    this = claims("quantity\n1")
    assert changes(this, before) == {
        ("NT10", "measure added"): 20000,
        ("NT10", "measure dropped"): 100000,
    }
    assert changes(before, this) == {
        ("NT10", "measure added"): -100000,
        ("NT10", "measure dropped"): -20000,
    }


def test_deadweight_and_attribution_are_part_of_the_price_and_the_quantity() -> None:
    """By hand: 10 x 0.5 = 5 weeks at £200 less 10% = £180 is £900; now 5 whole weeks: nothing
    changed.
    """
    before, this = (
        claims("quantity | attribution\n10 | 0.5", NT10=Decimal(10)),
        claims("quantity\n5", NT10=Decimal(10)),
    )
    assert prices(before) == {"NT10": Fraction(180)}
    assert changes(this, before) == {}


def test_every_line_keeps_its_row_and_nothing_gives_nothing() -> None:
    before, this = claims("quantity\n10"), claims("contract_id | quantity\nC2 | 12")
    lines = bridge(this, before)
    assert lines.columns.tolist() == [*KEPT, "cause", "change_pence", "period"]
    assert lines["period"].tolist() == ["before", "this", "this"]
    assert lines["source_row"].tolist() == [2, 2, 2]
    assert str(lines["change_pence"].dtype) == "int64"
    empty = claims("quantity")
    assert bridge(empty, empty).empty
    assert by_measure(bridge(empty, empty)).empty

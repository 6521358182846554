"""A claim's value is exact, rounded once, and says how it was worked out; what has no price is
never nought.
"""

from __future__ import annotations

from decimal import Decimal, Inexact
from typing import Any

import pandas as pd
import pytest
from frames import frame
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.toms.measures import catalogue
from sv_lib.toms.valuation import (
    VALUED,
    Price,
    exact_value,
    plain,
    pounds,
    value_claims,
    value_in_pence,
    worked,
)

D = Decimal
MEASURES = catalogue()
NONE = D(0)
EDITION = "illustrative-2020"
ONE_CONTRACT, ONE_PRICE = frame("contracts", "contract_id\nC1"), frame("proxies", "proxy\n200")

QUANTITIES = st.decimals(min_value=-(10**6), max_value=10**6, places=4)
PROXIES = st.decimals(min_value=0, max_value=10**5, places=4)
SHARES = st.decimals(min_value=0, max_value=1, places=4)
DEADWEIGHTS = st.sampled_from([D(0), D(10), D("12.5"), D(100)])


def valued(returns: pd.DataFrame) -> pd.DataFrame:
    return value_claims(returns, ONE_CONTRACT, MEASURES, ONE_PRICE, {})


def only(
    returns: pd.DataFrame, proxies: pd.DataFrame = ONE_PRICE, edition: str = EDITION
) -> dict[Any, Any]:
    contracts = frame("contracts", f"contract_id | edition\nC1 | {edition}")
    return value_claims(returns, contracts, MEASURES, proxies, {}).iloc[0].to_dict()


@pytest.mark.parametrize(
    ("quantity", "proxy", "attribution", "deadweight", "pence"),
    [
        ("12", "200", "1", "0", 240000),
        ("12", "200", "0.5", "0", 120000),
        ("12", "200", "1", "10", 216000),
        ("1", "0.005", "1", "0", 1),
        ("1", "0.0049", "1", "0", 0),
        ("-1", "0.005", "1", "0", -1),
        ("-1", "0.0049", "1", "0", 0),
        ("3", "0.015", "1", "0", 5),
        ("1", "12769.68", "1", "0", 1276968),
        ("1", "64.66", "1", "0", 6466),
        ("1", "14.43", "1", "0", 1443),
        ("5", "100", "1", "100", 0),
        ("0", "100", "1", "0", 0),
    ],
)
def test_value_rounded_half_up_once(
    quantity: str, proxy: str, attribution: str, deadweight: str, pence: int
) -> None:
    """The last whole prices are launch proxies of 2017: see https://www.cips.org (shared
    reference).
    """
    assert value_in_pence(D(quantity), D(proxy), D(attribution), D(deadweight)) == pence


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("12", "weeks", "200", "1", "0"), "12 weeks x £200.00 x 1 = £2,400.00"),
        (
            ("12.50", "hours", "16.93", "0.5", "0"),
            "12.5 hours x £16.93 x 0.5 = £105.8125, rounded to £105.81",
        ),
        (("-1", "FTE", "20000", "1", "0"), "-1 FTE x £20,000.00 x 1 = -£20,000.00"),
        (("1000", "GBP", "0.625", "1", "10"), "1,000 GBP x £0.625 x 1 x (1 - 10%) = £562.50"),
    ],
)
def test_working_in_words(parts: tuple[str, str, str, str, str], words: str) -> None:
    quantity, unit, proxy, attribution, deadweight = parts
    priced = Price("priced", proxy=D(proxy))
    _, said = worked(D(quantity), unit, priced, D(attribution), D(deadweight))
    assert said == words


@pytest.mark.parametrize(
    ("number", "text"),
    [("100", "100"), ("100.0", "100"), ("1E+3", "1,000"), ("0.10", "0.1"), ("-1234.5", "-1,234.5")],
)
def test_plain_numbers_keep_all_digits(number: str, text: str) -> None:
    assert plain(D(number)) == text


@pytest.mark.parametrize(
    ("amount", "text"), [("0", "£0.00"), ("-0.5", "-£0.50"), ("1234567.891", "£1,234,567.891")]
)
def test_pounds_keep_all_digits(amount: str, text: str) -> None:
    assert pounds(D(amount)) == text


def test_arithmetic_stops_rather_than_rounds() -> None:
    with pytest.raises(Inexact):
        exact_value(D("0." + "1" * 60), D("0." + "1" * 60), D(1), NONE)


def test_a_priced_claim() -> None:
    row = only(frame("returns", "quantity | attribution\n12 | 0.5"))
    assert row["value_pence"] == 120000
    assert row["pricing"] == "priced"
    assert row["working"] == "12 weeks x £200.00 x 0.5 = £1,200.00"
    assert (row["edition"], row["proxy"], row["deadweight_pct"]) == (
        "illustrative-2020",
        D(200),
        NONE,
    )
    assert (row["title"], row["theme"], row["unit"]) == (
        "Apprenticeship weeks",
        "Jobs and skills",
        "weeks",
    )
    assert row["outcome"] == "Better skills"
    assert (row["is_local_economic"], row["counts_people"]) == (False, True)
    assert (row["source_file"], row["source_row"]) == ("inputs/returns.csv", 2)


def test_the_edition_is_the_contracts() -> None:
    prices = frame("proxies", "edition | proxy\nillustrative-2020 | 200\nillustrative-2022 | 300")
    values = [
        only(frame("returns", "quantity\n1"), proxies=prices, edition=e)["value_pence"]
        for e in ("illustrative-2020", "illustrative-2022")
    ]
    assert values == [20000, 30000]


@pytest.mark.parametrize(
    ("ref", "edition", "pricing", "words"),
    [
        (
            "XX1",
            "illustrative-2020",
            "not priced",
            "2 not known: not priced, XX1 is not a measure of the catalogue",
        ),
        ("NT10", "", "not priced", "2 weeks: not priced, its contract names no edition"),
        (
            "RM1",
            "illustrative-2020",
            "not priced",
            "2 sessions: not priced, RM1 is not in illustrative-2020",
        ),
        (
            "RM1",
            "illustrative-2022",
            "recorded only",
            "2 sessions: recorded only, this measure has no price",
        ),
        (
            "NT39",
            "illustrative-2020",
            "recorded only",
            "2 sessions: recorded only, this measure has no price",
        ),
        (
            "NT9",
            "illustrative-2020",
            "not priced",
            "2 weeks: not priced, there is no proxy for NT9 in illustrative-2020",
        ),
        (
            "NT12",
            "illustrative-2020",
            "recorded only",
            "2 weeks: recorded only, illustrative-2020 gives NT12 no price",
        ),
    ],
)
def test_what_has_no_price_is_not_nought(ref: str, edition: str, pricing: str, words: str) -> None:
    prices = frame("proxies", "measure_ref | proxy\nNT10 | 200\nNT12 | ")
    row = only(
        frame("returns", f"measure_ref | quantity\n{ref} | 2"), proxies=prices, edition=edition
    )
    assert row["value_pence"] in (None, pd.NA)
    assert row["proxy"] is None
    assert (row["pricing"], row["working"]) == (pricing, words)


def test_a_contract_that_is_not_in_the_register() -> None:
    row = only(frame("returns", "contract_id | quantity\nC9 | 1"))
    assert (row["pricing"], row["edition"]) == ("not priced", "")
    assert row["working"] == "1 weeks: not priced, its contract names no edition"


def test_what_is_said_of_an_unknown_measure_and_of_a_local_economic_one() -> None:
    row = only(frame("returns", "measure_ref\nXX1"))
    assert {row[name] for name in ("title", "theme", "outcome", "unit")} == {"not known"}
    assert (row["is_local_economic"], row["counts_people"]) == (False, False)
    local = only(frame("returns", "measure_ref\nNT18"))
    assert (local["is_local_economic"], local["counts_people"]) == (True, False)


def test_money_invested_is_a_pound_for_a_pound() -> None:
    row = only(frame("returns", "measure_ref | quantity\nNT28 | 850.55"), proxies=frame("proxies"))
    assert (row["value_pence"], row["proxy"]) == (85055, 1)


def test_commitments_are_valued_by_the_same_rule() -> None:
    commitments = frame("commitments", "quantity | attribution\n100 | 0.25")
    contracts, prices = frame("contracts", "contract_id\nC1"), frame("proxies", "proxy\n200")
    made = value_claims(commitments, contracts, MEASURES, prices, {"NT10": D(10), "NT1": D(50)})
    assert made["value_pence"].tolist() == [450000]
    assert made["working"].tolist() == ["100 weeks x £200.00 x 0.25 x (1 - 10%) = £4,500.00"]


def test_nothing_in_nothing_out_with_types() -> None:
    made = value_claims(frame("returns"), frame("contracts"), MEASURES, frame("proxies"), {})
    assert len(made) == 0
    assert str(made["value_pence"].dtype) == "Int64"
    assert str(made["is_local_economic"].dtype) == "bool"


def test_pence_never_pass_through_a_float() -> None:
    returns = frame("returns", "measure_ref | quantity\nNT39 | 1\nNT28 | 90071992547409.93")
    assert valued(returns)["value_pence"].tolist() == [pd.NA, 2**53 + 1]


def test_any_index_will_do() -> None:
    returns = frame("returns", "quantity\n1\n2\n3").iloc[[2, 0]]
    made = valued(returns)
    assert made["value_pence"].tolist() == [60000, 20000]
    assert made.columns.tolist() == [*returns.columns, *VALUED]


@settings(max_examples=1000)
@given(quantity=QUANTITIES, proxy=PROXIES, attribution=SHARES, deadweight=DEADWEIGHTS)
def test_doubling_the_quantity_doubles_the_product(
    quantity: Decimal, proxy: Decimal, attribution: Decimal, deadweight: Decimal
) -> None:
    once = exact_value(quantity, proxy, attribution, deadweight)
    assert exact_value(2 * quantity, proxy, attribution, deadweight) == 2 * once


@settings(max_examples=1000)
@given(quantity=QUANTITIES, proxy=PROXIES, attribution=SHARES, deadweight=DEADWEIGHTS)
def test_rounding_moves_a_claim_by_half_a_penny_at_most(
    quantity: Decimal, proxy: Decimal, attribution: Decimal, deadweight: Decimal
) -> None:
    exact = exact_value(quantity, proxy, attribution, deadweight)
    assert abs(value_in_pence(quantity, proxy, attribution, deadweight) - 100 * exact) <= D("0.5")
    assert value_in_pence(-quantity, proxy, attribution, deadweight) == -value_in_pence(
        quantity, proxy, attribution, deadweight
    )

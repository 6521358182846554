"""The council's rules at both sides of each threshold; what nobody wrote down is not known."""

from __future__ import annotations

from datetime import date

import pytest
from frames import council, frame

from sv_lib.analysis.compliance import ACT, contracts, quotes, ratings
from sv_lib.periods import Period

HALF = Period(date(2021, 12, 1), date(2022, 5, 31))
DAY = date(2022, 6, 30)
EARLIER = "Public Contracts Regulations 2015"


@pytest.mark.parametrize(
    ("amount", "local", "reason", "answer", "why"),
    [
        ("9999.99", "1", "", "yes", ""),
        ("9999.99", "2", "ignored", "yes", ""),
        ("9999.99", "0", "no local maker", "no", "no local maker"),
        ("9999.99", "0", "", "no", "no reason recorded"),
        ("9999.99", "", "lost", "not known", ""),
        ("10000.00", "0", "", "not applicable", ""),
    ],
)
def test_a_local_quote_under_the_threshold(
    amount: str, local: str, reason: str, answer: str, why: str
) -> None:
    log = frame("quotes", f"amount | local_quotes | reason\n{amount} | {local} | {reason}")
    assert quotes(log, HALF, council())[["local_quote", "why"]].to_numpy().tolist() == [
        [answer, why]
    ]


@pytest.mark.parametrize(
    ("day", "rows"), [("2021-11-30", 0), ("2021-12-01", 1), ("2022-05-31", 1), ("2022-06-01", 0)]
)
def test_quotes_of_the_period(day: str, rows: int) -> None:
    assert len(quotes(frame("quotes", f"on\n{day}"), HALF, council())) == rows


@pytest.mark.parametrize(
    ("value", "plan", "needed", "held"),
    [
        ("100000.00", "delivery plan", "none", "not applicable"),
        ("100000.01", "milestone tracker", "milestone tracker", "yes"),
        ("100000.01", "delivery plan", "milestone tracker", "yes"),
        ("250000.00", "", "milestone tracker", "none recorded"),
        ("250000.01", "milestone tracker", "delivery plan", "no"),
        ("250000.01", "delivery plan", "delivery plan", "yes"),
        ("250000.01", "", "delivery plan", "none recorded"),
    ],
)
def test_plan_or_tracker(value: str, plan: str, needed: str, held: str) -> None:
    row = contracts(frame("contracts", f"value | plan\n{value} | {plan}"), council(), DAY).iloc[0]
    assert (row["plan_needed"], row["plan_held"]) == (needed, held)
    assert row["in_scope"] == (needed != "none")


@pytest.mark.parametrize(
    ("value", "weight", "answer"),
    [
        ("100000.01", "20", "yes"),
        ("100000.01", "19.9", "no"),
        ("100000.01", "25", "yes"),
        ("100000.01", "", "not known"),
        ("100000.00", "20", "not applicable"),
    ],
)
def test_the_weight_of_social_value(value: str, weight: str, answer: str) -> None:
    register = frame("contracts", f"value | social_value_weight_pct\n{value} | {weight}")
    assert contracts(register, council(), DAY)["weight"].tolist() == [answer]


@pytest.mark.parametrize(
    ("value", "regime", "exempt", "due", "rating", "answer"),
    [
        ("5000000.01", ACT, "", "2026-06-30", "Good", "rated"),
        ("5000000.01", ACT, "", "", "", "due"),
        ("5000000.01", ACT, "", "2026-06-30", "", "due"),
        ("5000000.01", ACT, "", "2026-06-29", "", "missing"),
        ("5000000.01", ACT, "light touch", "2026-06-29", "Good", "exempt"),
        ("5000000.01", EARLIER, "", "2026-06-29", "Good", "not due"),
        ("5000000.01", "", "", "", "Good", "regime not known"),
        ("5000000.00", ACT, "", "2026-06-29", "Good", "not applicable"),
    ],
)
def test_how_a_contract_stands_under_the_duty_to_rate(
    value: str, regime: str, exempt: str, due: str, rating: str, answer: str
) -> None:
    heads = "value | regime | kpi_exempt_reason | kpis_due_on | kpi_rating"
    register = frame("contracts", f"{heads}\n{value} | {regime} | {exempt} | {due} | {rating}")
    assert ratings(register, council(), date(2026, 6, 30))["kpi"].tolist() == [answer]


def test_a_contract_awarded_later_is_not_there_yet() -> None:
    register = frame("contracts", "awarded_on\n2022-06-30\n2022-07-01")
    assert contracts(register, council(), DAY)["source_row"].tolist() == [2]
    assert ratings(register, council(), DAY)["source_row"].tolist() == [2]


def test_nothing_in_nothing_out() -> None:
    assert len(quotes(frame("quotes"), HALF, council())) == 0
    assert len(contracts(frame("contracts"), council(), DAY)) == 0

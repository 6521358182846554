"""Paid for the first time, and declarations of ownership: no answer is never a no."""

from __future__ import annotations

from datetime import date

import pytest
from frames import frame

from sv_lib.analysis.suppliers import first_time, ownership
from sv_lib.periods import Period

YEAR = Period(date(2021, 4, 1), date(2022, 3, 31))


@pytest.mark.parametrize(
    ("first_paid", "earlier", "answer"),
    [
        ("2021-04-01", "", "yes"),
        ("2021-03-31", "", "no"),
        ("", "", "not known"),
        ("", "2021-03-31", "no"),
        ("2021-04-01", "2021-03-31", "no"),
    ],
)
def test_first_time(first_paid: str, earlier: str, answer: str) -> None:
    drawing = "paid_on | supplier_id\n2021-06-01 | S1" + (f"\n{earlier} | S1" if earlier else "")
    suppliers = frame("suppliers", f"supplier_id | first_paid_on\nS1 | {first_paid}")
    rows = first_time(frame("payments", drawing), suppliers, YEAR)
    assert rows["first_time"].tolist() == [answer]
    assert rows["source_row"].tolist() == [2]


@pytest.mark.parametrize(
    ("day", "rows"), [("2021-03-31", 0), ("2021-04-01", 1), ("2022-03-31", 1), ("2022-04-01", 0)]
)
def test_payments_of_the_period(day: str, rows: int) -> None:
    assert len(first_time(frame("payments", f"paid_on\n{day}"), frame("suppliers"), YEAR)) == rows


def test_a_redacted_supplier_is_not_known() -> None:
    payments = frame("payments", "supplier_id | paid_on\n | 2021-06-01\n | 2021-01-01")
    assert first_time(payments, frame("suppliers"), YEAR)["first_time"].tolist() == ["not known"]


def test_ownership_of_the_suppliers_paid() -> None:
    suppliers = frame(
        "suppliers",
        """
        supplier_id | is_minority_ethnic_led
        S1          | yes
        S2          | no
        S3          | prefer not to say
        S4          |
        S5          | yes
        """,
    )
    payments = frame(
        "payments", "supplier_id | amount\nS1 | 10\nS1 | -3\nS2 | 1\nS3 | 2\nS4 | 4\n | 9"
    )
    rows = ownership(suppliers, payments)
    assert rows[["supplier_id", "declared", "has_answered", "paid_pence"]].to_numpy().tolist() == [
        ["S1", "yes", True, 700],
        ["S2", "no", True, 100],
        ["S3", "prefer not to say", True, 200],
        ["S4", "not answered", False, 400],
    ]


def test_nothing_in_nothing_out() -> None:
    assert len(ownership(frame("suppliers"), frame("payments"))) == 0
    assert len(first_time(frame("payments"), frame("suppliers"), YEAR)) == 0

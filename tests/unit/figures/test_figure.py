"""A figure has a dotted id, an exact value or a reason, and writes itself the same way each
time.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.figures.figure import Figure, Value
from sv_lib.periods import Period

YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))


def figure(
    value: Value | None = 1, figure_id: str = "delivery.validated", caution: str = ""
) -> Figure:
    return Figure(
        figure_id, "total", "Validated", value, "pence", YEAR, "sum of value", caution=caution
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-1_720_00, "-172000"),
        (Decimal("62.50"), "62.50"),
        (Decimal("1E+3"), "1000"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(7), "7.000000"),
        (Fraction(-1, 8), "-0.125000"),
        (Fraction(10**20, 3), "33333333333333333333.333333"),
    ],
)
def test_exact_value_as_text(value: Value, written: str) -> None:
    assert figure(value).exact == written


@given(st.fractions(-1_000_000, 1_000_000))
def test_a_ratio_as_text_is_within_half_of_the_sixth_place(value: Fraction) -> None:
    assert abs(Fraction(figure(value).exact) - value) <= Fraction(1, 2_000_000)


def test_not_known_is_empty_text_and_never_nought() -> None:
    unknown = figure(None, caution="no returns supplied")
    assert unknown.exact == ""
    assert not unknown.is_known
    assert figure(0).is_known


def test_not_known_must_say_why() -> None:
    with pytest.raises(ValueError, match=r"delivery\.validated is not known, and nothing says why"):
        figure(None)


@pytest.mark.parametrize(
    "good", ["spend.total", "bridge.spend.E05012996.ended", "ratio_10.local-sme.x_1"]
)
def test_dotted_ids(good: str) -> None:
    assert figure(figure_id=good).id == good


@pytest.mark.parametrize(
    "bad", ["", "spend", "Spend.total", "spend.", ".total", "spend..x", "spend.a b", "spend.<x>"]
)
def test_other_ids_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not a dotted figure id"):
        figure(figure_id=bad)


def test_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        figure().value = 2  # type: ignore[misc]  # the fault under test

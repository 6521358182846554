"""Money is exact: read to the penny, rounded half-up once, split without losing one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib import money

WHOLE_PENCE = st.integers(-(10**14), 10**14)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0", 0),
        ("0.01", 1),
        ("-0.01", -1),
        ("1234.56", 123_456),
        ("1234.5", 123_450),
        ("-20", -2_000),
        (" 7 ", 700),
        ("0.29", 29),  # as a float, 0.29 x 100 is 28.999999999999996
        ("1075763949.14", 107_576_394_914),
    ],
)
def test_pence_of_an_amount(written: str, expected: int) -> None:
    assert money.pence(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "£5",
        "1,234",
        "1.234",
        "1e3",
        "--1",
        "+1",
        "1.",
        ".5",
        "nan",
        "(5)",
        "5 GBP",
        "٣",
        "1\n2",
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not an amount in pounds and pence"):
        money.pence(written)


@given(WHOLE_PENCE)
def test_pence_reads_back_what_was_written(total: int) -> None:
    sign, whole = "-" if total < 0 else "", abs(total)
    assert money.pence(f"{sign}{whole // 100}.{whole % 100:02}") == total


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.4", 0),
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("-0.5", -1),
        ("-2.5", -3),
        ("-2.4999", -2),
        ("0.49999999999", 0),
    ],
)
def test_half_up_takes_halves_away_from_zero(value: str, expected: int) -> None:
    assert money.half_up(Decimal(value)) == expected
    assert money.half_up(Fraction(value)) == expected


@given(st.fractions(max_denominator=10**6))
def test_half_up_is_within_a_half_and_the_same_for_both_signs(value: Fraction) -> None:
    assert abs(money.half_up(value) - value) <= Fraction(1, 2)
    assert money.half_up(-value) == -money.half_up(value)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12
    )
)
def test_half_up_is_the_same_for_a_decimal_and_its_fraction(value: Decimal) -> None:
    assert money.half_up(value) == money.half_up(Fraction(value))


@pytest.mark.parametrize(
    ("total", "shares", "expected"),
    [
        (100, ["0.5", "0.5"], [50, 50]),
        (101, ["0.5", "0.5"], [51, 50]),  # the odd penny goes to the first of equal remainders
        (-101, ["0.5", "0.5"], [-51, -50]),
        (100, ["0.333", "0.333", "0.334"], [33, 33, 34]),
        (1, ["0.1", "0.9"], [0, 1]),
        (0, ["0.25", "0.75"], [0, 0]),
        (5, ["1"], [5]),
    ],
)
def test_split_gives_the_penny_left_over_to_the_largest_remainder(
    total: int, shares: list[str], expected: list[int]
) -> None:
    assert money.split(total, [Decimal(share) for share in shares]) == expected


@settings(max_examples=1000)
@given(WHOLE_PENCE, st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_split_loses_nothing_and_strays_less_than_a_penny(total: int, weights: list[int]) -> None:
    shares = [Decimal(weight) / 10_000 for weight in weights]
    shares.append(1 - sum(shares, Decimal(0)))
    parts = money.split(total, shares)
    assert sum(parts) == total
    assert all(
        abs(part - total * Fraction(share)) < 1 for part, share in zip(parts, shares, strict=True)
    )


@pytest.mark.parametrize("shares", [["0.3", "0.3", "0.3"], ["0.5", "0.6"], []])
def test_split_refuses_shares_that_are_not_the_whole(shares: list[str]) -> None:
    with pytest.raises(ValueError, match="shares must sum to exactly 1"):
        money.split(100, [Decimal(share) for share in shares])

"""The only rounding: half-up on exact values, both sides of each boundary."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from sample_report import hidden, number

from sv_lib.figures.figure import NO_PROMISE
from sv_lib.present.formats import (
    Amount,
    Style,
    direction,
    display,
    meaning,
    ordinal,
    plural,
    rounded,
    uncapital,
)


@pytest.mark.parametrize(
    ("pence", "short"),
    [
        (0, "£0"),
        (49, "[low]"),
        (50, "£1"),
        (123_450, "£1,235"),
        (9_999_949, "£99,999"),
        (9_999_950, "£100k"),
        (48_049_999, "£480k"),
        (48_050_000, "£481k"),
        (99_949_999, "£999k"),
        (99_950_000, "£1.0m"),
        (192_140_012, "£1.9m"),
        (195_000_000, "£2.0m"),
        (9_994_999_999, "£99.9m"),
        (9_995_000_000, "£100m"),
        (19_731_200_000, "£197m"),
        (107_576_394_914, "£1.08bn"),
        (-40_000_000, "−£400k"),
    ],
)
def test_money_in_a_sentence(pence: int, short: str) -> None:
    assert display(Amount(pence, "pence")) == short


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("full", "£4,213,456.78"),
        ("whole", "£4,213,457"),
        ("bare", "4,213,457"),
        ("thousands", "4,213"),
        ("millions", "4.2"),
    ],
)
def test_money_in_other_styles(style: Style, shown: str) -> None:
    assert display(Amount(421_345_678, "pence"), style) == shown


def test_other_units() -> None:
    assert display(Amount(Fraction(193, 10), "percent")) == "19.3%"
    assert display(Amount(Fraction(1, 3) * 100, "percent")) == "33.3%"
    assert display(Amount(Fraction(645, 10), "percent"), "whole") == "65%"
    assert display(Amount(Fraction(1925, 100), "percent"), "bare") == "19.3"
    assert display(Amount(1204, "weeks")) == "1,204"
    assert display(Amount(Decimal("12.5"), "weeks")) == "13"
    assert display(Amount(Decimal("12.50"), "weeks"), "full") == "12.5"
    assert display(Amount(Decimal("2.45"), "FTE")) == "2.5"
    assert display(Amount(Fraction(38, 23), "ratio")) == "1.65"
    assert display(Amount(Fraction(1234, 10), "pence per resident"), "full") == "£1.23"


def test_a_change_has_its_sign_and_a_true_minus() -> None:
    assert display(Amount(31, "people"), signed=True) == "+31"
    assert display(Amount(Fraction(-123, 10), "percent"), signed=True) == "−12.3%"
    assert display(Amount(Fraction(-4, 10), "percentage points"), signed=True) == "−0.4 points"
    assert display(Amount(310_000_000, "pence"), signed=True) == "+£3.1m"
    assert display(Amount(0, "people"), signed=True) == "0"


def test_what_is_not_there_says_why() -> None:
    unknown = number("a.b", None, "people")
    assert display(unknown) == "not known"
    assert display(unknown, "bare") == "[x]"
    assert display(hidden("a.b")) == display(hidden("a.b"), "bare") == "[c]"
    assert display(Amount(Fraction(1, 100), "percent")) == "[low]"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(1, 4, "fewer than 5"), (0, 4, "fewer than 5"), (5, 14, "5 to 14"), (8, 1204, "8 to 1,204")],
)
def test_a_hidden_count_is_told_as_its_range(low: int, high: int, words: str) -> None:
    few = replace(hidden("a.b"), low=low, high=high)
    assert [display(few), display(few, "bare"), display(few, signed=True)] == [words] * 3
    assert (few.is_known, few.is_told, hidden("a.b").is_told) == (False, True, False)


def test_halves_go_away_from_zero() -> None:
    assert [rounded(Fraction(n, 2), 0) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]
    assert rounded(Decimal("2.675"), 2) == Decimal("2.68")


def test_direction_by_the_stated_threshold() -> None:
    base, threshold = number("a.base", 1000, "people"), Decimal(2)
    found = [
        direction(number("a.change", n, "people"), base, threshold) for n in (20, 19, 0, -19, -20)
    ]
    assert found == ["rose by", "about the same", "about the same", "about the same", "fell by"]
    with pytest.raises(ValueError, match="no direction"):
        direction(number("a.change", None, "people"), base, threshold)


def test_words_that_go_with_numbers() -> None:
    assert [plural(Amount(n, "people"), "resident", "residents") for n in (0, 1, 2)] == [
        "residents",
        "resident",
        "residents",
    ]
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 101, 111)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "13th",
        "21st",
        "101st",
        "111th",
    ]


def test_what_was_never_promised_is_no_nought() -> None:
    owed = Amount(None, "pence", caution=NO_PROMISE)
    assert [display(owed, style) for style in ("short", "thousands")] == ["no promise"] * 2


def test_a_rounded_count_says_so_in_every_form() -> None:
    count = Amount(45, "people", mark="[r5]")
    assert [display(count, style) for style in ("short", "bare")] == ["45 [r5]"] * 2
    assert display(count, signed=True) == "+45 [r5]"
    assert meaning("[r10]") == "rounded to the nearest 10 to protect people"
    assert meaning("[r£100,000]") == "rounded to the nearest £100,000 to protect people"
    assert meaning("[c]") == "hidden to protect people"


def test_a_size_has_no_sign() -> None:
    assert display(Amount(-1857432, "pence"), is_size=True) == "£18,574"
    assert display(Amount(2, "people"), is_size=True) == "2"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("Stronger firms and VCSEs", "stronger firms and VCSEs"), ("ICT", "ICT"), ("", "")],
)
def test_a_small_letter_at_the_start_leaves_abbreviations(given: str, expected: str) -> None:
    assert uncapital(given) == expected

"""How a number is printed. The only place where one is rounded: half-up, on exact values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from sv_lib.figures.figure import NO_PROMISE, Figure, Value
from sv_lib.money import half_up

Style = Literal["short", "full", "whole", "thousands", "millions", "bare"]
TABLE_STYLES = ("thousands", "millions", "bare")
"""Styles for columns whose heading gives the unit: the cell holds digits alone."""

NOT_KNOWN = "not known"
HIDDEN = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"
LOW = "[low]"
SYMBOLS = {
    HIDDEN: "hidden to protect people",
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
    LOW: "rounds to nil but is not nil",
    "[p]": "provisional",
    "[r]": "revised",
    "[b]": "break in the series",
    "[e]": "estimated",
}
ROUNDED = re.compile(r"\[r(£?[\d,]+)\]")
"""Follows a count that is rounded to protect people, with what it is rounded to."""

NOT_NIL = re.compile("[1-9]")
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
SUFFIXES = {"percent": "%", "percentage points": " points"}
WHOLE_UNITS = (
    *("people", "residents", "weeks", "hours", "contracts", "suppliers", "days"),
    *("sessions", "GBP"),
)
PLACES = {"percent": 1, "percentage points": 1, "FTE": 1, "tCO2e": 1, "ratio": 2}
MONEY: dict[Style, tuple[str, int, int]] = {
    "full": ("£", 1, 2),
    "whole": ("£", 1, 0),
    "thousands": ("", 1_000, 0),
    "millions": ("", 10**6, 1),
    "bare": ("", 1, 0),
}
"""The sign before money in each style, its unit in pounds, and its places."""
SHORT_MONEY = (
    (100_000, 1, 0, ""),
    (1_000, 1_000, 0, "k"),
    (100, 10**6, 1, "m"),
    (1_000, 10**6, 0, "m"),
)
"""Shown below this limit, in units of so many pounds, with so many places, and this letter."""


@dataclass(frozen=True)
class Amount:
    """An exact number that is no figure of the trail, such as that of one line of a list."""

    value: Value | None
    unit: str
    kind: str = "row"
    caution: str = ""
    mark: str = ""
    low: int | None = None
    high: int | None = None


def amount(value: Value | float, unit: str) -> Amount:
    """A whole number that is no figure, such as rows of a file or the pence of one line."""
    return Amount(int(value), unit)


def display(
    number: Figure | Amount, style: Style = "short", signed: bool = False, is_size: bool = False
) -> str:
    """A number as text, with a true minus; ``signed`` prints the plus of a rise.

    ``is_size`` prints no sign at all, where words say whether it is more or less.

    Not known, hidden and too small to show are words or symbols, never nil and never a blank. A
    hidden count is told as its range where it has one.
    """
    value = number.value
    if value is None:
        if number.kind == "hidden":
            return _range(number)
        if number.caution == NO_PROMISE:
            return NO_PROMISE
        return NOT_AVAILABLE if style in TABLE_STYLES else NOT_KNOWN
    size = _size(abs(Fraction(value)), number.unit, style)
    if value != 0 and not NOT_NIL.search(size):
        return LOW
    sign = "+" if value > 0 and signed else ""
    if value < 0 and not is_size:
        sign = "−"
    mark = f" {number.mark}" if number.mark else ""
    return sign + size + mark


def _range(number: Figure | Amount) -> str:
    """What may be said of a hidden number: "fewer than 5", "5 to 14", or that it is hidden."""
    if number.low is None or number.high is None:
        return HIDDEN
    if number.low <= 1:
        return f"fewer than {number.high + 1:,}"
    return f"{number.low:,} to {number.high:,}"


def meaning(symbol: str) -> str:
    """What a symbol or mark of a table means."""
    rounded = ROUNDED.fullmatch(symbol)
    if rounded:
        return f"rounded to the nearest {rounded[1]} to protect people"
    return SYMBOLS[symbol]


def _size(value: Fraction, unit: str, style: Style) -> str:
    """A number without its sign."""
    if unit.split()[0] == "pence":
        return _money(value / 100, style)
    digits = _digits(value, _places(value, unit, style))
    # In a table the heading has the unit.
    if style in TABLE_STYLES:
        return digits
    return digits + SUFFIXES.get(unit, "")


def _places(value: Fraction, unit: str, style: Style) -> int:
    """To how many decimal places a number is printed."""
    if style == "whole":
        return 0
    if unit in PLACES:
        return PLACES[unit]
    if style == "full":
        return _decimal_places(value)
    is_whole = value.denominator == 1 or unit in WHOLE_UNITS
    return 0 if is_whole else 1


def _money(pounds: Fraction, style: Style) -> str:
    if style in MONEY:
        sign, size, places = MONEY[style]
        return sign + _digits(pounds / size, places)
    for limit, size, places, letter in SHORT_MONEY:
        amount_shown = rounded(pounds / size, places)
        # The limit is for what is printed: £999,999 is £1.0m, not £1,000k.
        if amount_shown < limit:
            return f"£{amount_shown:,.{places}f}{letter}"
    return "£" + _digits(pounds / 10**9, 2) + "bn"


def rounded(value: Value, places: int) -> Decimal:
    """A value to so many places, halves away from zero."""
    return Decimal(half_up(Fraction(value) * 10**places)).scaleb(-places)


def _digits(value: Fraction, places: int) -> str:
    return f"{rounded(value, places):,.{places}f}"


def _decimal_places(value: Fraction) -> int:
    """The places an exact decimal needs, at most six."""
    for places in range(6):
        shifted = value * 10**places
        if shifted.denominator == 1:
            return places
    return 6


def direction(change: Figure, base: Figure, threshold_pct: Decimal) -> str:
    """``rose by``, ``fell by`` or ``about the same``, by the council's threshold in percent.

    Raises ValueError when a part is not known: the sentence must then say so.
    """
    if change.value is None or base.value is None:
        raise ValueError(f"{change.id}: a change that is not known has no direction")
    size = abs(Fraction(change.value))
    least = Fraction(threshold_pct) * abs(Fraction(base.value)) / 100
    if size < least or size == 0:
        return "about the same"
    return "rose by" if change.value > 0 else "fell by"


def capital(text: str) -> str:
    """A capital at the start; abbreviations stay as they are."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """A small letter at the start, as in the middle of a sentence; abbreviations stay."""
    is_abbreviation = text[1:2].isupper()
    return text if is_abbreviation else text[:1].lower() + text[1:]


def plural(number: Figure | Amount, one: str, many: str) -> str:
    """The noun that goes with a number: ``1 resident``, ``2 residents``, ``5 to 14 residents``."""
    return one if number.value == 1 else many


def ordinal(rank: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``11th``."""
    ending = ENDINGS.get(rank % 10, "th")
    if 10 <= rank % 100 <= 20:
        ending = "th"
    return f"{rank}{ending}"

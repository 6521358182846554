"""Money is whole pence; no amount is ever a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

PLAIN_POUNDS = re.compile(r"-?\d+(\.\d{1,2})?", re.ASCII)


def half_up(value: Decimal | Fraction) -> int:
    """Round to a whole number, halves away from zero; every claim's product is rounded so."""
    if isinstance(value, Fraction):
        whole, rest = divmod(abs(value.numerator), value.denominator)
        rounded = whole + (2 * rest >= value.denominator)
        return rounded if value >= 0 else -rounded
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def pence(pounds: str) -> int:
    """Whole pence of a canonical amount such as ``1234.56`` or ``-20``.

    Raises ValueError for anything else: pounds signs, commas, a third decimal place.
    """
    text = pounds.strip()
    if not PLAIN_POUNDS.fullmatch(text):
        raise ValueError(f"not an amount in pounds and pence: {pounds!r}")
    return int(Decimal(text) * 100)


def split(total_pence: int, shares: Sequence[Decimal]) -> list[int]:
    """Split pence by shares that sum to exactly 1; the parts add up to the total.

    Each part is rounded down, and the pennies left over go to the largest remainders, the first of
    equals first. Raises ValueError if the shares do not sum to exactly 1.
    """
    fractions = [Fraction(share) for share in shares]
    if sum(fractions) != 1:
        raise ValueError("shares must sum to exactly 1")
    amount = abs(total_pence)
    exact = [amount * fraction for fraction in fractions]
    parts = [int(part) for part in exact]
    remainders = [whole - part for whole, part in zip(exact, parts, strict=True)]
    # Sorting keeps the order of equals, so the first of them comes first.
    by_remainder = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    if total_pence < 0:
        return [-part for part in parts]
    return parts

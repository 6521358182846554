"""How a figure is worked out of other figures: each operation under the word figures.csv prints.

With the values of its parts, in their order, anybody can work such a figure out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sv_lib.figures.figure import Value


@dataclass(frozen=True)
class Operation:
    """``work`` takes the values of the parts; ``written`` is the sum on paper of their words.

    A division by a part that is nil raises ZeroDivisionError: then there is no such figure.
    """

    work: Callable[..., Value]
    written: Callable[..., str]


def _less(later: Value, earlier: Value) -> Value:
    """The exact difference in the finer of the two kinds of number."""
    if isinstance(later, Fraction) or isinstance(earlier, Fraction):
        return Fraction(later) - Fraction(earlier)
    if isinstance(later, Decimal) or isinstance(earlier, Decimal):
        return Decimal(later) - Decimal(earlier)
    return later - earlier


def _percent(above: Value, below: Value) -> Value:
    return 100 * Fraction(above) / Fraction(below)


def _over(above: Value, below: Value) -> Value:
    return Fraction(above) / Fraction(below)


OVER = "÷"
PERCENT = "÷, in percent"
LESS = "−"
OPERATIONS: Mapping[str, Operation] = {
    OVER: Operation(_over, "{} ÷ {}".format),
    PERCENT: Operation(_percent, "{} ÷ {} × 100".format),
    LESS: Operation(_less, "{} − {}".format),
}

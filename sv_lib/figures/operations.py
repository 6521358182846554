"""How a figure is worked out of other figures: each operation under the word figures.csv prints.

With the values of its parts, in their order, anybody can work such a figure out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sv_lib.analysis import forecast, reach
from sv_lib.figures.figure import Value
from sv_lib.money import half_up


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


def _less_as_printed(later: Value, earlier: Value) -> Value:
    """The difference of two percentages as pages print them, so that a reader's sum holds."""
    return Fraction(_tenths(later) - _tenths(earlier), 10)


def _tenths(value: Value) -> int:
    return half_up(Fraction(value) * 10)


def _times(one: Value, other: Value) -> Value:
    return Fraction(one) * Fraction(other)


def _percent(above: Value, below: Value) -> Value:
    return 100 * Fraction(above) / Fraction(below)


def _over(above: Value, below: Value) -> Value:
    return Fraction(above) / Fraction(below)


def _sum(*parts: Value) -> Value:
    first, *others = parts
    return sum(others, first)


def _how_many(*parts: Value) -> Value:
    return len(parts)


def _listed(words: str) -> Callable[..., str]:
    """The words of an operation on any number of parts."""
    return lambda *parts: words.format(", ".join(parts))


JOINT = "exact bound of {} of {}, against {}, with {} unknown homes and a design effect of {}"
OVER = "÷"
PERCENT = "÷, in percent"
LESS = "−"
LESS_AS_PRINTED = "−, each to one decimal place"
SUM = "sum"
TIMES = "×"
OPERATIONS: Mapping[str, Operation] = {
    OVER: Operation(_over, "{} ÷ {}".format),
    PERCENT: Operation(_percent, "{} ÷ {} × 100".format),
    LESS: Operation(_less, "{} − {}".format),
    LESS_AS_PRINTED: Operation(_less_as_printed, "{} − {}, each to one decimal place".format),
    SUM: Operation(_sum, _listed("sum of {}")),
    TIMES: Operation(_times, "{} × {}".format),
    "so far + rest × claimed ÷ due": Operation(forecast.year_end, "{} + {} × {} ÷ {}".format),
    "how many": Operation(_how_many, _listed("how many there are of {}")),
    "how many below nought": Operation(
        forecast.too_low, _listed("how many are below nought of {}")
    ),
    "how many above nought": Operation(
        forecast.too_high, _listed("how many are above nought of {}")
    ),
    "how many within": Operation(forecast.held, _listed("low, high and outcome in turn: {}")),
    "mean": Operation(forecast.mean, _listed("mean of {}")),
    "joint low": Operation(reach.joint_low, JOINT.format),
    "joint high": Operation(reach.joint_high, JOINT.format),
}

"""Works every figure that is made of others out again, from nothing but the lines of figures.csv.

What an operation's word means is written here a second time, from the documentation alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor

from scipy.stats import beta

Line = Mapping[str, str]


def _bound(
    people: Fraction, of: Fraction, base_pct: Fraction, effect: Fraction, at: float
) -> Fraction:
    """The exact binomial bound of a share as a quantile of the beta distribution, over the base.

    Both numbers are divided by the design effect where that is over 1.
    """
    divisor = float(max(effect, Fraction(1)))
    inside, others = float(people) / divisor, float(of - people) / divisor
    is_low = at < 0.5
    if (is_low and not inside) or (not is_low and not others):
        share = 0.0 if is_low else 1.0
    elif is_low:
        share = float(beta.ppf(at, inside, others + 1))
    else:
        share = float(beta.ppf(at, inside + 1, others))
    return Fraction(share) * 100 / base_pct


def _tenth(value: Fraction) -> Fraction:
    size = Fraction(floor(abs(value) * 10 + Fraction(1, 2)), 10)
    return size if value >= 0 else -size


MEANINGS: Mapping[str, Callable[..., Fraction]] = {
    "÷": lambda above, below: above / below,
    "÷, in percent": lambda above, below: above / below * 100,
    "−": lambda later, earlier: later - earlier,
    "−, each to one decimal place": lambda later, earlier: _tenth(later) - _tenth(earlier),
    "sum": lambda *parts: sum(parts, Fraction(0)),
    "×": lambda one, other: one * other,
    "so far + rest × claimed ÷ due": lambda so_far, rest, claimed, due: Fraction(
        floor(so_far + rest * claimed / due + Fraction(1, 2))
    ),
    "how many": lambda *parts: Fraction(len(parts)),
    "how many below nought": lambda *parts: Fraction(len([part for part in parts if part < 0])),
    "how many above nought": lambda *parts: Fraction(len([part for part in parts if part > 0])),
    "how many within": lambda *parts: Fraction(
        sum(parts[at] <= parts[at + 2] <= parts[at + 1] for at in range(0, len(parts), 3))
    ),
    "mean": lambda *parts: sum(parts, Fraction(0)) / len(parts),
    "joint low": lambda there, known, base, unknown, effect: _bound(
        there, known + unknown, base, effect, 0.025
    ),
    "joint high": lambda there, known, base, unknown, effect: _bound(
        there + unknown, known + unknown, base, effect, 0.975
    ),
}
OF_ROWS = ("sum of rows", "number of rows")
HALF_THE_SIXTH_PLACE = Fraction(1, 2_000_000)


def not_worked_out(lines: Iterable[Line]) -> list[str]:
    """The figures with a value that their operation and parts do not give, with what they give."""
    by_id = {line["figure_id"]: line for line in lines}
    values: dict[str, Fraction] = {}

    def value(figure_id: str) -> Fraction:
        if figure_id not in values:
            line = by_id[figure_id]
            if line["operation"] in OF_ROWS:
                values[figure_id] = Fraction(Decimal(line["value"]))
            else:
                parts = [value(part) for part in line["parts"].split()]
                values[figure_id] = MEANINGS[line["operation"]](*parts)
        return values[figure_id]

    return [
        f"{figure_id}: {line['value']}, not {float(value(figure_id))}"
        for figure_id, line in by_id.items()
        if line["value"]
        and abs(value(figure_id) - Fraction(Decimal(line["value"]))) > HALF_THE_SIXTH_PLACE
    ]

"""Works every figure that is made of others out again, from nothing but the lines of figures.csv.

What an operation's word means is written here a second time, from the documentation alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

Line = Mapping[str, str]
MEANINGS: Mapping[str, Callable[..., Fraction]] = {
    "÷": lambda above, below: above / below,
    "÷, in percent": lambda above, below: above / below * 100,
    "−": lambda later, earlier: later - earlier,
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

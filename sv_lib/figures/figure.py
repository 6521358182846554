"""A figure: a number that knows what it is and where it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from sv_lib.periods import Period

Value = int | Decimal | Fraction
Kind = Literal["total", "count", "worked", "unknown", "hidden"]

ID = re.compile(r"[a-z0-9_]+(\.[A-Za-z0-9_\-]+)+")

FIGURES = "figures.csv"
"""The file of all of a run's figures."""
ROUNDED = "rounded to the nearest "
"""In a caution, before what a figure of a protected group is rounded to: "5", "£100,000"."""
NO_PROMISE = "no promise"
"""Why it is not known what is owed under a contract that never promised anything with a price."""


@dataclass(frozen=True)
class Figure:
    """One named number. Made only by the constructors of ``Trail``, never by hand.

    ``value`` is exact, in ``unit`` (money in "pence"; a ratio of unit "percent" is 100 times the
    quotient). It is None when not known or when hidden to protect people; ``caution`` then says
    why. A figure that is worked out of others names the ``operation`` (see ``operations``) and,
    in its order, the ``parts``. ``low`` and ``high`` are the smallest and the largest number that
    may be printed of a hidden figure that counts people, both inclusive; None where nothing may.
    """

    id: str
    kind: Kind
    label: str
    value: Value | None
    unit: str
    period: Period
    formula: str
    operation: str = ""
    parts: tuple[str, ...] = ()
    caution: str = ""
    low: int | None = None
    high: int | None = None

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.id):
            raise ValueError(f"not a dotted figure id: {self.id!r}")
        if self.value is None and not self.caution:
            raise ValueError(f"{self.id} is not known, and nothing says why")

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def is_told(self) -> bool:
        """Whether a number can be read of it: its value, or the range that stands for it."""
        return self.is_known or self.high is not None

    @property
    def mark(self) -> str:
        """``[r5]`` on what is rounded to the nearest 5, or made from what is; else empty."""
        _, rounded, nearest = self.caution.rpartition(ROUNDED)
        return f"[r{nearest}]" if rounded and self.is_known else ""

    @property
    def exact(self) -> str:
        """The value as text for ``figures.csv``: exact, a ratio to six decimal places."""
        return "" if self.value is None else exact_text(self.value)


def exact_text(value: Value) -> str:
    """A value as text: exact, a ratio to six decimal places."""
    if isinstance(value, Fraction):
        sixths = Decimal(value.numerator) / Decimal(value.denominator)
        return f"{sixths:.6f}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)

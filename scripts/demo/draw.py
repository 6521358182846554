"""Draws by chance from whole numbers alone, so that every machine and numpy draw the same.

numpy promises the stream of a bit generator for ever, but not what its ``Generator`` makes of
it. So the numbers here are taken straight from PCG64 and cut to size by integer arithmetic.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

from numpy.random import PCG64, SeedSequence

SEED = 20191201
BLOCK = 4096

Option = TypeVar("Option")


class Urn(Generic[Option]):
    """Options, each with a whole-number weight."""

    def __init__(self, weights: Mapping[Option, int]) -> None:
        self.options = list(weights)
        self.steps = list(accumulate(weights.values()))


class Draw:
    """One stream of chance for one part of the demonstration.

    A change to one part leaves the others alone.
    """

    def __init__(self, part: str) -> None:
        self._bits = PCG64(SeedSequence([SEED, *part.encode("ascii")]))
        self._block: list[int] = []

    def _below(self, limit: int) -> int:
        if not self._block:
            self._block = self._bits.random_raw(BLOCK).tolist()
        return self._block.pop() % limit

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + self._below(high - low + 1)

    def chance(self, permille: int) -> bool:
        """Return True so many times in a thousand."""
        return self._below(1000) < permille

    def one(self, options: Sequence[Option]) -> Option:
        """Draw one of the options, each as likely."""
        return options[self._below(len(options))]

    def day(self, first: date, last: date) -> date:
        """Draw a day, both ends included."""
        return first + timedelta(days=self._below((last - first).days + 1))

    def pick(self, urn: Urn[Option]) -> Option:
        """Draw one of the options of an urn, by weight."""
        return urn.options[bisect_right(urn.steps, self._below(urn.steps[-1]))]

    def amount(self, bands: Urn[tuple[int, int]]) -> int:
        """Draw a heavy-tailed amount: a band by weight, then any whole number in it."""
        return self.whole(*self.pick(bands))

    def parts(self, total: int, count: int) -> list[int]:
        """Draw ``count`` uneven parts (within a fifth or so of each other) that add up to
        ``total``.
        """
        weights = [self.whole(85, 115) for _ in range(count)]
        cuts = [total * step // sum(weights) for step in accumulate(weights)]
        return [cut - before for cut, before in zip(cuts, [0, *cuts], strict=False)]

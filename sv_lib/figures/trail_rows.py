"""The input rows behind figures: one long table of figure, part, file, row and amount.

A figure's rows are appended as one piece when it is made; the pieces are joined once, when all
figures are there. Pieces, because the amounts of most are whole pence and of some Decimals: a
single column would hold millions of Python objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Rows:
    """The input rows behind one figure: what they are, and what each adds.

    ``keys`` number file and row (see ``Trail.keys``). ``amounts`` are whole numbers or Decimals.
    The part of a claim that a row is about: ``homes``, the home area of the people, where claims
    were split by home; ``periods``, "this" or "before", where a change takes the earlier rows off.
    """

    keys: Ints
    amounts: npt.NDArray[Any]
    homes: Words | None = None
    periods: Words | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def __add__(self, more: Rows) -> Rows:
        keys = np.concatenate([self.keys, more.keys])
        return Rows(keys, np.concatenate([self.amounts, more.amounts]))


NO_ROWS = Rows(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class LongTable:
    """The rows of all figures, those of one figure together.

    ``figure_ids`` and ``lengths``: whose rows come one after another, and how many each has.
    ``keys``: one a row. ``pieces``: the same rows, a piece a figure.
    """

    figure_ids: list[str]
    lengths: list[int]
    keys: Ints
    pieces: list[Rows]

    @classmethod
    def of(cls, rows: Mapping[str, Rows]) -> LongTable:
        """Join the rows of figures, by figure id, in their order."""
        pieces = list(rows.values())
        keys = np.concatenate([NO_ROWS.keys, *(piece.keys for piece in pieces)])
        return cls(list(rows), [len(piece) for piece in pieces], keys, pieces)

    def split(self, column: Bools) -> list[Bools]:
        """A column as long as the table, cut into the pieces of the figures."""
        return np.split(column, np.cumsum(self.lengths)[:-1]) if self.lengths else []

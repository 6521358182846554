"""Small numbers: how each cell of a publication is printed, and proof that none can be worked out.

A *cell* is one group of people behind one or more published figures. An *atom* is the smallest
group that cells are made of. A cell is printed exactly, as a band ("5 to 14") or not at all. A
reader of the publication knows which atoms make up a cell, that no atom is below nought, that a
hidden cell is not nought (a nought is printed), and everything that is printed. Figures in pounds,
weeks, hours or FTE are taken to give away the number of people beneath them, since the price of a
unit is public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NEAR = 1e-6
"""Two answers of the linear program closer than this are the same number."""
MOST = 10**6
"""People in an atom, where nothing says how many: more than any council has residents."""
PRIMAL_SIMPLEX = 4
"""HiGHS: the last answer then stays a starting point when the next question only moves the aim."""


class Band(NamedTuple):
    """The smallest and the largest number that a hidden count is printed with."""

    low: int
    high: int


class Way(NamedTuple):
    """One way to print a cell, and what a reader then knows of it.

    ``low`` and ``high``: the people in its atoms, at least and at most. ``band``: the words of a
    count; None where the cell is printed exactly, or without any number.
    """

    low: float
    high: float
    band: Band | None = None

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


NOT_PRINTED = Way(-np.inf, np.inf)
"""A difference that only a reader would take, or a change that is hidden."""
HIDDEN = Way(1, np.inf)
"""Marked as hidden, which says that it is not nought."""


@dataclass(frozen=True)
class Cells:
    """Groups of people that figures stand on.

    ``names``: the figures that show each cell; a difference that only a reader would take has
    none. ``members``: cells x atoms, 1 where the atom adds to the cell and -1 where it is taken
    off. ``people``: how many are in each atom. ``needed``: how many numbers must stay possible for
    each small cell. ``is_small``: must not be worked out. ``suppress_last``: headlines, hidden
    only when nothing else helps. ``ways``: how each cell may be printed, the finest first; a cell
    with one way only was settled by an earlier publication.
    """

    names: Sequence[tuple[str, ...]]
    members: Ints
    people: Ints
    needed: Ints
    is_small: Bools
    suppress_last: Bools
    ways: Sequence[tuple[Way, ...]]

    @property
    def sizes(self) -> Ints:
        """People in each cell, whichever way they count."""
        return np.asarray(np.abs(self.members) @ self.people, dtype=np.int64)

    @property
    def is_shown(self) -> Bools:
        """Cells that figures show, printed or hidden; the others are differences."""
        return np.array([bool(names) for names in self.names], dtype=bool)

    def printed(self, levels: Ints) -> list[Way]:
        """How each cell is printed at its level."""
        pairs = zip(self.ways, levels.tolist(), strict=True)
        return [ways[level] for ways, level in pairs]


_NO_NUMBERS = np.zeros(0, dtype=np.int64)
_NO_MARKS = np.zeros(0, dtype=bool)
NO_CELLS = Cells(
    names=[],
    members=np.zeros((0, 0), dtype=np.int64),
    people=_NO_NUMBERS,
    needed=_NO_NUMBERS,
    is_small=_NO_MARKS,
    suppress_last=_NO_MARKS,
    ways=[],
)


@dataclass(frozen=True)
class Leak:
    """A small cell that could hold only ``low`` to ``high`` people, and the cells that say so."""

    cell: int
    low: int
    high: int
    given_away_by: tuple[int, ...]


@dataclass(frozen=True)
class Protected:
    """The level of each cell's ``ways``, and the small cells given away by earlier publications."""

    levels: Ints
    leaks: tuple[Leak, ...]


class _Reader:
    """What a reader of the printed cells can tell of the hidden ones.

    For each cell it keeps the lowest and highest number found possible. Each way to fill in the
    hidden cells that the linear program finds tells about all cells at once. It stays a way when
    less is printed.
    """

    def __init__(self, cells: Cells, printed: Sequence[Way]) -> None:
        self.cells = cells
        # The people of a small difference count whichever way they enter it.
        is_small = cells.is_small[:, None]
        weights = np.where(is_small, np.abs(cells.members), cells.members)
        self.weights = weights.astype(np.float64)
        self.low = self.high = self.weights @ cells.people
        self.says_nothing = np.array([way == NOT_PRINTED for way in printed], dtype=bool)
        self.program = _program(cells, printed)

    def leak(self, cell: int) -> Leak | None:
        """The range of a small cell when it is too narrow; None when it is wide enough."""
        givers: set[int] = set()
        for sign in (-1, 1):
            if self._is_wide_enough(cell):
                return None
            givers |= self._stretch(cell, sign)
        if self._is_wide_enough(cell):
            return None
        low = int(np.ceil(self.low[cell]))
        high = int(np.floor(self.high[cell]))
        return Leak(cell, low, high, tuple(sorted(givers)))

    def is_certain(self, cell: int) -> bool:
        """Whether what is printed leaves a hidden cell one number, so that hiding it is vain."""
        for sign in (-1, 1):
            if self.high[cell] - self.low[cell] > NEAR:
                return False
            self._stretch(cell, sign)
        return bool(self.high[cell] - self.low[cell] <= NEAR)

    def print_as(self, cell: int, way: Way) -> None:
        """Print one cell in a way that says less."""
        self.says_nothing[cell] = way == NOT_PRINTED
        self.program.changeRowBounds(cell, way.low, way.high)

    def _is_wide_enough(self, cell: int) -> bool:
        """Whether the ways found so far leave a cell as many whole numbers as its rule asks."""
        possible = np.floor(self.high[cell]) - np.ceil(self.low[cell]) + 1
        return bool(possible >= self.cells.needed[cell])

    def _stretch(self, cell: int, sign: int) -> set[int]:
        """Move a cell as far down (1) or up (-1) as it can go; the printed cells that stop it."""
        duals = self._solve(sign * self.weights[cell])
        stops_it = (np.abs(duals) > NEAR) & ~self.says_nothing
        return set(np.flatnonzero(stops_it).tolist())

    def _solve(self, aim: Floats) -> Floats:
        """The way to fill in with the lowest aim; widens all ranges; how much each cell stops it."""
        columns = np.arange(len(aim), dtype=np.int32)
        self.program.changeColsCost(len(aim), columns, aim)
        self.program.run()
        status = self.program.getModelStatus().name
        if status != "kOptimal":
            raise ArithmeticError(f"the range of a hidden number could not be found: {status}")
        answer = self.program.getSolution()
        values = self.weights @ np.asarray(answer.col_value)
        whole = np.rint(values)
        values = np.where(np.abs(values - whole) < NEAR, whole, values)
        self.low = np.minimum(self.low, values)
        self.high = np.maximum(self.high, values)
        return np.asarray(answer.row_dual, dtype=np.float64)


def _program(cells: Cells, printed: Sequence[Way]) -> Any:
    """The linear program of a reader: an unknown for each atom, a row for each cell."""
    import highspy  # loads when there is something to protect, not for every command

    rows, columns = cells.members.shape
    row, column = np.nonzero(cells.members)
    bounds = [(way.low, way.high) for way in printed]
    low, high = np.array(bounds, dtype=np.float64).reshape(-1, 2).T
    model = highspy.HighsLp()
    model.num_row_ = rows
    model.num_col_ = columns
    model.col_cost_ = np.zeros(columns)
    model.col_lower_ = np.zeros(columns)
    model.col_upper_ = np.full(columns, float(MOST))
    model.row_lower_ = low.copy()
    model.row_upper_ = high.copy()
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(row, np.arange(rows + 1)).astype(np.int32)
    model.a_matrix_.index_ = column.astype(np.int32)
    model.a_matrix_.value_ = cells.members[row, column].astype(np.float64)
    program = highspy.Highs()  # type: ignore[no-untyped-call]  # as highspy has it
    program.setOptionValue("output_flag", False)
    program.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    program.passModel(model)
    return program


def protect(cells: Cells) -> Protected:
    """Print every cell as finely as may be: no small cell can be told more closely than its rule.

    Each begins at its finest way. Where a small cell leaks, a cell that gives it away is printed
    more coarsely: the small cell itself first, then one that is coarse already, then the smallest.
    That always ends, because cells with nothing printed of them tell nothing: only a leak of
    earlier publications alone remains, and is returned. In the end a cell that anybody can work
    out from what is printed is printed as well, where its ways allow it: one number is hidden
    under all its names, or under none.
    """
    levels = np.zeros(len(cells.names), dtype=np.int64)
    last = np.array([len(ways) - 1 for ways in cells.ways], dtype=np.int64)
    reader = _Reader(cells, cells.printed(levels))
    sizes = cells.sizes

    def cost(giver: int, leaking: int) -> tuple[bool, bool, bool, int, int]:
        is_fine = cells.ways[giver][levels[giver]].is_exact
        is_dear = is_fine and bool(cells.suppress_last[giver])
        return giver != leaking, is_dear, is_fine, int(sizes[giver]), giver

    cannot_be_stopped = []
    for cell in np.flatnonzero(cells.is_small).tolist():
        while leak := reader.leak(cell):
            can_say_less = [giver for giver in leak.given_away_by if levels[giver] < last[giver]]
            if not can_say_less:
                cannot_be_stopped.append(cell)
                break
            giver = min(can_say_less, key=lambda one: cost(one, cell))  # noqa: B023 used at once
            levels[giver] += 1
            reader.print_as(giver, cells.ways[giver][levels[giver]])
    for cell in np.flatnonzero(levels > 0).tolist():
        if cells.ways[cell][0].is_exact and not cells.is_small[cell] and reader.is_certain(cell):
            levels[cell] = 0
    # What was hidden after a leak was found may have stopped it.
    remaining = [leak for cell in cannot_be_stopped if (leak := reader.leak(cell))]
    return Protected(levels, tuple(remaining))


def leaks(cells: Cells, printed: Sequence[Way]) -> list[Leak]:
    """Every small cell that a reader could narrow down to fewer numbers than are ``needed``."""
    reader = _Reader(cells, printed)
    small = np.flatnonzero(cells.is_small).tolist()
    return [leak for cell in small if (leak := reader.leak(cell))]

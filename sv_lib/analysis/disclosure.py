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
from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

NEAR = 1e-6
"""Two answers of the linear program closer than this are the same number."""
MOST = 10**6
"""People in an atom, where nothing says how many: more than any council has residents."""
UP, DOWN = -1, 1
"""The linear program looks for the lowest answer: for the highest, the signs are turned."""
AT_LEAST_SO_MANY = 2
"""Cells that a common step has to widen for another one to be worth while."""
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
    only when nothing else helps. ``ways``: how each cell may be printed, the finest first; what
    an earlier publication printed has one way.
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
        self.held = csr_array(self.weights)  # most cells hold few atoms
        self.low = self.high = self.held @ cells.people.astype(np.float64)
        self.shown = np.flatnonzero(cells.is_shown)
        # One for each direction: the last answer is near the next one of the same direction.
        self.programs = {sign: _program(cells, self.shown, printed) for sign in (UP, DOWN)}
        self._widen_together()

    def leak(self, cell: int) -> Leak | None:
        """The range of a small cell when it is too narrow; None when it is wide enough."""
        givers: set[int] = set()
        for sign in UP, DOWN:
            if self.is_wide_enough(cell):
                return None
            givers |= self.stretch(cell, sign)
        if self.is_wide_enough(cell):
            return None
        low = int(np.ceil(self.low[cell]))
        high = int(np.floor(self.high[cell]))
        return Leak(cell, low, high, tuple(sorted(givers)))

    def is_certain(self, cell: int) -> bool:
        """Whether what is printed leaves a hidden cell one number, so that hiding it is vain."""
        for sign in UP, DOWN:
            if self.high[cell] - self.low[cell] > NEAR:
                return False
            self.stretch(cell, sign)
        return bool(self.high[cell] - self.low[cell] <= NEAR)

    def print_as(self, cell: int, way: Way) -> None:
        """Print one cell in a way that says less."""
        row = int(np.searchsorted(self.shown, cell))
        for program in self.programs.values():
            program.changeRowBounds(row, way.low, way.high)

    def _widen_together(self) -> None:
        """Move all small cells up at once, then down, while that widens some: it saves most steps.

        Cells that cannot move together are moved one by one when they are asked for.
        """
        left = np.flatnonzero(self.cells.is_small & ~self._are_wide_enough())
        is_moving = len(left) > 1
        while is_moving:
            sizes = self.weights[left].sum(axis=1)
            together = (self.weights[left] / sizes[:, None]).sum(axis=0)
            self._solve(together, UP)
            self._solve(together, DOWN)
            still = left[~self._are_wide_enough()[left]]
            is_moving = AT_LEAST_SO_MANY < len(still) < len(left) - AT_LEAST_SO_MANY
            left = still

    def _are_wide_enough(self) -> Bools:
        """Whether the ways found so far leave each cell as many whole numbers as its rule asks."""
        possible = np.floor(self.high) - np.ceil(self.low) + 1
        return np.asarray(possible >= self.cells.needed, dtype=bool)

    def is_wide_enough(self, cell: int) -> bool:
        """Whether the ways found so far leave a cell as many whole numbers as its rule asks."""
        possible = np.floor(self.high[cell]) - np.ceil(self.low[cell]) + 1
        return bool(possible >= self.cells.needed[cell])

    def stretch(self, cell: int, sign: int) -> set[int]:
        """Move a cell as far up or down as it can go; the printed cells that stop it."""
        duals = self._solve(self.weights[cell], sign)
        return set(self.shown[np.abs(duals) > NEAR].tolist())

    def _solve(self, aim: Floats, sign: int) -> Floats:
        """Move up or down as far as can be along an aim; say how much each cell stops it."""
        program = self.programs[sign]
        columns = np.arange(len(aim), dtype=np.int32)
        program.changeColsCost(len(aim), columns, sign * aim)
        program.run()
        if program.getModelStatus().name != "kOptimal":
            program.clearSolver()  # rounding may have spoilt the answer it went on from
            program.run()
        status = program.getModelStatus().name
        if status != "kOptimal":
            raise ArithmeticError(f"the range of a hidden number could not be found: {status}")
        answer = program.getSolution()
        values = self.held @ np.asarray(answer.col_value)
        whole = np.rint(values)
        values = np.where(np.abs(values - whole) < NEAR, whole, values)
        self.low = np.minimum(self.low, values)
        self.high = np.maximum(self.high, values)
        return np.asarray(answer.row_dual, dtype=np.float64)


def _program(cells: Cells, shown: Ints, printed: Sequence[Way]) -> Any:
    """The linear program of a reader: an unknown for each atom, a row for each cell shown."""
    import highspy  # loads when there is something to protect, not for every command

    members = cells.members[shown]
    rows, columns = members.shape
    row, column = np.nonzero(members)
    bounds = [(printed[cell].low, printed[cell].high) for cell in shown]
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
    model.a_matrix_.value_ = members[row, column].astype(np.float64)
    program = highspy.Highs()  # type: ignore[no-untyped-call]  # as highspy has it
    program.setOptionValue("output_flag", False)
    program.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    program.passModel(model)
    return program


def protect(cells: Cells) -> Protected:
    """Print every cell as finely as may be: no small cell can be told more closely than its rule.

    Each begins at its finest way. Where a small cell leaks, a cell that gives it away is printed
    more coarsely: the small cell itself first, then the smallest that is printed exactly, since a
    range says little more once it is widened; that a hidden cell is not nought is kept back last.
    That always ends, because cells with nothing printed of them tell nothing: only a leak of
    earlier publications alone remains, and is returned. In the end a cell that anybody can work out
    from what is printed is printed as well, where its ways allow it: one number is hidden under all
    its names, or under none.
    """
    levels = np.zeros(len(cells.names), dtype=np.int64)
    last = np.array([len(ways) - 1 for ways in cells.ways], dtype=np.int64)
    reader = _Reader(cells, cells.printed(levels))
    sizes = cells.sizes

    def cost(giver: int, leaking: int) -> tuple[bool, bool, bool, bool, int, int]:
        way = cells.ways[giver][levels[giver]]
        is_dear = way.is_exact and bool(cells.suppress_last[giver])
        is_hidden = way == HIDDEN
        others = is_dear, not way.is_exact, int(sizes[giver]), giver
        return is_hidden, giver != leaking, *others

    def loosen(cell: int) -> None:
        """Print less around a small cell until it is safe, or until nothing more can be hidden."""
        stops: dict[int, set[int]] = {UP: set(), DOWN: set()}
        for sign in stops:
            if not reader.is_wide_enough(cell):
                stops[sign] = reader.stretch(cell, sign)
        while not reader.is_wide_enough(cell):
            givers = [one for one in stops[UP] | stops[DOWN] if levels[one] < last[one]]
            if not givers:
                return
            giver = min(givers, key=lambda one: cost(one, cell))
            levels[giver] += 1
            reader.print_as(giver, cells.ways[giver][levels[giver]])
            # The program stands at the answer of the direction asked last: that one first.
            for sign in sorted(stops, key=lambda one: one == UP):
                if giver in stops[sign] and not reader.is_wide_enough(cell):
                    stops[sign] = reader.stretch(cell, sign)

    for cell in np.flatnonzero(cells.is_small).tolist():
        if not reader.is_wide_enough(cell):
            loosen(cell)
    for cell in np.flatnonzero(levels > 0).tolist():
        if cells.ways[cell][0].is_exact and not cells.is_small[cell] and reader.is_certain(cell):
            levels[cell] = 0
    small = np.flatnonzero(cells.is_small).tolist()
    remaining = [leak for cell in small if (leak := reader.leak(cell))]
    return Protected(levels, tuple(remaining))


def leaks(cells: Cells, printed: Sequence[Way]) -> list[Leak]:
    """Every small cell that a reader could narrow down to fewer numbers than are ``needed``."""
    reader = _Reader(cells, printed)
    small = np.flatnonzero(cells.is_small).tolist()
    return [leak for cell in small if (leak := reader.leak(cell))]

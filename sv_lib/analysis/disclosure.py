"""Small numbers: which cells of a publication are hidden, and proof that none can be worked out.

A *cell* is one group of people behind one or more published figures. An *atom* is the smallest
group that cells are made of. A reader of the publication knows which atoms make up a cell, that no
atom is below nought, that a hidden cell is not nought (a nought is printed), and every number that
is printed. Figures in pounds, weeks, hours or FTE are taken to give away the number of people
beneath them, since the price of a unit is public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NEAR = 1e-6
"""Two answers of the linear program closer than this are the same number."""
MOST = 10**6
"""People in an atom, where nothing says how many: more than any council has residents."""
PRIMAL_SIMPLEX = 4
"""HiGHS: the last answer then stays a starting point when the next question only moves the aim."""


@dataclass(frozen=True)
class Cells:
    """Groups of people that figures stand on.

    ``names``: the figures that show each cell; a difference that only a reader would take has
    none. ``members``: cells x atoms, 1 where the atom adds to the cell and -1 where it is taken
    off. ``people``: how many are in each atom. ``least``: how many numbers must stay possible for
    each cell. ``is_small``: must not be worked out. ``suppress_last``: headlines, hidden only when
    nothing else helps. ``already_published``: printed or hidden by an earlier publication.
    """

    names: Sequence[tuple[str, ...]]
    members: Ints
    people: Ints
    least: Ints
    is_small: Bools
    suppress_last: Bools
    already_published: Bools

    @property
    def sizes(self) -> Ints:
        """People in each cell, whichever way they count."""
        return np.asarray(np.abs(self.members) @ self.people, dtype=np.int64)

    @property
    def is_shown(self) -> Bools:
        """Cells that figures show, printed or hidden; the others are differences."""
        return np.array([bool(names) for names in self.names], dtype=bool)


_NO_NUMBERS = np.zeros(0, dtype=np.int64)
_NO_MARKS = np.zeros(0, dtype=bool)
NO_CELLS = Cells(
    names=[],
    members=np.zeros((0, 0), dtype=np.int64),
    people=_NO_NUMBERS,
    least=_NO_NUMBERS,
    is_small=_NO_MARKS,
    suppress_last=_NO_MARKS,
    already_published=_NO_MARKS,
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
    """Which cells are hidden, and the small ones that an earlier publication gives away anyway."""

    is_hidden: Bools
    leaks: tuple[Leak, ...]


class _Reader:
    """What a reader of the printed cells can tell of the hidden ones.

    For each cell it keeps the lowest and highest number found possible. Each way to fill in the
    hidden cells that the linear program finds tells about all cells at once. It stays a way when
    more is hidden, since only cells that are not nought are hidden.
    """

    def __init__(self, cells: Cells, hidden: Bools) -> None:
        self.cells = cells
        self.hidden = hidden.copy()
        # The people of a small difference count whichever way they enter it.
        is_small = cells.is_small[:, None]
        weights = np.where(is_small, np.abs(cells.members), cells.members)
        self.weights = weights.astype(np.float64)
        self.low = self.high = self.weights @ cells.people
        self.program = _program(cells, hidden)

    def leak(self, cell: int) -> Leak | None:
        """The range of a small cell when it is too narrow; None when it is wide enough."""
        givers: set[int] = set() if self.hidden[cell] else {cell}
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

    def hide(self, cell: int) -> None:
        """Hide one cell more."""
        self.hidden[cell] = True
        low, high = _bounds(self.cells, cell, is_hidden=True)
        self.program.changeRowBounds(cell, low, high)

    def _is_wide_enough(self, cell: int) -> bool:
        """Whether the ways found so far leave a cell as many whole numbers as its rule asks."""
        possible = np.floor(self.high[cell]) - np.ceil(self.low[cell]) + 1
        return bool(possible >= self.cells.least[cell])

    def _stretch(self, cell: int, sign: int) -> set[int]:
        """Move a cell as far down (1) or up (-1) as it can go; the printed cells that stop it."""
        aim = sign * self.weights[cell]
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
        stops_it = (np.abs(np.asarray(answer.row_dual)) > NEAR) & ~self.hidden
        return set(np.flatnonzero(stops_it).tolist())


def _program(cells: Cells, hidden: Bools) -> Any:
    """The linear program of a reader: an unknown for each atom, a row for each cell."""
    import highspy  # loads when there is something to protect, not for every command

    rows, columns = cells.members.shape
    row, column = np.nonzero(cells.members)
    bounds = [_bounds(cells, cell, bool(hidden[cell])) for cell in range(rows)]
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


def _bounds(cells: Cells, cell: int, is_hidden: bool) -> tuple[float, float]:
    """What a reader knows of a cell: its number, that it is not nought, or nothing."""
    members = cells.members[cell]
    if not is_hidden:
        size = float(members @ cells.people)
        return size, size
    is_marked_as_hidden = bool(cells.names[cell]) and bool((members >= 0).all())
    return (1.0 if is_marked_as_hidden else -np.inf), np.inf


def protect(cells: Cells, hidden: Bools, is_low: Bools | None = None) -> Protected:
    """Hide the small cells, those ``hidden`` already, and as few others as keep the small safe.

    Where a small cell leaks, the smallest printed cell that gives it away is hidden too, until
    none leaks. A leak that nothing can stop, because an earlier publication gives it away, is
    returned. In the end a cell that anybody can work out from what is printed is printed as well,
    unless it is small or ``is_low`` (None: ``hidden``): one number is hidden under all its names,
    or under none.
    """
    must_stay = cells.is_small | (hidden if is_low is None else is_low)
    reader = _Reader(cells, hidden | cells.is_small)
    sizes = cells.sizes

    def cost(cell: int) -> tuple[bool, int, int]:
        return bool(cells.suppress_last[cell]), int(sizes[cell]), cell

    cannot_be_stopped = []
    for cell in np.flatnonzero(cells.is_small).tolist():
        while leak := reader.leak(cell):
            can_be_hidden = [
                giver
                for giver in leak.given_away_by
                if not cells.already_published[giver] and sizes[giver]
            ]
            if not can_be_hidden:
                cannot_be_stopped.append(cell)
                break
            reader.hide(min(can_be_hidden, key=cost))
    could_be_printed = reader.hidden & ~must_stay & cells.is_shown
    certain = [cell for cell in np.flatnonzero(could_be_printed) if reader.is_certain(int(cell))]
    # What was hidden after a leak was found may have stopped it.
    remaining = [leak for cell in cannot_be_stopped if (leak := reader.leak(cell))]
    is_hidden = reader.hidden.copy()
    is_hidden[certain] = False
    return Protected(is_hidden, tuple(remaining))


def leaks(cells: Cells, hidden: Bools) -> list[Leak]:
    """Every small cell that a reader could narrow down to fewer than its ``least`` numbers."""
    reader = _Reader(cells, hidden)
    small = np.flatnonzero(cells.is_small).tolist()
    return [leak for cell in small if (leak := reader.leak(cell))]

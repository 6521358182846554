"""Small numbers: which cells of everything published together are hidden, and proof that none can
be
worked out.

A *cell* is one group of people behind one or more published figures. An *atom* is the smallest
group that cells are made of. Whoever reads the publication knows which atoms make up a cell, that
no atom is below nought, that a hidden cell is not nought (a nought is printed), and every number
that is printed. Figures in pounds, weeks, hours or FTE are taken to give away the number of people
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
MOST = 10**6
"""People in an atom, where nothing says how many: more than any council has residents."""


@dataclass(frozen=True)
class Cells:
    """Groups of people that figures stand on.

    ``names``: what shows each cell; nothing shows a difference that only a reader would take.
    ``members``: cells × atoms, 1 where the atom adds to the cell and -1 where it is taken off.
    ``people``: how many are in each atom. ``least``: of each cell, how many numbers it must leave
    possible. ``is_small``: must not be worked out. ``is_dear``: hidden last. ``is_settled``: of an
    earlier publication, so printed or hidden for good.
    """

    names: Sequence[tuple[str, ...]]
    members: Ints
    people: Ints
    least: Ints
    is_small: Bools
    is_dear: Bools
    is_settled: Bools

    @property
    def sizes(self) -> Ints:
        """People in each cell, whichever way they count."""
        return np.asarray(np.abs(self.members) @ self.people, dtype=np.int64)

    @property
    def is_shown(self) -> Bools:
        """Cells that figures show, printed or hidden; the others are differences."""
        return np.array([bool(names) for names in self.names], dtype=bool)


_NONE = np.zeros(0, dtype=np.int64)
NO_CELLS = Cells(
    [], np.zeros((0, 0), dtype=np.int64), _NONE, _NONE, _NONE > 0, _NONE > 0, _NONE > 0
)


@dataclass(frozen=True)
class Leak:
    """A small cell that could hold only ``low`` to ``high`` people, and the printed cells that say
    so.
    """

    cell: int
    low: int
    high: int
    given_away_by: tuple[int, ...]


class _Reader:
    """What a reader of the printed cells can tell of the hidden ones: for each cell, the numbers it
    could hold.

    Each way to fill in the hidden cells that a linear program finds tells on all cells at once; it
    stays a way when more is hidden, since only cells that are not nought are hidden.
    """

    def __init__(self, cells: Cells, hidden: Bools) -> None:
        self.cells, self.hidden = cells, hidden.copy()
        self.weights = np.where(
            cells.is_small[:, None], np.abs(cells.members), cells.members
        ).astype(np.float64)
        self.low = self.high = self.weights @ cells.people
        self.program = _program(cells, hidden)

    def leak(self, cell: int) -> Leak | None:
        """The fewest and the most people that a small cell could hold; None when that is range
        enough.
        """
        givers: set[int] = set() if self.hidden[cell] else {cell}
        for sign in (-1, 1):
            if self._numbers(cell) >= self.cells.least[cell]:
                return None
            givers |= self._bound(cell, sign)
        if self._numbers(cell) >= self.cells.least[cell]:
            return None
        return Leak(
            cell,
            int(np.ceil(self.low[cell])),
            int(np.floor(self.high[cell])),
            tuple(sorted(givers)),
        )

    def is_told(self, cell: int) -> bool:
        """Whether what is printed leaves a hidden cell one number alone, so that hiding it protects
        nobody.
        """
        for sign in (-1, 1):
            if self.high[cell] - self.low[cell] > NEAR:
                return False
            self._bound(cell, sign)
        return bool(self.high[cell] - self.low[cell] <= NEAR)

    def _numbers(self, cell: int) -> int:
        """How many whole numbers a cell could hold, of the ways found so far."""
        return int(np.floor(self.high[cell]) - np.ceil(self.low[cell])) + 1

    def hide(self, cell: int) -> None:
        """Hide one cell more."""
        self.hidden[cell] = True
        self.program.changeRowBounds(cell, *_bounds(self.cells, cell, is_hidden=True))

    def _bound(self, cell: int, sign: int) -> set[int]:
        """Move a cell as far down (1) or up (-1) as what is printed lets it; the printed cells that
        stop it.
        """
        wanted = sign * self.weights[cell]
        self.program.changeColsCost(len(wanted), np.arange(len(wanted), dtype=np.int32), wanted)
        self.program.run()
        if (status := self.program.getModelStatus()).name != "kOptimal":
            raise ArithmeticError(f"the range of a hidden number could not be found: {status.name}")
        found = self.program.getSolution()
        could_be = self.weights @ np.asarray(found.col_value)
        could_be = np.where(
            np.abs(could_be - np.rint(could_be)) < NEAR, np.rint(could_be), could_be
        )
        self.low, self.high = np.minimum(self.low, could_be), np.maximum(self.high, could_be)
        tells = (np.abs(np.asarray(found.row_dual)) > NEAR) & ~self.hidden
        return set(np.flatnonzero(tells).tolist())


def _program(cells: Cells, hidden: Bools) -> Any:
    """The linear program of a reader: an unknown for each atom; each cell is what it prints, or
    someone, or nothing.
    """
    import highspy  # loads when there is something to protect, not for every command

    members = cells.members
    row, column = np.nonzero(members)
    program, model = highspy.Highs(), highspy.HighsLp()  # type: ignore[no-untyped-call]  # as highspy has it
    program.setOptionValue("output_flag", False)
    program.setOptionValue(
        "simplex_strategy", 4
    )  # primal: the last answer stays a way to begin the next question
    model.num_row_, model.num_col_ = members.shape
    model.col_cost_, model.col_lower_ = np.zeros(members.shape[1]), np.zeros(members.shape[1])
    model.col_upper_ = np.full(members.shape[1], float(MOST))
    bounds = np.array(
        [_bounds(cells, cell, bool(is_hidden)) for cell, is_hidden in enumerate(hidden)]
    ).reshape(-1, 2)
    model.row_lower_, model.row_upper_ = bounds[:, 0], bounds[:, 1]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(row, np.arange(len(members) + 1)).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = (
        column.astype(np.int32),
        members[row, column].astype(np.float64),
    )
    program.passModel(model)
    return program


def _bounds(cells: Cells, cell: int, is_hidden: bool) -> tuple[float, float]:
    """What a reader knows of a cell: its number; that it is not nought; or nothing, of a difference
    never shown.
    """
    if not is_hidden:
        size = float(cells.members[cell] @ cells.people)
        return size, size
    is_marked = bool(cells.names[cell]) and bool((cells.members[cell] >= 0).all())
    return (1.0 if is_marked else -np.inf), np.inf


def protect(cells: Cells, hidden: Bools, is_low: Bools | None = None) -> Bools:
    """Which cells are hidden: those ``hidden`` already, the small ones, and beside them as few as
    keep
    those safe.

    Where a small cell leaks, the smallest printed cell that gives it away is hidden too, until none
    leaks. A leak that nothing can stop, because earlier publications give it away, stays: ask
    ``leaks``. In the end a cell that anybody can work out from what is printed is printed as well,
    unless it is small or ``is_low`` (None: ``hidden``): one number is hidden under all its names,
    or under none.
    """
    stays = cells.is_small | (hidden if is_low is None else is_low)
    sizes, reader = cells.sizes, _Reader(cells, hidden | cells.is_small)
    for cell in np.flatnonzero(cells.is_small):
        while leak := reader.leak(int(cell)):
            free = [
                giver
                for giver in leak.given_away_by
                if not cells.is_settled[giver] and sizes[giver]
            ]
            if not free:
                break
            reader.hide(min(free, key=lambda giver: (cells.is_dear[giver], sizes[giver], giver)))
    told = [
        cell
        for cell in np.flatnonzero(reader.hidden & ~stays & cells.is_shown).tolist()
        if reader.is_told(cell)
    ]
    reader.hidden[told] = False
    return reader.hidden


def leaks(cells: Cells, hidden: Bools) -> list[Leak]:
    """Every small cell that a reader could narrow down to fewer than its ``least`` numbers."""
    reader = _Reader(cells, hidden)
    return [leak for cell in np.flatnonzero(cells.is_small) if (leak := reader.leak(int(cell)))]

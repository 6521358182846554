"""Which figures are hidden, decided over everything that one publication prints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import Bools, Cells, Leak
from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.people_cells import HALF, cells_of
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure

COUNTED_IN = ("people", "suppliers")
"""Units in which a figure counts people, or firms that may be one person."""


@dataclass(frozen=True)
class Decision:
    """Groups of people (cells) and which of them are hidden.

    ``leaks``: small groups that an earlier publication gives away, so that hiding cannot help.
    """

    cells: Cells
    is_hidden: Bools
    leaks: tuple[Leak, ...]

    @property
    def hidden_ids(self) -> set[str]:
        """Ids of the figures that show a hidden group."""
        return {
            figure_id
            for cell in np.flatnonzero(self.is_hidden).tolist()
            for figure_id in self.cells.names[cell]
        }


def decide(rules: Disclosure, trail: Trail, mid_year: Trail | None = None) -> Decision:
    """Hide small groups, and as few others as keep them from being worked out.

    ``mid_year``: the trail of the mid-year report before an annual one. It is decided as it was
    on its own, and stays so: what was printed cannot be hidden later.
    """
    cells = cells_of(trail, rules, mid_year)
    figures = {figure.id: figure for figure in trail}
    hidden_before: set[str] = set()
    if mid_year is not None:
        figures |= {figure.id + HALF: figure for figure in mid_year}
        hidden_before = {name + HALF for name in decide(rules, mid_year).hidden_ids}
    is_known = _cells_with(cells, hidden_before)
    low = {name for name, figure in figures.items() if _is_low(figure, rules)}
    is_low = _cells_with(cells, low)
    protected = disclosure.protect(cells, is_known | is_low, is_low)
    return Decision(cells, protected.is_hidden, protected.leaks)


def _cells_with(cells: Cells, figure_ids: set[str]) -> Bools:
    """Marks the cells that one of some figures shows."""
    return np.array([not figure_ids.isdisjoint(names) for names in cells.names], dtype=bool)


def _is_low(figure: Figure, rules: Disclosure) -> bool:
    """Whether a figure prints a low number of people.

    It may be low though it is a part of a large group: people hired, split by place of work.
    """
    if figure.unit not in COUNTED_IN or figure.value is None:
        return False
    return 0 < figure.value < rules.people_below

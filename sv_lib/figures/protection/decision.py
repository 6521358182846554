"""How each figure is printed, decided over everything that readers will have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import HIDDEN, NOT_PRINTED, Band, Cells, Leak, Way
from sv_lib.figures.protection.people_cells import cells_of
from sv_lib.figures.protection.published import Published
from sv_lib.figures.protection.ways_to_print import is_low
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure


@dataclass(frozen=True)
class Decision:
    """Groups of people (cells) and how each of them is printed.

    ``leaks``: small groups that earlier publications give away, so that hiding cannot help.
    ``low``: low numbers of people, hidden though their group was printed by another number.
    """

    cells: Cells
    printed: Sequence[Way]
    leaks: tuple[Leak, ...]
    low: frozenset[str]

    @property
    def hidden(self) -> dict[str, Band | None]:
        """The figures that show a hidden group, and the band that may be printed of each."""
        return {
            figure_id: way.band
            for names, way in zip(self.cells.names, self.printed, strict=True)
            for figure_id in names
            if not way.is_exact or figure_id in self.low
        }

    @property
    def unsaid(self) -> frozenset[str]:
        """The hidden figures of which it is not even told that they are not nought."""
        ways = zip(self.cells.names, self.cells.ways, self.printed, strict=True)
        return frozenset(
            figure_id
            for names, possible, way in ways
            for figure_id in names
            if way == NOT_PRINTED and HIDDEN in possible
        )


def decide(rules: Disclosure, trail: Trail, earlier: Sequence[Published] = ()) -> Decision:
    """Hide small groups, and as few others as keep them from being worked out.

    ``earlier``: what readers have already; what that printed or hid stays so.
    """
    cells = cells_of(trail, rules, earlier)
    protected = disclosure.protect(cells)
    low = _low_counts(cells, rules, trail, earlier)
    return Decision(cells, cells.printed(protected.levels), protected.leaks, low)


def _low_counts(
    cells: Cells, rules: Disclosure, trail: Trail, earlier: Sequence[Published]
) -> frozenset[str]:
    """Low numbers of people in groups of which readers have no number of people yet.

    They may have the weeks of nine at work, two of whom started.
    """
    told = {name for one in earlier for name in one.counts if one.told[name] == "exact"}
    low = {figure.id for figure in trail if is_low(figure, _enough(trail, figure.id, rules))}
    groups = [names for names in cells.names if told.isdisjoint(names)]
    return frozenset(low.intersection(chain.from_iterable(groups)))


def _enough(trail: Trail, figure_id: str, rules: Disclosure) -> int:
    """How many people are not few: more of protected groups alone."""
    # Behind some figures is nobody: these are in no group.
    is_protected = trail.people_measures(figure_id).issubset(rules.protected_groups)
    return rules.protected_below if is_protected else rules.people_below

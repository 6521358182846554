"""How a group of people may be printed: exactly, as a band, or not at all; the finest first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from sv_lib.analysis.disclosure import HIDDEN, NOT_PRINTED, Band, Way
from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.published import Told

COUNTED_IN = ("people", "suppliers")
"""Units in which a figure counts people, or firms that may be one person."""
WIDTHS = (10, 50)
"""How many numbers a band holds. Bands begin where few people end: 5 to 14, 15 to 24."""
WIDER = (0, 5, 10, 20)
"""By how much "fewer than 5" may grow where it would tell too much: "fewer than 10"."""


@dataclass(frozen=True)
class Group:
    """A group of people and the figures that show it.

    ``size``: its people in atoms, whichever way they count. ``exact``: the same with their signs.
    ``is_change``: some are taken off. ``people``: how many they are, each counted once. ``below``:
    how many are not few. ``is_small``: few of them.
    """

    names: Sequence[str]
    size: int
    exact: int
    is_change: bool
    people: int
    below: int
    is_small: bool

    def within(self, band: Band) -> Way:
        """A band of people in atoms: who stands in several counts several times."""
        many = self.size / max(self.people, 1)
        low = min(ceil(band.low * many), self.size)
        high = max(floor(band.high * many), self.size)
        return Way(max(low, 1), high, band)


def ways_of(
    group: Group, figures: Mapping[str, Figure], told: Mapping[str, Told]
) -> tuple[Way, ...]:
    """How a group may be printed.

    ``figures``: those of the publication by id. ``told``: how earlier publications printed theirs;
    a group that one of them shows stays as that printed it.
    """
    if not group.names:
        return (NOT_PRINTED,)
    exact = Way(group.exact, group.exact)
    if settled := [told[name] for name in group.names if name in told]:
        return (_as_before(group, settled, exact),)
    if not group.size:
        return (exact,)
    mine = [figures[name] for name in group.names]
    is_few = group.is_small or any(is_low(figure, group.below) for figure in mine)
    ways = [] if is_few else [exact]
    if group.is_change:
        return (*ways, NOT_PRINTED)
    ways += [group.within(band) for band in _bands(group, mine, is_few)]
    # Where readers know much already, even that a hidden number is not nought may be too much.
    return (*ways, HIDDEN, NOT_PRINTED)


def _as_before(group: Group, settled: Collection[Told], exact: Way) -> Way:
    """How a group stays that was printed before, under one name or several."""
    if "exact" in settled:
        return exact
    if bands := [band for band in settled if isinstance(band, Band)]:
        return group.within(max(bands, key=lambda band: band.low - band.high))
    is_unsaid = group.is_change or set(settled) == {"unsaid"}
    return NOT_PRINTED if is_unsaid else HIDDEN


def is_low(figure: Figure, below: int) -> bool:
    """Whether a figure prints a low number of people, one ``below`` what is enough.

    It may be low though it is a part of a large group: people hired, split by place of work.
    """
    if figure.unit not in COUNTED_IN or figure.value is None:
        return False
    return 0 < figure.value < below


def _bands(group: Group, figures: Sequence[Figure], is_few: bool) -> Iterator[Band]:
    """The bands that hold every count of a group, and its people; none where nothing counts."""
    counts = [int(one.value or 0) for one in figures if one.unit == "people"]
    if not counts:
        return
    highest = max(*counts, group.people)
    lowest = min(*counts, group.people)
    few = max(group.below - 1, 2)
    if is_few:
        yield from (Band(0, few + more) for more in WIDER if highest <= few + more)
        return
    for width in WIDTHS:
        low = group.below + (lowest - group.below) // width * width
        if low >= group.below and highest < low + width:
            yield Band(low, low + width - 1)

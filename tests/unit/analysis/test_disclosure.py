"""No small number of people can be worked out from what is printed, and no more is hidden than that
needs.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.analysis.disclosure import (
    HIDDEN,
    NO_CELLS,
    NOT_PRINTED,
    Band,
    Cells,
    Way,
    leaks,
    protect,
)


def cells_of(
    members: list[list[int]],
    people: list[int],
    least: int = 5,
    *,
    dear: tuple[int, ...] = (),
    settled: tuple[int, ...] = (),
    unnamed: tuple[int, ...] = (),
    low: tuple[int, ...] = (),
    bands: bool = False,
) -> Cells:
    """Cells on atoms; every cell of fewer than ``least`` people is small.

    ``bands``: counts may be printed as "fewer than 5" and "5 to 14", else they are hidden.
    """
    matrix, counts = np.array(members, dtype=np.int64), np.array(people, dtype=np.int64)
    sizes, count = np.abs(matrix) @ counts, range(len(members))
    is_small = (sizes > 0) & (sizes < least)
    ways = []
    for n, size in enumerate(sizes.tolist()):
        exact, few, more = Way(size, size), Way(1, max(least - 1, 2)), Way(least, least + 9)
        if n in unnamed:
            ways.append((NOT_PRINTED,))
        elif n in settled or size == 0:
            ways.append((exact,))
        elif is_small[n] or n in low:
            ways.append((few, HIDDEN) if bands else (HIDDEN,))
        else:
            ways.append((exact, more, HIDDEN) if bands and size <= more.high else (exact, HIDDEN))
    return Cells(
        [() if n in unnamed else (f"figure.{n}",) for n in count],
        matrix,
        counts,
        np.full(len(members), max(least - 1, 2)),
        is_small,
        np.array([n in dear for n in count]),
        ways,
    )


def column(people: list[int], least: int = 5, *, bands: bool = False) -> Cells:
    """A column of counts with its total, the last cell."""
    parts = np.eye(len(people), dtype=int).tolist()
    every = [*parts, [1] * len(people)]
    return cells_of(every, people, least, dear=(len(people),), bands=bands)


def column_with_bands(people: list[int]) -> Cells:
    return column(people, bands=True)


def square(rows: list[list[int]], least: int, *, bands: bool) -> Cells:
    """A table with the totals of its rows and columns and of all."""
    height, width = len(rows), len(rows[0])
    at = [[int(n == m) for m in range(height * width)] for n in range(height * width)]
    totals = [[int(m // width == n) for m in range(height * width)] for n in range(height)]
    totals += [[int(m % width == n) for m in range(height * width)] for n in range(width)]
    every = [*at, *totals, [1] * (height * width)]
    people = [count for row in rows for count in row]
    return cells_of(every, people, least, dear=(len(every) - 1,), bands=bands)


def hidden_of(cells: Cells) -> list[int]:
    ways = cells.printed(protect(cells).levels)
    return [n for n, way in enumerate(ways) if not way.is_exact and cells.names[n]]


def as_printed(cells: Cells, *exact: int) -> list[Way]:
    """Every cell hidden but for some that are printed."""
    sizes = (cells.members @ cells.people).tolist()
    return [Way(size, size) if n in exact else HIDDEN for n, size in enumerate(sizes)]


HAND = [
    # nobody: nothing to hide
    ([9, 8, 7, 0], []),
    # one small count would be the total less the others: the smallest of the others goes too
    ([9, 8, 7, 3], [2, 3]),
    # two that add up to 4 leave three ways each, 1 to 3: one more goes
    ([9, 8, 2, 2], [1, 2, 3]),
    # two that add up to 5 leave four ways each, 1 to 4: as many as "fewer than 5" tells
    ([9, 8, 2, 3], [2, 3]),
    # nothing but the total can hide a count that stands alone
    ([3, 0, 0], [0, 3]),
]


@pytest.mark.parametrize(("people", "hidden"), HAND, ids=str)
def test_a_column_with_its_total(people: list[int], hidden: list[int]) -> None:
    cells = column(people)
    assert hidden_of(cells) == hidden
    assert leaks(cells, cells.printed(protect(cells).levels)) == []


def test_counts_are_told_as_bands_where_these_are_safe() -> None:
    """3 of 23: "fewer than 5" and "5 to 14" for the 3 and the 9, which 23 less 11 leaves open."""
    cells = column_with_bands([11, 9, 3])
    ways = cells.printed(protect(cells).levels)
    assert ways == [Way(11, 11), Way(5, 14), Way(1, 4), Way(23, 23)]


def test_a_band_that_tells_too_much_is_not_printed() -> None:
    """1 and 1 and 2 in all: three that are fewer than 5 would leave each part 1 to 3."""
    cells = column_with_bands([1, 1])
    ways = cells.printed(protect(cells).levels)
    assert HIDDEN in ways
    assert leaks(cells, ways) == []
    all_as_few = [Way(1, 4)] * 3
    assert [(leak.low, leak.high) for leak in leaks(cells, all_as_few)] == [(1, 3), (1, 3), (2, 4)]


def test_what_an_earlier_report_printed_as_a_band_stays_one() -> None:
    """9 of 20 were "5 to 14" in the first report; the second may not print them."""
    cells = cells_of([[1, 0], [1, 1]], [9, 11])
    told = replace(cells, ways=[(Way(5, 14, Band(5, 14)),), (Way(20, 20), HIDDEN)])
    assert told.printed(protect(told).levels) == [Way(5, 14, Band(5, 14)), Way(20, 20)]


def test_a_leak_names_its_range_and_what_gives_it_away() -> None:
    cells = column([9, 8, 3])
    (leak,) = leaks(cells, as_printed(cells, 0, 1, 3))
    assert (leak.cell, leak.low, leak.high, leak.given_away_by) == (2, 3, 3, (0, 1, 3))


def test_a_printed_small_number_gives_itself_away() -> None:
    cells = column([9, 3])
    (leak,) = leaks(cells, as_printed(cells, 0, 1, 2))
    assert (leak.low, leak.high) == (3, 3)


def test_a_year_less_its_half() -> None:
    """9 in the half-year, printed then; 11 in the year: the 2 of the second half would be a
    subtraction away.
    """
    cells = cells_of([[1, 0], [1, 1], [0, 1]], [9, 2], settled=(0,), unnamed=(2,))
    assert hidden_of(cells) == [1]


def test_what_an_earlier_report_gives_away_stays_a_leak() -> None:
    cells = cells_of([[1, 0], [1, 1], [0, 1]], [9, 2], settled=(0, 1), unnamed=(2,))
    protected = protect(cells)
    (leak,) = protected.leaks
    assert (leak.cell, leak.given_away_by) == (2, (0, 1))


def test_hiding_all_that_is_new_gives_nothing_more_away() -> None:
    """Whatever was settled safely before, a later report can always be made as safe."""
    cells = cells_of([[1, 1, 0], [1, 0, 1], [0, 1, 1]], [3, 6, 1], settled=(0,))
    assert protect(cells).leaks == ()


def test_that_a_hidden_count_is_not_nought_is_kept_back_where_it_tells_too_much() -> None:
    """5 were printed before; 3 and 2 of them are hidden now. As neither is nought, each would be
    1 to 4. The rule asks for five numbers: of one it is not told that it is not nought.
    """
    cells = cells_of([[1, 0], [0, 1], [1, 1]], [3, 2], settled=(2,))
    asks_more = replace(
        cells,
        needed=np.array([5, 5, 5]),
        is_small=np.array([True, True, False]),
        ways=[(HIDDEN,), (HIDDEN,), *cells.ways[2:]],
    )
    assert [(leak.low, leak.high) for leak in protect(asks_more).leaks] == [(1, 4), (1, 4)]
    keeps_back = (HIDDEN, NOT_PRINTED)
    safe = replace(asks_more, ways=[keeps_back, keeps_back, *cells.ways[2:]])
    protected = protect(safe)
    assert protected.leaks == ()
    assert NOT_PRINTED in safe.printed(protected.levels)


def test_counts_that_contradict_each_other_are_refused() -> None:
    """3 of 3 are printed, and yet someone is said to be in the other part."""
    cells = column([3, 0])
    with pytest.raises(
        ArithmeticError, match=r"the range of a hidden number could not be found: kInfeasible"
    ):
        leaks(cells, as_printed(cells, 0, 2))


def test_headline_figures_go_last() -> None:
    """The total of 12 is smaller than the other part of 20 it is linked with, and stays."""
    cells = cells_of([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1]], [3, 9, 11], dear=(2,))
    assert hidden_of(cells) == [0, 1]


def test_what_anybody_can_work_out_is_printed() -> None:
    """3 of 20: to hide them, the 8 or the total may go. Once the total went, the 8 are 17 less 9
    and are printed; not where a figure of theirs is low itself.
    """
    members = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]]
    assert hidden_of(cells_of(members, [9, 8, 3], dear=(3,))) == [2, 4]
    assert hidden_of(cells_of(members, [9, 8, 3], dear=(3,), low=(1,))) == [1, 2, 4]


def test_where_there_is_nobody_there_is_nothing_to_protect() -> None:
    assert protect(NO_CELLS).leaks == ()


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(2, 5), st.booleans())
def test_no_hidden_count_of_a_column_can_be_worked_out(
    people: list[int], least: int, bands: bool
) -> None:
    """Every way to fill in what is hidden is tried: each small count keeps as many as it needs."""
    cells = column(people, least, bands=bands)
    ways = cells.printed(protect(cells).levels)
    assert fewest_values(cells, ways, cells.is_small, sum(people) + least) >= cells.needed[0]


@settings(max_examples=1000, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2),
    st.integers(3, 4),
    st.booleans(),
)
def test_no_hidden_count_of_a_table_can_be_worked_out(
    rows: list[list[int]], least: int, bands: bool
) -> None:
    """And no number is hidden that the printed ones leave no choice of."""
    cells = square(rows, least, bands=bands)
    ways = cells.printed(protect(cells).levels)
    hidden = np.array([not way.is_exact for way in ways])
    assert fewest_values(cells, ways, cells.is_small, 6 + least) >= cells.needed[0]
    assert fewest_values(cells, ways, hidden & ~cells.is_small, 6 + least) > 1


def fewest_values(cells: Cells, printed: list[Way], of: np.ndarray, most: int) -> int:
    """Of some cells, the fewest values that any could hold: by counting, with no linear program."""
    free = np.flatnonzero(cells.people > 0)
    # an atom that is printed by itself is known
    alone = {
        int(np.flatnonzero(members)[0]): int(way.low)
        for members, way in zip(cells.members, printed, strict=True)
        if way.is_exact and members.sum() == 1
    }
    ways = np.array(
        list(product(*([alone[a]] if a in alone else range(most + 1) for a in free))),
        dtype=np.int64,
    )
    values = ways @ cells.members[:, free].T
    low, high = np.array([(way.low, way.high) for way in printed]).T
    fits = ((values >= low) & (values <= high)).all(axis=1)
    return min(
        (len(set(values[fits, cell].tolist())) for cell in np.flatnonzero(of)), default=10**6
    )

"""No small number of people can be worked out from what is printed, and no more is hidden than that
needs.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.analysis.disclosure import Cells, leaks, protect


def cells_of(
    members: list[list[int]],
    people: list[int],
    least: int = 5,
    *,
    dear: tuple[int, ...] = (),
    settled: tuple[int, ...] = (),
    unnamed: tuple[int, ...] = (),
) -> Cells:
    """Cells on atoms; every cell of fewer than ``least`` people is small."""
    matrix, counts = np.array(members, dtype=np.int64), np.array(people, dtype=np.int64)
    sizes, count = np.abs(matrix) @ counts, range(len(members))
    return Cells(
        [() if n in unnamed else (f"figure.{n}",) for n in count],
        matrix,
        counts,
        np.full(len(members), least),
        (sizes > 0) & (sizes < least),
        np.array([n in dear for n in count]),
        np.array([n in settled for n in count]),
    )


def column(people: list[int], least: int = 5) -> Cells:
    """A column of counts with its total, the last cell."""
    parts = np.eye(len(people), dtype=int).tolist()
    return cells_of([*parts, [1] * len(people)], people, least, dear=(len(people),))


def square(rows: list[list[int]], least: int) -> Cells:
    """A table with the totals of its rows and columns and of all."""
    height, width = len(rows), len(rows[0])
    at = [[int(n == m) for m in range(height * width)] for n in range(height * width)]
    totals = [[int(m // width == n) for m in range(height * width)] for n in range(height)]
    totals += [[int(m % width == n) for m in range(height * width)] for n in range(width)]
    every = [*at, *totals, [1] * (height * width)]
    return cells_of(every, [count for row in rows for count in row], least, dear=(len(every) - 1,))


def hidden_of(cells: Cells, *already: int) -> list[int]:
    return np.flatnonzero(
        protect(cells, np.isin(np.arange(len(cells.names)), already)).is_hidden
    ).tolist()


HAND = [
    # nobody: nothing to hide
    ([9, 8, 7, 0], []),
    # one small count would be the total less the others: the smallest of the others goes too
    ([9, 8, 7, 3], [2, 3]),
    # two that add up to 4 leave three ways each, 1 to 3: one more goes
    ([9, 8, 2, 2], [1, 2, 3]),
    # two that add up to 6 leave five ways each, 1 to 5: enough
    ([9, 8, 3, 3], [2, 3]),
    # nothing but the total can hide a count that stands alone
    ([3, 0, 0], [0, 3]),
]


@pytest.mark.parametrize(("people", "hidden"), HAND, ids=str)
def test_a_column_with_its_total(people: list[int], hidden: list[int]) -> None:
    cells = column(people)
    assert hidden_of(cells) == hidden
    assert leaks(cells, protect(cells, np.zeros(len(cells.names), dtype=bool)).is_hidden) == []


def test_a_leak_names_its_range_and_what_gives_it_away() -> None:
    cells = column([9, 8, 3])
    (leak,) = leaks(cells, np.array([False, False, True, False]))
    assert (leak.cell, leak.low, leak.high, leak.given_away_by) == (2, 3, 3, (0, 1, 3))


def test_a_printed_small_number_gives_itself_away() -> None:
    (leak,) = leaks(column([9, 3]), np.zeros(3, dtype=bool))
    assert (leak.low, leak.high, leak.given_away_by) == (3, 3, (1,))


def test_a_year_less_its_half() -> None:
    """9 in the half-year, printed then; 11 in the year: the 2 of the second half would be a
    subtraction away.
    """
    cells = cells_of([[1, 0], [1, 1], [0, 1]], [9, 2], settled=(0,), unnamed=(2,))
    assert hidden_of(cells) == [1, 2]


def test_what_an_earlier_report_gives_away_stays_a_leak() -> None:
    cells = cells_of([[1, 0], [1, 1], [0, 1]], [9, 2], settled=(0, 1), unnamed=(2,))
    protected = protect(cells, np.zeros(3, dtype=bool))
    (leak,) = leaks(cells, protected.is_hidden)
    assert leak.given_away_by == (0, 1)
    assert protected.leaks == (leak,)


def test_counts_that_contradict_each_other_are_refused() -> None:
    """3 of 3 are printed, and yet someone is said to be in the other part."""
    with pytest.raises(
        ArithmeticError, match=r"the range of a hidden number could not be found: kInfeasible"
    ):
        leaks(column([3, 0]), np.array([False, True, False]))


def test_headline_figures_go_last() -> None:
    """The total of 12 is smaller than the other part of 20 it is linked with, and stays."""
    cells = cells_of([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 1, 1]], [3, 9, 11], dear=(2,))
    assert hidden_of(cells) == [0, 1]


def test_what_anybody_can_work_out_is_printed() -> None:
    """3 of 20: to hide them, the 8 or the total may go. Once the total went, the 8 are 17 less 9
    and
    are printed.
    """
    cells = cells_of([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]], [9, 8, 3], dear=(3,))
    assert hidden_of(cells) == [2, 4]
    assert hidden_of(cells, 1) == [1, 2, 4]
    is_low, hidden = np.arange(5) == 0, np.arange(5) == 1
    protected = protect(cells, hidden, is_low & ~is_low)
    assert np.flatnonzero(protected.is_hidden).tolist() == [2, 4]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(2, 5))
def test_no_hidden_count_of_a_column_can_be_worked_out(people: list[int], least: int) -> None:
    """Every way to fill in what is hidden is tried: each small count keeps ``least`` values."""
    cells = column(people, least)
    hidden = protect(cells, np.zeros(len(cells.names), dtype=bool)).is_hidden
    assert fewest_values(cells, hidden, cells.is_small, sum(people) + least) >= least


@settings(max_examples=1000, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2),
    st.integers(2, 4),
)
def test_no_hidden_count_of_a_table_can_be_worked_out(rows: list[list[int]], least: int) -> None:
    """And no number is hidden that the printed ones leave no choice of."""
    cells = square(rows, least)
    hidden = protect(cells, np.zeros(len(cells.names), dtype=bool)).is_hidden
    assert fewest_values(cells, hidden, cells.is_small, 6 + least) >= least
    assert fewest_values(cells, hidden, hidden & ~cells.is_small, 6 + least) > 1


def fewest_values(cells: Cells, hidden: np.ndarray, of: np.ndarray, most: int) -> int:
    """Of some cells, the fewest values that any could hold: by counting, with no linear program."""
    free = np.flatnonzero(cells.people > 0)
    known = cells.members @ cells.people
    # an atom that is printed by itself is known
    single = [cell for cell in np.flatnonzero(~hidden) if cells.members[cell].sum() == 1]
    alone = {int(np.flatnonzero(cells.members[cell])[0]): int(known[cell]) for cell in single}
    ways = np.array(
        list(product(*([alone[a]] if a in alone else range(most + 1) for a in free))),
        dtype=np.int64,
    )
    values = ways @ cells.members[:, free].T
    fits = (values == known)[:, ~hidden].all(axis=1) & (values >= 1)[:, hidden].all(axis=1)
    return min(
        (len(set(values[fits, cell].tolist())) for cell in np.flatnonzero(of)), default=10**6
    )

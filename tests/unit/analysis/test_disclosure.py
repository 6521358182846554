"""No hidden count can be worked out from those that are printed and their total."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.analysis.disclosure import hide, is_total_safe


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([5, 6, 0, 12], []),
        ([4, 6, 0, 12], [0, 1]),
        ([1, 6, 0, 12], [0, 1]),
        ([4, 3, 0, 12], [0, 1]),
        ([1, 1, 0, 12], [0, 1, 3]),
        ([2, 3, 0, 12], [0, 1, 3]),
        ([3, 3, 0, 12], [0, 1]),
        ([3, 6, 6, 12], [0, 1]),
        ([0, 0, 0, 0], []),
        ([3, 0, 0, 0], [0]),
        ([], []),
    ],
    ids=["at the limit", "under it", "one", "two small", "two ones", "too few to choose from", "enough to choose from",
         "first of equals", "noughts", "alone", "nothing"],
)  # fmt: skip
def test_which_counts_are_hidden(counts: list[int], hidden: list[int]) -> None:
    mask = hide(pd.Series(counts, dtype="Int64"), 5)
    assert [n for n, is_hidden in enumerate(mask) if is_hidden] == hidden


@pytest.mark.parametrize(("counts", "is_safe"), [([3, 0], False), ([1, 1], False), ([4, 6], True), ([0, 5], True)])
def test_whether_the_total_may_stand(counts: list[int], is_safe: bool) -> None:
    series = pd.Series(counts)
    assert is_total_safe(series, hide(series, 5), 5) is is_safe


def test_the_labels_of_a_column_stay() -> None:
    mask = hide(pd.Series({"East": 3, "West": 9, "North": 0}), 5)
    assert mask.to_dict() == {"East": True, "West": True, "North": False}


@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=5), below=st.integers(2, 6))
def test_what_an_attacker_can_work_out(counts: list[int], below: int) -> None:
    """Try every way to fill the hidden cells with 1 or more that makes the total: each cell keeps ``below`` values."""
    series = pd.Series(counts)
    mask = hide(series, below)
    assert all(mask[n] for n, count in enumerate(counts) if 0 < count < below)
    assert not any(mask[n] for n, count in enumerate(counts) if count == 0)
    hidden = series[mask].tolist()
    if hidden and is_total_safe(series, mask, below):
        ways = [way for way in product(range(1, sum(hidden) + 1), repeat=len(hidden)) if sum(way) == sum(hidden)]
        assert all(len({way[n] for way in ways}) >= below for n in range(len(hidden)))
    if not is_total_safe(series, mask, below):
        assert mask[series > 0].all()

"""Counting the people of any cells at once, against one cell and one contract after another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from sv_lib.figures.protection.people_counts import PeopleCounts

Part = tuple[str, str, int, int, int, frozenset[str]]
"""Measure, contract, quarter, people, who of them started, and the keys of some of them."""
PART = st.tuples(
    st.sampled_from(["NT1", "NT3"]),
    st.sampled_from(["C1", "C2"]),
    st.integers(1, 3),
    st.integers(0, 4),
    st.sampled_from([0, 0, 2]),
    st.frozensets(st.sampled_from(["p", "q"])),
)


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    """Parts of claims. A person has one row in a quarter of a contract and measure."""
    drawn = draw(st.lists(PART, min_size=1, max_size=8))
    seen: set[tuple[object, ...]] = set()
    kept = []
    for *of, people, started, keys in drawn:
        new = frozenset(key for key in keys if (*of, key) not in seen)
        seen |= {(*of, key) for key in new}
        kept.append((*of, people, started, new))
    return kept


def people_of(cell: list[Part], ref: str) -> int:
    """The people of one measure: of each contract whichever way of counting finds most."""
    mine = [part for part in cell if part[0] == ref]
    people = 0
    keys_of_contracts = 0
    for contract in {part[1] for part in mine}:
        rows = [part for part in mine if part[1] == contract]
        quarters = {part[2] for part in rows}
        most = max(
            sum(max(row[3] - len(row[5]), 0) + len(row[5]) for row in rows if row[2] == quarter)
            for quarter in quarters
        )
        keys = frozenset[str]().union(*(row[5] for row in rows))
        people += max(most, sum(row[4] for row in rows), len(keys))
        keys_of_contracts += len(keys)
    keys_of_measure = frozenset[str]().union(*(row[5] for row in mine))
    counted = people - keys_of_contracts + len(keys_of_measure)
    return max(counted, 1 if mine else 0)


ONE_AFTER_ANOTHER: list[Part] = [
    ("NT1", "C1", 1, 1, 0, frozenset("p")),
    ("NT1", "C1", 2, 1, 0, frozenset("q")),
]
"""Two persons with a key in two quarters: no quarter has more than one."""


@example(ONE_AFTER_ANOTHER, [0b11])
@settings(max_examples=300)
@given(parts(), st.lists(st.integers(0, 2**8 - 1), max_size=4))
def test_the_same_as_one_cell_after_another(drawn: list[Part], cells: list[int]) -> None:
    """Each cell holds the parts whose bits are set in its number."""
    columns = ["measure_ref", "contract_id", "period_end", "people", "started", "persons"]
    frame = pd.DataFrame(drawn, columns=columns)
    frame["persons"] = [tuple(sorted(keys)) or None for keys in frame["persons"]]
    frame["atom"] = np.arange(len(drawn))
    held = [[cell >> place & 1 for place in range(len(drawn))] for cell in cells]
    members = csr_array(np.array(held, dtype=np.int64).reshape(len(cells), len(drawn)))
    refs = sorted({part[0] for part in drawn})
    wanted = [
        [people_of([p for p, is_in in zip(drawn, row, strict=True) if is_in], ref) for ref in refs]
        for row in held
    ]
    assert PeopleCounts(frame).of(members).tolist() == wanted

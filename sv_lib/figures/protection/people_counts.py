"""How many people stand behind groups of claims, each person counted once.

The rule is that of ``toms.people``, for any set of claims: of each contract and measure the largest
quarter, or all who started, or all persons with a key, whichever is most; and a person with a key
stands once under a measure, whatever the contract.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from sv_lib.analysis.disclosure import Ints

AT_A_TIME = 2000
"""Cells counted together: all of them would not fit in memory."""
LEVELS = {
    "measure": ["measure_ref"],
    "group": ["measure_ref", "contract_id"],
    "quarter": ["measure_ref", "contract_id", "period_end"],
}


class PeopleCounts:
    """The people of atoms by measure, contract and quarter, ready to be counted for any cells."""

    def __init__(self, people: pd.DataFrame) -> None:
        """``people``: a row a part of a claim, with the ``atom`` that it belongs to.

        Further columns ``measure_ref, contract_id, period_end, people, started, persons``.
        """
        numbers = {
            level: people.groupby(keys, dropna=False).ngroup() for level, keys in LEVELS.items()
        }
        rows = people.fillna({"people": 0, "started": 0}).assign(one=1, **numbers)
        keyed = rows[rows["persons"].notna()].explode("persons")
        with_key = keyed["one"].groupby(level=0).sum().reindex(rows.index, fill_value=0)
        free = rows.assign(people=(rows["people"] - with_key).clip(lower=0))
        # A person on two claims of one quarter is one.
        once = keyed.drop_duplicates(["quarter", "persons"]).assign(people=1)
        self._by_quarter = _matrix(pd.concat([free, once]), rows, "quarter", "people")
        self._started = _matrix(rows, rows, "group", "started")
        self._is_of = _matrix(rows, rows, "measure", "one")
        self._persons = {level: _persons(keyed, rows, level) for level in ("group", "measure")}
        self._first_quarters = _firsts(rows, "quarter", "group")
        self._first_groups = _firsts(rows, "group", "measure")

    def of(self, members: Any) -> Ints:
        """People of each cell by measure; one at least where it holds somebody of the measure.

        ``members``: sparse, cells x atoms, not 0 where the atom belongs to the cell. The measures
        come in the order of their references.
        """
        # All cells at once would not fit in memory.
        starts = range(0, members.shape[0], AT_A_TIME)
        parts = [self._of_some(members[start : start + AT_A_TIME]) for start in starts]
        nobody = np.zeros((0, self._is_of.shape[1]), dtype=np.int64)
        return np.vstack([nobody, *parts])

    def _of_some(self, members: Any) -> Ints:
        is_member = abs(members)
        by_quarter = (is_member @ self._by_quarter).toarray()
        most = np.maximum.reduceat(by_quarter, self._first_quarters, axis=1)
        started = (is_member @ self._started).toarray()
        with_key = {
            level: ((is_member @ atoms).sign() @ levels).toarray()
            for level, (atoms, levels) in self._persons.items()
        }
        in_group = np.maximum.reduce([most, started, with_key["group"]])
        every = np.add.reduceat(in_group, self._first_groups, axis=1)
        # A person with a key is one under several contracts.
        counted = np.add.reduceat(with_key["group"], self._first_groups, axis=1)
        people = every - counted + with_key["measure"]
        is_any = (is_member @ self._is_of).toarray() > 0
        return np.asarray(np.maximum(people, is_any), dtype=np.int64)


def _matrix(some: pd.DataFrame, rows: pd.DataFrame, column: str, amount: str) -> Any:
    """Atoms x numbers of a column: how much some rows hold of each."""
    places = some["atom"].to_numpy(), some[column].to_numpy()
    size = rows["atom"].max() + 1, rows[column].max() + 1
    return csr_array((some[amount].to_numpy(dtype=np.int64), places), shape=size)


def _persons(keyed: pd.DataFrame, rows: pd.DataFrame, level: str) -> tuple[Any, Any]:
    """Atoms x persons of a level (contract and measure, or measure), and persons x levels."""
    person = keyed.groupby([level, "persons"], sort=False).ngroup().to_numpy()
    count = person.max(initial=-1) + 1
    ones = np.ones(len(keyed), dtype=np.int64)
    atoms = csr_array((ones, (keyed["atom"].to_numpy(), person)), (rows["atom"].max() + 1, count))
    levels = csr_array((ones, (person, keyed[level].to_numpy())), (count, rows[level].max() + 1))
    return atoms, levels.sign()


def _firsts(rows: pd.DataFrame, finer: str, coarser: str) -> Ints:
    """The first number of the finer level in each of the coarser, which hold them in order."""
    pairs = rows.drop_duplicates(finer).sort_values(finer)
    return np.unique(pairs[coarser].to_numpy(), return_index=True)[1]

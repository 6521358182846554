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
        self._group_of_quarter = _coarser(rows, "quarter", "group")
        measures = _coarser(rows, "group", "measure")
        ones = np.ones(len(measures), dtype=np.int64)
        self._of_measure = csr_array((ones, (np.arange(len(measures)), measures)))

    def of(self, members: Any) -> Ints:
        """People of each cell by measure; one at least where it holds somebody of the measure.

        ``members``: sparse, cells x atoms, not 0 where the atom belongs to the cell. The measures
        come in the order of their references.
        """
        is_member = abs(members)
        most = _largest(is_member @ self._by_quarter, self._group_of_quarter)
        with_key = {
            level: (is_member @ atoms).sign() @ levels
            for level, (atoms, levels) in self._persons.items()
        }
        in_group = most.maximum(is_member @ self._started).maximum(with_key["group"])
        # A person with a key is one under several contracts.
        without_key = in_group - with_key["group"]
        people = without_key @ self._of_measure + with_key["measure"]
        is_any = (is_member @ self._is_of).sign()
        return np.asarray(people.maximum(is_any).toarray(), dtype=np.int64)


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


def _coarser(rows: pd.DataFrame, finer: str, coarser: str) -> Ints:
    """The number of the coarser level that each number of the finer one belongs to."""
    pairs = rows.drop_duplicates(finer).sort_values(finer)
    return pairs[coarser].to_numpy(dtype=np.int64)


def _largest(amounts: Any, group_of: Ints) -> Any:
    """The largest amount of each row in each group of columns, sparse.

    ``group_of``: of each column; the columns of a group stand together.
    """
    amounts.sort_indices()
    rows, groups = amounts.shape[0], group_of[-1] + 1
    row = np.repeat(np.arange(rows), np.diff(amounts.indptr))
    place = row * groups + group_of[amounts.indices]
    first = np.flatnonzero(np.diff(place, prepend=-1))
    largest = np.maximum.reduceat(amounts.data, first)
    return csr_array((largest, np.divmod(place[first], groups)), shape=(rows, groups))

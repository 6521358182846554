"""What an earlier publication gives away is said, since it can no longer be hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import Cells, Leak
from sv_lib.figures.protection.narrative import HIDDEN_CELL, given_away_earlier, without_people
from sv_lib.figures.saved import Secrets

NONE = np.zeros(3, dtype=bool)
CELLS = Cells(
    names=[("people.half",), ("people.year",), ()],
    members=np.array([[1, 0], [1, 1], [0, 1]]),
    people=np.array([9, 2]),
    least=np.array([5, 5, 5]),
    is_small=np.array([False, False, True]),
    suppress_last=NONE,
    already_published=np.array([True, True, False]),
)
"""9 people in the half-year, 11 in the year: both printed, so the 2 between them are known."""


def test_a_leak_is_a_finding_that_names_what_was_printed() -> None:
    secrets = Secrets(
        figures={},
        words=frozenset(),
        rows=frozenset(),
        cells=CELLS,
        is_hidden=NONE,
        leaks=(Leak(2, 2, 2, (0, 1)),),
        people_measures=frozenset(),
        on_many=frozenset(),
    )
    (found,) = given_away_earlier(secrets)
    assert (found.severity, found.file) == ("warn", "figures.csv")
    assert found.found == (
        "a difference of printed figures can be narrowed to 4 numbers or fewer "
        "from people.half, people.year"
    )


def test_a_correction_of_a_return_repeats_no_cell() -> None:
    cells = {"key": "R1", "expected": "3", "value": "4", "why": "Three were hired", "row": 2}
    corrections = pd.DataFrame(
        [{"table": "returns", "who": "A", **cells}, {"table": "payments", "who": "B", **cells}]
    )
    of_returns, of_payments = without_people(corrections).to_dict("records")
    assert of_returns == {"table": "returns", "who": "A", **dict.fromkeys(cells, HIDDEN_CELL)}
    assert of_payments == {"table": "payments", "who": "B", **cells}


def test_corrections_of_other_tables_stay_as_they_are() -> None:
    corrections = pd.DataFrame({"table": ["payments"], "key": ["X1"]})
    assert without_people(corrections).equals(corrections)

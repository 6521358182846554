"""What an earlier publication gives away is said, since it can no longer be hidden."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import Cells, Leak
from sv_lib.figures.protection.narrative import (
    HIDDEN_CELL,
    SEE_PAPERS,
    given_away_earlier,
    without_cell,
    without_cells,
)
from sv_lib.figures.saved import Calculation, Secrets
from sv_lib.figures.trail import Trail
from sv_lib.intake.findings import finding

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
        whole=Calculation(Trail(), {}),
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


def test_a_correction_repeats_no_cell() -> None:
    cells = {"key": "R1", "expected": "3", "value": "4", "why": "Three were hired", "row": 2}
    corrections = pd.DataFrame(
        [
            {"table": "returns", "who": "Finance", **cells},
            {"table": "payments", "who": "jo@firm.example", **cells},
        ]
    )
    of_returns, of_payments = without_cells(corrections).to_dict("records")
    masked = dict.fromkeys(cells, HIDDEN_CELL)
    assert of_returns == {"table": "returns", "who": "Finance", **masked}
    assert of_payments == {"table": "payments", "who": HIDDEN_CELL, **masked}


def test_a_finding_on_a_row_says_what_kind_it_is_and_repeats_no_cell() -> None:
    over = finding(
        "claims.over_people", "r.csv", 7, "quantity", quantity=9, unit="weeks", people=1, most=13
    )
    told = without_cell(over)
    assert (told.file, told.row, told.column) == ("r.csv", 7, "quantity")
    assert told.found == told.problem == "More than so many people can do"
    assert not any(digit in f"{told.found}{told.problem}{told.remedy}" for digit in "19")


def test_a_finding_with_an_example_of_a_cell_does_not_show_it() -> None:
    loose = finding(
        "links.loose", "p.csv", rows="3 rows", example="S9", target="suppliers", otherwise="lost"
    )
    told = without_cell(loose)
    assert "S9" not in told.found and told.remedy == SEE_PAPERS


def test_findings_on_whole_files_and_of_this_room_stay_as_they_are() -> None:
    later = finding("publication.after_the_day", "e.csv", rows=3, day="2022-06-30")
    own = finding("protection.contact", "e.csv", 4, "contact")
    assert [without_cell(one) for one in (later, own)] == [later, own]

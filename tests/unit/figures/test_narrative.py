"""What an earlier publication gives away is said, since it can no longer be hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import HIDDEN, NOT_PRINTED, Band, Cells, Leak, Way
from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.narrative import (
    HIDDEN_CELL,
    SEE_PAPERS,
    given_away,
    of_the_decision,
    without_cell,
    without_cells,
)
from sv_lib.figures.saved import Calculation, Secrets
from sv_lib.figures.trail import Trail
from sv_lib.intake.findings import finding
from sv_lib.periods import Period

DAY = date(2022, 5, 31)
WAYS = (Way(9, 9), Way(11, 11), NOT_PRINTED)
CELLS = Cells(
    names=[("people.half",), ("people.year",), ()],
    members=np.array([[1, 0], [1, 1], [0, 1]]),
    people=np.array([9, 2]),
    needed=np.array([4, 4, 4]),
    is_small=np.array([False, False, True]),
    suppress_last=np.zeros(3, dtype=bool),
    ways=[(way,) for way in WAYS],
)
"""9 people in the half-year, 11 in the year: both printed, so the 2 between them are known."""


def few(name: str) -> Figure:
    return Figure(name, "count", "People", 3, "people", Period(DAY, DAY), "count")


def test_what_was_decided_is_told_without_naming_a_group() -> None:
    secrets = Secrets(
        whole=Calculation(Trail(), {}),
        figures={name: few(name) for name in ("people.few", "people.silent")},
        words=frozenset(),
        rows=frozenset(),
        cells=replace(CELLS, names=[("people.few",), ("people.silent",), ()]),
        printed=(Way(1, 4, Band(0, 4)), HIDDEN, NOT_PRINTED),
        leaks=(Leak(2, 2, 2, (0, 1)),),
        decided_anew=("2021-annual",),
        people_measures=frozenset(),
        on_many=frozenset(),
    )
    found = {one.id: one.found for one in of_the_decision(secrets)}
    assert found == {
        "protection.ranges": "1 hidden counts of people are told as a range, 1 not at all",
        "protection.decided_anew": (
            "no run of 2021-annual with its working papers lies beside this one"
        ),
        "protection.given_away_earlier": (
            "1 hidden numbers can be told too closely from what was published before"
        ),
    }
    assert given_away(secrets).to_dict("records") == [
        {
            "shown_by": "a difference of printed figures",
            "low": 2,
            "high": 2,
            "given_away_by": "people.few, people.silent",
        }
    ]


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

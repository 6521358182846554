"""A sentence of the council's own that tells a hidden number is left out, with a finding."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sv_lib.figures.figure import Figure
from sv_lib.figures.protection.own_words import HiddenNumbers, leave_out
from sv_lib.periods import Period

YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
JOBS = "lens.jobs.E05990001.beneficiary"
VALUE = "contract.C0152.delivered"
FIGURES = [
    Figure(JOBS, "total", "Mill End: jobs by beneficiary", 3, "people", YEAR, "sum"),
    Figure(VALUE, "total", "Delivered by one contract", 4_710_437, "pence", YEAR, "sum"),
]
HIDDEN = HiddenNumbers(FIGURES, {"Wilhelmina Quoxby", "R00017"})


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("In Mill End 3 residents found work.", JOBS),
        ("Local people into work so far: 3, all in mill end (hires).", JOBS),
        ("E05990001: 3", JOBS),
        ("C0152 delivered £47,104 so far.", VALUE),
        ("C0152 delivered £47.1k so far.", VALUE),
        ("In all £47,104.37 came of it.", VALUE),
        ("Wilhelmina Quoxby came to the depot.", "a name or a claim that is not public"),
        ("Claim R00017 was late.", "a name or a claim that is not public"),
    ],
)
def test_a_sentence_that_tells_is_found(sentence: str, told: str) -> None:
    assert HIDDEN.told_by(sentence) == told


@pytest.mark.parametrize(
    "sentence",
    [
        "In Mill End 3 contracts end soon.",
        "Mill End meets on 3 May 2022.",
        "In Mill End 13 residents found work.",
        "In Mill End 3% of residents found work.",
        "In North 3 residents found work.",
        "C0152 cost £46,900.",
        "Nobody was counted.",
    ],
)
def test_a_sentence_on_something_else_stays(sentence: str) -> None:
    assert HIDDEN.told_by(sentence) is None


def test_only_the_sentence_goes_and_the_finding_names_the_cell() -> None:
    actions = pd.DataFrame(
        {
            "action": ["Visit the depot", None],
            "progress": ["Begun. In Mill End 3 people were hired! More to come.", "Done."],
            "source_file": "inputs/actions.csv",
            "source_row": [2, 3],
        }
    )
    kept, (found,) = leave_out("actions", actions, HIDDEN)
    assert kept["progress"].tolist() == ["Begun. [c] More to come.", "Done."]
    assert (found.severity, found.file, found.row, found.column) == (
        "warn",
        "inputs/actions.csv",
        2,
        "progress",
    )
    assert found.found == f"a sentence that may tell {JOBS}, which is hidden to protect people"

"""A sentence of the council's own that tells a hidden number is left out, with a finding."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from made_once import calculate
from small_council import inputs, publication

from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.protection.own_words import HiddenNumbers, leave_out
from sv_lib.periods import Period

YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))


def hidden(figure_id: str, label: str, value: Value, unit: str) -> Figure:
    return Figure(figure_id, "total", label, value, unit, YEAR, "sum")


FIGURES = {
    "jobs": hidden("lens.jobs.E05990001.beneficiary", "North: jobs by beneficiary", 3, "people"),
    "leavers": hidden("people.NT5.this", "Care leavers employed: started", 4, "people"),
    "all": hidden("people.all", "Local people into work: started in the period", 12, "people"),
    "weeks": hidden("lens.weeks.E05990001.place", "North: weeks by place", 21, "weeks"),
    "fte": hidden("measure.NT5.all", "Care leavers employed: claimed", Decimal("1.43"), "FTE"),
    "paid": hidden("contract.C0152.delivered", "Claimed under one contract", 4_710_437, "pence"),
    "share": hidden("lens.share.E05990001", "North: share of jobs", Fraction(75, 2), "percent"),
    "none": hidden("lens.jobs.E05990002.place", "Mill & Lock: jobs by place", 0, "people"),
}
NAMES = {"Wilhelmina Quoxby", "R00017", "Hope"}
HIDDEN = HiddenNumbers(FIGURES.values(), NAMES, people_below=5)
TABLE = Path(__file__).with_name("phrasings.txt").read_text(encoding="utf-8")
PHRASINGS = [
    tuple(part.strip() for part in line.split("|", maxsplit=1))
    for line in TABLE.splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("figure", "sentence"), PHRASINGS)
def test_a_sentence_tells_this_figure_or_none(figure: str, sentence: str) -> None:
    told = FIGURES[figure].id if figure in FIGURES else None
    assert HIDDEN.told_by(sentence, sentence) == told


def test_the_table_has_enough_phrasings_of_both_kinds() -> None:
    harmless = [sentence for figure, sentence in PHRASINGS if figure == "-"]
    assert len(harmless) >= 20 and len(set(PHRASINGS)) - len(harmless) >= 60


@pytest.mark.parametrize("name", ["Wilhelmina Quoxby", "WILHELMINA  quoxby", "R00017", "r00017"])
def test_a_name_or_a_claim_that_is_not_public_is_found(name: str) -> None:
    assert HIDDEN.told_by(f"Ask {name}: they know.") == "a name or a claim that is not public"
    assert HIDDEN.told_by("We hope for more.") is None


def test_what_a_bare_number_counts_may_stand_anywhere_in_its_row() -> None:
    assert HIDDEN.told_by("So far: 3.", "Care for the canal So far: 3.") is None
    assert HIDDEN.told_by("So far: 3.", "Find jobs for residents So far: 3.") == FIGURES["jobs"].id
    assert HIDDEN.told_by("So far: 3 lamps.", "Find jobs in North So far: 3 lamps.") is None


def test_only_the_sentence_goes_and_the_finding_names_the_cell() -> None:
    actions = pd.DataFrame(
        {
            "action": ["Visit the depot", None],
            "progress": ["Begun. In North 3 people were hired! More to come.", "Done."],
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
    what = "lens.jobs.E05990001.beneficiary"
    assert found.found == f"a sentence that may tell {what}, which is hidden to protect people"


ACTION = "Place people | Officer | 2022-06-01 | late"
ACTIONS = f"""action_id | action | owner | due_on | status | progress
A1 | {ACTION} | Local people into work so far: 2, all in West (2 hires)
A2 | {ACTION} | So far (2).
A3 | {ACTION} | Both wards have 2 schools each, and met on 2 May 2022.
"""


@pytest.mark.parametrize("profile", ["public", "exempt"])
def test_a_calculation_leaves_it_out_of_the_public_build_alone(profile: str) -> None:
    tables = calculate(publication(profile), inputs(actions=ACTIONS)).tables
    of_actions = tables["findings"][tables["findings"]["file"] == "inputs/actions.csv"]
    left_out = ["progress", "progress"] if profile == "public" else []
    assert of_actions["column"].tolist() == left_out
    whole = (tables["actions"]["progress"] != "[c]").tolist()
    assert whole == [profile == "exempt", profile == "exempt", True]

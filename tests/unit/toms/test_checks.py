"""Each finding of the method: where, what and how grave; and a sound set of inputs has none."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from frames import council, frame

from sv_lib.intake.findings import Finding
from sv_lib.intake.findings import catalogue as words
from sv_lib.toms import checks
from sv_lib.toms.checks import findings
from sv_lib.toms.measures import catalogue

DAY = date(2022, 6, 30)
MEASURES = catalogue()
TABLES_NEEDED = ("returns", "commitments", "contracts", "contract_changes", "milestones", "proxies")


def found(day: date = DAY, **drawings: str) -> list[Finding]:
    """Findings on a sound set of inputs in which some tables are drawn anew."""
    sound = {
        "returns": "quantity | headcount\n1 | 1",
        "commitments": "quantity\n10",
        "contracts": "contract_id\nC1",
        "contract_changes": "",
        "milestones": "",
        "proxies": "proxy\n200",
    }
    frames: dict[str, pd.DataFrame] = {
        name: frame(name, drawing) for name, drawing in {**sound, **drawings}.items()
    }
    return findings(frames, MEASURES, council(), day)


def test_every_finding_of_the_method_has_its_words() -> None:
    """And every entry is raised: the tests go through each branch of the module."""
    source = Path(checks.__file__).read_text(encoding="utf-8")
    entries = {name for name in words() if name.startswith("toms.")}
    assert set(re.findall(r'"(toms\.\w+)"', source)) == entries


def test_sound_inputs_have_no_finding() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("table", "drawing", "severity", "column", "problem"),
    [
        (
            "returns",
            "measure_ref | quantity | headcount\nXX1 | 1 | 1",
            "stop",
            "measure_ref",
            "it is not a measure of the catalogue, so it cannot be valued",
        ),
        (
            "commitments",
            "measure_ref\nXX1",
            "stop",
            "measure_ref",
            "it is not a measure of the catalogue, so it cannot be valued",
        ),
        (
            "contracts",
            "contract_id | edition\nC1 | ",
            "warn",
            "contract_id",
            "its contract names no edition: no price",
        ),
        (
            "contracts",
            "contract_id | edition\nC1 | older-1999",
            "warn",
            "measure_ref",
            "NT10 is not in older-1999, its contract's edition: no price",
        ),
        (
            "proxies",
            "measure_ref | unit\nNT12 | weeks",
            "warn",
            "measure_ref",
            "there is no proxy for NT10 in illustrative-2020: left without a price",
        ),
        (
            "returns",
            "state | headcount\nvalidated | 1",
            "warn",
            "validated_on",
            "the claim is marked validated without a date, and states are taken from their dates",
        ),
        (
            "returns",
            "state | headcount\nrejected | 1",
            "stop",
            "rejected_on",
            "the claim is marked rejected without a date, and states are taken from their dates",
        ),
        (
            "returns",
            "attribution | headcount\n0.99 | 1",
            "warn",
            "attribution_reason",
            "an attribution below 1 is given without a reason",
        ),
        (
            "returns",
            "quantity\n1",
            "warn",
            "people_in_post",
            "NT10 counts people, and no number of people is given",
        ),
        (
            "returns",
            "quantity\n-1",
            "stop",
            "quantity",
            "a negative quantity that corrects no claim",
        ),
        (
            "returns",
            "quantity | headcount | corrects_claim_id\n1 | 1 | R9",
            "stop",
            "corrects_claim_id",
            "there is no such claim",
        ),
        (
            "returns",
            "measure_ref | quantity | corrects_claim_id\nNT39 | 1 |\nNT10 | -1 | R1",
            "stop",
            "corrects_claim_id",
            "that claim is of another contract or measure",
        ),
        (
            "returns",
            "quantity | headcount | corrects_claim_id\n1 | 1 |\n-2 | | R1",
            "stop",
            "quantity",
            "with what was taken off before, it takes off more than claim R1 has",
        ),
        (
            "returns",
            "quantity | headcount | corrects_claim_id\n3 | 1 |\n-2 | | R1\n-2 | | R1",
            "stop",
            "quantity",
            "with what was taken off before, it takes off more than claim R1 has",
        ),
        (
            "returns",
            "quantity | headcount | corrects_claim_id\n3 | 1 |\n-2 | -2 | R1",
            "stop",
            "headcount",
            "with what was taken off before, it takes off more than claim R1 has",
        ),
        (
            "returns",
            "quantity | headcount | corrects_claim_id\n3 | 1 |\n-2 | | R1\n1 | | R2",
            "stop",
            "corrects_claim_id",
            "that row is a correction itself, and a correction changes a claim",
        ),
        (
            "contract_changes",
            "contract_id | changed_on | what | from | to\n"
            "C1 | 2022-01-01 | last day | soon | later",
            "stop",
            "what",
            "what was due before a change follows from what was there before: here of 'last day'",
        ),
        (
            "contract_changes",
            "contract_id | changed_on | what | from | to\n"
            "C1 | 2022-01-01 | last day | 2022-01-01 | 2023-11-29",
            "warn",
            "to",
            "the next change of this 'last day', or the register as it is, begins with another",
        ),
        (
            "returns",
            "headcount | commitment_id\n1 | P9",
            "warn",
            "commitment_id",
            "there is no such commitment",
        ),
        (
            "returns",
            "measure_ref | commitment_id\nNT39 | P1",
            "warn",
            "commitment_id",
            "that commitment is of another contract or measure",
        ),
        (
            "milestones",
            "commitment_id | due_on | quantity\nP1 | 2022-01-01 | 9",
            "warn",
            "quantity",
            "the milestones of P1 do not add up to its promise of 10",
        ),
        (
            "proxies",
            "proxy\n200\n300",
            "stop",
            "measure_ref",
            "it has a second price in illustrative-2020",
        ),
        (
            "proxies",
            "measure_ref\nNT10\nXX1",
            "warn",
            "measure_ref",
            "it is not a measure of the catalogue: not used",
        ),
        (
            "proxies",
            "edition\nillustrative-2020\nolder-1999",
            "stop",
            "edition",
            "council.yaml declares no such edition, so its dates and source are not known",
        ),
        (
            "contracts",
            "contract_id | awarded_on\nC1 | 2019-11-30",
            "warn",
            "edition",
            "awarded on 2019-11-30, before the edition's first day, 2019-12-01",
        ),
        ("proxies", "unit\nhours", "stop", "unit", "NT10 is counted in weeks"),
        (
            "proxies",
            "measure_ref | unit | proxy\nNT10 | weeks | 200\nNT28 | GBP | 1.1",
            "stop",
            "proxy",
            "NT28 counts a pound for a pound",
        ),
        (
            "proxies",
            "measure_ref | unit | proxy\nNT10 | weeks | 200\nNT39 | sessions | 5",
            "warn",
            "proxy",
            "NT39 is recorded only: the price is not used",
        ),
    ],
)
def test_one_fault_one_finding(
    table: str, drawing: str, severity: str, column: str, problem: str
) -> None:
    said = {(one.severity, one.file, one.column, one.problem) for one in found(**{table: drawing})}
    where = (
        "inputs/commitments.csv"
        if table == "contracts" and column != "edition"
        else f"inputs/{table}.csv"
    )
    where = "inputs/returns.csv" if problem.startswith("there is no proxy") else where
    assert (severity, where, column, problem) in said


@pytest.mark.parametrize(
    "drawing",
    [
        "quantity | headcount | corrects_claim_id\n1 | 1 |\n-1 | | R1",
        "attribution | attribution_reason | headcount\n0.5 | shared with C2 | 1",
        "state | validated_on | headcount\nvalidated | 2022-06-20 | 1",
        "quantity | commitment_id | headcount\n1 | P1 | 1",
        "attribution | headcount\n1 | 1",
    ],
)
def test_the_sound_side_of_each_boundary(drawing: str) -> None:
    assert found(returns=drawing) == []


def test_a_price_of_one_and_a_blank_are_sound_for_money_invested() -> None:
    assert (
        found(
            proxies="measure_ref | unit | proxy\nNT10 | weeks | 200\nNT28 | GBP | 1\nNT26 | GBP |"
        )
        == []
    )


def test_milestones_that_add_up_are_sound_and_those_of_nothing_are_anothers_finding() -> None:
    assert (
        found(
            milestones="commitment_id | due_on | quantity\nP1 | 2022-01-01 | 4\nP1 | 2022-02-01 | 6"
        )
        == []
    )
    assert found(milestones="commitment_id | due_on | quantity\nP9 | 2022-01-01 | 4") == []


def test_an_extension_has_a_day() -> None:
    contracts = "contract_id | was_extended\nC1 | yes"
    (said,) = found(contracts=contracts)
    assert (said.severity, said.column) == ("warn", "was_extended")
    assert said.problem == (
        "contract C1 was extended to 2023-11-30, and nobody can say what was due before that was "
        "agreed"
    )
    headings = "contract_id | changed_on | what | from | to\n"
    dated = headings + "C1 | 2022-01-01 | last day | 2022-11-30 | 2023-11-30"
    assert found(contracts=contracts, contract_changes=dated) == []


def test_carbon_may_be_more_than_before() -> None:
    price = "measure_ref | unit | proxy\nNT31 | tCO2e | 70"
    rows = "measure_ref | quantity | corrects_claim_id\nNT31 | -1.5 |\nNT31 | -1 | R1"
    assert {one.severity for one in found(returns=rows, proxies=price)} == {"warn"}


@pytest.mark.parametrize(("second", "is_found"), [("0.5", False), ("0.51", True)])
def test_one_person_counts_for_one_first_year(second: str, is_found: bool) -> None:
    drawing = (
        f"measure_ref | quantity | headcount | activity_key\nNT3 | 0.5 | 1 | K1\nNT3 | "
        f"{second} | 1 | K1"
    )
    said = found(
        returns=drawing, proxies="measure_ref | unit | proxy\nNT10 | weeks | 200\nNT3 | FTE | 15000"
    )
    problem = "the person of its activity_key counts for more than a first year under NT3"
    assert [one.problem for one in said] == [problem] * is_found


def test_a_measure_outside_the_councils_set() -> None:
    said = found(returns="measure_ref\nNT39")
    assert [(one.severity, one.problem) for one in said] == [
        ("warn", "NT39 is not in the council's set 'Test set'")
    ]


def test_a_councils_set_names_known_measures() -> None:
    frames = {name: frame(name) for name in TABLES_NEEDED}
    settings = {
        "name": "s",
        "is_illustrative": True,
        "valid_from": "2019-12-01",
        "measures": ["NT10", "XX1"],
    }
    said = findings(frames, MEASURES, council(measure_set=settings), DAY)
    assert [(one.severity, one.file, one.row, one.found) for one in said] == [
        ("stop", "council.yaml", None, "XX1")
    ]


def set_of(name: str, first: str, last: str | None, *measures: str) -> dict[str, object]:
    return {
        "name": name,
        "is_illustrative": True,
        "valid_from": first,
        "valid_to": last,
        "measures": measures,
    }


NOT_IN_IT = ["NT10 is not in the council's set 'Second'"] * 2


@pytest.mark.parametrize(
    ("awarded", "problems"),
    [("2021-05-31", []), ("2021-06-01", NOT_IN_IT), ("", NOT_IN_IT)],
    ids=["under the first", "under the second", "on a day not known"],
)
def test_the_set_is_the_one_of_the_contracts_award(awarded: str, problems: list[str]) -> None:
    drawings = {
        "returns": "headcount\n1",
        "commitments": "quantity\n1",
        "proxies": "proxy\n200",
        "contract_changes": "",
        "milestones": "",
        "contracts": f"contract_id | awarded_on\nC1 | {awarded}",
    }
    frames = {name: frame(name, drawing) for name, drawing in drawings.items()}
    first, second = (
        set_of("First", "2019-01-01", "2021-05-31", "NT10"),
        set_of("Second", "2021-06-01", None, "NT1"),
    )
    settings = council(earlier_measure_sets=[first], measure_set=second)
    assert [one.problem for one in findings(frames, MEASURES, settings, DAY)] == problems


@pytest.mark.parametrize(
    ("last", "problems"), [("2022-06-30", []), ("2022-06-29", ["'Old' no longer holds"])]
)
def test_a_set_that_no_longer_holds(last: str, problems: list[str]) -> None:
    frames = {name: frame(name) for name in TABLES_NEEDED}
    said = findings(
        frames, MEASURES, council(measure_set=set_of("Old", "2019-01-01", last, "NT10")), DAY
    )
    assert [(one.severity, one.problem) for one in said] == [
        ("warn", problem) for problem in problems
    ]


def test_deadweight_is_of_known_measures() -> None:
    frames = {name: frame(name) for name in TABLES_NEEDED}
    each = {"pct": "10", "reason": "some", "source": "Cabinet"}
    methods = {
        "due_without_milestones": "straight line",
        "source": "s",
        "deadweight": {"NT10": each, "XX1": each},
    }
    said = findings(frames, MEASURES, council(methods=methods), DAY)
    assert [(one.severity, one.column, one.found) for one in said] == [
        ("stop", "methods.deadweight", "XX1")
    ]


@pytest.mark.parametrize(("day", "notes"), [(date(2027, 6, 30), 0), (date(2027, 7, 1), 3)])
def test_a_measure_past_its_review_date(day: date, notes: int) -> None:
    said = found(day=day)
    assert [one.severity for one in said] == ["note"] * notes
    files = [f"catalogue/{ref}.yaml" for ref in ("NT1", "NT3", "NT10")]
    assert [one.file for one in said] == files[:notes]


def test_a_finding_names_the_row_a_person_sees() -> None:
    said = found(returns="measure_ref | headcount\nNT10 | 1\nXX1 | 1")
    stops = [(one.file, one.row, one.found) for one in said if one.severity == "stop"]
    assert stops == [("inputs/returns.csv", 3, "XX1")]

"""What a person would look at twice: each a finding with its row, and a sound claim has none."""

from __future__ import annotations

import pytest
from frames import frame

from sv_lib.intake.findings import Finding
from sv_lib.toms.doubts import findings
from sv_lib.toms.measures import catalogue


def found(
    returns: str, commitments: str = "", beneficiaries: str = "", contracts: str = ""
) -> list[Finding]:
    frames = {
        "contracts": frame("contracts", contracts),
        "returns": frame("returns", returns),
        "commitments": frame("commitments", commitments),
        "beneficiaries": frame("beneficiaries", beneficiaries),
    }
    return findings(frames, catalogue())


NT1, NT10 = (
    "measure_ref | quantity | headcount\nNT1 |",
    "measure_ref | quantity | headcount\nNT10 |",
)
TWO = "claim_id | quantity | headcount | activity_key\nR1 | 2 | 1 | {}\nR2 | 2 | 1 | {}"


@pytest.mark.parametrize(
    ("returns", "finding_id", "severity", "row"),
    [
        (f"{NT1} 0.26 | 1", "claims.over_people", "warn", 2),
        (f"{NT10} 27 | 2", "claims.over_people", "warn", 2),
        (f"{NT1} 0 | 1", "claims.no_quantity", "warn", 2),
        (f"{NT1} 0.1 | 0", "claims.nobody", "warn", 2),
        ("reported_on\n2022-04-29", "claims.early", "warn", 2),
        ("period_end\n2023-05-31", "claims.early", "warn", 2),
        (TWO.format("A", "B"), "claims.twice", "warn", 3),
        (TWO.format("", ""), "claims.twice", "warn", 3),
        (TWO.format("A", "A"), "claims.twice_by_key", "stop", 3),
    ],
    ids=[
        "FTE",
        "weeks",
        "no quantity",
        "nobody",
        "early",
        "in the future",
        "twice",
        "twice without keys",
        "twice by key",
    ],
)
def test_one_doubt_one_finding(returns: str, finding_id: str, severity: str, row: int) -> None:
    (said,) = found(returns)
    assert (said.id, said.severity, said.row) == (finding_id, severity, row)


@pytest.mark.parametrize(
    "returns",
    [
        f"{NT1} 0.25 | 1",
        f"{NT10} 26 | 2",
        f"{NT10} 27 |",
        "reported_on\n2022-04-30",
        TWO.format("A", "A").replace("R2 | 2", "R2 | 3"),
        "claim_id | state\nR1 | rejected\nR2 | reported",
        "claim_id | quantity | corrects_claim_id\nR1 | 1 |\nR2 | -1 | R1\nR3 | -1 | R1",
    ],
)
def test_a_sound_claim_has_none(returns: str) -> None:
    assert found(returns) == []


def test_both_rows_of_a_claim_typed_twice_are_named() -> None:
    (said,) = found(TWO.format("", ""))
    assert said.found == "R2, as R1 on row 2 of inputs/returns.csv"


@pytest.mark.parametrize(
    ("promised", "ids"), [("6", ["claims.far_above"]), ("6.5", [])], ids=["far", "near"]
)
def test_claims_far_above_their_promise(promised: str, ids: list[str]) -> None:
    returns = "claim_id | quantity | commitment_id\nR1 | 4 | P1\nR2 | 9 | P1"
    said = found(returns, f"quantity\n{promised}")
    assert [(one.id, one.row) for one in said] == [(finding_id, 3) for finding_id in ids]


def test_a_measure_that_the_contract_did_not_promise() -> None:
    (said,) = found(f"{NT1} 0.1 | 1", "measure_ref\nNT10")
    assert (said.id, said.severity) == ("claims.never_promised", "note")
    assert said.problem == "C1 promised other measures, and not this one"


@pytest.mark.parametrize(
    ("homes", "stops"), [("1", []), ("2", ["claims.too_many_homes"])], ids=["as many", "more"]
)
def test_more_homes_than_people(homes: str, stops: list[str]) -> None:
    drawn = f"claim_id | headcount\nR1 | 1\nR1 | {homes}"
    said = found("quantity | headcount\n1 | 2", beneficiaries=drawn)
    assert [one.id for one in said if one.severity == "stop"] == stops


@pytest.mark.parametrize(
    ("people", "ids"),
    [
        ("people_in_post\nNT1 | 0.5 | 1", ["claims.over_people"]),
        ("people_started\nNT1 | 0.5 | 2", []),
        ("people_started\nNT1 | 0 | 2", ["claims.no_quantity"]),
    ],
    ids=["in post", "started", "nil"],
)
def test_people_are_those_in_post_or_started(people: str, ids: list[str]) -> None:
    said = found(f"measure_ref | quantity | {people}")
    assert [one.id for one in said] == ids


def test_more_homes_than_those_who_started() -> None:
    homes = "claim_id | headcount\nR1 | 2"
    said = found("quantity | people_started | people_in_post\n1 | 1 | 9", beneficiaries=homes)
    assert [one.found for one in said] == ["2 people with homes for R1"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("3 | 1", []),
        ("2 | 2", ["2 people who began with homes for R1"]),
        ("4 | 1", ["3 people who went on with homes for R1"]),
        ("1 | 2", ["2 began, of 1", "2 people who began with homes for R1"]),
    ],
    ids=["all told", "too many began", "too many went on", "more than there are"],
)
def test_homes_of_those_who_began_and_of_those_who_went_on(row: str, said: list[str]) -> None:
    """One started and two are in post, so at most one began and two went on."""
    homes = f"claim_id | headcount | people_started\nR1 | {row}"
    returns = "quantity | people_started | people_in_post\n0.5 | 1 | 2"
    stops = [one for one in found(returns, beneficiaries=homes) if one.severity == "stop"]
    assert [one.found for one in stops] == said


def test_homes_of_those_who_began_where_the_return_does_not_say_who_started() -> None:
    homes = "claim_id | headcount | people_started\nR1 | 3 | 3"
    assert found("quantity | people_in_post\n0.5 | 2", beneficiaries=homes) == []


@pytest.mark.parametrize(
    ("end", "ids"), [("2023-02-28", []), ("2023-05-31", ["claims.past_first_year"])]
)
def test_a_person_is_told_of_in_the_first_year_alone(end: str, ids: list[str]) -> None:
    returns = (
        "claim_id | measure_ref | quantity | people_in_post | period_start | period_end\n"
        "R1 | NT3 | 0.25 | 1 | 2022-03-01 | 2022-05-31\n"
        f"R2 | NT3 | 0.2 | 1 | {end[:4]}-{int(end[5:7]) - 2:02}-01 | {end}"
    )
    returns = returns.replace("2023-00-01", "2022-12-01")
    homes = "claim_id | headcount | person_key\nR1 | 1 | a1\nR2 | 1 | a1"
    said = [one for one in found(returns, beneficiaries=homes) if one.id != "claims.early"]
    assert [(one.id, one.row) for one in said] == [(finding_id, 3) for finding_id in ids]
    assert "a1" not in "".join(one.found + one.problem for one in said)


@pytest.mark.parametrize(
    ("ref", "life", "ids"),
    [
        ("NT1", "2020-12-01 | 2022-02-28", ["claims.outside_contract"]),
        ("NT10", "2020-12-01 | 2022-02-28", ["claims.after_contract"]),
        ("NT10", "2022-06-01 | 2023-02-28", ["claims.outside_contract"]),
        ("NT1", "2020-12-01 | 2022-03-01", []),
    ],
    ids=["ended", "may go on", "not begun", "ended within"],
)
def test_a_claim_belongs_to_the_life_of_its_contract(ref: str, life: str, ids: list[str]) -> None:
    contracts = f"contract_id | starts_on | ends_on\nC1 | {life}"
    said = found(f"measure_ref | quantity | headcount\n{ref} | 0.1 | 1", contracts=contracts)
    assert [one.id for one in said] == ids

"""What a person who knows contracts would check of the demonstration: people, days and law."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from scripts.demo.contracts import KNOWN_UNTIL, QUIET_WARDS
from scripts.demo.files import Row, pounds
from scripts.demo.people import JOBS, PEOPLE
from scripts.demo.returns import OLD_FORM_UNTIL
from sv_lib.params import load

Rows = dict[str, list[Row]]
PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")
ACT_BEGAN = date(2025, 2, 24)
KINDS = ("two contracts at once", "the next contract", "from course to job", "target group")
"""How a person with a code goes on under it."""
A_QUARTER = {"FTE": Decimal("0.25"), "weeks": Decimal(13)}


def number(row: Row, column: str) -> int:
    """Return a whole number of a row; 0 where it is blank."""
    return int(str(row.get(column) or 0))


def day(row: Row, column: str) -> date:
    found = row[column]
    assert isinstance(found, date), (column, row)
    return found


def people(row: Row) -> int:
    """Whoever can have added to the quarter."""
    columns = ("headcount", "people_started", "people_in_post")
    return max(number(row, column) for column in columns)


@pytest.fixture(scope="session")
def of_people(rows: Rows) -> list[Row]:
    return [row for row in rows["returns"] if row["measure_ref"] in PEOPLE]


@pytest.fixture(scope="session")
def on_new_form(of_people: list[Row]) -> list[Row]:
    return [row for row in of_people if row.get("headcount") is None]


def consecutive(claims: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield claims of one contract and measure in two quarters that follow each other."""
    by_quarter = {
        (row["contract_id"], row["measure_ref"], row["period_start"]): row for row in claims
    }
    for row in claims:
        after = day(row, "period_end") + timedelta(days=1)
        later = by_quarter.get((row["contract_id"], row["measure_ref"], after))
        if later:
            yield row, later


def test_nobody_works_or_learns_more_than_a_whole_quarter(of_people: list[Row]) -> None:
    assert len(of_people) > 900
    for row in of_people:
        unit = "FTE" if row["measure_ref"] in JOBS else "weeks"
        assert 0 < Decimal(str(row["quantity"])) <= people(row) * A_QUARTER[unit], row


def test_people_stand_beside_every_quantity_that_counts_them_and_no_other(rows: Rows) -> None:
    for row in rows["returns"]:
        assert (people(row) > 0) == (row["measure_ref"] in PEOPLE), row
        assert row["quantity"] != 0


def test_nobody_is_in_post_who_did_not_start(on_new_form: list[Row]) -> None:
    """The stock before + starts - leavers, and leavers are not fewer than none."""
    pairs = list(consecutive(on_new_form))
    assert len(pairs) > 500
    for before, after in pairs:
        most = number(before, "people_in_post") + number(after, "people_started")
        assert number(after, "people_in_post") <= most, after
    left = [
        number(before, "people_in_post") > number(after, "people_in_post")
        for before, after in pairs
    ]
    assert sum(left) > 50, "people leave"


def test_target_groups_are_a_part_of_those_into_work(on_new_form: list[Row]) -> None:
    into_work = {
        (row["contract_id"], row["period_end"]): row
        for row in on_new_form
        if row["measure_ref"] == "NT1"
    }
    parts = defaultdict(list)
    for row in on_new_form:
        where = (row["contract_id"], row["period_end"])
        if row["measure_ref"] in JOBS[1:] and where in into_work:
            parts[where].append(row)
    assert len(parts) > 60
    for where, rows in parts.items():
        for column in ("people_started", "people_in_post"):
            both = sum(number(row, column) for row in rows)
            assert both <= number(into_work[where], column), (where, column)
        quantity = sum(Decimal(str(row["quantity"])) for row in rows)
        assert quantity <= Decimal(str(into_work[where]["quantity"]))


def test_only_the_first_returns_are_on_the_old_form(of_people: list[Row]) -> None:
    old = [row for row in of_people if row.get("headcount") is not None]
    assert {day(row, "period_end") <= OLD_FORM_UNTIL for row in old} == {True}
    assert all(row.get("people_started") is None for row in old)
    assert 10 <= len(old) <= 40


def test_homes_are_told_of_everybody_and_say_who_started(rows: Rows, of_people: list[Row]) -> None:
    told, began = Counter[object](), Counter[object]()
    for row in rows["beneficiaries"]:
        told[row["claim_id"]] += number(row, "headcount")
        began[row["claim_id"]] += number(row, "people_started")
    for row in of_people:
        claim, starters = row["claim_id"], number(row, "people_started")
        stock = number(row, "headcount") or number(row, "people_in_post")
        assert began[claim] == starters
        assert max(stock, starters) <= told[claim] <= stock + starters
    known = [row for row in rows["beneficiaries"] if row["home_lsoa_code"]]
    assert 0.77 < sum(number(row, "headcount") for row in known) / told.total() < 0.84


def test_a_code_names_one_person_who_may_go_on(rows: Rows, of_people: list[Row]) -> None:
    claims = {row["claim_id"]: row for row in of_people}
    keyed = defaultdict(list)
    for row in rows["beneficiaries"]:
        if row.get("person_key"):
            assert row["headcount"] == 1
        if row.get("person_key") and row["people_started"] != 0:
            keyed[row["person_key"]].append((row, claims[row["claim_id"]]))
    assert 0.2 < len(keyed) / sum(number(row, "people_started") for row in of_people) < 0.6
    again = {key: found for key, found in keyed.items() if len(found) > 1}
    assert all(len({row["home_lsoa_code"] for row, _ in found}) == 1 for found in again.values())
    kinds = dict.fromkeys(KINDS, 0)
    for found in again.values():
        (_, first), (_, second) = found[0], found[-1]
        same_quarter = first["period_end"] == second["period_end"]
        same_contract = first["contract_id"] == second["contract_id"]
        measures = {first["measure_ref"], second["measure_ref"]}
        kinds["two contracts at once"] += same_quarter and not same_contract and measures == {"NT1"}
        kinds["the next contract"] += not same_quarter and not same_contract
        kinds["from course to job"] += measures == {"NT10", "NT1"} and same_contract
        kinds["target group"] += same_quarter and same_contract and len(measures) == 2
    assert min(kinds.values()) >= 1, kinds


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_some_dozens_of_people_start_work_in_a_half_year(on_new_form: list[Row], year: int) -> None:
    first, last = date(year, 12, 1), date(year + 1, 5, 31)
    started = sum(
        number(row, "people_started")
        for row in on_new_form
        if row["measure_ref"] == "NT1" and first <= day(row, "period_end") <= last
    )
    assert 30 < started < 90


def test_returns_come_as_they_do_to_a_council(rows: Rows) -> None:
    """Most on time, many weeks late, some months late, some never."""
    due = [row for row in rows["return_log"] if day(row, "due_on") < date(2023, 6, 1)]
    lags = [
        (day(row, "received_on") - day(row, "due_on")).days if row["received_on"] else None
        for row in due
    ]
    shares = {
        "on time": sum(lag is not None and lag <= 0 for lag in lags) / len(lags),
        "weeks late": sum(lag is not None and 0 < lag <= 45 for lag in lags) / len(lags),
        "months late": sum(lag is not None and lag > 45 for lag in lags) / len(lags),
        "never": sum(lag is None for lag in lags) / len(lags),
    }
    assert 0.55 < shares["on time"] < 0.70, shares
    assert 0.15 < shares["weeks late"] < 0.30, shares
    assert 0.04 < shares["months late"] < 0.12, shares
    assert 0.04 < shares["never"] < 0.12, shares


def test_lateness_differs_by_contract_and_by_quarter(rows: Rows) -> None:
    by_contract, by_quarter = defaultdict(list), defaultdict(list)
    for row in rows["return_log"]:
        if day(row, "quarter_end") > date(2021, 1, 1):
            on_time = bool(row["received_on"]) and str(row["received_on"]) <= str(row["due_on"])
            by_contract[row["contract_id"]].append(on_time)
            by_quarter[row["quarter_end"]].append(on_time)
    often = [sum(found) / len(found) for found in by_contract.values() if len(found) >= 5]
    assert sum(share >= 0.8 for share in often) > 0.3 * len(often)
    assert sum(share <= 0.4 for share in often) > 0.15 * len(often)
    quarters = [sum(found) / len(found) for found in by_quarter.values()]
    assert 0.08 < max(quarters) - min(quarters) < 0.4


def test_evidence_and_judgement_follow_and_take_their_time(rows: Rows) -> None:
    waits = []
    for row in rows["returns"]:
        judged = row["validated_on"] or row["rejected_on"]
        steps = [day(row, "reported_on"), row["evidenced_on"] or KNOWN_UNTIL, judged or KNOWN_UNTIL]
        assert steps == sorted(steps, key=str), row
        if row["validated_on"]:
            waits.append((day(row, "validated_on") - day(row, "reported_on")).days)
    waits.sort()
    assert 30 < waits[len(waits) // 2] < 90
    assert waits[-len(waits) // 20] > 120, "one in twenty waits over four months"


def test_a_correction_stands_in_the_quarter_of_its_claim_and_comes_later(rows: Rows) -> None:
    claims = {row["claim_id"]: row for row in rows["returns"]}
    corrections = [row for row in rows["returns"] if row["corrects_claim_id"]]
    for row in corrections:
        first = claims[row["corrects_claim_id"]]
        assert row["period_end"] == first["period_end"]
        assert day(row, "reported_on") > day(first, "validated_on")
        assert Decimal(str(first["quantity"])) + Decimal(str(row["quantity"])) > 0
    years = [day(row, "reported_on") - day(row, "period_end") for row in corrections]
    assert max(years) > timedelta(days=150), "one reaches back over a data day"


def test_every_extension_is_dated_before_the_end_that_it_moved(rows: Rows) -> None:
    register = {row["contract_id"]: row for row in rows["contracts"]}
    changes = rows["contract_changes"]
    moved = [row for row in changes if row["what"] == "last day"]
    extended = {key for key, row in register.items() if row["was_extended"]}
    assert sorted(str(row["contract_id"]) for row in moved) == sorted(map(str, extended))
    assert len(moved) >= 8
    for row in changes:
        contract = register[row["contract_id"]]
        assert day(contract, "starts_on") < day(row, "changed_on") <= KNOWN_UNTIL
        assert row["reason"]
    for row in moved:
        assert str(row["changed_on"]) < str(row["from"]) < str(row["to"])
        assert row["to"] == str(register[row["contract_id"]]["ends_on"])
    values = [row for row in changes if row["what"] == "value"]
    assert len(values) >= 4
    for row in values:
        assert row["to"] == pounds(number(register[row["contract_id"]], "value"))
        assert Decimal(str(row["from"])) < Decimal(str(row["to"]))
    assert len(moved) + len(values) == len(changes)


def test_no_contract_is_under_an_act_that_had_not_begun(rows: Rows) -> None:
    for row in rows["contracts"]:
        assert day(row, "awarded_on") < ACT_BEGAN
        assert row["regime"] in ("Public Contracts Regulations 2015", "other")
        assert (row["regime"] == "other") == (row["category"] == "grants and levies")
        assert row.get("kpis_due_on") is None
    rated = [row for row in rows["contracts"] if row.get("kpi_rating")]
    assert {number(row, "value") > 5_000_000_00 for row in rated} == {True}


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_nothing_in_a_publication_is_dated_after_its_data_day(
    params: Path, publication: str
) -> None:
    found = load(params / f"{publication}.yaml")
    questions = params / "inputs" / publication / "scrutiny.csv"
    with questions.open(encoding="utf-8", newline="") as file:
        asked = [row["asked_on"] for row in csv.DictReader(file)]
    assert max(asked) <= str(found.file.data_as_at)
    order = {name: place for place, name in enumerate(PUBLICATIONS)}
    for path in found.inputs["published_history"]:
        owner = Path(path).parent.name
        assert owner == "inputs" or order[owner] <= order[publication], path


def test_what_is_shared_ends_with_the_last_data_day(rows: Rows, params: Path) -> None:
    dated = {
        "returns": ("reported_on", "evidenced_on", "validated_on", "rejected_on"),
        "return_log": ("received_on",),
        "contract_changes": ("changed_on",),
        "quotes": ("on",),
        "payments": ("paid_on",),
        "contracts": ("awarded_on",),
    }
    for table, columns in dated.items():
        for column in columns:
            found = [row[column] for row in rows[table] if row[column]]
            assert max(str(value) for value in found) <= str(KNOWN_UNTIL), (table, column)
    planned = [day(row, "on") for row in rows["events"]]
    assert KNOWN_UNTIL < max(planned) <= date(2024, 6, 30), "six months ahead"
    assert all(row["attendance"] is None for row in rows["events"] if str(row["on"]) > "2023-12-31")


def test_the_demonstration_has_truths_to_find(rows: Rows) -> None:
    places = {str(row["place"]) for row in rows["contract_places"]}
    assert not places & QUIET_WARDS.keys(), "a ward in which nothing is done"
    assert len([place for place in places if place.startswith("E")]) == 24
    contracts = {row["contract_id"]: row for row in rows["contracts"]}
    let_again = {row["predecessor_id"] for row in contracts.values() if row["predecessor_id"]}
    for first in (date(2021, 4, 1), date(2022, 4, 1)):
        last = first + timedelta(days=364)
        ended = [key for key, row in contracts.items() if first <= day(row, "ends_on") <= last]
        assert len(ended) >= 15, "contracts that end within the year"
        assert len(let_again & set(ended)) >= 3, "of them let again"
    claimed = Counter[object]()
    for row in rows["returns"]:
        claimed[row["commitment_id"]] += Decimal(str(row["quantity"]))
    half_over = {
        key
        for key, row in contracts.items()
        if day(row, "starts_on") + (day(row, "ends_on") - day(row, "starts_on")) / 2 < KNOWN_UNTIL
    }
    shares = [
        claimed[row["commitment_id"]] / number(row, "quantity")
        for row in rows["commitments"]
        if row["contract_id"] in half_over and row["committed_on"]
    ]
    assert sum(share == 0 for share in shares) >= 10, "promises of which nothing came"
    assert sum(share > 1 for share in shares) >= 10, "promises that were passed"
    assert max(shares) <= 2

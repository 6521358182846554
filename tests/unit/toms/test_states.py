"""States come from their dates as at a day; what is due follows milestones or a straight line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from frames import frame
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.periods import Period
from sv_lib.toms.contract_changes import STILL, Terms
from sv_lib.toms.measures import catalogue
from sv_lib.toms.states import as_at, countable, due_of, due_quantity, in_period, known_promises
from sv_lib.toms.valuation import value_claims

D = Decimal
PROXIES = frame("proxies", "proxy\n200")

STATES = """
    claim_id | reported_on | evidenced_on | validated_on | rejected_on
    a        | 2022-06-10  |              |              |
    b        | 2022-06-10  | 2022-06-20   |              |
    c        | 2022-06-10  | 2022-06-20   | 2022-06-30   |
    d        | 2022-06-10  |              |              | 2022-06-25
    e        | 2022-06-10  |              | 2022-06-30   | 2022-06-25
    f        | 2022-06-10  |              | 2022-06-25   | 2022-06-30
    g        | 2022-06-10  |              | 2022-06-30   | 2022-06-30
"""


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2022-06-09", {}),
        ("2022-06-10", dict.fromkeys("abcdefg", "reported")),
        ("2022-06-19", dict.fromkeys("abcdefg", "reported")),
        ("2022-06-20", {**dict.fromkeys("adefg", "reported"), "b": "evidenced", "c": "evidenced"}),
        (
            "2022-06-29",
            {
                "a": "reported",
                "b": "evidenced",
                "c": "evidenced",
                "d": "rejected",
                "e": "rejected",
                "f": "validated",
                "g": "reported",
            },
        ),
        (
            "2022-06-30",
            {
                "a": "reported",
                "b": "evidenced",
                "c": "validated",
                "d": "rejected",
                "e": "validated",
                "f": "rejected",
                "g": "rejected",
            },
        ),
    ],
)
def test_state_as_at_a_day(day: str, states: dict[str, str]) -> None:
    known = as_at(frame("returns", STATES), date.fromisoformat(day))
    assert dict(zip(known["claim_id"], known["state"], strict=True)) == states


def test_only_rows_are_left_out_and_they_are_numbered_anew() -> None:
    claims = frame("returns", STATES).assign(is_blocked=False)
    later = frame("returns", "reported_on\n2022-07-31\n2022-06-10").assign(is_blocked=False)
    known = as_at(pd.concat([later, claims]), date(2022, 6, 30))
    assert countable(known)["state"].tolist() == [
        "reported",
        "reported",
        "evidenced",
        "validated",
        "validated",
    ]
    for rows in (
        known,
        countable(known),
        in_period(known, Period(date(2022, 5, 1), date(2022, 5, 31))),
    ):
        assert rows.columns.tolist() == claims.columns.tolist()
        assert rows.index.tolist() == list(range(len(rows)))
    promises, contract = frame("commitments", "quantity\n1"), frame("contracts", "contract_id\nC1")
    added = ["starts_on", "ends_on", "stopped_on", "stage", "last_on", "known_on"]
    kept = known_promises(promises, contract, date(2022, 6, 30))
    assert kept.columns.tolist() == [*promises.columns, *added]


def test_what_the_file_says_of_the_state_plays_no_part() -> None:
    claims = frame("returns", "state | validated_on\nvalidated | 2023-01-01")
    assert as_at(claims, date(2022, 12, 31))["state"].tolist() == ["reported"]


def test_countable_leaves_out_rejected_and_blocked() -> None:
    claims = frame("returns", "claim_id | state\na | reported\nb | rejected\nc | validated")
    claims["is_blocked"] = [False, False, True]
    assert countable(claims)["claim_id"].tolist() == ["a"]


def test_a_claim_belongs_to_the_period_that_holds_its_end() -> None:
    claims = frame(
        "returns",
        """
        claim_id | period_start | period_end
        a        | 2021-09-01   | 2021-11-30
        b        | 2021-09-01   | 2021-12-01
        c        | 2022-03-01   | 2022-05-31
        d        | 2022-03-01   | 2022-06-01
        """,
    )
    assert in_period(claims, Period(date(2021, 12, 1), date(2022, 5, 31)))["claim_id"].tolist() == [
        "b",
        "c",
    ]


def due(
    day: date,
    commitment: str = "quantity\n100",
    contract: str = "contract_id\nC1",
    steps: str = "",
    known_on: date | None = None,
) -> dict[str, object]:
    contracts = frame("contracts", contract)
    promises = value_claims(frame("commitments", commitment), contracts, catalogue(), PROXIES, {})
    known = known_promises(promises, contracts, known_on or day)
    rows = due_of(known, frame("milestones", steps, commitment_id="P1"), day)
    return rows.iloc[0].to_dict() if len(rows) else {}


HUNDRED_DAYS = (
    "contract_id | awarded_on | starts_on | ends_on\nC1 | 2021-12-01 | 2022-01-01 | 2022-04-10"
)


@pytest.mark.parametrize(
    ("day", "quantity", "pence"),
    [
        ("2021-12-31", "0", 0),
        ("2022-01-01", "1", 20000),
        ("2022-02-19", "50", 1000000),
        ("2022-04-09", "99", 1980000),
        ("2022-04-10", "100", 2000000),
        ("2030-01-01", "100", 2000000),
    ],
)
def test_a_straight_line_over_a_hundred_days(day: str, quantity: str, pence: int) -> None:
    row = due(date.fromisoformat(day), contract=HUNDRED_DAYS)
    assert (row["due_quantity"], row["due_value_pence"], row["due_method"]) == (
        D(quantity),
        pence,
        "straight line",
    )


def test_a_part_is_printed_to_six_places_and_valued_exactly() -> None:
    contract = "contract_id | starts_on | ends_on\nC1 | 2022-01-01 | 2022-01-03"
    row = due(date(2022, 1, 1), "quantity\n1", contract)
    assert row["due_quantity"] == D("0.333333")
    assert row["due_value_pence"] == 6667


def test_nothing_more_falls_due_after_a_stop() -> None:
    stopped = HUNDRED_DAYS.replace("ends_on", "ends_on | stopped_on") + " | 2022-02-19"
    assert due(date(2022, 4, 10), contract=stopped)["due_quantity"] == 50
    assert due(date(2022, 4, 10), contract=stopped)["last_on"] == pd.Timestamp(2022, 2, 19)
    assert due(date(2022, 2, 19), contract=stopped)["last_on"] == pd.Timestamp(2022, 2, 19)
    assert due(date(2022, 2, 18), contract=stopped)["last_on"] == pd.Timestamp(2022, 4, 10)


def test_a_stop_that_is_not_known_yet_plays_no_part() -> None:
    stopped = HUNDRED_DAYS.replace("ends_on", "ends_on | stopped_on") + " | 2022-02-19"
    assert (
        due(date(2022, 4, 10), contract=stopped, known_on=date(2022, 2, 18))["due_quantity"] == 100
    )


STEPS = "due_on | quantity\n2022-03-31 | 30\n2022-06-30 | 70"


@pytest.mark.parametrize(
    ("day", "quantity"),
    [("2022-03-30", 0), ("2022-03-31", 30), ("2022-06-29", 30), ("2022-06-30", 100)],
)
def test_milestones_go_before_the_straight_line(day: str, quantity: int) -> None:
    row = due(date.fromisoformat(day), steps=STEPS)
    assert (row["due_quantity"], row["due_method"]) == (quantity, "milestones")


def test_a_milestone_after_a_stop_does_not_fall_due() -> None:
    stopped = "contract_id | stopped_on\nC1 | 2022-05-01"
    assert due(date(2022, 7, 1), contract=stopped, steps=STEPS)["due_quantity"] == 30


def test_nothing_is_due_of_a_target() -> None:
    row = due(date(2022, 5, 31), "quantity | committed_on\n100 | ")
    assert (row["stage"], row["due_quantity"], row["due_value_pence"]) == ("targeted", 0, 0)


@pytest.mark.parametrize(
    ("targeted", "committed", "stage"),
    [
        ("2022-01-01", "2022-01-31", "committed"),
        ("", "2022-01-31", "committed"),
        ("2022-01-01", "2022-02-01", "targeted"),
        ("2022-01-31", "", "targeted"),
        ("", "", "targeted"),
        ("2022-01-31", "2022-03-01", "targeted"),
        ("2022-02-01", "2022-03-01", None),
        ("", "2022-03-01", None),
    ],
)
def test_the_stage_of_a_promise_on_a_day(targeted: str, committed: str, stage: str | None) -> None:
    commitments = frame("commitments", f"targeted_on | committed_on\n{targeted} | {committed}")
    known = known_promises(commitments, frame("contracts", "contract_id\nC1"), date(2022, 1, 31))
    assert known["stage"].tolist() == ([] if stage is None else [stage])


def test_a_contract_awarded_later_does_not_exist_yet() -> None:
    contract = "contract_id | awarded_on\nC1 | 2022-02-01"
    assert due(date(2022, 1, 31), contract=contract) == {}
    assert due(date(2022, 2, 1), contract=contract)["stage"] == "committed"
    assert (
        due(date(2022, 1, 31), contract=contract, known_on=date(2022, 2, 1))["stage"] == "committed"
    )


def test_what_has_no_price_has_no_value_due() -> None:
    row = due(date(2022, 5, 31), "measure_ref | quantity\nNT39 | 4")
    assert row["due_value_pence"] in (None, pd.NA)
    assert row["due_quantity"] != 0


def test_nothing_in_nothing_out() -> None:
    promises = value_claims(frame("commitments"), frame("contracts"), catalogue(), PROXIES, {})
    known = known_promises(promises, frame("contracts"), date(2022, 5, 31))
    rows = due_of(known, frame("milestones"), date(2022, 5, 31))
    assert len(rows) == 0
    assert {
        "stage",
        "due_quantity",
        "due_value_pence",
        "due_method",
        "starts_on",
        "last_on",
    } <= set(rows)


@settings(max_examples=1000)
@given(
    quantity=st.decimals(min_value=0, max_value=10**6, places=3),
    days=st.integers(1, 4000),
    at=st.integers(-10, 4010),
)
def test_a_whole_life_is_the_whole_and_time_never_takes_back(
    quantity: Decimal, days: int, at: int
) -> None:
    start = date(2015, 1, 1)
    end = start + timedelta(days=days - 1)
    terms = [Terms(STILL, pd.Timestamp(end), quantity, ())]

    def by(day: date) -> Fraction:
        return due_quantity(terms, start, day, day)

    assert by(end) == quantity
    assert by(start - timedelta(days=1)) == 0
    day = start + timedelta(days=at)
    assert 0 <= by(day) <= by(day + timedelta(days=1)) <= quantity

"""Who owed a return comes of contracts and dates, never of what arrived."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import frame

from sv_lib.analysis.returns_owed import coverage, owed
from sv_lib.periods import Period

HALF = Period(date(2021, 12, 1), date(2022, 5, 31))
DAY = date(2022, 6, 30)
LOG = """
    contract_id | quarter_end | due_on     | received_on
    C1          | 2022-02-28  | 2022-03-31 | {first}
    C1          | 2022-05-31  | 2022-06-30 | {second}
    C1          | 2021-11-30  | 2021-12-31 | 2021-12-01
"""
ALL_ALONG = "contract_id | starts_on | ends_on\n{} | 2021-12-01 | 2022-11-30"
NO_CLAIMS = frame("returns")


def owing(
    contracts: str, log: str = "", claims: pd.DataFrame = NO_CLAIMS, day: date = DAY
) -> pd.DataFrame:
    """What those contracts owed for the half-year, as at a day."""
    return owed(frame("contracts", contracts), frame("return_log", log), claims, HALF, day)


@pytest.mark.parametrize(
    ("first", "second", "day", "word", "due"),
    [
        ("2022-03-01", "2022-06-30", "2022-06-30", "reported", 2),
        ("2022-03-01", "2022-07-01", "2022-06-30", "part reported", 2),
        ("2022-03-01", "", "2022-06-29", "reported", 1),
        ("", "", "2022-06-30", "not reported", 2),
        ("", "", "2022-03-30", "nothing due yet", 0),
        ("2022-04-01", "", "2022-03-31", "not reported", 1),
    ],
)
def test_coverage(first: str, second: str, day: str, word: str, due: int) -> None:
    at = date.fromisoformat(day)
    log = LOG.format(first=first, second=second)
    rows = coverage(owing(ALL_ALONG.format("C1"), log, day=at), at)
    assert rows[["coverage", "quarters_due"]].to_numpy().tolist() == [[word, due]]
    assert rows["source_file"].tolist() == ["inputs/contracts.csv"]


@pytest.mark.parametrize(
    ("contract", "quarters"),
    [
        ("illustrative-2020 | 2021-11-30 | 2022-05-31 | 2023-05-31 |", 1),
        (" | 2021-11-30 | 2022-05-31 | 2023-05-31 |", 0),
        ("illustrative-2020 | 2022-07-01 | 2022-05-31 | 2023-05-31 |", 0),
        ("illustrative-2020 | 2021-11-30 | 2022-06-01 | 2023-05-31 |", 0),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2021-12-01 |", 1),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2021-11-30 |", 0),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2023-05-31 | 2021-11-30", 0),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2023-05-31 | 2021-12-01", 1),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2023-05-31 | 2022-03-01", 2),
    ],
)
def test_a_contract_owes_for_every_quarter_in_which_it_ran(contract: str, quarters: int) -> None:
    rows = owing(f"edition | awarded_on | starts_on | ends_on | stopped_on\n{contract}")
    assert len(rows) == quarters


def test_who_owed_a_return_does_not_depend_on_what_arrived() -> None:
    contracts = ALL_ALONG.format("C1") + "\nC2 | 2022-03-01 | 2022-11-30"
    heading = "contract_id | quarter_end | due_on | received_on\n"
    only_what_came = heading + "C2 | 2022-05-31 | 2022-06-20 | 2022-06-10"
    rows = coverage(owing(contracts, only_what_came), DAY)
    told = rows[["contract_id", "coverage", "quarters_due"]].to_numpy().tolist()
    assert told == [["C1", "not reported", 2], ["C2", "reported", 1]]


def test_a_claim_says_that_its_return_has_come() -> None:
    claims = frame(
        "returns",
        """
        contract_id | period_end | reported_on
        C1          | 2022-02-28 | 2022-03-12
        C1          | 2022-02-28 | 2022-04-12
        C1          | 2022-05-31 | 2022-07-01
        C1          | 2021-11-30 | 2021-12-12
        """,
    )
    rows = owing(ALL_ALONG.format("C1"), claims=claims)
    assert rows["received_on"].tolist() == [pd.Timestamp("2022-03-12"), pd.NaT]
    # Without a log a return is due four weeks after its quarter.
    assert rows["due_on"].tolist() == [pd.Timestamp("2022-03-28"), pd.Timestamp("2022-06-28")]
    assert rows["timing"].tolist() == ["on time", "not received"]


@pytest.mark.parametrize(
    ("due", "received", "timing"),
    [
        ("2022-06-15", "2022-06-15", "on time"),
        ("2022-06-15", "2022-06-16", "late"),
        ("2022-06-15", "2022-07-01", "not received"),
        ("2022-06-15", "", "not received"),
        ("2022-06-29", "", "not received"),
        ("2022-06-30", "", "not due yet"),
        ("2022-07-31", "2022-06-20", "on time"),
    ],
)
def test_returns_on_time(due: str, received: str, timing: str) -> None:
    log = f"contract_id | quarter_end | due_on | received_on\nC1 | 2022-05-31 | {due} | {received}"
    rows = owing("contract_id | starts_on | ends_on\nC1 | 2022-03-01 | 2022-11-30", log)
    assert rows["timing"].tolist() == [timing]


def test_no_contract_owes_nothing() -> None:
    rows = owing("")
    assert len(rows) == 0
    assert len(coverage(rows, DAY)) == 0

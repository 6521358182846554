"""Changes of contracts are undone for the day they are asked of, and what was due stays due."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pandas as pd
import pytest
from frames import frame

from sv_lib.toms.contract_changes import (
    STILL,
    Terms,
    contracts_at,
    contradictions,
    promises_at,
    read_changes,
    terms_of,
)
from sv_lib.toms.measures import catalogue
from sv_lib.toms.rows import rows_of
from sv_lib.toms.states import due_of, due_quantity, known_promises
from sv_lib.toms.valuation import value_claims

HEADINGS = "contract_id | changed_on | what | from | to\n"
EXTENDED = "C1 | 2022-10-01 | last day | 2022-12-31 | 2023-06-30"
CONTRACT = "contract_id | starts_on | ends_on | value\nC1 | 2022-01-01 | 2023-06-30 | 900000"
CASES = 1000


def changes(*lines: str) -> pd.DataFrame:
    return frame("contract_changes", HEADINGS + "\n".join(lines))


def due(
    day: str, known_on: str, *lines: str, steps: str = "", quantity: int = 365
) -> tuple[Decimal, str]:
    """The quantity and pence due of one promise."""
    contracts = frame("contracts", CONTRACT)
    read = read_changes(changes(*lines))[0]
    promises = frame("commitments", f"quantity\n{quantity}")
    promises = promises_at(promises, read, date.fromisoformat(known_on))
    valued = value_claims(promises, contracts, catalogue(), frame("proxies", "proxy\n200"), {})
    known = known_promises(valued, contracts, date.fromisoformat(known_on), read)
    milestones = frame("milestones", steps, commitment_id="P1")
    (row,) = rows_of(due_of(known, milestones, date.fromisoformat(day), read))
    assert abs(row.due_value_pence - row.due_quantity * 20000) < 1
    return row.due_quantity, f"{row.ends_on:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("day", "known_on", "expected"),
    [
        # 365 in 365 days: one a day. By 1 October, when it was extended, 274 were due.
        ("2022-06-30", "2022-06-30", (181, "2022-12-31")),
        ("2022-06-30", "2023-06-30", (181, "2023-06-30")),
        ("2022-10-01", "2022-10-01", (274, "2023-06-30")),
        # The other 91 run over the 272 days to the new end: 136 days are half of them.
        ("2023-02-14", "2023-02-14", (Decimal("319.5"), "2023-06-30")),
        ("2023-06-30", "2023-06-30", (365, "2023-06-30")),
        # Who asks on that day knows of it, whatever day is asked about.
        ("2023-02-14", "2022-10-01", (Decimal("319.5"), "2023-06-30")),
        # Who asks before the day does not know of it.
        ("2022-12-31", "2022-09-30", (365, "2022-12-31")),
    ],
)
def test_what_was_due_before_an_extension_stays_due(
    day: str, known_on: str, expected: object
) -> None:
    assert due(day, known_on, EXTENDED) == expected


def test_what_is_agreed_on_the_last_day_is_due_on_it() -> None:
    more = "C1 | 2023-06-30 | promised quantity | P1 365 | P1 400"
    assert due("2023-06-29", "2023-06-29", more, quantity=400)[0] < 365
    assert due("2023-06-30", "2023-06-30", more, quantity=400)[0] == 400


def test_without_its_day_the_extension_would_lower_what_was_due() -> None:
    assert due("2022-06-30", "2023-06-30")[0] < 181


@pytest.mark.parametrize(
    ("day", "known_on", "quantity"),
    [("2022-10-01", "2022-09-30", 274), ("2022-12-31", "2022-12-31", 274 + 226)],
)
def test_a_promise_that_was_raised(day: str, known_on: str, quantity: int) -> None:
    """By the day of the change 274 of 365 were due; the 226 left of 500 run to the same end."""
    raised = "C1 | 2022-10-01 | promised quantity | P1 365 | P1 500"
    short = CONTRACT.replace("2023-06-30", "2022-12-31")
    contracts = frame("contracts", short)
    read = read_changes(changes(raised))[0]
    promises = promises_at(
        frame("commitments", "quantity\n500"), read, date.fromisoformat(known_on)
    )
    proxies = frame("proxies", "proxy\n200")
    valued = value_claims(promises, contracts, catalogue(), proxies, {})
    known = known_promises(valued, contracts, date.fromisoformat(known_on), read)
    (row,) = rows_of(due_of(known, frame("milestones"), date.fromisoformat(day), read))
    assert row.due_quantity == quantity
    assert row.quantity == (365 if known_on < "2022-10-01" else 500)


MOVED = "C1 | 2022-05-01 | milestone | P1 2022-03-31 30 | P1 2022-09-30 30"
STEPS = "due_on | quantity\n2022-06-30 | 20\n2022-09-30 | 30"


@pytest.mark.parametrize(
    ("day", "known_on", "quantity"),
    [
        ("2022-03-31", "2022-04-30", 30),
        ("2022-05-01", "2022-05-01", 30),
        ("2022-06-30", "2022-06-30", 30),
        ("2022-06-30", "2022-04-30", 50),
        ("2022-09-30", "2022-09-30", 50),
    ],
)
def test_a_milestone_that_was_due_stays_due_when_it_is_moved(
    day: str, known_on: str, quantity: int
) -> None:
    assert due(day, known_on, MOVED, steps=STEPS, quantity=50)[0] == quantity


@pytest.mark.parametrize(
    ("known_on", "method"),
    [("2022-04-30", "straight line"), ("2022-05-01", "milestones"), ("2022-05-02", "milestones")],
)
def test_the_method_is_that_of_the_terms_which_stand_on_the_day(known_on: str, method: str) -> None:
    read = read_changes(changes("C1 | 2022-05-01 | milestone | | P1 2022-09-30 50"))[0]
    contracts = frame("contracts", CONTRACT)
    promises = frame("commitments", "quantity\n50")
    valued = value_claims(promises, contracts, catalogue(), frame("proxies", "proxy\n200"), {})
    day = date.fromisoformat(known_on)
    known = known_promises(valued, contracts, day, read)
    steps = frame("milestones", "due_on | quantity\n2022-09-30 | 50", commitment_id="P1")
    (row,) = rows_of(due_of(known, steps, day, read))
    assert row.due_method == method


def test_milestones_added_and_taken_out() -> None:
    added = "C1 | 2022-05-01 | milestone | | P1 2022-09-30 30"
    taken_out = "C1 | 2022-05-02 | milestone | P1 2022-10-31 5 |"
    others = ("value | 5 | 6", "promised quantity | P9 1 | P9 2")
    of_others = (f"C1 | 2022-05-03 | {other}" for other in others)
    read, unread = read_changes(changes(added, taken_out, *of_others))
    assert unread == []
    contracts = frame("contracts", CONTRACT)
    known = known_promises(frame("commitments", "quantity\n50"), contracts, date(2023, 1, 1), read)
    (promise,) = rows_of(known)
    steps = frame("milestones", STEPS, commitment_id="P1")
    terms = terms_of(promise, rows_of(steps), read)
    days = [sorted(f"{on:%m-%d}" for on, _ in one.steps) for one in terms]
    assert days == [["06-30", "10-31"], ["06-30", "09-30", "10-31"], ["06-30", "09-30"]]


def test_the_register_as_it_stood() -> None:
    valued = "C1 | 2022-11-01 | value | £750,000 | 900000"
    other = "C9 | 2022-11-01 | last day | 2022-01-01 | 2022-02-01"
    again = "C1 | 2022-03-01 | last day | 2022-09-30 | 2022-12-31"
    read, _ = read_changes(changes(again, EXTENDED, valued, other))
    contracts = frame("contracts", CONTRACT)
    stood = {
        day: next(rows_of(contracts_at(contracts, read, date.fromisoformat(day))))
        for day in ("2022-02-28", "2022-03-01", "2022-10-01", "2022-11-01")
    }
    assert {day: (f"{row.ends_on:%Y-%m-%d}", row.value_pence) for day, row in stood.items()} == {
        "2022-02-28": ("2022-09-30", 75_000_000),
        "2022-03-01": ("2022-12-31", 75_000_000),
        "2022-10-01": ("2023-06-30", 75_000_000),
        "2022-11-01": ("2023-06-30", 90_000_000),
    }
    assert list(contradictions(read, contracts, frame("commitments"), frame("milestones"))) == [
        change for change in read if change.contract_id == "C9"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "last day | soon | 2022-12-31",
        "last day | | 2022-12-31",
        "last day | 2022-12-31 |",
        "value | many | 5",
        "promised quantity | 24 | 30",
        "promised quantity | P1 24 | P2 30",
        "promised quantity | P1 24 |",
        "milestone | P1 2022-03-31 | P1 2022-03-31 4",
        "milestone | |",
    ],
)
def test_a_change_that_does_not_say_what_was_before_and_after(line: str) -> None:
    read, unread = read_changes(changes(f"C1 | 2022-05-01 | {line}"))
    assert (read, [row.contract_id for row in unread]) == ([], ["C1"])


def test_a_contradiction_is_where_the_chain_breaks() -> None:
    lines = (
        "C1 | 2022-01-01 | last day | 2022-03-31 | 2022-06-30",
        "C1 | 2022-02-01 | last day | 2022-09-30 | 2023-06-30",
        "C1 | 2022-02-02 | promised quantity | P1 3 | P1 4",
        "C1 | 2022-02-03 | milestone | | P1 2022-06-30 21",
    )
    read, _ = read_changes(changes(*lines))
    tables = frame("contracts", CONTRACT), frame("commitments", "quantity\n5")
    steps = frame("milestones", STEPS, commitment_id="P1")
    broken = [(one.what, f"{one.changed_on:%m-%d}") for one in contradictions(read, *tables, steps)]
    assert broken == [("milestone", "02-03"), ("promised quantity", "02-02"), ("last day", "01-01")]


def test_extending_a_contract_changes_no_earlier_due_and_takes_nothing_back() -> None:
    """A thousand promises, each extended up to three times, on any days, to any later ones."""
    random = Random(4)  # noqa: S311 no secret hangs on it
    start = date(2020, 1, 1)
    for _ in range(CASES):
        quantity = Decimal(random.randint(0, 10**6)).scaleb(-3)
        steps = tuple(
            (
                pd.Timestamp(start + timedelta(days=random.randint(0, 900))),
                Decimal(random.randint(0, 9)),
            )
            for _ in range(random.choice([0, 0, 3]))
        )
        ends = sorted(random.sample(range(1, 2000), 4))
        agreed = sorted(random.sample(range(-50, 2000), 3))
        untils = [pd.Timestamp(start + timedelta(days=day)) for day in agreed]
        terms = [
            Terms(until, pd.Timestamp(start + timedelta(days=end)), quantity, steps)
            for until, end in zip([*untils, STILL], ends, strict=True)
        ]
        original = [terms[0]._replace(until=STILL)]
        known_on = start + timedelta(days=random.randint(0, 2500))
        before = Fraction(0)
        for after in range(0, 2400, 97):
            day = start + timedelta(days=after)
            now = due_quantity(terms, start, day, known_on)
            if after <= agreed[0]:
                assert now == due_quantity(original, start, day, known_on)
            if known_on <= untils[0].date() - timedelta(days=1):
                assert now == due_quantity(original, start, day, known_on)
            assert before <= now <= max(Fraction(quantity), sum(step for _, step in steps))
            before = now
        if not steps:
            assert due_quantity(terms, start, date(2030, 1, 1), date(2030, 1, 1)) == quantity

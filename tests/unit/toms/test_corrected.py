"""A correction changes the claim it names, there, from its own day; never more than was claimed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

import pandas as pd
import pytest
from frames import frame

from sv_lib.toms.measures import catalogue
from sv_lib.toms.overlaps import mark
from sv_lib.toms.states import as_at, countable

HEADINGS = (
    "claim_id | commitment_id | period_end | quantity | headcount | reported_on | evidenced_on | "
    "validated_on | rejected_on | corrects_claim_id\n"
)
CLAIM = "a | P1 | 2021-05-31 | 10 | 2 | 2021-06-10 | 2021-06-20 | 2021-07-01 | | \n"
CASES = 1000


def at(day: str, *corrections: str, claim: str = CLAIM) -> pd.DataFrame:
    drawing = HEADINGS + claim + "\n".join(corrections)
    return as_at(frame("returns", drawing), date.fromisoformat(day))


def quantities(known: pd.DataFrame) -> dict[str, Decimal]:
    """The sum of quantities in each state."""
    by_state = known.groupby("state")["quantity"]
    return {str(state): sum(rows, Decimal(0)) for state, rows in by_state}


def test_it_stands_in_the_period_and_commitment_of_its_claim_whatever_its_row_says() -> None:
    known = at("2022-06-30", "b | | 2022-05-31 | -4 | -1 | 2022-06-01 | | | | a")
    assert known["period_end"].tolist() == [pd.Timestamp(2021, 5, 31)] * 2
    assert known["commitment_id"].tolist() == ["P1", "P1"]
    assert quantities(known) == {"validated": 6}
    assert known["headcount"].tolist() == [2, -1]
    assert known["source_row"].tolist() == [2, 3]


def test_before_the_day_it_was_made_the_old_value_stands() -> None:
    taken_off = "b | | 2022-05-31 | -4 | | 2022-06-01 | | | | a"
    assert quantities(at("2022-05-31", taken_off)) == {"validated": 10}
    assert quantities(at("2022-06-01", taken_off)) == {"validated": 6}


@pytest.mark.parametrize(
    ("day", "state"),
    [("2021-06-19", "reported"), ("2021-06-20", "evidenced"), ("2021-07-01", "validated")],
)
def test_it_moves_through_the_states_with_its_claim(day: str, state: str) -> None:
    known = at(day, "b | | 2021-05-31 | 5 | | 2021-06-15 | | | | a")
    assert quantities(known) == {state: 15}


@pytest.mark.parametrize(
    ("corrections", "by_state"),
    [
        # What is added after the validation is claimed, and not validated.
        (["b | | | 5 | | 2021-08-01 | | | | a"], {"validated": 10, "reported": 5}),
        # Until the council validates that too.
        (["b | | | 5 | | 2021-08-01 | | 2021-08-09 | | a"], {"validated": 15}),
        # What is taken off again comes first from what was not validated.
        (
            ["b | | | 5 | | 2021-08-01 | | | | a", "c | | | -2 | | 2021-08-02 | | | | a"],
            {"validated": 10, "reported": 3},
        ),
        # More of it than that comes off what was.
        (
            ["b | | | 5 | | 2021-08-01 | | | | a", "c | | | -12 | | 2021-08-02 | | | | a"],
            {"validated": 3},
        ),
        # A correction that was itself rejected changes nothing.
        (["b | | | -5 | | 2021-08-01 | | | 2021-08-02 | a"], {"validated": 10, "rejected": -5}),
    ],
)
def test_no_more_is_validated_than_was_claimed(
    corrections: list[str], by_state: dict[str, int]
) -> None:
    assert quantities(at("2022-06-30", *corrections)) == by_state


def test_a_claim_corrected_to_nil_has_no_people() -> None:
    nil = at("2022-06-30", "b | | | -10 | | 2021-08-01 | | | | a")
    assert nil["headcount"].tolist() == [0, 0]
    less = at("2022-06-30", "b | | | -9 | | 2021-08-01 | | | | a")
    assert less["headcount"].tolist() == [2, pd.NA]


def test_a_correction_of_a_rejected_claim_counts_no_more_than_the_claim() -> None:
    rejected = CLAIM.replace("2021-07-01 | |", "| 2021-07-02 |")
    known = at("2022-06-30", "b | | | -4 | | 2021-08-01 | | | | a", claim=rejected)
    assert known["state"].tolist() == ["rejected", "rejected"]
    assert countable(mark(known, catalogue())).empty


def test_a_correction_whose_claim_is_not_known_yet_is_not_known_either() -> None:
    early = "b | | | -4 | | 2021-06-01 | | | | a"
    assert at("2021-06-09", early).empty
    assert quantities(at("2021-06-10", early)) == {"reported": 6}


def test_correcting_a_claim_and_correcting_it_back_is_as_if_nothing_had_been() -> None:
    """A thousand claims in any state, each corrected and corrected back on later days."""
    random = Random(15)  # noqa: S311 no secret hangs on it
    lines, back = [], []
    for n in range(CASES):
        quantity = random.randint(1, 10**6)
        dates = random.choice(["| | |", "2021-06-20 | | |", "| 2021-07-01 | |", "| | 2021-07-01 |"])
        lines.append(f"R{n} | P1 | 2021-05-31 | {quantity} | 3 | 2021-06-10 | {dates}")
        changed = random.choice([-random.randint(1, quantity), random.randint(1, 10**6)])
        # Both before the council looked at the claim, or both after.
        first, month = random.choice([(11, 6), (2, 7)])
        for letter, sign in (("b", 1), ("c", -1)):
            day = f"2021-{month:02d}-{random.randint(first, first + 8):02d}"
            back.append(f"{letter}{n} | | 2022-05-31 | {sign * changed} | | {day} | | | | R{n}")
    day = date(2022, 6, 30)
    claims = as_at(frame("returns", HEADINGS + "\n".join(lines)), day)
    corrected = as_at(frame("returns", HEADINGS + "\n".join(lines + back)), day)
    counted = corrected[corrected["state"] != "rejected"]
    assert quantities(counted) == quantities(claims[claims["state"] != "rejected"])
    assert set(counted["period_end"]) == {pd.Timestamp(2021, 5, 31)}
    assert corrected["headcount"].sum() == 3 * CASES

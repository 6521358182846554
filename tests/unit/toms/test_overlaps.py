"""Each benefit once: what is shared is blocked after the first, what could be shared is warned
of.
"""

from __future__ import annotations

import pytest
from frames import frame

from sv_lib.toms.measures import catalogue
from sv_lib.toms.overlaps import mark, pairs

MEASURES = catalogue()
HEADINGS = (
    "claim_id | contract_id | measure_ref | period_start | period_end | reported_on | "
    "state | corrects_claim_id"
)
FIRST = "a | C1 | {one} | 2021-12-01 | 2022-02-28 | 2022-03-10 | reported |"


def marked(*lines: str, key: str = "K1", one: str = "NT29") -> dict[str, str]:
    """claim -> the claim it shares with, of the claims that are blocked."""
    drawing = "\n".join([HEADINGS, FIRST.format(one=one), *lines])
    rows = mark(frame("returns", drawing, activity_key=key), MEASURES)
    assert rows["is_blocked"].tolist() == rows["shares_with"].ne("").tolist()
    return {row.claim_id: row.shares_with for row in rows.itertuples() if row.is_blocked}


@pytest.mark.parametrize(
    ("second", "is_blocked"),
    [
        ("b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", True),
        ("b | C2 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", True),
        ("b | C1 | NT17 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", True),
        ("b | C1 | NT29 | 2022-03-01 | 2022-05-31 | 2022-06-11 | reported |", True),
        ("b | C1 | XX9 | 2022-03-01 | 2022-05-31 | 2022-06-11 | reported |", True),
        ("b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | rejected |", False),
        ("b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported | a", False),
    ],
    ids=[
        "same quarter",
        "other contract",
        "other measure",
        "other quarter",
        "unknown",
        "rejected",
        "correction",
    ],
)
def test_one_activity_counts_once(second: str, is_blocked: bool) -> None:
    assert marked(second) == ({"b": "a"} if is_blocked else {})


@pytest.mark.parametrize(
    ("second", "is_blocked"),
    [
        ("b | C1 | NT1 | 2022-03-01 | 2022-05-31 | 2022-06-11 | reported |", False),
        ("b | C1 | NT1 | 2022-02-28 | 2022-05-31 | 2022-06-11 | reported |", True),
        ("b | C1 | NT1 | 2021-09-01 | 2021-11-30 | 2022-06-11 | reported |", False),
        ("b | C1 | NT1 | 2021-09-01 | 2021-12-01 | 2022-06-11 | reported |", True),
        ("b | C2 | NT1 | 2022-03-01 | 2022-05-31 | 2022-06-11 | reported |", True),
        ("b | C1 | NT3 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", False),
        ("b | C1 | NT10 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", True),
    ],
    ids=[
        "goes on",
        "same days",
        "earlier quarter",
        "same first day",
        "other contract",
        "stands beside",
        "overlaps",
    ],
)
def test_one_person_counts_once(second: str, is_blocked: bool) -> None:
    assert marked(second, one="NT1") == ({"b": "a"} if is_blocked else {})


def test_a_third_claim_is_held_against_those_that_count() -> None:
    blocked = marked(
        "b | C1 | NT3 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |",
        "c | C1 | NT4 | 2021-12-01 | 2022-02-28 | 2022-03-12 | reported |",
        one="NT1",
    )
    assert blocked == {"c": "b"}


def test_each_activity_is_held_against_its_own_claims() -> None:
    lines = ["claim_id | measure_ref | activity_key | reported_on"]
    lines += [f"{name}{day} | NT29 | {name} | 2022-03-1{day}" for name in "KL" for day in (1, 2)]
    rows = mark(frame("returns", "\n".join(lines)), MEASURES)
    assert dict(zip(rows["claim_id"], rows["shares_with"], strict=True)) == {
        "K1": "",
        "K2": "K1",
        "L1": "",
        "L2": "L1",
    }


def test_the_first_received_counts_and_equals_go_by_name() -> None:
    assert marked("b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-09 | reported |") == {"a": "b"}
    assert marked("b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-10 | reported |") == {"b": "a"}


def test_a_claim_without_a_key_shares_nothing() -> None:
    assert marked("b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", key="") == {}
    blank = frame("returns", "quantity\n1\n1").assign(activity_key="")
    assert not mark(blank, MEASURES)["is_blocked"].any()


def test_an_unknown_measure_first_still_blocks() -> None:
    assert marked(
        "b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |", one="XX9"
    ) == {"b": "a"}


def test_a_correction_of_a_claim_that_does_not_count_does_not_count() -> None:
    blocked = marked(
        "b | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-11 | reported |",
        "c | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-12 | reported | b",
        "d | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-12 | rejected |",
        "e | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-13 | reported | d",
        "f | C1 | NT29 | 2021-12-01 | 2022-02-28 | 2022-03-13 | reported | a",
    )
    assert blocked == {"b": "a", "c": "b", "e": "d"}


def test_nothing_in_nothing_out() -> None:
    rows = mark(frame("returns"), MEASURES)
    assert str(rows["is_blocked"].dtype) == "bool"
    assert len(pairs(frame("returns"), MEASURES)) == 0


def test_overlapping_measures_of_one_contract_are_warned_of() -> None:
    claims = frame(
        "returns",
        """
        claim_id | contract_id | measure_ref
        r4       | C1          | NT19
        r1       | C1          | NT18
        r2       | C1          | NT18
        r3       | C2          | NT19
        r5       | C1          | NT31
        """,
    )
    rows = pairs(claims, MEASURES)
    assert rows.to_dict("records") == [
        {
            "contract_id": "C1",
            "measure_ref": "NT18",
            "other_ref": "NT19",
            "claims": 2,
            "other_claims": 1,
            "source_file": "inputs/returns.csv",
            "source_row": 3,
        }
    ]

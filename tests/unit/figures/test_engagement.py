"""Parish councils: which were told in the period, which were not, and where their events are
held.
"""

from __future__ import annotations

import pytest
from frames import EAST, WEST
from small_council import calculated

from sv_lib.figures.saved import Calculation

EVENTS = f"""event_id | on | partner | ward_code | parish
V1 | 2022-01-15 | parish council | | Dale
V2 | 2022-03-15 | parish council | | Dale
V3 | 2022-03-16 | parish council | | Long
V4 | 2021-03-16 | parish council | | Hill
V5 | 2022-09-15 | parish council | {EAST} | Hill
V6 | 2022-10-15 | parish council | | Dale
V7 | 2022-10-16 | Chamber | |"""
LIST = (
    f"parish | ward_code\nDale | {WEST}\nLong | {EAST}\nLong | {WEST}\nHill | {EAST}\nMoor | {EAST}"
)


@pytest.fixture(scope="module")
def made() -> Calculation:
    return calculated(events=EVENTS, parishes=LIST)


def parishes(made: Calculation) -> list[list[str]]:
    return made.tables["parishes"].astype("str").fillna("").to_numpy().tolist()


def test_every_parish_of_the_list_is_told_or_not(made: Calculation) -> None:
    assert parishes(made) == [
        ["Dale", WEST, "2022-03-15", "2022-10-15"],
        ["Long", EAST, "2022-03-16", ""],
        ["Long", WEST, "2022-03-16", ""],
        ["Hill", EAST, "", "2022-09-15"],
        ["Moor", EAST, "", ""],
    ]


@pytest.mark.parametrize(("part", "number"), [("all", 4), ("told", 2), ("planned", 1)])
def test_each_parish_counts_once(made: Calculation, part: str, number: int) -> None:
    assert made.trail[f"engagement.parishes.{part}"].value == number


def test_an_event_is_in_the_one_ward_of_its_parish_and_where_the_log_says(
    made: Calculation,
) -> None:
    events = made.tables["events"].set_index("event_id")["ward_code"]
    assert events.dropna().to_dict() == {"V1": WEST, "V2": WEST, "V4": EAST, "V5": EAST, "V6": WEST}


def test_without_a_list_only_those_of_the_log_are_known() -> None:
    made = calculated(events=EVENTS)
    assert sorted(set(made.tables["parishes"]["parish"])) == ["Dale", "Hill", "Long"]
    assert made.trail["engagement.parishes.all"].value == 3
    assert made.tables["events"]["ward_code"].dropna().tolist() == [EAST]


def test_without_events_nothing_is_known_of_parishes() -> None:
    made = calculated(events=None, parishes=LIST)
    assert made.trail["engagement.parishes.told"].caution == "no events supplied"
    assert len(parishes(made)) == 5

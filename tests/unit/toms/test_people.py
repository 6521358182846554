"""People are counted once: starts add up, a stock never does, a person with a key is one."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from frames import blank, frame
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.toms import people

QUARTERS = ["2021-08-31", "2021-11-30", "2022-02-28", "2022-05-31"]


def added(returns: str, homes: str = "") -> list[int | None]:
    """How many people each claim adds."""
    claims = frame("returns", returns)
    counted = people.counted(claims, frame("beneficiaries", homes))
    return [None if pd.isna(one) else int(one) for one in counted]


ENDS = "\n".join(f"{end} | {{}}" for end in QUARTERS)


@pytest.mark.parametrize(
    ("column", "told", "expected"),
    [
        ("headcount", (2, 2, 2, 2), [2, 0, 0, 0]),
        ("people_in_post", (1, 3, 2, 3), [0, 3, 0, 0]),
        ("people_started", (2, 0, 1, 0), [2, 0, 1, 0]),
        ("people_started", (2, "", 1, 0), [2, None, 0, None]),
        ("people_in_post", ("", "", "", 0), [None] * 4),
    ],
    ids=["two all year", "the first of equals", "starts", "a start not said", "nothing said"],
)
def test_a_year_of_one_contract(
    column: str, told: tuple[object, ...], expected: list[int | None]
) -> None:
    assert added(f"period_end | {column}\n" + ENDS.format(*told)) == expected


def test_claims_of_one_quarter_add_and_contracts_add() -> None:
    returns = "contract_id | headcount\nC1 | 2\nC1 | 3\nC2 | 4"
    assert added(returns) == [2, 3, 4]


def test_nobody_stands_behind_nil_and_a_correction_adds_nobody() -> None:
    returns = "quantity | headcount | corrects_claim_id\n0 | 2 |\n1 | 3 |\n-1 | 1 | R2"
    assert added(returns) == [0, 3, 0]


def test_a_person_with_a_key_is_one_under_two_contracts() -> None:
    """FTE of both shares count (the claims are not blocked), and the person once."""
    returns = (
        "contract_id | measure_ref | quantity | headcount\nC1 | NT1 | 0.1 | 1\nC2 | NT1 | 0.1 | 1"
    )
    homes = "claim_id | headcount | person_key\nR1 | 1 | a\nR2 | 1 | a"
    assert added(returns, homes) == [1, 0]


def test_people_without_a_key_may_be_those_with_one_of_another_quarter() -> None:
    """Three of the first quarter have no key; two have one in the second. Three at least."""
    returns = "period_end | people_in_post\n2022-02-28 | 3\n2022-05-31 | 2"
    homes = "claim_id | home_lsoa_code | headcount | person_key\nR2 | L1 | 1 | a\nR2 | L2 | 1 | b"
    assert added(returns, homes) == [1, 2]


def test_the_homes_of_those_who_count() -> None:
    returns = "period_end | people_in_post\n2022-02-28 | 2\n2022-05-31 | 2"
    homes = (
        "claim_id | home_lsoa_code | headcount | person_key\n"
        "R1 | L1 | 1 | a\nR1 | L2 | 1 | b\nR2 | L1 | 1 | a\nR2 | L3 | 1 | c"
    )
    rows = people.by_home(frame("returns", returns), frame("beneficiaries", homes))
    counted = rows[rows["headcount"] > 0]
    assert list(zip(counted["claim_id"], counted["home_lsoa_code"], strict=True)) == [
        ("R1", "L1"),
        ("R1", "L2"),
        ("R2", "L3"),
    ]
    assert rows["persons"].tolist() == [("a",), ("b",), ("a",), ("c",)]


GOING_ON = (
    "claim_id | home_lsoa_code | headcount | people_started | person_key\n"
    "R1 | L1 | 2 | 1 |\nR1 | L2 | 1 | 0 | a"
)


def test_homes_of_everybody_and_who_of_them_started() -> None:
    """One started; three are in post, the third of them with a key, so one counts, from L1."""
    claims = frame("returns", "people_started | people_in_post\n1 | 3")
    homes = frame("beneficiaries", GOING_ON)
    rows = people.by_home(claims, homes)
    columns = rows[["home_lsoa_code", "headcount", "started"]]
    assert columns.to_numpy().tolist() == [["L1", 1, 1], ["L2", 0, 0]]
    assert (rows["persons"][1], rows["starters"].isna().tolist()) == (("a",), [True, True])
    assert people.counted(claims, homes).tolist() == [1]
    assert people.behind(claims, homes).tolist() == [3]


def test_of_two_with_a_key_the_one_who_started_is_named_a_starter() -> None:
    claims = frame("returns", "people_started | people_in_post\n1 | 2")
    homes = (
        "claim_id | home_lsoa_code | headcount | people_started | person_key\n"
        "R1 | L1 | 1 | 1 | a\nR1 | L2 | 1 | 0 | b"
    )
    rows = people.by_home(claims, frame("beneficiaries", homes))
    assert rows["persons"].tolist() == [("a",), ("b",)]
    assert (rows["starters"][0], rows["starters"].isna().tolist()) == (("a",), [False, True])


def test_a_person_who_goes_on_counts_where_they_next_start() -> None:
    """They began before these quarters; then they start under a second contract."""
    returns = (
        "contract_id | period_end | people_started | people_in_post\n"
        "C1 | 2022-02-28 | 0 | 1\nC2 | 2022-05-31 | 1 | 1"
    )
    homes = "claim_id | headcount | people_started | person_key\nR1 | 1 | 0 | a\nR2 | 1 | 1 | a"
    assert added(returns, homes) == [0, 1]


@pytest.mark.parametrize(
    ("told", "counted", "behind"),
    [
        ("2 | 2", [("L1", 1), ("L2", 0), (None, 1)], 4),
        (" | 2", [("L1", 1), ("L2", 1)], 2),
        (" | 3", [("L1", 2), ("L2", 1)], 3),
        (" | ", [("L1", 2), ("L2", 1)], None),
    ],
    ids=["a start without a home", "one left", "all in post", "not said"],
)
def test_who_counts_of_those_whose_homes_are_told(
    told: str, counted: list[tuple[str | None, int]], behind: int | None
) -> None:
    """Of those in post, those who went on come first: who began may have left again."""
    claims = frame("returns", f"quantity | people_started | people_in_post\n4 | {told}")
    homes = frame("beneficiaries", "\n".join([*GOING_ON.splitlines()[:2], "R1 | L2 | 1 | 0 |"]))
    rows = people.by_home(claims, homes).astype({"home_lsoa_code": "object"})
    areas = rows["home_lsoa_code"].where(rows["home_lsoa_code"].notna(), None)
    assert list(zip(areas, rows["headcount"], strict=True)) == counted
    (most,) = people.behind(claims, homes)
    assert (None if pd.isna(most) else most) == behind


def test_a_blank_beside_rows_that_say_who_began_is_all_of_them() -> None:
    homes = "claim_id | headcount | people_started\nR1 | 2 |\nR1 | 3 | 0"
    assert added("people_started | people_in_post\n2 | 5", homes) == [2]


def test_rows_of_nobody_who_started_are_no_stock() -> None:
    """Nobody started and three are in post: none of them counts among those who started."""
    claims = frame("returns", "people_started | people_in_post\n0 | 3")
    homes = frame(
        "beneficiaries", "claim_id | home_lsoa_code | headcount | people_started\nR1 | L1 | 3 | 0"
    )
    assert people.counted(claims, homes).tolist() == [0]
    assert people.by_home(claims, homes)["headcount"].tolist() == [0]
    assert people.behind(claims, homes).tolist() == [3]


def test_a_person_told_with_a_home_and_without_one_counts_where_they_live() -> None:
    claims = frame("returns", "people_in_post\n1")
    homes = "claim_id | home_lsoa_code | headcount | person_key\nR1 | | 1 | a\nR1 | L2 | 1 | a"
    rows = people.by_home(claims, frame("beneficiaries", homes))
    assert rows["headcount"].tolist() == [1, 0]
    assert rows["home_lsoa_code"][0] == "L2"


def test_nobody_stands_behind_a_claim_of_nil_and_somebody_unknown_behind_a_silent_one() -> None:
    claims = frame("returns", "quantity | people_in_post\n0 | 3\n2 | 3\n2 |")
    nil, told, silent = people.at_work(claims)
    assert (nil, told) == (0, 3)
    assert pd.isna(silent)


def test_one_in_post_who_went_on_and_one_who_started_and_left_are_two() -> None:
    claims = frame("returns", "people_started | people_in_post\n1 | 1")
    homes = frame("beneficiaries", "claim_id | headcount | people_started\nR1 | 1 | 0")
    assert people.behind(claims, homes).tolist() == [2]


def test_the_starts_of_some_claims_stand_beside_those_claims() -> None:
    claims = frame("returns", "people_started\n5\n2").loc[[1]]
    assert people.starts(claims).to_dict() == {1: 2}


CASES = 1000


@pytest.mark.parametrize("says_started", [True, False])
def test_never_more_than_the_sum_and_never_fewer_than_one_quarter(says_started: bool) -> None:
    """A thousand contracts of four quarters, some of whose people have a key."""
    random = Random(2022)  # noqa: S311 no secret hangs on it
    numbers = [random.randint(0, 6) for _ in range(4 * CASES)]
    column = "people_started" if says_started else "people_in_post"
    claims = blank("returns", 4 * CASES).assign(
        contract_id=[f"C{n // 4}" for n in range(4 * CASES)],
        period_end=pd.to_datetime(QUARTERS * CASES),
        **{column: pd.Series(numbers, dtype="Int64")},
    )
    rows = [
        (f"R{n + 1}", f"C{n // 4}-{random.randint(1, 4)}")
        for n, told in enumerate(numbers)
        if told and random.random() < 0.6
    ]
    homes = pd.DataFrame(rows, columns=["claim_id", "person_key"], dtype="string")
    homes = homes.assign(home_lsoa_code=pd.Series(pd.NA, index=homes.index, dtype="string"))
    homes["headcount"] = pd.Series(1, index=homes.index, dtype="Int64")
    homes["people_started"] = pd.Series(pd.NA, index=homes.index, dtype="Int64")
    counted = people.counted(claims, homes).fillna(0)
    case = claims["contract_id"]
    of_case = counted.groupby(case).sum()
    told = pd.Series(numbers)
    every = told.groupby(case)
    contract = homes["person_key"].str.partition("-")[0]
    persons = homes["person_key"].groupby(contract).nunique()
    persons = persons.reindex(of_case.index, fill_value=0)
    again = homes.groupby(contract).size().reindex(of_case.index, fill_value=0) - persons
    assert (counted <= told).all()
    assert (of_case <= every.sum()).all()
    if says_started:
        assert (of_case == every.sum() - again).all()
    else:
        assert (of_case == every.max().clip(lower=persons)).all()
    by_home = people.by_home(claims, homes)
    assert by_home["headcount"].sum() == counted.sum()


def test_a_person_under_many_rows_is_one() -> None:
    returns = "contract_id | people_in_post\n" + "\n".join(f"C{n} | 1" for n in range(1, 13))
    claims = frame("returns", returns)
    homes = "claim_id | headcount | person_key\n" + "\n".join(f"R{n} | 1 | a" for n in range(1, 13))
    assert people.counted(claims, frame("beneficiaries", homes)).sum() == 1


NUMBER = st.none() | st.integers(0, 4)
CLAIM = st.tuples(st.sampled_from(["C1", "C2"]), st.sampled_from(QUARTERS), NUMBER, NUMBER)
HOME = st.tuples(st.integers(0, 7), st.sampled_from(["L1", "L2"]), st.sampled_from([None, *"abc"]))


@given(st.lists(CLAIM, min_size=1, max_size=8), st.lists(HOME, max_size=10))
def test_the_same_as_one_person_after_another(
    told: list[tuple[str, str, int | None, int | None]], at_home: list[tuple[int, str, str | None]]
) -> None:
    """Claims of two contracts, some of whose people have a home area or a key: each row is one."""
    at_home = [home for home in at_home if home[0] < len(told)]
    returns = ["contract_id | period_end | people_started | people_in_post"]
    homes = ["claim_id | home_lsoa_code | headcount | person_key"]
    returns += [" | ".join("" if one is None else str(one) for one in claim) for claim in told]
    homes += [f"R{number + 1} | {area} | 1 | {key or ''}" for number, area, key in at_home]
    counted = added("\n".join(returns), "\n".join(homes))
    assert counted == one_after_another(told, at_home)


def one_after_another(
    told: list[tuple[str, str, int | None, int | None]], at_home: list[tuple[int, str, str | None]]
) -> list[int | None]:
    """How many people each claim adds, claim by claim and person by person."""
    starts = dict.fromkeys((claim[0] for claim in told), True)
    for contract, _, started, _ in told:
        starts[contract] &= started is not None
    may_count: list[int | None] = []
    persons = []
    for number, (contract, quarter, started, in_post) in enumerate(told):
        stock = started if in_post is None else in_post
        most = started if starts[contract] else stock or None
        may_count.append(most)
        mine = sorted((home[1:] for home in at_home if home[0] == number), key=lambda one: one[0])
        keys = [key for _, key in mine]
        rest = [None] * max((most or 0) - len(keys), 0)
        if most != 0:
            persons += [(quarter, number, key) for key in [*keys, *rest]]
    persons.sort(key=lambda one: (one[0], f"R{one[1] + 1}"))
    adds = [0] * len(told)
    met: set[str] = set()
    for _, number, key in persons:
        if key is not None and key not in met:
            met.add(key)
            adds[number] += 1
    for contract, by_starts in starts.items():
        own = [one for one in persons if told[one[1]][0] == contract]
        named = {key for _, _, key in own if key is not None}
        most_free, first = 0, ""
        for quarter in QUARTERS:
            here = [key for at, _, key in own if at == quarter]
            more = here.count(None) + len({*here} - {None}) - len(named)
            if more > most_free:
                most_free, first = more, quarter
        free = [one for one in own if one[2] is None and (by_starts or one[0] == first)]
        for _, number, _ in free if by_starts else free[:most_free]:
            adds[number] += 1
    known = {number for _, number, _ in persons}
    known |= {number for number, most in enumerate(may_count) if most is not None}
    return [count if number in known else None for number, count in enumerate(adds)]

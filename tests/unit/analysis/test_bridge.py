"""The bridge: each cause at both sides of its boundary, and every penny of a change has one
cause.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from frames import EAST, WEST, frame
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.analysis.bridge import SPLIT, by_contract, contracts
from sv_lib.periods import Period

THIS = Period(date(2021, 4, 1), date(2022, 3, 31))
BEFORE = Period(date(2020, 4, 1), date(2021, 3, 31))


def lens(*rows: tuple[str | None, str, int], supplier: str = "S1") -> pd.DataFrame:
    """Rows of a lens: contract, place, pence."""
    return pd.DataFrame(
        {
            "contract_id": pd.Series([row[0] for row in rows], dtype="str"),
            "supplier_id": pd.Series([supplier] * len(rows), dtype="str"),
            "place": pd.Series([row[1] for row in rows], dtype="str"),
            "amount_pence": pd.Series([row[2] for row in rows], dtype="int64"),
            "source_file": "inputs/payments.csv",
            "source_row": range(2, len(rows) + 2),
        }
    )


def causes(
    this: pd.DataFrame, before: pd.DataFrame, register: str = "contract_id\nC1"
) -> dict[tuple[object, str], int]:
    """(cause, place) -> change in pence."""
    rows = contracts(this, before, frame("contracts", register), THIS, BEFORE)
    return {
        key: int(value)
        for key, value in rows.groupby(["cause", "place"])["change_pence"].sum().items()
    }


@pytest.mark.parametrize(
    ("starts", "ends", "stopped", "cause"),
    [
        ("2021-03-31", "2024-03-31", "", "continuing"),
        ("2021-04-01", "2024-03-31", "", "new"),
        ("2019-04-01", "2021-03-31", "", "ended"),
        ("2019-04-01", "2021-04-01", "", "ended within"),
        ("2019-04-01", "2022-03-31", "", "ended within"),
        ("2019-04-01", "2022-04-01", "", "continuing"),
        ("2021-04-01", "2021-12-31", "", "new"),
        ("2019-04-01", "2024-03-31", "2021-03-31", "ended"),
        ("2019-04-01", "2024-03-31", "2021-04-01", "ended within"),
        ("2019-04-01", "2024-03-31", "2022-04-01", "continuing"),
    ],
)
def test_new_and_ended_by_the_contracts_dates(
    starts: str, ends: str, stopped: str, cause: str
) -> None:
    register = f"contract_id | starts_on | ends_on | stopped_on\nC1 | {starts} | {ends} | {stopped}"
    assert causes(lens(("C1", EAST, 70)), lens(("C1", EAST, 100)), register) == {(cause, EAST): -30}


def test_a_contract_let_and_over_between_the_periods_is_new() -> None:
    gap = Period(date(2020, 4, 1), date(2020, 9, 30)), Period(date(2019, 4, 1), date(2019, 9, 30))
    register = frame("contracts", "contract_id | starts_on | ends_on\nC1 | 2019-10-01 | 2020-03-31")
    assert contracts(lens(("C1", EAST, 5)), lens(), register, *gap)["cause"].tolist() == ["new"]


@pytest.mark.parametrize(
    ("ends", "stopped", "cause", "how"),
    [
        ("2021-03-31", "", "ended", "ran to plan"),
        ("2021-03-31", "2021-03-31", "ended", "ran to plan"),
        ("2021-03-31", "2021-03-30", "ended", "stopped early"),
        ("2021-09-30", "", "ended within", "ran to plan"),
        ("2021-09-30", "2021-09-29", "ended within", "stopped early"),
        ("2024-03-31", "2022-04-01", "continuing", ""),
    ],
)
def test_how_a_contract_ended(ends: str, stopped: str, cause: str, how: str) -> None:
    register = frame("contracts", f"contract_id | ends_on | stopped_on\nC1 | {ends} | {stopped}")
    rows = contracts(lens(), lens(("C1", EAST, 100)), register, THIS, BEFORE)
    told = rows[["cause", "ended_how", "successor_id"]].iloc[0].tolist()
    assert told == [cause, how, ""]


def let_again(*register: str) -> list[list[object]]:
    """Place, cause, contract, what followed it, change: 100p under C1 before; now 70p under C2.

    Each text is a contract: id, predecessor, day of award, first and last day.
    """
    headings = "contract_id | predecessor_id | awarded_on | starts_on | ends_on"
    drawn = frame("contracts", "\n".join([headings, *register]))
    rows = contracts(lens(("C2", WEST, 70)), lens(("C1", EAST, 100)), drawn, THIS, BEFORE)
    columns = ["place", "cause", "contract_id", "successor_id", "change_pence"]
    return by_contract(rows)[columns].to_numpy().tolist()


NETTED = [[EAST, "re-let", "C1", "C2", -100], [WEST, "re-let", "C1", "C2", 70]]


@pytest.mark.parametrize(
    ("ended", "awarded", "started"),
    [
        ("2020-04-01", "2020-04-02", "2020-04-02"),  # in the earlier period
        ("2021-03-31", "2021-03-01", "2021-04-01"),  # between the periods
        ("2021-09-30", "2021-09-01", "2021-09-15"),  # in the later one, with an overlap
        ("2022-03-31", "2022-03-31", "2022-04-01"),  # let by its last day, and not yet begun
    ],
)
def test_a_contract_and_its_successor_are_one_line_a_place(
    ended: str, awarded: str, started: str
) -> None:
    first = f"C1 | | 2019-01-01 | 2019-04-01 | {ended}"
    assert let_again(first, f"C2 | C1 | {awarded} | {started} | 2024-03-31") == NETTED


@pytest.mark.parametrize(
    ("ended", "awarded", "started", "causes_of_both"),
    [
        # the first one goes on beside the second
        ("2022-04-01", "2021-09-01", "2021-09-15", ["continuing", "new"]),
        # the award came after the period
        ("2021-09-30", "2022-04-01", "2021-10-01", ["ended within", "new"]),
        # a payment of a contract that was over before both periods
        ("2020-03-31", "2020-04-01", "2020-04-02", ["ended", "continuing"]),
        # the second ran all through both periods
        ("2020-05-31", "2020-03-01", "2020-04-01", ["ended", "continuing"]),
        # the dates contradict the number of what went before
        ("2021-03-31", "2018-01-01", "2019-04-01", ["ended", "continuing"]),
    ],
)
def test_what_is_not_netted(
    ended: str, awarded: str, started: str, causes_of_both: list[str]
) -> None:
    rows = let_again(
        f"C1 | | 2019-01-01 | 2019-04-01 | {ended}", f"C2 | C1 | {awarded} | {started} | 2024-03-31"
    )
    assert [row[1] for row in rows] == causes_of_both
    assert [row[3] for row in rows] == ["", ""]


def test_a_chain_and_lots_are_one_line_with_every_contract_named() -> None:
    register = """
        contract_id | predecessor_id | awarded_on | starts_on  | ends_on
        C1          |                | 2019-01-01 | 2019-04-01 | 2021-03-31
        C4          | C1             | 2021-03-01 | 2021-04-02 | 2024-03-31
        C2          | C1             | 2021-03-01 | 2021-04-01 | 2021-09-30
        C3          | C2             | 2021-09-01 | 2021-10-01 | 2024-03-31
    """
    this = lens(("C2", EAST, 30), ("C3", EAST, 50), ("C4", EAST, 9))
    drawn = frame("contracts", register)
    rows = contracts(this, lens(("C1", EAST, 100)), drawn, THIS, BEFORE)
    table = by_contract(rows)
    columns = ["contract_id", "successor_id", "before_pence", "this_pence", "change_pence"]
    assert table[columns].to_numpy().tolist() == [["C1", "C2, C4, C3", 100, 89, -11]]


@pytest.mark.parametrize(
    ("this", "before", "expected"),
    [
        ([(EAST, 70)], [(EAST, 100)], {("continuing", EAST): -30}),
        ([(WEST, 70)], [(EAST, 100)], {("moved", EAST): -100, ("moved", WEST): 70}),
        ([(EAST, 60), (WEST, 10)], [(EAST, 100)], {("continuing", EAST): -40, ("moved", WEST): 10}),
        ([(EAST, 70)], [("not known", 100)], {("moved", EAST): 70, ("moved", "not known"): -100}),
        ([("not known", 70)], [(EAST, 100)], {("moved", EAST): -100, ("moved", "not known"): 70}),
        (
            [(EAST, 50), ("not known", 5)],
            [(EAST, 100), ("not known", 9)],
            {("continuing", EAST): -50, ("continuing", "not known"): -4},
        ),
        ([], [(EAST, 100)], {("continuing", EAST): -100}),
        ([(EAST, 70)], [], {("continuing", EAST): 70}),
    ],
    ids=[
        "amount",
        "ward to ward",
        "a second ward",
        "became known",
        "was lost",
        "no change of class",
        "not paid now",
        "not paid before",
    ],
)
@pytest.mark.parametrize("contract", ["C1", None], ids=["contract", "outside contracts"])
def test_moved_newly_known_or_lost(
    this: list[tuple[str, int]],
    before: list[tuple[str, int]],
    expected: dict[tuple[str, str], int],
    contract: str | None,
) -> None:
    rows = [lens(*((contract, place, pence) for place, pence in side)) for side in (this, before)]
    assert causes(*rows) == expected


def test_outside_contracts_each_supplier_is_compared_with_itself() -> None:
    this, before = lens((None, EAST, 70), supplier="S1"), lens((None, WEST, 100), supplier="S2")
    assert causes(this, before) == {("continuing", EAST): 70, ("continuing", WEST): -100}


CROSSED = "contract_id | supplier_id | starts_on\nC1 | S1 | {starts}"


@pytest.mark.parametrize(
    ("starts", "this", "before", "expected"),
    [
        (
            "2019-04-01",
            [("C1", EAST, 70)],
            [(None, "not known", 60)],
            {("moved", EAST): 70, ("moved", "not known"): -60},
        ),
        (
            "2019-04-01",
            [(None, "not known", 60)],
            [("C1", EAST, 70)],
            {("moved", EAST): -70, ("moved", "not known"): 60},
        ),
        (
            "2021-05-01",
            [("C1", EAST, 70)],
            [(None, "not known", 60)],
            {("new", EAST): 70, ("continuing", "not known"): -60},
        ),
        (
            "2019-04-01",
            [("C1", EAST, 70), (None, "not known", 5)],
            [(None, "not known", 60)],
            {("continuing", EAST): 70, ("continuing", "not known"): -55},
        ),
    ],
    ids=["came under its contract", "left it", "the contract is new", "paid both ways"],
)
def test_a_supplier_that_came_under_its_contract_is_newly_known(
    starts: str,
    this: list[tuple[str | None, str, int]],
    before: list[tuple[str | None, str, int]],
    expected: dict[tuple[str, str], int],
) -> None:
    assert causes(lens(*this), lens(*before), CROSSED.format(starts=starts)) == expected


def test_a_claim_whose_twin_never_came_is_lost_unless_its_contract_is_new() -> None:
    this = lens(("C1", EAST, 70), ("C1", EAST, 9), ("C2", EAST, 5)).assign(
        is_unmatched=[True, False, True]
    )
    before = lens(("C1", EAST, 8), ("C3", EAST, 3)).assign(is_unmatched=[False, True])
    register = """
        contract_id | starts_on  | ends_on
        C1          | 2019-04-01 | 2024-03-31
        C2          | 2021-05-01 | 2024-03-31
        C3          | 2019-04-01 | 2021-12-31
    """
    rows = contracts(this, before, frame("contracts", register), THIS, BEFORE)
    assert rows["cause"].tolist() == ["moved", "continuing", "new", "continuing", "moved"]


@pytest.mark.parametrize(
    ("starts", "ends", "timing"),
    [
        ("2019-04-01", "2024-03-31", 0),  # it ran all of both years
        (
            "2020-10-01",
            "2024-03-31",
            102,
        ),  # 182 of 365 days before: 101 x 365 / 182 = 202.6, so 203 - 101
    ],
)
def test_the_days_that_a_contract_ran_are_the_timing_of_a_change(
    starts: str, ends: str, timing: int
) -> None:
    register = frame("contracts", f"contract_id | starts_on | ends_on\nC1 | {starts} | {ends}")
    rows = contracts(lens(("C1", EAST, 70)), lens(("C1", EAST, 101)), register, THIS, BEFORE)
    assert set(rows["cause"]) == {"continuing"}
    assert int(rows["timing_pence"].sum()) == timing


def test_rows_without_suppliers_will_do() -> None:
    this, before = (lens(("C1", EAST, pence)).drop(columns="supplier_id") for pence in (70, 100))
    assert causes(this, before) == {("continuing", EAST): -30}


def test_rows_keep_their_source_and_their_side() -> None:
    rows = contracts(
        lens(("C1", EAST, 70)),
        lens(("C1", EAST, 100)),
        frame("contracts", "contract_id\nC1"),
        THIS,
        BEFORE,
    )
    assert rows[["period", "amount_pence", "change_pence", "source_row"]].to_numpy().tolist() == [
        ["this", 70, 70, 2],
        ["before", 100, -100, 2],
    ]


def test_one_line_a_contract_with_the_largest_fall_first() -> None:
    register = (
        "contract_id | starts_on | ends_on\nC1 | 2019-04-01 | 2021-03-31\nC2 | 2021-05-01 "
        "| 2024-03-31"
    )
    rows = contracts(
        lens(("C2", EAST, 250), (None, EAST, 40)),
        lens(("C1", EAST, 900), (None, EAST, 30)),
        frame("contracts", register),
        THIS,
        BEFORE,
    )
    table = by_contract(rows)
    assert table["contract_id"].isna().tolist() == [False, True, False]
    assert table[
        ["place", "cause", "ended_how", "before_pence", "this_pence", "change_pence"]
    ].to_numpy().tolist() == [
        [EAST, "ended", "ran to plan", 900, 0, -900],
        [EAST, "continuing", "", 30, 40, 10],
        [EAST, "new", "", 0, 250, 250],
    ]


def test_nothing_in_nothing_out() -> None:
    rows = contracts(lens(), lens(), frame("contracts"), THIS, BEFORE)
    assert len(rows) == len(by_contract(rows)) == 0


def test_a_bridge_that_does_not_add_up_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sv_lib.analysis.bridge._side",
        lambda rows, period, sign: rows.assign(_supplier="S1", period=period, change_pence=1),
    )
    with pytest.raises(ArithmeticError, match="does not add up"):
        contracts(
            lens(("C1", EAST, 70)), lens(), frame("contracts", "contract_id\nC1"), THIS, BEFORE
        )


YEARS = (
    "contract_id | starts_on | ends_on\nC1 | 2019-04-01 | 2024-03-31\nC2 | 2019-04-01 | 2024-03-31"
)
TOLD = "contract_id | period_start | period_end | quantity | price_index\n"


def parts(told: str, this: pd.DataFrame, before: pd.DataFrame, register: str = YEARS) -> list[int]:
    """Timing, price, volume, and price and volume together, of all continuing rows."""
    rows = contracts(
        this, before, frame("contracts", register), THIS, BEFORE, frame("quantities", TOLD + told)
    )
    return [int(rows[name].sum()) for name in SPLIT]


@pytest.mark.parametrize(
    ("told", "price", "volume"),
    [
        # 100 units at 10p, then 120 at 11p: 120 x 1p dearer, 20 x 10p more
        ("C1 | 2020-04-01 | 2021-03-31 | 100 |\nC1 | 2021-04-01 | 2022-03-31 | 120 |", 120, 200),
        # the same by quarters of unlike size
        (
            "C1 | 2020-04-01 | 2020-06-30 | 70 |\nC1 | 2020-07-01 | 2021-03-31 | 30 |\n"
            "C1 | 2021-04-01 | 2022-03-31 | 120 |",
            120,
            200,
        ),
        # an index of 100, then 110: 1,320p would have been 1,200p
        ("C1 | 2020-04-01 | 2021-03-31 | | 100\nC1 | 2021-04-01 | 2022-03-31 | | 110", 120, 200),
        # one that rose half-way: 182 days at 100 and 183 at 120 are 109.97 (over 365); 1,320p x
        # 109.97 / 120 = 1,210p
        ("C1 | 2019-04-01 | 2020-09-29 | | 100\nC1 | 2020-09-30 | 2022-03-31 | | 120", 110, 210),
        # quantities go before an index
        (
            "C1 | 2020-04-01 | 2021-03-31 | 100 | 1\nC1 | 2021-04-01 | 2022-03-31 | 120 | 9",
            120,
            200,
        ),
    ],
    ids=["quantities", "quarters", "index", "index within a year", "both"],
)
def test_prices_and_quantities_are_told_apart(told: str, price: int, volume: int) -> None:
    assert parts(told, lens(("C1", EAST, 1320)), lens(("C1", EAST, 1000))) == [0, price, volume, 0]


@pytest.mark.parametrize(
    "told",
    [
        "C1 | 2021-04-01 | 2022-03-31 | 120 | 110",
        "C1 | 2020-04-01 | 2021-03-31 | 100 |\nC1 | 2021-04-01 | 2022-03-31 | | 110",
        "C1 | 2020-04-01 | 2021-03-31 | 100 |\nC1 | 2021-04-01 | 2022-03-30 | 120 |",
        "C1 | 2020-04-02 | 2021-03-31 | | 100\nC1 | 2021-04-01 | 2022-03-31 | | 110",
        "C1 | 2020-04-01 | 2021-03-31 | | 100\nC1 | 2021-04-01 | 2021-09-29 | | 105\n"
        "C1 | 2021-10-01 | 2022-03-31 | | 110",
        "C1 | 2020-04-01 | 2021-03-31 | | 100\nC1 | 2021-04-01 | 2021-10-01 | | 105\n"
        "C1 | 2021-10-01 | 2022-03-31 | | 110",
        "C1 | 2019-04-01 | 2021-03-31 | 100 |\nC1 | 2021-04-01 | 2022-03-31 | 120 |",
        "C1 | 2020-04-01 | 2021-03-31 | 0 |\nC1 | 2021-04-01 | 2022-03-31 | 120 |",
        "C1 | 2020-04-01 | 2021-03-31 | | 0\nC1 | 2021-04-01 | 2022-03-31 | | 110",
        "C9 | 2020-04-01 | 2021-03-31 | 100 | 100\nC9 | 2021-04-01 | 2022-03-31 | 120 | 110",
    ],
    ids=[
        "one period",
        "two kinds",
        "last day",
        "first day",
        "gap",
        "overlap",
        "more than the period",
        "none bought",
        "no index",
        "no such contract",
    ],
)
def test_what_is_not_told_for_every_day_stays_together(told: str) -> None:
    assert parts(told, lens(("C1", EAST, 1320)), lens(("C1", EAST, 1000))) == [0, 0, 0, 320]


def test_days_that_a_contract_did_not_run_need_no_quantities() -> None:
    """It began on 1 October: 182 of 365 days. 1,000p for them is 2,005p a year."""
    register = "contract_id | starts_on | ends_on\nC1 | 2020-10-01 | 2024-03-31"
    told = "C1 | 2020-10-01 | 2021-03-31 | | 100\nC1 | 2021-04-01 | 2022-03-31 | | 110"
    # 2,200p at the earlier price is 2,000p: 200p dearer, and 5p fewer than a whole year of the days
    # before
    assert parts(told, lens(("C1", EAST, 2200)), lens(("C1", EAST, 1000)), register) == [
        1005,
        200,
        -5,
        0,
    ]


def test_only_continuing_rows_are_told_apart_and_each_place_by_itself() -> None:
    told = "C1 | 2020-04-01 | 2021-03-31 | | 100\nC1 | 2021-04-01 | 2022-03-31 | | 110"
    this, before = (
        lens(("C1", EAST, 110), ("C1", WEST, 55), ("C2", EAST, 7)),
        lens(("C1", EAST, 100), ("C2", EAST, 4)),
    )
    quantities, register = frame("quantities", TOLD + told), frame("contracts", YEARS)
    rows = contracts(this, before, register, THIS, BEFORE, quantities)
    table = by_contract(rows).set_index(["contract_id", "place"])
    assert table[["cause", "change_pence", *SPLIT]].T.to_dict("list") == {
        ("C1", EAST): ["continuing", 10, 0, 10, 0, 0],
        ("C1", WEST): ["moved", 55, 0, 0, 0, 0],
        ("C2", EAST): ["continuing", 3, 0, 0, 0, 3],
    }


AMOUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5)
UNITS = st.decimals("0.001", "999999", places=3)


@given(
    this=AMOUNTS,
    before=AMOUNTS,
    units=st.lists(UNITS, min_size=4, max_size=4),
    starts=st.dates(date(2020, 1, 1), date(2021, 3, 31)),
)
def test_the_parts_of_continuing_add_up_to_the_penny(
    this: list[int], before: list[int], units: list[Decimal], starts: date
) -> None:
    told = pd.DataFrame(
        {
            "contract_id": "C1",
            "period_start": pd.to_datetime([max(starts, BEFORE.start), THIS.start]),
            "period_end": pd.to_datetime([BEFORE.end, THIS.end]),
            "quantity": units[:2],
            "price_index": units[2:],
        }
    )
    sides = [lens(*(("C1", EAST, pence) for pence in side)) for side in (this, before)]
    register = frame("contracts", f"contract_id | starts_on | ends_on\nC1 | {starts} | 2024-03-31")
    rows = contracts(*sides, register, THIS, BEFORE, told)
    assert (rows[list(SPLIT)].sum(axis=1) == rows["change_pence"]).all()
    assert int(rows[list(SPLIT)].to_numpy().sum()) == sum(this) - sum(before)
    assert (rows["together_pence"] == 0).all(), "an index tells of every contract"

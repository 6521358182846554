"""Contracts that end soon, what replaces them and what is still promised; and contracts that
promise nothing.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import council, frame

from sv_lib.analysis.delivery import OWED
from sv_lib.analysis.pipeline import ending, is_undated, typical, without_commitments

DAY = date(2022, 6, 30)


def amounts(*rows: tuple[str, str, int | None], stage: str = "committed") -> pd.DataFrame:
    """Valued rows: contract, measure, pence."""
    return pd.DataFrame(
        {
            "contract_id": pd.Series([row[0] for row in rows], dtype="str"),
            "measure_ref": pd.Series([row[1] for row in rows], dtype="str"),
            "value_pence": pd.Series([row[2] for row in rows], dtype="Int64"),
            "stage": stage,
        }
    )


def owed(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    """Contracts that have promised something, with their ``OWED``."""
    frame = pd.DataFrame(rows, columns=["contract_id", *OWED])
    return frame.astype({"contract_id": "str"} | dict.fromkeys(OWED, "int64"))


@pytest.mark.parametrize(
    ("awarded", "ends", "stopped", "is_ending"),
    [
        ("2020-01-01", "2022-06-30", "", False),
        ("2020-01-01", "2022-07-01", "", True),
        ("2020-01-01", "2023-06-30", "", True),
        ("2020-01-01", "2023-07-01", "", False),
        ("2020-01-01", "2022-12-31", "2022-06-30", False),
        ("2020-01-01", "2022-12-31", "2022-07-01", True),
        ("2022-06-30", "2022-12-31", "", True),
        ("2022-07-01", "2022-12-31", "", False),
    ],
)
def test_ending_within_twelve_months(
    awarded: str, ends: str, stopped: str, is_ending: bool
) -> None:
    register = frame(
        "contracts", f"awarded_on | ends_on | stopped_on\n{awarded} | {ends} | {stopped}"
    )
    rows = ending(register, owed(), DAY)
    assert len(rows) == is_ending
    assert rows["last_on"].tolist() == [pd.Timestamp(ends)] * is_ending


def test_what_replaces_it_and_what_is_still_promised() -> None:
    register = frame(
        "contracts",
        """
        contract_id | title     | ends_on    | predecessor_id | awarded_on
        C3          | Later     | 2023-03-31 |                | 2020-01-01
        C1          | Cleaning  | 2022-09-30 |                | 2020-01-01
        C5          | Not yet   | 2026-09-30 | C1             | 2022-07-01
        C4          | Second    | 2026-09-30 | C1             | 2022-06-02
        C2          | Cleaning2 | 2026-09-30 | C1             | 2022-06-01
        """,
    )
    rows = ending(register, owed(("C1", 1500, 1200, 600), ("C2", 9, 9, 0)), DAY)
    columns = ["contract_id", "successor_id", "successor_title", *OWED]
    assert rows[columns].to_numpy().tolist() == [
        ["C1", "C2", "Cleaning2", 1500, 1200, 600],
        ["C3", "", "", pd.NA, pd.NA, pd.NA],
    ]
    assert rows["source_row"].tolist() == [3, 2]


@pytest.mark.parametrize(
    ("contract", "is_bare"),
    [
        ("100000.01 | 2022-06-30 | 2022-06-30 | 2022-06-30 |", True),
        ("100000.00 | 2022-06-30 | 2022-06-30 | 2022-06-30 |", False),
        ("500000.00 | 2022-07-01 | 2022-06-30 | 2023-06-30 |", False),
        ("500000.00 | 2022-06-30 | 2022-07-01 | 2023-06-30 |", False),
        ("500000.00 | 2021-06-30 | 2021-06-30 | 2022-06-29 |", False),
        ("500000.00 | 2021-06-30 | 2021-06-30 | 2023-06-30 | 2022-06-29", False),
    ],
)
def test_contracts_that_promise_nothing(contract: str, is_bare: bool) -> None:
    register = frame(
        "contracts", f"value | awarded_on | starts_on | ends_on | stopped_on\n{contract}"
    )
    assert len(without_commitments(register, frame("commitments"), council(), DAY)) == is_bare


def test_one_promise_is_enough() -> None:
    register = frame("contracts", "contract_id\nC1\nC2")
    rows = without_commitments(register, frame("commitments", "contract_id\nC1"), council(), DAY)
    assert rows["contract_id"].tolist() == ["C2"]


def test_nothing_in_nothing_out() -> None:
    assert len(ending(frame("contracts"), owed(), DAY)) == 0
    assert len(without_commitments(frame("contracts"), frame("commitments"), council(), DAY)) == 0


def test_typical_promises_are_those_of_real_contracts() -> None:
    register = frame(
        "contracts",
        """
        contract_id | category     | value
        C1          | construction | 100
        C2          | construction | 200
        C3          | construction | 1000
        C4          | construction | 100
        C5          | ICT          | 100
        C6          | ICT          | 0
        C7          | social care  | 100
        """,
    )
    promised = amounts(
        ("C1", "NT1", 500),
        ("C2", "NT1", 200),
        ("C2", "NT10", 600),
        ("C3", "NT1", 1_000),
        ("C4", "NT1", 900),
        ("C5", "NT1", 700),
        ("C6", "NT1", 1),
        ("C7", "NT39", None),
    )
    lines = typical(register, promised)
    assert lines.to_numpy().tolist() == [
        ["ICT", "high", "C5", 1],
        ["ICT", "low", "C5", 1],
        ["ICT", "median", "C5", 1],
        ["construction", "high", "C4", 4],
        ["construction", "low", "C3", 4],
        ["construction", "median", "C2", 4],
    ]
    assert len(typical(register, amounts())) == 0


@pytest.mark.parametrize(
    ("awarded", "ends", "is_so"),
    [
        (["2020-01-01", "2021-01-01"], ["", ""], True),
        (["2020-01-01", "2021-01-01"], ["", "2021-12-31"], False),
        # Of a contract that is not awarded yet nothing is told.
        (["2020-01-01", "2022-07-01"], ["", "2023-01-01"], True),
        (["2022-07-01"], [""], False),
    ],
)
def test_contracts_none_of_which_has_a_last_day(
    awarded: list[str], ends: list[str], is_so: bool
) -> None:
    lines = [f"{first} | {last} | " for first, last in zip(awarded, ends, strict=True)]
    register = frame("contracts", "\n".join(["awarded_on | ends_on | stopped_on", *lines]))
    assert is_undated(register, DAY) == is_so

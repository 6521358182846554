"""The largest contracts, and coverage at both sides of its boundaries."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import frame

from sv_lib.analysis.delivery import coverage, top
from sv_lib.periods import Period


def test_top_contracts_and_equals_in_order() -> None:
    claims = pd.DataFrame(
        {"contract_id": ["C3", "C1", "C2", "C2", "C4"], "value_pence": [5, 7, 3, 4, None]}
    )
    claims = claims.astype({"value_pence": "Int64"})
    assert top(claims, 2).to_numpy().tolist() == [[1, "C1", 7], [2, "C2", 7]]
    assert top(claims)["contract_id"].tolist() == ["C1", "C2", "C3"]
    assert len(top(claims.iloc[:0])) == 0


HALF = Period(date(2021, 12, 1), date(2022, 5, 31))
LOG = """
    contract_id | quarter_end | due_on     | received_on
    C1          | 2022-02-28  | 2022-03-31 | {first}
    C1          | 2022-05-31  | 2022-06-30 | {second}
    C1          | 2021-11-30  | 2021-12-31 | 2021-12-01
"""


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
    log = frame("return_log", LOG.format(first=first, second=second))
    rows = coverage(log, frame("contracts", "contract_id\nC1"), date.fromisoformat(day), HALF)
    assert rows[["coverage", "quarters_due"]].to_numpy().tolist() == [[word, due]]
    assert rows["source_file"].tolist() == ["inputs/contracts.csv"]


@pytest.mark.parametrize(
    ("contract", "is_in_scope"),
    [
        ("illustrative-2020 | 2021-11-30 | 2022-05-31 | 2023-05-31 |", True),
        (" | 2021-11-30 | 2022-05-31 | 2023-05-31 |", False),
        ("illustrative-2020 | 2022-07-01 | 2022-05-31 | 2023-05-31 |", False),
        ("illustrative-2020 | 2021-11-30 | 2022-06-01 | 2023-05-31 |", False),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2021-12-01 |", True),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2021-11-30 |", False),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2023-05-31 | 2021-11-30", False),
        ("illustrative-2020 | 2019-11-30 | 2020-05-31 | 2023-05-31 | 2021-12-01", True),
    ],
)
def test_which_contracts_coverage_is_about(contract: str, is_in_scope: bool) -> None:
    register = frame(
        "contracts", f"edition | awarded_on | starts_on | ends_on | stopped_on\n{contract}"
    )
    log = frame("return_log", LOG.format(first="", second=""))
    assert len(coverage(log, register, date(2022, 6, 30), HALF)) == is_in_scope


def test_coverage_without_a_log_is_not_known() -> None:
    rows = coverage(
        frame("return_log"), frame("contracts", "contract_id\nC1"), date(2022, 6, 30), HALF
    )
    assert rows["coverage"].tolist() == ["not known"]

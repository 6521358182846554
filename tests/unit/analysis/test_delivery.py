"""From promise to delivery by each key, the largest contracts, and coverage at both sides of its boundaries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from frames import frame

from sv_lib.analysis.delivery import by, coverage, top
from sv_lib.periods import Period
from sv_lib.toms.measures import catalogue
from sv_lib.toms.states import due_by
from sv_lib.toms.valuation import value_claims, value_commitments

D = Decimal
CONTRACTS = frame("contracts", "contract_id\nC1\nC2")
PROXIES = frame("proxies", "measure_ref | unit | proxy\nNT10 | weeks | 200\nNT1 | FTE | 20000")
CLAIMS = value_claims(
    frame(
        "returns",
        """
        contract_id | measure_ref | quantity | state
        C1          | NT10        | 10       | reported
        C1          | NT10        | 20       | evidenced
        C2          | NT10        | 30       | validated
        C2          | NT1         | 0.5      | validated
        C2          | NT39        | 2        | validated
        C2          | NT12        | 5        | reported
        """,
    ),
    CONTRACTS, catalogue(), PROXIES, D(0),
)  # fmt: skip
DUE = due_by(
    value_commitments(
        frame(
            "commitments",
            """
            contract_id | measure_ref | quantity | committed_on
            C1          | NT10        | 100      | 2020-11-01
            C2          | NT10        | 50       |
            C2          | NT39        | 4        | 2020-11-01
            """,
        ),
        CONTRACTS, catalogue(), PROXIES, D(0),
    ),
    CONTRACTS, frame("milestones", "commitment_id | due_on | quantity\nP1 | 2022-01-01 | 40\nP1 | 2023-01-01 | 60"),
    date(2022, 5, 31),
)  # fmt: skip


def test_by_measure() -> None:
    table = by(CLAIMS, DUE, "measure_ref").set_index("measure_ref")
    assert table.loc["NT10"].to_dict() == {
        "targeted_pence": 3000000, "committed_pence": 2000000, "due_pence": 800000, "reported_pence": 1200000,
        "evidenced_pence": 1000000, "validated_pence": 600000, "local_economic_pence": 0, "claims": 3,
        "recorded_only": 0, "not_priced": 0, "committed_quantity": D(100), "due_quantity": D(40),
        "reported_quantity": D(60), "validated_quantity": D(30),
    }  # fmt: skip
    assert table.loc["NT1", "local_economic_pence"] == 1000000
    assert table.loc["NT39", ["committed_pence", "reported_pence", "claims", "recorded_only"]].tolist() == [0, 0, 1, 1]
    assert table.loc["NT12", ["reported_pence", "claims", "not_priced"]].tolist() == [0, 1, 1]


@pytest.mark.parametrize("key", ["contract_id", "theme", "outcome", "measure_ref"])
def test_parts_equal_the_whole_whatever_the_order(key: str) -> None:
    table = by(CLAIMS, DUE, key)
    assert table["reported_pence"].sum() == 2200000
    assert table["committed_pence"].sum() == 2000000
    assert table["claims"].sum() == 6
    pd.testing.assert_frame_equal(by(CLAIMS.iloc[::-1], DUE.iloc[::-1], key), table)


def test_by_nothing() -> None:
    assert len(by(CLAIMS.iloc[:0], DUE.iloc[:0], "theme")) == 0


def test_top_contracts_and_equals_in_order() -> None:
    claims = pd.DataFrame({"contract_id": ["C3", "C1", "C2", "C2", "C4"], "value_pence": [5, 7, 3, 4, None]})
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
    register = frame("contracts", f"edition | awarded_on | starts_on | ends_on | stopped_on\n{contract}")
    log = frame("return_log", LOG.format(first="", second=""))
    assert len(coverage(log, register, date(2022, 6, 30), HALF)) == is_in_scope


def test_coverage_without_a_log_is_not_known() -> None:
    rows = coverage(frame("return_log"), frame("contracts", "contract_id\nC1"), date(2022, 6, 30), HALF)
    assert rows["coverage"].tolist() == ["not known"]

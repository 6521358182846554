"""The largest contracts; what counts towards each promise; what is still owed under a contract."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sv_lib.analysis.delivery import still_owed, top, towards_due


def claimed(*rows: tuple[str | None, int | None]) -> pd.DataFrame:
    """Valued claims in the order of their quarters: commitment, pence."""
    quarters = pd.date_range("2020-02-29", periods=len(rows), freq="QE-FEB")
    return pd.DataFrame(
        {
            "claim_id": [f"R{number}" for number in range(len(rows))],
            "commitment_id": pd.Series([row[0] for row in rows], dtype="str"),
            "period_end": quarters,
            "value_pence": pd.Series([row[1] for row in rows], dtype="Int64"),
        }
    )


def promised(**due: int | None) -> pd.DataFrame:
    """Commitments of contract C1 of 200 pence each, with the pence due of each."""
    return pd.DataFrame(
        {
            "commitment_id": pd.Series(list(due), dtype="str"),
            "contract_id": "C1",
            "stage": "committed",
            "value_pence": pd.Series([200] * len(due), dtype="Int64"),
            "due_value_pence": pd.Series(list(due.values()), dtype="Int64"),
        }
    )


def test_top_contracts_share_a_place_when_they_are_equal() -> None:
    claims = pd.DataFrame(
        {"contract_id": ["C3", "C1", "C2", "C2", "C4"], "value_pence": [5, 7, 3, 4, None]}
    )
    claims = claims.astype({"value_pence": "Int64"})
    assert top(claims, 2).to_numpy().tolist() == [["1=", "C1", 7], ["1=", "C2", 7]]
    assert top(claims)["contract_id"].tolist() == ["C1", "C2", "C3"]
    assert top(claims, 1)["rank"].tolist() == ["1="]
    assert len(top(claims.iloc[:0])) == 0


def test_more_of_one_promise_never_pays_for_another() -> None:
    rows = towards_due(claimed(("A", 90), ("A", 60), ("B", 50)), promised(A=100, B=100))
    assert rows["towards_pence"].tolist() == [90, 10, 50]
    assert rows["towards_pence"].sum() * 100 / 200 == 75


def test_what_counts_of_corrections_targets_and_claims_without_a_price() -> None:
    claims = claimed(("A", 150), ("A", -70), ("T", 40), ("U", None), (None, 30), ("N", 20))
    rows = towards_due(claims, promised(A=100, T=0, U=None))
    # A comes to 80 in the end; nothing was due of a target, or of a promise that is not known.
    assert rows["commitment_id"].tolist() == ["A", "A", "N", "T"]
    assert rows["towards_pence"].tolist() == [100, -20, 0, 0]
    assert towards_due(claims.iloc[:0], promised()).empty


@settings(max_examples=1000, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-500, 10**12)), max_size=12),
    st.lists(st.integers(0, 10**12), min_size=3, max_size=3),
)
def test_what_counts_is_never_more_than_was_claimed_or_due(
    claims: list[tuple[str, int]], due: list[int]
) -> None:
    rows = towards_due(claimed(*claims), promised(**dict(zip("ABC", due, strict=True))))
    counted = int(rows["towards_pence"].sum())
    assert counted <= sum(pence for _, pence in claims)
    assert counted <= sum(due)
    each = {name: sum(pence for one, pence in claims if one == name) for name in "ABC"}
    assert counted == sum(min(each[name], most) for name, most in zip("ABC", due, strict=True))


def test_what_is_still_owed_promise_by_promise() -> None:
    promises = promised(A=100, B=100)
    claims = claimed(("A", 150), ("B", 250), ("B", None), (None, 40), ("N", 9))
    assert still_owed(promises, claims).to_numpy().tolist() == [["C1", 400, 400, 50]]


def test_what_is_no_promise_is_not_owed() -> None:
    assert still_owed(promised(A=0).assign(stage="targeted"), claimed()).empty
    assert still_owed(promised(A=0).assign(value_pence=pd.NA), claimed()).empty

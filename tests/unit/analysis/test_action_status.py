"""How an action stands by its date and its evidence, case by case."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.analysis.action_status import worked_out

DAY = date(2022, 12, 31)
BEFORE, AFTER = date(2022, 10, 31), date(2023, 3, 31)


@pytest.mark.parametrize(
    ("evidence", "target", "due_on", "status"),
    [
        (7, 20, BEFORE, "late"),
        (7, 20, AFTER, "not yet due"),
        (20, 20, BEFORE, "complete"),
        (20, 20, AFTER, "complete"),
        (None, 20, BEFORE, "no evidence"),
        (7, None, BEFORE, "no evidence"),
        (None, None, AFTER, "not yet due"),
        (0, 20, None, "not yet due"),
        # On its own day an action is not late yet.
        (7, 20, DAY, "not yet due"),
    ],
)
def test_a_status_by_date_and_evidence(
    evidence: int | None, target: int | None, due_on: date | None, status: str
) -> None:
    have, wanted = (None if one is None else Fraction(one) for one in (evidence, target))
    assert worked_out(have, wanted, due_on, DAY) == status


@given(evidence=st.integers(0, 30), days=st.integers(1, 400))
def test_more_evidence_never_makes_an_action_later(evidence: int, days: int) -> None:
    due = DAY - timedelta(days=days)
    order = ["late", "complete"]
    less, more = (
        worked_out(Fraction(one), Fraction(20), due, DAY) for one in (evidence, evidence + 1)
    )
    assert order.index(less) <= order.index(more)

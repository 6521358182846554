"""What the public run shows of a small council: protected groups rounded, halves of a year not given away."""

from __future__ import annotations

import pytest
from small_council import DRAWINGS, inputs, publication

from sv_lib.figures.calculation import calculate
from sv_lib.figures.protection import TOGETHER
from sv_lib.figures.store import Calculation

HEADING = DRAWINGS["returns"].splitlines()[0]
CLAIM = "claim_id | contract_id | measure_ref | period_start | period_end | quantity | headcount | reported_on\n"


def public(returns: str, kind: str = "mid-year") -> Calculation:
    """The public run of the small council with these claims alone; nobody says where people live."""
    drawn = inputs(returns=returns, beneficiaries=None, stories=None)
    return calculate(publication("public", kind), drawn)


@pytest.mark.parametrize(("people", "shown"), [(41, 40), (42, 40), (43, 45), (8, 10)])
def test_a_protected_group_is_rounded(people: int, shown: int) -> None:
    made = public(f"{CLAIM}R1 | C2 | NT3 | 2022-03-01 | 2022-05-31 | 0.25 | {people} | 2022-06-10")
    figure = made.ledger["people.NT3.this"]
    assert (figure.value, figure.caution) == (shown, "rounded to the nearest 5")
    assert made.ledger.rows("people.NT3.this").to_dict("list") == {
        "source_file": [TOGETHER], "source_row": [0], "amount": [shown],
    }  # fmt: skip


def test_a_small_protected_group_is_hidden_where_an_ordinary_one_is_shown() -> None:
    for ref, kind in (("NT3", "hidden"), ("NT10", "total")):
        made = public(f"{CLAIM}R1 | C2 | {ref} | 2022-03-01 | 2022-05-31 | 0.25 | 7 | 2022-06-10")
        assert made.ledger[f"people.{ref}.this"].kind == kind, ref


@pytest.mark.parametrize(("more", "kind"), [(2, "hidden"), (20, "total")])
def test_a_year_does_not_give_its_second_half_away(more: int, kind: str) -> None:
    """Nine apprentices stood in the mid-year report. A year of eleven would tell of the two who came after it."""
    made = public(
        f"{CLAIM}R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 5 | 9 | 2022-06-10\n"
        f"R2 | C2 | NT10 | 2022-09-01 | 2022-11-30 | 5 | {more} | 2022-12-10",
        kind="annual",
    )
    assert made.ledger["people.NT10.this"].kind == kind
    assert made.ledger["headline.training_weeks.this"].kind == kind


def test_what_few_people_who_trade_alone_were_paid_is_hidden() -> None:
    ledger = public(HEADING).ledger
    figure = ledger["suppliers.first_time.paid"]
    assert (figure.kind, figure.value) == ("hidden", None)
    assert ledger["spend.total.this"].value == 5_370_00

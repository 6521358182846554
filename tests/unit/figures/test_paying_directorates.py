"""Where no payment says for what it was, the directorates that paid stand in the place of that."""

from __future__ import annotations

from small_council import calculated

LEDGER = """paid_on | supplier_id | directorate | category | amount
2021-10-05 | S1 | People | {category} | 60.00
2021-11-05 | S4 | PEOPLE |  | 15.00
2021-12-05 | S1 | Place |  | 20.50
2022-01-05 | S4 |  |  | 4.50"""


def test_each_directorate_with_its_payments_and_their_share() -> None:
    """60 and 15 of two spellings are 75 of 100; what names no directorate is told last."""
    made = calculated(payments=LEDGER.format(category=""))
    assert made.tables["paying_directorates"].values.tolist() == [
        ["PEOPLE", "people"],
        ["Place", "place"],
        ["not known", "not-known"],
    ]
    paid = [made.trail[f"spend.directorate.{slug}.this"].value for slug in ("people", "place")]
    assert paid == [75_00, 20_50]
    assert made.trail["spend.directorate_share.people.this"].value == 75
    assert made.trail["spend.directorate.not-known.this"].value == 4_50


def test_none_where_a_payment_says_for_what() -> None:
    made = calculated(payments=LEDGER.format(category="ICT"))
    assert made.tables["paying_directorates"].empty
    assert not [one for one in made.trail if one.id.startswith("spend.directorate")]


def test_none_where_no_payment_names_a_directorate() -> None:
    without = "paid_on | supplier_id | amount\n2021-10-05 | S1 | 60.00"
    assert calculated(payments=without).tables["paying_directorates"].empty

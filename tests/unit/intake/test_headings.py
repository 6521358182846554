"""``headings.yaml``: every heading that is written out is recognised, and money by its words."""

from __future__ import annotations

import re

import pytest

from sv_lib.intake.ledger.headings import FILE, HEADINGS, headings_known, money_basis, rank_of
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.strict_yaml import read_yaml

WRITTEN_OUT = [
    (ours, rank, text)
    for ours, lists in read_yaml(FILE)["columns"].items()
    for rank, texts in enumerate(lists)
    for text in texts
    if re.fullmatch(r"[a-z0-9 ]+", text)
]


def test_the_columns_are_those_of_payments() -> None:
    assert set(HEADINGS.columns) | {"amount"} <= set(PAYMENTS.names)
    assert len(WRITTEN_OUT) > 20


@pytest.mark.parametrize(("ours", "rank", "heading"), WRITTEN_OUT)
def test_a_heading_is_known_however_a_system_spells_it(ours: str, rank: int, heading: str) -> None:
    for spelt in (heading, heading.upper(), heading.title(), heading.replace(" ", "_")):
        assert rank_of(ours, spelt) == rank
        assert headings_known([spelt]) >= 1


@pytest.mark.parametrize(
    ("heading", "basis"),
    [
        ("Net Amount (£)", "net"),
        ("Amount exc VAT", "net"),
        ("Gross", "gross"),
        ("Amount", "not known"),
        ("VAT Amount", None),
        ("Supplier", None),
    ],
)
def test_what_a_heading_of_money_says_of_vat(heading: str, basis: str | None) -> None:
    assert money_basis(heading) == basis

"""Where the money goes: payments quarter by quarter, drawn where places of suppliers are known."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from made_once import calculate

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load
from sv_lib.present import (
    pieces,
    sections,  # noqa: F401 it names the pieces
)
from sv_lib.present.markup import Html, text_of
from sv_lib.present.report import Report

MONTHS = ("2022-01-10", "2022-02-10", "2022-03-10")
HEADINGS = "payment_id,paid_on,supplier_id,supplier_name,directorate,category,amount,contract_id\n"
POSTCODES = (
    "postcode,ward_code,lsoa_code,lad_code,region_code\n"
    "TE1 1AA,E05990001,E01990001,E08990001,E12990001\n"
)
SUPPLIERS = "supplier_id,supplier_name,postcode,is_sole_trader\nS1,Firm One,TE1 1AA,no\n"


@pytest.fixture
def series(root: Path, tmp_path: Path) -> tuple[Html, Html]:
    """The section of a council with a quarter of payments: alone, and with its suppliers."""
    shutil.copytree(root / "tests/bad_inputs/base", tmp_path / "test")
    inputs = tmp_path / "test" / "inputs"
    paid = [f"P{day},{day},S1,Firm One,Place,ICT,400.00,\n" for day in MONTHS]
    (inputs / "payments.csv").write_text(HEADINGS + "".join(paid), encoding="utf-8")
    (inputs / "postcodes.csv").write_text(POSTCODES, encoding="utf-8")
    (inputs / "suppliers.csv").write_text(SUPPLIERS, encoding="utf-8")
    path = tmp_path / "test" / "publication.yaml"
    text = re.sub(r"(?s)^inputs:\n.*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    alone = "inputs: {payments: inputs/payments.csv"
    more = ", suppliers: inputs/suppliers.csv, postcodes: inputs/postcodes.csv"
    found = []
    for named in (alone, alone + more):
        path.write_text(text + named + "}\n", encoding="utf-8")
        publication = load(path, "exempt")
        made = calculate(publication, read_inputs(publication))
        found.append(pieces.CHARTS["spend.quarters"].of(Report(publication, made)))
    return found[0], found[1]


def test_a_chart_of_which_every_place_is_unknown_is_one_sentence(series: tuple[Html, Html]) -> None:
    alone, placed = series
    assert "<svg" not in alone and "<img" not in alone
    assert text_of(alone) == (
        "£1,200 was paid in the quarter to March 2022. Where suppliers are based is not known for "
        "any quarter, so no chart by place is drawn."
    )
    assert 'id="chart-spend-quarters"' in placed
    assert "no chart by place" not in placed

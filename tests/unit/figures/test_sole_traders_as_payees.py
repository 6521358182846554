"""A council that paid few firms and some people who trade alone: figures are made, nobody named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from made_once import calculate

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load

BASE = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"
PAYMENTS = (
    "payment_id,paid_on,supplier_id,supplier_name,directorate,category,amount,contract_id,is_card"
)
SUPPLIERS = (
    "supplier_id,supplier_name,postcode,company_number,charity_number,size,is_vcse,is_sole_trader"
)
ANN, BOB = "S1,Ann Quoxby,ZZ1 1QA,,,,,yes", "S2,Bob Vexley,ZZ1 1QB,,,,,yes"
FIRM = "S2,Firm Two,ZZ1 1QB,,,,,no"
TO_ANN = "P1,2021-11-02,S1,Ann Quoxby,Place,construction,1200.50,{},no"
CASES = {
    "everybody": ([ANN, BOB], [TO_ANN, "P2,2021-11-03,S2,Bob Vexley,Place,care,20,,"], "hidden"),
    "the only payee": ([ANN], [TO_ANN], "hidden"),
    "one of two": ([ANN, FIRM], [TO_ANN, "P2,2021-11-03,S2,Firm Two,Place,care,20,,"], "told"),
    "beside a redacted name": (
        [ANN],
        ["P1,2021-11-02,,REDACTED,Place,care,1200.50,,no", TO_ANN.replace("P1,2021", "P2,2020")],
        "told",
    ),
    "with a contract": ([ANN, FIRM], [TO_ANN.replace("{}", "C1")], "hidden"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_small_council_has_its_figures_and_names_nobody(tmp_path: Path, case: str) -> None:
    suppliers, payments, total = CASES[case]
    folder = tmp_path / "params"
    shutil.copytree(BASE, folder)
    for name, lines in (
        ("suppliers", [SUPPLIERS, *suppliers]),
        ("payments", [PAYMENTS, *payments]),
    ):
        text = "\n".join(line.replace("{}", "") for line in lines)
        (folder / f"inputs/{name}.csv").write_text(text + "\n", encoding="utf-8")
    publication = load(folder / "publication.yaml", "public")
    found = calculate(publication, read_inputs(publication))
    assert (found.trail["spend.total.this"].kind == "hidden") == (total == "hidden")
    cells = [str(cell) for table in found.tables.values() for name in table for cell in table[name]]
    said = " ".join([*cells, *(f"{figure.id} {figure.label}" for figure in found.trail)])
    assert "Quoxby" not in said and "Vexley" not in said

"""Figures of a council's own: what a file may declare, what it comes to, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from made_once import calculate

import sv_lib as sv
from sv_lib.errors import ParameterError
from sv_lib.figures.own_figures import add_own_figures
from sv_lib.figures.workings import Workings
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import load
from sv_lib.present.explore import OpenReport

BASE = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"
GOOD = {
    "id": "wage",
    "label": "Paid to employers of the real Living Wage",
    "formula": "payments to suppliers who say so",
    "over": "payments",
    "rows": '{pays_real_living_wage: "yes"}',
    "total": "amount_pence",
}


def declared(folder: Path, *files: dict[str, str]) -> Path:
    """The parameters of the small council with figures of its own, the files in this order."""
    council = folder / "council"
    shutil.copytree(BASE, council)
    (council / "figures").mkdir()
    for number, file in enumerate(files):
        text = "".join(f"{key}: {value}\n" for key, value in file.items() if value)
        (council / "figures" / f"{number}.yaml").write_text(text, encoding="utf-8")
    return council / "publication.yaml"


def opened(folder: Path, *files: dict[str, str]) -> OpenReport:
    return sv.open_report(str(declared(folder, *files)))


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(load(BASE / "publication.yaml"))


def test_a_total_its_change_and_its_share(tmp_path: Path) -> None:
    report = opened(tmp_path, {**GOOD, "share_of": "spend.total"})
    # £1,200.50 to Firm One, which pays it, of £1,180.50 less a credit to Firm Two.
    assert report.figure("own.wage.this").value == 120050
    assert report.figure("own.wage.before").value == 0
    assert report.figure("own.wage.change").value == 120050
    assert report.figure("own.wage.share.this").value == pytest.approx(100 * 120050 / 118050)
    rows = report.trace("own.wage.this")
    assert rows["amount"].sum() == 120050
    assert rows["source_file"].str.endswith("payments.csv").all()
    assert "Paid to employers of the real Living Wage" in report.table("own.figures")


def test_counts_of_rows_and_of_what_differs(tmp_path: Path) -> None:
    every = {**GOOD, "rows": "", "total": ""}
    report = opened(
        tmp_path,
        {**every, "id": "payments", "count": "rows"},
        {**every, "id": "firms", "count": "supplier_id"},
        {**every, "id": "contracts", "count": "contract_id"},
        {**every, "id": "some", "count": "rows", "rows": "{category: [construction, ICT]}"},
    )
    found = {name: report.figure(f"own.{name}.this").value for name in ("payments", "firms")}
    assert found == {"payments": 2, "firms": 2}
    assert report.figure("own.contracts.this").value == 1
    assert report.figure("own.some.this").value == 2
    firms = report.figure("own.firms.this")
    assert (firms.unit, firms.figure.period) == ("suppliers", load(BASE / "publication.yaml").spend)


def test_a_bound_keeps_what_is_on_its_side(tmp_path: Path) -> None:
    """£1,200.50 on 2 November, and a credit of £20 on the next day."""
    bounds = {
        "large": "{amount_pence: {at_least: 120050, below: 120051}}",
        "small": "{amount_pence: {at_least: -2000, below: 120050}}",
        "none": "{amount_pence: {at_least: -1999, below: 120050}}",
        "late": "{paid_on: {at_least: 2021-11-03, below: 2021-11-04}}",
        "both": "{paid_on: {at_least: 2021-11-02, below: 2021-11-04}}",
    }
    counted = {**GOOD, "total": "", "count": "rows"}
    report = opened(tmp_path, *({**counted, "id": one, "rows": bounds[one]} for one in bounds))
    kept = {one: report.figure(f"own.{one}.this").value for one in bounds}
    assert kept == {"large": 1, "small": 1, "none": 0, "late": 1, "both": 2}


def test_without_suppliers_what_asks_about_them_is_not_known(tmp_path: Path) -> None:
    file = declared(tmp_path, GOOD, {**GOOD, "id": "everything", "rows": ""})
    settings, inputs, _ = file.read_text(encoding="utf-8").partition("inputs:\n")
    file.write_text(settings + inputs + "  payments: inputs/payments.csv\n", encoding="utf-8")
    report = sv.open_report(str(file))
    assert report.figure("own.wage.this").figure.caution == "no suppliers supplied"
    assert report.figure("own.everything.this").value == 118050


def test_a_share_of_another_of_ones_own(tmp_path: Path) -> None:
    works = {**GOOD, "id": "works", "rows": "{category: construction}"}
    report = opened(tmp_path, works, {**GOOD, "share_of": "own.works"})
    assert report.figure("own.wage.share.this").value == 100


def test_a_figure_on_few_people_is_hidden_like_any_other(tmp_path: Path) -> None:
    """Every claim of the small council is about fewer than five people."""
    claims = {**GOOD, "over": "claims", "rows": "{measure_ref: NT10}", "total": "value_pence"}
    report = opened(tmp_path, claims)
    assert report.figure("own.wage.this").figure.kind == "hidden"
    assert report.trace("own.wage.this").empty


def test_a_promise_adds_up(tmp_path: Path) -> None:
    due = {**GOOD, "over": "commitments", "rows": "", "total": "due_value_pence"}
    report = opened(tmp_path, due)
    assert report.figure("own.wage.this").value == report.figure("delivery.due.this").value


FAULTS = {
    "no such column": ({"rows": "{pays_living_wage: x}"}, "is 'pays_real_living_wage' meant?"),
    "a column with names": ({"rows": "{supplier_name: x}"}, "no column 'supplier_name'"),
    "misspelt value": ({"rows": "{category: construktion}"}, "is 'construction' meant?"),
    "no such total": ({"total": "amount"}, "'amount' is not one of amount_pence"),
    "people": ({"total": "headcount"}, "'headcount' is not one of amount_pence"),
    "no such count": ({"total": "", "count": "people"}, "'people' is not one of rows"),
    "both": ({"count": "rows"}, "either 'total' or 'count'"),
    "neither": ({"total": ""}, "either 'total' or 'count'"),
    "no such frame": ({"over": "returns"}, "'over'"),
    "no such key": ({"sum": "amount_pence"}, "'sum' is not a parameter"),
    "another id": ({"id": "spend.total"}, "'id'"),
    "code": ({"rows": "{amount_pence: {eval: __import__}}"}, "give a value, a list of values"),
    "code for a bound": ({"rows": "{amount_pence: {below: 1e}}"}, "or a whole number"),
    "bounds of words": ({"rows": "{category: {below: 5}}"}, "it holds words"),
    "no label": ({"label": ""}, "'label' is missing"),
    "no such whole": ({"share_of": "spend.totl"}, "is 'spend.total' meant?"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_in_words(tmp_path: Path, inputs: Inputs, case: str) -> None:
    change, words = FAULTS[case]
    publication = load(declared(tmp_path, {**GOOD, **change}))
    trail = calculate(load(BASE / "publication.yaml", "exempt"), inputs).trail
    with pytest.raises(ParameterError) as fault:
        add_own_figures(trail, Workings(publication, inputs))
    assert words in str(fault.value)
    assert "docs/your-own-figure.md" in str(fault.value)


def test_all_faults_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(ParameterError) as fault:
        opened(tmp_path, {**GOOD, "total": "x"}, {**GOOD, "rows": "{y: z}"})
    assert "0.yaml" in str(fault.value)
    assert "1.yaml" in str(fault.value)
    assert "declares 'wage' already" in str(fault.value)

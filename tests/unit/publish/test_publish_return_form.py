"""A supplier's return: made, filled in as a supplier would, and read back."""

from __future__ import annotations

import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sv_lib.errors import ParameterError
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.intake.returns.form import HEADER_ROW
from sv_lib.params import Publication, load
from sv_lib.publish.files.return_form import write_forms

FILLED = {
    ("Return", 8): {1: date(2022, 6, 14)},
    ("Claims", 3): {
        4: 4.5,
        5: 0.5,
        6: "shared",
        7: 2,
        9: "certificates",
        10: date(2022, 6, 13),
        11: "Site manager",
        12: date(2022, 6, 12),
    },
    ("Claims", 4): {2: "NT1", 4: 1, 7: 1},
    ("Home areas", 3): {0: 1, 1: "E01990001", 2: 1},
    ("Home areas", 4): {0: 1, 1: "12 High Street", 2: 1},
    ("Home areas", 5): {0: 2, 2: 1},
    ("Tier 2 spend", 3): {0: "materials", 1: "ZZ1 1AA", 2: 1250.5, 3: "declared"},
}
"""Sheet and row (from 0) -> column -> what a supplier writes; the second claim is not attested."""


@pytest.fixture
def publication(root: Path, tmp_path: Path) -> Publication:
    """The faultless files of the tests."""
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")
    return load(tmp_path / "params" / "publication.yaml")


Filled = dict[tuple[str, int], dict[int, object]]


def fill_in(form: Path, path: Path, filled: Filled) -> None:
    """The form as a supplier fills it in and saves it."""
    book = CalamineWorkbook.from_path(form)
    with xlsxwriter.Workbook(path, {"default_date_format": "d/m/yy"}) as out:
        for name in book.sheet_names:
            sheet = out.add_worksheet(name)
            for at, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                sheet.write_row(at, 0, row)
            for at, column, value in [
                (a, c, v) for (s, a), row in filled.items() if s == name for c, v in row.items()
            ]:
                sheet.write(at, column, value)


def sent_back(publication: Publication, form: Path, filled: Filled) -> Inputs:
    """Intake with a form among the inputs, once it came back."""
    fill_in(form, publication.path.parent / "inputs" / "form.xlsx", filled)
    lines = publication.path.read_text(encoding="utf-8") + "  return_forms: inputs/form.xlsx\n"
    publication.path.write_text(lines, encoding="utf-8")
    return read_inputs(load(publication.path))


def test_a_form_a_contract_with_promises_and_its_bytes_repeat(
    publication: Publication, tmp_path: Path
) -> None:
    inputs = read_inputs(publication)
    (made,) = write_forms(publication, inputs, "", tmp_path / "forms")
    (again,) = write_forms(publication, inputs, "C1", tmp_path / "again")
    assert (made.name, made.read_bytes()) == ("C1-2022-05-31.xlsx", again.read_bytes())


def test_a_contract_that_is_not_in_the_register_is_refused(
    publication: Publication, tmp_path: Path
) -> None:
    with pytest.raises(ParameterError, match="there is no contract 'C9'"):
        write_forms(publication, read_inputs(publication), "C9", tmp_path)


def test_what_is_given_is_protected_and_choices_drop_down(
    publication: Publication, tmp_path: Path
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path)
    claims = (
        CalamineWorkbook.from_path(form)
        .get_sheet_by_name("Claims")
        .to_python(skip_empty_area=False)
    )
    assert claims[3][:4] == [1, "K1", "NT10", "weeks"]
    with zipfile.ZipFile(form) as packed:
        sheets = [
            packed.read(name).decode()
            for name in packed.namelist()
            if name.startswith("xl/worksheets/sheet")
        ]
    assert len(sheets) == 5
    assert all("<sheetProtection" in sheet for sheet in sheets)
    assert re.findall(r'type="list".*?<formula1>(.*?)</formula1>', "".join(sheets)) == [
        "Lists!$A$1:$A$2",
        '"sub-contract,materials"',
        '"declared,evidenced"',
    ]


def test_a_form_that_nobody_attests_adds_no_claim(publication: Publication, tmp_path: Path) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path)
    filled = {place: dict(cells) for place, cells in FILLED.items()}
    filled["Claims", 3].pop(11)
    inputs = sent_back(publication, form, filled)
    from_form = inputs.frames["returns"]["source_file"] == "inputs/form.xlsx"
    assert not from_form.any()
    line = inputs.controls.set_index("file").loc["inputs/form.xlsx"]
    assert line["rows_quarantined"].tolist()[0] == 2


def test_a_form_that_came_back_adds_claims_home_areas_and_spend(
    publication: Publication, tmp_path: Path
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path)
    inputs = sent_back(publication, form, FILLED)
    assert inputs.stops == []
    claim = inputs.frames["returns"].iloc[-1]
    assert claim[["claim_id", "commitment_id", "measure_ref", "state", "source_file"]].tolist() == [
        "C1-2022-05-31-1",
        "K1",
        "NT10",
        "evidenced",
        "inputs/form.xlsx",
    ]
    assert (str(claim["quantity"]), str(claim["attribution"]), claim["headcount"]) == (
        "4.5",
        "0.5",
        2,
    )
    homes = inputs.frames["beneficiaries"]
    assert homes["claim_id"].tolist() == ["C1-2022-05-31-1"] * 2
    assert homes["home_lsoa_code"].fillna("not known").tolist() == ["E01990001", "not known"]
    assert inputs.frames["supply_chain"]["amount_pence"].tolist() == [125050]
    said = [(finding.severity, finding.row, finding.found) for finding in inputs.findings]
    assert said == [("warn", 5, "claim 2"), ("warn", 5, "a home area")]
    assert "High Street" not in str(inputs.findings)
    lines = inputs.controls[inputs.controls["file"] == "inputs/form.xlsx"]
    assert lines[
        ["rows_in", "rows_used", "rows_excluded", "rows_quarantined"]
    ].to_numpy().tolist() == [[2, 1, 0, 1], [3, 2, 0, 1], [1, 1, 0, 0], [1, 1, 0, 0]]


@pytest.mark.parametrize(
    "waits", ["", "C1,2022-05-31,2022-07-01,\n", "C1,2022-05-31,2022-07-01,2022-06-20\n"]
)
def test_a_form_that_came_back_is_in_the_log_of_returns_once(
    publication: Publication, tmp_path: Path, waits: str
) -> None:
    log = "contract_id,quarter_end,due_on,received_on\nC2,2022-05-31,2022-07-01,\n" + waits
    (publication.path.parent / "inputs" / "return_log.csv").write_text(log, encoding="utf-8")
    lines = publication.path.read_text(encoding="utf-8") + "  return_log: inputs/return_log.csv\n"
    publication.path.write_text(lines, encoding="utf-8")
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path)
    inputs = sent_back(publication, form, FILLED)
    assert inputs.stops == []
    frame = inputs.frames["return_log"].set_index("contract_id")
    assert frame["received_on"].isna().to_dict() == {"C2": True, "C1": False}
    came, due = frame.loc["C1", "received_on"], frame.loc["C1", "due_on"]
    assert f"{due:%Y-%m-%d}" == ("2022-07-01" if waits else "2022-06-28")
    assert f"{came:%Y-%m-%d}" == ("2022-06-20" if "20\n" in waits[-4:] else "2022-06-14")


@pytest.mark.slow
def test_every_contract_of_the_demonstration_goes_out_and_comes_back(
    root: Path, tmp_path: Path
) -> None:
    shutil.copytree(root / "params" / "rotherham-demo", tmp_path / "rotherham-demo")
    publication = load(tmp_path / "rotherham-demo" / "2022-mid-year.yaml")
    before = read_inputs(publication)
    forms = write_forms(publication, before, "", tmp_path / "forms")
    claims = 0
    for form in forms:
        rows = (
            CalamineWorkbook.from_path(form)
            .get_sheet_by_name("Claims")
            .to_python(skip_empty_area=False)
        )
        promised = [at for at, row in enumerate(rows) if at >= HEADER_ROW and row[1]]
        sheet = {("Claims", at): FILLED["Claims", 3] for at in promised}
        sheet |= {
            ("Home areas", HEADER_ROW + line): {0: line + 1, 1: "SYN-E05013011-1", 2: 1}
            for line in range(len(promised))
        }
        sheet |= {place: FILLED[place] for place in (("Return", 8), ("Tier 2 spend", 3))}
        fill_in(form, tmp_path / "rotherham-demo" / "inputs" / form.name, sheet)
        claims += len(promised)
    lines = publication.path.read_text(encoding="utf-8")
    lines = lines.replace("inputs:\n", "inputs:\n  return_forms: inputs/C*-2022-05-31.xlsx\n")
    publication.path.write_text(lines, encoding="utf-8")
    after = read_inputs(load(publication.path))
    assert after.stops == []
    assert len(forms) > 50
    mine = after.controls[after.controls["file"].str.endswith(".xlsx")]
    assert mine.groupby("file").size().eq(4).all()
    assert len(after.frames["supply_chain"]) - len(before.frames["supply_chain"]) == len(forms)
    assert not after.frames["return_log"].duplicated(["contract_id", "quarter_end"]).any()
    for table in ("returns", "beneficiaries"):
        assert len(after.frames[table]) - len(before.frames[table]) == claims


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({("Return", 0): {0: "Something else"}}, "it is not a return form of this kind"),
        ({("Claims", 2): {4: "How much"}}, "the headings of sheet 'Claims' were changed"),
        ({}, "no Sent on on the sheet 'Return'"),
    ],
)
def test_a_form_that_was_changed_stops(
    publication: Publication, tmp_path: Path, changed: Filled, said: str
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path)
    filled = changed and {("Return", 8): FILLED["Return", 8], **changed}
    assert [finding.found for finding in sent_back(publication, form, filled).stops] == [said]

"""A supplier's return: made, filled in as a supplier would, and read back."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sv_lib.errors import ParameterError
from sv_lib.figures.calculation import gather
from sv_lib.intake.findings import in_words
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.intake.returns.form import HEADER_ROW
from sv_lib.params import Publication, load
from sv_lib.publish.files.return_form import write_forms
from sv_lib.toms.measures import measures_of

FILLED = {
    ("Return", 8): {1: date(2022, 6, 14)},
    ("Claims", 3): {
        4: 4.5,
        5: 0.5,
        6: "shared",
        8: 2,
        10: "certificates",
        11: date(2022, 6, 13),
        12: "Site manager",
        13: date(2022, 6, 12),
    },
    ("Claims", 4): {2: "NT1", 4: 1, 8: 1},
    ("Home areas", 3): {0: 1, 1: "E01990001", 2: 1, 3: 0},
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


def fill_in(
    form: Path, path: Path, filled: Filled, renamed: Mapping[str, str] | None = None
) -> None:
    """The form as a supplier fills it in and saves it, perhaps with sheets renamed."""
    book = CalamineWorkbook.from_path(form)
    with xlsxwriter.Workbook(path, {"default_date_format": "d/m/yy"}) as out:
        for name in book.sheet_names:
            sheet = out.add_worksheet((renamed or {}).get(name, name))
            for at, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False)):
                sheet.write_row(at, 0, row)
            for at, column, value in [
                (a, c, v) for (s, a), row in filled.items() if s == name for c, v in row.items()
            ]:
                sheet.write(at, column, value)


def sent_back(
    publication: Publication, form: Path, filled: Filled, renamed: Mapping[str, str] | None = None
) -> Inputs:
    """Intake with a form among the inputs, once it came back."""
    fill_in(form, publication.path.parent / "inputs" / "form.xlsx", filled, renamed)
    lines = publication.path.read_text(encoding="utf-8") + "  return_forms: inputs/form.xlsx\n"
    publication.path.write_text(lines, encoding="utf-8")
    return read_inputs(load(publication.path))


def test_a_form_a_contract_with_promises_and_its_bytes_repeat(
    publication: Publication, tmp_path: Path
) -> None:
    inputs = read_inputs(publication)
    (made,) = write_forms(publication, inputs, "", tmp_path / "forms").paths
    (again,) = write_forms(publication, inputs, "C1", tmp_path / "again").paths
    assert (made.name, made.read_bytes()) == ("C1-2022-05-31.xlsx", again.read_bytes())


def test_a_contract_that_is_not_in_the_register_is_refused(
    publication: Publication, tmp_path: Path
) -> None:
    with pytest.raises(ParameterError, match="there is no contract 'C9'"):
        write_forms(publication, read_inputs(publication), "C9", tmp_path)


def test_what_is_given_is_protected_and_choices_drop_down(
    publication: Publication, tmp_path: Path
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
    claims = (
        CalamineWorkbook.from_path(form)
        .get_sheet_by_name("Claims")
        .to_python(skip_empty_area=False)
    )
    assert claims[3][:4] == [1, "K1", "NT10", "Apprenticeship weeks (weeks)"]
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
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
    filled = {place: dict(cells) for place, cells in FILLED.items()}
    filled["Claims", 3].pop(12)
    inputs = sent_back(publication, form, filled)
    from_form = inputs.frames["returns"]["source_file"] == "inputs/form.xlsx"
    assert not from_form.any()
    line = inputs.controls.set_index("file").loc["inputs/form.xlsx"]
    assert line["rows_quarantined"].tolist()[0] == 2


def test_a_form_that_came_back_adds_claims_home_areas_and_spend(
    publication: Publication, tmp_path: Path
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
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
    assert (str(claim["quantity"]), str(claim["attribution"]), claim["people_in_post"]) == (
        "4.5",
        "0.5",
        2,
    )
    homes = inputs.frames["beneficiaries"]
    assert homes["claim_id"].tolist() == ["C1-2022-05-31-1"] * 2
    assert homes["home_lsoa_code"].fillna("not known").tolist() == ["E01990001", "not known"]
    assert inputs.frames["supply_chain"]["amount_pence"].tolist() == [125050]
    said = [(finding.severity, finding.row, finding.found) for finding in inputs.findings]
    assert said == [
        ("warn", 5, "line 2 is attested by nobody, or on no day"),
        ("warn", 5, "what stands there is no LSOA code"),
    ]
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
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
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
    forms = write_forms(publication, before, "", tmp_path / "forms").paths
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


def told(publication: Publication, tmp_path: Path, changed: Filled) -> list[str]:
    """What a form that is filled in and then changed makes intake say, with where it is."""
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
    filled = {place: dict(cells) for place, cells in FILLED.items()}
    for place in (("Claims", 4), ("Home areas", 4), ("Home areas", 5)):
        del filled[place]
    for place, cells in changed.items():
        filled[place] = filled.get(place, {}) | cells
    inputs = sent_back(publication, form, filled)
    return [in_words(said).removeprefix("inputs/form.xlsx, ") for said in inputs.findings]


def test_a_workbook_of_another_kind_is_no_form(publication: Publication, tmp_path: Path) -> None:
    (said,) = told(publication, tmp_path, {("Return", 0): {0: "Something else"}})
    assert "it is not a return form of this kind" in said


def test_a_changed_heading_is_named_with_what_was_expected(
    publication: Publication, tmp_path: Path
) -> None:
    (said,) = told(publication, tmp_path, {("Claims", 2): {4: "How much"}})
    assert said == (
        "row 3, Claims!E3, Quantity: 'How much' stands where 'Quantity' was expected: "
        "without the heading 'Quantity' it cannot be told which column that is; "
        "write 'Quantity' into Claims!E3 if that is its column, and check again; "
        "otherwise copy the answers into the form as it was sent"
    )


def test_headings_may_be_in_another_case_and_have_spaces(
    publication: Publication, tmp_path: Path
) -> None:
    assert told(publication, tmp_path, {("Claims", 2): {4: " QUANTITY ", 5: "own  share"}}) == []


def test_a_sheet_without_headings_says_which_were_expected(
    publication: Publication, tmp_path: Path
) -> None:
    (said,) = told(
        publication, tmp_path, {("Home areas", 2): {0: "A", 1: "B", 2: "C", 3: "D", 4: "E"}}
    )
    assert "the sheet 'Home areas' has no row of headings; expected were Line, Home LSOA" in said


@pytest.mark.parametrize("renamed", ["Claims (2)", "Our figures"])
def test_a_renamed_sheet_is_named_with_its_own_name(
    publication: Publication, tmp_path: Path, renamed: str
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
    (said,) = sent_back(publication, form, FILLED, {"Claims": renamed}).stops
    assert said.found.startswith("there is no sheet 'Claims'; its sheets are Return, " + renamed)
    assert said.remedy == (
        f"if '{renamed}' is that sheet, give it back its name, 'Claims', and check again"
    )


def test_a_day_on_the_cover_in_words(publication: Publication, tmp_path: Path) -> None:
    assert told(publication, tmp_path, {("Return", 8): {1: "last Thursday"}}) == [
        "row 9, Return!B9, Sent on: 'last Thursday': it is not a date, so it cannot be told which "
        "quarter the return is for or whether it came on time; ask the supplier which day is "
        "meant, write it there as in 31/03/2024, and check again"
    ]


def test_a_day_on_the_cover_that_is_blank(publication: Publication, tmp_path: Path) -> None:
    (said,) = told(publication, tmp_path, {("Return", 8): {1: ""}})
    assert said.startswith("row 9, Return!B9, Sent on: it is not filled in: ")


@pytest.mark.parametrize(
    "cell", ["eleven", "2.5 FTE", "12%", "#DIV/0!", "", "31/03/2022", "1;2", "1e400", "£", "--"]
)
def test_a_quantity_may_hold_anything_and_its_cell_is_named(
    publication: Publication, tmp_path: Path, cell: str
) -> None:
    (said,) = told(publication, tmp_path, {("Claims", 3): {4: cell}})
    shown = f"'{cell}'" if cell else "blank"
    assert said.startswith(f"row 4, Claims!E4, Quantity: {shown}, line 1: ")


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({("Claims", 3): {5: "mine"}}, "row 4, Claims!F4, Own share: 'mine'"),
        ({("Claims", 3): {5: 1.5}}, "row 4, Claims!F4, Own share: '1.5'"),
        ({("Claims", 3): {8: "a few"}}, "row 4, Claims!I4, People in post: 'a few'"),
        ({("Claims", 3): {11: "soon"}}, "row 4, Claims!L4, Evidence sent on: 'soon'"),
        ({("Claims", 3): {13: "soon"}}, "row 4, Claims!N4, Attested on: 'soon'"),
        ({("Home areas", 3): {2: "two"}}, "row 4, Home areas!C4, People: 'two'"),
        ({("Home areas", 3): {3: "one"}}, "row 4, Home areas!D4, Of them started: 'one'"),
        ({("Tier 2 spend", 3): {2: "lots"}}, "row 4, Tier 2 spend!C4, Amount: 'lots'"),
        ({("Tier 2 spend", 3): {0: "gifts"}}, "row 4, Tier 2 spend!A4, Kind: 'gifts'"),
        ({("Return", 3): {1: "C9"}}, "row 4, Return!B4, Contract: 'C9'"),
        (
            {("Claims", 4): {2: "NT1", 12: "Manager", 13: date(2022, 6, 12)}},
            "row 5, Claims!E5, Quantity: blank, line 2",
        ),
        ({("Claims", 4): {2: "NT1"}}, "row 5, Claims!M5, Attested by: line 2 is attested by"),
        ({("Home areas", 4): {0: 7, 2: 1}}, "row 5, Home areas!A5, Line: line '7': the sheet"),
    ],
)
def test_findings_speak_in_the_forms_own_words(
    publication: Publication, tmp_path: Path, changed: Filled, place: str
) -> None:
    said = told(publication, tmp_path, changed)
    assert place in "\n".join(said)
    assert len(said) == len(set(said)) <= 2


def test_the_method_speaks_in_the_forms_own_words_too(
    publication: Publication, tmp_path: Path
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
    filled = {place: dict(cells) for place, cells in FILLED.items()}
    filled["Claims", 3].pop(6)
    sent_back(publication, form, filled)
    found = gather(load(publication.path)).findings
    assert ("Claims!G4, Reason", 4) in [(said.column, said.row) for said in found]


def test_a_form_for_another_quarter(publication: Publication, tmp_path: Path) -> None:
    inputs = read_inputs(publication)
    written = write_forms(publication, inputs, "", tmp_path, quarter_of=date(2022, 1, 31))
    assert [path.name for path in written.paths] == ["C1-2022-02-28.xlsx"]
    cover = CalamineWorkbook.from_path(written.paths[0]).get_sheet_by_name("Return").to_python()
    assert ["First day of the quarter", "2021-12-01"] in cover
    assert ["Due on", "2022-03-28"] in cover


def test_a_quarter_that_is_not_in_the_publication(publication: Publication, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="31 May 2019 is in no quarter") as refused:
        write_forms(
            publication, read_inputs(publication), "", tmp_path, quarter_of=date(2019, 5, 31)
        )
    assert "1 March 2022 to 31 May 2022 (--quarter 2022-05-31)" in str(refused.value)


def test_contracts_that_differ_by_a_sign_have_a_form_each(
    publication: Publication, tmp_path: Path
) -> None:
    contracts = publication.path.parent / "inputs" / "contracts.csv"
    header, first, second = contracts.read_text(encoding="utf-8").splitlines()
    others = [first.replace("C1", name, 1) for name in ("A/1", "A-1")]
    lines = [header, first, second, *others]
    contracts.write_text("\n".join(lines), encoding="utf-8")
    written = write_forms(publication, read_inputs(publication), "", tmp_path)
    assert [path.name for path in written.paths] == [
        "C1-2022-05-31.xlsx",
        "A-1-2022-05-31.xlsx",
        "A-1-2022-05-31-b.xlsx",
    ]
    assert all(path.is_file() for path in written.paths)


def test_contracts_without_a_form_are_told(publication: Publication, tmp_path: Path) -> None:
    written = write_forms(publication, read_inputs(publication), "", tmp_path)
    assert written.in_words() == [
        "1 form for 1 March 2022 to 31 May 2022.",
        "No form for 1 contract, because no social value was asked for or promised: C2",
    ]


def test_titles_stand_beside_references_and_instructions_have_a_row_each(
    publication: Publication, tmp_path: Path
) -> None:
    (form,) = write_forms(publication, read_inputs(publication), "C1", tmp_path).paths
    book = CalamineWorkbook.from_path(form)
    titles = measures_of(publication)
    claims = book.get_sheet_by_name("Claims").to_python(skip_empty_area=False)
    assert claims[3][2:4] == ["NT10", f"{titles['NT10'].title} (weeks)"]
    lists = book.get_sheet_by_name("Lists").to_python()
    assert lists[0] == ["NT1", f"{titles['NT1'].title} (FTE)"]
    cover = {row[0]: row[1] for row in book.get_sheet_by_name("Return").to_python()}
    assert cover["Claims: Own share"] == "your own share of the benefit, 0 to 1"
    assert sum(str(label).startswith("Tier 2 spend: ") for label in cover) == 4

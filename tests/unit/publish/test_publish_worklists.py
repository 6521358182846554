"""The worklists: written, filled in as a person would, and what they say without names."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sv_lib.analysis import local_spend
from sv_lib.errors import ParameterError
from sv_lib.intake.findings import in_words
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import Publication, load
from sv_lib.publish.files.return_form import write_forms
from sv_lib.publish.files.worklists import write

POSTCODES = """postcode,ward_code,lad_code,lsoa_code,region_code
ZZ1 1AA,E05990001,E08990001,E01990001,E12000003
ZZ1 1AB,E05990002,E08990001,E01990002,E12000003
"""
PAYMENTS = """payment_id,paid_on,supplier_id,supplier_name,directorate,category,amount,contract_id
P1,2021-11-02,S1,Firm One,Place,construction,1200.50,C1
P2,2021-11-03,S2,Firm Two Ltd,Place,ICT,20,
P3,2020-11-03,,REDACTED,Adults,social care,300,
P4,2021-11-04,S7,Firm Seven,Place,ICT,5000,
P5,2021-11-05,S7,Firm Seven,Place,ICT,1,
"""
COMPANIES = """CompanyName,CompanyNumber,RegAddress.PostCode,CompanyCategory
"FIRM TWO C.I.C.","07654321","ZZ1 1AB","Community Interest Company"
"""
Row = dict[str, object]


@pytest.fixture
def publication(root: Path, tmp_path: Path) -> Publication:
    """A ledger with a supplier that the list does not have, and one without a postcode."""
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")
    inputs = tmp_path / "params" / "inputs"
    (inputs / "postcodes.csv").write_text(POSTCODES, encoding="utf-8")
    (inputs / "payments.csv").write_text(PAYMENTS, encoding="utf-8")
    (inputs / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    suppliers = inputs / "suppliers.csv"
    text = suppliers.read_text(encoding="utf-8")
    suppliers.write_text(text.replace("Firm Two,ZZ1 1AB", "Firm Two,"), encoding="utf-8")
    return named(tmp_path / "params" / "publication.yaml", "postcodes: inputs/postcodes.csv")


def named(path: Path, line: str) -> Publication:
    """The publication with an input more."""
    path.write_text(path.read_text(encoding="utf-8") + f"  {line}\n", encoding="utf-8")
    return load(path)


def rows_of(path: Path, sheet: str) -> list[Row]:
    """The rows of a sheet by their headings."""
    header, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


def completed(publication: Publication, worklist: Path, answers: dict[str, Row]) -> Inputs:
    """Intake once the worklist was completed, row by row for the suppliers named, and named."""
    rows = [
        row | answers.get(str(row["Supplier id"]), {}) for row in rows_of(worklist, "Suppliers")
    ]
    path = publication.path.parent / "inputs" / "completed.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Suppliers")
        sheet.write_row(0, 0, rows[0])
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row.values())
    return read_inputs(named(publication.path, "supplier_decisions: inputs/completed.xlsx"))


SIGNED: Row = {"Decided by": "Procurement officer", "Decided on": date(2022, 6, 1)}


def test_suppliers_to_match_stand_largest_first(publication: Publication, tmp_path: Path) -> None:
    said = write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    assert said[:2] == [
        "2 suppliers to match, paid £5,021.00 of £6,521.50; 0 candidates to accept or refuse.",
        "Payments of £300.00 name no supplier and cannot be matched.",
    ]
    assert "Firm" not in str(said)
    rows = rows_of(tmp_path / "work.xlsx", "Suppliers")
    columns = ("Supplier id", "Supplier name", "Paid", "Payments", "What is missing", "Decision")
    assert [[row[column] for column in columns] for row in rows] == [
        ["S7", "Firm Seven", 5001, 2, "it is not in the list of suppliers", ""],
        ["S2", "Firm Two Ltd", 20, 1, "it has no postcode", ""],
    ]


def test_what_a_person_typed_places_the_supplier(publication: Publication, tmp_path: Path) -> None:
    write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    typed = {"Postcode": "zz1 1aa", "Size": "Small", "Is VCSE": "No", "Company number": 1234568}
    inputs = completed(publication, tmp_path / "work.xlsx", {"S7": {**typed, **SIGNED}})
    assert inputs.stops == []
    frames = inputs.frames
    placed = local_spend.place(
        frames["payments"], frames["suppliers"], frames["postcodes"], publication.council
    )
    seven = placed[placed["supplier_id"] == "S7"]
    facts = seven[["ward_code", "size", "is_vcse"]].drop_duplicates().to_numpy().tolist()
    assert facts == [["E05990001", "small", "no"]]
    listed = frames["suppliers"].set_index("supplier_id").loc["S7"]
    assert listed["company_number"] == "01234568"
    assert listed["facts_from"].endswith("from inputs/completed.xlsx, by a person's decision")
    left = write("suppliers", publication, inputs, tmp_path / "again.xlsx")
    assert left[0].startswith("1 supplier to match, paid £20.00 of £6,521.50")


def test_a_candidate_that_is_accepted_is_used_and_not_asked_again(
    publication: Publication, tmp_path: Path
) -> None:
    publication = named(publication.path, "supplier_registers: inputs/companies.csv")
    write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    (two,) = [row for row in rows_of(tmp_path / "work.xlsx", "Suppliers") if row["Found id"]]
    assert (two["Supplier id"], two["Found name"], two["Score"]) == ("S2", "FIRM TWO C.I.C.", 100)
    answers = {"S2": {"Decision": "Accept", **SIGNED}}
    inputs = completed(publication, tmp_path / "work.xlsx", answers)
    assert inputs.stops == []
    listed = inputs.frames["suppliers"].set_index("supplier_id").loc["S2"]
    assert listed[["postcode", "company_number"]].tolist() == ["ZZ1 1AB", "07654321"]
    assert inputs.supplier_matches.empty


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            {"Postcode": "near the park", **SIGNED},
            "postcode: 'near the park': it is not a postcode in full, such as S60 1AE, so the "
            "supplier would go on without it; correct the cell, or clear it",
        ),
        ({"Company number": "12", **SIGNED}, "company_number: '12': it is not a number of Comp"),
        ({"Charity number": "none", **SIGNED}, "charity_number: 'none': it is not a number of a"),
        ({"Size": "tiny", **SIGNED}, "size: 'tiny': it is not micro, small, medium or large"),
        ({"Is VCSE": "perhaps", **SIGNED}, "is_vcse: 'perhaps': it is not yes or no"),
        (
            {"Postcode": "ZZ1 1AA"},
            "decision: 'ZZ1 1AA' by '' on '': what a person decides is signed with a role and "
            "dated, so that it can be asked about later; write the role that decided, and a date "
            "such as 31/03/2024",
        ),
        (
            {"Postcode": "ZZ1 1AA", **SIGNED, "Decided on": "last Thursday"},
            "decision: 'ZZ1 1AA' by 'Procurement officer' on 'last Thursday': what a person",
        ),
        ({"Decision": "acept", **SIGNED}, "decision: 'acept': a decision is accept or refuse; th"),
        (
            {"Decision": "accept", **SIGNED},
            "decision: 'accept': there is no found id on the row, so there is nothing to accept",
        ),
    ],
)
def test_what_a_person_typed_is_checked(
    publication: Publication, tmp_path: Path, answer: Row, said: str
) -> None:
    write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    inputs = completed(publication, tmp_path / "work.xlsx", {"S7": answer})
    (stop,) = inputs.stops
    assert in_words(stop).startswith(f"inputs/completed.xlsx, row 2, {said}")


def test_facts_of_a_supplier_that_is_nowhere_are_told(
    publication: Publication, tmp_path: Path
) -> None:
    write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    answer = {"Supplier id": "S77", "Postcode": "ZZ1 1AA", **SIGNED}
    inputs = completed(publication, tmp_path / "work.xlsx", {"S7": answer})
    said = [in_words(one) for one in inputs.findings if one.id == "suppliers.decided_stranger"]
    assert len(said) == 1
    assert said[0].startswith(
        "inputs/completed.xlsx, row 2, supplier_id: 'S77': neither the list nor a ledger has a "
    )


def test_a_postcode_that_the_list_has_otherwise_is_asked_about(
    publication: Publication, tmp_path: Path
) -> None:
    suppliers = publication.path.parent / "inputs" / "suppliers.csv"
    text = suppliers.read_text(encoding="utf-8").replace("Firm Two,", "Firm Two,ZZ9 9ZZ")
    suppliers.write_text(text, encoding="utf-8")
    write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    answer = {"S2": {"Postcode": "ZZ1 1AB", **SIGNED}}
    inputs = completed(publication, tmp_path / "work.xlsx", answer)
    (said,) = [one for one in inputs.findings if one.id == "suppliers.sources_differ"]
    assert said.found == "'ZZ9 9ZZ' for S2, and 'ZZ1 1AB' in inputs/completed.xlsx"


def test_the_latest_of_two_worklists_counts(publication: Publication, tmp_path: Path) -> None:
    write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    later = "supplier_id,supplier_name,found_id,found_name,score,why,decision,decided_by,"
    later += "decided_on,postcode\nS7,Firm Seven,,,,,,Officer,02/06/2022,ZZ1 1AB\n"
    (publication.path.parent / "inputs" / "completed.csv").write_text(later, encoding="utf-8")
    answers = {"S7": {"Postcode": "ZZ1 1AA", "Size": "small", **SIGNED}}
    completed(publication, tmp_path / "work.xlsx", answers)
    text = publication.path.read_text(encoding="utf-8").replace("completed.xlsx", "completed.*")
    publication.path.write_text(text, encoding="utf-8")
    listed = read_inputs(load(publication.path)).frames["suppliers"].set_index("supplier_id")
    assert listed.loc["S7", ["postcode", "size"]].tolist() == ["ZZ1 1AB", "small"]


def test_a_worklist_that_may_be_filled_in_is_not_written_over(
    publication: Publication, tmp_path: Path
) -> None:
    (tmp_path / "work.xlsx").write_bytes(b"filled in")
    with pytest.raises(ParameterError, match="there is such a file already"):
        write("suppliers", publication, read_inputs(publication), tmp_path / "work.xlsx")
    assert (tmp_path / "work.xlsx").read_bytes() == b"filled in"


def test_who_owes_a_return_follows_from_contracts_and_dates(
    publication: Publication, tmp_path: Path
) -> None:
    inputs = publication.path.parent / "inputs"
    log = "contract_id,quarter_end,due_on,received_on\nC1,2021-05-31,2021-06-28,2021-07-08\n"
    (inputs / "return_log.csv").write_text(log, encoding="utf-8")
    publication = named(publication.path, "return_log: inputs/return_log.csv")
    said = write("returns", publication, read_inputs(publication), tmp_path / "chase.xlsx")
    # C2 was asked for no social value. C1's claims of the last two quarters came with no log.
    assert said[:-1] == [
        "1 December 2020 to 28 February 2021: 1 return owed: 1 not received",
        "1 March 2021 to 31 May 2021: 1 return owed: 1 late",
        "1 December 2021 to 28 February 2022: 1 return owed: 1 on time",
        "1 March 2022 to 31 May 2022: 1 return owed: 1 on time",
    ]
    (chase,) = rows_of(tmp_path / "chase.xlsx", "To chase")
    assert (chase["Contract"], chase["Supplier"], chase["Due on"], chase["Days late"]) == (
        "C1",
        "Firm One",
        date(2021, 3, 28),
        (date(2022, 6, 30) - date(2021, 3, 28)).days,
    )
    (late,) = rows_of(tmp_path / "chase.xlsx", "Came late")
    assert (late["Came on"], late["Days late"], late["Chased on"]) == (date(2021, 7, 8), 10, "")
    assert len(rows_of(tmp_path / "chase.xlsx", "All returns")) == 4


def test_contracts_without_dates_are_not_taken_for_contracts_that_owe_nothing(
    publication: Publication, tmp_path: Path
) -> None:
    inputs = read_inputs(publication)
    contracts = inputs.frames["contracts"].assign(ends_on=pd.NaT)
    undated = replace(inputs, frames={**inputs.frames, "contracts": contracts})
    said = write("returns", publication, undated, tmp_path / "chase.xlsx")
    assert said[-2] == "Whether 1 contract without dates owed a return is not known: C1"
    assert said[0].endswith("0 returns owed: none")


def test_without_contracts_nobody_is_said_to_owe_nothing(
    publication: Publication, tmp_path: Path
) -> None:
    lines = publication.path.read_text(encoding="utf-8").partition("inputs:\n")[0]
    publication.path.write_text(lines + "inputs: {payments: inputs/payments.csv}\n")
    inputs = read_inputs(load(publication.path))
    with pytest.raises(ParameterError, match="no contracts are supplied"):
        write("returns", publication, inputs, tmp_path / "chase.xlsx")
    with pytest.raises(ParameterError, match="no contracts are supplied"):
        write_forms(publication, inputs, "", tmp_path)
    assert write("suppliers", publication, inputs, tmp_path / "work.xlsx")[0].startswith("3 supp")


def test_a_person_trading_alone_is_not_named(publication: Publication, tmp_path: Path) -> None:
    suppliers = publication.path.parent / "inputs" / "suppliers.csv"
    frame = pd.read_csv(suppliers, dtype="str", keep_default_na=False)
    frame["is_sole_trader"] = "yes"
    frame.to_csv(suppliers, index=False)
    write("returns", publication, read_inputs(publication), tmp_path / "chase.xlsx")
    rows = rows_of(tmp_path / "chase.xlsx", "All returns")
    assert {(row["Supplier id"], row["Supplier"]) for row in rows} == {("S1", "")}

"""Worklists of what is missing: payments without a contract, read back; prices; consents."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import Publication, load
from sv_lib.publish.files.worklists import OF_CONTRACTS, write

AT = {column.field: number for number, column in enumerate(OF_CONTRACTS)}


@pytest.fixture
def publication(root: Path, tmp_path: Path) -> Publication:
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")
    folder = tmp_path / "params" / "inputs" / "payment_contracts"
    folder.mkdir()
    path = tmp_path / "params" / "publication.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "  payment_contracts: inputs/payment_contracts/*\n", encoding="utf-8")
    return load(path)


def decide(worklist: Path, publication: Publication, *decided: str) -> None:
    """Answer the rows of a worklist in order, sign, and save it where it is read."""
    rows = CalamineWorkbook.from_path(str(worklist)).get_sheet_by_index(0).to_python()
    target = publication.path.parent / "inputs" / "payment_contracts" / "done.xlsx"
    with xlsxwriter.Workbook(str(target)) as book:
        sheet = book.add_worksheet("Contracts")
        for number, row in enumerate(rows):
            if number and decided[number - 1]:
                row[AT["decision"]] = decided[number - 1]
                row[AT["decided_by"]] = "Procurement officer"
                row[AT["decided_on"]] = "2022-06-01"
            sheet.write_row(number, 0, [str(cell) for cell in row])


def test_a_contract_that_was_accepted_is_that_of_the_payments(
    publication: Publication, tmp_path: Path
) -> None:
    worklist = tmp_path / "contracts.xlsx"
    inputs = read_inputs(publication)
    lines = write("contracts", publication, inputs, worklist)
    assert lines[0] == (
        "1 supplier paid under no contract, -£20.00 of £1,480.50; 1 contract to accept or refuse."
    )
    rows = CalamineWorkbook.from_path(str(worklist)).get_sheet_by_index(0).to_python()
    assert rows[1][AT["found_id"]] == "C2"
    assert rows[1][AT["why"]] == "the only contract of this supplier in the register"
    decide(worklist, publication, "accept")
    payments = read_inputs(publication).frames["payments"]
    assert payments["contract_id"].fillna("").tolist() == ["C1", "C2", ""]
    decide(worklist, publication, "refuse")
    payments = read_inputs(publication).frames["payments"]
    assert payments["contract_id"].fillna("").tolist() == ["C1", "", ""]


def test_two_contracts_accepted_for_one_supplier_stop(
    publication: Publication, tmp_path: Path
) -> None:
    contracts = publication.path.parent / "inputs" / "contracts.csv"
    text = contracts.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("C2"))
    contracts.write_text(text + line.replace("C2", "C3", 1) + "\n", encoding="utf-8")
    worklist = tmp_path / "contracts.xlsx"
    write("contracts", publication, read_inputs(publication), worklist)
    decide(worklist, publication, "accept", "accept")
    inputs = read_inputs(publication)
    assert [one.found for one in inputs.stops] == ["'S2': C2, C3"]
    assert inputs.frames["payments"]["contract_id"].isna().sum() == 2


def test_a_measure_without_price_is_listed_as_the_table_of_prices(
    publication: Publication, tmp_path: Path
) -> None:
    proxies = publication.path.parent / "inputs" / "proxies.csv"
    head = proxies.read_text(encoding="utf-8").splitlines()[0]
    row = "NT1,illustrative-2020,FTE,20000,Invented for tests,row 1,Tester,2020-01-06"
    proxies.write_text(f"{head}\n{row}\n", encoding="utf-8")
    lines = write("proxies", publication, read_inputs(publication), tmp_path / "p.xlsx")
    assert lines[0] == "1 price missing of what is promised or claimed."
    book = CalamineWorkbook.from_path(str(tmp_path / "p.xlsx"))
    rows = book.get_sheet_by_name("proxies").to_python()
    assert rows[0] == head.split(",")
    assert rows[1][:2] == ["NT10", "illustrative-2020"]


def test_a_story_without_consent_is_listed_by_its_place(
    publication: Publication, tmp_path: Path
) -> None:
    stories = publication.path.parent / "inputs" / "stories.csv"
    text = stories.read_text(encoding="utf-8")
    stories.write_text(text.replace(",2022-05-20,", ",,"), encoding="utf-8")
    lines = write("stories", publication, read_inputs(publication), tmp_path / "s.xlsx")
    assert lines[0] == "1 consent missing."
    rows = CalamineWorkbook.from_path(str(tmp_path / "s.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1] == ["inputs/stories.csv", 2, "consent_on"]

"""The empty workbook has every table and heading, and what was filled in is read as that table."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

from python_calamine import CalamineWorkbook

from sv_lib.intake.files.readers import read_table
from sv_lib.intake.tables.dictionary import NAMES, TABLES
from sv_lib.intake.tables.validation import check_headings
from sv_lib.publish.files.blank_templates import FIRST_SHEET, write_blank_templates


def test_every_table_has_a_sheet_with_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    write_blank_templates(path)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == [FIRST_SHEET, *NAMES]
    for name in NAMES:
        assert book.get_sheet_by_name(name).to_python() == [TABLES[name].names]
    told = book.get_sheet_by_name(FIRST_SHEET).to_python()
    assert len(told) == 1 + sum(len(table.columns) for table in TABLES.values())
    meaning = TABLES["contracts"]["value"].meaning
    assert ["contracts", "value", meaning] in [[row[0], row[1], row[4]] for row in told]


def test_a_sheet_that_was_filled_in_and_saved_is_read_as_its_table(tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    write_blank_templates(path, ["parishes"])
    (headings,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("parishes").to_python()
    saved = tmp_path / "parishes.csv"
    with saved.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, ["Maltby", "E05013006"]])
    raw = read_table(saved, "parishes.csv", TABLES["parishes"].names)
    assert raw.frame[["parish", "ward_code"]].to_numpy().tolist() == [["Maltby", "E05013006"]]
    assert check_headings(raw, TABLES["parishes"]) == []


def test_cells_with_choices_drop_down(tmp_path: Path) -> None:
    path = tmp_path / "suppliers.xlsx"
    write_blank_templates(path, ["suppliers"])
    with zipfile.ZipFile(path) as package:
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
    assert '<formula1>"micro,small,medium,large"</formula1>' in sheet
    assert '<formula1>"yes,no"</formula1>' in sheet

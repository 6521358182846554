"""The workbook has the tables as the page prints them: same order, exact numbers, one unit each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
from data_files import write_workbooks
from python_calamine import CalamineWorkbook
from sample_report import pounds
from small_council import publication

from sv_lib.figures.figure import Figure
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period
from sv_lib.present.formats import Amount
from sv_lib.present.markup import Html, heading, join, link
from sv_lib.present.tables import DataTable, TableCell, TableColumn, to_html
from sv_lib.publish.files import workbook
from sv_lib.publish.files.printed_tables import PrintedTable, printed_tables
from sv_lib.publish.files.workbook_sheets import printed_sheet, sheet_name, sheets_of

PERIOD = Period(date(2021, 12, 1), date(2022, 5, 31))
NAME = TableColumn("What")
THOUSANDS = TableColumn("Paid", "£ thousand", "thousands")
SHORT = TableColumn("This period", "", "short")


def figure(name: str, value: Any, unit: str, **others: Any) -> Figure:
    kind = others.pop("kind", "total")
    return Figure(f"drawn.{name}", kind, name, value, unit, PERIOD, "drawn", **others)


PAID = figure("paid", 123_456_789, "pence")
PEOPLE = figure("people", 12, "people")
SHARE = figure("share", Fraction(200, 3), "percent")
FEW = figure("few", None, "people", kind="hidden", caution="few", low=1, high=4)
ROUNDED = figure("rounded", 15, "people", caution="rounded to the nearest 5")
FIGURES = (PAID, PEOPLE, SHARE, FEW, ROUNDED)


def table(
    columns: tuple[TableColumn, ...], *rows: tuple[TableCell, ...], name: str = "drawn"
) -> Html:
    return to_html(DataTable(name, f"A table: {name}", columns, rows, "Drawn", notes=("A note.",)))


def read(*parts: str) -> list[PrintedTable]:
    units = {one.id: one.unit for one in FIGURES}
    return printed_tables(f"<main>{join(parts)}</main>", units)


def test_tables_come_in_the_order_of_the_page_with_their_section() -> None:
    first = table((NAME, THOUSANDS), ("All", PAID))
    second = table((NAME, SHORT), ("All", PEOPLE), name="other")
    found = read(first, heading(2, "Jobs"), second)
    told = [(one.section, one.caption) for one in found]
    assert told == [("", "A table: drawn"), ("Jobs", "A table: other")]
    assert found[0].notes == ("A note.", "Source: Drawn")


def test_money_is_exact_pounds_whatever_the_page_rounds_it_to() -> None:
    (found,) = read(table((NAME, THOUSANDS), ("All", PAID), ("Row", Amount(50_00, "pence"))))
    sheet = printed_sheet(1, found)
    assert sheet.header == ("What", "Paid (£)")
    assert sheet.rows == (("All", Decimal("1234567.89")), ("Row", Decimal("50")))
    assert sheet.places == (None, 2)


def test_numbers_of_several_units_in_a_column_have_a_column_of_units() -> None:
    rows = (("People", PEOPLE), ("Share", SHARE), ("Pounds", PAID), ("Few", FEW))
    (found,) = read(table((NAME, SHORT), *rows))
    sheet = printed_sheet(2, found)
    assert sheet.header == ("What", "Unit", "This period")
    assert sheet.rows == (
        ("People", "people", Decimal(12)),
        ("Share", "%", Decimal("66.666667")),
        ("Pounds", "£", Decimal("1234567.89")),
        ("Few", "no number", "fewer than 5"),
    )


def test_a_mark_is_kept_beside_its_number() -> None:
    (found,) = read(table((NAME, SHORT), ("Told", ROUNDED), ("All", PEOPLE)))
    sheet = printed_sheet(1, found)
    assert sheet.header[-1] == "Marks"
    assert sheet.rows[0] == ("Told", Decimal(15), "This period: [r5]")
    assert sheet.rows[1] == ("All", Decimal(12), "none")
    notes = dict(workbook.notes_on([sheet]))
    assert notes["[r5]"] == "rounded to the nearest 5 to protect people"


def test_words_stay_words_and_counts_among_them_are_numbers() -> None:
    columns = (NAME, TableColumn("Contracts"), TableColumn("Where"))
    (found,) = read(table(columns, ("2022", "1,204", link("Keppel 5", "wards/a.html"))))
    assert printed_sheet(1, found).rows == (("2022", Decimal(1204), "Keppel 5"),)


def test_headings_that_stand_twice_are_told_apart() -> None:
    columns = (NAME, THOUSANDS, TableColumn("Change", "", "short"), SHORT)
    columns += (TableColumn("Change ", "", "short"),)
    (found,) = read(table(columns, ("All", PAID, PEOPLE, PEOPLE, PEOPLE)))
    header = printed_sheet(1, found).header
    assert header[2] == "Change (Paid) (people)"
    assert header[4] == "Change (This period) (people)"
    assert len(set(header)) == len(header)


def test_names_of_sheets_are_whole_words_that_a_tab_can_hold() -> None:
    name = sheet_name(12, "What the Board's members asked: [and] resolved / in March")
    assert name == "12 What the Board s members"
    assert len(name) <= 31


def test_the_whole_workbook_in_both_forms(tmp_path: Path) -> None:
    codes = [ward.code for ward in publication().council.wards]
    lens = f"lens.spend.{codes[0]}"
    trail = Trail.of(
        [
            pounds(f"{lens}.place", "10.50"),
            pounds(f"{lens}.place.before", "9"),
            pounds(f"{lens}.place.change", "1.50"),
            FEW,
        ]
    )
    figures = pd.DataFrame({"figure_id": [one.id for one in trail], "reports": "mid-year"})
    ledgers = {"bridge": pd.DataFrame({"family": ["social_value"], "change_pence": [5]})}
    printed = read(table((NAME, THOUSANDS), ("All", PAID)))
    slugs = pd.DataFrame({"slug": ["x"]})
    tables = {"figures": figures, "themes": slugs, **ledgers}
    sheets = sheets_of(publication(), printed, trail, tables)
    write_workbooks(tmp_path / "book", "Title", [("Council", "X")], sheets, date(2022, 6, 30))
    for suffix in ("ods", "xlsx"):
        book = CalamineWorkbook.from_path(str(tmp_path / f"book.{suffix}"))
        assert book.sheet_names[3:] == ["1 A table drawn", "wards long", "figures", "bridge"]
        contents = book.get_sheet_by_name("Contents").to_python()
        assert contents[1] == ["Sheet", "Table", "What it holds", "Rows"]
        assert contents[2] == [
            "1 A table drawn",
            "A table: drawn",
            "On the first page. A note. Source: Drawn",
            1.0,
        ]
        long = book.get_sheet_by_name("wards long").to_python()[2:]
        assert [row[6:8] for row in long] == [[10.5, "£"], [9.0, "£"]]
        assert {row[3] for row in long} == {"where the work is done"}
        (few,) = [row for row in book.get_sheet_by_name("figures").to_python() if "few" in row]
        assert few[2:7] == ["[c]", "people", 1.0, 4.0, "fewer than 5"]
        assert book.get_sheet_by_name("bridge").to_python()[2] == ["social value claimed", 0.05]

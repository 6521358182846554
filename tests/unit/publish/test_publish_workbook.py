"""The workbooks: same bytes each time, text that stays text, numbers that stay numbers."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from data_files import write_workbooks
from python_calamine import CalamineWorkbook

from sv_lib.publish.files import workbook

HOSTILE = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("https://example.org")',
    "[words](https://example.org)",
    "https://example.org",
    "<script>&amp;</script>",
    "two\nlines",
    "a\x00b",
]
ABOUT = [("Council", "=Test Council")]


def frame() -> pd.DataFrame:
    count = len(HOSTILE)
    return pd.DataFrame(
        {
            "supplier_name": HOSTILE,
            "value_pence": pd.Series([-5, *range(count - 2), None], dtype="Int64"),
            "on": pd.to_datetime(["2022-01-31"] * count),
            "quantity": pd.Series([Decimal("-1.5")] * count, dtype=object),
        }
    )


@pytest.fixture
def books(tmp_path: Path) -> dict[str, Path]:
    sheets = [workbook.sheet("claims", frame()), workbook.sheet("empty", frame().head(0))]
    write_workbooks(tmp_path / "mid-year", "A title", ABOUT, sheets, date(2022, 6, 30))
    return {suffix: tmp_path / f"mid-year.{suffix}" for suffix in ("ods", "xlsx")}


def rows(path: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_sheets_in_order_with_title_header_and_exact_cells(
    books: dict[str, Path], suffix: str
) -> None:
    path = books[suffix]
    assert CalamineWorkbook.from_path(str(path)).sheet_names == [
        "Cover",
        "Contents",
        "Notes",
        "claims",
        "empty",
    ]
    table = rows(path, "claims")
    assert [row[0] for row in table[:2]] == ["Claims", "Supplier name"]
    assert table[1] == ["Supplier name", "Value (£)", "On", "Quantity"]
    assert table[2] == ["=1+1", -0.05, date(2022, 1, 31), -1.5]
    assert [row[0] for row in table[2:-1]] == HOSTILE[:-1]
    assert table[-1][:2] == ["a\N{REPLACEMENT CHARACTER}b", "[x]"]
    assert rows(path, "empty")[1][0] == "This table has no rows."


def test_nothing_is_live_but_the_contents_of_the_book_itself(books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books["xlsx"]) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    assert not any(re.search(r"<f[ >]", text) for text in parts.values())
    assert [name for name, text in parts.items() if "hyperlink" in text] == [
        "xl/worksheets/sheet2.xml"
    ]
    assert not any("example.org" in text for name, text in parts.items() if name.endswith(".rels"))
    with zipfile.ZipFile(books["ods"]) as book:
        content = book.read("content.xml").decode()
    assert "table:formula" not in content
    assert set(re.findall(r'xlink:href="([^"]*)"', content)) == {"#'claims'.A1", "#'empty'.A1"}
    assert "<script" not in content


def test_the_same_bytes_each_time(books: dict[str, Path], tmp_path: Path) -> None:
    first = {suffix: path.read_bytes() for suffix, path in books.items()}
    sheets = [workbook.sheet("claims", frame()), workbook.sheet("empty", frame().head(0))]
    write_workbooks(tmp_path / "mid-year", "A title", ABOUT, sheets, date(2022, 6, 30))
    assert {suffix: path.read_bytes() for suffix, path in books.items()} == first
    for content in books.values():
        with zipfile.ZipFile(content) as book:
            assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_table_is_named_and_none_is_filtered(books: dict[str, Path]) -> None:
    with zipfile.ZipFile(books["xlsx"]) as book:
        tables = [
            book.read(name).decode() for name in book.namelist() if name.startswith("xl/tables/")
        ]
    assert [re.findall(r' name="(table_\w+)"', text)[0] for text in tables] == [
        "table_Cover",
        "table_Contents",
        "table_Notes",
        "table_claims",
    ]
    assert not any("autoFilter" in text for text in tables)
    with zipfile.ZipFile(books["ods"]) as book:
        content = book.read("content.xml").decode()
    assert (
        'table:name="table_claims" '
        'table:target-range-address="&apos;claims&apos;.A2:&apos;claims&apos;.D12"' in content
    )


ESSENTIAL = {
    "ods": (
        r"number-columns-spanned|number-rows-spanned",
        r'visibility="(collapse|filter)"',
        r"display-filter-buttons",
        r"<draw:",
        r"<office:annotation",
        r"table:formula",
        r"HorizontalSplitMode",
    ),
    "xlsx": (
        r"<mergeCell",
        r' hidden="1"',
        r"<autoFilter",
        r"<drawing",
        r"<comment",
        r"<f[ >]",
        r"<pane ",
    ),
}
"""What the Analysis Function's essential checks forbid: merged, hidden and filtered cells, images,
comments, formulas, frozen panes.
"""


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_nothing_that_the_essential_checks_forbid(books: dict[str, Path], suffix: str) -> None:
    found = {
        rule
        for rule in ESSENTIAL[suffix]
        for text in parts(books[suffix]).values()
        if re.search(rule, text)
    }
    assert found == set()


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_what_the_essential_checks_ask_for(books: dict[str, Path], suffix: str) -> None:
    book = CalamineWorkbook.from_path(str(books[suffix]))
    assert book.sheet_names[:3] == ["Cover", "Contents", "Notes"]
    assert len({name.lower() for name in book.sheet_names}) == len(book.sheet_names)
    listed = [row[0] for row in rows(books[suffix], "Contents")[2:]]
    assert listed == book.sheet_names[3:]
    for name in book.sheet_names:
        title, *table = rows(books[suffix], name)
        assert title[0]  # a title in A1
        assert not any(title[1:])
        if len(table) > 1:  # one table, from column A, without a blank heading, row or cell
            assert all(cell not in ("", None) for row in table for cell in row)
    text = "".join(parts(books[suffix]).values())
    assert "<dc:title>A title</dc:title>" in text
    assert 'wrap-option="wrap"' in text or "wrapText" in text


@pytest.mark.parametrize("suffix", ["ods", "xlsx"])
def test_every_mark_is_explained_in_the_notes(books: dict[str, Path], suffix: str) -> None:
    explained = {row[0] for row in rows(books[suffix], "Notes")[2:]}
    used = {
        cell
        for row in rows(books[suffix], "claims")
        for cell in row
        if re.fullmatch(r"\[\w+\]", str(cell))
    }
    assert used == {"[x]"}
    assert used <= explained

"""What a file is, is told by its content; its rows are numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sv_lib.errors import InputError
from sv_lib.intake.files import archives, readers
from sv_lib.intake.files.readers import RawTable, read_table

TABLE = 'id,name,amount\nA1,"Smith, ""Jo""",1.50\nA2,Café,-2\n'


def read(tmp_path: Path, content: bytes | str, *expected: str, name: str = "file.csv") -> RawTable:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, name, expected)


def rows(raw: RawTable) -> dict[int, list[str]]:
    return {
        int(str(at)): list(row)
        for at, row in zip(raw.frame.index, raw.frame.to_numpy().tolist(), strict=True)
    }


WANTED = {2: ["A1", 'Smith, "Jo"', "1.50"], 3: ["A2", "Café", "-2"]}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + TABLE.encode(), "UTF-8 with BOM"),
        (TABLE.encode("utf-16"), "UTF-16"),
        (TABLE.encode("cp1252"), "cp1252"),
        (TABLE.replace("\n", "\r\n").encode(), "UTF-8"),
        (TABLE.replace("\n", "\r").encode(), "UTF-8"),
        (TABLE.replace(",", ";").replace("Smith;", "Smith,").encode(), "UTF-8"),
        (gzip.compress(TABLE.encode(), mtime=0), "UTF-8"),
    ],
)
def test_the_same_table_in_every_dress(tmp_path: Path, content: bytes, encoding: str) -> None:
    raw = read(tmp_path, content, name="wrong extension.xls")
    assert (raw.columns, raw.encoding, raw.header_row) == (("id", "name", "amount"), encoding, 1)
    assert rows(raw) == WANTED
    assert [note.row for note in raw.notes] == ([3] if encoding == "cp1252" else [])


def test_the_hash_is_of_the_file_as_it_lies_there(tmp_path: Path) -> None:
    assert read(tmp_path, b"a,b\n1,2\n").sha256.startswith("492d5ea49605")


def test_a_value_with_a_line_break_is_one_row_and_a_blank_line_is_one_too(tmp_path: Path) -> None:
    raw = read(tmp_path, 'id,story\nA,"one\ntwo\n\nthree"\n\nB,short\n')
    assert rows(raw) == {2: ["A", "one\ntwo\n\nthree"], 4: ["B", "short"]}
    assert [(note.row, note.found) for note in raw.notes] == [(3, "1 blank row")]


SIGNS = "aé7 ,;\"\n'.-\u00a0"
CELLS = st.lists(st.lists(st.text(SIGNS, max_size=4), max_size=4), max_size=6)


def as_csv(drawn: list[list[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(drawn)
    return written.getvalue()


def as_read(folder: Path, text: str) -> object:
    """All that is told of a text, or the words in which it is refused."""
    try:
        raw = read(folder, text)
    except InputError as fault:
        return str(fault)
    return raw.columns, rows(raw), raw.header_row, [str(note) for note in raw.notes]


@given(CELLS.map(as_csv) | st.text(SIGNS, max_size=60), st.sampled_from(["\n", "\r\n"]))
@example(',,"\n7\n', "\n")
@example('A3,"one\ntwo",3\n', "\n")
@settings(max_examples=500)
def test_the_quick_way_and_the_careful_way_read_the_same(drawn: str, ends: str) -> None:
    """Ragged rows, blank lines, quotation marks anywhere and line breaks in cells among them."""
    text = (TABLE + drawn).replace("\n", ends)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        quick = as_read(Path(folder), text)
        patch.setattr(readers, "body_by_pyarrow", lambda *_: None)
        assert as_read(Path(folder), text) == quick


def test_a_clean_file_is_read_the_quick_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "all_records", None)
    assert rows(read(tmp_path, TABLE)) == WANTED


def test_titles_blank_columns_and_blank_rows_are_set_aside_and_told(tmp_path: Path) -> None:
    text = "Payments over £500,,,\n,,,\nId,Name,,Amount\nA,Firm,,1\n,,,\nB,Other,,2\n,,,\n,,,\n"
    raw = read(tmp_path, text, "id", "amount")
    assert (raw.header_row, raw.columns) == (3, ("Id", "Name", "Amount"))
    assert rows(raw) == {4: ["A", "Firm", "1"], 6: ["B", "Other", "2"]}
    said = [(note.row, note.found, note.problem.split(":")[0]) for note in raw.notes]
    assert said == [
        (3, "the header is on this row", "2 rows above it set aside"),
        (3, "1 empty column", "there is nothing there, so it is left out"),
        (5, "3 blank rows", "there is nothing there, so it is left out"),
    ]


def test_a_filled_column_without_a_heading_is_called_by_its_letter(tmp_path: Path) -> None:
    assert read(tmp_path, "a,,c\n1,2,3\n").columns == ("a", "(column B)", "c")


def test_a_comma_that_moves_values_stops_and_a_comma_at_every_end_does_not(tmp_path: Path) -> None:
    moved = read(tmp_path, "a,b,c\n1,x, y,\n2,z,\n3,w,\n")
    assert [(note.severity, note.row, note.found) for note in moved.notes] == [
        ("stop", 2, "4 values under 3 headings")
    ]
    assert read(tmp_path, "a,b\n1,x,\n2,y,\n").notes == ()


def workbook(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Notes").write(0, 0, "Payments of the council")
        sheet = book.add_worksheet("Data")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, cells in enumerate(
            [["Title"], [], ["id", "paid_on", "amount"], ["007", date(2024, 4, 2), 0.1 + 0.2]]
        ):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, day if isinstance(cell, date) else None)


def opendocument(path: Path) -> None:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    sheet = odf.table.Table(name="Data")
    for cells in (["id", "paid_on", "amount"], ["007", "2024-04-02", "0.3"]):
        line = odf.table.TableRow()
        for text in cells:
            cell = odf.table.TableCell(valuetype="string")
            cell.addElement(odf.text.P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))


@pytest.mark.parametrize(("make", "header_row"), [(workbook, 3), (opendocument, 1)])
def test_workbooks_are_read_from_the_sheet_with_the_headings(
    tmp_path: Path, make: object, header_row: int
) -> None:
    path = tmp_path / "book.csv"
    make(path)  # type: ignore[operator]  # one of the two functions above
    raw = read_table(path, "book", ("id", "paid_on", "amount"))
    assert (raw.encoding, raw.header_row) == ("workbook", header_row)
    assert rows(raw) == {header_row + 1: ["007", "2024-04-02", "0.3"]}


def test_a_formula_that_failed_is_no_blank(tmp_path: Path) -> None:
    path = tmp_path / "returns.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["claim_id", "quantity", "period"])
        sheet.write_row(1, 0, ["R1", 2, 3])
        sheet.write_formula(1, 1, "=A9/0", None, "#DIV/0!")
    frame = read_table(path, "returns.xlsx", ["claim_id", "quantity", "period"]).frame
    assert frame.iloc[0].tolist() == ["R1", "#DIV/0!", "3"]


def test_what_cannot_be_a_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="the workbook cannot be opened"):
        read(tmp_path, b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match="it cannot be opened"):
        read_table(tmp_path / "not-there.csv", "not-there.csv")
    monkeypatch.setattr(archives, "LARGEST", 1000)
    with pytest.raises(InputError, match="unpacks to more than"):
        read(tmp_path, gzip.compress(b"a" * 1001))
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"a" * 1001)
    with pytest.raises(InputError, match="unpacks to more than"):
        read_table(tmp_path / "bomb", "bomb")

"""Ledgers as councils publish them: each is read to the row and the penny, or ends in a question
that says why.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import pytest
import xlsxwriter

from sv_lib.intake.ledger.description import LedgerDescription, describe

Cells = Sequence[object]
HEAD = ("Date Paid", "Supplier Name", "Directorate", "Net Amount")


def month(number: int, rows: int = 12, year: int = 2024) -> list[Cells]:
    """Payments of one month: on day n, £n00.25."""
    return [
        (f"{day:02d}/{number:02d}/{year}", f"Firm {number}-{day}", "Place", f"{day}00.25")
        for day in range(1, rows + 1)
    ]


def pence(rows: int = 12) -> int:
    return sum(day * 100_00 + 25 for day in range(1, rows + 1))


def text(*rows: Cells, by: str = ",", end: str = "\n") -> str:
    return (
        end.join(
            by.join(f'"{cell}"' if by in str(cell) else str(cell) for cell in row) for row in rows
        )
        + end
    )


def zipped(**files: str | bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as folder:
        for name, held in files.items():
            folder.writestr(name.replace("_", "."), held)
    return content.getvalue()


def xlsx(**sheets: Iterable[Cells]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}
    ) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return content.getvalue()


def ods(**sheets: Iterable[Cells]) -> bytes:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        sheet = odf.table.Table(name=name)
        for row in rows:
            line = odf.table.TableRow()
            for value in row:
                line.addElement(_ods_cell(value))
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    content = io.BytesIO()
    book.write(content)
    return content.getvalue()


def _ods_cell(value: object) -> odf.table.TableCell:
    if isinstance(value, date):
        return odf.table.TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, float):
        return odf.table.TableCell(valuetype="float", value=str(value))
    cell = odf.table.TableCell(valuetype="string")
    cell.addElement(odf.text.P(text=str(value)))
    return cell


def xls(**sheets: Iterable[Cells]) -> bytes:
    """A workbook as Excel wrote it until 2003: text and numbers, days as serial numbers without a
    format.
    """

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    bodies = [record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) for _ in sheets]
    for at, rows in enumerate(sheets.values()):
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                place = struct.pack("<HHH", y, x, 0)
                if isinstance(cell, float | int):
                    bodies[at] += record(0x203, place + struct.pack("<d", cell))
                else:
                    words = str(cell).encode("utf-16-le")
                    bodies[at] += record(
                        0x204, place + struct.pack("<HB", len(words) // 2, 1) + words
                    )
        bodies[at] += record(0x0A, b"")
    start = record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0))
    ends_at = len(start) + sum(4 + 8 + 2 * len(name) for name in sheets) + 4
    for name, body in zip(sheets, bodies, strict=True):
        words = name.encode("utf-16-le")
        start += record(0x85, struct.pack("<IHBB", ends_at, 0, len(name), 1) + words)
        ends_at += len(body)
    return _in_a_compound_file((start + record(0x0A, b"") + b"".join(bodies)).ljust(4096, b"\0"))


def _in_a_compound_file(stream: bytes) -> bytes:
    """The container of old Office files: a header, one table of sectors, one folder, one stream."""
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    sectors, free, end = len(stream) // 512, 0xFFFFFFFF, 0xFFFFFFFE
    chain = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    entries = b""
    for name, kind, child, first, size in (
        ("Root Entry", 5, 1, end, 0),
        ("Workbook", 2, free, 2, len(stream)),
    ):
        words = (name + "\0").encode("utf-16-le")
        entries += words.ljust(64, b"\0") + struct.pack(
            "<HBBIII", len(words), kind, 1, free, free, child
        )
        entries += bytes(36) + struct.pack("<IQ", first, size)
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    return header.ljust(512, b"\xff") + table + entries.ljust(512, b"\0") + stream


def typed(rows: Iterable[Cells], day: str = "date") -> list[Cells]:
    """The rows with real days (or their serial numbers) and real amounts."""
    rows = list(rows)
    days = [datetime.strptime(str(row[0]), "%d/%m/%Y").date() for row in rows]  # noqa: DTZ007 a day has no zone
    given = [(on - date(1899, 12, 30)).days if day == "serial" else on for on in days]
    return [(on, row[1], row[2], float(str(row[3]))) for on, row in zip(given, rows, strict=True)]


COVER = [("A Council",), ("Payments over £500",), ("Published under the Open Government Licence",)]
YEAR = [row for number in (4, 5, 6) for row in month(number)]
APRIL, MAY = month(4), month(5)
QUARTER_PENCE = 3 * pence()
TOTAL = f"{pence() / 100:.2f}"
GROSS = ("Date Paid", "Supplier Name", "Amount", "VAT", "Total")
WITH_VAT = [
    (f"{day:02d}/04/2024", f"Firm {day}", f"{day * 100}.00", f"{day * 20}.00", f"{day * 120}.00")
    for day in range(1, 13)
]
MERCHANTS = [
    (f"{day:02d}/04/2024", f"SHOP*{day}", "Catering", f"{day}00.25") for day in range(1, 13)
]

READ: dict[str, tuple[str | bytes, int, int]] = {
    "an old workbook with serial dates": (xls(Sheet1=[HEAD, *typed(APRIL, "serial")]), 12, pence()),
    "an old workbook behind a cover sheet": (
        xls(Cover=COVER, Data=[HEAD, *typed(APRIL, "serial")]),
        12,
        pence(),
    ),
    "an OpenDocument ledger": (ods(Data=[HEAD, *typed(APRIL)]), 12, pence()),
    "an OpenDocument ledger under its title": (
        ods(Notes=COVER, Data=[*COVER, HEAD, *typed(APRIL)]),
        12,
        pence(),
    ),
    "a sheet for each month": (
        xlsx(April=[HEAD, *typed(APRIL)], May=[HEAD, *typed(MAY)], June=[HEAD, *typed(month(6))]),
        36,
        QUARTER_PENCE,
    ),
    "a sheet for each month, each with a title and a total": (
        xlsx(
            April=[*COVER, HEAD, *typed(APRIL), ("", "", "", pence() / 100)],
            May=[*COVER[:1], HEAD, *typed(MAY), ("", "", "", pence() / 100)],
        ),
        24,
        2 * pence(),
    ),
    "a sheet for each month in an old workbook": (
        xls(April=[HEAD, *typed(APRIL, "serial")], May=[HEAD, *typed(MAY, "serial")]),
        24,
        2 * pence(),
    ),
    "a summary beside the payments": (
        xlsx(
            Summary=[("Directorate", "Total spend"), ("Place", pence() / 100)],
            Payments=[HEAD, *typed(APRIL)],
        ),
        12,
        pence(),
    ),
    "a zip of a month each": (
        zipped(
            april_csv=text(HEAD, *APRIL), may_csv=text(HEAD, *MAY), june_csv=text(HEAD, *month(6))
        ),
        36,
        QUARTER_PENCE,
    ),
    "a zip of months with titles, totals and a read-me": (
        zipped(
            april_csv=text(*COVER, HEAD, *APRIL, ("", "", "", TOTAL)),
            may_csv=text(HEAD, *MAY),
            readme_txt_pdf="x",
        ),
        24,
        2 * pence(),
    ),
    "a zip of months whose columns stand in another order": (
        zipped(april_csv=text(HEAD, *APRIL), may_csv=text(HEAD[::-1], *(row[::-1] for row in MAY))),
        24,
        2 * pence(),
    ),
    "a zip of months in different encodings": (
        zipped(april_csv=text(HEAD, *APRIL).encode("utf-16"), may_csv=text(HEAD, *MAY, by=";")),
        24,
        2 * pence(),
    ),
    "a zip of workbooks": (
        zipped(a_xlsx=xlsx(A=[HEAD, *typed(APRIL)]), b_xlsx=xlsx(B=[HEAD, *typed(MAY)])),
        24,
        2 * pence(),
    ),
    "semicolons": (text(HEAD, *APRIL, by=";"), 12, pence()),
    "UTF-16, tabs and a title": (
        text(("A Council",), HEAD, *APRIL, by="\t", end="\r\n").encode("utf-16"),
        12,
        pence(),
    ),
    "the header again on every page": (
        text(HEAD, *APRIL, HEAD, *MAY, HEAD, *month(6)),
        36,
        QUARTER_PENCE,
    ),
    "a subtotal for each directorate and a total": (
        text(
            HEAD,
            *APRIL,
            ("", "Place total", "", TOTAL),
            *MAY,
            ("", "Place total", "", TOTAL),
            ("", "Grand total", "", f"{2 * pence() / 100:.2f}"),
        ),
        24,
        2 * pence(),
    ),
    "a subtotal without a word after each supplier": (
        text(HEAD, *APRIL, ("", "Firm", "", TOTAL), *MAY, ("", "Firm", "", TOTAL)),
        24,
        2 * pence(),
    ),
    "a total above the header": (text(("Total", "", "", TOTAL), HEAD, *APRIL), 12, pence()),
    "a total in words below": (
        text(HEAD, *APRIL, ("Total spend for the month", "", "", f"£{TOTAL}")),
        12,
        pence(),
    ),
    "credits marked CR": (
        text(HEAD, *APRIL, ("13/04/2024", "Firm", "Place", "25.00CR")),
        13,
        pence() - 25_00,
    ),
    "debits marked DR": (text(HEAD, *((*row[:3], f"{row[3]} DR") for row in APRIL)), 12, pence()),
    "credits in brackets with a pound sign": (
        text(HEAD, *APRIL, ("13/04/2024", "Firm", "Place", "(£1,025.00)")),
        13,
        pence() - 1025_00,
    ),
    "net, VAT and gross told by arithmetic": (text(GROSS, *WITH_VAT), 12, 7800_00),
    "a purchase card file without suppliers": (
        text(("Transaction Date", "Merchant", "Merchant Category", "Net Amount"), *MERCHANTS),
        12,
        pence(),
    ),
    "months for days": (text(HEAD, *(("Apr-24", *row[1:]) for row in APRIL)), 12, pence()),
    "month first all year": (
        text(
            HEAD,
            *(
                (f"{number:02d}/{day:02d}/2024", *row[1:])
                for number in (4, 5)
                for day, row in zip((2, 9, 14, 16, 23, 30), APRIL, strict=False)
            ),
        ),
        12,
        sum(day * 100_00 + 25 for day in range(1, 7)) * 2,
    ),
    "thousands parted by a hard space": (
        text(HEAD, *APRIL, ("13/04/2024", "F", "P", "1\xa0234.56")),
        13,
        pence() + 1234_56,
    ),
    "days with times and weekdays": (
        text(HEAD, *((f"Mon {row[0]} 00:00", *row[1:]) for row in APRIL)),
        12,
        pence(),
    ),
    "a footnote under the table": (text(HEAD, *APRIL, (), ("* excludes salaries",)), 12, pence()),
    "named by codes of an accounts system": (
        text(
            ("APAR_ID", "APAR_ID(T)", "VOUCHER_DATE", "AMOUNT"),
            *((9, row[1], row[0], row[3]) for row in APRIL),
        ),
        12,
        pence(),
    ),
}

ASKED: dict[str, tuple[str | bytes, str]] = {
    "two sheets with the same payments": (
        xlsx(All=[HEAD, *typed(YEAR)], Over=[HEAD, *typed(YEAR[5:20])]),
        "would they count twice",
    ),
    "a zip with the year beside its months": (
        zipped(
            april_csv=text(HEAD, *APRIL), year_csv=text(HEAD, *MAY), april2_csv=text(HEAD, *APRIL)
        ),
        "count twice",
    ),
    "a month as text and again as a workbook": (
        zipped(april_csv=text(HEAD, *APRIL), april_xlsx=xlsx(April=[HEAD, *typed(APRIL)])),
        "count twice",
    ),
    "a sheet with payments under other headings": (
        xlsx(April=[HEAD, *typed(APRIL)], May=[("When", "Who", "What", "How much"), *typed(MAY)]),
        "sheet 'May' holds dates and amounts too",
    ),
    "a sheet with payments and no header": (
        xlsx(April=[HEAD, *typed(APRIL)], May=typed(MAY)),
        "sheet 'May' holds dates and amounts too",
    ),
    "a zip whose headings change": (
        zipped(
            april_csv=text(HEAD, *APRIL),
            may_csv=text(("Date Paid", "Gross Amount"), ("01/05/2024", "1.00")),
        ),
        "'may.csv' has other headings",
    ),
    "a card file with neither merchant nor department": (
        text(
            ("Posting Date", "Description", "Amount"),
            *((row[0], row[2], row[3]) for row in MERCHANTS),
        ),
        "no column is taken as the supplier",
    ),
    "day and month swapped by a spreadsheet": (
        xlsx(
            Data=[
                HEAD,
                *typed((f"04/{day:02d}/2024", *row[1:]) for day, row in enumerate(APRIL, start=1)),
                *((f"{day}/04/2024", "Firm", "Place", 1.5) for day in range(13, 29)),
            ]
        ),
        "swapped day and month",
    ),
    "debits and credits in two columns": (
        text(
            ("Date", "Supplier", "Debit Amount", "Credit Amount"), ("01/04/2024", "F", "1.00", "")
        ),
        "of their own",
    ),
    "thousands said in the title": (
        text(("Spend, all figures in £000s",), HEAD, *APRIL),
        "are the amounts pounds",
    ),
    "pence said in the heading": (text((*HEAD[:3], "Amount (p)"), *APRIL), "are these pounds"),
    "a supplier's only payment repeated as a subtotal": (
        text(HEAD, *APRIL, ("", "Firm 4-12", "", APRIL[-1][3]), *MAY),
        "have an amount and no date",
    ),
    "an outline with suppliers above their payments": (
        text(HEAD, ("", "Firm", "", "300.50"), *APRIL[:2], ("", "Firm", "", "300.25"), *APRIL[2:3]),
        "no date",
    ),
    "continental amounts": (
        text(HEAD, *APRIL, ("13/04/2024", "F", "P", "1.234,56")),
        "cannot be read: how much",
    ),
    "an amount in another currency": (
        text(HEAD, *APRIL, ("13/04/2024", "F", "P", "$20.00")),
        "how much is it",
    ),
    "a second table under the first": (
        text(HEAD, *APRIL, (), HEAD[::-1], ("1.00", "F", "P", "1/4/24")),
        "do the columns change there",
    ),
    "net and gross change places half way": (
        text(
            ("Date", "Supplier", "Net Amount", "Gross Amount"),
            *(("01/04/2024", "F", "1.00", "1.20"),) * 9,
            ("Date", "Supplier", "Gross Amount", "Net Amount"),
            *(("01/05/2024", "F", "1.20", "1.00"),) * 9,
        ),
        "do the columns change there",
    ),
    "cut at the end of an old sheet": (
        text(HEAD) + "01/04/2024,F,P,1.00\n" * 65_535,
        "65,536 rows",
    ),
    "cut at the end of a sheet": (
        text(HEAD[::3]) + "01/04/2024,1.00\n" * 1_048_575,
        "1,048,576 rows",
    ),
    "cut at a thousand rows": (text(HEAD, *month(4) * 83, *APRIL[:4]), "1,000 rows"),
    "a month in a zip cut at a thousand": (
        zipped(april_csv=text(HEAD, *month(4) * 83, *APRIL[:4]), may_csv=text(HEAD, *MAY)),
        "'april.csv' has exactly 1,000",
    ),
    "an error of the spreadsheet for an amount": (
        text(HEAD, *APRIL, ("13/04/2024", "F", "P", "#####")),
        "how much",
    ),
    "a count under the table": (
        text(HEAD, *APRIL, *MAY, ("Payments:", "", "", "24")),
        "an amount and no date",
    ),
    "another currency in a column of its own": (
        text(
            (*HEAD, "Currency"), *((*row, "EUR" if at else "GBP") for at, row in enumerate(APRIL))
        ),
        "in pounds",
    ),
    "credit notes that are not negative": (
        text(
            (*HEAD, "Type"),
            *((*row, "Invoice" if at else "Credit Note") for at, row in enumerate(APRIL)),
        ),
        "which sign",
    ),
    "month first with no day after the twelfth": (
        text(
            HEAD,
            *((f"{number:02d}/{row[0][:2]}/2024", *row[1:]) for number in (4, 5) for row in APRIL),
        ),
        "the same 2 days of 12 months",
    ),
    "the year first in two figures": (
        text(HEAD, *((f"24/04/{row[0][:2]}", *row[1:]) for row in APRIL)),
        "the first may be the year",
    ),
    "a total that says another sum": (
        text(HEAD, *APRIL, ("", "Total", "", "1.00")),
        "rows above it add up to",
    ),
    "only a total of each directorate": (
        text(("Directorate", "Spend"), ("Place", "1.00")),
        "date of payment",
    ),
    "dates that are quarters": (
        text(HEAD, *(("Q1", *row[1:]) for row in APRIL)),
        "date of payment",
    ),
}


def described(content: str | bytes, folder: Path) -> LedgerDescription:
    path = folder / "ledger.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return describe(path)[0]


@pytest.mark.parametrize(("content", "rows", "sum_in_pence"), READ.values(), ids=READ)
def test_read_to_the_row_and_the_penny(
    content: str | bytes, rows: int, sum_in_pence: int, tmp_path: Path
) -> None:
    report = described(content, tmp_path)
    assert report.questions == []
    assert (report.rows, report.pence, report.undated_rows) == (rows, sum_in_pence, 0)


@pytest.mark.parametrize(("content", "question"), ASKED.values(), ids=ASKED)
def test_asked_and_not_guessed(content: str | bytes, question: str, tmp_path: Path) -> None:
    report = described(content, tmp_path)
    assert question in " | ".join(report.questions)


def test_a_year_that_is_far_from_the_others_is_a_finding(tmp_path: Path) -> None:
    odd = ("03/04/2042", "Firm", "Place", "1.00")
    report = described(text(HEAD, *month(4, 24), odd), tmp_path)
    assert report.questions == []
    assert any(
        "1 row dated far from the rest, such as '03/04/2042'" in str(note)
        for note in report.notes or []
    )
    assert "far from the rest" not in str(described(text(HEAD, *YEAR), tmp_path).notes)

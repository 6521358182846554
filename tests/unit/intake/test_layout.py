"""A ledger that nobody has described is read to the penny, or ends in a question; never in a wrong
total.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from sv_lib.intake.files.dates import doubt, ledger_day
from sv_lib.intake.ledger.description import describe

DAYS = range(1, 29)
PENCE = sum(1000_00 + day * 100 + 50 for day in DAYS)
BODY = "".join(f"{day:02d}/04/2024,Firm {day},{1000 + day}.50,N{day}\n" for day in DAYS)
HEAD = "Payment Date,Supplier Name,Amount,Ref\n"
PLAIN = HEAD + BODY


def ledger(headings: str, row: str) -> str:
    """28 rows; ``{day}`` is 01 to 28."""
    return headings + "\n" + "".join(row.format(day=f"{day:02d}") + "\n" for day in DAYS)


def packed(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        folder.writestr(name, content)
    return file.getvalue()


def workbook(**sheets: list[list[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell, day if isinstance(cell, datetime) else None)
    return file.getvalue()


HEADED: list[list[object]] = [["Payments over £500"], [], ["Date", "Supplier", "Amount"]]
SHEET = HEADED + [[datetime(2024, 4, day), f"Firm {day}", 0.1 * day] for day in DAYS]  # noqa: DTZ001 a spreadsheet's dates have no zone
SWAPPED = [
    ["Date", "Supplier", "Amount"],
    *[[datetime(2024, month, 4), "Firm", 1.5] for month in range(1, 13)],  # noqa: DTZ001 a spreadsheet's dates have no zone
    *[[f"{day}/04/2024", "Firm", 1.5] for day in range(13, 29)],
]
WIDE = (
    "Organisation Name,Effective Date,Directorate,Supplier Name,Type,TransNo,Payment "
    "Date,Net Amount,Irrecoverable VAT"
)

READ = {
    "month first": (ledger("Date,Supplier,Amount", "04/{day}/2024,F,1.00"), 28, 2800),
    "plain": (PLAIN, 28, PENCE),
    "packed twice": (gzip.compress(packed("in/a.csv", PLAIN.encode()), mtime=0), 28, PENCE),
    "UTF-16 without a mark": (PLAIN.encode("utf-16-le"), 28, PENCE),
    "old line ends": (PLAIN.replace("\n", "\r"), 28, PENCE),
    "tabs and commas in amounts": (
        ledger("Date\tSupplier\tAmount", "{day}/04/24\tFirm\t1,0{day}.50"),
        28,
        PENCE,
    ),
    "a header in two rows": (
        "Payment,Supplier,Amount,Voucher\nDate,Name,Paid (£),No\n" + BODY,
        28,
        PENCE,
    ),
    "titles above": ("A Council,,,\nSpend over £500 - April 2024,,,\n,,,\n" + PLAIN, 28, PENCE),
    "directives and SQL": (
        '"query dbselect ""a"",\n b, amount\n from dual",,,\nsort,,,\n' + PLAIN + "footer,,,\n",
        28,
        PENCE,
    ),
    "a heading overwritten": (
        PLAIN.replace("Amount", "setparameter select to_char(sysdate) from dual"),
        28,
        PENCE,
    ),
    "system names": (
        ledger("VENDOR_NAME,CHECK_DATE,INVOICE_AMOUNT", "F,{day}-APR-24,1.00"),
        28,
        2800,
    ),
    "net before gross": (
        ledger("Date,Supplier,Gross Amount,VAT,Net Amount", "{day}/04/2024,F,1.20,0.20,1.00"),
        28,
        2800,
    ),
    "net by arithmetic": (
        ledger("Date,Supplier,Total,VAT,Amount", "{day}/04/2024,F,1.20,0.20,1.00"),
        28,
        2800,
    ),
    "cost elements are no money": (
        ledger(
            "Vendor ID,Vendor Name,Cost Element,Document No,Amount,Clearing Date",
            "1,F,5440{day},9,1.00,{day}/04/24",
        ),
        28,
        2800,
    ),
    "the Code's columns": (
        ledger(WIDE, "X,30/04/2024,D,F,Rev,{day},{day}/04/2024,1.00,0.00"),
        28,
        2800,
    ),
    "an unlabelled total": (PLAIN + f',,"{PENCE // 100:,}.{PENCE % 100:02d}",\n', 28, PENCE),
    "a total above": (HEAD + f",,{PENCE / 100:.2f},\n" + BODY, 28, PENCE),
    "subtotals": (
        "Date,Supplier,Amount\n1/4/24,A,10\n2/4/24,A,20\n,A Total,30\n1/4/24,B,5\n,B "
        "Total,5\n,Total,35\n",
        3,
        3500,
    ),
    "a supplier called Total": (
        PLAIN + "29/04/2024,Total Gas & Power Ltd,1.00,N99\n",
        29,
        PENCE + 100,
    ),
    "the heading again": (PLAIN + PLAIN, 56, 2 * PENCE),
    "periods for days": (
        ledger("Period,Supplier,Value (£)", "July 2010-September 2010,F,1.00"),
        28,
        2800,
    ),
    "a pound sign of DOS": (PLAIN.replace(",10", ",£10").encode("cp437"), 28, PENCE),
    "a pound sign read wrongly twice": (PLAIN.replace(",10", ",Â£10"), 28, PENCE),
    "each line its own encoding": (
        HEAD.encode() + b"01/04/2024,Caf\xc3\xa9,\xa31.00,\n02/04/2024,Caf\xe9,\x9c2.00,\n",
        2,
        300,
    ),
    "empty columns": (PLAIN.replace("\n", "," * 200 + "\n") + "," * 203 + "\n", 28, PENCE),
    "a workbook": (workbook(Notes=[["read me"]], Data=SHEET), 28, 4060),
    "amounts in words": (PLAIN + "29/04/2024,F,REDACTED,N\n", 28, PENCE),
}

ASKED = {
    "two amounts": (
        ledger("Date,Supplier,Invoice Amount,Payment Amount", "{day}/04/2024,F,{day}.00,1.00"),
        "which is the amount",
    ),
    "a heading that says nothing": (PLAIN.replace("Amount", "Xyz"), "No heading says so"),
    "debits and credits apart": (
        ledger("Date,Supplier,Debit,Credit", "{day}/04/2024,F,1.00,"),
        "columns of their own",
    ),
    "the sign apart": (
        ledger("Date,Supplier,Amount,D/C", "{day}/04/2024,F,1.00,D") + "1/4/24,F,1,C\n",
        "debit or credit",
    ),
    "all negative": (PLAIN.replace(",10", ",-10"), "most amounts are negative"),
    "thousands": (PLAIN.replace("Amount", "Amount (£000)"), "are these pounds"),
    "no header": (BODY, "no column is taken as the supplier"),
    "month first on one day alone": (
        ledger("Date,Supplier,Amount", "{day}/04/2024,F,1.00") + "04/13/2024,F,1.00\n",
        "others only month first",
    ),
    "days and months swapped": (workbook(Data=SWAPPED), "swapped day and month"),
    "no date": (ledger("Supplier,Amount", "F,1.{day}"), "which column is the date"),
    "a total that does not add up": (PLAIN + ",Total,99.00,\n", "looks like a total"),
    "an amount alone": (PLAIN + ",,99.00,\n", "looks like a total"),
    "columns that move": (
        PLAIN + "Payment Date,Supplier Name,Ref,Amount\n" + BODY,
        "do the columns change there",
    ),
    "a comma that moves values": (PLAIN + "29/04/2024,F,1,234.00,N\n", "values under 4 headings"),
    "cut at 1,000 rows": (HEAD + "01/04/2024,F,1.00,N\n" * 1000, "was the export cut off"),
    "two sheets of payments": (workbook(April=SHEET, May=SHEET), "count twice"),
    "a web page": ("<html><table><tr><td>Amount</td></tr></table></html>", "web page"),
    "a zip of no table": (packed("readme.md", b"a"), "the zip holds 0 tables"),
    "packed many times": (gzip.compress(gzip.compress(gzip.compress(b"a"))), "many times over"),
    "not a ledger": ("Product,Units\nA,3\nB,4\n", "which column is the amount"),
    "nothing": ("", "the file is empty"),
}


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes | str], Path]:
    def made(content: bytes | str) -> Path:
        path = tmp_path / "wrong extension.ods"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made


@pytest.mark.parametrize(("content", "rows", "pence"), READ.values(), ids=READ)
def test_read_to_the_penny(
    content: bytes | str, rows: int, pence: int, file: Callable[[bytes | str], Path]
) -> None:
    report, _ = describe(file(content))
    assert report.questions == []
    assert (report.rows, report.pence) == (rows, pence)
    assert report.confidence >= 0.75


@pytest.mark.parametrize(("content", "question"), ASKED.values(), ids=ASKED)
def test_a_question_and_not_a_guess(
    content: bytes | str, question: str, file: Callable[[bytes | str], Path]
) -> None:
    report, _ = describe(file(content))
    assert question in " | ".join(report.questions)


@pytest.mark.parametrize(
    ("heading", "basis"),
    [
        ("Net Amount", "net"),
        ("Amount excl. VAT", "net"),
        ("Amount ex VAT (£)", "net"),
        ("Gross", "gross"),
        ("Amount inc VAT", "gross"),
        ("Total (excludes VAT)", "net"),
        ("Spend before VAT", "net"),
        ("Total (includes VAT)", "gross"),
        ("Amount", "not known"),
        ("Invoiced Value", "not known"),
        ("PaymentAmount", "not known"),
    ],
)
def test_the_vat_basis_is_what_the_heading_says(
    heading: str, basis: str, file: Callable[[bytes | str], Path]
) -> None:
    report, _ = describe(file(PLAIN.replace("Amount", heading)))
    assert (report.columns["amount"], report.vat_basis) == (heading, basis)


@pytest.mark.parametrize(
    "text",
    [
        "2/4/24",
        "02.04.2024",
        "02-04-2024",
        "2 Apr 24",
        "2nd April 2024",
        "02-Apr-24",
        "Tuesday 2 April 2024",
        "20240402",
        "02042024",
        "45384",
        "2024-04-02T09:30:00Z",
        "02/04/2024 09:30",
        "April 2, 2024",
        "2024/4/2",
    ],
)
def test_every_way_to_write_a_day(text: str) -> None:
    assert f"{ledger_day(text):%Y-%m-%d}" == "2024-04-02"


@pytest.mark.parametrize(
    "text", ["2024-02", "02/2024", "2024/2", "Feb 2024", "January 2024 to February 2024"]
)
def test_a_month_is_read_as_its_last_day(text: str) -> None:
    assert f"{ledger_day(text):%Y-%m-%d}" == "2024-02-29"


@pytest.mark.parametrize(
    "text",
    [
        "13/2024",
        "2024-13",
        "0000-01",
        "04/13/2024",
        "31/04/2024",
        "VARIOUS",
        "9999/9999",
        "2024",
        "",
        "Marsh 2024",
        "123456",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert ledger_day(text) is None


def test_signs_of_the_month_first() -> None:
    assert "only be month first" in doubt(["04/13/2024", "04/02/2024"])
    assert "others only month first" in doubt(["04/13/2024", "14/02/2024"])
    assert "same 1 day of 8 months" in doubt([f"04/{day:02d}/2024" for day in range(1, 9)])
    assert doubt(["01/04/2024", "02/04/2024", "2024-04-30"]) == ""

"""Ledgers with the oddities that publishers leave in them: read to the penny, or asked about."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.intake.ledger.description import LedgerDescription, describe

FIRMS = ["Alder Ltd", "Beech PLC", "Cedar & Co", "Dogwood CIC", "Elder LLP", "Fir Ltd", "Gorse Ltd"]
DAYS = [date(2024, 4, day) for day in (3, 4, 9, 16, 18, 25, 30)]
PENCE = [100_050, 2_025, 33_300, 4_199, 75_001, 1_210, 98_765]
HEAD = "Date,Directorate,Supplier,Ref,Amount\n"
ROWS = [
    f"{day:%d/%m/%Y},Place,{firm},R{at},{pence / 100:.2f}\n"
    for at, (day, firm, pence) in enumerate(zip(DAYS, FIRMS, PENCE, strict=True))
]
PLAIN = HEAD + "".join(ROWS)
TOTAL = sum(PENCE)


def described(content: str | bytes, folder: Path) -> LedgerDescription:
    path = folder / "ledger"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return describe(path)[0]


def workbook(from_1904: bool = False, hidden: str = "", **sheets: str) -> bytes:
    """Sheets from comma-separated text, with numbers as numbers; those that begin with = are
    formulas.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"date_1904": from_1904, "strings_to_numbers": True}) as book:
        for name, text in sheets.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(text.splitlines()):
                sheet.write_row(at, 0, line.split(","))
            if name == hidden:
                sheet.hide()
    return content.getvalue()


def never_calculated(content: bytes) -> bytes:
    """The workbook as a program leaves it that writes formulas and does not calculate them."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"</f><v>0</v>", b"</f><v></v>"))
    return changed.getvalue()


def with_dates(form: str) -> str:
    text = PLAIN
    for day in DAYS:
        text = text.replace(f"{day:%d/%m/%Y}", f"{day:{form}}")
    return text


def headed(old: str, new: str) -> str:
    return PLAIN.replace(old, new, 1)


PARTS = [(ROWS[:3], sum(PENCE[:3])), (ROWS[3:5], sum(PENCE[3:5])), (ROWS[5:], sum(PENCE[5:]))]
OUTLINE = HEAD + "".join(
    "".join(rows) + f"30/04/2024,Place,Total for unit {at},,{pence / 100:.2f}\n"
    for at, (rows, pence) in enumerate(PARTS)
)
JUNE = PLAIN.replace("/04/2024", "/06/2024")
MONTHLY = "Month,Supplier,Amount\n" + "".join(
    f"2023-{month:02d}-01,Firm {month},{month}.50\n" for month in range(1, 13)
)
RECORDS = [
    {"paid": f"{day}", "who": {"id": at}, "Supplier Name": firm, "amount": pence / 100}
    for at, (day, firm, pence) in enumerate(zip(DAYS, FIRMS, PENCE, strict=True))
]
SERIALS_1904 = HEAD + "".join(
    f"{(day - date(1904, 1, 1)).days},Place,{firm},R,{pence / 100}\n"
    for day, firm, pence in zip(DAYS, FIRMS, PENCE, strict=True)
)

READ: dict[str, tuple[str | bytes, int, int]] = {
    "sub-totals with a date": (OUTLINE, 7, TOTAL),
    "sub-totals with a date and without a word": (
        OUTLINE.replace("Total for unit 0", "")
        .replace("Total for unit 1", "")
        .replace("Total for unit 2", ""),
        7,
        TOTAL,
    ),
    "a supplier called Total that was paid its own sum again": (
        HEAD + "01/04/2024,Place,Total Gas & Power,R1,50.00\n" * 2 + "".join(ROWS),
        9,
        TOTAL + 100_00,
    ),
    "two sheets, one with stars before its headings": (
        workbook(
            Apr=PLAIN, Jun=JUNE.replace(HEAD, "* Date,* Directorate,* Supplier,* Ref,* Amount\n")
        ),
        14,
        2 * TOTAL,
    ),
    "two sheets, one with columns of a clerk's own": (
        workbook(Apr=PLAIN, Jun="\n".join(f"{line},,x" for line in JUNE.splitlines())),
        14,
        2 * TOTAL,
    ),
    "two sheets, one with a column of notes": (
        workbook(
            Apr=PLAIN,
            Jun="\n".join(
                f"{line},{'Notes' if not at else 'ok'}" for at, line in enumerate(JUNE.splitlines())
            ),
        ),
        14,
        2 * TOTAL,
    ),
    "month first on every row": (with_dates("%m/%d/%Y"), 7, TOTAL),
    "time stamps with an offset": (with_dates("%Y-%m-%dT00:00:00+01:00"), 7, TOTAL),
    "months as their first day": (MONTHLY, 12, 84_00),
    "cells right of the last heading": (PLAIN.replace("R3,41.99", "R3,41.99,,,"), 7, TOTAL),
    "words right of the last heading": (PLAIN.replace("R3,41.99", "R3,41.99,,checked"), 7, TOTAL),
    "a grand total a penny off": (PLAIN + f",,Grand Total,,{(TOTAL - 2) / 100:.2f}\n", 7, TOTAL),
    "a grand total of whole pounds, each rounded": (
        "Date,Supplier,Amount\n" + "01/04/2024,F,10\n" * 6 + ",Total,62.50\n",
        6,
        60_00,
    ),
    "nought as a dash": (PLAIN + "30/04/2024,Place,Hazel Ltd,R9, - \n", 8, TOTAL),
    "nought as a pound sign and a dash": (PLAIN + "30/04/2024,Place,Hazel,R9,£-\n", 8, TOTAL),
    "the pound sign behind": (PLAIN + "30/04/2024,Place,Hazel Ltd,R9,100£\n", 8, TOTAL + 100_00),
    "one of many kinds of expense called Refund": (
        "Date,Supplier,Expense Type,Amount\n"
        + "".join(
            f"{day:%d/%m/%Y},F{at},{kind},1.00\n"
            for at, (day, kind) in enumerate(
                zip(DAYS, ["IT", "Refund", "Rent", "Post", "Print", "Fuel", "Food"], strict=True)
            )
        ),
        7,
        700,
    ),
    "amounts in pounds beside the currency of the invoice": (
        "Date,Supplier,Invoice Currency,Amount (£)\n"
        "03/04/2024,Alder,EUR,10.00\n04/04/2024,Beech,GBP,5.00\n",
        2,
        15_00,
    ),
    "an amount in pounds beside the amount of the invoice": (
        "Date,Supplier,Currency,Amount,Amount GBP\n"
        "03/04/2024,Alder,EUR,12.00,10.00\n04/04/2024,Beech,GBP,5.00,5.00\n",
        2,
        15_00,
    ),
    "numbered headings": (
        PLAIN.replace(HEAD, "1. Date,2. Directorate,3. Supplier,4. Ref,5. Amount\n"),
        7,
        TOTAL,
    ),
    "a sub-total after each payment": (
        HEAD + "".join(row + re.sub(r",R\d", " Total,", row) for row in ROWS),
        7,
        TOTAL,
    ),
    "numbers behind headings": (
        PLAIN.replace(HEAD, "Date (1),Directorate (2),Supplier (3),Ref (4),Amount (5)\n"),
        7,
        TOTAL,
    ),
    "a sheet with a category more": (
        workbook(
            Apr=PLAIN,
            Jun="\n".join(
                f"{line},{'ok' if at else 'Category'}" for at, line in enumerate(JUNE.splitlines())
            ),
        ),
        14,
        2 * TOTAL,
    ),
    "a nil return that names a limit": (
        "Date,Supplier,Amount\n30/04/2024,No payments over £500,0.00\n",
        0,
        0,
    ),
    "a nil return": ("A Council\n\nDate,Supplier,Amount\n\nNIL RETURN,,\n", 0, 0),
    "a nil return in its title": ("No payments this month\nDate,Supplier,Amount\n", 0, 0),
    "a list of JSON records": (json.dumps(RECORDS).replace('"paid"', '"payment_date"'), 7, TOTAL),
    "JSON records under a key": (
        json.dumps({"title": "Spend", "rows": RECORDS}).replace('"paid"', '"payment_date"'),
        7,
        TOTAL,
    ),
    "a workbook that counts days from 1904": (workbook(from_1904=True, A=SERIALS_1904), 7, TOTAL),
}
ASKED: dict[str, tuple[str | bytes, str]] = {
    "a hidden sheet": (
        workbook(hidden="Jun", Apr=PLAIN, Jun=JUNE),
        "sheet 'Jun' is hidden and was not read",
    ),
    "formulas that nobody has calculated": (
        never_calculated(
            workbook(
                A="Date,Supplier,Net,VAT,Gross\n03/04/2024,F,=E2-D2,2,12\n04/04/2024,G,=E3-D3,2,12"
            )
        ),
        "'Net' holds formulas without stored values, on row 2 first",
    ),
    "a dated total that does not add up": (
        OUTLINE.replace("Total for unit 1,,792.00", "Total for unit 1,,791.00"),
        "£791.00 looks like a total",
    ),
    "a grand total a pound off": (
        PLAIN + f",,Grand Total,,{(TOTAL + 100) / 100:.2f}\n",
        "looks like a total, but the rows above it add up to",
    ),
    "a comma inside a name": (
        PLAIN.replace("Beech PLC", "Beech, PLC"),
        "6 values under 5 headings",
    ),
    "a comma inside a name before a number": (
        "Date,Supplier,Cost Centre,Amount,Note\n"
        + "".join(f"{day:%d/%m/%Y},F,4401,1.00,n\n" for day in DAYS)
        + "30/04/2024,Beech, PLC,4401,100.00,n\n",
        "6 values under 5 headings",
    ),
    "another sign on every amount": (
        "Date,Supplier,Amount\n03/04/2024,Alder,$10.00\n04/04/2024,Beech,$5.00\n",
        "'Amount' is written with another currency's sign, such as '$10.00'",
    ),
    "no date but in the file's name": (
        "Supplier Name,Total\nAlder,10.00\nBeech,5.00\nGrand Total,15.00\n",
        "which column is the date of payment",
    ),
    "no supplier": ("Date,Amount\n03/04/2024,1.00\n", "no column is taken as the supplier"),
    "the council itself under Company": (
        "Date,Company,Amount\n" + "03/04/2024,A Council,1.00\n" * 4,
        "no column is taken as the supplier",
    ),
    "JSON that is no list of records": ('{"a": 1}', "no list of records"),
    "JSON that breaks off": ('[{"a": 1}, {"a"', "no list of records"),
}


@pytest.mark.parametrize(("content", "rows", "pence"), READ.values(), ids=READ)
def test_read_to_the_penny_without_a_question(
    content: str | bytes, rows: int, pence: int, tmp_path: Path
) -> None:
    report = described(content, tmp_path)
    assert report.questions == []
    assert (report.rows, report.pence, report.undated_rows) == (rows, pence, 0)


@pytest.mark.parametrize(("content", "question"), ASKED.values(), ids=ASKED)
def test_asked_and_not_guessed(content: str | bytes, question: str, tmp_path: Path) -> None:
    report = described(content, tmp_path)
    assert question in " | ".join(report.questions)


SUPPLIER_HEADINGS = (
    "Name | Name: | Supplier(T) | * SUPPLIER FINAL | Suplier | Supplicer | Suppklier | Company"
    " | Supplier Name (Redacted) | 3. Supplier | Cyflenwr | Enw'r Cyflenwr | Cyflenwr / Supplier"
    " | Supplier Name / Enw'r Cyflenwr | Contractor | Benificiary Name"
)


@pytest.mark.parametrize("heading", SUPPLIER_HEADINGS.split(" | "))
def test_the_supplier_under_any_heading(heading: str, tmp_path: Path) -> None:
    report = described(headed("Supplier", heading), tmp_path)
    assert report.questions == []
    assert report.columns["supplier_name"] == heading


def test_a_ledger_in_welsh(tmp_path: Path) -> None:
    welsh = "Dyddiad Talu,Cyfarwyddiaeth,Cyflenwr,Cyfeirnod,Swm heb TAW (£)\n"
    report = described(PLAIN.replace(HEAD, welsh), tmp_path)
    assert report.columns == {
        "payment_id": "Cyfeirnod",
        "paid_on": "Dyddiad Talu",
        "supplier_name": "Cyflenwr",
        "directorate": "Cyfarwyddiaeth",
        "amount": "Swm heb TAW (£)",
    }
    assert (report.pence, report.vat_basis, report.questions) == (TOTAL, "net", [])


def test_days_from_1904_are_the_days_that_excel_shows(tmp_path: Path) -> None:
    report = described(workbook(from_1904=True, A=SERIALS_1904), tmp_path)
    assert (report.first_on, report.last_on) == ("2024-04-03", "2024-04-30")


def test_what_is_decided_without_a_question_is_noted(tmp_path: Path) -> None:
    month_first = str(described(with_dates("%m/%d/%Y"), tmp_path).notes)
    assert "dates such as '04/16/2024' are read month first" in month_first
    swapped = PLAIN.replace("09/04/2024", "04/09/2024")
    assert "1 row such as '04/09/2024', with day and month perhaps swapped" in str(
        described(swapped, tmp_path).notes
    )
    assert "swapped" not in str(described(PLAIN, tmp_path).notes)
    beyond = PLAIN.replace("R3,41.99", "R3,41.99,,,")
    assert "1 row with cells right of the last heading" in str(described(beyond, tmp_path).notes)
    rounded = described(PLAIN + f",,Grand Total,,{(TOTAL - 2) / 100:.2f}\n", tmp_path)
    assert "differs by £0.02 from the sum of the rows above" in rounded.excluded[0].reason
    nil = described("Date,Supplier,Amount\nNil return,,\n", tmp_path)
    assert "a nil return, with no payments in this file" in str(nil.notes)


QUIRKS = {
    "dates": ["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y-%m-%dT00:00:00Z", "%d-%b-%y"],
    "supplier": ["Supplier", "* Supplier", "2. Supplier Name", "Suplier", "Cyflenwr", "Name"],
    "amount": ["Amount", "Net Amount (£)", "Swm", "* Amount", "Ammount"],
    "style": ["{:.2f}", "£{:,.2f}", " {:.2f} ", "{:.2f}£"],
    "beyond": ["", ",,", ",,see file"],
    "currency": ["", "GBP", "EUR"],
}


@given(
    st.data(),
    st.lists(st.tuples(st.integers(1, 28), st.integers(0, 10**8)), min_size=4, max_size=25),
    st.integers(2, 6),
)
def test_quirks_together_are_read_back_or_asked_about(
    data: st.DataObject, payments: list[tuple[int, int]], size: int
) -> None:
    chosen = {name: data.draw(st.sampled_from(options)) for name, options in QUIRKS.items()}
    # Month first can only be told by days over 12, which every real month has.
    payments += [(day, 1_00) for day in range(13, 29)]
    currency = chosen["currency"]
    head = ["Date", chosen["supplier"], chosen["amount"], "Currency"]
    lines = [",".join(head if currency else head[:3])]
    since = 0
    for at, (day, pence) in enumerate(payments, start=1):
        when = f"{date(2024, 4, day):{chosen['dates']}}"
        amount = chosen["style"].format(pence / 100)
        beyond = chosen["beyond"] if at % 3 == 0 else ""
        lines.append(f'{when},Firm {at},"{amount}"{currency and "," + currency}{beyond}')
        since += pence
        if at % size == 0:
            lines.append(f"{when},Total for group,{since / 100:.2f}")
            since = 0
    with tempfile.TemporaryDirectory() as folder:
        report = described("\n".join(lines), Path(folder))
    if currency == "EUR" and "£" not in chosen["amount"] + chosen["style"]:
        assert "which amounts are in pounds" in " ".join(report.questions)
    else:
        assert report.questions == []
        expected = (len(payments), sum(pence for _, pence in payments))
        assert (report.rows, report.pence) == expected

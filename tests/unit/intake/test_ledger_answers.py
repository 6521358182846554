"""What a layout answers by name: the same is asked of every file, and an answer is for its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.intake.ledger.questions import ANSWERS
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import Publication
from tests.unit.intake.test_ledger_quirks import workbook

Publish = Callable[..., Publication]
COLUMNS = "columns: {paid_on: Date, supplier_name: Supplier, amount: Amount}\nvat_basis: net\n"
INPUTS = "  payments: {}\n  payments_layout: layout.yaml\n"
HEAD = "Date,Supplier,Amount\n"
ROWS = "".join(f"{day:02d}/11/2021,Firm {day},{day}.50\n" for day in range(1, 29))
PENCE = sum(day * 100 + 50 for day in range(1, 29))
TYPED = "Date,Supplier,Type,Amount\n"
FOREIGN = "Date,Supplier,Currency,Amount\n"


def with_column(value: str, last: str) -> str:
    rows = ROWS.splitlines()
    filled = [re.sub(r",([\d.]+)$", rf",{value},\1", row) for row in rows]
    return "\n".join([*filled[:-1], filled[-1].replace(value, last), ""])


def signed(sign: str) -> str:
    return re.sub(r",([\d.]+)\n", rf",{sign}\1\n", ROWS)


NEGATIVE = HEAD + signed("-")
CASES: dict[str, tuple[str, str, str, int]] = {
    "currency": (
        FOREIGN + with_column("GBP", "EUR"),
        "which amounts are in pounds",
        "currency: GBP",
        PENCE - 28_50,
    ),
    "another sign": (HEAD + signed("$"), "another currency's sign", "currency: GBP", PENCE),
    "credit notes": (
        TYPED + with_column("Invoice", "Credit Note"),
        "which sign have they",
        "credit_notes: negative by type",
        PENCE - 2 * 28_50,
    ),
    "credit notes as they stand": (
        TYPED + with_column("Invoice", "Credit Note"),
        "which sign have they",
        "credit_notes: as they stand",
        PENCE,
    ),
    "payments as a minus": (NEGATIVE, "most amounts are negative", "minus: payments", PENCE),
    "credits alone": (NEGATIVE, "most amounts are negative", "minus: credits", -PENCE),
    "unit": ("Spend in £000s,,\n" + HEAD + ROWS, "are the amounts pounds", "unit: pounds", PENCE),
    "a column of credits": (
        "Date,Supplier,Amount,Debit,Credit\n"
        + ROWS.replace("\n", ",,\n")
        + "29/11/2021,Firm,,,5.00\n",
        "debits and credits stand in columns of their own",
        "credit_column: Credit",
        PENCE - 5_00,
    ),
    "the order of day and month": (
        HEAD + "".join(f"02/{month:02d}/2021,F,1.00\n" for month in range(1, 13)),
        "the same 1 day of 12 months",
        "dates: month first",
        12_00,
    ),
}


@pytest.mark.parametrize(("ledger", "question", "answer", "pence"), CASES.values(), ids=CASES)
def test_a_question_stops_until_the_layout_answers_it_by_name(
    publish: Publish, tmp_path: Path, ledger: str, question: str, answer: str, pence: int
) -> None:
    files = {"ledger_dot_csv": ledger, "layout_dot_yaml": COLUMNS}
    publication = publish(INPUTS.format("ledger.csv"), **files)
    assert question in " ".join(stop.found for stop in read_inputs(publication).stops)
    layout = tmp_path / "params" / "layout.yaml"
    layout.write_text(f"{COLUMNS}{answer}\n", encoding="utf-8")
    inputs = read_inputs(publication)
    assert inputs.stops == []
    assert inputs.frames["payments"]["amount_pence"].sum() == pence
    assert answer in [finding.found for finding in inputs.findings]


def read(publish: Publish, ledger: str, answer: str = "", columns: str = COLUMNS) -> Inputs:
    files = {"ledger_dot_csv": ledger, "layout_dot_yaml": f"{columns}{answer}\n"}
    return read_inputs(publish(INPUTS.format("ledger.csv"), **files))


def stops(inputs: Inputs) -> str:
    return " | ".join(stop.found for stop in inputs.stops)


@pytest.mark.parametrize(
    ("ledger", "answer", "question"),
    [
        (HEAD + ROWS, "minus: payments", "most amounts here are not negative"),
        (HEAD + ROWS, "dates: month first", "can only be day first"),
        (
            HEAD + re.sub(r"(\d\d)/11/", r"11/\1/", ROWS),
            "dates: day first",
            "dates such as '11/13/2021' can only be month first",
        ),
        (HEAD + ROWS, "sheets: [March]", "names sheets that are not in this file: March"),
        (HEAD + ROWS, "paid_on: 2021-11-30", "'Date' looks like a date of payment"),
    ],
)
def test_an_answer_that_the_next_file_contradicts_stops(
    publish: Publish, ledger: str, answer: str, question: str
) -> None:
    assert question in stops(read(publish, ledger, answer))


def test_a_question_is_accepted_word_for_word_and_for_one_file(publish: Publish) -> None:
    ledger = HEAD + ROWS + ",Grand Total,1.00\n"
    (stop,) = read(publish, ledger).stops
    answer = stop.remedy.removeprefix("decide, and say so in the layout: ")
    assert answer.startswith("accepted: {ledger.csv:")
    accepted = read(publish, ledger, answer)
    assert "looks like a total" not in stops(accepted)
    assert stop.found in [said.found for said in accepted.findings if said.severity == "note"]
    other = ledger.replace(",Grand Total,1.00", ",Grand Total,2.00")
    assert "£2.00 looks like a total" in stops(read(publish, other, answer))


@pytest.fixture
def publish(publish: Publish, tmp_path: Path) -> Publish:
    """The fixture of the room, that may be called again with other files."""
    text = (tmp_path / "params" / "publication.yaml").read_text(encoding="utf-8")

    def again(inputs: str, **files: str) -> Publication:
        (tmp_path / "params" / "publication.yaml").write_text(text, encoding="utf-8")
        return publish(inputs, **files)

    return again


NO_DATE = "Supplier,Amount\nFirm One,10.00\nFirm Two,5.00\nGrand Total,15.00\n"
NO_DATE_COLUMNS = "columns: {supplier_name: Supplier, amount: Amount}\nvat_basis: net\n"


def test_a_layout_gives_the_day_of_a_file_without_dates(publish: Publish) -> None:
    inputs = read(publish, NO_DATE, "paid_on: 2021-11-30", NO_DATE_COLUMNS)
    assert inputs.stops == []
    payments = inputs.frames["payments"]
    assert payments["paid_on"].dt.strftime("%Y-%m-%d").tolist() == ["2021-11-30"] * 2
    assert payments["amount_pence"].tolist() == [1000, 500]
    by_file = read(publish, NO_DATE, "paid_on: {ledger.csv: 2021-12-31}", NO_DATE_COLUMNS)
    assert by_file.frames["payments"]["paid_on"].dt.month.tolist() == [12, 12]
    other = read(publish, NO_DATE, "paid_on: {other.csv: 2021-12-31}", NO_DATE_COLUMNS)
    assert "the layout gives days for files, and none for ledger.csv" in stops(other)


def test_one_day_is_never_the_day_of_two_files(publish: Publish) -> None:
    files = {
        "a_dot_csv": NO_DATE,
        "b_dot_csv": NO_DATE.replace("Two", "Three"),
        "layout_dot_yaml": NO_DATE_COLUMNS + "paid_on: 2021-11-30\n",
    }
    inputs = read_inputs(publish(INPUTS.format("[a.csv, b.csv]"), **files))
    assert stops(inputs) == "the layout gives this file the same one day as a.csv"


def test_a_ledger_without_suppliers_says_so(publish: Publish) -> None:
    columns = "columns: {paid_on: Date, amount: Amount}\nvat_basis: net\n"
    assert "no column is taken as the supplier" in stops(read(publish, HEAD + ROWS, "", columns))
    assert read(publish, HEAD + ROWS, "suppliers: none", columns).stops == []


STARRED = HEAD.replace("Date", "When").replace("Supplier", "Who") + ROWS.replace("/11/", "/12/")
STARRED_COLUMNS = COLUMNS.replace("Date", "When").replace("Supplier", "Who")


def sheets(publish: Publish, tmp_path: Path, book: bytes, *layouts: str) -> Inputs:
    names = [f"layout{number}.yaml" for number, _ in enumerate(layouts)]
    inputs = f"  payments: ledger.xlsx\n  payments_layout: [{', '.join(names)}]\n"
    publication = publish(inputs)
    for name, text in zip(names, layouts, strict=True):
        (tmp_path / "params" / name).write_text(text, encoding="utf-8")
    (tmp_path / "params" / "ledger.xlsx").write_bytes(book)
    return read_inputs(publication)


def test_each_sheet_is_read_by_the_layout_that_fits_it(publish: Publish, tmp_path: Path) -> None:
    book = workbook(Nov=HEAD + ROWS, Dec=STARRED)
    both = sheets(publish, tmp_path, book, COLUMNS, STARRED_COLUMNS)
    assert both.stops == []
    assert both.frames["payments"]["amount_pence"].sum() == 2 * PENCE
    assert both.frames["payments"]["supplier_name"].tolist()[::28] == ["Firm 1", "Firm 1"]
    mixed = sheets(publish, tmp_path, book, COLUMNS, STARRED_COLUMNS.replace("net", "gross"))
    assert "amounts that include VAT" in stops(mixed)


def test_a_sheet_that_no_layout_reads_stops(publish: Publish, tmp_path: Path) -> None:
    book = workbook(Nov=HEAD + ROWS, Dec=STARRED)
    assert "sheet 'Dec' holds dates and" in stops(sheets(publish, tmp_path, book, COLUMNS))
    named = sheets(publish, tmp_path, book, COLUMNS + "sheets: [Nov, Dec]\n")
    assert "names sheet 'Dec', and no layout has all of its headings" in stops(named)
    left_out = sheets(publish, tmp_path, book, COLUMNS + "sheets: [Nov]\n")
    assert left_out.stops == []
    assert "sheet 'Dec' holds dates and amounts too, and is left out" in [
        finding.found for finding in left_out.findings if finding.severity == "warn"
    ]


def test_a_hidden_sheet_is_read_when_the_layout_names_it(publish: Publish, tmp_path: Path) -> None:
    book = workbook(hidden="Dec", Nov=HEAD + ROWS, Dec=HEAD + ROWS.replace("/11/", "/12/"))
    assert "sheet 'Dec' is hidden" in stops(sheets(publish, tmp_path, book, COLUMNS))
    for named, pence in (("[Nov]", PENCE), ("[Nov, Dec]", 2 * PENCE)):
        inputs = sheets(publish, tmp_path, book, f"{COLUMNS}sheets: {named}\n")
        assert inputs.stops == []
        assert inputs.frames["payments"]["amount_pence"].sum() == pence


def test_most_rows_set_aside_stop(publish: Publish) -> None:
    some = ROWS.replace("01/11/2021", "REDACTED")
    assert read(publish, HEAD + some).stops == []
    more = re.sub(r"\n0\d/11/2021", "\nREDACTED", some)
    assert "9 of 28 rows would be set aside" in stops(read(publish, HEAD + more))
    pounds = HEAD + ROWS + "REDACTED,Firm,5000.00\n"
    assert "1 of 29 rows would be set aside" in stops(read(publish, pounds))


def test_a_nil_return_is_a_note(publish: Publish) -> None:
    inputs = read_inputs(
        publish("  payments: ledger.csv\n", ledger_dot_csv=f"{HEAD}Nil return,,\n")
    )
    assert inputs.stops == []
    notes = [said.found for said in inputs.findings if said.severity == "note"]
    assert "a nil return, with no payments in this file" in notes
    assert inputs.controls.iloc[0].tolist()[:3] == ["ledger.csv", 1, 0]


def test_save_keeps_what_is_decided_and_writes_the_questions_to_answer(tmp_path: Path) -> None:
    ledger = tmp_path / "may.csv"
    text = FOREIGN + with_column("GBP", "EUR") + ",Grand Total,,1.00\n"
    ledger.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["layout", str(ledger), "--save", str(tmp_path)])
    assert "give 'inputs' this line" in result.stdout
    assert "  payments_layout: [layouts/payments.yaml]" in result.stdout
    assert "inputs:" not in result.stdout
    assert getattr(result.exception, "exit_code", 0) == 3
    saved = (tmp_path / "layouts" / "payments.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(saved)["columns"]["amount"] == "Amount"
    answered = re.sub(r"^#(currency:|accepted:|  may\.csv:|  - )", r"\1", saved, flags=re.MULTILINE)
    given = yaml.safe_load(answered)
    assert given["currency"] == "GBP"
    (words,) = given["accepted"]["may.csv"]
    assert "£1.00 looks like a total" in words


def test_every_answer_is_a_key_of_the_layout() -> None:
    for question, answer in ANSWERS.items():
        line = yaml.safe_load(answer.line)
        assert not answer.key or list(line) == [answer.key], question

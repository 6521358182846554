"""``svreport layout``: the list, the exit code, the saved mapping; and what intake does with a
ledger that has none.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.errors import InputError, ParameterError
from sv_lib.intake.ledger.description import describe
from sv_lib.intake.ledger.layout import read_layout
from sv_lib.intake.ledger.saving import save_layouts
from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import Publication

Publish = Callable[..., Publication]
LEDGER = "Date Paid,Net Amount,Supplier,Voucher No\n" + "".join(
    f"{day:02d}/11/2021,1.00,F,{day}\n" for day in range(1, 29)
)
KEYS = [
    "file",
    "encoding",
    "header_row",
    "columns",
    "confidence",
    "rows",
    "pence",
    "negative_rows",
    "redacted_rows",
    "undated_rows",
    "first_on",
    "last_on",
    "vat_basis",
    "excluded",
    "questions",
    "decided",
    "notes",
]
TOTALLED = LEDGER + ",28.00,,\n"


def layout(*arguments: object) -> tuple[list[dict[str, object]], BaseException | None]:
    result = CliRunner().invoke(app, ["layout", *map(str, arguments), "--json"])
    return json.loads(result.stdout), result.exception


def test_the_list_that_is_printed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TOTALLED, encoding="utf-8")
    (tmp_path / "b.csv").write_text(LEDGER.replace("Net Amount", "Thing"), encoding="utf-8")
    reports, fault = layout(tmp_path / "a.csv")
    assert fault is None
    assert list(reports[0]) == KEYS
    assert reports[0]["excluded"] == [
        {
            "row": 30,
            "reason": "a total: it equals the sum of the rows above, to the penny",
            "pence": 2800,
        }
    ]
    assert (reports[0]["rows"], reports[0]["first_on"], reports[0]["vat_basis"]) == (
        28,
        "2021-11-01",
        "net",
    )
    reports, fault = layout(tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "not-there.csv")
    assert isinstance(fault, InputError)
    assert [bool(report["questions"]) for report in reports] == [False, True, True]
    assert fault.exit_code == 3


def test_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TOTALLED, encoding="utf-8")
    said = CliRunner().invoke(app, ["layout", str(tmp_path / "a.csv")]).stdout
    assert "28 payments, £28.00, 2021-11-01 to 2021-11-28; 0 negative, 0 redacted" in said
    assert "row 30 left out (£28.00): a total" in said
    decided = (
        "header found on row 1; 1 row of £28.00 excluded: a total: it equals the sum of "
        "the rows above, to the penny"
    )
    assert decided in said


def test_a_saved_mapping_is_read_again_and_never_overwritten(tmp_path: Path) -> None:
    found = [
        describe(write(tmp_path, text))[1]
        for text in (LEDGER, LEDGER, LEDGER.replace("Net Amount", "Net Value"))
    ]
    layouts = [described for described in found if described]
    assert [path.name for path in save_layouts(layouts, tmp_path)] == [
        "payments.yaml",
        "payments-2.yaml",
    ]
    assert read_layout(tmp_path / "layouts" / "payments.yaml", "layout") == layouts[0][0]
    save_layouts(layouts, tmp_path / "2024.yaml")
    with pytest.raises(ParameterError, match="another mapping stands there"):
        save_layouts(layouts[2:], tmp_path)


def write(folder: Path, text: str) -> Path:
    path = folder / "ledger"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ledger_without_a_layout_is_guessed_when_that_is_certain(publish: Publish) -> None:
    inputs = read_inputs(
        publish("  payments: inputs/ledger.csv\n", inputs__ledger_dot_csv=TOTALLED)
    )
    assert inputs.stops == []
    assert inputs.controls.iloc[0].tolist() == [
        "inputs/ledger.csv",
        29,
        5600,
        28,
        2800,
        1,
        2800,
        0,
        0,
    ]
    assert "amount from 'Net Amount'" in inputs.findings[0].found
    assert inputs.frames["payments"]["payment_id"].tolist()[0] == "1"


def test_and_ends_in_a_question_when_it_is_not(publish: Publish) -> None:
    unclear = LEDGER.replace("Net Amount", "Thing")
    inputs = read_inputs(publish("  payments: inputs/ledger.csv\n", inputs__ledger_dot_csv=unclear))
    assert any("which column is the amount paid" in finding.found for finding in inputs.stops)


def test_a_series_whose_headings_change_needs_a_layout_for_each(publish: Publish) -> None:
    one = "columns: {paid_on: Date Paid, amount: Net Amount, supplier_name: Supplier}\n"
    one += "vat_basis: net\n"
    two = one.replace("Net Amount", "Value")
    lines = "  payments: inputs/ledger*.csv\n  payments_layout: {}\n"
    later = LEDGER.replace("Net Amount", "Value").replace("/11/", "/12/")
    files = {
        "inputs__ledger1_dot_csv": LEDGER,
        "inputs__ledger2_dot_csv": later,
        "a_dot_yaml": one,
        "b_dot_yaml": two,
    }
    inputs = read_inputs(publish(lines.format("[a.yaml, b.yaml]"), **files))
    assert (inputs.stops, len(inputs.frames["payments"])) == ([], 56)


AMOUNT_HEADINGS = (
    "Amount",
    "Net Amount",
    "Invoiced Value",
    "Amount (£)",
    "PAYMENT_AMOUNT",
    "Total paid",
)
DAY_HEADINGS = ("Date", "Payment Date", "Pay date", "Date paid", "GL Date", "PaidDate")
STYLES: tuple[Callable[[int], str], ...] = (
    lambda pence: f"{pence / 100:.2f}",
    lambda pence: f"£{pence / 100:,.2f}".replace("£-", "-£"),
    lambda pence: f"({-pence / 100:,.2f})" if pence < 0 else f" {pence / 100:,.2f} ",
    lambda pence: f"{-pence / 100:.2f}-" if pence < 0 else f"{pence / 100:.2f}",
    lambda pence: f"{-pence / 100:.2f} CR" if pence < 0 else f"{pence / 100:.2f}",
)
DAYS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d/%m/%y}",
    lambda day: f"{day:%d-%b-%Y}",
    lambda day: f"{day}",
    lambda day: f"{day} 00:00:00",
    lambda day: str((day - date(1899, 12, 30)).days),
)


@given(st.integers(0, 10**9), st.lists(st.integers(-(10**6), 10**9), min_size=12, max_size=40))
def test_any_layout_encoding_and_style_reads_back_to_the_same_pence(
    seed: int, amounts: list[int]
) -> None:
    pick = random.Random(seed)  # noqa: S311 no secret is made of it
    amounts = [abs(pence) if number % 3 else pence for number, pence in enumerate(amounts)]
    days = [date(2024, 4, pick.randint(1, 28)) for _ in amounts]
    style, written, delimiter = pick.choice(STYLES), pick.choice(DAYS), pick.choice(",;\t|")
    columns = {
        pick.choice(AMOUNT_HEADINGS): [style(pence) for pence in amounts],
        pick.choice(DAY_HEADINGS): [written(day) for day in days],
        "Supplier Name": [
            pick.choice(("Café, The", "Firm", "REDACTED", "O'Neil")) for _ in amounts
        ],
        "Cost Centre": [str(pick.randint(1000, 9999)) for _ in amounts],
        "Description": ["Things" for _ in amounts],
    }
    order = pick.sample(list(columns), len(columns))
    rows = [["A Council"], []] * pick.randint(0, 1) + [order]
    rows += [list(row) for row in zip(*(columns[heading] for heading in order), strict=True)]
    if pick.random() < 0.5:
        rows.append(
            [f"{sum(amounts) / 100:.2f}" if heading in AMOUNT_HEADINGS else "" for heading in order]
        )
    text = pick.choice(["\n", "\r\n"]).join(
        delimiter.join(f'"{cell}"' for cell in row) for row in rows
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger")
        path.write_bytes(text.encode(pick.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"])))
        report, _ = describe(path)
    doubtful = [asked for asked in report.questions if "most amounts are negative" not in asked]
    assert doubtful == []
    assert (report.rows, report.pence) == (len(amounts), sum(amounts))
    assert (report.first_on, report.last_on) == (str(min(days)), str(max(days)))


def test_a_column_that_comes_goes_or_is_renamed_after_saving_is_a_finding(
    publish: Publish, tmp_path: Path
) -> None:
    before, after = "Voucher No,Cost Centre", "Voucher No,Cost Centre Name,Costcuk"
    layout = describe(write(tmp_path, LEDGER.replace("Voucher No", before)))[1]
    assert layout is not None
    saved = save_layouts([layout], tmp_path)[0].read_text(encoding="utf-8")
    lines = "  payments: inputs/ledger.csv\n  payments_layout: a.yaml\n"
    changed = LEDGER.replace("Voucher No", after)
    inputs = read_inputs(publish(lines, inputs__ledger_dot_csv=changed, a_dot_yaml=saved))
    assert inputs.stops == []
    assert [finding.found for finding in inputs.findings if finding.row == 1] == [
        "a new column 'Cost Centre Name', perhaps 'Cost Centre' under another name",
        "a new column 'Costcuk'",
        "there is no column 'Cost Centre' any more",
    ]

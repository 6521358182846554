"""What intake hands on: every table typed, every row and penny accounted for, corrections
declared.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from sv_lib.intake.control_totals import CONTROLS, InputFile, control_total
from sv_lib.intake.input_files import locate
from sv_lib.intake.pipeline import read_inputs, require
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Publication, load

Publish = Callable[..., Publication]

LEDGER = """Paid,Amount,Supplier,No
02/11/2021,"£1,200.50",Firm One,S1
2021-11-03 00:00:00,(20.00),Redacted under the Act,S2
2021-11-04,483.96999999999997,Other,S3
soon,10.00,Other,S3
2021-11-05,REDACTED,Other,S3
2019-11-05,5,Other,S3
2022-07-01,7,Other,S3
,1691.47,,
"""
LAYOUT = """columns: {paid_on: Paid, amount: amount, supplier_name: Supplier, supplier_id: "No"}
redacted: [REDACTED]
vat_basis: net
"""


def test_every_table_is_there_and_typed(publish: Publish) -> None:
    inputs = read_inputs(publish())
    assert list(inputs.frames) == list(TABLES)
    assert "quotes" not in inputs.supplied
    for name, frame in inputs.frames.items():
        wanted = [
            *(column.frame_name for column in TABLES[name].columns),
            "source_file",
            "source_row",
        ]
        assert list(frame.columns) == wanted
        assert frame["source_row"].dtype == "int64"
        assert all(
            frame[c.frame_name].dtype == "int64"
            for c in TABLES[name].columns
            if c.kind == "pounds" and c.filled
        )
    payments = inputs.frames["payments"]
    assert payments["amount_pence"].tolist() == [120050, -2000, 30000]
    assert payments["is_card"].tolist() == ["no", "yes", "not known"]
    assert payments["supplier_id"].isna().tolist() == [False, False, True]
    assert payments["source_row"].tolist() == [2, 3, 4]
    assert inputs.frames["returns"]["quantity"].tolist() == [Decimal(6), Decimal("4.5")]
    assert inputs.frames["deprivation"]["residents"].isna().tolist() == [False, True]


def test_files_are_named_as_the_parameters_name_them(publish: Publish) -> None:
    publication = publish()
    inputs = read_inputs(publication)
    assert inputs.frames["returns"]["source_file"].unique().tolist() == ["inputs/returns.csv"]
    assert [(file.table, file.name, file.rows) for file in inputs.files][:2] == [
        ("payments", "inputs/payments.csv", 3),
        ("suppliers", "inputs/suppliers.csv", 2),
    ]
    assert locate(publication, "inputs/returns.csv").read_bytes().startswith(b"claim_id")


def test_a_ledger_through_its_layout(publish: Publish) -> None:
    lines = "  payments: inputs/ledger.csv\n  payments_layout: layout.yaml\n"
    inputs = read_inputs(publish(lines, inputs__ledger_dot_csv=LEDGER, layout_dot_yaml=LAYOUT))
    assert [stop.found for stop in inputs.stops] == [
        "row 9: £1,691.47 looks like a total, but the rows above it add up to £1,686.47; "
        "are rows missing, or is it a payment?",
        "3 of 8 rows would be set aside",
    ]
    used = inputs.frames["payments"]
    assert used["amount_pence"].tolist() == [120050, -2000, 48397, 500]
    assert used["paid_on"].dt.strftime("%Y-%m-%d").tolist() == [
        "2021-11-02",
        "2021-11-03",
        "2021-11-04",
        "2019-11-05",
    ]
    assert used["supplier_id"].dropna().tolist() == ["S1", "S3", "S3"]
    assert used["supplier_id"].isna().tolist() == [False, True, False, False]
    assert used["supplier_name"].tolist()[1] == "Redacted under the Act"
    assert used["payment_id"].isna().all()
    assert used["is_card"].tolist() == ["not known"] * 4
    line = inputs.controls.iloc[0].tolist()
    assert line == ["inputs/ledger.csv", 8, 337_794, 4, 166_947, 1, 700, 3, 170_147]


def test_net_and_gross_amounts_are_never_added_up(publish: Publish) -> None:
    lines = "  payments: [inputs/net.csv, inputs/gross.csv]\n"
    body = "02/11/2021,Firm One,{}.00\n03/11/2021,Firm Two,50.00\n"
    net = "Payment Date,Supplier Name,Net Amount\n" + body.format(100)
    gross = "Payment Date,Supplier Name,Gross Amount\n" + body.format(120)
    inputs = read_inputs(publish(lines, inputs__net_dot_csv=net, inputs__gross_dot_csv=gross))
    (stop,) = inputs.stops
    assert (stop.file, stop.problem) == ("inputs/gross.csv", "no total can be made of both")
    assert stop.found == "amounts that include VAT; those of inputs/net.csv do not"


NAMES_ALONE = """\
Payment Date,Supplier Name,Amount
02/11/2021,Firm One Ltd,100.00
03/11/2021,FIRM ONE  LTD,50.00
04/11/2021,Redacted personal data,25.00
05/11/2021,J Bloggs,10.00
06/11/2021,,5.00
"""


def test_a_ledger_without_numbers_knows_its_suppliers_by_name(publish: Publish) -> None:
    suppliers = "supplier_id,supplier_name,postcode,company_number,charity_number,size,is_vcse,is_sole_trader,"  # noqa: E501 text as a file or a script has it
    suppliers += (
        "is_minority_ethnic_led,pays_real_living_wage,first_paid_on\nS1,Firm One Ltd,,,,,,,,,\n"
    )
    lines = "  payments: inputs/ledger.csv\n  suppliers: inputs/suppliers.csv\n"
    inputs = read_inputs(
        publish(lines, inputs__ledger_dot_csv=NAMES_ALONE, inputs__suppliers_dot_csv=suppliers)
    )
    assert inputs.stops == []
    numbers = inputs.frames["payments"]["supplier_id"]
    assert numbers.tolist()[:2] == ["S1", "S1"]
    assert numbers.isna().tolist() == [False, False, True, False, True]
    assert re.fullmatch("NAME-[0-9a-f]{12}", numbers[3])
    assert not [finding for finding in inputs.findings if "bloggs" in str(finding).lower()]


def test_rows_and_pence_that_do_not_reconcile_are_an_error_of_ours() -> None:
    file = InputFile("payments", "f.csv", "", 2)
    rows = {"used": 1, "excluded": 1, "quarantined": 0}
    pence = {"used": 1, "excluded": 2, "quarantined": 0}
    assert tuple(control_total(file, rows, 3, pence)) == CONTROLS
    with pytest.raises(ValueError, match="rows"):
        control_total(file, {**rows, "excluded": 2}, 3, pence)
    with pytest.raises(ValueError, match="pence"):
        control_total(file, rows, 3, {**pence, "excluded": 0})


def test_a_declared_correction_is_applied_and_told(publish: Publish) -> None:
    correction = """- {table: returns, key: {claim_id: R2, contract_id: C1}, column: quantity, expected: "4.5",
   value: "5.4", why: figures transposed, who: Contracts officer, on: 2022-06-14}
"""  # noqa: E501 text as a file or a script has it
    inputs = read_inputs(
        publish(None, "corrections: corrections.yaml\n", corrections_dot_yaml=correction)
    )
    assert inputs.findings == ()
    assert inputs.frames["returns"]["quantity"].tolist() == [Decimal(6), Decimal("5.4")]
    applied = inputs.corrections.to_dict("records")
    assert [
        (row["key"], row["expected"], row["value"], row["file"], row["row"]) for row in applied
    ] == [("claim_id R2, contract_id C1", "4.5", "5.4", "inputs/returns.csv", 3)]
    assert [file.name for file in inputs.files if file.table == "corrections"] == [
        "corrections.yaml"
    ]


def test_a_corrected_cell_is_checked_like_any_other(publish: Publish) -> None:
    correction = """- {table: returns, key: {claim_id: R2}, column: state, expected: reported, value: done,
   why: it was, who: Contracts officer, on: 2022-06-14}
"""  # noqa: E501 text as a file or a script has it
    inputs = read_inputs(
        publish(None, "corrections: corrections.yaml\n", corrections_dot_yaml=correction)
    )
    assert [finding.found for finding in inputs.stops] == ["'done', for R2"]


@pytest.mark.parametrize("name", ["2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual"])
def test_the_demonstration_has_nothing_to_mend(name: str, root: Path) -> None:
    inputs = require(read_inputs(load(root / "params" / "rotherham-demo" / f"{name}.yaml")))
    assert [finding for finding in inputs.findings if finding.severity != "note"] == []
    assert inputs.supplied == frozenset(TABLES)
    begun = time.process_time()
    read_inputs(load(root / "params" / "rotherham-demo" / f"{name}.yaml"))
    assert time.process_time() - begun < 3


@pytest.mark.real_data
def test_devons_year_to_the_penny(
    root: Path, real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SV_REAL_DATA", str(real_data))
    begun = time.process_time()
    inputs = require(read_inputs(load(root / "params" / "devon" / "2024-25-annual.yaml")))
    assert time.process_time() - begun < 3
    sums = inputs.controls.drop(columns="file").sum()
    assert sums.tolist() == [141_524, 107_576_394_914, 141_524, 107_576_394_914, 0, 0, 0, 0]
    payments = inputs.frames["payments"]
    assert (len(inputs.files), len(payments), int(payments["amount_pence"].sum())) == (
        13,
        141_524,
        107_576_394_914,
    )
    assert int(payments["supplier_id"].isna().sum()) == 9_477
    assert (
        sum(int(finding.found.split(" ")[0].replace(",", "")) for finding in inputs.findings)
        == 9_408
    )
    first = payments.iloc[0]
    assert (first["source_row"], first["payment_id"], first["amount_pence"]) == (
        2,
        "ACHMH36500374",
        90_000,
    )
    assert (
        first["source_file"]
        == "${SV_REAL_DATA}/spend/devon/fy2024-25/DCCSpendingOver500_202404.csv.gz"
    )


def test_devon_without_its_files_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SV_REAL_DATA", raising=False)
    inputs = read_inputs(load(root / "params" / "devon" / "2024-25-annual.yaml"))
    assert [finding.found for finding in inputs.stops] == [
        "the environment variable SV_REAL_DATA is not set"
    ]
    monkeypatch.setenv("SV_REAL_DATA", str(root / "nowhere"))
    inputs = read_inputs(load(root / "params" / "devon" / "2024-25-annual.yaml"))
    assert [finding.found for finding in inputs.stops] == [
        "the environment variable SV_REAL_DATA names no folder"
    ]

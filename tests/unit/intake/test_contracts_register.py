"""A contracts register under the headings, and with the cells, that councils publish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import Publication

Publish = Callable[..., Publication]

HEADINGS = "Reference,Title,Supplier,Value,Award date,Start,End"


def read(publish: Publish, text: str) -> Inputs:
    return read_inputs(publish("  contracts_register: register.csv\n", register_dot_csv=text))


@pytest.mark.parametrize(
    "headings",
    [
        # The LGA's schema writes each heading as one word; others use underscores, or its words.
        "ReferenceNumber,TitleOfAgreement,SupplierName,SumToBePaidOverTheLengthOfContract,"
        "StartDate,EndDate,RegistrationNumber,DepartmentResponsible,CPVURI,SMEorVCSE",
        "reference_number,title_of_agreement,supplier_name,contract_value,"
        "start_date,end_date,company_number,department,cpv_code,sme_or_vcse",
        "referencenumber,titleofagreement,suppliername,totalcontractvalue,"
        "startdate,enddate,companynumber,departmentresponsible,cpvcode,smeorvcse",
        "Contract Ref No.,Contract Name,Awarded Supplier,Lifetime Value of Contract (£),"
        "Contract Commencement Date,Expiry Date,Companies House Number,Service Area,CPV,SME / VCSE",
    ],
)
def test_headings_may_be_joined_words(publish: Publish, headings: str) -> None:
    rows = "C1,Roofs,Alder Roofing Ltd,100000,01/04/2024,31/03/2026,1234567,Place,45261910,SME\n"
    above = "Contracts register,,,,,,,,,\nAs at 1 April 2024,,,,,,,,,\n"
    inputs = read(publish, f"{above}{headings}\n{rows}")
    assert inputs.stops == []
    contract = inputs.frames["contracts"].iloc[0]
    assert contract[
        ["contract_id", "supplier_id", "value_pence", "directorate", "category"]
    ].tolist() == ["C1", "GB-COH-01234567", 10000000, "Place", "construction"]
    days = contract[["starts_on", "ends_on"]]
    assert [f"{day:%Y-%m-%d}" for day in days] == ["2024-04-01", "2026-03-31"]
    supplier = inputs.frames["suppliers"].iloc[0]
    assert supplier[["is_sme", "is_vcse"]].tolist() == ["yes", "no"]


@pytest.mark.parametrize(
    ("cell", "pence"),
    [
        ("£1,200,000.00", 120000000),
        ("£ 200 000", 20000000),
        ("GBP 12,000.5", 1200050),
        ("300000 GBP", 30000000),
        ("£12,000 (ex. VAT)", 1200000),
        ("£12,000 + VAT", None),
        ("£12.000,50", None),
        ("1,20,000", None),
        ("£1.2m", None),
        ("Up to £50,000", None),
        ("12,000 - 15,000", None),
        ("€12,000", None),
        ("-500", None),
        ("12,000 inc VAT", None),
    ],
)
def test_a_value_is_one_amount_in_pounds_or_is_told(
    publish: Publish, cell: str, pence: int | None
) -> None:
    row = f'R1,Grounds,Digger Limited,"{cell}",05/01/2021,01/02/2021,31/01/2022\n'
    inputs = read(publish, f"{HEADINGS}\n{row}")
    told = [one for one in inputs.findings if one.id == "contracts.not_an_amount"]
    assert inputs.frames["contracts"]["value_pence"].tolist() == [pence] * (pence is not None)
    assert [(one.row, one.column, one.found) for one in told] == [(2, "value", f"'{cell}'")] * (
        pence is None
    )


def test_a_column_of_dates_with_the_month_first_stops(publish: Publish) -> None:
    rows = [
        f"R{at},Grounds,Digger Limited,9,05/01/2021,{day},31/12/2022"
        for at, day in enumerate(("02/03/2021", "03/31/2021", "05/04/2021"))
    ]
    (stop,) = read(publish, "\n".join([HEADINGS, *rows])).stops
    assert (stop.row, stop.column, stop.found) == (3, "starts_on", "'03/31/2021'")
    assert "read with day and month exchanged" in stop.problem
    # Beside days that can only be first, it is a slip of the pen.
    sure = "R9,Grounds,Digger Limited,9,05/01/2021,31/03/2021,31/12/2022"
    slip = read(publish, "\n".join([HEADINGS, *rows, sure]))
    assert slip.stops == []
    assert "'03/31/2021'" in [one.found for one in slip.findings if one.severity == "warn"]

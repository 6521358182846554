"""Contracts from notices and from a published register: an award counts once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sv_lib.intake.inputs import read_inputs
from sv_lib.intake.ocds import read_notices
from sv_lib.params import Publication, load

Publish = Callable[..., Publication]


def release(ocid: str, day: str, suppliers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A release with one award of Test Council."""
    award = {"id": "1", "status": "active", "date": "2021-01-05T00:00:00Z",
             "value": {"amount": 1000.01, "currency": "GBP"},
             "suppliers": [{key: s[key] for key in ("id", "name", "share") if key in s} for s in suppliers],
             "contractPeriod": {"startDate": "2021-02-01T00:00:00Z", "endDate": "2022-01-31T23:59:59Z"}}  # fmt: skip
    tender = {"title": f"Works &amp; more {day}", "classification": {"scheme": "CPV", "id": "45000000"},
              "items": [{"deliveryAddresses": [{"postalCode": "ZZ11AA"}]}]}  # fmt: skip
    return {
        "ocid": ocid,
        "date": f"{day}T10:00:00Z",
        "tag": ["award"],
        "tender": tender,
        "awards": [award],
        "buyer": {"name": "The Test Council"},
        "parties": [{**s, "roles": ["supplier"]} for s in suppliers],
        **more,
    }


ONE = {"id": "GB-COH-4142000", "name": "Digger Ltd", "address": {"streetAddress": "1 Road, ZZ1 1AB"},
       "details": {"scale": "large", "vcse": False}}  # fmt: skip
TWO = {"id": "GB-CFS-1", "name": "Firm Two", "details": {"vcse": True}}
NOTICES = "  suppliers: inputs/suppliers.csv\n  contracts_notices: notices.json\n"


def read(publish: Publish, *releases: dict[str, Any], key: str = "releases") -> Any:
    return read_inputs(publish(NOTICES, notices_dot_json=json.dumps({key: releases})))


def test_the_latest_release_counts_and_a_known_supplier_is_completed(publish: Publish) -> None:
    other = release("c", "2021-01-09", [ONE], buyer={"name": "North Test Council"})
    inputs = read(publish, release("a", "2021-01-07", [TWO]), release("a", "2021-01-06", [ONE]), other)
    assert inputs.stops == []
    contract = inputs.frames["contracts"].iloc[0]
    assert contract[["contract_id", "title", "supplier_id", "category", "value_pence", "source_row"]].tolist() == [
        "a-1", "Works & more 2021-01-07", "S2", "construction", 100001, 1,
    ]  # fmt: skip
    assert inputs.frames["suppliers"].iloc[1][["supplier_id", "is_vcse", "facts_from"]].tolist() == [
        "S2", "yes", "is_vcse from notices (notices.json), by name",
    ]  # fmt: skip
    lines = inputs.controls.set_index("file").loc[["notices.json"]]
    assert lines[["rows_in", "rows_used", "rows_excluded"]].to_numpy().tolist() == [[1, 0, 1], [3, 1, 2], [1, 1, 0]]


def test_several_suppliers_are_one_group_or_their_stated_shares(publish: Publish) -> None:
    group = read(publish, release("a", "2021-01-07", [ONE, TWO]))
    assert group.frames["contracts"]["value_pence"].tolist() == [100001]
    assert group.frames["contracts"]["supplier_id"].str.startswith("GROUP-").all()
    assert "Group: Digger Ltd; Firm Two" in group.frames["suppliers"]["supplier_name"].tolist()
    split = read(publish, release("a", "2021-01-07", [{**ONE, "share": 0.5}, {**TWO, "share": 0.5}]))
    assert split.frames["contracts"]["value_pence"].tolist() == [50001, 50000]
    assert split.frames["contracts"]["supplier_id"].tolist() == ["GB-COH-04142000", "S2"]


def test_records_and_numbers_and_addresses_in_free_text(publish: Publish) -> None:
    inputs = read(publish, {"compiledRelease": release("a", "2021-01-07", [ONE])}, key="records")
    supplier = inputs.frames["suppliers"].iloc[-1]
    assert supplier[["supplier_id", "postcode", "company_number", "size", "is_vcse"]].tolist() == [
        "GB-COH-04142000", "ZZ1 1AB", "04142000", "large", "no",
    ]  # fmt: skip
    assert inputs.frames["contract_places"]["place"].tolist() == ["not known"]


def test_an_award_without_a_value_is_set_aside(publish: Publish) -> None:
    bare = release("a", "2021-01-07", [ONE])
    bare["awards"][0]["value"]["amount"] = 0
    inputs = read(publish, bare)
    assert inputs.frames["contracts"].empty
    assert [f.problem for f in inputs.findings if f.severity == "warn"] == [
        "no value in it, so the contract is set aside"
    ]
    assert inputs.controls["rows_quarantined"].sum() == 1


def test_what_is_no_package_stops(publish: Publish) -> None:
    inputs = read_inputs(publish(NOTICES, notices_dot_json="{}"))
    assert [finding.found for finding in inputs.stops] == [
        "it is neither a release package, a record package nor a list of notices"
    ]


REGISTER = """Reference,Contract Title,Supplier,Company Number,VCSE,Contract Value,Start Date,End Date,CPV Code,Share
R1,Grounds,Digger Limited,4142000,N,"£12,000.50",01/02/2021,31/01/2022,77000000,
R2,Laptops,Firm Two;Firm Three,,,900,2021-02-01,2022-01-31,30200000,60%;40%
R3,Advice,Firm Four,,Y,,01/02/2021,,79000000,
"""


def test_a_register_in_the_codes_own_headings(publish: Publish) -> None:
    lines = "  suppliers: inputs/suppliers.csv\n  contracts_register: register.csv\n"
    inputs = read_inputs(publish(lines, register_dot_csv=REGISTER))
    assert inputs.stops == []
    assert inputs.frames["contracts"][["contract_id", "supplier_id", "value_pence"]].to_numpy().tolist() == [
        ["R1", "GB-COH-04142000", 1200050], ["R2/1", "S2", 54000], ["R2/2", "NAME-firm three", 36000],
    ]  # fmt: skip
    assert "no value and no end in it, so the contract is set aside" in [f.problem for f in inputs.findings]


def test_a_yearly_value_is_not_a_contracts_value(publish: Publish) -> None:
    text = REGISTER.replace("Contract Value", "Estimated annual value")
    inputs = read_inputs(publish("  contracts_register: register.csv\n", register_dot_csv=text))
    assert "no column for value" in [finding.found for finding in inputs.stops]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("council", "contracts", "suppliers"),
    [("North Yorkshire Council", 5, 5), ("City of Doncaster Council", 2, 2), ("Welland Procurement Unit", 3, 15)],
)
def test_a_page_of_contracts_finder(real_data: Path, root: Path, council: str, contracts: int, suppliers: int) -> None:
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council.model_copy(update={"name": council})
    name = "contracts_finder_ocds_release_package_2025-01.json"
    parts, _ = read_notices({name: real_data / "contracts" / name}, ours)
    found = {part.table: part for part in parts}
    assert (len(found["contracts"].frame), len(found["suppliers"].frame)) == (contracts, suppliers)
    assert found["contracts"].rows == 100


@pytest.mark.real_data
def test_flattened_notices_without_dates_of_work_are_set_aside_and_counted(real_data: Path, root: Path) -> None:
    name = "lancashire_cc.json"
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    ours = ours.model_copy(update={"name": "Lancashire County Council"})
    parts, found = read_notices({name: real_data / "contracts" / "lancashire_cf_notices" / name}, ours)
    assert [(part.table, part.rows, part.excluded, part.quarantined) for part in parts] == [("contracts", 91, 16, 75)]
    assert sum(finding.severity == "warn" for finding in found) == 75

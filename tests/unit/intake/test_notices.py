"""Contracts from notices and from a published register: an award counts once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sv_lib.intake.contracts.awards import CPV, category
from sv_lib.intake.contracts.buyers import is_council
from sv_lib.intake.contracts.notices import read_notices
from sv_lib.intake.pipeline import read_inputs
from sv_lib.intake.tables.dictionary import CATEGORIES
from sv_lib.params import Publication, load

Publish = Callable[..., Publication]


def release(ocid: str, day: str, suppliers: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A release with one award of Test Council."""
    award = {
        "id": "1",
        "status": "active",
        "date": "2021-01-05T00:00:00Z",
        "value": {"amount": 1000.01, "currency": "GBP"},
        "suppliers": [
            {key: s[key] for key in ("id", "name", "share") if key in s} for s in suppliers
        ],
        "contractPeriod": {"startDate": "2021-02-01T00:00:00Z", "endDate": "2022-01-31T23:59:59Z"},
    }
    tender = {
        "title": f"Works &amp; more {day}",
        "classification": {"scheme": "CPV", "id": "45000000"},
        "items": [{"deliveryAddresses": [{"postalCode": "ZZ11AA"}]}],
    }
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


ONE = {
    "id": "GB-COH-4142000",
    "name": "Digger Ltd",
    "address": {"streetAddress": "1 Road, ZZ1 1AB"},
    "details": {"scale": "large", "vcse": False},
}
TWO = {"id": "GB-CFS-1", "name": "Firm Two", "details": {"vcse": True}}
NOTICES = "  suppliers: inputs/suppliers.csv\n  contracts_notices: notices.json\n"


def read(publish: Publish, *releases: dict[str, Any], key: str = "releases") -> Any:
    return read_inputs(publish(NOTICES, notices_dot_json=json.dumps({key: releases})))


def test_the_latest_release_counts_and_a_known_supplier_is_completed(publish: Publish) -> None:
    other = release("c", "2021-01-09", [ONE], buyer={"name": "North Test Council"})
    inputs = read(
        publish, release("a", "2021-01-07", [TWO]), release("a", "2021-01-06", [ONE]), other
    )
    assert inputs.stops == []
    contract = inputs.frames["contracts"].iloc[0]
    assert contract[
        ["contract_id", "title", "supplier_id", "category", "value_pence", "source_row"]
    ].tolist() == ["a-1", "Works & more 2021-01-07", "S2", "construction", 100001, 1]
    assert inputs.frames["suppliers"].iloc[1][
        ["supplier_id", "is_vcse", "facts_from"]
    ].tolist() == ["S2", "yes", "is_vcse from notices (notices.json), by name"]
    lines = inputs.controls.set_index("file").loc[["notices.json"]]
    assert lines[["rows_in", "rows_used", "rows_excluded"]].to_numpy().tolist() == [
        [1, 0, 1],
        [3, 1, 2],
        [1, 1, 0],
    ]


def test_several_suppliers_are_one_group_or_their_stated_shares(publish: Publish) -> None:
    group = read(publish, release("a", "2021-01-07", [ONE, TWO]))
    assert group.frames["contracts"]["value_pence"].tolist() == [100001]
    assert group.frames["contracts"]["supplier_id"].str.startswith("GROUP-").all()
    assert "Group: Digger Ltd; Firm Two" in group.frames["suppliers"]["supplier_name"].tolist()
    split = read(
        publish, release("a", "2021-01-07", [{**ONE, "share": 0.5}, {**TWO, "share": 0.5}])
    )
    assert split.frames["contracts"]["value_pence"].tolist() == [50001, 50000]
    assert split.frames["contracts"]["supplier_id"].tolist() == ["GB-COH-04142000", "S2"]


def test_records_and_numbers_and_addresses_in_free_text(publish: Publish) -> None:
    inputs = read(publish, {"compiledRelease": release("a", "2021-01-07", [ONE])}, key="records")
    supplier = inputs.frames["suppliers"].iloc[-1]
    assert supplier[["supplier_id", "postcode", "company_number", "size", "is_vcse"]].tolist() == [
        "GB-COH-04142000",
        "ZZ1 1AB",
        "04142000",
        "large",
        "no",
    ]
    assert inputs.frames["contract_places"]["place"].tolist() == ["not known"]


def test_an_award_without_a_value_is_set_aside(publish: Publish) -> None:
    bare = release("a", "2021-01-07", [ONE])
    bare["awards"][0]["value"]["amount"] = 0
    inputs = read(publish, bare)
    assert inputs.frames["contracts"].empty
    assert [f.problem for f in inputs.findings if f.severity == "warn"] == [
        "no value, so they are set aside"
    ]
    assert inputs.controls["rows_quarantined"].sum() == 1


def test_dates_of_work_that_a_notice_leaves_out_are_not_known_but_nothing_may_fall_due(
    publish: Publish,
) -> None:
    bare = release("a", "2021-01-07", [ONE])
    del bare["awards"][0]["contractPeriod"]
    inputs = read(publish, bare)
    assert inputs.stops == []
    assert inputs.frames["contracts"][["starts_on", "ends_on"]].isna().all(axis=None)
    (warning,) = [finding for finding in inputs.findings if finding.severity == "warn"]
    assert (warning.found, warning.problem) == (
        "1 award, on row 1",
        "no day that the work starts and no day that it ends: 'date not known'; they count as "
        "let, never as running, ending or due",
    )
    promise = "commitment_id,contract_id,measure_ref,quantity,attribution,targeted_on,committed_on\nK1,a-1,NT10,1,1,,\n"  # noqa: E501 text as a file or a script has it
    lines = NOTICES + "  commitments: inputs/commitments.csv\n"
    files = {
        "notices_dot_json": json.dumps({"releases": [bare]}),
        "inputs__commitments_dot_csv": promise,
    }
    (stop,) = read_inputs(publish(lines, **files)).stops
    assert (stop.found, stop.remedy) == (
        "'a-1'",
        "enter the contract's dates in the council's register",
    )


@pytest.mark.parametrize(
    ("scale", "size", "is_sme"),
    [("sme", "", "yes"), ("small", "small", "yes"), ("large", "large", "no"), ("", "", "")],
)
def test_the_size_that_a_notice_tells_is_kept_with_its_source(
    publish: Publish, scale: str, size: str, is_sme: str
) -> None:
    told = {**ONE, "details": {"scale": scale} if scale else {}}
    supplier = read(publish, release("a", "2021-01-07", [told])).frames["suppliers"].iloc[-1]
    assert (supplier["size"] if size else pd.isna(supplier["size"]), supplier["is_sme"]) == (
        size or True,
        is_sme or "not known",
    )
    assert supplier["facts_from"] == "notices (notices.json)"


def test_a_page_that_is_not_here_is_missed_and_one_that_is_here_is_not(publish: Publish) -> None:
    first = {
        "uri": "https://x/?a=1",
        "links": {"next": "https://x/?a=1&cursor=b%3D"},
        "releases": [],
    }
    second = {"uri": "https://x/?a=1&cursor=b=", "releases": [release("a", "2021-01-07", [ONE])]}
    lines = "  suppliers: inputs/suppliers.csv\n  contracts_notices: page-*.json\n"
    alone = read_inputs(publish(lines, **{"page-1_dot_json": json.dumps(first)}))
    missing = "it is one page of several, and contracts on the others are missing"
    assert missing in [finding.problem for finding in alone.findings]
    both = read_inputs(publish(lines, **{"page-2_dot_json": json.dumps(second)}))
    assert missing not in [finding.problem for finding in both.findings]
    assert len(both.frames["contracts"]) == 1


def test_an_award_that_only_an_earlier_notice_has_counts_and_is_told(publish: Publish) -> None:
    later = release("ocds-h6vhtk-03ab1c", "2021-01-08", [ONE])
    later["awards"][0]["id"] = "2"
    inputs = read(publish, later, release("ocds-h6vhtk-03ab1c", "2021-01-07", [TWO]))
    contracts = inputs.frames["contracts"][["contract_id", "source_row"]]
    assert contracts.to_numpy().tolist() == [
        ["ocds-h6vhtk-03ab1c-1", 2],
        ["ocds-h6vhtk-03ab1c-2", 1],
    ]
    assert "ocds-h6vhtk-03ab1c: 1 award that only an earlier notice has, such as 1" in [
        finding.found for finding in inputs.findings
    ]


def contract(value: float | None = None, end: str = "2022-01-31", **more: Any) -> dict[str, Any]:
    """A contract of the award ``1``."""
    told = {"id": "1", "awardID": "1", "status": "active", "dateSigned": "2021-01-06", **more}
    if value is not None:
        told["value"] = {"amount": value, "currency": "GBP"}
    return {**told, "period": {"startDate": "2021-02-01", "endDate": end}}


def later(day: str, **told: Any) -> dict[str, Any]:
    """A release that tells no more than what has changed, of the process ``a``."""
    return {"ocid": "a", "date": f"{day}T10:00:00Z", **told}


def agreed(publish: Publish, *releases: dict[str, Any], **more: Any) -> list[tuple[Any, ...]]:
    """The id, pence and last day of each contract."""
    contracts = read(publish, *releases, **more).frames["contracts"]
    ends = contracts["ends_on"].dt.strftime("%Y-%m-%d")
    return list(zip(contracts["contract_id"], contracts["value_pence"], ends, strict=True))


AWARD = release("a", "2021-01-07", [ONE])
SIGNED = {**AWARD, "contracts": [contract(1000.01)]}
PENDING = {**AWARD, "awards": [{**AWARD["awards"][0], "status": "pending"}]}
AS_AWARDED = [("a-1", 100001, "2022-01-31")]


@pytest.mark.parametrize(
    ("releases", "expected"),
    [
        # An amendment that names the award and changes nothing.
        ([AWARD, later("2021-03-01", awards=[{"id": "1", "amendments": [{}]}])], AS_AWARDED),
        # It lowers the value, of the award or of the contract, and tells nothing else.
        (
            [AWARD, later("2021-03-01", awards=[{"id": "1", "value": {"amount": 800}}])],
            [("a-1", 80000, "2022-01-31")],
        ),
        (
            [SIGNED, later("2021-03-01", awards=[{"id": "1", "value": {"amount": 800}}])],
            [("a-1", 80000, "2022-01-31")],
        ),
        # A contract that was amended, in a release without awards; the award is repeated after it.
        (
            [SIGNED, later("2021-03-01", contracts=[contract(1300, "2023-01-31")])],
            [("a-1", 130000, "2023-01-31")],
        ),
        (
            [
                SIGNED,
                later("2021-03-01", contracts=[contract(1300, "2023-01-31")]),
                later("2021-04-01", awards=AWARD["awards"]),
            ],
            [("a-1", 130000, "2023-01-31")],
        ),
        # An award that waited, and whose contract was signed since, was cancelled, or waits too.
        ([PENDING], []),
        ([PENDING, later("2021-03-01", contracts=[contract(900)])], [("a-1", 90000, "2022-01-31")]),
        ([PENDING, later("2021-03-01", contracts=[contract(status="cancelled")])], []),
        ([PENDING, later("2021-03-01", contracts=[contract(status="pending")])], []),
        # An award that stood, and was taken back since; a contract that ended early was let.
        ([AWARD, later("2021-03-01", awards=[{"id": "1", "status": "cancelled"}])], []),
        ([AWARD, later("2021-03-01", awards=[{"id": "1", "status": "unsuccessful"}])], []),
        ([SIGNED, later("2021-03-01", contracts=[contract(status="cancelled")])], []),
        ([SIGNED, later("2021-03-01", contracts=[contract(status="terminated")])], AS_AWARDED),
        # Several contracts of an award are one contract of ours, but for those cancelled.
        (
            [
                {
                    **AWARD,
                    "contracts": [
                        contract(600),
                        contract(300, "2024-01-31", id="2"),
                        contract(50, "2029-01-31", id="3", status="cancelled"),
                    ],
                }
            ],
            [("a-1", 90000, "2024-01-31")],
        ),
        # The release of the award is in no file; its contract and supplier are told later.
        (
            [
                later(
                    "2021-03-01",
                    contracts=[contract(700)],
                    buyer=AWARD["buyer"],
                    parties=AWARD["parties"],
                )
            ],
            [("a-1", 70000, "2022-01-31")],
        ),
        # Two awards under one id of a release are two; the same award twice is one.
        (
            [
                {
                    **AWARD,
                    "awards": [
                        *AWARD["awards"] * 2,
                        {**AWARD["awards"][0], "value": {"amount": 2}},
                    ],
                }
            ],
            [*AS_AWARDED, ("a-1.2", 200, "2022-01-31")],
        ),
        # Lots that were awarded one after the other.
        (
            [AWARD, {**AWARD, "date": "2021-05-01", "awards": [{**AWARD["awards"][0], "id": "2"}]}],
            [*AS_AWARDED, ("a-2", 100001, "2022-01-31")],
        ),
    ],
)
def test_releases_of_one_process_are_merged_in_the_order_of_their_dates(
    publish: Publish, releases: list[dict[str, Any]], expected: list[tuple[Any, ...]]
) -> None:
    assert agreed(publish, *releases) == expected
    assert agreed(publish, *reversed(releases)) == expected
    assert agreed(publish, {"ocid": "a", "releases": releases}, key="records") == expected


def test_one_award_id_in_two_processes_is_two_contracts(publish: Publish) -> None:
    assert agreed(publish, AWARD, {**AWARD, "ocid": "b"}) == [
        *AS_AWARDED,
        ("b-1", 100001, "2022-01-31"),
    ]


def test_a_supplier_keeps_its_details_and_never_takes_those_of_another(publish: Publish) -> None:
    """Each release numbers its suppliers afresh, so the same number may be another firm."""
    told = {**ONE, "id": "7", "identifier": {"scheme": "GB-COH", "id": "04142000"}}
    first = release("a", "2021-01-07", [told])
    same = later("2021-02-01", awards=[{"id": "1", "suppliers": [{"id": "7"}]}])
    other = {"id": "7", "name": "Spade Ltd"}
    changed = later("2021-02-01", awards=[{"id": "1", "suppliers": [other]}])
    for release_, expected in ((same, "GB-COH-04142000"), (changed, "NAME-spade")):
        contracts = read(publish, first, release_).frames["contracts"]
        assert contracts["supplier_id"].tolist() == [expected]


@pytest.mark.parametrize(
    ("name", "buyer", "is_ours"),
    [
        ("Hackney Council", "London Borough of Hackney", True),
        ("Greenwich Council", "Royal Borough of Greenwich", True),
        ("Swansea Council", "City and County of Swansea", True),
        ("Gwynedd Council", "Cyngor Gwynedd", True),
        ("Gwynedd Council", "Cyngor Gwynedd / Gwynedd Council", True),
        ("Cardiff Council", "Cyngor Dinas Cardiff", True),
        ("Westminster City Council", "City of Westminster", True),
        ("Brighton and Hove City Council", "BRIGHTON & HOVE CITY COUNCIL", True),
        ("Bristol City Council", "BRISTOL CITY COUNCIL - PROCUREMENT", True),
        ("Hertfordshire County Council", "Hertfordshire County Council (Highways)", True),
        ("Testbury Borough Council", "Testbury Borough Council Environmental Services", True),
        ("Hackney Council", "London Borough of Hackney - Housing", True),
        ("Derby City Council", "Derbyshire County Council", False),
        ("Newcastle City Council", "Newcastle-under-Lyme Borough Council", False),
        ("Hull City Council", "Kingston upon Hull City Council", False),
        ("Testbury Council", "Testbury Council for Voluntary Service", False),
        ("Testbury Council", "Testbury Council Holdings Ltd", False),
        ("Testbury Council", "Builder Ltd on behalf of Testbury Council", False),
        ("Testbury Council", "Testbury Council and Otherton Council", False),
        ("Testbury Council", "Testbury Town Council", False),
        ("York Council", "York - Railway Museum", False),
        ("Testbury Council", "", False),
    ],
)
def test_a_buyer_that_is_the_council_under_another_form_of_its_name(
    root: Path, name: str, buyer: str, is_ours: bool
) -> None:
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    assert is_council(buyer, ours.model_copy(update={"name": name})) is is_ours


def test_a_name_that_council_yaml_gives_is_the_councils(root: Path) -> None:
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    named = {"name": "Hull City Council", "buyer_names": ("Kingston upon Hull City Council",)}
    assert is_council("KINGSTON UPON HULL CITY COUNCIL", ours.model_copy(update=named))


def test_where_no_notice_is_the_councils_the_nearest_buyers_are_named(publish: Publish) -> None:
    buyers = ("Tset City Council", "Ministry of Peace", "Harbour Trust")
    others = [release(name, "2021-01-07", [ONE], buyer={"name": name}) for name in buyers]
    (warning,) = [one for one in read(publish, *others).findings if one.severity == "warn"]
    assert warning.found == (
        "3 procurements with awards, none of Test Council; named most like it: Tset City Council"
    )
    assert "add its name to buyer_names in council.yaml" in warning.remedy


def test_a_buyer_that_is_named_after_the_council_is_asked_about(publish: Publish) -> None:
    agent = {"name": "Builder Ltd on behalf of Test Council"}
    findings = read(publish, AWARD, release("b", "2021-01-07", [ONE], buyer=agent)).findings
    (warning,) = [one for one in findings if one.severity == "warn"]
    assert (warning.found, warning.problem) == (
        "Builder Ltd on behalf of Test Council",
        "it may be another body, so its contracts (1 procurement) are not read",
    )


def test_a_contract_whose_buyer_changed_is_still_the_councils(publish: Publish) -> None:
    moved = later("2021-03-01", buyer={"name": "Otherton Council"})
    assert agreed(publish, AWARD, moved) == AS_AWARDED


def test_records_that_only_link_to_their_releases_are_told(publish: Publish) -> None:
    linked = {"ocid": "b", "releases": [{"url": "https://x/1", "date": "2021-01-07"}]}
    held = {"ocid": "a", "releases": [AWARD]}
    inputs = read(publish, held, linked, key="records")
    assert [one.found for one in inputs.findings if one.severity == "warn"] == [
        "1 record with links in place of releases"
    ]
    assert len(inputs.frames["contracts"]) == 1


def test_nothing_may_stand_where_a_list_should(publish: Publish) -> None:
    items = [{"deliveryAddresses": None, "additionalClassifications": None}]
    parties = [{**AWARD["parties"][0], "additionalIdentifiers": None}]
    empty = {**AWARD, "tender": {"title": "T", "items": items}, "parties": parties}
    assert agreed(publish, {**empty, "contracts": None}) == AS_AWARDED
    assert agreed(publish, AWARD, later("2021-03-01", awards=None, parties=None)) == AS_AWARDED


def test_a_buyer_may_stand_among_the_parties(publish: Publish) -> None:
    council = {"id": "9", "name": "Test Council", "roles": ["buyer"]}
    parties = [*AWARD["parties"], council]
    assert agreed(publish, {**AWARD, "buyer": {"id": "9"}, "parties": parties}) == AS_AWARDED


def test_find_a_tender_states_the_contract_apart_and_numbers_suppliers_by_register(
    publish: Publish,
) -> None:
    charity = {
        "id": "7",
        "name": "Helping Hands",
        "details": {"scale": "small", "vcse": True},
        "additionalIdentifiers": [{"scheme": "GB-SC", "id": "SC037750"}],
        "address": {"postalCode": "ZZ1 1AB"},
    }
    notice = release("ocds-h6vhtk-03ab1c", "2021-01-08", [charity])
    notice["tender"] = {
        "title": "Advice",
        "items": [{"additionalClassifications": [{"scheme": "CPV", "id": 85312310}]}],
    }
    notice["awards"][0] |= {"value": {}, "contractPeriod": {}, "date": None}
    notice["contracts"] = [
        {
            "awardID": "1",
            "dateSigned": "2021-03-01T00:00:00Z",
            "value": {"amount": 5000.5},
            "period": {"startDate": "2021-04-01", "endDate": "2022-03-31"},
        }
    ]
    inputs = read(publish, notice)
    contract = inputs.frames["contracts"].iloc[0]
    assert contract[["supplier_id", "category", "value_pence"]].tolist() == [
        "GB-CHC-SC037750",
        "social care",
        500050,
    ]
    assert [f"{contract[day]:%Y-%m-%d}" for day in ("awarded_on", "starts_on", "ends_on")] == [
        "2021-03-01",
        "2021-04-01",
        "2022-03-31",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("45233141-9", "construction"),
        ("http://data.europa.eu/cpv/cpv/85100000", "health and wellbeing"),
        ("3142500", "environment and waste"),
        ("15000000 45000000", "facilities and property"),
        ("ict", "ICT"),
        ("E90", ""),
        ("20000000", ""),
        ("", ""),
    ],
)
def test_the_category_of_a_cpv_code(kind: str, expected: str) -> None:
    assert category(kind) == expected


def test_every_division_of_the_vocabulary_is_in_one_category() -> None:
    """The 45 divisions of Regulation (EC) No 213/2008, Annex I."""
    divisions = (
        "03 09 14 15 16 18 19 22 24 30 31 32 33 34 35 37 38 39 41 42 43 44 45 48 50 51 "
        "55 60 63 64 65 66 70 71 72 73 "
        "75 76 77 79 80 85 90 92 98"
    )
    named = " ".join(CPV.values()).split()
    assert sorted(named) == sorted([*divisions.split(), "851"])
    assert set(CPV) <= set(CATEGORIES)


def test_what_is_no_package_stops(publish: Publish) -> None:
    inputs = read_inputs(publish(NOTICES, notices_dot_json="{}"))
    assert [finding.found for finding in inputs.stops] == [
        "it is neither a release package, a record package nor a list of notices"
    ]


REGISTER = """Reference,Contract Title,Supplier,Company Number,VCSE,Contract Value,Start Date,End Date,CPV Code,Share
R1,Grounds,Digger Limited,4142000,N,"£12,000.50",01/02/2021,31/01/2022,77000000,
R2,Laptops,Firm Two;Firm Three,,,900,2021-02-01,2022-01-31,30200000,60%;40%
R3,Advice,Firm Four,,Y,,01/02/2021,,79000000,
"""  # noqa: E501 text as a file or a script has it


def test_a_register_in_the_codes_own_headings(publish: Publish) -> None:
    lines = "  suppliers: inputs/suppliers.csv\n  contracts_register: register.csv\n"
    inputs = read_inputs(publish(lines, register_dot_csv=REGISTER))
    assert inputs.stops == []
    assert inputs.frames["contracts"][
        ["contract_id", "supplier_id", "value_pence"]
    ].to_numpy().tolist() == [
        ["R1", "GB-COH-04142000", 1200050],
        ["R2/1", "S2", 54000],
        ["R2/2", "NAME-firm three", 36000],
    ]
    said = {(finding.found, finding.problem) for finding in inputs.findings}
    assert ("1 award, on row 4", "no value, so they are set aside") in said
    assert (
        "3 contracts without a date of award, the first on row 2",
        "they count as awarded on the day that the work starts",
    ) in said


@pytest.mark.parametrize(
    ("heading", "cell", "is_sme", "is_vcse"),
    [
        ("VCSE", "Y", "", "yes"),
        ("VCSE", "N", "", "no"),
        ("SME", "Y", "yes", ""),
        ("SME or VCSE", "SME", "yes", "no"),
        ("SME or VCSE", "Both", "yes", "yes"),
        ("SME or VCSE", "neither", "no", "no"),
        ("SME or VCSE", "Y", "", ""),
        ("VCSE", "1140374", "", "yes"),
    ],
)
def test_the_flags_of_a_register(
    publish: Publish, heading: str, cell: str, is_sme: str, is_vcse: str
) -> None:
    text = f"Reference,Title,Supplier,Value,Award date,Start,End,{heading}\n"
    text += f"R1,Grounds,Digger Limited,9,05/01/2021,01/02/2021,TBC,{cell}\n"
    inputs = read_inputs(publish("  contracts_register: register.csv\n", register_dot_csv=text))
    supplier = inputs.frames["suppliers"].iloc[0]
    assert (supplier["is_sme"], supplier["is_vcse"]) == (
        is_sme or "not known",
        is_vcse or "not known",
    )
    assert ("'TBC'", "it is not a date, so it is not known") in {
        (f.found, f.problem) for f in inputs.findings
    }


def test_a_contract_that_stands_in_the_register_and_in_a_notice_is_asked_about(
    publish: Publish,
) -> None:
    notice = release("a", "2021-01-07", [{"id": "1", "name": "Firm Two"}])
    notice["awards"][0]["value"]["amount"] = 60000
    lines = NOTICES + "  contracts: inputs/contracts.csv\n"
    found = read_inputs(
        publish(lines, notices_dot_json=json.dumps({"releases": [notice]}))
    ).findings
    assert "a-1 and C2 of inputs/contracts.csv" in [
        finding.found for finding in found if finding.severity == "warn"
    ]


def test_a_yearly_value_is_not_a_contracts_value(publish: Publish) -> None:
    text = REGISTER.replace("Contract Value", "Estimated annual value")
    inputs = read_inputs(publish("  contracts_register: register.csv\n", register_dot_csv=text))
    assert "no column for value" in [finding.found for finding in inputs.stops]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("council", "contracts", "suppliers"),
    [
        ("North Yorkshire Council", 5, 5),
        ("City of Doncaster Council", 2, 2),
        ("Welland Procurement Unit", 3, 15),
        ("Merton Council", 3, 3),  # London Borough of Merton
        ("Hertfordshire County Council", 1, 1),  # ... - Children's Services
    ],
)
def test_a_page_of_contracts_finder(
    real_data: Path, root: Path, council: str, contracts: int, suppliers: int
) -> None:
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council.model_copy(
        update={"name": council}
    )
    name = "contracts_finder_ocds_release_package_2025-01.json"
    parts, _ = read_notices({name: real_data / "contracts" / name}, ours)
    found = {part.table: part for part in parts}
    assert (len(found["contracts"].frame), len(found["suppliers"].frame)) == (contracts, suppliers)
    assert found["contracts"].rows == 100


@pytest.mark.real_data
def test_flattened_notices_are_contracts_whose_dates_are_not_known(
    real_data: Path, root: Path
) -> None:
    name = "lancashire_cc.json"
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    ours = ours.model_copy(update={"name": "Lancashire County Council"})
    parts, found = read_notices(
        {name: real_data / "contracts" / "lancashire_cf_notices" / name}, ours
    )
    contracts = parts[0]
    assert (contracts.rows, len(contracts.frame), contracts.excluded, contracts.quarantined) == (
        91,
        69,
        16,
        6,
    )
    assert [
        (f.found.split(",")[0], f.problem.split(",")[0].split(":")[0])
        for f in found
        if f.severity == "warn"
    ] == [
        ("6 awards", "no value"),
        ("69 awards", "no day that the work starts and no day that it ends"),
    ]


@pytest.mark.real_data
def test_a_department_of_the_council_buys_for_the_council(real_data: Path, root: Path) -> None:
    name = "blackpool.json"
    ours = load(root / "params" / "rotherham" / "2026-mid-year.yaml").council
    ours = ours.model_copy(update={"name": "Blackpool Council"})
    path = real_data / "contracts" / "lancashire_cf_notices" / name
    parts, found = read_notices({name: path}, ours)
    assert (len(parts[0].frame), parts[0].excluded, parts[0].quarantined) == (83, 36, 34)
    (spellings,) = [one.found for one in found if one.id == "contracts.spellings"]
    assert "Blackpool Borough Council Trading Standards" in spellings

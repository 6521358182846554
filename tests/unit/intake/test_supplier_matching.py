"""Suppliers matched to registers: what is certain is taken, what is likely is for a person."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.intake.pipeline import read_inputs
from sv_lib.intake.suppliers.matching import (
    MATCH_COLUMNS,
    Matches,
    charity_number,
    company_number,
    match,
    name_key,
)
from sv_lib.intake.suppliers.public_registers import read_register
from sv_lib.params import Publication

Publish = Callable[..., Publication]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8677938", "08677938"),
        ("245717", "00245717"),
        ("SC14142", "SC014142"),
        ("oc 301540", "OC301540"),
        ("IP10002R", "IP10002R"),
        ("458577871", ""),
        ("N/A", ""),
        ("0", ""),
        ("GB", ""),
    ],
)
def test_the_zeros_of_a_company_number_come_back(text: str, number: str) -> None:
    assert company_number(text) == number


def test_a_charity_number_may_name_a_linked_charity() -> None:
    assert [charity_number(text) for text in ("216250", "1140374-2", "SC037750", "12")] == [
        "216250",
        "1140374",
        "SC037750",
        "",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The A. & B. Company Ltd", "A AND B CO LIMITED"),
        ("Barnardo&#039;s", "BARNARDO'S"),
        ("J9 Limited T/A Barriers Direct", "J9 LTD"),
        ("Café Zoë CIC", "cafe zoe Community Interest Company"),
        ("X Public Limited Company", "X plc"),
        ("Y Charitable Incorporated Organisation", "Y CIO"),
        ("Z Limited Liability Partnership", "Z LLP"),
    ],
)
def test_names_that_are_the_same_firm(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def suppliers(*names: str, number: str = "") -> pd.DataFrame:
    ids = [f"S{at}" for at, _ in enumerate(names, start=1)]
    return pd.DataFrame(
        {"supplier_id": ids, "supplier_name": names, "company_number": number, "charity_number": ""}
    )


def register(*names: str, former: str = "") -> pd.DataFrame:
    ids = [f"GB-COH-0000000{at}" for at, _ in enumerate(names, start=1)]
    frame = pd.DataFrame(
        {"found_id": ids, "found_name": names, "charity_number": "", "is_former": False}
    )
    frame["company_number"] = frame["found_id"].str.slice(7)
    if not former:
        return frame
    return pd.concat(
        [frame, frame.iloc[:1].assign(found_name=former, is_former=True)], ignore_index=True
    )


@pytest.mark.parametrize(
    ("name", "entries", "former", "why"),
    [
        ("Digger", ("DIGGER LIMITED",), "", "the same name, but another legal form or supplier"),
        ("Digger Ltd", ("DIGGER LIMITED", "The Digger Ltd."), "", "the same name as 2 entries"),
        ("Diggers North Ltd", ("DIGGER NORTH LIMITED",), "", "a name like it"),
        ("Digger Ltd", ("SPADE LIMITED",), "DIGGER LIMITED", "a former name"),
    ],
)
def test_what_is_less_than_certain_is_asked(
    name: str, entries: tuple[str, ...], former: str, why: str
) -> None:
    found = match(suppliers(name), register(*entries, former=former), {})
    assert (found.certain, found.open["why"].iloc[0]) == ({}, why)


def test_a_number_is_certain_whatever_the_name_and_a_decision_is_kept() -> None:
    entries = register("DIGGER LIMITED")
    assert match(suppliers("Spade", number="00000001"), entries, {}).certain == {
        "S1": ("GB-COH-00000001", "company number")
    }
    pair = ("S1", "GB-COH-00000001")
    assert match(suppliers("Digger"), entries, {pair: "accept"}).certain["S1"][0] == pair[1]
    refused = match(suppliers("Digger Ltd"), entries, {pair: "refuse"})
    assert (refused.certain, len(refused.open)) == ({}, 0)


COMPANIES = """CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,Accounts.AccountCategory
"FIRM ONE LIMITED","01234567","ZZ9 9ZZ","Private Limited Company","SMALL"
"FIRM TWO C.I.C.","07654321","ZZ1 1AC","Community Interest Company","MICRO ENTITY"
"""  # noqa: E501 text as a file or a script has it
LINES = "  suppliers: inputs/suppliers.csv\n  supplier_registers: companies.csv\n"


def test_a_register_fills_blanks_and_says_so_and_a_decision_is_used_again(publish: Publish) -> None:
    first = read_inputs(publish(LINES, companies_dot_csv=COMPANIES))
    assert first.stops == []
    one, two = first.frames["suppliers"].to_dict("records")
    assert (one["postcode"], one["size"], pd.isna(one["facts_from"])) == ("ZZ1 1AA", "small", True)
    assert (two["is_vcse"], first.supplier_matches["found_name"].tolist()) == (
        "not known",
        ["FIRM TWO C.I.C."],
    )
    asked = first.supplier_matches.assign(
        decision="accept", decided_by="Procurement officer", decided_on="2022-06-01"
    )
    lines = "  supplier_decisions: decided.csv\n"
    publication = publish_again(publish, lines, asked.to_csv(index=False))
    two = read_inputs(publication).frames["suppliers"].iloc[1]
    assert two[["is_vcse", "size", "company_number", "facts_from"]].tolist() == [
        "yes",
        "micro",
        "07654321",
        "company_number, size, is_vcse from companies.csv, by a person's decision",
    ]
    assert read_inputs(publication).supplier_matches.empty


CHARITY = {
    "registered_charity_number": 1140374,
    "linked_charity_number": 0,
    "charity_name": "FIRM TWO",
    "charity_registration_status": "Registered",
    "charity_contact_postcode": "ZZ1 1AD",
    "charity_company_registration_number": None,
    "charity_activities": 'Helps "all"',
}
EXTRACT = [
    {**CHARITY, "registered_charity_number": 1000001, "charity_registration_status": "Removed"},
    {**CHARITY, "linked_charity_number": 1, "charity_contact_postcode": "ZZ9 9ZZ"},
    CHARITY,
]


def as_json(folder: Path) -> None:
    text = "\ufeff[\n" + ",\n".join(json.dumps(entry) for entry in EXTRACT) + "\n]"
    with zipfile.ZipFile(folder / "charities", "w") as packed:
        packed.writestr("publicextract.charity.json", text)


def as_tabs(folder: Path) -> None:
    lines = [
        list(CHARITY),
        *(["" if cell is None else str(cell) for cell in entry.values()] for entry in EXTRACT),
    ]
    (folder / "charities").write_text(
        "\n".join("\t".join(line) for line in lines), encoding="utf-8"
    )


@pytest.mark.parametrize("write", [as_json, as_tabs])
def test_the_charity_commissions_extract_in_both_its_forms(
    publish: Publish, write: Callable[[Path], None]
) -> None:
    publication = publish("  suppliers: inputs/suppliers.csv\n  supplier_registers: charities\n")
    write(publication.path.parent)
    inputs = read_inputs(publication)
    assert inputs.stops == []
    two = inputs.frames["suppliers"].iloc[1]
    assert two[["charity_number", "is_vcse", "postcode", "facts_from"]].tolist() == [
        "1140374",
        "yes",
        "ZZ1 1AB",
        "charity_number, is_vcse from charities, by name",
    ]
    assert inputs.controls.set_index("file").loc[
        "charities", ["rows_in", "rows_used"]
    ].tolist() == [3, 1]


@pytest.mark.parametrize(
    "headings",
    [
        "RP Code,Company Number,Charity Number,Org ID",
        "Code,Companies House Number,Registered Charity Number,Comment",
        "code,companynumber,charity_registration_number,comment",
        "Code,Company Registration No.,Charity No.,Comment",
    ],
)
def test_a_list_of_linked_numbers_under_headings_with_spaces(
    publish: Publish, headings: str
) -> None:
    text = f"{headings}\n4758,01234567,1140374,GB-COH-01234567\nC0001,IP01234R,,\n"
    lines = "  suppliers: inputs/suppliers.csv\n  supplier_registers: linked.csv\n"
    inputs = read_inputs(publish(lines, linked_dot_csv=text))
    assert inputs.stops == []
    assert inputs.frames["suppliers"]["charity_number"].iloc[0] == "1140374"
    said = [one.found for one in inputs.findings if one.id == "suppliers.register_used"]
    assert said == ["1 of 2 entries are suppliers for certain"]


def test_an_extract_that_breaks_off_stops(publish: Publish) -> None:
    lines = "  suppliers: inputs/suppliers.csv\n  supplier_registers: cut.json\n"
    inputs = read_inputs(
        publish(lines, cut_dot_json="[" + json.dumps(CHARITY) + ', {"charity_name": "FI')
    )
    assert [stop.found for stop in inputs.stops] == [
        "it cannot be read (it breaks off within an entry)"
    ]


def test_where_the_list_and_a_register_differ_the_list_is_used_and_a_person_is_asked(
    publish: Publish,
) -> None:
    publication = publish(
        LINES, companies_dot_csv=COMPANIES.replace('"SMALL"', '"MEDIUM"').replace("01234567", "999")
    )
    path = publication.path.parent / "inputs" / "suppliers.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("01234567,,small", "07654321,,small"),
        encoding="utf-8",
    )
    inputs = read_inputs(publication)
    assert inputs.stops == []
    assert [
        (f.row, f.column, f.found) for f in inputs.findings if "says one thing" in f.problem
    ] == [
        (2, "size", "'small' for S1, and 'micro' in companies.csv"),
        (2, "is_vcse", "'no' for S1, and 'yes' in companies.csv"),
    ]
    assert inputs.frames["suppliers"].loc[0, ["size", "is_vcse"]].tolist() == ["small", "no"]


def publish_again(publish: Publish, lines: str, decided: str) -> Publication:
    """The same publication with a file of decisions."""
    return publish(LINES + lines, decided_dot_csv=decided)


def test_a_decision_is_signed_and_dated(publish: Publish) -> None:
    decided = (
        ",".join(MATCH_COLUMNS) + "\nS2,Firm Two,GB-COH-07654321,FIRM TWO C.I.C.,100,,accept,,\n"
    )
    lines = LINES + "  supplier_decisions: decided.csv\n"
    inputs = read_inputs(publish(lines, companies_dot_csv=COMPANIES, decided_dot_csv=decided))
    assert [finding.found for finding in inputs.stops] == ["'accept' by '' on ''"]


def test_suppliers_of_the_ledger_join_the_list(publish: Publish) -> None:
    lines = "  payments: inputs/payments.csv\n  supplier_registers: companies.csv\n"
    frame = read_inputs(publish(lines, companies_dot_csv=COMPANIES)).frames["suppliers"]
    assert frame[["supplier_id", "facts_from"]].to_numpy().tolist() == [
        ["S1", "the ledger"],
        ["S2", "the ledger"],
    ]


TRUTH = "calderdale_suppliers_with_ids_2021-04_2022-08_DERIVED.csv"
OTHERS = (
    "charity-company-numbers_with_names.csv",
    "mutual-companies.csv.gz",
    "federated-charities_south_yorkshire_named.csv",
)


def as_registered(name: str) -> str:
    """A ledger's name as Companies House writes it: capitals, the legal form in full, no trading
    name.
    """
    plain = re.sub(r"\s+T/A.*", "", name.upper()).strip()
    plain = re.sub(r"\bLTD\b\.?", "LIMITED", plain)
    return plain if re.search(r"\b(LIMITED|PLC|LLP)\b", plain) else f"{plain} LIMITED"


def score(found: Matches, truth: pd.Series) -> tuple[float, float]:
    """Precision and recall of the automatic matches, over the suppliers whose number the council
    published.
    """
    automatic = {
        supplier: entry for supplier, (entry, _) in found.certain.items() if supplier in truth.index
    }
    right = sum(entry == f"GB-COH-{truth[supplier]}" for supplier, entry in automatic.items())
    return right / len(automatic), right / len(truth)


@pytest.mark.real_data
def test_precision_and_recall_on_the_truth_of_calderdale(real_data: Path) -> None:
    """The register is the published numbers under names as registered, among 17,000 real entries of
    other firms.
    """
    folder = real_data / "registers"
    rows = pd.read_csv(folder / TRUTH, dtype="str", keep_default_na=False).drop_duplicates(
        "supplier_id"
    )
    ledger = rows[["supplier_id", "supplier_name"]].assign(
        company_number=rows["registered_company_number"].map(company_number), charity_number=""
    )
    hidden = ledger.assign(company_number="")
    truth = ledger[ledger["company_number"] != ""].set_index("supplier_id")["company_number"]
    known = ledger[ledger["company_number"] != ""].drop_duplicates("company_number")
    entries = known.assign(
        found_id="GB-COH-" + known["company_number"],
        found_name=known["supplier_name"].map(as_registered),
        is_former=False,
    )
    every = pd.concat(
        [entries, *(read_register(folder / name, name, hidden)[0] for name in OTHERS)],
        ignore_index=True,
    )
    for what, list_ in (("by number and name", ledger), ("by name alone", hidden)):
        precision, recall = score(match(list_, every, {}), truth)
        print(f"{what}: precision {precision:.3f}, recall {recall:.3f} of {len(truth)} suppliers")
        assert precision >= 0.99
        assert recall >= 0.90

"""The synthetic tables: the same each time, whole, of the right size, and of no real place or
firm.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from scripts.demo.__main__ import PHOTO
from scripts.demo.files import Row, csv_bytes
from scripts.demo.picture import street_lamps
from scripts.demo.places import make_places, read_wards
from scripts.demo.suppliers import make_suppliers, supplier_rows
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import load

PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")
AREAS = {"XR", "XS", "XY", "XE"}
MILLION = 1_000_000_00
Rows = dict[str, list[Row]]
Tables = dict[str, tuple[str, list[Row]]]
KEYS = {"payments": "payment_id", "commitments": "commitment_id", "returns": "claim_id"}


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def pence(rows: list[Row]) -> int:
    return sum(int(str(row["amount"])) for row in rows)


def test_the_committed_files_are_what_the_generator_makes(params: Path, tables: Tables) -> None:
    # Compared uncompressed: zlib may be built in ways that pack the same content into other bytes.
    different = [
        name
        for name, (table, rows) in tables.items()
        if content(params / "inputs" / name) != csv_bytes(table, rows)
    ]
    assert different == [], "run python -m scripts.demo and commit what it writes"


def test_the_committed_picture_is_what_the_generator_draws(params: Path) -> None:
    with (
        Image.open(params / "inputs" / PHOTO) as kept,
        Image.open(io.BytesIO(street_lamps())) as drawn,
    ):
        assert kept.convert("RGB").tobytes() == drawn.convert("RGB").tobytes()
    assert (params / "inputs" / PHOTO).stat().st_size < 30_000


def test_a_part_made_twice_is_the_same_bytes(params: Path) -> None:
    made = [
        csv_bytes("suppliers", supplier_rows(make_suppliers(make_places(read_wards(params)))))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert made[0] != csv_bytes("suppliers", [])


@pytest.mark.parametrize("publication", PUBLICATIONS)
def test_every_file_of_a_publication_has_the_headings_of_its_table(
    params: Path, publication: str
) -> None:
    inputs = load(params / f"{publication}.yaml").inputs
    for table in TABLES.keys() & inputs.keys():
        for path in inputs[table]:
            headings = content(params / path).decode("utf-8").split("\n", 1)[0].split(",")
            expected = [
                column.name
                for column in TABLES[table].columns
                # An optional column that no row fills is left out.
                if column.name in headings or not column.optional
            ]
            assert headings == expected, path


def test_the_inputs_stay_small(params: Path) -> None:
    assert (
        sum(path.stat().st_size for path in (params / "inputs").rglob("*") if path.is_file())
        < 8_000_000
    )


def test_every_link_finds_its_row(rows: Rows, params: Path) -> None:
    with (params / "inputs" / "stories.csv").open(encoding="utf-8", newline="") as file:
        everything: Rows = {**rows, "stories": list(csv.DictReader(file))}
    lost = [
        (name, row[column])
        for name, table in TABLES.items()
        for column, target in [*table.links, *EXTRA_LINKS.get(name, [])]
        for keys in [
            {str(row[target.partition(".")[2]]) for row in everything[target.partition(".")[0]]}
        ]
        for row in everything.get(name, [])
        if row.get(column) is not None and str(row[column]) not in keys
    ]
    assert lost == []


EXTRA_LINKS = {
    "payments": [
        ("supplier_id", "suppliers.supplier_id"),
        ("contract_id", "contracts.contract_id"),
    ],
    "contracts": [("predecessor_id", "contracts.contract_id")],
    "returns": [
        ("commitment_id", "commitments.commitment_id"),
        ("corrects_claim_id", "returns.claim_id"),
    ],
    "postcodes": [("lsoa_code", "deprivation.lsoa_code")],
}


def test_keys_that_must_be_unique_are(rows: Rows) -> None:
    for name, lines in rows.items():
        for column in TABLES[name].columns:
            if column.unique or column.name in {"payment_id", "claim_id"} - (
                {"claim_id"} if name == "beneficiaries" else set()
            ):
                values = [line[column.name] for line in lines]
                assert len(set(values)) == len(values), (name, column.name)


def test_no_postcode_and_no_number_could_be_real(rows: Rows) -> None:
    written = [
        str(row["postcode"])
        for name in ("postcodes", "suppliers", "supply_chain")
        for row in rows[name]
        if row["postcode"]
    ]
    assert {postcode[:2] for postcode in written} == AREAS
    for column in ("company_number", "charity_number"):
        assert {str(row[column])[:2] for row in rows["suppliers"] if row[column]} == {"ZZ"}
    names = [str(row["supplier_name"]).split()[0] for row in rows["suppliers"]]
    assert len(set(names)) == 4000, "each firm has an invented word of its own"


def test_small_areas_add_up_to_the_facts_of_their_ward(rows: Rows, params: Path) -> None:
    for ward in read_wards(params):
        own = [row for row in rows["deprivation"] if row["ward_code"] == ward.code]
        deciles = [int(str(row["imd_decile"])) for row in own]
        assert sum(int(str(row["residents"])) for row in own) == ward.residents
        assert (len(own), deciles.count(1), sum(decile <= 2 for decile in deciles)) == (
            ward.lsoas,
            ward.in_10pct,
            ward.in_20pct,
        )
    assert len(rows["deprivation"]) == 170
    assert sum(row["imd_decile"] == 1 for row in rows["deprivation"]) == 36


@pytest.mark.parametrize(
    ("year", "total", "local"), [("2020-21", 370, 52), ("2021-22", 392, 63), ("2022-23", 408, 77)]
)
def test_a_year_of_payments_is_of_the_published_scale(
    tables: Tables, rows: Rows, year: str, total: int, local: int
) -> None:
    lines = tables[f"payments-{year}.csv.gz"][1]
    borough = {row["postcode"] for row in rows["postcodes"] if row["lad_code"] == "E08000018"}
    firms = {row["supplier_id"] for row in rows["suppliers"] if row["postcode"] in borough}
    assert len(lines) == 60_000
    assert abs(pence(lines) - total * MILLION) < MILLION // 10
    assert (
        abs(pence([line for line in lines if line["supplier_id"] in firms]) - local * MILLION)
        < MILLION // 10
    )
    assert 0.55 < pence([line for line in lines if line["contract_id"]]) / pence(lines) < 0.60


def test_a_year_of_payments_has_the_shape_of_a_ledger(tables: Tables) -> None:
    lines = tables["payments-2021-22.csv.gz"][1]
    amounts = sorted(int(str(line["amount"])) for line in lines)
    redacted = [line for line in lines if line["supplier_name"] == "REDACTED"]
    assert len(redacted) == 2400
    assert {line["supplier_id"] for line in redacted} == {None}
    assert 0.015 < sum(amount < 0 for amount in amounts) / len(lines) < 0.025
    assert 0.10 < sum(line["is_card"] is True for line in lines) / len(lines) < 0.16
    assert amounts[30_000] < 500_00 < 500_000_00 < amounts[-1]
    assert sum(amounts[-600:]) > sum(amounts) // 4, (
        "one line in a hundred holds a quarter of the pounds"
    )


def test_the_register_holds_every_kind_of_contract(rows: Rows) -> None:
    contracts = rows["contracts"]
    values = [int(str(row["value"])) for row in contracts]
    assert 290 < len(contracts) < 330
    assert (min(values), max(values)) == (5_000_00, 30_000_000_00)
    assert {row["category"] for row in contracts} == set(TABLES["contracts"].columns[4].choices)
    for column in ("stopped_on", "predecessor_id", "was_extended", "kpi_rating", "project"):
        assert sum(bool(row.get(column)) for row in contracts) >= 8, column
    places = Counter(str(row["place"])[:1] for row in rows["contract_places"])
    assert set(places) == {"E", "b", "o", "n"}, "wards, borough-wide, outside, not known"


def test_suppliers_answer_about_their_owners_as_seldom_as_in_life(rows: Rows) -> None:
    suppliers = rows["suppliers"]
    answered = sum(row["is_minority_ethnic_led"] is not None for row in suppliers) / len(suppliers)
    assert 0.37 < answered < 0.43
    assert 0.03 < sum(row["postcode"] is None for row in suppliers) / len(suppliers) < 0.07

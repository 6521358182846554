"""Two councils from an empty folder to a report, by the commands of the guide and no YAML by hand.

The official files have the published shape and are written here: headings of other years, wards of
the whole country, a ward that changed its code. ``SV_REAL_DATA`` adds real payments and outlines.
"""

from __future__ import annotations

import csv
import shutil
import time
from pathlib import Path

import pytest
import xlsxwriter
from official_files import write_official_files
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.intake.suppliers.decisions import COLUMNS
from sv_lib.params import load

pytestmark = pytest.mark.slow
MOST_COMMANDS = 10


class Desk:
    """Somebody at a desk: types commands, each of which has to work, and counts them."""

    def __init__(self) -> None:
        self.typed: list[str] = []
        self.began = time.monotonic()

    def type(self, *words: object) -> str:
        line = [str(word) for word in words]
        self.typed.append(" ".join(["svreport", *line]))
        done = CliRunner().invoke(app, line)
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done.output


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """The official files, of two districts."""
    write_official_files(tmp_path / "downloads")
    return tmp_path / "downloads"


def figures_of(run: Path) -> dict[str, dict[str, str]]:
    with (run / "figures.csv").open(encoding="utf-8", newline="") as file:
        return {row["figure_id"]: row for row in csv.DictReader(file)}


def complete(worklist: Path, target: Path, postcodes: dict[str, str]) -> None:
    """Type postcodes into a worklist of suppliers, sign them, and save it."""
    rows = CalamineWorkbook.from_path(str(worklist)).get_sheet_by_index(0).to_python()
    at = {column.field: number for number, column in enumerate(COLUMNS)}
    with xlsxwriter.Workbook(str(target)) as book:
        sheet = book.add_worksheet("Suppliers")
        for number, row in enumerate(rows):
            if number and row[at["supplier_name"]] in postcodes:
                row[at["postcode"]] = postcodes[row[at["supplier_name"]]]
                row[at["is_sole_trader"]] = "no"
                row[at["decided_by"]] = "Procurement officer"
                row[at["decided_on"]] = "2025-05-01"
            sheet.write_row(number, 0, [str(cell) for cell in row])


def test_a_council_from_nothing_in_one_morning(tmp_path: Path, official: Path) -> None:
    desk = Desk()
    home = tmp_path / "anytown"
    out = tmp_path / "outputs"
    said = desk.type(
        *("init", home, "--lookup", official / "lookup.csv"),
        *("--boundaries", official / "wards.geojson", "--deprivation", official / "File_7.csv"),
        *("--postcodes", official / "postcodes.csv"),
        *("--payments", official / "spend.csv", "--council", "Anytown"),
        *("--name", "Anytown Council", "--yes", "--person-key", tmp_path / "key"),
    )
    assert "3 wards of Anytown" in said
    assert "Wales is E05990003 in other years" in said
    assert "How many councillors a ward has is in no file" in said
    assert "Ministry of Housing, Communities and Local Government" in said
    params = home / "2024-25-annual.yaml"
    council = load(params).council
    assert {ward.code: ward.residents for ward in council.wards} == {
        "E05990101": 1500,
        "E05990102": 1600,
        "E05990103": 1700,
    }
    assert council.own_districts == ("E08990019", "E08990011")
    assert "otherham" not in "".join(path.read_text() for path in home.glob("*.*"))
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0

    said = desk.type("check", params, "--output-dir", out)
    assert "Supplier list with postcodes" in said
    assert said.index("Supplier list with postcodes") < said.index("Stories, with consent")
    worklist = tmp_path / "suppliers.xlsx"
    said = desk.type("suppliers", params, "--output", worklist)
    assert "3 suppliers to match, paid £9,900.00 of £9,900.00" in said
    decided = home / "inputs" / "supplier_decisions" / "suppliers.xlsx"
    complete(worklist, decided, {"Mill Joinery Ltd": "AT1 1AA", "Castle Cleaning": "AT1 2AA"})

    said = desk.type("check", params, "--output-dir", out)
    assert "the supplier's ward, or that it is outside: not known then, 39.4% now." in said
    desk.type("run", params, "--reports", "annual", "--jobs", "1", "--output-dir", out)
    run = out / "anytown" / params.stem
    figures = figures_of(run)
    assert figures["spend.total.this"]["value"] == "990000"
    assert figures["spend.geography.anytown.this"]["value"] == "390000"
    assert figures["spend.geography.not-known.this"]["value"] == "600000"
    page = (run / "annual.html").read_text(encoding="utf-8")
    assert "Sections left out, because nothing was supplied for them yet" in page
    assert ">Stories</h2>" not in page
    assert ">Where the money goes</h2>" in page

    packed = tmp_path / "anytown.zip"
    assert "under" not in desk.type("pack", run, "--output", packed)
    said = desk.type("list", tmp_path, "--output-dir", out)
    assert "made" in said
    said = desk.type("new", home / "2025-26-annual.yaml", "--from", params)
    following = load(home / "2025-26-annual.yaml")
    assert following.file.previous == "2024-25-annual"
    assert (home / "inputs" / "2025-26-annual.xlsx").is_file()
    assert "All its files are there already" in said
    assert len(desk.typed) <= MOST_COMMANDS


def test_a_filled_sheet_of_the_workbook_is_its_table(tmp_path: Path) -> None:
    desk = Desk()
    home = tmp_path / "small"
    desk.type("init", home, "--council", "E08990011", "--name", "Small Council", "--yes")
    tables = home / "inputs" / "tables.xlsx"
    names = CalamineWorkbook.from_path(str(tables)).sheet_names
    assert {"suppliers", "contracts", "stories"} < set(names)
    assert "payments" not in names
    headings = CalamineWorkbook.from_path(str(tables)).get_sheet_by_name("events").to_python()[0]
    with xlsxwriter.Workbook(str(tables)) as book:
        for name in names:
            sheet = book.add_worksheet(name)
            if name == "events":
                sheet.write_row(0, 0, headings)
                filled = ["EV1", "2025-01-10", "Meet the buyer", "Chamber", "", "", "12", "Buyer"]
                sheet.write_row(1, 0, filled)
    params = next(home.glob("20*.yaml"))
    said = desk.type("check", params, "--output-dir", tmp_path)
    assert "inputs/tables.xlsx, events" in said
    assert "1 used" in said


@pytest.mark.real_data
def test_a_council_of_lancashire_with_its_published_notices(
    tmp_path: Path, real_data: Path
) -> None:
    """Contracts alone, of a council without wards: a report that says what is not known."""
    desk = Desk()
    home = tmp_path / "blackpool"
    named = ("--council", "E06000009", "--name", "Blackpool Council", "--starts", "2024-04-01")
    desk.type("init", home, *named, "--yes")
    notices = real_data / "contracts" / "lancashire_cf_notices" / "blackpool.json"
    shutil.copy(notices, home / "inputs" / "contracts_notices")
    params = home / "2024-25-annual.yaml"
    said = desk.type("check", params, "--output-dir", tmp_path)
    assert "117 of them awards of Blackpool Council" in " ".join(said.split())
    said = desk.type("run", params, "--jobs", "1", "--output-dir", tmp_path)
    assert "The briefing is not made" in said
    assert "Ward reports" not in said
    page = (tmp_path / "blackpool" / params.stem / "annual.html").read_text(encoding="utf-8")
    assert "Which contracts end soon is not known: it is known of no contract when it ends" in page
    assert "Blackpool Council firms" not in page
    assert len(desk.typed) == 3


@pytest.mark.real_data
def test_sheffield_with_its_published_payments(tmp_path: Path, real_data: Path) -> None:
    desk = Desk()
    home = tmp_path / "sheffield"
    payments = sorted((real_data / "spend" / "sheffield").glob("processed_2021-0[12]*"))
    options = [word for path in payments for word in ("--payments", path)]
    said = desk.type(
        *("init", home, "--yes", "--name", "Sheffield City Council"),
        *("--boundaries", real_data / "boundaries" / "ward_E08000039_sheffield.geojson"),
        *("--lookup", real_data / "imd" / "lookup_lsoa21_ward24_ltla24_south_yorkshire.csv"),
        *("--deprivation", real_data / "imd" / "File_7_IoD2025_south_yorkshire_RECONSTRUCTED.csv"),
        *options,
    )
    assert "28 wards of Sheffield" in said
    params = home / "2020-21-annual.yaml"
    assert load(params).council.own_districts == ("E08000039", "E08000019")
    said = desk.type("run", params, "--jobs", "1", "--output-dir", tmp_path)
    assert "Ward reports are not made: no contract or payment has a place yet" in said
    assert not (tmp_path / "sheffield" / params.stem / "wards").exists()
    page = (tmp_path / "sheffield" / params.stem / "annual.html").read_text(encoding="utf-8")
    assert "How much stayed local is not known" in page
    assert len(desk.typed) == 2

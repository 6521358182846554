"""One real run of the demonstration: every file of the run folder exists and agrees with every
other.

The figures are added up again here from the raw input files with the csv module and Decimal alone,
so that a fault in the package's own arithmetic would show.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from axe_rules import faults
from made_once import calculate, gather
from playwright.sync_api import Browser
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.params import load
from sv_lib.present.markup import text_of
from sv_lib.publish.files.data_tables import write_csv
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.run import runner

pytestmark = pytest.mark.slow
PARAMS = Path("params/rotherham-demo/2022-annual.yaml")
WARDS = ("E05012996", "E05013006")
REPORTS = ("annual", "methods", *(f"wards/{ward}" for ward in WARDS))
BANNER = "Demonstration: synthetic data"


@pytest.fixture(scope="module")
def run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the annual publication with two of its ward reports."""
    out = tmp_path_factory.mktemp("outputs")
    kinds = ["annual", "wards", "methods"]
    return runner.run([root / PARAMS], reports=kinds, wards=WARDS, jobs=2, output_dir=out)[0].folder


@pytest.fixture(scope="module")
def figures(run: Path) -> dict[str, dict[str, str]]:
    return {row["figure_id"]: row for row in read(run / "figures.csv")}


def read(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def words_of(pdf: Path) -> str:
    """The text of a PDF on one line."""
    said = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    return " ".join(said.split())


class Printed(HTMLParser):
    """Every figure of a page outside its fold-outs: id, exact value and the words a reader sees."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.open: list[str] | None = None
        self.folded = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.folded += tag == "details"
        # Numbers of rows and other amounts have a value and are no figures.
        if tag == "data" and "data-figure" in named and not self.folded:
            self.open = [named["data-figure"] or "", named["value"] or "", ""]

    def handle_data(self, data: str) -> None:
        if self.open is not None:
            self.open[2] += data

    def handle_endtag(self, tag: str) -> None:
        self.folded -= tag == "details"
        if tag == "data" and self.open is not None:
            self.found.append((self.open[0], self.open[1], self.open[2]))
            self.open = None


def test_every_file_of_the_run_folder_is_there(run: Path) -> None:
    wanted = [
        "index.html",
        "figures.csv",
        "claims.csv",
        "findings.csv",
        "control_totals.csv",
        "manifest.json",
    ]
    wanted += [f"{report}.{kind}" for report in REPORTS for kind in ("html", "pdf", "ipynb")]
    wanted += ["data/annual.ods", "data/annual.xlsx", "data/wards.csv"]
    assert [name for name in wanted if not (run / name).is_file()] == []


def test_the_manifest_holds_the_hash_of_every_file(run: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    listed = {entry["path"]: entry["sha256"] for entry in manifest["outputs"]}
    found = {str(path.relative_to(run)): path for path in run.rglob("*") if path.is_file()}
    assert listed == {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in found.items()
        if name != "manifest.json"
    }


@pytest.mark.parametrize("report", REPORTS)
def test_what_a_page_prints_is_what_the_ledger_holds(
    run: Path, figures: dict[str, dict[str, str]], report: str
) -> None:
    printed = Printed((run / f"{report}.html").read_text(encoding="utf-8")).found
    if report != "methods":
        assert len({figure_id for figure_id, _, _ in printed}) >= 15
    for figure_id, exact, _ in printed:
        assert exact == figures[figure_id]["value"], figure_id
        assert report in figures[figure_id]["reports"].split(";")


@pytest.mark.parametrize("report", REPORTS)
def test_the_pdf_says_what_the_page_says(run: Path, report: str) -> None:
    said = words_of(run / f"{report}.pdf")
    printed = Printed((run / f"{report}.html").read_text(encoding="utf-8")).found
    missing = {shown for _, _, shown in printed if " ".join(shown.split()) not in said}
    assert missing == set()


@pytest.mark.parametrize("report", REPORTS)
def test_every_page_of_every_report_says_that_the_data_is_synthetic(run: Path, report: str) -> None:
    with pikepdf.open(run / f"{report}.pdf") as pdf:
        pages = len(pdf.pages)
    for page in range(1, pages + 1):
        command = ["pdftotext", "-f", str(page), "-l", str(page), str(run / f"{report}.pdf"), "-"]
        assert (
            BANNER in subprocess.run(command, capture_output=True, text=True, check=True).stdout
        ), page
    assert BANNER in (run / f"{report}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("report", REPORTS)
def test_no_page_says_nan_none_or_a_path(run: Path, report: str) -> None:
    page = (run / f"{report}.html").read_text(encoding="utf-8")
    # The methods report prints code, which may say None.
    said = text_of(re.sub(r"<(style|pre)\b.*?</\1>", " ", page, flags=re.DOTALL))
    assert re.findall(r"\b(nan|NaN|NaT|None|<NA>|Traceback|/home/\S*|/tmp/\S*)(?=\W|$)", said) == []


@pytest.mark.parametrize("ward", WARDS)
def test_a_ward_report_is_two_pages(run: Path, ward: str) -> None:
    with pikepdf.open(run / f"wards/{ward}.pdf") as pdf:
        assert len(pdf.pages) == 2


def test_every_total_is_the_sum_of_its_rows(run: Path) -> None:
    """In the working papers, where no figure is hidden."""
    trail = pd.read_parquet(beside(run) / "trail.parquet")
    figures = {row["figure_id"]: row for row in read(beside(run) / "figures.csv")}
    sums = trail.groupby("figure_id", observed=True)["amount"].agg(["sum", "size"])
    assert len(sums) > 500
    for figure_id, (total, rows) in sums.iterrows():
        assert total == Decimal(figures[str(figure_id)]["value"]), figure_id
        assert rows == int(figures[str(figure_id)]["row_count"]), figure_id


def payments(root: Path) -> Iterator[tuple[dict[str, str], Decimal]]:
    for row in read(root / "params/rotherham-demo/inputs/payments-2021-22.csv.gz"):
        yield row, Decimal(row["amount"])


def test_spend_added_up_again_from_the_ledger(
    root: Path, figures: dict[str, dict[str, str]]
) -> None:
    inputs = root / "params/rotherham-demo/inputs"
    districts = {row["postcode"]: row["lad_code"] for row in read(inputs / "postcodes.csv")}
    suppliers = {row["supplier_id"]: row for row in read(inputs / "suppliers.csv")}
    total, local, vcse = Decimal(0), Decimal(0), Decimal(0)
    for row, amount in payments(root):
        supplier = suppliers.get(row["supplier_id"], {})
        total += amount
        local += amount if districts.get(supplier.get("postcode", "")) == "E08000018" else 0
        vcse += amount if supplier.get("is_vcse") == "yes" else 0
    assert Decimal(figures["spend.total.this"]["value"]) == total * 100
    assert Decimal(figures["spend.geography.rotherham.this"]["value"]) == local * 100
    assert Decimal(figures["spend.vcse.yes.this"]["value"]) == vcse * 100


def test_delivery_added_up_again_from_the_claims(
    root: Path, figures: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    """From the claims of the exempt build: the public one lists none on people, and its headline
    holds them all.
    """
    whole = load(root / PARAMS, "exempt")
    write_csv(calculate(whole, gather(whole)).tables["claims"], tmp_path / "claims.csv")
    delivered: dict[str, int] = defaultdict(int)
    for claim in read(tmp_path / "claims.csv"):
        counts = (
            claim["state"] != "rejected" and claim["is_blocked"] == "no" and claim["value_pence"]
        )
        if counts and "2021-12-01" <= claim["period_end"] <= "2022-11-30":
            product = (
                Decimal(claim["quantity"])
                * Decimal(claim["proxy"])
                * Decimal(claim["attribution"])
                * 100
            )
            assert abs(product - int(claim["value_pence"])) <= Decimal("0.5"), claim["claim_id"]
            delivered["all"] += int(claim["value_pence"])
            delivered[claim["state"]] += int(claim["value_pence"])
    assert delivered["all"] == int(figures["headline.delivered_value.this"]["value"])
    assert delivered["validated"] == int(figures["headline.validated_value.this"]["value"])


def test_the_two_planted_wards(figures: dict[str, dict[str, str]]) -> None:
    """Maltby East fell because one contract ran to plan and ended; Boston Castle rose by a firm
    from elsewhere.
    """
    maltby = {
        part: int(figures[f"bridge.spend.E05013006.{part}"]["value"])
        for part in ("new", "ended", "continuing")
    }
    assert maltby == {"new": 250_000_00, "ended": -900_000_00, "continuing": 210_000_00}
    assert int(figures["lens.spend.E05013006.place.before"]["value"]) == 1_720_000_00
    assert int(figures["lens.spend.E05013006.place"]["value"]) == 1_280_000_00
    assert int(figures["bridge.spend.E05012996.change"]["value"]) > 6_000_000_00


@pytest.mark.parametrize("lens", ["supplier", "place"])
def test_the_lenses_hold_every_penny(figures: dict[str, dict[str, str]], lens: str) -> None:
    parts = [
        row
        for name, row in figures.items()
        if re.fullmatch(rf"lens\.spend\.(?!wards)[A-Za-z0-9]+\.{lens}", name)
    ]
    assert len(parts) == 28
    assert sum(int(row["value"]) for row in parts) == int(figures["spend.total.this"]["value"])


def test_control_totals_account_for_every_row_and_penny(root: Path, run: Path) -> None:
    totals = {row["file"]: row for row in read(run / "control_totals.csv")}
    for row in totals.values():
        parts = ("used", "excluded", "quarantined")
        assert int(row["rows_in"]) == sum(int(row[f"rows_{part}"]) for part in parts), row["file"]
        if row["pence_in"]:
            assert int(row["pence_in"]) == sum(int(row[f"pence_{part}"] or 0) for part in parts), (
                row["file"]
            )
    raw = list(payments(root))
    line = totals["inputs/payments-2021-22.csv.gz"]
    assert (int(line["rows_in"]), int(line["pence_in"])) == (
        len(raw),
        sum(amount for _, amount in raw) * 100,
    )


def test_small_counts_are_hidden_in_every_file(
    run: Path, figures: dict[str, dict[str, str]]
) -> None:
    hidden = [name for name, row in figures.items() if row["display"] == "[c]"]
    assert any(name.startswith("lens.jobs.") for name in hidden)
    assert all(figures[name]["value"] == "" for name in hidden)
    told = {row["figure_id"] for row in read(beside(run) / "hidden.csv")}
    assert told >= set(hidden)
    assert list(run.rglob("*.parquet")) == []
    people = [
        row for name, row in figures.items() if re.fullmatch(r"lens\.jobs\.E\d+\.beneficiary", name)
    ]
    assert all(row["value"] in ("", "0") or int(row["value"]) >= 5 for row in people)


def test_trace_adds_a_figure_up_again(run: Path) -> None:
    shown = CliRunner().invoke(app, ["trace", str(run), "headline.delivery_rate.this"])
    assert shown.exit_code == 0
    assert "claimed so far, up to what was due of each commitment ÷ due so far" in shown.output
    assert shown.output.count(": agrees with the figure") == 2
    assert re.search(
        r"inputs/returns\.csv, row \d+: £[\d,.]+   [\d.]+ (FTE|weeks|GBP) x £", shown.output
    )


def test_trace_of_a_figure_that_is_not_there(run: Path) -> None:
    shown = CliRunner().invoke(app, ["trace", str(run), "headline.delivered"])
    assert shown.exception is not None
    assert "no figure of this run has that id" in str(shown.exception)


def test_nothing_changed_means_nothing_made_again(root: Path, run: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file()}
    kinds = ["annual", "wards", "methods"]
    outcome = runner.run([root / PARAMS], reports=kinds, wards=WARDS, output_dir=run.parent.parent)[
        0
    ]
    assert outcome.made == []
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*") if path.is_file()} == before


# At other widths axe looks over every kind of page in test_whole_run.py.
@pytest.mark.parametrize("page", ["index", *REPORTS])
def test_axe_finds_nothing_on_the_real_pages_and_they_fit(
    browser: Browser, run: Path, page: str
) -> None:
    opened = browser.new_page(viewport={"width": 320, "height": 900})
    opened.goto((run / f"{page}.html").as_uri())
    assert faults(opened) == ""
    for width in (320, 768, 1280):
        opened.set_viewport_size({"width": width, "height": 900})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.close()

"""A council that supplies its payments and nothing else gets its annual and methods reports."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
import yaml

from sv_lib.publish.run import runner

pytestmark = pytest.mark.slow
BASE = Path("tests/bad_inputs/base")
YEARS = {"this": 2022, "before": 2021}


@pytest.fixture(scope="module")
def run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a council without wards, suppliers, contracts and returns."""
    params = tmp_path_factory.mktemp("params") / "test"
    shutil.copytree(root / BASE, params)
    council = read(params / "council.yaml")
    del council["wards"]
    write(params / "council.yaml", council)
    publication = read(params / "publication.yaml")
    publication |= {
        "publication": "2022-annual",
        "kind": "annual",
        "reports": ["annual", "methods"],
    }
    for name, begins in (("social_value", "12-01"), ("spend", "04-01")):
        publication[name] = {span: a_year(begins, year) for span, year in YEARS.items()}
    publication["inputs"] = {"payments": "inputs/payments.csv"}
    path = params / "2022-annual.yaml"
    write(path, publication)
    (params / "publication.yaml").unlink()
    return runner.run([path], output_dir=tmp_path_factory.mktemp("outputs"))[0].folder


def a_year(begins: str, year: int) -> dict[str, str]:
    """The year of a calendar that begins on that day of the year before."""
    ends = {"12-01": "11-30", "04-01": "03-31"}[begins]
    return {"start": f"{year - 1}-{begins}", "end": f"{year}-{ends}"}


def read(path: Path) -> dict[str, object]:
    # Every scalar as text: the project reads days and numbers itself.
    found: dict[str, object] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 every scalar as text
    return found


def write(path: Path, content: dict[str, object]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


def test_what_was_paid_is_told_and_the_rest_is_not_known(run: Path) -> None:
    with (run / "figures.csv").open(encoding="utf-8", newline="") as file:
        figures = {row["figure_id"]: row for row in csv.DictReader(file)}
    assert figures["spend.total.this"]["display"] == "£1,181"
    assert figures["headline.delivered_value.this"]["value"] == ""
    page = (run / "annual.html").read_text(encoding="utf-8")
    assert "Which local firms were paid is not known" in page
    assert "Sections left out, because nothing was supplied for them yet" in page
    assert ">Stories</h2>" not in page
    assert ">From promise to delivery</h2>" not in page
    assert ">Where the money goes</h2>" in page


def test_nothing_stands_for_what_was_not_supplied(run: Path) -> None:
    with (run / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["figure_id"]: row for row in csv.DictReader(file)}
    noughts = {name for name, row in rows.items() if float(row["value"] or 1) == 0}
    assert all(name.startswith("spend.") for name in noughts)
    for name in ("annual", "methods"):
        page = (run / f"{name}.html").read_text(encoding="utf-8")
        # A figure of the payments that is nought, and the method's own made-up example, are true.
        page = re.sub(
            r'<li id="figure-([^"]+)">.*?</li>',
            lambda line: "" if line[1] in noughts else line[0],
            page,
        )
        page = re.sub(r'<table id="step-a-bridge-of-three-.*?</table>', "", page, flags=re.DOTALL)
        words = re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]+>", " ", page, flags=re.DOTALL)
        assert not re.findall(r"\b0 people|\b0 of 0\b|£0\b|[+−]£?0\b|\bNaN\b", words), name
        assert "Rotherham" not in words
        assert "No break in the series" not in words

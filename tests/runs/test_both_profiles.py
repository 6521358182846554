"""Both builds of one publication: nothing that the exempt one alone holds stands anywhere in the
public folder.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from sv_lib.publish.run import runner

pytestmark = pytest.mark.slow
BASE = Path("tests/bad_inputs/base")
WARD = "E05990001"
LEAST = 5
"""Digits of a hidden value, noughts at its end apart, that would not stand in a file by chance."""


@pytest.fixture(scope="module")
def builds(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The run folder of each profile, of the tiny council with a price that makes telling
    amounts.
    """
    params = tmp_path_factory.mktemp("params") / "test"
    shutil.copytree(root / BASE, params)
    text = (
        (params / "publication.yaml")
        .read_text(encoding="utf-8")
        .replace("[mid-year]", "[mid-year, wards, methods]")
    )
    (params / "publication.yaml").unlink()
    path = params / "2022-mid-year.yaml"
    path.write_text(
        text.replace("publication: mid-year", "publication: 2022-mid-year"), encoding="utf-8"
    )
    # A firm: what it was paid is no secret, nor what is left, which equals what another was paid.
    suppliers = params / "inputs" / "suppliers.csv"
    lines = suppliers.read_text(encoding="utf-8").splitlines()
    flag = lines[0].split(",").index("is_sole_trader")
    rows = [line.split(",") for line in lines]
    rows[2][flag] = "no"
    suppliers.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
    prices = params / "inputs" / "proxies.csv"
    prices.write_text(
        prices.read_text(encoding="utf-8").replace("weeks,200,", "weeks,217.37,"), encoding="utf-8"
    )
    out = tmp_path_factory.mktemp("outputs")
    made = {
        kind: runner.run([path], wards=[WARD], output_dir=out, profile=kind)
        for kind in ("public", "exempt")
    }
    return {kind: outcomes[0].folder for kind, outcomes in made.items()}


def tables(run: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of every CSV file of a run, by its path."""
    found = {}
    for path in sorted(run.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.relative_to(run).as_posix()] = list(csv.DictReader(file))
    return found


def hidden_values(builds: dict[str, Path]) -> dict[str, str]:
    """Every spelling of a hidden value with enough digits -> the figure."""
    whole, public = (
        {row["figure_id"]: row for row in tables(builds[kind])["figures.csv"]}
        for kind in ("exempt", "public")
    )
    # A promise of as many weeks comes to what a hidden claim does: it may be told.
    told = {row["value"] for row in public.values()}
    found = {}
    for name, row in whole.items():
        exact = row["value"].lstrip("-")
        if row["value"] not in told and len(exact.replace(".", "").strip("0")) >= LEAST:
            found[exact] = name
            if row["unit"] == "pence":
                pounds = f"{int(exact) // 100}.{int(exact) % 100:02}"
                found |= {pounds: name, f"{float(pounds):,.2f}": name}
    return found


def names_of_exempt(builds: dict[str, Path]) -> set[str]:
    """Ids and names, texts of at least two characters with a letter, that no table of the public
    build holds.
    """
    whole, public = (
        {
            row[column]
            for file in tables(builds[kind]).values()
            for row in file
            for column in row
            if named(column)
        }
        for kind in ("exempt", "public")
    )
    return {text for text in whole - public if len(text) > 1 and re.search("[A-Za-z]", text)}


def named(column: str) -> bool:
    return column.endswith(("_id", "_key", "title", "name", "story", "shares_with"))


def texts(path: Path) -> str:
    """All that a file says, by other means than the program's own search."""
    if path.suffix in (".xlsx", ".ods"):
        with zipfile.ZipFile(path) as package:
            return "\n".join(
                re.sub("<[^>]*>", " ", package.read(name).decode(errors="replace")) + name
                for name in package.namelist()
            )
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    if path.suffix == ".ipynb":
        return json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False).replace(
            "\\n", "\n"
        )
    return path.read_bytes().decode(errors="replace")


def test_something_is_hidden(builds: dict[str, Path]) -> None:
    assert {"179330", "1793.30", "1,793.30"} <= hidden_values(builds).keys()
    assert {"R1", "R2"} <= names_of_exempt(builds)


def test_the_search_finds_all_of_it_in_the_exempt_build(builds: dict[str, Path]) -> None:
    """The search would see what it looks for, in every kind of file."""
    seen = found_in(builds["exempt"], builds)
    assert {Path(name).suffix for name in seen} >= {
        ".csv",
        ".html",
        ".ipynb",
        ".ods",
        ".pdf",
        ".xlsx",
    }


def test_nothing_of_it_stands_in_the_public_build(builds: dict[str, Path]) -> None:
    assert found_in(builds["public"], builds) == {}


def found_in(run: Path, builds: dict[str, Path]) -> dict[str, list[str]]:
    """File -> hidden values and names in it."""
    wanted = sorted({*hidden_values(builds), *names_of_exempt(builds)}, key=len, reverse=True)
    whole = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w|\.\d)")
    files = [path for path in sorted(run.rglob("*")) if path.is_file()]
    found = {
        path.relative_to(run).as_posix(): sorted(set(whole.findall(texts(path)))) for path in files
    }
    return {name: held for name, held in found.items() if held}

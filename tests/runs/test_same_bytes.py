"""The same inputs give the same bytes on any machine; one penny, proxy or ward that moves is named
by verify.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import made_once
import pytest
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.errors import DifferenceError
from sv_lib.figures.calculation import calculate, gather
from sv_lib.figures.saved import Calculation
from sv_lib.params import load

pytestmark = pytest.mark.slow
PARAMS = "params/rotherham-demo/2022-mid-year.yaml"
WARD = "E05013006"
HERE = {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
ELSEWHERE = {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C"}


def run(root: Path, out: Path, jobs: int, settings: dict[str, str]) -> Path:
    """The publication with one ward report, by the command line, under other settings of the
    machine.
    """
    command = [
        sys.executable,
        "-m",
        "sv_lib",
        "run",
        PARAMS,
        "--reports",
        "mid-year",
        "--ward",
        WARD,
    ]
    command += ["--jobs", str(jobs), "--output-dir", str(out)]
    done = subprocess.run(
        command, cwd=root, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return out / "rotherham-demo" / "2022-mid-year"


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(root, tmp_path_factory.mktemp("here"), 1, HERE)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_another_folder_time_zone_locale_seed_and_number_of_processes_give_the_same_bytes(
    root: Path, made: Path, tmp_path: Path
) -> None:
    here, elsewhere = (
        contents(made),
        contents(run(root, tmp_path / "a deeper" / "folder", 2, ELSEWHERE)),
    )
    assert {name for name in here if here[name] != elsewhere.get(name)} - {"manifest.json"} == set()
    assert here.keys() == elsewhere.keys()
    manifests: list[dict[str, Any]] = [
        json.loads(side["manifest.json"]) for side in (here, elsewhere)
    ]
    for content in manifests:
        del content["code"]  # the state of the working copy, which a developer may change meanwhile
    assert manifests[0] == manifests[1]
    assert {"mid-year.pdf", f"wards/{WARD}.html", "data/mid-year.xlsx"} <= here.keys()


def shuffle(path: Path) -> None:
    """The rows of a CSV file, compressed or not, in another order."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    heading, *rows = csv.reader(text.splitlines(keepends=True))
    random.Random(7).shuffle(rows)  # noqa: S311 an order, not a secret
    lines = [
        ",".join(f'"{cell}"' if set(cell) & set(',"\n') else cell for cell in row)
        for row in (heading, *rows)
    ]
    new = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(new, mtime=0) if path.suffix == ".gz" else new)


def test_the_order_of_the_rows_moves_no_figure(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rotherham-demo"
    shutil.copytree(root / "params/rotherham-demo", folder)
    tables = (
        "returns",
        "commitments",
        "contracts",
        "contract_places",
        "suppliers",
        "milestones",
        "beneficiaries",
    )
    for path in (
        *folder.glob("inputs/payments*.gz"),
        *(folder / "inputs" / f"{table}.csv" for table in tables),
    ):
        before = path.read_bytes()
        shuffle(path)
        assert path.read_bytes() != before
    here = load(root / PARAMS, "exempt")
    there = load(folder / "2022-mid-year.yaml", "exempt")
    as_it_is = made_once.calculate(here, made_once.gather(here))
    assert values(as_it_is) == values(calculate(there, gather(there)))


def values(made: Calculation) -> dict[str, object]:
    return {figure.id: figure.value for figure in made.trail}


def test_verify_finds_a_run_the_same(made: Path) -> None:
    done = CliRunner().invoke(app, ["verify", str(made)])
    assert done.exit_code == 0, done.output
    kinds = {line.split()[0] for line in done.output.splitlines()}
    assert kinds == {"same", "note"}, done.output


def edit(path: Path, old: str, new: str) -> None:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    changed = text.replace(old, new).encode()
    path.write_bytes(gzip.compress(changed, mtime=0) if path.suffix == ".gz" else changed)


def test_verify_names_what_moved(root: Path, made: Path, tmp_path: Path) -> None:
    # Other kinds of change are tried on the small council, in test_publish_verify.py.
    name = "payments-2021-22.csv.gz"
    folder = tmp_path / "rotherham-demo"
    shutil.copytree(root / "params/rotherham-demo", folder)
    edit(folder / "inputs" / name, ",3314.78,", ",3314.79,")
    done = CliRunner().invoke(
        app, ["verify", str(made), "--params", str(folder / "2022-mid-year.yaml")]
    )
    assert isinstance(done.exception, DifferenceError)
    assert done.exception.exit_code == 6
    assert f"the first: inputs/{name}: changed" in str(done.exception)
    assert "1 row changed (row " in str(done.exception)
    lines = done.output.splitlines()
    assert any(line.startswith("DIFFERS  spend.total.this: ") for line in lines), done.output

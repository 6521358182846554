"""A run needs no network, keeps people's names to itself, and writes for its maker alone."""

from __future__ import annotations

import csv
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

pytestmark = pytest.mark.slow
BASE = Path(__file__).resolve().parents[1] / "bad_inputs" / "base"
SOLE, REDACTED, PRIVATE = "Barnaby Quillfeather", "Perpetua Oddsocks", "Cuthbert Wimpole"
"""People who do not exist: a sole trader, a payee whom the ledger should have redacted, one in an
evidence reason.
"""


@pytest.fixture(scope="module")
def run(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a run without a network, with people's names planted in its inputs."""
    place = tmp_path_factory.mktemp("alone")
    folder = place / "params"
    shutil.copytree(BASE, folder)
    plant(
        folder / "inputs/suppliers.csv",
        "supplier_id",
        "S2",
        supplier_name=SOLE,
        is_sole_trader="yes",
    )
    plant(
        folder / "inputs/payments.csv", "payment_id", "P2", supplier_id="", supplier_name=REDACTED
    )
    plant(
        folder / "inputs/returns.csv", "claim_id", "R2", attribution_reason=f"shared with {PRIVATE}"
    )
    command = [
        sys.executable,
        "-m",
        "sv_lib",
        "run",
        str(folder / "publication.yaml"),
        "--output-dir",
        str(place / "out"),
    ]
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        # Some containers do not give one, and nothing else takes the network away for certain.
        pytest.skip("did not run: no network namespace may be made here")
    done = subprocess.run([*alone, *command], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (place / "out/log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return place / "out"


def plant(path: Path, key: str, value: str, **cells: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= cells if row[key] == value else {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_run_needs_no_network(run: Path, record_property: Callable[[str, object], None]) -> None:
    assert (run / "test/mid-year/manifest.json").is_file()
    record_property("trust", "runs without a network")


def everything(path: Path) -> str:
    """All that a file says, whatever it is packed in."""
    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            return " ".join(
                package.read(name).decode("utf-8", "replace") for name in package.namelist()
            )
    if content.startswith(b"%PDF"):
        with pikepdf.open(path) as opened:
            streams = [
                item.read_bytes() for item in opened.objects if isinstance(item, pikepdf.Stream)
            ]
        words = subprocess.run(
            ["pdftotext", str(path), "-"], capture_output=True, check=True
        ).stdout
        content = b" ".join([words, *streams])
    if content.startswith(b"PAR1"):
        import pandas as pd

        return pd.read_parquet(path).to_csv()
    return content.decode("utf-8", "replace")


@pytest.mark.parametrize("name", [SOLE, REDACTED])
def test_no_person_is_named_in_anything_that_is_written(run: Path, name: str) -> None:
    files = [path for path in run.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [
        path.name for path in files if name.split()[1].lower() in everything(path).lower()
    ] == []


def test_a_reason_stands_in_the_claims_and_on_no_page(run: Path) -> None:
    """A claim's own words are kept for the auditor; no page, log or manifest repeats them."""
    shown = {
        path.name
        for path in run.rglob("*")
        if path.is_file() and PRIVATE.split()[1] in everything(path)
    }
    assert not {
        name
        for name in shown
        if name.endswith((".html", ".pdf", ".ipynb", ".txt", "manifest.json"))
    }


def test_what_is_written_is_for_its_maker_alone(run: Path) -> None:
    if os.name != "posix":
        # Windows keeps lists of who may do what, and has no such modes to look at.
        pytest.skip("did not run: there are no such permissions here")
    inside = [run / "test", *(run / "test").rglob("*"), run / ".cache"]
    assert [path.name for path in inside if stat.S_IMODE(path.stat().st_mode) & 0o077] == []

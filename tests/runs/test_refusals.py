"""What an analyst can mend is refused before a kernel starts: one message, the design's exit code,
nothing written.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A fault: a text in a file of the parameters folder replaced, the first time it stands
    there.
    """

    def make(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return make


def headings_only(folder: Path) -> None:
    path = folder / "inputs/returns.csv"
    path.write_text(path.read_text(encoding="utf-8").split("\n", 1)[0] + "\n", encoding="utf-8")


def without_file(folder: Path) -> None:
    (folder / "inputs/suppliers.csv").unlink()


PARAMETERS, STOPPED = 2, 3
FAULTS: dict[str, tuple[Callable[[Path], None], int, tuple[str, ...]]] = {
    "misspelt parameter": (
        edit("2022-mid-year.yaml", "data_as_at:", "data_as_of:"),
        PARAMETERS,
        ("'data_as_of' is not a parameter; did you mean 'data_as_at'?", "'data_as_at' is missing"),
    ),
    "duplicate key": (
        edit("2022-mid-year.yaml", "kind: mid-year", "kind: mid-year\nkind: annual"),
        PARAMETERS,
        ("key 'kind' stands on line",),
    ),
    "missing file": (without_file, STOPPED, ("inputs/suppliers.csv", "there is no such file")),
    "missing column": (
        edit("inputs/contracts.csv", "awarded_on", "award_date"),
        STOPPED,
        ("inputs/contracts.csv", "awarded_on"),
    ),
    "unknown measure": (
        edit("inputs/commitments.csv", ",NT10,", ",NT99,"),
        STOPPED,
        ("inputs/commitments.csv", "NT99"),
    ),
    "a ward code that is not one": (
        edit("inputs/contract_places.csv", "E05012996", "E05012999X"),
        STOPPED,
        ("inputs/contract_places.csv", "E05012999X"),
    ),
    "an empty returns file": (headings_only, STOPPED, ("inputs/returns.csv", "no returns")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_nothing_is_written(root: Path, tmp_path: Path, fault: str) -> None:
    make, code, words = FAULTS[fault]
    shutil.copytree(root / "params/rotherham-demo", tmp_path / "rotherham-demo")
    make(tmp_path / "rotherham-demo")
    command = [
        sys.executable,
        "-m",
        "sv_lib",
        "run",
        str(tmp_path / "rotherham-demo/2022-mid-year.yaml"),
    ]
    done = subprocess.run(
        [*command, "--output-dir", str(tmp_path / "outputs")],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert all(word in done.stderr for word in words), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "outputs").exists()


def test_a_ward_that_is_not_one_on_the_command_line(root: Path, tmp_path: Path) -> None:
    params = "params/rotherham-demo/2022-mid-year.yaml"
    command = [
        sys.executable,
        "-m",
        "sv_lib",
        "run",
        params,
        "--ward",
        "E05012969",
        "--output-dir",
        str(tmp_path / "o"),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == PARAMETERS
    assert "'E05012969' is not a ward" in done.stderr and "near it: E0501299" in done.stderr
    assert not (tmp_path / "o").exists()

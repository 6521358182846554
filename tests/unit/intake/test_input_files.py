"""Which files are read: what Excel lays beside them, a workbook in place of a CSV."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load

BASE = Path(__file__).parents[2] / "bad_inputs" / "base"


def base(folder: Path, old: str = "", new: str = "") -> Path:
    """The small council without faults; a line of its parameters replaced."""
    shutil.copytree(BASE, folder / "params")
    path = folder / "params" / "publication.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return path


def test_the_lock_of_an_open_workbook_is_passed_over(tmp_path: Path) -> None:
    path = base(tmp_path, "inputs/returns.csv", "inputs/*returns*")
    for lock in ("~$returns.csv", ".~lock.returns.csv#", "._returns.csv"):
        (path.parent / "inputs" / lock).write_bytes(b"analyst")
    inputs = read_inputs(load(path))
    assert inputs.findings == ()
    assert len(inputs.frames["returns"]) == 2


def test_a_workbook_in_place_of_a_csv_is_read_as_the_csv_was(tmp_path: Path) -> None:
    path = base(tmp_path)
    file = path.parent / "inputs" / "returns.csv"
    before = read_inputs(load(path)).frames["returns"]
    days = ["period_start", "period_end", "reported_on"]
    table = pd.read_csv(file, parse_dates=days)
    table.to_excel(file.with_suffix(".xlsx"), index=False, engine="xlsxwriter")
    file.unlink()
    (said,) = read_inputs(load(path)).findings
    assert said.remedy == "did you mean 'returns.xlsx'?"
    # Whatever it is called, its content decides.
    file.with_suffix(".xlsx").rename(file)
    inputs = read_inputs(load(path))
    assert inputs.findings == ()
    pd.testing.assert_frame_equal(inputs.frames["returns"], before)

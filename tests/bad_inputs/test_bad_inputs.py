"""Each folder is the files of ``base`` with one fault; its ``expected.txt`` holds every word that
intake says of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sv_lib.errors import InputError, ReportError
from sv_lib.intake.findings import in_words
from sv_lib.intake.pipeline import Inputs, read_inputs, require
from sv_lib.params import load

HERE = Path(__file__).parent
FAULTS = sorted(path.parent.name for path in HERE.glob("*/expected.txt"))


def read(folder: Path, fault: str = "") -> Inputs:
    """What intake makes of the base with the files of a fault laid over it."""
    shutil.copytree(HERE / "base", folder / "params")
    if fault:
        shutil.copytree(HERE / fault, folder / "params", dirs_exist_ok=True)
    # One fault is that the folder of published files is not named, whoever runs the tests.
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("SV_REAL_DATA", raising=False)
        return read_inputs(load(folder / "params" / "publication.yaml"))


def test_the_base_has_no_fault(tmp_path: Path) -> None:
    inputs = read(tmp_path)
    assert inputs.findings == ()
    assert require(inputs) is inputs


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_these_words_and_no_others(fault: str, tmp_path: Path) -> None:
    try:
        said = [
            f"{finding.severity}: {in_words(finding)}" for finding in read(tmp_path, fault).findings
        ]
    except ReportError as refusal:
        said = f"{type(refusal).__name__}: {refusal.found}".splitlines()
    assert said == (HERE / fault / "expected.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_explained_to_the_reader(fault: str, root: Path) -> None:
    assert f"`{fault}`" in (root / "docs" / "errors.md").read_text(encoding="utf-8")


def test_what_stops_a_run_is_told_all_at_once(tmp_path: Path) -> None:
    for fault in ("story-without-consent", "state-misspelt"):
        shutil.copytree(HERE / fault, tmp_path / "faults", dirs_exist_ok=True)
    shutil.copytree(HERE / "base", tmp_path / "params")
    shutil.copytree(tmp_path / "faults", tmp_path / "params", dirs_exist_ok=True)
    with pytest.raises(InputError, match="2 findings to mend first") as stopped:
        require(read_inputs(load(tmp_path / "params" / "publication.yaml")))
    assert "inputs/stories.csv, row 2, consent_on: blank, for T1" in str(stopped.value)
    assert "inputs/returns.csv, row 3, state: 'reprted', for R2" in str(stopped.value)
    assert stopped.value.exit_code == 3

"""Each folder is the files of ``base`` with one fault; its ``expected.txt`` holds every word that
intake says of it. Every finding of the catalogue is raised by one of them, or by a test that
``raised_by_tests.yaml`` names for it.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from sv_lib.errors import InputError, ReportError
from sv_lib.intake.findings import Finding, catalogue, in_words
from sv_lib.intake.pipeline import Inputs, read_inputs, require
from sv_lib.params import load
from sv_lib.strict_yaml import read_yaml

HERE = Path(__file__).parent
FAULTS = sorted(path.parent.name for path in HERE.glob("*/expected.txt"))
RAISED_BY_TESTS = read_yaml(HERE / "raised_by_tests.yaml")
"""Id -> a test that raises it, by frames or files that it makes. ``tests/conftest.py`` sees to it
that the test does.
"""


def read(folder: Path, fault: str = "") -> Inputs:
    """What intake makes of the base with the files of a fault laid over it."""
    shutil.copytree(HERE / "base", folder / "params")
    if fault:
        shutil.copytree(HERE / fault, folder / "params", dirs_exist_ok=True)
    # One fault is that the folder of published files is not named, whoever runs the tests.
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("SV_REAL_DATA", raising=False)
        return read_inputs(load(folder / "params" / "publication.yaml"))


@cache
def findings_of(fault: str) -> tuple[Finding, ...] | ReportError:
    """What is found in a bad input, or how it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return read(Path(folder), fault).findings
        except ReportError as refusal:
            return refusal


def test_the_base_has_no_fault(tmp_path: Path) -> None:
    inputs = read(tmp_path)
    assert inputs.findings == ()
    assert require(inputs) is inputs


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_these_words_and_no_others(fault: str) -> None:
    found = findings_of(fault)
    if isinstance(found, ReportError):
        said = f"{type(found).__name__}: {found.found}".splitlines()
    else:
        said = [f"{finding.severity}: {in_words(finding)}" for finding in found]
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


def test_every_finding_is_raised_by_a_bad_input() -> None:
    found = [one for one in map(findings_of, FAULTS) if not isinstance(one, ReportError)]
    raised_by_files = {finding.id for findings in found for finding in findings}
    assert "" not in raised_by_files
    assert set(catalogue()) - raised_by_files - set(RAISED_BY_TESTS) == set()


@pytest.mark.parametrize("finding_id", sorted(RAISED_BY_TESTS))
def test_a_test_that_raises_a_finding_is_there(finding_id: str, root: Path) -> None:
    assert finding_id in catalogue()
    path, _, name = RAISED_BY_TESTS[finding_id].partition("::")
    function = name.partition("[")[0]
    assert f"def {function}(" in (root / path).read_text(encoding="utf-8")

"""Every finding of the catalogue is raised: by a bad input, or by a test that is named for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_inputs import FAULTS, read

from sv_lib.errors import ReportError
from sv_lib.intake.findings import catalogue
from sv_lib.strict_yaml import read_yaml

RAISED_BY_TESTS = read_yaml(Path(__file__).with_name("raised_by_tests.yaml"))
"""Id -> a test that raises it, by frames or files that it makes. ``tests/conftest.py`` sees to it
that the test does.
"""


@pytest.fixture(scope="module")
def raised_by_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The ids that the bad inputs of this folder raise."""
    raised = set()
    for fault in FAULTS:
        try:
            findings = read(tmp_path_factory.mktemp(fault), fault).findings
        except ReportError:
            continue
        raised |= {finding.id for finding in findings}
    return raised


def test_every_finding_is_raised_by_a_bad_input(raised_by_files: set[str]) -> None:
    raised = raised_by_files | set(RAISED_BY_TESTS)
    assert set(catalogue()) - raised == set()


def test_every_bad_input_finds_its_words_in_the_catalogue(raised_by_files: set[str]) -> None:
    assert "" not in raised_by_files


@pytest.mark.parametrize("finding_id", sorted(RAISED_BY_TESTS))
def test_a_test_that_raises_a_finding_is_there(finding_id: str, root: Path) -> None:
    assert finding_id in catalogue()
    path, _, name = RAISED_BY_TESTS[finding_id].partition("::")
    function = name.partition("[")[0]
    assert f"def {function}(" in (root / path).read_text(encoding="utf-8")

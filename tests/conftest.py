"""What all tests share: the published files of real councils, and hypothesis that gives the same
cases each time.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_once
import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from vera_pdf import DID_NOT_RUN

from sv_lib.intake.findings import Finding
from sv_lib.publish.run import assembly
from sv_lib.strict_yaml import read_yaml

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.setdefault("SV_REAL_DATA", str(ROOT.parent / "shared" / "data")))
RAISED_BY_TESTS = read_yaml(ROOT / "tests" / "bad_inputs" / "raised_by_tests.yaml")
CHROMIUM = Path("/usr/bin/chromium")
NOT_HERE = "did not run: the folder of published files is not here (name it in SV_REAL_DATA)"

# As in a run (``environment.settle``): to look for rubbish every 700 objects takes a tenth of the
# time of the tests.
gc.set_threshold(50_000, 20, 50)
settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of published files; a test that asks for it does not run where there is none."""
    if not REAL_DATA.is_dir():
        # Published files are never committed: whoever has them says where they are.
        pytest.skip(NOT_HERE)
    return REAL_DATA


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    where = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
    with sync_playwright() as started:
        opened = started.chromium.launch(
            args=["--no-sandbox", "--disable-gpu", "--disable-quic"], **where
        )
        yield opened
        opened.close()


@pytest.fixture(autouse=True, scope="session")
def _runs_share_their_calculations() -> Iterator[None]:
    """A run in this process; one by the command line calculates for itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "calculate", made_once.calculate)
        yield


@pytest.fixture(autouse=True)
def _raises_what_it_is_named_for(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that ``raised_by_tests.yaml`` names for a finding has to make that finding."""
    wanted = {name for name, test in RAISED_BY_TESTS.items() if test == request.node.nodeid}
    if not wanted:
        yield
        return
    raised = set()
    make = Finding.__init__

    def make_and_note(finding: Finding, *values: Any, **named: Any) -> None:
        make(finding, *values, **named)
        raised.add(finding.id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Finding, "__init__", make_and_note)
        yield
    assert wanted <= raised


def pytest_configure(config: pytest.Config) -> None:
    """Begin what tests share. The processes that this one starts to run tests inherit it."""
    if made_once.FOLDER not in os.environ:
        made_once.begin()
        config.add_cleanup(made_once.end)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``real_data`` do not run, and say so, where the published files are not here."""
    if not REAL_DATA.is_dir():
        for item in items:
            if item.get_closest_marker("real_data"):
                # As above; the last lines of the run count them.
                item.add_marker(pytest.mark.skip(reason=NOT_HERE))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly, before the closing line, how many tests on published files did not run."""
    missed = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if NOT_HERE in str(report.longrepr)
    ]
    if missed:
        terminalreporter.write_line(f"{len(missed)} tests on real files {NOT_HERE}")
    said = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for reason in sorted(
        {text[text.index(DID_NOT_RUN) :].strip("')") for text in said if DID_NOT_RUN in text}
    ):
        terminalreporter.write_line(f"{reason}; the PDFs were checked by pikepdf alone")

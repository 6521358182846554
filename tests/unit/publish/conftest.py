"""A tiny council with real inputs, three small notebooks, and workers that are not processes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest
from made_once import calculate
from small_notebook import PDF, notebook
from twice import twice as twice

from sv_lib.figures.saved import Calculation
from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import Publication, load
from sv_lib.present.markup import figure as printed
from sv_lib.publish.page import own_cells
from sv_lib.publish.run import assembly, runner, workers
from sv_lib.publish.run.report_task import Failed, Made, ReportTask

BASE = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"
OPEN = (
    "from sv_lib.present.report import open_report\nreport = open_report(params_file, "
    "calculation{ward})"
)
SHOW = (
    "from sv_lib.present.markup import Html, heading, paragraph\n"
    "heading(1, report.publication.file.title) + paragraph(report.say('spend.total.this'))"
)


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    """A folder of small notebooks that open the calculation and print one figure."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("main", "methods"):
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook(OPEN.format(ward=""), SHOW)))
    of_ward = notebook(
        OPEN.format(ward=", ward"),
        SHOW,
        parameters='params_file = ""\ncalculation = ""\nward = "E05990001"',
    )
    (folder / "ward.ipynb").write_text(json.dumps(of_ward))
    return folder


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """A publication's parameter file with everything that it needs beside it."""
    folder = tmp_path / "params" / "test"
    shutil.copytree(BASE, folder)
    text = (
        (folder / "publication.yaml")
        .read_text(encoding="utf-8")
        .replace("[mid-year]", "[mid-year, wards, methods]")
    )
    (folder / "publication.yaml").unlink()
    path = folder / "2022-mid-year.yaml"
    path.write_text(
        text.replace("publication: mid-year", "publication: 2022-mid-year"), encoding="utf-8"
    )
    return path


@pytest.fixture
def publication(params: Path) -> Publication:
    return load(params)


@pytest.fixture(scope="session")
def calculation() -> Calculation:
    """The calculation of the tiny council, made once."""
    tiny = load(BASE / "publication.yaml", "exempt")
    return calculate(tiny, read_inputs(tiny))


class AtOnce(workers.Workers):
    """Makes a report, in this process, when it is asked to."""

    def submit(self, task: ReportTask) -> Future[Made | Failed]:
        done: Future[Made | Failed] = Future()
        done.set_result(workers.make(task))
        return done

    def begin(self) -> None:
        """Nothing to load beforehand: this process has everything."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, calculation: Calculation) -> dict[str, Made | Failed]:
    """No kernels: every report is a stand-in page that prints one figure.

    Put an answer here to have that instead.
    """
    answers: dict[str, Made | Failed] = {}
    figure = calculation.trail["spend.total.this"]
    page = f"<h1>x</h1>{printed(figure)}"

    def stand_in(task: ReportTask) -> Made | Failed:
        return answers.get(task.name) or Made(task.name, b"{}", page.encode(), PDF, 2, ())

    @contextmanager
    def at_once(*_: object) -> Iterator[workers.Workers]:
        yield AtOnce()

    for name in ("main", "methods", "ward"):
        # The stand-ins have no cells, and are no edit of the council's.
        monkeypatch.setitem(own_cells.STANDARD, name, ())
    monkeypatch.setattr(workers, "make", stand_in)
    monkeypatch.setattr(workers, "as_completed", iter)
    monkeypatch.setattr(assembly, "calculate", lambda *_: calculation)
    monkeypatch.setattr(runner, "local_workers", at_once)
    return answers

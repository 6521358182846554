"""Cells run in a report's process show what a real kernel shows, fail as it fails, and leave
nothing behind.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError
from small_notebook import notebook

from sv_lib.errors import NotebookError
from sv_lib.figures.saved import Calculation
from sv_lib.publish.page.notebook import normalise
from sv_lib.publish.run import engine
from sv_lib.publish.run.workers import LocalWorkers, local_workers

SHOWS = (
    "class Shown:\n    def _repr_html_(self):\n        return '<p>shown</p>'\nShown()",
    "import sys\nprint('one'); print('two', file=sys.stderr); print('three')\n_ = 5",
    "from IPython.display import HTML, clear_output, "
    "display\ndisplay(HTML('<b>x</b>'), metadata={'a': {}})\n2 + 2",
    "print('gone'); clear_output(); h = display('first', display_id='d'); h.update('second')",
    "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n0', format='png')",
    "import warnings; warnings.warn('take care')",
    "%precision 3\n1 / 3",
    "In[2], _i, __name__, __import__('sys').stdout.isatty()",
    "None",
)
BREAKS = ("1 / 0", "def broken(:", "raise SystemExit(3)")


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalWorkers]:
    """Processes with the libraries loaded; none of their answers is this process's."""
    with local_workers(1) as found:
        yield found


def executed(given: tuple[Path, tuple[str, ...], str, int | None]) -> Any:
    """The notebook of some cells, run; where it fails, the error's words and the notebook as it was
    kept.
    """
    folder, cells, kind, seconds = given
    os.environ["IPYTHONDIR"] = str(folder)
    source, kept = folder / "n.ipynb", folder / "kept.ipynb"
    source.write_text(json.dumps(notebook(*cells)), encoding="utf-8")
    options = {
        "engine_name": kind,
        "kernel_name": "python3",
        "cwd": folder,
        "execution_timeout": seconds,
        "record_timing": False,
    }
    try:
        return papermill.execute_notebook(
            str(source), str(kept), progress_bar=False, log_output=False, **options
        )
    except PapermillExecutionError as fault:
        return (
            fault.exec_count,
            fault.ename,
            fault.evalue,
            fault.traceback,
            nbformat.read(kept, as_version=4),
        )


class Running:
    """Runs cells, each time in a process of its own."""

    def __init__(self, workers: LocalWorkers, folder: Path) -> None:
        self.workers, self.folder = workers, folder

    def run(self, *cells: str, kind: str = engine.IN_PROCESS, seconds: int | None = None) -> Any:
        return self.workers.share(executed, [(self.folder, cells, kind, seconds)])[0]


@pytest.fixture
def cells(workers: LocalWorkers, tmp_path: Path) -> Running:
    return Running(workers, tmp_path)


def plain(node: Any) -> Any:
    """A notebook without times and paths of its run."""
    node.metadata.pop("papermill")
    for cell in node.cells:
        cell.metadata.pop("papermill", None)
        cell.pop("id", None)
    return node


@pytest.mark.slow
def test_it_shows_what_a_real_kernel_shows(cells: Running) -> None:
    ours, theirs = (
        plain(cells.run(*SHOWS, kind=kind)) for kind in (engine.IN_PROCESS, engine.REAL)
    )
    for one, other in zip(ours.cells, theirs.cells, strict=True):
        assert same(json.dumps(one, sort_keys=True)) == same(json.dumps(other, sort_keys=True))
    assert ours.metadata == theirs.metadata
    assert ours.cells[1].outputs[0].data["text/html"] == "<p>shown</p>"


def same(text: str) -> str:
    """Words without what is a process's own: addresses in memory, and the file name that it gives a
    cell.
    """
    return re.sub(r"[^\"' ]*ipykernel_\d+/\d+\.py|0x[0-9a-f]+", "its own", text)


@pytest.mark.slow
@pytest.mark.parametrize("cell", BREAKS)
def test_it_fails_as_a_real_kernel_fails(cells: Running, cell: str) -> None:
    ours, theirs = (
        cells.run("1", cell, "print('not reached')", kind=kind)
        for kind in (engine.IN_PROCESS, engine.REAL)
    )
    assert ours[:3] == theirs[:3]
    assert same("".join(ours[3])) == same("".join(theirs[3]))
    assert [c.get("execution_count") for c in ours[4].cells] == [
        c.get("execution_count") for c in theirs[4].cells
    ]
    assert ours[4].cells[-1].outputs == []


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["import os; os.kill(os.getpid(), 9)", "import os; os._exit(0)"])
def test_a_killed_cell_ends_its_own_process_alone(cells: Running, cell: str) -> None:
    with pytest.raises(NotebookError, match="a worker process was ended"):
        cells.run(cell)
    assert cells.run("6 * 7").cells[-1].outputs[0].data["text/plain"] == "42"


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    [
        "while True: pass",
        "import time; time.sleep(600)",
        "try:\n    while True: pass\nexcept BaseException: pass",
    ],
)
def test_an_endless_cell_is_interrupted(cells: Running, cell: str) -> None:
    with pytest.raises(TimeoutError, match="Cell execution timed out"):
        cells.run(cell, seconds=1)


@pytest.mark.slow
def test_a_cell_that_ignores_its_interruption_loses_its_process(
    cells: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = (
        "from sv_lib.publish.run import engine; engine.GRACE_SECONDS = 1",
        "import time\nwhile True:\n    try:\n        while True: time.sleep(0.01)\n"
        "    except BaseException: pass",
    )
    with pytest.raises(NotebookError, match="a worker process was ended"):
        cells.run(*stubborn, seconds=1)


@pytest.mark.slow
def test_nothing_of_one_report_is_seen_by_the_next(cells: Running, workers: LocalWorkers) -> None:
    leaves = (
        "left = 1\nimport builtins, os, sys, sv_lib, random\nbuiltins.left_too = "
        "sv_lib.left = sys.left = 1\n"
        "os.environ['LEFT'] = '1'; os.chdir('/'); sys.path.append('left'); random.seed(1)\n"
        "from sv_lib.publish.run import report_task\nreport_task.CELL_SECONDS = 1\nos.getpid()"
    )
    looks = (
        "import builtins, os, sys, sv_lib\nfrom sv_lib.publish.run import report_task\n"
        "('left' in globals(), hasattr(builtins, 'left_too'), hasattr(sv_lib, 'left'), "
        "hasattr(sys, 'left'),\n"
        " 'LEFT' in os.environ, os.getcwd() == '/', 'left' in sys.path, "
        "report_task.CELL_SECONDS == 1)"
    )
    first = cells.run(leaves).cells[-1].outputs[0].data["text/plain"]
    after, own = cells.run(looks, "os.getpid()").cells[-2:]
    assert after.outputs[0].data["text/plain"] == str((False,) * 8)
    assert len({first, own.outputs[0].data["text/plain"], str(os.getpid())}) == 3


def ward_notebook(given: tuple[Path, dict[str, str], str]) -> Any:
    """The ward's notebook, run."""
    path, parameters, kind = given
    return papermill.execute_notebook(
        str(path),
        None,
        parameters=parameters,
        engine_name=kind,
        kernel_name="python3",
        progress_bar=False,
    )


@pytest.mark.slow
def test_the_ward_notebook_comes_out_as_in_a_real_kernel(
    workers: LocalWorkers, root: Path, params: Path, calculation: Calculation, tmp_path: Path
) -> None:
    calculation.save(tmp_path / "calculation")
    given = {
        "params_file": str(params),
        "calculation": str(tmp_path / "calculation"),
        "ward": "E05990001",
    }
    ward = root / "notebooks" / "ward.ipynb"
    kinds = (engine.IN_PROCESS, engine.REAL)
    texts = []
    for node in workers.share(ward_notebook, [(ward, given, kind) for kind in kinds]):
        assert normalise(node, given) == []
        texts.append(nbformat.writes(node))
    assert texts[0].count("text/html") >= 4
    assert texts[0] == texts[1]


def test_a_real_kernel_is_used_where_cells_in_the_process_are_not_tested_or_not_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(engine.KERNEL, raising=False)
    monkeypatch.setattr(engine.sys, "platform", "linux")  # type: ignore[attr-defined]  # the module
    assert engine.chosen() == engine.IN_PROCESS
    monkeypatch.setattr(engine.sys, "platform", "win32")  # type: ignore[attr-defined]  # the module
    assert engine.chosen() == engine.REAL
    monkeypatch.setenv(engine.KERNEL, engine.IN_PROCESS)
    assert engine.chosen() == engine.IN_PROCESS
    monkeypatch.setenv(engine.KERNEL, engine.REAL)
    assert engine.chosen() == engine.REAL

"""A forked kernel shows what a real one shows, fails as it fails, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError
from small_notebook import notebook

from sv_lib.figures.saved import Calculation
from sv_lib.publish.page.notebook import normalise
from sv_lib.publish.run import engine, environment, workers

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


def executed(cells: tuple[str, ...], kind: str, seconds: int | None = None) -> Any:
    """The notebook of some cells, run; where it fails, the error's words and the notebook as it was
    kept.
    """
    folder = Path(os.environ["IPYTHONDIR"])
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


def set_variable(name: str, value: str) -> None:
    """Set an environment variable of the worker."""
    os.environ[name] = value


def chosen(threads: int) -> str:
    """What a process with some threads more than one chooses."""
    go_on = threading.Event()
    for _ in range(threads):
        threading.Thread(target=go_on.wait, daemon=True).start()
    try:
        return engine.chosen()
    finally:
        go_on.set()


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Executor]:
    """One worker process of a run; none of its answers come from the process of the tests."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.delenv(engine.KERNEL, raising=False)
    with workers.workers(1, "") as found:
        pool = found.pool
        pool.submit(set_variable, "IPYTHONDIR", str(tmp_path)).result()
        yield pool


def plain(node: Any) -> Any:
    """A notebook without times and paths of its run."""
    node.metadata.pop("papermill")
    for cell in node.cells:
        cell.metadata.pop("papermill", None)
        cell.pop("id", None)
    return node


@pytest.mark.slow
def test_it_shows_what_a_real_kernel_shows(worker: Executor) -> None:
    forked, real = (
        plain(worker.submit(executed, SHOWS, kind).result())
        for kind in (engine.FORKED, engine.REAL)
    )
    for ours, theirs in zip(forked.cells, real.cells, strict=True):
        assert same(json.dumps(ours, sort_keys=True)) == same(json.dumps(theirs, sort_keys=True))
    assert forked.metadata == real.metadata
    assert forked.cells[1].outputs[0].data["text/html"] == "<p>shown</p>"


def same(text: str) -> str:
    """Words without what is a process's own: addresses in memory, and the file name that it gives a
    cell.
    """
    return re.sub(r"[^\"' ]*ipykernel_\d+/\d+\.py|0x[0-9a-f]+", "its own", text)


@pytest.mark.slow
@pytest.mark.parametrize("cell", BREAKS)
def test_it_fails_as_a_real_kernel_fails(worker: Executor, cell: str) -> None:
    cells = ("1", cell, "print('not reached')")
    ours, theirs = (
        worker.submit(executed, cells, kind).result() for kind in (engine.FORKED, engine.REAL)
    )
    assert ours[:3] == theirs[:3]
    assert same("".join(ours[3])) == same("".join(theirs[3]))
    assert [c.get("execution_count") for c in ours[4].cells] == [
        c.get("execution_count") for c in theirs[4].cells
    ]
    assert ours[4].cells[-1].outputs == []


@pytest.mark.slow
def test_a_killed_or_endless_cell_ends_the_report(worker: Executor) -> None:
    with pytest.raises(RuntimeError, match="Kernel died"):
        worker.submit(executed, ("import os; os.kill(os.getpid(), 9)",), engine.FORKED).result()
    with pytest.raises(RuntimeError, match="Kernel died"):
        worker.submit(executed, ("import os; os._exit(0)",), engine.FORKED).result()
    with pytest.raises(TimeoutError, match="Cell execution timed out"):
        worker.submit(executed, ("while True: pass",), engine.FORKED, 1).result()
    assert (
        worker.submit(executed, ("6 * 7",), engine.FORKED)
        .result()
        .cells[-1]
        .outputs[0]
        .data["text/plain"]
        == "42"
    )


@pytest.mark.slow
def test_nothing_of_one_report_is_seen_by_the_next(worker: Executor) -> None:
    leaves = (
        "left = 1\nimport builtins, os, sys, sv_lib, random\nbuiltins.left_too = "
        "sv_lib.left = sys.left = 1\n"
        "os.environ['LEFT'] = '1'; os.chdir('/'); sys.path.append('left'); random.seed(1)\n"
        "from sv_lib.publish import tasks\ntasks.CELL_SECONDS = 1\nos.getpid()"
    )
    looks = (
        "import builtins, os, sys, sv_lib\nfrom sv_lib.publish import tasks\n"
        "('left' in globals(), hasattr(builtins, 'left_too'), hasattr(sv_lib, 'left'), "
        "hasattr(sys, 'left'),\n"
        " 'LEFT' in os.environ, os.getcwd() == '/', 'left' in sys.path, tasks.CELL_SECONDS == 1)"
    )
    first = (
        worker.submit(executed, (leaves,), engine.FORKED)
        .result()
        .cells[-1]
        .outputs[0]
        .data["text/plain"]
    )
    after, own = worker.submit(executed, (looks, "os.getpid()"), engine.FORKED).result().cells[-2:]
    assert after.outputs[0].data["text/plain"] == str((False,) * 8)
    process = worker.submit(os.getpid).result()
    assert len({first, own.outputs[0].data["text/plain"], str(process)}) == 3


@pytest.mark.slow
def test_the_ward_notebook_comes_out_as_in_a_real_kernel(
    worker: Executor, root: Path, params: Path, calculation: Calculation, tmp_path: Path
) -> None:
    calculation.save(tmp_path / "calculation")
    given = {
        "params_file": str(params),
        "calculation": str(tmp_path / "calculation"),
        "ward": "E05990001",
    }
    ward = str(root / "notebooks" / "ward.ipynb")
    texts = []
    for kind in (engine.FORKED, engine.REAL):
        settings = {
            "parameters": given,
            "engine_name": kind,
            "kernel_name": "python3",
            "progress_bar": False,
        }
        node = worker.submit(papermill.execute_notebook, ward, None, **settings).result()
        assert normalise(node, given) == []
        texts.append(nbformat.writes(node))
    assert texts[0].count("text/html") >= 4
    assert texts[0] == texts[1]


def test_a_real_kernel_is_used_where_forking_is_not_safe_or_not_wanted(
    worker: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    forks = engine.FORKED if engine.sys.platform == "linux" else engine.REAL
    assert [worker.submit(chosen, threads).result() for threads in (0, 1)] == [forks, engine.REAL]
    worker.submit(set_variable, engine.KERNEL, engine.REAL).result()
    assert worker.submit(engine.chosen).result() == engine.REAL
    environment.settle()
    monkeypatch.delattr(os, "fork", raising=False)
    assert engine.chosen() == engine.REAL

"""One report: run its notebook, then make HTML and PDF, in a process of the report's own.

Libraries are imported where they are used: a run in which nothing has changed never needs them.
"""

from __future__ import annotations

import faulthandler
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sv_lib.errors import NotebookError, RenderError, ReportError, of_system
from sv_lib.publish.files.manifest import sha256
from sv_lib.publish.page.context import PageContext

if TYPE_CHECKING:
    from nbformat import NotebookNode

CELL_SECONDS = 600
"""How long one cell may run."""
DRAWING_SECONDS = 600
"""How long the pages of one report may take to be drawn, thirty times what a long one takes."""
MOST_OUTPUT = 60_000_000
"""How many letters of markup, pictures and text the cells of a notebook may show."""
KERNEL_STARTS = 2
"""How often a real kernel is started: it may lose the race for a free port to another one."""
NOT_PUBLISHED = "nothing of this run is published; the last good run is as it was."


@dataclass(frozen=True)
class ReportTask:
    """What a worker needs to make one report.

    ``parameters`` are what the notebook runs with, ``published`` what its published copy shows:
    no path of this machine. ``known``: hash of the notebook as it was executed in the last run, if
    the same code made its pages; empty otherwise.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, str]
    published: Mapping[str, str]
    context: PageContext
    epoch: int
    known: str = ""

    @property
    def work(self) -> Path:
        """The folder of the run in which reports are made; the run removes it when it ends."""
        return Path(self.parameters["calculation"]).parent

    @property
    def marker(self) -> Path:
        """A file that is there while the notebook runs."""
        return self.work / f"{self.name.replace('/', '-')}.running"

    @property
    def overtime(self) -> Path:
        """A file that says something once drawing took longer than it may."""
        return self.marker.with_suffix(".overtime")


@dataclass(frozen=True)
class Made:
    """A finished report.

    ``html`` and ``pdf`` are empty when the notebook came out as known, since its pages would be
    those of the last run. ``printed``: text that the notebook printed, which no page shows.
    """

    name: str
    notebook: bytes
    html: bytes
    pdf: bytes
    pages: int
    printed: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """A report that could not be made, and its notebook up to the cell that failed."""

    name: str
    fault: ReportError
    notebook: bytes


def make(task: ReportTask) -> Made | Failed:
    """Make one report.

    A failure is returned rather than raised, so that the broken notebook comes with it.
    """
    import nbformat

    from sv_lib.publish.page.notebook import normalise

    # fontTools dates what it writes by this.
    os.environ["SOURCE_DATE_EPOCH"] = str(task.epoch)
    with _private_folder(task.work) as place:
        folder = Path(place)
        executed = folder / "executed.ipynb"
        try:
            with _marked(task.marker):
                notebook = _execute(task, folder, executed)
            _require_bounded(task.name, notebook)
        except Exception as fault:  # whatever a notebook or its kernel can do
            # A full disk is the machine's fault: what a cell raises comes as papermill's.
            if isinstance(fault, OSError) and fault.errno:
                raise
            broken = executed if executed.is_file() else task.notebook
            return Failed(task.name, _notebook_fault(task.name, fault), broken.read_bytes())
        printed = tuple(normalise(notebook, task.published))
        source = nbformat.writes(notebook).encode()
        if sha256(source) == task.known:
            return Made(task.name, source, b"", b"", 0, printed)
        try:
            with _drawing_limit(task.overtime):
                page, pdf, pages = _pages(notebook, task.context, folder)
        except Exception as fault:  # whatever a renderer can do
            return Failed(task.name, _render_fault(task.name, fault), source)
        return Made(task.name, source, page, pdf, pages, printed)


def _require_bounded(name: str, notebook: NotebookNode) -> None:
    """Raise NotebookError when cells show or print more than a page can hold."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    size = sum(len(json.dumps(output)) for output in outputs)
    if size > MOST_OUTPUT:
        raise NotebookError(
            name,
            f"its cells show or print {size:,} letters; at most {MOST_OUTPUT:,} are taken",
            NOT_PUBLISHED,
            "print less, or make a smaller picture.",
        )


def died(task: ReportTask) -> Failed | None:
    """The answer for a report whose process died while its notebook ran, or drew for too long.

    None where it died of something else.
    """
    from nbclient.exceptions import DeadKernelError

    if task.overtime.is_file() and task.overtime.stat().st_size:
        return Failed(task.name, _overtime_fault(task.name), task.notebook.read_bytes())
    if not task.marker.exists():
        return None
    fault = _notebook_fault(task.name, DeadKernelError("Kernel died"))
    return Failed(task.name, fault, task.notebook.read_bytes())


def _private_folder(work: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder of this report alone. After a power cut the next run clears ``work``."""
    return tempfile.TemporaryDirectory(prefix="sv-", dir=work, ignore_cleanup_errors=True)


@contextmanager
def _marked(marker: Path) -> Iterator[None]:
    """Keep a file for as long as this takes, so that others can tell where a process died."""
    marker.touch()
    try:
        yield
    finally:
        marker.unlink()


@contextmanager
def _drawing_limit(overtime: Path) -> Iterator[None]:
    """End this process where drawing takes too long, after writing to a file that it did.

    The typesetter is one call that no signal of Python's interrupts.
    """
    with overtime.open("w") as said:
        faulthandler.dump_traceback_later(DRAWING_SECONDS, exit=True, file=said)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            overtime.unlink()


def _overtime_fault(name: str) -> RenderError:
    return RenderError(
        name,
        f"its pages were not drawn within {DRAWING_SECONDS} seconds",
        NOT_PUBLISHED,
        "look for a drawing or a table of the notebook's own that is too large.",
    )


def _execute(task: ReportTask, folder: Path, executed: Path) -> NotebookNode:
    """The executed notebook. When a cell fails, it is also written to ``executed``.

    Raises whatever papermill, the kernel or nbclient does.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from traitlets.config import Config

    from sv_lib.present.report import BEING_MADE
    from sv_lib.publish.run import engine

    # Start-up files of the person who runs this would change the report.
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    os.environ[BEING_MADE] = json.dumps({"ward": "", **task.parameters})
    connection = Config({"KernelManager": {"connection_file": str(folder / "kernel.json")}})
    starts_left = KERNEL_STARTS
    while True:
        starts_left -= 1
        try:
            executed_node: NotebookNode = papermill.execute_notebook(
                _literally(task.notebook),
                _literally(executed),
                parameters=dict(task.parameters),
                engine_name=engine.chosen(),
                kernel_name="python3",
                language="python",
                cwd=task.notebook.parent,
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=CELL_SECONDS,
                record_timing=False,
                extra_arguments=["--log-level=CRITICAL"],
                config=connection,
            )
            return executed_node
        except DeadKernelError:
            raise
        except RuntimeError:  # a kernel that never answered
            if not starts_left:
                raise


def _literally(path: Path) -> str:
    """A path in which papermill fills in no ``{name}``."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _pages(notebook: NotebookNode, context: PageContext, folder: Path) -> tuple[bytes, bytes, int]:
    """HTML, PDF, and the number of pages of the PDF."""
    from sv_lib.publish.page.html import to_html
    from sv_lib.publish.page.pdf import to_pdf

    page = to_html(notebook, context)
    pdf = folder / "report.pdf"
    count = to_pdf(page, pdf, context)
    return page.encode(), pdf.read_bytes(), count


def _notebook_fault(name: str, fault: Exception) -> NotebookError:
    from papermill.exceptions import PapermillExecutionError

    if isinstance(fault, NotebookError):
        return fault
    where = name
    said = f"{type(fault).__name__}: {fault}"
    if isinstance(fault, PapermillExecutionError):
        where = f"{name}, cell {fault.exec_count}"
        said = f"{fault.ename}: {fault.evalue}"
    first_line = said.strip().partition("\n")[0][:300]
    remedy = "open the broken notebook named below in JupyterLab: it stops at the cell that failed."
    if "MemoryError" in said or "DeadKernel" in said:
        remedy += " It may want memory: run with --jobs 1."
    return NotebookError(where, f"the notebook failed with {first_line}", NOT_PUBLISHED, remedy)


def _render_fault(name: str, fault: Exception) -> ReportError:
    if isinstance(fault, RenderError):
        return fault
    if isinstance(fault, MemoryError):
        return of_system(fault)
    return RenderError(
        name,
        f"the page could not be made: {type(fault).__name__}: {str(fault)[:300]}",
        NOT_PUBLISHED,
        "mend what is named here; the executed notebook is kept beside the failed run.",
    )

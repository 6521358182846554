"""One report: run its notebook, then HTML, then PDF, in a worker process of its own and nothing of
another's.

Processes, never threads: papermill changes the working directory of the whole process. What only a
worker needs is loaded where it is used, so that the process which calculates need not wait for it.
"""

from __future__ import annotations

import html as markup
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sv_lib.errors import NotebookError, RenderError, ReportError, of_system
from sv_lib.publish.files.manifest import sha256
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.run.environment import give_back, settle

if TYPE_CHECKING:
    from nbformat import NotebookNode

LONGEST_SOCKET = 100
"""Bytes of a socket's path; a longer one than the system allows (104 or 108) hangs without a word.
"""
CELL_SECONDS = 600
LONG = 5
"""Pages of a report that leaves a hundred megabytes behind."""
PRINTED = re.compile(r"<data\b([^>]*)>")
ATTRIBUTE = re.compile(r'\b(data-figure|value)="([^"]*)"')


@dataclass(frozen=True)
class ReportTask:
    """What a worker needs for one report. ``published`` are the parameters that the kept notebook
    shows.

    ``known``: the hash of its executed notebook in the last run, when the same code made its pages
    from that.
    """

    name: str
    notebook: Path
    parameters: Mapping[str, str]
    published: Mapping[str, str]
    context: PageContext
    epoch: int
    known: str = ""


@dataclass(frozen=True)
class Made:
    """A finished report; ``html`` and ``pdf`` are empty if the executed notebook is the known one.

    ``printed``: lines that the notebook wrote to its output without being asked.
    """

    name: str
    notebook: bytes
    html: bytes
    pdf: bytes
    pages: int
    printed: tuple[str, ...]


@dataclass(frozen=True)
class Failed:
    """A report that could not be made, and its notebook as far as it came."""

    name: str
    fault: ReportError
    notebook: bytes


def make(task: ReportTask) -> Made | Failed:
    """Make one report. A failure is an answer, not an exception, so that the broken notebook
    travels
    with it.
    """
    import nbformat

    from sv_lib.publish.page.notebook import normalise

    settle()
    os.environ["SOURCE_DATE_EPOCH"] = str(task.epoch)
    with _private_folder(Path(task.parameters["calculation"]).parent) as folder:
        executed = Path(folder, "executed.ipynb")
        try:
            _execute(task, Path(folder), executed)
        except Exception as fault:  # whatever a notebook or its kernel can do
            kept = executed if executed.is_file() else task.notebook
            return Failed(task.name, _notebook_fault(task.name, fault), kept.read_bytes())
        notebook = nbformat.read(executed, as_version=4)
        printed = tuple(normalise(notebook, task.published))
        source = nbformat.writes(notebook).encode()
        if sha256(source) == task.known:
            return Made(task.name, source, b"", b"", 0, printed)
        try:
            html, pdf, pages = _pages(notebook, task.context, Path(folder))
            return Made(task.name, source, html, pdf, pages, printed)
        except RenderError as fault:
            return Failed(task.name, fault, source)
        except MemoryError as fault:
            return Failed(task.name, of_system(fault), source)
        except Exception as fault:  # whatever a renderer can do
            return Failed(task.name, _render_fault(task.name, fault), source)


def _pages(notebook: NotebookNode, context: PageContext, folder: Path) -> tuple[bytes, bytes, int]:
    """HTML, PDF, and how many pages that has."""
    from sv_lib.publish.page.html import to_html
    from sv_lib.publish.page.pdf import to_pdf

    page, pdf = to_html(notebook, context), folder / "report.pdf"
    count = to_pdf(page, pdf, context)
    if count > LONG:
        give_back(rubbish=True)
    return page.encode(), pdf.read_bytes(), count


def draw_index(about: tuple[Any, ...]) -> str:
    """The index page of a run, drawn where the renderers are loaded; ``about`` is what
    ``index_page``
    takes.
    """
    from sv_lib.publish.page.index import index_page

    return index_page(*about)


def printed_figures(page: str) -> tuple[tuple[str, str], ...]:
    """Id and exact value of every figure that a page prints, sorted, each once."""
    found = (dict(ATTRIBUTE.findall(tag)) for tag in PRINTED.findall(page))
    pairs = {(tag["data-figure"], tag.get("value", "")) for tag in found if "data-figure" in tag}
    return tuple(
        sorted((markup.unescape(figure_id), markup.unescape(value)) for figure_id, value in pairs)
    )


def _private_folder(work: Path) -> tempfile.TemporaryDirectory[str]:
    """A private folder in the run's own, which the next run clears after a power cut; a socket
    needs a
    short one.
    """
    from sv_lib.publish.run import engine

    place: str | Path = (
        work if work.is_dir() else tempfile.gettempdir()
    )  # a cluster's machine may have no such folder
    if engine.chosen() == engine.REAL:
        place = tempfile.gettempdir()
        if len(place.encode()) > LONGEST_SOCKET - 30 and Path("/tmp").is_dir():  # noqa: S108 mode 700
            place = "/tmp"  # noqa: S108 mode 700; macOS has its own too deep for a socket
    return tempfile.TemporaryDirectory(prefix="sv-", dir=place, ignore_cleanup_errors=True)


def _execute(task: ReportTask, folder: Path, executed: Path) -> None:
    """Run the notebook in a process of its own: a forked one (see ``engine``) or a real kernel.

    Without sockets (Windows) a real kernel's lost race for a port is retried once.
    """
    import papermill
    from traitlets.config import Config

    from sv_lib.publish.run import engine

    os.environ["IPYTHONDIR"] = str(
        folder / "ipython"
    )  # a person's start-up files would change the report
    socket = folder / "k"
    uses_socket = sys.platform != "win32" and len(f"{socket}-9".encode()) < LONGEST_SOCKET
    settings = {"connection_file": str(folder / "k.json")}
    settings |= {"transport": "ipc", "ip": str(socket)} if uses_socket else {}
    kind = engine.chosen()
    for tries_left in (0,) if uses_socket or kind == engine.FORKED else (1, 0):
        try:
            papermill.execute_notebook(
                _literally(task.notebook),
                _literally(executed),
                parameters=dict(task.parameters),
                engine_name=kind,
                kernel_name="python3",
                language="python",
                cwd=task.notebook.parent,
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=CELL_SECONDS,
                record_timing=False,
                extra_arguments=["--log-level=CRITICAL"],
                config=Config({"KernelManager": settings}),
            )
            return
        except RuntimeError:  # the kernel died before it answered
            if not tries_left:
                raise


def _literally(path: Path) -> str:
    """A path that papermill, which fills in ``{names}``, leaves as it is."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _notebook_fault(name: str, fault: Exception) -> NotebookError:
    from papermill.exceptions import PapermillExecutionError

    where, said = name, f"{type(fault).__name__}: {fault}"
    if isinstance(fault, PapermillExecutionError):
        where, said = f"{name}, cell {fault.exec_count}", f"{fault.ename}: {fault.evalue}"
    first = next(iter(said.strip().splitlines()), "")[:300]
    hungry = (
        " It may want memory: run with --jobs 1."
        if "MemoryError" in said or "DeadKernel" in said
        else ""
    )
    return NotebookError(
        where,
        f"the notebook failed with {first}",
        "nothing of this run is published; the last good run is as it was.",
        "open the broken notebook named below in JupyterLab: it stops at the cell that failed."
        + hungry,
    )


def _render_fault(name: str, fault: Exception) -> RenderError:
    return RenderError(
        name,
        f"the page could not be made: {type(fault).__name__}: {str(fault)[:300]}",
        "nothing of this run is published; the last good run is as it was.",
        "mend what is named here; the executed notebook is kept beside the failed run.",
    )

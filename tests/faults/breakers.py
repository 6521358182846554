"""Faults to plant in a process before it runs `svreport`: each breaks one thing the way the world
does.
"""

from __future__ import annotations

import ctypes
import dataclasses
import errno
import json
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sv_lib.errors import RenderError
from sv_lib.figures import calculation
from sv_lib.publish.files import manifest
from sv_lib.publish.page import pdf
from sv_lib.publish.run import assembly, engine, folder, making, report_task, workers
from sv_lib.publish.run.report_task import Failed, Made, ReportTask

MEGABYTE = 1024**2


def without_privileges() -> None:
    """Root as any other user: file permissions hold for it too."""
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "capset")


def in_worker(name: str) -> None:
    """The fault strikes in the worker process that makes a report."""
    workers.make = globals()[name]


def notebook_of(task: ReportTask, source: str) -> ReportTask:
    """The same task with a cell put before the last cell of its notebook."""
    content = json.loads(task.notebook.read_text(encoding="utf-8"))
    cell = {
        "cell_type": "code",
        "id": "fault",
        "source": source,
        "outputs": [],
        "execution_count": None,
        "metadata": {},
    }
    content["cells"].insert(-1, cell)
    changed = Path(task.parameters["calculation"]).parent / "changed.ipynb"
    changed.write_text(json.dumps(content), encoding="utf-8")
    return dataclasses.replace(task, notebook=changed)


def notebook_raises(task: ReportTask) -> Made | Failed:
    return report_task.make(notebook_of(task, "raise ValueError('the ward has no such table')"))


def kernel_is_killed(task: ReportTask) -> Made | Failed:
    return report_task.make(
        notebook_of(task, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    )


def kernel_exits(task: ReportTask) -> Made | Failed:
    return report_task.make(notebook_of(task, "import os\nos._exit(0)"))


def real_kernel_is_killed(task: ReportTask) -> Made | Failed:
    os.environ[engine.KERNEL] = engine.REAL
    return kernel_is_killed(task)


def cell_never_ends(task: ReportTask) -> Made | Failed:
    report_task.CELL_SECONDS = 2
    return report_task.make(notebook_of(task, "import time\ntime.sleep(600)"))


def cell_sleeps(task: ReportTask) -> Made | Failed:
    """Says which process the kernel is, then waits for its worker to be killed."""
    os.environ[engine.KERNEL] = engine.REAL
    place = str(Path(task.parameters["calculation"]).parent)
    said = (
        f"import os, pathlib, time\nwritten = pathlib.Path({place!r}, "
        f"'said')\nwritten.write_text(str(os.getpid()))\n"
    )
    return report_task.make(
        notebook_of(task, f"{said}written.rename(written.with_name('kernel'))\ntime.sleep(600)")
    )


def kernel_out_of_memory(task: ReportTask) -> Made | Failed:
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))\n"
    return report_task.make(notebook_of(task, f"{limit}held = bytearray(2**32)"))


def worker_is_killed(_: ReportTask) -> Made | Failed:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def worker_out_of_memory(task: ReportTask) -> Made | Failed:
    """What the worker has asked for already may be enough for a small report, so that it asks for
    more.
    """
    place = report_task._private_folder

    def with_more(work: Path) -> Any:
        return bytearray(100 * MEGABYTE) and place(work)

    report_task._private_folder = with_more
    _no_more_memory()
    return report_task.make(task)


def pdf_writer_fails(task: ReportTask) -> Made | Failed:
    pdf.to_pdf = _fails(AttributeError("'NoneType' object has no attribute 'width'"))
    return report_task.make(task)


def pdf_writer_complains(task: ReportTask) -> Made | Failed:
    pdf.to_pdf = _fails(
        RenderError("Ward", "no alt text", "not everyone could read it.", "mend the page.")
    )
    return report_task.make(task)


def page_runs_something(task: ReportTask) -> Made | Failed:
    return report_task.make(
        notebook_of(task, "from IPython.display import HTML\nHTML('<script>alert(1)</script>')")
    )


def page_prints_another_value(task: ReportTask) -> Made | Failed:
    made = report_task.make(task)
    assert isinstance(made, Made)
    figure = b'<data class="figure" data-figure="spend.total.this" value="1">1p</data>'
    return dataclasses.replace(made, html=made.html + figure)


def no_space_in_worker(task: ReportTask) -> Made | Failed:
    report_task.tempfile.TemporaryDirectory = _fails(_no_space())  # type: ignore[attr-defined]  # the module it uses
    return report_task.make(task)


def input_is_edited(name: str) -> None:
    """A file is saved again, with a change, while the reports are made."""
    path, pages = Path(name), assembly.Assembly.finish

    def finish(*given: Any) -> None:
        pages(*given)
        path.write_bytes(path.read_bytes().replace(b"2022", b"2023", 1))

    assembly.Assembly.finish = finish  # type: ignore[method-assign]  # the fault


def reading_fails(name: str) -> None:
    """The drive gives up in the middle of a file."""
    read = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return read(path)

    Path.read_bytes = read_bytes  # type: ignore[method-assign]  # the fault


def writing_fails(number: str) -> None:
    """No file of a report can be written any more; ``number`` says why, as the system does."""
    folder.write = _fails(OSError(int(number), os.strerror(int(number)), "report.html"))


def manifest_has_no_space() -> None:
    manifest.write = _fails(_no_space())


def files_end_at(size: str) -> None:
    """No file may grow beyond ``size`` bytes, as under a quota."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))


def no_memory_to_calculate() -> None:
    """The machine has no more memory when the calculation begins."""
    true = calculation.calculate

    def calculate(*given: Any) -> object:
        _no_more_memory()
        held: list[bytes] = []
        try:
            while True:
                held.append(bytes(4096))
        except MemoryError:
            return true(*given)

    assembly.calculate = calculate  # type: ignore[assignment]  # the fault


def program_is_wrong() -> None:
    """A fault that nobody foresaw, with a cell's content in its words."""
    assembly.calculate = _fails(KeyError("Mr Barnaby Quillfeather"))


def second_rename_fails() -> None:
    """The last good run was moved aside and the new one cannot take its place."""
    _rename_to("mid-year", _fails(OSError(errno.EBUSY, os.strerror(errno.EBUSY), "mid-year")))


def power_cut_between_renames() -> None:
    """The power fails in the moment in which neither run is in its place."""
    _rename_to("mid-year", lambda *_: os.kill(os.getpid(), signal.SIGKILL))


def signalled(number: str, stage: str) -> None:
    """A signal arrives when the run has come to ``stage``, of the places where such a thing hurts
    most.
    """
    places = {
        "intake": (making, "gather"),
        "calculation": (assembly, "calculate"),
        "reports": (folder, "write"),
        "data files": (assembly.data_tables, "write_all"),
        "workbook": (assembly.workbook, "writers"),
        "manifest": (manifest, "write"),
        "move": (folder.shutil, "rmtree"),
    }
    module, name = places[stage]
    true = getattr(module, name)

    def strike(*given: Any, **named: Any) -> Any:
        setattr(module, name, true)
        os.kill(os.getpid(), int(number))
        time.sleep(0.01)
        return true(*given, **named)

    setattr(module, name, strike)


def clock_says(seconds: str) -> None:
    """The clock stands far away from today, here and in every worker."""
    workers.make = {"0": made_in_1970, "4102444800": made_in_2100}[seconds]
    time.time = lambda: float(seconds)


def made_in_1970(task: ReportTask) -> Made | Failed:
    time.time = lambda: 0.0
    return report_task.make(task)


def made_in_2100(task: ReportTask) -> Made | Failed:
    time.time = lambda: 4102444800.0
    return report_task.make(task)


def _rename_to(name: str, instead: Callable[..., Any]) -> None:
    rename = Path.rename
    struck = []

    def fault(path: Path, target: Path) -> Path:
        if path.name == "stage" and target.name == name and not struck:
            struck.append(target)
            instead()
        return rename(path, target)

    Path.rename = fault  # type: ignore[method-assign,assignment]  # the fault


def _no_more_memory() -> None:
    size = (
        int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE") + MEGABYTE
    )
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _no_space() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "manifest.json")


def _fails(fault: BaseException) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise fault

    return fail

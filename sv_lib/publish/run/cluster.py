"""Reports made on a dask cluster, whose machines share no files with this one and may be lost.

Everything that reports open (notebooks, parameters, figures and tables) travels as one zip, the
parcel, once to each machine. Answers travel back with their hash. Each thread of a dask worker
keeps a helper process, which makes every report in a process of its own, as on one machine.
"""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from sv_lib.errors import ParameterError, RenderError
from sv_lib.intake.input_files import PREFIX, VARIABLE
from sv_lib.params import load
from sv_lib.publish.files.manifest import sha256, tools
from sv_lib.publish.run.environment import settle
from sv_lib.publish.run.report_task import Failed, Made, ReportTask
from sv_lib.publish.run.workers import Workers, local_workers

RETRIES = 3
"""How often a report is begun again elsewhere when its worker was lost."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest day a zip can hold. Without a clock, the same content has the same hash."""
LENGTH_BYTES = 8
HELPER = [sys.executable, "-c", "from sv_lib.publish.run.cluster import serve; serve()"]
OWN = threading.local()
UNPACKING = threading.Lock()

SentAnswer = tuple[bytes, str]
"""An answer, pickled, and its hash."""


@contextmanager
def cluster_workers(scheduler: str) -> Iterator[Workers]:
    """The workers of the cluster whose scheduler is at this address.

    Raises ParameterError without dask.distributed, or when nobody answers there.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise ParameterError(
            "--scheduler",
            "the package distributed is not installed",
            "no report can be sent to a cluster without it.",
            "install it with the extra: pip install 'sv-lib[cluster]'.",
        ) from None
    try:
        client = distributed.Client(scheduler)
    except (OSError, ValueError) as fault:
        raise ParameterError(
            "--scheduler",
            f"no scheduler answers at {scheduler} ({type(fault).__name__})",
            "no report can be made.",
            "start one (docs/scale.md says how), or correct the address.",
        ) from None
    with client, client.get_executor(retries=RETRIES, pure=False) as pool:
        yield ClusterWorkers(pool, client)


class ClusterWorkers(Workers):
    """Workers elsewhere. A report travels with the key of the parcel that holds what it opens."""

    def __init__(self, pool: Any, client: Any) -> None:
        self.pool = pool
        self.client = client

    def begin(self) -> None:
        """Do nothing: workers elsewhere load their libraries for themselves."""

    def make(self, tasks: Sequence[ReportTask]) -> Iterator[Made | Failed]:
        """Make reports, as on one machine."""
        parcel = packed(tasks)
        # The scheduler keeps the parcel: a worker that joins later can have it too.
        self.parcel = self.client.submit(bytes, parcel, key=f"parcel-{sha256(parcel)}")
        return map(undamaged, super().make(tasks))

    def submit(self, task: ReportTask) -> Future[Any]:
        future: Future[SentAnswer] = self.pool.submit(make_there, task, self.parcel, tools())
        return future


def packed(tasks: Sequence[ReportTask]) -> bytes:
    """Everything that some reports of one publication open, as a zip.

    The same content gives the same bytes. Raises ParameterError as ``_outlines`` does.
    """
    files: dict[str, Path] = {}
    for task in tasks:
        files |= _opened_by(task)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as parcel:
        for name, path in sorted(files.items()):
            parcel.writestr(zipfile.ZipInfo(name, EPOCH), path.read_bytes())
    return written.getvalue()


def _opened_by(task: ReportTask) -> dict[str, Path]:
    """The files that one report opens, by their names in the parcel."""
    params = Path(task.parameters["params_file"])
    council = f"params/{params.parent.name}"
    files = {
        f"notebooks/{task.notebook.name}": task.notebook,
        f"{council}/{params.name}": params,
        f"{council}/council.yaml": params.parent / "council.yaml",
    }
    for measure in params.parent.glob("measures/*.yaml"):
        files[f"{council}/measures/{measure.name}"] = measure
    boundaries = load(params).council.boundaries
    if boundaries:
        files[f"{council}/{boundaries}"] = _outlines(params, boundaries)
    calculation = Path(task.parameters["calculation"])
    for path in calculation.rglob("*"):
        if path.is_file():
            files[f"calculation/{path.relative_to(calculation).as_posix()}"] = path
    return files


def _outlines(params: Path, boundaries: str) -> Path:
    """The outlines of wards. Raises ParameterError when they lie where they cannot travel."""
    if boundaries.startswith(PREFIX):
        raise ParameterError(
            "--scheduler",
            f"the boundaries are in {VARIABLE}",
            "the cluster's machines do not have that folder.",
            "keep the file beside council.yaml.",
        )
    return params.parent / boundaries


def make_there(task: ReportTask, parcel: bytes, made_with: Mapping[str, Any]) -> SentAnswer:
    """On a dask worker: make a report from a parcel.

    ``made_with``: code and libraries of the machine that asks. Raises RenderError when the worker
    has others: its pages would not be the same.
    """
    different = [name for name, version in tools().items() if made_with[name] != version]
    if different:
        raise RenderError(
            "the cluster",
            f"a worker has another {', '.join(sorted(different))} than this machine",
            "its reports could differ from those made here.",
            "install the same version and lock on every worker.",
        )
    moved = _moved(task, _unpacked(parcel))
    answer = _asked(pickle.dumps(moved))
    return answer, sha256(answer)


def undamaged(sent: Any) -> Made | Failed:
    """The answer of a worker. Raises RenderError when it is not what the worker sent."""
    answer, digest = sent
    if sha256(answer) != digest:
        raise RenderError(
            "the cluster",
            "a report came back damaged",
            "it is not published.",
            "run again; what is whole is kept.",
        )
    made: Made | Failed = pickle.loads(answer)  # noqa: S301 dask, which brought it, pickles anyway
    return made


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """A private folder of this dask worker, removed when it ends."""
    return tempfile.TemporaryDirectory(prefix="sv-", ignore_cleanup_errors=True)


def _unpacked(parcel: bytes) -> Path:
    """The folder in which a parcel is unpacked, once for all threads of this worker."""
    with UNPACKING:
        folder = Path(_home().name, sha256(parcel)[:16])
        if not folder.exists():
            part = folder.with_suffix(".part")
            with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
                archive.extractall(part)
            part.rename(folder)
    return folder


def _moved(task: ReportTask, folder: Path) -> ReportTask:
    """A task whose files lie in ``folder``."""
    params = Path(task.parameters["params_file"])
    parameters = {
        **task.parameters,
        "params_file": str(folder / "params" / params.parent.name / params.name),
        "calculation": str(folder / "calculation"),
    }
    notebook = folder / "notebooks" / task.notebook.name
    return replace(task, notebook=notebook, parameters=parameters)


def _asked(task: bytes) -> bytes:
    """The answer of this thread's helper process, which is started when there is none."""
    helper: subprocess.Popen[bytes] | None = getattr(OWN, "helper", None)
    if helper is None or helper.poll() is not None:
        settle()
        helper = subprocess.Popen(HELPER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 fixed words
        OWN.helper = helper
    assert helper.stdin and helper.stdout  # noqa: S101 both are pipes, as asked for
    _send(helper.stdin, task)
    answer = _received(helper.stdout)
    if not answer:
        raise RenderError(
            "the cluster",
            "the process that made a report was ended, most often for want of memory",
            "nothing of this run is published; the last good run is as it was.",
            "give each worker more memory.",
        )
    return answer


def serve() -> None:
    """In a helper process: make each report that is asked for, until the dask worker ends.

    A dask worker may not start processes through multiprocessing, since it is a daemon itself.
    """
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get between the answers.
    os.dup2(2, 1)
    with local_workers(1) as workers:
        workers.begin()
        while task := _received(sys.stdin.buffer):
            made = workers.make([pickle.loads(task)])  # noqa: S301 from the dask worker itself
            _send(answers, pickle.dumps(next(made)))


def _send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    pipe.flush()


def _received(pipe: IO[bytes]) -> bytes:
    """What was sent; empty when the other side ended before it was whole."""
    length = int.from_bytes(pipe.read(LENGTH_BYTES), "big")
    content: bytes = pipe.read(length)
    return content if len(content) == length else b""

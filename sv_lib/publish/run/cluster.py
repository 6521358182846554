"""The same reports on a dask cluster, whose machines share no files with this one and may be lost.

What reports open (notebooks, parameters, figures and tables) travels as one parcel under the hash
of its content, once to a machine; what comes back carries hashes too. Each thread of a worker has a
process for reports, warm as here.
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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from sv_lib.errors import ParameterError, RenderError
from sv_lib.intake.input_files import PREFIX, VARIABLE
from sv_lib.params import load
from sv_lib.publish.files.manifest import sha256, tools
from sv_lib.publish.run.environment import settle
from sv_lib.publish.run.report_task import Failed, Made, ReportTask, make
from sv_lib.publish.run.workers import Answer, Workers

RETRIES = 3
"""How often a report is begun again elsewhere when its worker was lost."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest day that a zip can hold: no clock is in a parcel, so that the same content has the
same
hash.
"""
OWN = threading.local()


@contextmanager
def cluster(scheduler: str) -> Iterator[Workers]:
    """The workers of a cluster. Raises ParameterError without dask.distributed or an answer at the
    address.
    """
    try:
        client_of = import_module("distributed").Client
    except ImportError:
        raise ParameterError(
            "--scheduler",
            "the package distributed is not installed",
            "no report can be sent to a cluster without it.",
            "install it with the extra: pip install 'sv-lib[cluster]'.",
        ) from None
    try:
        client = client_of(scheduler)
    except (OSError, ValueError) as fault:
        raise ParameterError(
            "--scheduler",
            f"no scheduler answers at {scheduler} ({type(fault).__name__})",
            "no report can be made.",
            "start one (docs/scale.md says how), or correct the address.",
        ) from None
    with client, client.get_executor(retries=RETRIES, pure=False) as pool:
        yield Cluster(pool, client)


class Cluster(Workers):
    """Workers elsewhere: each report travels with the key of the parcel that holds what it
    opens.
    """

    def __init__(self, pool: Any, client: Any) -> None:
        super().__init__(pool)
        self.client = client

    def make(self, tasks: Sequence[ReportTask]) -> Iterator[Made | Failed]:
        """As on one machine. The scheduler keeps the parcel: a worker that comes later can have it
        too.
        """
        parcel = packed(tasks)
        self.parcel = self.client.submit(bytes, parcel, key=f"parcel-{sha256(parcel)}")
        return (_unhurt(*answer) for answer in cast(Iterator[Any], super().make(tasks)))

    def share(self, work: Callable[[Any], Answer], given: Iterable[Any]) -> list[Answer]:
        """Done here, where the files are."""
        return list(map(work, given))

    def _submit(self, task: ReportTask) -> Future[Any]:
        return self.pool.submit(make_there, task, self.parcel, tools())


def packed(tasks: Sequence[ReportTask]) -> bytes:
    """Everything that some reports of one publication open, as a zip that is the same for the same
    content.
    """
    files: dict[str, Path] = {}
    for task in tasks:
        calculation, params = (
            Path(task.parameters["calculation"]),
            Path(task.parameters["params_file"]),
        )
        files[f"notebooks/{task.notebook.name}"] = task.notebook
        files |= {
            f"params/{params.parent.name}/{path.name}": path
            for path in (params, params.parent / "council.yaml")
        }
        files |= {
            f"params/{params.parent.name}/measures/{path.name}": path
            for path in params.parent.glob("measures/*.yaml")
        }
        if declared := load(params).council.boundaries:
            files[f"params/{params.parent.name}/{declared}"] = _beside(params, declared)
        opened = (path for path in calculation.rglob("*") if path.is_file())
        files |= {
            f"calculation/{path.relative_to(calculation).as_posix()}": path for path in opened
        }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as parcel:
        for name, path in sorted(files.items()):
            parcel.writestr(zipfile.ZipInfo(name, EPOCH), path.read_bytes())
    return written.getvalue()


def _beside(params: Path, declared: str) -> Path:
    """The outlines of wards. Raises ParameterError where they are not beside the parameters: they
    must
    travel.
    """
    if declared.startswith(PREFIX):
        raise ParameterError(
            "--scheduler",
            f"the boundaries are in {VARIABLE}",
            "the cluster's machines do not have that folder.",
            "keep the file beside council.yaml.",
        )
    return params.parent / declared


def make_there(task: ReportTask, parcel: bytes, made_with: Mapping[str, Any]) -> tuple[bytes, str]:
    """On a worker: the answer of ``make``, pickled, and its hash.

    Raises RenderError when the worker has other code or libraries: its pages would not be the same.
    """
    if other := sorted(key for key, value in tools().items() if made_with[key] != value):
        raise RenderError(
            "the cluster",
            f"a worker has another {', '.join(other)} than this machine",
            "its reports could differ from those made here.",
            "install the same version and lock on every worker.",
        )
    root = _unpacked(sha256(parcel), parcel)
    params = Path(task.parameters["params_file"])
    here = {
        "params_file": str(root / "params" / params.parent.name / params.name),
        "calculation": str(root / "calculation"),
    }
    moved = replace(
        task,
        notebook=root / "notebooks" / task.notebook.name,
        parameters={**task.parameters, **here},
    )
    answer = _asked(pickle.dumps(moved))
    return answer, sha256(answer)


def _unhurt(answer: bytes, digest: str) -> Made | Failed:
    """The answer of a worker as it was sent."""
    if sha256(answer) != digest:
        raise RenderError(
            "the cluster",
            "a report came back damaged",
            "it is not published.",
            "run again; what is whole is kept.",
        )
    made: Made | Failed = pickle.loads(answer)  # noqa: S301 from our own workers, through dask, which pickles anyway
    return made


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """A private folder of this worker, gone when it ends."""
    return tempfile.TemporaryDirectory(prefix="sv-", ignore_cleanup_errors=True)


LOCK = threading.Lock()


def _unpacked(digest: str, parcel: bytes) -> Path:
    """The folder of a parcel on this worker."""
    with LOCK:
        root = Path(_home().name, digest[:16])
        if not root.exists():
            part = root.with_suffix(".part")
            zipfile.ZipFile(io.BytesIO(parcel)).extractall(part)
            part.rename(root)
    return root


def _asked(task: bytes) -> bytes:
    """The answer of this thread's own process; it has one thread, as forked kernels and a working
    directory need.
    """
    process: subprocess.Popen[bytes] | None = getattr(OWN, "process", None)
    if process is None or process.poll() is not None:
        settle()
        command = [sys.executable, "-c", "from sv_lib.publish.run.cluster import serve; serve()"]
        process = OWN.process = subprocess.Popen(  # noqa: S603 fixed words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
    assert process.stdin and process.stdout  # noqa: S101 both are pipes, as asked for
    process.stdin.write(len(task).to_bytes(8, "big") + task)
    process.stdin.flush()
    size = int.from_bytes(process.stdout.read(8), "big")
    answer = process.stdout.read(size)
    if not size or len(answer) < size:
        raise RenderError(
            "the cluster",
            "the process that made a report was ended, most often for want of memory",
            "nothing of this run is published; the last good run is as it was.",
            "give each worker more memory.",
        )
    return answer


def serve() -> None:
    """In a worker's own process: make each report that is asked for until the worker ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes elsewhere
    import_module("sv_lib.publish.run.preload")
    while size := int.from_bytes(sys.stdin.buffer.read(8), "big"):
        answer = pickle.dumps(make(pickle.loads(sys.stdin.buffer.read(size))))  # noqa: S301 from the worker itself
        answers.write(len(answer).to_bytes(8, "big") + answer)
        answers.flush()

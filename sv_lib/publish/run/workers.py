"""Who makes the reports: processes of this machine, or those of a dask cluster (``cluster``)."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver
from typing import Any, TypeVar

from sv_lib.errors import NotebookError
from sv_lib.publish.run import environment
from sv_lib.publish.run.folder import PRIVATE
from sv_lib.publish.run.report_task import Failed, Made, ReportTask, make

WARM = (
    "sv_lib.publish.run.unswept",
    "sv_lib.publish.run.environment",
    "sv_lib.publish.run.preload",
    "sv_lib.cli",
)
"""Loaded once, in the process that workers are forked from."""
Answer = TypeVar("Answer")
FORKS = "forkserver" in multiprocessing.get_all_start_methods()


class Workers:
    """Processes of this machine."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool

    def begin(self) -> None:
        """Let the process that workers are forked from load its libraries while this one reads and
        calculates.
        """
        if FORKS and isinstance(self.pool, ProcessPoolExecutor):
            forkserver.ensure_running()

    def make(self, tasks: Sequence[ReportTask]) -> Iterator[Made | Failed]:
        """Begin all reports, and hand each on as it comes; what is not begun when the caller stops
        is
        not made.

        Raises NotebookError when a worker is lost, which the system does for want of memory.
        """
        with _a_loss_told():
            futures = [self._submit(task) for task in tasks]
        return self._answers(futures)

    def share(self, work: Callable[[Any], Answer], given: Iterable[Any]) -> list[Answer]:
        """Do other work on this machine's files, a part to a process; the answers in order.

        Raises NotebookError as ``make`` does.
        """
        with _a_loss_told():
            return list(self.pool.map(work, given))

    @contextmanager
    def ended_by_failure(self) -> Iterator[None]:
        """What fails within ends the processes: they are not waited for, and write nothing where it
        clears up.
        """
        try:
            yield
        except BaseException:
            local = (
                multiprocessing.active_children()
                if isinstance(self.pool, ProcessPoolExecutor)
                else []
            )
            for worker in local:
                worker.kill()
            for worker in local:
                worker.join()
            raise

    def _submit(self, task: ReportTask) -> Future[Made | Failed]:
        return self.pool.submit(make, task)

    def _answers(self, futures: Sequence[Future[Made | Failed]]) -> Iterator[Made | Failed]:
        try:
            with _a_loss_told():
                for future in as_completed(futures):
                    yield future.result()
        finally:
            for future in futures:
                future.cancel()


@contextmanager
def _a_loss_told() -> Iterator[None]:
    """A worker that is ended while something is made is told in words."""
    try:
        yield
    except (BrokenProcessPool, CancelledError):
        raise NotebookError(
            "the workers",
            "a worker process was ended from outside, most often for want of memory",
            "nothing of this run is published; the last good run is as it was.",
            "run again with fewer, --jobs 1; what was finished is not made again.",
        ) from None


@contextmanager
def workers(jobs: int | None, scheduler: str) -> Iterator[Workers]:
    """The workers of a run: as many processes as asked for, forked from one that has the libraries
    loaded.
    """
    if scheduler:
        from sv_lib.publish.run.cluster import cluster

        with cluster(scheduler) as found:
            yield found
        return
    environment.settle()
    context = multiprocessing.get_context("forkserver" if FORKS else "spawn")
    if FORKS:
        context.set_forkserver_preload(list(WARM))
    with ProcessPoolExecutor(jobs or os.cpu_count(), context, _begun) as pool:
        found = Workers(pool)
        with found.ended_by_failure():
            yield found


def _begun() -> None:
    """What a worker does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the run that ends it
    os.umask(PRIVATE)

"""Who makes the reports: processes of this machine, one a report, or a cluster's (``cluster``)."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from typing import Any, TypeVar

from sv_lib.errors import NotebookError
from sv_lib.publish.run import environment
from sv_lib.publish.run.folder import PRIVATE
from sv_lib.publish.run.report_task import Failed, Made, ReportTask, died, make

PRELOAD = ["sv_lib.publish.run.preload", "sv_lib.cli"]
"""Loaded once, in the process that the processes of reports are forked from."""
FORKS = "forkserver" in multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if FORKS else "spawn")

Given = TypeVar("Given")
Answer = TypeVar("Answer")


class Workers(ABC):
    """What a run asks of those who make its reports."""

    @abstractmethod
    def submit(self, task: ReportTask) -> Future[Made | Failed]:
        """Begin one report as soon as somebody is free for it."""

    @abstractmethod
    def begin(self) -> None:
        """Load libraries while the caller reads the inputs and calculates."""

    def make(self, tasks: Sequence[ReportTask]) -> Iterator[Made | Failed]:
        """Begin all reports at once and yield each as it comes.

        What has not begun when the caller stops is not made. Raises NotebookError when a worker
        is lost, which the system does for want of memory.
        """
        with _loss_in_words():
            futures = [self.submit(task) for task in tasks]
        return _answers(futures)

    def share(self, work: Callable[[Given], Answer], given: Iterable[Given]) -> list[Answer]:
        """Do other work on files of this machine; returns the answers in order."""
        return [work(one) for one in given]

    @contextmanager
    def ended_by_failure(self) -> Iterator[None]:
        """Whatever fails within ends what the workers are doing, before the caller clears up."""
        yield


class LocalWorkers(Workers):
    """Processes of this machine, as many at a time as ``jobs`` says."""

    def __init__(self, pool: Executor) -> None:
        self.pool = pool
        self.under_way: set[Future[Any]] = set()

    def submit(self, task: ReportTask) -> Future[Made | Failed]:
        if FORKS:
            return self._begin(_make_alone, task)
        return self._begin(make, task)

    def begin(self) -> None:
        if FORKS:
            forkserver.ensure_running()

    def share(self, work: Callable[[Given], Answer], given: Iterable[Given]) -> list[Answer]:
        """Do other work, a process to each part. Raises NotebookError as ``make`` does."""
        with _loss_in_words():
            if FORKS:
                futures = [self._begin(_in_own_process, work, one) for one in given]
            else:
                futures = [self._begin(work, one) for one in given]
            return [future.result() for future in futures]

    @contextmanager
    def ended_by_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            begun = self.under_way.copy()
            for future in begun:
                future.cancel()
            # A process may be about to start while the others are killed, hence the loop.
            while wait(begun, timeout=0.05).not_done:
                for process in multiprocessing.active_children():
                    process.kill()
            raise

    def _begin(self, work: Callable[..., Answer], *given: object) -> Future[Answer]:
        future = self.pool.submit(work, *given)
        self.under_way.add(future)
        future.add_done_callback(self.under_way.discard)
        return future


def _make_alone(task: ReportTask) -> Made | Failed:
    """Make a report in a process of its own, which may die with its notebook."""
    try:
        return _in_own_process(make, task)
    except BrokenProcessPool:
        if answer := died(task):
            return answer
        raise


def _in_own_process(work: Callable[[Given], Answer], given: Given) -> Answer:
    """The answer of a fresh process, forked from the one that has the libraries loaded.

    Waits for it: to be called in a thread. Threads and processes that the work left behind end with
    it. Raises BrokenProcessPool when the process dies.
    """
    with ProcessPoolExecutor(1, CONTEXT, _start_process) as process:
        group = process.submit(os.getpid).result()
        try:
            return process.submit(work, given).result()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def _answers(awaited: list[Future[Made | Failed]]) -> Iterator[Made | Failed]:
    try:
        with _loss_in_words():
            for future in as_completed(awaited.copy()):
                # It holds a report, and nobody needs that twice.
                awaited.remove(future)
                yield future.result()
    finally:
        for future in awaited:
            future.cancel()


@contextmanager
def _loss_in_words() -> Iterator[None]:
    """Say in words that a process was killed while it worked."""
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
def local_workers(jobs: int | None) -> Iterator[LocalWorkers]:
    """The workers of this machine; by default as many as it has processors."""
    environment.settle()
    count = jobs or os.cpu_count()
    pool: Executor
    if FORKS:
        CONTEXT.set_forkserver_preload(PRELOAD)
        pool = ThreadPoolExecutor(count)
    else:
        # Windows cannot fork, and to load the libraries for every report would take seconds. Its
        # processes make one report after another; each notebook has a real kernel.
        pool = ProcessPoolExecutor(count, CONTEXT, _start_process)
    with pool:
        found = LocalWorkers(pool)
        with found.ended_by_failure():
            yield found


def _start_process() -> None:
    """Set what every process of the workers needs before it begins."""
    # Ctrl-C reaches all processes of a terminal, but the run itself ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.umask(PRIVATE)
    if FORKS:
        os.setpgid(0, 0)  # with what its notebook may start, to end them all together
    threading.Thread(target=_end_with_run, daemon=True).start()


def _end_with_run() -> None:
    """Wait until the run's own process is gone, however it was ended, and then end this one.

    Nobody is left then to take what it makes, and it would wait for work for ever.
    """
    if parent := multiprocessing.parent_process():
        parent.join()
        if FORKS:
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

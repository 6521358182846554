"""Kernels that start warm: a notebook's cells run in a process forked from one that has the
libraries
loaded.

The shell is the real kernel's own, so that a cell shows and fails as it would there. Its messages
go through a pipe in place of sockets, and nbclient reads them as it reads a kernel's. Every
notebook has a new process, which ends with it.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, cast

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

FORKED, REAL = "forked", "real"
KERNEL = "SV_KERNEL"
"""Environment variable that chooses between the two, whatever the system."""


def chosen() -> str:
    """The kind of kernel for this process: forked only from a single thread, and unasked only where
    it
    is proven.
    """
    asked = os.environ.get(KERNEL, FORKED if sys.platform == "linux" else REAL)
    return (
        FORKED if asked != REAL and hasattr(os, "fork") and threading.active_count() == 1 else REAL
    )


class _Wire(Session):
    """Where the shell sends its messages: kind and content go into the pipe."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self.pipe, self.lock = pipe, threading.Lock()

    def send(  # type: ignore[override]  # no socket
        self, _: object, message: Any, content: Any = None, *__: object, **___: object
    ) -> None:
        kind, said = (
            (message["msg_type"], message["content"])
            if isinstance(message, dict)
            else (message, content)
        )
        with self.lock:
            self.pipe.send((kind, said))


class _Stream(io.StringIO):
    """Standard output or error of a cell, sent on when the cell shows something else or ends, as a
    kernel does.
    """

    encoding = "utf-8"

    def __init__(self, name: str, wire: _Wire) -> None:
        super().__init__()
        self.named, self.wire = name, wire

    def flush(self) -> None:
        text = self.getvalue()
        self.seek(self.truncate(0))
        if text:
            self.wire.send(None, "stream", {"name": self.named, "text": text})


def _serve(pipe: Connection) -> None:
    """In the forked process: run each source that comes until the pipe closes."""
    gc.freeze()  # what is inherited is not looked through, so that its memory stays shared
    wire = _Wire(pipe)
    sys.stdout, sys.stderr = _Stream("stdout", wire), _Stream("stderr", wire)
    no_history = Config({"HistoryManager": {"enabled": False}})
    shell: Any = ZMQInteractiveShell.instance(config=no_history, compiler_class=XCachingCompiler)
    shell.displayhook.session = shell.display_pub.session = wire
    while True:
        source = pipe.recv()
        wire.send(None, "execute_input", {"code": source, "execution_count": shell.execution_count})
        done = shell.run_cell(source, store_history=True)
        sys.stdout.flush()
        sys.stderr.flush()
        reply: dict[str, Any] = {"status": "ok"}
        if not done.success or shell._last_traceback_during_displayhook:
            fault = done.error_before_exec or done.error_in_exec
            reply = {"status": "error", "ename": type(fault).__name__, "evalue": str(fault)}
            reply["traceback"] = shell._last_traceback or []
        wire.send(None, "execute_reply", reply)


class _Channel(deque[dict[str, Any]]):
    """Messages that have come, in order, as nbclient asks for them."""

    def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002 nothing is waited for
        return self.popleft()


class _Kernel:
    """A forked process as nbclient sees a kernel: manager and client at once. A cell is run to its
    end
    when asked.
    """

    has_kernel = True

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.iopub_channel, self.shell_channel = _Channel(), _Channel()
        self.pipe, theirs = Pipe()
        self.process = os.fork()
        if not self.process:
            try:
                self.pipe.close()
                _serve(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def is_alive(self) -> bool:
        return True

    def kernel_info(self) -> str:
        self._keep(
            self.shell_channel, "kernel_info_reply", {"language_info": IPythonKernel.language_info}
        )
        return ""

    def execute(self, source: str, **_: object) -> str:
        """Run a cell. Raises DeadKernelError or CellTimeoutError as nbclient does."""
        ends = None if self.seconds is None else time.monotonic() + self.seconds
        try:
            self.pipe.send(source)
            while True:
                if not self.pipe.poll(None if ends is None else max(0, ends - time.monotonic())):
                    cell = NotebookNode(source=source)
                    raise CellTimeoutError.error_from_timeout_and_cell(
                        "Cell execution timed out", cast(int, self.seconds), cell
                    )
                kind, content = self.pipe.recv()
                if kind == "execute_reply":
                    self._keep(self.shell_channel, kind, content)
                    self._keep(self.iopub_channel, "status", {"execution_state": "idle"})
                    return ""
                self._keep(self.iopub_channel, kind, content)
        except (EOFError, OSError) as gone:
            if isinstance(gone, TimeoutError):
                raise
            raise DeadKernelError("Kernel died") from None

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.pipe.close()
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def _keep(self, channel: _Channel, kind: str, content: dict[str, Any]) -> None:
        header = {"msg_type": kind, "msg_id": ""}
        channel.append(
            {
                **header,
                "header": header,
                "parent_header": header,
                "metadata": {},
                "content": content,
            }
        )


class _Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill is not typed
    """papermill's client on a forked kernel."""

    @contextmanager
    def setup_kernel(self, **_: object) -> Iterator[None]:
        kernel = self.km = self.kc = _Kernel(self.timeout)
        try:
            yield
        finally:
            kernel.end()


class ForkedEngine(NBClientEngine):  # type: ignore[misc]  # papermill is not typed
    """papermill's engine ``forked``."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: int | None = None, **_: object
    ) -> NotebookNode:
        """Run the notebook; what only a kernel behind sockets needs is not looked at."""
        client = _Client(
            nb_man, kernel_name=kernel_name, timeout=execution_timeout, record_timing=False
        )
        return cast(NotebookNode, client.execute())


papermill_engines.register(FORKED, ForkedEngine)
papermill_engines.register(REAL, NBClientEngine)

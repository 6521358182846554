"""How the cells of a notebook are run: in the report's own process, or in a real kernel.

A real kernel takes three seconds to start and load the libraries. The process of a report has them
loaded already, so its cells run in an IPython shell of the same kind as the kernel's, without
sockets. nbclient, which papermill builds on, turns the shell's messages into outputs either way.
"""

from __future__ import annotations

import faulthandler
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

IN_PROCESS = "in-process"
REAL = "real"
KERNEL = "SV_KERNEL"
"""Environment variable that asks for one of the two."""
GRACE_SECONDS = 30
"""How long a cell that has run out of time may go on ignoring that."""

Message = dict[str, Any]


def chosen() -> str:
    """The way that is asked for; else the report's own process where that is tested: on Linux."""
    return os.environ.get(KERNEL, IN_PROCESS if sys.platform == "linux" else REAL)


class _Messages(Session):
    """Takes the shell's messages, in place of a socket to a front end."""

    def __init__(self, show: Callable[[Message], object]) -> None:
        super().__init__()
        self.show = show

    def send(  # type: ignore[override]  # there is no socket to send to
        self, _: object, message: Any, content: Any = None, *__: object, **___: object
    ) -> None:
        kind = message
        # The shell sends a whole message, or only its kind and then its content.
        if isinstance(message, dict):
            kind = message["msg_type"]
            content = message["content"]
        header = {"msg_type": kind}
        self.show({**header, "header": header, "parent_header": {}, "content": content})


class _Stream(io.StringIO):
    """Standard output or error of a cell.

    The shell flushes it before it shows something else, which keeps the outputs in order.
    """

    encoding = "utf-8"

    def __init__(self, stream_name: str, messages: _Messages) -> None:
        super().__init__()
        self.stream_name = stream_name
        self.messages = messages

    def flush(self) -> None:
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        if text:
            self.messages.send(None, "stream", {"name": self.stream_name, "text": text})


class _InProcessClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill is not typed
    """papermill's client with a shell of this process in place of a kernel."""

    def execute(self) -> NotebookNode:
        """Run every cell up to the first that fails."""
        self.reset_execution_trackers()
        messages = _Messages(self._show)
        self.stdout = _Stream("stdout", messages)
        self.stderr = _Stream("stderr", messages)
        no_history = Config({"HistoryManager": {"enabled": False}})
        shell: Any = ZMQInteractiveShell.instance(
            config=no_history, compiler_class=XCachingCompiler
        )
        shell.displayhook.session = messages
        shell.display_pub.session = messages
        self.shell = shell
        self.papermill_execute_cells()
        executed: NotebookNode = self.nb
        executed.metadata["language_info"] = IPythonKernel.language_info
        return executed

    def execute_cell(self, cell: NotebookNode, cell_index: int, *_: object) -> None:
        """Run one cell. Raises CellExecutionError and CellTimeoutError, as nbclient does."""
        if cell.cell_type != "code" or not cell.source.strip():
            return
        self.current = (cell, cell_index)
        self.clear_before_next_output = False
        cell.execution_count = self.shell.execution_count
        with redirect_stdout(self.stdout), redirect_stderr(self.stderr), self._time_limit(cell):
            done = self.shell.run_cell(cell.source, store_history=True)
            self.stdout.flush()
            self.stderr.flush()
        if done.success and not self.shell._last_traceback_during_displayhook:
            return
        fault = done.error_before_exec or done.error_in_exec
        raise CellExecutionError.from_cell_and_msg(
            cell,
            {
                "ename": type(fault).__name__,
                "evalue": str(fault),
                "traceback": self.shell._last_traceback or [],
            },
        )

    def _show(self, message: Message) -> None:
        self.process_message(message, *self.current)

    @contextmanager
    def _time_limit(self, cell: NotebookNode) -> Iterator[None]:
        """Interrupt a cell that runs longer than the engine's ``execution_timeout``.

        Raises CellTimeoutError. The shell would show the interruption as a fault of the cell's
        own. A cell that goes on all the same loses its process.
        """
        if self.timeout is None:
            yield
            return
        timed_out = []

        def interrupt(*_: object) -> None:
            timed_out.append(True)
            raise TimeoutError

        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, self.timeout)
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123 faulthandler wants a file, no path
            faulthandler.dump_traceback_later(self.timeout + GRACE_SECONDS, exit=True, file=nowhere)
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                faulthandler.cancel_dump_traceback_later()
        if timed_out:
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", self.timeout, cell
            )


class InProcessEngine(NBClientEngine):  # type: ignore[misc]  # papermill is not typed
    """papermill's engine ``in-process``, for a process that runs one notebook and then ends."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: int | None = None, **_: object
    ) -> NotebookNode:
        """Run the notebook. Options that only a kernel behind sockets needs are ignored."""
        client = _InProcessClient(nb_man, kernel_name=kernel_name, timeout=execution_timeout)
        executed: NotebookNode = client.execute()
        return executed


papermill_engines.register(IN_PROCESS, InProcessEngine)
papermill_engines.register(REAL, NBClientEngine)

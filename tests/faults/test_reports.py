"""Faults in the making of a report: notebooks, kernels, workers, pages."""

from __future__ import annotations

import json
import os
import signal

import psutil
import pytest
from command import WARD, Good

pytestmark = pytest.mark.slow
NOTEBOOK, RENDERING = 4, 5

IN_WORKER = {
    "notebook_raises": (
        NOTEBOOK,
        "cell 10",
        "ValueError: the ward has no such table",
        "open the broken notebook",
    ),
    "kernel_is_killed": (NOTEBOOK, "DeadKernelError", "open the broken notebook"),
    "real_kernel_is_killed": (NOTEBOOK, "DeadKernelError", "open the broken notebook"),
    "kernel_exits": (NOTEBOOK, "DeadKernelError", "open the broken notebook"),
    "kernel_out_of_memory": (NOTEBOOK, "MemoryError", "run with --jobs 1"),
    "cell_never_ends": (NOTEBOOK, "CellTimeoutError"),
    "worker_is_killed": (NOTEBOOK, "a worker process was ended from outside", "--jobs 1"),
    "worker_out_of_memory": (NOTEBOOK, "emory", "--jobs 1"),
    "no_space_in_worker": (RENDERING, "No space left on device", "free space on the disk"),
    "pdf_writer_fails": (RENDERING, "the page could not be made: AttributeError"),
    "pdf_writer_complains": (RENDERING, "no alt text"),
    "page_runs_something": (RENDERING, "a <script> that runs or loads something"),
    "page_prints_another_value": (RENDERING, "it prints 'spend.total.this' as '1'"),
}


@pytest.mark.parametrize("fault", IN_WORKER)
def test_a_report_that_cannot_be_made(good: Good, fault: str) -> None:
    code, *words = IN_WORKER[fault]
    ended = good.council.run("--fresh", fault="in_worker", about=(fault,))
    if code == NOTEBOOK and "worker" not in fault:
        broken = (
            good.council.home.with_name("mid-year.failed")
            / f"{WARD.replace('/', '-')}.broken.ipynb"
        )
        assert json.loads(broken.read_text(encoding="utf-8"))["cells"]
        assert [path.name for path in broken.parent.iterdir()] == [broken.name]
    good.survives(ended, int(code), *map(str, words))


def test_a_worker_killed_from_outside_while_it_works(good: Good) -> None:
    started = good.council.start("--fresh", fault="in_worker", about=("cell_sleeps",))
    kernel = good.council.place / "outputs/test/.mid-year.work/kernel"
    while not kernel.exists() and started.process.is_alive():
        started.process.join(0.05)
    os.kill(psutil.Process(int(kernel.read_text())).ppid(), signal.SIGKILL)
    good.survives(
        started.wait(), NOTEBOOK, "the notebook failed with DeadKernelError", made_again=True
    )

"""Processes of this machine: what is asked of them, and what is said when one is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sv_lib.errors import NotebookError
from sv_lib.publish.run import workers
from sv_lib.publish.run.workers import LocalWorkers, local_workers


def doubled(number: int) -> int:
    return 2 * number


def lost(_: int) -> int:
    os._exit(1)


def test_shared_work_comes_back_in_order() -> None:
    with local_workers(2) as found:
        assert found.share(doubled, range(5)) == [0, 2, 4, 6, 8]


class Pages:
    """Stands for what a report came to."""

    def __init__(self, _: object) -> None: ...


def test_reports_that_were_handed_on_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of them, each with its pages, would lie in the memory until the run ends."""
    monkeypatch.setattr(workers, "_make_alone", Pages)
    monkeypatch.setattr(workers, "FORKS", True)
    with ThreadPoolExecutor(2) as pool:
        found = LocalWorkers(pool)
        tasks: list[Any] = [None, None, None]
        handed_on = [weakref.ref(pages) for pages in found.make(tasks)]
    assert [reference() for reference in handed_on] == [None, None, None]
    assert not found.under_way


def test_a_worker_lost_in_shared_work_is_told_in_words() -> None:
    with pytest.raises(NotebookError) as told, local_workers(1) as found:
        found.share(lost, [1])
    assert "a worker process was ended from outside, most often for want of memory" in str(
        told.value
    )
    assert "--jobs 1" in str(told.value)


def test_what_is_loaded_once_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sv_lib.publish.run.preload"]
    subprocess.run(command, env={**os.environ, "TMPDIR": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []


PRELOADED = """
from pathlib import Path
import sv_lib.publish.run.preload
{then}
for thread in Path("/proc/self/task").iterdir():
    print(thread.joinpath("comm").read_text().strip())
"""
DRAW = """
import typst
typst.compile({"main": "\\n".join(f"= Title {n}" for n in range(99)).encode()})
"""
OF_ARROWS_MEMORY = "jemalloc_bg_thd"
"""A thread that survives a fork."""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted on Linux")
@pytest.mark.parametrize(("then", "may_be_forked"), [("", True), (DRAW, False)])
def test_processes_are_forked_before_anything_is_drawn(then: str, may_be_forked: bool) -> None:
    """A fork has no threads but its own: where Typst had drawn, it would wait for ever."""
    code = PRELOADED.replace("{then}", then)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=120
    )
    threads = [name for name in done.stdout.splitlines() if name != OF_ARROWS_MEMORY]
    assert (len(threads) == 1) == may_be_forked

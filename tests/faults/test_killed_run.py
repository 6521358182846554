"""A run that is killed outright: what it started ends by itself."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there"),
]
RUN = """
import sys, time
from sv_lib.publish.run.workers import local_workers
def sleeps(place):
    import subprocess
    subprocess.Popen(["sleep", "600"])
    open(place, "w").close()
    time.sleep(600)
if __name__ == "__main__":
    with local_workers(1) as workers:
        workers.share(sleeps, [sys.argv[1]])
"""
SECONDS = 120


def test_the_processes_of_a_killed_run_end_by_themselves(root: Path, tmp_path: Path) -> None:
    """Its reports in the making and what their notebooks had started, a process each."""
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    begun = tmp_path / "begun"
    command = [sys.executable, str(tmp_path / "run.py"), str(begun)]
    with subprocess.Popen(command, env={"PYTHONPATH": str(root)}) as run:
        _wait_until(begun.exists)
        children = psutil.Process(run.pid).children(recursive=True)
        run.kill()
    assert len(children) >= 3
    assert any("sleep" in child.name() for child in children)
    _wait_until(lambda: not any(map(_is_there, children)))


def _is_there(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(SECONDS * 10):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it never came about")

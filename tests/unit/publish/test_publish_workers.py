"""Processes of this machine: what is asked of them, and what is said when one is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sv_lib.errors import NotebookError
from sv_lib.publish.run.workers import local_workers


def doubled(number: int) -> int:
    return 2 * number


def lost(_: int) -> int:
    os._exit(1)


def test_shared_work_comes_back_in_order() -> None:
    with local_workers(2) as found:
        assert found.share(doubled, range(5)) == [0, 2, 4, 6, 8]


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

"""The power fails at twenty moments that nobody chose, one after another, on one machine that
starts again each time.

A moment is drawn from each twentieth of a run's length, so that together they lie over all of it.
"""

from __future__ import annotations

import fcntl
import random
import signal
import time
from contextlib import suppress
from multiprocessing import forkserver
from typing import Any, cast

import psutil
import pytest
from command import Good, Started

pytestmark = pytest.mark.slow
CUTS, WHOLE_AFTER = 20, 5
"""How many, and after how many a run is left to come to its end."""
NOT_TOLD = 255
"""What Python says of a process when the server that it was forked from has died.

The tests and their runs share a server. A run that is cut off between calling it and saying what
for takes it along: it reads nothing where it expects something, and ends. The next run begins
another.
"""


def test_a_power_cut_at_any_moment_loses_nothing(good: Good) -> None:
    """Every process dies at once; each run begins on what the one before left lying, and the last
    good run stands.
    """
    began = time.monotonic()
    assert good.council.run("--fresh").code == 0
    seconds, rng, cuts = time.monotonic() - began, random.Random(8), 0  # noqa: S311 no secret
    for _ in range(3 * CUTS):  # a run may be faster than the first was, and over before its moment
        options = ["--fresh"] if cuts % 2 else ["--fresh", "--jobs", "2"]
        if not cut_off(good.council.start(*options), (cuts + rng.random()) / CUTS * seconds):
            seconds *= 0.8
            continue
        cuts += 1
        holds(good)
        good.tell("trust", "power cuts at random moments survived")
        if cuts % WHOLE_AFTER == 0:
            after = good.council.run()
            assert after.code == 0, after.said
            assert (good.council.state(), good.council.leftovers()) == (good.before, [])
        if cuts == CUTS:
            return
    raise AssertionError(f"only {cuts} runs were cut off")


def cut_off(started: Started, moment: float) -> bool:
    """End all processes of a run, when it has gone on for ``moment`` seconds; False when it was
    over by then.
    """
    started.process.join(moment)
    if started.process.exitcode is not None:
        assert started.wait().code == 0, started.wait().said
        return False
    started.process.kill()
    machine = psutil.Process(cast(Any, forkserver._forkserver)._forkserver_pid)
    while living := [one for one in machine.children(recursive=True) if is_alive(one)]:
        for process in living:
            with suppress(psutil.NoSuchProcess):  # it ended by itself, just now
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(living, timeout=1)
    ended = started.wait()
    if ended.code == 0:  # it came to its end between the look at it and the signal
        return False
    if ended.code == NOT_TOLD:
        assert is_dead_soon(machine), ended.said
    else:
        assert ended.code == -signal.SIGKILL, ended.said
    # A run that had failed by itself would have said so, whoever can tell how it ended.
    assert "Traceback" not in ended.said and "Error:" not in ended.said, ended.said
    return True


def is_dead_soon(process: psutil.Process) -> bool:
    """Whether a process ends within five seconds; it is left for its parent to ask how."""
    for _ in range(100):
        if not is_alive(process):
            return True
        time.sleep(0.05)
    return False


def is_alive(process: psutil.Process) -> bool:
    """Whether a process still runs: it may end while it is asked."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def holds(good: Good) -> None:
    """The last good run is whole, nothing beside it could be taken for one or read by others, and
    no lock is held.
    """
    council = good.council
    if not council.home.exists():
        council.mend()
    assert council.state() == good.before
    names = {path.name for path in council.home.parent.iterdir() if path.name[0] != "."}
    assert names == {"mid-year", "mid-year.papers"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in council.home.parent.iterdir())
    with council.home.with_name(".mid-year.lock").open("a+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

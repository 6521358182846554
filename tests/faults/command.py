"""`svreport` in a process of its own, with a fault planted in it, forked from one that has the
libraries loaded.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, cast

import breakers
import made_once

from sv_lib import cli
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.run import assembly, environment
from sv_lib.publish.run.folder import RunFolder

CONTEXT = multiprocessing.get_context("forkserver")
WARM = ("environment", "preload", "assembly")
CONTEXT.set_forkserver_preload(["sv_lib.cli", *(f"sv_lib.publish.run.{name}" for name in WARM)])
LONGEST = 240
BASE = Path(__file__).resolve().parents[1] / "bad_inputs" / "base"
WARD = "wards/E05990001"


@dataclass
class Ended:
    """How a command ended and what it said; ``code`` is negative when a signal ended it."""

    code: int
    said: str


@dataclass
class Started:
    """A command under way."""

    process: ForkServerProcess
    said: Path

    def wait(self) -> Ended:
        """Let it end by itself."""
        self.process.join(LONGEST)
        assert self.process.exitcode is not None, f"it hangs: {self.said.read_text()}"
        return Ended(self.process.exitcode, self.said.read_text(encoding="utf-8"))


def start(arguments: Sequence[str], said: Path, fault: str = "", *about: str) -> Started:
    """Begin a command with one of the faults of ``breakers``; ``about`` says where the fault is to
    strike.
    """
    environment.settle()
    forkserver.ensure_running()
    server = getattr(forkserver._forkserver, "_forkserver_address", None)
    process = CONTEXT.Process(target=_command, args=(list(arguments), said, server, fault, about))
    process.start()
    return Started(process, said)


def _command(
    arguments: list[str], said: Path, server: str | None, fault: str, about: tuple[str, ...]
) -> None:
    os.setsid()
    # Tests that run in the background inherit a deaf one.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Its workers come from the same server, which spares three seconds.
    if server and sys.version_info < (3, 14):
        mine = cast(Any, forkserver._forkserver)
        mine._forkserver_address, mine.ensure_running = server, lambda: None
        forkserver.ensure_running = lambda: None
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.argv = ["svreport", *arguments]
    # Faults strike around the calculation, which is the same for all of them.
    assembly.calculate = made_once.calculate
    if fault:
        getattr(breakers, fault)(*about)
    cli.main()


class Council:
    """A publication of the tiny council and the place of its run folders; ``run`` is svreport run
    on it.
    """

    def __init__(self, place: Path, output_dir: Path | None = None) -> None:
        self.place, self.output_dir = place, output_dir or place / "outputs"
        self.params = place / "params" / "test" / "publication.yaml"
        self.home = self.output_dir / "test" / "mid-year"

    @classmethod
    def new(cls, place: Path, output_dir: Path | None = None) -> Council:
        """A copy of the base whose inputs may be spoilt."""
        shutil.copytree(BASE, place / "params" / "test")
        return cls(place, output_dir)

    def start(self, *options: str, fault: str = "", about: tuple[str, ...] = ()) -> Started:
        """Begin a run of one ward's report."""
        command = ["run", str(self.params), "--output-dir", str(self.output_dir), "--jobs", "1"]
        wanted = [] if "--reports" in options else ["--reports", "wards", "--ward", "E05990001"]
        return start([*command, *wanted, *options], self.place / "said.txt", fault, *about)

    def run(self, *options: str, fault: str = "", about: tuple[str, ...] = ()) -> Ended:
        """A run to its end."""
        return self.start(*options, fault=fault, about=about).wait()

    def state(self) -> dict[str, str]:
        """The hash of every file of the run folder, by its name."""
        return hashes(self.home)

    def leftovers(self) -> list[str]:
        """Everything beside the run folder and its papers but the lock, file by file."""
        around = self.home.parent
        known = {self.home, beside(self.home)} if self.home.exists() else set()
        found = [
            path for path in around.rglob("*") if path.is_file() and known.isdisjoint(path.parents)
        ]
        return sorted(
            path.relative_to(around).as_posix() for path in found if path.name != ".mid-year.lock"
        )

    def mend(self) -> None:
        """Put the last good run and its papers back, as the next run does."""
        with RunFolder(self.home).locked():
            pass


@dataclass
class Good:
    """A council with a good run, and what must hold after a fault."""

    council: Council
    before: dict[str, str]
    tell: Callable[[str, object], None]

    def survives(
        self, ended: Ended, code: int, *words: str, kept: bool = True, made_again: bool = False
    ) -> None:
        """The fault was told in words with its code; the good run stands; nothing else does; the
        next run succeeds.
        """
        said = ended.said
        assert ended.code == code, said
        if code > 0:
            assert all(word in said for word in words), said
            assert code not in (1, 2, 3, 4, 5) or "What to do:" in said, said
        assert "Traceback" not in said and "Error: Error" not in said, said
        if kept:
            assert self.council.state() == self.before
        assert [
            name for name in self.council.leftovers() if not name.endswith(".broken.ipynb")
        ] == [] or code < 0
        after = self.council.run(*(["--fresh"] if made_again else []))
        assert after.code == 0, after.said
        assert self.council.state() == self.before
        assert [
            name for name in self.council.leftovers() if not name.endswith(".broken.ipynb")
        ] == []
        self.tell("trust", "faults survived")


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file under a folder, by its name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }

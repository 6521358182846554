"""The run folder and its working papers: built beside the last good ones, moved when whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sv_lib.errors import ParameterError
from sv_lib.publish.files.manifest import beside

PRIVATE = 0o077
"""The rights that other users do not get: only its maker reads a run until it is published."""


@dataclass(frozen=True)
class RunFolder:
    """The folders of one publication's run.

    All are in ``<output_dir>/<council>/``, on one disk, so that moving one is a rename.
    ``home``: where the last good run is. Beside each folder of a run lie its working papers, which
    are closed to others and move with it.
    """

    home: Path

    @property
    def failed(self) -> Path:
        """Where the broken notebook of the last failed run is kept."""
        return self._beside("{}.failed")

    @property
    def work(self) -> Path:
        """Where a run keeps the calculation that its notebooks read. It is never published."""
        return self._beside(".{}.work")

    @property
    def stage(self) -> Path:
        """The run folder under construction."""
        return self.work / "stage"

    def _beside(self, name: str) -> Path:
        return self.home.with_name(name.format(self.home.name))

    def finished(self, basis: str) -> Path:
        """Where finished reports wait until the run is whole.

        ``basis``: the hash of what they are made from. Reports made from something else are in
        another folder.
        """
        return self.cache / "finished" / self.home.parent.name / self.home.name / basis[:16]

    @property
    def cache(self) -> Path:
        """A folder for all councils that may be deleted at any time. Other users cannot read it."""
        return self.home.parents[1] / ".cache"

    @property
    def old(self) -> Path:
        """Where the last good run is while the new one is moved into its place."""
        return self._beside(".{}.old")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the publication for one run, and clear up after a run that was cut off.

        Files that are written meanwhile can be read by this user only. Raises ParameterError when
        another run has the lock, or when nothing can be written there.
        """
        before = os.umask(PRIVATE)
        try:
            # The system frees the lock when the process ends, however it ends.
            with self._lock() as lock:
                if not _take(lock.fileno()):
                    raise ParameterError(
                        f"{self.home.parent.name}/{self.home.name}",
                        "another run of this publication is under way",
                        "two runs at once would write over each other.",
                        "wait until it has ended, or end it, and run again.",
                    )
                self._mend()
                yield
        finally:
            os.umask(before)

    def _lock(self) -> IO[bytes]:
        try:
            self.home.parent.mkdir(parents=True, exist_ok=True)
            self.cache.mkdir(exist_ok=True)
            return self.home.with_name(f".{self.home.name}.lock").open("a+b")
        except (PermissionError, FileExistsError, NotADirectoryError) as fault:
            raise ParameterError(
                "--output-dir",
                f"nothing can be written in {self.home.parent.name} ({fault.strerror})",
                "the reports have nowhere to go.",
                "name a folder that you may write in.",
            ) from None

    @contextlib.contextmanager
    def staged(self) -> Iterator[Path]:
        """Make an empty folder to build in. It is removed at the end unless it was moved."""
        self.stage.mkdir(parents=True)
        beside(self.stage).mkdir()
        try:
            yield self.stage
        finally:
            shutil.rmtree(self.work, ignore_errors=True)

    def move_into_place(self) -> None:
        """Put the new run where the last good one is, which is removed only afterwards.

        The run is moved last: until then a run that is cut off is mended to the last good one.
        """
        _move(self.home, self.old)
        _move(beside(self.home), beside(self.old))
        try:
            beside(self.stage).rename(beside(self.home))
            self.stage.rename(self.home)
        except OSError:
            self._mend()
            raise
        self._remove(self.old)
        shutil.rmtree(self.failed, ignore_errors=True)
        shutil.rmtree(self.finished("").parent, ignore_errors=True)
        # An earlier version kept hidden numbers here.
        shutil.rmtree(self.cache / "memory", ignore_errors=True)

    def keep_broken(self, name: str, notebook: bytes) -> Path:
        """Keep a notebook that failed, in a folder of its own with nothing to publish."""
        shutil.rmtree(self.failed, ignore_errors=True)
        return write(self.failed / f"{name.replace('/', '-')}.broken.ipynb", notebook)

    def _mend(self) -> None:
        if not self.home.exists() and self.old.exists():  # cut off between the renames
            if beside(self.old).exists():
                shutil.rmtree(beside(self.home), ignore_errors=True)
                beside(self.old).rename(beside(self.home))
            self.old.rename(self.home)
        self._remove(self.old)
        shutil.rmtree(self.work, ignore_errors=True)

    def _remove(self, run: Path) -> None:
        shutil.rmtree(run, ignore_errors=True)
        shutil.rmtree(beside(run), ignore_errors=True)


def _move(folder: Path, target: Path) -> None:
    if folder.exists():
        folder.rename(target)


def write(path: Path, content: bytes) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

"""What one run keeps to save the next one time: closed to others, never published, thrown away at
any
time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WHOLE = "whole"
"""The file that says what an entry's other files were when it was written."""
UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Memory:
    """A folder that holds, under each name, what was last kept there, by a key that says what it
    was
    made from.

    One process at a time may keep. ``is_blind``: finds nothing, so that all is worked out again,
    and kept anew.
    """

    folder: Path
    is_blind: bool = False

    def find(self, name: str, key: str) -> Path | None:
        """The folder kept under a name for just this key; None where there is none, or it was
        touched
        since.
        """
        place = self.folder / name / key
        if self.is_blind or not (place / WHOLE).is_file():
            return None
        return place if (place / WHOLE).read_text(encoding="utf-8") == _content(place) else None

    @contextmanager
    def keep(self, name: str, key: str) -> Iterator[Path]:
        """An empty folder to write in: kept once all is written, in the place of what was there
        under
        that name.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.folder / UNFINISHED
        shutil.rmtree(unfinished, ignore_errors=True)  # of a run that was cut off
        place = unfinished / key
        place.mkdir(parents=True)
        yield place
        (place / WHOLE).write_text(_content(place), encoding="utf-8")
        shutil.rmtree(self.folder / name, ignore_errors=True)
        unfinished.rename(self.folder / name)


def sha256_of(path: Path) -> str:
    """The hash of a file of any size."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _content(place: Path) -> str:
    """A line a file: its name and hash."""
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != WHOLE)
    return "".join(f"{path.relative_to(place).as_posix()} {sha256_of(path)}\n" for path in files)

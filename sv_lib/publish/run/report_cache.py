"""Finished reports that a run takes over instead of making them again.

They are those of the last run, or those that a run had finished when it was cut off.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sv_lib.publish.files import manifest
from sv_lib.publish.files.finished_run import FinishedRun
from sv_lib.publish.run import folder as places

IN_MANIFEST = ("title", "pages", "made_from")


@dataclass(frozen=True)
class FinishedReport:
    """A report in a folder.

    ``made_from``: a hash of its notebook, inputs, parameters, code and tools.
    ``files``: the SHA-256 of each of its files by name.
    """

    folder: Path
    name: str
    title: str
    pages: int
    made_from: str
    files: Mapping[str, str]

    def is_whole(self) -> bool:
        """Whether its files are there and are what was written."""
        hashes = {name: manifest.hash_of_file(self.folder / name) for name in self.files}
        return hashes == self.files

    def save(self, contents: Mapping[str, bytes]) -> None:
        """Write its files, and then the record that says they are all there."""
        for name, content in contents.items():
            places.write(self.folder / name, content)
        record = self.folder / f"{self.name}.json"
        text = json.dumps(asdict(self), default=str)
        # The rename is one step, so a power cut cannot leave half a record.
        unfinished = places.write(record.with_suffix(".part"), text.encode())
        unfinished.replace(record)

    def copy_to(self, stage: Path) -> None:
        """Copy its files, with their times, into a run folder under construction."""
        for name in self.files:
            target = stage / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.folder / name, target)

    def entry(self) -> dict[str, Any]:
        """The report as the manifest lists it."""
        return {key: getattr(self, key) for key in IN_MANIFEST}


def published(home: Path) -> dict[str, FinishedReport]:
    """The reports of the last run by name; empty when there is no run."""
    last = FinishedRun.read(home)
    files: dict[str, dict[str, str]] = {}
    for path, sha256 in last.hashes.items():
        report = path.rpartition(".")[0]
        files.setdefault(report, {})[path] = sha256
    return {
        name: FinishedReport(home, name, files=files.get(name, {}), **_listed(entry))
        for name, entry in last.reports.items()
    }


def cut_off(folder: Path) -> dict[str, FinishedReport]:
    """The reports by name that a run had finished when it was cut off."""
    reports = {}
    for path in sorted(folder.rglob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        reports[record["name"]] = FinishedReport(**record | {"folder": folder})
    return reports


def _listed(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in IN_MANIFEST}

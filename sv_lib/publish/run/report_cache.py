"""Finished reports, of the last run or one that was cut off: kept while all that their pages stand
on
is the same.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.figures.saved import Calculation, Read
from sv_lib.publish.files import manifest
from sv_lib.publish.run import folder as places

READS = "data/page_reads.parquet"
"""In a run folder: what each page looked at, columns ``report, read``."""


@dataclass(frozen=True)
class Finished:
    """A report as it lies in a folder.

    ``made_from``: a hash of its notebook, parameters, code and tools. ``reads``: what its page
    looked at in the calculation, ``found``: a hash of what stood there. ``files``: name -> SHA-256.
    """

    folder: Path
    name: str
    title: str
    pages: int
    made_from: str
    reads: tuple[Read, ...]
    found: str
    files: Mapping[str, str]

    def is_whole(self) -> bool:
        """Whether its files are there and are what was written."""
        return all(
            manifest.hash_of_file(self.folder / name) == digest
            for name, digest in self.files.items()
        )

    def save(self, contents: Mapping[str, bytes]) -> None:
        """Write its files and then, in one step, the record of them."""
        for name, content in contents.items():
            places.write(self.folder / name, content)
        record = self.folder / f"{self.name}.json"
        unfinished = places.write(
            record.with_suffix(".part"), json.dumps(asdict(self), default=str).encode()
        )
        unfinished.replace(record)

    def take(self, stage: Path) -> None:
        """Copy its files into a run folder under construction, with their times."""
        for name in self.files:
            target = stage / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.folder / name, target)


class Eyes:
    """Looks at a calculation as pages did; each thing once."""

    def __init__(self, calculation: Calculation) -> None:
        self._content = cache(calculation.content)

    def find(self, reads: tuple[Read, ...]) -> str:
        """A hash of everything that stands where a page looked."""
        return manifest.hash_of([self._content(read) for read in reads])


def published(home: Path) -> dict[str, Finished]:
    """The reports of the last run by name; none when its record of what they stand on was
    touched.
    """
    last = manifest.read(home)
    if not manifest.is_intact(home, last, [READS]):
        return {}
    table = pd.read_parquet(home / READS)
    reads = {
        name: tuple(tuple(json.loads(read)) for read in part["read"])
        for name, part in table.groupby("report")
    }
    files = {output["path"]: output["sha256"] for output in last["outputs"]}
    return {
        name: Finished(
            home,
            name,
            **{key: entry[key] for key in ("title", "pages", "made_from", "found")},
            reads=reads[name],
            files={f: files[f] for f in files if f.rpartition(".")[0] == name},
        )
        for name, entry in last["reports"].items()
    }


def cut_off(folder: Path) -> dict[str, Finished]:
    """The reports that a run had finished when it was ended."""
    records = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.json"))
    ]
    return {record["name"]: _finished(folder, record) for record in records}


def _finished(folder: Path, record: dict[str, Any]) -> Finished:
    return Finished(
        **{**record, "folder": folder, "reads": tuple(tuple(read) for read in record["reads"])}
    )


def entries(reports: Mapping[str, Finished]) -> dict[str, dict[str, Any]]:
    """The reports as the manifest lists them."""
    keys = ("title", "pages", "made_from", "found")
    return {
        name: {key: getattr(report, key) for key in keys}
        for name, report in sorted(reports.items())
    }


def write_reads(reports: Mapping[str, Finished], stage: Path) -> None:
    """Write what each page looked at."""
    rows = [
        (name, json.dumps(read))
        for name, report in sorted(reports.items())
        for read in report.reads
    ]
    (stage / READS).parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows, columns=["report", "read"], dtype="str").to_parquet(
        stage / READS, compression="zstd"
    )

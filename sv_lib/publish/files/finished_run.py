"""A finished run, read from its folder. Whoever needs a file of a run folder reads it here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.figures.saved import AMOUNT, TRAIL
from sv_lib.publish.files import fingerprints, manifest, received
from sv_lib.publish.files.data_tables import AT_THE_TOP

NEEDED = ("figures.csv", "claims.csv", f"data/{TRAIL}")
"""Files without which a run cannot be compared."""

SOURCE_COLUMNS = {"source_file": pa.string(), "source_row": pa.int64()}
TRAIL_COLUMNS = {"figure_id": pa.string(), **SOURCE_COLUMNS, "amount": AMOUNT}
FINGERPRINT_COLUMNS = {**SOURCE_COLUMNS, "fingerprint": pa.uint64()}

Line = dict[str, str]
"""One row of a CSV file: the cells by their heading."""


@dataclass(frozen=True)
class FinishedRun:
    """A run folder and its manifest. Everything else is read when it is asked for."""

    folder: Path
    manifest: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> FinishedRun:
        """The run in a folder; its manifest is empty when there is none of this version."""
        return cls(folder, manifest.read(folder))

    def missing(self) -> list[str]:
        """Names of the files that a comparison needs and that are not there."""
        return [name for name in NEEDED if not (self.folder / name).is_file()]

    @property
    def name(self) -> str:
        return f"{self.manifest['council']}/{self.manifest['publication']}"

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """The input files by path: table, path, sha256 and rows."""
        return {file["path"]: file for file in self.manifest["inputs"]}

    @property
    def reports(self) -> Mapping[str, Mapping[str, Any]]:
        """What the manifest says of each report, by the report's name."""
        reports: Mapping[str, Mapping[str, Any]] = self.manifest.get("reports", {})
        return reports

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every file of the run by path, as the manifest keeps it."""
        return {output["path"]: output["sha256"] for output in self.manifest.get("outputs", ())}

    @cached_property
    def figures(self) -> dict[str, Line]:
        """The lines of figures.csv by id."""
        return {line["figure_id"]: line for line in self.table("figures")}

    def table(self, name: str) -> list[Line]:
        """The rows of a data table."""
        folder = self.folder if name in AT_THE_TOP else self.folder / "data"
        return received.table(folder / f"{name}.csv")

    def trail_rows(self, figure_ids: list[str]) -> pd.DataFrame:
        """The input rows behind some figures: ``figure_id`` and the columns of ``ROWS``."""
        is_asked = pc.field("figure_id").isin(figure_ids)
        return received.rows(self.folder / "data" / TRAIL, TRAIL_COLUMNS, is_asked)

    def row_fingerprints(self, files: Collection[str]) -> pd.DataFrame:
        """The fingerprints of the rows of some input files, as ``fingerprints.write`` has them."""
        is_asked = pc.field("source_file").isin(pa.array(list(files), pa.string()))
        path = self.folder / "data" / fingerprints.NAME
        frame = received.rows(path, FINGERPRINT_COLUMNS, is_asked)
        return frame.astype({"source_file": "str"})

"""A finished run, read from its folder and, where they are, its working papers.

Whoever needs a file of a run reads it here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.errors import ParameterError
from sv_lib.figures.saved import AMOUNT, TRAIL
from sv_lib.publish.files import fingerprints, manifest, received
from sv_lib.publish.files.data_tables import path_of
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.files.received_trail import rows

NO_PAPERS = "not shown: the working papers of this run do not lie beside it"

SOURCE_COLUMNS = {"source_file": pa.string(), "source_row": pa.int64()}
TRAIL_COLUMNS = {
    "figure_id": pa.string(),
    **SOURCE_COLUMNS,
    "amount": AMOUNT,
    "is_about_people": pa.bool_(),
}
FINGERPRINT_COLUMNS = {**SOURCE_COLUMNS, "fingerprint": pa.uint64()}

Line = dict[str, str]
"""One row of a CSV file: the cells by their heading."""


@dataclass(frozen=True)
class FinishedRun:
    """A run folder, its manifest and the folder of its working papers.

    ``papers`` is None where they do not lie beside the run. Everything else is read when it is
    asked for.
    """

    folder: Path
    manifest: Mapping[str, Any]
    papers: Path | None = None

    @classmethod
    def read(cls, folder: Path) -> FinishedRun:
        """The run in a folder; its manifest is empty when there is none of this version."""
        papers = beside(folder) if manifest.has_papers(folder) else None
        return cls(folder, manifest.read(folder), papers)

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

    @cached_property
    def whole_figures(self) -> dict[str, Line]:
        """The figures as ``figures`` has them, with nothing hidden where the papers are there."""
        return {line["figure_id"]: line for line in self.whole_table("figures")}

    def table(self, name: str) -> list[Line]:
        """The rows of a data table."""
        return received.table(path_of(self.folder, name))

    def whole_table(self, name: str) -> list[Line]:
        """The rows of a data table with nothing left out, where the working papers are there."""
        if self.papers is None:
            return self.table(name)
        return received.table(self.papers / f"{name}.csv")

    def trail_rows(self, figure_ids: list[str]) -> pd.DataFrame:
        """The input rows behind some figures, columns ``TRAIL_COLUMNS``; needs the papers."""
        is_asked = pc.field("figure_id").isin(figure_ids)
        return rows(self._papers / TRAIL, TRAIL_COLUMNS, is_asked)

    def row_fingerprints(self, files: Collection[str]) -> pd.DataFrame:
        """The fingerprints of the rows of some input files; needs the papers."""
        is_asked = pc.field("source_file").isin(pa.array(list(files), pa.string()))
        path = self._papers / fingerprints.NAME
        frame = rows(path, FINGERPRINT_COLUMNS, is_asked)
        return frame.astype({"source_file": "str"})

    @property
    def _papers(self) -> Path:
        if self.papers is None:
            raise ParameterError(
                str(self.folder),
                "the working papers of this run do not lie beside it",
                "the rows behind its figures stand nowhere else.",
                f"put the folder {beside(self.folder).name} beside it.",
            )
        return self.papers

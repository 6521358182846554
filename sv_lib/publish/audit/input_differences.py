"""What went into two runs differently: files, rows, corrections, prices, parameters, code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from sv_lib.intake.findings import counted
from sv_lib.publish.files.finished_run import FinishedRun

SHOWN = 8
"""How many row numbers of a file are listed."""
SETTINGS = ("parameters", "code_sha256", "lock_sha256", "versions")
NOTHING = "nothing that the runs record"
FEW_FILES = 2
"""How many changed files are named as a cause; more are only counted."""

RowKey = tuple[str, int]
"""An input file and the number of a row in it."""


@dataclass(frozen=True)
class InputDifferences:
    """What differs between the inputs of an earlier and a later run.

    Rows have the number of the later run. A row that is gone has its old number, negative.
    """

    then: FinishedRun
    now: FinishedRun

    @cached_property
    def files(self) -> dict[str, str]:
        """Input files that differ: "added", "removed" or "changed"."""
        return files_moved(self.then.manifest, self.now.manifest)

    @property
    def changed_files(self) -> list[str]:
        """Files that both runs have, with other content."""
        return [name for name, how in self.files.items() if how == "changed"]

    @cached_property
    def settings(self) -> dict[str, str]:
        """Settings that differ, by dotted name, with both values in words.

        They are parameters, code, lock and library versions.
        """
        then = _settings(self.then)
        now = _settings(self.now)
        moved = [name for name in sorted(then | now) if then.get(name) != now.get(name)]
        absent = "not there"
        return {
            name: f"{name}: {then.get(name, absent)} -> {now.get(name, absent)}" for name in moved
        }

    @property
    def parameters(self) -> list[str]:
        """Of the settings that differ, the parameters, in words."""
        return [words for name, words in self.settings.items() if _is_parameter(name)]

    @property
    def tools(self) -> list[str]:
        """Of the settings that differ, code, lock and libraries, in words."""
        return [words for name, words in self.settings.items() if not _is_parameter(name)]

    @cached_property
    def row_pairs(self) -> pd.DataFrame:
        """Rows of the changed files, then and now.

        Columns ``source_file, was, now``: row numbers, either blank when the other run has no row
        with that content.
        """
        pairs = _numbered_alike(self.then, self.changed_files).merge(
            _numbered_alike(self.now, self.changed_files),
            on=["source_file", "fingerprint", "nth"],
            how="outer",
            suffixes=("_was", "_now"),
            validate="1:1",
        )
        pairs = pairs.rename(columns={"source_row_was": "was", "source_row_now": "now"})
        return pairs[["source_file", "was", "now"]]

    @cached_property
    def rows(self) -> dict[RowKey, str]:
        """Rows of changed files that were "added", "removed" or "changed".

        A row is changed when other content stands in the same place.
        """
        pairs = self.row_pairs
        lost = _keys(pairs[pairs["now"].isna()], "was")
        new = _keys(pairs[pairs["was"].isna()], "now")
        found = dict.fromkeys(lost & new, "changed")
        found |= dict.fromkeys(new - lost, "added")
        found |= {(file, -row): "removed" for file, row in lost - new}
        return found

    @cached_property
    def corrected(self) -> set[tuple[str, str]]:
        """File and row of each correction that only one run has, or has in other words.

        A public run says of people's rows only that they were corrected, so these have no number.
        """
        declared = _corrections(self.then) ^ _corrections(self.now)
        corrections = [json.loads(text) for text in declared]
        return {(correction["file"], correction["row"]) for correction in corrections}

    @cached_property
    def repriced(self) -> set[RowKey]:
        """Claims whose file is the same and whose proxy or edition is not."""
        then = _prices(self.then)
        now = _prices(self.now)
        moved = [row for row in then.keys() & now.keys() if then[row] != now[row]]
        return {(file, number) for file, number in moved if file not in self.files}

    def lines(self) -> list[str]:
        """Files, then corrections, then parameters that differ, a line each."""
        files = [self._file_line(name, how) for name, how in self.files.items()]
        # Row numbers are text, so shorter ones come first to sort them as numbers.
        corrected = sorted(self.corrected, key=lambda at: (at[0], len(at[1]), at[1]))
        corrections = [
            f"correction of {file}, row {row}: not the same in both" for file, row in corrected
        ]
        return [*files, *corrections, *self.parameters]

    def cause(self, file: str, row: int) -> str:
        """Why an input row counts differently.

        What happened to the row itself comes first, else whatever else differs between the runs.
        """
        if (file, str(row)) in self.corrected:
            return f"corrections of {file}"
        if self.files.get(file) in ("added", "removed"):
            return f"the file {file}, {self.files[file]}"
        if (file, row) in self.rows:
            return f"rows {self.rows[file, row]} in {file}"
        if (file, row) in self.repriced:
            return "proxy or edition of claims"
        causes = [name for name in self.changed_files if name != file]
        if len(causes) > FEW_FILES:
            causes = [f"other inputs ({len(causes)} files)"]
        if self.parameters:
            causes.append("parameters")
        if "code_sha256" in self.settings:
            causes.append("method (code)")
        if not causes:
            causes = ["library versions" if self.tools else NOTHING]
        return " or ".join(causes)

    def _file_line(self, name: str, how: str) -> str:
        runs = [run for run in (self.then, self.now) if name in run.inputs]
        counts = " -> ".join(f"{run.inputs[name]['rows']:,} rows" for run in runs)
        rows = self._rows_in_words(name) if how == "changed" else ""
        return f"{name}: {how}, {counts}{rows}"

    def _rows_in_words(self, name: str) -> str:
        """Which rows of a changed file differ."""
        words = ""
        for what in ("added", "removed", "changed"):
            rows = [row for (file, row), how in self.rows.items() if (file, how) == (name, what)]
            if rows:
                numbers = sorted(abs(row) for row in rows)
                listed = ", ".join(map(str, numbers[:SHOWN]))
                others = " and others" if len(rows) > SHOWN else ""
                words += f"; {counted(len(rows), 'row')} {what} (row {listed}{others})"
        return words or "; no row in use differs but in what is about people, or in its place"


def files_moved(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """Input files that differ between two manifests: path -> "added", "removed" or "changed"."""
    old = {file["path"]: file["sha256"] for file in then["inputs"]}
    new = {file["path"]: file["sha256"] for file in now["inputs"]}
    moved = {}
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            moved[name] = "added"
        elif name not in new:
            moved[name] = "removed"
        elif old[name] != new[name]:
            moved[name] = "changed"
    return moved


def _settings(run: FinishedRun) -> dict[str, str]:
    return dict(_flat({key: run.manifest[key] for key in SETTINGS}))


def _is_parameter(name: str) -> bool:
    return name.startswith("parameters.")


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings as dotted names and text."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{name}.{key}" if name else str(key))
    elif isinstance(value, str):
        yield name, value
    else:
        yield name, json.dumps(value, sort_keys=True)


def _numbered_alike(run: FinishedRun, files: list[str]) -> pd.DataFrame:
    """Fingerprints of the rows of files, with ``nth`` to tell rows of the same content apart."""
    rows = run.row_fingerprints(files)
    return rows.assign(nth=rows.groupby(["source_file", "fingerprint"], dropna=False).cumcount())


def _keys(pairs: pd.DataFrame, column: str) -> set[RowKey]:
    numbers = pairs[column].astype("int64")
    return set(zip(pairs["source_file"], numbers.tolist(), strict=True))


def _corrections(run: FinishedRun) -> set[str]:
    return {json.dumps(correction, sort_keys=True) for correction in run.manifest["corrections"]}


def _prices(run: FinishedRun) -> dict[RowKey, tuple[str, str]]:
    """Proxy and edition of each claim by its file and row."""
    return {
        (claim["source_file"], int(claim["source_row"])): (claim["proxy"], claim["edition"])
        for claim in run.table("claims")
    }

"""What went into two runs differently: files, rows, corrections, prices, parameters, code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from sv_lib.intake.findings import counted
from sv_lib.publish.files.finished_run import NO_PAPERS, FinishedRun

SHOWN = 8
"""How many row numbers of a file are listed."""
SETTINGS = ("parameters", "code_sha256", "lock_sha256", "versions")
NOTHING = "nothing that the runs record"
FEW_FILES = 2
"""How many changed files are named as a cause; more are only counted."""

RowKey = tuple[str, int]
"""An input file and the number of a row in it."""
Content = tuple[str, int, int]
"""An input file, the fingerprint of a row, and how many rows before it in the file are the same."""
Key = TypeVar("Key", str, RowKey)


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
    def has_papers(self) -> bool:
        """Whether both runs have their working papers, where rows and all hashes stand."""
        return bool(self.then.papers and self.now.papers)

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
        words = {}
        for name in differences(then, now):
            before = then.get(name, "not there")
            after = now.get(name, "not there")
            words[name] = f"{name}: {before} -> {after}"
        return words

    @property
    def parameters(self) -> list[str]:
        """Of the settings that differ, the parameters, in words."""
        return [words for name, words in self.settings.items() if _is_parameter(name)]

    @property
    def tools(self) -> list[str]:
        """Of the settings that differ, code, lock and libraries, in words."""
        return [words for name, words in self.settings.items() if not _is_parameter(name)]

    @cached_property
    def numbers(self) -> dict[RowKey, int]:
        """The later run's number of each row that the earlier run has in a changed file.

        A row that is gone keeps its number if another row stands in its place now; if none does,
        its number is negative.
        """
        now = self._rows_now
        numbers = {}
        for content, place in self._rows_then.items():
            if content not in now:
                number = place[1]
                numbers[place] = number if place in self._added else -number
        # Kept rows come last: a file may give one row to two tables, of which one is unchanged.
        for content, place in self._rows_then.items():
            if content in now:
                numbers[place] = now[content][1]
        return numbers

    @cached_property
    def rows(self) -> dict[RowKey, str]:
        """Rows of changed files that were "added", "removed" or "changed".

        A row is changed when other content stands in the same place.
        """
        lost = {}
        for content in self._rows_then.keys() - self._rows_now.keys():
            place = self._rows_then[content]
            lost[place[0], self.numbers[place]] = content
        return differences(lost, self._added)

    @cached_property
    def _added(self) -> dict[RowKey, Content]:
        """Rows of the later run with content that the earlier run does not have."""
        contents = self._rows_now.keys() - self._rows_then.keys()
        return {self._rows_now[content]: content for content in contents}

    @cached_property
    def _rows_then(self) -> dict[Content, RowKey]:
        return self._rows_by_content(self.then)

    @cached_property
    def _rows_now(self) -> dict[Content, RowKey]:
        return self._rows_by_content(self.now)

    def _rows_by_content(self, run: FinishedRun) -> dict[Content, RowKey]:
        """File and number of the rows of changed files, by what stands in them."""
        if not self.has_papers:
            return {}
        rows = run.row_fingerprints(self.changed_files)
        content = ["source_file", "fingerprint"]
        rows["nth"] = rows.groupby(content, dropna=False).cumcount()
        return {
            (file, fingerprint, nth): (file, number)
            for file, number, fingerprint, nth in rows.itertuples(index=False)
        }

    @cached_property
    def corrected(self) -> set[tuple[str, str]]:
        """File and row of each correction that only one run has, or has in other words.

        A public manifest says no more than that there was one, so these have no number.
        """
        declared = _corrections(self.then) ^ _corrections(self.now)
        corrections = [json.loads(text) for text in declared]
        return {(correction["file"], correction["row"]) for correction in corrections}

    @cached_property
    def repriced(self) -> set[RowKey]:
        """Claims whose file is the same and whose proxy or edition is not."""
        then = _prices(self.then)
        now = _prices(self.now)
        changed = {row for row in then.keys() & now.keys() if then[row] != now[row]}
        return {row for row in changed if row[0] not in self.files}

    def lines(self) -> list[str]:
        """Files, then corrections, then parameters that differ, a line each."""
        files = [self._file_line(name, how) for name, how in self.files.items()]
        # Row numbers are text, so shorter ones come first to sort them as numbers.
        corrected = sorted(self.corrected, key=lambda at: (at[0], len(at[1]), at[1]))
        corrections = [
            f"correction of {file}, row {row}: not the same in both" for file, row in corrected
        ]
        return [*files, *corrections, *self.parameters]

    @property
    def closed(self) -> list[str]:
        """What cannot be compared, because the working papers are not there."""
        return [] if self.has_papers else [f"rows, and files about people: {NO_PAPERS}"]

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
        files = [run.inputs[name] for run in (self.then, self.now) if name in run.inputs]
        counts = " -> ".join(f"{file['rows']:,} rows" for file in files)
        line = f"{name}: {how}, {counts}"
        return line + self._rows_in_words(name) if how == "changed" else line

    def _rows_in_words(self, name: str) -> str:
        """Which rows of a changed file differ."""
        if not self.has_papers:
            return ""
        words = ""
        for what in ("added", "removed", "changed"):
            rows = [row for (file, row), how in self.rows.items() if (file, how) == (name, what)]
            if rows:
                numbers = sorted(abs(row) for row in rows)
                listed = ", ".join(map(str, numbers[:SHOWN]))
                others = " and others" if len(rows) > SHOWN else ""
                words += f"; {counted(len(rows), 'row')} {what} (row {listed}{others})"
        return words or "; no row in use differs but in what is about people, or in its place"


def differences(then: Mapping[Key, object], now: Mapping[Key, object]) -> dict[Key, str]:
    """What differs between two mappings: key -> "added", "removed" or "changed", keys sorted."""
    found = {}
    for key in sorted(then.keys() | now.keys()):
        if key not in then:
            found[key] = "added"
        elif key not in now:
            found[key] = "removed"
        elif then[key] != now[key]:
            found[key] = "changed"
    return found


def files_moved(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """Input files that differ between two manifests: path -> "added", "removed" or "changed".

    A public manifest keeps no hash of some files: nothing is said of these.
    """
    before = _file_hashes(then)
    after = _file_hashes(now)
    closed = {name for name in before.keys() & after.keys() if not (before[name] and after[name])}
    found = differences(before, after)
    return {name: how for name, how in found.items() if name not in closed}


def _file_hashes(manifest: Mapping[str, Any]) -> dict[str, str | None]:
    return {file["path"]: file["sha256"] for file in manifest["inputs"]}


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


def _corrections(run: FinishedRun) -> set[str]:
    return {json.dumps(correction, sort_keys=True) for correction in run.manifest["corrections"]}


def _prices(run: FinishedRun) -> dict[RowKey, tuple[str, str]]:
    """Proxy and edition of each claim by its file and row."""
    return {
        (claim["source_file"], int(claim["source_row"])): (claim["proxy"], claim["edition"])
        for claim in run.whole_table("claims")
    }

"""Two runs side by side: what went in differently, and every figure that moved with the cause of
each
part.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import ParameterError
from sv_lib.figures.saved import TRAIL, rows_of
from sv_lib.intake.findings import counted
from sv_lib.periods import Period
from sv_lib.publish.audit.trace import exact
from sv_lib.publish.files import fingerprints, manifest

CHANGES = "changes"
"""The table of the calculation that says what moved since the last publication: figure, before,
now,
why.
"""
SHOWN = 8
HEADLINE = re.compile(r"headline\..*\.this")
KEY = ["source_file", "source_row"]
SETTINGS = ("parameters", "code_sha256", "lock_sha256", "versions")
NOTHING = "nothing that the runs record"

Row = tuple[str, int]


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, manifest and lines of figures.csv by id."""

    folder: Path
    manifest: dict[str, Any]
    figures: dict[str, dict[str, str]]

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Raises ParameterError for a folder that is no run of this version."""
        content = manifest.read(folder)
        missing = [
            name
            for name in ("figures.csv", "claims.csv", f"data/{TRAIL}")
            if not (folder / name).is_file()
        ]
        if not content or missing:
            raise ParameterError(
                str(folder),
                f"{', '.join(missing or [manifest.NAME])} is missing or cannot be used",
                "only a finished run can be compared.",
                "name the folder of a publication, or run it again.",
            )
        return cls(folder, content, read_figures(folder))

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """The input files by their path."""
        return {file["path"]: file for file in self.manifest["inputs"]}

    def claims(self) -> dict[Row, tuple[str, str]]:
        """Proxy and edition of each claim, by its file and row."""
        found = _lines(self.folder / "claims.csv")
        return {(c["source_file"], int(c["source_row"])): (c["proxy"], c["edition"]) for c in found}


@dataclass(frozen=True)
class Move:
    """A figure that differs. ``parts``: cause -> amount, adding up to the change; ``follows``: the
    figures it is of.
    """

    figure_id: str
    unit: str
    then: str
    now: str
    parts: Mapping[str, Decimal]
    follows: tuple[str, ...]

    def in_words(self) -> list[str]:
        """The figure on one line, then a line a part."""
        values = [exact(value, self.unit) for value in (self.then, self.now)]
        is_known = self.then and self.now
        change = (
            self._signed(Decimal(self.now) - Decimal(self.then))
            if is_known
            else "known in one of the two only"
        )
        lines = [f"{self.figure_id}: {values[0]} -> {values[1]} ({change})"]
        lines += [
            f"    {self._signed(part)}  {cause}" for cause, part in sorted(self.parts.items())
        ]
        return lines + ([f"    follows {' and '.join(self.follows)}"] if self.follows else [])

    def _signed(self, amount: Decimal) -> str:
        unit = "percentage points" if self.unit == "percent" else self.unit
        return f"{'+' if amount >= 0 else ''}{exact(str(amount), unit)}"


@dataclass(frozen=True)
class Comparison:
    """Two runs. Rows of the later run go by their own number; rows that are gone by their old one,
    negative.
    """

    then: Run
    now: Run

    @cached_property
    def files(self) -> dict[str, str]:
        """Input files that differ: "added", "removed" or "changed"."""
        return files_moved(self.then.manifest, self.now.manifest)

    @cached_property
    def settings(self) -> dict[str, str]:
        """Parameters, code, lock and library versions that differ, by their dotted name, with both
        values.
        """
        sides = [{key: run.manifest[key] for key in SETTINGS} for run in (self.then, self.now)]
        then, now = (dict(_flat(side)) for side in sides)
        names = [
            name for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)
        ]
        return {
            name: f"{name}: {then.get(name, 'not there')} -> {now.get(name, 'not there')}"
            for name in names
        }

    @property
    def tools(self) -> list[str]:
        """Of the settings that differ, those that are no parameters."""
        return [
            words for name, words in self.settings.items() if not name.startswith("parameters.")
        ]

    @cached_property
    def _sides(self) -> pd.DataFrame:
        """Rows of the changed files as they were and are: ``source_file, was, now``, either
        missing.
        """
        changed = [name for name, how in self.files.items() if how == "changed"]
        sides = [fingerprints.read(run.folder / "data", changed) for run in (self.then, self.now)]
        for side in sides:
            side["nth"] = side.groupby(["source_file", "fingerprint"]).cumcount()
        both = sides[0].merge(
            sides[1], on=["source_file", "fingerprint", "nth"], how="outer", suffixes=("_was", "")
        )
        return both.rename(columns={"source_row_was": "was", "source_row": "now"})[
            ["source_file", "was", "now"]
        ]

    @cached_property
    def rows(self) -> dict[Row, str]:
        """Rows of changed files that were "added", "removed" or "changed" (another content at the
        same
        place).
        """
        gone, come = self._sides[self._sides["now"].isna()], self._sides[self._sides["was"].isna()]
        lost = {
            (file, int(row)) for file, row in zip(gone["source_file"], gone["was"], strict=True)
        }
        new = {(file, int(row)) for file, row in zip(come["source_file"], come["now"], strict=True)}
        found = dict.fromkeys(lost & new, "changed") | dict.fromkeys(new - lost, "added")
        return found | {(file, -row): "removed" for file, row in lost - new}

    @cached_property
    def corrected(self) -> set[tuple[str, str]]:
        """Files and rows with a correction that the other run has not, or has differently; no row
        of
        people is told.
        """
        sides = [
            {json.dumps(c, sort_keys=True) for c in run.manifest["corrections"]}
            for run in (self.then, self.now)
        ]
        declared = [json.loads(text) for text in sides[0] ^ sides[1]]
        return {(correction["file"], correction["row"]) for correction in declared}

    @cached_property
    def repriced(self) -> set[Row]:
        """Claims of files that are the same, whose proxy or edition is not."""
        then, now = self.then.claims(), self.now.claims()
        return {
            row
            for row in then.keys() & now.keys()
            if then[row] != now[row] and row[0] not in self.files
        }

    def went_in(self) -> list[str]:
        """Input files with their rows, corrections and parameters: a line for each that differs,
        files
        first.
        """
        lines = []
        for name, how in self.files.items():
            counts = [
                f"{run.inputs[name]['rows']:,} rows"
                for run in (self.then, self.now)
                if name in run.inputs
            ]
            lines.append(
                f"{name}: {how}, "
                f"{' -> '.join(counts)}{self._rows_of(name) if how == 'changed' else ''}"
            )
        corrected = sorted(self.corrected, key=lambda at: (at[0], len(at[1]), at[1]))
        lines += [
            f"correction of {file}, row {row}: not the same in both" for file, row in corrected
        ]
        return lines + [words for words in self.settings.values() if words not in self.tools]

    def _rows_of(self, name: str) -> str:
        """Which rows of a changed file differ, in words."""
        said = ""
        for what in ("added", "removed", "changed"):
            rows = sorted(
                abs(row) for (file, row), how in self.rows.items() if (file, how) == (name, what)
            )
            numbers = (
                f"row {', '.join(map(str, rows[:SHOWN]))}{' and others' * (len(rows) > SHOWN)}"
            )
            said += f"; {counted(len(rows), 'row')} {what} ({numbers})" if rows else ""
        return said or "; no row in use differs but in what is about people, or in its place"

    def moved(self, among: Collection[str] | None = None) -> list[Move]:
        """Every figure of both runs, or of some, whose value differs, in the order of the later
        run's
        trail.
        """
        old = self.then.figures
        lines = [
            line
            for name, line in self.now.figures.items()
            if name in old and (among is None or name in among)
        ]
        pairs = [(old[line["figure_id"]], line) for line in lines]
        pairs = [(then, now) for then, now in pairs if then["value"] != now["value"]]
        own = [now["figure_id"] for _, now in pairs if not now["numerator_id"]]
        parts = self._parts(own) if own else {}
        moves = []
        for then, now in pairs:
            follows = tuple(name for name in (now["numerator_id"], now["denominator_id"]) if name)
            mine = dict(parts.get(now["figure_id"], {})) if then["value"] and now["value"] else {}
            if now["value"] and then["value"] and not follows:
                rest = Decimal(now["value"]) - Decimal(then["value"]) - sum(mine.values())
                mine |= {NOTHING: mine.get(NOTHING, 0) + rest} if rest else {}
            moves.append(
                Move(now["figure_id"], now["unit"], then["value"], now["value"], mine, follows)
            )
        return moves

    def lines(self) -> list[str]:
        """The comparison as text."""
        names = [
            f"{run.manifest['council']}/{run.manifest['publication']}"
            for run in (self.then, self.now)
        ]
        moves, then, now = self.moved(), self.then.figures, self.now.figures
        parts = {
            "What went in differently": [*self.went_in(), *self.tools] or ["nothing"],
            f"Figures that moved: {len(moves)} of {len(then.keys() & now.keys())}": [
                line for move in moves for line in move.in_words()
            ],
            "Figures of the first only": sorted(then.keys() - now.keys()) or ["none"],
            "Figures of the second only": sorted(now.keys() - then.keys()) or ["none"],
        }
        sections = (["", title, *(f"  {line}" for line in rows)] for title, rows in parts.items())
        return [" -> ".join(names), *(line for section in sections for line in section)]

    def _parts(self, ids: list[str]) -> dict[str, dict[str, Decimal]]:
        """Of each figure that has rows: cause -> what the rows of that cause add to its change."""
        sides = [self._trail(run, ids) for run in (self.then, self.now)]
        both = sides[0].merge(
            sides[1], on=["figure_id", *KEY, "nth"], how="outer", suffixes=("_was", "")
        )
        both = both[both["amount_was"].fillna("") != both["amount"].fillna("")]
        parts: dict[str, dict[str, Decimal]] = {}
        values = (both[name] for name in ("figure_id", *KEY, "amount_was", "amount"))
        for figure_id, file, row, was, amount in zip(*values, strict=True):
            change = Decimal(0 if pd.isna(amount) else amount) - Decimal(0 if pd.isna(was) else was)
            mine, cause = parts.setdefault(figure_id, {}), self._cause(file, row)
            mine[cause] = mine.get(cause, Decimal(0)) + change
        return parts

    def _trail(self, run: Run, ids: list[str]) -> pd.DataFrame:
        """The rows of figures, numbered as in the later run; amounts as text, which compares fast
        and
        exactly.
        """
        rows = rows_of(run.folder / "data" / TRAIL, ids).astype(
            {"figure_id": "str", "source_file": "str"}
        )
        if run is self.then and not self._sides.empty:
            seen = (
                self._sides.dropna(subset="was")
                .drop_duplicates(["source_file", "was"])
                .astype({"was": "int64"})
            )
            rows = rows.merge(
                seen, left_on=KEY, right_on=["source_file", "was"], how="left", validate="m:1"
            )
            number = rows["now"].fillna(rows["source_row"]).astype("int64")
            keys = zip(rows["source_file"], rows["source_row"], strict=True)
            is_gone = pd.Series([(file, -row) in self.rows for file, row in keys], dtype="bool")
            rows["source_row"] = number.mask(is_gone, -number)
        rows = rows[["figure_id", *KEY, "amount"]].assign(amount=rows["amount"].astype(str))
        return rows.assign(nth=rows.groupby(["figure_id", *KEY]).cumcount())

    def _cause(self, file: str, row: int) -> str:
        """Why a row counts differently: what happened to the row itself, else what else differs
        between the runs.
        """
        if (file, str(row)) in self.corrected:
            return f"corrections of {file}"
        if self.files.get(file) in ("added", "removed"):
            return f"the file {file}, {self.files[file]}"
        if (file, row) in self.rows:
            return f"rows {self.rows[file, row]} in {file}"
        if (file, row) in self.repriced:
            return "proxy or edition of claims"
        others = [name for name, how in self.files.items() if name != file and how == "changed"]
        kinds = others if len(others) <= 2 else [f"other inputs ({len(others)} files)"]
        kinds += ["parameters"] * (len(self.settings) > len(self.tools))
        kinds += ["method (code)"] * ("code_sha256" in self.settings)
        return " or ".join(kinds or ["library versions" if self.tools else NOTHING])


def compare(then: Path, now: Path) -> list[str]:
    """What differs between two run folders, as lines. Raises ParameterError for a folder that is no
    run.
    """
    return Comparison(Run.open(then), Run.open(now)).lines()


def headlines(then: Run, now: Run) -> pd.DataFrame:
    """Of the headline figures of both runs: ``figure, before, now`` as printed and ``why``, the
    parts
    of the change.
    """
    ids = [name for name in now.figures if HEADLINE.fullmatch(name) and name in then.figures]
    why = {
        move.figure_id: "; ".join(line.strip() for line in move.in_words()[1:])
        for move in Comparison(then, now).moved(ids)
    }
    rows = [
        (
            now.figures[name]["label"],
            _printed(then.figures[name]),
            _printed(now.figures[name]),
            why.get(name, "no change"),
        )
        for name in ids
    ]
    return pd.DataFrame(rows, columns=["figure", "before", "now", "why"])


def _printed(line: Mapping[str, str]) -> str:
    """A figure as it was printed, with its period."""
    start, end = (date.fromisoformat(line[f"period_{edge}"]) for edge in ("start", "end"))
    return f"{line['display']} ({Period(start, end)})"


def read_figures(folder: Path) -> dict[str, dict[str, str]]:
    """The lines of a run's figures.csv, by id."""
    return {line["figure_id"]: line for line in _lines(folder / "figures.csv")}


def files_moved(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, str]:
    """Input files that differ between two manifests: path -> "added", "removed" or "changed"."""
    old, new = ({file["path"]: file["sha256"] for file in side["inputs"]} for side in (then, now))
    return {
        name: "changed" if name in old and name in new else "added" if name in new else "removed"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    }


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings as dotted names and text."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{name}.{key}" if name else str(key))
    else:
        yield name, value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

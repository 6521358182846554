"""Two runs compared: what went in differently, and each figure that moved with the causes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd

from sv_lib.errors import ParameterError
from sv_lib.periods import Period
from sv_lib.publish.audit.input_differences import NOTHING, InputDifferences
from sv_lib.publish.audit.trace import exact, parts_of
from sv_lib.publish.files import manifest
from sv_lib.publish.files.finished_run import FinishedRun, Line

CHANGES = "changes"
"""The table of what moved since the previous publication: ``figure, before, now, why``."""
HEADLINE = re.compile(r"headline\..*\.this")
KEY = ["source_file", "source_row"]

Parts = dict[str, Decimal]
"""Cause -> what the rows with that cause add to a figure's change."""


@dataclass(frozen=True)
class Move:
    """A figure that differs between two runs.

    ``then`` and ``now``: its exact values, blank for not known.
    ``parts``: cause -> amount; the amounts add up to the change.
    ``follows``: ids of the figures that it is worked out from.
    """

    figure_id: str
    unit: str
    then: str
    now: str
    parts: Mapping[str, Decimal]
    follows: tuple[str, ...]

    def in_words(self) -> list[str]:
        """The figure on one line, then a line for each part."""
        change = "known in one of the two only"
        if self.then and self.now:
            change = self._signed(Decimal(self.now) - Decimal(self.then))
        then = exact(self.then, self.unit)
        now = exact(self.now, self.unit)
        lines = [f"{self.figure_id}: {then} -> {now} ({change})"]
        for cause, amount in sorted(self.parts.items()):
            lines.append(f"    {self._signed(amount)}  {cause}")
        if self.follows:
            lines.append(f"    follows {' and '.join(self.follows)}")
        return lines

    def _signed(self, amount: Decimal) -> str:
        unit = "percentage points" if self.unit == "percent" else self.unit
        sign = "+" if amount >= 0 else ""
        return sign + exact(str(amount), unit)


@dataclass(frozen=True)
class Comparison:
    """An earlier and a later run."""

    then: FinishedRun
    now: FinishedRun

    @cached_property
    def inputs(self) -> InputDifferences:
        """What went into them differently."""
        return InputDifferences(self.then, self.now)

    def moved(self, among: Collection[str] | None = None) -> list[Move]:
        """The figures whose value differs, in the order of the later run.

        ``among``: ids of the figures to look at; by default all that both runs have.
        """
        ids = [
            figure_id
            for figure_id, line in self.now.figures.items()
            if (among is None or figure_id in among)
            and figure_id in self.then.figures
            and line["value"] != self.then.figures[figure_id]["value"]
        ]
        with_rows = [figure_id for figure_id in ids if not parts_of(self.now.figures[figure_id])]
        parts = self._parts(with_rows) if with_rows else {}
        return [self._move(figure_id, parts.get(figure_id, {})) for figure_id in ids]

    def lines(self) -> list[str]:
        """The comparison as text."""
        moves = self.moved()
        then = self.then.figures.keys()
        now = self.now.figures.keys()
        differently = [*self.inputs.lines(), *self.inputs.tools]
        sections = {
            "What went in differently": differently or ["nothing"],
            f"Figures that moved: {len(moves)} of {len(then & now)}": [
                line for move in moves for line in move.in_words()
            ],
            "Figures of the first only": sorted(then - now) or ["none"],
            "Figures of the second only": sorted(now - then) or ["none"],
        }
        lines = [f"{self.then.name} -> {self.now.name}"]
        for title, rows in sections.items():
            lines += ["", title, *(f"  {row}" for row in rows)]
        return lines

    def _move(self, figure_id: str, parts: Parts) -> Move:
        line = self.now.figures[figure_id]
        then = self.then.figures[figure_id]["value"]
        now = line["value"]
        follows = tuple(parts_of(line))
        if not (then and now):
            parts = {}
        elif not follows:
            # What no row accounts for is said, so that the parts always add up.
            rest = Decimal(now) - Decimal(then) - sum(parts.values())
            if rest:
                parts = parts | {NOTHING: parts.get(NOTHING, Decimal(0)) + rest}
        return Move(figure_id, line["unit"], then, now, parts, follows)

    def _parts(self, figure_ids: list[str]) -> dict[str, Parts]:
        """The parts of the change of each figure that has input rows, by its id."""
        then = self._renumbered(_trail(self.then, figure_ids))
        both = _told_apart(then).merge(
            _told_apart(_trail(self.now, figure_ids)),
            on=["figure_id", *KEY, "nth"],
            how="outer",
            suffixes=("_was", "_now"),
            validate="1:1",
        )
        was = both["amount_was"].fillna("0")
        now = both["amount_now"].fillna("0")
        rows = both.assign(was=was, now=now)[both["amount_was"].ne(both["amount_now"])]
        parts: dict[str, Parts] = {}
        columns = ["figure_id", *KEY, "was", "now"]
        for figure_id, file, row, before, after in rows[columns].itertuples(index=False):
            cause = self.inputs.cause(file, row)
            mine = parts.setdefault(figure_id, {})
            change = Decimal(after) - Decimal(before)
            mine[cause] = mine.get(cause, Decimal(0)) + change
        return parts

    def _renumbered(self, trail: pd.DataFrame) -> pd.DataFrame:
        """A trail of the earlier run with the row numbers of the later one.

        A row that is gone keeps its number, negative.
        """
        pairs = self.inputs.row_pairs.dropna(subset="was")
        if pairs.empty:
            return trail
        # One file may give rows to several tables, so one row may stand here twice.
        pairs = pairs.drop_duplicates(["source_file", "was"]).astype({"was": "int64"})
        pairs = pairs.rename(columns={"was": "source_row"})
        rows = trail.merge(pairs, on=KEY, how="left", validate="m:1")
        number = rows["now"].fillna(rows["source_row"]).astype("int64")
        keys = zip(rows["source_file"], rows["source_row"], strict=True)
        is_gone = [(file, -row) in self.inputs.rows for file, row in keys]
        renumbered = number.mask(pd.Series(is_gone, dtype="bool"), -number)
        return rows.assign(source_row=renumbered)


def opened(folder: Path) -> FinishedRun:
    """A finished run to compare. Raises ParameterError for a folder that is not one."""
    run = FinishedRun.read(folder)
    missing = run.missing()
    if missing or not run.manifest:
        raise ParameterError(
            str(folder),
            f"{', '.join(missing or [manifest.NAME])} is missing or cannot be used",
            "only a finished run can be compared.",
            "name the folder of a publication, or run it again.",
        )
    return run


def compare(then: Path, now: Path) -> list[str]:
    """What differs between two run folders, as lines.

    Raises ParameterError for a folder that is no run.
    """
    return Comparison(opened(then), opened(now)).lines()


def headlines(then: FinishedRun, now: FinishedRun) -> pd.DataFrame:
    """The headline figures of both runs.

    Columns ``figure, before, now`` as printed, and ``why``: the parts of the change.
    """
    headline_ids = [figure_id for figure_id in now.figures if HEADLINE.fullmatch(figure_id)]
    ids = [figure_id for figure_id in headline_ids if figure_id in then.figures]
    why = dict.fromkeys(ids, "no change")
    for move in Comparison(then, now).moved(ids):
        parts = [line.strip() for line in move.in_words()[1:]]
        why[move.figure_id] = "; ".join(parts)
    rows = []
    for figure_id in ids:
        line = now.figures[figure_id]
        before = _printed(then.figures[figure_id])
        rows.append((line["label"], before, _printed(line), why[figure_id]))
    return pd.DataFrame(rows, columns=["figure", "before", "now", "why"])


def _printed(line: Line) -> str:
    """A figure as it was printed, with its period."""
    start = date.fromisoformat(line["period_start"])
    end = date.fromisoformat(line["period_end"])
    return f"{line['display']} ({Period(start, end)})"


def _trail(run: FinishedRun, figure_ids: list[str]) -> pd.DataFrame:
    """The input rows of figures: ``figure_id, source_file, source_row, amount``.

    Amounts are text, which compares fast and exactly.
    """
    return run.trail_rows(figure_ids).astype(
        {"figure_id": "str", "source_file": "str", "amount": "str"}
    )


def _told_apart(trail: pd.DataFrame) -> pd.DataFrame:
    """A trail with ``nth``, because one input row may stand behind a figure more than once."""
    rows = trail[["figure_id", *KEY, "amount"]]
    return rows.assign(nth=rows.groupby(["figure_id", *KEY], dropna=False).cumcount())

"""Two runs compared: what went in differently, and each figure that moved with the causes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pandas as pd

from sv_lib.errors import ParameterError, on_one_line
from sv_lib.figures.protection.release import TOGETHER
from sv_lib.periods import Period
from sv_lib.publish.audit.input_differences import NOTHING, InputDifferences
from sv_lib.publish.audit.trace import exact, parts_of
from sv_lib.publish.files import manifest, received
from sv_lib.publish.files.finished_run import NO_PAPERS, FinishedRun, Line

CHANGES = "changes"
"""The table of what moved since the previous publication: ``figure, before, now, why``."""
FIGURES = "figures.csv"
HEADLINE = re.compile(r"headline\..*\.this")
KEY = ["figure_id", "source_file", "source_row", "amount"]

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
        return sign + exact(amount, unit)


@dataclass(frozen=True)
class Comparison:
    """An earlier and a later run.

    ``in_public``: for a page that all may read, rows about people are one line.
    """

    then: FinishedRun
    now: FinishedRun
    in_public: bool = False

    @cached_property
    def inputs(self) -> InputDifferences:
        """What went into them differently."""
        return InputDifferences(self.then, self.now)

    @cached_property
    def common(self) -> list[str]:
        """Ids of the figures that both runs have, in the order of the later run."""
        return [figure_id for figure_id in self.now.figures if figure_id in self.then.figures]

    def moved(self, among: Iterable[str] | None = None) -> list[Move]:
        """The figures whose value differs.

        ``among``: ids of figures that both runs have; by default all of them.
        """
        then = self.then.figures
        now = self.now.figures
        asked = self.common if among is None else among
        ids = [one for one in asked if then[one]["value"] != now[one]["value"]]
        with_rows = [figure_id for figure_id in ids if not parts_of(now[figure_id])]
        parts = self._parts(with_rows) if with_rows and self.inputs.has_papers else {}
        return [self._move(figure_id, parts.get(figure_id, {})) for figure_id in ids]

    def lines(self) -> list[str]:
        """The comparison as text."""
        moves = self.moved()
        then = self.then.figures.keys()
        now = self.now.figures.keys()
        differently = [*self.inputs.lines(), *self.inputs.tools, *self.inputs.closed]
        moved = [line for move in moves for line in move.in_words()]
        sections = {
            "What went in differently": differently or ["nothing"],
            f"Figures that moved: {len(moves)} of {len(self.common)}": moved,
            "Figures of the first only": sorted(then - now) or ["none"],
            "Figures of the second only": sorted(now - then) or ["none"],
        }
        lines = [f"{self.then.name} -> {self.now.name}"]
        for title, rows in sections.items():
            lines += ["", title]
            lines += [f"  {row}" for row in rows]
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
            cause = NOTHING if self.inputs.has_papers else f"rows {NO_PAPERS}"
            if rest:
                parts[cause] = parts.get(cause, 0) + rest
        return Move(figure_id, line["unit"], then, now, parts, follows)

    def _parts(self, figure_ids: list[str]) -> dict[str, Parts]:
        """The parts of the change of each figure that has input rows, by its id."""
        now = self._trail(self.now, figure_ids).assign(times=1)
        then = self._trail(self.then, figure_ids).assign(times=-1)
        # Rows of the earlier run get the later run's numbers, so that those that both have meet.
        places = zip(then["source_file"], then["source_row"], strict=True)
        then["source_row"] = [self.inputs.numbers.get(place, place[1]) for place in places]
        rows = pd.concat([now, then])
        # A row may stand behind a figure more than once, so what is left is counted.
        times = rows.groupby(KEY, dropna=False, sort=False, as_index=False)["times"].sum()
        moved = times[times["times"] != 0]
        parts: defaultdict[str, Parts] = defaultdict(lambda: defaultdict(Decimal))
        for figure_id, file, row, amount, count in moved.itertuples(index=False):
            cause = self.inputs.cause(file, row)
            parts[figure_id][cause] += count * Decimal(amount)
        return parts

    def _trail(self, run: FinishedRun, figure_ids: list[str]) -> pd.DataFrame:
        """The input rows of figures, columns ``KEY``. Text compares fast and exactly."""
        rows = run.trail_rows(figure_ids)
        rows = rows.astype({"figure_id": "str", "source_file": "str", "amount": "str"})
        if self.in_public:
            is_closed = rows["is_about_people"]
            rows["source_file"] = rows["source_file"].mask(is_closed, TOGETHER)
            rows["source_row"] = rows["source_row"].mask(is_closed, 0)
        return rows[KEY]


def opened(folder: Path) -> FinishedRun:
    """A finished run to compare. Raises ParameterError for a folder that is not one."""
    received.look_over(folder)
    run = FinishedRun.read(folder)
    has_figures = (folder / FIGURES).is_file()
    if not has_figures or not run.manifest:
        raise ParameterError(
            str(folder),
            f"{manifest.NAME if has_figures else FIGURES} is missing or cannot be used",
            "only a finished run can be compared.",
            "name the folder of a publication, or run it again.",
        )
    return run


def compare(then: Path, now: Path) -> list[str]:
    """What differs between two run folders, as lines.

    Raises ParameterError for a folder that is no run.
    """
    return [on_one_line(line) for line in Comparison(opened(then), opened(now)).lines()]


def headlines(then: FinishedRun, now: FinishedRun) -> pd.DataFrame:
    """The headline figures of both runs, for a page that all may read.

    Columns ``figure, before, now`` as printed, and ``why``: the parts of the change.
    """
    both = Comparison(then, now, in_public=True)
    ids = [figure_id for figure_id in both.common if HEADLINE.fullmatch(figure_id)]
    why = {}
    for move in both.moved(ids):
        parts = [line.strip() for line in move.in_words()[1:]]
        why[move.figure_id] = "; ".join(parts)
    rows = []
    for figure_id in ids:
        line = now.figures[figure_id]
        before = _printed(then.figures[figure_id])
        after = _printed(line)
        rows.append((line["label"], before, after, why.get(figure_id, "no change")))
    return pd.DataFrame(rows, columns=["figure", "before", "now", "why"])


def _printed(line: Line) -> str:
    """A figure as it was printed, with its period."""
    start = date.fromisoformat(line["period_start"])
    end = date.fromisoformat(line["period_end"])
    return f"{line['display']} ({Period(start, end)})"

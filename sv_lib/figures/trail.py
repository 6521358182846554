"""The trail of figures: the only place where a figure is made, and where its rows are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Self

import numpy as np
import pandas as pd

from sv_lib.figures.figure import Figure, Kind, Value
from sv_lib.figures.operations import LESS, LESS_AS_PRINTED, OPERATIONS, OVER, PERCENT
from sv_lib.figures.people_behind import COLUMNS, NO_CLAIMS, PeopleBehind, join_people
from sv_lib.figures.trail_rows import NO_ROWS, Bools, Ints, LongTable, Rows
from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period

CLASSES = {"borough-wide": "borough", "outside": "outside", "not known": "unknown"}
CODE = re.compile(r"(?=.*\d)[A-Z][A-Za-z0-9_-]*")
ROWS = ("source_file", "source_row", "amount")
ROWS_PER_FILE = 2**32
"""More rows than any file has."""


class Trail:
    """Figures by id, each with the input rows it was made from.

    Every frame handed to ``total`` and ``count`` holds ``source_file`` and ``source_row``: they say
    which claim, and so which people, each row is about. A frame whose claims were split by home
    holds ``home_lsoa_code`` too, and one of a change between periods ``period``.
    """

    def __init__(self, people: pd.DataFrame = NO_CLAIMS, like: Trail | None = None) -> None:
        """An empty trail.

        ``people``: every claim on people (see ``join_people``). ``like``: a trail whose rows this
        one may take over.
        """
        self._figures: dict[str, Figure] = {}
        self._rows: dict[str, Rows] = {}
        self._files: dict[str, int] = like._files if like else {}
        self._people = people
        self._handed_over: dict[str, pd.DataFrame] = {}
        self._people_behind: PeopleBehind | None = None

    @classmethod
    def of(cls, figures: Iterable[Figure]) -> Self:
        """A trail of values alone, as pages need it."""
        trail = cls()
        trail._figures = {figure.id: figure for figure in figures}
        return trail

    def __getitem__(self, figure_id: str) -> Figure:
        try:
            return self._figures[figure_id]
        except KeyError:
            raise KeyError(f"no figure {figure_id!r} in this run") from None

    def __contains__(self, figure_id: object) -> bool:
        return figure_id in self._figures

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures.values())

    def __len__(self) -> int:
        return len(self._figures)

    def total(
        self,
        figure_id: str,
        label: str,
        frame: pd.DataFrame,
        column: str,
        unit: str,
        period: Period,
        formula: str,
        *,
        caution: str = "",
        missing: str = "",
    ) -> Figure:
        """Add up a column. ``missing`` names an input that was not supplied: then it is not known.

        Raises ValueError when a value is missing, since it would count as nothing, and for floats.
        """
        if missing:
            return self.unknown(figure_id, label, unit, period, missing)
        values = frame[column]
        blanks = int(values.isna().sum())
        if blanks:
            raise ValueError(f"{figure_id}: {blanks} rows have no {column}; class them first")
        if pd.api.types.is_float_dtype(values):
            raise ValueError(f"{figure_id}: {column} holds floats; money and quantities are exact")
        amount: Value = sum(values, Decimal(0)) if values.dtype == object else int(values.sum())
        figure = Figure(figure_id, "total", label, amount, unit, period, formula, caution=caution)
        return self._keep(figure, frame, values)

    def count(
        self,
        figure_id: str,
        label: str,
        frame: pd.DataFrame,
        unit: str,
        period: Period,
        formula: str,
        *,
        distinct: str | None = None,
        missing: str = "",
    ) -> Figure:
        """The number of rows, or of distinct values of a column (each counted at its first row).

        Not known where ``missing`` says which input was not supplied.
        """
        if missing:
            return self.unknown(figure_id, label, unit, period, missing)
        ones = pd.Series(1, index=frame.index, dtype="int64")
        if distinct is not None:
            is_first = ~frame[distinct].duplicated()
            ones = is_first.astype("int64")
        number = int(ones.sum())
        figure = Figure(figure_id, "count", label, number, unit, period, formula)
        return self._keep(figure, frame, ones)

    def ratio(
        self,
        figure_id: str,
        label: str,
        numerator_id: str,
        denominator_id: str,
        formula: str,
        unit: str = "percent",
    ) -> Figure:
        """One figure over another, in percent unless ``unit`` says otherwise.

        Not known when one of them is not, or the lower one is nil.
        """
        operation = PERCENT if unit == "percent" else OVER
        parts = (numerator_id, denominator_id)
        return self.work(figure_id, label, operation, parts, formula, unit=unit)

    def difference(
        self, figure_id: str, label: str, later_id: str, earlier_id: str, formula: str
    ) -> Figure:
        """The later figure less the earlier one. Not known when one of them is not.

        Percentages differ by what the pages print of them, to one decimal place.
        """
        unit = self[later_id].unit
        operation = LESS
        if unit == "percent":
            unit = "percentage points"
            operation = LESS_AS_PRINTED
        parts = (later_id, earlier_id)
        return self.work(figure_id, label, operation, parts, formula, unit=unit)

    def work(
        self,
        figure_id: str,
        label: str,
        operation: str,
        part_ids: Sequence[str],
        formula: str,
        *,
        unit: str,
        caution: str = "",
    ) -> Figure:
        """A figure worked out of others by one of ``operations``, in the period of the first.

        Not known when one of them is not, for the reason of the first that is not; nor where the
        operation would divide by a part that is nil.
        """
        parts = [self[part_id] for part_id in part_ids]
        unknown = [part for part in parts if not part.is_known]
        value: Value | None = None
        kind: Kind = "worked"
        if unknown:
            is_hidden = any(part.kind == "hidden" for part in unknown)
            kind = "hidden" if is_hidden else "unknown"
            caution = unknown[0].caution
        else:
            try:
                value = OPERATIONS[operation].work(*(part.value for part in parts))
            except ZeroDivisionError:
                nil = next(part for part in parts[1:] if part.value == 0)
                is_nil = "is rounded to nil" if nil.mark else "is nil"
                kind, caution = "unknown", f"{nil.label} {is_nil}, so there is no ratio"
            else:
                # Whatever is made from a rounded count is rounded too, and says so.
                rounded = [part.caution for part in parts if part.mark][:1]
                caution = "; ".join(filter(None, [caution, *rounded]))
        period = parts[0].period
        made = (operation, tuple(part_ids), caution)
        return self._add(Figure(figure_id, kind, label, value, unit, period, formula, *made))

    def unknown(self, figure_id: str, label: str, unit: str, period: Period, reason: str) -> Figure:
        """A figure that cannot be given yet, and why."""
        formula = "not known"
        figure = Figure(figure_id, "unknown", label, None, unit, period, formula, caution=reason)
        return self._add(figure)

    def admit(self, figure: Figure, rows: Rows | None) -> None:
        """Take over a figure of the trail that this one is like.

        ``rows``: those that may be shown of it, if any.
        """
        self._add(figure)
        if rows is not None:
            self._rows[figure.id] = rows

    def hand_over(self, figure: Figure, people: pd.DataFrame) -> None:
        """Say who stands behind a figure whose own rows are not claims on people.

        ``people``: claims as the workings have them, or as split by home. Those that do not count
        people are left out; nobody is behind a figure that is not known.
        """
        mine = people[people["counts_people"].astype(bool)]
        if figure.is_known and len(mine):
            mine = mine.reindex(columns=list(COLUMNS))
            if "home_lsoa_code" in people:
                mine["home_lsoa_code"] = _homes(mine)
            self._handed_over[figure.id] = mine
            self._people_behind = None

    def people_behind(self) -> PeopleBehind:
        """Who stands behind every figure made so far."""
        if self._people_behind is None:
            keys = self.keys(self._people)
            table = self.long_table()
            self._people_behind = join_people(table, self._people, keys, self._handed_over)
        return self._people_behind

    def people_measures(self, figure_id: str) -> frozenset[str]:
        """The measures of the claims on people behind a figure; empty where nobody is."""
        return self.people_behind().measures.get(figure_id, frozenset())

    def is_about_people(self, figure_id: str) -> Bools:
        """Which of a figure's ``own_rows`` are about people."""
        return self.people_behind().is_about_people[figure_id]

    def long_table(self) -> LongTable:
        """The rows of all figures that were made from rows."""
        return LongTable.of(self._rows)

    def rank(self, figure_id: str, among: Sequence[str]) -> tuple[int, bool] | None:
        """A figure's place among others, the largest first, and whether another one shares it.

        None while one of them is not known.
        """
        values: list[Value] = []
        others = [one for one in among if one != figure_id]
        for one in (figure_id, *others):
            figure = self._figures.get(one)
            if figure is None or figure.value is None:
                return None
            values.append(figure.value)
        own, *rest = values
        return 1 + sum(value > own for value in rest), own in rest

    @property
    def files(self) -> list[str]:
        """The names of the input files, in the order of their numbers in the keys of rows."""
        return list(self._files)

    def keys(self, frame: pd.DataFrame) -> Ints:
        """Number the input row behind each row: its file's number x ``ROWS_PER_FILE`` + its own."""
        codes, names = pd.factorize(frame["source_file"], use_na_sentinel=False)
        numbers = [self._files.setdefault(str(name), len(self._files)) for name in names]
        files = np.array(numbers, dtype=np.int64)[codes]
        keys: Ints = files * ROWS_PER_FILE + frame["source_row"].to_numpy(dtype=np.int64)
        return keys

    def own_rows(self, figure_id: str) -> Rows | None:
        """The rows a figure was made from; None where it was made from figures, or has none."""
        return self._rows.get(figure_id)

    def row_count(self, figure_id: str) -> int:
        """How many rows ``rows`` has."""
        return len(self._all_rows(figure_id))

    def rows(self, figure_id: str) -> pd.DataFrame:
        """The rows of a figure; of one made from figures, theirs. Columns ``ROWS``."""
        rows = self._all_rows(figure_id)
        names = pd.array(self.files, dtype="str").take(rows.keys // ROWS_PER_FILE)
        columns = (names, rows.keys % ROWS_PER_FILE, rows.amounts)
        return pd.DataFrame(dict(zip(ROWS, columns, strict=True)))

    def _all_rows(self, figure_id: str) -> Rows:
        """The rows of a figure, or those of every figure that it was made from."""
        figure = self[figure_id]
        rows = self._rows.get(figure_id)
        if rows is None:
            rows = NO_ROWS
            for part in figure.parts:
                rows += self._all_rows(part)
        return rows

    def _keep(self, figure: Figure, frame: pd.DataFrame, amounts: pd.Series) -> Figure:
        """Add a figure and append its rows to the long table."""
        self._add(figure)
        kind = object if amounts.dtype == object else np.int64
        exact = amounts.to_numpy(dtype=kind)
        homes = _homes(frame).to_numpy() if "home_lsoa_code" in frame else None
        periods = frame["period"].to_numpy(dtype=object) if "period" in frame else None
        self._rows[figure.id] = Rows(self.keys(frame), exact, homes, periods)
        return figure

    def _add(self, figure: Figure) -> Figure:
        if figure.id in self._figures:
            raise ValueError(f"figure {figure.id} is already in the trail: one number, one place")
        self._figures[figure.id] = figure
        self._people_behind = None
        return figure


def _homes(frame: pd.DataFrame) -> pd.Series:
    """The home areas of claims that were split by home."""
    return frame["home_lsoa_code"].astype("object").fillna(NOT_KNOWN)


def slug(text: str) -> str:
    """A part of a figure id: a ward's code or a reference stays, other text is simplified.

    That leaves small letters, digits and hyphens.
    """
    if CODE.fullmatch(text):
        return text
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def place_id(place: str) -> str:
    """The part of a figure id for a place: a ward's code, or borough, outside, unknown."""
    return CLASSES.get(place, place)


def slugs(texts: Iterable[str]) -> dict[str, str]:
    """A part of a figure id for each text; texts that would share one get a number behind it."""
    parts: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for text in texts:
        part = slug(text) or "other"
        seen[part] += 1
        again = f"--{seen[part]}" if seen[part] > 1 else ""
        parts[text] = part + again
    return parts

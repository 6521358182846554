"""The trail of figures: the only place where a figure is made, and where its rows are kept."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Self

import numpy as np
import pandas as pd

from sv_lib.figures.figure import Figure, Kind, Value
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

    def __init__(self, people: pd.DataFrame | None = None, like: Trail | None = None) -> None:
        """An empty trail.

        ``people``: every claim on people (see ``join_people``). ``like``: a trail whose rows this
        one may take over.
        """
        self._figures: dict[str, Figure] = {}
        self._rows: dict[str, Rows] = {}
        self._files: dict[str, int] = like._files if like else {}
        self._people = people if people is not None else NO_CLAIMS
        self._handed_over: dict[str, pd.DataFrame] = {}
        self._people_behind: PeopleBehind | None = None
        self._digests: dict[bytes, str] = {}

    @classmethod
    def of(
        cls,
        figures: Iterable[Figure],
        files: Iterable[str] = (),
        rows: Mapping[str, Rows] | None = None,
    ) -> Self:
        """A trail of values alone, as pages need it, or with ``files`` and ``rows`` of another."""
        trail = cls()
        trail._figures = {figure.id: figure for figure in figures}
        trail._files = {name: number for number, name in enumerate(files)}
        trail._rows = dict(rows or {})
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
            ones = (~frame[distinct].duplicated()).astype("int64")
        return self._keep(
            Figure(figure_id, "count", label, int(ones.sum()), unit, period, formula), frame, ones
        )

    def ratio(
        self,
        figure_id: str,
        label: str,
        numerator_id: str,
        denominator_id: str,
        formula: str,
        unit: str = "percent",
    ) -> Figure:
        """One figure over another; in percent unless ``unit`` says otherwise. Not known when a part
        is
        not.
        """
        above, below = self[numerator_id], self[denominator_id]
        if above.value is None or below.value is None:
            return self._without(figure_id, label, unit, above, below, formula)
        if below.value == 0:
            reason = f"{below.label} is nil, so there is no ratio"
            return self._derived(
                "unknown", figure_id, label, None, unit, above, below, formula, reason
            )
        value = Fraction(above.value) / Fraction(below.value) * (100 if unit == "percent" else 1)
        return self._derived("ratio", figure_id, label, value, unit, above, below, formula, "")

    def difference(
        self, figure_id: str, label: str, later_id: str, earlier_id: str, formula: str
    ) -> Figure:
        """The later figure less the earlier one. Not known when one of them is not."""
        later, earlier = self[later_id], self[earlier_id]
        unit = "percentage points" if later.unit == "percent" else later.unit
        if later.value is None or earlier.value is None:
            return self._without(figure_id, label, unit, later, earlier, formula)
        value = _less(later.value, earlier.value)
        return self._derived(
            "difference", figure_id, label, value, unit, later, earlier, formula, ""
        )

    def estimate(
        self,
        figure_id: str,
        label: str,
        value: Value,
        base_id: str,
        added_id: str,
        formula: str,
        caution: str,
    ) -> Figure:
        """A projection made by a stated rule from two figures; its caution says that it is not a
        count.
        """
        base, added = self[base_id], self[added_id]
        if base.value is None or added.value is None:
            return self._without(figure_id, label, base.unit, base, added, formula)
        return self._derived(
            "estimate", figure_id, label, value, base.unit, base, added, formula, caution
        )

    def unknown(self, figure_id: str, label: str, unit: str, period: Period, reason: str) -> Figure:
        """A figure that cannot be given yet, and why."""
        return self._add(
            Figure(figure_id, "unknown", label, None, unit, period, "not known", caution=reason)
        )

    def admit(self, figure: Figure, rows: Rows | None) -> None:
        """Take over a figure of the trail that this one is like, with the rows that may be shown of
        it, if any.
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

    def people(self, figure_id: str) -> pd.DataFrame | None:
        """The claims on people behind a figure, columns ``COLUMNS``; None where there is none."""
        return self.people_behind().of(figure_id)

    def is_about_people(self, figure_id: str) -> Bools:
        """Which of a figure's ``own_rows`` are about people."""
        return self.people_behind().is_about_people[figure_id]

    def long_table(self) -> LongTable:
        """The rows of all figures that were made from rows."""
        return LongTable.of(self._rows)

    def rank(self, figure_id: str, among: Sequence[str]) -> int | None:
        """A figure's place among others, the largest first; None while one of them is not known."""
        figures = [self._figures.get(one) for one in (figure_id, *among)]
        known = [figure.value for figure in figures if figure and figure.value is not None]
        return None if len(known) < len(figures) else 1 + sum(value > known[0] for value in known)

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
        """The rows that a figure was made from; None where it was worked out of other figures, or
        has
        none.
        """
        return self._rows.get(figure_id)

    def row_count(self, figure_id: str) -> int:
        """How many rows ``rows`` has."""
        return sum(map(len, self._parts(figure_id)))

    def rows(self, figure_id: str) -> pd.DataFrame:
        """The rows of a figure, columns ``source_file, source_row, amount``; for a ratio or
        difference, its parts'.
        """
        rows = sum(self._parts(figure_id), NO_ROWS)
        names = pd.array(self.files, dtype="str").take(rows.keys // ROWS_PER_FILE)
        return pd.DataFrame(
            dict(zip(ROWS, (names, rows.keys % ROWS_PER_FILE, rows.amounts), strict=True))
        )

    def rows_sha256(self, figure_id: str) -> str:
        """A hash of which rows a figure stands on, whatever their order: a line a file,
        ``name:row,row,...`` sorted.
        """
        keys = np.sort(
            np.concatenate([NO_ROWS.keys, *(rows.keys for rows in self._parts(figure_id))]),
            kind="stable",
        )
        keys = keys[np.diff(keys, prepend=-1) != 0]
        # Many figures stand on the same rows; writing these out takes longer.
        same = hashlib.sha256(keys.tobytes()).digest()
        if same not in self._digests:
            starts = np.searchsorted(keys, np.arange(len(self._files) + 1) * ROWS_PER_FILE)
            lines = [
                f"{name}:{','.join(map(str, (keys[start:end] % ROWS_PER_FILE).tolist()))}"
                for name, start, end in sorted(zip(self._files, starts, starts[1:], strict=False))
                if end > start
            ]
            self._digests[same] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._digests[same]

    def _parts(self, figure_id: str) -> list[Rows]:
        """The rows of a figure, or those of every figure that it was worked out of."""
        figure = self[figure_id]
        if figure_id in self._rows:
            return [self._rows[figure_id]]
        return [
            rows
            for part in (figure.numerator_id, figure.denominator_id)
            if part
            for rows in self._parts(part)
        ]

    def _keep(self, figure: Figure, frame: pd.DataFrame, amounts: pd.Series) -> Figure:
        """Add a figure and append its rows to the long table."""
        self._add(figure)
        exact = amounts.to_numpy() if amounts.dtype == object else amounts.to_numpy(dtype=np.int64)
        homes = _homes(frame).to_numpy() if "home_lsoa_code" in frame else None
        periods = frame["period"].to_numpy(dtype=object) if "period" in frame else None
        self._rows[figure.id] = Rows(self.keys(frame), exact, homes, periods)
        return figure

    def _derived(
        self,
        kind: Kind,
        figure_id: str,
        label: str,
        value: Value | None,
        unit: str,
        above: Figure,
        below: Figure,
        formula: str,
        caution: str,
    ) -> Figure:
        return self._add(
            Figure(
                figure_id,
                kind,
                label,
                value,
                unit,
                above.period,
                formula,
                above.id,
                below.id,
                caution,
            )
        )

    def _without(
        self, figure_id: str, label: str, unit: str, above: Figure, below: Figure, formula: str
    ) -> Figure:
        """A figure that one of its parts leaves without a value: hidden where the part is hidden,
        else
        not known.
        """
        reason = next(part for part in (above, below) if part.value is None)
        kind: Kind = "hidden" if "hidden" in (above.kind, below.kind) else "unknown"
        return self._derived(
            kind, figure_id, label, None, unit, above, below, formula, reason.caution
        )

    def _add(self, figure: Figure) -> Figure:
        if figure.id in self._figures:
            raise ValueError(f"figure {figure.id} is already in the trail: one number, one place")
        self._figures[figure.id] = figure
        self._people_behind = None
        return figure


def _homes(frame: pd.DataFrame) -> pd.Series:
    """The home areas of claims that were split by home."""
    return frame["home_lsoa_code"].astype("object").fillna(NOT_KNOWN)


def _less(later: Value, earlier: Value) -> Value:
    """The exact difference in the finer of the two kinds of number."""
    if isinstance(later, Fraction) or isinstance(earlier, Fraction):
        return Fraction(later) - Fraction(earlier)
    if isinstance(later, Decimal) or isinstance(earlier, Decimal):
        return Decimal(later) - Decimal(earlier)
    return later - earlier


def slug(text: str) -> str:
    """A part of a figure id: a ward code or reference stays, other text becomes small letters,
    digits
    and hyphens.
    """
    return text if CODE.fullmatch(text) else re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def place_id(place: str) -> str:
    """The part of a figure id that stands for a place: a ward's code, or borough, outside,
    unknown.
    """
    return CLASSES.get(place, place)


def slugs(texts: Iterable[str]) -> dict[str, str]:
    """A part of a figure id for each text; texts that would share one get a number behind it."""
    parts: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for text in texts:
        part = slug(text) or "other"
        seen[part] += 1
        parts[text] = f"{part}--{seen[part]}" if seen[part] > 1 else part
    return parts

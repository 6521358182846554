"""How a topic of the report makes its figures.

The figures of a topic are listed in ``topics/<topic>.figures.yaml``: each with its id, its words,
its formula and its unit. The module of the same name says which rows they are made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Self

import pandas as pd

from sv_lib.figures.figure import Figure
from sv_lib.figures.trail import Trail, place_id, slug
from sv_lib.figures.workings import Workings
from sv_lib.params import NOT_KNOWN, Settings
from sv_lib.periods import Period
from sv_lib.strict_yaml import load_as

CHANGE = "this period less the one before, at the same point"
SILENT = {NOT_KNOWN, "not answered", "regime not known", "none recorded"}
"""Classes of rows that say nothing."""
UNITS = {"headcount": "people", "attendance": "people", "residents": "residents"}
"""What columns count whose name does not say that it is money."""


class Declaration(Settings):
    """What is said of a figure once. Words in braces are put in by the topic.

    ``column``: what a total adds up. ``unit``: needed where the column's name does not say it.
    ``of``: the ids of part and whole of a share, or of the later and the earlier of a difference;
    with ``operation``, one of ``operations``, those of its parts in their order.
    """

    label: str
    formula: str
    column: str = ""
    unit: str = ""
    of: tuple[str, ...] = ("", "")
    operation: str = ""


def read_declarations(folder: Path) -> dict[str, Declaration]:
    """The figures that the YAML files of a folder declare, by id.

    Raises ValueError when two of them declare one id.
    """
    found: dict[str, Declaration] = {}
    for path in sorted(folder.glob("*.figures.yaml")):
        declared = load_as(dict[str, Declaration], path)
        twice = sorted(found.keys() & declared)
        if twice:
            raise ValueError(f"{path.name} declares again: {', '.join(twice)}")
        found |= declared
    return found


@cache
def declarations() -> dict[str, Declaration]:
    """The figures of all topics, as the YAML files beside their modules declare them."""
    return read_declarations(Path(__file__).with_name("topics"))


@dataclass(frozen=True)
class Topic:
    """Where figures go, and what those of one topic and period share.

    ``suffix`` ends the id of each, such as "this" or "before". ``missing``: why none of them can be
    given; empty when what they need was supplied. ``words`` are put in for those in braces.
    """

    trail: Trail
    workings: Workings
    period: Period
    suffix: str = ""
    missing: str = ""
    words: Mapping[str, object] = field(default_factory=dict)

    def about(self, **words: object) -> Self:
        """The same topic with words for ids, labels and formulas."""
        return replace(self, words={**self.words, **words})

    def at(self, place: str) -> Self:
        """The same topic with the words for a place: ``place`` in ids, ``name`` in labels."""
        return self.about(place=place_id(place), name=self.workings.name_of(place))

    def needing(self, *tables: str) -> Self:
        """The same topic; its figures are not known unless these tables have its period."""
        return replace(self, missing=self.workings.missing(self.period, *tables))

    def enough(self) -> Self:
        """The same topic, withheld where too few of the returns owed for its period have come."""
        return replace(self, missing=self.missing or self.workings.few_returns(self.period))

    def id_of(self, name: str) -> str:
        """The whole id of a figure."""
        figure_id = self.fill(name)
        return f"{figure_id}.{self.suffix}" if self.suffix else figure_id

    def fill(self, text: str) -> str:
        """A text with the words of the topic put in."""
        return text.format(**self.words)

    def total(
        self, name: str, rows: pd.DataFrame, *, missing: str = "", caution: str = ""
    ) -> Figure:
        """The sum of the declared column."""
        declared = declarations()[name]
        return self.trail.total(
            self.id_of(name),
            self.fill(declared.label),
            rows,
            declared.column,
            self.fill(declared.unit) or _unit_of(declared.column),
            self.period,
            self.fill(declared.formula),
            caution=caution,
            missing=self.missing or missing,
        )

    def total_known(
        self,
        name: str,
        rows: pd.DataFrame,
        *,
        missing: str = "",
        caution: str = "",
        silent: str = "",
    ) -> Figure:
        """The sum of those rows that have a value; the others have no price, or did not say.

        ``silent``: why it is not known where there are rows and none of them has a value.
        """
        known = rows[rows[declarations()[name].column].notna()]
        if len(rows) and known.empty:
            missing = missing or silent
        return self.total(name, known, missing=missing, caution=caution)

    def count(
        self, name: str, rows: pd.DataFrame, *, distinct: str | None = None, missing: str = ""
    ) -> Figure:
        """The number of rows, or of distinct values of a column."""
        declared = declarations()[name]
        return self.trail.count(
            self.id_of(name),
            self.fill(declared.label),
            rows,
            declared.unit,
            self.period,
            self.fill(declared.formula),
            distinct=distinct,
            missing=self.missing or missing,
        )

    def counts_by(self, name: str, rows: pd.DataFrame, classes: Sequence[str]) -> None:
        """How many rows there are in all, and of each class of the declared column.

        Where there is nothing to count, or no row says its class, no class is called nil.
        """
        declared = declarations()[name]
        groups = Groups(rows, declared.column)
        nothing = "" if len(rows) else f"there are no {declared.unit} to count"
        says_so = set(groups) - SILENT
        silent = (
            nothing if says_so else nothing or f"it is recorded for none of the {declared.unit}"
        )
        self.about(key="all", part="all").count(name, rows, missing=nothing)
        for key in classes:
            missing = nothing if key in SILENT else silent
            self.about(key=key, part=slug(key)).count(name, groups[key], missing=missing)

    def share(self, name: str, *, withheld: str = "") -> Figure:
        """One figure over another, as declared. ``withheld``: why it may not be printed."""
        declared = declarations()[name]
        if withheld:
            return self.unknown(name, withheld)
        part, whole = declared.of
        return self.trail.ratio(
            self.id_of(name),
            self.fill(declared.label),
            self.id_of(part),
            self.id_of(whole),
            self.fill(declared.formula),
            declared.unit or "percent",
        )

    def less(self, name: str, *, withheld: str = "") -> Figure:
        """One figure less another, as declared. ``withheld``: why it may not be printed."""
        declared = declarations()[name]
        later, earlier = declared.of
        if withheld:
            unit = self.trail[self.id_of(later)].unit
            label = self.fill(declared.label)
            return self.trail.unknown(self.id_of(name), label, unit, self.period, withheld)
        return self.trail.difference(
            self.id_of(name),
            self.fill(declared.label),
            self.id_of(later),
            self.id_of(earlier),
            self.fill(declared.formula),
        )

    def work(
        self, name: str, *, parts: Sequence[str] = (), withheld: str = "", caution: str = ""
    ) -> Figure:
        """A figure worked out by its declared operation, of the declared figures or of ``parts``.

        ``parts``: whole ids. ``withheld``: why it may not be printed.
        """
        declared = declarations()[name]
        if withheld:
            return self.unknown(name, withheld)
        return self.trail.work(
            self.id_of(name),
            self.fill(declared.label),
            self.fill(declared.operation),
            parts or [self.id_of(part) for part in declared.of],
            self.fill(declared.formula),
            unit=self.fill(declared.unit),
            caution=caution,
        )

    def change(self, name: str, label: str, *, withheld: str = "") -> Figure:
        """``<name>.change``: the figure of this period less that of the one before.

        ``withheld``: why the two are not compared.
        """
        stem = self.fill(name) + "."
        this, before = stem + "this", stem + "before"
        label += ": change"
        if withheld:
            later = self.trail[this]
            change_id = stem + "change"
            return self.trail.unknown(change_id, label, later.unit, self.period, withheld)
        return self.trail.difference(stem + "change", label, this, before, CHANGE)

    def unknown(self, name: str, reason: str) -> Figure:
        """A figure that cannot be given yet, and why."""
        declared = declarations()[name]
        label = self.fill(declared.label)
        unit = declared.unit or "percent"
        return self.trail.unknown(self.id_of(name), label, unit, self.period, reason)


def both_periods(
    trail: Trail, workings: Workings, this: Period, before: Period, *tables: str
) -> tuple[Topic, Topic]:
    """A topic of a period and of its comparator. ``tables``: what all of its figures need."""
    later = Topic(trail, workings, this, "this")
    earlier = Topic(trail, workings, before, "before")
    return later.needing(*tables), earlier.needing(*tables)


def having(rows: pd.DataFrame, column: str, *values: str) -> pd.DataFrame:
    """The rows that hold one of some values in a column."""
    return rows[rows[column].isin(list(values))]


class Groups(dict[str, pd.DataFrame]):
    """Rows by what they hold in a column. A value that no row holds gives an empty frame."""

    def __init__(self, rows: pd.DataFrame, column: str) -> None:
        # No figure asks for blanks, so they are in no group.
        groups = rows.groupby(column, observed=True, dropna=True)
        super().__init__({str(value): part for value, part in groups})
        self._no_rows = rows.iloc[:0]

    def having(self, values: Iterable[str]) -> pd.DataFrame:
        """The rows that hold one of some values, in their order, without a search through all."""
        parts = [self[value] for value in dict.fromkeys(values)]
        return pd.concat([self._no_rows, *parts]).sort_index()

    def __missing__(self, key: str) -> pd.DataFrame:
        return self._no_rows


def _unit_of(column: str) -> str:
    """What a column counts, as its name says."""
    return UNITS.get(column, "pence")

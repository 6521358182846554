"""How a topic of the report declares its figures: each once, with its words and its formula.

A topic module reads as the list of the figures it makes. What many of them share is said once, in
``Topic``: the period, the end of their ids, the column added up, and why they may not be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import Workings
from sv_lib.periods import Period

CHANGE = "this period less the one before"
COUNTS_PEOPLE = ("headcount", "residents", "attendance")
"""Columns that hold numbers of people."""


@dataclass(frozen=True)
class Topic:
    """Where figures go, and what those of one topic and period share.

    ``suffix`` ends the id of each, such as "this" or "before". ``missing``: why none of them can be
    given; empty when what they need was supplied. ``column``: what is added up unless a total says
    otherwise.
    """

    trail: Trail
    workings: Workings
    period: Period
    suffix: str = ""
    missing: str = ""
    column: str = ""

    def id_of(self, name: str) -> str:
        """The whole id of a figure."""
        return f"{name}.{self.suffix}" if self.suffix else name

    def total(
        self,
        name: str,
        label: str,
        rows: pd.DataFrame,
        formula: str,
        *,
        column: str = "",
        unit: str = "",
        missing: str = "",
        caution: str = "",
    ) -> Figure:
        """The sum of a column. Its unit follows from the column where that is money or people."""
        column = column or self.column
        return self.trail.total(
            self.id_of(name),
            label,
            rows,
            column,
            unit or _unit_of(column),
            self.period,
            formula,
            caution=caution,
            missing=self.missing or missing,
        )

    def total_known(
        self,
        name: str,
        label: str,
        rows: pd.DataFrame,
        formula: str,
        *,
        column: str = "",
        unit: str = "",
        missing: str = "",
        caution: str = "",
    ) -> Figure:
        """The sum of those rows that have a value; the others have no price, or did not say."""
        known = rows[rows[column or self.column].notna()]
        more = {"column": column, "unit": unit, "missing": missing, "caution": caution}
        return self.total(name, label, known, formula, **more)

    def count(
        self,
        name: str,
        label: str,
        rows: pd.DataFrame,
        unit: str,
        formula: str,
        *,
        distinct: str | None = None,
        missing: str = "",
    ) -> Figure:
        """The number of rows, or of distinct values of a column."""
        return self.trail.count(
            self.id_of(name),
            label,
            rows,
            unit,
            self.period,
            formula,
            distinct=distinct,
            missing=self.missing or missing,
        )

    def counts_by(
        self,
        stem: str,
        label: str,
        rows: pd.DataFrame,
        column: str,
        classes: Sequence[str],
        unit: str,
    ) -> None:
        """How many rows there are in all, and of each class of a column."""
        parts = {"all": rows}
        for key in classes:
            parts[key] = having(rows, column, key)
        for key, part in parts.items():
            formula = f"number of {unit}, {label.lower()}: {key}"
            self.count(f"{stem}.{slug(key)}", f"{label}: {key}", part, unit, formula)

    def share(
        self, name: str, label: str, part: str, whole: str, formula: str, unit: str = "percent"
    ) -> Figure:
        """One figure of the topic over another."""
        part_id = self.id_of(part)
        whole_id = self.id_of(whole)
        return self.trail.ratio(self.id_of(name), label, part_id, whole_id, formula, unit)

    def less(
        self, name: str, label: str, later: str, earlier: str, formula: str = CHANGE
    ) -> Figure:
        """One figure of the topic less another."""
        later_id = self.id_of(later)
        earlier_id = self.id_of(earlier)
        return self.trail.difference(self.id_of(name), label, later_id, earlier_id, formula)

    def change(self, name: str, label: str, formula: str = CHANGE) -> Figure:
        """``<name>.change``: the figure of this period less that of the one before."""
        this, before = f"{name}.this", f"{name}.before"
        return self.trail.difference(f"{name}.change", f"{label}: change", this, before, formula)

    def unknown(self, name: str, label: str, reason: str, unit: str = "pence") -> Figure:
        """A figure that cannot be given yet, and why."""
        return self.trail.unknown(self.id_of(name), label, unit, self.period, reason)

    def estimate(
        self, name: str, label: str, value: Value, base: str, added: str, formula: str, caution: str
    ) -> Figure:
        """A projection from two figures, named by their whole ids."""
        return self.trail.estimate(self.id_of(name), label, value, base, added, formula, caution)


def both_periods(
    trail: Trail, workings: Workings, this: Period, before: Period, *tables: str, column: str = ""
) -> tuple[Topic, Topic]:
    """A topic of a period and of its comparator. ``tables``: what all of its figures need."""
    missing = workings.missing(*tables)
    return (
        Topic(trail, workings, this, "this", missing, column),
        Topic(trail, workings, before, "before", missing, column),
    )


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

    def __missing__(self, key: str) -> pd.DataFrame:
        return self._no_rows


def _unit_of(column: str) -> str:
    """What a column counts, where its name says so."""
    if column.endswith("_pence"):
        return "pence"
    if column in COUNTS_PEOPLE:
        return "people"
    raise ValueError(f"a total of {column} needs a unit")

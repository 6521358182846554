"""The report a notebook works on: a publication, its calculation and, for a ward report, its
ward.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from sv_lib.errors import ParameterError
from sv_lib.figures.figure import Figure
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import slug
from sv_lib.params import Council, Publication, load
from sv_lib.periods import MONTHS, Period
from sv_lib.present.formats import Style
from sv_lib.present.markup import Html
from sv_lib.present.markup import figure as printed


@dataclass
class Report:
    """What the sections of a page are made from. ``used`` gathers the ids of the figures that the
    page
    prints.
    """

    publication: Publication
    calculation: Calculation
    ward: str = ""
    is_by_hand: bool = False
    used: dict[str, None] = field(default_factory=dict)

    @property
    def council(self) -> Council:
        return self.publication.council

    @property
    def ward_name(self) -> str:
        return self.council.ward_name(self.ward)

    @property
    def is_annual(self) -> bool:
        return self.publication.file.kind == "annual"

    @property
    def before(self) -> str:
        """The social value comparator in words."""
        return f"the {self.span} to {month(self.publication.sv_before)}"

    @property
    def spend_before(self) -> str:
        """The spend comparator in words."""
        return f"the {self.span} to {month(self.publication.spend_before)}"

    @property
    def span(self) -> str:
        return "year" if self.is_annual else "half-year"

    @property
    def year(self) -> int:
        """The social value year, by the year it ends in."""
        return self.publication.sv_year.end.year

    def __getitem__(self, figure_id: str) -> Figure:
        """A figure, remembered as printed."""
        figure = self.calculation.trail[figure_id]
        self.used[figure_id] = None
        return figure

    def __contains__(self, figure_id: str) -> bool:
        return figure_id in self.calculation.trail

    def each(self, stem: str, parts: Iterable[str]) -> list[Figure]:
        """The figures of one stem, in the order of their last parts."""
        return [self[f"{stem}.{part}"] for part in parts]

    def say(self, figure_id: str, style: Style = "short", signed: bool = False) -> Html:
        """A figure as it is printed in a sentence."""
        return printed(self[figure_id], style=style, signed=signed)

    def lowest(self, figure_ids: Iterable[str]) -> list[str]:
        """Those of the figures that are known, the lowest first; looking at them prints none."""
        trail = self.calculation.trail
        return sorted(
            (one for one in figure_ids if trail[one].is_known),
            key=lambda one: trail[one].value or 0,
        )

    def highest(self, figure_id: str, keys: Iterable[str]) -> list[str]:
        """The keys, such as contracts, the one whose figure (``contract.{}.value``) is largest
        first.
        """
        trail = self.calculation.trail
        return sorted(keys, key=lambda key: -(trail[figure_id.format(slug(key))].value or 0))

    def table(self, name: str) -> pd.DataFrame:
        """One of the calculation's tables."""
        return self.calculation.tables[name]

    def rows(self, table: str, column: str, *values: str | None) -> pd.DataFrame:
        """The rows of a table whose column holds one of the values (None: blank); a page is kept
        while
        they stay.
        """
        return self.calculation.rows(table, column, *values)


def open_report(params_file: str, calculation: str = "", ward: str = "") -> Report:
    """Open a finished calculation, or make it now when a notebook is run by hand.

    Raises ParameterError for parameters or a ward that cannot be used, InputError for findings that
    stop.
    """
    publication = load(Path(params_file))
    codes = [known.code for known in publication.council.wards]
    if ward and ward not in codes:
        raise ParameterError(
            "ward",
            f"'{ward}' is not a ward of {publication.council.name}",
            "a report on another place would look like the one that was asked for.",
            f"use one of the codes in council.yaml: {', '.join(codes) or 'it has none yet'}.",
        )
    if calculation:
        return Report(publication, Calculation.open(Path(calculation)), ward)
    return Report(publication, _calculated(publication), ward, is_by_hand=True)


def _calculated(publication: Publication) -> Calculation:
    """The calculation made now. Intake and the method load here: a kernel that opens a finished one
    starts sooner.
    """
    from sv_lib.figures.calculation import calculate, gather
    from sv_lib.intake.pipeline import require

    return calculate(publication, require(gather(publication)))


def month(period: Period) -> str:
    """The month a period ends in: "May 2021"."""
    return f"{MONTHS[period.end.month - 1]} {period.end.year}"

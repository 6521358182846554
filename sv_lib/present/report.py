"""What a notebook opens: a publication, its calculation and, for a ward report, the ward."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import ParameterError
from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import slug
from sv_lib.params import Council, Publication, load
from sv_lib.periods import MONTHS, Period, long_date
from sv_lib.present import formats
from sv_lib.present.formats import Style
from sv_lib.present.markup import Html
from sv_lib.present.markup import figure as printed
from sv_lib.toms.measures import Measure, catalogue, measures_of

A_MILLION_POUNDS = 100_000_000
"""In pence."""
NO_WARDS = pd.DataFrame(
    columns=["ward_code", "ward_name", "councillors", "position", "rank", "largest_contract"]
)
"""The table of wards of a council that has set none."""
BEING_MADE = "SV_REPORT"
"""Environment variable: the parameters of the report that a run is making, as JSON."""


@dataclass(frozen=True, repr=False)
class Report:
    """What the sections of a page read: figures by id, tables by name, and facts of the period.

    ``used`` holds the ids of the figures that the page prints, in the order of first use; the
    annex on sources lists them. ``is_by_hand`` is true where a person runs the notebook.
    """

    publication: Publication
    calculation: Calculation
    ward: str = ""
    is_by_hand: bool = False
    used: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # However a notebook that a run executes comes by a report: it is of the ward asked for.
        asked = json.loads(os.environ.get(BEING_MADE, "{}"))
        _require_asked({**asked, "ward": self.ward})

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
        """The comparator of social value: "the half-year to May 2021"."""
        return f"the {self.span} to {self.publication.sv_before.last_month}"

    @property
    def spend_before(self) -> str:
        """The comparator of spend, in the same words."""
        return f"the {self.span} to {self.publication.spend_before.last_month}"

    @property
    def both_spans(self) -> str:
        """Both periods of social value: "the two years to May 2022"; half-years lie apart."""
        this, before = self.publication.sv, self.publication.sv_before
        if this.start - before.end == timedelta(days=1):
            return f"the two {self.span}s to {this.last_month}"
        return f"the {self.span}s to {before.last_month} and {this.last_month} together"

    @property
    def span(self) -> str:
        if self.is_annual:
            return "year"
        return "half-year"

    @property
    def year(self) -> int:
        """The social value year, by the year it ends in."""
        return self.publication.sv_year.end.year

    def has_wards(self) -> bool:
        """Whether the council has set any wards."""
        return bool(self.council.wards)

    @property
    def wards(self) -> pd.DataFrame:
        """The table of wards; no row where the council has set none."""
        return self.calculation.tables.get("wards", NO_WARDS)

    @property
    def is_by_deprivation(self) -> bool:
        """Whether wards stand in order of deprivation; else they stand by name."""
        return bool(self.wards["position"].notna().any())

    @property
    def most_deprived(self) -> list[str]:
        """The codes of the most deprived ward, or of those that tie; none while one is unknown."""
        wards = self.wards
        if wards["position"].isna().any():
            return []
        return list(wards.loc[wards["position"] == 1, "ward_code"])

    def standing(self, pattern: str, ward: str) -> str:
        """A ward's place among all by a figure such as ``lens.spend.{}.place``, the most first.

        "3rd of 25", or "3rd equal of 25" in a tie; "" while the figure of one ward is not known.
        """
        trail = self.calculation.trail
        mine = pattern.format(ward)
        every = sorted(pattern.format(one.code) for one in self.council.wards)
        rank = trail.rank(mine, every)
        if rank is None:
            return ""
        place, is_tie = rank
        equal = " equal" if is_tie else ""
        return f"{formats.ordinal(place)}{equal} of {len(every)}"

    @property
    def themes(self) -> dict[str, str]:
        """The slug and the name of every theme."""
        return {str(row.slug): str(row.theme) for row in self.records("themes")}

    def of_most_deprived(self, pattern: str) -> str:
        """The most deprived ward and its place by a figure, or those that tie; "" if not known."""
        places = {
            self.council.ward_name(ward): self.standing(pattern, ward)
            for ward in self.most_deprived
        }
        if not places or not all(places.values()):
            return ""
        if len(places) == 1:
            ((ward, place),) = places.items()
            return f"{ward}, the most deprived ward, is {place}"
        named = [f"{ward} is {place}" for ward, place in places.items()]
        return f"of the most deprived wards, which tie, {' and '.join(named)}"

    @property
    def home_ring(self) -> str:
        """The id of the innermost ring of the geography, the council's own area."""
        return self.council.tiers[0].id

    @cached_property
    def rings(self) -> dict[str, str]:
        """Each ring of the geography by its id: its name. A ring excludes those within it."""
        tiers = self.council.tiers
        names = {slug(tier.id): formats.capital(tier.name) for tier in tiers}
        return names | {"elsewhere": "Elsewhere", "not-known": "Not known"}

    @property
    def local_spend(self) -> str:
        """The id of the figure of payments to suppliers based in the council's own area."""
        return f"spend.geography.{self.home_ring}.this"

    @cached_property
    def words(self) -> dict[str, str]:
        """Words that any sentence, caption or figure id of this report may hold as a slot."""
        publication = self.publication
        return {
            "place": self.council.place,
            "period": str(publication.sv),
            "spend_period": str(publication.spend),
            "spend_month": publication.spend.last_month,
            "year_period": str(publication.sv_year),
            "span": self.span,
            "before": self.before,
            "both_spans": self.both_spans,
            "months_end": publication.sv.last_month,
            "spend_before": self.spend_before,
            "before_heading": formats.capital(self.before),
            "spend_before_heading": formats.capital(self.spend_before),
            "months": months(publication.sv),
            "spend_months": months(publication.spend),
            "home": self.home_ring,
            "wards_in_order": self._wards_in_order,
            "deprivation_source": self.council.deprivation_source,
            "last_day": long_date(publication.sv.end),
            "last_day_before": long_date(publication.sv_before.end),
            "data_day": long_date(publication.file.data_as_at),
            **self._thresholds,
            "ward": self.ward,
        }

    @property
    def _thresholds(self) -> dict[str, str]:
        """The council's thresholds as sentences print them."""
        bounds = self.council.thresholds
        named = {
            "quotes_under": bounds.local_quote,
            "value_over": bounds.social_value_contract,
            "plan_over": bounds.delivery_plan,
        }
        return {name: _threshold(pence) for name, pence in named.items()}

    @property
    def _wards_in_order(self) -> str:
        """The heading of a column of wards. A council without wards has no such column."""
        if self.council.wards and self.is_by_deprivation:
            return "Ward, most deprived first"
        return "Ward"

    def __getitem__(self, figure_id: str) -> Figure:
        """A figure, noted in ``used``. Raises KeyError for an id that does not exist."""
        figure = self.calculation.trail[figure_id]
        self.used[figure_id] = None
        return figure

    def __contains__(self, figure_id: str) -> bool:
        return figure_id in self.calculation.trail

    def is_known(self, figure_id: str) -> bool:
        """Whether the figure has a value; it is noted in ``used``."""
        return self[figure_id].is_known

    def is_enough(self, coverage: Figure) -> bool:
        """Whether a share that is known reaches the council's bound for headlines and ranks."""
        bound = self.council.thresholds.headline_known_pct
        return coverage.value is not None and coverage.value >= bound

    def each(self, stem: str, parts: Iterable[str]) -> list[Figure]:
        """The figures of one stem, in the order of their last parts."""
        return [self[f"{stem}.{part}"] for part in parts]

    def say(self, figure_id: str, style: Style = "short", signed: bool = False) -> Html:
        """A figure as it is printed in a sentence."""
        return printed(self[figure_id], style=style, signed=signed)

    def lowest(self, figure_ids: Iterable[str]) -> list[str]:
        """The ids whose figures are known, the lowest first. Nothing is noted in ``used``."""
        trail = self.calculation.trail
        known = [figure_id for figure_id in figure_ids if trail[figure_id].is_known]
        return sorted(known, key=lambda figure_id: trail[figure_id].value or 0)

    def highest(self, pattern: str, keys: Iterable[str]) -> list[str]:
        """The keys, such as contracts, in falling order of the figure ``contract.{}.value``."""
        trail = self.calculation.trail

        def fallen(key: str) -> Value:
            value = trail[pattern.format(slug(key))].value
            return -(value or 0)

        return sorted(keys, key=fallen)

    def frame(self, name: str) -> pd.DataFrame:
        """One of the calculation's tables."""
        return self.calculation.tables[name]

    def records(self, name: str) -> Iterator[Any]:
        """The rows of a table in order, with its columns as attributes."""
        yield from self.frame(name).itertuples()

    def rows(self, table: str, column: str, *values: str | None) -> pd.DataFrame:
        """The rows of a table whose column holds one of the values; None finds blank cells."""
        return self.calculation.rows(table, column, *values)


def open_report(params_file: str, calculation: str = "", ward: str = "") -> Report:
    """Open a finished calculation, or make it now where a person runs the notebook.

    ``params_file`` is a publication's parameter file, ``calculation`` the folder of a saved
    calculation ("" makes one), ``ward`` the code of a ward for a ward report. Raises
    ParameterError for parameters or a ward that cannot be used, and for another report than the
    one that is being made; InputError for findings that stop.
    """
    _require_asked({"params_file": params_file, "calculation": calculation, "ward": ward})
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


def _require_asked(opened: Mapping[str, str]) -> None:
    """Raise ParameterError where a notebook that a run executes opens another report than its own.

    ``opened``: the parameters it opens one with.
    """
    asked = json.loads(os.environ.get(BEING_MADE, "{}"))
    other = " and ".join(name for name, value in asked.items() if opened[name] != value)
    if other:
        raise ParameterError(
            "open_report",
            f"it opens another report than the one that is being made, by its {other}",
            "the page would show another place, period or profile than its heading says.",
            "open it with the notebook's own params_file and calculation, and its ward if any.",
        )


def measures(source: Report | str | Path | None = None) -> Mapping[str, Measure]:
    """The measures by their reference, in the framework's order.

    ``source`` is an open report or a publication's parameter file, and gives the council's own
    measures on top of the package's; None gives the package's alone. Raises ParameterError with
    every fault of the parameters or of the council's measure files.
    """
    if source is None:
        return catalogue()
    if isinstance(source, Report):
        return measures_of(source.publication)
    return measures_of(load(Path(source)))


def _calculated(publication: Publication) -> Calculation:
    """Calculate the publication now."""
    # Imported here, because a kernel that opens a finished calculation must start quickly.
    from sv_lib.figures.calculation import calculate, gather
    from sv_lib.intake.pipeline import require

    return calculate(publication, require(gather(publication)))


def months(period: Period) -> str:
    """The months of a period, where figures of two calendars meet: "October to March"."""
    first, last = (MONTHS[day.month - 1] for day in (period.start, period.end))
    return first if first == last else f"{first} to {last}"


def _threshold(pence: int) -> str:
    """A threshold in full, in millions where it has some."""
    style: Style = "whole" if pence < A_MILLION_POUNDS else "short"
    return formats.display(formats.amount(pence, "pence"), style)

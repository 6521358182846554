"""A publication's parameters: typed, frozen, and every fault named at once before anything runs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sv_lib.errors import ParameterError
from sv_lib.periods import Period, months_after, years_after
from sv_lib.strict_yaml import read_yaml

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
WARD_CODE = r"[EWSN][0-9]{8}"
NOT_KNOWN = "not known"
"""The class of all that nobody has told us: printed, and never spread over what is known."""
Model = TypeVar("Model", bound="Settings")


class Settings(BaseModel):
    """Frozen; a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _pence(pounds: object) -> object:
    """Thresholds are written in pounds and held in pence."""
    return int(Decimal(str(pounds)) * 100) if re.fullmatch(r"\d+(\.\d\d)?", str(pounds)) else pounds


Pence = Annotated[int, BeforeValidator(_pence), Field(strict=True)]
MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
Slug = Annotated[str, Field(pattern=f"^{SLUG}$", max_length=60)]


class Ward(Settings):
    code: Annotated[str, Field(pattern=f"^{WARD_CODE}$")]
    name: str
    councillors: int = Field(gt=0)
    residents: int | None = None
    tile: Annotated[str, Field(pattern=r"^[0-9]{1,2}/[0-9]{1,2}$")] | None = None
    """Row and column on the tile map, from the north-west."""


class Tier(Settings):
    """One ring of the geography, nearest first: the districts it adds, or a whole region."""

    id: Slug
    name: str
    lad_codes: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()


class Thresholds(Settings):
    """Each with the source that set it, printed in the report."""

    social_value_contract: Pence
    delivery_plan: Pence
    local_quote: Pence
    kpi_rating: Pence
    social_value_weight_pct: Decimal
    about_the_same_pct: Decimal
    source: str


class Disclosure(Settings):
    """Counts of people below these are hidden; printed counts of protected groups are rounded.

    ``protected_groups`` names groups beside the measures that say ``is_protected``: firms by what
    they declare of their owners, or further measures.
    """

    people_below: int = Field(default=5, ge=2)
    protected_below: int = Field(default=8, ge=2)
    protected_round_to: int = Field(default=5, ge=1)
    protected_groups: tuple[str, ...] = ("owners: yes", "owners: no")


class Deadweight(Settings):
    """The part of one measure's value that would have come about anyway: taken off, and printed
    with
    its reason.
    """

    pct: Decimal = Field(gt=0, le=100)
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Methods(Settings):
    """Choices of method that differ between councils; each is printed in the report with its
    source.
    """

    due_without_milestones: Literal["straight line"]
    deadweight: dict[str, Deadweight] = {}
    source: str

    @property
    def deadweight_pct(self) -> dict[str, Decimal]:
        """What is taken off, by measure; a measure that is not named loses nothing."""
        return {ref: setting.pct for ref, setting in self.deadweight.items()}


class MeasureSet(Settings):
    name: str
    is_illustrative: bool
    valid_from: date
    valid_to: date | None = None
    measures: tuple[str, ...]


class Edition(Settings):
    """A price list of measures that contracts can be let under. A contract keeps the edition of its
    tender.
    """

    id: Annotated[str, Field(min_length=1, max_length=60)]
    name: str
    source: str
    valid_from: date
    valid_to: date | None = None


class Council(Settings):
    """``council.yaml``: what holds for every publication of one council."""

    id: Slug
    name: str
    place: str
    lad_code: str
    is_demonstration: bool
    contact: str
    definition: str
    social_value_year_starts: MonthDay
    spend_year_starts: MonthDay
    wards: tuple[Ward, ...] = ()
    tiers: tuple[Tier, ...] = ()
    thresholds: Thresholds
    disclosure: Disclosure = Disclosure()
    methods: Methods
    measure_set: MeasureSet
    earlier_measure_sets: tuple[MeasureSet, ...] = ()
    editions: tuple[Edition, ...] = ()
    non_addressable_categories: tuple[str, ...] = ()
    boundaries: str | None = None
    inputs: dict[str, str | tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _wards_once(self) -> Self:
        codes = [ward.code for ward in self.wards]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        if repeated:
            raise ValueError(f"ward {', '.join(repeated)} stands twice")
        return self

    @model_validator(mode="after")
    def _one_set_at_a_time(self) -> Self:
        for first, then in pairwise(self.measure_sets):
            if first.valid_to is None or first.valid_to >= then.valid_from:
                raise ValueError(
                    f"measure set '{first.name}' has to end before '{then.name}' holds"
                )
        return self

    @property
    def measure_sets(self) -> tuple[MeasureSet, ...]:
        """Every measure set there has been, in the order given: the earlier ones, then the one that
        holds.
        """
        return (*self.earlier_measure_sets, self.measure_set)

    def measure_set_on(self, day: date) -> MeasureSet:
        """The measure set in force on the day of an award: the last that had begun, else the
        first.
        """
        begun = [one for one in self.measure_sets if one.valid_from <= day]
        return begun[-1] if begun else self.measure_sets[0]

    def ward_name(self, code: str) -> str:
        """The name of a ward of this council; a firm of the area whose ward no postcode tells has
        none.
        """
        return next((ward.name for ward in self.wards if ward.code == code), NOT_KNOWN)


class Span(Settings):
    """A pair of dates in a parameter file, both ends included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"it ends ({self.end}) before it starts ({self.start})")
        return self

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class Calendar(Settings):
    """A reported period and the one it is compared with."""

    this: Span
    before: Span


class PublicationFile(Settings):
    """``<publication>.yaml``: one report of one council for one period."""

    publication: Slug
    kind: Literal["annual", "mid-year"]
    title: str
    status: Literal["demonstration", "draft", "final"]
    profile: Literal["public", "exempt"] = "public"
    data_as_at: date
    social_value: Calendar
    spend: Calendar
    reports: tuple[Literal["annual", "mid-year", "wards", "methods"], ...]
    inputs: dict[str, str | tuple[str, ...]] = {}
    corrections: str | None = None
    previous: Slug | None = None


class Publication(Settings):
    """Everything a run needs to know, and where its files are."""

    council: Council
    file: PublicationFile
    path: Path

    @property
    def id(self) -> str:
        return self.file.publication + ".exempt" * (self.file.profile == "exempt")

    @property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """Canonical table name -> paths or patterns, the publication's own over the council's."""
        merged = {**self.council.inputs, **self.file.inputs}
        return {
            name: (paths,) if isinstance(paths, str) else tuple(paths)
            for name, paths in merged.items()
        }

    @property
    def sv(self) -> Period:
        return self.file.social_value.this.period

    @property
    def sv_before(self) -> Period:
        return self.file.social_value.before.period

    @property
    def spend(self) -> Period:
        return self.file.spend.this.period

    @property
    def spend_before(self) -> Period:
        return self.file.spend.before.period

    @property
    def measure_sets(self) -> tuple[MeasureSet, ...]:
        """The measure sets in force from the comparator's first day to the period's last; two are a
        break.
        """
        first, last, sets = self.sv_before.start, self.sv.end, self.council.measure_sets
        return (
            tuple(one for one in sets if one.valid_from <= last and first <= (one.valid_to or last))
            or sets[-1:]
        )

    @property
    def measure_refs(self) -> tuple[str, ...]:
        """The measures of those sets, each once."""
        return tuple(dict.fromkeys(ref for one in self.measure_sets for ref in one.measures))

    @property
    def sv_year(self) -> Period:
        """The whole social value year that the reported period belongs to."""
        start = self.sv.start
        return Period(start, years_after(start, 1) - timedelta(days=1))


def load(path: Path, profile: str | None = None) -> Publication:
    """The publication of a parameter file and its ``council.yaml``; ParameterError with every fault
    of
    both in one.
    """
    faults: list[str] = []
    council = _read(path.parent / "council.yaml", Council, faults)
    publication = _read(path, PublicationFile, faults)
    if council and publication:
        faults += [f"{path.name}: {fault}" for fault in _at_odds(council, publication)]
    if faults or council is None or publication is None:
        raise ParameterError(
            f"{path.parent.name}/{path.name}",
            f"{len(faults)} fault(s) in the parameters:\n"
            + "\n".join(f"  - {fault}" for fault in faults),
            "a run on parameters that are not meant would make a wrong report look right.",
            "correct the lines named above; params/README.md lists every key.",
        )
    publication = publication.model_copy(update={"profile": profile or publication.profile})
    return Publication(council=council, file=publication, path=path)


def _at_odds(council: Council, publication: PublicationFile) -> Iterator[str]:
    """Where a publication contradicts its council: on the two calendars, and on whether the data
    are
    invented.

    Social value is told from the year's first day on; a half-year of spend may be either half.
    """
    half = 6 if publication.kind == "mid-year" else 0
    for name, calendar, starts, begun in (
        ("social_value", publication.social_value, council.social_value_year_starts, {0}),
        ("spend", publication.spend, council.spend_year_starts, {0, half}),
    ):
        for which, span in (("this", calendar.this), ("before", calendar.before)):
            if starts not in {f"{months_after(span.start, -months):%m-%d}" for months in begun}:
                yield (
                    f"{name}.{which}: it starts on {span.start}, but {name}_year_starts in "
                    f"council.yaml is {starts}"
                )
    if council.is_demonstration != (publication.status == "demonstration"):
        told = "true" if council.is_demonstration else "false"
        yield (
            f"status: it is '{publication.status}', but is_demonstration in council.yaml is {told}"
        )


def _read(path: Path, model: type[Model], faults: list[str]) -> Model | None:
    if not path.is_file():
        faults.append(f"{path.name}: there is no such file in {path.parent}")
        return None
    try:
        return model.model_validate(read_yaml(path))
    except yaml.YAMLError as fault:
        faults.append(f"{path.name}: {' '.join(str(fault).split())}")
    except UnicodeDecodeError:
        faults.append(f"{path.name}: it is not UTF-8 text")
    except ValidationError as invalid:
        faults += [f"{path.name}: {_say(error, model)}" for error in invalid.errors()]
    return None


def _say(error: Any, model: type[Settings]) -> str:
    """One pydantic error in plain words, with the nearest known key for a misspelt one."""
    where = ".".join(str(part)[:80] for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, error["loc"][:-1])
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else f"; known here: {', '.join(known)}"
        return f"'{where}' is not a parameter{hint}"
    if error["type"] == "missing":
        return f"'{where}' is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"'{where}': {message[:1].lower()}{message[1:]} (found {str(error['input'])[:60]!r})"


def _known_keys(model: type[Settings], path: tuple[int | str, ...]) -> list[str]:
    """The keys that may stand at a place of a model."""
    here: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        annotation = here.model_fields[part].annotation
        here = next(
            (arg for arg in getattr(annotation, "__args__", ()) if hasattr(arg, "model_fields")),
            annotation,
        )
    return list(here.model_fields)

"""The parameters of a publication: typed, frozen, and all their faults named at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sv_lib.errors import ParameterError, counted
from sv_lib.periods import Period, months_after, years_after
from sv_lib.settings import Model, as_list, parsed
from sv_lib.settings import Settings as Settings
from sv_lib.spans import Calendar
from sv_lib.watch_list import WatchList

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
WARD_CODE = r"[EWSN][0-9]{8}"
DISTRICT_CODE = r"^(E0[6-9]|E10|W06|S12|N09)[0-9]{6}$"
RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that Windows keeps for itself: no folder there can have them."""
NOT_KNOWN = "not known"
"""The class of whatever nobody has told us: printed, never shared out over what is known."""
NOTHING_RUN = "nothing was run."


def _pence(pounds: object) -> object:
    """Pence of a threshold in pounds; pydantic refuses whatever is no amount."""
    if re.fullmatch(r"\d+(\.\d\d)?", str(pounds)):
        return int(Decimal(str(pounds)) * 100)
    return pounds


Pence = Annotated[int, BeforeValidator(_pence), Field(strict=True)]
MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$")]


def _free_name(name: str) -> str:
    if RESERVED.fullmatch(name):
        raise ValueError(f"'{name}' is a name that Windows keeps for itself; choose another")
    return name


def _said(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise ValueError("it says nothing, and pages print it; write a name")
    return text


Said = Annotated[str, AfterValidator(_said)]
"""A text that pages print, so that it may not be blank."""
Slug = Annotated[str, Field(pattern=f"^{SLUG}$", max_length=60), AfterValidator(_free_name)]


class Ward(Settings):
    code: Annotated[str, Field(pattern=f"^{WARD_CODE}$")]
    name: Said
    councillors: int | None = Field(default=None, gt=0)
    residents: int | None = None
    tile: Annotated[str, Field(pattern=r"^[0-9]{1,2}/[0-9]{1,2}$")] | None = None
    """Row and column on the tile map, from the north-west."""


class Tier(Settings):
    """A ring around the council, the nearest first: the districts or regions that it adds."""

    id: Slug
    name: str
    lad_codes: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()


class Thresholds(Settings):
    """The council's thresholds; ``source`` says who set them and is printed in the report."""

    social_value_contract: Pence
    delivery_plan: Pence
    local_quote: Pence
    kpi_rating: Pence
    social_value_weight_pct: Decimal
    about_the_same_pct: Decimal
    headline_known_pct: Decimal = Field(default=Decimal(50), ge=0, le=100)
    source: str


class Disclosure(Settings):
    """Counts of people below these are hidden; printed counts of protected groups are rounded.

    ``protected_groups``: beside measures that say so, firms by their owners, or further measures.
    """

    people_below: int = Field(default=5, ge=2)
    protected_below: int = Field(default=8, ge=2)
    protected_round_to: int = Field(default=5, ge=1)
    protected_groups: tuple[str, ...] = ("owners: yes", "owners: no")


class Deadweight(Settings):
    """The share of value that would have come about anyway: taken off, printed with its reason."""

    pct: Decimal = Field(gt=0, le=100)
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Methods(Settings):
    """Choices of method that councils make differently, printed in the report with their source."""

    due_without_milestones: Literal["straight line"]
    deadweight: dict[str, Deadweight] = Field(default={})
    source: str

    @property
    def deadweight_pct(self) -> dict[str, Decimal]:
        """The percentage taken off each measure named; others lose nothing."""
        return {ref: setting.pct for ref, setting in self.deadweight.items()}


class MeasureSet(Settings):
    name: str
    is_illustrative: bool
    valid_from: date
    valid_to: date | None = None
    measures: tuple[str, ...]


class Edition(Settings):
    """A price list of measures; a contract keeps the edition of its tender."""

    id: Annotated[str, Field(min_length=1, max_length=60)]
    name: str
    source: str
    valid_from: date
    valid_to: date | None = None


class Council(Settings):
    """``council.yaml``: the settings of all publications of one council."""

    id: Slug
    name: Said
    buyer_names: tuple[str, ...] = ()
    place: Said
    lad_code: Annotated[str, Field(pattern=DISTRICT_CODE)]
    is_demonstration: bool
    contact: Said
    definition: Said
    social_value_year_starts: MonthDay
    spend_year_starts: MonthDay
    wards: tuple[Ward, ...] = ()
    aliases: dict[str, str] = Field(default={})
    """A ward's code of other years -> its code under ``wards``."""
    tiers: tuple[Tier, ...] = ()
    """The rings of the geography, nearest first; without any, the council's own area alone."""
    thresholds: Thresholds
    disclosure: Disclosure = Disclosure()
    methods: Methods
    measure_set: MeasureSet
    earlier_measure_sets: tuple[MeasureSet, ...] = ()
    editions: tuple[Edition, ...] = ()
    non_addressable_categories: tuple[str, ...] = ()
    deprivation_source: str = "English indices of deprivation, edition not stated"
    """The deprivation source with its edition, as the pages name it."""
    boundaries: str | None = None
    watch_list: WatchList | None = None
    """What page one watches; without it, the package's own list."""
    person_key_file: str | None = None
    """A file of one line, the key under which suppliers' codes for persons are hashed."""
    inputs: dict[str, str | tuple[str, ...]] = Field(default={})

    @model_validator(mode="after")
    def _own_area_is_a_ring(self) -> Self:
        if not self.tiers:
            own_area = Tier(id="local", name=self.place, lad_codes=(self.lad_code,))
            object.__setattr__(self, "tiers", (own_area,))  # the settings are frozen from here on
        return self

    @model_validator(mode="after")
    def _wards_once(self) -> Self:
        codes = [ward.code for ward in self.wards]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        if repeated:
            raise ValueError(f"ward {', '.join(repeated)} stands twice")
        for old, new in self.aliases.items():
            if old in codes or new not in codes:
                raise ValueError(f"aliases: {old}: {new} has to lead from no ward here to one here")
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
        """The earlier measure sets in the order given, then the one in force."""
        return (*self.earlier_measure_sets, self.measure_set)

    def measure_set_on(self, day: date) -> MeasureSet:
        """The measure set in force on a day: the last that had begun, else the first."""
        begun = [one for one in self.measure_sets if one.valid_from <= day]
        return begun[-1] if begun else self.measure_sets[0]

    @property
    def own_districts(self) -> tuple[str, ...]:
        """The codes of the council's area: a county's districts, and a district's other years."""
        return tuple(dict.fromkeys([self.lad_code, *self.tiers[0].lad_codes]))

    def ward_name(self, code: str) -> str:
        """The name of a ward; "not known" for a code that is not one of this council's wards."""
        names = {ward.code: ward.name for ward in self.wards}
        return names.get(code, NOT_KNOWN)


class PublicationFile(Settings):
    """``<publication>.yaml``: what one council reports for one period."""

    publication: Slug
    kind: Literal["annual", "mid-year"]
    title: Said
    status: Literal["demonstration", "draft", "final"]
    profile: Literal["public", "exempt"] = "public"
    data_as_at: date
    social_value: Calendar
    spend: Calendar
    reports: tuple[Literal["annual", "mid-year", "briefing", "wards", "methods"], ...]
    inputs: dict[str, str | tuple[str, ...]] = Field(default={})
    corrections: str | None = None
    due_on: date | None = None
    """When the report goes to its committee."""
    previous: Slug | None = None


class MeasureFile(Settings):
    """A measure or figure as it is written: the name that errors give its file, and its text."""

    name: str
    text: str


class Publication(Settings):
    """All settings of a run, and where its files are.

    ``measure_files`` and ``figure_files`` are the council's own measures and figures, read with the
    parameters because they are part of the method. ``first_published_on``: the data day of the
    report on the earlier period.
    ``earlier``: the publications that readers have already, the first one first.
    """

    council: Council
    file: PublicationFile
    path: Path
    measure_files: tuple[MeasureFile, ...] = ()
    figure_files: tuple[MeasureFile, ...] = ()
    first_published_on: date | None = None
    earlier: tuple[Publication, ...] = ()

    @property
    def id(self) -> str:
        suffix = ".exempt" if self.file.profile == "exempt" else ""
        return self.file.publication + suffix

    @property
    def inputs(self) -> dict[str, tuple[str, ...]]:
        """Paths or patterns of each table; the publication's replace those of the council."""
        merged = self.council.inputs | self.file.inputs
        return {
            name: (paths,) if isinstance(paths, str) else paths for name, paths in merged.items()
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
        """The measure sets in force between the comparator's first day and the period's last.

        More than one of them is a break in the series.
        """
        first = self.sv_before.start
        last = self.sv.end
        sets = self.council.measure_sets
        in_force = tuple(
            one for one in sets if one.valid_from <= last and first <= (one.valid_to or last)
        )
        return in_force or sets[-1:]

    @property
    def measure_refs(self) -> tuple[str, ...]:
        """The references in those sets, each once."""
        listed = [ref for one in self.measure_sets for ref in one.measures]
        return tuple(dict.fromkeys(listed))

    @property
    def sv_year(self) -> Period:
        """The social value year that the reported period begins."""
        start = self.sv.start
        return Period(start, years_after(start, 1) - timedelta(days=1))


def name_of(path: Path) -> str:
    """A parameter file as messages name it: with its folder, where that was given."""
    return Path(path.parent.name, path.name).as_posix()


def load(path: Path, profile: str | None = None) -> Publication:
    """The publication of a parameter file, its ``council.yaml`` and its council's measures.

    ``profile``, when given, replaces the file's own. Raises ParameterError with every fault of
    the two parameter files.
    """
    if path.is_dir():
        beside = [file.name for file in sorted(path.glob("*.yaml")) if file.stem != "council"]
        raise ParameterError(
            str(path),
            "it is a folder, and a publication's parameter file was expected",
            NOTHING_RUN,
            f"name a file in it: {', '.join(beside) or 'it has none yet'}.",
        )
    faults: list[str] = []
    council = _read(path.parent / "council.yaml", Council, faults)
    publication = _read(path, PublicationFile, faults)
    own = _own_files(path.parent / "measures", faults)
    figures = _own_files(path.parent / "figures", faults)
    if council and publication:
        faults += [f"{path.name}: {fault}" for fault in _contradictions(council, publication)]
        if path.stem not in (publication.publication, "publication"):
            faults.append(
                f"{path.name}: publication is '{publication.publication}', unlike the name of the "
                f"file; call the file {publication.publication}.yaml"
            )
    if faults or council is None or publication is None:
        raise ParameterError(
            name_of(path),
            f"{counted(len(faults), 'fault')} in the parameters:\n{as_list(faults)}",
            NOTHING_RUN,
            "correct the lines named above; params/README.md lists every key.",
        )
    publication = publication.model_copy(update={"profile": profile or publication.profile})
    made = Publication(
        council=council, file=publication, path=path, measure_files=own, figure_files=figures
    )
    others = _beside(path.parent)
    earlier = tuple(
        _dated(made, one, others)
        for one in others
        if one.data_as_at < publication.data_as_at
        and one.status != "draft"
        and one.profile == "public"
    )
    return _dated(made, publication, others).model_copy(update={"earlier": earlier})


def _beside(folder: Path) -> list[PublicationFile]:
    """The publications of a folder that can be read, in the order of their data days."""
    files = [_read(file, PublicationFile, []) for file in sorted(folder.glob("*.yaml"))]
    found = [one for one in files if one]
    return sorted(found, key=lambda one: (one.data_as_at, one.publication))


def _dated(made: Publication, file: PublicationFile, beside: list[PublicationFile]) -> Publication:
    """The publication of a file, with the data day of the report on its earlier period."""
    before = file.social_value.before
    days = [one.data_as_at for one in beside if one.social_value.this == before]
    return made.model_copy(update={"file": file, "first_published_on": days[0] if days else None})


def _contradictions(council: Council, publication: PublicationFile) -> Iterator[str]:
    """Where a publication contradicts its council: the two calendars, and invented data.

    Social value is reported from the first day of its year; half a year of spend may be either
    half of the financial year.
    """
    half = 6 if publication.kind == "mid-year" else 0
    for name, calendar, starts, months_in in (
        ("social_value", publication.social_value, council.social_value_year_starts, {0}),
        ("spend", publication.spend, council.spend_year_starts, {0, half}),
    ):
        for which, span in (("this", calendar.this), ("before", calendar.before)):
            allowed = {f"{months_after(span.start, -months):%m-%d}" for months in months_in}
            if starts not in allowed:
                yield (
                    f"{name}.{which}: it starts on {span.start}, but {name}_year_starts in "
                    f"council.yaml is {starts}"
                )
    if council.is_demonstration != (publication.status == "demonstration"):
        said = "true" if council.is_demonstration else "false"
        yield (
            f"status: it is '{publication.status}', but is_demonstration in council.yaml is {said}"
        )


def _own_files(folder: Path, faults: list[str]) -> tuple[MeasureFile, ...]:
    """The texts of the council's own measures or figures, in the order of their names."""
    files = []
    for path in sorted(folder.glob("*.y*ml")):
        name = f"{folder.name}/{path.name}"
        text = _text(path, name, faults)
        if text is not None:
            files.append(MeasureFile(name=name, text=text))
    return tuple(files)


def _text(path: Path, name: str, faults: list[str]) -> str | None:
    if not path.is_file():
        faults.append(f"{name}: there is no such file in {path.parent}")
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{name}: it is not UTF-8 text")
        return None


def _read(path: Path, model: type[Model], faults: list[str]) -> Model | None:
    text = _text(path, path.name, faults)
    return None if text is None else parsed(text, path.name, model, faults)

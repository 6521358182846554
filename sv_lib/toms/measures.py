"""The measures: what each one counts, how, and what proves it.

They are data, one YAML file each, in our own words. The package brings a catalogue; a council's own
measures come on top of it. Prices are licensed and never part of a measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, field_validator

from sv_lib.errors import ParameterError, counted
from sv_lib.params import Edition, MeasureFile, Publication
from sv_lib.settings import Settings, as_list, parsed
from sv_lib.strict_yaml import data_beside
from sv_lib.toms.counting import RULES

CATALOGUE = Path(__file__).with_name("catalogue")
REFERENCE = r"^[A-Z]{2,4}[0-9]{1,4}[a-z]?$"
Method = Literal["proxy", "money invested", "recorded only"]
Group = Literal["into_work", "training", "target_group", "hours", "none"]
COUNTED_IN = {"training": "weeks", "hours": "hours"}
"""The unit of the groups whose quantities one headline adds up."""
OF_PEOPLE = ("into_work", "training", "target_group")
"""The groups whose headlines count people."""
Words = Annotated[str, Field(min_length=1)]
Number = Annotated[Decimal, Field(max_digits=15)]


def editions(of_council: Iterable[Edition] = ()) -> dict[str, Edition]:
    """Every edition by its id, the earliest first: the package's and the council's own.

    The prices of the package's editions are invented.
    """
    together = [*_packaged_editions(), *of_council]
    together.sort(key=lambda edition: edition.valid_from)
    return {edition.id: edition for edition in together}


@cache
def _packaged_editions() -> tuple[Edition, ...]:
    return data_beside(__file__, tuple[Edition, ...], "editions.yaml")


class Example(Settings):
    """A worked example: printed on the measure's methods page, and run as its test.

    ``price`` is an invented round number; ``working`` is what the valuation must say, word for
    word.
    """

    title: Words
    source: str = ""
    inputs: dict[str, Number]
    quantity: Number
    attribution: Number = Decimal(1)
    price: Number | None = None
    value_pence: int | None = None
    working: Words


class Measure(Settings):
    """One measure: what it counts, how, and what a supplier must hold to prove it.

    ``editions``: the price lists that hold it; rows of a council's proxies add further ones.
    ``group``: the headline or table that it belongs to. ``is_protected``: it counts people under
    a characteristic or a disadvantage, whose small numbers are hidden sooner.
    ``may_be_negative``: less than nothing can be claimed, such as more carbon than before.
    ``counts_after_contract``: what comes after its contract has ended still counts. ``order``:
    where a table lists measures side by side, the lowest comes first. ``overlaps``: measures of one
    contract that could hold the same benefit. ``beside``: measures that may name the same person
    without counting a benefit twice. Both are symmetric: a pair is written in one file only.
    """

    ref: str = Field(pattern=REFERENCE)
    title: Words
    theme: str = Field(pattern="[A-Za-z]", max_length=80)
    outcome: Words
    unit: str = Field(pattern="[A-Za-z]", max_length=40)
    method: Method
    counting: str
    counts_people: bool
    is_local_economic: bool
    group: Group
    is_protected: bool
    may_be_negative: bool = False
    counts_after_contract: bool = False
    order: int = 100
    evidence: tuple[Words, ...] = Field(min_length=1)
    editions: tuple[str, ...] = Field(min_length=1)
    overlaps: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    rule: Words
    formula: Words
    review_on: date
    examples: tuple[Example, ...] = Field(min_length=1)

    @property
    def is_first_year_only(self) -> bool:
        """A person counts in their first year and no later one."""
        return self.counting == "first_year_fte"

    @field_validator("counting")
    @classmethod
    def _is_a_rule(cls, counting: str) -> str:
        if counting not in RULES:
            raise ValueError(f"there is no counting rule '{counting}'; use {', '.join(RULES)}")
        return counting


def catalogue() -> Mapping[str, Measure]:
    """The package's measures by their reference, in the framework's order."""
    return _sound(_packaged_files(), ())


def measures_of(publication: Publication) -> Mapping[str, Measure]:
    """The package's measures and the council's own by their reference, in the framework's order.

    Raises ParameterError with every fault of the council's files.
    """
    files = (*_packaged_files(), *publication.measure_files)
    return _sound(files, publication.council.editions)


def first_year_only(measures: Mapping[str, Measure]) -> list[str]:
    """The measures that count a person in the first year only."""
    return [ref for ref, measure in measures.items() if measure.is_first_year_only]


def file_of(ref: str) -> str:
    """The file that a measure is written in, as messages name it."""
    folder = "catalogue" if ref in catalogue() else "measures"
    return f"{folder}/{ref}.yaml"


def in_group(measures: Mapping[str, Measure], group: Group) -> tuple[str, ...]:
    """The references of the measures of one group, in the order of ``measures``."""
    return tuple(ref for ref, measure in measures.items() if measure.group == group)


def in_table_order(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """The same measures in the order in which a table lists them side by side."""
    return dict(sorted(measures.items(), key=lambda item: item[1].order))


def protected(measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """The references of the measures that count people under a protected characteristic."""
    return tuple(ref for ref, measure in measures.items() if measure.is_protected)


@cache
def _packaged_files() -> tuple[MeasureFile, ...]:
    return tuple(
        MeasureFile(name=path.name, text=path.read_text(encoding="utf-8"))
        for path in sorted(CATALOGUE.glob("*.yaml"))
    )


# Pages ask for the measures again and again, and reading the files takes a tenth of a second.
@lru_cache(maxsize=8)
def _sound(
    files: tuple[MeasureFile, ...], of_council: tuple[Edition, ...]
) -> Mapping[str, Measure]:
    """The measures of some files, with both sides of every pair; ParameterError with all faults."""
    faults: list[str] = []
    known = editions(of_council)
    read: dict[str, Measure] = {}
    for file in files:
        measure = parsed(file.text, file.name, Measure, faults)
        if measure is None:
            continue
        said = [*_misplaced(measure, file.name, read), *_contradictions(measure, read, known)]
        faults += [f"{file.name}: {fault}" for fault in said]
        read[measure.ref] = measure
    measures = {ref: read[ref] for ref in sorted(read, key=_in_order)}
    # A file that could not be read may be the other side of a pair: told once is enough.
    faults = faults or _unpaired(measures)
    if faults:
        raise ParameterError(
            "the council's measures",
            f"{counted(len(faults), 'fault')} in them:\n{as_list(faults)}",
            "a claim under a measure that is not meant would be counted and valued wrongly.",
            "correct the files named above; params/README.md says what a measure holds.",
        )
    return MappingProxyType(_with_both_sides(measures))


def _misplaced(measure: Measure, name: str, read: Mapping[str, Measure]) -> Iterator[str]:
    ref = measure.ref
    if PurePosixPath(name).name != f"{ref}.yaml":
        yield f"it holds {ref}, so its name has to be {ref}.yaml"
    if ref in read:
        yield f"{ref} is a measure already; give the council's own a reference such as {ref}a"


def _contradictions(
    measure: Measure, read: Mapping[str, Measure], known: Mapping[str, Edition]
) -> Iterator[str]:
    """What a measure says that cannot stand together, or that contradicts an earlier file."""
    group = measure.group
    for edition in measure.editions:
        if edition not in known:
            yield (
                f"there is no edition '{edition}': declare it under 'editions' in council.yaml, "
                f"or use {' or '.join(known)}"
            )
    if measure.unit != COUNTED_IN.get(group, measure.unit):
        yield f"group {group} is counted in {COUNTED_IN[group]}, not in {measure.unit}"
    if group in OF_PEOPLE and not measure.counts_people:
        yield f"group {group} counts people, so counts_people has to be yes"
    if measure.is_protected and not measure.counts_people:
        yield "is_protected is about people, so counts_people has to be yes"
    if measure.method == "money invested" and measure.unit != "GBP":
        yield f"money invested counts a pound for a pound: the unit is GBP, not {measure.unit}"
    for other in read.values():
        # The ids of the figures of a theme hold its letters and digits alone.
        if other.theme != measure.theme and _letters(other.theme) == _letters(measure.theme):
            yield f"theme '{measure.theme}' is '{other.theme}' in {other.ref}: write both alike"
            return


def _letters(theme: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", theme.lower()).strip("-")


def _unpaired(measures: Mapping[str, Measure]) -> list[str]:
    """Pairs with a measure that does not exist, with itself, or written twice."""
    faults = []
    for name in ("overlaps", "beside"):
        seen: set[frozenset[str]] = set()
        for ref, measure in measures.items():
            for other in getattr(measure, name):
                pair = frozenset((ref, other))
                if other not in measures or other == ref or pair in seen:
                    faults.append(
                        f"{ref}: '{other}' cannot stand under {name}: unknown, itself, "
                        f"or written twice"
                    )
                seen.add(pair)
    return faults


def _with_both_sides(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """Each pair on both of its measures, whichever file it is written in."""
    overlaps = _partners(measures, "overlaps")
    beside = _partners(measures, "beside")
    return {
        ref: measure.model_copy(update={"overlaps": overlaps[ref], "beside": beside[ref]})
        for ref, measure in measures.items()
    }


def _partners(measures: Mapping[str, Measure], name: str) -> dict[str, tuple[str, ...]]:
    partners: dict[str, set[str]] = {ref: set() for ref in measures}
    for ref, measure in measures.items():
        for other in getattr(measure, name):
            partners[ref].add(other)
            partners[other].add(ref)
    return {ref: tuple(sorted(others, key=_in_order)) for ref, others in partners.items()}


def _in_order(ref: str) -> tuple[str, int, str]:
    """Letters, then the number as a number, then the small letter."""
    letters, number, suffix = re.findall("[A-Z]+|[0-9]+|[a-z]?$", ref)[:3]
    return letters, int(number), suffix

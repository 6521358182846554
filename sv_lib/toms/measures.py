"""The catalogue of measures: data, one YAML file each, in our own words. Prices are never part of
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, TypeAdapter, field_validator

from sv_lib.params import Edition, Settings
from sv_lib.strict_yaml import read_yaml
from sv_lib.toms.counting import RULES

Theme = Literal["Jobs and skills", "Local business", "Communities", "Environment"]
Unit = Literal["FTE", "weeks", "hours", "GBP", "tCO2e", "sessions"]
Method = Literal["proxy", "money invested", "recorded only"]
Group = Literal["into_work", "training", "target_group", "hours", "none"]


def editions(of_council: Iterable[Edition] = ()) -> dict[str, Edition]:
    """Every edition by its id, the earliest first: the package's, whose prices are invented, and
    the
    council's own.
    """
    return {
        edition.id: edition
        for edition in sorted((*_packaged(), *of_council), key=lambda one: one.valid_from)
    }


@cache
def _packaged() -> tuple[Edition, ...]:
    path = Path(__file__).with_name("editions.yaml")
    return TypeAdapter(tuple[Edition, ...]).validate_python(read_yaml(path))


class Example(Settings):
    """A worked example: printed on the measure's methods page, and run as its test.

    ``price`` is an invented round number for the sum's sake; ``working`` is what the valuation must
    say, word for word.
    """

    title: str
    source: str = ""
    inputs: dict[str, Decimal]
    quantity: Decimal
    attribution: Decimal = Decimal(1)
    price: Decimal | None = None
    value_pence: int | None = None
    working: str


class Measure(Settings):
    """One measure: what it counts, how, and what a supplier must hold to prove it.

    ``overlaps``: measures of one contract that could hold the same benefit. ``beside``: measures
    that may name the same person without counting a benefit twice. Both are symmetric: a pair is
    written in one file only. ``editions``: those of the package that hold it; it is in a council's
    own edition when that has a row for it. ``group``: the headline or table that it belongs to.
    ``is_protected``: it counts people under a characteristic or a disadvantage, whose small numbers
    are hidden sooner. ``order``: where a table lists measures side by side, the lowest comes first.
    """

    ref: str = Field(pattern=r"^[A-Z]{2}\d+$")
    title: str
    theme: Theme
    outcome: str
    unit: Unit
    method: Method
    counting: str
    counts_people: bool
    is_local_economic: bool
    group: Group
    is_protected: bool
    order: int = 100
    evidence: tuple[str, ...] = Field(min_length=1)
    editions: tuple[str, ...] = Field(min_length=1)
    overlaps: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    rule: str
    formula: str
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
            raise ValueError(f"there is no counting rule '{counting}'")
        return counting

    @field_validator("editions")
    @classmethod
    def _are_editions(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(named) - set(editions()):
            raise ValueError(f"there is no edition '{min(unknown)}' in editions.yaml")
        return named


@cache
def catalogue() -> Mapping[str, Measure]:
    """Every measure by its reference, in the framework's order.

    Raises ValueError (pydantic's included) where a file of the package is not a sound catalogue.
    """
    folder = Path(__file__).with_name("catalogue")
    read = {path.stem: Measure.model_validate(read_yaml(path)) for path in folder.glob("*.yaml")}
    misnamed = [stem for stem, measure in read.items() if stem != measure.ref]
    if misnamed:
        raise ValueError(f"a measure stands in a file of another name: {', '.join(misnamed)}")
    return MappingProxyType(
        with_both_sides({ref: read[ref] for ref in sorted(read, key=_in_order)})
    )


def in_group(measures: Mapping[str, Measure], group: Group) -> tuple[str, ...]:
    """The references of the measures of one group, in the order of ``measures``."""
    return tuple(ref for ref, measure in measures.items() if measure.group == group)


def in_table_order(measures: Mapping[str, Measure]) -> dict[str, Measure]:
    """The same measures in the order in which a table lists them side by side."""
    return dict(sorted(measures.items(), key=lambda item: item[1].order))


def protected(measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """The references of the measures that count people under a protected characteristic."""
    return tuple(ref for ref, measure in measures.items() if measure.is_protected)


def with_both_sides(measures: dict[str, Measure]) -> dict[str, Measure]:
    """Every pair on both of its measures, wherever it was written.

    Raises ValueError for a pair with a measure that does not exist, with itself, or written twice.
    """
    pairs: dict[str, dict[str, set[str]]] = {
        name: {ref: set() for ref in measures} for name in ("overlaps", "beside")
    }
    for name, partners in pairs.items():
        for ref, measure in measures.items():
            for other in getattr(measure, name):
                if other not in measures or other == ref or other in partners[ref]:
                    raise ValueError(
                        f"{ref}: '{other}' cannot stand under {name}: unknown, itself, "
                        f"or written twice"
                    )
                partners[ref].add(other)
                partners[other].add(ref)
    return {
        ref: measure.model_copy(
            update={name: tuple(sorted(pairs[name][ref], key=_in_order)) for name in pairs}
        )
        for ref, measure in measures.items()
    }


def _in_order(ref: str) -> tuple[str, int]:
    letters = ref.rstrip("0123456789")
    return letters, int(ref.removeprefix(letters))

"""The ladder from payments alone to the whole report: what stands, and what to add next.

One rule for every section: it stands where one of its tables was supplied; and one for the briefing
and the ward reports: they are made once something that they tell is known. A page of "not known"
helps nobody; that it is left out is said once, on page one or on the index page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sv_lib.present.report import Report
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class Step:
    """A step of the ladder. ``tables``: those it needs, all of them."""

    name: str
    tables: tuple[str, ...]
    tells: str
    where: str


@dataclass(frozen=True)
class _Needs:
    any_of: tuple[str, ...]
    words: str = ""
    only: str = ""
    with_: Annotated[tuple[str, ...], Field(alias="with")] = ()


@dataclass(frozen=True)
class _Tells:
    """What a report tells. It is made once a figure is known, or a table has a row."""

    figures: tuple[str, ...]
    left_out: str
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Ladder:
    steps: tuple[Step, ...]
    gives: dict[str, tuple[str, ...]]
    parts: dict[str, _Needs]
    sections: dict[str, _Needs]
    reports: dict[str, _Tells]


LADDER = data_beside(__file__, _Ladder)


def tables_of(inputs: Iterable[str]) -> set[str]:
    """The tables that inputs give: their own, and those that notices or forms add to."""
    return {table for name in inputs for table in (name, *LADDER.gives.get(name, ()))}


def next_steps(supplied: Collection[str]) -> list[Step]:
    """The steps that still want a table, those that members ask for most first."""
    return [step for step in LADDER.steps if not set(step.tables) <= set(supplied)]


def is_left_out(section: str, supplied: Collection[str]) -> bool:
    """Whether a section or a part of page one lacks its tables; an unlisted one always stands."""
    needs = (LADDER.sections | LADDER.parts).get(section)
    if needs is None:
        return False
    has_any = not set(needs.any_of).isdisjoint(supplied)
    return not has_any or not set(needs.with_) <= set(supplied)


def left_out_words(supplied: Collection[str], sections: Iterable[str] = ()) -> list[str]:
    """The sections that are left out, in words, in the order of the report."""
    names = sections or LADDER.sections
    return [LADDER.sections[one].words for one in names if is_left_out(one, supplied)]


def reports_left_out(report: Report) -> dict[str, str]:
    """The kinds of report that would tell nothing yet, each with the words that say so."""
    possible = dict(LADDER.reports)
    if not report.has_wards():
        del possible["wards"]
    return {
        kind: tells.left_out
        for kind, tells in possible.items()
        if not _tells_something(report, tells)
    }


def _tells_something(report: Report, tells: _Tells) -> bool:
    """Whether a figure of a report is known, if only to the council, or a table has a row."""
    trail = report.calculation.trail
    kinds = {trail[one].kind for one in tells.figures if one in report}
    has_rows = any(len(report.frame(table)) for table in tells.tables)
    return has_rows or not kinds <= {"unknown"}


def supplied(report: Report) -> set[str]:
    """The tables that were supplied to a report."""
    return tables_of(report.frame("files")["table"])


def stands(report: Report, section: str) -> bool:
    """Whether a section stands in a report: the report is of its kind and has its tables."""
    of_kind = is_of_kind(section, report.publication.file.kind)
    return of_kind and not is_left_out(section, supplied(report))


def is_of_kind(section: str, kind: str) -> bool:
    """Whether reports of a kind, "annual" or "mid-year", have a section."""
    needs = LADDER.sections.get(section)
    return needs is None or needs.only in ("", kind)

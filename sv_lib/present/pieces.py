"""The pieces of the pages by their names: a notebook names what it prints, in the order of reading.

The first part of a name is its section: ``suppliers.awarded`` stands where suppliers do, as
``ladder.yaml`` says. A section's module names the functions that make its pieces: ``@text``,
``@table`` or ``@chart``; ``worded`` a table that ``page_tables.yaml`` words in full. A table of
that file with a ``section``, and a sentence of ``prose.yaml`` that needs nothing but the report,
have their names already. A piece prints nothing where its section does not stand, or where its
``when`` says no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sv_lib.present import ladder
from sv_lib.present.markup import Html
from sv_lib.present.prose import read_words
from sv_lib.present.report import Report

Make = Callable[[Report], Html]
When = Callable[[Report], bool]
OF_WARDS = "ward"
"""The section of the pieces that a ward report alone has."""


@dataclass(frozen=True)
class Piece:
    """A part of a page: what makes it, and when it has something to say."""

    make: Make
    when: When | None

    def of(self, report: Report) -> Html:
        """The piece as a report's page prints it."""
        if self.when is None or self.when(report):
            return self.make(report)
        return Html()


TEXTS: dict[str, Piece] = {}
TABLES: dict[str, Piece] = {}
CHARTS: dict[str, Piece] = {}


def text(name: str, when: When | None = None) -> Callable[[Make], Make]:
    """Names a function that makes words of a page; ``when``: whether they have anything to say."""
    return partial(_add, TEXTS, name, when)


def table(name: str, when: When | None = None) -> Callable[[Make], Make]:
    """Names a function that makes a table of a page."""
    return partial(_add, TABLES, name, when)


def chart(name: str, when: When | None = None) -> Callable[[Make], Make]:
    """Names a function that makes a chart or map of a page."""
    return partial(_add, CHARTS, name, when)


def worded(name: str, table_id: str, when: When | None = None) -> None:
    """Names a table that ``page_tables.yaml`` words in full."""

    def make(report: Report) -> Html:
        # What draws is loaded when a page is made: a process that only calculates needs the names.
        from sv_lib.present.page_tables import show_table

        return show_table(report, table_id)

    _add(TABLES, name, when, make)


def of_report(pieces: Mapping[str, Piece], report: Report) -> list[str]:
    """The names of the pieces that a report may print: those of wards are for ward reports."""
    return [name for name in pieces if report.ward or section_of(name) != OF_WARDS]


def section_of(name: str) -> str:
    """The section of a piece or a sentence."""
    return name.partition(".")[0]


def stands(report: Report, name: str) -> bool:
    """Whether the section of a piece stands in a report."""
    return ladder.stands(report, section_of(name))


def _add(pieces: dict[str, Piece], name: str, when: When | None, make: Make) -> Make:
    if name in pieces:
        raise ValueError(f"two pieces are named {name}")
    pieces[name] = Piece(make, when)
    return make


for _table_id, _words in read_words("page_tables.yaml").items():
    if "section" in _words:
        worded(f"{_words['section']}.{_table_id}", _table_id)

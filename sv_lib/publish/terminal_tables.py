"""What the command line prints of the catalogue of measures, and its tables."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from sv_lib.errors import ParameterError
from sv_lib.toms.measures import Measure


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table for the terminal; text is shown as it is, whatever marks it holds."""
    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in columns:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown


def measures(known: Mapping[str, Measure]) -> Table:
    """The measures in short."""
    columns = ("Measure", "Title", "Theme", "Unit", "Method", "Editions")
    return table("Measures", columns, map(_short, known.values()))


def _short(measure: Measure) -> tuple[str, ...]:
    """One line of the table of measures."""
    editions = ", ".join(measure.editions)
    words = (measure.ref, measure.title, measure.theme, measure.unit, measure.method)
    return (*words, editions)


def measure_text(ref: str, known: Mapping[str, Measure]) -> str:
    """One measure in full, with its worked examples.

    Raises ParameterError for a reference that is not one.
    """
    if ref not in known:
        near = difflib.get_close_matches(ref.upper(), known, n=3, cutoff=0.4) or list(known)
        raise ParameterError(
            "measures",
            f"'{ref}' is not a measure; near it: {', '.join(near)}",
            "there is nothing to show.",
            "use a reference from `svreport measures`.",
        )
    measure = known[ref]
    lines = [
        f"{measure.ref}  {measure.title}",
        f"Theme: {measure.theme}. Outcome: {measure.outcome}. Unit: {measure.unit}. "
        f"Method: {measure.method}.",
        f"Editions: {', '.join(measure.editions)}",
        f"Rule: {measure.rule}",
        f"Formula: {measure.formula}",
        "Evidence to hold:",
        *(f"  - {item}" for item in measure.evidence),
        f"May overlap with: {', '.join(measure.overlaps) or 'none'}",
    ]
    return "\n".join([*lines, *_examples(measure)])


def _examples(measure: Measure) -> list[str]:
    parts = [(f"Example: {one.title}", one.working, one.source) for one in measure.examples]
    return ["\n  ".join(filter(None, part)) for part in parts]

"""What the command line prints of the catalogue of measures, and its tables."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from jinja2 import Template
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from sv_lib.errors import ParameterError, visible
from sv_lib.toms.measures import Measure

MEASURE = Path(__file__).with_name("measure.txt.j2")
"""One measure as the terminal prints it."""


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table for the terminal; text is shown as it is, whatever marks it holds."""
    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in columns:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(visible(cell)) for cell in row))
    return shown


def measures(known: Mapping[str, Measure]) -> Table:
    """The measures in short."""
    rows = []
    for measure in known.values():
        editions = ", ".join(measure.editions)
        words = (measure.ref, measure.title, measure.theme, measure.unit, measure.method)
        rows.append((*words, editions))
    columns = ("Measure", "Title", "Theme", "Unit", "Method", "Editions")
    return table("Measures", columns, rows)


def measure_text(ref: str, known: Mapping[str, Measure]) -> str:
    """One measure in full, with its worked examples.

    Raises ParameterError for a reference that is not one.
    """
    if ref not in known:
        near = difflib.get_close_matches(ref.upper(), known, n=3, cutoff=0.4) or known
        raise ParameterError(
            "measures",
            f"'{ref}' is not a measure; near it: {', '.join(near)}",
            "there is nothing to show.",
            "use a reference from `svreport measures`.",
        )
    # Plain text, in which nothing is escaped.
    template = Template(MEASURE.read_text(encoding="utf-8"), trim_blocks=True)
    text: str = template.render(measure=known[ref])
    return text.rstrip()

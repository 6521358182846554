"""What the command line prints of the findings, the control totals and the catalogue of measures."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from sv_lib.errors import ParameterError
from sv_lib.intake.findings import as_frame
from sv_lib.intake.inputs import Inputs
from sv_lib.intake.payments import WAYS
from sv_lib.present.formats import Amount, display
from sv_lib.toms.measures import Measure, catalogue


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table for the terminal; text is shown as it is, whatever marks it holds."""
    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for name in columns:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*map(Text, row))
    return shown


def findings(inputs: Inputs) -> Table:
    """What was found in the files, the gravest first."""
    rows = [
        (line["severity"], _place(line), line["found"], line["problem"], line["remedy"])
        for line in as_frame(inputs.findings).to_dict("records")
    ]
    return table("Findings", ("Severity", "Where", "What we found", "Why it matters", "What to do"), rows)


def _place(line: dict[Hashable, Any]) -> str:
    row = "" if pd.isna(line["row"]) else f"row {line['row']}"
    return ", ".join(filter(None, (line["file"], row, line["column"])))


def controls(inputs: Inputs) -> Table:
    """Every file's rows and pounds: what came in and where it went."""
    rows = [
        (line["file"], _parts(line, "rows", "rows"), _parts(line, "pence", "pence"))
        for line in inputs.controls.to_dict("records")
    ]
    return table("Control totals", ("File", "Rows", "Amount"), rows)


def _parts(line: dict[Hashable, Any], what: str, unit: str) -> str:
    """``60,012 = 59,990 used + 22 excluded``; ``60,012 used`` when that is all; nothing for a file without money."""
    if pd.isna(line[f"{what}_in"]):
        return ""
    sizes = {way: int(line[f"{what}_{way}"]) for way in ("in", *WAYS)}
    said = {way: display(Amount(size, unit), "full") for way, size in sizes.items()}
    parts = [f"{said[way]} {way}" for way in WAYS if sizes[way]]
    return f"{said['in']} = {' + '.join(parts)}" if len(parts) > 1 else parts[0] if parts else "0"


def measures() -> Table:
    """The catalogue in short."""
    rows = [(m.ref, m.title, m.theme, m.unit, m.method, ", ".join(m.editions)) for m in catalogue().values()]
    return table("Measures", ("Measure", "Title", "Theme", "Unit", "Method", "Editions"), rows)


def measure_text(ref: str) -> str:
    """One measure in full, with its worked examples. Raises ParameterError for a reference that is not one."""
    known = catalogue()
    if ref not in known:
        near = difflib.get_close_matches(ref.upper(), known, n=3, cutoff=0.4) or list(known)
        raise ParameterError(
            "measures", f"'{ref}' is not a measure; near it: {', '.join(near)}", "there is nothing to show.",
            "use a reference from `svreport measures`.",
        )  # fmt: skip
    measure = known[ref]
    lines = [
        f"{measure.ref}  {measure.title}",
        f"Theme: {measure.theme}. Outcome: {measure.outcome}. Unit: {measure.unit}. Method: {measure.method}.",
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

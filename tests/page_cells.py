"""The sections of the pages as their notebooks print them, cell by cell, without a kernel."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

import sv_lib as sv
from sv_lib.intake.tables.dictionary import NAMES
from sv_lib.present.explore import OpenReport
from sv_lib.present.markup import Html, join
from sv_lib.present.report import Report

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PAGES = ("main", "briefing", "ward", "methods")


@cache
def sources(name: str) -> dict[str, str]:
    """The cells of a notebook in their order, by their ids."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells}


@cache
def source(cell_id: str) -> str:
    """The one cell of the page notebooks with this id."""
    (found,) = [sources(name)[cell_id] for name in PAGES if cell_id in sources(name)]
    return found


def shown(report: Report, cell_id: str) -> Html:
    """What a cell prints of a report, be it the work of a test that has no list of files."""
    made = report.calculation
    if "files" not in made.tables:
        made = replace(made, tables={**made.tables, "files": pd.DataFrame({"table": NAMES})})
    return run(source(cell_id), OpenReport(report.publication, made, report.ward))


def run(cell: str, report: OpenReport) -> Html:
    """What a cell prints that is one expression, as the cells of pages are."""
    parts: list[str] = []
    names = {"sv": sv, "report": report, "display": lambda *of: parts.extend(of)}
    value = eval(cell, names)  # noqa: S307 a cell of our own notebooks
    return join([*parts, value or ""])

"""The tables of a run as CSV: figures, claims, findings, control totals, and all the others."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from sv_lib.errors import RenderError
from sv_lib.figures.figure import Figure
from sv_lib.figures.saved import NO_FILES, Calculation
from sv_lib.figures.trail import Trail
from sv_lib.present.formats import Style, capital, display
from sv_lib.publish.files.printed_figures import Printed

CellValue = str | int | Decimal | date | None

AT_THE_TOP = ("figures", "claims", "findings", "control_totals")
"""Tables that lie in the run folder itself; the others are in ``data``."""
OF_ROWS = {"total": "sum of rows", "count": "number of rows"}
"""What figures that are made from rows say for their operation."""
DATATYPES = (({int}, "integer"), ({int, Decimal}, "decimal"), ({date}, "date"))
APOSTROPHE = (
    "A text that a spreadsheet would run as a formula has an apostrophe before it. Blank "
    "is not known."
)

# A spreadsheet skips white space, and some take the wide signs of an East Asian keyboard for the
# plain ones.
LIVE = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r]")
NUMBER = re.compile(r"[-+]?£?\d[\d,]*(\.\d+)?( ?%| [a-z ]+|[kmbn]{1,2})?")


def write_all(folder: Path, calculation: Calculation) -> dict[str, pd.DataFrame]:
    """Write every table but figures and those for pages alone as CSV under ``folder``.

    Returns the tables by name, ``figures`` first, which does not yet say what prints each figure.
    """
    (folder / "data").mkdir(exist_ok=True)
    tables = {"figures": figures_frame(calculation.trail)}
    for name, table in sorted(calculation.tables.items()):
        if name in NO_FILES:
            continue
        write_csv(table, path_of(folder, name))
        tables[name] = table
    return tables


def path_of(folder: Path, name: str) -> Path:
    """Where a table lies in a run folder."""
    place = folder if name in AT_THE_TOP else folder / "data"
    return place / f"{name}.csv"


def write_figures(
    folder: Path, figures: pd.DataFrame, shown: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """Write the figures as CSV, and return them, with the names of the reports that print each.

    ``shown``: figure id -> names of reports.
    """
    reports = [";".join(sorted(shown.get(figure_id, ()))) for figure_id in figures["figure_id"]]
    complete = figures.assign(reports=reports)
    write_csv(complete, folder / "figures.csv")
    return complete


def describe(folder: Path, tables: Mapping[str, pd.DataFrame], title: str) -> None:
    """Write ``csv-metadata.json`` (CSV on the Web) beside the CSV files.

    It gives the name, type and meaning of each column.
    """
    at_the_top = [name for name in tables if name in AT_THE_TOP]
    others = [name for name in tables if name not in AT_THE_TOP]
    for place, names in ((folder, at_the_top), (folder / "data", others)):
        content = {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
            "dc:title": title,
            "rdfs:comment": APOSTROPHE,
            "tables": [_description(name, tables[name]) for name in names],
        }
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (place / "csv-metadata.json").write_text(text, "utf-8")


def _description(name: str, table: pd.DataFrame) -> dict[str, Any]:
    """A table and its columns, as CSV on the Web names them."""
    return {
        "url": f"{name}.csv",
        "dc:title": name.replace("_", " "),
        "tableSchema": {"columns": [_column(table[name]) for name in table.columns]},
    }


def _column(column: pd.Series[Any]) -> dict[str, Any]:
    name = str(column.name)
    return {
        "name": name,
        "titles": name.replace("_pence", " (pence)").replace("_", " "),
        "datatype": _datatype(column),
        "null": "",
    }


def _datatype(column: pd.Series[Any]) -> str | dict[str, str]:
    if pd.api.types.is_bool_dtype(column):
        return {"base": "boolean", "format": "yes|no"}
    kinds = {type(value) for value in values(column)} - {type(None)}
    if kinds:
        for held, name in DATATYPES:
            if kinds <= held:
                return name
    return "string"


def figures_frame(trail: Trail) -> pd.DataFrame:
    """One row a figure, in the trail's order."""
    rows = [_figure_row(trail, figure) for figure in trail]
    return pd.DataFrame(rows, dtype=object)


def _figure_row(trail: Trail, figure: Figure) -> dict[str, Any]:
    return {
        "figure_id": figure.id,
        "label": figure.label,
        "value": figure.exact,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "display": display(figure),
        "period_start": figure.period.start,
        "period_end": figure.period.end,
        "formula": figure.formula,
        "operation": figure.operation or OF_ROWS.get(figure.kind, ""),
        "parts": " ".join(figure.parts),
        "row_count": trail.row_count(figure.id),
        "caution": figure.caution,
        "reports": "",
    }


def reports_by_figure(
    printed: Mapping[str, Iterable[Printed]], trail: Trail
) -> dict[str, list[str]]:
    """Which reports print each figure.

    ``printed``: report -> the figures on its page. Raises RenderError when a page prints a figure
    that the trail lacks, another value than the trail's, or a text that no style prints of it.
    """
    shown: dict[str, list[str]] = {}
    right = set[Printed]()
    for report, figures in printed.items():
        for one in figures:
            if one not in right:
                _require_true(report, one, trail)
                right.add(one)
            reports = shown.setdefault(one.figure_id, [])
            if report not in reports:
                reports.append(report)
    return shown


def _require_true(report: str, printed: Printed, trail: Trail) -> None:
    """Raise RenderError unless a figure of a page is the trail's, in value and in text."""
    figure_id, value, text = printed
    if figure_id not in trail:
        found = f"it prints a figure '{figure_id}' that the calculation does not hold"
        raise _untraceable(report, found)
    figure = trail[figure_id]
    if value != figure.exact:
        found = f"it prints '{figure_id}' as {value!r}; it is {figure.exact!r}"
        raise _untraceable(report, found)
    # In each style a number may have its sign, or words beside it that say which way it goes.
    signs = product((False, True), (False, True))
    written = (display(figure, style, *sign) for sign, style in product(signs, get_args(Style)))
    # The words of a range begin a sentence with a capital.
    if not any(text in (form, capital(form)) for form in written):
        found = f"it prints '{figure_id}' as {text!r}; it is {display(figure)!r}"
        raise _untraceable(report, found)


def _untraceable(report: str, found: str) -> RenderError:
    return RenderError(
        report,
        found,
        "a number without a trail could be wrong and nobody could tell.",
        "print figures only by their id.",
    )


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as UTF-8 CSV, the same bytes on every machine; blank is not known."""
    columns = [[_field(value) for value in values(frame[name])] for name in frame.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))


def values(column: pd.Series[Any]) -> list[CellValue]:
    """A column's values as text, whole numbers, decimals, days or None, where nothing is known.

    Only a ratio is rounded, to six places.
    """
    return [_value(value) for value in column.astype(object)]


def _value(value: Any) -> CellValue:
    if value is pd.NaT:  # which would pass for a date
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, Fraction):
        return Decimal(f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}")
    # To Python a bool is an int too, so it is asked for first.
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal | date):
        return value
    return None if pd.isna(value) else str(value)


def _field(value: CellValue) -> str:
    """A value as a CSV field; text that a spreadsheet would run gets an apostrophe first."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and LIVE.match(value) and not NUMBER.fullmatch(value):
        return f"'{value}"
    return str(value)

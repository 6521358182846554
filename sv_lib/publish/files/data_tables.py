"""The tables of a run as CSV: figures, claims, findings, control totals, and every table of the
calculation.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import RenderError
from sv_lib.figures.saved import PHOTOS, Calculation
from sv_lib.figures.trail import Trail
from sv_lib.present.formats import display

Cell = str | int | Decimal | date | None

FIGURE_COLUMNS = (
    "figure_id",
    "label",
    "value",
    "unit",
    "display",
    "period_start",
    "period_end",
    "formula",
    "numerator_id",
    "denominator_id",
    "row_count",
    "rows_sha256",
    "caution",
    "reports",
)
AT_THE_TOP = ("figures", "claims", "findings", "control_totals")

DATATYPES = (({int}, "integer"), ({int, Decimal}, "decimal"), ({date}, "date"))
APOSTROPHE = (
    "A text that a spreadsheet would run as a formula has an apostrophe before it. Blank "
    "is not known."
)

LIVE = re.compile(r"[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r]")
"""A spreadsheet passes over white space, and some take the wide signs of an East Asian keyboard for
the plain ones.
"""
NUMBER = re.compile(r"[-+]?£?\d[\d,]*(\.\d+)?( ?%| [a-z ]+|[kmbn]{1,2})?")


def write_all(folder: Path, calculation: Calculation) -> dict[str, pd.DataFrame]:
    """Write every table but figures and photos as CSV, and the trail, under ``folder``.

    Returns the tables by name, ``figures`` the first; which reports print them is not in it yet.
    """
    tables = {name: table for name, table in sorted(calculation.tables.items()) if name != PHOTOS}
    (folder / "data").mkdir(exist_ok=True)
    for name, table in tables.items():
        write_csv(
            table, folder / f"{name}.csv" if name in AT_THE_TOP else folder / "data" / f"{name}.csv"
        )
    calculation.save_trail(folder / "data")
    return {"figures": figures_frame(calculation.trail), **tables}


def write_figures(
    folder: Path, figures: pd.DataFrame, shown: Mapping[str, Iterable[str]]
) -> pd.DataFrame:
    """Write the figures as CSV; ``shown``: figure id -> names of the reports that print it. Returns
    them with these.
    """
    figures["reports"] = [
        ";".join(sorted(shown.get(figure_id, ()))) for figure_id in figures["figure_id"]
    ]
    write_csv(figures, folder / "figures.csv")
    return figures


def describe(folder: Path, tables: Mapping[str, pd.DataFrame], title: str) -> None:
    """Write ``csv-metadata.json`` (CSV on the Web) beside the CSV files: the name, type and meaning
    of
    each column.
    """
    for place, is_top in ((folder, True), (folder / "data", False)):
        described = [
            {
                "url": f"{name}.csv",
                "dc:title": name.replace("_", " "),
                "tableSchema": {"columns": _schema(table)},
            }
            for name, table in tables.items()
            if (name in AT_THE_TOP) == is_top
        ]
        content = {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
            "dc:title": title,
            "rdfs:comment": APOSTROPHE,
            "tables": described,
        }
        (place / "csv-metadata.json").write_text(
            json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8"
        )


def _schema(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The columns of a table as CSV on the Web names them."""
    return [
        {
            "name": str(name),
            "titles": str(name).replace("_pence", " (pence)").replace("_", " "),
            "datatype": _datatype(table[name]),
            "null": "",
        }
        for name in table.columns
    ]


def _datatype(column: pd.Series[Any]) -> str | dict[str, str]:
    if pd.api.types.is_bool_dtype(column):
        return {"base": "boolean", "format": "yes|no"}
    kinds = {type(cell) for cell in cells(column)} - {type(None)}
    names = [name for held, name in DATATYPES if kinds and kinds <= held]
    return names[0] if names else "string"


def figures_frame(trail: Trail) -> pd.DataFrame:
    """One row a figure, in the trail's order."""
    records = [
        (
            figure.id,
            figure.label,
            figure.exact,
            figure.unit,
            display(figure),
            figure.period.start,
            figure.period.end,
            figure.formula,
            figure.numerator_id,
            figure.denominator_id,
            trail.row_count(figure.id),
            trail.rows_sha256(figure.id),
            figure.caution,
            "",
        )
        for figure in trail
    ]
    return pd.DataFrame(records, columns=list(FIGURE_COLUMNS), dtype=object)


def reports_by_figure(
    printed: Mapping[str, Iterable[tuple[str, str]]], trail: Trail
) -> dict[str, list[str]]:
    """Which reports print each figure; ``printed``: report -> id and exact value of the figures on
    its
    page.

    Raises RenderError when a page prints a figure that the trail lacks, or with another value.
    """
    shown: dict[str, list[str]] = {}
    for report, figures in printed.items():
        for figure_id, value in figures:
            if figure_id not in trail:
                raise _not_ours(
                    report, f"it prints a figure '{figure_id}' that the calculation does not hold"
                )
            if value != trail[figure_id].exact:
                raise _not_ours(
                    report,
                    f"it prints '{figure_id}' as {value!r}; it is {trail[figure_id].exact!r}",
                )
            shown.setdefault(figure_id, []).append(report)
    return shown


def _not_ours(name: str, found: str) -> RenderError:
    return RenderError(
        name,
        found,
        "a number without a trail could be wrong and nobody could tell.",
        "print figures only by their id.",
    )


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as UTF-8 CSV, the same bytes on every machine; blank is not known."""
    columns = [[_field(cell) for cell in cells(frame[name])] for name in frame.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*columns, strict=True))


def cells(column: pd.Series[Any]) -> list[Cell]:
    """A column's values as text, whole numbers, decimals, dates or None; only a ratio is rounded,
    at
    six places.
    """
    if pd.api.types.is_datetime64_any_dtype(column):
        return [None if pd.isna(day) else day.date() for day in column]
    if pd.api.types.is_bool_dtype(column):
        return [None if pd.isna(value) else ("yes" if value else "no") for value in column]
    if pd.api.types.is_integer_dtype(column):
        return [None if pd.isna(value) else int(value) for value in column]
    return [_cell(value) for value in column]


def _cell(value: Any) -> Cell:
    if isinstance(value, Fraction):
        return Decimal(f"{Decimal(value.numerator) / Decimal(value.denominator):.6f}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, Decimal, date)):
        return value
    return None if value is None or pd.isna(value) else str(value)


def _field(cell: Cell) -> str:
    """A cell as a CSV field; text that a spreadsheet would run as a formula gets an apostrophe
    before
    it.
    """
    if isinstance(cell, str):
        return f"'{cell}" if LIVE.match(cell) and not NUMBER.fullmatch(cell) else cell
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)

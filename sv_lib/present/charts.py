"""The one function that makes a chart. It draws from a table, so the picture and its data cannot
differ.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, NamedTuple

from sv_lib.present import chart_kinds
from sv_lib.present.chart_kinds import ChartData, ChartRow
from sv_lib.present.drawing import NARROW, WIDTHS, Canvas, Size, picture
from sv_lib.present.formats import Style
from sv_lib.present.markup import Html, captioned, join, tag, text_of
from sv_lib.present.tables import DataTable, TableCell, TableColumn, shown, source_line, to_html

ChartKind = Literal["bars", "pairs", "steps", "waterfall", "lines", "range"]


class Design(NamedTuple):
    """How a kind is drawn, and how many number columns it takes."""

    draw: Callable[[ChartData, float], Canvas]
    least: int
    most: int


DESIGNS: dict[ChartKind, Design] = {
    "bars": Design(chart_kinds.bars, 1, 1),
    "pairs": Design(chart_kinds.bars, 2, 2),
    "steps": Design(chart_kinds.steps, 1, 2),
    "waterfall": Design(chart_kinds.waterfall, 1, 1),
    "lines": Design(chart_kinds.lines, 1, 4),
    "range": Design(chart_kinds.ranges, 3, 3),
}
LABEL_STYLES: dict[Style, Style] = {
    "bare": "short",
    "pounds": "whole",
    "thousands": "short",
    "millions": "short",
}


def chart(
    kind: ChartKind,
    table: DataTable,
    *,
    title: str,
    subtitle: str,
    alt: str,
    sort: bool = True,
    size: Size = "full",
) -> Html:
    """A chart with its finding as title, what is measured as subtitle, alt text, source and the
    data
    behind it.

    ``sort`` puts the largest bar first. Raises ValueError when one of the texts is missing, or the
    table does not suit the kind.
    """
    for name, text in (("title", title), ("subtitle", subtitle), ("alt text", alt)):
        if not text_of(text).strip():
            raise ValueError(f"chart {table.id} has no {name}")
    design, numbers = (
        DESIGNS[kind],
        [index for index, column in enumerate(table.columns) if column.style],
    )
    if not design.least <= len(numbers) <= design.most:
        raise ValueError(
            f"chart {table.id}: {kind} takes {design.least} to {design.most} number "
            f"columns, not {len(numbers)}"
        )
    if kind == "waterfall":
        _check_bridge(table, numbers[0])
    rows = _rows(table, numbers, kind == "waterfall")
    if sort and kind in ("bars", "pairs"):
        rows.sort(key=lambda row: (row.is_total, row.values[0] is None, -(row.values[0] or 0)))
    data = ChartData(rows, [table.columns[index].heading for index in numbers])
    narrow = design.draw(data, NARROW) if size == "full" else None
    image = picture(design.draw(data, WIDTHS[size]), narrow, text_of(alt), _values(data))
    return _compose(table, title, subtitle, image, size)


def _rows(table: DataTable, numbers: list[int], is_bridge: bool) -> list[ChartRow]:
    rows, last = [], len(table.rows) - 1
    for number, cells in enumerate(table.rows):
        label = text_of(shown(cells[0], table.columns[0]))
        is_change = is_bridge and 0 < number < last
        parts = [_part(cells[index], table.columns[index], is_change) for index in numbers]
        values, texts = zip(*parts, strict=True)
        rows.append(ChartRow(label, values, texts, table.has_total and number == last))
    return rows


def _check_bridge(table: DataTable, number: int) -> None:
    """The level before and all causes of change make the level now, exactly."""
    values = [row[number] for row in table.rows]
    exact = [
        Fraction(cell.value)
        for cell in values
        if not isinstance(cell, str) and cell.value is not None
    ]
    if len(exact) != len(values) or sum(exact[:-1]) != exact[-1]:
        raise ValueError(
            f"chart {table.id}: the parts of a bridge must all be known and add up exactly"
        )


def _part(cell: TableCell, column: TableColumn, is_change: bool) -> tuple[float | None, str]:
    """Where a bar ends, and what is printed there: the only step from an exact value to a
    length.
    """
    style = column.style or "short"
    label = TableColumn(
        column.heading, style=LABEL_STYLES.get(style, style), signed=column.signed or is_change
    )
    value = None if isinstance(cell, str) or cell.value is None else float(cell.value)
    return value, text_of(shown(cell, label))


def _values(data: ChartData) -> str:
    """Every value of a chart in words: the alt text of the printed page ends with them."""
    lines = (f"{row.label}: {', '.join(row.texts)}" for row in data.rows)
    return f"Values ({', '.join(data.headings)}): " + "; ".join(lines) + "."


def _compose(table: DataTable, title: str, subtitle: str, image: Html, size: Size) -> Html:
    summary = tag(
        "summary",
        join(["Data behind this chart", tag("span", f": {text_of(title)}", css_class="unseen")]),
    )
    behind = tag("details", join([summary, to_html(table)]), css_class="data")
    parts = [captioned(title, subtitle), image, source_line(table.source), behind]
    return tag("figure", join(parts), css_class=f"chart chart-{size}", id=f"chart-{table.id}")

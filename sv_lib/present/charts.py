"""The one function that makes a chart, from a table: a picture and its data cannot differ."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, NamedTuple

from sv_lib.present import bar_charts, line_chart
from sv_lib.present.bar_charts import ChartData, ChartRow
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
    "bars": Design(bar_charts.bars, 1, 1),
    "pairs": Design(bar_charts.bars, 2, 2),
    "steps": Design(bar_charts.steps, 1, 2),
    "waterfall": Design(bar_charts.waterfall, 1, 1),
    "lines": Design(line_chart.lines, 1, 4),
    "range": Design(bar_charts.ranges, 3, 3),
}
LABEL_STYLES: dict[Style, Style] = {
    "bare": "short",
    "pounds": "whole",
    "thousands": "short",
    "millions": "short",
}
"""A number at a bar stands without a heading, so it has its unit with it."""


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
    """A chart: its finding as title, what is measured as subtitle, alt text, source, its data.

    ``sort`` puts the largest bar first. Raises ValueError when one of the texts is missing, or the
    table does not suit the kind.
    """
    for name, text in (("title", title), ("subtitle", subtitle), ("alt text", alt)):
        if not text_of(text).strip():
            raise ValueError(f"chart {table.id} has no {name}")
    data = _data(kind, table)
    if sort and kind in ("bars", "pairs"):
        data.rows.sort(key=_largest_first)
    draw = DESIGNS[kind].draw
    wide = draw(data, WIDTHS[size])
    narrow = draw(data, NARROW) if size == "full" else None
    image = picture(wide, narrow, text_of(alt), _values(data))
    parts = [captioned(title, subtitle), image, source_line(table.source), _behind(table, title)]
    return tag("figure", join(parts), css_class=f"chart chart-{size}", id=f"chart-{table.id}")


def _data(kind: ChartKind, table: DataTable) -> ChartData:
    """The rows of a table as a chart draws them. Raises ValueError where they do not suit it."""
    numbers = [index for index, column in enumerate(table.columns) if column.style]
    design = DESIGNS[kind]
    if not design.least <= len(numbers) <= design.most:
        raise ValueError(
            f"chart {table.id}: {kind} takes {design.least} to {design.most} number "
            f"columns, not {len(numbers)}"
        )
    is_bridge = kind == "waterfall"
    if is_bridge:
        _check_bridge(table, numbers[0])
    last = len(table.rows) - 1
    rows = []
    for number, cells in enumerate(table.rows):
        # Between the levels of a bridge stand changes, which are printed with their sign.
        is_change = is_bridge and 0 < number < last
        values = []
        texts = []
        for index in numbers:
            values.append(_length(cells[index]))
            texts.append(_label(cells[index], table.columns[index], is_change))
        label = text_of(shown(cells[0], table.columns[0]))
        is_total = table.has_total and number == last
        rows.append(ChartRow(label, tuple(values), tuple(texts), is_total))
    return ChartData(rows, [table.columns[index].heading for index in numbers])


def _largest_first(row: ChartRow) -> tuple[bool, bool, float]:
    """Sort key: the largest bar first, those not known after them, the total last."""
    value = row.values[0]
    return row.is_total, value is None, -(value or 0)


def _check_bridge(table: DataTable, number: int) -> None:
    """Check that the level before and all causes of change make the level now, exactly."""
    exact = []
    for row in table.rows:
        cell = row[number]
        if isinstance(cell, str) or cell.value is None:
            break
        exact.append(Fraction(cell.value))
    is_whole = len(exact) == len(table.rows)
    if not is_whole or sum(exact[:-1]) != exact[-1]:
        raise ValueError(
            f"chart {table.id}: the parts of a bridge must all be known and add up exactly"
        )


def _length(cell: TableCell) -> float | None:
    """Where a bar ends: the only step from an exact value to a length."""
    if isinstance(cell, str) or cell.value is None:
        return None
    return float(cell.value)


def _label(cell: TableCell, column: TableColumn, is_change: bool) -> str:
    """What is printed at a bar."""
    style = column.style or "short"
    style = LABEL_STYLES.get(style, style)
    is_signed = column.signed or is_change
    label = TableColumn(column.heading, style=style, signed=is_signed)
    return text_of(shown(cell, label))


def _values(data: ChartData) -> str:
    """Every value of a chart in words: the alt text of the printed page ends with them."""
    headings = ", ".join(data.headings)
    lines = [f"{row.label}: {', '.join(row.texts)}" for row in data.rows]
    listed = "; ".join(lines)
    return f"Values ({headings}): {listed}."


def _behind(table: DataTable, title: str) -> Html:
    """The table of a chart, folded away on a screen."""
    # The title is for those who hear the page: every chart of it has such a fold.
    unseen = tag("span", f": {text_of(title)}", css_class="unseen")
    summary = tag("summary", join(["Data behind this chart", unseen]))
    return tag("details", summary + to_html(table), css_class="data")

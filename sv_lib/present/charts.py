"""The one function that makes a chart, from a table: a picture and its data cannot differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from sv_lib.figures.figure import Figure
from sv_lib.present import bar_charts, dot_plot, formats, line_chart, small_multiples
from sv_lib.present.bar_charts import ChartData, ChartRow
from sv_lib.present.drawing import NARROW, WIDTHS, Canvas, Size, picture
from sv_lib.present.formats import Style
from sv_lib.present.markup import Html, captioned, folded, join, tag, text_of
from sv_lib.present.sparkline import spark
from sv_lib.present.tables import DataTable, TableCell, TableColumn, shown, source_line, to_html

ChartKind = Literal["bars", "pairs", "steps", "waterfall", "lines", "multiples", "dots"]
Drawing = Callable[[ChartData, float], Canvas]
DESIGNS: dict[ChartKind, tuple[Drawing, int, int]] = {
    "bars": (bar_charts.bars, 1, 1),
    "pairs": (bar_charts.bars, 2, 2),
    "steps": (bar_charts.steps, 1, 1),
    "waterfall": (bar_charts.waterfall, 1, 1),
    "lines": (line_chart.lines, 2, 4),
    "multiples": (small_multiples.multiples, 1, 8),
    "dots": (dot_plot.dots, 1, 2),
}
"""How each kind is drawn, and the least and the most number columns it takes."""
LABEL_STYLES: dict[Style, Style] = {"bare": "short", "thousands": "short", "millions": "short"}
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
    data = _data(kind, table)
    if sort and kind in ("bars", "pairs"):
        data.rows.sort(key=_largest_first)
    draw, _, _ = DESIGNS[kind]
    wide = draw(data, WIDTHS[size])
    narrow = None
    if size == "full":
        narrow = draw(data, NARROW)
    values = _values(data)
    return framed(table, wide, narrow, values, title=title, subtitle=subtitle, alt=alt, size=size)


def framed(
    table: DataTable,
    wide: Canvas,
    narrow: Canvas | None,
    values: str,
    *,
    title: str,
    subtitle: str,
    alt: str,
    size: Size,
) -> Html:
    """A drawing with all that belongs to a chart. ``values``: every value of it, in words.

    Raises ValueError when a text is missing.
    """
    texts = {"title": title, "subtitle": subtitle, "alt text": alt}
    for name, text in texts.items():
        if not text_of(text).strip():
            raise ValueError(f"chart {table.id} has no {name}")
    image = picture(wide, narrow, text_of(alt), values)
    caption = captioned(title, subtitle)
    source = source_line(table.source)
    parts = join([caption, image, source, _behind(table, title)])
    chart_id = f"chart-{table.id}"
    return tag("figure", parts, css_class=f"chart chart-{size}", id=chart_id)


def small_line(table: DataTable, columns: Sequence[int], alt: str) -> Html:
    """One or two columns of a table as the small line of a card, without title or axis words."""
    rows = [_row("lines", table, index, list(columns)) for index in range(len(table.rows))]
    data = ChartData(rows, [table.columns[number].heading for number in columns])
    return picture(spark(data), None, text_of(alt), _values(data))


def _data(kind: ChartKind, table: DataTable) -> ChartData:
    """The rows of a table as a chart draws them. Raises ValueError where they do not suit it."""
    numbers = [index for index, column in enumerate(table.columns) if column.style]
    _, least, most = DESIGNS[kind]
    count = len(numbers)
    if not least <= count <= most:
        raise ValueError(
            f"chart {table.id}: {kind} takes {least} to {most} number columns, not {count}"
        )
    if kind == "waterfall":
        _check_bridge(table, numbers[0])
    rows = [_row(kind, table, index, numbers) for index in range(len(table.rows))]
    columns = [table.columns[number] for number in numbers]
    headings = [column.heading for column in columns]
    units = {(column.unit, column.style) for column in columns}
    unit = next((cell.unit for cell in _figures(table, numbers)), "")

    def tick(value: float) -> str:
        return formats.display(formats.amount(value, unit), "short" if unit == "pence" else "whole")

    return ChartData(rows, headings, len(units) == 1, tick)


def _figures(table: DataTable, numbers: list[int]) -> Iterator[Figure]:
    """The figures that stand in the number columns of a table."""
    for row in table.rows:
        for number in numbers:
            cell = row[number]
            if isinstance(cell, Figure):
                yield cell


def _row(kind: ChartKind, table: DataTable, index: int, numbers: list[int]) -> ChartRow:
    """One row of a table as a chart draws it; ``numbers`` are the places of its number columns."""
    cells = table.rows[index]
    last = len(table.rows) - 1
    # Between the levels of a bridge stand changes, which are printed with their sign.
    is_change = kind == "waterfall" and 0 < index < last
    values = [_length(cells[number]) for number in numbers]
    texts = [_label(cells[number], table.columns[number], is_change) for number in numbers]
    label = text_of(shown(cells[0], table.columns[0]))
    is_total = table.has_total and index == last
    return ChartRow(label, tuple(values), tuple(texts), is_total)


def _largest_first(row: ChartRow) -> tuple[bool, bool, float]:
    """Sort key: the largest bar first, those not known after them, the total last."""
    value = row.values[0]
    return row.is_total, value is None, -(value or 0)


def _check_bridge(table: DataTable, number: int) -> None:
    """Check that the level before and all causes of change make the level now, exactly."""
    fault = f"chart {table.id}: the parts of a bridge must all be known and add up exactly"
    exact = []
    for row in table.rows:
        cell = row[number]
        if isinstance(cell, str) or cell.value is None:
            raise ValueError(fault)
        exact.append(Fraction(cell.value))
    *parts, now = exact
    if sum(parts) != now:
        raise ValueError(fault)


def _length(cell: TableCell) -> float | None:
    """Where a bar ends: the only step from an exact value to a length."""
    if isinstance(cell, str) or cell.value is None:
        return None
    return float(cell.value)


def _label(cell: TableCell, column: TableColumn, is_change: bool) -> str:
    """What is printed at a bar."""
    style = column.style or "short"
    label = replace(column, style=LABEL_STYLES.get(style, style), signed=column.signed or is_change)
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
    return folded("Data behind this chart" + unseen, to_html(table))

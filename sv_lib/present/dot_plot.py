"""The chart of many named rows on one scale: a dot for each value, in the order of the table."""

from __future__ import annotations

from sv_lib.present.bar_charts import ChartData, ChartRow
from sv_lib.present.drawing import ACCENT, AXIS, FAINT, INK, LOOK, Canvas
from sv_lib.present.row_layout import ChartBar, RowLayout, fit_rows, named_canvas, print_text

DOT = 6.5
HOLE = 3.5


def dots(data: ChartData, width: float) -> Canvas:
    """A dot for the first value of each row, a ring for a second, on a line between them.

    The first row is the one to look at: it stands out, and its texts name the values. A total is a
    line through all rows.
    """
    bars = [
        ChartBar(0, _furthest(row), f"  {_text(data, index)}")
        for index, row in enumerate(data.rows)
    ]
    layout = fit_rows(data.labels, width, bars)
    stands_out = [index == 0 or row.is_total for index, row in enumerate(data.rows)]
    canvas = named_canvas(layout, stands_out)
    for row in data.rows:
        if row.is_total and row.values[0] is not None:
            x = layout.x(row.values[0])
            canvas.line([x, x], [0, canvas.height], colour=AXIS, dashes=(0, (3, 2)))
    for index, row in enumerate(data.rows):
        y = layout.y(index)
        canvas.line([layout.zero, layout.x(_furthest(row))], [y, y], colour=FAINT, width=3)
        _draw(canvas, layout, row, y, _colour(row, index))
        print_text(canvas, layout, y, bars[index], bold=stands_out[index])
    return canvas


def _text(data: ChartData, index: int) -> str:
    """What is printed beyond the dots of a row; in the first row with the names of the values."""
    row = data.rows[index]
    first, *others = row.texts
    if index == 0:
        named = [f"{text} {name}" for text, name in zip(row.texts, data.headings, strict=True)]
        return "; ".join(named)
    is_known = row.values[-1] is not None
    return f"{first} ({others[0]})" if others and is_known else first


def _furthest(row: ChartRow) -> float:
    return max(value or 0.0 for value in row.values)


def _colour(row: ChartRow, index: int) -> str:
    if row.is_total:
        return INK
    return LOOK if index == 0 else ACCENT


def _draw(canvas: Canvas, layout: RowLayout, row: ChartRow, y: float, colour: str) -> None:
    """The dot of a row and its ring; a value that is not known has none."""
    value, *others = row.values
    for other in others:
        if other is not None:
            canvas.dot(layout.x(other), y, colour, DOT)
            canvas.dot(layout.x(other), y, "white", HOLE)
    if value is not None:
        canvas.dot(layout.x(value), y, colour, DOT)

"""The chart of several series over time, each in a small panel of its own, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from sv_lib.present import fonts
from sv_lib.present.bar_charts import ChartData
from sv_lib.present.drawing import ACCENT, AXIS, Canvas
from sv_lib.present.row_layout import LINE, STACKED

SIZE = 8.5
GAP = 14.0
HEIGHT = 44.0
"""Of the tallest bar, in points."""
NARROW_ROW = 2
"""Panels beside one another where the chart is narrow."""


@dataclass(frozen=True)
class Panel:
    """Where one series stands: its left edge, the height of its names and of its zero."""

    left: float
    top: float
    floor: float
    width: float


def multiples(data: ChartData, width: float) -> Canvas:
    """A panel a column of the table, a bar a row, from zero; below, the first and the last value.

    Where all columns have one unit, all panels have one scale.
    """
    count = len(data.headings)
    in_row = NARROW_ROW if width < STACKED else count
    across = (width - GAP * (in_row - 1)) / in_row
    names = [fonts.wrapped(heading, across, SIZE) for heading in data.headings]
    line = SIZE * LINE
    head = max(map(len, names)) * line + 4
    pitch = head + HEIGHT + 3 * line + 6
    rows = -(-count // in_row)
    canvas = Canvas(width, pitch * rows)
    tops = [_most(data, column) for column in range(count)]
    for column, name in enumerate(names):
        below, beside = divmod(column, in_row)
        top = below * pitch
        panel = Panel(beside * (across + GAP), top, top + head + HEIGHT, across)
        for number, words in enumerate(name):
            canvas.text(panel.left, top + (number + 0.5) * line, words, SIZE, bold=True)
        most = max(tops) if data.is_one_unit else tops[column]
        _bars(canvas, panel, data, column, most)
    return canvas


def _most(data: ChartData, column: int) -> float:
    """The largest value of a series; where all are nil, any scale will do but nought."""
    return max((row.values[column] or 0.0 for row in data.rows), default=0.0) or 1.0


def _bars(canvas: Canvas, panel: Panel, data: ChartData, column: int, most: float) -> None:
    """The bars of one series on its line at zero, the outer ones with value and date."""
    last = len(data.rows) - 1
    step = panel.width / len(data.rows)
    for index, row in enumerate(data.rows):
        height = (row.values[column] or 0.0) / most * HEIGHT
        left = panel.left + index * step
        canvas.bar(left, panel.floor - height, step * 0.72, height, ACCENT)
        if index in (0, last):
            anchor = "right" if index else "left"
            x = panel.left + (panel.width - step * 0.28 if index else 0)
            date = fonts.wrapped(row.label, panel.width / 2, SIZE)
            for number, words in enumerate([row.texts[column], *date]):
                y = panel.floor + 7 + number * SIZE * LINE
                canvas.text(x, y, words, SIZE, bold=number == 0, anchor=anchor)
    ends = [panel.left, panel.left + panel.width]
    canvas.line(ends, [panel.floor, panel.floor], colour=AXIS)

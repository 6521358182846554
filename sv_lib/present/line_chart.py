"""The chart of series over time: points on lines from zero, in points of the canvas."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sv_lib.present.bar_charts import ChartData
from sv_lib.present.drawing import AXIS, DASHES, FAINT, INK, SERIES, Canvas
from sv_lib.present.row_layout import STACKED, text_width

LEFT = 34.0
TOP = 22.0
APART = 12.5
"""Least distance between the names of two series, and between a name and a line."""

Line = list[tuple[float, float]]
"""The points of a series that are known, from left to right."""


@dataclass(frozen=True)
class LineLayout:
    """Where the points lie: ``xs`` along the bottom, ``floor`` the height of zero."""

    width: float
    right: float
    floor: float
    most: float
    xs: list[float]

    @property
    def is_narrow(self) -> bool:
        return self.width < STACKED

    @property
    def gap(self) -> float:
        """From one point to the next; nought where there is one alone."""
        return self.xs[1] - self.xs[0] if len(self.xs) > 1 else 0.0

    def y(self, value: float) -> float:
        height = self.floor - TOP
        return self.floor - value / self.most * height


def lines(data: ChartData, width: float) -> Canvas:
    """Two to four series over time from zero, named at their ends."""
    last_texts = data.rows[-1].texts
    ends_of = zip(data.headings, last_texts, strict=True)
    names = [f"{name} {text}" for name, text in ends_of]
    layout = _fit_points(data, width, names)
    canvas = Canvas(width, layout.floor + 18)
    first = layout.xs[0] - 6
    last = layout.xs[-1] + 6
    for value in ticks(layout.most):
        y = layout.y(value)
        canvas.line([first, last], [y, y], colour=FAINT if value else AXIS)
        canvas.text(first - 4, y, data.tick(value), 9, anchor="right")
    _print_below(canvas, layout, data.labels)
    drawn = [_draw_series(canvas, layout, data, number) for number in range(len(names))]
    _print_names(canvas, layout, names, drawn)
    return canvas


def ticks(most: float) -> list[float]:
    """The values of an axis from nought: two to five, at round steps."""
    step = 10.0 ** math.floor(math.log10(most))
    for part in (0.2, 0.25, 0.5, 1.0, 2.0):
        if most // (step * part) <= 4:
            step *= part
            break
    return [step * number for number in range(int(most // step) + 1)]


def _fit_points(data: ChartData, width: float, names: list[str]) -> LineLayout:
    is_narrow = width < STACKED
    floor = 132.0 if is_narrow else 152.0
    right = 18.0
    if not is_narrow:
        right = max(text_width(name, 10) for name in names) + 10
    count = len(data.rows)
    gaps = max(1, count - 1)
    room = width - LEFT - right
    xs = [LEFT + room * index / gaps for index in range(count)]
    values = [value or 0.0 for row in data.rows for value in row.values]
    # Where all are nil, any scale will do but nought.
    most = max(values) or 1.0
    return LineLayout(width, right, floor, most, xs)


def _draw_series(canvas: Canvas, layout: LineLayout, data: ChartData, number: int) -> Line:
    """Draw one series through the points that are known."""
    line: Line = []
    for x, row in zip(layout.xs, data.rows, strict=True):
        value = row.values[number]
        if value is not None:
            line.append((x, layout.y(value)))
    colour = SERIES[number]
    canvas.line([x for x, _ in line], [y for _, y in line], colour, 2, DASHES[number])
    for x, y in line:
        canvas.dot(x, y, colour)
    return line


def _print_names(canvas: Canvas, layout: LineLayout, names: list[str], drawn: list[Line]) -> None:
    """Name each series: beside its end, or clear of the lines where the chart is narrow."""
    x = layout.width - layout.right + 8
    anchor = "left"
    heights = [line[-1][1] if line else layout.floor for line in drawn]
    if layout.is_narrow:
        x = layout.width
        anchor = "right"
        heights = _clear_of_lines(layout, names, drawn, heights)
    for y, number in _apart(heights):
        # The second colour is too light for text.
        colour = INK if number == 1 else SERIES[number]
        canvas.text(x, y, names[number], bold=True, anchor=anchor, colour=colour)


def _clear_of_lines(
    layout: LineLayout, names: list[str], drawn: list[Line], ends: list[float]
) -> list[float]:
    """Heights of names over the ends of their lines: the highest above its line, others below."""
    highest = ends.index(min(ends))
    heights = []
    for number, (name, line) in enumerate(zip(names, drawn, strict=True)):
        # The point before the name counts too: from there the line comes under it.
        begins = layout.width - text_width(name, 10) - layout.gap
        near = [y for x, y in line if x >= begins] or [layout.floor]
        below = max(near) + APART
        is_above = number == highest or below > layout.floor
        heights.append(min(near) - APART if is_above else below)
    return heights


def _print_below(canvas: Canvas, layout: LineLayout, words: list[str]) -> None:
    """Print the words of points below the line at zero: the last, and before it all that fit."""
    widest = max(text_width(word, 10) for word in words) + 8
    length = max(1.0, layout.xs[-1] - layout.xs[0])
    last = len(words) - 1
    pace = max(1, math.ceil(widest * last / length))
    for index in range(last, -1, -pace):
        half = text_width(words[index], 10) / 2
        x = min(max(layout.xs[index], half), canvas.width - half)
        canvas.text(x, layout.floor + 10, words[index], anchor="center")


def _apart(heights: list[float]) -> list[tuple[float, int]]:
    """Heights of names moved apart so that none covers another, with the number of each."""
    order = sorted((height, number) for number, height in enumerate(heights))
    placed: list[tuple[float, int]] = []
    least = min(heights)
    for height, number in order:
        free = max(height, least)
        placed.append((free, number))
        least = free + APART
    # Half of what they were pushed down is given back, so that they stay near their lines.
    lowest, _ = placed[-1]
    over = max(0.0, lowest - max(heights)) / 2
    return [(height - over, number) for height, number in placed]

"""The kinds of chart with a row for each name: bars run to the right, because names are long."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sv_lib.present.drawing import ACCENT, AXIS, FAINT, INK, PLUM, TEAL, Canvas
from sv_lib.present.row_layout import (
    ChartBar,
    RowLayout,
    fit_rows,
    named_canvas,
    print_text,
    text_width,
)


class ChartRow(NamedTuple):
    """One row of a chart: its name, how far each bar goes, what is printed at its end."""

    label: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    is_total: bool = False

    @property
    def colour(self) -> str:
        return INK if self.is_total else ACCENT


class ChartData(NamedTuple):
    """The rows of a chart and the names of its number columns.

    ``is_one_unit``: whether all of them have one unit. ``tick`` prints a value of the axis.
    """

    rows: list[ChartRow]
    headings: list[str]
    is_one_unit: bool = True
    tick: Callable[[float], str] = str

    @property
    def labels(self) -> list[str]:
        return [row.label for row in self.rows]

    @property
    def totals(self) -> list[bool]:
        return [row.is_total for row in self.rows]


def bars(data: ChartData, width: float) -> Canvas:
    """Bars from zero, each with its value.

    Of two in a row the second is outlined, and the texts of the first row name them.
    """
    in_row = len(data.headings)
    is_pair = in_row == 2
    rows = _bars_of(data)
    if is_pair:
        named = zip(rows[0], data.headings, strict=True)
        rows[0] = [bar._replace(text=f"{bar.text} {heading}") for bar, heading in named]
    every = [bar for row in rows for bar in row]
    layout = fit_rows(data.labels, width, every, in_row)
    canvas = named_canvas(layout, data.totals)
    # Between the two bars of a pair is half a point of paper.
    height = layout.bar - is_pair / 2
    for index, row in enumerate(data.rows):
        for number, bar in enumerate(rows[index]):
            is_first = number == 0
            y = layout.y(index) + (number - 0.5) * layout.bar * is_pair
            top = y - layout.bar / 2 + number / 2
            length = bar.end * layout.scale
            colour = row.colour if is_first else INK
            is_known = row.values[number] is not None
            if is_known:
                canvas.bar(layout.zero, top, length, height, colour, outlined=not is_first)
            print_text(canvas, layout, y, bar, bold=is_known and is_first)
    return canvas


def _bars_of(data: ChartData) -> list[list[ChartBar]]:
    """The bars of each row, from zero."""
    rows = []
    for row in data.rows:
        pairs = zip(row.values, row.texts, strict=True)
        rows.append([ChartBar(0, value or 0, text) for value, text in pairs])
    return rows


def steps(data: ChartData, width: float) -> Canvas:
    """From promise to claim: each bar on the track of the longest."""
    spans = [bar for row in _bars_of(data) for bar in row]
    layout = fit_rows(data.labels, width, spans)
    canvas = named_canvas(layout, data.totals)
    longest = max(bar.end for bar in spans)
    for index, bar in enumerate(spans):
        y = layout.y(index)
        top = y - layout.bar / 2
        canvas.bar(layout.zero, top, longest * layout.scale, layout.bar, FAINT)
        canvas.bar(layout.zero, top, bar.end * layout.scale, layout.bar, ACCENT)
        print_text(canvas, layout, y, bar)
    return canvas


def waterfall(data: ChartData, width: float) -> Canvas:
    """A bridge: how each cause moves the level before, and what all of them come to.

    Bars begin at the level before, so that causes are to be seen beside a level far larger.
    """
    last = len(data.rows) - 1
    spans = [ChartBar(0, 0, data.rows[0].texts[0])]
    running = 0.0
    for row in data.rows[1:last]:
        start = running
        running += row.values[0] or 0.0
        spans.append(ChartBar(start, running, row.texts[0]))
    spans.append(ChartBar(0, running, data.rows[last].texts[0]))
    layout = fit_rows(data.labels, width, spans)
    totals = [index in (0, last) for index in range(len(spans))]
    canvas = named_canvas(layout, totals)
    for index, bar in enumerate(spans):
        top = layout.y(index) - layout.bar / 2
        length = (bar.end - bar.start) * layout.scale
        colour = _cause_colour(bar, totals[index])
        canvas.bar(layout.x(bar.start), top, length, layout.bar, colour)
        # The text of a fall from above stands where it began; below, beyond its end as any other.
        beside = bar if bar.start < 0 else bar._replace(end=max(bar.start, bar.end))
        print_text(canvas, layout, layout.y(index), beside)
    _join_steps(canvas, layout, spans[:last], data.labels[:last])
    return canvas


def _cause_colour(bar: ChartBar, is_level: bool) -> str:
    if is_level:
        return ACCENT
    if bar.end >= bar.start:
        return TEAL
    return PLUM


def _join_steps(
    canvas: Canvas, layout: RowLayout, spans: list[ChartBar], labels: list[str]
) -> None:
    """Draw the lines from the end of each bar to the start of the next."""
    half = layout.bar / 2
    for index, label in enumerate(labels[1:]):
        x = layout.x(spans[index].end)
        # On a narrow chart the line would cross the name that stands above the next bar.
        if not layout.is_stacked or x > text_width(label, layout.size):
            ends = [layout.y(index) - half, layout.y(index + 1) + half]
            canvas.line([x, x], ends, colour=AXIS)

"""The kinds of chart, each a pure drawing of rows: horizontal bars first, because names are
long.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from sv_lib.present import fonts
from sv_lib.present.drawing import ACCENT, AXIS, DASHES, FAINT, INK, PLUM, SERIES, TEAL, Canvas

STACKED = 300.0
"""Below this width in points, names stand above their bars."""


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
    """The rows of a chart and the names of its number columns."""

    rows: list[ChartRow]
    headings: list[str]


class ChartBar(NamedTuple):
    """A bar: where it starts and ends, and what is printed beyond its end."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class RowLayout:
    """Where the rows of a horizontal chart lie."""

    width: float
    labels: list[list[str]]
    left: float
    words: float
    pitch: float
    bar: float
    size: float
    zero: float = 0.0
    scale: float = 0.0

    @property
    def is_stacked(self) -> bool:
        return self.width < STACKED

    def y(self, index: int) -> float:
        """The middle of a row's bars."""
        above = self.words if self.is_stacked else 0.0
        return self.pitch * index + above + (self.pitch - above) / 2 - (2 if self.is_stacked else 0)

    def x(self, value: float) -> float:
        return self.zero + value * self.scale


def _plan(labels: list[str], width: float, spans: list[ChartBar], bars: int = 1) -> RowLayout:
    """Fit named bars and the texts beyond their ends into a width."""
    is_stacked, is_dense = width < STACKED, len(labels) > 14 and width >= STACKED
    size, gap = (9.0, 4.5) if is_dense else (10.0, 7.0)
    bar = 11.0 if bars > 1 else size if is_dense else 13.0
    lines = [_wrap(label, width if is_stacked else width * 0.36, size) for label in labels]
    left = 0.0 if is_stacked else 8 + max(_wide(line, size) for label in lines for line in label)
    words = max(len(label) for label in lines) * size * 1.15 + (2 if is_stacked else 0)
    pitch = gap + (bar * bars + words if is_stacked else max(bar * bars, words))
    scale, zero = _fit(spans, left, width, size)
    return RowLayout(width, lines, left, words, pitch, bar, size, zero, scale)


def _wide(text: str, size: float) -> float:
    return fonts.width(text, size, fonts.SEMIBOLD)


def _fit(spans: list[ChartBar], left: float, width: float, size: float) -> tuple[float, float]:
    """The largest scale at which every bar and its text stay on the canvas, and where zero then
    lies.
    """
    right = [(max(start, end, 0.0), _wide(text, size) + 6) for start, end, text in spans]
    below = [
        (max(-start, -end, 0.0), _wide(text, size) + 6 if end < 0 else 0.0)
        for start, end, text in spans
    ]
    scale = min(
        (
            (width - left - words * (value > 0) - deeper * (depth > 0)) / (value + depth)
            for value, words in right
            for depth, deeper in below
            if value + depth > 0
        ),
        default=0.0,
    )
    return scale, left + max(depth * scale + deeper * (depth > 0) for depth, deeper in below)


def _wrap(text: str, width: float, size: float) -> list[str]:
    """A name on one line or more, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _wide(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _named_canvas(plan: RowLayout, rows: list[ChartRow]) -> Canvas:
    """A canvas with the names of the rows, and the line at zero, on it."""
    canvas = Canvas(plan.width, plan.pitch * len(rows) + 2)
    line = plan.size * 1.15
    x, anchor = (0.0, "left") if plan.is_stacked else (plan.left - 8, "right")
    for index, (row, label) in enumerate(zip(rows, plan.labels, strict=True)):
        top = (
            plan.pitch * index + line / 2
            if plan.is_stacked
            else plan.y(index) - (len(label) - 1) * line / 2
        )
        for number, words in enumerate(label):
            canvas.text(x, top + number * line, words, plan.size, bold=row.is_total, anchor=anchor)
    if not plan.is_stacked or plan.zero > 0:
        canvas.line([plan.zero, plan.zero], [0, canvas.height], colour=AXIS)
    return canvas


def _print(
    canvas: Canvas, plan: RowLayout, y: float, span: ChartBar, bold: bool = True, gap: float = 4
) -> None:
    """The text of a bar beyond its end."""
    if span.end < 0:
        canvas.text(plan.x(min(span[:2])) - gap, y, span.text, plan.size, bold=bold, anchor="right")
    else:
        canvas.text(plan.x(max(span[:2])) + gap, y, span.text, plan.size, bold=bold)


def bars(data: ChartData, width: float) -> Canvas:
    """Bars from zero, each with its value. Of two in a row the second is outlined, and the first
    row
    names them.
    """
    rows, is_pair = list(data.rows), len(data.headings) == 2
    if is_pair:
        named = tuple(
            f"{text} {heading}" for text, heading in zip(rows[0].texts, data.headings, strict=True)
        )
        rows[0] = rows[0]._replace(texts=named)
    spans = [
        [ChartBar(0, value or 0, text) for value, text in zip(row.values, row.texts, strict=True)]
        for row in rows
    ]
    plan = _plan(
        [row.label for row in rows],
        width,
        [span for row in spans for span in row],
        len(data.headings),
    )
    canvas = _named_canvas(plan, rows)
    for index, row in enumerate(rows):
        for number, span in enumerate(spans[index]):
            y = plan.y(index) + (number - 0.5) * plan.bar * is_pair
            is_known = row.values[number] is not None
            if is_known:
                canvas.bar(
                    plan.zero,
                    y - plan.bar / 2 + number / 2,
                    span.end * plan.scale,
                    plan.bar - is_pair / 2,
                    INK if number else row.colour,
                    outlined=number == 1,
                )
            _print(canvas, plan, y, span, bold=is_known and number == 0)
    return canvas


def steps(data: ChartData, width: float) -> Canvas:
    """From promise to delivery: each bar on the track of the longest; a second column prints what
    share it is.
    """
    shares = [
        [f"({share})" for share in row.texts[1:]] if index else []
        for index, row in enumerate(data.rows)
    ]
    texts = [" ".join([row.texts[0], *share]) for row, share in zip(data.rows, shares, strict=True)]
    spans = [
        ChartBar(0, row.values[0] or 0, text) for row, text in zip(data.rows, texts, strict=True)
    ]
    plan = _plan([row.label for row in data.rows], width, spans)
    canvas = _named_canvas(plan, data.rows)
    for index, span in enumerate(spans):
        top = plan.y(index) - plan.bar / 2
        canvas.bar(plan.zero, top, max(span.end for span in spans) * plan.scale, plan.bar, FAINT)
        canvas.bar(plan.zero, top, span.end * plan.scale, plan.bar, ACCENT)
        _print(canvas, plan, plan.y(index), span)
    return canvas


def waterfall(data: ChartData, width: float) -> Canvas:
    """A bridge: the level before, each cause of change, the level now."""
    spans, running, last = [], 0.0, len(data.rows) - 1
    for index, row in enumerate(data.rows):
        start = 0.0 if index in (0, last) else running
        running = start + (row.values[0] or 0.0)
        spans.append(ChartBar(start, running, row.texts[0]))
    rows = [row._replace(is_total=index in (0, last)) for index, row in enumerate(data.rows)]
    plan = _plan([row.label for row in rows], width, spans)
    canvas = _named_canvas(plan, rows)
    for index, (row, (start, end, text)) in enumerate(zip(rows, spans, strict=True)):
        colour = ACCENT if row.is_total else TEAL if end >= start else PLUM
        canvas.bar(
            plan.x(start),
            plan.y(index) - plan.bar / 2,
            (end - start) * plan.scale,
            plan.bar,
            colour,
        )
        _print(canvas, plan, plan.y(index), ChartBar(start, max(start, end), text))
    for index, below in enumerate(rows[1:]):
        x, ends = (
            plan.x(spans[index].end),
            [plan.y(index) - plan.bar / 2, plan.y(index + 1) + plan.bar / 2],
        )
        if not plan.is_stacked or x > _wide(below.label, plan.size):
            canvas.line([x, x], ends, colour=AXIS)
    return canvas


def ranges(data: ChartData, width: float) -> Canvas:
    """A dot for the central value on a band from low to high; a row without a range is a dot
    alone.
    """
    labels, spans, is_stacked = [], [], width < STACKED
    for row in data.rows:
        low, central, high = row.texts
        text = f"{central} ({low} to {high})" if None not in row.values else central
        labels.append(f"{row.label}: {text}" if is_stacked else row.label)
        spans.append(ChartBar(0, row.values[2] or row.values[1] or 0, "" if is_stacked else text))
    plan = _plan(labels, width, [span._replace(text=f"{span.text}   ") for span in spans])
    canvas = _named_canvas(plan, data.rows)
    for index, (row, span) in enumerate(zip(data.rows, spans, strict=True)):
        (bottom, middle, top), y = row.values, plan.y(index)
        canvas.line([plan.zero, width], [y, y], colour=FAINT)
        if bottom is not None and top is not None:
            canvas.line([plan.x(bottom), plan.x(top)], [y, y], colour="#8FB3D1", width=8)
        if middle is not None:
            canvas.dot(plan.x(middle), y, row.colour, size=9)
        _print(canvas, plan, y, span, gap=9)
    return canvas


def lines(data: ChartData, width: float) -> Canvas:
    """One to four series over time from zero, named at their ends; a single one has its value at
    every
    point.
    """
    rows, is_narrow, is_alone = data.rows, width < STACKED, len(data.headings) == 1
    ends = [
        f"{heading} {text}" for heading, text in zip(data.headings, rows[-1].texts, strict=True)
    ]
    left, top, floor = 18.0, 22.0, 132.0 if is_narrow else 152.0
    right = 18.0 if is_alone or is_narrow else max(_wide(end, 10) for end in ends) + 10
    canvas = Canvas(width, floor + 18)
    most = max((value or 0.0) for row in rows for value in row.values) or 1.0
    xs = [
        left + (width - left - right) * index / max(1, len(rows) - 1) for index in range(len(rows))
    ]
    canvas.line([xs[0] - 6, xs[-1] + 6], [floor, floor], colour=AXIS)
    _along(canvas, [row.label for row in rows], xs, [floor + 10] * len(rows), bold=False)
    last: list[float] = []
    for number in range(len(data.headings)):
        ys = [floor - (row.values[number] or 0.0) / most * (floor - top) for row in rows]
        points = [
            (x, y) for x, y, row in zip(xs, ys, rows, strict=True) if row.values[number] is not None
        ]
        canvas.line(
            [x for x, _ in points], [y for _, y in points], SERIES[number], 2, DASHES[number]
        )
        for x, y in points:
            canvas.dot(x, y, SERIES[number])
        last.append(points[-1][1] if points else floor)
        if is_alone:
            _along(canvas, [row.texts[0] for row in rows], xs, [y - 11 for y in ys], bold=True)
            return canvas
    for y, number in _apart([y - 12 if is_narrow else y for y in last], 12.5):
        x, anchor = (width, "right") if is_narrow else (width - right + 8, "left")
        canvas.text(
            x,
            y,
            ends[number],
            bold=True,
            anchor=anchor,
            colour=INK if number == 1 else SERIES[number],
        )
    return canvas


def _along(canvas: Canvas, words: list[str], xs: list[float], ys: list[float], bold: bool) -> None:
    """Words above or below points: the last, and before it as many as fit."""
    widest = max(_wide(word, 10) for word in words) + 8
    pace = max(1, math.ceil(widest * (len(words) - 1) / max(1.0, xs[-1] - xs[0])))
    for index in range(len(words) - 1, -1, -pace):
        half = _wide(words[index], 10) / 2
        canvas.text(
            min(max(xs[index], half), canvas.width - half),
            ys[index],
            words[index],
            bold=bold,
            anchor="center",
        )


def _apart(heights: list[float], least: float) -> list[tuple[float, int]]:
    """Heights of labels moved apart so that none covers another, with the number of each."""
    placed: list[tuple[float, int]] = []
    for height, number in sorted((height, number) for number, height in enumerate(heights)):
        placed.append((max(height, placed[-1][0] + least) if placed else height, number))
    over = max(0.0, placed[-1][0] - max(heights)) / 2
    return [(height - over, number) for height, number in placed]

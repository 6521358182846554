"""The seven kinds of chart, each a pure drawing of rows: horizontal bars first, because names are long."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from sv_lib.present import fonts
from sv_lib.present.drawing import ACCENT, CONTEXT, DASHES, FAINT, GRID, INK, LOOK, PLUM, SERIES, TEAL, Sheet


class Row(NamedTuple):
    """One row of a chart: its name, how far each bar goes, what is printed at its end."""

    label: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    is_here: bool | None = None
    is_total: bool = False

    @property
    def colour(self) -> str:
        return CONTEXT if self.is_here is False else ACCENT


@dataclass(frozen=True)
class Plan:
    """Where the rows of a horizontal chart lie: names at the left, or above the bars where there is little room."""

    width: float
    left: float
    pitch: float
    bar: float
    size: float
    is_stacked: bool
    labels: tuple[tuple[str, ...], ...]
    zero: float
    scale: float

    def y(self, index: int) -> float:
        """The middle of a row's bars."""
        return self.pitch * (index + 0.5) + (self.size * 0.65 if self.is_stacked else 0)

    def x(self, value: float) -> float:
        return self.zero + value * self.scale


def _plan(rows: list[Row], width: float, spans: list[tuple[float, float, str]], bars: int = 1) -> Plan:
    """Fit rows into a width. ``spans`` are from, to and text of every bar; the text stands beyond the bar's end."""
    is_stacked = width < 300
    size = 9.0 if len(rows) > 14 and not is_stacked else 10.0
    bar = (9.0 if size < 10 else 13.0) if bars == 1 else 10.0
    labels = tuple(_wrap(row.label, width * 0.36, size) for row in rows)
    if is_stacked:
        labels = tuple((row.label,) for row in rows)
    left = 0.0 if is_stacked else max(fonts.width(line, size, fonts.SEMIBOLD) for lines in labels for line in lines) + 8
    lines = max(len(label) for label in labels)
    gap = 4.5 if size < 10 else 7.0
    pitch = max(bar * bars, 0 if is_stacked else lines * size * 1.12) + gap + (size * 1.3 if is_stacked else 0)
    scale, zero = _fit(spans, left, width, size)
    return Plan(width, left, pitch, bar, size, is_stacked, labels, zero, scale)


def _fit(spans: list[tuple[float, float, str]], left: float, width: float, size: float) -> tuple[float, float]:
    """The largest scale at which every bar and its text stay on the sheet, and where zero then lies."""
    room = width - left
    right = [(max(a, b, 0.0), fonts.width(text, size, fonts.SEMIBOLD) + 6) for a, b, text in spans]
    below = [(max(-a, -b, 0.0), fonts.width(text, size, fonts.SEMIBOLD) + 6 if b < 0 else 0.0) for a, b, text in spans]
    scale = math.inf
    for value, words in right:
        for depth, words_below in below:
            if value + depth > 0:
                scale = min(scale, (room - words * (value > 0) - words_below * (depth > 0)) / (value + depth))
    scale = 0.0 if math.isinf(scale) else scale
    return scale, left + max(depth * scale + words * (depth > 0) for depth, words in below)


def _wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """A name on one line or more, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and fonts.width(longer, size, fonts.SEMIBOLD) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return tuple(lines)


def _sheet(plan: Plan, rows: list[Row]) -> Sheet:
    """A sheet with the names of the rows on it."""
    sheet = Sheet(plan.width, plan.pitch * len(rows) + 2)
    for index, (row, lines) in enumerate(zip(rows, plan.labels, strict=True)):
        bold, y = bool(row.is_here or row.is_total), plan.y(index)
        if plan.is_stacked:
            sheet.text(0, plan.pitch * index + plan.size * 0.8, lines[0], plan.size, bold=bold)
            continue
        top = y - (len(lines) - 1) * plan.size * 0.56
        for number, line in enumerate(lines):
            sheet.text(plan.left - 8, top + number * plan.size * 1.12, line, plan.size, bold=bold, anchor="right")
    return sheet


def _label(sheet: Sheet, plan: Plan, y: float, start: float, end: float, text: str, bold: bool = True) -> None:
    """The value beyond the end of its bar."""
    if end < 0:
        sheet.text(plan.x(min(start, end)) - 4, y, text, plan.size, bold=bold, anchor="right")
    else:
        sheet.text(plan.x(max(start, end)) + 4, y, text, plan.size, bold=bold)


def _baseline(sheet: Sheet, plan: Plan) -> None:
    if not plan.is_stacked or plan.zero > 0:
        sheet.line([plan.zero, plan.zero], [0, sheet.height], colour="#8A949E")


def bars(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """Horizontal bars from zero, each with its value."""
    plan = _plan(rows, width, [(0.0, row.values[0] or 0.0, row.texts[0]) for row in rows])
    sheet = _sheet(plan, rows)
    for index, row in enumerate(rows):
        value, y = row.values[0], plan.y(index)
        if value is not None:
            sheet.bar(plan.zero, y - plan.bar / 2, value * plan.scale, plan.bar, INK if row.is_total else row.colour)
        _label(sheet, plan, y, 0, value or 0, row.texts[0], bold=row.is_here is not False and value is not None)
    _baseline(sheet, plan)
    return sheet


def pairs(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """Two bars a row: the first solid, the one it is compared with outlined; the first row names them."""
    named = [
        row._replace(texts=(f"{row.texts[0]} {headings[0]}", f"{row.texts[1]} {headings[1]}")) if index == 0 else row
        for index, row in enumerate(rows)
    ]
    spans = [(0.0, value or 0.0, text) for row in named for value, text in zip(row.values, row.texts, strict=True)]
    plan = _plan(rows, width, spans, bars=2)
    sheet = _sheet(plan, rows)
    for index, row in enumerate(named):
        for number, (value, text) in enumerate(zip(row.values, row.texts, strict=True)):
            y = plan.y(index) + (number - 0.5) * plan.bar
            if value is not None:
                sheet.bar(plan.zero, y - plan.bar / 2 + 0.5 * number, value * plan.scale, plan.bar - 0.5,
                          INK if number else row.colour, outlined=number == 1)  # fmt: skip
            _label(sheet, plan, y, 0, value or 0, text, bold=number == 0)
    _baseline(sheet, plan)
    return sheet


def steps(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """From promise to delivery: each bar on the track of the first; a second column prints what share it is."""
    texts = [f"{row.texts[0]}  ({row.texts[1]})" if len(row.texts) > 1 and index else row.texts[0] for index, row in enumerate(rows)]
    plan = _plan(rows, width, [(0.0, row.values[0] or 0.0, text) for row, text in zip(rows, texts, strict=True)])
    track = max((row.values[0] or 0.0) for row in rows) * plan.scale
    sheet = _sheet(plan, rows)
    for index, (row, text) in enumerate(zip(rows, texts, strict=True)):
        value, y = row.values[0], plan.y(index)
        sheet.bar(plan.zero, y - plan.bar / 2, track, plan.bar, FAINT)
        if value is not None:
            sheet.bar(plan.zero, y - plan.bar / 2, value * plan.scale, plan.bar, LOOK if row.is_here else ACCENT)
        _label(sheet, plan, y, 0, value or 0, text)
    return sheet


def waterfall(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """A bridge: the level before, each cause of change, the level now."""
    running, spans = 0.0, []
    for index, row in enumerate(rows):
        change = row.values[0] or 0.0
        start = 0.0 if index in (0, len(rows) - 1) else running
        spans.append((start, start + change, rows[index].texts[0]))
        running = start + change
    plan = _plan(rows, width, spans)
    sheet = _sheet(plan, [row._replace(is_total=index in (0, len(rows) - 1)) for index, row in enumerate(rows)])
    for index, (start, end, text) in enumerate(spans):
        y, is_level = plan.y(index), index in (0, len(rows) - 1)
        colour = ACCENT if is_level else TEAL if end >= start else PLUM
        sheet.bar(plan.x(start), y - plan.bar / 2, (end - start) * plan.scale, plan.bar, colour)
        if index < len(rows) - 1:
            sheet.line([plan.x(end)] * 2, [y - plan.bar / 2, plan.y(index + 1) + plan.bar / 2], colour="#8A949E")
        _label(sheet, plan, y, start, end if max(start, end) < 0 else max(start, end), text)
    _baseline(sheet, plan)
    return sheet


def ranges(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """A dot for the central value on a band from low to high; a row without a range is a dot alone."""
    spans, texts = [], []
    for row in rows:
        low, central, high = row.values
        texts.append(row.texts[1] if low is None or high is None else f"{row.texts[1]} ({row.texts[0]} to {row.texts[2]})")
        spans.append((0.0, high or central or 0.0, texts[-1] + "  "))
    plan = _plan(rows, width, spans)
    sheet = _sheet(plan, rows)
    for index, row in enumerate(rows):
        (low, central, high), y = row.values, plan.y(index)
        sheet.line([plan.zero, plan.width], [y, y], colour=FAINT)
        if low is not None and high is not None:
            sheet.line([plan.x(low), plan.x(high)], [y, y], colour="#8FB3D1", width=8)
        if central is not None:
            sheet.dot(plan.x(central), y, row.colour, size=9)
        _label(sheet, plan, y, 0, high or central or 0.0, " " + texts[index])
    _baseline(sheet, plan)
    return sheet


def strip(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """Every ward as a thin column, largest first; only the one looked at is coloured and labelled."""
    height, floor = 52.0, 46.0
    sheet = Sheet(width, height)
    most = max((row.values[0] or 0.0) for row in rows) or 1.0
    pitch = width / len(rows)
    for index, row in enumerate(rows):
        tall = (row.values[0] or 0.0) / most * (floor - 14)
        sheet.bar(index * pitch, floor - tall, pitch - 1.2, tall, ACCENT if row.is_here else CONTEXT)
        if row.is_here:
            half = fonts.width(row.texts[0], 9, fonts.SEMIBOLD) / 2
            middle = min(max(index * pitch + pitch / 2, half), width - half)
            sheet.text(middle, floor - tall - 7, row.texts[0], 9, bold=True, anchor="center", colour=ACCENT)
            sheet.bar(index * pitch, floor + 2, pitch - 1.2, 3, LOOK)
    sheet.line([0, width], [floor, floor], colour="#8A949E")
    return sheet


def lines(rows: list[Row], headings: list[str], width: float) -> Sheet:
    """One to four series over time from zero, named at their ends; with one series every point has its value."""
    is_alone, size = len(headings) == 1, 10.0
    ends = [f"{rows[-1].texts[number]} {heading}" if not is_alone else "" for number, heading in enumerate(headings)]
    right = max(fonts.width(end, size, fonts.SEMIBOLD) for end in ends) + 10 if not is_alone else 24.0
    sheet = Sheet(width, 170 if width > 300 else 150)
    left, top, floor = 24.0 if is_alone else 6.0, 18.0, sheet.height - 18
    most = max((value or 0.0) for row in rows for value in row.values) or 1.0
    xs = [left + (width - left - right) * index / max(1, len(rows) - 1) for index in range(len(rows))]
    _time_axis(sheet, rows, xs, floor)
    heights: list[float] = []
    for number in range(len(headings)):
        points = [(x, floor - value / most * (floor - top)) for x, row in zip(xs, rows, strict=True)
                  if (value := row.values[number]) is not None]  # fmt: skip
        sheet.line([x for x, _ in points], [y for _, y in points], SERIES[number], 2, DASHES[number])
        for x, y in points:
            sheet.dot(x, y, SERIES[number])
        heights.append(points[-1][1] if points else floor)
    if is_alone:
        _point_labels(sheet, rows, xs, floor, top, most)
    for y, number in _apart(heights, 12.5) if not is_alone else ():
        sheet.text(width - right + 8, y, ends[number], size, bold=True, colour=INK if number == 1 else SERIES[number])
    return sheet


def _time_axis(sheet: Sheet, rows: list[Row], xs: list[float], floor: float) -> None:
    """The floor and the names of the points, as many as fit."""
    sheet.line([xs[0] - 6, xs[-1] + 6], [floor, floor], colour="#8A949E")
    widest = max(fonts.width(row.label, 9.5) for row in rows) + 10
    pace = max(1, math.ceil(widest * (len(rows) - 1) / max(1.0, xs[-1] - xs[0])))
    for index in range(len(rows) - 1, -1, -pace):
        half = fonts.width(rows[index].label, 9.5) / 2
        middle = min(max(xs[index], half), sheet.width - half)
        sheet.line([xs[index]] * 2, [floor, floor + 3], colour="#8A949E")
        sheet.text(middle, floor + 10, rows[index].label, 9.5, anchor="center")


def _point_labels(sheet: Sheet, rows: list[Row], xs: list[float], floor: float, top: float, most: float) -> None:
    widest = max(fonts.width(row.texts[0], 10, fonts.SEMIBOLD) for row in rows) + 4
    pace = max(1, math.ceil(widest * (len(rows) - 1) / max(1.0, xs[-1] - xs[0])))
    for index in range(len(rows) - 1, -1, -pace):
        y = floor - (rows[index].values[0] or 0.0) / most * (floor - top)
        half = fonts.width(rows[index].texts[0], 10, fonts.SEMIBOLD) / 2
        middle = min(max(xs[index], half), sheet.width - half)
        sheet.text(middle, y - 11, rows[index].texts[0], 10, bold=True, anchor="center")


def _apart(heights: list[float], least: float) -> list[tuple[float, int]]:
    """Heights of labels moved apart so that none covers another, with the number of each."""
    placed: list[tuple[float, int]] = []
    for height, number in sorted((height, number) for number, height in enumerate(heights)):
        placed.append((max(height, placed[-1][0] + least) if placed else height, number))
    over = max(0.0, placed[-1][0] - max(heights)) / 2
    return [(height - over, number) for height, number in placed]

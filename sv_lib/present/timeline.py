"""Contracts in time: a bar from first to last day each, its milestones, today, and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sv_lib.periods import long_date
from sv_lib.present import charts, fonts
from sv_lib.present.drawing import ACCENT, AXIS, INK, LOOK, NARROW, WIDTHS, Canvas
from sv_lib.present.markup import Html
from sv_lib.present.tables import DataTable

TYPE = 8.5
LINE = 10.5
BAR = 5.0
BELOW = 4.0
"""Points between the words of one row and the name of the next."""
TO_COME = "#BFCBD8"
"""The part of a bar that lies ahead."""
EDGE = 6.0
YEARS_NAMED = 8
"""The most years that are named along the top."""


class ContractBar(NamedTuple):
    """A contract in time. ``milestones``: the days on which something falls due."""

    label: str
    first: date
    last: date
    milestones: Sequence[date]
    said: str


def timeline(
    spans: Sequence[ContractBar],
    today: date,
    table: DataTable,
    *,
    title: str,
    subtitle: str,
    alt: str,
) -> Html:
    """The chart of some contracts, with the table that has the same and more."""
    wide = _draw(spans, today, WIDTHS["full"])
    narrow = _draw(spans, today, NARROW)
    values = "; ".join(
        f"{one.label}: {long_date(one.first)} to {long_date(one.last)}, {one.said}" for one in spans
    )
    return charts.framed(
        table, wide, narrow, f"{values}.", title=title, subtitle=subtitle, alt=alt, size="full"
    )


class _Scale(NamedTuple):
    """Where a day lies on a canvas."""

    start: int
    points_a_day: float

    def x(self, day: date) -> float:
        return EDGE + (day.toordinal() - self.start) * self.points_a_day


def _draw(spans: Sequence[ContractBar], today: date, width: float) -> Canvas:
    first = min(today, *(one.first for one in spans))
    last = max(today, *(one.last for one in spans))
    start = date(first.year, 1, 1).toordinal()
    end = date(last.year, 12, 31).toordinal()
    across = width - 2 * EDGE
    scale = _Scale(start, across / (end - start + 1))
    said = [fonts.wrapped(one.said, across, TYPE) for one in spans]
    labels = [fonts.wrapped(one.label, across, TYPE) for one in spans]
    heights = [
        (len(label) + len(words)) * LINE + BAR + BELOW
        for label, words in zip(labels, said, strict=True)
    ]
    top = 2.2 * LINE
    canvas = Canvas(width, top + sum(heights))
    _years(canvas, scale, first.year, last.year)
    _name_today(canvas, scale, today)
    y = top
    for one, label, words, height in zip(spans, labels, said, heights, strict=True):
        _row(canvas, scale, one, (label, words), y, today)
        y += height
    return canvas


def _row(
    canvas: Canvas,
    scale: _Scale,
    one: ContractBar,
    lines: tuple[list[str], list[str]],
    top: float,
    today: date,
) -> None:
    """One contract: its name, its bar with milestones, what is said of it."""
    label, said = lines
    for number, words in enumerate(label):
        canvas.text(EDGE, top + (number + 0.5) * LINE, words, TYPE, bold=True)
    y = top + len(label) * LINE + 1
    left, right = scale.x(one.first), scale.x(one.last)
    here = min(max(scale.x(today), left), right)
    canvas.bar(here, y, right - here, BAR, TO_COME)
    canvas.bar(left, y, here - left, BAR, ACCENT)
    # Across the bar alone: through all rows the line would strike out what is said there.
    canvas.line([scale.x(today)] * 2, [y - 1, y + BAR + 1], colour=LOOK, width=1.2)
    for day in one.milestones:
        if one.first <= day <= one.last:
            canvas.dot(scale.x(day), y + BAR / 2, INK, 6.5)
    for number, words in enumerate(said):
        canvas.text(EDGE, y + BAR + 1 + (number + 0.5) * LINE, words, TYPE)


def _years(canvas: Canvas, scale: _Scale, first: int, last: int) -> None:
    """The axis: the first day of each year, or of every second one and so on."""
    step = 1 + (last - first) // YEARS_NAMED
    end = scale.x(date(last, 12, 31))
    canvas.line([EDGE, end], [2 * LINE, 2 * LINE], colour=AXIS)
    for year in range(first, last + 1, step):
        x = scale.x(date(year, 1, 1))
        canvas.line([x, x], [2 * LINE - 3, 2 * LINE], colour=AXIS)
        canvas.text(x, 1.4 * LINE, str(year), TYPE)


def _name_today(canvas: Canvas, scale: _Scale, today: date) -> None:
    """The data day, in words above its place on the axis."""
    x = scale.x(today)
    canvas.line([x, x], [2 * LINE - 3, 2 * LINE + 1], colour=LOOK, width=1.2)
    words = long_date(today)
    half = fonts.width(words, TYPE) / 2
    middle = min(max(x, half), canvas.width - half)
    canvas.text(middle, 0.5 * LINE, words, TYPE, bold=True, anchor="center")

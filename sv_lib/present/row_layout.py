"""Where the rows of a horizontal chart lie: names, bars and the texts at their ends, in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sv_lib.present import fonts
from sv_lib.present.drawing import AXIS, Canvas

STACKED = 300.0
"""Below this width in points, names stand above their bars."""
CROWDED = 6
"""Above this number of rows, stacked ones stand closer, in smaller type."""
DENSE = 14
"""Above this number of rows, everything is smaller."""
CLOSE = 20
"""Above this number of rows, lines follow one another closely."""
LINE = 1.15
"""Height of a line of text, in sizes of its type."""


class ChartBar(NamedTuple):
    """A bar: where it starts and ends, and what is printed beyond its end."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class RowLayout:
    """Where the rows of a horizontal chart lie.

    ``left`` is where bars may begin, ``words`` the height of the longest name, ``pitch`` that of a
    whole row, ``bar`` that of a bar, ``size`` the size of type. ``zero`` is the place of value 0
    and ``scale`` the points of one unit.
    """

    width: float
    labels: list[list[str]]
    left: float
    words: float
    pitch: float
    bar: float
    size: float
    zero: float
    scale: float

    @property
    def is_stacked(self) -> bool:
        return self.width < STACKED

    @property
    def line(self) -> float:
        """The height of a line of a name."""
        return self.size * LINE

    def y(self, index: int) -> float:
        """The middle of a row's bars."""
        if self.is_stacked:
            return self.pitch * index + self.words + (self.pitch - self.words) / 2 - 2
        return self.pitch * index + self.pitch / 2

    def x(self, value: float) -> float:
        return self.zero + value * self.scale


def fit_rows(labels: list[str], width: float, bars: list[ChartBar], in_row: int = 1) -> RowLayout:
    """Fit named bars and the texts beyond their ends into a width; ``in_row`` bars share a row."""
    is_stacked = width < STACKED
    is_dense = len(labels) > DENSE and not is_stacked
    is_crowded = is_stacked and len(labels) > CROWDED
    size, gap, bar = 10.0, 7.0, 13.0
    if is_dense and len(labels) > CLOSE:
        size, gap, bar = 8.0, 0.2, 8.0
    elif is_dense:
        size, gap, bar = 9.0, 4.5, 9.0
    elif is_crowded:
        size, gap, bar = 8.0, 1.5, 5.0
    if in_row > 1:
        bar = 11.0
    room = width if is_stacked else width * 0.36
    lines = [fonts.wrapped(label, room, size) for label in labels]
    most_lines = max(len(label) for label in lines)
    if is_stacked:
        left = 0.0
        words = most_lines * size * LINE + 2
        pitch = gap + (bar * in_row + words)
    else:
        left = 8 + max(text_width(line, size) for label in lines for line in label)
        words = most_lines * size * LINE
        pitch = gap + max(bar * in_row, words)
    scale, zero = _fit_bars(bars, left, width, size)
    return RowLayout(width, lines, left, words, pitch, bar, size, zero, scale)


def text_width(text: str, size: float) -> float:
    """The width of a text in the type of charts."""
    return fonts.width(text, size, fonts.SEMIBOLD)


def _fit_bars(bars: list[ChartBar], left: float, width: float, size: float) -> tuple[float, float]:
    """The largest scale at which every bar and its text stay on the canvas, and the place of zero.

    Each bar reaches so far above and so far below zero, and its text needs room beyond that end.
    Any bar above may stand over any bar below, so every pair must fit.
    """
    above = []
    below = []
    for start, end, text in bars:
        room = text_width(text, size) + 6
        above.append((max(start, end, 0.0), room))
        below.append((max(-start, -end, 0.0), room if end < 0 else 0.0))
    scales = []
    for height, room_above in above:
        for depth, room_below in below:
            if height + depth > 0:
                free = width - left - room_above * (height > 0) - room_below * (depth > 0)
                scales.append(free / (height + depth))
    scale = min(scales, default=0.0)
    depths = [depth * scale + room_below * (depth > 0) for depth, room_below in below]
    return scale, left + max(depths)


def named_canvas(layout: RowLayout, totals: list[bool]) -> Canvas:
    """A canvas with the names of the rows and the line at zero; names of totals are bold."""
    rows = len(totals)
    canvas = Canvas(layout.width, layout.pitch * rows + 2)
    for index, label in enumerate(layout.labels):
        for number, words in enumerate(label):
            y = _first_line(layout, index) + number * layout.line
            is_total = totals[index]
            if layout.is_stacked:
                canvas.text(0.0, y, words, layout.size, bold=is_total)
            else:
                canvas.text(layout.left - 8, y, words, layout.size, bold=is_total, anchor="right")
    zero = [layout.zero, layout.zero]
    if not layout.is_stacked:
        canvas.line(zero, [0, canvas.height], colour=AXIS)
    elif layout.zero > 0:
        # Beside the bars alone, as the names stand between them and it would cross these.
        for index in range(rows):
            y = layout.y(index)
            canvas.line(zero, [y - layout.bar / 2, y + layout.bar / 2], colour=AXIS)
    return canvas


def _first_line(layout: RowLayout, index: int) -> float:
    """The height of the first line of a row's name."""
    if layout.is_stacked:
        return layout.pitch * index + layout.line / 2
    lines = len(layout.labels[index])
    return layout.y(index) - (lines - 1) * layout.line / 2


def print_text(
    canvas: Canvas, layout: RowLayout, y: float, bar: ChartBar, bold: bool = True, gap: float = 4
) -> None:
    """Print the text of a bar beyond its end."""
    if bar.end < 0:
        x = layout.x(min(bar.start, bar.end)) - gap
        canvas.text(x, y, bar.text, layout.size, bold=bold, anchor="right")
    else:
        x = layout.x(max(bar.start, bar.end)) + gap
        canvas.text(x, y, bar.text, layout.size, bold=bold)

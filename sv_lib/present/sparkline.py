"""The small line of a card: quarters from zero, the last one marked, gaps where one is unknown."""

from __future__ import annotations

from sv_lib.present.bar_charts import ChartData
from sv_lib.present.drawing import ACCENT, AXIS, DASHES, INK, LOOK, Canvas

WIDTH = 92.0
ROOM = 26.0
"""The height of the lines."""
SIDE = 4.0
SIZE = 8.0
"""Size of type, of the first and the last value."""
COLOURS = (ACCENT, LOOK)


def spark(data: ChartData) -> Canvas:
    """One or two lines; below them the first and the last value of each.

    A quarter that is hidden or not known is a tick on the axis, and the line stops beside it.
    """
    count = len(data.headings)
    floor = ROOM + SIDE
    canvas = Canvas(WIDTH, floor + 4 + count * (SIZE + 2))
    canvas.line([0, WIDTH], [floor, floor], colour=AXIS)
    most = max((value or 0.0 for row in data.rows for value in row.values), default=0.0) or 1.0
    gap = (WIDTH - 2 * SIDE) / max(1, len(data.rows) - 1)
    for number in range(count):
        run: list[tuple[float, float]] = []
        for index, row in enumerate(data.rows):
            x = SIDE + gap * index
            value = row.values[number]
            if value is None:
                _draw(canvas, run, number)
                run = []
                canvas.line([x, x], [floor - 3, floor + 3], colour=INK, width=1)
            else:
                run.append((x, floor - value / most * ROOM))
        _draw(canvas, run, number)
        _print_ends(canvas, data, number, floor + 4 + SIZE * 0.6 + number * (SIZE + 2))
    return canvas


def _draw(canvas: Canvas, run: list[tuple[float, float]], number: int) -> None:
    """Draw the quarters in a row that are known; one alone is a dot."""
    if not run:
        return
    xs, ys = ([point[axis] for point in run] for axis in (0, 1))
    canvas.line(xs, ys, COLOURS[number], 1.5, DASHES[number])
    canvas.dot(xs[-1], ys[-1], COLOURS[number], size=5)


def _print_ends(canvas: Canvas, data: ChartData, number: int, y: float) -> None:
    """The first and the last value, with the dash of the second line before its own."""
    first, last = (data.rows[index].texts[number] for index in (0, -1))
    is_second = number == 1
    left = 0.0
    if is_second:
        canvas.line([0, 10], [y, y], LOOK, 1.5, DASHES[1])
        left = 13.0
    canvas.text(left, y, first, SIZE)
    canvas.text(WIDTH, y, last, SIZE, bold=not is_second, anchor="right")

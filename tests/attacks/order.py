"""What the order of a table tells: a hidden number between two that are printed, largest first."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from sv_lib.figures.figure import Figure

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh]\b.*?</t[dh]>", re.DOTALL)
SHOWN = re.compile(r'data-figure="([^"]*)"[^>]* value="([^"]*)"')
ENOUGH = 6
"""Printed numbers of a column that are in order: fewer are so by chance."""


def told_by_order(page: str, hidden: Mapping[str, Figure]) -> Iterator[str]:
    """Ids of hidden figures that stand in a sorted column where their values belong."""
    for table in TABLE.findall(page):
        columns: dict[int, list[tuple[str, float | None]]] = defaultdict(list)
        for row in ROW.findall(table):
            for number, cell in enumerate(CELL.findall(row)):
                if shown := SHOWN.search(cell):
                    value = float(shown[2]) if shown[2] else None
                    columns[number].append((html.unescape(shown[1]), value))
        for column in columns.values():
            yield from _told_by(column, hidden)


def _told_by(column: list[tuple[str, float | None]], hidden: Mapping[str, Figure]) -> Iterator[str]:
    printed = [value for _, value in column if value is not None]
    falls = all(one >= other for one, other in pairwise(printed))
    rises = all(one <= other for one, other in pairwise(printed))
    if len(set(printed)) < ENOUGH or not (falls or rises):
        return
    above = None
    for place, (figure_id, value) in enumerate(column):
        if value is not None:
            above = value
            continue
        below = next((one for _, one in column[place:] if one is not None), None)
        figure = hidden.get(figure_id)
        if figure is None or figure.value is None or above is None or below is None:
            continue
        if min(above, below) <= figure.value <= max(above, below):
            yield figure_id

"""Tables on paper: how wide their columns may be, and which rows stay on one page."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sv_lib.present import fonts
from sv_lib.present.fonts import REGULAR, SEMIBOLD

Cells = list[dict[str, Any]]
WORD_ENDS = re.compile("[ \n]")
SHORT_HEADER = 12
"""Sizes of type up to which the header of a row stays on one line."""
TOGETHER = 5
"""Rows that stay on one page, at the beginning of a table and at its end."""
MOST_TOGETHER = 2_500
"""Characters of rows beyond which they may be parted, as they could fill a page."""
SIGN = "mm"
"""As wide as the sign before a status word."""
GLUED = ("together", "rag-amber", "rag-green", "rag-grey", "rag-red", "unit")


def widths(head: Cells, rows: list[Cells]) -> dict[str, list[float]]:
    """The least and the most that each column asks for, in sizes of its type.

    The least is its longest word, or number; the most is its longest line.
    """
    least = []
    most = []
    for number, cell in enumerate(head):
        bounds = [_bounds(cell, is_bold=True)]
        bounds += [_body_bounds(row[number], is_header=number == 0) for row in rows]
        least.append(max(low for low, _ in bounds))
        most.append(max(high for _, high in bounds))
    return {"least": least, "most": most}


def _body_bounds(cell: dict[str, Any], is_header: bool) -> tuple[float, float]:
    low, high = _bounds(cell, is_bold=False)
    if cell["is_number"] or (is_header and high <= SHORT_HEADER):
        return high, high
    return low, high


def _bounds(cell: dict[str, Any], is_bold: bool) -> tuple[float, float]:
    text = _spaced(cell["words"])
    longest_word = max(_width(word, is_bold) for word in WORD_ENDS.split(text))
    longest_line = max(_width(line, is_bold) for line in text.split("\n"))
    return longest_word, longest_line


@cache
def _width(text: str, is_bold: bool) -> float:
    return fonts.width(text, 1, SEMIBOLD if is_bold else REGULAR)


def _spaced(words: list[Any]) -> str:
    """Text with its line ends, and spaces that do not break where words stay together."""
    text = ""
    for word in words:
        if isinstance(word, str):
            text += word
            continue
        within = _spaced(word.get("words", []))
        if word["look"] in GLUED:
            within = within.replace(" ", "\u00a0")
        if word["look"].startswith("rag-"):
            within = SIGN + within
        if word["look"] in ("unit", "break", "may-break"):
            within = "\n" + within
        text += within
    return text


def kept_together(rows: list[Cells]) -> list[int]:
    """For each row how many rows from it on stay on one page; 0 for one that is among them."""
    count = len(rows)
    ends = [range(min(TOGETHER, count)), range(max(0, count - TOGETHER), count)]
    if count < 2 * TOGETHER:
        ends = [range(count)]
    groups = [1] * count
    for end in ends:
        said = sum(len(_spaced(cell["words"])) for number in end for cell in rows[number])
        if said <= MOST_TOGETHER:
            groups[end.start : end.stop] = [len(end)] + [0] * (len(end) - 1)
    return groups

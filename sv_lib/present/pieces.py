"""The tables and charts of a page by their ids, cut out of its markup as they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from sv_lib.present.markup import VOID, Html

CHART = "chart-"
"""Begins the id of a chart; its table has the rest for its own."""
FIGURE = "<figure"
"""Begins the markup of a chart or map."""
PRINTED = re.compile(r'data-figure="([^"]+)"')


class _Cutter(HTMLParser):
    """Notes where the blocks of tables and the figures of a page begin and end."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.markup = markup
        self.found: dict[str, Html] = {}
        self._open: list[tuple[str, int, bool]] = []
        """Elements that are open: name, where each begins, whether it is the block of a table."""
        self._starts = [0]
        for line in markup.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._ids: list[str] = []
        """Ids of the tables in the block that is open."""

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        is_block = "table-block" in (given.get("class") or "").split()
        if name == "table" and given.get("id"):
            self._ids.append(str(given["id"]))
        if name == "figure" and given.get("id"):
            self._open.append((f"figure {given['id']}", self._here(), True))
        elif name not in VOID:
            self._open.append((name, self._here(), is_block))

    def handle_endtag(self, name: str) -> None:
        opened, start, is_piece = self._open.pop()
        if not is_piece:
            return
        end = self._here() + len(f"</{name}>")
        piece = Html(self.markup[start:end])
        kind, _, figure_id = opened.partition(" ")
        if kind == "figure":
            self.found[figure_id] = piece
            return
        self.found |= dict.fromkeys(self._ids, piece)
        self._ids = []


def pieces(markup: str) -> Mapping[str, Html]:
    """The tables and charts of some markup of ours, by id, in the order of the page."""
    cutter = _Cutter(markup)
    cutter.feed(markup)
    cutter.close()
    return cutter.found


def figures_in(markup: str) -> list[str]:
    """The ids of the figures that some markup prints, in their order."""
    return PRINTED.findall(markup)

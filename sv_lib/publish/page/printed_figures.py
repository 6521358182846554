"""The figures that a finished page prints, read from its markup."""

from __future__ import annotations

import re
from html import unescape

PRINTED = re.compile(r"<data\b([^>]*)>")
ATTRIBUTE = re.compile(r'\b(data-figure|value)="([^"]*)"')


def printed_figures(page: str) -> tuple[tuple[str, str], ...]:
    """Id and exact value of every figure that a page prints, sorted, each once."""
    pairs = set()
    for tag in PRINTED.findall(page):
        attributes = dict(ATTRIBUTE.findall(tag))
        if "data-figure" in attributes:
            value = attributes.get("value", "")
            pairs.add((unescape(attributes["data-figure"]), unescape(value)))
    return tuple(sorted(pairs))

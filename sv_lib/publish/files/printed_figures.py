"""The figures that a finished page prints, read from its markup."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

PRINTED = re.compile(r"<data\b([^>]*)>([^<]*)(</data>)?")
ATTRIBUTE = re.compile(r'\b(data-figure|value)="([^"]*)"')


class Printed(NamedTuple):
    """A figure on a page: its id, its exact value, and the text that a reader sees."""

    figure_id: str
    value: str
    text: str


def printed_figures(page: str) -> tuple[Printed, ...]:
    """Every figure that a page prints, sorted, each once in each of its forms."""
    found = set()
    for tag, text, end in PRINTED.findall(page):
        attributes = dict(ATTRIBUTE.findall(tag))
        if "data-figure" in attributes:
            value = attributes.get("value", "")
            # Markup within a figure would show something else than the text: no form has it.
            words = (attributes["data-figure"], value, text if end else f"{text}<")
            found.add(Printed(*map(unescape, words)))
    return tuple(sorted(found))

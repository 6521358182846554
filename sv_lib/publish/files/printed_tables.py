"""The tables that a finished page prints, read from its markup: a workbook of them cannot differ.

A number of a page carries its exact value: a figure with its id, the number of a row with its unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import html as markup

Units = Mapping[str, str]
"""Figure id -> unit."""
COUNT = re.compile(r"\d{1,3}(,\d{3})*")
"""A whole number among words, such as how many contracts a line stands for."""


@dataclass(frozen=True)
class PrintedCell:
    """A cell as a reader sees it.

    ``value`` where it is one number, in ``unit``: money in pence, "" for a count among words.
    """

    text: str
    value: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class PrintedTable:
    """A table of a page. ``section``: the heading it stands under. ``notes``: what stands below."""

    section: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[PrintedCell, ...], ...]
    notes: tuple[str, ...]


def printed_tables(page: str, units: Units) -> list[PrintedTable]:
    """Every table of a page in its order, those behind charts with the others."""
    parser = markup.HTMLParser(huge_tree=True, remove_comments=True)
    root = markup.document_fromstring(page, parser=parser)
    found = []
    section = ""
    for element in root.iter("h2", "table"):
        if element.tag == "h2":
            section = _said(element)
        else:
            found.append(_table(element, section, units))
    return found


def _table(element: Any, section: str, units: Units) -> PrintedTable:
    headings = tuple(_heading(cell) for cell in element.find("thead/tr"))
    rows = [tuple(_cell(cell, units) for cell in row) for row in element.iterfind("tbody/tr")]
    caption = element.find("caption")
    title = section if caption is None else _said(caption)
    return PrintedTable(section, title, headings, tuple(rows), tuple(_below(element)))


def _heading(cell: Any) -> str:
    """A heading without its unit: the workbook has numbers in units of its own."""
    return _said(cell, without="unit")


def _below(table: Any) -> Iterator[str]:
    """The notes and the source, which stand in the table's block."""
    for block in table.iterancestors("div"):
        if "table-block" in block.get("class", ""):
            yield from (_said(line) for line in block.iterfind("p"))


def _cell(element: Any, units: Units) -> PrintedCell:
    text = _said(element)
    numbers = list(element.iter("data"))
    if element.tag == "td" and not numbers and COUNT.fullmatch(text):
        return PrintedCell(text, Decimal(text.replace(",", "")))
    if len(numbers) != 1 or _said(numbers[0]) != text or not numbers[0].get("value"):
        return PrintedCell(text)
    (number,) = numbers
    unit = number.get("data-unit") or units[number.get("data-figure")]
    return PrintedCell(text, Decimal(number.get("value")), unit)


def _said(element: Any, without: str = "unseen") -> str:
    """The words of an element on one line, without parts of some classes."""
    return " ".join("".join(_pieces(element, (without, "unseen"))).split())


def _pieces(element: Any, without: tuple[str, ...]) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield " "
        elif child.get("class") not in without:
            yield from _pieces(child, without)
        yield child.tail or ""

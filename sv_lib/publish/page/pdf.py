"""The same page on paper: tagged PDF/UA-1, the same bytes each time, nothing fetched."""

from __future__ import annotations

import atexit
import calendar
import hashlib
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.logger import LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from sv_lib.errors import RenderError
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import styles

SCREEN_ONLY = re.compile(r"<source\b[^>]*>|%3Cstyle%3E@font-face.*?%3C/style%3E")
ELSEWHERE = re.compile(r'<a href="(?!#|https:|mailto:)[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
HEAD, FOOT = 68, 1_062
"""Where the margins of a page of A4 end and begin, in pixels from the top."""
TRAIL = re.compile(r'(<a href="#[^"]*"[^>]* class="trail)"><data\b[^>]*>(.*?)</data>', re.DOTALL)
VALUES = re.compile(r'alt="([^"]*)" data-values="([^"]*)"')


def to_pdf(html: str, path: Path, context: PageContext) -> int:
    """Write a page as PDF/UA-1; returns the number of pages.

    Raises RenderError for a missing alt text or language, or when something is asked for that is
    not in the page.
    """
    printed = _for_print(html)
    with _complaints() as complaints, _dated(context.data_as_at):
        design, typeface, only_data = _prepared()
        # The styles are parsed already, in ``design``.
        unstyled = printed.replace(styles(), "")
        page = HTML(string=unstyled, url_fetcher=only_data, media_type="print")
        document = page.render(stylesheets=[design], font_config=typeface, pdf_variant="pdf/ua-1")
        identifier = hashlib.sha256(printed.encode()).digest()[:16]
        data = document.write_pdf(
            pdf_identifier=identifier, pdf_variant="pdf/ua-1", finisher=_finish
        )
    if complaints:
        raise RenderError(
            context.title,
            "; ".join(dict.fromkeys(complaints))[:600],
            "the PDF could not be read by everyone, or is not whole.",
            "mend the page that it is made from.",
        )
    path.write_bytes(data)
    return len(document.pages)


def _for_print(html: str) -> str:
    """The page as it is printed."""
    light = SCREEN_ONLY.sub("", html)
    # The table behind a chart is folded up in print, so the alt text goes on to every value.
    told = VALUES.sub(r'alt="\1 \2"', light)
    # A figure that is a link is only that: WeasyPrint would tag the link twice.
    plain = TRAIL.sub(r'\1 figure">\2', told)
    # A PDF travels alone, so links to files beside the page are words.
    return ELSEWHERE.sub(r"<span>\1</span>", plain)


@cache
def _prepared() -> tuple[CSS, FontConfiguration, URLFetcher]:
    """The design of every page, read once, before the processes of reports are forked.

    It takes a third of a ward report's time.
    """
    typeface = FontConfiguration()
    only_data = URLFetcher(allowed_protocols=("data",))
    atexit.register(_prepared.cache_clear)  # so that the typeface takes its folder with it
    design = CSS(string=styles(), font_config=typeface, url_fetcher=only_data, media_type="print")
    return design, typeface, only_data


def _finish(_: Any, pdf: Any) -> None:
    """Add what WeasyPrint leaves out.

    Scopes of headers, words for links, artifacts in the margins, and tables in one piece.
    """
    Tags(pdf).finish()


class Tags:
    """The tag tree of a PDF that is about to be written."""

    def __init__(self, pdf: Any) -> None:
        self.pdf = pdf
        self.objects = {item.reference: item for item in pdf.objects}
        self.elements = [item for item in pdf.objects if hasattr(item, "get")]

    def named(self, *names: str) -> list[Any]:
        """The elements with one of these tags, in reading order."""
        return [item for item in self.elements if item.get("S") in names]

    def finish(self) -> None:
        """Complete the tree."""
        for cell in self.named("/TH"):
            section = self.objects[self.objects[cell["P"]]["P"]]
            cell["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"
        for item in self.elements:
            if item.get("Subtype") == "/Link" and "Dest" in item:
                words = str(item["Dest"].string).replace("-", " ")
                item["Contents"] = type(item["Dest"])(f"Go to: {words}")
        self._free_margins()
        self._join_tables()

    def _free_margins(self) -> None:
        """Make artifacts of running heads and feet, which hang on no branch of the tree."""
        document = self.named("/Document")[0]
        for item in self.elements:
            if item.get("P") == document.reference and item.reference not in document["K"]:
                self._make_artifacts(item)

    def _join_tables(self) -> None:
        """Make one table of one that goes over several pages.

        WeasyPrint writes a table for each page, of which only the first has a caption.
        """
        waiting = None
        for part in self.named("/Table"):
            if waiting:
                self._continue(waiting, part)
            waiting = None
            if len(part["K"]) == 1:
                # A caption at the foot of a page, whose rows begin on the next.
                waiting = self.objects[part["K"][0]]
                self._remove(part)
                continue
            *caption, head, body = (self.objects[child] for child in part["K"])
            if caption:
                first_head = head
                first_body = body
                continue
            self._point_to(first_head, head, body)
            for row in body["K"]:
                self.objects[row]["P"] = first_body.reference
            first_body["K"].extend(body["K"])
            self._make_artifacts(head)
            self._remove(part)

    def _point_to(self, first_head: Any, head: Any, body: Any) -> None:
        """Let the cells of ``body``, which name headers in ``head``, name the first page's."""
        known = {}
        for cell, first in zip(self._cells(head), self._cells(first_head), strict=True):
            known[cell["ID"].string] = first["ID"]
        for cell in self._cells(body):
            headers = cell["A"].get("Headers", [])
            headers[:] = [known.get(header.string, header) for header in headers]

    def _continue(self, caption: Any, part: Any) -> None:
        """Put a caption before the rest of its table.

        The rest may begin with the caption's own last lines.
        """
        if len(part["K"]) != len(("head", "body")):
            more = self.objects[part["K"].pop(0)]
            more["S"] = "/Span"
            more["P"] = caption.reference
            caption["K"].append(more.reference)
        caption["P"] = part.reference
        part["K"].insert(0, caption.reference)

    def _cells(self, section: Any) -> list[Any]:
        return [self.objects[cell] for row in section["K"] for cell in self.objects[row]["K"]]

    def _remove(self, element: Any) -> None:
        """Take an element out of the tree, and what then holds nothing."""
        above = self.objects[element["P"]]
        above["K"].remove(element.reference)
        if not above["K"]:
            self._remove(above)

    def _make_artifacts(self, element: Any) -> None:
        """Let a screen reader pass over the content of an element, which loses its owner."""
        stream = self.objects[self.objects[element["Pg"]]["Contents"]].stream
        owners = self._owners(element["Pg"])
        for number in self._numbers(element):
            start = _start_of(number, stream)
            stream[start - 1] = "/Artifact"
            stream[start] = f"<</Type /Pagination{_margin_of(stream[start:])}>>"
            owners[number] = "null"

    def _owners(self, page: bytes) -> list[Any]:
        """The elements that own the pieces of content of a page, by their numbers."""
        (root,) = [item for item in self.elements if item.get("Type") == "/StructTreeRoot"]
        # Pairs of a page's number and its owners, one after another.
        pairs = self.objects[root["ParentTree"]]["Nums"]
        owners: list[Any] = pairs[2 * self.pdf.page_references.index(page) + 1]
        return owners

    def _numbers(self, element: Any) -> Iterator[int]:
        """The numbers of the content of an element."""
        for part in element["K"]:
            if isinstance(part, int):
                yield part
            else:
                yield from self._numbers(self.objects[part])


def _start_of(number: int, stream: list[Any]) -> int:
    """Where a piece of content begins in a page's stream. Raises StopIteration without one."""
    return next(
        place
        for place, part in enumerate(stream)
        if hasattr(part, "get") and part.get("MCID") == number
    )


def _margin_of(stream: list[Any]) -> str:
    """Which margin the next text of a stream is in, by its height, as PDF names it."""
    matrix = next(part for part in stream if isinstance(part, bytes) and part.endswith(b" Tm"))
    height = float(matrix.split()[5])
    if height < HEAD:
        return " /Subtype /Header"
    if height > FOOT:
        return " /Subtype /Footer"
    return ""


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """WeasyPrint's errors, without its chatter about style rules."""
    complaints: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]  # a handler of one line
    handlers = list(LOGGER.handlers)
    propagates = LOGGER.propagate
    LOGGER.handlers[:] = [handler]
    LOGGER.propagate = False
    try:
        yield complaints
    finally:
        LOGGER.handlers[:] = handlers
        LOGGER.propagate = propagates


@contextmanager
def _dated(day: date) -> Iterator[None]:
    """Date fonts and metadata with ``day``, not by the clock."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm(day.timetuple()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before

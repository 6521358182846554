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

    In print an image's alt text goes on to every value, because the table behind the chart is not
    unfolded there, and links to files beside the page are words, because a PDF travels alone. A
    figure that is a link is only that: the engine would tag the link twice. Raises RenderError for
    a missing alt text or language, or a request to anything but the page itself.
    """
    whole = TRAIL.sub(r'\1 figure">\2', VALUES.sub(r'alt="\1 \2"', SCREEN_ONLY.sub("", html)))
    printed = ELSEWHERE.sub(r"<span>\1</span>", whole)
    with _listening() as complaints, _dated(context.data_as_at):
        design, typeface, only_data = _prepared()
        document = HTML(
            string=printed.replace(styles(), ""), url_fetcher=only_data, media_type="print"
        ).render(stylesheets=[design], font_config=typeface, pdf_variant="pdf/ua-1")
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


@cache
def _prepared() -> tuple[CSS, FontConfiguration, URLFetcher]:
    """The design of every page, read once for all reports of a process: a third of a ward report's
    time.
    """
    typeface, only_data = FontConfiguration(), URLFetcher(allowed_protocols=("data",))
    atexit.register(_prepared.cache_clear)  # so that the typeface takes its folder with it
    design = CSS(string=styles(), font_config=typeface, url_fetcher=only_data, media_type="print")
    return design, typeface, only_data


def _finish(_: Any, pdf: Any) -> None:
    """What WeasyPrint leaves out: scopes of headers, words for links, artifacts in the margins,
    tables
    in one piece.
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
        """Running heads and feet hang on no branch of the tree: they become artifacts of their
        kind.
        """
        document = self.named("/Document")[0]
        for item in self.elements:
            if item.get("P") == document.reference and item.reference not in document["K"]:
                self._make_artifacts(item)

    def _join_tables(self) -> None:
        """A table over several pages, of which only the first part has a caption, is one table to a
        screen reader.
        """
        waiting = None
        for part in self.named("/Table"):
            if waiting:
                self._continue(waiting, part)
            waiting = self.objects[part["K"][0]] if len(part["K"]) == 1 else None
            if waiting:  # a caption at the foot of a page, whose rows begin on the next
                self._remove(part)
                continue
            *caption, head, body = (self.objects[child] for child in part["K"])
            if caption:
                first, rows = self._cells(head), body
                continue
            known = {
                cell["ID"].string: whole["ID"]
                for cell, whole in zip(self._cells(head), first, strict=True)
            }
            for cell in self._cells(body):
                headers = cell["A"].get("Headers", [])
                headers[:] = [known.get(header.string, header) for header in headers]
            for row in body["K"]:
                self.objects[row]["P"] = rows.reference
            rows["K"].extend(body["K"])
            self._make_artifacts(head)
            self._remove(part)

    def _continue(self, caption: Any, part: Any) -> None:
        """Put a caption before the rest of its table, which may begin with the caption's own last
        lines.
        """
        if len(part["K"]) != len(("head", "body")):
            more = self.objects[part["K"].pop(0)]
            more["S"], more["P"] = "/Span", caption.reference
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
        """The content of an element becomes something that a screen reader passes over, and loses
        its
        owner.
        """
        page = self.pdf.page_references.index(element["Pg"])
        tree = self.objects[
            next(item for item in self.elements if item.get("Type") == "/StructTreeRoot")[
                "ParentTree"
            ]
        ]
        stream, owners = (
            self.objects[self.objects[element["Pg"]]["Contents"]].stream,
            tree["Nums"][2 * page + 1],
        )
        for number in self._numbers(element):
            start = next(
                i
                for i, part in enumerate(stream)
                if hasattr(part, "get") and part.get("MCID") == number
            )
            matrix = next(
                part for part in stream[start:] if isinstance(part, bytes) and part.endswith(b" Tm")
            )
            height = float(matrix.split()[5])
            kind = (
                " /Subtype /Header"
                if height < HEAD
                else " /Subtype /Footer"
                if height > FOOT
                else ""
            )
            stream[start - 1], stream[start] = "/Artifact", f"<</Type /Pagination{kind}>>"
            owners[number] = "null"

    def _numbers(self, element: Any) -> Iterator[int]:
        """The numbers of the content of an element."""
        for part in element["K"]:
            if isinstance(part, int):
                yield part
            else:
                yield from self._numbers(self.objects[part])


@contextmanager
def _listening() -> Iterator[list[str]]:
    """WeasyPrint's errors, without its chatter about style rules."""
    complaints: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]  # a handler of one line
    before = LOGGER.level, LOGGER.propagate, list(LOGGER.handlers)
    LOGGER.handlers[:], LOGGER.propagate = [handler], False
    try:
        yield complaints
    finally:
        LOGGER.handlers[:], LOGGER.propagate = before[2], before[1]


@contextmanager
def _dated(day: date) -> Iterator[None]:
    """Fonts and metadata carry the day the data is as at, not the clock's."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm(day.timetuple()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before

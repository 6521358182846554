"""The same page on paper: tagged PDF/UA-1, the same bytes each time, nothing fetched."""

from __future__ import annotations

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
from sv_lib.publish.html import PageContext, styles

SCREEN_ONLY = re.compile(r"<source\b[^>]*>|%3Cstyle%3E@font-face.*?%3C/style%3E")
ELSEWHERE = re.compile(r'<a href="(?!#|https:|mailto:)[^"]*">(.*?)</a>', re.DOTALL)
MIDDLE_OF_PAGE = 561
"""A4 is 1,123 px high, counted from the top."""
VALUES = re.compile(r'alt="([^"]*)" data-values="([^"]*)"')


def to_pdf(html: str, path: Path, context: PageContext) -> int:
    """Write a page as PDF/UA-1; returns the number of pages.

    In print an image's alt text goes on to every value, because the table behind the chart is not unfolded there, and
    links to files beside the page are words, because a PDF travels alone.
    Raises RenderError for a missing alt text or language, or a request to anything but the page itself.
    """
    printed = ELSEWHERE.sub(r"<span>\1</span>", VALUES.sub(r'alt="\1 \2"', SCREEN_ONLY.sub("", html)))
    with _listening() as complaints, _dated(context.data_as_at):
        design, typeface, only_data = _prepared()
        document = HTML(string=printed.replace(styles(), ""), url_fetcher=only_data, media_type="print").render(
            stylesheets=[design], font_config=typeface, pdf_variant="pdf/ua-1"
        )
        identifier = hashlib.sha256(printed.encode()).digest()[:16]
        data = document.write_pdf(pdf_identifier=identifier, pdf_variant="pdf/ua-1", finisher=_finish)
    if complaints:
        raise RenderError(
            context.title, "; ".join(dict.fromkeys(complaints))[:600],
            "the PDF could not be read by everyone, or is not whole.", "mend the page that it is made from.",
        )  # fmt: skip
    path.write_bytes(data)
    return len(document.pages)


@cache
def _prepared() -> tuple[CSS, FontConfiguration, URLFetcher]:
    """The design of every page, read once for all reports of a process: a third of a ward report's time."""
    typeface, only_data = FontConfiguration(), URLFetcher(allowed_protocols=("data",))
    design = CSS(string=styles(), font_config=typeface, url_fetcher=only_data, media_type="print")
    return design, typeface, only_data


def _finish(_: Any, pdf: Any) -> None:
    """What WeasyPrint leaves out: scopes of table headers, words for links in the page, artifacts in the margins."""
    objects = {item.reference: item for item in pdf.objects}
    elements = [item for item in pdf.objects if hasattr(item, "get")]
    for item in elements:
        if item.get("S") == "/TH":
            section = objects[objects[item["P"]]["P"]]
            item["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"
        if item.get("Subtype") == "/Link" and "Dest" in item:
            words = str(item["Dest"].string).replace("-", " ")
            item["Contents"] = type(item["Dest"])(f"Go to: {words}")
    _free_margins(pdf, objects, elements)


def _free_margins(pdf: Any, objects: dict[bytes, Any], elements: list[Any]) -> None:
    """What stands in the margins hangs on no branch of the tree: it becomes an artifact and loses its owner."""
    document = next(item for item in elements if item.get("S") == "/Document")
    tree = objects[next(item for item in elements if item.get("Type") == "/StructTreeRoot")["ParentTree"]]
    for item in elements:
        if item.get("P") == document.reference and item.reference not in document["K"]:
            page = pdf.page_references.index(item["Pg"])
            stream, owners = objects[objects[item["Pg"]]["Contents"]].stream, tree["Nums"][2 * page + 1]
            for number in _numbers(item, objects):
                _make_artifact(stream, number)
                owners[number] = "null"


def _numbers(element: Any, objects: Any) -> Iterator[int]:
    """The numbers of the content of an element."""
    for part in element["K"]:
        if isinstance(part, int):
            yield part
        else:
            yield from _numbers(objects[part], objects)


def _make_artifact(stream: list[Any], number: int) -> None:
    """Running heads and feet are pagination artifacts: a screen reader passes over them."""
    start = next(i for i, part in enumerate(stream) if hasattr(part, "get") and part.get("MCID") == number)
    matrix = next(part for part in stream[start:] if isinstance(part, bytes) and part.endswith(b" Tm"))
    is_head = float(matrix.split()[5]) < MIDDLE_OF_PAGE
    stream[start - 1] = "/Artifact"
    stream[start] = f"<</Type /Pagination /Subtype /{'Header' if is_head else 'Footer'}>>"


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

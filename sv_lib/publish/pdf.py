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
from pathlib import Path

from weasyprint import HTML
from weasyprint.logger import LOGGER
from weasyprint.urls import URLFetcher

from sv_lib.errors import RenderError
from sv_lib.publish.html import PageContext

SCREEN_ONLY = re.compile(r"<source\b[^>]*>|%3Cstyle%3E@font-face.*?%3C/style%3E")
VALUES = re.compile(r'alt="([^"]*)" data-values="([^"]*)"')


def to_pdf(html: str, path: Path, context: PageContext) -> int:
    """Write a page as PDF/UA-1; returns the number of pages.

    In print an image's alt text goes on to every value, because the table behind the chart is not unfolded there.
    Raises RenderError for a missing alt text or language, or a request to anything but the page itself.
    """
    printed = VALUES.sub(r'alt="\1 \2"', SCREEN_ONLY.sub("", html))
    with _listening() as complaints, _dated(context.data_as_at):
        only_data = URLFetcher(allowed_protocols=("data",))
        document = HTML(string=printed, url_fetcher=only_data, media_type="print").render(pdf_variant="pdf/ua-1")
        identifier = hashlib.sha256(printed.encode()).digest()[:16]
        data = document.write_pdf(pdf_identifier=identifier, pdf_variant="pdf/ua-1")
    if complaints:
        raise RenderError(
            context.title, "; ".join(dict.fromkeys(complaints))[:600],
            "the PDF could not be read by everyone, or is not whole.", "mend the page that it is made from.",
        )  # fmt: skip
    path.write_bytes(data)
    return len(document.pages)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """WeasyPrint's errors, without its chatter about style rules."""
    complaints: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]
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

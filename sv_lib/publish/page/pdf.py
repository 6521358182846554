"""The same page on paper: tagged PDF/UA-1, the same bytes each time, nothing fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst

from sv_lib import signs
from sv_lib.errors import RenderError
from sv_lib.periods import long_date
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import TEMPLATES
from sv_lib.publish.page.paper import PaperError, paper, read
from sv_lib.publish.page.tags import finished
from sv_lib.publish.page.typefaces import typefaces

NO_SIGN = "could not be displayed"
"""What Typst says of a sign that no typeface has."""


def to_pdf(html: str, path: Path, context: PageContext) -> int:
    """Write a page as PDF/UA-1; returns the number of pages.

    A sign that no typeface has is printed as its code in brackets. Raises RenderError for what
    paper does not know, a missing alt text or language, or when something is asked for that is not
    in the page.
    """
    try:
        pages, data = _drawn(html, path.parent, context)
    except (PaperError, typst.TypstError) as fault:
        raise RenderError(
            context.title,
            str(fault)[:600],
            "the PDF could not be read by everyone, or is not whole.",
            "mend the page that it is made from.",
        ) from fault
    path.write_bytes(data)
    return pages


def _drawn(html: str, folder: Path, context: PageContext) -> tuple[int, bytes]:
    """The number of pages, and the PDF."""
    document = _document(signs.coded(html, signs.unprintable(html)), context)
    # Once more for pictures, whose words a page holds in another writing.
    said = json.dumps(document, ensure_ascii=False)
    try:
        drawn = _compile(signs.coded(said, signs.unprintable(said)), folder)
    except typst.TypstError as fault:
        if NO_SIGN not in fault.message:
            raise
        # Signs of other typefaces can be joined in ways that none of these draws.
        drawn = _compile(signs.coded(said, set(said) - signs.house_signs()), folder)
    return finished(drawn, list(_aims(document["blocks"])))


def _design() -> str:
    return (TEMPLATES / "report.typ").read_text(encoding="utf-8")


def _compile(said: str, folder: Path) -> bytes:
    """The document as PDF. What it says is a file in memory: nothing of ``folder`` is read."""
    files = {"main": _design().encode(), "paper.json": said.encode()}
    drawn: bytes
    drawn, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]  # knows no files in memory
        files, root=folder, font_paths=typefaces().found, pdf_standards=["ua-1"]
    )
    if warnings:
        raise PaperError("; ".join(warning.message for warning in warnings))
    return drawn


def _document(html: str, context: PageContext) -> dict[str, Any]:
    """All that ``report.typ`` draws."""
    root = read(html)
    language = root.get("lang")
    if not language:
        raise PaperError("the page does not say its language (lang)")
    day = context.data_as_at
    return {
        "title": context.title,
        "author": context.council,
        "description": context.description or context.title,
        "date": [day.year, day.month, day.day],
        "language": language.split("-"),
        "typefaces": typefaces().names,
        "head": f"{context.report_title} · {context.period_text}",
        "status": context.status_text,
        "foot": f"{context.marking} {context.council} · data as at {long_date(day)}".strip(),
        "blocks": paper(root),
    }


def _aims(part: Any) -> Iterator[str]:
    """What the links of a document say of where they lead, in order."""
    if isinstance(part, dict):
        if "to" in part and part["look"] != "words":
            yield f"Go to: {part['to'].replace('-', ' ')}"
        part = part.values()
    elif not isinstance(part, list | tuple):
        return
    for within in part:
        yield from _aims(within)

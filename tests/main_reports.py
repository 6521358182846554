"""The main reports of the demonstration, made once for all tests that read them."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

from made_once import calculate, gather
from page_cells import run, shown, sources

from sv_lib.intake.pipeline import require
from sv_lib.params import load
from sv_lib.present.explore import OpenReport
from sv_lib.present.markup import Html
from sv_lib.present.report import Report
from sv_lib.publish.page import html, pdf
from sv_lib.publish.page.context import report_context

ROOT = Path(__file__).resolve().parent.parent
PARAMS = ROOT / "params" / "rotherham-demo"
PUBLICATIONS = {"annual": "2022-annual", "mid_year": "2022-mid-year", "ward": "2022-mid-year"}
MALTBY = "E05013006"
"""The ward of the ward report."""
NOTEBOOKS = {"annual": "main", "mid_year": "main", "ward": "ward"}
HEADING = re.compile(r"<h2[^>]*>(.*?)</h2>")
PIECE = re.compile(r"\breport\.(?:text|table|chart)\(")


@cache
def report(kind: str) -> Report:
    publication = load(PARAMS / f"{PUBLICATIONS[kind]}.yaml")
    if kind == "ward":
        other = report("mid_year")
        return Report(other.publication, other.calculation, MALTBY)
    return Report(publication, calculate(publication, require(gather(publication))))


@cache
def page(kind: str, section: str) -> str:
    """A section of a report, by the id of its cell."""
    return str(shown(report(kind), section.replace("_", "-")))


@cache
def whole_page(kind: str) -> str:
    """The page that a run makes of a notebook: its headings and its sections in their order."""
    made = report(kind)
    opened = OpenReport(made.publication, made.calculation, made.ward)
    parts: list[str] = []
    heading = ""
    for source in sources(NOTEBOOKS[kind]).values():
        if source.startswith("## "):
            heading = html.markdown(source)
        elif PIECE.search(source) and (printed := run(source, opened)):
            parts += [heading, printed]
            heading = ""
    publication = report(kind).publication
    context = report_context(publication, publication.file.kind, publication.file.title, True)
    return html.page(Html("".join(parts)), context)


@cache
def headings(kind: str) -> set[str]:
    """The headings of a report's sections."""
    return {unescape(title) for title in HEADING.findall(whole_page(kind))}


@cache
def paper(kind: str) -> bytes:
    """The same page on paper."""
    publication = report(kind).publication
    context = report_context(publication, publication.file.kind, publication.file.title, True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        pdf.to_pdf(whole_page(kind), path, context)
        return path.read_bytes()

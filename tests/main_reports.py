"""The main reports of the demonstration, made once for all tests that read them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sv_lib.figures.calculation import calculate, gather
from sv_lib.intake.pipeline import require
from sv_lib.params import load
from sv_lib.present import sections
from sv_lib.present.markup import Html
from sv_lib.present.report import Report
from sv_lib.publish.page import html, pdf
from sv_lib.publish.page.context import report_context

ROOT = Path(__file__).resolve().parent.parent
PARAMS = ROOT / "params" / "rotherham-demo"
PUBLICATIONS = {"annual": "2022-annual", "mid_year": "2022-mid-year", "ward": "2022-mid-year"}
MALTBY = "E05013006"
"""The ward of the ward report."""
CALL = re.compile(r"show\.(\w+)\(report\)")


@cache
def report(kind: str) -> Report:
    publication = load(PARAMS / f"{PUBLICATIONS[kind]}.yaml")
    if kind == "ward":
        other = report("mid_year")
        return Report(other.publication, other.calculation, MALTBY)
    return Report(publication, calculate(publication, require(gather(publication))))


@cache
def notebook(kind: str) -> list[str]:
    """The sources of a notebook's cells."""
    cells = json.loads((ROOT / "notebooks" / f"{kind}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


@cache
def page(kind: str, section: str) -> str:
    return str(getattr(sections, section)(report(kind)))


@cache
def whole_page(kind: str) -> str:
    """The page that a run makes of a notebook: its headings and its sections in their order."""
    parts = []
    for source in notebook(kind):
        if source.startswith("## "):
            parts.append(html.markdown(source))
        elif call := CALL.fullmatch(source):
            parts.append(page(kind, call[1]))
    publication = report(kind).publication
    context = report_context(publication, publication.file.kind, publication.file.title, True)
    return html.page(Html("".join(parts)), context)


@cache
def paper(kind: str) -> bytes:
    """The same page on paper."""
    publication = report(kind).publication
    context = report_context(publication, publication.file.kind, publication.file.title, True)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        pdf.to_pdf(whole_page(kind), path, context)
        return path.read_bytes()

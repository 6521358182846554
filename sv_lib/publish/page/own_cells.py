"""The notebooks that a run used: whether they are the standard ones, and what was typed in them.

A council may edit a notebook. Whoever reads the report learns that it did: cells that no standard
notebook has are its own, and a number in their words has no figure behind it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from sv_lib.publish.files.manifest import hash_of, sha256
from sv_lib.publish.files.printed_figures import ATTRIBUTE, PRINTED
from sv_lib.publish.files.received import Cell, cells
from sv_lib.strict_yaml import data_beside

STANDARD = data_beside(__file__, dict[str, tuple[str, ...]], "standard_notebooks.yaml")
"""Name of each notebook that comes with svreport -> the hashes of its cells, in order."""
WORDED = ("text/html", "text/markdown", "text/plain")
PIECES = ("report.text", "report.table", "report.chart")
TOGETHER = ("display", "sv.beside", "sv.front_page")
"""What a cell of a page calls: the pieces, and how they stand together."""
MOST_NAMED = 20
"""Numbers of one notebook that are listed."""
AROUND = 30
"""Letters that are shown on either side of a number."""
BLOCK = re.compile(r"</?(?:p|h\d|li|td|th|tr|div|br|dt|dd|figcaption|caption)\b[^>]*>")
ALT = re.compile(r"""<img\b[^>]*?\balt=["']([^"']*)["'][^>]*>""")
MARKS = re.compile(r"<[^>]*>|\]\([^)]*\)|[*_`]")
MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
NO_FIGURE = re.compile(
    rf"\b\d{{1,2}} (?:{MONTHS})\b(?: \d{{4}})?"  # a day
    r"|(?<![\d.,£$€])(?:19|20)\d\d(?:[-–/](?:19|20)?\d\d)?(?![\d.,]*\d|\s?%)"  # a year
    r"|\b\d{1,2}[:.]\d\d ?(?:am|pm)\b"
    r"|\b(?:[Ss]ections?|[Tt]ables?|[Cc]harts?|[Pp]ages?|[Pp]arts?|[Cc]hapters?|[Aa]ppendix|Annex|"
    r"Act|PPN|Schedule|Regulation|Article|Policy|Note|Step) \d[\d./]*"
    r"|\b[A-Za-z]+\d[\w-]*"  # a code: E05013006, Q1
    r"|^\s*\d+[.)] ",  # the number of an item
    re.MULTILINE,
)
"""Digits in words that say when or where, not how many."""
NUMBER = re.compile(r"[£$€]?\s?\d[\d,.]*")


@dataclass(frozen=True)
class NotebookUsed:
    """The notebook of one report.

    ``sha256``: of its cells as written. ``typed``: numbers in cells of the council's own that no
    figure stands behind, each with its cell and the words around it.
    """

    report: str
    sha256: str
    is_standard: bool
    typed: tuple[str, ...]

    @property
    def notebook(self) -> str:
        return notebook_of(self.report)

    def entry(self) -> dict[str, Any]:
        """The notebook as the manifest lists it, with its report."""
        return {
            "notebook": self.notebook,
            "notebook_sha256": self.sha256,
            "differs_from_the_standard": not self.is_standard,
            "typed_by_hand": list(self.typed),
        }


def notebook_of(report: str) -> str:
    """The name of the notebook that makes a report of this name."""
    if "/" in report:
        return "ward"
    return "main" if report in ("annual", "mid-year") else report


def written(path: Path) -> list[str]:
    """The hash of each cell of a notebook as it is written."""
    return [sha256(cell.written.encode()) for cell in cells(path)]


def used(folder: Path, reports: Iterable[str]) -> dict[str, NotebookUsed]:
    """The notebooks that some reports of a run folder were made by, by the report's name."""
    return {report: look_at(folder / f"{report}.ipynb", report) for report in reports}


def look_at(path: Path, report: str) -> NotebookUsed:
    """An executed notebook, held against the standard one of its report."""
    standard = STANDARD.get(notebook_of(report), ())
    hashes = written(path)
    typed = []
    if tuple(hashes) != standard:
        for number, (cell, digest) in enumerate(zip(cells(path), hashes, strict=True), start=1):
            if digest not in standard and not names_pieces("".join(cell.source)):
                typed += [f"cell {number}: {words}" for words in _typed(cell)]
    return NotebookUsed(
        report, hash_of(hashes), tuple(hashes) == standard, tuple(typed[:MOST_NAMED])
    )


def names_pieces(source: str) -> bool:
    """Whether a cell does no more than name pieces of the page, whose numbers nobody typed in it.

    So an analyst may move one, drop one or add one.
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(statements) and all(
        isinstance(one, ast.Expr) and _is_of_pieces(one.value) for one in statements
    )


def _is_of_pieces(call: ast.expr) -> bool:
    if not isinstance(call, ast.Call) or call.keywords:
        return False
    name = ast.unparse(call.func)
    if name in PIECES:
        return [type(given) for given in call.args] == [ast.Constant]
    return name in TOGETHER and all(map(_is_of_pieces, call.args))


def in_words(entries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What a manifest says of edited notebooks, a line each; each notebook is told of once."""
    lines: dict[str, None] = {}
    for entry in entries.values():
        if entry.get("differs_from_the_standard"):
            name = f"{entry['notebook']}.ipynb"
            lines[f"{name} was edited: it differs from the standard notebook"] = None
            for words in entry.get("typed_by_hand", ()):
                lines[f"{name}, {words}: a number typed by hand, no figure stands behind it"] = None
    return list(lines)


def _typed(cell: Cell) -> Iterator[str]:
    """The numbers in the words of a cell that are no figure's, each with the words around it."""
    texts = ["".join(cell.source)] if cell.cell_type == "markdown" else []
    for output in cell.outputs:
        shown = [output.data[kind] for kind in WORDED if kind in output.data]
        # Of several forms of one output a page shows the first.
        texts += [_text(one) for one in shown[:1]]
    for text in texts:
        words = " ".join(NO_FIGURE.sub(" ", _words(text)).split())
        for found in NUMBER.finditer(words):
            start = max(0, found.start() - AROUND)
            around = words[start : found.end() + AROUND].strip()
            yield f"'{around}'"


def _text(value: Any) -> str:
    return "".join(value) if isinstance(value, list) else str(value)


def _words(markup: str) -> str:
    """The words of markup, with those that stand for a picture, but for those of figures."""
    without = PRINTED.sub(_unless_figure, markup)
    lines = BLOCK.sub("\n", ALT.sub(r" \1 ", without))
    return unescape(MARKS.sub("", lines))


def _unless_figure(tag: re.Match[str]) -> str:
    """Nothing for the tag of a figure, which is held against the calculation elsewhere."""
    attributes = dict(ATTRIBUTE.findall(tag[1]))
    return " " if "data-figure" in attributes and tag[3] else tag[0]

"""The main reports on paper: how long they are, how full their pages, what stays together."""

from __future__ import annotations

import ctypes
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from main_reports import paper, whole_page

pytestmark = pytest.mark.slow

KINDS = ("annual", "mid_year")
PAGES = {"annual": 14, "mid_year": 12}
A4, FOOT = 842.0, 42.0
"""The height of a page and of its foot, in points."""
HEADING = 12.9
"""Type of this size or more is a heading."""
LEAST_ROWS = 5


def lowest(kind: str) -> list[tuple[float, float]]:
    """Of each page the height of its lowest words above the foot, and the size of their type."""
    found = []
    for page in pypdfium2.PdfDocument(paper(kind)):
        text = page.get_textpage()
        low, size = A4, 0.0
        for index in range(text.count_chars()):
            left, bottom, right, top = (ctypes.c_double() for _ in range(4))
            pdfium.FPDFText_GetCharBox(text.raw, index, left, right, bottom, top)
            if FOOT < bottom.value < low and top.value > bottom.value:
                low = bottom.value
                size = pdfium.FPDFText_GetFontSize(text.raw, index)
        found.append((low, size))
    return found


def elements(node: Any) -> Iterator[Any]:
    """Every element of a tree of tags, parents first."""
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def page_of(row: Any, pages: dict[tuple[int, int], int]) -> int | None:
    """The page on which a row begins."""
    for element in elements(row):
        if "/Pg" in element:
            return pages[element.Pg.objgen]
    return None


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_no_longer_than_it_may_be(kind: str) -> None:
    assert len(pypdfium2.PdfDocument(paper(kind))) <= PAGES[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_but_the_last_is_under_half_full(kind: str) -> None:
    *pages, _ = lowest(kind)
    assert [number for number, (low, _) in enumerate(pages, 1) if low > A4 / 2] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_ends_with_a_heading(kind: str) -> None:
    ends = [number for number, (_, size) in enumerate(lowest(kind), 1) if size >= HEADING]
    assert ends == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_table_is_parted_under_five_rows(kind: str) -> None:
    with pikepdf.open(io.BytesIO(paper(kind))) as pdf:
        pages = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        tables = [
            one for one in elements(pdf.Root.StructTreeRoot.K[0]) if one.get("/S") == "/Table"
        ]
        assert len(tables) >= 10
        parted = []
        for table in tables:
            rows = [row for row in elements(table) if row.get("/S") == "/TR"]
            # The first row is the head, which is repeated and not counted.
            counts = Counter(page_of(row, pages) for row in rows[1:])
            counts.pop(None, None)
            if len(counts) > 1 and min(counts[min(counts)], counts[max(counts)]) < LEAST_ROWS:
                parted.append(dict(counts))
    assert parted == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_holds_no_command_file_name_or_glossary(kind: str) -> None:
    text = "\n".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper(kind))
    )
    for words in ("svreport", ".csv", "Glossary", "RUN_DIR", "data/", "spend.total"):
        assert words not in text


@pytest.mark.parametrize("kind", KINDS)
def test_better_worse_and_decide_stand_on_page_one(kind: str) -> None:
    first = pypdfium2.PdfDocument(paper(kind))[0].get_textpage().get_text_range()
    places = [
        first.index(word) for word in ("Better:", "Worse:", "Decide:", "What we cannot yet say")
    ]
    assert all(one < two for one, two in itertools.pairwise(places))
    assert "What we cannot yet say" in whole_page(kind)

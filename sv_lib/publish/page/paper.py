"""A finished page as a tree for paper: what it says, in order, and how each part looks.

Words are data in it and never markup. The executed notebook stays the source: the tree is read
from the page that was made of it, and every kind of element that a page may hold stands in
``paper.yaml``.
"""

from __future__ import annotations

import re
from base64 import b64decode
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from lxml import html as markup

from sv_lib.publish.page.paper_table import kept_together, widths

Node = dict[str, Any]
Words = list[Any]
"""Pieces of text, and nodes with words of their own."""
SPACE = re.compile(r"[ \t\r\n\f]+")
SCREEN_TYPEFACE = re.compile(r"<style>@font-face.*?</style>")
ENDLESS = re.compile(r"(\S{30})(?=\S)")
"""A word that may be too long for its line may be broken after each 30 characters."""
SHOWN = ("table-block", "whole-block", "chart-full", "columns")
"""Looks of what a paragraph before it tells of."""
MAY_BREAK = {"look": "may-break"}
PARTED = re.compile(r"[^\w.,%£]")


class PaperError(ValueError):
    """A page holds what cannot be printed."""


@cache
def _known() -> dict[str, Any]:
    text = Path(__file__).with_name("paper.yaml").read_text(encoding="utf-8")
    known: dict[str, Any] = yaml.safe_load(text)
    return known


def kind_of(element: Any) -> str:
    """An element as ``paper.yaml`` names it: ``p.lead``."""
    look = element.get("class")
    return f"{element.tag}.{look}" if look else str(element.tag)


def read(page: str) -> Any:
    """A page as elements, without its comments."""
    parser = markup.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    return markup.document_fromstring(page, parser=parser)


def paper(root: Any) -> list[Node]:
    """The blocks of a page's main part.

    Raises PaperError for an element that paper does not know and for a picture that is not in the
    page.
    """
    return _PageReader().paper(root.find(".//main"))


class _PageReader:
    """Reads a page from its first word to its last.

    ``waiting`` are the ids of elements that have begun and whose first words are still to come.
    """

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.places: set[str] = set()
        self.links: list[Node] = []
        self.is_after_space = True

    def paper(self, main: Any) -> list[Node]:
        """The blocks of a page; a link to a place that is not printed becomes words."""
        aims = {link.get("href", "")[1:] for link in main.iter("a")}
        for element in main.iter():
            if element.get("id") not in aims:
                element.attrib.pop("id", None)
        blocks = self._blocks(main)
        for link in self.links:
            if link["to"] not in self.places:
                link["look"] = "words"
        return blocks

    def _blocks(self, element: Any) -> list[Node]:
        """The blocks in an element; words between them are lines of their own."""
        found: list[Node] = []
        line = self._start(element)
        for child in element:
            if kind_of(child) in _known()["inline"]:
                line += self._inline(child)
            else:
                found += _line(line)
                found += self._block(child)
                line = []
                self.is_after_space = True
            line += self._text(child.tail)
        return _keep_with_next(found + _line(line))

    def _block(self, element: Any) -> list[Node]:
        """An element as blocks: one, or all those that it only holds."""
        kind = kind_of(element)
        known = _known()
        if kind in known["left out"]:
            return []
        if kind in known["worded"]:
            return [{"look": known["worded"][kind], "words": self._words(element)}]
        if kind in known["lists"]:
            items = [self._item(item) for item in element]
            return [{"look": known["lists"][kind], "items": items, "start": element.get("start")}]
        if kind in known["holding"]:
            blocks = self._blocks(element)
            look = known["holding"][kind]
            return blocks if look == "blocks" else [{"look": look, "blocks": blocks}]
        return [self._special(element)]

    def _special(self, element: Any) -> Node:
        """A table, a picture, a list of terms or a line."""
        match kind_of(element):
            case "table":
                return self._table(element)
            case "img":
                return {"look": "picture"} | _picture(element)
            case "dl":
                words = [self._words(part) for part in element]
                return {"look": "terms", "items": list(zip(words[::2], words[1::2], strict=True))}
            case "hr":
                return {"look": "rule"}
        raise _unknown(element)

    def _item(self, element: Any) -> Node:
        if kind_of(element) not in _known()["items"]:
            raise _unknown(element)
        return {"blocks": self._blocks(element)}

    def _table(self, element: Any) -> Node:
        """A table with the widths of its columns and the rows that stay on one page."""
        self._begin(element)
        caption = element.find("caption")
        words = [] if caption is None else self._words(caption)
        headings = element.find("thead/tr")
        if headings is None:
            raise PaperError("a table without a row of headings")
        head = [self._cell(cell) for cell in headings]
        rows = [[self._cell(cell) for cell in row] for row in element.iterfind("tbody/tr")]
        totals = [row.get("class") == "total" for row in element.iterfind("tbody/tr")]
        table = {"look": "table", "caption": words, "head": head, "rows": rows, "totals": totals}
        return table | widths(head, rows) | {"together": kept_together(rows)}

    def _cell(self, element: Any) -> Node:
        return {"words": self._words(element), "is_number": element.get("class") == "n"}

    def _words(self, element: Any) -> Words:
        """The words of a block."""
        self.is_after_space = True
        found = self._within(element)
        self.is_after_space = True
        return _trimmed(found)

    def _within(self, element: Any) -> Words:
        """The words of an element, in a line with others."""
        found = self._start(element)
        for child in element:
            if kind_of(child) not in _known()["left out"]:
                found += self._inline(child)
            found += self._text(child.tail)
        return found

    def _inline(self, element: Any) -> Words:
        """An element within a line."""
        kind = kind_of(element)
        if kind not in _known()["inline"]:
            raise _unknown(element)
        look = _known()["inline"][kind]
        words = self._within(element)
        if element.tag == "a":
            return self._link(look, element.get("href", ""), words)
        if look == "words" or (look == "together" and not PARTED.search(_said(words))):
            return words
        return [{"look": look, "words": words}]

    def _link(self, look: str, address: str, words: Words) -> Words:
        """A link; a PDF travels alone, so one to a file beside the page is words."""
        if address.startswith("#"):
            link = {"look": look, "to": address[1:], "words": words}
            self.links.append(link)
            return [link]
        if address.startswith(("https:", "mailto:")):
            return [{"look": "outward", "to": address, "words": words}]
        return words

    def _begin(self, element: Any) -> None:
        if place := element.get("id"):
            self.waiting.append(place)

    def _start(self, element: Any) -> Words:
        """The first words of an element, with its place for links."""
        self._begin(element)
        return self._text(element.text)

    def _text(self, text: str | None) -> Words:
        """Text with one space for many, after the places that waited for it."""
        squeezed = SPACE.sub(" ", text or "")
        if self.is_after_space:
            squeezed = squeezed.removeprefix(" ")
        if not squeezed:
            return []
        self.is_after_space = squeezed.endswith(" ")
        places: Words = [{"look": "place", "id": place} for place in self.waiting]
        self.places.update(self.waiting)
        self.waiting = []
        # Every second piece is the beginning of a word that goes on.
        first, *others = ENDLESS.split(squeezed)
        pieces: Words = [first]
        for beginning, rest in zip(others[::2], others[1::2], strict=True):
            pieces += [beginning, MAY_BREAK, rest]
        return [*places, *filter(None, pieces)]


def _unknown(element: Any) -> PaperError:
    return PaperError(f"an element that paper does not know: {kind_of(element)}")


def _keep_with_next(blocks: list[Node]) -> list[Node]:
    """Blocks where the words before a table or chart, and so their heading, stay on its page."""
    for words, following in pairwise(blocks):
        if words["look"] == "paragraph" and following["look"] in SHOWN:
            words["stays"] = True
    return blocks


def _line(words: Words) -> list[Node]:
    """Words that stand between blocks."""
    line = _trimmed(words)
    return [{"look": "words", "words": line}] if line else []


def _trimmed(words: Words) -> Words:
    """Words without the space after the last."""
    if words and isinstance(words[-1], str):
        words[-1] = words[-1].rstrip(" ")
    return [word for word in words if word != ""]


def _said(words: Words) -> str:
    """What words say, without how they look."""
    pieces = (word if isinstance(word, str) else _said(word.get("words", [])) for word in words)
    return "".join(pieces)


def _picture(element: Any) -> Node:
    """A picture and the words that stand for it: in print with every value, as nothing unfolds."""
    source = element.get("src", "")
    kind, _, data = source.partition(",")
    if not kind.startswith("data:image/"):
        raise PaperError(f"a picture that is not in the page: {source[:100]}")
    if kind.endswith(";base64"):
        # Typst takes bytes from memory as numbers only.
        file: Any = list(b64decode(data))
    else:
        file = SCREEN_TYPEFACE.sub("", unquote(data))
    alt = " ".join(filter(None, (element.get("alt"), element.get("data-values"))))
    return {"file": file, "alt": alt}

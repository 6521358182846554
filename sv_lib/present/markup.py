"""Markup that is safe by construction: plain text is escaped, only ``Html`` passes through."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable
from typing import SupportsIndex

from sv_lib.figures.figure import Figure, exact_text
from sv_lib.present import formats

SAFE_LINK = re.compile(
    r"(https://|mailto:|#|(?![a-zA-Z][a-zA-Z0-9+.-]*:)(?!//)[^\\\s])[^\s\"'<>\\]*"
)
ATTRIBUTES = {"css_class": "class", "html_for": "for"}
"""Attributes whose names are words of Python."""
VOID = ("img", "source")
NOT_IN_ANCHORS = re.compile(r"[^a-z0-9]+")


class Html(str):
    """Trusted markup, shown by notebooks as it is. Adding plain text to it escapes the text."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __html__(self) -> str:
        """Templates print this as it is; they escape everything else."""
        return str(self)

    def __repr__(self) -> str:
        return f"Html of {len(self):,} characters"

    def __add__(self, other: str) -> Html:
        return Html(str(self) + str(escape(other)))

    def __radd__(self, other: str) -> Html:
        return Html(str(escape(other)) + str(self))

    def __mul__(self, times: SupportsIndex) -> Html:
        raise TypeError("markup is not repeated: ids would stand twice")


def escape(text: str) -> Html:
    """Text as markup; ``Html`` passes through."""
    return text if isinstance(text, Html) else Html(entities.escape(text))


def join(parts: Iterable[str], between: str = "") -> Html:
    """The parts one after the other, plain text escaped."""
    return Html(str(escape(between)).join(str(escape(part)) for part in parts))


def tag(name: str, content: str = "", **attributes: str | int | None) -> Html:
    """An element. ``css_class`` is class, ``html_for`` for, ``data_x`` data-x; None is left out."""
    start = name
    for key, value in attributes.items():
        if value is not None:
            start += _attribute(key, str(value))
    if name in VOID:
        return Html(f"<{start}>")
    return Html(f"<{start}>{escape(content)}</{name}>")


def _attribute(key: str, value: str) -> str:
    name = ATTRIBUTES.get(key, key.replace("_", "-"))
    # Single quotes stay: an attribute stands in double quotes, and pictures hold many of them.
    text = entities.escape(value, quote=False).replace('"', "&quot;")
    return f' {name}="{text}"'


def figure(
    fig: Figure, style: formats.Style = "short", signed: bool = False, is_size: bool = False
) -> Html:
    """A figure as it is printed, carrying its id and exact value for whoever checks the page."""
    shown = formats.display(fig, style, signed, is_size)
    return tag("data", shown, css_class="figure", data_figure=fig.id, value=fig.exact)


def row_number(
    number: formats.Amount, style: formats.Style = "short", signed: bool = False
) -> Html:
    """A number of one row as it is printed, carrying its exact value and its unit."""
    shown = formats.display(number, style, signed)
    if number.value is None:
        return escape(shown)
    return tag("data", shown, value=exact_text(number.value), data_unit=number.unit)


def text_of(markup: str) -> str:
    """The words of a piece of markup on one line, for alt text, bookmarks and workbook cells."""
    if not isinstance(markup, Html):
        return markup
    return " ".join(entities.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def anchor(text: str) -> str:
    """An id made from words: ``Where the money goes`` -> ``where-the-money-goes``."""
    return NOT_IN_ANCHORS.sub("-", text_of(text).lower()).strip("-") or "section"


def heading(level: int, text: str, id: str | None = None) -> Html:
    """A heading with an id that links can name."""
    return tag(f"h{level}", text, id=id or anchor(text))


def paragraph(*parts: str, css_class: str | None = None) -> Html:
    """A paragraph of text and figures."""
    return tag("p", join(parts), css_class=css_class)


def captioned(title: str, subtitle: str) -> Html:
    """What a picture shows, in two lines above it."""
    first = paragraph(title, css_class="chart-title")
    second = paragraph(subtitle, css_class="chart-subtitle")
    return tag("figcaption", first + second)


def folded(summary: str, content: str) -> Html:
    """Content that a screen unfolds on request. Paper leaves it out: its data are in the files."""
    return tag("details", join([tag("summary", summary), content]), css_class="data")


def bullets(items: Iterable[str]) -> Html:
    """A list, one item a line."""
    return tag("ul", join(tag("li", item) for item in items))


def link(text: str, href: str) -> Html:
    """A link. Raises ValueError unless it is relative, https, mailto or within the page."""
    if not SAFE_LINK.fullmatch(href):
        raise ValueError(f"not an address that a report may link to: {href!r}")
    return tag("a", text, href=href)

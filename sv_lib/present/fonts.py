"""The one typeface: Source Sans Pro from its installed package, cut down to the characters a report
can print.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import NamedTuple

import font_source_sans_pro
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib import font_manager

FAMILY = "Source Sans Pro"
LATIN = (
    frozenset(range(0x20, 0x7F))
    | frozenset(range(0xA0, 0x180))
    | frozenset(map(ord, "–—‘’“”•…−→▲▼≤≥"))
)  # names of people and places of these islands and Europe, and the signs of a report
NAMES = (1, 2, 4, 6)
"""Family, style, full and PostScript name: what a font is known by."""


class Face(NamedTuple):
    file: str
    weight: int
    style: str


REGULAR = Face("SourceSansPro", 400, "normal")
SEMIBOLD = Face("SourceSansProSemibold", 600, "normal")
BOLD = Face("SourceSansProBold", 700, "normal")
ITALIC = Face("SourceSansProIt", 400, "italic")


def _path(face: Face) -> str:
    return str(font_source_sans_pro.font_files_ttf[face.file])


def _cut(source: str, characters: frozenset[int], features: tuple[str, ...], flavour: str) -> bytes:
    """A font with only these characters, the same bytes each time."""
    font = TTFont(source, recalcTimestamp=False, lazy=True)
    options = subset.Options(
        layout_features=list(features), hinting=False, glyph_names=False, notdef_outline=True
    )
    options.drop_tables += ["BASE", "GDEF", "gasp"] + ([] if features else ["GPOS", "GSUB"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    names = font["name"]
    del font[
        "name"
    ]  # beside it, the cutter would look through every table for names that are in use
    cutter.subset(font)
    names.names = [
        name
        for name in names.names
        if name.nameID in NAMES and name.langID in options.name_languages
    ]
    font["name"] = names
    font.flavor = flavour
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _rule(face: Face, data: bytes, kind: str) -> str:
    source = f"url(data:font/{kind};base64,{base64.b64encode(data).decode()})"
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{face.weight};font-style:{face.style};'
        f'src:{source} format("{kind}")}}'
    )


@cache
def css() -> str:
    """The ``@font-face`` rules of a page: four faces, about 70 KB in all."""
    faces = (REGULAR, SEMIBOLD, BOLD, ITALIC)
    return "\n".join(
        _rule(face, _cut(_path(face), LATIN, ("kern", "pnum", "liga"), "woff2"), "woff2")
        for face in faces
    )


@cache
def svg_css(regular: str, semibold: str) -> str:
    """The same for a drawing, which cannot use the page's fonts: only the characters it shows."""
    return "".join(
        _rule(face, _cut(_path(face), frozenset(map(ord, text)), (), "woff"), "woff")
        for face, text in ((REGULAR, regular), (SEMIBOLD, semibold))
        if text
    )


@cache
def _advances(face: Face) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    font = TTFont(_path(face))
    return font.getBestCmap(), dict(font["hmtx"].metrics), int(font["head"].unitsPerEm)


def width(text: str, size: float, face: Face = REGULAR) -> float:
    """How wide a line of text is, in the unit of ``size``."""
    characters, metrics, em = _advances(face)
    return sum(metrics[characters.get(ord(letter), ".notdef")][0] for letter in text) * size / em


@cache
def register() -> None:
    """Make the typeface known to matplotlib."""
    for face in (REGULAR, SEMIBOLD):
        font_manager.fontManager.addfont(_path(face))

"""The one typeface: Source Sans Pro from its package, cut down to what a report can print."""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import BinaryIO, NamedTuple

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
NEEDLESS_TABLES = ["BASE", "GDEF", "gasp"]
FEATURE_TABLES = ["GPOS", "GSUB"]
MISSING = -1
UNITS_PER_EM = 1000
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


def file_of(face: Face) -> str:
    """The file of a face in its package."""
    return str(font_source_sans_pro.font_files_ttf[face.file])


def _cut(
    source: str | BinaryIO,
    characters: frozenset[int],
    features: tuple[str, ...] = (),
    flavour: str | None = None,
) -> bytes:
    """A font with only these characters, the same bytes each time."""
    font = TTFont(source, recalcTimestamp=False, lazy=True)
    options = subset.Options(
        layout_features=list(features), hinting=False, glyph_names=False, notdef_outline=True
    )
    options.drop_tables += NEEDLESS_TABLES
    if not features:
        options.drop_tables += FEATURE_TABLES
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    # The cutter would look through every table for names in use: they are set aside meanwhile.
    names = font["name"]
    del font["name"]
    cutter.subset(font)
    languages = options.name_languages
    names.names = [
        name for name in names.names if name.nameID in NAMES and name.langID in languages
    ]
    font["name"] = names
    font.flavor = flavour
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _rule(face: Face, data: bytes, kind: str) -> str:
    encoded = base64.b64encode(data).decode()
    source = f"url(data:font/{kind};base64,{encoded})"
    return (
        f'@font-face{{font-family:"{FAMILY}";font-weight:{face.weight};font-style:{face.style};'
        f'src:{source} format("{kind}")}}'
    )


@cache
def css() -> str:
    """The ``@font-face`` rules of a page: four faces, about 70 KB in all."""
    rules = []
    for face in (REGULAR, SEMIBOLD, BOLD, ITALIC):
        data = _cut(file_of(face), LATIN, ("kern", "pnum", "liga"), "woff2")
        rules.append(_rule(face, data, "woff2"))
    return "\n".join(rules)


@cache
def _plain(face: Face) -> bytes:
    """A face with what reports usually print, and no features: a few are cut from it sooner."""
    return _cut(file_of(face), LATIN)


@cache
def svg_css(regular: str, semibold: str) -> str:
    """The rules of a drawing, which cannot use the page's fonts: only the characters it shows."""
    rules = []
    for face, text in ((REGULAR, regular), (SEMIBOLD, semibold)):
        if text:
            characters = frozenset(map(ord, text))
            source = io.BytesIO(_plain(face)) if characters <= LATIN else file_of(face)
            data = _cut(source, characters, flavour="woff")
            rules.append(_rule(face, data, "woff"))
    return "".join(rules)


@cache
def _advances(face: Face) -> dict[int, int]:
    """The width of each character in units of the font; MISSING is that of one it lacks."""
    font = TTFont(file_of(face))
    metrics = font["hmtx"].metrics
    widths = {code: metrics[name][0] for code, name in font.getBestCmap().items()}
    widths[MISSING] = metrics[".notdef"][0]
    return widths


def width(text: str, size: float, face: Face = REGULAR) -> float:
    """How wide a line of text is, in the unit of ``size``."""
    widths = _advances(face)
    units = sum(widths.get(ord(letter), widths[MISSING]) for letter in text)
    return units * size / UNITS_PER_EM


def wrapped(text: str, across: float, size: float) -> list[str]:
    """A text of a drawing in lines that are no wider than ``across``, broken between words."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width(longer, size, SEMIBOLD) > across:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


@cache
def register() -> None:
    """Make the typeface known to matplotlib."""
    for face in (REGULAR, SEMIBOLD):
        font_manager.fontManager.addfont(file_of(face))

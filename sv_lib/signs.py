"""The signs that paper can print: those of the house typeface, and of others where it has none.

All come as packages, so that a page is the same on every machine.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import font_source_sans_pro
import manimgx_fonts
import manimgx_fonts_cjk
from fontTools.ttLib import TTFont

HOUSE = Path(font_source_sans_pro.font_files_ttf["SourceSansPro"])
OTHERS = [Path(package.__file__).parent for package in (manimgx_fonts, manimgx_fonts_cjk)]
"""Folders of typefaces for other scripts and small pictures."""
SPACES = frozenset("\t\n\v\f\r")
NO_SIGNS = frozenset("\0\ufeff\ufffe")
"""What typefaces have and PDF/UA does not allow."""


@cache
def house_signs() -> frozenset[str]:
    """The signs of the house typeface."""
    return _signs_of(HOUSE) - NO_SIGNS | SPACES


@cache
def all_signs() -> frozenset[str]:
    """The signs of all typefaces: this takes half a second, and few pages ask for it."""
    files = sorted(file for folder in OTHERS for file in folder.glob("*.tt*"))
    return house_signs().union(*map(_signs_of, files)) - NO_SIGNS


def _signs_of(file: Path) -> frozenset[str]:
    # The faces of a collection have the same signs.
    with TTFont(file, fontNumber=0, lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap()))


def unprintable(text: str) -> set[str]:
    """The signs of a text that no typeface has."""
    beyond_house = set(text) - house_signs()
    return beyond_house - all_signs() if beyond_house else set()


def coded(text: str, signs: set[str]) -> str:
    """The text with the code of each of these signs in its place: ``[U+E000]``."""
    if not signs:
        return text
    any_of_them = "[" + re.escape("".join(sorted(signs))) + "]"
    return re.sub(any_of_them, lambda sign: f"[U+{ord(sign[0]):04X}]", text)

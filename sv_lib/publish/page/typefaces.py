"""The typefaces of paper, as Typst takes them: the house's own, then others for what it lacks."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from typing import NamedTuple

import typst

from sv_lib import signs
from sv_lib.present import fonts


class Typefaces(NamedTuple):
    """The typefaces, their names in the order in which a sign is looked for, their folder."""

    found: typst.Fonts
    names: list[str]
    folder: tempfile.TemporaryDirectory[str]


@cache
def typefaces() -> Typefaces:
    """The typefaces of the packages, and no other of this machine's."""
    # The package has each face in two formats, of which either might be met first: this folder
    # holds one. It goes when the process ends.
    folder = tempfile.TemporaryDirectory(prefix="sv-typeface-")
    for face in (fonts.REGULAR, fonts.SEMIBOLD, fonts.BOLD, fonts.ITALIC):
        shutil.copy(fonts.file_of(face), folder.name)
    found = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[folder.name, *map(str, signs.OTHERS)],
    )
    others = set(found.families()) - {fonts.FAMILY}
    return Typefaces(found, [fonts.FAMILY, *sorted(others)], folder)

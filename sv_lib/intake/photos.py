"""Photos of stories: only with consent and words for those who cannot see them; small, and without
a
camera's notes.
"""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.findings import Finding, nearest

PHOTOS = "story_photos"
COLUMNS = ("photo", "photo_alt", "photo_consent_on")
NEEDED = {
    "photo": (
        "nobody can tell which photo is meant",
        "name its file, or blank the two cells beside it",
    ),
    "photo_alt": (
        "who cannot see the photo would be told nothing of it",
        "say in a sentence what it shows, or blank the cells of the photo: the story "
        "may stand without it",
    ),
    "photo_consent_on": (
        "without consent a photo is refused",
        "fill in the day it was given, or blank the cells of the photo: the story may "
        "stand without it",
    ),
}
LARGEST, MOST_PIXELS = 20_000_000, 60_000_000
"""Bytes of a file and pixels of a photo: more than any telephone makes."""
FITS, QUALITY = (720, 540), 80
"""Pixels that a photo must fit into: sharp enough for a third of a printed page. JPEG quality."""


def read_photos(
    stories: pd.DataFrame, files: Mapping[str, Path]
) -> tuple[dict[str, str], list[Finding]]:
    """Of each story with a photo, the photo as a data URI by ``story_id``; and what is wrong with
    the
    others.

    ``files``: logical name -> path of the photos that the parameters name. No other file is opened.
    """
    photos, found = dict[str, str](), list[Finding]()
    for row in stories[stories[list(COLUMNS)].notna().any(axis=1)].to_dict("records"):
        if faults := list(_faults(row, files)):
            found += faults
            continue
        name = _named(row["photo"], files)[0]
        try:
            photos[row["story_id"]] = (
                "data:image/jpeg;base64," + base64.b64encode(as_jpeg(files[name], name)).decode()
            )
        except InputError as fault:
            found.append(
                _finding(row, "photo", f"{fault.found}, and {fault.matters}", fault.remedy)
            )
    used = {name for photo in stories["photo"].dropna() for name in _named(photo, files)}
    found += [
        Finding(
            "warn",
            name,
            None,
            "",
            "no story names this photo",
            "it is not shown, and may be here without consent",
            "name it in the photo column of a story, or remove the file",
        )
        for name in files
        if name not in used
    ]
    return photos, found


def as_jpeg(path: Path, name: str) -> bytes:
    """A photo, upright, on white, scaled down and written anew as JPEG: nothing but its pixels is
    kept.

    The same bytes each time. Raises InputError unless it is a whole PNG or JPEG of a size that a
    camera makes.
    """
    from PIL import Image, ImageOps  # only a council with photos waits for it

    if path.stat().st_size > LARGEST:
        raise _refused(
            name,
            f"it has more than {LARGEST // 1_000_000} million bytes",
            "save a smaller copy of it",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(path, formats=("PNG", "JPEG"))
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        most = f"it has more than {MOST_PIXELS // 1_000_000} million pixels"
        raise _refused(name, most, "save a smaller copy of it") from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        LookupError,
        ArithmeticError,
    ):  # what Pillow raises for damage
        raise _refused(
            name, "it is not a whole PNG or JPEG", "save it again as PNG or JPEG"
        ) from None
    shown = Image.new("RGB", upright.size, "white")
    shown.paste(upright, mask=upright)
    shown.thumbnail(FITS, Image.Resampling.LANCZOS)
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def _faults(row: Mapping[Any, Any], files: Mapping[str, Path]) -> Iterator[Finding]:
    """What a story with a photo lacks."""
    for column in [column for column in COLUMNS if pd.isna(row[column])]:
        yield _finding(row, column, *NEEDED[column])
    if pd.isna(row["photo"]) or len(_named(row["photo"], files)) == 1:
        return
    near = nearest(row["photo"], [Path(name).name for name in files])
    remedy = (
        f"did you mean '{near}'?"
        if near
        else f"put the file there, or name its folder under inputs.{PHOTOS}"
    )
    many = (
        "several photos have this name" if _named(row["photo"], files) else "there is no such photo"
    )
    yield _finding(row, "photo", f"{many} among the files under inputs.{PHOTOS}", remedy)


def _named(photo: str, files: Mapping[str, Path]) -> list[str]:
    """The files that a cell may mean: a name, with folders before it where several files have
    it.
    """
    return [name for name in files if f"/{name}".endswith(f"/{photo}")]


def _finding(row: Mapping[Any, Any], column: str, problem: str, remedy: str) -> Finding:
    found = "blank" if pd.isna(row[column]) else f"'{row[column]}'"
    said = f"{found}, for {row['story_id']}"
    return Finding(
        "stop", row["source_file"], int(row["source_row"]), column, said, problem, remedy
    )


def _refused(name: str, found: str, remedy: str) -> InputError:
    return InputError(name, found, "a page could not show it, or would be far too large", remedy)

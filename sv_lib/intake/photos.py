"""Reads photos of stories: only with consent, and with words for those who cannot see them.

A photo is made small, and nothing that the camera wrote beside it is kept.
"""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.findings import Finding, Record, file_error, finding, nearest
from sv_lib.strict_yaml import data_beside

COLUMNS = ["photo", "photo_alt", "photo_consent_on"]
LARGEST = 20_000_000
"""Bytes of a file: more than any telephone makes."""
MOST_PIXELS = 50_000_000
FITS = (720, 540)
"""Pixels that a photo must fit into: sharp enough for a third of a printed page."""
QUALITY = 80
IN_NAMES = data_beside(__file__, dict[str, frozenset[str]])
"""Kind of word -> those that make a photo's name look like a person's."""
USUAL = IN_NAMES["titles"] | IN_NAMES["forenames"]
WORD = re.compile(r"[A-Z][a-z']+|[a-z]+|[A-Z]+")
FULL_NAME = re.compile(r"(?:[A-Z][a-z']+[ _.-]*){2,3}[\W\d_]*")
"""Jane Roe, JaneRoe-2: two or three words in capitals and nothing else."""
Files = Mapping[str, Path]
"""Logical name -> path of the photos that the parameters name."""


def read_photos(stories: pd.DataFrame, files: Files) -> tuple[dict[str, str], list[Finding]]:
    """Return the photo of each story that has one, and what is wrong with the others.

    A photo is a data URI by ``story_id``. No file is opened that is not in ``files``.
    """
    photos: dict[str, str] = {}
    found: list[Finding] = []
    used: set[str] = set()
    has_photo = stories[COLUMNS].notna().any(axis=1)
    for row in stories[has_photo].to_dict("records"):
        names = _files_of(row, files)
        used.update(names)
        faults = list(_faults(row, names, files))
        if faults:
            found += faults
            continue
        name = names[0]
        try:
            jpeg = as_jpeg(files[name], name)
        except InputError as fault:
            found.append(_unreadable(row, fault))
            continue
        photos[row["story_id"]] = "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()
    found += [finding("photos.unused", name) for name in files if name not in used]
    found += [finding("photos.of_a_person", name) for name in files if is_a_persons(name)]
    return photos, found


def is_a_persons(name: str) -> bool:
    """Whether a photo's file name looks like a person's: jane-roe.jpg, Jane Roe.jpg, MrRoe.png."""
    stem = Path(name).stem
    words = {word.lower() for word in WORD.findall(stem)}
    return bool(FULL_NAME.fullmatch(stem)) or not words.isdisjoint(USUAL)


def as_jpeg(path: Path, name: str) -> bytes:
    """Return a photo upright, on white and scaled down, written anew as JPEG.

    Nothing but its pixels is kept, and the bytes are the same each time. Raises InputError unless
    it is a whole PNG or JPEG of a size that a camera makes.
    """
    from PIL import Image, ImageOps  # imported here: only a council with photos waits for it

    if path.stat().st_size > LARGEST:
        raise file_error("photos.too_many_bytes", name, millions=LARGEST // 1_000_000)
    try:
        with warnings.catch_warnings():
            # Pillow only warns of an image that unpacks to more memory than there is.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(path, formats=("PNG", "JPEG"))
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        millions = MOST_PIXELS // 1_000_000
        raise file_error("photos.too_many_pixels", name, millions=millions) from None
    # All of these are what Pillow raises for a damaged file.
    except (OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError):
        raise file_error("photos.not_whole", name) from None
    shown = Image.new("RGB", upright.size, "white")
    shown.paste(upright, mask=upright)
    shown.thumbnail(FITS, Image.Resampling.LANCZOS)
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def _faults(row: Record, names: list[str], files: Files) -> Iterator[Finding]:
    """Report what a story with a photo lacks. ``names``: the files that its photo may be."""
    for column in COLUMNS:
        if pd.isna(row[column]):
            yield _finding(f"photos.no_{column}", row, column)
    if len(names) != 1 and not pd.isna(row["photo"]):
        near = nearest(row["photo"], [Path(name).name for name in files])
        fault = "photos.several" if names else "photos.not_there"
        yield _finding(fault, row, "photo", near=near)


def _files_of(row: Record, files: Files) -> list[str]:
    """Return the files that a story's photo may be.

    A cell has a file's name, with folders before it where several files have the name.
    """
    photo = row["photo"]
    if pd.isna(photo):
        return []
    return [name for name in files if f"/{name}".endswith(f"/{photo}")]


def _finding(finding_id: str, row: Record, column: str, **slots: Any) -> Finding:
    """Return a finding about a cell of a story."""
    cell = row[column]
    said: str = "blank" if pd.isna(cell) else f"'{cell}'"
    file = row["source_file"]
    at = row["source_row"]
    return finding(finding_id, file, at, column, cell=said, story=row["story_id"], **slots)


def _unreadable(row: Record, fault: InputError) -> Finding:
    """Return a finding about a photo that ``as_jpeg`` refused."""
    return _finding(
        "photos.unreadable",
        row,
        "photo",
        fault=fault.found,
        matters=fault.matters,
        remedy=fault.remedy,
    )

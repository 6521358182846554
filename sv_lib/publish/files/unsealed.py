"""An archive of a run that somebody sent, unpacked where nobody else looks.

Names and sizes in it are believed no more than those of a run folder: each name is one that an
archive of ours may hold, and no more is written than was said, within bounds.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from sv_lib.errors import STEERING, ParameterError
from sv_lib.intake.files.archives import DAMAGED
from sv_lib.publish.files.received import (
    LARGEST,
    LARGEST_MANIFEST,
    MOST_FILES,
    Hash,
    Id,
    Words,
    refused,
    require_size,
)

LIST = "archive.json"
"""The list of what is in an archive, with a hash of each file."""
OUTPUTS, PARAMS, REAL_DATA, NOTEBOOKS = "outputs", "params", "real-data", "notebooks"
"""The folders of an archive."""
ALONE = ("READ-ME.txt", "requirements.lock")
SUFFIX = ".archive.zip"
LARGEST_ARCHIVE = 8 * 10**9
"""Bytes that all files of an archive unpack to."""
LARGEST_LISTING = 20 * 10**6
"""Bytes of a zip's own listing, which is read whole before anything can be counted."""
DEEPEST = 12
LONGEST_PART = 120
CHUNK = 1 << 20
ODD = re.compile(r'[\\:*?"<>|]|^[ .~]|[ .]$')
"""What no part of a name may hold, because some system reads it as more than a letter."""
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LOCKED = 0x1
"""The flag of a file under a password."""


class _File(BaseModel):
    path: Words
    sha256: Hash
    size: Annotated[int, Field(ge=0, le=LARGEST)]


class ArchiveList(BaseModel):
    """What the list in an archive says. ``params``: the parameter file in its folder."""

    schema_version: Literal[1]
    council: Id
    publication: Id
    params: Words
    code_sha256: Words
    lock_sha256: Words | None
    commit: Words | None
    versions: dict[str, str | None]
    files: Annotated[list[_File], Field(max_length=MOST_FILES)]


@dataclass(frozen=True)
class Unsealed:
    """An archive unpacked: its run folder, its parameter file and the folder of real data."""

    run: Path
    params: Path
    real_data: Path
    files: int


def fault_of_name(name: str) -> str:
    """What is wrong with the name of a file in an archive; blank where nothing is."""
    parts = name.split("/")
    top = (OUTPUTS, PARAMS, REAL_DATA, NOTEBOOKS)
    if name not in (LIST, *ALONE) and (parts[0] not in top or len(parts) == 1):
        return "it lies in no folder that an archive has"
    if len(parts) > DEEPEST:
        return "it lies too deep"
    for part in parts:
        is_odd = not part or ODD.search(part) or DEVICES.fullmatch(part) or STEERING.search(part)
        if is_odd or not part.isprintable() or len(part) > LONGEST_PART:
            return "that is no name of a file of an archive"
    return ""


@contextmanager
def unsealed(archive: Path) -> Iterator[Unsealed]:
    """Unpack an archive into a private temporary folder, for as long as it is looked at.

    Raises ParameterError, before anything is written, for names, links and sizes that no archive of
    ours has, and for a file that is not what its list says.
    """
    with tempfile.TemporaryDirectory(prefix="sv-archive-") as place:
        home = Path(place).resolve()
        try:
            _refuse_large_listing(archive)
            with zipfile.ZipFile(archive) as packed:
                entries = _entries(packed)
                listed = _list(packed, entries)
                for file in listed.files:
                    _unpack(packed, entries[file.path], file, home)
        except DAMAGED as fault:
            raise refused(archive.name, f"it cannot be read ({type(fault).__name__})") from None
        (home / REAL_DATA).mkdir(exist_ok=True)
        yield Unsealed(
            home / OUTPUTS / listed.council / listed.publication,
            home / PARAMS / listed.params,
            home / REAL_DATA,
            len(listed.files),
        )


def _refuse_large_listing(archive: Path) -> None:
    """Refuse a zip whose listing would fill the memory, by what its last bytes say of it."""
    reading: Any = zipfile  # what it reads of a zip's end has no public name
    with archive.open("rb") as file:
        end = reading._EndRecData(file)
    if end is None:
        raise refused(archive.name, "it is no archive that svreport wrote")
    if end[reading._ECD_SIZE] > LARGEST_LISTING:
        raise refused(archive.name, f"its listing has more than {LARGEST_LISTING:,} bytes")


def _entries(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of a zip by name. Raises ParameterError for any that is not as ours are."""
    entries = packed.infolist()
    if len(entries) > MOST_FILES:
        raise refused(LIST, f"it holds more than {MOST_FILES:,} files")
    if sum(entry.file_size for entry in entries) > LARGEST_ARCHIVE:
        raise refused(LIST, f"it unpacks to more than {LARGEST_ARCHIVE:,} bytes")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        # zipfile itself cuts a name at a nought and, on Windows, turns \ into /.
        name = entry.orig_filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if fault := fault_of_name(name):
            raise refused(name[:LONGEST_PART], fault)
        if kind not in (0, stat.S_IFREG):
            raise refused(name, "it is a link, or no file")
        if entry.flag_bits & LOCKED or entry.compress_type not in PACKED:
            raise refused(name, "it is locked, or packed in another way than ours")
        require_size(name, entry.file_size, LARGEST)
        if name.casefold() in found:
            raise refused(name, "it stands there twice")
        found[name.casefold()] = entry
    return {entry.orig_filename: entry for entry in found.values()}


def _list(packed: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> ArchiveList:
    """The list of an archive, which names each of its files once and nothing else."""
    entry = entries.pop(LIST, None)
    if entry is None or entry.file_size > LARGEST_MANIFEST:
        raise refused(LIST, "it is not there, or too large")
    try:
        listed = ArchiveList.model_validate_json(packed.read(entry), strict=True)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise refused(LIST, f"'{where}': {first['msg']}") from None
    if sorted(file.path for file in listed.files) != sorted(entries):
        raise refused(LIST, "it does not list the files that are there")
    if f"{PARAMS}/{listed.params}" not in entries:
        raise refused(LIST, "it names no parameter file that is there")
    size = sum(file.size for file in listed.files)
    if size > shutil.disk_usage(tempfile.gettempdir()).free:
        raise ParameterError(
            "this machine",
            f"there is no room for the {size:,} bytes that the archive unpacks to",
            "it is unpacked before it is looked at.",
            "free space where temporary files are kept, or name another place with TMPDIR.",
        )
    return listed


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, file: _File, home: Path) -> None:
    """Write one file. Raises ParameterError when it is not the one that the list tells of."""
    target = home / file.path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with packed.open(entry) as source, os.fdopen(made, "wb") as written:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > file.size:
                break
            digest.update(chunk)
            written.write(chunk)
    if (size, digest.hexdigest()) != (file.size, file.sha256):
        raise refused(file.path, f"it is not the file that {LIST} tells of")

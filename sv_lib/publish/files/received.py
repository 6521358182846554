"""A run folder that somebody sent: nothing in it is believed before it has been looked at.

Names and hashes are taken from it, never a path: what is opened is what a listing of the folder
itself shows. Whatever svreport would not have made ends a command with a ParameterError in words.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError

from sv_lib.errors import ParameterError
from sv_lib.params import SLUG
from sv_lib.publish.files.manifest import beside
from sv_lib.strict_yaml import data_beside

MOST_FILES = 20_000
MOST_FOLDERS = 4
"""How deep folders may nest."""
LARGEST = 2 * 10**9
LARGEST_TABLE = 500 * 10**6
LARGEST_MANIFEST = 50 * 10**6
"""Bytes of a file."""
LONGEST_CELL = 100_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
CELLS = {
    "text": re.compile(".*", re.DOTALL),
    "number": re.compile(r"(-?[0-9]{1,30}(\.[0-9]{1,30})?)?"),
    "whole": re.compile("[0-9]{1,18}"),
}
"""What a cell may be, as ``received.yaml`` calls it."""
FAULTS_NAMED = 3
INJECTED = "injected-parameters"
"""The tag of the cell that papermill adds."""

Shape = TypeVar("Shape", bound=BaseModel)
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Id = Annotated[str, Field(pattern=rf"^{SLUG}(\.exempt)?$", max_length=70)]
OutputPath = Annotated[
    str, Field(pattern=rf"^({NAME.pattern}/){{0,{MOST_FOLDERS}}}{NAME.pattern}$")
]
Words = Annotated[str, Field(max_length=1_000)]


class _Input(BaseModel):
    table: Words
    path: Words
    sha256: Hash | None
    rows: Annotated[int, Field(ge=0)]


class _Output(BaseModel):
    path: OutputPath
    sha256: Hash


class _Correction(BaseModel):
    file: Words
    row: Words


class _Compared(BaseModel):
    publication: Id
    manifest_sha256: Hash | None
    has_papers: bool


class _Told(BaseModel):
    publication: Id
    figures_sha256: Hash | None


class _Publication(BaseModel):
    publication: Id
    profile: Literal["public", "exempt"] = "public"


class _Parameters(BaseModel):
    council: dict[str, JsonValue]
    publication: _Publication


class _Code(BaseModel):
    commit: Words | None = None


class _Manifest(BaseModel):
    """What is read of a manifest; more may stand in it."""

    council: Id
    publication: Id
    parameters: _Parameters
    inputs: Annotated[list[_Input], Field(max_length=MOST_FILES)]
    outputs: Annotated[list[_Output], Field(max_length=MOST_FILES)]
    corrections: list[_Correction]
    reports: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9/-]{1,60}$")], dict[str, JsonValue]]
    compared_with: _Compared | None
    readers_have: Annotated[list[_Told], Field(max_length=MOST_FILES)]
    code: _Code = _Code()
    code_sha256: Words
    lock_sha256: Words | None
    versions: dict[str, str | None]
    published_sha256: Hash | None = None


class _Metadata(BaseModel):
    tags: list[str] = []


class _Shown(BaseModel):
    data: dict[str, JsonValue] = {}


class Cell(BaseModel):
    """A cell of an executed notebook: what was written in it, and what it shows."""

    cell_type: Words
    source: str | list[str]
    metadata: _Metadata = _Metadata()
    outputs: list[_Shown] = []

    @property
    def written(self) -> str:
        """Kind, tags and source of the cell, on which it depends what it shows."""
        source = "".join(self.source)
        return f"{self.cell_type} {' '.join(sorted(self.metadata.tags))}: {source}"


class _Notebook(BaseModel):
    """What is read of an executed notebook."""

    cells: list[Cell] = []


SHAPES = data_beside(__file__, dict[str, dict[str, str]])


def look_over(folder: Path) -> None:
    """Look at all that a run folder and its working papers hold, and what their manifests name."""
    for place in (folder, beside(folder)):
        if place.is_symlink() and place != folder:
            raise refused(place.name, "it is a link to another folder")
        if place.is_dir():
            _look_at_files(place)


def _look_at_files(folder: Path) -> None:
    for count, (entry, depth) in enumerate(_entries(folder.resolve(), 0), start=1):
        name = os.path.relpath(entry.path, folder.resolve())
        if count > MOST_FILES:
            raise refused(folder.name, f"it holds more than {MOST_FILES:,} files")
        if not NAME.fullmatch(entry.name) or depth > MOST_FOLDERS:
            raise refused(name, "that is no name of a file of a run")
        if entry.is_symlink():
            raise refused(name, "it is a link to another file")
        if entry.is_dir(follow_symlinks=False):
            continue
        if not entry.is_file(follow_symlinks=False):
            raise refused(name, "it is neither a file nor a folder")
        require_size(name, entry.stat(follow_symlinks=False).st_size, LARGEST)
    path = folder / "manifest.json"
    if path.is_file():
        _look_at_manifest(path)


def require_size(name: str, size: int, most: int) -> None:
    """Refuse a file with more bytes than it may have."""
    if size > most:
        raise refused(name, f"it has more than {most:,} bytes")


def _entries(folder: Path, depth: int) -> Iterator[tuple[os.DirEntry[str], int]]:
    """What a folder and those within it hold, as the folders themselves list it."""
    with os.scandir(folder) as listed:
        for entry in listed:
            yield entry, depth
            if entry.is_dir(follow_symlinks=False) and depth <= MOST_FOLDERS:
                yield from _entries(Path(entry.path), depth + 1)


def _look_at_manifest(path: Path) -> None:
    require_size(path.name, path.stat().st_size, LARGEST_MANIFEST)
    _read_as(_Manifest, path)


def cells(path: Path) -> list[Cell]:
    """The cells of a notebook, without the one that a run injects its parameters with."""
    require_size(path.name, path.stat().st_size, LARGEST_TABLE)
    notebook = _read_as(_Notebook, path)
    return [cell for cell in notebook.cells if INJECTED not in cell.metadata.tags]


def _read_as(kind: type[Shape], path: Path) -> Shape:
    """A JSON file that has a shape. What is wrong with another is said."""
    try:
        return kind.model_validate_json(path.read_bytes(), strict=True)
    except ValidationError as fault:
        faults = fault.errors(include_url=False, include_input=False)
        said = [f"'{'.'.join(map(str, one['loc']))}': {one['msg']}" for one in faults]
        more = f" and {len(said) - FAULTS_NAMED} more" if len(said) > FAULTS_NAMED else ""
        raise refused(path.name, "; ".join(said[:FAULTS_NAMED]) + more) from None


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, each as its cells by their heading."""
    if not path.is_file():
        raise refused(path.name, "it is not there, or is no file")
    require_size(path.name, path.stat().st_size, LARGEST_TABLE)
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            heading = list(reader.fieldnames or ())
            rows = list(reader)
    except (csv.Error, UnicodeDecodeError) as fault:
        raise refused(path.name, f"it cannot be read as a table ({fault})") from None
    shape = SHAPES.get(path.stem, {})
    missing = [column for column in shape if column not in heading]
    if missing:
        raise refused(path.name, f"it has no column {', '.join(missing)}")
    for number, row in enumerate(rows, start=2):
        _require_whole(row, shape, f"{path.name}, row {number}")
    return rows


def _require_whole(
    row: Mapping[str | None, str | None], shape: Mapping[str, str], where: str
) -> None:
    """Refuse a row with more or fewer cells than the heading, or a cell that is not as it says."""
    if None in row or None in row.values():
        raise refused(where, "it has more or fewer cells than the heading")
    for column, kind in shape.items():
        cell = row[column] or ""
        if not CELLS[kind].fullmatch(cell):
            raise refused(f"{where}, {column}", f"'{cell[:40]}' is not a number")


def refused(where: str, found: str) -> ParameterError:
    """The fault of a run folder that holds what svreport would not have written."""
    return ParameterError(
        where,
        found,
        "a folder that was changed or made by somebody else can say anything.",
        "ask whoever sent it for the folder as svreport made it.",
    )

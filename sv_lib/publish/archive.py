"""A run sealed into one file: all that an auditor needs to make it again, and nothing by link.

The file is closed like the working papers that are in it. Of the same run it is the same bytes,
wherever the same zlib packs it.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sv_lib import home as installed
from sv_lib.errors import DifferenceError, ParameterError, counted
from sv_lib.figures.calculation import gather
from sv_lib.intake import input_files
from sv_lib.intake.returns.person_keys import key_elsewhere, key_within
from sv_lib.params import Publication, load, name_of
from sv_lib.publish.audit.compare import opened
from sv_lib.publish.audit.input_differences import InputDifferences
from sv_lib.publish.files import manifest
from sv_lib.publish.files.finished_run import FinishedRun
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.files.unsealed import (
    ALONE,
    LIST,
    NOTEBOOKS,
    OUTPUTS,
    PARAMS,
    REAL_DATA,
    SUFFIX,
    fault_of_name,
)
from sv_lib.publish.verify import Verified, check_hashes, parameter_file

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time that every file of an archive has: the first that a zip can say."""
CLOSED = 0o100600 << 16
"""A plain file for its owner alone, as a zip says it."""
UNIX = 3
FEW = 5
"""How many differences are named."""
OF_EARLIER = (".csv", ".json", ".parquet")
"""Files of earlier runs that a run is held against; their pages are left out."""
READ_ME = """{title}

This archive holds a published run and everything that it was made from. It is CLOSED: the working
papers and inputs in it tell of people. Never publish it.

outputs/     the run folder and its working papers; of earlier runs, what readers have of them
params/      parameters and input files
real-data/   input files that SV_REAL_DATA led to
notebooks/   the notebooks, to be read: they are not run from here
archive.json a hash of every file, and the code that made the run

To make it again: svreport verify FILE
This shows that it repeats. That the inputs are the council's is for you to see: name the council's
own parameters with --params.
"""
KEY_STAYS = (
    "the key for persons' codes lies outside the parameters and is not in the archive: whoever "
    "makes the run again needs --params on a machine that has it"
)


@dataclass(frozen=True)
class Sealed:
    """An archive that was written. ``left_out``: what it does not hold, in words."""

    path: Path
    files: int
    sha256: str
    left_out: tuple[str, ...]

    def in_words(self) -> list[str]:
        """What was written, and what to do with it."""
        size = self.path.stat().st_size / 1e6
        return [
            f"Wrote {self.path}: {counted(self.files, 'file')}, {size:.1f} MB",
            f"SHA-256 {self.sha256}: note it where the archive does not lie",
            "It holds working papers and inputs: never publish it.",
            *(f"Left out: {what}" for what in self.left_out),
        ]


def archive(folder: Path, params: Path | None = None, output: Path | None = None) -> Sealed:
    """Seal a run, its papers and all that it was made from into one file.

    ``params``: its parameter file, by default the project's own of that name. ``output``: by
    default beside the run. Raises ParameterError where the run, its papers or the parameters are
    not there, and DifferenceError where they are not what the run was made from.
    """
    then = opened(folder)
    path = (params or parameter_file(then)).resolve()
    if then.papers is None or not path.is_file():
        missing = beside(folder).name if then.papers is None else name_of(path)
        raise ParameterError(
            str(folder),
            f"{missing} is not there",
            "an archive without it could not be made again.",
            "put the working papers beside the run; name its parameters with --params FILE.",
        )
    publication = load(path, then.manifest["parameters"]["publication"].get("profile", "public"))
    found = Verified(then.name)
    check_hashes(found, then)
    _check_inputs(found, then, publication)
    _require_same(found)
    files = _contents(then, publication)
    _require_names(files)
    target = output or then.folder.resolve().with_name(f"{then.folder.resolve().name}{SUFFIX}")
    _write(target, files, _said(then, publication))
    left_out = (KEY_STAYS,) if key_elsewhere(publication) else ()
    return Sealed(target, len(files) + 1, str(manifest.hash_of_file(target)), left_out)


def _check_inputs(found: Verified, then: FinishedRun, publication: Publication) -> None:
    """Note what the run was made from and is no longer so."""
    home = then.folder.resolve()
    earlier = manifest.readers_have(publication, home)
    compared = manifest.compared_with(publication, home)
    if compared != then.manifest["compared_with"]:
        found.differs(f"{publication.file.previous}: the earlier run is not as it was")
    if manifest.still_made_from(then.manifest, publication, earlier):
        return
    made = manifest.made_from(publication, gather(publication), earlier)
    moved = InputDifferences(then, FinishedRun(home, made))
    for line in (*moved.lines(), *moved.tools):
        found.differs(line)
    if earlier != then.manifest[manifest.READERS_HAVE]:
        found.differs("earlier runs, which readers have, are not as they were")
    if not found.differences:
        found.differs("these are not the parameters and inputs that the run was made from")


def _require_same(found: Verified) -> None:
    if found.differences:
        raise DifferenceError(
            found.name,
            "it is not what it was made from: " + "; ".join(found.differences[:FEW]),
            "an archive of it could not be made again from what is in it.",
            "run the publication again, and seal that run.",
        )


def _contents(then: FinishedRun, publication: Publication) -> dict[str, Path | bytes]:
    """What an archive holds, by its name there."""
    home = then.folder.resolve()
    council = f"{OUTPUTS}/{then.manifest['council']}"
    name = then.manifest["publication"]
    read_me = READ_ME.format(title=publication.file.title).encode()
    files: dict[str, Path | bytes] = {ALONE[0]: read_me}
    files |= _of_folder(home, f"{council}/{name}")
    files |= _of_folder(beside(home), f"{council}/{name}.papers")
    for earlier in sorted(_earlier(then)):
        for folder in (home.with_name(earlier), beside(home.with_name(earlier))):
            files |= _of_folder(folder, f"{council}/{folder.name}", OF_EARLIER)
    files |= _inputs(publication)
    for path in sorted(installed.NOTEBOOKS.glob("*.ipynb")):
        files[f"{NOTEBOOKS}/{path.name}"] = path
    lock = installed.HOME / ALONE[1]
    if lock.is_file():
        files[ALONE[1]] = lock
    return files


def _earlier(then: FinishedRun) -> set[str]:
    """The names of the earlier runs that this one was held against."""
    told = then.manifest[manifest.READERS_HAVE]
    names = {one["publication"] for one in told if one["figures_sha256"]}
    compared = then.manifest["compared_with"]
    if compared and compared["manifest_sha256"]:
        names.add(compared["publication"])
    return names


def _of_folder(
    folder: Path, name: str, suffixes: tuple[str, ...] | None = None
) -> dict[str, Path | bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    kept = [path for path in paths if suffixes is None or path.suffix in suffixes]
    return {f"{name}/{path.relative_to(folder).as_posix()}": path for path in kept}


def _inputs(publication: Publication) -> dict[str, Path | bytes]:
    """Parameters and input files, each where a run of the archive finds it."""
    folder = publication.path.parent
    names = {path.name: path for path in folder.glob("*.yaml")}
    names |= {path.relative_to(folder).as_posix(): path for path in folder.glob("measures/*.y*ml")}
    found, _ = input_files.find_files(publication)
    for paths in found.values():
        names |= paths
    outlines = publication.council.boundaries
    if outlines:
        names[outlines] = input_files.locate(publication, outlines)
    key = key_within(publication)
    if key:
        names[key.relative_to(folder.resolve()).as_posix()] = key
    return {_place(name, folder): path for name, path in names.items()}


def _place(name: str, folder: Path) -> str:
    if name.startswith(input_files.PREFIX):
        return f"{REAL_DATA}/{name.removeprefix(input_files.PREFIX)}"
    return f"{PARAMS}/{folder.name}/{name}"


def _require_names(files: Mapping[str, object]) -> None:
    """Raise ParameterError for a file whose name not every system takes."""
    for name in files:
        if fault := fault_of_name(name):
            raise ParameterError(
                name,
                fault,
                "whoever receives the archive could not unpack it.",
                "give the file another name, in the parameters too, and run again.",
            )


def _said(then: FinishedRun, publication: Publication) -> dict[str, Any]:
    """What the list of an archive says of the run."""
    return {
        "schema_version": 1,
        "council": then.manifest["council"],
        "publication": then.manifest["publication"],
        "params": name_of(publication.path),
        "code_sha256": then.manifest["code_sha256"],
        "lock_sha256": then.manifest["lock_sha256"],
        "commit": then.manifest.get("code", {}).get("commit"),
        "versions": then.manifest["versions"],
    }


def _write(target: Path, files: Mapping[str, Path | bytes], said: Mapping[str, Any]) -> None:
    """Write an archive, whole or not at all; its list first."""
    listed = [{"path": name, **_told(content)} for name, content in sorted(files.items())]
    text = json.dumps({**said, "files": listed}, indent=2, ensure_ascii=False, sort_keys=True)
    unfinished = target.with_name(f"{target.name}.part")
    try:
        unfinished.touch(mode=0o600)
        with zipfile.ZipFile(unfinished, "w") as packed:
            _add(packed, LIST, text.encode())
            for name, content in sorted(files.items()):
                _add(packed, name, content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _told(content: Path | bytes) -> dict[str, Any]:
    """The hash and the size of a file."""
    if isinstance(content, bytes):
        return {"sha256": manifest.sha256(content), "size": len(content)}
    return {"sha256": manifest.hash_of_file(content), "size": content.stat().st_size}


def _add(packed: zipfile.ZipFile, name: str, content: Path | bytes) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.external_attr = CLOSED
    entry.create_system = UNIX  # the same on Windows
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.file_size = len(content) if isinstance(content, bytes) else content.stat().st_size
    with packed.open(entry, "w") as written:
        if isinstance(content, bytes):
            written.write(content)
        else:
            with content.open("rb") as source:
                shutil.copyfileobj(source, written)

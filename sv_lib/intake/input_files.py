"""Where the input files of a publication are. A path may not leave the parameters' folder or the
real
data's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from sv_lib.errors import InputError, ParameterError
from sv_lib.intake.findings import Finding, counted, nearest, told
from sv_lib.intake.photos import PHOTOS
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Publication

VARIABLE = "SV_REAL_DATA"
LONGEST = 200
PREFIX = f"${{{VARIABLE}}}/"
LAYOUT, LSOA_WARDS, CORRECTIONS = "payments_layout", "lsoa_wards", "corrections"
NOTICES, REGISTER, DIRECTORIES = "contracts_notices", "contracts_register", "postcode_directory"
SUPPLIER_REGISTERS, DECISIONS, FORMS = "supplier_registers", "supplier_decisions", "return_forms"
PORTAL, PORTAL_LAYOUTS = "portal_exports", "portal_layouts"
ADDED = (
    NOTICES,
    REGISTER,
    DIRECTORIES,
    SUPPLIER_REGISTERS,
    DECISIONS,
    FORMS,
    PORTAL,
    PORTAL_LAYOUTS,
)
"""Inputs that add to tables of other names; ``merging`` says how."""
KEYS = (*TABLES, LAYOUT, LSOA_WARDS, PHOTOS, *ADDED)
"""What may stand under ``inputs`` in a parameter file."""


def locate(publication: Publication, name: str) -> Path:
    """The file of a logical name such as ``inputs/returns.csv`` or
    ``${SV_REAL_DATA}/spend/2024.csv``.

    Raises InputError when SV_REAL_DATA is needed and not set.
    """
    root, inside = _rooted(publication, name)
    return root / inside


def find_files(publication: Publication) -> tuple[dict[str, dict[str, Path]], list[Finding]]:
    """Of each input its files, logical name -> path, in order of name; and a finding for each that
    is
    not there.

    Raises ParameterError, with all of them in one message, for an unknown input and a path that
    leaves its folder.
    """
    declared = publication.file.corrections
    wanted = {**publication.inputs, **({CORRECTIONS: (declared,)} if declared else {})}
    _refuse(publication, wanted)
    files: dict[str, dict[str, Path]] = {key: {} for key in wanted}
    faults: list[Finding] = []
    for key, pattern in [
        (key, pattern) for key, patterns in wanted.items() for pattern in patterns
    ]:
        with told(pattern, faults):
            files[key].update(_matches(publication, key, pattern))
    return files, faults


def _matches(publication: Publication, key: str, pattern: str) -> dict[str, Path]:
    """The files of a path or pattern. Raises InputError when there is none, or one is a link that
    leads elsewhere.
    """
    root, inside = _rooted(publication, pattern)
    prefix = PREFIX if pattern.startswith(PREFIX) else ""
    named = root / inside
    paths = (
        [named]
        if named.is_file()
        else [path for path in sorted(root.glob(inside)) if path.is_file()]
    )
    if not paths:
        near = nearest(named.name, [path.name for path in named.parent.glob("*") if path.is_file()])
        remedy = f"did you mean '{near}'?" if near else "put it there, or correct the parameters"
        raise InputError(pattern, "there is no such file", f"'{key}' is read from it", remedy)
    if outside := [
        path.name for path in paths if not path.resolve().is_relative_to(root.resolve())
    ]:
        raise InputError(
            pattern,
            f"{', '.join(outside)} is a link to a file outside the folder",
            "a report is made only from files that are kept with its parameters",
            "put the file itself there",
        )
    return {prefix + path.relative_to(root).as_posix(): path for path in paths}


def _rooted(publication: Publication, pattern: str) -> tuple[Path, str]:
    if not pattern.startswith(PREFIX):
        return publication.path.parent, pattern
    folder = os.environ.get(VARIABLE, "")
    if not Path(folder).is_dir() or not folder:
        raise InputError(
            pattern,
            f"the environment variable {VARIABLE} "
            + ("names no folder" if folder else "is not set"),
            "it names the folder of real files that this input is read from",
            f"set {VARIABLE} to that folder",
        )
    return Path(folder), pattern.removeprefix(PREFIX)


def _refuse(publication: Publication, wanted: Mapping[str, tuple[str, ...]]) -> None:
    """Raises ParameterError for all that no file could put right."""
    named = [(key, path) for key, paths in wanted.items() for path in paths]
    faults = [f"{key}: '{path[:LONGEST]}' {why}" for key, path in named for why in _leaves(path)]
    for key in [key for key in publication.inputs if key not in KEYS]:
        near = nearest(key, KEYS)
        faults.append(
            f"inputs.{key}: there is no such input" + (f"; did you mean '{near}'?" if near else "")
        )
    if faults:
        raise ParameterError(
            f"{publication.path.parent.name}/{publication.path.name} and council.yaml",
            f"{counted(len(faults), 'fault')} in the inputs:\n"
            + "\n".join(f"  - {fault}" for fault in faults),
            "a report is made only from files that are kept with its parameters.",
            "correct the lines named above; docs/data-inputs.md lists the inputs.",
        )


def _leaves(pattern: str) -> Iterable[str]:
    """Why a path is refused, if it is."""
    inside = pattern.removeprefix(PREFIX)
    if not inside.strip("./ ") or inside.startswith(("/", "~")) or "\\" in inside or ":" in inside:
        yield "is not a path relative to the parameters' folder, written with /"
    if ".." in inside.split("/"):
        yield "leaves the parameters' folder"
    if len(inside) > LONGEST or not inside.isprintable():
        yield "is too long, or holds a character that cannot be seen"
    if "$" in inside:
        yield f"holds a variable; only {PREFIX} at the start is known"

"""Where the input files of a publication are.

A path may leave neither the folder of the parameters nor that of the real data. ``folder/*`` names
whatever lies in a folder: an empty one supplies nothing, where a file that is named and not there
is a fault.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.intake.findings import FileError, Finding, counted, file_error, nearest, told
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.params import Publication, name_of

VARIABLE = "SV_REAL_DATA"
PREFIX = f"${{{VARIABLE}}}/"
LOCKS = ("~$", ".~lock", "._")
"""How names of files begin that Excel, LibreOffice and a Mac lay beside an open one."""
LONGEST = 200
"""Characters of a path."""
WHOLE_FOLDER = "/*"
"""How a pattern ends that names whatever lies in a folder."""

BOUNDARIES = "boundaries"
LAYOUT = "payments_layout"
LSOA_WARDS = "lsoa_wards"
CORRECTIONS = "corrections"
NOTICES = "contracts_notices"
REGISTER = "contracts_register"
DIRECTORIES = "postcode_directory"
SUPPLIER_REGISTERS = "supplier_registers"
DECISIONS = "supplier_decisions"
FORMS = "return_forms"
PHOTOS = "story_photos"
PORTAL = "portal_exports"
PORTAL_LAYOUTS = "portal_layouts"
PAYMENT_CONTRACTS = "payment_contracts"
"""Worklists in which people decided which contract a supplier's payments are under."""
TABLES_WORKBOOK = "tables_workbook"
"""A workbook with a sheet for each table, such as that of the empty templates."""
ADDED = (
    NOTICES,
    REGISTER,
    DIRECTORIES,
    SUPPLIER_REGISTERS,
    DECISIONS,
    PAYMENT_CONTRACTS,
    FORMS,
    PORTAL,
    PORTAL_LAYOUTS,
)
"""Inputs that add to tables of other names; ``extra_sources`` says how."""
KEYS = (*TABLES, LAYOUT, LSOA_WARDS, PHOTOS, *ADDED, TABLES_WORKBOOK)
"""What may stand under ``inputs`` in a parameter file."""


def locate(publication: Publication, name: str) -> Path:
    """The file of a name such as ``inputs/returns.csv`` or ``${SV_REAL_DATA}/2024.csv``.

    Raises FileError when SV_REAL_DATA is needed and not set.
    """
    root, inside = _rooted(publication, name)
    return root / inside


def find_files(publication: Publication) -> tuple[dict[str, dict[str, Path]], list[Finding]]:
    """The files of each input, logical name -> path, and a finding for each that is not there.

    Raises ParameterError, with all of them in one message, for an unknown input and a path that
    leaves its folder.
    """
    wanted = dict(publication.inputs)
    if publication.file.corrections:
        wanted[CORRECTIONS] = (publication.file.corrections,)
    _refuse(publication, wanted)
    files: dict[str, dict[str, Path]] = {}
    faults: list[Finding] = []
    for key, patterns in wanted.items():
        files[key] = {}
        for pattern in patterns:
            with told(pattern, faults):
                files[key].update(_matches(publication, key, pattern))
        if not files[key] and all(pattern.endswith(WHOLE_FOLDER) for pattern in patterns):
            del files[key]
    for name, path in files.pop(TABLES_WORKBOOK, {}).items():
        with told(name, faults):
            for table in _filled_sheets(path, name):
                files.setdefault(table, {})[f"{name}, {table}"] = path
    return files, faults


def sheet_of(name: str, table: str) -> str:
    """The sheet to read of a file of a table; blank where it is not one of a tables' workbook."""
    return table if name.endswith(f", {table}") else ""


def _filled_sheets(path: Path, name: str) -> Iterable[str]:
    """The tables whose sheet has a row below the headings.

    Raises InputError when the file is no workbook.
    """
    from sv_lib.intake.files.readers import workbook_of  # few councils have one

    for sheet, records in workbook_of(path, name).items():
        filled = [row for row in records if "".join(row).strip()]
        if sheet in TABLES and len(filled) > 1:
            yield sheet


def _matches(publication: Publication, key: str, pattern: str) -> dict[str, Path]:
    """The files of a path or pattern, in order of name.

    Raises FileError when there is none, or one is a link that leads elsewhere.
    """
    root, inside = _rooted(publication, pattern)
    prefix = PREFIX if pattern.startswith(PREFIX) else ""
    named = root / inside
    # A file may have a name that would also be a pattern, such as spend[1].csv.
    candidates = [named] if named.is_file() else sorted(root.glob(inside))
    paths = [path for path in candidates if path.is_file() and not path.name.startswith(LOCKS)]
    if named.is_dir():
        raise file_error("files.is_folder", pattern, key=key)
    is_empty_folder = pattern.endswith(WHOLE_FOLDER) and named.parent.is_dir()
    if not paths and not is_empty_folder:
        raise not_there(named, pattern, key)
    home = root.resolve()
    outside = [path.name for path in paths if not path.resolve().is_relative_to(home)]
    if outside:
        raise file_error("files.link_outside", pattern, links=", ".join(outside))
    return {prefix + path.relative_to(root).as_posix(): path for path in paths}


def not_there(path: Path, name: str, key: str) -> FileError:
    """What is wrong with a file that is not there, and the one beside it that may be meant.

    ``key``: the input that is read from it.
    """
    beside = [found.name for found in path.parent.glob("*") if found.is_file()]
    return file_error("files.not_there", name, key=key, near=nearest(path.name, beside))


def _rooted(publication: Publication, pattern: str) -> tuple[Path, str]:
    """The folder that a path starts from, and the path inside it."""
    if not pattern.startswith(PREFIX):
        return publication.path.parent, pattern
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        raise file_error("files.variable_not_set", pattern, variable=VARIABLE)
    if not Path(folder).is_dir():
        raise file_error("files.variable_names_no_folder", pattern, variable=VARIABLE)
    return Path(folder), pattern.removeprefix(PREFIX)


def _refuse(publication: Publication, wanted: Mapping[str, tuple[str, ...]]) -> None:
    """Raises ParameterError for all that no file could put right."""
    faults = [
        f"{key}: '{path[:LONGEST]}' {why}"
        for key, paths in wanted.items()
        for path in paths
        for why in _leaves(path)
    ]
    for key in publication.inputs:
        if key not in KEYS:
            near = nearest(key, KEYS)
            hint = f"; did you mean '{near}'?" if near else ""
            faults.append(f"inputs.{key}: there is no such input{hint}")
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise ParameterError(
            f"{name_of(publication.path)} and council.yaml",
            f"{counted(len(faults), 'fault')} in the inputs:\n{lines}",
            "a report is made only from files that are kept with its parameters.",
            "correct the lines named above; docs/data-inputs.md lists the inputs.",
        )


def _leaves(pattern: str) -> Iterable[str]:
    """Why a path is refused, if it is."""
    inside = pattern.removeprefix(PREFIX)
    is_absolute = inside.startswith(("/", "~")) or ":" in inside
    if not inside.strip("./ ") or is_absolute or "\\" in inside:
        yield "is not a path relative to the parameters' folder, written with /"
    if ".." in inside.split("/"):
        yield "leaves the parameters' folder"
    if len(inside) > LONGEST or not inside.isprintable():
        yield "is too long, or holds a character that cannot be seen"
    if "$" in inside:
        yield f"holds a variable; only {PREFIX} at the start is known"

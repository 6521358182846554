"""The manifest: what went in, what it was made with, a hash of everything that came out. No clock,
no
machine path.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sv_lib.figures.protection.narrative import without_people
from sv_lib.intake.extra_sources import BOUNDARIES
from sv_lib.intake.input_files import find_files, locate
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication

SCHEMA_VERSION = 1
NAME = "manifest.json"
PACKAGE = Path(__file__).parents[2]
ROOT = PACKAGE.parent
CODE = (".py", ".yaml", ".j2", ".css", ".md")
LIBRARIES = (
    "font-source-sans-pro",
    "jinja2",
    "markdown-it-py",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pillow",
    "pyarrow",
    "pydantic",
    "pydyf",
    "rocrate",
    "weasyprint",
    "xlsxwriter",
)


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_of(value: object) -> str:
    """The hash of anything that JSON can say."""
    return sha256(json.dumps(value, sort_keys=True).encode())


FROM_INPUTS = ("inputs", "corrections", "editions")


def made_from(publication: Publication, inputs: Inputs) -> dict[str, Any]:
    """Everything that decides what a run comes to: parameters, inputs, method and tools."""
    proxies = inputs.frames["proxies"]
    corrections = (
        without_people(inputs.corrections)
        if publication.file.profile == "public"
        else inputs.corrections
    )
    return {
        **_settings(publication),
        "inputs": [
            {"table": file.table, "path": file.name, "sha256": file.sha256, "rows": file.rows}
            for file in sorted(inputs.files, key=lambda file: (file.table, file.name))
        ],
        "corrections": json.loads(corrections.astype(str).to_json(orient="records")),
        "editions": sorted(proxies["edition"].dropna().unique().tolist()),
    }


def still_made_from(last: Mapping[str, Any], publication: Publication) -> dict[str, Any]:
    """What ``made_from`` would say, read from the last run's manifest; empty unless that run began
    with all the same.

    The input files are hashed and not read: of the same bytes the same code finds the same.
    """
    files, missing = find_files(publication)
    now = {(name, hash_of_file(path)) for found in files.values() for name, path in found.items()}
    then = {
        (file["path"], file["sha256"])
        for file in last.get("inputs", ())
        if file["table"] != BOUNDARIES
    }
    if missing or now != then or not has_same_settings(last, publication):
        return {}
    return {key: last[key] for key in (*_settings(publication), *FROM_INPUTS)}


def has_same_settings(last: Mapping[str, Any], publication: Publication) -> bool:
    """Whether the last run had the same parameters, code, lock and libraries."""
    settings = _settings(publication)
    return all(last.get(key) == value for key, value in settings.items())


def _settings(publication: Publication) -> dict[str, Any]:
    """The outlines of wards are among them: pages draw them from their file."""
    declared = publication.council.boundaries
    return {
        "schema_version": SCHEMA_VERSION,
        "council": publication.council.id,
        "publication": publication.id,
        "data_as_at": publication.file.data_as_at.isoformat(),
        "parameters": {
            "council": publication.council.model_dump(mode="json"),
            "publication": publication.file.model_dump(mode="json"),
            "measures": {
                file.name: sha256(file.text.encode()) for file in publication.measure_files
            },
        },
        "measure_set": publication.council.measure_set.name,
        "boundaries_sha256": hash_of_file(locate(publication, declared)) if declared else None,
        **tools(),
    }


def tools() -> dict[str, Any]:
    """What a run is made with: our code, the lock, and the libraries that are really there."""
    return {
        "code_sha256": code_sha256(),
        "lock_sha256": hash_of_file(ROOT / "requirements.lock"),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in LIBRARIES},
        },
    }


def code_sha256() -> str:
    """One hash over every file of the package, by its name inside the package."""
    files = sorted(path for path in PACKAGE.rglob("*") if path.suffix in CODE)
    return hash_of(
        [[path.relative_to(PACKAGE).as_posix(), sha256(path.read_bytes())] for path in files]
    )


def commit() -> dict[str, Any]:
    """The commit that the package stands at and whether its files are as committed; None where
    there
    is no git.
    """
    try:
        if Path(_git("rev-parse", "--show-toplevel")) != ROOT.resolve():
            return {"commit": None, "is_clean": None}
        return {
            "commit": _git("rev-parse", "HEAD"),
            "is_clean": _git("status", "--porcelain") == "",
        }
    except (OSError, subprocess.CalledProcessError):
        return {"commit": None, "is_clean": None}


def write(
    folder: Path,
    basis: Mapping[str, Any],
    reports: Mapping[str, Any],
    compared: Mapping[str, Any] | None,
) -> None:
    """Write the manifest of a folder that is otherwise whole; its outputs are sorted by path."""
    content = {
        **basis,
        "compared_with": compared,
        "code": commit(),
        "reports": dict(sorted(reports.items())),
        "outputs": [{"path": path, "sha256": digest} for path, digest in outputs(folder)],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8", newline="\n")


def outputs(folder: Path) -> list[tuple[str, str]]:
    """Path and hash of every file of a run folder but the manifest itself."""
    found = []
    for path in sorted(folder.rglob("*")):
        digest = hash_of_file(path)
        name = path.relative_to(folder).as_posix()
        if digest and name != NAME:
            found.append((name, digest))
    return sorted(found)


def read(folder: Path) -> dict[str, Any]:
    """The manifest of the last run; empty when there is none that this version can use."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if content.get("schema_version") == SCHEMA_VERSION else {}


def compared_with(publication: Publication, home: Path) -> dict[str, Any] | None:
    """Which run beside ``home`` the index page compares with, by the hash of its manifest; None
    where
    none is named.
    """
    name = publication.file.previous
    return (
        {"publication": name, "manifest_sha256": hash_of_file(home.parent / name / NAME)}
        if name
        else None
    )


def is_intact(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether the files of a run are there and still what its manifest says."""
    files = manifest.get("outputs", ())
    return bool(files) and all(
        hash_of_file(folder / file["path"]) == file["sha256"] for file in files
    )


def hash_of_file(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, text=True)  # noqa: S603, S607 fixed words
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

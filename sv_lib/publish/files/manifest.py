"""The manifest: what went in, what it was made with, a hash of everything that came out.

It holds no time and no path of a machine. A run has two. That of the working papers says all. The
public one says nothing that could be tried out: whoever knows all of a small file but one cell
finds that cell by the hash of the file, or by any hash made from it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sv_lib.figures.figure import FIGURES
from sv_lib.home import HOME, INSTALLED, PACKAGE
from sv_lib.intake.input_files import BOUNDARIES, find_files, locate
from sv_lib.params import Publication
from sv_lib.strict_yaml import data_beside

if TYPE_CHECKING:
    import pandas as pd

    from sv_lib.intake.pipeline import Inputs

SCHEMA_VERSION = 1
NAME = "manifest.json"
CODE = (".py", ".yaml", ".j2", ".css", ".md")
LIBRARIES = data_beside(__file__, list[str], "libraries.yaml")
"""The libraries that can change what a run comes to."""
READERS_HAVE = "readers_have"
"""Names the runs of earlier publications: what they printed or hid stays so."""
FROM_INPUTS = ("inputs", "corrections", "editions", READERS_HAVE)
CLOSED = ("inputs", "corrections", "reports")
"""Parts of the manifest that stand whole in the working papers alone."""
ABOUT_NOBODY = {
    BOUNDARIES,
    "contract_places",
    "contracts",
    "deprivation",
    "parishes",
    "postcodes",
    "proxies",
    "published_history",
    "quantities",
    "ward_deprivation",
}
"""Tables of inputs whose files' hashes are public: no row of theirs is about a person."""
PUBLISHED = "published_sha256"
"""Names, in the manifest of the working papers, the hash of the public manifest they belong to."""


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def hash_of(value: object) -> str:
    """The hash of anything that JSON can say."""
    return sha256(json.dumps(value, sort_keys=True).encode())


def beside(folder: Path) -> Path:
    """Where the working papers of a run folder are."""
    return folder.with_name(f"{folder.name}.papers")


def made_from(
    publication: Publication, inputs: Inputs, earlier: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Everything that decides what a run comes to: parameters, inputs, method and tools.

    ``earlier``: the runs that readers have, as ``readers_have`` tells.
    """
    files = []
    for file in sorted(inputs.files, key=attrgetter("table", "name")):
        entry = {"table": file.table, "path": file.name, "sha256": file.sha256, "rows": file.rows}
        files.append(entry)
    editions = inputs.frames["proxies"]["edition"].dropna().unique()
    return _settings(publication) | {
        "inputs": files,
        "corrections": lines(inputs.corrections),
        "editions": sorted(editions),
        READERS_HAVE: list(earlier),
    }


def lines(corrections: pd.DataFrame) -> list[dict[str, str]]:
    """Corrections as a manifest lists them."""
    listed: list[dict[str, str]] = json.loads(corrections.astype(str).to_json(orient="records"))
    return listed


def public_inputs(about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The input files as the public manifest lists them: hashes of those about nobody alone."""
    return [
        file if file["table"] in ABOUT_NOBODY else {**file, "sha256": None}
        for file in about["inputs"]
    ]


def readers_have(publication: Publication, home: Path) -> list[dict[str, Any]]:
    """The runs of earlier publications beside ``home``, by the hash of what each told.

    None where there is no run, or none with its working papers: it is decided anew.
    """
    found = []
    for earlier in publication.earlier:
        run = home.parent / earlier.id
        digest = hash_of_file(run / FIGURES) if has_papers(run) else None
        found.append({"publication": earlier.id, "figures_sha256": digest})
    return found


def still_made_from(
    last: Mapping[str, Any], publication: Publication, earlier: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What ``made_from`` would say, read from the last run's manifest.

    Empty unless that run began with all the same. The input files are hashed and not read: of the
    same bytes the same code finds the same.
    """
    found, missing = find_files(publication)
    now: dict[str, str | None] = {}
    for paths in found.values():
        now |= {name: hash_of_file(path) for name, path in paths.items()}
    then = {}
    for file in last.get("inputs", ()):
        # The outlines of wards are no input; their hash is one of the settings.
        if file["table"] != BOUNDARIES:
            then[file["path"]] = file["sha256"]
    is_same = now == then and last.get(READERS_HAVE) == list(earlier)
    if missing or not is_same or not has_same_settings(last, publication):
        return {}
    return {key: last[key] for key in (*_settings(publication), *FROM_INPUTS)}


def has_same_settings(last: Mapping[str, Any], publication: Publication) -> bool:
    """Whether the last run had the same parameters, code, lock and libraries."""
    settings = _settings(publication)
    return settings == {key: last.get(key) for key in settings}


def _settings(publication: Publication) -> dict[str, Any]:
    """The outlines of wards are among them: pages draw them from their file."""
    council = publication.council
    outlines = None
    if council.boundaries:
        outlines = hash_of_file(locate(publication, council.boundaries))
    own = (*publication.measure_files, *publication.figure_files)
    measures = {file.name: sha256(file.text.encode()) for file in own}
    return tools() | {
        "schema_version": SCHEMA_VERSION,
        "council": council.id,
        "publication": publication.id,
        "data_as_at": publication.file.data_as_at.isoformat(),
        "parameters": {
            "council": council.model_dump(mode="json"),
            "publication": publication.file.model_dump(mode="json"),
            "first_published_on": str(publication.first_published_on),
            "measures": measures,
        },
        "measure_set": council.measure_set.name,
        "boundaries_sha256": outlines,
    }


def tools() -> dict[str, Any]:
    """What a run is made with: our code, the lock, and the libraries that are really there."""
    versions = {name: _version(name) for name in LIBRARIES}
    versions["python"] = platform.python_version()
    return {
        "code_sha256": code_sha256(),
        "lock_sha256": hash_of_file(HOME / "requirements.lock"),
        "versions": versions,
    }


def code_sha256() -> str:
    """One hash over every file of the package, by its name inside the package."""
    files = sorted(
        path for path in PACKAGE.rglob("*") if path.suffix in CODE and INSTALLED not in path.parents
    )
    names = [path.relative_to(PACKAGE).as_posix() for path in files]
    hashes = [hash_of_file(path) for path in files]
    return hash_of(list(zip(names, hashes, strict=True)))


def commit() -> dict[str, Any]:
    """The commit that the package stands at and whether its files are as committed.

    None where there is no git.
    """
    head = None
    is_clean = None
    top = _git("rev-parse", "--show-toplevel")
    # An installed package may lie in the repository of another project.
    if top and Path(top) == HOME.resolve():
        head = _git("rev-parse", "HEAD")
        is_clean = _git("status", "--porcelain") == ""
    return {"commit": head, "is_clean": is_clean}


def write(
    folder: Path,
    basis: Mapping[str, Any],
    reports: Mapping[str, Mapping[str, Any]],
    others: Mapping[str, Any],
    corrections: pd.DataFrame,
) -> None:
    """Write the manifests of a run folder and of its working papers, both otherwise whole.

    ``others``: which run the index compares with, and which kinds of report would tell nothing.
    ``corrections``: those that may be told. Outputs are sorted by path.
    """
    whole = {**basis, **others, "code": commit(), "reports": reports}
    told = {name: {**entry, "made_from": None} for name, entry in reports.items()}
    may_be_told = {
        "inputs": public_inputs(basis),
        "corrections": lines(corrections),
        "reports": told,
    }
    _write(folder, whole | may_be_told)
    _write(beside(folder), whole | {PUBLISHED: hash_of_file(folder / NAME)})


def _write(folder: Path, content: Mapping[str, Any]) -> None:
    listed = [{"path": path, "sha256": digest} for path, digest in outputs(folder)]
    # Sorted keys put the reports in order too.
    text = json.dumps({**content, "outputs": listed}, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


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
    """The manifest of a run, whole where its working papers lie beside it.

    Empty when there is none that this version can use.
    """
    content = read_alone(folder)
    if content and has_papers(folder):
        closed = read_alone(beside(folder))
        content |= {part: closed[part] for part in CLOSED}
    return content


def has_papers(folder: Path) -> bool:
    """Whether the working papers of a run lie beside it, and not those of another run."""
    belongs_to = read_alone(beside(folder)).get(PUBLISHED)
    return belongs_to is not None and belongs_to == hash_of_file(folder / NAME)


def read_alone(folder: Path) -> dict[str, Any]:
    """The manifest in a folder as it stands; empty when this version cannot use it."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if content.get("schema_version") == SCHEMA_VERSION else {}


def compared_with(publication: Publication, home: Path) -> dict[str, Any] | None:
    """Which run beside ``home`` the index page compares with, by the hash of its manifest.

    None where no earlier publication is named.
    """
    name = publication.file.previous
    if not name:
        return None
    run = home.parent / name
    return {
        "publication": name,
        "manifest_sha256": hash_of_file(run / NAME),
        "has_papers": has_papers(run),
    }


def is_intact(run: Path) -> bool:
    """Whether the files of a run and its papers are there and still what their manifests say."""
    for folder in (run, beside(run)):
        files = read_alone(folder).get("outputs", ())
        for file in files:
            if hash_of_file(folder / file["path"]) != file["sha256"]:
                return False
        if not files:
            return False
    return has_papers(run)


def hash_of_file(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _git(*arguments: str) -> str | None:
    """What git prints; None where there is no git or no repository."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 fixed words
            command, cwd=HOME, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None

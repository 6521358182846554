"""Perform a run again, offline, and hold it against what was published: inputs, figures, files,
byte
for byte.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sv_lib.errors import DifferenceError, InputError, ParameterError
from sv_lib.figures.calculation import gather
from sv_lib.params import load
from sv_lib.publish.audit.compare import Comparison, Run, files_moved
from sv_lib.publish.files import manifest
from sv_lib.publish.run.plan import NOTEBOOKS
from sv_lib.publish.run.runner import run


@dataclass
class Verified:
    """What was checked, a line each, and of that what differs."""

    name: str
    lines: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def differs(self, line: str) -> None:
        """Note a difference."""
        self.lines.append(f"DIFFERS  {line}")
        self.differences.append(line)

    def agrees(self, line: str) -> None:
        """Note what is the same."""
        self.lines.append(f"same     {line}")

    def require(self) -> None:
        """Raise DifferenceError when anything differs, with the first difference in its words."""
        if self.differences:
            raise DifferenceError(
                self.name,
                f"{len(self.differences)} difference(s), listed above; the first: "
                f"{self.differences[0]}",
                "what was published cannot be made from these inputs, or was altered afterwards.",
                "look at the inputs named above first: figures and files follow from them.",
            )


def verify(
    folder: Path,
    params: Path | None = None,
    *,
    jobs: int | None = None,
    notebooks: Path = NOTEBOOKS,
) -> Verified:
    """Check every hash of a run's manifest, then make the whole publication again from its inputs
    and
    compare.

    ``params``: where its parameter file is, when not in the project's own ``params``. Code and
    libraries other than those of the run are named; they are no difference while every figure and
    every byte is the same. Raises ParameterError when the run or its parameter file is not there,
    and what a run raises.
    """
    then = Run.open(folder)
    council, settings = then.manifest["council"], then.manifest["parameters"]["publication"]
    publication, profile = settings["publication"], settings.get("profile", "public")
    path = params or manifest.ROOT / "params" / council / f"{publication}.yaml"
    if not path.is_file():
        raise ParameterError(
            f"{council}/{publication}",
            "its parameter file is not in the project's params",
            "the run cannot be made again without it.",
            "name it: svreport verify RUN_DIR --params FILE.",
        )
    found = Verified(f"{council}/{publication}")
    _untouched(found, folder, then.manifest)
    with tempfile.TemporaryDirectory(prefix="sv-verify-") as place:
        _lay_beside(found, then, Path(place) / council)
        try:
            again = run(
                [path],
                **_asked(then),
                jobs=jobs,
                output_dir=Path(place),
                notebooks=notebooks,
                profile=profile,
            )[0]
        except InputError as fault:
            _cannot_be_made(found, path, then, fault)
            return found
        both = Comparison(then, Run.open(again.folder))
        _went_in(found, both)
        _figures(found, both)
        _files(found, folder, again.folder)
    return found


def _asked(run: Run) -> dict[str, Any]:
    """The reports that a run holds, as they are asked for."""
    names = list(run.manifest["reports"])
    wards = [name.removeprefix("wards/") for name in names if name.startswith("wards/")]
    kinds = [name for name in names if not name.startswith("wards/")]
    return {"reports": kinds + ["wards"] * bool(wards), "wards": wards}


def _lay_beside(found: Verified, then: Run, home: Path) -> None:
    """The run that the index page was compared with, where the run made again looks for it."""
    compared = then.manifest.get("compared_with") or {}
    if compared.get("manifest_sha256"):
        before = then.folder.resolve().with_name(compared["publication"])
        if manifest.hash_of_file(before / manifest.NAME) == compared["manifest_sha256"]:
            shutil.copytree(before, home / compared["publication"])
        else:
            found.differs(
                f"{compared['publication']}: the run that index.html compares with is not as it was"
            )


def _untouched(found: Verified, folder: Path, made: Mapping[str, Any]) -> None:
    """Every file of the run against the hash that the manifest keeps of it."""
    kept = {output["path"]: output["sha256"] for output in made["outputs"]}
    here = dict(manifest.outputs(folder))
    moved = [f"{name}: in the manifest and not in the run" for name in kept.keys() - here.keys()]
    moved += [f"{name}: in the run and not in the manifest" for name in here.keys() - kept.keys()]
    moved += [
        f"{name}: not as its hash in the manifest"
        for name in kept.keys() & here.keys()
        if kept[name] != here[name]
    ]
    for line in sorted(moved):
        found.differs(line)
    if not moved:
        found.agrees(f"{len(kept)} files have the hashes that manifest.json keeps of them")


def _went_in(found: Verified, both: Comparison) -> None:
    """Inputs and parameters first: all else follows from them."""
    for line in both.went_in():
        found.differs(line)
    if not both.went_in():
        found.agrees(f"{len(both.then.inputs)} input files and all parameters")
    found.lines += [f"note     {line}" for line in both.tools]


def _figures(found: Verified, both: Comparison) -> None:
    """Every figure as it was printed against the same figure computed again."""
    moves = both.moved()
    for move in moves:
        found.differs("\n           ".join(move.in_words()))
    then, now = both.then.figures, both.now.figures
    for name in sorted(then.keys() ^ now.keys()):
        found.differs(
            f"{name}: a figure of {'the run' if name in then else 'the recomputation'} only"
        )
    found.agrees(f"{len(then.keys() & now.keys()) - len(moves)} figures, computed again")


def _files(found: Verified, folder: Path, again: Path) -> None:
    """Every file but the manifest, byte for byte."""
    then, now = dict(manifest.outputs(folder)), dict(manifest.outputs(again))
    for name in sorted(then.keys() | now.keys()):
        if then.get(name) == now.get(name):
            found.agrees(name)
        else:
            what = "other bytes" if name in then and name in now else "made in one of the two only"
            found.differs(f"{name}: {what}")


def _cannot_be_made(found: Verified, path: Path, then: Run, fault: InputError) -> None:
    """The inputs as they now are stop a run: name those that moved, then why."""
    publication = load(path.resolve())
    made = manifest.made_from(publication, gather(publication))
    rows = {file["path"]: file["rows"] for file in made["inputs"]}
    for name, how in files_moved(then.manifest, made).items():
        found.differs(
            f"{name}: {how}, {then.inputs.get(name, {}).get('rows', 0):,} rows -> "
            f"{rows.get(name, 0):,} rows"
        )
    found.differs(f"it cannot be made again: {fault.found}")

"""Make a run again from its inputs, offline, and compare it with what was published.

Inputs, figures and files are compared, files byte for byte; of the working papers, too, where they
lie beside the run.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sv_lib.errors import DifferenceError, InputError, ParameterError, on_one_line
from sv_lib.figures.calculation import gather
from sv_lib.figures.figure import FIGURES
from sv_lib.home import HOME, NOTEBOOKS
from sv_lib.intake.input_files import VARIABLE
from sv_lib.intake.returns.person_keys import key_elsewhere
from sv_lib.params import load, name_of
from sv_lib.publish.audit.compare import Comparison, opened
from sv_lib.publish.audit.input_differences import differences, files_moved
from sv_lib.publish.files import manifest, received
from sv_lib.publish.files.finished_run import FinishedRun
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.files.unsealed import LIST, unsealed
from sv_lib.publish.page import own_cells
from sv_lib.publish.run.runner import run

AGAINST_MANIFEST = {
    "added": "in the run and not in the manifest",
    "removed": "in the manifest and not in the run",
    "changed": "not as its hash in the manifest",
}
"""What is said of a file that is not as the manifest lists it."""
HASHES_ALONE = (
    "HASHES ALONE WERE CHECKED: whoever writes a manifest can write the hashes of anything. "
    "Name the council's own parameters: svreport verify RUN_DIR --params FILE"
)
OTHER_NOTEBOOK = "{}: its cells are not those of the notebook installed here"
NAMED_BY_YOU = "compared with a run of {}, the parameters and inputs that you named"
WITH_ITS_OWN = (
    "COMPARED WITH THE INPUTS THAT CAME WITH IT: this shows that it repeats, not that the inputs "
    "are the council's. Name the council's own parameters: svreport verify ARCHIVE --params FILE"
)
KEY_IS_ELSEWHERE = (
    "its council hashes persons' codes under a key that no archive holds: it can be made again "
    "only with the council's own parameters, on a machine that has the key"
)
OF_THE_PROJECT = "compared with a run of {}, the parameters and inputs of this project"


@dataclass
class Verified:
    """What was checked, a line each, and of that what differs."""

    name: str
    lines: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        """Note what is neither the same nor a difference."""
        self.lines.append(f"note     {on_one_line(line)}")

    def differs(self, *words: str) -> None:
        """Note a difference; further words stand below the first."""
        line = "\n           ".join(map(on_one_line, words))
        self.lines.append(f"DIFFERS  {line}")
        self.differences.append(line)

    def agrees(self, line: str) -> None:
        """Note what is the same."""
        self.lines.append(f"same     {on_one_line(line)}")

    def require(self) -> None:
        """Raise DifferenceError when anything differs; it says the first difference."""
        if not self.differences:
            return
        count = len(self.differences)
        raise DifferenceError(
            self.name,
            f"{count} difference(s), listed above; the first: {self.differences[0]}",
            "what was published cannot be made from these inputs, or was altered afterwards.",
            "look at the inputs named above first: figures and files follow from them.",
        )


def verify(
    given: Path, params: Path | None = None, *, jobs: int | None = None, notebooks: Path = NOTEBOOKS
) -> Verified:
    """Check every hash of a run's manifest, then make the publication again and compare.

    ``given``: a run folder, or an archive of one. ``params``: its parameter file, from whoever
    verifies; by default the project's own of that name, of an archive the one in it. Where there is
    none, hashes alone are checked, and that is said. Code and notebooks are those of this
    installation. Other code or libraries than those of the run are named; they are no difference
    while every figure and every byte is the same. Raises ParameterError when the run or the file
    that was named is not there, or holds what it should not, and what a run raises.
    """
    if params and not params.is_file():
        raise ParameterError(
            str(params),
            "there is no such parameter file",
            "the run cannot be made again without it.",
            "name it: svreport verify RUN_DIR --params FILE.",
        )
    if given.is_file():
        return _verify_archive(given, params, jobs, notebooks)
    then = opened(given)
    found = Verified(then.name)
    check_hashes(found, then)
    path = params or parameter_file(then)
    if not path.is_file():
        found.note(HASHES_ALONE)
        return found
    found.note(NAMED_BY_YOU.format(path) if params else OF_THE_PROJECT.format(name_of(path)))
    _make_again(found, then, path, jobs, notebooks)
    return found


def _verify_archive(
    archive: Path, params: Path | None, jobs: int | None, notebooks: Path
) -> Verified:
    """Check an archive, with the inputs in it unless others are named."""
    with unsealed(archive) as sealed:
        then = opened(sealed.run)
        found = Verified(then.name)
        found.agrees(f"{sealed.files} files have the hashes that {LIST} keeps of them")
        check_hashes(found, then)
        if params:
            found.note(NAMED_BY_YOU.format(params))
            _make_again(found, then, params, jobs, notebooks)
        elif key_elsewhere(load(sealed.params)):
            found.note(KEY_IS_ELSEWHERE)
            found.note(HASHES_ALONE)
        else:
            found.note(WITH_ITS_OWN)
            with _real_data(sealed.real_data):
                _make_again(found, then, sealed.params, jobs, notebooks)
    return found


@contextmanager
def _real_data(folder: Path) -> Iterator[None]:
    """Have ``SV_REAL_DATA`` lead to a folder of an archive, and to nothing of this machine."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        if before is not None:
            os.environ[VARIABLE] = before


def _make_again(
    found: Verified, then: FinishedRun, path: Path, jobs: int | None, notebooks: Path
) -> None:
    """Make the publication of a parameter file in a private place, and compare it with a run."""
    with tempfile.TemporaryDirectory(prefix="sv-verify-") as place:
        _lay_beside(found, then, Path(place) / then.manifest["council"])
        try:
            again = run(
                [path],
                **_asked(then),
                jobs=jobs,
                output_dir=Path(place),
                notebooks=notebooks,
                profile=_settings(then).get("profile", "public"),
            )
        except InputError as fault:
            _cannot_be_made(found, path, then, fault)
            return
        now = opened(again[0].folder)
        comparison = Comparison(then, now)
        _compare_inputs(found, comparison)
        _compare_figures(found, comparison)
        _compare_files(found, then, now)


def _settings(then: FinishedRun) -> dict[str, Any]:
    """The publication's own parameters."""
    settings: dict[str, Any] = then.manifest["parameters"]["publication"]
    return settings


def parameter_file(then: FinishedRun) -> Path:
    """Where the project keeps the parameter file of a run."""
    council = str(then.manifest["council"])
    name = f"{_settings(then)['publication']}.yaml"
    return HOME / "params" / council / name


def _asked(then: FinishedRun) -> dict[str, Any]:
    """The options that ask for the reports that a run holds."""
    codes = [name.removeprefix("wards/") for name in then.reports if name.startswith("wards/")]
    kinds = [name for name in then.reports if not name.startswith("wards/")]
    if codes:
        kinds.append("wards")
    return {"reports": kinds, "wards": codes}


def _lay_beside(found: Verified, then: FinishedRun, home: Path) -> None:
    """Copy earlier runs to where the new run looks for them.

    It takes from them what readers have already, and compares its index page with one of them.
    """
    for earlier in then.manifest[manifest.READERS_HAVE]:
        if earlier["figures_sha256"]:
            before = then.folder.resolve().with_name(earlier["publication"])
            is_same = manifest.hash_of_file(before / FIGURES) == earlier["figures_sha256"]
            _copy(found, before, home, is_same and manifest.has_papers(before))
    compared = then.manifest.get("compared_with") or {}
    if compared.get("manifest_sha256"):
        before = then.folder.resolve().with_name(compared["publication"])
        now = manifest.hash_of_file(before / manifest.NAME), manifest.has_papers(before)
        is_same = now == (compared["manifest_sha256"], compared["has_papers"])
        _copy(found, before, home, is_same)


def _copy(found: Verified, before: Path, home: Path, is_same: bool) -> None:
    """Copy an earlier run with its papers, once, if it is still what the run was made beside."""
    received.look_over(before)
    if not is_same:
        found.differs(f"{before.name}: this earlier run, which readers have, is not as it was")
    elif not (home / before.name).exists():
        shutil.copytree(before, home / before.name)
        if manifest.has_papers(before):
            shutil.copytree(beside(before), beside(home / before.name))


def check_hashes(found: Verified, then: FinishedRun) -> None:
    """Check every file of the run and its papers against the hash that its manifest keeps."""
    papers = beside(then.folder)
    for folder in (then.folder, papers) if then.papers else (then.folder,):
        listed = {one["path"]: one["sha256"] for one in manifest.read_alone(folder)["outputs"]}
        moved = differences(listed, dict(manifest.outputs(folder)))
        for name, how in moved.items():
            found.differs(f"{_of(folder, then)}{name}: {AGAINST_MANIFEST[how]}")
        if not moved:
            words = f"{len(listed)} files have the hashes that {_of(folder, then)}{manifest.NAME}"
            found.agrees(f"{words} keeps of them")
    _name_edited_notebooks(found, then)
    if not then.papers and papers.exists():
        found.differs(f"{papers.name}: the working papers of another run")
    elif not then.papers:
        found.note(f"{papers.name} does not lie beside the run: no row is checked")


def _name_edited_notebooks(found: Verified, then: FinishedRun) -> None:
    """Name the notebooks of a run that are not the standard ones of this installation.

    They are looked at themselves: its manifest may say anything.
    """
    paths = {name: then.folder / f"{name}.ipynb" for name in then.reports}
    there = [name for name, path in paths.items() if path.is_file()]
    used = own_cells.used(then.folder, sorted(there))
    entries = {name: one.entry() for name, one in used.items()}
    for line in own_cells.in_words(entries):
        found.note(line)


def _of(folder: Path, then: FinishedRun) -> str:
    """What names a file's folder: the papers', or nothing."""
    return "" if folder == then.folder else f"{folder.name}/"


def _compare_inputs(found: Verified, comparison: Comparison) -> None:
    """Compare inputs and parameters, which all else follows from."""
    inputs = comparison.inputs
    lines = inputs.lines()
    for line in lines:
        found.differs(line)
    if not lines:
        files = len(comparison.then.inputs)
        words = "input files and all parameters"
        if inputs.closed:
            files = sum(file["sha256"] is not None for file in comparison.then.inputs.values())
            words = "input files, those about nobody, and all parameters"
        found.agrees(f"{files} {words}")
    for line in inputs.tools:
        found.note(line)


def _compare_figures(found: Verified, comparison: Comparison) -> None:
    """Compare every figure as it was printed with the same figure calculated again."""
    moves = comparison.moved()
    for move in moves:
        found.differs(*move.in_words())
    then = comparison.then.figures.keys()
    now = comparison.now.figures.keys()
    for figure_id in sorted(then ^ now):
        side = "the run" if figure_id in then else "the recomputation"
        found.differs(f"{figure_id}: a figure of {side} only")
    found.agrees(f"{len(then & now) - len(moves)} figures, computed again")


def _compare_files(found: Verified, before: FinishedRun, after: FinishedRun) -> None:
    """Compare every file but the manifests, byte for byte."""
    then = dict(manifest.outputs(before.folder))
    now = dict(manifest.outputs(after.folder))
    if before.papers:
        name = f"{before.papers.name}/"
        then |= {name + path: digest for path, digest in manifest.outputs(before.papers)}
        papers = beside(after.folder)
        now |= {name + path: digest for path, digest in manifest.outputs(papers)}
    moved = differences(then, now)
    for name in sorted(then | now):
        if name not in moved:
            found.agrees(name)
        elif moved[name] == "changed":
            found.differs(f"{name}: other bytes")
            if name.endswith(".ipynb") and _cells_differ(before.folder, after.folder, name):
                found.note(OTHER_NOTEBOOK.format(name))
        else:
            found.differs(f"{name}: made in one of the two only")


def _cells_differ(before: Path, after: Path, name: str) -> bool:
    """Whether a notebook of the run was written otherwise than the one installed here."""
    return own_cells.written(before / name) != own_cells.written(after / name)


def _cannot_be_made(found: Verified, path: Path, then: FinishedRun, fault: InputError) -> None:
    """Say why the inputs as they now are stop a run, after naming those that moved."""
    publication = load(path.resolve())
    made = manifest.made_from(publication, gather(publication))
    rows = {file["path"]: file["rows"] for file in made["inputs"]}
    for name, how in files_moved(then.manifest, made).items():
        before = then.inputs.get(name, {}).get("rows", 0)
        after = rows.get(name, 0)
        found.differs(f"{name}: {how}, {before:,} rows -> {after:,} rows")
    found.differs(f"it cannot be made again: {fault.found}")

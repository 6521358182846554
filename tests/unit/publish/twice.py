"""Runs of the tiny publication whose figures are computed for real and whose pages are
stand-ins.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from made_once import calculate
from small_notebook import PDF

from sv_lib.publish.files import manifest
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.run import assembly, runner
from sv_lib.publish.run.report_task import Failed, Made

RUN = Path("test/2022-mid-year.exempt")


class Twice:
    """A parameters folder that can be edited, and runs of it into folders of their own."""

    def __init__(self, params: Path, notebooks: Path, place: Path) -> None:
        self.params, self.notebooks, self.place = params, notebooks, place

    def outcome(self, name: str, profile: str = "exempt") -> runner.Outcome:
        """What a run of the parameters as they now are made and kept."""
        out = self.place / name
        return runner.run([self.params], output_dir=out, notebooks=self.notebooks, profile=profile)[
            0
        ]

    def run(self, name: str) -> Path:
        """The run folder of the parameters as they now are."""
        return self.outcome(name).folder

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands once in a file of the parameters folder."""
        path = self.params.parent / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def twice(
    made: dict[str, Made | Failed],
    monkeypatch: pytest.MonkeyPatch,
    params: Path,
    notebooks: Path,
    tmp_path: Path,
) -> Twice:
    monkeypatch.setattr(assembly, "calculate", calculate)
    for name in ("mid-year", "methods", "wards/E05990001", "wards/E05990002"):
        made[name] = Made(name, b"{}", b"<h1>x</h1>", PDF, 2, ())
    return Twice(params, notebooks, tmp_path)


def rewrite(run: Path, name: str, old: str, new: str) -> None:
    """Alter a file of a run, and its hash in the manifest with it, as someone with bad intent
    would.
    """
    path = run / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    content = json.loads((run / manifest.NAME).read_text(encoding="utf-8"))
    for output in content["outputs"]:
        if output["path"] == name:
            output["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (run / manifest.NAME).write_text(json.dumps(content), encoding="utf-8")
    attach(run)


def attach(run: Path) -> None:
    """Say in the working papers that they belong to the run as it now is."""
    path = beside(run) / manifest.NAME
    content = json.loads(path.read_text(encoding="utf-8"))
    content[manifest.PUBLISHED] = manifest.hash_of_file(run / manifest.NAME)
    path.write_text(json.dumps(content), encoding="utf-8")


def copy(run: Path, target: Path) -> None:
    """Copy a run with its working papers."""
    shutil.copytree(run, target)
    shutil.copytree(beside(run), beside(target))

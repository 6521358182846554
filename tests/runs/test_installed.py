"""The wheel in an environment of its own, with no clone near: the example, a run, and by hand.

The libraries are those of this environment, linked one by one; the package is the wheel's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
IN_THE_WHEEL = (
    "sv_lib",
    "notebooks",
    "params/rotherham-demo",
    "params/sample",
    "setup.py",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    "requirements.lock",
)
FIGURE = re.compile(r'data-figure="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Installed:
    """A folder with nothing of ours in it, and a Python that has the wheel."""

    python: Path
    folder: Path

    def run(self, *arguments: str, code: int = 0, at: str = ".") -> str:
        """What a module's command says, from the folder or from one in it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        done = subprocess.run(
            [self.python, "-P", "-m", *arguments],
            cwd=self.folder / at,
            env=clean,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    tree, made = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("made")
    for name in IN_THE_WHEEL:
        if (root / name).is_dir():
            shutil.copytree(root / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, tree / name)
    build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(made))
    subprocess.run([sys.executable, "-m", "pip", *build, str(tree)], check=True)
    venv.create(made / "venv", symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(made / "venv")}, scheme="venv"))
    for library in Path(sysconfig.get_path("purelib")).iterdir():
        is_ours = "sv_lib" in library.name or library.name.startswith("__editable__")
        if not is_ours and library.suffix != ".pth":
            (packages / library.name).symlink_to(library)
    # nbconvert's templates and the kernel's name lie there.
    (made / "venv/share").symlink_to(Path(sys.prefix) / "share")
    (wheel,) = made.glob("*.whl")
    shutil.unpack_archive(wheel, packages, format="zip")
    shutil.copytree(root / "tests/bad_inputs/base", made / "empty/council")
    return Installed(made / "venv/bin/python", made / "empty")


def test_it_says_its_version(installed: Installed) -> None:
    assert installed.run("sv_lib", "--version") == "svreport 0.1.0\n"


def test_the_example_is_put_in_an_empty_folder_and_checked(installed: Installed) -> None:
    said = installed.run("sv_lib", "example", "here")
    assert "svreport run here/params/rotherham-demo/2022-mid-year.yaml" in said
    assert "Open" in installed.run("sv_lib", "check", "here/params/rotherham-demo/2022-annual.yaml")
    assert "here/outputs/lab/start.md in" in installed.run("sv_lib", "lab", "here/params")
    again = installed.run("sv_lib", "example", "here", code=2)
    assert "it is there already" in again


def test_the_sample_is_put_in_a_folder_and_is_complete(installed: Installed) -> None:
    said = installed.run("sv_lib", "example", "tried", "--sample")
    params = "tried/params/sample/2024-25-annual.yaml"
    assert f"svreport check {params}" in said
    said = installed.run("sv_lib", "check", params)
    assert "Unlisted Plumbing" not in said  # a person may trade under a name
    assert "Next" not in said


def test_a_council_is_begun_in_an_empty_folder(installed: Installed) -> None:
    answers = ("--council", "E08990001", "--name", "Anytown", "--yes")
    payments = ("--payments", "council/inputs/payments.csv")
    said = installed.run("sv_lib", "init", "anytown", *answers, *payments)
    (params,) = (installed.folder / "anytown").glob("2*.yaml")
    assert f"svreport check anytown/{params.name}" in said
    assert "Open" in installed.run("sv_lib", "check", str(params))
    assert list((installed.folder / "outputs").rglob("*-check.html"))


def test_a_run_and_the_notebook_by_hand_give_the_same_page(installed: Installed) -> None:
    params = installed.folder / "council/publication.yaml"
    (installed.folder / "elsewhere").mkdir()
    made = ("../council/publication.yaml", "--reports", "mid-year", "--jobs", "1")
    installed.run("sv_lib", "run", *made, at="elsewhere")
    assert not list((installed.folder / "elsewhere").iterdir())
    (page,) = installed.folder.glob("outputs/*/mid-year/mid-year.html")
    if not (installed.folder / "here").exists():
        installed.run("sv_lib", "example", "here")
    given = ("-p", "params_file", str(params), "--no-progress-bar", "-k", "python3")
    notebook = "../here/notebooks/main.ipynb"
    installed.run("papermill", notebook, "by-hand.ipynb", *given, at="elsewhere")
    installed.run("nbconvert", "--to", "svreport", "elsewhere/by-hand.ipynb")
    by_hand = (installed.folder / "elsewhere/by-hand.html").read_text(encoding="utf-8")
    published = page.read_text(encoding="utf-8")
    assert FIGURE.findall(by_hand) == FIGURE.findall(published)
    start = by_hand.index("<h1")
    assert by_hand[start : start + 200] == published[published.index("<h1") :][:200]


def test_verify_makes_the_run_again(installed: Installed) -> None:
    (run,) = installed.folder.glob("outputs/*/mid-year/manifest.json")
    # A figure or a byte that differs ends it with another code.
    installed.run("sv_lib", "verify", str(run.parent), "--params", "council/publication.yaml")

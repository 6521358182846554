"""pyproject.toml, requirements.lock and environment.yml agree, and what is installed is what is
locked.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName, canonicalize_name

LINE = re.compile(r"^(?P<requirement>[A-Za-z0-9].*?)(?P<more> \\)?$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock_text(root: Path) -> str:
    return (root / "requirements.lock").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def locked(lock_text: str) -> dict[NormalizedName, Requirement]:
    lines = [match["requirement"] for match in map(LINE.match, lock_text.splitlines()) if match]
    requirements = [Requirement(line) for line in lines]
    names = [canonicalize_name(requirement.name) for requirement in requirements]
    assert len(names) == len(set(names)), "a package is locked at two versions"
    return dict(zip(names, requirements, strict=True))


@pytest.fixture(scope="module")
def conda(root: Path) -> dict[str, Any]:
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    assert isinstance(environment, dict)
    return environment


def version(requirement: Requirement) -> str:
    """The one version that a locked line allows."""
    (specifier,) = requirement.specifier
    assert specifier.operator == "==", f"{requirement} is not pinned"
    return specifier.version


def asked_for(project: dict[str, Any]) -> list[Requirement]:
    """All that pyproject.toml asks for: to run, with every extra, and to build."""
    extras = project["project"]["optional-dependencies"]
    asked = [
        *project["project"]["dependencies"],
        *(line for extra in extras.values() for line in extra),
    ]
    return [Requirement(line) for line in [*asked, *project["build-system"]["requires"]]]


def test_every_requirement_is_met_by_the_locked_version(
    project: dict[str, Any], locked: dict[NormalizedName, Requirement]
) -> None:
    for requirement in asked_for(project):
        assert canonicalize_name(requirement.name) in locked, (
            f"{requirement} is not locked: run make lock"
        )
        held = version(locked[canonicalize_name(requirement.name)])
        assert requirement.specifier.contains(held, prereleases=True), (
            f"{requirement}, but {held} is locked"
        )


def imported(folder: Path) -> set[str]:
    """Top-level names of everything a folder's modules import that is not Python's own or ours."""
    nodes = [
        node
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0
    }
    ours = {
        "sv_lib",
        "scripts",
        "benchmarks",
        "tests",
        *(path.stem for path in folder.rglob("*.py")),
    }
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - ours


@pytest.mark.parametrize(
    ("folder", "extras"), [("sv_lib", []), ("tests", ["test"]), ("benchmarks", ["test", "cluster"])]
)
def test_what_is_imported_is_asked_for(
    root: Path, project: dict[str, Any], folder: str, extras: list[str]
) -> None:
    optional = project["project"]["optional-dependencies"]
    lines = [
        *project["project"]["dependencies"],
        *(line for extra in extras for line in optional[extra]),
    ]
    asked = {canonicalize_name(Requirement(line).name) for line in lines}
    owners = importlib.metadata.packages_distributions()
    found = {
        name: {canonicalize_name(owner) for owner in owners.get(name, [name])}
        for name in imported(root / folder)
    }
    assert {name for name, packages in found.items() if not packages & asked} == set()


def test_nothing_is_locked_without_hashes(
    lock_text: str, locked: dict[NormalizedName, Requirement]
) -> None:
    lines = lock_text.splitlines()
    for number, line in enumerate(lines):
        if LINE.match(line):
            assert HASH.match(lines[number + 1]), f"{line} has no hash"
    assert all(version(requirement) for requirement in locked.values())


def test_nothing_is_locked_that_nobody_asked_for(lock_text: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock_text.split("\n", 2)[2])
    orphans = [entry.split("==")[0] for entry in entries if "# via" not in entry]
    assert orphans == []


def test_lock_names_no_registry_and_no_machine(lock_text: str) -> None:
    assert (
        re.findall(
            r"\w+://|--(?:extra-)?index|--find-links|file:|^\s*#.*/\w+/", lock_text, re.MULTILINE
        )
        == []
    )


def test_conda_takes_its_versions_from_the_lock_and_states_none(conda: dict[str, Any]) -> None:
    *from_conda, pip_part = conda["dependencies"]
    assert pip_part == {"pip": ["-r requirements.lock"]}
    assert [line.split()[0] for line in from_conda] == ["python", "pip"]
    assert [line for line in from_conda if len(line.split()) > 1] == [from_conda[0]], (
        "only Python has a range"
    )


def test_one_range_of_python_everywhere(
    project: dict[str, Any], conda: dict[str, Any], root: Path
) -> None:
    allowed = SpecifierSet(project["project"]["requires-python"])
    assert SpecifierSet(conda["dependencies"][0].split(maxsplit=1)[1]) == allowed
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    probe = re.search(r"\((\d+), (\d+)\) <= sys.version_info\[:2\] <= \((\d+), (\d+)\)", makefile)
    assert probe is not None
    major, oldest, _, newest = map(int, probe.groups())
    inside = [minor for minor in range(30) if f"{major}.{minor}" in allowed]
    assert inside == list(range(oldest, newest + 1))
    assert f"--python-version {major}.{oldest}" in makefile, (
        "the lock is resolved for the oldest Python"
    )


def test_what_runs_is_what_is_locked(locked: dict[NormalizedName, Requirement]) -> None:
    wanted = {
        name: version(requirement)
        for name, requirement in locked.items()
        if requirement.marker is None or requirement.marker.evaluate()
    }
    here = {
        canonicalize_name(found.name): found.version for found in importlib.metadata.distributions()
    }
    different = {name: held for name, held in wanted.items() if here.get(name) != held}
    assert different == {}, "installed and locked versions differ: remove .venv and run make again"


def test_installed_packages_fit_each_other() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout

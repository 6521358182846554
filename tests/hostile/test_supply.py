"""What we build on: licences listed, security rules without an exception that has no reason."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import licences

LINKED = ("RAP.md", "SECURITY.md")


def rows(text: str) -> dict[tuple[str, str], str]:
    return {
        (name, version): words
        for name, version, words in re.findall(r"^\| (\S+) \| (\S+) \| (.*) \|$", text, re.M)
    }


def test_the_licences_are_those_of_the_lock() -> None:
    kept, now = rows(licences.PAGE.read_text(encoding="utf-8")), rows(licences.page())
    assert kept.keys() == now.keys(), "run python -m scripts.licences"
    absent = "not installed on this system"
    assert {
        name: kept[name]
        for name in now
        if absent not in (now[name], kept[name]) and kept[name] != now[name]
    } == {}


@pytest.mark.parametrize("page", LINKED)
def test_every_file_that_a_page_names_is_there(root: Path, page: str) -> None:
    text = (root / page).read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([^)#:]+)\)", text)) | set(
        re.findall(r"`((?:sv_lib|tests|docs|scripts)/[\w./]+)`", text)
    )
    assert named
    assert [name for name in sorted(named) if not (root / name).exists()] == []


def test_the_security_rules_of_ruff_are_on(root: Path) -> None:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert '"S"' in text
    assert not re.search(r"^ignore = .*\bS\d", text, re.MULTILINE)


LIVE = {
    "__import__",
    "ctypes.CDLL",
    "eval",
    "exec",
    "compile",
    "import_module",
    "marshal.load",
    "marshal.loads",
    "np.load",
    "os.execv",
    "os.execvp",
    "os.fork",
    "os.popen",
    "os.spawnv",
    "os.startfile",
    "os.system",
    "pd.eval",
    "pd.read_html",
    "pd.read_pickle",
    "pd.read_xml",
    "pickle.load",
    "pickle.loads",
    "runpy.run_path",
    "shelve.open",
    "subprocess.call",
    "subprocess.check_output",
    "subprocess.Popen",
    "subprocess.run",
    "tempfile.mktemp",
    "yaml.full_load",
    "yaml.load",
    "yaml.load_all",
    "yaml.unsafe_load",
}
"""Calls that run something, or make more of data than data."""
FAR = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "telnetlib",
    "urllib.request",
    "webbrowser",
    "xmlrpc",
}
"""Modules that reach other machines."""
GIT = "subprocess.run(command, cwd=HOME, capture_output=True, check=True, text=True)"
ALLOWED = {
    ("__init__.py", "import_module(module_name)"): "names of a fixed list, of our own modules",
    ("strict_yaml.py", "yaml.load(text, Loader=StrictLoader)"): "a SafeLoader made stricter",
    (
        "publish/run/cluster.py",
        "import_module('distributed')",
    ): "a fixed name, only with --scheduler",
    (
        "publish/run/cluster.py",
        "pickle.loads(answer)",
    ): "from our own workers through dask, which pickles anyway",
    ("publish/run/cluster.py", "pickle.loads(task)"): "from the worker that started the process",
    (
        "publish/run/cluster.py",
        "subprocess.Popen(HELPER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)",
    ): "fixed words",
    (
        "publish/run/preload.py",
        "import_module(name)",
    ): "names of a fixed list, of our own and our libraries'",
    ("publish/files/manifest.py", GIT): "fixed words, without a shell",
}
"""The only places where the package does any of it, line by line, and why each is safe."""


def lively(path: Path) -> Iterator[str]:
    """The calls of a module that run something or make more of data than data, and its ways to
    other machines.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("importlib.").removeprefix("builtins.")
            unsafe = any(
                word.arg in ("shell", "allow_pickle") and ast.unparse(word.value) != "False"
                for word in node.keywords
            )
            if name in LIVE or unsafe:
                yield ast.unparse(node)
        named = [node.module] if isinstance(node, ast.ImportFrom) else []
        named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (f"import {name}" for name in named if name and {name, name.split(".")[0]} & FAR)


def test_the_package_runs_no_shell_and_no_text(root: Path) -> None:
    package = root / "sv_lib"
    found = {
        (path.relative_to(package).as_posix(), call)
        for path in package.rglob("*.py")
        for call in lively(path)
    }
    assert found == ALLOWED.keys()


@pytest.mark.parametrize(
    "line",
    [
        "eval(x)",
        "importlib.import_module(x)",
        "subprocess.run(x, shell=True)",
        "np.asarray(x, allow_pickle=True)",
        "import socket",
        "from urllib.request import urlopen",
        "import http.client",
        "pickle.load(x)",
        "os.system(x)",
    ],
)
def test_the_search_for_such_calls_finds(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.py").write_text(f"def f(x):\n    {line}\n", encoding="utf-8")
    assert len(list(lively(tmp_path / "x.py"))) == 1


IMPORTED = {"B403": "pickle", "B404": "subprocess", "B405": "ElementTree"}
"""Imports that bandit tells of; each call of them is looked at by itself."""
SCRIPTS = {"B603", "B606", "B607"}
"""What scripts do by their nature: they start pip, pytest and the package manager, by name and
without
a shell.
"""
REASONED = re.compile("# " + r"noqa: [A-Z0-9, ]*\bS(\d{3})\b[A-Z0-9, ]* \w")


def test_bandit_finds_nothing_that_has_no_reason(root: Path) -> None:
    """bandit's numbers are those of ruff's security rules, so that one reason in the line serves
    both.
    """
    command = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", "sv_lib", "scripts"]
    said = json.loads(
        subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout
    )
    assert said["errors"] == []
    assert len(said["metrics"]) > 100
    unreasoned = []
    for issue in said["results"]:
        test, path = issue["test_id"], issue["filename"]
        line = (root / path).read_text(encoding="utf-8").splitlines()[issue["line_number"] - 1]
        has_reason = REASONED.search(line) and f"S{test[1:]}" in line
        if not (has_reason or test in IMPORTED or (test in SCRIPTS and path.startswith("scripts"))):
            unreasoned.append(f"{path}:{issue['line_number']}: {issue['issue_text']}")
    assert unreasoned == []

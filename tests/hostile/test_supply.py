"""What we build on: licences listed, security rules without an exception that has no reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from scripts import licences

LINKED = ("RAP.md", "SECURITY.md")


def rows(text: str) -> dict[tuple[str, str], str]:
    return {
        (name, version): words for name, version, words in re.findall(r"^\| (\S+) \| (\S+) \| (.*) \|$", text, re.M)
    }


def test_the_licences_are_those_of_the_lock() -> None:
    kept, now = rows(licences.PAGE.read_text(encoding="utf-8")), rows(licences.page())
    assert kept.keys() == now.keys(), "run python -m scripts.licences"
    absent = "not installed on this system"
    assert {name: kept[name] for name in now if absent not in (now[name], kept[name]) and kept[name] != now[name]} == {}


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


def test_the_package_runs_no_shell_and_no_text(root: Path) -> None:
    live = re.compile(r"\b(?:eval|exec)\(|shell=True|os\.system|yaml\.(?:unsafe|full)_load")
    found = [path.name for path in (root / "sv_lib").rglob("*.py") if live.search(path.read_text(encoding="utf-8"))]
    assert found == []
    assert yaml.safe_load("a: 1") == {"a": 1}

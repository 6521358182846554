"""Make docs/licences.md: every locked package that runs the reports, with its licence."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of the packages we build on

Made by `python -m scripts.licences` from `requirements.lock` and what each package says of itself;
a test compares.

| package | version | licence |
| --- | --- | --- |
"""


def page() -> str:
    """Return the page as it should be."""
    locked = re.findall(
        r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    return HEAD + "".join(
        f"| {name} | {version} | {licence(name, version)} |\n" for name, version in sorted(locked)
    )


def licence(name: str, version: str) -> str:
    """Return what a package declares as its licence.

    That is its licence expression, else its classifiers, else the first line of its licence field.
    """
    try:
        found = metadata(name)
        if found["Version"] != version:
            raise PackageNotFoundError(name)
    except PackageNotFoundError:
        return "not installed on this system"
    classes = [
        c.rsplit(" :: ", 1)[-1]
        for c in found.get_all("Classifier", [])
        if c.startswith("License ::")
    ]
    words = (
        found["License-Expression"] or "; ".join(classes) or (found["License"] or "").split("\n")[0]
    )
    return words.replace("|", "/")[:80] or "not declared"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)

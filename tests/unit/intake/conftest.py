"""A publication in a folder of its own, made from the faultless files of
``tests/bad_inputs/base``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sv_lib.params import Publication, load

Publish = Callable[..., Publication]


@pytest.fixture
def publish(tmp_path: Path, root: Path) -> Publish:
    """``publish(inputs="...", **files)``: the base with other lines under ``inputs:`` and other
    files, by path.
    """
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")

    def made(inputs: str | None = None, above: str = "", **files: str) -> Publication:
        path = tmp_path / "params" / "publication.yaml"
        top, lines = path.read_text(encoding="utf-8").split("inputs:\n")
        path.write_text(
            f"{top}{above}inputs:\n{lines if inputs is None else inputs}", encoding="utf-8"
        )
        for name, text in files.items():
            (path.parent / name.replace("__", "/").replace("_dot_", ".")).write_text(
                text, encoding="utf-8"
            )
        return load(path)

    return made

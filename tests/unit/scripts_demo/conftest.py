"""The demonstration, made once for all of its tests, and the committed files beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.demo.__main__ import make_tables
from scripts.demo.files import Row

Tables = dict[str, tuple[str, list[Row]]]


@pytest.fixture(scope="session")
def params(root: Path) -> Path:
    return root / "params" / "rotherham-demo"


@pytest.fixture(scope="session")
def tables(params: Path) -> Tables:
    """File name -> table and rows, straight from the generator."""
    return make_tables(params)


@pytest.fixture(scope="session")
def rows(tables: Tables) -> dict[str, list[Row]]:
    """Table -> rows of all its files."""
    found: dict[str, list[Row]] = {}
    for table, lines in tables.values():
        found.setdefault(table, []).extend(lines)
    return found

"""``docs/data-inputs.md`` is what the tables say today."""

from __future__ import annotations

from pathlib import Path

from scripts.data_inputs import data_inputs_page
from sv_lib.intake.tables.dictionary import TABLES


def test_the_page_is_not_stale(root: Path) -> None:
    page = (root / "docs" / "data-inputs.md").read_text(encoding="utf-8")
    assert page == data_inputs_page(), "run: python -m scripts.data_inputs > docs/data-inputs.md"


def test_the_page_names_every_column() -> None:
    page = data_inputs_page()
    assert [
        f"{t.name}.{c.name}"
        for t in TABLES.values()
        for c in t.columns
        if f"| `{c.name}` |" not in page
    ] == []

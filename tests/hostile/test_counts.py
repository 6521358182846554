"""docs/trust.md counts the cases of what comes from outside as the tests hold them."""

from __future__ import annotations

import re
from pathlib import Path

from test_archives import LISTS, NAMES
from test_isolation import LIBRARIES, OF_PYTHON
from test_notebooks import CELLS
from test_run_folders import FOLDERS, LABELS, MANIFESTS, TABLES, TRAILS

COUNTED = {
    "run folders and working papers": 2 * len(MANIFESTS | FOLDERS) + len(TABLES | TRAILS),
    "archives that": len(NAMES) + len(LISTS),
    "texts of a run folder": len(LABELS),
    "modules named like libraries": len(OF_PYTHON + LIBRARIES),
    "edited notebooks": len(CELLS),
}


def test_the_page_counts_what_is_tried(root: Path) -> None:
    page = (root / "docs/trust.md").read_text(encoding="utf-8")
    said = {
        begins: int(count)
        for begins in COUNTED
        for count in re.findall(rf"^\| {begins}[^|]*\| (\d+) \|$", page, re.MULTILINE)
    }
    assert said == COUNTED

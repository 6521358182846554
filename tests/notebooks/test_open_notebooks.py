"""The notebook that shows the method, on councils of which the figures are known."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import sv_lib as sv
from sv_lib.present.markup import Html, text_of

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests/bad_inputs/base/publication.yaml"


def run(elsewhere: Path, given: str) -> list[str]:
    """What the code cells show, in words, run in a folder not theirs with parameters ``given``."""
    notebook = nbformat.read(ROOT / "notebooks/methods.ipynb", as_version=4)
    notebook.cells[0].source = given
    where = {"metadata": {"path": str(elsewhere)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
    return [words_of(output) for cell in notebook.cells for output in cell.get("outputs", ())]


def words_of(output: Any) -> str:
    markup = output.get("data", {}).get("text/html", "")
    return text_of(Html(markup.replace("<", " <"))) or str(output)


def test_the_method_comes_to_the_figures_of_a_small_council(tmp_path: Path) -> None:
    report = sv.open_report(str(BASE))
    report.calculation.save(tmp_path / "calculation")
    given = f"params_file = {str(BASE)!r}\ncalculation = {str(tmp_path / 'calculation')!r}"
    text = "\n".join(run(tmp_path, given))
    for worked in (
        "Due after four of ten days promise due £ made up £400.00",
        "What was due, added up: £2,397.81. The figure delivery.due.this: £2,397.81 . The two",
        "The causes added up: £880.50. The figure bridge.spend.borough.change: £880.50 . The two",
        "North hidden South hidden West 40 All 55",
        # Its claims are all about people, so that none may be listed.
        "Claims of none, valued: nothing was supplied to show it on.",
    ):
        assert worked in text
    assert not re.search(r"\b(R1|R2)\b", text)


def test_the_method_comes_to_the_figures_where_nothing_is_hidden(tmp_path: Path) -> None:
    folder = tmp_path / "council"
    shutil.copytree(BASE.parent, folder)
    with (folder / "publication.yaml").open("a", encoding="utf-8") as file:
        file.write("profile: exempt\n")
    given = f"params_file = {str(folder / 'publication.yaml')!r}\ncalculation = ''"
    text = "\n".join(run(tmp_path, given))
    assert "The two are equal." in text
    assert "They differ" not in text

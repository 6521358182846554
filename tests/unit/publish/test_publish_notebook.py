"""An executed notebook is the same bytes wherever and whenever it ran."""

from __future__ import annotations

import nbformat
from small_notebook import notebook

from sv_lib.publish.page.notebook import normalise

PUBLISHED = {"params_file": "../params/test/x.yaml", "calculation": ""}


def executed(when: str, folder: str) -> nbformat.NotebookNode:
    """What papermill leaves behind, at a time and in a folder."""
    node = nbformat.from_dict(notebook("show()"))
    node.metadata["papermill"] = {"start_time": when, "output_path": folder}
    node.metadata["title"] = "A report"
    node.cells.insert(1, nbformat.v4.new_code_cell(f"params_file = '{folder}/x.yaml'"))
    node.cells[1].metadata["tags"] = ["injected-parameters"]
    for number, cell in enumerate(node.cells, 1):
        cell.execution_count = number
        cell.metadata["papermill"] = {"start_time": when}
        cell.metadata["execution"] = {"iopub.execute_input": when}
    node.cells[2].outputs = [
        nbformat.v4.new_output("stream", name="stderr", text=f"{folder}: a warning\n"),
        nbformat.v4.new_output(
            "execute_result", {"text/html": "<p>1</p>", "text/plain": f"<Html at {when}>"}
        ),
    ]
    return node


def test_two_runs_are_the_same_bytes_and_name_no_time_or_folder() -> None:
    first, second = (
        executed("2026-01-01T10:00", "/here"),
        executed("2027-02-02T11:00", "/there/deep"),
    )
    assert normalise(first, PUBLISHED) == ["/here: a warning"]
    normalise(second, PUBLISHED)
    assert nbformat.writes(first) == nbformat.writes(second)
    assert "2026" not in nbformat.writes(first)
    assert "/here" not in nbformat.writes(first)


def test_what_a_reader_sees_is_kept() -> None:
    node = executed("2026", "/here")
    normalise(node, PUBLISHED)
    assert node.cells[1].source == "calculation = ''\nparams_file = '../params/test/x.yaml'"
    assert [output.data for output in node.cells[2].outputs] == [{"text/html": "<p>1</p>"}]
    assert [cell.execution_count for cell in node.cells] == [1, 2, 3]
    assert node.metadata.title == "A report"
    nbformat.validate(node)

"""A notebook before it runs, when its parameters are checked, and after.

After it has run, the traces of time and place are removed, so that its bytes repeat.
"""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sv_lib.errors import ParameterError

SHOWN = ("text/html", "text/markdown", "image/png", "image/jpeg", "image/svg+xml")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def check_parameters(notebook: Path, needed: Mapping[str, str]) -> None:
    """Refuse a notebook whose parameters cell lacks a name, or gives it something but text.

    papermill only warns about it and runs on with the notebook's own default, so that a wrong
    report looks right. Raises ParameterError.
    """
    if not notebook.is_file():
        remedy = "put it back; `git status` shows what is missing."
        raise _refused(notebook, "there is no such notebook", remedy)
    defaults = _defaults(notebook)
    faults = []
    for name in sorted(needed):
        if name not in defaults:
            faults.append(f"'{name}' is missing{_misspelling(name, defaults)}")
        elif not isinstance(defaults[name], str):
            faults.append(f"'{name}' is {type(defaults[name]).__name__}, not text")
    if faults:
        found = f"its parameters cell does not fit: {'; '.join(faults)}"
        raise _refused(notebook, found, "correct the cell tagged 'parameters'.")


def _misspelling(name: str, known: Mapping[str, object]) -> str:
    """A guess at what somebody wrote instead of ``name``, or nothing."""
    for near in difflib.get_close_matches(name, known, n=1):
        return f"; is '{near}' a misspelling of it?"
    return ""


def _defaults(notebook: Path) -> dict[str, object]:
    """The names that the parameters cell gives a value, read without running it."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
        if not tagged:
            remedy = "tag the cell that holds the parameters."
            raise _refused(notebook, "no cell is tagged 'parameters'", remedy)
        return _assigned("".join(tagged[0]["source"]))
    except (ValueError, SyntaxError, LookupError, TypeError) as fault:
        found = f"its parameters cannot be read ({type(fault).__name__})"
        raise _refused(notebook, found, "give each parameter a plain text value.") from None


def _assigned(source: str) -> dict[str, object]:
    """Name -> value of a cell's assignments. Raises ValueError for a value that is computed."""
    values = {}
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign):
            for target in line.targets:
                if isinstance(target, ast.Name):
                    values[target.id] = ast.literal_eval(line.value)
    return values


def _refused(notebook: Path, found: str, remedy: str) -> ParameterError:
    return ParameterError(
        f"notebooks/{notebook.name}",
        found,
        "the run would go on with the notebook's own example values.",
        remedy,
    )


def normalise(notebook: Any, published: Mapping[str, str]) -> list[str]:
    """Make an executed notebook the same bytes on every run and machine, in place.

    Removes times and the metadata of papermill and the kernel, and keeps of an output what a
    reader sees. The injected cell is written anew with ``published`` values, which name no folder
    of a machine. Returns what the notebook printed, which is removed too.
    """
    import nbformat  # not needed when nothing has changed

    printed: list[str] = []
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    if "title" in notebook.metadata:
        metadata["title"] = notebook.metadata["title"]
    notebook.metadata = nbformat.from_dict(metadata)
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.id = f"cell-{number}"
        if "injected-parameters" in tags:
            lines = [f"{name} = {value!r}" for name, value in sorted(published.items())]
            cell.source = "\n".join(lines)
        if cell.cell_type == "code":
            printed += _tidy_outputs(cell)
    return printed


def _tidy_outputs(cell: Any) -> list[str]:
    """Keep of a cell's outputs what a page shows; returns what it printed."""
    printed = []
    kept = []
    for output in cell.outputs:
        if output.output_type == "stream":
            printed.append(output.text.strip())
            continue
        # The plain-text twin of a page repeats it and may hold a memory address.
        if "data" in output and any(kind in output.data for kind in SHOWN):
            output.data.pop("text/plain", None)
        kept.append(output)
    cell.outputs = kept
    return printed

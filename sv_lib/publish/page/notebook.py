"""A notebook before and after it runs: its parameters are checked first, its traces of time and
place
removed last.
"""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sv_lib.errors import ParameterError

SHOWN = ("text/html", "text/markdown")


def check_parameters(notebook: Path, needed: Mapping[str, str]) -> None:
    """Refuse a notebook whose parameters cell lacks a name or holds another type than text.

    papermill only warns about it and runs on the notebook's own default, so that a wrong report
    looks right. Raises ParameterError.
    """
    if not notebook.is_file():
        raise _refused(
            notebook,
            "there is no such notebook",
            "put it back; `git status` shows what is missing.",
        )
    defaults = _defaults(notebook)
    faults = []
    for name in sorted(needed):
        if name not in defaults:
            near = difflib.get_close_matches(name, defaults, n=1)
            faults.append(
                f"'{name}' is missing" + (f"; is '{near[0]}' a misspelling of it?" if near else "")
            )
        elif not isinstance(defaults[name], str):
            faults.append(f"'{name}' is {type(defaults[name]).__name__}, not text")
    if faults:
        raise _refused(
            notebook,
            f"its parameters cell does not fit: {'; '.join(faults)}",
            "correct the cell tagged 'parameters'.",
        )


def _defaults(notebook: Path) -> dict[str, object]:
    """The names that the parameters cell gives a value, read without running it."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        source = next(
            (c["source"] for c in cells if "parameters" in c["metadata"].get("tags", [])), None
        )
        if source is None:
            raise _refused(
                notebook,
                "no cell is tagged 'parameters'",
                "tag the cell that holds the parameters.",
            )
        return {
            target.id: ast.literal_eval(line.value)
            for line in ast.parse("".join(source)).body
            if isinstance(line, ast.Assign)
            for target in line.targets
            if isinstance(target, ast.Name)
        }
    except (ValueError, SyntaxError, LookupError, TypeError) as fault:
        found = f"its parameters cannot be read ({type(fault).__name__})"
        raise _refused(notebook, found, "give each parameter a plain text value.") from None


def _refused(notebook: Path, found: str, remedy: str) -> ParameterError:
    return ParameterError(
        f"notebooks/{notebook.name}",
        found,
        "the run would go on with the notebook's own example values.",
        remedy,
    )


def normalise(notebook: Any, published: Mapping[str, str]) -> list[str]:
    """Make an executed notebook the same bytes on every run and machine, in place; returns what it
    printed besides.

    Times, papermill's and the kernel's metadata go; the injected cell is written anew with
    ``published`` values, which name no folder of a machine; of an output only what a reader sees
    stays.
    """
    import nbformat  # not needed when nothing has changed

    printed: list[str] = []
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            **{key: value for key, value in notebook.metadata.items() if key == "title"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.id = f"cell-{number}"
        if "injected-parameters" in tags:
            cell.source = "\n".join(
                f"{name} = {value!r}" for name, value in sorted(published.items())
            )
        if cell.cell_type == "code":
            printed += [
                output.text.strip() for output in cell.outputs if output.output_type == "stream"
            ]
            cell.outputs = [
                _plain(output) for output in cell.outputs if output.output_type != "stream"
            ]
    return printed


def _plain(output: Any) -> Any:
    """An output without its plain-text twin, which repeats the page and may hold a memory
    address.
    """
    if "data" in output and any(kind in output.data for kind in SHOWN):
        output.data.pop("text/plain", None)
    return output

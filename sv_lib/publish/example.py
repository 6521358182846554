"""The demonstration council and the notebooks, copied to where somebody wants to try them."""

from __future__ import annotations

import shutil
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.home import EXAMPLE, NOTEBOOKS

FIRST = "2022-mid-year.yaml"


def copy_example(folder: Path) -> list[str]:
    """Copy the council and the notebooks into a folder; returns what to do next, in lines.

    Raises ParameterError where one of them is there already: nothing is written over.
    """
    council = folder / "params" / EXAMPLE.name
    notebooks = folder / "notebooks"
    for aim in (council, notebooks):
        if aim.exists():
            raise ParameterError(
                str(aim),
                "it is there already",
                "the example would write over what somebody has changed.",
                "name an empty folder.",
            )
    for source, aim in ((EXAMPLE, council), (NOTEBOOKS, notebooks)):
        shutil.copytree(source, aim, ignore=shutil.ignore_patterns(".*"))
    return [
        f"Put the demonstration council in {council} and the notebooks in {notebooks}.",
        f"Next: svreport run {council / FIRST} --reports mid-year --open",
        f"or for JupyterLab: svreport lab {council.parent}",
    ]

"""Councils to try things on, and the notebooks, copied to where somebody wants them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.home import EXAMPLE, NOTEBOOKS, SAMPLE

FIRST = "2022-mid-year.yaml"
FIRST_OF_SAMPLE = "2024-25-annual.yaml"


def copy_example(folder: Path) -> list[str]:
    """Copy the demonstration and the notebooks into a folder; returns what to do next, in lines.

    Raises ParameterError where one of them is there already: nothing is written over.
    """
    council = folder / "params" / EXAMPLE.name
    notebooks = folder / "notebooks"
    _copy({EXAMPLE: council, NOTEBOOKS: notebooks})
    return [
        f"Put the demonstration council in {council} and the notebooks in {notebooks}.",
        f"Next: svreport run {council / FIRST} --reports mid-year --open",
        f"or for JupyterLab: svreport lab {council.parent}",
    ]


def copy_sample(folder: Path) -> list[str]:
    """Copy the sample council into a folder; returns what to do next, in lines.

    Raises ParameterError where it is there already: nothing is written over.
    """
    council = folder / "params" / SAMPLE.name
    _copy({SAMPLE: council})
    return [
        f"Put the sample council in {council}: ten minutes to read, begin with its README.md.",
        f"Next: svreport check {council / FIRST_OF_SAMPLE}",
    ]


def _copy(aims: Mapping[Path, Path]) -> None:
    for aim in aims.values():
        if aim.exists():
            raise ParameterError(
                str(aim),
                "it is there already",
                "the example would write over what somebody has changed.",
                "name an empty folder.",
            )
    for source, aim in aims.items():
        shutil.copytree(source, aim, ignore=shutil.ignore_patterns(".*"))

"""The demonstration's publications as their readers have them: runs with all their reports, made
once for all tests that read them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest
from made_once import DEMONSTRATION, FOLDER, once

from sv_lib.figures.protection.published import Published
from sv_lib.figures.saved import Calculation
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication
from sv_lib.publish.run import assembly, runner

PUBLICATIONS = ("2022-mid-year", "2022-annual", "2023-mid-year", "2023-annual")


class WholeRun(NamedTuple):
    """A run folder, altered in copies alone; what was calculated for it, and from what."""

    folder: Path
    public: Calculation
    inputs: Inputs


def whole_run(publication: str) -> WholeRun:
    """The run of a publication. Those before it lie beside it, as they were printed."""
    for earlier in PUBLICATIONS[: PUBLICATIONS.index(publication)]:
        once(f"run-of-{earlier}", lambda name=earlier: _made(name))
    return once(f"run-of-{publication}", lambda: _made(publication))


def _made(publication: str) -> WholeRun:
    calculate = assembly.calculate
    made = []

    def overheard(of: Publication, inputs: Inputs, known: list[Published]) -> Calculation:
        """The run's own calculation, which is not worth doing twice."""
        made.append((calculate(of, inputs, known), inputs))
        return made[0][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "calculate", overheard)
        params = DEMONSTRATION / f"{publication}.yaml"
        (outcome,) = runner.run([params], jobs=2, output_dir=Path(os.environ[FOLDER], "outputs"))
    ((public, inputs),) = made
    return WholeRun(outcome.folder, public, inputs)

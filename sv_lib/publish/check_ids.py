"""Whether there is a figure for each id that a council wrote, told by the check of the files."""

from __future__ import annotations

import csv
from pathlib import Path

from sv_lib.figures import named_ids
from sv_lib.figures.calculation import figure_ids
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication

FIGURES = "figures.csv"


def check_figures(inputs: Inputs, publication: Publication, output_dir: Path) -> Inputs:
    """Add a finding for each id that no figure has, as a run does.

    Which figures there are is known once they are calculated. That takes long, so it is done only
    where the last run lacks one that is named. Raises ParameterError as ``without_figure`` does.
    """
    council = publication.council
    needed = named_ids.named(council, inputs)
    last_run = output_dir / council.id / publication.id
    # Nothing can be calculated from files with faults that stop a run.
    if inputs.stops or needed <= _ids_of(last_run / FIGURES):
        return inputs
    found = named_ids.without_figure(council, inputs, figure_ids(publication, inputs))
    return inputs.with_findings(found)


def _ids_of(figures: Path) -> set[str]:
    """The ids in a file of figures; none where there is no such file."""
    if not figures.is_file():
        return set()
    with figures.open(encoding="utf-8", newline="") as file:
        return {row.get("figure_id", "") for row in csv.DictReader(file)}

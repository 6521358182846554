"""The data files of a run, its workbooks and its working papers, without the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sv_lib.figures.calculation import gather
from sv_lib.figures.saved import Calculation
from sv_lib.params import Publication
from sv_lib.publish.files import data_tables, manifest, papers, workbook


def write_run(folder: Path, publication: Publication, calculation: Calculation) -> Path:
    """Write what ``trace`` reads of a run; the evidence sample is all claims."""
    inputs = gather(publication)
    for place in (folder, manifest.beside(folder)):
        place.mkdir()
    tables = data_tables.write_all(folder, calculation)
    data_tables.write_figures(folder, tables["figures"], {})
    papers.write(manifest.beside(folder), calculation, inputs, calculation.tables["claims"])
    about = manifest.made_from(publication, inputs)
    manifest.write(
        folder,
        about,
        {},
        {"compared_with": None, "left_out": {}},
        calculation.tables["corrections"],
    )
    return folder


def write_workbooks(
    stem: Path,
    title: str,
    about: Sequence[tuple[str, str]],
    sheets: Sequence[workbook.TableSheet],
    made_on: date,
) -> None:
    """Write both workbooks, one after the other."""
    for write in workbook.writers(stem, title, about, sheets, made_on):
        write()

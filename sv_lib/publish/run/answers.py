"""Whether each question of the log is answered where it says, before anything is made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from sv_lib.home import NOTEBOOKS
from sv_lib.intake.findings import Finding, Record, findings_by_row, findings_of_unknown, nearest
from sv_lib.intake.pipeline import Inputs
from sv_lib.intake.tables.dictionary import NO_SECTION
from sv_lib.params import Publication
from sv_lib.present import ladder
from sv_lib.present.markup import anchor
from sv_lib.present.pieces import section_of
from sv_lib.present.prose import read_words
from sv_lib.publish.run.plan import MAIN

ANSWERS = "prose_asked.yaml"
"""The answers of the report's own, by their keys."""
PIECE = re.compile(r"""report\.(?:text|table|chart)\(["']([^"']+)""")
"""A piece of the page that a cell names."""


def check_answers(inputs: Inputs, publication: Publication, notebooks: Path = NOTEBOOKS) -> Inputs:
    """Add a finding for each question of the log that names what is not there.

    A section of the report, an answer of the report's own, an action of the plan.
    """
    questions = inputs.frames["scrutiny"]
    found = [*_lost_sections(questions, notebooks / MAIN, publication.file.kind)]
    found += findings_of_unknown(
        "publication.no_answer", questions, "answered_by", read_words(ANSWERS)
    )
    plan = inputs.frames["actions"]["action_id"].dropna()
    found += findings_of_unknown("publication.no_action", questions, "action_id", list(plan))
    return inputs.with_findings(found)


def _lost_sections(questions: pd.DataFrame, notebook: Path, kind: str) -> Iterator[Finding]:
    """Questions that are answered in a section which the report, of this kind, lacks."""
    titles = [] if questions.empty else _section_titles(notebook, kind)
    # A notebook without titles is refused by its own check, in words that fit better.
    if not titles:
        return
    titles += NO_SECTION
    sections = questions["section"]
    known = {anchor(title) for title in titles}
    is_known = sections.fillna("").map(anchor).isin(known)
    lost = questions[sections.notna() & ~is_known]
    listed = ", ".join(titles)

    def slots(row: Record) -> Mapping[str, object]:
        section = row["section"]
        near = nearest(section, titles)
        return {"value": section, "kind": kind, "sections": listed, "near": near}

    yield from findings_by_row("publication.no_section", lost, "section", slots)


def _section_titles(notebook: Path, kind: str) -> list[str]:
    """The headings of a notebook under which a report of this kind has a section."""
    if not notebook.is_file():
        return []
    below: dict[str, list[str]] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            lines = [line for line in source.splitlines() if line.startswith("#")]
            below |= {line.lstrip("# "): [] for line in lines}
        elif below:
            below[next(reversed(below))].append(source)
    return [
        title
        for title, sources in below.items()
        if not sources or any(_is_of_kind(source, kind) for source in sources)
    ]


def _is_of_kind(source: str, kind: str) -> bool:
    """Whether a cell prints anything in a report of this kind, or names no piece at all."""
    sections = {section_of(name) for name in PIECE.findall(source)}
    return not sections or any(ladder.is_of_kind(section, kind) for section in sections)

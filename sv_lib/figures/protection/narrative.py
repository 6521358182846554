"""The council's own words and the record of its corrections, as a public build may print them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd

from sv_lib.figures.protection import own_words
from sv_lib.figures.protection.contacts import cleaned
from sv_lib.figures.saved import PHOTOS, Secrets
from sv_lib.figures.workings import Workings
from sv_lib.intake.findings import Finding, as_frame, catalogue, finding, slots_of

HIDDEN_CELL = "[c]"
SAID_IN_CORRECTIONS = ("key", "expected", "value", "why", "row")
"""What of a correction is told in the working papers alone."""
OF_A_CELL = {"example", "nearest", "value"}
"""Slots of findings that hold what a cell held."""
OWN = "protection."
"""Begins the ids of findings of this room, which repeat no cell."""
FIGURES = "figures.csv"
SEE_PAPERS = "look at the cell: the working papers and svreport check show it"


def suppress(
    tables: Mapping[str, pd.DataFrame], secrets: Secrets, workings: Workings
) -> dict[str, pd.DataFrame]:
    """Tables of words without what would tell about a few people.

    A story on few people is left out with its photo. A sentence that tells a hidden number is left
    out, with a finding. Findings and corrections do not repeat a cell.
    """
    safe = dict(tables)
    stories = _stories_on_many(tables["stories"], secrets)
    safe["stories"] = stories
    photos = tables[PHOTOS]
    has_story = photos["story_id"].isin(stories["story_id"])
    safe[PHOTOS] = photos[has_story]
    safe["corrections"] = without_cells(tables["corrections"])
    hidden = own_words.HiddenNumbers(
        secrets.figures.values(), secrets.words, workings.disclosure.people_below
    )
    found = list(of_the_decision(secrets))
    for name in own_words.WRITTEN_BY_THE_COUNCIL:
        safe[name], told = own_words.leave_out(name, safe[name], hidden)
        found += told
    safe["findings"] = _findings(workings, found)
    return safe


def of_the_decision(secrets: Secrets) -> Iterator[Finding]:
    """Findings on how small numbers were decided. They name no group: the working papers do."""
    bands = {
        name: way.band
        for names, way in zip(secrets.cells.names, secrets.printed, strict=True)
        for name in names
    }
    counts = [bands.get(name) for name, one in secrets.figures.items() if one.unit == "people"]
    if counts:
        ranges = sum(band is not None for band in counts)
        silent = len(counts) - ranges
        yield finding("protection.ranges", FIGURES, ranges=ranges, silent=silent)
    if secrets.decided_anew:
        names = ", ".join(secrets.decided_anew)
        yield finding("protection.decided_anew", FIGURES, publications=names)
    if secrets.leaks:
        yield finding("protection.given_away_earlier", FIGURES, count=len(secrets.leaks))


def given_away(secrets: Secrets) -> pd.DataFrame:
    """The small groups that earlier publications give away, for the working papers.

    Columns ``shown_by``, ``low``, ``high``, ``given_away_by``.
    """
    names = secrets.cells.names
    rows = [
        (
            ", ".join(names[leak.cell]) or "a difference of printed figures",
            leak.low,
            leak.high,
            ", ".join(chain.from_iterable(names[giver] for giver in leak.given_away_by)),
        )
        for leak in secrets.leaks
    ]
    return pd.DataFrame(rows, columns=["shown_by", "low", "high", "given_away_by"])


def without_cells(corrections: pd.DataFrame) -> pd.DataFrame:
    """Corrections as they may be published: that one was made, where, by whom and when."""
    masked = corrections.assign(who=cleaned(corrections["who"].astype("object")))
    return masked.assign(**dict.fromkeys(SAID_IN_CORRECTIONS, HIDDEN_CELL))


def _stories_on_many(stories: pd.DataFrame, secrets: Secrets) -> pd.DataFrame:
    """Stories of measures that count no people, or with enough people behind them."""
    pairs = stories[["contract_id", "measure_ref"]].itertuples(index=False, name=None)
    is_on_many = np.array([pair in secrets.on_many for pair in pairs], dtype=bool)
    counts_people = stories["measure_ref"].isin(secrets.people_measures)
    return stories[is_on_many | ~counts_people]


def _findings(workings: Workings, found: Sequence[Finding]) -> pd.DataFrame:
    """All findings as they may be published."""
    return as_frame([*map(without_cell, workings.inputs.findings), *found])


def without_cell(one: Finding) -> Finding:
    """A finding that does not repeat what a cell held, nor what was worked out from the row.

    One about a row says what kind of finding it is. One about a whole file stays as it is.
    """
    words = catalogue()[one.id]
    tells_a_row = one.row is not None or not OF_A_CELL.isdisjoint(slots_of(words))
    if one.id.startswith(OWN) or not tells_a_row:
        return one
    problem = words.title if "{" in words.why else words.why
    remedy = SEE_PAPERS if "{" in words.remedy else words.remedy
    return replace(one, found=words.title, problem=problem, remedy=remedy)

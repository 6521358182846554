"""The council's own words and the record of its corrections, as a public build may print them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from sv_lib.figures.protection import own_words
from sv_lib.figures.saved import PHOTOS, Secrets
from sv_lib.figures.workings import Workings
from sv_lib.intake.findings import Finding, as_frame, finding

HIDDEN_CELL = "[c]"
OF_PEOPLE = ("returns", "beneficiaries")
"""Tables whose rows are about people: no cell of theirs is repeated in public."""


def suppress(
    tables: Mapping[str, pd.DataFrame], secrets: Secrets, workings: Workings
) -> dict[str, pd.DataFrame]:
    """Tables of words without what would tell about a few people.

    A story on few people is left out with its photo. A sentence that tells a hidden number is left
    out, with a finding. Findings and corrections of returns do not repeat a cell.
    """
    safe = dict(tables)
    stories = _stories_on_many(tables["stories"], secrets)
    safe["stories"] = stories
    photos = tables[PHOTOS]
    has_story = photos["story_id"].isin(stories["story_id"])
    safe[PHOTOS] = photos[has_story]
    safe["corrections"] = without_people(tables["corrections"])
    hidden = own_words.HiddenNumbers(secrets.figures.values(), secrets.words)
    found = list(given_away_earlier(secrets))
    for name in own_words.WRITTEN_BY_THE_COUNCIL:
        safe[name], told = own_words.leave_out(name, safe[name], hidden)
        found += told
    safe["findings"] = _findings(workings, found)
    return safe


def given_away_earlier(secrets: Secrets) -> Iterator[Finding]:
    """A finding for each small group that an earlier publication gives away."""
    names = secrets.cells.names
    for leak in secrets.leaks:
        shown_by = ", ".join(names[leak.cell][:2])
        givers = chain.from_iterable(names[giver] for giver in leak.given_away_by)
        yield finding(
            "protection.given_away_earlier",
            "figures.csv",
            figure=shown_by or "a difference of printed figures",
            low=int(secrets.cells.needed[leak.cell]),
            givers=", ".join(givers),
        )


def without_people(corrections: pd.DataFrame) -> pd.DataFrame:
    """Corrections as they may be published: of returns only that one was made, and by whom."""
    is_of_people = corrections["table"].isin(OF_PEOPLE)
    return _masked(corrections, is_of_people, ("key", "expected", "value", "why", "row"))


def _stories_on_many(stories: pd.DataFrame, secrets: Secrets) -> pd.DataFrame:
    """Stories of measures that count no people, or with enough people behind them."""
    pairs = stories[["contract_id", "measure_ref"]].itertuples(index=False, name=None)
    is_on_many = np.array([pair in secrets.on_many for pair in pairs], dtype=bool)
    counts_people = stories["measure_ref"].isin(secrets.people_measures)
    return stories[is_on_many | ~counts_people]


def _findings(workings: Workings, found: Sequence[Finding]) -> pd.DataFrame:
    """All findings; those on a row about people do not say what the cell held."""
    inputs = workings.inputs
    findings = as_frame([*inputs.findings, *found])
    files = {file.name for file in inputs.files if file.table in OF_PEOPLE}
    is_on_a_row = findings["file"].isin(files) & findings["row"].notna()
    return _masked(findings, is_on_a_row, ("found",))


def _masked(frame: pd.DataFrame, rows: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    """A frame with the mark for "hidden" in some columns of some rows."""
    if not rows.any():
        return frame
    masked = frame.astype(dict.fromkeys(columns, "object"))
    masked.loc[rows, list(columns)] = HIDDEN_CELL
    return masked

"""The council's own words and the record of its corrections, as a public build may print them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    safe["stories"] = _stories_on_many(tables["stories"], secrets)
    has_story = tables[PHOTOS]["story_id"].isin(safe["stories"]["story_id"])
    safe[PHOTOS] = tables[PHOTOS][has_story]
    safe["corrections"] = without_people(tables["corrections"])
    hidden = own_words.HiddenNumbers(secrets.figures.values(), secrets.words)
    found = list(_given_away_earlier(secrets))
    for name in own_words.WRITTEN_BY_THE_COUNCIL:
        safe[name], told = own_words.leave_out(name, safe[name], hidden)
        found += told
    safe["findings"] = _findings(workings, found)
    return safe


def _given_away_earlier(secrets: Secrets) -> Iterator[Finding]:
    """A finding for each small group that an earlier publication gives away."""
    cells = secrets.cells
    for leak in secrets.leaks:
        shown_by = ", ".join(cells.names[leak.cell][:2]) or "a difference of printed figures"
        givers = ", ".join(name for giver in leak.given_away_by for name in cells.names[giver])
        least = int(cells.least[leak.cell]) - 1
        place = "figures.csv"
        yield finding(
            "protection.given_away_earlier", place, figure=shown_by, low=least, givers=givers
        )


def without_people(corrections: pd.DataFrame) -> pd.DataFrame:
    """Corrections as they may be published: of returns only that one was made, and by whom."""
    is_of_people = corrections["table"].isin(OF_PEOPLE)
    return _masked(corrections, is_of_people, ("key", "expected", "value", "why", "row"))


def _stories_on_many(stories: pd.DataFrame, secrets: Secrets) -> pd.DataFrame:
    """Stories of measures that count no people, or with enough people behind them."""
    pairs = zip(stories["contract_id"], stories["measure_ref"], strict=True)
    may_tell = [
        ref not in secrets.people_measures or (contract, ref) in secrets.on_many
        for contract, ref in pairs
    ]
    return stories[np.array(may_tell, dtype=bool)]


def _findings(workings: Workings, found: Sequence[Finding]) -> pd.DataFrame:
    """All findings; those on a row about people do not say what the cell held."""
    findings = as_frame([*workings.inputs.findings, *found])
    files = {file.name for file in workings.inputs.files if file.table in OF_PEOPLE}
    is_on_a_row = findings["file"].isin(files) & findings["row"].notna()
    return _masked(findings, is_on_a_row, ("found",))


def _masked(frame: pd.DataFrame, rows: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    """A frame with the mark for "hidden" in some columns of some rows."""
    if not rows.any():
        return frame
    texts = {name: frame[name].astype("object").mask(rows, HIDDEN_CELL) for name in columns}
    return frame.assign(**texts)

"""Nothing dated after the data-as-at day is in a report; what is left out is told, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from sv_lib.intake.findings import Finding, finding, standing_for
from sv_lib.periods import months_after

DATES = {
    "actions": ("noted_on",),
    "priorities": ("set_on",),
    "scrutiny": ("asked_on",),
    "stories": ("on", "consent_on"),
    "published_history": ("published_on",),
    "events": ("on",),
}
"""The days of each table of which none may be later; a row without one is not dated, and stays."""
AHEAD = 6
"""The months for which the calendar looks ahead: an event is planned before it is held."""


def up_to(rows: pd.DataFrame, table: str, day: date) -> pd.DataFrame:
    """The rows of a table that a report with data of a day may hold.

    Of an event still to come nobody can have come yet: its ``attendance`` is blank.
    """
    kept: pd.DataFrame = rows[~_is_later(rows, table, day)]
    if table == "events":
        is_held = kept["on"] <= pd.Timestamp(day)
        return kept.assign(attendance=kept["attendance"].where(is_held))
    return kept


def left_out(frames: Mapping[str, pd.DataFrame], day: date) -> Iterator[Finding]:
    """A note on each table some rows of which are dated too late to be in the report."""
    for table, columns in DATES.items():
        later = frames[table][_is_later(frames[table], table, day)]
        for file, rows in later.groupby("source_file", sort=False):
            said = finding(
                "publication.after_the_day",
                file,
                rows["source_row"].iloc[0],
                columns[0],
                rows=len(rows),
                day=_last(table, day),
            )
            yield standing_for(said, rows)


def _is_later(rows: pd.DataFrame, table: str, day: date) -> pd.Series:
    days = rows[list(DATES[table])]
    is_later: pd.Series = (days > pd.Timestamp(_last(table, day))).any(axis="columns")
    return is_later


def _last(table: str, day: date) -> date:
    return months_after(day, AHEAD) if table == "events" else day

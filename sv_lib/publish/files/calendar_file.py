"""The next six months as ``calendar.ics``: events, actions that fall due, contracts that end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sv_lib.figures.dated import AHEAD
from sv_lib.figures.figure import NO_PROMISE, Figure
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import slug
from sv_lib.params import Publication
from sv_lib.periods import Period, months_after
from sv_lib.present import cards, formats
from sv_lib.present.tables import records
from sv_lib.publish.files.workbook import UNPRINTABLE
from sv_lib.strict_yaml import data_beside

if TYPE_CHECKING:
    from icalendar import Event

NAME = "calendar.ics"
PRODUCT = "-//svreport//Social value calendar//EN"
DONE = "complete"
"""The status of an action that nobody waits for."""


@dataclass(frozen=True)
class _EntryWords:
    """What an entry of one kind says; the slots are columns of its table, and a few of ours."""

    category: str
    summary: str
    description: str


WORDS = data_beside(__file__, dict[str, _EntryWords])


@dataclass(frozen=True)
class _Entry:
    """One whole day in the calendar. ``id``: the same in every publication."""

    id: str
    on: date
    kind: str
    facts: Mapping[str, str]
    place: str = ""


def write(folder: Path, publication: Publication, calculation: Calculation) -> None:
    """Write the calendar of a run; no file where the next six months hold nothing.

    It is made from the public tables, so that it tells nothing that they hide.
    """
    from icalendar import Calendar  # slow to load, and not needed when nothing has changed

    ahead = next_months(publication.file.data_as_at)
    found = [*_events(publication, calculation), *_actions(calculation), *_ends(calculation)]
    entries = sorted((one for one in found if one.on in ahead), key=lambda one: (one.on, one.id))
    if not entries:
        return
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = f"{publication.council.name}: {publication.file.title}"
    # Two names of one thing: the standard one, and the one that older programs read.
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _line(title))
    for entry in entries:
        calendar.add_component(_component(publication, entry))
    (folder / NAME).write_bytes(calendar.to_ical())


def next_months(day: date) -> Period:
    """The six months after the day of the data."""
    return Period(day + timedelta(days=1), months_after(day, AHEAD))


def _events(publication: Publication, calculation: Calculation) -> Iterator[_Entry]:
    """Events to come, each with its place and whom to ask."""
    for row in records(calculation.tables["events"]):
        where = _known(row.parish, "")
        if not where and isinstance(row.ward_code, str):
            where = publication.council.ward_name(row.ward_code)
        facts = {"title": row.title, "partner": row.partner, "contact": row.contact}
        where = where or f"{publication.council.place}, borough-wide"
        yield _Entry(
            f"event-{row.event_id}", row.on.date(), "event", facts | {"where": where}, where
        )


def _actions(calculation: Calculation) -> Iterator[_Entry]:
    """Due dates of actions that are not complete."""
    for row in records(calculation.tables["actions"]):
        if pd.notna(row.due_on) and row.status != DONE:
            names = ("action", "owner", "status", "progress")
            facts = {name: str(getattr(row, name)) for name in names}
            yield _Entry(f"action-{row.action_id}", row.due_on.date(), "action", facts)


def _ends(calculation: Calculation) -> Iterator[_Entry]:
    """Contracts that end, with what follows them and what is promised and not yet claimed."""
    for row in records(calculation.tables["ending"]):
        owed = calculation.trail[f"contract.{slug(row.contract_id)}.undelivered"]
        facts = {
            "contract": row.contract_id,
            "title": row.title,
            "supplier": _known(row.supplier, "not named"),
            "successor": _known(row.successor_title, "nothing that is let yet"),
            "owed": _owed(owed),
        }
        yield _Entry(f"contract-{row.contract_id}", row.last_on.date(), "contract", facts)


def _owed(owed: Figure) -> str:
    """What is owed under a contract, in words; a hidden amount is said to be hidden."""
    if owed.caution == NO_PROMISE:
        return "nothing with a price is promised under it"
    said = formats.display(owed)
    return f"promised and not yet claimed: {formats.SYMBOLS.get(said, said)}"


def _known(value: object, otherwise: str) -> str:
    return value if isinstance(value, str) and value else otherwise


def _component(publication: Publication, entry: _Entry) -> Event:
    """An entry as RFC 5545 has it: a whole day, which blocks nobody's diary."""
    from icalendar import Event

    file = publication.file
    words = WORDS[entry.kind]
    status = cards.STATUS[file.status]
    told = [words.description.format_map(entry.facts), f"{status}."]
    if file.profile != "public":
        told.append(cards.EXEMPT)
    event = Event()
    event.add("uid", f"{_line(entry.id)}@{publication.council.id}.svreport")
    event.add("dtstamp", datetime.combine(file.data_as_at, time(), UTC))
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", _line(words.summary.format_map(entry.facts)))
    event.add("description", _line(" ".join(told)))
    event.add("categories", [words.category])
    event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", _line(entry.place))
    return event


def _line(text: str) -> str:
    """A text on one line, without signs that no program prints."""
    return " ".join(UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text).split())

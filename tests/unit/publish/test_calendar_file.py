"""``calendar.ics``: the next six months for members' diaries, and nothing that is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from icalendar import Calendar
from small_council import publication

from sv_lib.figures.figure import NO_PROMISE, Figure
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period
from sv_lib.publish.files import calendar_file

PERIOD = Period(date(2021, 12, 1), date(2022, 5, 31))
HIDDEN = "hidden to protect people"


def owed(contract: str, value: int | None, caution: str = "", kind: Any = "total") -> Figure:
    name = f"contract.{contract}.undelivered"
    return Figure(name, kind, "owed", value, "pence", PERIOD, "drawn", caution=caution)


def events(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Events by id, day and title, with the Chamber and for the whole borough."""
    frame = pd.DataFrame(rows, columns=["event_id", "on", "title"])
    frame["on"] = pd.to_datetime(frame["on"])
    return frame.assign(partner="Chamber", ward_code=None, parish=None, contact="Growth officer")


def drawn(**tables: pd.DataFrame) -> Calculation:
    actions = pd.DataFrame(
        {
            "action_id": ["A1", "A2", "A3"],
            "action": ["Brief, and tell; all members", "Done already", "No day is set"],
            "owner": "Officer",
            "due_on": pd.to_datetime(["2022-09-30", "2022-09-30", None]),
            "status": ["at risk", "complete", "late"],
            "progress": "Half are briefed.",
        }
    )
    ending = pd.DataFrame(
        {
            "contract_id": ["C1", "C2", "C3"],
            "title": ["Roads", "Care", "Schools"],
            "last_on": pd.to_datetime(["2022-07-01", "2022-12-30", "2022-12-31"]),
            "successor_title": ["", "Care again", ""],
            "supplier": ["Alpha", None, "Beta"],
        }
    )
    figures = [owed("C1", 1_250_000), owed("C2", None, HIDDEN, "hidden"), owed("C3", 0)]
    whole = {"events": events(), "actions": actions, "ending": ending} | tables
    return Calculation(Trail.of(figures), whole)


def written(folder: Path, calculation: Calculation, **settings: Any) -> dict[str, Any]:
    """The entries of the calendar by their uid without its end."""
    calendar_file.write(folder, publication("public", **settings), calculation)
    calendar = Calendar.from_ical((folder / calendar_file.NAME).read_bytes())
    return {str(one["uid"]).partition("@")[0]: one for one in calendar.walk("VEVENT")}


def test_six_months_and_not_a_day_more(tmp_path: Path) -> None:
    """The data are of 30 June: a contract that ends on 30 December is in, one of 31 December not.
    An event of the day itself is past.
    """
    held = events(("E1", "2022-06-30", "Past"), ("E2", "2022-07-01", "Next"))
    entries = written(tmp_path, drawn(events=held))
    assert list(entries) == ["contract-C1", "event-E2", "action-A1", "contract-C2"]
    assert entries["contract-C2"]["dtstart"].dt == date(2022, 12, 30)
    assert entries["contract-C2"]["dtend"].dt == date(2022, 12, 31)
    assert entries["action-A1"]["dtstamp"].dt == datetime(2022, 6, 30, tzinfo=UTC)


def test_each_entry_says_whom_to_ask_and_what_is_owed(tmp_path: Path) -> None:
    entries = written(tmp_path, drawn(events=events(("E2", "2022-07-02", "Meet the buyer"))))
    assert entries["action-A1"]["summary"] == "Due: Brief, and tell; all members"
    said = {name: str(one["description"]) for name, one in entries.items()}
    assert "Whom to ask: Growth officer." in said["event-E2"]
    assert "Status on the day of the data: at risk. Half are briefed." in said["action-A1"]
    assert "promised and not yet claimed: £12,500." in said["contract-C1"]
    assert "What follows it: nothing that is let yet." in said["contract-C1"]
    assert "Supplier: not named." in said["contract-C2"]
    assert f"promised and not yet claimed: {HIDDEN}." in said["contract-C2"]
    assert all(one.endswith("Draft: not for publication.") for one in said.values())


def test_a_contract_that_promised_nothing_is_not_said_to_owe_nothing(tmp_path: Path) -> None:
    calculation = drawn()
    figures = [owed("C1", None, NO_PROMISE, "unknown"), *list(calculation.trail)[1:]]
    entries = written(tmp_path, replace(calculation, trail=Trail.of(figures)))
    said = str(entries["contract-C1"]["description"])
    assert "nothing with a price is promised under it" in said


def test_the_same_bytes_each_time_in_lines_that_any_program_reads(tmp_path: Path) -> None:
    long = events(("E2", "2022-07-02", "A \x00 title, with; signs\nand lines: " + "ö" * 90))
    written(tmp_path, drawn(events=long))
    first = (tmp_path / calendar_file.NAME).read_bytes()
    written(tmp_path, drawn(events=long))
    assert (tmp_path / calendar_file.NAME).read_bytes() == first
    lines = first.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"\x00" not in first
    assert b"\\, with\\; signs and lines" in first.replace(b"\r\n ", b"")


def test_nothing_to_come_makes_no_file(tmp_path: Path) -> None:
    empty = {name: table.iloc[:0] for name, table in drawn().tables.items()}
    calendar_file.write(tmp_path, publication("public"), drawn(**empty))
    assert not (tmp_path / calendar_file.NAME).exists()


@pytest.mark.parametrize("profile", ["public", "exempt"])
def test_an_exempt_calendar_says_so(tmp_path: Path, profile: str) -> None:
    calendar_file.write(tmp_path, publication(profile), drawn())
    text = (tmp_path / calendar_file.NAME).read_text(encoding="utf-8").replace("\n ", "")
    assert ("Schedule 12A" in text) == (profile == "exempt")

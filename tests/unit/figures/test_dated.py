"""What is dated after the data-as-at day is not in the report, and a note counts it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from frames import frame
from small_council import calculated

from sv_lib.figures.dated import DATES, left_out, up_to
from sv_lib.intake.tables.dictionary import TABLES

DAY = date(2022, 6, 30)


@pytest.mark.parametrize("table", DATES)
def test_a_row_of_the_day_stays_and_one_of_the_day_after_does_not(table: str) -> None:
    column = DATES[table][-1]
    first = TABLES[table].names[0]
    before = DATES[table][0]
    same = {before: "2022-06-01"} if before != column else {}
    last = ["2022-12-30", "2022-12-31"] if table == "events" else ["2022-06-30", "2022-07-01"]
    drawing = f"{first} | {column}\n1 | {last[0]}\n2 | {last[1]}\n3 |"
    rows = frame(table, drawing, **same)
    assert up_to(rows, table, DAY)[first].tolist() == ["1", "3"]
    frames = {name: frame(name) for name in DATES} | {table: rows}
    (note,) = left_out(frames, DAY)
    assert (note.severity, note.file, note.row) == ("note", f"inputs/{table}.csv", 3)
    assert note.found == f"1 row dated after {last[0]}"


def test_nobody_has_come_to_an_event_that_is_to_come() -> None:
    drawing = "event_id | on | attendance\n1 | 2022-06-30 | 5\n2 | 2022-07-01 | 40"
    events = up_to(frame("events", drawing), "events", DAY)
    assert events["attendance"].tolist() == [5, pd.NA]


def test_a_page_has_no_question_nor_event_of_later() -> None:
    made = calculated(
        scrutiny="question_id | asked_on\nZ1 | 2022-01-20\nZ2 | 2022-09-01",
        events="event_id | on | partner\nV1 | 2022-01-15 | Chamber\nV2 | 2023-01-15 | Chamber",
    )
    assert made.tables["scrutiny"]["question_id"].tolist() == ["Z1"]
    assert made.tables["events"]["event_id"].tolist() == ["V1"]

"""Words that say how to reach a person or a home are left out of the public build."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import frame
from made_once import calculate
from small_council import inputs, publication

from sv_lib.figures.protection.contacts import PRINTED, without_contact, without_contacts
from sv_lib.figures.protection.own_words import LEFT_OUT
from sv_lib.intake.tables.dictionary import TABLES

EVENT = "event_id | on | title | partner | contact\n"
EVENTS = EVENT + "E1 | 2022-05-01 | Call 0114 496 0123 | Chamber | jo.quill@firm.example\n"


@pytest.mark.parametrize(
    "words",
    [
        "jo.quill+work@firm.example",
        "07700 900123",
        "+44 7700 900123",
        "(0114) 496 0123",
        "01632-960-123",
        "S60 1AE",
        "m1 1aa",
        "EC1A1BB",
    ],
)
def test_a_sentence_that_says_how_to_reach_somebody_goes(words: str) -> None:
    text = f"She began in May. Reach her at {words}, please. All went well."
    assert without_contact(text) == f"She began in May. {LEFT_OUT} All went well."


@pytest.mark.parametrize(
    "words",
    [
        "The council owes £1,200,345,678 on 01/12/2022.",
        "See https://council.example/item?ID=01632960123.",
        "Company 01234567, charity 1234567, ward E05013010, LSOA E01007821.",
        "Phase b2 3rd floor, road A57, 2022-23.",
    ],
)
def test_other_numbers_and_codes_stay(words: str) -> None:
    assert without_contact(words) == words


def test_the_public_build_alone_leaves_them_out_with_a_finding() -> None:
    public = calculate(publication("public"), inputs(events=EVENTS)).tables
    assert public["events"][["title", "contact"]].to_numpy().tolist() == [[LEFT_OUT, LEFT_OUT]]
    found = public["findings"]
    found = found[found["found"] == "an e-mail address, a telephone number or a postcode"]
    assert found[["row", "column"]].to_numpy().tolist() == [[2, "contact"], [2, "title"]]
    exempt = calculate(publication("exempt"), inputs(events=EVENTS)).tables
    assert exempt["events"]["contact"].tolist() == ["jo.quill@firm.example"]


def test_inputs_without_contacts_stay_as_they_are() -> None:
    drawn = inputs()
    kept = without_contacts(drawn)
    assert kept.findings == drawn.findings
    for name, table in drawn.frames.items():
        pd.testing.assert_frame_equal(kept.frames[name], table)


def test_every_column_searched_is_one_of_the_dictionary() -> None:
    assert all(set(columns) <= set(frame(table, "")) for table, columns in PRINTED.items())
    assert PRINTED.keys() <= TABLES.keys()

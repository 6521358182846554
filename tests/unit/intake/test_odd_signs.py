"""Signs that nobody sees, that look like others, or that no typeface has."""

from __future__ import annotations

import pandas as pd
import pytest

from sv_lib.intake.findings import Finding, in_words
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.intake.tables.odd_signs import odd_signs


def found_in(table: str, column: str, *cells: str) -> list[Finding]:
    """What is said of a table in which one column holds these cells and all else is blank."""
    texts = pd.DataFrame("", index=range(len(cells)), columns=TABLES[table].names, dtype="str")
    texts[column] = pd.Series(cells, dtype="str")
    places = texts.assign(source_file="inputs/t.csv", source_row=texts.index + 2)
    return list(odd_signs(places, TABLES[table]))


@pytest.mark.parametrize(
    ("table", "column"), [("payments", "category"), ("contracts", "directorate")]
)
@pytest.mark.parametrize(
    ("cell", "finding_id", "codes"),
    [
        ("facil\u200bities", "signs.unseen", "U+200B"),
        ("facilities\ufeff", "signs.unseen", "U+FEFF"),
        ("facil\xadities", "signs.unseen", "U+00AD"),
        ("\u202efacilities", "signs.unseen", "U+202E"),
        ("f\u0430cilities", "signs.look_alike", "U+0430"),
        ("facilit\u03b9es", "signs.look_alike", "U+03B9"),
        ("\uff26acilities", "signs.look_alike", "U+FF26"),
        ("f\u0251cilities", "signs.look_alike", "U+0251"),
        ("\u05e9\u05dc\u05d5\u05dd", "signs.look_alike", "U+05D5, U+05DC, U+05DD, U+05E9"),
    ],
)
def test_a_category_that_looks_like_another_is_told(
    table: str, column: str, cell: str, finding_id: str, codes: str
) -> None:
    (one,) = found_in(table, column, "facilities", cell, "facilities", cell)
    assert (one.id, one.severity, one.file, one.row) == (finding_id, "warn", "inputs/t.csv", 3)
    assert one.found.startswith("2 cells with") and codes in one.problem
    assert in_words(one).isascii()


@pytest.mark.parametrize(
    "cell", ["facilities", "Café & crèche", "Tŷ'r ŵyl", "Søren’s “place” – £5"]
)
def test_names_as_they_are_written_pass(cell: str) -> None:
    assert found_in("payments", "category", cell) == []


def test_free_text_may_hold_any_writing() -> None:
    assert found_in("stories", "story", "漢字, שלום, Привет and 😀\u200d.") == []


def test_a_sign_that_no_typeface_has_is_told() -> None:
    (one,) = found_in("stories", "story", "All well.", "A bench\ue000 in W\x07ath.")
    assert (one.id, one.severity, one.row, one.column) == ("signs.unprintable", "warn", 3, "story")
    assert one.found == (
        "1 cell with a sign that no typeface has, such as 'A bench[U+E000] in W[U+0007]ath.'"
    )
    assert one.problem == "pages print its code instead: U+0007, U+E000"


def test_a_long_table_of_plain_cells_is_quick() -> None:
    assert found_in("payments", "category", *["facilities"] * 10_000) == []

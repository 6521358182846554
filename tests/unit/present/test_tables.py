"""The one writer of tables: captions, scopes and no blank cell."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sample_report import hidden, number, people, pounds

from sv_lib.present.markup import Html
from sv_lib.present.tables import DataTable, TableColumn, symbols_used, to_html, told_apart

COLUMNS = (
    TableColumn("Ward"),
    TableColumn("Paid", "£ thousand", "thousands"),
    TableColumn("Hired", "people", "bare"),
)
ROWS = (
    ("Wales", pounds("a.wales", "4213000"), people("h.wales", 9)),
    ("All", pounds("a.all", "9000000"), hidden("h.all")),
)


def make(**changed: Any) -> DataTable:
    parts = {
        "id": "wards",
        "caption": "All wards",
        "columns": COLUMNS,
        "rows": ROWS,
        "source": "Payments",
        **changed,
    }
    return DataTable(**parts)


def test_a_table_as_a_screen_reader_meets_it() -> None:
    html = to_html(make(has_total=True))
    region = '<div class="table-scroll" role="region" aria-labelledby="wards-caption" tabindex="0">'
    assert html.startswith(f'<div class="table-block short">{region}')
    assert '<caption id="wards-caption"><span>All wards</span></caption>' in html
    assert re.findall(r'<th scope="(\w+)"', html) == ["col", "col", "col", "row", "row"]
    assert '<th scope="col" class="n">Paid <span class="unit">£ thousand</span></th>' in html
    assert (
        '<td class="n"><data class="figure" data-figure="a.wales" '
        'value="421300000">4,213</data></td>' in html
    )
    assert '<tr class="total"><th scope="row">All</th>' in html
    assert (
        '<p class="note">[c] hidden to protect people; 0 is a true nought.</p>'
        '<p class="source">Source: Payments</p>' in html
    )
    assert not re.search(r"<td[^>]*></td>|colspan|rowspan", html)


def test_a_long_table_may_go_over_a_page() -> None:
    rows = tuple((f"Ward {n}", people(f"h.{n}", n)) for n in range(150))
    assert '<div class="table-block many">' in to_html(
        make(columns=(COLUMNS[0], COLUMNS[2]), rows=rows)
    )


def test_a_table_of_which_nothing_is_known_is_a_sentence_that_says_why() -> None:
    rows = tuple((f"Ward {n}", people(f"h.{n}", None), "[z]") for n in range(3))
    html = to_html(make(rows=rows))
    assert (
        html == '<p id="wards"><strong>All wards</strong>: not known, because nobody was asked.</p>'
    )
    words = to_html(make(rows=(("Wales", "not known", "[x]"),)))
    assert words == '<p id="wards"><strong>All wards</strong>: nothing of it is known.</p>'


def test_rows_of_which_nothing_is_known_are_counted_when_they_are_many() -> None:
    silent = tuple((f"Ward {n}", people(f"h.{n}", None), "[z]") for n in range(15))
    html = to_html(make(rows=(*ROWS, *silent)))
    assert html.count("<tr") == 3
    assert "Left out: 15 rows of which nothing is known." in html
    assert to_html(make(rows=(*ROWS, *silent[:14]))).count("<tr") == 17
    kept = tuple((f"Ward {n}", hidden(f"h.{n}"), "[z]") for n in range(15))
    assert to_html(make(rows=kept)).count("<tr") == 16


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"caption": " "}, "has no caption"),
        ({"source": Html("<b></b>")}, "has no source"),
        ({"id": "Ward table"}, "not an id"),
        ({"rows": ()}, "needs rows"),
        ({"rows": (("Wales", None, people("h.w", 9)),)}, "blank cell under 'Paid'"),
        ({"rows": (("Wales", "", people("h.w", 9)),)}, "blank cell under 'Paid'"),
        ({"rows": (("Wales", "x"),)}, "a row of 2 cells under 3 headings"),
        ({"rows": (ROWS[0], ROWS[0])}, "'Wales' stands twice"),
        ({"rows": ((people("h.w", 9), "x", "y"),)}, "a row header must be words"),
    ],
)
def test_a_table_that_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        make(**changed)


def test_symbols_are_explained_once_and_in_order() -> None:
    rows = (("a", number("x.a", None, "pence"), hidden("y.a")), ("b", "[z]", hidden("y.b")))
    assert symbols_used(make(rows=rows)) == ["[c]", "[x]", "[z]"]


def test_ranges_and_noughts_are_explained_where_they_stand() -> None:
    few = replace(hidden("y.a"), low=1, high=4)
    html = to_html(make(rows=(("a", number("x.a", 0, "pence"), few),)))
    assert '<data class="figure" data-figure="y.a" value="">fewer than 5</data>' in html
    assert (
        '<p class="note">A range is told in place of a number to protect people; 0 is a true '
        "nought.</p>"
    ) in html


def test_two_events_of_one_day_are_told_apart() -> None:
    assert told_apart(["A", "B", "A", "A"]) == ["A", "B", "A (2)", "A (3)"]

"""Cover, headline cards and status words."""

from __future__ import annotations

from datetime import date

import pytest
from sample_report import number, people, pounds

from sv_lib.present import cards, fonts
from sv_lib.present.markup import Html, text_of


def test_the_cover_says_what_it_is() -> None:
    html = cards.cover(
        "The Council",
        "Social value",
        "one half-year",
        date(2022, 6, 30),
        "draft",
        "Draft",
        ["One <sentence>."],
    )
    assert text_of(html).startswith("The Council")
    assert html.count("<h1") == 1
    for words in (
        '<p class="status status-draft">Draft</p>',
        "Data as at 30 June 2022",
        "One &lt;sentence&gt;.",
    ):
        assert words in html


def test_a_card_prints_its_figure_and_what_it_stands_on() -> None:
    html = cards.headline(
        [
            cards.Card("Delivered", pounds("a.b", "1921400"), "up", "validated less"),
            cards.Card("Hired", people("c.d", 3)),
        ]
    )
    assert html.startswith('<ul class="cards cards-2" role="list"><li class="card">')
    assert (
        '<p class="card-number"><data class="figure" data-figure="a.b" '
        'value="192140000">£1.9m</data></p>' in html
    )
    assert html.count("card-change") == html.count("card-detail") == 1


def test_a_card_whose_figure_is_not_known_says_so_in_words() -> None:
    html = cards.headline([cards.Card("Hired", number("c.d", None, "people"))])
    assert '<p class="card-number is-words">' in html
    assert "not known" in html


def test_a_status_is_a_word_and_a_shape() -> None:
    shapes = {cards.rag(word) for word in cards.RAG}
    assert len(shapes) == len(cards.RAG)
    assert cards.rag("late") == '<span class="rag rag-red">late</span>'
    with pytest.raises(KeyError):
        cards.rag("amber")


def test_blocks() -> None:
    assert (
        cards.callout("Not yet", ["a & b"])
        == '<div class="callout"><h2 id="not-yet">Not yet</h2><ul><li>a &amp; b</li></ul></div>'
    )
    assert (
        cards.front("x", one_page=False)
        == '<section class="front" aria-labelledby="title">x</section>'
    )
    assert cards.columns(Html("<p>a</p>"), "b").startswith(
        '<div class="columns columns-2"><div class="column"><p>a</p>'
    )


def test_the_typeface_is_embedded_whole_and_the_same_each_time() -> None:
    rules = fonts.css()
    assert rules.count("@font-face") == 4
    assert len(rules) < 90_000
    fonts.css.cache_clear()
    assert fonts.css() == rules


def test_widths_are_those_of_the_typeface() -> None:
    assert fonts.width("", 10) == 0
    assert fonts.width("00", 10) == pytest.approx(9.94)  # every digit is 497 of 1,000 wide
    assert fonts.width("11", 10) == fonts.width("00", 10)

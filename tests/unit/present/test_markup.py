"""Markup is safe by construction: supplier names, stories and reasons are text, whatever they
hold.
"""

from __future__ import annotations

import pytest
from sample_report import hidden, number, pounds

from sv_lib.present.markup import Html, anchor, escape, figure, join, link, paragraph, tag, text_of

NASTY = '<script>alert("1")</script> & Sons'
SAFE = "&lt;script&gt;alert"


def test_plain_text_is_escaped_wherever_it_comes_in() -> None:
    for made in (
        escape(NASTY),
        tag("p", NASTY),
        join([NASTY]),
        paragraph(NASTY),
        Html("<b>") + NASTY,
        NASTY + Html(""),
    ):
        assert SAFE in made
        assert "<script" not in made
        assert isinstance(made, Html)


def test_an_attribute_cannot_be_left() -> None:
    made = tag("p", "x", title='" onmouseover="alert(1)', css_class=None)
    assert made == '<p title="&quot; onmouseover=&quot;alert(1)">x</p>'


def test_html_shows_itself_in_a_notebook_and_stays_short_as_text() -> None:
    made = paragraph("x" * 5000)
    assert made._repr_html_() == made
    assert repr(made) == "Html of 5,007 characters"


def test_a_figure_carries_its_id_and_exact_value() -> None:
    assert figure(pounds("spend.total", "1921400.12")) == (
        '<data class="figure" data-figure="spend.total" value="192140012">£1.9m</data>'
    )
    assert 'value=""' in figure(hidden("people.few"))
    assert ">+31<" in figure(number("people.change", 31, "people"), signed=True)


@pytest.mark.parametrize(
    "href", ["wards/E05012996.html", "#wards", "https://example.org/a?b=c", "mailto:a@example.org"]
)
def test_links_a_report_may_have(href: str) -> None:
    assert f'href="{href}"' in link("there", href)


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "//example.org", "http://example.org", "data:text/html,x", "a b", ""],
)
def test_links_a_report_may_not_have(href: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        link("there", href)


def test_words_of_markup() -> None:
    assert text_of(Html("<p>Fish &amp; <b>chips</b>\n here</p>")) == "Fish & chips here"
    assert text_of("a < b") == "a < b"
    assert anchor("What we cannot yet say?") == "what-we-cannot-yet-say"

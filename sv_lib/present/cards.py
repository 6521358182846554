"""The blocks a reader meets first: cover, headline cards, status words, callouts, stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sv_lib.figures.figure import Figure
from sv_lib.periods import long_date
from sv_lib.present import formats
from sv_lib.present.markup import Html, bullets, figure, heading, join, paragraph, tag

EXEMPT = "Exempt: Local Government Act 1972, Schedule 12A, paragraphs 1 and 2. Not for publication."
STATUS = {
    "demonstration": "Demonstration: synthetic data",
    "draft": "Draft: not for publication",
    "final": "Final",
}
LONG_NUMBER = 7
"""Characters beyond which the number of a card, such as "not known", is set smaller."""
RAG = {
    "on track": "green",
    "complete": "green",
    "at risk": "amber",
    "late": "red",
    "not started": "grey",
    "recommended": "grey",
    "not yet due": "grey",
    "no evidence": "amber",
    "answered": "green",
    "partly": "amber",
    "not yet": "red",
}


def cover(
    council: str,
    title: str,
    period_text: str,
    data_as_at: date,
    status: str,
    status_text: str,
    sentences: Sequence[str] = (),
    definition: str = "",
) -> Html:
    """The head of a report with its only ``h1``: whose it is, what it covers, how final it is.

    ``definition``: of social value, for readers who meet the word here first.
    """
    between = tag("span", " · ", aria_hidden="true")
    facts = join([period_text, f"Data as at {long_date(data_as_at)}"], between)
    top = paragraph(council, css_class="council") + status_tag(status, status_text)
    leads = [paragraph(sentence, css_class="lead") for sentence in sentences]
    parts = [
        tag("div", top, css_class="cover-top"),
        tag("h1", title, id="title"),
        paragraph(facts, css_class="facts"),
        *([paragraph(definition, css_class="definition")] if definition else []),
        *leads,
    ]
    return tag("div", join(parts), css_class="cover")


def status_tag(status: str, text: str) -> Html:
    """How final a report is: demonstration, draft or final, always in words."""
    return paragraph(text, css_class=f"status status-{status}")


@dataclass(frozen=True)
class Card:
    """One headline figure: what it counts, the number, how it changed, what it stands on.

    ``line`` is the picture of its last quarters.
    """

    label: str
    figure: Figure
    change: str = ""
    detail: str = ""
    style: formats.Style = "short"
    line: str = ""


def headline(cards: Sequence[Card]) -> Html:
    """Headline figures side by side, each readable alone."""
    items = [_card(card) for card in cards]
    return tag("ul", join(items), css_class=f"cards cards-{len(cards)}", role="list")


def _card(card: Card) -> Html:
    number_look = "card-number"
    if len(formats.display(card.figure, card.style)) > LONG_NUMBER:
        number_look = "card-number is-words"
    lines = {
        "card-label": card.label,
        number_look: figure(card.figure, card.style),
        "card-change": card.change,
        "card-detail": card.detail,
    }
    drawn = tag("div", card.line, css_class="card-line") if card.line else ""
    return in_lines(lines, drawn)


def in_lines(lines: Mapping[str, str], drawn: str = "") -> Html:
    """A card of lines, each by the class that says how it looks, with a drawing below them.

    A line that says nothing is left out.
    """
    written = [paragraph(text, css_class=look) for look, text in lines.items() if text]
    return tag("li", join([*written, drawn]), css_class="card")


def coverage(text: str) -> Html:
    """How much of what should be known is known, right below the cards."""
    return paragraph(tag("strong", "Coverage: "), text, css_class="coverage")


def rag(word: str) -> Html:
    """A status as word, colour and shape. Raises KeyError for a word that is not a status."""
    return tag("span", word, css_class=f"rag rag-{RAG[word]}")


def callout(title: str, items: Sequence[str], level: int = 2) -> Html:
    """Points set apart, such as what a report cannot yet say and what to collect."""
    return tag("div", join([heading(level, title), bullets(items)]), css_class="callout")


def story(title: str, text: str, meta: str, photo: str = "", alt: str = "", said: str = "") -> Html:
    """A case study: photo and a person's words where it has them, its contract and quantity."""
    parts = [heading(3, title)]
    if photo:
        parts.append(tag("img", src=photo, alt=alt))
    parts.append(paragraph(text))
    if said:
        parts.append(paragraph(tag("em", said)))
    parts.append(paragraph(meta, css_class="meta"))
    return tag("article", join(parts), css_class="story")


def front(*parts: str, one_page: bool = True) -> Html:
    """The pieces of page one, the page that is read: it ends its printed page."""
    look = "front one-page" if one_page else "front"
    return tag("section", join(parts), css_class=look, aria_labelledby="title")


CONTENTS = Html("<!-- contents -->")


def contents() -> Html:
    """Where the printed report lists its sections; on a screen the list is at the side."""
    return CONTENTS


def columns(*parts: str) -> Html:
    """Two or three blocks side by side where there is room."""
    blocks = [tag("div", part, css_class="column") for part in parts]
    return tag("div", join(blocks), css_class=f"columns columns-{len(parts)}")


def beside(*parts: str) -> Html:
    """Pieces side by side where there is room; one that prints nothing leaves it to the others."""
    blocks = [part for part in parts if part]
    return columns(*blocks) if len(blocks) > 1 else join(blocks)


def note(text: str) -> Html:
    """Small print."""
    return paragraph(text, css_class="note")

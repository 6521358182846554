"""Page one, the page that is read: what happened, what it means, what needs a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sv_lib.figures.topics.people import AT_LEAST, WORDS
from sv_lib.figures.trail import slug
from sv_lib.present import cards, formats, ladder, pieces
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import fill, say
from sv_lib.present.report import Report
from sv_lib.present.sections import quarters
from sv_lib.present.sections.deprivation import base, verdict

HEADLINES = {
    "residents_into_work": ("Local people who started work", ("card.homes", "card.evidenced")),
    "training_weeks": ("Weeks of training and apprenticeship", ()),
    "delivered_value": ("Social value claimed", ("card.validated",)),
    "delivery_rate": ("Claimed, of what was due", ("card.due",)),
    "local_share": ("Spent with {place} firms", ("card.spent", "card.around")),
}
"""Each headline figure: what it counts, and the sentences on what it stands on."""
GAPS = {
    "homes": "people.home_unknown.this",
    "places": "lens.spend.unknown.place",
    "suppliers": "spend.geography.not-known.this",
    "ownership": "suppliers.ownership.not-answered",
}
"""What may not be known, and the figure of how much of it is not."""


@pieces.text("front.opening")
def _opening(report: Report) -> Html:
    """Council, title, period and status, and what social value is."""
    definition = _first_sentence(report.council.definition)
    return opening(report, report.publication.file.title, [], definition=definition)


def _first_sentence(text: str) -> str:
    """The definition in one line; the methods report has the whole of it."""
    first, stop, _ = text.partition(". ")
    return first + stop.strip()


@pieces.text("front.headlines")
def _with_lines(report: Report) -> Html:
    """The five headline figures, each with the line of its last eight quarters."""
    return headlines(report, quarters.lines(report))


@pieces.text("front.compared")
def _compared(report: Report) -> Html:
    """What headlines are compared with; nothing where there are none."""
    if not any(stands(report, name) for name in HEADLINES):
        return Html()
    return cards.note(say(report, "front.compared"))


def headlines(report: Report, lines: Mapping[str, Html] | None = None) -> Html:
    """The five headline figures, each with its change and, where there are any, its ``lines``."""
    shown = {}
    for name, words in HEADLINES.items():
        if stands(report, name):
            shown[name] = _card(report, name, *words)
    if not shown:
        return Html()
    if lines is None:
        return cards.headline(list(shown.values()))
    return cards.headline([replace(card, line=lines.get(name, "")) for name, card in shown.items()])


def stands(report: Report, part: str) -> bool:
    """Whether what a part of page one needs was supplied."""
    return not ladder.is_left_out(part, ladder.supplied(report))


def who_counts(report: Report) -> dict[str, str]:
    """Words for which people a sentence counts: those who started, or the least at work."""
    headline = report["headline.residents_into_work.this"]
    if WORDS[AT_LEAST] in headline.label:
        # A range has an upper end of its own.
        return {"least": "At least " if headline.is_known else "", "did": "were in work"}
    return {"least": "", "did": "started work"}


def opening(
    report: Report, title: str, sentences: Sequence[str], facts: str = "", definition: str = ""
) -> Html:
    """The cover of a report: council, title, period or other facts, status, first sentences."""
    file = report.publication.file
    status = cards.STATUS[file.status]
    facts = facts or str(report.publication.sv)
    return cards.cover(
        report.council.name,
        title,
        facts,
        file.data_as_at,
        file.status,
        status,
        sentences,
        definition,
    )


def _has_promises(report: Report) -> bool:
    return stands(report, "front_promises")


@pieces.text("front.coverage", when=_has_promises)
def _coverage(report: Report) -> Html:
    """How many contracts reported, and of how many people the home area is known."""
    homes = report["people.home_unknown.this"]
    if report.is_known("delivery.coverage.share.this") and homes.kind == "unknown":
        return cards.coverage(say(report, "front.coverage_alone", why=homes.caution))
    return cards.coverage(say(report, "front.coverage"))


def _card(report: Report, name: str, label: str, details: Sequence[str]) -> cards.Card:
    """The card of one headline; ``details`` are the sentences below it."""
    stem = f"headline.{name}"
    headline = report[f"{stem}.this"]
    moved = say(report, "card.change", stem=stem)
    said = []
    if headline.kind != "unknown":
        said = [_detail(report, detail) for detail in details]
    label = fill(label, report.words)
    if name == "residents_into_work" and WORDS[AT_LEAST] in headline.label:
        label = "Local people in work, at least"
    return cards.Card(label, headline, moved, join(filter(None, said), "; "))


def _detail(report: Report, detail: str) -> Html:
    """One sentence of a card; without a ring around the council there is none of it."""
    tiers = report.council.tiers
    if detail != "card.around":
        return say(report, detail, local=report.local_spend)
    if len(tiers) < 2:
        return Html()
    stem = f"spend.share.{slug(tiers[1].id)}"
    return say(report, detail, ring=tiers[1].name, around=stem)


def _has_reach(report: Report) -> bool:
    return report.has_wards() and stands(report, "front_reach")


@pieces.chart("front.reach", when=_has_reach)
def _reach(report: Report) -> Html:
    """Share of jobs beside share of residents, and where the most deprived ward stands."""
    words = {"base": base(report), "verdict": verdict(report, "jobs.10")}
    table = PageTable(report, "reach", **words)
    chart = table.chart("pairs", "front.reach", size="half")
    places = report.of_most_deprived("ward.{}.per_head.spend")
    if not places:
        return chart
    by = "work done for each resident"
    most = say(report, "wards.most_deprived", places=formats.capital(places), by=by)
    return chart + paragraph(most)


@pieces.text("front.not_known")
def _gaps(report: Report) -> Html:
    """What the report cannot say yet, and what to collect."""
    trail = report.calculation.trail
    # Of what is wholly known, nothing is left to collect.
    points = [
        say(report, f"gap.{gap}")
        for gap, rest in GAPS.items()
        if rest in report and trail[rest].value != 0 and stands(report, gap)
    ]
    left_out = ladder.left_out_words(ladder.supplied(report))
    if left_out:
        sections = ", ".join(left_out)
        points.append(say(report, "gap.left_out", sections=sections))
    return cards.callout("What we cannot yet say", points)

"""Page one, the page that is read: what happened, what it means, what needs a decision."""

from __future__ import annotations

from collections.abc import Sequence

from sv_lib.figures.topics.people import AT_LEAST, WORDS
from sv_lib.present import cards, ladder
from sv_lib.present.markup import Html, join
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import fill, say
from sv_lib.present.report import Report
from sv_lib.present.sections.deprivation import base, verdict

HEADLINES = {
    "residents_into_work": ("Local people into work", ""),
    "training_weeks": ("Weeks of training and apprenticeship", ""),
    "delivered_value": ("Social value claimed", "card.validated"),
    "delivery_rate": ("Claimed, of what was due", "card.due"),
    "local_share": ("Spent with {place} firms", "card.spent"),
}
"""Each headline figure: what it counts, and the sentence on what it stands on."""
GAPS = {
    "homes": "people.home_unknown.this",
    "places": "lens.spend.unknown.place",
    "suppliers": "spend.geography.not-known.this",
    "ownership": "suppliers.ownership.not-answered",
}
"""What may not be known, and the figure of how much of it is not."""


def cover_page(report: Report) -> Html:
    """Cover, three sentences, five headline figures, coverage, reach, and what is not known."""
    cover = _cover(report)
    coverage = Html()
    if stands(report, "front_promises"):
        coverage = cards.coverage(_coverage(report))
    not_known = gaps(report)
    if report.council.wards and stands(report, "front_reach"):
        not_known = cards.columns(_reach(report), not_known)
    definition = cards.note(report.council.definition)
    page_one = cards.front(cover, headlines(report), coverage, not_known, definition)
    return page_one + cards.contents()


def headlines(report: Report) -> Html:
    """The five headline figures, each with its change."""
    standing = {name: words for name, words in HEADLINES.items() if stands(report, name)}
    made = [_card(report, name, *words) for name, words in standing.items()]
    return cards.headline(made) if made else Html()


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


def _cover(report: Report) -> Html:
    people = say(report, _of_people(report), **who_counts(report))
    value = say(report, "front.value")
    spend = say(report, "front.spend", local=report.local_spend)
    paid = report["spend.total.this"]
    if not paid.is_known:
        spend = say(report, "front.spend_missing", why=paid.caution)
    sentences = [spend]
    if stands(report, "front_people"):
        sentences.insert(0, join([people, value], " "))
    if stands(report, "front_promises"):
        sentences.append(_decision(report))
    return opening(report, report.publication.file.title, sentences)


def _of_people(report: Report) -> str:
    """The sentence on people: without weeks of training where these alone are hidden."""
    people, weeks = (
        report[f"headline.{name}.this"] for name in ("residents_into_work", "training_weeks")
    )
    if people.is_told and weeks.kind == "hidden":
        return "front.people_alone"
    return "front.people"


def opening(report: Report, title: str, sentences: Sequence[str], facts: str = "") -> Html:
    """The cover of a report: council, title, period or other facts, status, first sentences."""
    file = report.publication.file
    status = cards.STATUS[file.status]
    facts = facts or str(report.publication.sv)
    return cards.cover(
        report.council.name, title, facts, file.data_as_at, file.status, status, sentences
    )


def _coverage(report: Report) -> Html:
    """How many contracts reported, and of how many people the home area is known."""
    homes = report["people.home_unknown.this"]
    if report.is_known("delivery.coverage.share.this") and homes.kind == "unknown":
        return say(report, "front.coverage_alone", why=homes.caution)
    return say(report, "front.coverage")


def _decision(report: Report) -> Html:
    """The theme that is furthest behind what was due: in pounds, and of equals by its rate."""
    themes = {str(row.slug): str(row.theme) for row in report.records("themes")}
    by_rate = report.lowest([f"theme.{slug}.rate" for slug in themes])
    slugs = [rate.split(".")[1] for rate in by_rate]
    behind = report.highest("theme.{}.owed", slugs)
    if not behind:
        return say(report, "front.decision", theme="", theme_owed="", theme_rate="")
    stem = f"theme.{behind[0]}"
    if report[f"{stem}.owed"].value == 0:
        return say(report, "front.decision_none")
    words = {"theme": themes[behind[0]], "theme_owed": f"{stem}.owed", "theme_rate": f"{stem}.rate"}
    return say(report, "front.decision", **words)


def _card(report: Report, name: str, label: str, detail: str) -> cards.Card:
    """The card of one headline; ``detail`` is the sentence below it, "" for none."""
    stem = f"headline.{name}"
    before = f"{report.before} at the same point"
    # Spend and social value may have different periods, and so different comparators. Payments
    # are all there on the day they are read: they have no later knowledge.
    if name == "local_share":
        before = report.spend_before
    moved = say(report, "card.change", stem=stem, before=before)
    headline = report[f"{stem}.this"]
    said = ""
    if detail and headline.kind != "unknown":
        said = say(report, detail, local=report.local_spend)
    return cards.Card(fill(label, report.words), headline, moved, said)


def _reach(report: Report) -> Html:
    """The deprivation chart: share of jobs beside share of residents."""
    words = {"base": base(report), "verdict": verdict(report, "jobs.10")}
    table = PageTable(report, "reach", **words)
    return table.chart("pairs", "front.reach", size="half")


def gaps(report: Report) -> Html:
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

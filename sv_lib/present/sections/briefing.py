"""The borough briefing: one page for press, cabinet and partners, fit to print alone."""

from __future__ import annotations

from typing import Any

from sv_lib.present import cards, formats, pieces
from sv_lib.present.markup import Html, bullets, heading, join, paragraph, tag
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import fill, say, why
from sv_lib.present.report import Report
from sv_lib.present.sections.front import opening
from sv_lib.present.sections.ward_map import TABLE_OF_WARDS, ward_map

IN_A_YEAR = 4
"""Quarters."""
LEAST_DRAWN = 2
"""Quarters that are known, below which a line says nothing."""
NUMBERS = (
    ("residents_into_work", "Local people into work", ""),
    ("training_weeks", "Weeks of training and apprenticeship", ""),
    ("delivered_value", "Social value claimed", "briefing.validated"),
    ("delivery_rate", "Claimed, of what was due", "briefing.due"),
    ("local_share", "Spent with {place} firms", "card.spent"),
)
"""Each headline figure, what it counts, and the sentence on what it stands on."""
EACH = "ward.{}.per_head.spend"
"""Work done in a ward for each of its residents."""


@pieces.text("briefing.opening")
def _opening(report: Report) -> Html:
    """Council, title, period and status."""
    return opening(report, f"Briefing: {report.publication.file.title}", [])


@pieces.text("briefing.numbers")
def _numbers(report: Report) -> Html:
    """Five numbers."""
    return cards.headline([_card(report, *one) for one in NUMBERS])


def _card(report: Report, name: str, label: str, detail: str) -> cards.Card:
    """The card of one headline; ``detail`` is the sentence below it, "" for none."""
    headline = report[f"headline.{name}.this"]
    moved = say(report, "briefing.change", change=f"headline.{name}.change")
    said = Html()
    if detail and headline.kind != "unknown":
        said = say(report, detail, local=report.local_spend)
    return cards.Card(fill(label, report.words), headline, moved, said)


@pieces.chart("briefing.map")
def _map(report: Report) -> Html:
    """Where work was done."""
    table = f"{report.publication.file.kind}.html{TABLE_OF_WARDS}"
    return ward_map(report, size="half", table=table)


@pieces.chart("briefing.quarters")
def _quarters(report: Report) -> Html:
    """How much of what was due was claimed and validated by the end of each of eight quarters."""
    quarters = list(report.records("quarters"))
    last, year_before = quarters[-1], quarters[-1 - IN_A_YEAR]
    table = PageTable(report, "quarters-of-dues")
    for row in quarters:
        table.add(row.words, quarter=row.quarter)
    missing = _missing(report, quarters)
    known = [row for row in quarters if report.is_known(f"quarter.{row.quarter}.rate")]
    if len(known) < LEAST_DRAWN:
        return join([paragraph("No chart of the last eight quarters."), *missing])
    chart = table.chart(
        "lines",
        "briefing.quarters",
        "half",
        quarter=last.quarter,
        until=last.words,
        year_before=year_before.quarter,
    )
    return join([chart, *missing])


def _missing(report: Report, quarters: list[Any]) -> list[Html]:
    """Which quarters are hidden, and which are not known and why."""
    rates = [(report[f"quarter.{row.quarter}.rate"], row.words) for row in quarters]
    rates += [(report[f"quarter.{row.quarter}.validated_rate"], row.words) for row in quarters]
    notes = []
    for kind in ("hidden", "unknown"):
        found = {words: rate for rate, words in rates if not rate.is_known}
        named = [
            words for words, rate in found.items() if (rate.kind == "hidden") == (kind == "hidden")
        ]
        if named:
            reason = why(found[named[-1]])
            words = {"quarters": ", ".join(named), "why": reason}
            notes.append(cards.note(say(report, f"briefing.quarters_{kind}", **words)))
    return notes


@pieces.text("briefing.found")
def _found(report: Report) -> Html:
    """Three findings."""
    promises = say(report, "briefing.found_promises")
    money = say(report, "briefing.found_money")
    return heading(2, "What we found") + bullets([promises, _found_places(report), money])


@pieces.text("briefing.asked")
def _asked(report: Report) -> Html:
    """Three asks."""
    ending = say(report, "briefing.ask_ending")
    returns = say(report, "briefing.ask_returns")
    return cards.callout("What we ask", [_ask_behind(report), ending, returns])


def _found_places(report: Report) -> Html:
    """What is done in the most deprived ward for each resident, and where that stands."""
    places = report.of_most_deprived(EACH)
    if not places:
        return say(report, "briefing.found_no_places")
    if len(report.most_deprived) > 1:
        return say(report, "briefing.found_places", places=formats.capital(places))
    (ward,) = report.most_deprived
    each = EACH.format(ward)
    return say(report, "briefing.found_place", each=each, places=formats.capital(places))


def _ask_behind(report: Report) -> Html:
    """Ask where most is owed: the theme with the most due and not claimed."""
    themes = report.themes
    known = [slug for slug in themes if report.calculation.trail[f"theme.{slug}.owed"].is_known]
    behind = report.highest("theme.{}.owed", known)
    if not behind or not report[f"theme.{behind[0]}.owed"].value:
        return say(report, "briefing.ask_no_theme")
    return say(report, "briefing.ask_theme", slug=behind[0], theme=themes[behind[0]].lower())


@pieces.text("briefing.who_to_call")
def _who_to_call(report: Report) -> Html:
    """Who to call."""
    return paragraph(tag("strong", "Who to call: "), report.council.contact)


@pieces.text("briefing.definition")
def _definition(report: Report) -> Html:
    """What social value is."""
    return cards.note(report.council.definition)

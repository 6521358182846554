"""The borough briefing: one page for press, cabinet and partners, fit to print alone."""

from __future__ import annotations

from typing import Any

from sv_lib.intake.input_files import locate
from sv_lib.present import cards, formats, maps
from sv_lib.present.markup import Html, bullets, heading, join, paragraph, tag
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import fill, say, why
from sv_lib.present.report import Report
from sv_lib.present.sections.front import opening
from sv_lib.present.sections.wards import map_words, ward_tiles
from sv_lib.present.tables import records

IN_A_YEAR = 4
"""Quarters."""
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


def briefing_numbers(report: Report) -> Html:
    """Title and five numbers."""
    title = f"Briefing: {report.publication.file.title}"
    made = [_card(report, *one) for one in NUMBERS]
    return opening(report, title, []) + cards.headline(made)


def _card(report: Report, name: str, label: str, detail: str) -> cards.Card:
    """The card of one headline; ``detail`` is the sentence below it, "" for none."""
    headline = report[f"headline.{name}.this"]
    moved = say(report, "briefing.change", change=f"headline.{name}.change")
    said = Html()
    if detail and headline.kind != "unknown":
        said = say(report, detail, local=report.local_spend)
    return cards.Card(fill(label, report.words), headline, moved, said)


def where_and_when(report: Report) -> Html:
    """The map beside eight quarters."""
    return cards.columns(*filter(None, [_map(report), _quarters(report)]))


def _map(report: Report) -> Html:
    """Work done by ward, in outlines or squares; no map where no ward has an amount to show."""
    council = report.council
    tiles = ward_tiles(report) if council.wards else []
    if not any(tile.number.value or tile.number.kind == "hidden" for tile in tiles):
        return Html()
    shapes = maps.squares(council)
    if council.boundaries:
        shapes = maps.outlines(locate(report.publication, council.boundaries))
    table = f"{report.publication.file.kind}.html#wards"
    words = map_words(report)._replace(table=table)
    alt = join(["Map of the wards, darker where more work was done. ", words.title, "."])
    return maps.outline_map("ward-map", tiles, shapes, words, alt=alt, size="half")


def _quarters(report: Report) -> Html:
    """How much of what was due was claimed and validated by the end of each of eight quarters."""
    quarters = list(records(report.rows("quarters", "calendar", "sv")))
    last, year_before = quarters[-1], quarters[-1 - IN_A_YEAR]
    table = PageTable(report, "quarters")
    for row in quarters:
        table.add(row.words, quarter=row.quarter)
    chart = table.chart(
        "lines",
        "briefing.quarters",
        "half",
        quarter=last.quarter,
        until=last.words,
        year_before=year_before.quarter,
    )
    return join([chart, *_missing(report, quarters)])


def _missing(report: Report, quarters: list[Any]) -> list[Html]:
    """Which quarters are not given, and why: a line for each reason."""
    named: dict[str, list[str]] = {}
    for row in quarters:
        for part in ("rate", "validated_rate"):
            rate = report[f"quarter.{row.quarter}.{part}"]
            reason = named.setdefault(why(rate), [])
            if not rate.is_known and row.words not in reason:
                reason.append(row.words)
    return [
        cards.note(say(report, "briefing.quarters_missing", quarters=", ".join(which), why=reason))
        for reason, which in named.items()
        if which
    ]


def found_and_asked(report: Report) -> Html:
    """Three findings beside three asks."""
    found = [say(report, "briefing.found_promises"), say(report, "briefing.found_money")]
    asked = [_ask_behind(report), say(report, "briefing.ask_ending")]
    found.insert(1, _found_places(report))
    asked.append(say(report, "briefing.ask_returns"))
    findings = heading(2, "What we found") + bullets(found)
    return cards.columns(findings, cards.callout("What we ask", asked))


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
    themes = {str(row.slug): str(row.theme) for row in report.records("themes")}
    known = [slug for slug in themes if report.calculation.trail[f"theme.{slug}.owed"].is_known]
    behind = report.highest("theme.{}.owed", known)
    if not behind or not report[f"theme.{behind[0]}.owed"].value:
        return say(report, "briefing.ask_no_theme")
    return say(report, "briefing.ask_theme", slug=behind[0], theme=themes[behind[0]].lower())


def who_to_call(report: Report) -> Html:
    """Who to call, or that nobody is named; then what social value is."""
    contact = report.council.contact.strip() or "no contact is given"
    called = paragraph(tag("strong", "Who to call: "), contact)
    return called + cards.note(report.council.definition)

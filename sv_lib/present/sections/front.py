"""Page one, the page that is read: what happened, what it means, what needs a decision."""

from __future__ import annotations

from collections.abc import Sequence

from sv_lib.present import cards, charts, tables
from sv_lib.present.formats import Style
from sv_lib.present.markup import Html, join
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.tables import percent, records


def cover_page(report: Report) -> Html:
    """The first page: cover, three sentences, five headline figures, coverage, reach, and what
    cannot
    be said yet.
    """
    page_one = cards.front(
        _cover(report),
        headlines(report),
        cards.coverage(say(report, "front.coverage")),
        cards.columns(_reach(report), gaps(report)) if report.council.wards else gaps(report),
        cards.note(report.council.definition),
    )
    return page_one + cards.contents()


def headlines(report: Report) -> Html:
    """The five headline figures, each with its change."""
    return cards.headline([_card(report, *spec) for spec in _specs(report)])


def _cover(report: Report) -> Html:
    people = join([say(report, "front.people"), say(report, "front.value")], " ")
    local, place = f"spend.geography.{home(report)}.this", report.council.place
    spend = say(report, "front.spend", local=local, place=place)
    return opening(report, report.publication.file.title, [people, spend, _decision(report)])


def opening(report: Report, title: str, sentences: Sequence[str], facts: str = "") -> Html:
    """The cover of a report: whose it is, its period or other facts, how final it is, and how it
    begins.
    """
    file, facts = report.publication.file, facts or str(report.publication.sv)
    status = cards.STATUS[file.status]
    return cards.cover(
        report.council.name, title, facts, file.data_as_at, file.status, status, sentences
    )


def _decision(report: Report) -> Html:
    """The theme that is furthest behind what was due."""
    rates = {str(row.theme): f"theme.{row.slug}.rate" for row in records(report.table("themes"))}
    worst = next(iter(report.lowest(rates.values())), "")
    theme = next((name for name, rate in rates.items() if rate == worst), "")
    return say(report, "front.decision", theme=theme, theme_rate=worst)


def home(report: Report) -> str:
    """The id of the innermost ring of the geography."""
    return report.council.tiers[0].id if report.council.tiers else "not-known"


def _specs(report: Report) -> list[tuple[str, str, Html | str, Style]]:
    """Label, stem of the figure, what it stands on, and style of each headline card."""
    place = home(report)
    return [
        ("Local people into work", "headline.residents_into_work", "", "short"),
        ("Weeks of training and apprenticeship", "headline.training_weeks", "", "short"),
        (
            "Social value delivered",
            "headline.delivered_value",
            join(["validated ", report.say("headline.validated_value.this")]),
            "short",
        ),
        (
            "Delivered, of what was due",
            "headline.delivery_rate",
            join([report.say("delivery.reported.this"), " of ", report.say("delivery.due.this")]),
            "short",
        ),
        (
            f"Spent with {report.council.place} firms",
            "headline.local_share",
            join(
                [
                    report.say(f"spend.geography.{place}.this"),
                    " of ",
                    report.say("spend.total.this"),
                ]
            ),
            "short",
        ),
    ]


def _card(report: Report, label: str, stem: str, detail: Html | str, style: Style) -> cards.Card:
    before = report.spend_before if stem == "headline.local_share" else report.before
    moved = say(report, "card.change", change=f"{stem}.change", before=before)
    return cards.Card(label, report[f"{stem}.this"], moved, detail, style)


def _reach(report: Report) -> Html:
    """The deprivation chart: share of jobs beside share of residents."""
    rows = tuple(
        (
            f"Most deprived {cut}% of areas",
            report[f"reach.jobs.{cut}.share"],
            report[f"population.share_{cut}"],
        )
        for cut in ("10", "20")
    )
    table = tables.DataTable(
        "reach",
        "Share of jobs and of residents in the most deprived areas",
        (tables.TableColumn("Areas"), percent("of jobs"), percent("of residents")),
        rows,
        source="Suppliers' quarterly returns (home areas); English indices of deprivation",
    )
    words = {"share": "reach.jobs.10.share", "population": "population.share_10"}
    return charts.chart(
        "pairs",
        table,
        size="half",
        title=say(report, "front.reach_title", **words),
        subtitle=f"Share of people into work, and of residents; {report.council.place}, "
        f"{report.publication.sv}; %",
        alt=say(report, "front.reach_alt", **words),
    )


def gaps(report: Report) -> Html:
    """What the report cannot say yet, and what to collect."""
    points = [
        say(report, "gap.homes"),
        say(report, "gap.places") if report.council.wards else "",
        say(report, "gap.suppliers"),
        say(report, "gap.ownership"),
    ]
    return cards.callout("What we cannot yet say", [point for point in points if point])

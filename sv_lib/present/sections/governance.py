"""Fair chances and compliance, stories, the action plan, the Board's questions, the forecast."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sv_lib.analysis.compliance import BANDS
from sv_lib.figures.saved import PHOTOS
from sv_lib.figures.trail import slug
from sv_lib.intake.tables.dictionary import NO_SECTION, PARTNERS
from sv_lib.periods import long_date
from sv_lib.present import cards, charts, formats, tables
from sv_lib.present.markdown import story_text
from sv_lib.present.markup import Html, anchor, join, link, paragraph, tag
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.tables import (
    DataTable,
    TableColumn,
    TableRow,
    date_cell,
    millions,
    number,
    records,
    thousands,
)

LOG = "Engagement log"
STORIES_SHOWN, EVENTS_SHOWN = 2, 5
NO_SUCCESSOR = "none yet"
ENDING = (
    TableColumn("Contract"),
    TableColumn("Ends"),
    TableColumn("Followed by"),
    thousands("Value"),
    thousands("Promised, not delivered"),
)


def compliance(report: Report) -> Html:
    """Quotes under the threshold, the policy's rules, returns on time, ratings of the largest
    contracts.
    """
    said = [
        paragraph(say(report, f"compliance.{topic}"))
        for topic in ("rules", "tenders", "bids", "returns")
    ]
    beside = [block for block in (_reasons(report), _scores(report), _ratings(report)) if block]
    return join(
        [
            paragraph(say(report, "compliance.quotes")),
            _quotes(report),
            *said,
            cards.columns(*beside),
        ]
    )


def _ratings(report: Report) -> Html:
    """How contracts over the rating threshold were last rated, in the words of the Act."""
    ratings = (
        "Good",
        "Approaching target",
        "Requires improvement",
        "Inadequate",
        "Other",
        "not rated",
    )
    rows: list[TableRow] = [
        (formats.capital(rating), report[f"compliance.kpi.{slug(rating)}"]) for rating in ratings
    ]
    rows.append(("All rated contracts", report["compliance.kpi.all"]))
    columns = (TableColumn("Rating"), number("Contracts"))
    return tables.show(
        "ratings",
        "Latest ratings, over the rating threshold",
        columns,
        rows,
        source="Contracts register",
        has_total=True,
    )


def _quotes(report: Report) -> Html:
    """Local quotes by directorate, and how many were asked."""
    found = report.table("directorates")
    if found.empty:
        return Html()
    parts = ("all", "yes", "no", "not-known", "local_share")
    counted = ("Purchases", "Local quote", "No local quote", "Not recorded")
    columns = (
        TableColumn("Directorate"),
        *(number(word) for word in counted),
        TableColumn("With a local quote", "%", "bare"),
    )
    rows = [
        (row.directorate, *report.each(f"compliance.quotes.{row.slug}", parts))
        for row in records(found)
    ]
    rows.append(("All", *report.each("compliance.quotes", parts)))
    shown = tables.show(
        "quotes",
        "Purchases under the quotes threshold",
        columns,
        rows,
        source="Quotes log",
        has_total=True,
    )
    return shown + paragraph(say(report, "compliance.invited"))


def _reasons(report: Report) -> Html:
    """Why there was no local quote."""
    rows = [
        (row.reason, report[f"compliance.reason.{row.slug}"])
        for row in records(report.table("reasons"))
    ]
    columns = (TableColumn("Reason"), number("Purchases"))
    return (
        tables.show("reasons", "Why no quote was local", columns, rows, source="Quotes log")
        if rows
        else Html()
    )


def _scores(report: Report) -> Html:
    """How winners scored on social value: whether price was overridden is the line above."""
    bands = (*BANDS, "not known")
    rows = [(band.capitalize(), report[f"compliance.score.{slug(band)}"]) for band in bands]
    caption, columns = (
        "Winners' social value scores, over the threshold",
        (TableColumn("Score"), number("Contracts")),
    )
    return tables.show("scores", caption, columns, rows, source="Contracts register")


def opportunities(report: Report) -> Html:
    """Where to ask: contracts in scope without commitments, and what contracts of each category
    usually promise.
    """
    bare, usual = (
        report.table("without_commitments").set_index("contract_id"),
        report.table("typical"),
    )
    slugs = dict(zip(usual["category"], usual["slug"], strict=True))
    shown = [paragraph(say(report, "opportunities.lead"))]
    rows = [
        (
            f"{contract}: {bare['title'][contract]}",
            bare["directorate"][contract],
            report[f"contract.{slug(contract)}.value"],
            report[f"typical.{slugs[kind]}.median"]
            if (kind := bare["category"][contract]) in slugs
            else "none yet",
        )
        for contract in report.highest("contract.{}.value", bare.index)[:5]
    ]
    columns = (
        TableColumn("Contract"),
        TableColumn("Directorate"),
        thousands("Value"),
        TableColumn("Its category usually promises", "% of value", "bare"),
    )
    source = "Contracts register and commitments; all are in data/without_commitments.csv"
    caption = "The five largest contracts in scope without commitments"
    shown += [tables.show("bare", caption, columns, rows, source=source)] if rows else []
    ranges = [
        (row.category, str(row.of), *report.each(f"typical.{row.slug}", ("low", "median", "high")))
        for row in records(usual)
    ]
    heads = (TableColumn(word, "% of value", "bare") for word in ("Least", "Median", "Most"))
    spread = (TableColumn("Category"), TableColumn("Contracts with commitments"), *heads)
    note = (
        "Commitments over the value of the contract; of an even number the lower middle "
        "contract is the median."
    )
    shown += (
        [
            tables.show(
                "typical",
                "What contracts of each category promise",
                spread,
                ranges,
                source="Contracts register and commitments",
                notes=(note,),
            )
        ]
        if ranges
        else []
    )
    return join(shown)


def pipeline(report: Report) -> Html:
    """Contracts that end within twelve months, largest first, and what they have not yet
    delivered.
    """
    lead, ending = paragraph(say(report, "pipeline.lead")), report.table("ending")
    return (
        lead
        if ending.empty
        else lead
        + tables.show(
            "ending",
            "The ten largest contracts that end within twelve months",
            ENDING,
            ending_rows(report, ending, 10),
            source="Contracts register and returns",
        )
    )


def ending_rows(report: Report, ending: pd.DataFrame, most: int) -> list[TableRow]:
    """The largest contracts that end: when, followed by what, worth what, and what is not yet
    delivered.
    """
    by_id = ending.set_index("contract_id")
    return [
        (
            f"{contract}: {by_id['title'][contract]}",
            date_cell(by_id["last_on"][contract].date()),
            by_id["successor_title"][contract] or NO_SUCCESSOR,
            *report.each(f"contract.{slug(contract)}", ("value", "undelivered")),
        )
        for contract in report.highest("contract.{}.value", by_id.index)[:most]
    ]


def stories(report: Report) -> Html:
    """The latest stories of the period, each with its contract, measure and quantity."""
    known = report.table("stories")
    day = known["on"].dt.date
    period = report.publication.sv
    mine = known[(day >= period.start) & (day <= report.publication.file.data_as_at)].sort_values(
        "on", ascending=False, kind="stable"
    )
    if mine.empty:
        return paragraph("No story with consent was supplied for this period.")
    told = cards.columns(*(one_story(report, row) for row in records(mine.head(STORIES_SHOWN))))
    more = "Each ward report has the latest story of its ward; data/stories.csv has them all."
    return told + paragraph(more) if len(mine) > STORIES_SHOWN else told


def one_story(report: Report, row: Any) -> Html:
    """One story, its Markdown rendered with raw HTML off."""
    units = report.table("measures").set_index("measure_ref")["unit"]
    ref, quantity = str(row.measure_ref), row.quantity
    contract, ward = str(row.contract_id), str(row.ward_code)
    unit = units.get(ref, "")
    amount = f"£{quantity:,f}" if unit == "GBP" else f"{quantity:,f} {unit}"
    place = report.council.ward_name(ward)
    meta = f"{place} · contract {contract} · measure {ref}: {amount} · published with consent"
    photo = "".join(report.rows(PHOTOS, "story_id", str(row.story_id))["image"])
    return cards.story(str(row.title), story_text(str(row.story)), meta, photo, str(row.photo_alt))


def action_plan(report: Report) -> Html:
    """Every action with its status as word, colour and shape."""
    actions = report.table("actions")
    if actions.empty:
        return paragraph("No action plan was supplied.")
    due = [date_cell(day.date()) if pd.notna(day) else "no date" for day in actions["due_on"]]
    rows = [
        (row.action, cards.rag(row.status), day, row.owner, row.progress)
        for row, day in zip(records(actions), due, strict=True)
    ]
    columns = [TableColumn(word) for word in ("Action", "Status", "Due", "Owner", "Progress")]
    return tables.show("actions", "Action plan", columns, rows, source="The council's action plan")


def questions(report: Report) -> Html:
    """What the Board asked, and where this report answers it."""
    asked = report.table("scrutiny")
    if asked.empty:
        return paragraph("No questions were supplied.")
    rows = tuple(
        (row.question, _answer(report, row), _where(str(row.section))) for row in records(asked)
    )
    columns = (TableColumn("Asked"), TableColumn("Answer"), TableColumn("Where"))
    return tables.show(
        "questions",
        "What the Board asked and resolved",
        columns,
        rows,
        source="Minutes, in our words",
    )


def _answer(report: Report, row: Any) -> Html:
    figure_id, answer = row.figure_id, str(row.answer)
    if isinstance(figure_id, str) and figure_id in report:
        return join([tag("strong", report.say(figure_id)), ". ", answer])
    return join([answer])


def _where(section: str) -> Html:
    """A link to the section of this report; front page and ward reports are named in words."""
    if section in NO_SECTION:
        return Html("First page" if section == "Headlines" else section)
    return link(section, f"#{anchor(section)}")


def engagement(report: Report) -> Html:
    """Events held in the period by partner, with who came, and the next ones to come."""
    if not report["engagement.all.held"].is_known:
        return paragraph("No events were supplied.")
    rows: list[TableRow] = [
        (formats.capital(partner), *report.each(f"engagement.{slug(partner)}", ("held", "reached")))
        for partner in (*PARTNERS, "all")
    ]
    columns = (TableColumn("With"), number("Events held"), number("People reached, where recorded"))
    held = tables.show(
        "held", f"Events held, {report.publication.sv}", columns, rows, source=LOG, has_total=True
    )
    return join([held, _parishes(report), _coming(report)])


def _parishes(report: Report) -> Html:
    """How many parish councils were told of opportunities, and which were not."""
    known = report.table("parishes").drop_duplicates("parish")
    if known.empty:
        return paragraph(
            "No contact with a parish council is in the log: record the parish with each event."
        )
    said = say(report, "engagement.parishes")
    left = known.loc[known["told_on"].isna(), "parish"].sort_values().tolist()
    named = f"Not told in the period: {', '.join(left)}." if left else "None was left out."
    if "parishes" not in report.publication.inputs:
        named += " Only those in the log are known: supply the list of parishes."
    return paragraph(
        said, " ", named, " Each contact, its day and who to ask is in data/events.csv."
    )


def _coming(report: Report) -> Html:
    """The next events of the log, with who to ask."""
    events = report.table("events")
    later = events[events["on"].dt.date > report.publication.file.data_as_at].sort_values(
        "on", kind="stable"
    )
    if later.empty:
        return paragraph("No event to come is in the log.")
    wide = tag("span", "borough-wide", css_class="whole")
    rows = [
        (
            f"{long_date(row.on.date())}: {row.title}",
            row.partner,
            row.parish if isinstance(row.parish, str) else wide,
            row.contact,
        )
        for row in records(later.head(EVENTS_SHOWN))
    ]
    columns = [TableColumn(word) for word in ("Event", "With", "Parish", "Who to ask")]
    return tables.show("events", "Events to come", columns, rows, source=LOG)


def forecast(report: Report) -> Html:
    """Delivery to the year's end with its interval, and how far off the rule was a year ago."""
    lead = paragraph(say(report, "forecast.lead"))
    test = paragraph(say(report, "forecast.test", error_change="forecast.back_test.error"))
    expected = report.each("forecast.year_end", ("low", "central", "high"))
    if not all(figure.is_known for figure in expected):
        return lead + test
    columns = (TableColumn("Delivery"), millions("Low"), millions("Central"), millions("High"))
    rows: tuple[TableRow, ...] = (
        (f"Year to {long_date(report.publication.sv_year.end)}", *expected),
    )
    table = DataTable(
        "forecast",
        "Forecast of social value delivered in the year",
        columns,
        rows,
        source="Returns, commitments and milestones",
    )
    chart = charts.chart(
        "range",
        table,
        title=say(report, "forecast.title"),
        alt=say(report, "forecast.alt"),
        subtitle=f"Social value delivered; {report.council.place}, "
        f"{report.publication.sv_year}; £ million",
    )
    return join([lead, chart, test])

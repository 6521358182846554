"""Fair chances and compliance, stories, the action plan, the Board's questions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sv_lib.analysis.compliance import ACT, BANDS, RATED_FROM
from sv_lib.figures.saved import PHOTOS
from sv_lib.figures.trail import slug
from sv_lib.intake.tables.dictionary import NO_SECTION, PARTNERS
from sv_lib.periods import long_date
from sv_lib.present import cards, formats
from sv_lib.present.formats import capital
from sv_lib.present.markdown import story_text
from sv_lib.present.markup import Html, anchor, join, link, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.tables import TableCell, date_cell, records, told_apart

STORIES_SHOWN = 2
EVENTS_SHOWN = 5
ENDING_SHOWN = 10
BARE_SHOWN = 5


def compliance(report: Report) -> Html:
    """Quotes under the threshold, the policy's rules, returns on time, ratings of contracts.

    A law that was not in force on the day of the data is not named.
    """
    parts = [sentence(report, "compliance.quotes"), _quotes(report)]
    topics = ("rules", "tenders", "bids", "returns")
    parts += [sentence(report, f"compliance.{topic}") for topic in topics]
    beside = [show_table(report, "reasons"), _scores(report), _own_ratings(report)]
    parts.append(cards.columns(*filter(None, beside)))
    return join([*parts, _duty(report)])


def _own_ratings(report: Report) -> Html:
    """The ratings that the council gave where no law asked for them, if there are any."""
    if not report["compliance.own_rating.all"].value:
        return Html()
    caption = "The council's own ratings"
    return show_table(report, "ratings", caption=caption, whose="own_rating")


def _duty(report: Report) -> Html:
    """How contracts stand under the law that asks for ratings, once it was in force."""
    if report.publication.file.data_as_at < RATED_FROM:
        return sentence(report, "compliance.no_duty")
    limit = formats.display(formats.amount(report.council.thresholds.kpi_rating, "pence"))
    law = {"law": ACT, "limit": limit}
    said = sentence(report, "compliance.duty", **law)
    if not report.is_known("compliance.kpi.all"):
        return said
    tables = [show_table(report, "duty", **law)]
    if report["compliance.rating.all"].value:
        caption = f"Ratings under the {ACT}"
        table = PageTable(report, "ratings", "ratings-of-the-act", caption=caption, whose="rating")
        tables.append(table.show())
    return said + cards.columns(*tables)


def _quotes(report: Report) -> Html:
    """Local quotes by directorate, and how many were asked."""
    if report.frame("directorates").empty:
        return Html()
    return show_table(report, "quotes") + sentence(report, "compliance.invited")


def _scores(report: Report) -> Html:
    """How winners scored on social value: whether price was overridden is the line above."""
    table = PageTable(report, "scores")
    for band in (*BANDS, "not known"):
        table.add(band.capitalize(), band=slug(band))
    return table.show()


def opportunities(report: Report) -> Html:
    """Where to ask: contracts in scope without commitments, and what each category promises."""
    lead = sentence(report, "opportunities.lead")
    return join([lead, _without_commitments(report), show_table(report, "typical")])


def _without_commitments(report: Report) -> Html:
    """The largest contracts that promise nothing, with what their category usually promises."""
    bare = report.frame("without_commitments").set_index("contract_id")
    usual = {row.category: row.slug for row in report.records("typical")}
    table = PageTable(report, "bare")
    for contract in report.highest("contract.{}.value", bare.index)[:BARE_SHOWN]:
        row = bare.loc[contract]
        category = usual.get(row["category"])
        promised: TableCell = "none yet"
        if category:
            promised = report[f"typical.{category}.median"]
        label = f"{contract}: {row['title']}"
        table.add(label, str(row["directorate"]), promised, contract=slug(contract))
    return table.show()


def pipeline(report: Report) -> Html:
    """Contracts that end within twelve months, largest first, and what they still owe."""
    lead = sentence(report, "pipeline.lead")
    ending = report.frame("ending")
    if ending.empty:
        return lead
    table = PageTable(report, "ending")
    add_ending(table, ending, ENDING_SHOWN)
    return lead + table.show()


def add_ending(table: PageTable, ending: pd.DataFrame, most: int) -> None:
    """Add the largest contracts that end: when, followed by what, and the figures of each."""
    by_id = ending.set_index("contract_id")
    largest = table.report.highest("contract.{}.value", by_id.index)
    for contract in largest[:most]:
        row = by_id.loc[contract]
        label = f"{contract}: {row['title']}"
        ends = date_cell(row["last_on"].date())
        followed_by = row["successor_title"] or "none yet"
        table.add(label, ends, followed_by, contract=slug(contract))


def stories(report: Report) -> Html:
    """The latest stories of the period, each with its contract, measure and quantity."""
    known = report.frame("stories")
    day = known["on"].dt.date
    is_told = (day >= report.publication.sv.start) & (day <= report.publication.file.data_as_at)
    mine = known[is_told].sort_values("on", ascending=False, kind="stable")
    if mine.empty:
        return paragraph("No story with consent was supplied for this period.")
    latest = [one_story(report, row) for row in records(mine.head(STORIES_SHOWN))]
    told = cards.columns(*latest)
    if len(mine) <= STORIES_SHOWN:
        return told
    more = "Each ward report has the latest story of its ward; data/stories.csv has them all."
    return told + paragraph(more)


def one_story(report: Report, row: Any) -> Html:
    """One story, its Markdown rendered with raw HTML off."""
    ref = str(row.measure_ref)
    units = report.frame("measures").set_index("measure_ref")["unit"]
    unit = units.get(ref, "")
    amount = f"{row.quantity:,f} {unit}"
    if unit == "GBP":
        amount = f"£{row.quantity:,f}"
    meta = say(
        report,
        "stories.meta",
        where=report.council.ward_name(str(row.ward_code)),
        contract=str(row.contract_id),
        measure=ref,
        amount=amount,
    )
    photos = report.rows(PHOTOS, "story_id", str(row.story_id))["image"]
    text = story_text(str(row.story))
    return cards.story(str(row.title), text, meta, "".join(photos), str(row.photo_alt))


def action_plan(report: Report) -> Html:
    """Every action with its status as word, colour and shape."""
    table = PageTable(report, "actions")
    for row in report.records("actions"):
        due = "no date"
        if pd.notna(row.due_on):
            due = date_cell(row.due_on.date())
        table.add(row.action, cards.rag(row.status), due, row.owner, row.progress)
    return table.show()


def questions(report: Report) -> Html:
    """What the Board asked, and where this report answers it."""
    table = PageTable(report, "questions")
    for row in report.records("scrutiny"):
        table.add(row.question, _answer(report, row), _where(str(row.section)))
    return table.show()


def _answer(report: Report, row: Any) -> Html:
    answer = str(row.answer)
    figure_id = row.figure_id
    if isinstance(figure_id, str) and figure_id in report:
        return join([tag("strong", report.say(figure_id)), ". ", answer])
    return join([answer])


def _where(section: str) -> Html:
    """A link to the section of this report; front page and ward reports are named in words."""
    if section == "Headlines":
        return Html("First page")
    if section in NO_SECTION:
        return Html(section)
    return link(section, f"#{anchor(section)}")


def engagement(report: Report) -> Html:
    """Events held in the period by partner, with who came, and the next ones to come."""
    everything = report["engagement.all.held"]
    if everything.is_known:
        held = PageTable(report, "held")
        for partner in (*PARTNERS, "all"):
            held.add(capital(partner), partner=slug(partner))
        said = held.show() + _parishes(report)
    else:
        said = paragraph("Which events were held is not known: ", everything.caution, ".")
    return said + _coming(report)


def _parishes(report: Report) -> Html:
    """How many parish councils were told of opportunities, and which were not."""
    known = report.frame("parishes").drop_duplicates("parish")
    if known.empty:
        return paragraph(
            "No contact with a parish council is in the log: record the parish with each event."
        )
    said = say(report, "engagement.parishes")
    is_left = known["told_on"].isna()
    left = known.loc[is_left, "parish"].sort_values()
    named = "None was left out."
    if is_left.any():
        named = f"Not told in the period: {', '.join(left)}."
    if "parishes" not in report.publication.inputs:
        named += " Only those in the log are known: supply the list of parishes."
    return paragraph(
        said, " ", named, " Each contact, its day and who to ask is in data/events.csv."
    )


def _coming(report: Report) -> Html:
    """The next events of the log, with who to ask."""
    events = report.frame("events")
    is_later = events["on"].dt.date > report.publication.file.data_as_at
    later = events[is_later].sort_values("on", kind="stable")
    table = PageTable(report, "events")
    shown = list(records(later.head(EVENTS_SHOWN)))
    labels = told_apart(f"{long_date(row.on.date())}: {row.title}" for row in shown)
    for label, row in zip(labels, shown, strict=True):
        parish = row.parish
        if not isinstance(parish, str):
            parish = tag("span", "borough-wide", css_class="whole")
        table.add(label, row.partner, parish, row.contact)
    return table.show()

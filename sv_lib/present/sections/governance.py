"""Fair chances and compliance, contracts that end, stories, events."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis.compliance import ACT, BANDS, RATED_FROM
from sv_lib.figures.trail import slug
from sv_lib.intake.tables.dictionary import PARTNERS
from sv_lib.periods import long_date
from sv_lib.present import cards, formats
from sv_lib.present.formats import capital
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.tables import TableCell, date_cell, records, told_apart

EVENTS_SHOWN = 5
ENDING_SHOWN = 10
BARE_SHOWN = 5


def compliance(report: Report) -> Html:
    """Fair chances and rules kept, n of N; then quotes, scores, returns, ratings of contracts.

    A law that was not in force on the day of the data is not named.
    """
    return join([fair_chances(report), rules_kept(report)])


def fair_chances(report: Report) -> Html:
    """Who owns the firms paid, who pays the Living Wage, who was asked: in counts."""
    sentences = [
        paragraph(say(report, "suppliers.ownership"), _rounding(report)),
        sentence(report, "suppliers.wage"),
        sentence(report, "compliance.quotes"),
        sentence(report, "compliance.tenders"),
    ]
    return join([*sentences, show_table(report, "chances")])


def _rounding(report: Report) -> str:
    """What the marks on the numbers of owners mean; "" where they have none."""
    marks = {figure.mark for figure in report.each("suppliers.ownership", ("yes", "paid"))}
    explained = [f" {mark} is {formats.meaning(mark)}." for mark in sorted(filter(None, marks))]
    return "".join(explained)


def rules_kept(report: Report) -> Html:
    """Quotes by directorate and why none was local, scores, bids, returns and ratings."""
    reasons = report.frame("reasons")
    reasons = reasons.assign(reason=reasons["reason"].map(capital))
    beside = [show_table(report, "reasons", reasons), _scores(report)]
    topics = ("bids", "returns")
    parts = [_quotes(report), cards.columns(*filter(None, beside))]
    parts += [sentence(report, f"compliance.{topic}") for topic in topics]
    if report["compliance.own_rating.all"].value:
        parts.append(sentence(report, "compliance.ratings"))
    return join([*parts, _duty(report)])


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
    return join([lead, _without_commitments(report), _typical(report)])


def _without_commitments(report: Report) -> Html:
    """The largest contracts that promise nothing, by the day they end: then is the time to ask."""
    bare = report.frame("without_commitments").set_index("contract_id")
    largest = report.highest("contract.{}.value", bare.index)[:BARE_SHOWN]
    usual = {row.category: row.slug for row in report.records("typical")}
    table = PageTable(report, "bare")
    for contract, row in bare.loc[largest].sort_values("last_on", kind="stable").iterrows():
        category = usual.get(row["category"])
        promised: TableCell = "none yet"
        if category:
            promised = report[f"typical.{category}.median"]
        label = f"{contract}: {row['title']}"
        ends = date_cell(row["last_on"].date())
        table.add(label, ends, promised, contract=slug(str(contract)))
    return table.show()


def _typical(report: Report) -> Html:
    """What contracts of each category promise for their value."""
    rows = report.frame("typical")
    return show_table(report, "typical", rows.assign(category=rows["category"].map(capital)))


def pipeline(report: Report) -> Html:
    """Contracts that end within twelve months, the most still owed first, and their successors."""
    said = [say(report, "pipeline.lead")]
    ending = report.frame("ending")
    if ending.empty:
        return paragraph(*said)
    said.append(say(report, "pipeline.owed"))
    shown = _most_owed(report, ending).head(ENDING_SHOWN)
    note = "Amounts that are hidden stand last, by the day on which the contract ends."
    table = PageTable(report, "ending", "", hidden_last=note if shown["is_hidden"].any() else "")
    for _, row in shown.iterrows():
        ends = date_cell(row["last_on"].date())
        follows = "none yet"
        if row["successor_id"]:
            follows = f"{row['successor_id']}: {row['successor_title']}"
        contract = row["contract_id"]
        table.add(f"{contract}: {row['title']}", ends, follows, contract=slug(contract))
    return paragraph(join(said, " ")) + table.show()


def _most_owed(report: Report, ending: pd.DataFrame) -> pd.DataFrame:
    """The contracts that still owe something, the most first; then by day those that hide it.

    What is hidden may not be told by its place either.
    """
    trail = report.calculation.trail
    owed = [trail[f"contract.{slug(one)}.undelivered"] for one in ending["contract_id"]]
    rows = ending.assign(
        is_hidden=[figure.kind == "hidden" for figure in owed],
        owed=[int(figure.value or 0) for figure in owed],
    )
    rows = rows[rows["is_hidden"] | (rows["owed"] > 0)]
    order = ["owed", "last_on", "contract_id"]
    return rows.sort_values(order, ascending=[False, True, True], kind="stable")


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
    return said + sentence(report, "engagement.coming") + _coming(report)


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
    return paragraph(said, " ", named, " Each contact, its day and who to ask is in the workbook.")


def _coming(report: Report) -> Html:
    """The next events of the log, with who to ask."""
    events = report.frame("events")
    is_later = events["on"].dt.date > report.publication.file.data_as_at
    later = events[is_later].sort_values("on", kind="stable")
    table = PageTable(report, "events", "events-to-come")
    shown = list(records(later.head(EVENTS_SHOWN)))
    labels = told_apart(f"{long_date(row.on.date())}: {row.title}" for row in shown)
    for label, row in zip(labels, shown, strict=True):
        parish = row.parish
        if not isinstance(parish, str):
            parish = tag("span", "borough-wide", css_class="whole")
        table.add(label, row.partner, parish, row.contact)
    return table.show()

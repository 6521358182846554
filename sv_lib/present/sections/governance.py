"""Fair chances and compliance, contracts that end, stories, events."""

from __future__ import annotations

import pandas as pd

from sv_lib.analysis.compliance import ACT, BANDS, RATED_FROM
from sv_lib.figures.trail import slug
from sv_lib.intake.tables.dictionary import PARTNERS
from sv_lib.periods import long_date
from sv_lib.present import formats, pieces
from sv_lib.present.formats import capital
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.tables import TableCell, date_cell, records, told_apart

EVENTS_SHOWN = 5
ENDING_SHOWN = 10
BARE_SHOWN = 5


@pieces.text("compliance.ownership")
def _ownership(report: Report) -> Html:
    """Who owns the firms paid, in counts."""
    return paragraph(say(report, "suppliers.ownership"), _rounding(report))


def _rounding(report: Report) -> str:
    """What the marks on the numbers of owners mean; "" where they have none."""
    marks = {figure.mark for figure in report.each("suppliers.ownership", ("yes", "paid"))}
    explained = [f" {mark} is {formats.meaning(mark)}." for mark in sorted(filter(None, marks))]
    return "".join(explained)


@pieces.table("compliance.reasons")
def _reasons(report: Report) -> Html:
    """Why no local firm was asked for a quote."""
    reasons = report.frame("reasons")
    return show_table(report, "reasons", reasons.assign(reason=reasons["reason"].map(capital)))


def _has_ratings(report: Report) -> bool:
    """Whether the council rates its contracts in words of its own."""
    return bool(report["compliance.own_rating.all"].value)


@pieces.text("compliance.ratings", when=_has_ratings)
def _ratings(report: Report) -> Html:
    """The ratings of contracts in the council's own words."""
    return sentence(report, "compliance.ratings")


def _is_law(report: Report) -> bool:
    """Whether the law that asks for ratings was in force on the day of the data."""
    return report.publication.file.data_as_at >= RATED_FROM


def _law(report: Report) -> dict[str, str]:
    """The words for that law."""
    limit = formats.display(formats.amount(report.council.thresholds.kpi_rating, "pence"))
    return {"law": ACT, "limit": limit}


@pieces.text("compliance.duty")
def _duty(report: Report) -> Html:
    """How contracts stand under the law; one that was not in force is not named."""
    if _is_law(report):
        return sentence(report, "compliance.duty", **_law(report))
    return sentence(report, "compliance.no_duty")


def _is_kept_known(report: Report) -> bool:
    """Whether it is known how contracts stand under the law."""
    return _is_law(report) and report.is_known("compliance.kpi.all")


@pieces.table("compliance.duty", when=_is_kept_known)
def _duty_table(report: Report) -> Html:
    """How many contracts have what the law asks for."""
    return show_table(report, "duty", **_law(report))


@pieces.table("compliance.ratings_of_the_act", when=_is_kept_known)
def _ratings_of_the_act(report: Report) -> Html:
    """The ratings that the law asks for; nothing where no contract has one."""
    if not report["compliance.rating.all"].value:
        return Html()
    caption = f"Ratings under the {ACT}"
    table = PageTable(report, "ratings", "ratings-of-the-act", caption=caption, whose="rating")
    return table.show()


def _has_directorates(report: Report) -> bool:
    """Whether it is known which directorate asked for quotes."""
    return not report.frame("directorates").empty


pieces.worded("compliance.quotes", "quotes", when=_has_directorates)


@pieces.text("compliance.invited", when=_has_directorates)
def _invited(report: Report) -> Html:
    """How many firms were asked for quotes."""
    return sentence(report, "compliance.invited")


@pieces.table("compliance.scores")
def _scores(report: Report) -> Html:
    """How winners scored on social value: whether price was overridden is the line above."""
    table = PageTable(report, "scores")
    for band in (*BANDS, "not known"):
        table.add(band.capitalize(), band=slug(band))
    return table.show()


@pieces.table("opportunities.without_promises")
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


@pieces.table("opportunities.typical")
def _typical(report: Report) -> Html:
    """What contracts of each category promise for their value."""
    rows = report.frame("typical")
    return show_table(report, "typical", rows.assign(category=rows["category"].map(capital)))


def _is_any_ending(report: Report) -> bool:
    """Whether any contract ends within twelve months."""
    return not report.frame("ending").empty


@pieces.text("pipeline.lead")
def _pipeline_lead(report: Report) -> Html:
    """How many contracts end within twelve months, and what is owed under them."""
    said = [say(report, "pipeline.lead")]
    if _is_any_ending(report):
        said.append(say(report, "pipeline.owed"))
    return paragraph(join(said, " "))


@pieces.table("pipeline.ending", when=_is_any_ending)
def _pipeline(report: Report) -> Html:
    """Contracts that end within twelve months, the most still owed first, and their successors."""
    shown = _most_owed(report, report.frame("ending")).head(ENDING_SHOWN)
    note = "Amounts that are hidden stand last, by the day on which the contract ends."
    table = PageTable(report, "ending", "", hidden_last=note if shown["is_hidden"].any() else "")
    for _, row in shown.iterrows():
        ends = date_cell(row["last_on"].date())
        follows = "none yet"
        if row["successor_id"]:
            follows = f"{row['successor_id']}: {row['successor_title']}"
        contract = row["contract_id"]
        table.add(f"{contract}: {row['title']}", ends, follows, contract=slug(contract))
    return table.show()


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


@pieces.table("engagement.held")
def _held(report: Report) -> Html:
    """Events held in the period by partner, with who came."""
    everything = report["engagement.all.held"]
    if not everything.is_known:
        return paragraph("Which events were held is not known: ", everything.caution, ".")
    held = PageTable(report, "held")
    for partner in (*PARTNERS, "all"):
        held.add(capital(partner), partner=slug(partner))
    return held.show()


def _is_held_known(report: Report) -> bool:
    """Whether it is known which events were held."""
    return report.is_known("engagement.all.held")


@pieces.text("engagement.parishes", when=_is_held_known)
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


@pieces.table("engagement.to_come")
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

"""Page two of the ward report: projects, what ends, a story, events, and what to ask next."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from sv_lib.figures.figure import NO_PROMISE
from sv_lib.figures.trail import slug
from sv_lib.periods import long_date
from sv_lib.present import cards, formats, pieces
from sv_lib.present.markup import Html, figure, join, paragraph, tag, text_of
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import say, why
from sv_lib.present.report import Report
from sv_lib.present.sections.stories import one_story
from sv_lib.present.sections.ward import like_wards
from sv_lib.present.tables import date_cell, records, told_apart
from sv_lib.present.timeline import ContractBar, timeline

ENDING_SHOWN = 2
ROWS_SHOWN = 4
"""Rows of what ends and of events together: the report has two pages."""
FIRMS_SHOWN = 2
POSTS = "LinkedIn"
"""The partner of events that are posts."""


def _is_registered(report: Report) -> bool:
    """Whether it is known which contracts have work here."""
    return report.is_known(f"pipeline.{report.ward}.ending.count")


@pieces.chart("ward.projects")
def _projects(report: Report) -> Html:
    """The largest projects with work here, in time: promise against done, whole and here."""
    if not _is_registered(report):
        registered = report[f"pipeline.{report.ward}.ending.count"]
        return paragraph(say(report, "projects.not_known", why=registered.caution))
    mine = projects_of(report)
    if mine.empty:
        return paragraph(say(report, "projects.none"))
    table = PageTable(report, "projects-here")
    spans = [_project(report, table, row) for row in records(mine)]
    day = report.publication.file.data_as_at
    titles = "projects.one" if len(spans) == 1 else "projects.many"
    return timeline(
        spans,
        day,
        table.data(),
        title=say(report, titles),
        subtitle=say(report, "projects.subtitle", day=long_date(day)),
        alt=say(report, "projects.alt", ward_name=report.ward_name, day=long_date(day)),
    )


def projects_of(report: Report) -> pd.DataFrame:
    """The projects shown of this ward, the largest first, with what the register says of them."""
    shown = report.rows("ward_projects", "ward_code", report.ward)
    projects = report.frame("projects")
    mine = shown.merge(projects, on="contract_id", how="left", validate="1:1")
    return mine.fillna({"supplier": "supplier not named", "project_status": "not recorded"})


def _project(report: Report, table: PageTable, row: Any) -> ContractBar:
    """One project as a row of the table and as a bar."""
    label = f"{row.title} ({row.contract_id}), {row.supplier}"
    first, last = row.starts_on.date(), row.last_on.date()
    share = formats.Amount(100 * Decimal(row.share), "percent")
    dates = (date_cell(first), date_cell(last))
    table.add(label, *dates, share, str(row.project_status), contract=slug(row.contract_id))
    days = report.rows("milestones", "contract_id", row.contract_id)["due_on"].dt.date
    said = text_of(_done(report, row.contract_id, share))
    return ContractBar(label, first, last, list(days), said)


def _done(report: Report, contract: str, share: formats.Amount) -> Html:
    """What a contract promised and what was claimed, whole and here, in one line."""
    stem = f"contract.{slug(contract)}"
    part = formats.display(share)
    is_all = share.value == 100
    if report[f"{stem}.promised"].caution == NO_PROMISE:
        return say(report, "projects.bare_all" if is_all else "projects.bare", share=part)
    if is_all:
        return say(report, "projects.all_here", stem=stem)
    return say(report, "projects.part_here", stem=stem, share=part)


@pieces.text("ward.firms", when=_is_registered)
def _firms(report: Report) -> Html:
    """The firms based here that were paid most, in one sentence."""
    paid = report[f"lens.spend.{report.ward}.supplier"]
    if not paid.is_known:
        return paragraph(say(report, "firms.not_known", why=why(paid)))
    firms = report.rows("firms", "ward_code", report.ward)
    mine = list(records(firms[firms["in_ward"]].head(FIRMS_SHOWN)))
    if not mine:
        return paragraph(say(report, "firms.none"))
    named = [
        join([row.supplier, " ", figure(report[f"supplier.{slug(row.supplier_id)}.paid"])])
        for row in mine
    ]
    return cards.note(say(report, "firms.paid_most", firms=join(named, "; ")))


@pieces.table("ward.ending")
def _ending(report: Report) -> Html:
    """Contracts with work here that end within twelve months, those that owe most here first."""
    if not _is_registered(report):
        return paragraph(say(report, "ward.ending", noun=""))
    mine = ending_of(report)
    if mine.empty:
        return paragraph(say(report, "ward.ending_none"))
    table = PageTable(report, "ending-here", caption=_ending_caption(report))
    for row in records(mine.head(ENDING_SHOWN)):
        followed_by = row.successor_title or "none yet"
        label = f"{row.title} ({row.contract_id})"
        ends = date_cell(row.last_on.date())
        table.add(label, ends, followed_by, contract=slug(row.contract_id))
    return table.show()


def ending_of(report: Report) -> pd.DataFrame:
    """The contracts with work here that end soon, by what is owed here, then by value."""
    places = report.rows("contract_places", "place", report.ward)
    mine = report.rows("ending", "contract_id", *places["contract_id"])
    by_value = report.highest("contract.{}.value", mine["contract_id"])
    order = report.highest(f"contract.{{}}.undelivered.{report.ward}", by_value)
    return mine.set_index("contract_id", drop=False).loc[order]


def _ending_caption(report: Report) -> Html:
    """How many contracts end, and what is owed under them here."""
    count = report[f"pipeline.{report.ward}.ending.count"]
    noun = formats.plural(count, "contract", "contracts")
    if count.value is not None and count.value > ENDING_SHOWN:
        noun += f" ({ENDING_SHOWN} shown)"
    owed = report[f"pipeline.{report.ward}.ending.undelivered"]
    if owed.caution == NO_PROMISE:
        return say(report, "ward.ending_no_promise", noun=noun)
    if owed.kind == "unknown":
        return say(report, "ward.ending_alone", noun=noun, why=owed.caution)
    return say(report, "ward.ending", noun=noun)


@pieces.text("ward.story")
def _story(report: Report) -> Html:
    """The latest story of this ward, else of the ward most like it that has one, which is said."""
    stories = report.frame("stories").sort_values("on", ascending=False, kind="stable")
    for code in (report.ward, *like_wards(report)):
        mine = stories[stories["ward_code"] == code]
        if mine.empty:
            continue
        told = one_story(report, next(records(mine)))
        if code == report.ward:
            return told
        other = report.council.ward_name(code)
        return told + cards.note(say(report, "stories.borrowed", other=other))
    return paragraph(say(report, "stories.none_here"))


@pieces.table("ward.events")
def _events(report: Report) -> Html:
    """Events of the next six months to pass on, in date order: what, where, whom to ask."""
    table = PageTable(report, "events-here", parishes=_parishes(report))
    most = ROWS_SHOWN - min(ENDING_SHOWN, len(ending_of(report)))
    rows = list(records(coming(report).head(most)))
    labels = told_apart(f"{long_date(row.on.date())}: {row.title}" for row in rows)
    for label, row in zip(labels, rows, strict=True):
        table.add(label, _place_of(row), row.contact)
    return table.show()


def coming(report: Report) -> pd.DataFrame:
    """The events to come that are in this ward or for the whole borough, the next first."""
    events = report.rows("events", "ward_code", report.ward, None)
    later = events[events["on"].dt.date > report.publication.file.data_as_at]
    # A post is read where one is: there is nobody to send anywhere.
    invited: pd.DataFrame = later[later["partner"] != POSTS]
    return invited.sort_values("on", kind="stable")


def _place_of(row: Any) -> str:
    """Where an event is, as far as the log says."""
    if pd.notna(row.parish):
        return f"{row.parish} parish"
    if pd.notna(row.ward_code):
        return "this ward"
    return "borough-wide"


def _parishes(report: Report) -> str:
    """Which parish councils lie here, and when each was last told of opportunities."""
    if "parishes" not in report.publication.inputs:
        return "Which parish councils lie here is not known: no list of parishes was supplied."
    named = []
    for row in records(report.rows("parishes", "ward_code", report.ward)):
        told = "not told in the period"
        if pd.notna(row.told_on):
            told = f"told on {long_date(row.told_on.date())}"
        named.append(f"{row.parish} ({told})")
    listed = ", ".join(named) or "none"
    return f"Parish councils here: {listed}."


@pieces.text("ward.foot")
def _foot(report: Report) -> Html:
    """Who to ask, what is not told and why, and where each number comes from."""
    below = report.council.disclosure.people_below
    note = f". Counts of people below {below} are told as a range or not at all; 0 is none."
    note += " Sole traders are not named."
    if "methods" in report.publication.file.reports:
        note += " How each number is made: the methods report, under 'All figures'."
    ask = tag("strong", "Who to ask: ")
    return cards.note(ask + report.council.contact + note)

"""From promise to claim, measure by measure; jobs and skills; the year's priorities."""

from __future__ import annotations

import pandas as pd

from sv_lib.figures.topics.people import AT_LEAST, WORDS
from sv_lib.figures.trail import slug
from sv_lib.present import cards, pieces
from sv_lib.present.formats import NOT_APPLICABLE, PLACES, uncapital
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence, why
from sv_lib.present.report import Report
from sv_lib.present.sections.front import who_counts
from sv_lib.present.tables import TableCell, records
from sv_lib.toms.measures import Measure, in_group, in_table_order, measures_of

UNITS = {"GBP": "£"}
"""Units that pages print by a sign."""
FTE = "FTE"
UNNAMED = "not named: not known to be a firm"
WATCHED = (
    "headline.delivery_rate.this",
    "delivery.validated_rate.this",
    "delivery.coverage.share.this",
    "compliance.quotes.local_share",
    "headline.local_share.this",
    "suppliers.ownership.response_rate",
    "people.home_known_share.this",
    "coverage.spend.ward",
    "coverage.spend.supplier",
)
"""Shares that ought to be high."""
CANDIDATES = 5


@pieces.text("delivery.lead")
def _lead(report: Report) -> Html:
    """What was promised, due and claimed; without claims, why there are none."""
    reported = report["delivery.reported.this"]
    if report.is_known("delivery.due.this") and reported.kind == "unknown":
        return sentence(report, "delivery.lead_promised", why=reported.caution)
    return sentence(report, "delivery.lead")


def _is_known(report: Report) -> bool:
    """Whether promises or claims can be shown."""
    trail = report.calculation.trail
    return any(trail[one].is_known for one in ("delivery.due.this", "delivery.social.this"))


@pieces.chart("delivery.steps", when=_is_known)
def _steps(report: Report) -> Html:
    """The stepped bar from promise to validation."""
    return PageTable(report, "steps").chart("steps", "delivery.chart")


@pieces.table("delivery.tracker", when=_is_known)
def _tracker(report: Report) -> Html:
    """The ten contracts that promise most, from promise to validation, and the rest as one row."""
    table = PageTable(report, "tracker")
    for row in report.records("promises"):
        people: TableCell = NOT_APPLICABLE
        if row.counts_people:
            people = report[f"tracker.{row.promise}.people"]
        label = f"{row.contract} ({row.contract_id})"
        table.add(label, people, promise=row.promise)
    if not table.rows:
        return Html()
    table.add("All other contracts", report["tracker.others.people"], promise="others")
    return table.show()


pieces.worded("delivery.themes", "themes", when=_is_known)


@pieces.text("delivery.split", when=_is_known)
def _split(report: Report) -> Html:
    """Local economic and additional social value, with the measures that make up the first."""
    measures = report.frame("measures")
    local = measures[measures["is_local_economic"]]
    titles = [f"{row.title} ({row.measure_ref})" for row in local.itertuples()]
    named = ", ".join(titles) or "no measure of the set"
    split = say(report, "delivery.split", local_measures=named)
    return paragraph(split, " ", say(report, "delivery.largest"))


@pieces.text("delivery.extensions", when=_is_known)
def _extensions(report: Report) -> Html:
    """What was promised in contracts that were made longer."""
    return sentence(report, "delivery.extensions")


def _nothing_claimed(report: Report) -> Html:
    """Why there is no claim to show."""
    caution = report["headline.delivered_value.this"].caution
    return paragraph("Not known: ", caution or "no claim in the period", ".")


@pieces.table("measures.by_theme")
def _measures(report: Report) -> Html:
    """Every measure with its unit: committed, due, claimed now and before, validated, value."""
    if not _is_known(report):
        return _nothing_claimed(report)
    rows = report.frame("measures")
    rows = rows.assign(is_whole=~rows["unit"].isin(list(PLACES)))
    shown = []
    for theme, of_theme in rows.groupby("theme", sort=False):
        for _, mine in of_theme.groupby("is_whole"):
            shown.append(_of_theme(report, str(theme), mine, len(mine) < len(of_theme)))
    return join(shown)


def _of_theme(report: Report, theme: str, mine: pd.DataFrame, is_part: bool) -> Html:
    """The measures of a theme whose quantities have as many decimal places as one another.

    ``is_part``: whether others stand in a table of their own.
    """
    outcomes = "; ".join(mine["outcome"].drop_duplicates().map(uncapital))
    units = " and ".join(mine["unit"].map(UNITS).fillna(mine["unit"]).drop_duplicates())
    counted_in = f", in {units}" if is_part else ""
    table_id = f"measures-{slug(theme)}" + (f"-{slug(units)}" if is_part else "")
    words = {"theme": theme, "outcomes": outcomes, "counted_in": counted_in}
    table = PageTable(report, "measures", table_id, **words)
    for row in records(mine):
        ref = row.measure_ref
        unit = UNITS.get(row.unit, row.unit)
        table.add(f"{ref} {row.title}", unit, _value_of(report, ref), ref=ref)
    return table.show()


def _value_of(report: Report, ref: str) -> TableCell:
    """The value of a measure; a measure that is recorded only cannot have one."""
    value = report[f"measure.{ref}.value"]
    if not value.is_known and value.caution.startswith("recorded only"):
        return NOT_APPLICABLE
    return value


@pieces.table("contracts.most_claimed")
def _top_contracts(report: Report) -> Html:
    """The ten contracts with the most claimed, and the total with and without the largest."""
    top = report.frame("top_contracts")
    if top.empty:
        return _nothing_claimed(report)
    # Sole traders are people, and are blank in this table.
    return show_table(report, "top-contracts", top.fillna({"supplier": UNNAMED}))


def _listed(report: Report) -> dict[str, Measure]:
    """The measures of the council's set, in the order of tables."""
    in_set = report.publication.measure_refs
    every = in_table_order(measures_of(report.publication))
    return {ref: measure for ref, measure in every.items() if ref in in_set}


def _of_jobs(report: Report) -> list[Measure]:
    """The measures that count what was done about jobs, other than people of target groups."""
    # A theme is one of jobs when people into work are counted under it.
    every = measures_of(report.publication)
    themes = {every[ref].theme for ref in in_group(every, "into_work")}
    return [
        measure
        for measure in _listed(report).values()
        if measure.theme in themes and measure.group != "target_group"
    ]


@pieces.table("jobs.people")
def _people(report: Report) -> Html:
    """People into work, those of target groups among them, and learners."""
    listed = _listed(report)
    people = PageTable(report, "jobs")
    _add_people(people, "Local people into work", "headline.residents_into_work", "people.in_post")
    for ref in (*in_group(listed, "target_group"), *in_group(listed, "training")):
        _add_people(people, _who(listed[ref]), f"people.{ref}", f"people.{ref}.in_post")
    return people.show()


@pieces.table("jobs.quantities")
def _quantities(report: Report) -> Html:
    """Weeks, visits and other quantities."""
    quantities = PageTable(report, "skills")
    for measure in _of_jobs(report):
        if measure.unit != FTE:
            quantities.add(_what(measure), stem=f"measure.{measure.ref}.delivered")
    return quantities.show() if quantities.rows else Html()


@pieces.text("jobs.in_fte")
def _every_fte(report: Report) -> Html:
    """Full-time equivalents: a column holds one kind of number, so they stand in sentences."""
    return join(_in_fte(report, measure) for measure in _of_jobs(report) if measure.unit == FTE)


def _in_fte(report: Report, measure: Measure) -> Html:
    """Full-time equivalents beside those of the period before; alone where these are not told."""
    stem = f"measure.{measure.ref}.delivered"
    is_alone = report[f"{stem}.this"].is_told and not report[f"{stem}.before"].is_told
    template = "jobs.fte_alone" if is_alone else "jobs.fte"
    return sentence(report, template, ref=measure.ref, title=measure.title)


def _add_people(table: PageTable, who: str, stem: str, in_post: str) -> None:
    """Add who started and who is in post; where nobody says who started, the least at work."""
    if WORDS[AT_LEAST] in table.report[f"{stem}.this"].label:
        who += ", at least"
    table.add(who, stem=stem, in_post=in_post)


def _who(measure: Measure) -> str:
    """The people of a measure: of one that counts weeks, those who learn."""
    if measure.unit != "weeks":
        return measure.title
    return f"Learners: {uncapital(measure.title)}"


def _what(measure: Measure) -> str:
    """A measure with its unit, where its title does not say it."""
    if measure.unit in measure.title.lower():
        return measure.title
    return f"{measure.title} ({measure.unit})"


@pieces.text("jobs.lead")
def _jobs_lead(report: Report) -> Html:
    """People and weeks, compared with the period before where that is known."""
    stem = "headline.residents_into_work"
    change = report[f"{stem}.change"]
    if report[f"{stem}.this"].is_told and not change.is_known:
        return sentence(report, "jobs.lead_alone", why=why(change), **who_counts(report))
    return sentence(report, "jobs.lead", more=_more_or_fewer(report, stem), **who_counts(report))


def _more_or_fewer(report: Report, stem: str) -> Html:
    """How a count differs from the one before, in words that the period goes on with."""
    change = report[f"{stem}.change"].value or 0
    template = "as_many.as"
    if change:
        template = "more.than" if change > 0 else "fewer.than"
    return say(report, template, stem=stem)


@pieces.table("priorities.this_year")
def _of_this_year(report: Report) -> Html:
    """Each priority of the year: status word and colour, its evidence, the next step."""
    return _priorities(report, report.year, "priorities")


@pieces.table("recommended.next_year")
def _of_next_year(report: Report) -> Html:
    """Priorities recommended for next year."""
    return _priorities(report, report.year + 1, "recommended")


@pieces.table("recommended.candidates")
def _candidates(report: Report) -> Html:
    """The weakest figures, as candidates for a priority."""
    rates = [rate for rate in WATCHED if rate in report]
    rates += [f"theme.{row.slug}.rate" for row in report.records("themes")]
    table = PageTable(report, "candidates")
    for rate in report.lowest(rates)[:CANDIDATES]:
        table.add(report[rate].label, rate=rate)
    return table.show()


def _priorities(report: Report, year: int, table_name: str) -> Html:
    listed = report.frame("priorities")
    mine = listed[listed["year"] == year]
    table = PageTable(report, table_name)
    for row in records(mine):
        evidence = _evidence(report, row.figure_id)
        table.add(row.priority, cards.rag(row.status), evidence, row.next_step)
    return table.show()


def _evidence(report: Report, figure_id: str) -> Html:
    """A figure with its own label, so that no priority is argued from a number typed by hand."""
    if figure_id not in report:
        return Html("no figure")
    figure = report[figure_id]
    return join([f"{figure.label}: ", tag("strong", report.say(figure_id))])

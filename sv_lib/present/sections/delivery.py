"""From promise to delivery, measure by measure; jobs and skills; the year's priorities."""

from __future__ import annotations

from sv_lib.figures.trail import slug
from sv_lib.present import cards, charts, tables
from sv_lib.present.formats import NOT_APPLICABLE
from sv_lib.present.markup import Html, join, paragraph, tag
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.tables import (
    DataTable,
    TableColumn,
    TableRow,
    millions,
    number,
    records,
    thousands,
)
from sv_lib.toms.measures import catalogue, in_group, in_table_order

TO_DATE = (
    "Committed to validated are to date, against commitments. Delivered is this period, "
    "promised or not."
)
UNNAMED = "not named: not known to be a firm"
RETURNS = "Contracts register, commitments and suppliers' quarterly returns"
WATCHED = (
    "headline.delivery_rate.this",
    "delivery.validated_rate.this",
    "delivery.coverage.share.this",
    "compliance.quotes.local_share",
    "headline.local_share.this",
    "suppliers.ownership.response_rate",
    "people.home_known_share.this",
    "coverage.spend.place",
    "coverage.spend.supplier",
)
"""Shares that ought to be high."""
CANDIDATES = 5
STEPS = (
    ("Committed", "committed"),
    ("Due by now", "due"),
    ("Reported", "reported"),
    ("Evidenced", "evidenced"),
    ("Validated", "validated"),
)


def promise_to_delivery(report: Report) -> Html:
    """The stepped bar, the themes, the split, and what has no price."""
    lead = paragraph(say(report, "delivery.lead"))
    if not report["delivery.due.this"].is_known:
        return lead
    steps = tuple((label, report[f"delivery.{name}.this"]) for label, name in STEPS)
    table = DataTable(
        "steps",
        f"From promise to delivery, to {report.publication.sv}",
        (TableColumn("Stage"), millions("Value")),
        steps,
        source=RETURNS,
    )
    chart = charts.chart(
        "steps",
        table,
        title=say(report, "delivery.chart_title"),
        alt=say(report, "delivery.chart_alt"),
        subtitle=f"Value of commitments and of claims against them, to date; "
        f"{report.council.place}; £ million",
    )
    below = (
        paragraph(say(report, f"delivery.{topic}")) for topic in ("split", "recorded", "editions")
    )
    return join([lead, chart, _themes(report), *below])


def _nothing_delivered(report: Report) -> Html:
    """Why there is no delivery to show."""
    return paragraph(
        "Not known: ", report["delivery.reported.this"].caution or "no claim in the period", "."
    )


def _themes(report: Report) -> Html:
    parts = ("committed", "due", "reported", "validated", "delivered")
    columns = (
        TableColumn("Theme"),
        thousands("Committed"),
        thousands("Due by now"),
        thousands("Reported"),
        thousands("Validated"),
        thousands("Delivered in the period"),
        TableColumn("Reported of what was due", "%", "bare"),
    )
    rows: list[TableRow] = [
        (str(row.theme), *report.each(f"theme.{row.slug}", (*parts, "rate")))
        for row in records(report.table("themes"))
    ]
    totals = [report[f"delivery.{part}.this"] for part in parts[:4]]
    rows.append(
        (
            "All themes",
            *totals,
            report["headline.delivered_value.this"],
            report["headline.delivery_rate.this"],
        )
    )
    return tables.show(
        "themes",
        "Promise and delivery by theme",
        columns,
        rows,
        source=RETURNS,
        has_total=True,
        notes=(TO_DATE,),
    )


def measures(report: Report) -> Html:
    """Every measure with its unit: committed, due, delivered now and before, validated, value."""
    if not report["delivery.due.this"].is_known:
        return _nothing_delivered(report)
    columns = (
        TableColumn("Measure"),
        TableColumn("Unit"),
        number("Committed"),
        number("Due by now"),
        number("Delivered"),
        number("The period before"),
        number("Change", signed=True),
        number("Validated"),
        thousands("Value delivered"),
    )
    shown = []
    for theme, mine in report.table("measures").groupby("theme", sort=False):
        rows = [_measure_row(report, row.measure_ref, row.title, row.unit) for row in records(mine)]
        outcomes = "; ".join(mine["outcome"].drop_duplicates()).lower()
        shown.append(
            tables.show(
                f"measures-{slug(str(theme))}",
                f"{theme}: {outcomes}",
                columns,
                rows,
                source=RETURNS,
            )
        )
    return join(shown)


def _measure_row(report: Report, ref: str, title: str, unit: str) -> TableRow:
    value = report[f"measure.{ref}.value"]
    recorded_only = not value.is_known and value.caution.startswith("recorded only")
    parts = (
        "committed",
        "due",
        "delivered.this",
        "delivered.before",
        "delivered.change",
        "validated",
    )
    return (
        f"{ref} {title}",
        unit,
        *report.each(f"measure.{ref}", parts),
        NOT_APPLICABLE if recorded_only else value,
    )


def top_contracts(report: Report) -> Html:
    """The ten contracts that delivered most, and the total with and without the largest."""
    top = report.table("top_contracts")
    if top.empty:
        return _nothing_delivered(report)
    rows: list[TableRow] = [
        (
            f"{row.rank}. {row.title}",
            row.supplier if isinstance(row.supplier, str) else UNNAMED,
            report[f"contract.{slug(row.contract_id)}.delivered"],
        )
        for row in records(top)
    ]
    together = {
        "The ten together": "delivery.top_ten.this",
        "All but the largest": "delivery.without_largest.this",
        "All contracts": "headline.delivered_value.this",
    }
    rows += [(label, NOT_APPLICABLE, report[figure_id]) for label, figure_id in together.items()]
    columns = (TableColumn("Contract"), TableColumn("Supplier"), thousands("Delivered"))
    caption = f"The ten contracts that delivered most, {report.publication.sv}"
    return tables.show("top-contracts", caption, columns, rows, source=RETURNS, has_total=True)


def jobs_and_skills(report: Report) -> Html:
    """People into work and target groups, then quantities: full-time equivalents, weeks, visits."""
    lead = say(report, "jobs.lead", before=report.before)
    counts = [("Local people into work", "headline.residents_into_work")]
    measures = in_table_order(catalogue())
    targets = _titles(report, in_group(measures, "target_group"))
    learners = _titles(report, in_group(measures, "training"))
    counts += [(title, f"people.{ref}") for ref, title in targets]
    counts += [(f"{title}: people", f"people.{ref}") for ref, title in learners]
    note = (
        "Target groups count a person in the first year only, and hold people who "
        "stand in the first line too. "
        "Apprentices and learners are counted once a quarter. Who finished is not "
        "collected: ask with each return."
    )
    people = _compared(
        "jobs", "People into work, target groups and learners", counts, report, (note,)
    )
    of = report.table("measures").set_index("measure_ref")["unit"]
    # A theme is one of jobs when people into work are counted under it.
    themes = {measures[ref].theme for ref in in_group(measures, "into_work")}
    skills = tuple(
        ref
        for ref, measure in measures.items()
        if measure.theme in themes and measure.group != "target_group"
    )
    amounts = [
        (f"{title} ({of[ref]})", f"measure.{ref}.delivered")
        for ref, title in _titles(report, skills)
    ]
    return join(
        [
            paragraph(lead),
            people,
            _compared("skills", "Jobs and skills in quantities", amounts, report),
        ]
    )


def _compared(
    table_id: str,
    caption: str,
    lines: list[tuple[str, str]],
    report: Report,
    notes: tuple[str, ...] = (),
) -> Html:
    """A line a stem: this period, the one before, the change."""
    columns = (
        TableColumn("What"),
        number("This period"),
        number("The period before"),
        number("Change", signed=True),
    )
    rows: list[TableRow] = [
        (label, *report.each(stem, ("this", "before", "change"))) for label, stem in lines
    ]
    return tables.show(table_id, caption, columns, rows, source=RETURNS, notes=notes)


def _titles(report: Report, refs: tuple[str, ...]) -> list[tuple[str, str]]:
    """The measures of these that the council's set holds, with their titles."""
    titles = report.table("measures").set_index("measure_ref")["title"]
    return [(ref, str(titles[ref])) for ref in refs if ref in titles.index]


def priorities(report: Report) -> Html:
    """Each priority of the year: status word and colour, its evidence, the next step."""
    return _priorities(report, report.year, "priorities", "Priorities of the year")


def recommended_priorities(report: Report) -> Html:
    """Priorities recommended for next year, each beside its evidence, then the weakest figures as
    candidates.
    """
    given = _priorities(
        report, report.year + 1, "recommended", "Priorities recommended for next year"
    )
    rates = [rate for rate in WATCHED if rate in report]
    rates += [f"theme.{row.slug}.rate" for row in records(report.table("themes"))]
    weakest = report.lowest(rates)[:CANDIDATES]
    if not weakest:
        return given
    columns = (TableColumn("Where performance is weakest"), TableColumn("Share", style="short"))
    rows: list[TableRow] = [(report[rate].label, report[rate]) for rate in weakest]
    note = (
        "Lowest shares of this report, as candidates beside the priorities above; the "
        "council chooses."
    )
    return given + tables.show(
        "candidates",
        "Candidates: the weakest figures",
        columns,
        rows,
        source="Figures of this report",
        notes=(note,),
    )


def _priorities(report: Report, year: int, table_id: str, caption: str) -> Html:
    table = report.table("priorities")
    mine = table[table["year"] == year]
    if mine.empty:
        return paragraph("No priorities were supplied.")
    rows = tuple(
        (row.priority, cards.rag(row.status), _evidence(report, row.figure_id), row.next_step)
        for row in records(mine)
    )
    columns = (
        TableColumn("Priority"),
        TableColumn("Status"),
        TableColumn("Evidence"),
        TableColumn("Next step"),
    )
    return tables.show(
        table_id, caption, columns, rows, source="Council's priorities; evidence from this report"
    )


def _evidence(report: Report, figure_id: str) -> Html:
    """A figure with its own label, so that a priority cannot be argued from a number typed by
    hand.
    """
    if figure_id not in report:
        return Html("no figure")
    figure = report[figure_id]
    return join([f"{figure.label}: ", tag("strong", report.say(figure_id))])

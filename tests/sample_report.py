"""Two invented reports, shaped like the real ones, for the tests of pages and PDFs. Every number
here is synthetic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import shapely
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.trail import slug
from sv_lib.periods import Period
from sv_lib.present import cards, charts, maps
from sv_lib.present.formats import Amount
from sv_lib.present.markup import Html, figure, join, paragraph
from sv_lib.present.tables import DataTable, TableCell, TableColumn, to_html
from sv_lib.publish.page.context import PageContext

PERIOD, AS_AT = Period(date(2021, 12, 1), date(2022, 5, 31)), date(2022, 6, 30)
COUNCIL, STATUS = "Rotherham Metropolitan Borough Council", "Demonstration: synthetic data"
TITLE, RETURNS = "Social value: mid-year report 2022", "Suppliers' returns, quarters 1 and 2"
WARDS = (
    "Rotherham East",
    "Dalton & Thrybergh",
    "Maltby East",
    "Greasbrough",
    "Boston Castle",
    "Rotherham West",
    "Rawmarsh East",
    "Dinnington",
    "Swinton Rockingham",
    "Rawmarsh West",
    "Wath",
    "Aughton & Swallownest",
    "Thurcroft & Wickersley South",
    "Hoober",
    "Keppel",
    "Kilnhurst & Swinton East",
    "Brinsworth",
    "Rother Vale",
    "Wickersley North",
    "Wales",
    "Hellaby & Maltby West",
    "Anston & Woodsetts",
    "Aston & Todwick",
    "Bramley & Ravenfield",
    "Sitwell",
)
CONTEXT = PageContext(
    title=f"{TITLE}, {COUNCIL}",
    council=COUNCIL,
    report_title=TITLE,
    period_text=str(PERIOD),
    status="demonstration",
    status_text=STATUS,
    data_as_at=AS_AT,
    home_href="index.html",
    pdf_href="mid-year.pdf",
    data_href="data/mid-year.ods",
    description="Invented numbers for tests.",
)
WARD_CONTEXT = replace(
    CONTEXT,
    title=f"Ward report: Boston Castle, {COUNCIL}",
    report_title="Ward report: Boston Castle",
)


def number(figure_id: str, value: Value | None, unit: str) -> Figure:
    """A figure as the trail would hand it over."""
    kind, caution = ("unknown", "nobody was asked") if value is None else ("total", "")
    return Figure(figure_id, kind, figure_id, value, unit, PERIOD, "invented", caution=caution)


def pounds(figure_id: str, amount: str) -> Figure:
    return number(figure_id, int(Decimal(amount) * 100), "pence")


def people(figure_id: str, count: int | None) -> Figure:
    return number(figure_id, count, "people")


def percent(figure_id: str, value: str) -> Figure:
    return number(figure_id, Fraction(value), "percent")


def hidden(figure_id: str) -> Figure:
    return Figure(
        figure_id,
        "hidden",
        figure_id,
        None,
        "people",
        PERIOD,
        "invented",
        caution="fewer than five people",
    )


def table(
    table_id: str,
    caption: str,
    columns: tuple[TableColumn, ...],
    rows: list[tuple[TableCell, ...]],
    **more: Any,
) -> DataTable:
    return DataTable(table_id, caption, columns, tuple(rows), **{"source": RETURNS, **more})


def millions(heading: str) -> TableColumn:
    return TableColumn(heading, "£ million", "millions")


def thousands(heading: str) -> TableColumn:
    return TableColumn(heading, "£ thousand", "thousands")


def notebook(parts: list[str]) -> NotebookNode:
    """An executed notebook: ``Html`` is what a cell showed, other text is markdown."""
    cells = [new_code_cell("ward = ''", execution_count=1, metadata={"tags": ["parameters"]})]
    for count, part in enumerate(parts, start=2):
        if isinstance(part, Html):
            shown = {"text/html": str(part), "text/plain": repr(part)}
            output = new_output("execute_result", shown, execution_count=count)
            cells.append(new_code_cell("report.show()", execution_count=count, outputs=[output]))
        else:
            cells.append(new_markdown_cell(part))
    return new_notebook(cells=cells)


def mid_year() -> NotebookNode:
    """The mid-year report: page one, then tables, charts, a map, stories and actions."""
    promised = figure(pounds("sv.committed", "13500000"))
    return notebook(
        [
            cards.front(
                _cover(), _headlines(), _coverage(), cards.columns(_reach(), _cannot_say())
            ),
            cards.contents(),
            "## Progress on the year's priorities\n\nSix priorities were set in March "
            "2022. Each has a named lead.",
            _priorities(),
            "## From promise to delivery",
            paragraph("Suppliers had promised ", promised, " over the life of their contracts."),
            _steps(),
            _themes(),
            "## Where the money goes\n\n### Local spend over four years",
            _history(),
            cards.columns(_tiers(), _sizes()),
            "## Wards",
            _tiles(),
            _ward_table(),
            "## Stories",
            _story(),
            "## Looking to year end",
            _quarters(),
            _dots(),
        ]
    )


def _cover() -> Html:
    hired, more = (
        figure(people("people.this", 142)),
        figure(people("people.change", 31), signed=True),
    )
    return cards.cover(
        COUNCIL,
        TITLE,
        str(PERIOD),
        AS_AT,
        "demonstration",
        STATUS,
        [
            join(
                [
                    "Suppliers took on ",
                    hired,
                    " residents in the half-year, ",
                    more,
                    " on the same point last year.",
                ]
            ),
            "Four of every ten came from the most deprived areas of the borough.",
            "The Board is asked to decide how late returns are followed up.",
        ],
    )


def _headlines() -> Html:
    def change(fig: Figure) -> Html:
        return join([figure(fig, signed=True), " on mid-2021"])

    spent = join(
        [figure(pounds("h.local", "38120000")), " of ", figure(pounds("h.spend", "197312000"))]
    )
    rate_change = number("h.rate.change", Fraction("-1.2"), "percentage points")
    share_change = number("h.share.change", Fraction("0.7"), "percentage points")
    return cards.headline(
        [
            cards.Card(
                "Residents into work",
                people("h.people", 142),
                change(people("h.people.change", 31)),
            ),
            cards.Card(
                "Training weeks",
                number("h.weeks", 1204, "weeks"),
                change(number("h.weeks.change", 129, "weeks")),
            ),
            cards.Card(
                "Social value claimed",
                pounds("h.value", "1921400.12"),
                change(pounds("h.rise", "411000")),
            ),
            cards.Card(
                "Claimed, of what was due",
                percent("h.rate", "64.04"),
                change(rate_change),
                style="whole",
            ),
            cards.Card(
                "Spent in Rotherham", percent("h.share", "19.32"), change(share_change), spent
            ),
        ]
    )


def _coverage() -> Html:
    return cards.coverage(
        join(
            [
                figure(number("c.reported", 61, "contracts")),
                " of ",
                figure(number("c.scope", 74, "contracts")),
                " contracts in scope have reported; home area known for ",
                figure(people("c.home", 118)),
                " people.",
            ]
        )
    )


def _reach() -> Html:
    values = (
        ("Most deprived tenth", "38", "23"),
        ("Next tenth", "21", "14"),
        ("Elsewhere", "41", "63"),
    )
    rows = [
        (name, percent(f"r.{i}.jobs", jobs), percent(f"r.{i}.all", all_))
        for i, (name, jobs, all_) in enumerate(values)
    ]
    columns = (
        TableColumn("Area"),
        TableColumn("of jobs", "%", "whole"),
        TableColumn("of residents", "%", "whole"),
    )
    title = join(["The most deprived areas gained ", figure(rows[0][1], "whole"), " of the jobs"])
    return charts.chart(
        "pairs",
        table("reach", "Jobs and residents by home area", columns, rows),
        title=title,
        sort=False,
        subtitle="Share of people into work, Rotherham, December 2021 to May 2022, %",
        size="half",
        alt=join(["Bar chart of jobs beside residents: ", title, "."]),
    )


def _cannot_say() -> Html:
    return cards.callout(
        "What we cannot yet say",
        [
            "How many owners are from ethnic minorities: most firms did not answer. "
            "Ask at contract award.",
            "Where sub-contractors are based. Collect postcodes in the next return.",
            "Whether jobs last beyond a year. Collect leaving dates.",
        ],
    )


def _priorities() -> Html:
    columns = tuple(map(TableColumn, ("Priority", "Status", "Evidence", "Next step")))
    return to_html(
        table(
            "priorities",
            "Status of each priority at 30 June 2022",
            columns,
            [
                (
                    "Launch the toolkit",
                    cards.rag("complete"),
                    "Online since February",
                    "Review in autumn",
                ),
                (
                    "Skills commitments",
                    cards.rag("on track"),
                    "Weeks are above the plan",
                    "Two contracts start in July",
                ),
                (
                    "Anchor network",
                    cards.rag("at risk"),
                    "Two of five partners signed",
                    "Meeting in September",
                ),
                (
                    "Market intelligence",
                    cards.rag("late"),
                    "No supplier survey yet",
                    "Survey goes out in July",
                ),
                (
                    "Sub-regional work",
                    cards.rag("not started"),
                    "Waits for the combined authority",
                    "Join the working group",
                ),
            ],
        )
    )


def _steps() -> Html:
    values = (
        ("Committed", "13500000"),
        ("Due by now", "3000000"),
        ("Reported", "1921400"),
        ("Evidenced", "1500000"),
        ("Validated", "1204000"),
    )
    rows = [(name, pounds(f"s.{i}", value)) for i, (name, value) in enumerate(values)]
    columns = (TableColumn("State"), millions("Value"))
    return charts.chart(
        "steps",
        table("steps", "Social value by state", columns, rows),
        title="Most of it is not due yet",
        subtitle="Social value by state, all contracts, to 30 June 2022, £",
        alt="Stepped bar chart from committed to validated value; each step is smaller "
        "than the one before.",
    )


def _themes() -> Html:
    names = ("Jobs", "Growth", "Social", "Environment", "Innovation")
    headings = ("Committed", "Due", "Reported", "Validated")
    rows: list[tuple[TableCell, ...]] = [
        (
            name,
            *(pounds(f"t.{i}.{j}", str(900000 // (i + 1) // (j + 1))) for j in range(4)),
            percent(f"t.{i}", str(64 - i * 7)),
        )
        for i, name in enumerate(names)
    ]
    rows.append(
        (
            "All themes",
            *(pounds(f"t.all.{j}", "2055000") for j in range(4)),
            number("t.all", None, "percent"),
        )
    )
    columns = (
        TableColumn("Theme"),
        *map(thousands, headings),
        TableColumn("Rate", "% of due", "bare"),
    )
    notes = ("Rate: reported as a share of due.",)
    return to_html(
        table(
            "themes",
            "From promise to delivery, by theme",
            columns,
            rows,
            has_total=True,
            notes=notes,
        )
    )


def _history() -> Html:
    values = (
        ("2019-20", "44900000", "98000000"),
        ("2020-21", "51200000", "101000000"),
        ("2021-22", "68000000", "96000000"),
        ("2022-23", "77200000", "99000000"),
    )
    rows = [
        (year, pounds(f"y.{year}.a", here), pounds(f"y.{year}.b", near))
        for year, here, near in values
    ]
    columns = (TableColumn("Year"), millions("Rotherham"), millions("Rest of South Yorkshire"))
    return charts.chart(
        "lines",
        table("history", "Spend by place, four years", columns, rows),
        title="Spend with Rotherham firms grew",
        subtitle="Payments to suppliers by place, financial years, £ million",
        alt="Line chart: spend in Rotherham rises each year; the rest of South Yorkshire is level.",
    )


def _tiers() -> Html:
    values = (
        ("Rotherham", "38120000"),
        ("South Yorkshire", "51200000"),
        ("Yorkshire and the Humber", "33100000"),
        ("Elsewhere", "64700000"),
    )
    rows: list[tuple[TableCell, ...]] = [
        (name, pounds(f"g.{i}", value)) for i, (name, value) in enumerate(values)
    ]
    rows.append(("Not known", number("g.none", None, "pence")))
    return charts.chart(
        "bars",
        table("tiers", "Spend by place", (TableColumn("Place"), millions("Spend")), rows),
        size="half",
        title="Nearly half stays in South Yorkshire",
        subtitle="Payments by supplier's place, 2022, £",
        alt="Bar chart of spend by place; elsewhere is largest.",
    )


def _sizes() -> Html:
    values = (
        ("Micro", "12100000", "6"),
        ("Small", "31300000", "16"),
        ("Large", "153900000", "78"),
        ("All", "197300000", "100"),
    )
    rows = [
        (name, pounds(f"z.{i}", value), percent(f"z.{i}.share", share))
        for i, (name, value, share) in enumerate(values)
    ]
    columns = (TableColumn("Size"), millions("Spend"), TableColumn("Share", "%", "bare"))
    return to_html(table("sizes", "Spend by size of supplier", columns, rows, has_total=True))


def _tiles() -> Html:
    tiles = [
        maps.MapWard(
            f"E0501{2993 + i}",
            name,
            pounds(f"m.{i}", str(9900000 // (i + 1))),
            href=f"wards/E0501{2993 + i}.html",
        )
        for i, name in enumerate(WARDS)
    ]
    shapes = {
        tile.code: shapely.box(n % 3, -(n // 3) - 1, n % 3 + 1, -(n // 3))
        for n, tile in enumerate(tiles)
    }
    return maps.ward_map(
        "ward-map",
        tiles,
        shapes,
        maps.MapWords(
            title="Spend is largest in the town centre",
            subtitle="Paid to firms in each ward, most deprived first, £",
            source="Payments to suppliers.",
            table="#wards",
        ),
        alt="Map of wards, darker where firms were paid more.",
    )


def _ward_table() -> Html:
    rows = [
        (
            name,
            pounds(f"w.{i}.paid", str(4213000 // (i + 1))),
            pounds(f"w.{i}.work", str(6800000 // (i + 2))),
            hidden(f"w.{i}.people") if i % 6 == 5 else people(f"w.{i}.people", 40 - i),
            people(f"w.{i}.change", 12 - i),
        )
        for i, name in enumerate(WARDS)
    ]
    columns = (
        TableColumn("Ward"),
        thousands("Paid to firms here"),
        thousands("Work done here"),
        TableColumn("Residents hired", "people", "bare"),
        TableColumn("Change", "people", "bare", True),
    )
    return to_html(table("wards", "All wards, most deprived first", columns, rows))


def _story() -> Html:
    words = (
        "An invented resident took a training place on a housing contract and stayed on as "
        "a plasterer."
    )
    return cards.story(
        "Twelve weeks on site, then a job", words, "Housing repairs, measure NT1, with consent"
    )


def _quarters() -> Html:
    rows = [
        (quarter, pounds(f"q.{slug(quarter)}.a", here), pounds(f"q.{slug(quarter)}.b", near))
        for quarter, here, near in (
            ("June 2021", "11900000", "24000000"),
            ("September 2021", "12800000", "23100000"),
            ("December 2021", "16400000", "25900000"),
        )
    ]
    columns = (TableColumn("Quarter to"), millions("Rotherham"), millions("South Yorkshire"))
    return charts.chart(
        "multiples",
        table("quarters-of-spend", "Spend by quarter", columns, rows),
        subtitle="Payments by place, £ million",
        title="Spend in Rotherham rose in every quarter",
        alt="Small bar charts: Rotherham rises in each of three quarters.",
    )


def _dots() -> Html:
    rows = [
        ("1 Rotherham East", pounds("d.a", "36"), pounds("d.a.w", "5")),
        ("2 Boston Castle", pounds("d.b", "609"), pounds("d.b.w", "238")),
        ("All wards", pounds("d.all", "210"), "[z]"),
    ]
    columns = (TableColumn("Ward"), millions("for each resident"), millions("without the largest"))
    return charts.chart(
        "dots",
        replace(table("ward-dots", "Work done", columns, rows), has_total=True),
        subtitle="Work done for each resident, £",
        title="The most deprived ward has least",
        alt="Dot plot: Rotherham East has least.",
    )


def ward() -> NotebookNode:
    """A ward report: two printed pages."""
    paid, work, hired = (
        pounds("v.paid", "4213000"),
        pounds("v.work", "6800000"),
        people("v.people", 9),
    )
    sentence = join(
        [
            figure(paid),
            " was paid to firms here, ",
            figure(work),
            " of work was done here, ",
            figure(hired),
            " residents were hired.",
        ]
    )
    cover = cards.cover(
        COUNCIL,
        "Ward report: Boston Castle",
        str(PERIOD),
        AS_AT,
        "demonstration",
        STATUS,
        [sentence],
    )
    lenses = cards.columns(
        _few("paid", "Paid to firms here"),
        _few("work", "Work done here"),
        _few("gained", "Who gained"),
    )
    asked = cards.callout(
        "You asked", ["Did residents benefit? Nine were hired.", "Who to ask: the team."], level=3
    )
    return notebook(
        [
            cards.front(cover, lenses, one_page=False),
            "## Why it changed since mid-2021",
            _bridge(),
            "## Projects here",
            _projects(),
            "## Deprivation",
            paragraph("Two of eight areas here are among the most deprived tenth in England."),
            cards.columns(_story(), asked),
        ]
    )


def _few(name: str, title: str) -> Html:
    rows = [
        (ward_name, Amount(2106500000 // (i + 1), "pence")) for i, ward_name in enumerate(WARDS[:5])
    ]
    return charts.chart(
        "bars",
        table(name, title, (TableColumn("Ward"), thousands("Value")), rows),
        title=title,
        size="third",
        subtitle="Five wards, largest first, £",
        alt=f"{title}: five wards.",
    )


def _bridge() -> Html:
    parts = (
        ("Mid-2021", "1200000"),
        ("New contracts", "3100000"),
        ("Ended", "-400000"),
        ("Continuing", "200000"),
        ("Moved", "0"),
        ("Coverage", "113000"),
        ("Mid-2022", "4213000"),
    )
    rows = [(name, pounds(f"b.{i}", value)) for i, (name, value) in enumerate(parts)]
    return charts.chart(
        "waterfall",
        table(
            "bridge",
            "Change since mid-2021 by cause",
            (TableColumn("Cause"), thousands("Amount")),
            rows,
        ),
        title="One new contract explains the rise",
        subtitle="Paid to firms in Boston Castle, by cause of change, £",
        alt="Bridge chart from mid-2021 to mid-2022: new contracts add most.",
    )


def _projects() -> Html:
    weeks = (TableColumn("Promised", "weeks", "bare"), TableColumn("Done", "weeks", "bare"))
    columns = (TableColumn("Project"), TableColumn("Supplier"), *weeks, TableColumn("Status"))
    rows = [
        (
            f"Invented project {i}",
            "Fictional Builders Ltd",
            Amount(40 + i, "weeks"),
            Amount(12 * i, "weeks"),
            cards.rag(word),
        )
        for i, word in enumerate(("on track", "late", "at risk", "complete"), start=1)
    ]
    return to_html(table("projects", "What was promised and what is done", columns, rows))

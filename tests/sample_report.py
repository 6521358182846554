"""Two invented reports, shaped like the real ones, for the tests of pages and PDFs. Every number here is synthetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sv_lib.figures.figure import Figure, Value
from sv_lib.periods import Period
from sv_lib.present import cards, charts, maps, tables
from sv_lib.present.formats import Amount
from sv_lib.present.html import Html, figure, join, paragraph
from sv_lib.publish.html import CONTENTS, PageContext

PERIOD = Period(date(2021, 12, 1), date(2022, 5, 31))
COUNCIL, STATUS = "Rotherham Metropolitan Borough Council", "Demonstration: synthetic data"
WARDS = (
    "Rotherham East", "Dalton & Thrybergh", "Maltby East", "Greasbrough", "Boston Castle", "Rotherham West",
    "Rawmarsh East", "Dinnington", "Swinton Rockingham", "Rawmarsh West", "Wath", "Aughton & Swallownest",
    "Thurcroft & Wickersley South", "Hoober", "Keppel", "Kilnhurst & Swinton East", "Brinsworth", "Rother Vale",
    "Wickersley North", "Wales", "Hellaby & Maltby West", "Anston & Woodsetts", "Aston & Todwick",
    "Bramley & Ravenfield", "Sitwell",
)  # fmt: skip
CONTEXT = PageContext(
    title=f"Social value: mid-year report 2022, {COUNCIL}", council=COUNCIL, report_title="Social value: mid-year report 2022",
    period_text=str(PERIOD), status="demonstration", status_text=STATUS, data_as_at=date(2022, 6, 30),
    home_href="index.html", pdf_href="mid-year.pdf", data_href="data/mid-year.ods", description="Invented numbers for tests.",
)  # fmt: skip
WARD_CONTEXT = PageContext(
    title=f"Ward report: Boston Castle, mid-year 2022, {COUNCIL}", council=COUNCIL, report_title="Ward report: Boston Castle",
    period_text=str(PERIOD), status="demonstration", status_text=STATUS, data_as_at=date(2022, 6, 30), home_href="../index.html",
)  # fmt: skip


def number(figure_id: str, value: Value | None, unit: str) -> Figure:
    """A figure as the ledger would hand it over."""
    kind = "total" if value is not None else "unknown"
    return Figure(
        figure_id, kind, figure_id, value, unit, PERIOD, "invented", caution="" if value is not None else "none"
    )


def pounds(figure_id: str, amount: str) -> Figure:
    return number(figure_id, int(Decimal(amount) * 100), "pence")


def hidden(figure_id: str) -> Figure:
    return Figure(figure_id, "hidden", figure_id, None, "people", PERIOD, "invented", caution="fewer than five people")


def notebook(parts: list[str]) -> NotebookNode:
    """An executed notebook: a part that begins with a hash is markdown, the others are what a cell showed."""
    cells = [new_code_cell("ward = ''", execution_count=1, metadata={"tags": ["parameters"]})]
    for count, part in enumerate(parts, start=2):
        if isinstance(part, Html):
            shown = new_output(
                "execute_result", {"text/html": str(part), "text/plain": repr(part)}, execution_count=count
            )
            cells.append(new_code_cell("report.show()", execution_count=count, outputs=[shown]))
        else:
            cells.append(new_markdown_cell(part))
    return new_notebook(cells=cells)


def mid_year() -> NotebookNode:
    """The mid-year report: page one, then tables, charts, a map, stories and actions."""
    return notebook([
        cards.front(_cover(), _headlines(), _coverage(), cards.columns(_reach("half"), _cannot_say())),
        Html(CONTENTS),
        "## Progress on the year's priorities\n\nSix priorities were set in March 2022. Each has a named lead.",
        _priorities(),
        "## From promise to delivery",
        paragraph("Suppliers had promised ", figure(pounds("sv.committed", "13500000")), " over the life of their contracts."),
        _steps(), _themes(),
        "## Where the money goes\n\n### Local spend over four years",
        _history(), cards.columns(_tiers("half"), _sizes()),
        "## Wards", _tiles(), _ward_table(),
        "## Stories", cards.story("Twelve weeks on site, then a job", "An invented resident of an invented street took a "
        "training place on a housing contract and stayed on as a plasterer.", "Housing repairs, measure NT1, 1 person, with consent"),
        "## Looking to year end", _forecast(),
    ])  # fmt: skip


def _cover() -> Html:
    return cards.cover(COUNCIL, "Social value: mid-year report 2022", str(PERIOD), date(2022, 6, 30), "demonstration", STATUS, [
        join(["Suppliers took on ", figure(number("people.into_work", 142, "people")), " local residents in the half-year, ",
              figure(number("people.into_work.change", 31, "people"), signed=True), " on the same point last year."]),
        "Four of every ten came from the most deprived areas of the borough.",
        "The Board is asked to decide how late returns are followed up.",
    ])  # fmt: skip


def _headlines() -> Html:
    before = " on mid-2021"
    return cards.headline([
        cards.Card("Residents into work", number("h.people", 142, "people"), join([figure(number("h.people.change", 31, "people"), signed=True), before])),
        cards.Card("Training weeks", number("h.weeks", 1204, "weeks"), join([figure(number("h.weeks.change", Fraction(121, 10), "percent"), "whole", True), before])),
        cards.Card("Social value delivered", pounds("h.delivered", "1921400.12"), join([figure(pounds("h.delivered.change", "411000"), signed=True), before]),
                   join([figure(pounds("h.validated", "1204000")), " validated"])),
        cards.Card("Delivered of what was due", number("h.rate", Fraction(6404, 100), "percent"), join([figure(number("h.rate.change", Fraction(-12, 10), "percentage points"), signed=True), before]), style="whole"),
        cards.Card("Spent in Rotherham", number("h.local", Fraction(1932, 100), "percent"), join([figure(number("h.local.change", Fraction(7, 10), "percentage points"), signed=True), before]),
                   join([figure(pounds("h.local.pounds", "38120000")), " of ", figure(pounds("h.spend", "197312000"))])),
    ])  # fmt: skip


def _coverage() -> Html:
    return cards.coverage(join([
        figure(number("c.reported", 61, "contracts")), " of ", figure(number("c.scope", 74, "contracts")),
        " contracts in scope have reported; home area known for ", figure(number("c.home", 118, "people")), " of ",
        figure(number("h.people2", 142, "people")), " people.",
    ]))  # fmt: skip


def _reach(size: charts.Size = "full") -> Html:
    rows = tuple(
        (name, number(f"reach.{i}.jobs", jobs, "percent"), number(f"reach.{i}.people", people, "percent"))
        for i, (name, jobs, people) in enumerate(
            (("Most deprived tenth", 38, 23), ("Next tenth", 21, 14), ("Elsewhere", 41, 63))
        )
    )
    columns = (
        tables.Column("Area"),
        tables.Column("of jobs", "%", "whole"),
        tables.Column("of residents", "%", "whole"),
    )
    table = tables.DataTable(
        "reach",
        "Jobs and residents by deprivation of home area",
        columns,
        rows,
        "Suppliers' returns, quarters 1 and 2; IoD 2025",
    )
    title = join(
        [
            "The most deprived areas gained ",
            figure(rows[0][1], "whole"),
            " of the jobs with ",
            figure(rows[0][2], "whole"),
            " of the people",
        ]
    )
    return charts.chart("pairs", table, title=title, subtitle="Share of people into work, Rotherham, December 2021 to May 2022, %",
                        alt=join(["Bar chart: ", title, "."]), sort=False, size=size)  # fmt: skip


def _cannot_say() -> Html:
    return cards.callout("What we cannot yet say", [
        "How many owners are from ethnic minorities: 9 firms in 10 did not answer. Ask at contract award.",
        "Where sub-contractors are based. Collect postcodes in the next return.",
        "Whether jobs last beyond a year. Collect leaving dates.",
    ])  # fmt: skip


def _priorities() -> Html:
    columns = tuple(map(tables.Column, ("Priority", "Status", "Evidence", "Next step")))
    rows = (
        ("Launch the toolkit", cards.rag("complete"), "Online since February", "Review in autumn"),
        (
            "Skills commitments",
            cards.rag("on track"),
            "Training weeks are above the plan",
            "Two new contracts start in July",
        ),
        ("Anchor network", cards.rag("at risk"), "Two of five partners signed", "Meeting in September"),
        ("Market intelligence", cards.rag("late"), "No supplier survey yet", "Survey goes out in July"),
        ("Sub-regional work", cards.rag("not started"), "Waits for the combined authority", "Join the working group"),
    )
    return tables.to_html(
        tables.DataTable(
            "priorities", "Status of each priority at 30 June 2022", columns, rows, "Action plan, June 2022"
        )
    )


def _steps() -> Html:
    values = (
        ("Committed", "13500000", 100),
        ("Due by now", "3000000", 22),
        ("Reported", "1921400", 14),
        ("Evidenced", "1500000", 11),
        ("Validated", "1204000", 9),
    )
    rows = tuple(
        (name, pounds(f"s.{i}.value", value), number(f"s.{i}.share", share, "percent"))
        for i, (name, value, share) in enumerate(values)
    )
    columns = (
        tables.Column("State"),
        tables.Column("Value", "£ million", "millions"),
        tables.Column("Share of committed", "%", "whole"),
    )
    table = tables.DataTable(
        "steps", "Social value by state", columns, rows, "Commitments and claims register, 30 June 2022"
    )
    return charts.chart("steps", table, title="Most of what was promised is not due yet", subtitle="Social value by state, all contracts, to 30 June 2022, £",
                        alt="Stepped bar chart from committed to validated value; each step is smaller than the one before.", highlight="Validated")  # fmt: skip


def _themes() -> Html:
    names = ("Jobs", "Growth", "Social", "Environment", "Innovation")
    rows = tuple(
        (
            name,
            *(pounds(f"t.{i}.{j}", str(int(900000 / (i + 1) / (j + 1)))) for j in range(4)),
            number(f"t.{i}.rate", 64 - i * 7, "percent"),
        )
        for i, name in enumerate(names)
    )
    total = ("All themes", *(pounds(f"t.all.{j}", "2055000") for j in range(4)), number("t.all.rate", None, "percent"))
    columns = (
        tables.Column("Theme"),
        *(tables.Column(name, "£ thousand", "thousands") for name in ("Committed", "Due", "Reported", "Validated")),
        tables.Column("Rate", "% of due", "bare"),
    )
    return tables.to_html(
        tables.DataTable(
            "themes",
            "From promise to delivery, by theme",
            columns,
            (*rows, total),
            "Commitments and claims register",
            has_total=True,
            notes=("Rate: reported as a share of due.",),
        )
    )


def _history() -> Html:
    rows = tuple(
        (year, pounds(f"y.{year}.a", a), pounds(f"y.{year}.b", b))
        for year, a, b in (
            ("2019-20", "44900000", "98000000"),
            ("2020-21", "51200000", "101000000"),
            ("2021-22", "68000000", "96000000"),
            ("2022-23", "77200000", "99000000"),
        )
    )
    columns = (
        tables.Column("Year"),
        tables.Column("Rotherham", "£ million", "millions"),
        tables.Column("Rest of South Yorkshire", "£ million", "millions"),
    )
    table = tables.DataTable("history", "Spend by place, four years", columns, rows, "Payments to suppliers")
    return charts.chart(
        "lines",
        table,
        title="Spend with Rotherham firms grew each year",
        subtitle="Payments to suppliers by place, financial years, £ million",
        alt="Line chart: spend in Rotherham rises each year; the rest of South Yorkshire is level.",
    )


def _tiers(size: charts.Size = "full") -> Html:
    rows = tuple(
        (name, pounds(f"g.{i}", value))
        for i, (name, value) in enumerate(
            (
                ("Rotherham", "38120000"),
                ("South Yorkshire", "51200000"),
                ("Yorkshire and the Humber", "33100000"),
                ("Elsewhere", "64700000"),
                ("Not known", "10192000"),
            )
        )
    )
    table = tables.DataTable(
        "tiers",
        "Spend by place",
        (tables.Column("Place"), tables.Column("Spend", "£ million", "millions")),
        rows,
        "Payments to suppliers",
    )
    return charts.chart(
        "bars",
        table,
        title="Two pounds in five go to South Yorkshire",
        subtitle="Payments by supplier's place, April to September 2022, £",
        alt="Bar chart of spend by place; elsewhere is largest.",
        highlight="Rotherham",
        size=size,
    )


def _sizes() -> Html:
    rows = tuple(
        (name, pounds(f"z.{i}", value), number(f"z.{i}.share", share, "percent"))
        for i, (name, value, share) in enumerate(
            (
                ("Micro", "12100000", 6),
                ("Small", "31300000", 16),
                ("Medium", "44000000", 22),
                ("Large", "99900000", 51),
                ("Not known", "10012000", 5),
                ("All", "197312000", 100),
            )
        )
    )
    columns = (
        tables.Column("Size"),
        tables.Column("Spend", "£ million", "millions"),
        tables.Column("Share", "%", "bare"),
    )
    return tables.to_html(
        tables.DataTable("sizes", "Spend by size of supplier", columns, rows, "Payments to suppliers", has_total=True)
    )


def _tiles() -> Html:
    tiles = [
        maps.Tile(
            f"E0501{2993 + i}", name, pounds(f"m.{i}", str(9900000 // (i + 1))), href=f"wards/E0501{2993 + i}.html"
        )
        for i, name in enumerate(WARDS)
    ]
    return maps.tile_map(
        "ward-map",
        tiles,
        title="Spend is largest in the town centre",
        subtitle="Paid to firms in each ward, ordered from most to least deprived, £",
        source="Payments to suppliers.",
        table_id="wards",
        highlight="E05012997",
    )


def _ward_table() -> Html:
    rows = tuple((name, pounds(f"w.{i}.paid", str(4213000 // (i + 1))), pounds(f"w.{i}.work", str(6800000 // (i + 2))),
                  hidden(f"w.{i}.people") if i % 6 == 5 else number(f"w.{i}.people", 40 - i, "people"),
                  number(f"w.{i}.change", 12 - i, "people")) for i, name in enumerate(WARDS))  # fmt: skip
    columns = (tables.Column("Ward"), tables.Column("Paid to firms here", "£ thousand", "thousands"), tables.Column("Work done here", "£ thousand", "thousands"),
               tables.Column("Residents hired", "people", "bare"), tables.Column("Change", "people", "bare", signed=True))  # fmt: skip
    return tables.to_html(
        tables.DataTable(
            "wards",
            "All wards, most deprived first",
            columns,
            rows,
            "Payments, contracts register, suppliers' returns",
            highlight="Boston Castle",
        )
    )


def _forecast() -> Html:
    rows = (
        (
            "Year to November 2022, forecast",
            pounds("f.low", "3600000"),
            pounds("f.mid", "4100000"),
            pounds("f.high", "4500000"),
        ),
        ("Year to November 2021, actual", "[z]", pounds("f.last", "3300000"), "[z]"),
    )
    columns = (
        tables.Column("Year"),
        *(tables.Column(name, "£ million", "millions") for name in ("Low", "Central", "High")),
    )
    table = tables.DataTable(
        "forecast", "Social value delivered by year end", columns, rows, "Claims register; forecast"
    )
    return charts.chart(
        "range",
        table,
        title="Delivery is likely to pass last year's",
        subtitle="Social value delivered in the year, £ million",
        alt="Range chart: the forecast lies above last year.",
        sort=False,
    )


def ward() -> NotebookNode:
    """A ward report: two printed pages."""
    return notebook([
        cards.front(_ward_cover(), _lenses(), one_page=False),
        "## Why it changed since mid-2021", _bridge(),
        "## Projects here", _projects(),
        "## Deprivation", paragraph("Two of eight areas here are among the most deprived tenth in England."),
        cards.columns(cards.story("A start in the town centre", "An invented apprentice joined the town-centre works.", "Town-centre works, 26 weeks, with consent", level=3), cards.callout("You asked", ["Did residents benefit? Nine were hired.", "Who to ask: the social value team."], level=3)),
    ])  # fmt: skip


def _ward_cover() -> Html:
    sentence = join(
        [
            figure(pounds("v.paid", "4213000")),
            " was paid to firms based here, ",
            figure(pounds("v.work", "6800000")),
            " of work was done here, ",
            figure(number("v.people", 9, "people")),
            " residents were hired.",
        ]
    )
    return cards.cover(
        COUNCIL, "Ward report: Boston Castle", str(PERIOD), date(2022, 6, 30), "demonstration", STATUS, [sentence]
    )


def _lenses() -> Html:
    def strip(name: str, title: str, size: int) -> Html:
        rows = tuple((ward, Amount(size * 100 // (i + 1), "pence")) for i, ward in enumerate(WARDS))
        table = tables.DataTable(
            name,
            title,
            (tables.Column("Ward"), tables.Column("Value", "£ thousand", "thousands")),
            rows,
            "Payments; contracts register",
        )
        return charts.chart(
            "strip",
            table,
            title=title,
            subtitle="All 25 wards, largest first, £",
            alt=f"{title}: Boston Castle among all wards.",
            highlight="Boston Castle",
            size="third",
        )

    return cards.columns(
        strip("paid", "Paid to firms here", 21065000),
        strip("work", "Work done here", 34000000),
        strip("gained", "Who gained", 900000),
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
    rows = tuple((name, pounds(f"b.{i}", value)) for i, (name, value) in enumerate(parts))
    table = tables.DataTable(
        "bridge",
        "Change since mid-2021 by cause",
        (tables.Column("Cause"), tables.Column("Amount", "£ thousand", "thousands", signed=False)),
        rows,
        "Payments; contracts register",
    )
    return charts.chart(
        "waterfall",
        table,
        title="One new contract explains the rise",
        subtitle="Paid to firms in Boston Castle, by cause of change, £",
        alt="Bridge chart from mid-2021 to mid-2022: new contracts add most.",
    )


def _projects() -> Html:
    columns = (
        tables.Column("Project"),
        tables.Column("Supplier"),
        tables.Column("Promised", "weeks", "bare"),
        tables.Column("Done", "weeks", "bare"),
        tables.Column("Status"),
    )
    rows = tuple(
        (
            f"Invented project {i}",
            "Fictional Builders Ltd",
            Amount(40 + i, "weeks"),
            Amount(12 * i, "weeks"),
            cards.rag(word),
        )
        for i, word in enumerate(("on track", "late", "at risk", "complete"), start=1)
    )
    return tables.to_html(
        tables.DataTable(
            "projects", "What was promised and what is done", columns, rows, "Commitments and claims register"
        )
    )

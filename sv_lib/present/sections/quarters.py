"""The lines under the cards of page one: eight quarters of each headline."""

from __future__ import annotations

from sv_lib.present import charts, pieces
from sv_lib.present.markup import Html, folded, join
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.tables import DataTable, to_html

COLUMNS = {
    "residents_into_work": (1,),
    "training_weeks": (2,),
    "delivered_value": (3,),
    "delivery_rate": (4, 5),
}
"""The columns of the table of quarters that each headline's line is drawn from."""


QUARTERS = 8


def lines(report: Report) -> dict[str, Html]:
    """The line of each headline."""
    social, spend = _of_social_value(report), _of_spend(report)
    drawn = {name: _line(report, social, columns) for name, columns in COLUMNS.items()}
    if spend:
        drawn["local_share"] = _line(report, spend, tuple(range(1, len(spend.columns))))
    return drawn


@pieces.table("front.quarters")
def _behind(report: Report) -> Html:
    """The tables behind the lines, folded away."""
    tables = filter(None, [_of_social_value(report), _of_spend(report)])
    return folded("Data behind the lines of eight quarters", join(map(to_html, tables)))


def _of_social_value(report: Report) -> DataTable:
    """Jobs, weeks and value of the last quarters."""
    table = PageTable(report, "quarters")
    for row in report.records("quarters"):
        table.add(row.words, quarter=row.quarter)
    return table.data()


def _of_spend(report: Report) -> DataTable | None:
    """The shares of the last quarters of payments; None where no whole quarter was supplied."""
    tiers = report.council.tiers
    name, words = "quarters-of-spend-here", {}
    if len(tiers) > 1:
        name, words = "quarters-of-spend", {"around_name": tiers[1].name}
    table = PageTable(report, name, "quarters-of-spend", **words)
    for _, row in report.frame("spend_quarters").tail(QUARTERS).iterrows():
        table.add(row["month"], quarter=row["until"])
    return table.data() if table.rows else None


def _line(report: Report, table: DataTable, columns: tuple[int, ...]) -> Html:
    what = " and ".join(table.columns[number].heading for number in columns)
    alt = say(report, "front.line_alt", what=what)
    return charts.small_line(table, columns, alt)

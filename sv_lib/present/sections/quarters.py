"""The lines under the cards of page one: eight quarters of each headline."""

from __future__ import annotations

from sv_lib.present import charts
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


def lines(report: Report) -> tuple[dict[str, Html], Html]:
    """The line of each headline, and the tables behind them, folded away."""
    social = _table(report, "sv", "quarters")
    drawn = {name: _line(report, social, columns) for name, columns in COLUMNS.items()}
    behind = [to_html(social)]
    rings = len(report.council.tiers)
    if rings:
        name = "quarters-of-spend" if rings > 1 else "quarters-of-spend-here"
        spend = _table(report, "spend", name)
        drawn["local_share"] = _line(report, spend, (1, 2)[:rings])
        behind.append(to_html(spend))
    return drawn, folded("Data behind the lines of eight quarters", join(behind))


def _table(report: Report, calendar: str, name: str) -> DataTable:
    table = PageTable(report, name)
    for _, row in report.rows("quarters", "calendar", calendar).iterrows():
        table.add(row["words"], quarter=row["quarter"])
    return table.data()


def _line(report: Report, table: DataTable, columns: tuple[int, ...]) -> Html:
    what = " and ".join(table.columns[number].heading for number in columns)
    alt = say(report, "front.line_alt", what=what.lower())
    return charts.small_line(table, columns, alt)

"""The figures that a council declared for itself."""

from __future__ import annotations

from sv_lib.present.markup import Html, heading, join
from sv_lib.present.page_tables import show_table
from sv_lib.present.report import Report

TABLE = "own_figures"


def own_figures(report: Report) -> Html:
    """The council's own figures and their shares, under a heading; nothing where it has none."""
    if TABLE not in report.calculation.tables:
        return Html()
    rows = report.frame(TABLE)
    shares = rows[rows["share"] != ""]
    wholes = [report[f"{stem}.this"].parts[1] for stem in shares["share"]]
    labels = [report[whole].label for whole in wholes]
    return join(
        [
            heading(2, "The council's own figures"),
            show_table(report, "own-figures"),
            show_table(report, "own-shares", shares.assign(whole=labels)),
        ]
    )

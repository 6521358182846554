"""The figures that a council declared for itself."""

from __future__ import annotations

from sv_lib.present import pieces
from sv_lib.present.markup import Html
from sv_lib.present.page_tables import show_table
from sv_lib.present.report import Report

TABLE = "own_figures"


def _has_own(report: Report) -> bool:
    """Whether the council declared figures of its own."""
    return TABLE in report.calculation.tables


pieces.worded("own.figures", "own-figures", when=_has_own)


@pieces.table("own.shares", when=_has_own)
def _shares(report: Report) -> Html:
    """Its shares, each with the whole that it is a part of."""
    rows = report.frame(TABLE)
    shares = rows[rows["share"] != ""]
    wholes = [report[f"{stem}.this"].parts[1] for stem in shares["share"]]
    labels = [report[whole].label for whole in wholes]
    return show_table(report, "own-shares", shares.assign(whole=labels))

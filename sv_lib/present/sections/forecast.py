"""Claims to the year's end: a forecast or what is due, what became of it, and how it was tried."""

from __future__ import annotations

from sv_lib.present import pieces
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report


def _is_given(report: Report) -> bool:
    """Whether there is a forecast."""
    expected = report.each("forecast.year_end", ("low", "central", "high"))
    return all(figure.is_known for figure in expected)


def _is_missing(report: Report) -> bool:
    return not _is_given(report)


@pieces.text("forecast.due", when=_is_missing)
def _due(report: Report) -> Html:
    """Without a forecast, what falls due by the year's end."""
    return sentence(report, "forecast.due")


@pieces.text("expected.was_due", when=_is_missing)
def _was_due(report: Report) -> Html:
    """Without a forecast, what was due then."""
    return sentence(report, "forecast.was_due")


@pieces.table("back_test.trials")
def _trials(report: Report) -> Html:
    """Every earlier quarter end at which the forecast's rule was tried, and what came."""
    table = PageTable(report, "back-test")
    for row in report.records("forecast_origins"):
        if row.is_trial:
            table.add(row.until, origin=row.origin, year=row.year)
    return table.show() if table.rows else Html()


@pieces.text("back_test.result")
@pieces.text("forecast.test", when=_is_given)
def _test(report: Report) -> Html:
    """How far off the rule was where it was tried, in which direction, and whether its range held.

    Where it could not be tried, one reason will do.
    """
    said = say(report, "forecast.test", which_way=_which_way(report))
    if report["forecast.back_test.origins"].is_known:
        said = join([said, say(report, "forecast.held")], " ")
    return paragraph(said)


def _which_way(report: Report) -> str:
    """Whether the rule was too low or too high on average."""
    error = report.calculation.trail["forecast.back_test.mean_error"].value
    return "too low" if error and error < 0 else "too high"


@pieces.table("forecast.before")
def _before(report: Report) -> Html:
    """Each earlier year at the same point: what was claimed of what fell due in the year."""
    table = PageTable(report, "forecast-before")
    for row in report.records("forecast_origins"):
        if row.is_same_point:
            table.add(row.until, origin=row.origin)
    return table.show() if table.rows else Html()

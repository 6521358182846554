"""The action plan: the officer's word, and beside it the status by date and evidence."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import pandas as pd

from sv_lib.analysis.action_status import Status, worked_out
from sv_lib.present import cards, pieces
from sv_lib.present.markup import Html, join
from sv_lib.present.page_tables import PageTable
from sv_lib.present.report import Report
from sv_lib.present.tables import date_cell, records

SAYS_ITSELF = ("pence", "GBP", "percent", "ratio")
"""How units begin whose numbers need no noun, since they bear a sign or are read without one."""


@pieces.table("actions.plan")
def _plan(report: Report) -> Html:
    """Every action by date due: whose it is, the officer's word, and what date and evidence say."""
    table = PageTable(report, "actions")
    plan = report.frame("actions").sort_values("due_on", kind="stable")
    for row in records(plan):
        due = "no date" if pd.isna(row.due_on) else date_cell(row.due_on.date())
        label = f"{row.action} ({row.owner})"
        found = join([cards.rag(standing(report, row)), _evidence(report, row)])
        table.add(label, due, cards.rag(row.status), found)
    return table.show()


def standing(report: Report, row: Any) -> Status:
    """The status of an action that its date and evidence give."""
    due_on = None if pd.isna(row.due_on) else row.due_on.date()
    evidence = _value(report, row.figure_id) if row.figure_id in report else None
    return worked_out(evidence, _target(report, row), due_on, report.publication.file.data_as_at)


def _value(report: Report, figure_id: str) -> Fraction | None:
    value = report[figure_id].value
    return None if value is None else Fraction(value)


def _target(report: Report, row: Any) -> Fraction | None:
    """How far an action is to come: the number given, or the value of the figure named."""
    if row.target in report:
        return _value(report, row.target)
    try:
        return Fraction(Decimal(str(row.target)))
    except (InvalidOperation, ValueError):
        return None


def _evidence(report: Report, row: Any) -> Html:
    """The figure beside its target: "7 of 20 contracts", "78.1%, target 100%"."""
    # What is not known is no evidence, and the status says so already.
    if row.figure_id not in report or report[row.figure_id].kind == "unknown":
        return Html()
    said = join([": ", report.say(row.figure_id)])
    if not report[row.figure_id].is_known or _target(report, row) is None:
        return said
    unit = report[row.figure_id].unit
    noun = "" if unit.startswith(SAYS_ITSELF) else f" {unit}"
    if row.target in report:
        return join([said, " of ", report.say(row.target), noun])
    sign = "%" if unit == "percent" else ""
    return join([said, noun, f", target {row.target}{sign}"])

"""The action plan: the officer's word beside what date and evidence say."""

from __future__ import annotations

from datetime import date

import pandas as pd
import small_council
from page_cells import shown
from sample_report import number

from sv_lib.figures.figure import Figure
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.present.markup import text_of
from sv_lib.present.report import Report


def said(figure: Figure, target: str = "100") -> str:
    """The words of a plan of one action, with this evidence, due before the data day."""
    row = {
        "action": "Ask every supplier",
        "owner": "Buyer",
        "due_on": pd.Timestamp(date(2022, 3, 31)),
        "status": "complete",
        "figure_id": figure.id,
        "target": target,
    }
    made = Calculation(
        Trail.of([figure]),
        {"actions": pd.DataFrame([row]), "wards": pd.DataFrame({"position": []})},
    )
    return text_of(shown(Report(small_council.publication(), made), "action-plan"))


def test_evidence_stands_beside_its_target() -> None:
    assert "late: 41.0%, target 100%" in said(number("a.share", 41, "percent"))
    assert "complete: 4 events, target 1" in said(number("a.held", 4, "events"), "1")


def test_what_is_not_known_is_no_evidence_and_is_not_said_twice() -> None:
    words = said(number("a.share", None, "percent"))
    assert "no evidence" in words
    assert "not known" not in words

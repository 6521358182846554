"""What the annex says of the files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from sv_lib.intake.control_totals import InputFile, as_controls, control_total
from sv_lib.present.report import Report
from sv_lib.present.sections.annex import _controls


def test_a_file_that_fills_two_tables_has_a_row_for_each_of_its_parts() -> None:
    """A register of contracts gives suppliers too, and notices do: each is accounted for by itself,
    and no two rows of the page have one header.
    """
    lines = [
        control_total(InputFile(table, "inputs/register.csv", "", 3), {"used": 2, "quarantined": 1})
        for table in ("suppliers", "contracts")
    ]
    report = SimpleNamespace(frame=lambda _: as_controls(lines), words={})
    page = str(_controls(cast(Report, report)))
    assert page.count("inputs/register.csv (part 1)") == 1
    assert page.count("inputs/register.csv (part 2)") == 1

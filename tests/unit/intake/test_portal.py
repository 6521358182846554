"""Exports of a portal under its own headings, read by a mapping of the council's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import Publication

Publish = Callable[..., Publication]
LINES = """  suppliers: inputs/suppliers.csv
  contracts: inputs/contracts.csv
  commitments: inputs/commitments.csv
  portal_exports: export.csv
  portal_layouts: portal.yaml
"""
LAYOUT = """
columns:
  claim_id: Submission ID
  contract_id: Project
  measure_ref: TOM
  period_end: Quarter End
  quantity: Delivered
  state: Status
  reported_on: Submitted
values:
  state: {Approved: validated, Awaiting evidence: reported}
  period_end: {Q1 2022: 2022-02-28}
always: {attribution: "1"}
"""
EXPORT = """Exported from the portal
Submission ID,Project,TOM,Delivered,Quarter End,Status,Submitted,Owner
S-1,C1,NT10,"1,250.5",31/05/2022,approved,14 June 2022,x
S-2,C1,NT10,2,Q1 2022,Awaiting evidence,10/03/2022,x
"""


def test_an_export_becomes_returns(publish: Publish) -> None:
    inputs = read_inputs(publish(LINES, export_dot_csv=EXPORT, portal_dot_yaml=LAYOUT))
    assert inputs.stops == []
    claims = inputs.frames["returns"]
    assert claims[["claim_id", "state", "source_file", "source_row"]].to_numpy().tolist() == [
        ["S-1", "validated", "export.csv", 3],
        ["S-2", "reported", "export.csv", 4],
    ]
    assert [str(quantity) for quantity in claims["quantity"]] == ["1250.5", "2"]
    days = claims[["period_start", "period_end", "reported_on"]].map(lambda day: f"{day:%Y-%m-%d}")
    assert days.to_numpy().tolist() == [
        ["2022-03-01", "2022-05-31", "2022-06-14"],
        ["2021-12-01", "2022-02-28", "2022-03-10"],
    ]
    line = inputs.controls.set_index("file").loc["export.csv"]
    assert line[["rows_in", "rows_used", "rows_excluded"]].tolist() == [2, 2, 0]
    assert {file.name for file in inputs.files} >= {"export.csv", "portal.yaml"}


def test_home_areas_come_by_a_layout_of_their_own(publish: Publish) -> None:
    homes = (
        "table: beneficiaries\ncolumns: {claim_id: Submission, home_lsoa_code: Area, "
        "headcount: People}\n"
    )
    lines = LINES.replace("export.csv", "'*.csv'").replace("portal.yaml", "'*-layout.yaml'")
    files = {
        "a-layout_dot_yaml": LAYOUT,
        "b-layout_dot_yaml": homes,
        "export_dot_csv": EXPORT,
        "homes_dot_csv": 'Submission,Area,People\nS-1,E01990001,"1,002"\n',
    }
    inputs = read_inputs(publish(lines, **files))
    assert inputs.stops == []
    assert inputs.frames["beneficiaries"][["claim_id", "headcount"]].to_numpy().tolist() == [
        ["S-1", 1002]
    ]
    assert len(inputs.frames["returns"]) == 2


def test_a_log_of_returns_may_leave_out_when_they_came(publish: Publish) -> None:
    log = "table: return_log\ncolumns: {contract_id: Project, quarter_end: Quarter, due_on: Due}\n"
    lines = LINES.replace("  commitments: inputs/commitments.csv\n", "")
    due = "Project,Quarter,Due\nC1,31/05/2022,14/06/2022\n"
    inputs = read_inputs(publish(lines, export_dot_csv=due, portal_dot_yaml=log))
    assert inputs.stops == []
    assert inputs.frames["return_log"]["received_on"].isna().tolist() == [True]


@pytest.mark.parametrize(
    ("old", "new", "found", "remedy"),
    [
        ("Delivered,Q", "Delivery,Q", "there is no column 'Delivered'", "did you mean 'Delivery'?"),
        ("approved", "Passed", "'Passed', for S-1", "choose one"),
        ("31/05/2022", "31/06/2022", "'31/06/2022', for S-1", "correct the cell"),
    ],
)
def test_what_the_layout_does_not_cover_stops(
    publish: Publish, old: str, new: str, found: str, remedy: str
) -> None:
    inputs = read_inputs(
        publish(LINES, export_dot_csv=EXPORT.replace(old, new), portal_dot_yaml=LAYOUT)
    )
    assert (found, remedy) in [(stop.found, stop.remedy) for stop in inputs.stops]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  quantity: Delivered\n", "", "it does not say what is quantity"),
        ("quantity", "amount", "'returns' has no column amount"),
        ("values:", "value:", "Extra inputs are not permitted"),
    ],
)
def test_a_layout_that_is_not_whole_is_refused(
    publish: Publish, old: str, new: str, said: str
) -> None:
    inputs = read_inputs(
        publish(LINES, export_dot_csv=EXPORT, portal_dot_yaml=LAYOUT.replace(old, new))
    )
    assert ("portal.yaml", said) in [(stop.file, stop.found) for stop in inputs.stops]

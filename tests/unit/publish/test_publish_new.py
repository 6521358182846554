"""The next period's file: dates a year on, everything else as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from sv_lib.errors import ParameterError
from sv_lib.params import load
from sv_lib.publish.new import needed, next_period

COMMENTED = """\
# Made for the Board of 2022-07-01.
publication: 2022-mid-year   # the folder's name
kind: mid-year
title: Social value 2021-22, mid-year 2022
status: final
data_as_at: 2024-02-29  # a leap day
social_value:
  this: {start: 2021-12-01, end: 2022-05-31}
  before: {start: 2020-12-01, end: 2021-05-31}
spend:
  this: {start: 2021-10-01, end: 2022-03-31}
  before: {start: 2020-10-01, end: 2021-03-31}
reports: [mid-year]
inputs:
  payments: inputs/payments-2021-22.csv  # as at 2022-06-30
  returns: inputs/2022-05-31/returns.csv
"""


def test_dates_title_and_inputs_move_on_and_comments_stay(params: Path) -> None:
    params.write_text(COMMENTED, encoding="utf-8")
    target = params.with_name("2023-mid-year.yaml")
    left = next_period(params, target)
    expected = (
        COMMENTED.replace("publication: 2022-mid-year", "publication: 2023-mid-year")
        .replace(
            "title: Social value 2021-22, mid-year 2022",
            "title: Social value 2022-23, mid-year 2023",
        )
        .replace("status: final", "status: draft")
        .replace("data_as_at: 2024-02-29", "data_as_at: 2025-02-28")
        .replace("{start: 2021-12-01, end: 2022-05-31}", "{start: 2022-12-01, end: 2023-05-31}")
        .replace("{start: 2020-12-01, end: 2021-05-31}", "{start: 2021-12-01, end: 2022-05-31}", 1)
        .replace("{start: 2021-10-01, end: 2022-03-31}", "{start: 2022-10-01, end: 2023-03-31}")
        .replace("{start: 2020-10-01, end: 2021-03-31}", "{start: 2021-10-01, end: 2022-03-31}")
        .replace("inputs/payments-2021-22.csv", "inputs/payments-2022-23.csv")
        .replace("inputs/2022-05-31/returns.csv", "inputs/2023-05-31/returns.csv")
        + "previous: 2022-mid-year\n"
    )
    assert target.read_text(encoding="utf-8") == expected
    assert left == []
    assert needed(target) == [
        "inputs/payments-2022-23.csv: not there yet",
        "inputs/2023-05-31/returns.csv: not there yet",
    ]
    following = load(target)
    assert following.sv_before == load(params).sv
    assert following.id == "2023-mid-year"


def test_an_existing_file_is_never_written_over(params: Path) -> None:
    target = params.with_name("2023-mid-year.yaml")
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(ParameterError, match="this file exists already"):
        next_period(params, target)
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "name", ["2023 Mid Year.yaml", "2023-mid-year.txt", "../2023-mid-year.yaml", "a/2023.yaml"]
)
def test_a_wrong_name_or_place_is_refused(params: Path, name: str) -> None:
    before = sorted(params.parents[1].rglob("*"))
    with pytest.raises(ParameterError):
        next_period(params, params.parent / name)
    assert sorted(params.parents[1].rglob("*")) == before


def test_a_source_with_faults_is_refused(params: Path) -> None:
    params.write_text(COMMENTED.replace("kind:", "kinds:"), encoding="utf-8")
    with pytest.raises(ParameterError, match="'kinds' is not a parameter; did you mean 'kind'"):
        next_period(params, params.with_name("2023-mid-year.yaml"))

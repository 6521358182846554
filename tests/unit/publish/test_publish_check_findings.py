"""Findings by kind, in the order of what their rows hold."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sv_lib.figures.calculation import gather
from sv_lib.intake.findings import Finding, Severity, finding, findings_by_row, standing_for
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import load
from sv_lib.publish.check import ON_PAGE, finding_rows
from sv_lib.publish.check_findings import DIFFERS, FindingKind, finding_kinds

PAYMENTS, RETURNS = "inputs/payments.csv", "inputs/returns.csv"


@pytest.fixture
def inputs(root: Path, tmp_path: Path) -> Inputs:
    """The faultless files: payments of £1,200.50, -£20 and £300; returns on 2 people and on 1."""
    shutil.copytree(root / "tests" / "bad_inputs" / "base", tmp_path / "params")
    return gather(load(tmp_path / "params" / "publication.yaml"))


def at(
    file: str, row: int | None, severity: Severity = "warn", why: str = "why", found: str = "found"
) -> Finding:
    """A finding on one row of a file."""
    touches = () if row is None else ((file, row),)
    return Finding(severity, file, row, "x", found, why, "do", touches=touches)


def kinds(inputs: Inputs, *findings: Finding) -> list[FindingKind]:
    return finding_kinds(replace(inputs, findings=findings))


def costs(inputs: Inputs, *findings: Finding) -> list[str]:
    return [kind.cost for kind in kinds(inputs, *findings)]


def test_a_row_costs_the_pounds_and_the_people_in_it(inputs: Inputs) -> None:
    assert costs(inputs, at(PAYMENTS, 2)) == ["£1,200.50"]
    assert costs(inputs, at(RETURNS, 2)) == ["2 people"]
    assert costs(inputs, at(RETURNS, 3)) == ["1 person"]
    assert costs(inputs, at("inputs/contracts.csv", 3)) == ["£60,000.00"]
    assert costs(inputs, at(PAYMENTS, 2), at(RETURNS, 2)) == [
        "at least £1,200.50; at least 2 people"
    ]


def test_a_supplier_costs_what_it_was_paid(inputs: Inputs) -> None:
    assert costs(inputs, at("inputs/suppliers.csv", 2)) == ["£1,200.50"]


def test_a_reversal_costs_as_much_as_a_payment_and_no_row_costs_twice(inputs: Inputs) -> None:
    assert costs(inputs, at(PAYMENTS, 2), at(PAYMENTS, 3)) == ["£1,220.50"]
    twice = (at(PAYMENTS, 3, found="one cell"), at(PAYMENTS, 3, found="another"))
    assert costs(inputs, *twice) == ["£20.00"]


def test_what_is_not_known_is_said_and_never_nil(inputs: Inputs) -> None:
    assert costs(inputs, at(PAYMENTS, None)) == ["not known"]
    assert costs(inputs, at(PAYMENTS, 99)) == ["not known"]
    assert costs(inputs, at("inputs/stories.csv", 2)) == ["not known"]
    assert costs(inputs, at(PAYMENTS, 2), at(PAYMENTS, 99)) == ["at least £1,200.50"]


def test_what_stops_a_run_is_first_and_then_what_costs_most(inputs: Inputs) -> None:
    found = [
        at(PAYMENTS, 4, "warn", "£300"),
        at(PAYMENTS, 2, "note", "£1,200.50"),
        at("inputs/stories.csv", 2, "note", "a note"),
        at("inputs/stories.csv", 2, "warn", "a warning"),
        at(RETURNS, 3, "warn", "1 person"),
        at(RETURNS, 2, "note", "2 people"),
        at("inputs/stories.csv", 2, "stop", "a stop"),
    ]
    assert [kind.problem for kind in kinds(inputs, *found)] == [
        "a stop",
        "£1,200.50",
        "£300",
        "2 people",
        "1 person",
        "a warning",
        "a note",
    ]


def test_the_pence_that_the_words_tell_are_those_of_the_kind(inputs: Inputs) -> None:
    said = finding("payments.unread", PAYMENTS, rows=3, pence=-50310)
    assert said.pence == -50310
    assert costs(inputs, said) == ["£503.10"]


def test_a_finding_that_counts_rows_costs_all_of_them_or_is_not_known(inputs: Inputs) -> None:
    slots: dict[str, Any] = {
        "rows": "2 rows",
        "example": "S9",
        "target": "a.b",
        "otherwise": "lost",
    }
    first = finding("links.loose", PAYMENTS, 2, "supplier_id", **slots)
    assert costs(inputs, first) == ["not known"]  # the first row alone would be too little
    rows = pd.DataFrame({"source_file": PAYMENTS, "source_row": [2, 4]})
    assert costs(inputs, standing_for(first, rows)) == ["£1,500.50"]


def test_the_rows_beyond_the_tenth_are_part_of_their_kind(inputs: Inputs) -> None:
    rows = pd.DataFrame({"source_file": PAYMENTS, "source_row": range(90, 102), "quantity": "x"})
    rows.loc[11, "source_row"] = 2
    (kind,) = kinds(inputs, *findings_by_row("claims.no_quantity", rows, "quantity"))
    assert kind.times == 12
    assert kind.cost == "at least £1,200.50"
    assert kind.remedy not in ("as above", DIFFERS)


def test_how_many_rows_is_told_only_where_it_is_known_of_all(inputs: Inputs) -> None:
    (kind,) = kinds(inputs, at("a.csv", 2), at("b.csv", None))
    assert kind.times == 0
    found = (at("a.csv", 2), at("b.csv", None))
    ((_, _, where, *_),) = finding_rows(replace(inputs, findings=found), ON_PAGE)
    assert "<p>in 2 files:</p>" in str(where)
    assert "rows in" not in str(where)


def test_a_whole_file_comes_before_its_rows(inputs: Inputs) -> None:
    found = [at("a.csv", 3), at("a.csv", None), at("a.csv", None, why="another")]
    assert [[one.row for one in kind.findings] for kind in kinds(inputs, *found)] == [
        [None],
        [None, 3],
    ]


def test_what_differs_from_place_to_place_is_said_at_each(inputs: Inputs) -> None:
    found = [
        replace(at("a.csv", 2), remedy="mean North?"),
        replace(at("a.csv", 3), remedy="mean South?"),
    ]
    (kind,) = kinds(inputs, *found)
    assert (kind.problem, kind.remedy) == ("why", DIFFERS)
    assert [said for _, _, said in kind.lines] == ["found; mean North?", "found; mean South?"]


def test_the_page_names_the_first_places_and_folds_the_rest(inputs: Inputs) -> None:
    found = [at(f"<{row:03}>.csv", row) for row in range(1, 505)]
    ((_, cost, where, *_),) = finding_rows(replace(inputs, findings=tuple(found)), ON_PAGE)
    assert cost == "not known"
    assert isinstance(where, str)
    assert "<p>504 rows in 504 files:</p>" in where
    first, _, folded = where.partition("<details")
    assert first.count("<li ") == 3
    assert "<summary>497 more</summary>" in folded
    assert "<p>and 4 more, not listed here</p>" in folded
    assert '<li data-file="&lt;001&gt;.csv">&lt;001&gt;.csv, row 1, x: found;</li>' in where


def test_a_file_that_all_rows_are_in_is_named_once(inputs: Inputs) -> None:
    found = (at(PAYMENTS, 2), at(PAYMENTS, 3))
    ((_, _, where, *_),) = finding_rows(replace(inputs, findings=found), ON_PAGE)
    assert f"<p>2 rows in {PAYMENTS}:</p>" in str(where)
    assert f'<li data-file="{PAYMENTS}">row 2, x: found;</li>' in str(where)

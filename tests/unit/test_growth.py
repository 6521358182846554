"""The larger councils of the growth benchmark are whole, and its fit is that of a straight line."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.growth import councils, exponent, larger, repeat_contracts
from sv_lib.figures.calculation import gather
from sv_lib.intake.pipeline import Inputs, require
from sv_lib.params import Publication, load


def test_a_straight_line_has_the_exponent_one_and_a_square_two() -> None:
    assert exponent([1, 2, 4], [3, 6, 12]) == pytest.approx(1)
    assert exponent([1, 2, 4], [3, 12, 48]) == pytest.approx(2)


def test_a_copy_of_a_claim_has_ids_of_its_own_and_the_same_money_and_dates(tmp_path: Path) -> None:
    path = tmp_path / "returns.csv"
    rows = [
        ["claim_id", "contract_id", "commitment_id", "period_end", "quantity"],
        ["R1", "C1", "P1", "2022-05-31", "0.32"],
        ["R2", "C1", "", "2022-05-31", "7"],
    ]
    write(path, rows)
    repeat_contracts(path, 3)
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(table["claim_id"]) == ["R1", "R2", "R1-1", "R2-1", "R1-2", "R2-2"]
    assert list(table["commitment_id"]) == ["P1", "", "P1-1", "", "P1-2", ""]
    assert set(table["contract_id"]) == {"C1", "C1-1", "C1-2"}
    assert list(table["quantity"]) == ["0.32", "7"] * 3
    assert set(table["period_end"]) == {"2022-05-31"}


def test_a_council_with_more_claims_is_read_without_a_new_finding(tmp_path: Path) -> None:
    once, twice = (read(larger(tmp_path / str(n) / "rotherham-demo", claims=n))[1] for n in (1, 2))
    for table in ("contracts", "commitments", "milestones", "returns", "return_log"):
        assert len(twice.frames[table]) == 2 * len(once.frames[table]), table
    assert len(twice.frames["beneficiaries"]) == 2 * len(once.frames["beneficiaries"])
    assert len(twice.frames["payments"]) == len(once.frames["payments"])
    for table, key in (("contracts", "contract_id"), ("returns", "claim_id")):
        assert twice.frames[table][key].is_unique, table
    assert {one.id for one in twice.findings} == {one.id for one in once.findings}


@pytest.mark.slow
def test_a_larger_council_has_its_wards_and_payments_so_many_times_over(tmp_path: Path) -> None:
    before, after = (
        read(larger(tmp_path / str(n) / "rotherham-demo", wards=n, payments=n)) for n in (1, 2)
    )
    assert len(after[0].council.wards) == 2 * len(before[0].council.wards)
    assert len({ward.name for ward in after[0].council.wards}) == 2 * len(before[0].council.wards)
    for table, times in (
        ("payments", 2),
        ("contract_places", 1),
        ("deprivation", 1),
        ("postcodes", 1),
    ):
        assert len(after[1].frames[table]) == times * len(before[1].frames[table]), table
    places = set(after[1].frames["contract_places"]["place"])
    assert len(places) > 1.5 * len(set(before[1].frames["contract_places"]["place"]))
    assert [load(path).council.id for path in councils(tmp_path / "many", 2)] == [
        "council-00",
        "council-01",
    ]


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def read(params: Path) -> tuple[Publication, Inputs]:
    publication = load(params)
    return publication, require(gather(publication))

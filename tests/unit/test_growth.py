"""The larger councils of the growth benchmark are whole, and its fit is that of a straight line."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.growth import councils, exponent, larger
from sv_lib.figures.calculation import gather
from sv_lib.intake.pipeline import Inputs, require
from sv_lib.params import Publication, load


def test_a_straight_line_has_the_exponent_one_and_a_square_two() -> None:
    assert exponent([1, 2, 4], [3, 6, 12]) == pytest.approx(1)
    assert exponent([1, 2, 4], [3, 12, 48]) == pytest.approx(2)


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


def read(params: Path) -> tuple[Publication, Inputs]:
    publication = load(params)
    return publication, require(gather(publication))

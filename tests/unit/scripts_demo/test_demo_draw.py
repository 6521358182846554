"""Chance that is the same everywhere, and files that are the same bytes."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from scripts.demo.draw import Draw, Urn
from scripts.demo.files import csv_bytes, pounds, write


def test_a_stream_is_pinned_for_every_machine() -> None:
    draw = Draw("payments 2021-22")
    assert [draw.whole(0, 999_999) for _ in range(5)] == [226496, 348573, 640738, 675007, 472613]


def test_streams_of_two_parts_differ_and_of_one_part_agree() -> None:
    one, again, other = (Draw(part) for part in ("places", "places", "quotes"))
    first = [one.whole(0, 10**6) for _ in range(50)]
    assert first == [again.whole(0, 10**6) for _ in range(50)]
    assert first != [other.whole(0, 10**6) for _ in range(50)]


def test_a_draw_stays_in_its_bounds() -> None:
    draw, urn = Draw("bounds"), Urn({"often": 9, "seldom": 1})
    assert {draw.whole(3, 5) for _ in range(200)} == {3, 4, 5}
    assert {draw.day(date(2022, 2, 27), date(2022, 3, 1)).day for _ in range(200)} == {27, 28, 1}
    picked = [draw.pick(urn) for _ in range(1000)]
    assert 850 < picked.count("often") < 950
    assert sum(draw.chance(250) for _ in range(1000)) in range(200, 300)


@pytest.mark.parametrize(("total", "count"), [(100, 7), (1, 3), (90_000_001, 52), (12, 1)])
def test_parts_add_up(total: int, count: int) -> None:
    parts = Draw("parts").parts(total, count)
    assert len(parts) == count
    assert sum(parts) == total


@pytest.mark.parametrize(
    ("pence", "text"),
    [(0, "0.00"), (5, "0.05"), (123456, "1234.56"), (-5, "-0.05"), (-100, "-1.00")],
)
def test_pence_are_written_as_pounds(pence: int, text: str) -> None:
    assert pounds(pence) == text


def test_a_table_is_written_in_the_order_of_its_columns() -> None:
    row = {"quantity": Decimal("2.50"), "due_on": date(2022, 5, 31), "commitment_id": "P1"}
    assert csv_bytes("milestones", [row]) == b"commitment_id,due_on,quantity\nP1,2022-05-31,2.5\n"


def test_a_column_that_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError, match="milestones has no column due"):
        csv_bytes("milestones", [{"due": "2022-05-31"}])


def test_an_optional_column_that_no_row_fills_is_left_out() -> None:
    """A new optional column changes no file of the demonstration."""
    row = {"contract_id": "C1", "title": "Road works"}
    assert b"first_time_bids" not in csv_bytes("contracts", [row])
    assert b"first_time_bids" in csv_bytes("contracts", [{**row, "first_time_bids": 2}])


def test_a_compressed_file_holds_no_time_and_is_the_same_twice(tmp_path: Path) -> None:
    for name in ("a.csv.gz", "b.csv.gz"):
        write(tmp_path / name, "milestones", [{"commitment_id": "P1", "quantity": 3}])
    first = (tmp_path / "a.csv.gz").read_bytes()
    assert first == (tmp_path / "b.csv.gz").read_bytes()
    assert first[4:8] == bytes(4)
    assert gzip.decompress(first).endswith(b"P1,,3\n")

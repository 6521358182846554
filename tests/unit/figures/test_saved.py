"""A calculation on disk opens as it was saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from small_council import calculated

from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period

YEAR = Period(date(2021, 4, 1), date(2022, 3, 31))
TABLE = pd.DataFrame({"ward": ["N", None, "S"], "on": [1, 2, 3]})


@pytest.fixture
def calculation() -> Calculation:
    """Spend of 30p and 10p, their change and ratio, weeks in decimals, and something not known."""
    trail = Trail()
    for name, amounts in (("this", [10, 20]), ("before", [10])):
        rows = pd.DataFrame(
            {
                "source_file": "payments.csv",
                "source_row": range(2, 2 + len(amounts)),
                "pence": amounts,
            }
        )
        trail.total(f"spend.total.{name}", "Spend", rows, "pence", "pence", YEAR, "sum")
    trail.difference(
        "spend.total.change", "Change", "spend.total.this", "spend.total.before", "less"
    )
    trail.ratio(
        "spend.times", "Times", "spend.total.before", "spend.total.this", "over", unit="ratio"
    )
    weeks = pd.DataFrame(
        {"source_file": ["returns.csv"], "source_row": [7], "weeks": [Decimal("1.333333")]}
    )
    trail.total("weeks.total", "Weeks", weeks, "weeks", "weeks", YEAR, "sum")
    jobs = trail.unknown("jobs.total", "Jobs", "people", YEAR, "no returns supplied")
    few = replace(jobs, id="jobs.few", kind="hidden", caution="few", low=1, high=4)
    trail.admit(few, None)
    return Calculation(trail, {"t": TABLE, "other": TABLE.assign(on=0)})


@pytest.fixture
def opened(calculation: Calculation, tmp_path: Path) -> Calculation:
    """The same, saved and opened."""
    calculation.save(tmp_path)
    calculation.save_trail(tmp_path)
    return Calculation.open(tmp_path)


def test_it_opens_as_it_was_saved(calculation: Calculation, opened: Calculation) -> None:
    assert list(opened.trail) == list(calculation.trail)
    values = [
        opened.trail[name].value
        for name in ("spend.total.this", "weeks.total", "spend.times", "jobs.total")
    ]
    assert values == [30, Decimal("1.333333"), Fraction(1, 3), None]
    assert [type(value).__name__ for value in values] == ["int", "Decimal", "Fraction", "NoneType"]
    assert [
        type(bound) for bound in (opened.trail["jobs.few"].low, opened.trail["jobs.total"].low)
    ] == [int, type(None)]
    assert (len(opened.trail), len(opened.tables), sorted(opened.tables)) == (7, 2, ["other", "t"])
    pd.testing.assert_frame_equal(opened.tables["t"], TABLE)
    assert opened.tables["t"] is opened.tables["t"], "a table is read once"
    assert opened.secrets is None


def test_the_rows_behind_figures_are_kept_exactly(opened: Calculation, tmp_path: Path) -> None:
    rows = pd.read_parquet(tmp_path / "trail.parquet")
    rows = rows[rows["figure_id"].isin(["weeks.total", "spend.total.this"])]
    assert rows.columns.tolist() == [
        "figure_id",
        "source_file",
        "source_row",
        "amount",
        "is_about_people",
    ]
    assert [
        tuple(row)
        for row in rows.astype({"figure_id": str, "source_file": str})
        .drop(columns="is_about_people")
        .to_numpy()
        .tolist()
    ] == [
        ("spend.total.this", "payments.csv", 2, Decimal(10)),
        ("spend.total.this", "payments.csv", 3, Decimal(20)),
        ("weeks.total", "returns.csv", 7, Decimal("1.333333")),
    ]


def test_nothing_is_written_by_opening(calculation: Calculation, tmp_path: Path) -> None:
    calculation.save(tmp_path / "new" / "folder")
    files = sorted(tmp_path.rglob("*"))
    assert Calculation.open(tmp_path / "new" / "folder").trail["spend.total.this"].value == 30
    assert sorted(tmp_path.rglob("*")) == files


@pytest.mark.parametrize(
    ("wards", "days"),
    [(("N",), [1]), ((None,), [2]), (("N", None), [1, 2]), (("N", "S"), [1, 3]), (("W",), [])],
)
def test_rows_of_a_table_by_ward(
    wards: tuple[str | None, ...], days: list[int], calculation: Calculation, opened: Calculation
) -> None:
    for one in (calculation, opened):
        found = one.rows("t", "ward", *wards)
        assert found["on"].tolist() == days
        assert found.index.tolist() == list(range(len(days)))


def test_no_code_of_a_person_is_saved(tmp_path: Path) -> None:
    """Not even as a hash: who has the key could find whose it is."""
    code = "c0de" * 16
    homes = f"claim_id | home_lsoa_code | headcount | person_key\nR01 | L1 | 1 | {code}"
    exempt = calculated("exempt", beneficiaries=homes)
    assert code in str(exempt.trail.people_behind().table["persons"].tolist())
    for name, made in (("exempt", exempt), ("public", calculated("public", beneficiaries=homes))):
        made.save(tmp_path / name)
        made.save_trail(tmp_path / name)
    for file in tmp_path.rglob("*.parquet"):
        assert code not in pd.read_parquet(file).to_csv(), file.name
    assert (tmp_path / "public" / "tables" / "claims.parquet").is_file()

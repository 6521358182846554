"""A calculation on disk opens as it was saved, and what a page looks at of it is noted, no more and
no
less.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.figures.saved import ALL, READS, Calculation, noted, rows_of
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
    trail.unknown("jobs.total", "Jobs", "people", YEAR, "no returns supplied")
    return Calculation(trail, {"t": TABLE, "other": TABLE.assign(on=0)})


@pytest.fixture
def opened(
    calculation: Calculation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Calculation:
    """The same, saved and opened by a process that notes what it looks at."""
    monkeypatch.setenv(READS, str(tmp_path / "reads"))
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
    assert (len(opened.trail), len(opened.tables), sorted(opened.tables)) == (6, 2, ["other", "t"])
    pd.testing.assert_frame_equal(opened.tables["t"], TABLE)
    assert opened.secrets is None


def test_the_rows_behind_figures_are_kept_exactly(opened: Calculation, tmp_path: Path) -> None:
    rows = rows_of(tmp_path / "trail.parquet", ["weeks.total", "spend.total.this"])
    assert rows.columns.tolist() == ["figure_id", "source_file", "source_row", "amount"]
    assert [
        tuple(row)
        for row in rows.astype({"figure_id": str, "source_file": str}).to_numpy().tolist()
    ] == [
        ("spend.total.this", "payments.csv", 2, Decimal(10)),
        ("spend.total.this", "payments.csv", 3, Decimal(20)),
        ("weeks.total", "returns.csv", 7, Decimal("1.333333")),
    ]


@pytest.mark.parametrize(
    ("look", "read"),
    [
        (lambda one: one.trail["spend.total.this"], ("figure", "spend.total.this")),
        (lambda one: "no.such" in one.trail, ("figure", "no.such")),
        (lambda one: list(one.trail), ("figures",)),
        (lambda one: len(one.trail), ("figures",)),
        (
            lambda one: one.trail.rank("weeks.total", ["spend.total.this"]),
            ("rank", "weeks.total", "spend.total.this"),
        ),
        (lambda one: one.tables["t"], ("table", "t")),
        (lambda one: list(one.tables), ("tables",)),
        (lambda one: len(one.tables), ("tables",)),
        (lambda one: one.rows("t", "ward", "N", None), ("rows", "t", "ward", "N", None)),
    ],
    ids=[
        "figure",
        "whether",
        "all",
        "how many",
        "rank",
        "table",
        "tables",
        "how many tables",
        "rows",
    ],
)
def test_what_is_looked_at_is_noted_once(
    look: object, read: tuple[str, ...], opened: Calculation, tmp_path: Path
) -> None:
    assert callable(look)
    look(opened)
    look(opened)
    assert noted(tmp_path / "reads") == (read,)
    assert len((tmp_path / "reads").read_text(encoding="utf-8").splitlines()) == 1


def test_nothing_noted_stands_on_everything(tmp_path: Path) -> None:
    assert noted(tmp_path / "none") == (ALL,)


def test_what_is_noted_comes_in_one_order_each_once(tmp_path: Path) -> None:
    (tmp_path / "reads").write_text(
        '["table", "t"]\n["figures"]\n["table", "t"]\n', encoding="utf-8"
    )
    assert noted(tmp_path / "reads") == (("figures",), ("table", "t"))


def test_without_a_place_to_note_it_nothing_is_written(
    calculation: Calculation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(READS, raising=False)
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


def test_what_a_page_looks_at_decides(calculation: Calculation) -> None:
    trail = calculation.trail
    now = Calculation(trail, {"t": TABLE})
    moved = Calculation(trail, {"t": TABLE.assign(on=[1, 2, 4])})
    for read, is_same in {
        ("rows", "t", "ward", "N"): True,
        ("rows", "t", "ward", "N", None): True,
        ("rows", "t", "ward", "S"): False,
        ("table", "t"): False,
        ("tables",): True,
        ("figures",): True,
        ("figure", "spend.total.this"): True,
        ("figure", "no.such"): True,
        ("all",): False,
        ("table", "none"): True,
    }.items():
        assert (now.content(read) == moved.content(read)) is is_same, read
    blank, empty = (
        Calculation(trail, {"t": TABLE.assign(ward=["N", value, "S"])}) for value in (None, "")
    )
    assert blank.content(("table", "t")) != empty.content(("table", "t"))
    assert now.content(("tables",)) != Calculation(trail, {"u": TABLE}).content(("tables",))
    figures = {figure.id: figure for figure in trail}
    figures["spend.total.this"] = replace(figures["spend.total.this"], value=1)
    other = Calculation(Trail.of(list(figures.values())), {"t": TABLE})
    for read in (
        ("figure", "spend.total.this"),
        ("figures",),
        ("rank", "spend.total.this", "spend.total.before"),
        ("all",),
    ):
        assert now.content(read) != other.content(read), read
    assert now.content(("figure", "weeks.total")) == other.content(("figure", "weeks.total"))

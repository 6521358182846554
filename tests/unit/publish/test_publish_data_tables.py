"""The CSV files: agreed columns, exact values, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.errors import RenderError
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period
from sv_lib.publish.files.data_tables import (
    describe,
    reports_by_figure,
    values,
    write_all,
    write_csv,
    write_figures,
)
from sv_lib.publish.files.printed_figures import Printed, printed_figures

DESIGN = (
    "figure_id,label,value,low,high,unit,display,period_start,period_end,formula,operation,parts,"
    "row_count,caution,reports"
)
PERIOD = Period(date(2021, 12, 1), date(2022, 5, 31))


@pytest.fixture
def trail() -> Trail:
    trail = Trail()
    rows = pd.DataFrame(
        {"source_file": ["a.csv", "a.csv"], "source_row": [2, 3], "amount_pence": [100_00, -25_00]}
    )
    trail.total("spend.all", "All, credits off", rows, "amount_pence", "pence", PERIOD, "sum")
    trail.count("spend.lines", "Lines", rows, "payments", PERIOD, "number")
    trail.ratio("spend.mean", "Mean", "spend.all", "spend.lines", "all ÷ lines", unit="pence")
    trail.unknown("people.all", "People", "people", PERIOD, "no returns supplied")
    return trail


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_figures_have_the_agreed_columns_and_exact_values(trail: Trail, tmp_path: Path) -> None:
    tables = {
        "claims": pd.DataFrame({"claim_id": ["R1"]}),
        "wards": pd.DataFrame({"ward": ["E05990001"]}),
    }
    calculation = Calculation(trail, tables)
    folder = tmp_path / "run"
    folder.mkdir()
    written = write_all(folder, calculation)
    write_figures(folder, written["figures"], {"spend.all": ["wards/E05990001", "mid-year"]})
    rows = read(folder / "figures.csv")
    assert ",".join(rows[0]) == DESIGN
    assert rows[1][:10] == [
        "spend.all",
        "All, credits off",
        "7500",
        "",
        "",
        "pence",
        "£75",
        "2021-12-01",
        "2022-05-31",
        "sum",
    ]
    assert rows[1][12] == "2"
    assert rows[1][14] == "mid-year;wards/E05990001"
    assert rows[3][2] == "3750.000000"
    assert rows[3][10:12] == ["÷", "spend.all spend.lines"]
    assert [rows[4][2], rows[4][6], rows[4][13]] == ["", "not known", "no returns supplied"]
    assert sorted(path.name for path in folder.rglob("*")) == [
        "claims.csv",
        "data",
        "figures.csv",
        "wards.csv",
    ]
    assert list(written) == ["figures", "claims", "wards"]


def on_page(figure_id: str, value: str, text: str) -> tuple[Printed, ...]:
    tag = f'<data class="figure" data-figure="{figure_id}" value="{value}">{text}</data>'
    return printed_figures(f"<p>{tag}</p>")


def test_a_page_may_print_only_figures_of_the_ledger_with_their_value(trail: Trail) -> None:
    right = {
        "mid-year": (*on_page("spend.all", "7500", "£75"), *on_page("spend.all", "7500", "£75.00")),
        "methods": (*on_page("spend.all", "7500", "+£75"), *on_page("people.all", "", "not known")),
    }
    assert reports_by_figure(right, trail) == {
        "spend.all": ["mid-year", "methods"],
        "people.all": ["methods"],
    }
    with pytest.raises(RenderError, match=r"mid-year: it prints a figure 'spend\.other'"):
        reports_by_figure({"mid-year": on_page("spend.other", "1", "1")}, trail)
    with pytest.raises(RenderError, match=r"it prints 'spend\.all' as '7501'; it is '7500'"):
        reports_by_figure({"mid-year": on_page("spend.all", "7501", "£75")}, trail)


@pytest.mark.parametrize("text", ["£95", "£75 ", "", "75p", "<b>£95</b>", "<!-- -->£95", "£75<b>5"])
def test_a_figure_is_written_in_one_of_its_forms(trail: Trail, text: str) -> None:
    with pytest.raises(RenderError, match=r"it prints 'spend\.all' as '.*'; it is '£75'"):
        reports_by_figure({"mid-year": on_page("spend.all", "7500", text)}, trail)


def test_cells_keep_what_they_hold() -> None:
    frame = pd.DataFrame(
        {
            "on": pd.to_datetime(["2022-01-31", None]),
            "pence": pd.Series([-5, None], dtype="Int64"),
            "flag": [True, False],
            "text": pd.Series(["a", None], dtype="str"),
            "exact": pd.Series([Decimal("1.50"), Fraction(1, 3)], dtype=object),
        }
    )
    assert [values(frame[name]) for name in frame.columns] == [
        [date(2022, 1, 31), None],
        [-5, None],
        ["yes", "no"],
        ["a", None],
        [Decimal("1.50"), Decimal("0.333333")],
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44 0", "'+44 0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("-A1", "'-A1"),
        ("\t=1", "'\t=1"),
        ("-£20", "-£20"),
        ("-12.3%", "-12.3%"),
        ("−£0.4m", "−£0.4m"),
        ("plain = text", "plain = text"),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_made_inert(
    tmp_path: Path, text: str, written: str
) -> None:
    write_csv(pd.DataFrame({"name": [text], "pence": [-5]}), tmp_path / "x.csv")
    assert read(tmp_path / "x.csv")[1] == [written, "-5"]


def test_each_csv_file_is_described_for_machines(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    wards = pd.DataFrame(
        {"ward_name": ["Wath"], "spend_pence": [5], "share": [Decimal("0.5")], "is_home": [True]}
    )
    wards["on"] = pd.to_datetime(["2022-01-31"])
    describe(
        tmp_path,
        {"figures": pd.DataFrame({"value": [None, 1]}, dtype=object), "wards": wards},
        "A title",
    )
    top, below = (
        json.loads((place / "csv-metadata.json").read_text("utf-8"))
        for place in (tmp_path, tmp_path / "data")
    )
    assert [table["url"] for table in top["tables"]] == ["figures.csv"]
    (table,) = below["tables"]
    assert below["@context"][0] == "http://www.w3.org/ns/csvw"
    assert [column["name"] for column in table["tableSchema"]["columns"]] == list(wards.columns)
    assert [column["datatype"] for column in table["tableSchema"]["columns"]] == [
        "string",
        "integer",
        "decimal",
        {"base": "boolean", "format": "yes|no"},
        "date",
    ]
    assert table["tableSchema"]["columns"][1]["titles"] == "spend (pence)"

"""Text to exact values: what can be read, and what is left to a person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.intake.files.cells import ReadColumn, read_cells
from sv_lib.intake.tables.columns import Column, Kind


def read(
    kind: Kind, *texts: str, ledger: bool = False, choices: tuple[str, ...] = ()
) -> ReadColumn:
    column = Column("column", kind, "a column of a test", choices=choices)
    return read_cells(pd.Series(texts, dtype="str", index=range(2, len(texts) + 2)), column, ledger)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("1", 100),
        ("1.5", 150),
        ("-20.00", -2000),
        (" 7 ", 700),
        ("0.29", 29),
        ("999999999999.99", 99999999999999),
    ],
)
def test_canonical_money(text: str, pence: int) -> None:
    assert (
        read("pounds", text).values.tolist()
        == read("pounds", text, ledger=True).values.tolist()
        == [pence]
    )


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,234.50", 123450),
        ("1,234,567.8", 123456780),
        ("(20.00)", -2000),
        ("£(20)", -2000),
        ("(£1,020)", -102000),
        ("20.00-", -2000),
        ("-£3.20", -320),
        ("£-5", -500),
        ("−4", -400),
        (".5", 50),
        ("£ 12", 1200),
        ("5 CR", -500),
        ("£1,020.00DR", 102000),
        ("GBP 7", 700),
        ("�75.00", 7500),
        ("-�75.00", -7500),
        ("1 234.50", 123450),
        ("+3", 300),
        ("6.82121E-13", 0),
        ("483.96999999999997", 48397),
        ("1.005", 101),
        ("-1.005", -101),
        ("2.674999", 267),
    ],
)
def test_money_as_ledgers_print_it(text: str, pence: int) -> None:
    assert read("pounds", text).unread.tolist() == [True]
    assert read("pounds", text, ledger=True).values.tolist() == [pence]


@pytest.mark.parametrize(
    "text",
    [
        "12,34",
        "1,23.45",
        "1.234,50",
        "abc",
        "REDACTED",
        "£",
        "-",
        "1e5",
        "(5",
        "5)",
        "--5",
        "(-5)",
        "0x1F",
        "nan",
    ],
)
def test_money_that_would_be_a_guess_is_not_read(text: str) -> None:
    for ledger in (False, True):
        cells = read("pounds", text, ledger=ledger)
        assert cells.unread.tolist() == [True]
        assert cells.values.isna().tolist() == [True]


def test_noise_and_parts_of_a_penny_are_told_apart() -> None:
    cells = read("pounds", "483.96999999999997", "1.005", "1.50", "", ledger=True)
    assert cells.rounded["noise"].tolist() == [True, False, False, False]
    assert cells.rounded["part_pence"].tolist() == [False, True, False, False]


@given(st.lists(st.integers(-(10**14), 10**14)))
def test_any_pence_written_in_pounds_are_read_back(amounts: list[int]) -> None:
    texts = [
        f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}" for pence in amounts
    ]
    assert read("pounds", *texts).values.tolist() == amounts


@given(st.lists(st.integers(-(10**11), 10**11)))
def test_a_spreadsheets_noise_never_moves_a_penny(amounts: list[int]) -> None:
    texts = [format(Decimal(repr(pence / 100)), "f") for pence in amounts]
    assert read("pounds", *texts, ledger=True).values.tolist() == amounts


def test_dates() -> None:
    texts = (
        "2024-04-02",
        "2024-04-02 00:00:00",
        "02/04/2024",
        "2/4/2024",
        "13/13/2024",
        "04/13/2024",
        "2023-02-29",
        "",
        "soon",
    )
    day, blank = pd.Timestamp(2024, 4, 2), pd.NaT
    canonical, ledger = read("date", *texts), read("date", *texts, ledger=True)
    assert canonical.values.tolist() == [day, *[blank] * 8]
    assert ledger.values.tolist() == [day, day, day, day, *[blank] * 5]
    assert ledger.unread.tolist() == [False] * 4 + [True, True, True, False, True]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_is_never_read_month_first(day: date) -> None:
    assert read("date", f"{day:%d/%m/%Y}", ledger=True).values.dt.date.tolist() == [day]


def test_a_year_that_cannot_be_meant_is_not_read() -> None:
    assert read("date", "0202-01-01", "2924-04-02", "02/04/0024", ledger=True).unread.all()


def test_the_other_kinds() -> None:
    assert read("quantity", "2.5", "", "-1", "1,000", "x").values.tolist() == [
        Decimal("2.5"),
        None,
        Decimal(-1),
        None,
        None,
    ]
    assert read("whole", "3", "", "2.5").values.tolist() == [3, pd.NA, pd.NA]
    assert read("yes_no", "Y", "no", "", "TRUE", "maybe").values.tolist() == [
        "yes",
        "no",
        "not known",
        "yes",
        "not known",
    ]
    assert read("yes_no", "maybe", "").unread.tolist() == [True, False]
    chosen = read("choice", "on track", "ON TRACK", "", "green", choices=("on track", "late"))
    assert chosen.values.isna().tolist() == [False, False, True, True]
    assert chosen.unread.tolist() == [False, False, False, True]
    assert read("text", " a ", " ").values.isna().tolist() == [False, True]


def test_values_keep_the_rows_they_came_from() -> None:
    kinds: tuple[Kind, ...] = (
        "text",
        "date",
        "pounds",
        "quantity",
        "whole",
        "share",
        "yes_no",
        "choice",
    )
    for kind in kinds:
        assert read(kind, "1", "2").values.index.tolist() == [2, 3]
    assert timedelta(0) == read("date", "2024-04-02").values.iloc[0] - pd.Timestamp("2024-04-02")

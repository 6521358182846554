"""Text to exact values: what can be read, and what is left to a person."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sv_lib.intake.files.cells import ReadColumn, _trimmed, read_cells
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
    assert read("pounds", text, ledger=True).values.tolist() == [pence]
    # In a table kept by hand a pound sign and commas are read too; nothing is rounded there.
    by_hand = read("pounds", text)
    assert by_hand.values.fillna(pence).tolist() == [pence]
    assert by_hand.spelt.tolist() == (~by_hand.unread).tolist()


def test_money_of_a_table_kept_by_hand_is_never_rounded() -> None:
    assert read("pounds", "1.005", "£1,000.001", "483.96999999999997", "6.8E-13").unread.all()


@pytest.mark.parametrize(
    "text",
    [
        "12,34",
        "1,23.45",
        "1.234,50",
        "abc",
        "REDACTED",
        "£",
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


def test_a_dash_is_nothing_in_a_ledger_alone() -> None:
    assert read("pounds", "-", ledger=True).values.tolist() == [0]
    assert read("pounds", "-").unread.tolist() == [True]


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
    # 04/13/2024 can only be month first, so no other date of the column is certain.
    assert canonical.values.tolist() == [day, day, *[blank] * 7]
    assert ledger.values.tolist() == [day, day, day, day, *[blank] * 5]
    assert ledger.unread.tolist() == [False] * 4 + [True, True, True, False, True]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_is_never_read_month_first(day: date) -> None:
    assert read("date", f"{day:%d/%m/%Y}", ledger=True).values.dt.date.tolist() == [day]


def test_a_year_that_cannot_be_meant_is_not_read() -> None:
    assert read("date", "0202-01-01", "2924-04-02", "02/04/0024", ledger=True).unread.all()


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "31/12/2021", pd.Timestamp(2021, 12, 31)),
        ("date", "1 Dec 21", pd.Timestamp(2021, 12, 1)),
        ("date", "44561", pd.Timestamp(2021, 12, 31)),
        ("whole", "1,000", 1000),
        ("quantity", "£25,000.50", Decimal("25000.50")),
        ("quantity", "−1", Decimal(-1)),
        ("share", "80%", Decimal("0.80")),
        ("share", "12.5 %", Decimal("0.125")),
    ],
)
def test_a_table_as_people_fill_it_in(kind: Kind, text: str, value: object) -> None:
    cells = read(kind, text)
    assert cells.values.tolist() == [value]
    assert cells.spelt.tolist() == [True]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("date", ["July 2021", "2021-22", "02042024", "soon", "#N/A", "2021-12-31; 2022-01-01"]),
        ("whole", ["2.5", "£3", "80%", "eleven", "1,00", "١٢", "1; 2", "=A1", "1e3"]),
        ("quantity", ["2.5 FTE", "80%", "1.234,5", "(20)", "#REF!", "１２", "nan", "1,000,00"]),
        ("share", ["£0.8", "80 of 100", "0,8"]),
        ("text", ["#REF!", "#N/A", "#DIV/0!", "#NAME?"]),
    ],
)
def test_what_would_be_a_guess_is_left_to_a_person(kind: Kind, texts: list[str]) -> None:
    cells = read(kind, *texts)
    assert cells.unread.all()
    assert not cells.spelt.any()


def test_a_percentage_is_read_as_it_stands_where_the_column_is_in_per_cent() -> None:
    column = Column("weight", "quantity", "", unit="% of the score")
    cells = read_cells(pd.Series(["20%", "£5"], dtype="str"), column)
    assert cells.values.tolist() == [Decimal(20), None]


def test_the_other_kinds() -> None:
    assert read("quantity", "2.5", "", "-1", "x").values.tolist() == [
        Decimal("2.5"),
        None,
        Decimal(-1),
        None,
    ]
    # Exports of pandas and R write whole numbers so; nothing needs to be said of it.
    whole = read("whole", "3", "", "2.5", "2.0")
    assert whole.values.tolist() == [3, pd.NA, pd.NA, 2]
    assert not whole.spelt.any()
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


PADDING = st.sampled_from(["", " ", "\t", "\n", "\xa0", "\u2003", "\x1f", "!", "~", "é"])
PADDED = st.tuples(PADDING, st.sampled_from(["", "a", "£5 £"]), PADDING).map("".join)


@given(st.lists(PADDED), st.integers(0, 3), st.integers(0, 3))
def test_a_column_is_trimmed_as_if_every_text_of_it_was(
    texts: list[str], after: int, before_end: int
) -> None:
    """``after``, ``before_end``: a chunk may be a part of a longer one."""
    whole = pa.array(texts, pa.large_string())
    part = whole[after : max(after, len(texts) - before_end)]
    trimmed = _trimmed(part)
    assert trimmed.equals(pc.utf8_trim_whitespace(part))


def test_a_column_without_padding_is_not_copied() -> None:
    texts = pa.array(["a", "", "b c"], pa.large_string())
    assert _trimmed(texts) is texts

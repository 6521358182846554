"""The text of cells as exact values, a column at a time. What cannot be read is marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.amounts import Mask, read_amounts
from sv_lib.intake.files.dates import ledger_day
from sv_lib.intake.tables.columns import Column
from sv_lib.params import NOT_KNOWN

Dtype = Literal["object", "str", "Int64", "datetime64[us]"]
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"-?\d{1,15}")
DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
YES_NO = {
    "": NOT_KNOWN,
    "not known": NOT_KNOWN,
    "unknown": NOT_KNOWN,
    "yes": "yes",
    "y": "yes",
    "true": "yes",
    "no": "no",
    "n": "no",
    "false": "no",
}
SHAPES = {
    "date": "a date such as 2024-03-31",
    "pounds": "pounds and pence such as 1234.56",
    "whole": "a whole number",
    "quantity": "a number such as 2.5",
    "share": "a number from 0 to 1",
    "yes_no": "yes, no or blank",
}
"""What a cell of each kind should hold, in the words of a finding."""


@dataclass(frozen=True)
class ReadColumn:
    """One column read. ``unread``: which filled cells could not be read.

    Of amounts only: ``noise`` and ``part_pence``, as in ``Amounts``.
    """

    values: pd.Series
    unread: Mask
    noise: Mask | None = None
    part_pence: Mask | None = None


def ledger_pence(texts: pd.Series) -> ReadColumn:
    """The amounts of a ledger, as it prints them: £1,234.50, (20.00), 20.00 CR."""
    return read_cells(texts, Column("amount", "pounds", ""), as_in_a_ledger=True)


def ledger_days(texts: pd.Series) -> ReadColumn:
    """The days of a ledger, as it prints them: 02/04/2024, 2 Apr 24."""
    return read_cells(texts, Column("day", "date", ""), as_in_a_ledger=True)


def read_cells(texts: pd.Series, column: Column, as_in_a_ledger: bool = False) -> ReadColumn:
    """A column of text as values of its kind (``columns.Kind``), with the index of the text."""
    trimmed = [_trimmed(chunk) for chunk in as_arrow(texts).chunks]
    array = pa.chunked_array(trimmed, pa.large_string())
    is_filled = pc.not_equal(array, "")
    if column.kind == "pounds":
        amounts = read_amounts(array, as_in_a_ledger)
        values = amounts.as_series()
        unread = amounts.unread
        if unread.any():
            unread = unread & is_filled.to_numpy()
        cells = ReadColumn(values, unread, amounts.noise, amounts.part_pence)
    elif column.kind == "text":
        # Text without blanks goes on as it is, so that a long column is not copied.
        filled = array if pc.all(is_filled).as_py() else pc.if_else(is_filled, array, None)
        cells = ReadColumn(filled.to_pandas(), np.zeros(len(array), dtype=bool))
    else:
        values = _values(array, column, as_in_a_ledger)
        unread = is_filled.to_numpy() & values.isna().to_numpy()
        if column.kind == "yes_no":
            values = values.fillna(NOT_KNOWN)
        cells = ReadColumn(values, unread)
    cells.values.index = texts.index
    return cells


def _trimmed(chunk: pa.Array) -> pa.Array:
    """Text without padding; the very same array where it has none, to save the memory of a copy."""
    trimmed = pc.utf8_trim_whitespace(chunk)
    is_the_same = pc.sum(pc.binary_length(trimmed)) == pc.sum(pc.binary_length(chunk))
    return chunk if is_the_same else trimmed


def is_blank(texts: pd.Series) -> Mask:
    """Whether there is nothing in each cell but space."""
    array = as_arrow(texts)
    mask: Mask = pc.or_(pc.equal(array, ""), pc.utf8_is_space(array)).to_numpy()
    return mask


def as_arrow(texts: pd.Series) -> pa.ChunkedArray:
    """Text as Arrow holds it, without a copy where pandas does too."""
    array = pa.array(texts, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _values(texts: pa.ChunkedArray, column: Column, as_in_a_ledger: bool) -> pd.Series:
    """Dates, numbers and choices; missing where a text cannot be read."""
    if column.kind == "date":
        return _each(texts, ledger_day if as_in_a_ledger else _canonical_date, "datetime64[us]")
    if column.kind in ("quantity", "share"):
        return _each(texts, _decimal, "object")
    if column.kind == "whole":
        return _each(texts, _whole, "Int64")
    known = YES_NO
    if column.kind == "choice":
        known = {choice.lower(): choice for choice in column.choices}

    def chosen(text: str) -> str | None:
        return known.get(text.lower())

    return _each(texts, chosen, "str")


def _each(texts: pa.ChunkedArray, read: Callable[[str], object], dtype: Dtype) -> pd.Series:
    """Read each distinct text once, for a column repeats itself; None where it cannot be read."""
    encoded = texts.dictionary_encode().combine_chunks()
    values = np.empty(len(encoded.dictionary), dtype=object)
    values[:] = [read(text) for text in encoded.dictionary.to_pylist()]
    distinct: pd.Series = pd.Series(values).astype(dtype)
    return distinct.take(encoded.indices.to_numpy()).reset_index(drop=True)


def _canonical_date(text: str) -> date | None:
    if not ISO_DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2100 else None


def _whole(text: str) -> int | None:
    return int(text) if WHOLE.fullmatch(text) else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if DECIMAL.fullmatch(text) else None

"""The text of cells as exact values, a column at a time. What cannot be read is marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.amounts import Mask, read_amounts
from sv_lib.intake.files.dates import ledger_day
from sv_lib.intake.tables.columns import Column
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import load_as

Dtype = Literal["object", "str", "Int64", "datetime64[us]"]
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE = re.compile(r"-?\d{1,15}")
DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
WORDS = load_as(dict[str, dict[str, str]], Path(__file__).with_suffix(".yaml"))
SHAPES = WORDS["shapes"]
"""What a cell of each kind should hold, in the words of a finding."""
YES_NO = WORDS["yes_no"]


@dataclass(frozen=True)
class ReadColumn:
    """One column read. ``unread``: which filled cells could not be read.

    ``rounded``: of amounts alone, ``noise`` and ``part_pence`` as in ``Amounts``.
    """

    values: pd.Series
    unread: Mask
    rounded: Mapping[str, Mask] = field(default_factory=dict)


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
    rounded = {}
    if column.kind == "pounds":
        amounts = read_amounts(array, as_in_a_ledger)
        values = amounts.as_series()
        rounded = {"noise": amounts.noise, "part_pence": amounts.part_pence}
    elif column.kind == "text":
        # Text without blanks goes on as it is, so that a long column is not copied.
        filled = array if pc.all(is_filled).as_py() else pc.if_else(is_filled, array, None)
        values = filled.to_pandas()
    else:
        values = _values(array, column, as_in_a_ledger)
    unread = is_filled.to_numpy() & values.isna().to_numpy()
    if column.kind == "yes_no":
        values = values.fillna(NOT_KNOWN)
    values.index = texts.index
    return ReadColumn(values, unread, rounded)


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
    if column.kind in ("choice", "yes_no"):
        choices = {choice.lower(): choice for choice in column.choices}
        return _each(pc.utf8_lower(texts), (choices or YES_NO).get, "str")
    read, dtype = READERS[column.kind]
    return _each(texts, ledger_day if as_in_a_ledger else read, dtype)


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


READERS: Mapping[str, tuple[Callable[[str], object], Dtype]] = {
    "date": (_canonical_date, "datetime64[us]"),
    "whole": (_whole, "Int64"),
    "quantity": (_decimal, "object"),
    "share": (_decimal, "object"),
}
"""How a text of each kind is read, and what its column is made of."""

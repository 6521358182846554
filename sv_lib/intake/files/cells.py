"""The text of cells as exact values, a column at a time. What cannot be read is marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.amounts import Mask, read_amounts
from sv_lib.intake.files.dates import ISO, ledger_day, only_month_first, written_day
from sv_lib.intake.tables.columns import Column
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import data_beside

Dtype = Literal["object", "str", "bool", "Int64", "datetime64[us]"]
BLANK, NO_ASCII = 32, 127
"""The highest byte of a blank; the lowest of a sign that may be one beyond ASCII."""
PLAIN_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NUMBER = re.compile(
    r"(?P<minus>[-−]?) ?(?P<pound>£?) ?(?P<digits>([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,15})"
    r"(\.[0-9]{1,12})?) ?(?P<percent>%?)"
)
"""A number as people write it: £1,200 or 80%."""
SPREADSHEET_ERROR = (
    r"^#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|formula without a stored value)$"
)
WORDS = data_beside(__file__, dict[str, dict[str, str]])
SHAPES = WORDS["shapes"]
"""What a cell of each kind should hold, in the words of a finding."""
YES_NO = WORDS["yes_no"]


@dataclass(frozen=True)
class ReadColumn:
    """One column read. ``unread``: which filled cells could not be read.

    ``spelt``: of a table kept by hand, those spelt otherwise than there, such as 31/03/2024.
    ``rounded``: of amounts alone, ``noise`` and ``part_pence`` as in ``Amounts``.
    """

    values: pd.Series
    unread: Mask
    spelt: Mask
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
    spelt: Mask = np.zeros(len(array), dtype=np.bool_)
    if column.kind == "pounds":
        amounts = read_amounts(array, as_in_a_ledger)
        values = amounts.as_series()
        spelt = amounts.spelt
        rounded = {"noise": amounts.noise, "part_pence": amounts.part_pence}
    elif column.kind == "text":
        is_text = pc.and_(is_filled, _is_no_error(array))
        # Text without blanks goes on as it is, so that a long column is not copied.
        filled = array if pc.all(is_text).as_py() else pc.if_else(is_text, array, None)
        values = filled.to_pandas()
    elif column.kind in ("choice", "yes_no"):
        choices = {choice.lower(): choice for choice in column.choices}
        values = _each(pc.utf8_lower(array), (choices or YES_NO).get, "str")
    elif as_in_a_ledger:
        values = _each(array, ledger_day, "datetime64[us]")
    else:
        values = _hand_kept(array, column)
        plain = PLAIN_DATE if column.kind == "date" else PLAIN_NUMBER
        spelt = _each(array, lambda text: not plain.fullmatch(text), "bool").to_numpy()
    unread = is_filled.to_numpy() & values.isna().to_numpy()
    if column.kind == "yes_no":
        values = values.fillna(NOT_KNOWN)
    values.index = texts.index
    return ReadColumn(values, unread, spelt & values.notna().to_numpy(), rounded)


def _trimmed(chunk: pa.Array) -> pa.Array:
    """Text without padding; the very same array where it has none, to save the memory of a copy."""
    return pc.utf8_trim_whitespace(chunk) if _may_be_padded(chunk) else chunk


def _may_be_padded(chunk: pa.Array) -> bool:
    """Whether a text begins or ends with a blank, or with a sign that is not ASCII and may be one.

    Only the letters at the edges are looked at, which takes a quarter of the time of a trim.
    """
    _, offsets, text = chunk.buffers()
    if not text:
        return False
    begins = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    letters = np.frombuffer(text, np.uint8)
    # Beside an empty text these are letters of its neighbours, which at worst cost a trim.
    first = letters.take(begins[:-1], mode="clip")
    last = letters.take(begins[1:] - 1, mode="clip")
    edges = np.concatenate([first, last])
    return bool(((edges <= BLANK) | (edges >= NO_ASCII)).any())


def is_blank(texts: pd.Series) -> Mask:
    """Whether there is nothing in each cell but space."""
    array = as_arrow(texts)
    mask: Mask = pc.or_(pc.equal(array, ""), pc.utf8_is_space(array)).to_numpy()
    return mask


def as_arrow(texts: pd.Series) -> pa.ChunkedArray:
    """Text as Arrow holds it, without a copy where pandas does too."""
    array = pa.array(texts, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _is_no_error(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which texts are not what a spreadsheet shows for a formula that failed, such as #REF!."""
    begins = pc.starts_with(texts, "#")
    # Hardly a column has one, and the search is slow.
    if not pc.any(begins).as_py():
        return pc.invert(begins)
    return pc.invert(pc.match_substring_regex(texts, SPREADSHEET_ERROR))


def _hand_kept(texts: pa.ChunkedArray, column: Column) -> pd.Series:
    """Dates and numbers of a table that people keep by hand."""
    if column.kind != "date":
        dtype: Dtype = "Int64" if column.kind == "whole" else "object"
        return _each(texts, partial(_number, column=column), dtype)
    is_doubtful = bool(only_month_first(texts.unique().to_pylist()))
    return _each(texts, _canonical_date if is_doubtful else written_day, "datetime64[us]")


def _each(texts: pa.ChunkedArray, read: Callable[[str], object], dtype: Dtype) -> pd.Series:
    """Read each distinct text once, for a column repeats itself; None where it cannot be read."""
    encoded = texts.dictionary_encode().combine_chunks()
    values = np.empty(len(encoded.dictionary), dtype=object)
    values[:] = [read(text) for text in encoded.dictionary.to_pylist()]
    distinct = pd.Series(values).astype(dtype).array
    return pd.Series(distinct.take(encoded.indices.to_numpy()))


def _canonical_date(text: str) -> date | None:
    return written_day(text) if ISO.match(text) else None


def _number(text: str, column: Column) -> int | Decimal | None:
    """A number of the column's kind; a % stands for hundredths in a share alone."""
    found = NUMBER.fullmatch(text)
    if not found or found["pound"] + found["percent"] not in _marks(column):
        return None
    number = Decimal(found["digits"].replace(",", ""))
    signed = -number if found["minus"] else number
    if column.kind == "whole":
        whole = int(signed)
        return whole if whole == signed else None
    return signed.scaleb(-2) if column.kind == "share" and found["percent"] else signed


def _marks(column: Column) -> tuple[str, ...]:
    """What may stand beside the digits of a number."""
    if column.kind == "share" or column.unit.startswith("%"):
        return "", "%"
    return ("",) if column.kind == "whole" else ("", "£")

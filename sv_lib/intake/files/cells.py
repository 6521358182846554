"""The text of cells -> exact values, a column at a time. What cannot be read is marked, never
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib.intake.files.dates import ledger_day
from sv_lib.intake.tables.columns import NOT_KNOWN, Column

Dtype = Literal["object", "str", "Int64", "datetime64[us]"]
Mask = npt.NDArray[np.bool_]
Pence = npt.NDArray[np.int64]
CANONICAL_POUNDS = r"^-?\d{1,15}(\.\d{1,2})?$"
PLAIN_POUNDS = r"^-?\d{1,15}(\.\d{1,17})?$"
CENTS = r"^-?\d{1,15}\.\d\d$"
NUMBER = r"(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,15})(?:\.\d{1,17})?|\.\d{1,17})"
SIGN, POUND = "[\\-−–‐]", r"(?:(?:Â?£|\x{FFFD}|GBP)\s*)?"
"""A minus as finance systems print it; a pound sign, or what a wrong encoding has made of it."""
LEDGER_POUNDS = (
    rf"(?i)^'?(?:{POUND}(?:{SIGN}|\+)?\s*{POUND}{NUMBER}|{POUND}\(\s*{POUND}{NUMBER}\s*\)"
    rf"|{POUND}{NUMBER}\s*(?:{SIGN}|CR|DR|GBP))$"
)
NEAR_ZERO = r"^-?\d(?:\.\d+)?[eE]-(?:0[5-9]|[1-9]\d)$"
"""A spreadsheet's noise for nothing at all: 6.82121E-13."""
NOISE = Decimal("0.000001")
"""A ledger's amount this near to a whole penny is one: 483.96999999999997 is 483.97."""

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
class Cells:
    """One column read: its values, which filled cells could not be read, and which amounts were
    rounded.

    ``noise``: within a millionth of a penny's pound of the pence read; ``part_pence``: a real
    fraction of a penny.
    """

    values: pd.Series
    unread: Mask
    noise: Mask | None = None
    part_pence: Mask | None = None


def ledger_pence(texts: pd.Series) -> Cells:
    """The amounts of a ledger, as it prints them: £1,234.50, (20.00), 20.00 CR."""
    return read_cells(texts, Column("amount", "pounds", ""), as_in_a_ledger=True)


def ledger_days(texts: pd.Series) -> Cells:
    """The days of a ledger, as it prints them: 02/04/2024, 2 Apr 24."""
    return read_cells(texts, Column("day", "date", ""), as_in_a_ledger=True)


def read_cells(texts: pd.Series, column: Column, as_in_a_ledger: bool = False) -> Cells:
    """A column of text as its kind (``tables.Kind``)."""
    array = pa.chunked_array(
        [_trimmed(chunk) for chunk in as_arrow(texts).chunks], pa.large_string()
    )
    cells = (
        _pounds(array, as_in_a_ledger)
        if column.kind == "pounds"
        else _read(array, column, as_in_a_ledger)
    )
    cells.values.index = texts.index
    return cells


def _trimmed(chunk: pa.Array) -> pa.Array:
    """Text without padding; the very same array where it has none, so that no memory is taken for a
    copy.
    """
    trimmed = pc.utf8_trim_whitespace(chunk)
    return (
        chunk if pc.sum(pc.binary_length(trimmed)) == pc.sum(pc.binary_length(chunk)) else trimmed
    )


def is_blank(texts: pd.Series) -> Mask:
    """Of each cell whether there is nothing in it but space."""
    array = as_arrow(texts)
    mask: Mask = pc.or_(pc.equal(array, ""), pc.utf8_is_space(array)).to_numpy()
    return mask


def as_arrow(texts: pd.Series) -> pa.ChunkedArray:
    """Text as Arrow holds it, without a copy where pandas does too."""
    array = pa.array(texts, pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _read(array: pa.ChunkedArray, column: Column, as_in_a_ledger: bool) -> Cells:
    """Each distinct text is read once, but for plain text, which is as it is."""
    is_filled = pc.not_equal(array, "")
    if column.kind == "text":
        filled = array if pc.all(is_filled).as_py() else pc.if_else(is_filled, array, None)
        return Cells(filled.to_pandas(), np.zeros(len(array), dtype=bool))
    if column.kind == "date":
        values = _each(array, ledger_day if as_in_a_ledger else _canonical_date, "datetime64[us]")
    elif column.kind in ("quantity", "share"):
        values = _each(array, _decimal)
    elif column.kind == "whole":
        values = _each(
            array, lambda text: int(text) if re.fullmatch(r"-?\d{1,15}", text) else None, "Int64"
        )
    else:
        known = (
            YES_NO
            if column.kind == "yes_no"
            else {choice.lower(): choice for choice in column.choices}
        )
        values = _each(array, lambda text: known.get(text.lower()), "str")
    unread = is_filled.to_numpy() & values.isna().to_numpy()
    return Cells(values.fillna(NOT_KNOWN) if column.kind == "yes_no" else values, unread)


def _each(
    array: pa.ChunkedArray, read: Callable[[str], object], dtype: Dtype = "object"
) -> pd.Series:
    """Read each distinct text once; None where it cannot be read."""
    encoded = array.dictionary_encode().combine_chunks()
    values = np.empty(len(encoded.dictionary), dtype=object)
    values[:] = [read(text) for text in encoded.dictionary.to_pylist()]
    read_once: pd.Series = pd.Series(values).astype(dtype)
    return read_once.take(encoded.indices.to_numpy()).reset_index(drop=True)


def _pounds(array: pa.ChunkedArray, as_in_a_ledger: bool) -> Cells:
    """Whole pence, exact; a ledger's fractions of a penny are rounded half-up and counted."""
    is_cents = pc.match_substring_regex(array, CENTS)
    if pc.all(is_cents).as_py():
        none = np.zeros(len(array), dtype=bool)
        return Cells(_as_integers(_cents(array), none), none, none, none)
    rest = ~is_cents.to_numpy()
    pence, unread, noise, part_pence = (
        np.zeros(len(array), dtype=np.int64),
        *np.zeros((3, len(array)), dtype=bool),
    )
    pence[~rest] = _cents(array.filter(is_cents))
    pence[rest], unread[rest], noise[rest], part_pence[rest] = _odd_pounds(
        array.filter(pa.array(rest)), as_in_a_ledger
    )
    values = _as_integers(pence, unread)
    unread[unread] = pc.not_equal(array.filter(pa.array(unread)), "").to_numpy()
    return Cells(values, unread, noise, part_pence)


def _cents(array: pa.ChunkedArray) -> Pence:
    """Amounts with two places after the point."""
    pence: Pence = pc.replace_substring(array, ".", "").cast(pa.int64()).to_numpy()
    return pence


def _as_integers(pence: Pence, is_missing: Mask) -> pd.Series:
    return pd.Series(pd.arrays.IntegerArray(pence, is_missing.copy()))


def _odd_pounds(array: pa.ChunkedArray, as_in_a_ledger: bool) -> tuple[Pence, Mask, Mask, Mask]:
    """Amounts written in another way: pence, and of each whether it is no amount, noise, or has
    part
    of a penny.
    """
    array = _tidy(array) if as_in_a_ledger else array
    shape = PLAIN_POUNDS if as_in_a_ledger else CANONICAL_POUNDS
    exact = pc.if_else(pc.match_substring_regex(array, shape), array, None).cast(
        pa.decimal128(33, 17)
    )
    rounded = pc.round(exact, 2, round_mode="half_towards_infinity")
    off = pc.fill_null(pc.abs(pc.subtract(exact, rounded)), Decimal(0))
    pence = pc.multiply(rounded.cast(pa.decimal128(18, 2)), pa.scalar(Decimal(100))).cast(
        pa.int64()
    )
    part_pence = pc.greater(off, pa.scalar(NOISE))
    noise = pc.and_not(pc.not_equal(off, pa.scalar(Decimal(0))), part_pence)
    masks = [mask.to_numpy() for mask in (pence.is_null(), noise, part_pence)]
    return pc.fill_null(pence, 0).to_numpy(), masks[0], masks[1], masks[2]


def _tidy(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ledger amounts without pounds sign, commas and padding; (20.00), 20.00- and 20.00 CR become
    -20.00.
    """
    array = pc.replace_substring_regex(array, r"[\x{A0}\x{2009}\x{202F}]", " ")
    is_amount = pc.match_substring_regex(array, LEDGER_POUNDS)
    digits = pc.replace_substring_regex(array, r"[^\d.]", "")
    is_negative = pc.match_substring_regex(array, rf"(?i){SIGN}|\(|CR")
    digits = pc.replace_substring_regex(digits, r"^\.", "0.")
    signed = pc.if_else(is_negative, pc.replace_substring_regex(digits, "^", "-"), digits)
    signed = pc.if_else(is_amount, signed, "")
    return pc.if_else(pc.match_substring_regex(array, NEAR_ZERO), "0.00000000001", signed)


def _canonical_date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2100 else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?", text) else None

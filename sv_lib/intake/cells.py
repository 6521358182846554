"""The text of cells -> exact values, a column at a time. What cannot be read is marked, never guessed."""

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

from sv_lib.intake.columns import NOT_KNOWN, Column
from sv_lib.intake.dates import ledger_day

Dtype = Literal["object", "Int64", "datetime64[us]"]
Mask = npt.NDArray[np.bool_]
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

ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
YES_NO = {
    "": NOT_KNOWN, "not known": NOT_KNOWN, "unknown": NOT_KNOWN,
    "yes": "yes", "y": "yes", "true": "yes", "no": "no", "n": "no", "false": "no",
}  # fmt: skip
SHAPES = {
    "date": "a date such as 2024-03-31", "pounds": "pounds and pence such as 1234.56", "whole": "a whole number",
    "quantity": "a number such as 2.5", "share": "a number from 0 to 1", "yes_no": "yes, no or blank",
}  # fmt: skip
"""What a cell of each kind should hold, in the words of a finding."""


@dataclass(frozen=True)
class Cells:
    """One column read: its values, which filled cells could not be read, and which amounts were rounded.

    ``noise``: within a millionth of a penny's pound of the pence read; ``part_pence``: a real fraction of a penny.
    """

    values: pd.Series
    unread: Mask
    noise: Mask | None = None
    part_pence: Mask | None = None


def read_cells(texts: pd.Series, column: Column, as_in_a_ledger: bool = False) -> Cells:
    """A column of text as its kind (``tables.Kind``). ``as_in_a_ledger`` also takes £1,234.50, (20.00), 02/04/2024."""
    texts = texts.str.strip()
    if column.kind == "pounds":
        return _pounds(texts, as_in_a_ledger)
    if column.kind == "date":
        days = _each(texts, ledger_day if as_in_a_ledger else _canonical_date, "datetime64[us]")
        return Cells(days, _unread(texts, days))
    if column.kind in ("quantity", "share"):
        numbers = _each(texts, _decimal)
        return Cells(numbers, _unread(texts, numbers))
    if column.kind == "whole":
        numbers = _each(texts, lambda text: int(text) if re.fullmatch(r"-?\d{1,15}", text) else None, "Int64")
        return Cells(numbers, _unread(texts, numbers))
    if column.kind == "yes_no":
        answers = texts.str.lower().map(YES_NO)
        return Cells(answers.fillna(NOT_KNOWN).astype("str"), answers.isna().to_numpy())
    if column.kind == "choice":
        spelling = {choice.lower(): choice for choice in column.choices}
        chosen = texts.str.lower().map(spelling).astype("str")
        return Cells(chosen, _unread(texts, chosen))
    return Cells(texts.mask(texts == ""), np.zeros(len(texts), dtype=bool))


def _unread(texts: pd.Series, values: pd.Series) -> Mask:
    mask: Mask = ((texts != "") & values.isna()).to_numpy()
    return mask


def _each(texts: pd.Series, read: Callable[[str], object], dtype: Dtype = "object") -> pd.Series:
    """Read each distinct text once; None where it cannot be read."""
    codes, distinct = pd.factorize(texts)
    values = np.empty(len(distinct), dtype=object)
    values[:] = [read(text) for text in distinct]
    read_once: pd.Series = pd.Series(values).astype(dtype)
    return read_once.take(codes).set_axis(texts.index)


def _pounds(texts: pd.Series, as_in_a_ledger: bool) -> Cells:
    """Whole pence, exact; a ledger's fractions of a penny are rounded half-up and counted."""
    array = pa.array(texts, pa.string())
    is_cents = pc.match_substring_regex(array, CENTS).to_numpy(zero_copy_only=False)
    pence, is_read = np.zeros(len(array), dtype=np.int64), is_cents.copy()
    noise, part_pence = np.zeros_like(is_cents), np.zeros_like(is_cents)
    pence[is_cents] = pc.replace_substring(array.filter(is_cents), ".", "").cast(pa.int64()).to_numpy()
    if not is_cents.all():
        rest = array.filter(~is_cents)
        rest = _tidy(rest) if as_in_a_ledger else rest
        exact = pc.if_else(
            pc.match_substring_regex(rest, PLAIN_POUNDS if as_in_a_ledger else CANONICAL_POUNDS), rest, None
        )
        exact = exact.cast(pa.decimal128(33, 17))
        rounded = pc.round(exact, 2, round_mode="half_towards_infinity")
        off = pc.fill_null(pc.abs(pc.subtract(exact, rounded)), Decimal(0))
        whole = pc.multiply(rounded.cast(pa.decimal128(18, 2)), pa.scalar(Decimal(100))).cast(pa.int64())
        pence[~is_cents] = pc.fill_null(whole, 0).to_numpy()
        is_read[~is_cents] = whole.is_valid().to_numpy(zero_copy_only=False)
        part_pence[~is_cents] = pc.greater(off, pa.scalar(NOISE)).to_numpy(zero_copy_only=False)
        noise[~is_cents] = pc.not_equal(off, pa.scalar(Decimal(0))).to_numpy(zero_copy_only=False)
    values = pd.Series(pd.arrays.IntegerArray(pence, ~is_read), index=texts.index)
    return Cells(values, _unread(texts, values), noise & ~part_pence, part_pence)


def _tidy(array: pa.Array) -> pa.Array:
    """Ledger amounts without pounds sign, commas and padding; (20.00), 20.00- and 20.00 CR become -20.00."""
    is_amount = pc.match_substring_regex(array, LEDGER_POUNDS)
    digits = pc.replace_substring_regex(array, r"[^\d.]", "")
    is_negative = pc.match_substring_regex(array, rf"(?i){SIGN}|\(|CR")
    digits = pc.if_else(pc.starts_with(digits, "."), pc.binary_join_element_wise("0", digits, ""), digits)
    signed = pc.if_else(is_negative, pc.binary_join_element_wise("-", digits, ""), digits)
    signed = pc.if_else(is_amount, signed, "")
    return pc.if_else(pc.match_substring_regex(array, NEAR_ZERO), "0.00000000001", signed)


def _canonical_date(text: str) -> date | None:
    return _day(ISO_DATE.fullmatch(text), (1, 2, 3))


def _day(found: re.Match[str] | None, order: tuple[int, int, int]) -> date | None:
    try:
        day = date(*(int(found[group]) for group in order)) if found else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year <= 2100 else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?", text) else None

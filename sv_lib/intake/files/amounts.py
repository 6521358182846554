"""The text of amounts as exact pence, a column at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
Pence = npt.NDArray[np.int64]
CANONICAL_POUNDS = r"^-?\d{1,15}(\.\d{1,2})?$"
PLAIN_POUNDS = r"^-?\d{1,15}(\.\d{1,17})?$"
WITH_TWO_PLACES = r"^-?\d{1,15}\.\d\d$"
NUMBER = r"(?:(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,15})(?:\.\d{1,17})?|\.\d{1,17})"
SIGN = "[\\-−–‐]"
"""A minus as finance systems print it."""
POUND = r"(?:(?:Â?£|\x{FFFD}|GBP)\s*)?"
"""A pound sign, or what a wrong encoding has made of it."""
LEDGER_POUNDS = (
    rf"(?i)^'?(?:{POUND}(?:{SIGN}|\+)?\s*{POUND}{NUMBER}|{POUND}\(\s*{POUND}{NUMBER}\s*\)"
    rf"|{POUND}{NUMBER}\s*(?:{SIGN}|CR|DR|GBP|£))$"
)
NOUGHT = rf"(?i)^{POUND}{SIGN}$"
"""Nothing, as the accounting format of a spreadsheet prints it. In a table kept by hand a dash may
as well say that something is not known.
"""
NEAR_ZERO = r"^-?\d(?:\.\d+)?[eE]-(?:0[5-9]|[1-9]\d)$"
"""A spreadsheet's noise for nothing at all: 6.82121E-13."""
NOISE = pa.scalar(Decimal("0.000001"))
"""A ledger's amount this near to a whole penny is one: 483.96999999999997 is 483.97."""
NOTHING = pa.scalar(Decimal(0))
PENCE_IN_A_POUND = pa.scalar(Decimal(100))


@dataclass(frozen=True)
class Amounts:
    """Amounts in pence, and of each whether it could be read and whether it was rounded.

    ``noise``: within a millionth of a pound of the pence read; ``part_pence``: a real fraction of
    a penny. ``spelt``: not written as our tables do. Pence of an amount not read are 0.
    """

    pence: Pence
    unread: Mask
    spelt: Mask
    noise: Mask
    part_pence: Mask

    def as_series(self) -> pd.Series:
        """Int64 pence; NA where the amount could not be read."""
        return pd.Series(pd.arrays.IntegerArray(self.pence, self.unread.copy()))


def read_amounts(texts: pa.ChunkedArray, as_in_a_ledger: bool) -> Amounts:
    """Whole pence, exact; fractions of a penny in a ledger are rounded half-up and marked.

    A blank counts as not read.
    """
    # Nearly every amount has two places, and is read several times faster without decimals.
    is_usual = has_two_places(texts)
    rest = ~is_usual.to_numpy()
    odd = _odd_amounts(texts.filter(pa.array(rest)), as_in_a_ledger)
    whole = {}
    for name, values in vars(odd).items():
        whole[name] = np.zeros(len(texts), dtype=values.dtype)
        whole[name][rest] = values
    without_point = pc.replace_substring(texts.filter(is_usual), ".", "")
    whole["pence"][~rest] = without_point.cast(pa.int64()).to_numpy()
    return Amounts(**whole)


def has_two_places(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Which amounts are written as 1234.50 or -0.05, so that there is no doubt about them."""
    return pc.match_substring_regex(texts, WITH_TWO_PLACES)


def _odd_amounts(texts: pa.ChunkedArray, as_in_a_ledger: bool) -> Amounts:
    """Amounts that are not written with two places after the point."""
    is_canonical = pc.match_substring_regex(texts, CANONICAL_POUNDS)
    shape = PLAIN_POUNDS if as_in_a_ledger else CANONICAL_POUNDS
    plain = _as_plain_pounds(texts)
    if as_in_a_ledger:
        is_nought = pc.match_substring_regex(texts, NOUGHT)
        plain = pc.if_else(is_nought, "0", plain)
    readable = pc.if_else(pc.match_substring_regex(plain, shape), plain, None)
    exact = readable.cast(pa.decimal128(33, 17))
    rounded = pc.round(exact, 2, round_mode="half_towards_infinity")
    off = pc.fill_null(pc.abs(pc.subtract(exact, rounded)), Decimal(0))
    part_pence = pc.greater(off, NOISE)
    noise = pc.and_not(pc.not_equal(off, NOTHING), part_pence)
    pounds = rounded.cast(pa.decimal128(18, 2))
    pence = pc.multiply(pounds, PENCE_IN_A_POUND).cast(pa.int64())
    return Amounts(
        pence=pc.fill_null(pence, 0).to_numpy(),
        unread=pence.is_null().to_numpy(),
        spelt=pc.invert(is_canonical).to_numpy(),
        noise=noise.to_numpy(),
        part_pence=part_pence.to_numpy(),
    )


def _as_plain_pounds(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ledger amounts without pound sign, commas and padding; blank for what is no amount.

    (20.00), 20.00- and 20.00 CR become -20.00.
    """
    texts = pc.replace_substring_regex(texts, r"[\x{A0}\x{2009}\x{202F}]", " ")
    digits = pc.replace_substring_regex(texts, r"[^\d.]", "")
    digits = pc.replace_substring_regex(digits, r"^\.", "0.")
    is_negative = pc.match_substring_regex(texts, rf"(?i){SIGN}|\(|CR")
    negative = pc.replace_substring_regex(digits, "^", "-")
    signed = pc.if_else(is_negative, negative, digits)
    is_amount = pc.match_substring_regex(texts, LEDGER_POUNDS)
    amounts = pc.if_else(is_amount, signed, "")
    is_near_zero = pc.match_substring_regex(texts, NEAR_ZERO)
    return pc.if_else(is_near_zero, "0.00000000001", amounts)

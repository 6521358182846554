"""Columns of words that rules decide, such as "reported", "part reported" or "not known"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def worded(index: pd.Index, default: str, *rules: tuple[pd.Series, str | pd.Series]) -> pd.Series:
    """A text column that holds ``default``, or the word of the last rule that holds for the row.

    A rule is a column of booleans and a word, or a column of words; where it is NA it does not
    hold.
    """
    words = pd.Series(default, index=index, dtype="string")
    for holds, word in rules:
        words = words.mask(holds.fillna(False).astype("bool"), word)
    return words


def is_blank(texts: pd.Series) -> pd.Series:
    """Which cells of a text column hold nothing: NA, or the empty text."""
    return texts.fillna("").eq("").astype("bool")


def rank_words(values: Sequence[Any]) -> list[str]:
    """The place of each value among all, the largest first: "2", or "2=" of a tie; "" for None."""
    known = [value for value in values if value is not None]
    words = []
    for value in values:
        place = 1 + sum(value is not None and one > value for one in known)
        tie = "=" if known.count(value) > 1 else ""
        words.append("" if value is None else f"{place}{tie}")
    return words

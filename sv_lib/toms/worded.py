"""Columns of words that rules decide, such as "reported", "part reported" or "not known"."""

from __future__ import annotations

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

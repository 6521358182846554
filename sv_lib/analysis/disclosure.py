"""Small counts of people are hidden, and enough beside them that no hidden one can be worked out."""

from __future__ import annotations

import pandas as pd


def hide(counts: pd.Series, below: int) -> pd.Series:
    """Which counts of a column, printed with its total, are hidden. True is hidden.

    Counts of 1 to ``below`` - 1 are hidden; a nought is printed. Then the next smallest counts follow (the first of
    equals), until two at least are hidden and what is left of the total leaves each of them ``below`` values or more.
    Where no counts remain to hide, the total itself must go: ask ``is_total_safe``.
    """
    people = counts.astype("int64")
    hidden = (people > 0) & (people < below)
    if hidden.any():
        for label in people[(people > 0) & ~hidden].sort_values(kind="stable").index:
            if is_total_safe(people, hidden, below):
                break
            hidden[label] = True
    return hidden


def is_total_safe(counts: pd.Series, hidden: pd.Series, below: int) -> bool:
    """Whether the total may be printed beside the counts that are not hidden.

    A reader knows that each hidden count is 1 or more, and what they add up to. Each could then be any of
    ``total - cells + 1`` values; fewer than ``below`` of them points at people.
    """
    people = counts[hidden].astype("int64")
    return people.empty or (len(people) > 1 and int(people.sum()) - len(people) + 1 >= below)

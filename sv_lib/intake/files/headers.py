"""Which rows of a table are its header, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Callable

from xlsxwriter.utility import xl_col_to_name

from sv_lib.intake.files.workbooks import Records
from sv_lib.intake.findings import file_error

WIDEST = 2_000
"""Columns of a table; time grows with their square, and no ledger has a tenth of them."""
NO_HEADER = (-1, -1)
SIGNS_AROUND = " *:.#_-"
Matches = Callable[[list[str]], int]
"""How many of the headings looked for a row has."""


def plain(heading: str) -> str:
    """A heading without case and padding, to compare it by."""
    return " ".join(heading.lower().split())


def bare(heading: str) -> str:
    """A heading without case, and without the signs that some sheets put around it: ``* Date:``."""
    return plain(heading).strip(SIGNS_AROUND)


def find_header(top: Records, matches: Matches, name: str, is_ledger: bool) -> tuple[int, int]:
    """The first and the last row of the header among the first rows, counted from 0.

    It is the row with the most expected headings; of a ledger, also two rows that have more
    together. Where no row has any, it is the first row that is not blank; a ledger has none then.
    Raises InputError for a row that is too wide.
    """
    refuse_wider(max(len(row) for row in top), name)
    scores = [(matches(row), _has_words(row)) for row in top]
    best = scores.index(max(scores))
    if not is_ledger:
        return best, best
    most, _ = scores[best]
    pair = _best_pair(top, matches, most)
    if pair is not None:
        return pair, pair + 1
    # One known heading alone may stand in a title; a ledger needs a date and an amount.
    return (best, best) if most >= 2 else NO_HEADER


def _best_pair(top: Records, matches: Matches, most: int) -> int | None:
    """The first of the two rows that have the most headings together, if more than ``most``."""
    best = None
    for at in range(len(top) - 1):
        if _could_be_one_header(top[at], top[at + 1]):
            score = matches(joined_header(top, at, at + 1))
            if score > most:
                best = at
                most = score
    return best


def _could_be_one_header(upper: list[str], lower: list[str]) -> bool:
    """Whether both rows have words beyond the first column, and neither has a figure."""
    if not _has_words(upper[1:]) or not _has_words(lower[1:]):
        return False
    return not re.search(r"\d", "".join([*upper, *lower]))


def _has_words(row: list[str]) -> bool:
    return any(cell.strip() for cell in row)


def joined_header(records: Records, first: int, last: int) -> list[str]:
    """The headings of a header of one row, or of two: the words above and below each other."""
    lower = records[last]
    if first == last:
        return lower
    upper = records[first] + [""] * len(lower)
    return [f"{above} {below}".strip() for above, below in zip(upper, lower, strict=False)]


def refuse_wider(width: int, name: str) -> None:
    """Raise InputError where a table has more columns than ``WIDEST``."""
    if width > WIDEST:
        raise file_error("unreadable.too_wide", name, width=f"{width:,}", most=f"{WIDEST:,}")


def unique_headings(header: list[str]) -> tuple[list[str], list[str]]:
    """The headings, trimmed and each once, and those that stood more than once.

    One that is blank or repeated is called by the letter of its column: ``(column B)``.
    """
    headings: list[str] = []
    repeated = []
    for position, cell in enumerate(header):
        heading = " ".join(cell.split())
        if heading in headings or not heading:
            if heading:
                repeated.append(heading)
            heading = f"{heading} (column {xl_col_to_name(position)})".strip()
        headings.append(heading)
    return headings, repeated

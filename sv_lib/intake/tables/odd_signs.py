"""Signs in a table's text that no typeface can print, or that make one category look like two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sv_lib import signs
from sv_lib.intake.findings import Finding, finding
from sv_lib.intake.tables.columns import Table

OUR_LETTER = re.compile(
    r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) (?:[A-Z]|AE|OE|SHARP S|ETH|THORN)(?: WITH .+)?"
)
"""Unicode's names of the letters of English, Welsh and other names; its other letters look alike,
stand in another writing, or are pictures of letters.
"""
SHOWN = 60
"""Characters of a cell that a finding shows."""
Odd = Callable[[str], set[str]]
"""The odd signs of a text."""


def _found(
    finding_id: str, column: str, texts: pd.DataFrame, cells: pd.Series, odd: Odd
) -> Iterator[Finding]:
    """One finding a file, on the first of the cells that have odd signs."""
    of_cell = {cell: odd(cell) for cell in cells.unique()}
    places = texts.loc[cells.index[cells.map(of_cell).map(bool)], ["source_file", "source_row"]]
    for file, rows in places.groupby("source_file", sort=False):
        cell = cells[rows.index[0]]
        found = of_cell[cell]
        codes = ", ".join(f"U+{ord(sign):04X}" for sign in sorted(found))
        shown = signs.coded(cell.strip()[:SHOWN], found)
        first = rows["source_row"].iloc[0]
        yield finding(finding_id, file, first, column, rows=len(rows), cell=shown, codes=codes)


def unseen(text: str) -> set[str]:
    """The signs of a text that have no width or turn the line round."""
    return {sign for sign in text if unicodedata.category(sign) in ("Cf", "Cc", "Co", "Cn")}


def look_alike(text: str) -> set[str]:
    """The letters of a text that are none of ours, such as a Cyrillic a."""
    letters = (sign for sign in unicodedata.normalize("NFC", text) if sign.isalpha())
    return {sign for sign in letters if not OUR_LETTER.fullmatch(unicodedata.name(sign, ""))}


OF_TEXT: dict[str, Odd] = {"signs.unprintable": signs.unprintable}
OF_CATEGORIES: dict[str, Odd] = {"signs.unseen": unseen, "signs.look_alike": look_alike}


def odd_signs(texts: pd.DataFrame, table: Table) -> Iterator[Finding]:
    """A finding for each file and column of text with signs that cannot be printed or told apart.

    ``texts``: the table as text, with ``source_file`` and ``source_row``.
    """
    for column in table.columns:
        if column.kind != "text":
            continue
        cells = texts[column.name]
        # Nearly all cells are plain, and are told from the others at once.
        is_plain = pc.ascii_is_printable(pa.array(cells, pa.large_string()))
        if pc.all(is_plain).as_py():
            continue
        others = cells[~is_plain.to_numpy(zero_copy_only=False).astype(bool) & cells.notna()]
        kinds = OF_CATEGORIES if column.is_category else OF_TEXT
        for finding_id, odd in kinds.items():
            yield from _found(finding_id, column.name, texts, others, odd)

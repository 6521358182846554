"""Who stands behind the figures: claims on people, joined to the rows that figures were made from.

Disclosure control works on this table. A topic does nothing for it: the file and row of a claim are
enough to know whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sv_lib.figures.trail_rows import NO_ROWS, Bools, Ints, LongTable, Rows, Words

COLUMNS = (
    "claim_id",
    "source_file",
    "source_row",
    "home_lsoa_code",
    "contract_id",
    "measure_ref",
    "period_end",
    "people",
    "started",
    "persons",
    "starters",
    "period",
)
"""``claim_id``: of the owners of a firm its own id. ``people``: at work, as ``toms.people`` tells;
``started``: how many, where it is they who count; ``persons``: the keys of those that have one;
``starters``: of those who count."""
KEYS = ["persons", "starters"]
"""Columns that hold keys of persons, a tuple a row."""
AboutPeople = tuple[str, Rows, Bools]
"""A figure, its rows, and which of them are claims on people."""
NO_CLAIMS = pd.DataFrame(columns=list(COLUMNS[:-1])).astype({"source_row": "int64"})


@dataclass(frozen=True)
class PeopleBehind:
    """``table``: a row a figure and (part of a) claim, columns ``figure_id`` and ``COLUMNS``.

    ``is_about_people``: of each figure in the table, which of its rows are about people.
    """

    table: pd.DataFrame
    is_about_people: Mapping[str, Bools]

    @cached_property
    def measures(self) -> dict[str, frozenset[str]]:
        """The measures of the claims on people behind each figure that has any."""
        # Not the claims themselves: cut by figure they would fill the memory a second time.
        pairs = self.table[["figure_id", "measure_ref"]].drop_duplicates()
        by_figure = pairs.groupby("figure_id")["measure_ref"]
        return {str(figure_id): frozenset(refs) for figure_id, refs in by_figure}


def join_people(
    rows: LongTable, people: pd.DataFrame, keys: Ints, handed_over: Mapping[str, pd.DataFrame]
) -> PeopleBehind:
    """Join the claims on people to the rows of all figures, by file and row.

    ``people``: columns ``COLUMNS`` but for ``period``, a row a claim (no home area) and one a claim
    and home area; ``keys``: those of its rows. ``handed_over``: by figure, the people who stand
    behind rows that are not claims.
    """
    masks: dict[str, Bools] = {}
    found: list[AboutPeople] = []
    # One search for all figures: they have millions of rows, most of them payments.
    is_claim = rows.split(_is_in(rows.keys, keys))
    for figure_id, piece, mask in zip(rows.figure_ids, rows.pieces, is_claim, strict=True):
        if figure_id in handed_over:
            masks[figure_id] = np.ones(len(piece), dtype=bool)
        elif mask.any():
            masks[figure_id] = mask
            found.append((figure_id, piece, mask))
    part = ["key", "home_lsoa_code"]
    claims = people.assign(key=keys).drop_duplicates(part)
    on_claims = _rows_about_people(found)
    joined = on_claims.merge(claims, on=part, how="left", validate="m:1")
    given = [part.assign(figure_id=figure_id) for figure_id, part in handed_over.items()]
    table = pd.concat([joined, *given], ignore_index=True)
    # In the order of the figures: of two choices as good, disclosure control takes the first.
    figures = pd.Index(table["figure_id"])
    place = pd.Index(rows.figure_ids).get_indexer(figures)
    order = np.argsort(place, kind="stable")
    table = table[["figure_id", *COLUMNS]].iloc[order]
    return PeopleBehind(table.reset_index(drop=True), masks)


def _is_in(keys: Ints, claims: Ints) -> Bools:
    """Which keys are those of claims. They stand close together, so most keys are outside."""
    is_claim = np.zeros(len(keys), dtype=bool)
    if len(claims):
        first = claims.min()
        last = claims.max()
        is_near = (keys >= first) & (keys <= last)
        is_claim[is_near] = np.isin(keys[is_near], claims)
    return is_claim


def _rows_about_people(found: Sequence[AboutPeople]) -> pd.DataFrame:
    """Those rows of the figures, with the home area whose people each is about, if not all."""
    homes = [_of_claims(rows.homes, mask, None) for _, rows, mask in found]
    periods = [_of_claims(rows.periods, mask, "this") for _, rows, mask in found]
    ids = [_of_claims(None, mask, figure_id) for figure_id, _, mask in found]
    keys = [rows.keys[mask] for _, rows, mask in found]
    no_words: Words = np.array([], dtype=object)
    return pd.DataFrame(
        {
            "figure_id": pd.array(np.concatenate([no_words, *ids]), dtype="str"),
            "key": np.concatenate([NO_ROWS.keys, *keys]),
            "home_lsoa_code": np.concatenate([no_words, *homes]),
            "period": np.concatenate([no_words, *periods]),
        }
    )


def _of_claims(words: Words | None, is_claim: Bools, otherwise: str | None) -> Words:
    """A column of those rows of a figure that are claims; ``otherwise`` where it has none."""
    if words is None:
        return np.full(int(is_claim.sum()), otherwise, dtype=object)
    return words[is_claim]

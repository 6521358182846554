"""The groups of people behind the figures of a trail, and how they overlap.

Nothing is declared here figure by figure. The trail knows which claims on people stand behind each
figure, so totals and their parts, a measure and its pounds, a year and its half, a ward and the
borough all follow from the rows. Disclosure control works on these groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import NO_CELLS, Bools, Cells, Ints
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure

CLAIM = ["source_file", "source_row"]
PERSON = ["claim", "part"]
"""A claim and the part of its people with one home area: the finest that can be told apart."""
HALF = " of the half-year"
"""Ends the names of the figures of the mid-year report before an annual one."""
HEADLINES = ("headline.", "reach.")
"""Beginnings of the ids that readers look for first: these are hidden last."""


def cells_of(trail: Trail, rules: Disclosure, mid_year: Trail | None = None) -> Cells:
    """The groups of people (cells) behind the figures of a trail.

    ``mid_year``: the trail of the mid-year report, which readers of an annual report have. Its
    cells are already published, and one of their names ends with ``HALF``. Cells that only a
    reader would make, by taking one cell from another that holds it, have no name; only the small
    ones are kept.
    """
    behind = [trail.people_behind().table]
    if mid_year is not None:
        earlier = mid_year.people_behind().table
        behind.append(earlier.assign(figure_id=earlier["figure_id"] + HALF))
    rows = pd.concat(behind, ignore_index=True)
    if rows.empty:
        return NO_CELLS
    parts = _parts(rows)
    figure_ids = list(dict.fromkeys(parts["figure_id"]))
    people = parts.drop_duplicates(PERSON).reset_index(drop=True)
    members = _members(parts, figure_ids, people)
    measures, measure = np.unique(people["measure_ref"].to_numpy(dtype=str), return_inverse=True)
    # People who stand behind the same figures and measure need no telling apart: one atom.
    first, atom = _alike(np.vstack([members, measure]).T)
    counts = np.zeros((len(first), len(measures)), dtype=np.int64)
    np.add.at(counts, (atom, measure), people["people"].to_numpy(dtype=np.int64))
    is_protected = np.array([ref in rules.protected_groups for ref in measures])
    names, merged = _merged(figure_ids, members[:, first])
    return _with_differences(names, merged, _Sizes(counts, is_protected, rules))


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a figure and part of a claim: ``figure_id, claim, part, people, sign, measure_ref``.

    ``rows``: as ``PeopleBehind.table``. A claim whose people are split by their homes under one
    figure is split the same way under all others.
    """
    rows = rows.rename(columns={"home_lsoa_code": "part"})
    rows["people"] = rows["headcount"].astype("Int64").clip(lower=0)
    # In a change, the earlier period's people are taken off.
    rows["sign"] = np.where(rows["period"].eq("before"), -1, 1)
    rows["claim"] = rows.groupby(CLAIM, sort=False).ngroup()
    is_whole = rows["part"].isna()
    whole, split = rows[is_whole], rows[~is_whole]
    homes = split.drop_duplicates(PERSON)[[*PERSON, "people"]]
    # Somebody at least stands behind a claim that does not say how many.
    in_claim = whole.groupby("claim")["people"].max().fillna(1)
    at_home = homes.groupby("claim")["people"].sum().reindex(in_claim.index)
    elsewhere = in_claim.sub(at_home, fill_value=0)
    elsewhere = elsewhere[elsewhere > 0].astype("int64")
    rest = pd.DataFrame(
        {"claim": elsewhere.index, "part": "the rest", "people": elsewhere.to_numpy()}
    )
    known = ["figure_id", "claim", "sign", "measure_ref"]
    each_part = pd.concat([homes, rest])
    of_whole = whole[known].merge(each_part, on="claim", validate="m:m")
    every = pd.concat([of_whole, split[[*known, "part", "people"]]], ignore_index=True)
    every = every.drop_duplicates(["figure_id", *PERSON, "sign"])
    return every.astype({"people": "int64"})


def _members(parts: pd.DataFrame, figure_ids: Sequence[str], people: pd.DataFrame) -> Ints:
    """Figures x people: 1 where they are counted, -1 where they are taken off."""
    numbered = people[PERSON].assign(column=range(len(people)))
    at = parts.merge(numbered, on=PERSON, validate="m:1")
    row = pd.Index(figure_ids).get_indexer(pd.Index(at["figure_id"]))
    members = np.zeros((len(figure_ids), len(people)), dtype=np.int64)
    np.add.at(members, (row, at["column"].to_numpy()), at["sign"].to_numpy())
    return members


def _merged(figure_ids: Sequence[str], members: Ints) -> tuple[list[tuple[str, ...]], Ints]:
    """Figures that stand on the same people are one cell; those that stand on none are no cell."""
    first, cell_of_figure = _alike(members)
    names: list[list[str]] = [[] for _ in first]
    for figure_id, cell in zip(figure_ids, cell_of_figure, strict=True):
        names[cell].append(figure_id)
    has_people = members[first].any(axis=1)
    kept = np.flatnonzero(has_people)
    return [tuple(names[cell]) for cell in kept], members[first][has_people]


def _alike(rows: Ints) -> tuple[Ints, Ints]:
    """The first of every kind of row, and for each row which kind it is of."""
    kinds: dict[bytes, int] = {}
    first = []
    kind_of_row = []
    for at, row in enumerate(np.ascontiguousarray(rows)):
        content = row.tobytes()
        if content not in kinds:
            kinds[content] = len(kinds)
            first.append(at)
        kind_of_row.append(kinds[content])
    return np.array(first, dtype=np.int64), np.array(kind_of_row, dtype=np.int64)


def _with_differences(names: list[tuple[str, ...]], members: Ints, sizes: _Sizes) -> Cells:
    """The cells, and the small differences of two cells of which one holds the other."""
    outer, inner = _held(members)
    differences = members[outer] - members[inner]
    is_small_difference = sizes.rule(differences)[1]
    every = np.vstack([members, differences[is_small_difference]])
    every = every[_alike(every)[0]]
    least, is_small = sizes.rule(every)
    nameless = len(every) - len(names)
    names = [*names, *[()] * nameless]
    return Cells(
        names=names,
        members=every,
        people=sizes.counts.sum(axis=1),
        least=least,
        is_small=is_small,
        suppress_last=_marked(names, _is_headline),
        already_published=_marked(names, _is_of_half_year),
    )


def _held(members: Ints) -> tuple[Ints, Ints]:
    """Pairs of cells of which the first holds all people of the second, and more."""
    adds_only = (members >= 0).all(axis=1, keepdims=True)
    held = (members * adds_only).astype(np.float64)  # floats: the products are faster
    shared = held @ held.T
    sizes = held.sum(axis=1)
    is_all_of_inner = shared == sizes[None, :]
    is_larger = sizes[:, None] > sizes[None, :]
    outer, inner = np.nonzero(is_all_of_inner & is_larger & (sizes[None, :] > 0))
    return outer, inner


def _is_headline(figure_id: str) -> bool:
    """Whether readers look for a figure first."""
    return figure_id.startswith(HEADLINES)


def _is_of_half_year(name: str) -> bool:
    """Whether a name is that of a figure of the mid-year report."""
    return name.endswith(HALF)


def _marked(names: Sequence[tuple[str, ...]], test: Callable[[str], bool]) -> Bools:
    """The cells that show a figure for which the test holds."""
    return np.array([any(test(name) for name in cell) for cell in names])


@dataclass(frozen=True)
class _Sizes:
    """How many people are in each atom (``counts``: atoms x measures), and what the rules ask."""

    counts: Ints
    is_protected: Bools
    rules: Disclosure

    def rule(self, members: Ints) -> tuple[Ints, Bools]:
        """The least number of people that each cell may show, and which cells hold fewer.

        The same person may stand under several measures, so the people of a cell are those of its
        largest measure.
        """
        by_measure = np.abs(members).astype(np.float64) @ self.counts
        is_ordinary = (by_measure[:, ~self.is_protected] > 0).any(axis=1)
        least = np.where(is_ordinary, self.rules.people_below, self.rules.protected_below)
        people = by_measure.max(axis=1)
        return least, (people > 0) & (people < least)

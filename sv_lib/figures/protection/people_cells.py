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
    rows = trail.people_behind().table
    if mid_year is not None:
        earlier = mid_year.people_behind().table
        of_half_year = earlier["figure_id"] + HALF
        earlier = earlier.assign(figure_id=of_half_year)
        rows = pd.concat([rows, earlier], ignore_index=True)
    if rows.empty:
        return NO_CELLS
    parts = _parts(rows)
    row, figure_ids = pd.factorize(parts["figure_id"])
    person = parts.groupby(PERSON, sort=False).ngroup()
    people = parts.drop_duplicates(PERSON)
    # Figures x people: 1 where they are counted, -1 where they are taken off.
    size = len(figure_ids), len(people)
    members = np.zeros(size, dtype=np.int64)
    np.add.at(members, (row, person), parts["sign"])
    measure, measures = pd.factorize(people["measure_ref"], sort=True)
    # People who stand behind the same figures and measure need no telling apart: one atom.
    stands_behind = np.vstack([members, measure])
    first, atom = _alike(stands_behind.T)
    size = len(first), len(measures)
    counts = np.zeros(size, dtype=np.int64)
    np.add.at(counts, (atom, measure), people["people"])
    is_protected = measures.isin(rules.protected_groups)
    of_atoms = members[:, first]
    names, merged = _merged(figure_ids, of_atoms)
    sizes = _Sizes(counts, is_protected, rules)
    return _with_differences(names, merged, sizes)


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a figure and part of a claim: ``figure_id, claim, part, people, sign, measure_ref``.

    ``rows``: as ``PeopleBehind.table``. A claim whose people are split by their homes under one
    figure is split the same way under all others.
    """
    rows = rows.rename(columns={"home_lsoa_code": "part"})
    headcount = rows["headcount"].astype("Int64")
    rows["people"] = headcount.clip(lower=0)
    # In a change, the earlier period's people are taken off.
    is_taken_off = rows["period"].eq("before")
    rows["sign"] = np.where(is_taken_off, -1, 1)
    rows["claim"] = rows.groupby(CLAIM, sort=False).ngroup()
    is_whole = rows["part"].isna()
    whole = rows[is_whole]
    split = rows[~is_whole]
    homes = split.drop_duplicates(PERSON)[[*PERSON, "people"]]
    # Somebody at least stands behind a claim that does not say how many.
    in_claim = whole.groupby("claim")["people"].max()
    at_home = homes.groupby("claim")["people"].sum()
    at_home = at_home.reindex(in_claim.index, fill_value=0)
    elsewhere = in_claim.fillna(1) - at_home
    rest = elsewhere[elsewhere > 0].reset_index()
    rest["part"] = "the rest"
    each_part = pd.concat([homes, rest])
    of_whole = whole.drop(columns=["part", "people"])
    of_whole = of_whole.merge(each_part, on="claim", validate="m:m")
    every = pd.concat([of_whole, split], ignore_index=True)
    every = every.drop_duplicates(["figure_id", "claim", "part", "sign"])
    return every.astype({"people": "int64"})


def _merged(figure_ids: pd.Index, members: Ints) -> tuple[list[tuple[str, ...]], Ints]:
    """Figures that stand on the same people are one cell; those that stand on none are no cell."""
    first, cell_of_figure = _alike(members)
    names = pd.Series(figure_ids).groupby(cell_of_figure).agg(tuple)
    of_cells = members[first]
    has_people = np.flatnonzero(of_cells.any(axis=1))
    return list(names.iloc[has_people]), of_cells[has_people]


def _alike(rows: Ints) -> tuple[Ints, Ints]:
    """The first of every kind of row, and for each row which kind it is of."""
    contents = [row.tobytes() for row in np.ascontiguousarray(rows)]
    kind_of_row, _ = pd.factorize(np.array(contents, dtype=object))
    _, first = np.unique(kind_of_row, return_index=True)
    return first, kind_of_row


def _with_differences(names: list[tuple[str, ...]], members: Ints, sizes: _Sizes) -> Cells:
    """The cells, and the small differences of two cells of which one holds the other."""
    outer, inner = _held(members)
    differences = members[outer] - members[inner]
    _, is_small = sizes.rule(differences)
    small = differences[is_small]
    every = np.vstack([members, small])
    first, _ = _alike(every)
    every = every[first]
    least, is_small = sizes.rule(every)
    nameless = len(every) - len(names)
    names = names + [()] * nameless
    return Cells(
        names=names,
        members=every,
        people=sizes.counts.sum(axis=1),
        least=least,
        is_small=is_small,
        suppress_last=_marked(names, str.startswith, HEADLINES),
        already_published=_marked(names, str.endswith, (HALF,)),
    )


def _held(members: Ints) -> tuple[Ints, Ints]:
    """Pairs of cells of which the first holds all people of the second, and more."""
    is_added = members >= 0
    adds_only = is_added.all(axis=1, keepdims=True)
    held = members * adds_only
    held = held.astype(np.float64)  # floats: the products are faster
    shared = held @ held.T
    sizes = held.sum(axis=1)
    outer, inner = np.nonzero(shared == sizes)
    outer_size = sizes[outer]
    inner_size = sizes[inner]
    is_larger = (outer_size > inner_size) & (inner_size > 0)
    return outer[is_larger], inner[is_larger]


def _marked(
    names: Sequence[tuple[str, ...]],
    test: Callable[[str, tuple[str, ...]], bool],
    words: tuple[str, ...],
) -> Bools:
    """The cells that show a figure whose name starts, or ends, with one of some words."""
    marks = [any(test(name, words) for name in cell) for cell in names]
    return np.array(marks)


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
        is_member = np.abs(members).astype(np.float64)
        by_measure = is_member @ self.counts
        ordinary = by_measure[:, ~self.is_protected]
        is_ordinary = ordinary.any(axis=1)
        rules = self.rules
        least = np.where(is_ordinary, rules.people_below, rules.protected_below)
        people = by_measure.max(axis=1)
        is_small = (people > 0) & (people < least)
        return least, is_small

"""The groups of people behind the figures of a trail, and how they overlap.

Nothing is declared here figure by figure. The trail knows which claims on people stand behind each
figure, so totals and their parts, a measure and its pounds, a year and its half, a ward and the
borough all follow from the rows. Disclosure control works on these groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import NO_CELLS, Bools, Cells, Ints
from sv_lib.figures.protection.people_counts import PeopleCounts
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure

CLAIM = ["source_file", "source_row"]
WHO = ["people", "started", "persons", "starters"]
KEYS = ["persons", "starters"]
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
    sizes = _Sizes(people.assign(atom=atom), measures.isin(rules.protected_groups), rules)
    of_atoms = members[:, first]
    names, merged = _merged(figure_ids, of_atoms)
    trails = (trail,) if mid_year is None else (trail, mid_year)
    counts = {figure.id for one in trails for figure in one if figure.unit == "people"}
    return _with_differences(names, merged, sizes, counts)


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a figure and part of a claim: ``figure_id, claim, part, sign`` and who they are.

    ``rows``: as ``PeopleBehind.table``. A claim whose people are split by their homes under one
    figure is split the same way under all others. ``people`` is NA where it is not known.
    """
    rows = rows.rename(columns={"home_lsoa_code": "part"})
    numbers = dict.fromkeys(["people", "started"], "Int64")
    keys = dict.fromkeys(KEYS, "object")
    rows = rows.astype({**numbers, **keys, "period_end": "datetime64[ns]"})
    # In a change, the earlier period's people are taken off.
    is_taken_off = rows["period"].eq("before")
    rows["sign"] = np.where(is_taken_off, -1, 1)
    rows["claim"] = rows.groupby(CLAIM, sort=False).ngroup()
    is_whole = rows["part"].isna()
    whole = rows[is_whole]
    split = rows[~is_whole]
    homes = split.drop_duplicates(PERSON)[[*PERSON, *WHO]]
    # Somebody at least stands behind a claim that does not say how many.
    rest = whole.drop_duplicates("claim")[["claim", *WHO]].set_index("claim")
    at_home = homes.groupby("claim")[["people", "started"]].sum()
    is_split = rest.index.isin(at_home.index)
    at_home = at_home.reindex(rest.index, fill_value=0)
    rest["started"] = (rest["started"] - at_home["started"]).clip(lower=0)
    elsewhere = rest["people"] - at_home["people"]
    rest["people"] = elsewhere
    rest.loc[is_split, KEYS] = None
    is_left = elsewhere.gt(0).fillna(False).astype("bool")
    rest = rest[is_left | (elsewhere.isna() & ~is_split)].reset_index()
    rest["part"] = "the rest"
    each_part = pd.concat([homes, rest])
    of_whole = whole.drop(columns=["part", *WHO])
    of_whole = of_whole.merge(each_part, on="claim", validate="m:m")
    every = pd.concat([of_whole, split], ignore_index=True)
    return every.drop_duplicates(["figure_id", "claim", "part", "sign"])


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


def _with_differences(
    names: list[tuple[str, ...]], members: Ints, sizes: _Sizes, counts: set[str]
) -> Cells:
    """The cells, and the small differences of two cells of which one holds the other.

    ``counts``: ids of the figures that count people.
    """
    is_count = np.array([not counts.isdisjoint(shown) for shown in map(_ids, names)], dtype=bool)
    outer, inner = _held(members)
    differences = members[outer] - members[inner]
    is_difference_of_counts = is_count[outer] & is_count[inner]
    _, is_small = sizes.rule(differences, is_difference_of_counts)
    small = differences[is_small]
    every = np.vstack([members, small])
    is_count = np.concatenate([is_count, is_difference_of_counts[is_small]])
    first, _ = _alike(every)
    every = every[first]
    least, is_small = sizes.rule(every, is_count[first])
    nameless = len(every) - len(names)
    names = names + [()] * nameless
    return Cells(
        names=names,
        members=every,
        people=sizes.in_atoms,
        least=least,
        is_small=is_small,
        suppress_last=_marked(names, str.startswith, HEADLINES),
        already_published=_marked(names, str.endswith, (HALF,)),
    )


def _ids(names: tuple[str, ...]) -> Iterator[str]:
    """The ids of the figures of a cell, as their own report has them."""
    return (name.removesuffix(HALF) for name in names)


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


class _Sizes:
    """How many people the cells hold, counted once, and what the rules ask.

    ``people``: those of every part of a claim, and the ``atom`` that it belongs to.
    """

    def __init__(self, people: pd.DataFrame, is_protected: Bools, rules: Disclosure) -> None:
        self.is_protected = is_protected
        self.rules = rules
        # Somebody at least stands behind a claim that does not say how many.
        one_at_least = people["people"].fillna(1)
        self.in_atoms: Ints = one_at_least.groupby(people["atom"]).sum().to_numpy(dtype=np.int64)
        # Those who go on stand behind a quantity, and not behind a number of people who started.
        not_started = people["people"].mask(people["started"].notna(), 0)
        starts = people.assign(people=not_started, persons=people["starters"])
        self._at_work = PeopleCounts(people)
        self._counted = PeopleCounts(starts)

    def rule(self, members: Ints, is_count: Bools) -> tuple[Ints, Bools]:
        """How many numbers must stay possible for each cell, and which cells hold too few people.

        The same person may stand under several measures, so the people of a cell are those of its
        largest measure. ``is_count``: cells that print a number of people; of those who started
        there may be fewer than of those at work.
        """
        by_measure = self._at_work.of(members)
        ordinary = by_measure[:, ~self.is_protected]
        is_ordinary = ordinary.any(axis=1)
        rules = self.rules
        least = np.where(is_ordinary, rules.people_below, rules.protected_below)
        people = by_measure.max(axis=1)
        started = self._counted.of(members).max(axis=1)
        people = np.where(is_count & (started > 0), np.minimum(people, started), people)
        is_small = (people > 0) & (people < least)
        # A person stands in an atom of each quarter, so a range of so many numbers of people in
        # atoms is one of fewer numbers of persons.
        in_atoms = np.abs(members) @ self.in_atoms
        wide = -(-least * in_atoms // np.maximum(people, 1))
        return np.where(is_small, np.maximum(least, wide), least), is_small

"""The groups of people behind the figures of a trail, and how they overlap.

Nothing is declared here figure by figure. The trail knows which claims on people stand behind each
figure, so totals and their parts, a measure and its pounds, a year and its half, a ward and the
borough all follow from the rows. Disclosure control works on these groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from sv_lib.analysis.disclosure import NO_CELLS, Bools, Cells, Ints
from sv_lib.figures.people_behind import KEYS
from sv_lib.figures.protection.people_counts import PeopleCounts
from sv_lib.figures.protection.published import Published
from sv_lib.figures.protection.ways_to_print import Group, ways_of
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure

WHO = ["people", "started", *KEYS]
PERSON = ["claim_id", "part"]
"""A claim and the part of its people with one home area: the finest that can be told apart."""
NOT_SAID = 10**9
"""Stands for the people of a claim that does not say how many: more than any that does."""
HEADLINES = ("headline.", "reach.")
"""Beginnings of the ids that readers look for first: these are hidden last."""


def cells_of(trail: Trail, rules: Disclosure, earlier: Sequence[Published] = ()) -> Cells:
    """The groups of people (cells) behind the figures of a trail, and how each may be printed.

    ``earlier``: the publications that readers have already. Their cells are settled, and their
    names end with that of the publication. Cells that only a reader would make, by taking one cell
    from another that holds it, have no name; only the small ones are kept.
    """
    behind = [trail.people_behind().table, *(one.behind for one in earlier)]
    rows = pd.concat(behind, ignore_index=True)
    if rows.empty:
        return NO_CELLS
    parts = _parts(rows)
    row, figure_ids = pd.factorize(parts["figure_id"])
    person = parts.groupby(PERSON, sort=False).ngroup()
    people = parts.drop_duplicates(PERSON)
    # Figures x people: 1 where they are counted, -1 where they are taken off.
    size = len(figure_ids), len(people)
    sign = parts["sign"].to_numpy(dtype=np.int16)  # the table is large
    members = csr_array((sign, (row, person)), shape=size).toarray()
    measure, measures = pd.factorize(people["measure_ref"], sort=True)
    # People who stand behind the same figures and measure need no telling apart: one atom.
    stands_behind = np.vstack([members, measure.astype(np.int16)])
    first, atom = _alike(stands_behind.T)
    sizes = _Sizes(people.assign(atom=atom), measures.isin(rules.protected_groups), rules)
    of_atoms = members[:, first].astype(np.int64)
    names, merged = _merged(figure_ids, of_atoms)
    figures = {figure.id: figure for figure in trail}
    counts = {name for name, figure in figures.items() if figure.unit == "people"}
    counts = counts.union(*(one.counts for one in earlier))
    names, every, is_count = _with_differences(names, merged, sizes, counts)
    counted, enough, is_small = sizes.rule(csr_array(every), is_count)
    told = {name: how for one in earlier for name, how in one.told.items()}
    held = np.abs(every) @ sizes.in_atoms
    groups = _groups(names, every, sizes.in_atoms, counted, enough, is_small)
    return Cells(
        names=names,
        members=every,
        people=sizes.in_atoms,
        # A person stands in an atom of each quarter, so a range of so many numbers of people in
        # atoms is one of fewer numbers of persons.
        needed=np.maximum(enough - 1, 2) * held // np.maximum(counted, 1),
        is_small=is_small,
        suppress_last=_headlines(names),
        ways=[ways_of(group, figures, told, rules) for group in groups],
    )


def _groups(
    names: Sequence[tuple[str, ...]],
    members: Ints,
    in_atoms: Ints,
    people: Ints,
    enough: Ints,
    is_small: Bools,
) -> Iterator[Group]:
    """The cells one by one."""
    is_change = (members < 0).any(axis=1)
    held = np.abs(members) @ in_atoms
    columns = np.column_stack([held, members @ in_atoms, is_change, people, enough, is_small])
    for shown, (size, exact, taken_off, count, least, few) in zip(
        names, columns.tolist(), strict=True
    ):
        yield Group(shown, size, exact, bool(taken_off), count, least, bool(few))


def _headlines(names: Sequence[tuple[str, ...]]) -> Bools:
    """The cells that show a figure which readers look for first."""
    return np.array([any(one.startswith(HEADLINES) for one in cell) for cell in names], dtype=bool)


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a figure and part of a claim: ``figure_id, claim_id, part, sign`` and who they are.

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
    is_whole = rows["part"].isna()
    whole = rows[is_whole].assign(version=rows["people"].fillna(NOT_SAID))
    split = rows[~is_whole]
    homes = split.drop_duplicates(PERSON)[[*PERSON, *WHO]]
    each_part = pd.concat([homes.assign(version=0), _elsewhere(whole, homes)])
    of_whole = whole.drop(columns=["part", *WHO])
    of_whole = of_whole.merge(each_part, on="claim_id", suffixes=("", "_of_part"), validate="m:m")
    is_then = of_whole["version_of_part"] <= of_whole["version"]
    every = pd.concat([of_whole[is_then], split], ignore_index=True)
    return every.drop_duplicates(["figure_id", *PERSON, "sign"])


def _elsewhere(whole: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """The people of claims who have no home in ``homes``: columns ``PERSON``, ``WHO``, ``version``.

    A claim that was corrected between two publications has a part for the people of its smaller
    ``version``, which both know, and one for those who came to it.
    """
    rest = whole.drop_duplicates(["claim_id", "version"]).sort_values(["claim_id", "version"])
    rest = rest[["claim_id", "version", *WHO]].set_index("claim_id")
    at_home = homes.groupby("claim_id")[["people", "started"]].sum()
    is_split = rest.index.isin(at_home.index)
    at_home = at_home.reindex(rest.index, fill_value=0)
    rest["started"] = (rest["started"] - at_home["started"]).clip(lower=0)
    rest["people"] = rest["people"] - at_home["people"]
    rest.loc[is_split, KEYS] = None
    is_first = ~rest.index.duplicated()
    known_before = rest["people"].clip(lower=0).groupby(level=0).shift().fillna(0)
    rest["people"] = rest["people"].where(is_first, rest["people"] - known_before)
    number = rest.groupby(level=0).cumcount().astype("str")
    rest["part"] = "the rest " + number
    # Somebody at least stands behind a claim that does not say how many.
    is_left = rest["people"].gt(0).fillna(False).astype("bool")
    return rest[is_left | (rest["people"].isna() & ~is_split)].reset_index()


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
    names: list[tuple[str, ...]], members: Ints, sizes: _Sizes, counts: Set[str]
) -> tuple[list[tuple[str, ...]], Ints, Bools]:
    """The cells, and the small differences of two cells of which one holds the other.

    ``counts``: ids of the figures that count people. Returns names, members, and which cells are
    numbers of people.
    """
    is_count = np.array([not counts.isdisjoint(shown) for shown in names], dtype=bool)
    outer, inner = _held(members)
    cells = csr_array(members)  # there are many differences, and most hold few atoms
    differences = cells[outer] - cells[inner]
    is_difference_of_counts = is_count[outer] & is_count[inner]
    _, _, is_small = sizes.rule(differences, is_difference_of_counts)
    every = np.vstack([members, differences[np.flatnonzero(is_small)].toarray()])
    is_count = np.concatenate([is_count, is_difference_of_counts[is_small]])
    first, _ = _alike(every)
    nameless = len(first) - len(names)
    return names + [()] * nameless, every[first], is_count[first]


def _held(members: Ints) -> tuple[Ints, Ints]:
    """Pairs of cells of which the first holds all people of the second, and more."""
    is_added = members >= 0
    adds_only = is_added.all(axis=1, keepdims=True)
    held = csr_array(members * adds_only)
    shared = (held @ held.T).toarray()
    sizes = held.sum(axis=1)
    outer, inner = np.nonzero(shared == sizes)
    outer_size = sizes[outer]
    inner_size = sizes[inner]
    is_larger = (outer_size > inner_size) & (inner_size > 0)
    return outer[is_larger], inner[is_larger]


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

    def rule(self, members: Any, is_count: Bools) -> tuple[Ints, Ints, Bools]:
        """How many people each cell holds, how many are enough, and which cells hold too few.

        The same person may stand under several measures, so the people of a cell are those of its
        largest measure. ``members``: sparse, cells x atoms. ``is_count``: cells that print a number
        of people; of those who started there may be fewer than of those at work.
        """
        by_measure = self._at_work.of(members)
        ordinary = by_measure[:, ~self.is_protected]
        is_ordinary = ordinary.any(axis=1)
        enough = np.where(is_ordinary, self.rules.people_below, self.rules.protected_below)
        people = by_measure.max(axis=1)
        started = self._counted.of(members).max(axis=1)
        people = np.where(is_count & (started > 0), np.minimum(people, started), people)
        is_small = (people > 0) & (people < enough)
        return people, enough, is_small

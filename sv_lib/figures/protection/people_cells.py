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
from scipy.sparse import csc_array, csr_array

from sv_lib.analysis.disclosure import NO_CELLS, Bools, Cells, Ints
from sv_lib.figures.people_behind import KEYS
from sv_lib.figures.protection.people_counts import PeopleCounts
from sv_lib.figures.protection.published import Published
from sv_lib.figures.protection.ways_to_print import Group, ways_of
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure

WHO = ["people", "started", *KEYS]
CLAIM = ["edition", "claim_id"]
"""A claim as one of the publications knew it."""
PERSON = ["claim_id", "part"]
"""A claim and the part of its people with one home area: the finest that can be told apart."""
NOT_SAID = 10**9
"""Stands for the people of a claim that does not say how many: more than any that does."""
AT_A_TIME = 2_000_000
"""Numbers of atoms in cells that are looked at together, at most."""
HEADLINES = ("headline.", "reach.")
"""Beginnings of the ids that readers look for first: these are hidden last."""


def cells_of(trail: Trail, rules: Disclosure, earlier: Sequence[Published] = ()) -> Cells:
    """The groups of people (cells) behind the figures of a trail, and how each may be printed.

    ``earlier``: the publications that readers have already. Their cells are settled, and their
    names end with that of the publication. Cells that only a reader would make, by taking one cell
    from another that holds it, have no name; only the small ones are kept.
    """
    behind = [trail.people_behind().table, *(one.behind for one in earlier)]
    if all(table.empty for table in behind):
        return NO_CELLS
    parts = _parts(behind)
    row, figure_ids = pd.factorize(parts["figure_id"])
    person = parts.groupby(PERSON, sort=False).ngroup()
    people = parts.drop_duplicates(PERSON)
    # Figures x people: 1 where they are counted, -1 where they are taken off. Nobody stands behind
    # all figures, and of a large council the whole table would fill the memory.
    sign = parts["sign"].to_numpy(dtype=np.int64)
    members = csc_array((sign, (row, person)), shape=(len(figure_ids), len(people)))
    members.eliminate_zeros()
    measure, measures = pd.factorize(people["measure_ref"], sort=True)
    first, atom = _atoms(members, measure)
    sizes = _Sizes(people.assign(atom=atom), measures.isin(rules.protected_groups), rules)
    of_atoms = members[:, first].toarray()
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
        ways=[ways_of(group, figures, told) for group in groups],
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


def _parts(behind: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row a figure and part of a claim: ``figure_id, claim_id, part, sign`` and who they are.

    ``behind``: ``PeopleBehind.table`` of this publication and of those before it. A claim whose
    people are split by their homes under one figure is split the same way under all others. What
    another publication knew otherwise of a part is a part of its own. ``people`` is NA where it is
    not known.
    """
    rows = pd.concat([table.assign(edition=n) for n, table in enumerate(behind)], ignore_index=True)
    rows = rows.rename(columns={"home_lsoa_code": "part"})
    numbers = dict.fromkeys(["people", "started"], "Int64")
    keys = dict.fromkeys(KEYS, "object")
    rows = rows.astype({**numbers, **keys, "period_end": "datetime64[ns]"})
    # In a change, the earlier period's people are taken off.
    rows["sign"] = np.where(rows["period"].eq("before"), -1, 1)
    is_whole = rows["part"].isna()
    split = rows[~is_whole]
    of_claims = _parts_of_claims(rows[is_whole], split)
    whole = rows[is_whole].drop(columns=["part", *WHO])
    whole = whole.merge(of_claims, on=CLAIM, validate="m:m")
    layers = _layers(pd.concat([split[[*PERSON, *WHO]], of_claims[[*PERSON, *WHO]]]))
    every = pd.concat([whole, split], ignore_index=True)
    every["known"] = every["people"].fillna(NOT_SAID)
    every = every.drop(columns=WHO).merge(layers, on=PERSON, validate="m:m")
    every = every[every["from"] <= every["known"]]
    every["part"] = every["part"] + every["layer"]
    return every.drop_duplicates(["figure_id", *PERSON, "sign"])


def _parts_of_claims(whole: pd.DataFrame, split: pd.DataFrame) -> pd.DataFrame:
    """The people of claims by home, and of the rest of each: columns ``CLAIM``, ``part``, ``WHO``.

    A publication that told no homes of a claim borrows those that another told.
    """
    totals = whole.drop_duplicates(CLAIM)[[*CLAIM, *WHO]]
    homes = split.drop_duplicates([*CLAIM, "part"])[[*CLAIM, "part", *WHO]]
    told_first = homes["edition"] == homes.groupby("claim_id")["edition"].transform("min")
    own = pd.MultiIndex.from_frame(homes[CLAIM])
    has_own = pd.MultiIndex.from_frame(totals[CLAIM]).isin(own)
    borrowed = homes[told_first].drop(columns="edition")
    at_home = pd.concat(
        [
            totals.loc[has_own, CLAIM].merge(homes, on=CLAIM),
            totals.loc[~has_own, CLAIM].merge(borrowed, on="claim_id"),
        ]
    )
    rest = totals.set_index(CLAIM)
    sums = at_home.groupby(CLAIM)[["people", "started"]].sum()
    is_split = rest.index.isin(sums.index)
    sums = sums.reindex(rest.index, fill_value=0)
    rest["started"] = (rest["started"] - sums["started"]).clip(lower=0)
    rest["people"] -= sums["people"]
    rest.loc[is_split, KEYS] = None
    # Somebody at least stands behind a claim that does not say how many.
    is_left = rest["people"].gt(0).fillna(False).astype("bool")
    rest = rest[is_left | (rest["people"].isna() & ~is_split)].assign(part="the rest")
    return pd.concat([at_home, rest.reset_index()], ignore_index=True)


def _layers(parts: pd.DataFrame) -> pd.DataFrame:
    """The people of each part in layers: those whom all publications knew, then who came to them.

    A claim may be corrected, or its homes told, between two publications. Columns ``PERSON``,
    ``layer``, ``from`` (the number of people from which on a publication knew of it), ``WHO``.
    """
    layers = parts.assign(**{"from": parts["people"].fillna(NOT_SAID)})
    # Where starts count in one publication and not in another, they are the smaller group.
    layers = layers.sort_values([*PERSON, "from", "started"]).drop_duplicates([*PERSON, "from"])
    layers = layers.reset_index(drop=True)
    number = layers.groupby(PERSON).cumcount()
    layers["layer"] = number.astype("str").radd(" +").where(number > 0, "")
    later = np.flatnonzero(number > 0)
    below = layers.iloc[later - 1].set_axis(later)
    above = layers.iloc[later]
    layers.loc[later, "people"] = above["people"] - below["people"]
    layers.loc[later, "started"] = (above["started"] - below["started"]).clip(lower=0)
    for column in KEYS:
        came = map(_new_keys, above[column], below[column])
        layers.loc[later, column] = pd.Series(list(came), later, dtype="object")
    return layers


def _new_keys(now: object, before: object) -> tuple[str, ...] | None:
    """The keys of persons in the later of two tuples alone; None where there is none."""
    known = before if isinstance(before, tuple) else ()
    came = [one for one in now if one not in known] if isinstance(now, tuple) else []
    return tuple(came) or None


def _merged(figure_ids: pd.Index, members: Ints) -> tuple[list[tuple[str, ...]], Ints]:
    """Figures that stand on the same people are one cell; those that stand on none are no cell."""
    first, cell_of_figure = _alike(members)
    names = pd.Series(figure_ids).groupby(cell_of_figure).agg(tuple)
    of_cells = members[first]
    has_people = np.flatnonzero(of_cells.any(axis=1))
    return list(names.iloc[has_people]), of_cells[has_people]


def _atoms(members: csc_array, measure: Ints) -> tuple[Ints, Ints]:
    """The first people of every atom, and the atom of each.

    People who stand behind the same figures and measure need no telling apart: one atom.
    """
    members.sort_indices()
    figures = np.split((members.indices + 1) * members.data, members.indptr[1:-1])
    of_people = zip(figures, measure, strict=True)
    return _kinds([behind.tobytes() + under.tobytes() for behind, under in of_people])


def _alike(rows: Ints) -> tuple[Ints, Ints]:
    """The first of every kind of row, and for each row which kind it is of."""
    return _kinds([row.tobytes() for row in np.ascontiguousarray(rows)])


def _kinds(contents: Sequence[bytes]) -> tuple[Ints, Ints]:
    """The first of every kind, and which kind each is."""
    kinds, _ = pd.factorize(np.array(contents, dtype=object))
    _, first = np.unique(kinds, return_index=True)
    return first, kinds


def _with_differences(
    names: list[tuple[str, ...]], members: Ints, sizes: _Sizes, counts: Set[str]
) -> tuple[list[tuple[str, ...]], Ints, Bools]:
    """The cells, and the small differences of two cells of which one holds the other.

    ``counts``: ids of the figures that count people. Returns names, members, and which cells are
    numbers of people.
    """
    is_count = np.array([not counts.isdisjoint(shown) for shown in names], dtype=bool)
    outer, inner = _held(members)
    both_count = is_count[outer] & is_count[inner]
    cells = csr_array(members)  # most hold few atoms
    is_small = np.zeros(len(outer), dtype=bool)
    for some in _at_a_time(len(outer), members.shape[1]):
        _, _, is_small[some] = sizes.rule(cells[outer[some]] - cells[inner[some]], both_count[some])
    every = np.vstack([members, members[outer[is_small]] - members[inner[is_small]]])
    is_count = np.concatenate([is_count, both_count[is_small]])
    first, _ = _alike(every)
    nameless = len(first) - len(names)
    return names + [()] * nameless, every[first], is_count[first]


def _at_a_time(count: int, atoms: int) -> Iterator[slice]:
    """Slices of so many differences, which together would fill the memory of a laptop."""
    step = 1 + AT_A_TIME // atoms
    for start in range(0, count, step):
        yield slice(start, start + step)


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

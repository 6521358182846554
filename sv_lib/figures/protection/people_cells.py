"""The groups of people beneath the figures of a trail, and how they overlap: what disclosure
control
works on.

Nothing is declared here figure by figure. The trail knows which rows about people stand beneath
each figure, so totals and their parts, a measure and its pounds, a year and its half, a ward and
the borough all follow from the rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sv_lib.analysis.disclosure import NO_CELLS, Bools, Cells, Ints
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure

CLAIM = ["source_file", "source_row"]
HALF = " of the half-year"
DEAR = ("headline.", "reach.")


def cells_of(trail: Trail, rules: Disclosure, half: Trail | None = None) -> Cells:
    """The cells of a trail. ``half``: that of the half-year's own report, which readers of an
    annual
    report know.

    Cells of the half-year are settled, one of their names ends with ``HALF``. Cells that only a
    reader would make, by taking one cell from another that holds it, have no name; only the small
    ones are kept.
    """
    beneath = [trail.people_behind().table]
    if half is not None:
        of_half = half.people_behind().table
        beneath.append(of_half.assign(figure_id=of_half["figure_id"] + HALF))
    rows = pd.concat(beneath, ignore_index=True)
    if rows.empty:
        return NO_CELLS
    parts = _parts(rows)
    ids = list(dict.fromkeys(parts["figure_id"]))
    people = parts.drop_duplicates(["claim", "part"]).reset_index(drop=True)
    column = people[["claim", "part"]].assign(column=range(len(people)))
    at = parts.merge(column, on=["claim", "part"], validate="m:1")
    members = np.zeros((len(ids), len(people)), dtype=np.int64)
    np.add.at(
        members,
        (pd.Index(ids).get_indexer(at["figure_id"]), at["column"].to_numpy()),
        at["sign"].to_numpy(),
    )
    kinds, kind = np.unique(people["measure_ref"].to_numpy(dtype=str), return_inverse=True)
    first, atom = _alike(np.vstack([members, kind]).T)
    atoms = members[:, first]
    counts = np.zeros((len(first), len(kinds)), dtype=np.int64)  # people of each kind in each atom
    np.add.at(counts, (atom, kind), people["people"].to_numpy(dtype=np.int64))
    is_protected = np.array([name in rules.protected_groups for name in kinds])
    return _with_differences(_merged(ids, atoms), counts, is_protected, rules)


def _parts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a figure and part of a claim: ``figure_id, claim, part, people, sign, measure_ref``.

    A claim whose people are split by their homes under one figure is split the same way under all
    others.
    """
    rows = rows.rename(columns={"home_lsoa_code": "part"})
    rows["people"] = rows["headcount"].astype("Int64").clip(lower=0)
    rows["sign"] = np.where(rows["period"].eq("before"), -1, 1)
    rows["claim"] = rows.groupby(CLAIM, sort=False).ngroup()
    whole, split = rows[rows["part"].isna()], rows[rows["part"].notna()]
    homes = split.drop_duplicates(["claim", "part"])[["claim", "part", "people"]]
    counted = (
        whole.groupby("claim")["people"].max().fillna(1)
    )  # of a claim that does not say, someone at least
    rest = counted.sub(homes.groupby("claim")["people"].sum().reindex(counted.index), fill_value=0)
    rest = rest[rest > 0].astype("int64")
    others = pd.DataFrame({"claim": rest.index, "part": "the rest", "people": rest.to_numpy()})
    known = ["figure_id", "claim", "sign", "measure_ref"]
    of_whole = whole[known].merge(pd.concat([homes, others]), on="claim", validate="m:m")
    every = pd.concat([of_whole, split[[*known, "part", "people"]]], ignore_index=True)
    return every.drop_duplicates(["figure_id", "claim", "part", "sign"]).astype({"people": "int64"})


def _merged(ids: Sequence[str], members: Ints) -> tuple[list[tuple[str, ...]], Ints]:
    """Figures that stand on the same people are one cell; those that stand on none are no cell."""
    first, cell = _alike(members)
    names: list[list[str]] = [[] for _ in first]
    for name, number in zip(ids, cell, strict=True):
        names[number].append(name)
    kept = members[first].any(axis=1)
    return [tuple(names[number]) for number in np.flatnonzero(kept)], members[first][kept]


def _alike(rows: Ints) -> tuple[Ints, Ints]:
    """The first of every kind of row, and for each row which kind it is of."""
    kinds: dict[bytes, int] = {}
    kind = [kinds.setdefault(row.tobytes(), len(kinds)) for row in np.ascontiguousarray(rows)]
    first = {number: at for at, number in reversed(list(enumerate(kind)))}
    return np.array([first[number] for number in range(len(kinds))], dtype=np.int64), np.array(
        kind, dtype=np.int64
    )


def _with_differences(
    named: tuple[list[tuple[str, ...]], Ints], counts: Ints, is_protected: Bools, rules: Disclosure
) -> Cells:
    """The cells with their rules, and the small differences of two cells of which one holds the
    other.
    """
    names, members = named
    held = (members * (members >= 0).all(axis=1, keepdims=True)).astype(
        np.float64
    )  # floats: the products are faster
    shared, sizes = held @ held.T, held.sum(axis=1)
    outer, inner = np.nonzero(
        (shared == sizes[None, :]) & (sizes[:, None] > sizes[None, :]) & (sizes[None, :] > 0)
    )
    taken = members[outer] - members[inner]
    taken = taken[_rule(taken, counts, is_protected, rules)[1]]
    every = np.vstack([members, taken])
    every = every[_alike(every)[0]]
    least, is_small = _rule(every, counts, is_protected, rules)
    names = [*names, *[()] * (len(every) - len(names))]
    return Cells(
        names,
        every,
        counts.sum(axis=1),
        least,
        is_small,
        is_dear=np.array([any(name.startswith(DEAR) for name in cell) for cell in names]),
        is_settled=np.array([any(HALF in name for name in cell) for cell in names]),
    )


def _rule(
    members: Ints, counts: Ints, is_protected: Bools, rules: Disclosure
) -> tuple[Ints, Bools]:
    """The least number of people that each cell may show, and which cells hold fewer.

    The same person may stand under several measures, so the people of a cell are those of its
    largest measure.
    """
    by_kind = np.abs(members).astype(np.float64) @ counts
    ordinary = (by_kind[:, ~is_protected] > 0).any(axis=1)
    least = np.where(ordinary, rules.people_below, rules.protected_below)
    most = by_kind.max(axis=1)
    return least, (most > 0) & (most < least)

"""Several publications laid side by side: what the numbers of all tell of a few people.

An attack by other means than the product's own. The unknowns are the people of each claim with one
home area, the same in every publication. Every number that is printed anywhere is an equation on
them, and what is printed of a hidden one an inequality. A linear program finds the fewest and the
most that each small group can be. The trail of the exempt build tells which claims stand behind
which figure: so much, and the price of a unit, a determined reader is taken to know.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from sv_lib.figures.figure import ROUNDED
from sv_lib.figures.operations import LESS, OVER, PERCENT, TIMES
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure
from tests.attacks.behind import Behind, Equation, Part, Sum, people_of

NEAR = 1e-6
"""Two answers of the linear program closer than this are the same number."""
PRIMAL_SIMPLEX = 4
"""The last answer stays a starting point when the next question only moves the aim."""
REVERSIBLE = (LESS, OVER, PERCENT, TIMES)
"""Operations that a reader undoes who knows the result and all parts but one."""
MOST = 200
"""People, quarter by quarter, in a difference: in more of them no small group is looked for."""
MOST_PEOPLE = 1e6
NOT_KNOWN = "[x]"
"""What figures.csv shows of a number that is not known, and so not hidden."""

Floats = npt.NDArray[np.float64]


class Told(NamedTuple):
    """What a publication tells of a figure: the smallest and largest it may be."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class Publication:
    """``trail``: of the exempt build. ``told``: by figure, what the public build prints of it."""

    name: str
    trail: Trail
    told: Mapping[str, Told]

    @cached_property
    def who(self) -> Behind:
        """Found once, however often the publication is laid beside others."""
        return Behind(self.trail)


def told_in(folder: Path) -> dict[str, Told]:
    """What the figures.csv of a finished public run tells of each figure."""
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["figure_id"]: _told(row["value"], row.get("low"), row.get("high"), row["caution"])
            for row in csv.DictReader(file)
            if row["value"] or row["display"] != NOT_KNOWN
        }


def told_by(public: Trail) -> dict[str, Told]:
    """What a public calculation tells of each figure, before it is written to any file."""
    return {
        figure.id: _told(
            figure.exact,
            getattr(figure, "low", None),
            getattr(figure, "high", None),
            figure.caution,
        )
        for figure in public
        if figure.is_known or figure.kind == "hidden"
    }


def _told(value: str, low: Any, high: Any, caution: str) -> Told:
    """What is printed of one figure; of a hidden one nothing, where no range is."""
    if value:
        printed = float(value)
        _, rounded, nearest = caution.rpartition(ROUNDED)
        half = _step(nearest) // 2 if rounded else 0
        return Told(printed - half, printed + half)
    lowest = 0 if low in (None, "") else float(low)
    highest = inf if high in (None, "") else float(high)
    return Told(lowest, highest)


def _step(nearest: str) -> int:
    """What a figure is rounded to, in the units of figures.csv, which holds pence."""
    pence = 100 if nearest.startswith("£") else 1
    return int(nearest.removeprefix("£").replace(",", "")) * pence


@dataclass(frozen=True)
class Found:
    """A small group of whom a reader can tell more than the rule allows.

    ``name``: the figure, or two and a minus. ``people``: how many they are; ``low`` to ``high``:
    how many they can be. ``below``: every number from 1 up to this should have stayed possible.
    ``said_by``: the figures that together say so.
    """

    name: str
    people: int
    low: int
    high: int
    below: int
    said_by: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def is_narrow(self) -> bool:
        """Whether fewer numbers are left than the rule leaves, wherever they begin."""
        return self.high - self.low + 1 < self.below - 1

    def __str__(self) -> str:
        can_be = f"{self.people} people can only be {self.low} to {self.high}"
        return f"{self.name}: {can_be}, by {'; '.join(self.said_by)}"


@dataclass(frozen=True)
class Outcome:
    """``groups``: how many small groups there are; ``found``: those that are given away."""

    groups: int
    found: tuple[Found, ...]

    @property
    def exact(self) -> int:
        return sum(one.is_exact for one in self.found)

    @property
    def narrow(self) -> int:
        return sum(one.is_narrow for one in self.found)


def attack(publications: Sequence[Publication], rules: Disclosure) -> Outcome:
    """What a reader of some publications can tell of every small group of people."""
    known = _Known()
    for publication in publications:
        known.read(publication)
    groups = _small_groups(known, rules)
    if not groups:
        return Outcome(0, ())
    reader = _Reader(known, [group.sum for group in groups])
    most = np.array([group.below - 1 for group in groups], dtype=np.float64)
    reader.widen(np.ones(len(groups)), most)
    found = []
    for number, group in enumerate(groups):
        low, high, said_by = reader.range_of(number, 1, group.below - 1)
        if low > 1 or high < group.below - 1:
            found.append(Found(group.name, group.people, low, high, group.below, said_by))
    return Outcome(len(groups), tuple(found))


class _Known:
    """All that the publications print.

    ``at_work``: what figures tell of everybody behind them; ``counted``: of those they count.
    """

    def __init__(self) -> None:
        self.at_work: list[Equation] = []
        self.counted: list[Equation] = []
        self.links: list[Equation] = []

    def read(self, publication: Publication) -> None:
        """Take in what one publication prints."""
        who = publication.who
        told = _worked_back(publication)
        for figure_id, total in who.at_work.items():
            if figure_id not in told:
                continue
            people = _truth(total)
            # A number in any unit gives away the people beneath it: the price of one is public.
            low, high = (people, people) if told[figure_id].is_exact else (-inf, inf)
            is_marked = people > 0 and min(total.values()) > 0
            name = f"{publication.name}: {figure_id}"
            self.at_work.append(Equation(name, total, max(low, 1) if is_marked else low, high))
        for figure_id, total in who.counted.items():
            if figure_id not in told:
                continue
            low, high = told[figure_id]
            people = _truth(total)
            name = f"{publication.name}: {figure_id}"
            if not low <= people <= high:
                raise ValueError(f"{name} counts {people}, and {low:g} to {high:g} is printed")
            self.counted.append(Equation(name, total, low, high))
        self.links += who.links


def _worked_back(publication: Publication) -> Mapping[str, Told]:
    """What is told of each figure, worked backwards too: a base times a printed share."""
    told = dict(publication.told)
    worked = [figure for figure in publication.trail if figure.operation in REVERSIBLE]
    for figure in worked:
        hidden = [part for part in figure.parts if part in told and not told[part].is_exact]
        if figure.id in told and told[figure.id].is_exact and len(hidden) == 1:
            value = publication.trail[hidden[0]].value
            assert value is not None
            told[hidden[0]] = Told(float(value), float(value))
    return told


def _truth(total: Sum) -> int:
    return sum(sign * part.people for part, sign in total.items())


class _Group(NamedTuple):
    """Few people: ``sum`` is their number, small if it is under ``below``."""

    name: str
    people: int
    sum: Sum
    below: int


def _small_groups(known: _Known, rules: Disclosure) -> list[_Group]:
    """Behind each figure, and between two printed ones of which one holds the other; each once."""
    every = chain(_at_work(known.at_work, rules), _counted(known.counted, rules))
    few = (group for group in every if 0 < group.people < group.below)
    found: dict[frozenset[tuple[Part, int]], _Group] = {}
    for group in few:
        found.setdefault(frozenset(group.sum.items()), group)
    return list(found.values())


def _at_work(equations: Sequence[Equation], rules: Disclosure) -> Iterator[_Group]:
    """Everybody behind a figure or between two, counted once."""
    seen = set()
    for name, total in chain(_named(equations), _differences(equations)):
        parts = frozenset(total)
        if parts not in seen:
            seen.add(parts)
            people, where = people_of(total)
            yield _Group(name, people, dict.fromkeys(where, 1), _below(total, rules))


def _counted(equations: Sequence[Equation], rules: Disclosure) -> Iterator[_Group]:
    """Those whom a figure counts, or one more than another."""
    for name, total in chain(_named(equations), _differences(equations)):
        yield _Group(name, _truth(total), total, _below(total, rules))


def _named(equations: Sequence[Equation]) -> Iterator[tuple[str, Sum]]:
    return ((one.name, one.sum) for one in equations)


def _below(parts: Sum, rules: Disclosure) -> int:
    is_protected = all(part.measure in rules.protected_groups for part in parts)
    return rules.protected_below if is_protected else rules.people_below


def _differences(equations: Sequence[Equation]) -> Iterator[tuple[str, Sum]]:
    """What is left when one printed number is taken from another that holds it."""
    distinct = {
        frozenset(one.sum): one
        for one in equations
        if one.low == one.high and min(one.sum.values()) > 0
    }
    printed = list(distinct.values())
    if not printed:
        return
    matrix, _ = _matrix([one.sum for one in printed])
    people = np.array([one.low for one in printed])
    held = (matrix @ matrix.T).toarray() == matrix.sum(axis=1)
    for outer, inner in np.argwhere(held & (people[:, None] > people)).tolist():
        if people[outer] - people[inner] > MOST:
            continue
        more, less = printed[outer], printed[inner]
        yield (
            f"{more.name} less {less.name}",
            {part: 1 for part in more.sum if part not in less.sum},
        )


def _matrix(sums: Sequence[Sum]) -> tuple[Any, list[Part]]:
    """Sums x parts."""
    number = {part: place for place, part in enumerate(dict.fromkeys(chain(*sums)))}
    cells = [
        (row, number[part], sign) for row, one in enumerate(sums) for part, sign in one.items()
    ]
    rows, columns, signs = np.array(cells).reshape(-1, 3).T
    size = len(sums), len(number)
    return csr_array((signs.astype(np.float64), (rows, columns)), shape=size), list(number)


class _Reader:
    """The linear program of everything that is known, and how far each aim can go in it."""

    def __init__(self, known: _Known, aims: Sequence[Sum]) -> None:
        rows = _once([*known.at_work, *known.counted, *known.links])
        matrix, parts = _matrix([*(row.sum for row in rows), *aims])
        matrix, truth = _alike(matrix, np.array([part.people for part in parts], dtype=float))
        self.aims = matrix[len(rows) :].toarray()
        self.low = self.high = self.aims @ truth
        low, high = np.array([(row.low, row.high) for row in rows]).T
        self.program = _program(matrix[: len(rows)], low, high)
        self.names = [row.name for row in rows]

    def widen(self, least: Floats, most: Floats) -> None:
        """Move all aims at once, up, then down, while that widens more: it saves steps."""
        for sign in (-1, 1):
            left = len(self.aims) + 1
            while True:
                is_short = self.high < most - NEAR if sign < 0 else self.low > least + NEAR
                if not 1 < is_short.sum() < left:
                    break
                left = is_short.sum()
                self._stretch(sign * self.aims[is_short].sum(axis=0))

    def range_of(self, number: int, least: int, most: int) -> tuple[int, int, tuple[str, ...]]:
        """The fewest and the most that an aim can be, and the figures that say so.

        It is looked for no further than to ``least``, and to ``most`` numbers from the fewest on.
        """
        said_by: set[str] = set()
        if self.low[number] > least + NEAR:
            said_by |= self._stretch(self.aims[number])
        if self.high[number] < max(self.low[number], 1) + most - 1 - NEAR:
            said_by |= self._stretch(-self.aims[number])
        low = int(np.ceil(self.low[number] - NEAR))
        high = int(np.floor(self.high[number] + NEAR))
        return low, high, tuple(sorted(said_by))

    def _stretch(self, aim: Floats) -> set[str]:
        """Move the people as far as an aim goes; the figures that stop it."""
        columns = np.arange(len(aim), dtype=np.int32)
        self.program.changeColsCost(len(aim), columns, aim)
        self.program.run()
        status = self.program.getModelStatus().name
        if status != "kOptimal":
            raise ArithmeticError(f"the attack's linear program ended as {status}")
        answer = self.program.getSolution()
        values = self.aims @ np.asarray(answer.col_value)
        self.low = np.minimum(self.low, values)
        self.high = np.maximum(self.high, values)
        stops_it = np.flatnonzero(np.abs(np.asarray(answer.row_dual)) > NEAR)
        return {self.names[row] for row in stops_it if self.names[row]}


def _once(equations: Sequence[Equation]) -> list[Equation]:
    """One equation of each sum: the narrowest of what is told of it."""
    found: dict[frozenset[tuple[Part, int]], Equation] = {}
    for one in equations:
        key = frozenset(one.sum.items())
        first = found.get(key, one)
        low, high = max(one.low, first.low), min(one.high, first.high)
        tells_more = high - low < first.high - first.low
        name = one.name if tells_more else first.name
        found[key] = Equation(name, first.sum, low, high)
    return list(found.values())


def _alike(matrix: Any, people: Floats) -> tuple[Any, Floats]:
    """Parts that stand in the same sums need no telling apart: their people are one unknown."""
    columns = csc_array(matrix)
    cuts = columns.indptr[1:-1]
    places = np.split(columns.indices, cuts)
    signs = np.split(columns.data, cuts)
    kinds: dict[bytes, int] = {}
    kind = [
        kinds.setdefault(place.tobytes() + sign.tobytes(), len(kinds))
        for place, sign in zip(places, signs, strict=True)
    ]
    _, first = np.unique(kind, return_index=True)
    return csr_array(columns[:, first]), np.bincount(kind, weights=people)


def _program(matrix: Any, low: Floats, high: Floats) -> Any:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = np.zeros(matrix.shape[1])
    model.col_lower_ = np.zeros(matrix.shape[1])
    model.col_upper_ = np.full(matrix.shape[1], MOST_PEOPLE)
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = matrix.data
    program = highspy.Highs()
    program.setOptionValue("output_flag", False)
    program.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    program.passModel(model)
    return program

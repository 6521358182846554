"""Who stands behind each figure, told apart as finely as can be: claim by claim and home by home.

Made for the attack of ``side_by_side``, apart from what the product makes of the same rows: they
share the trail of the exempt build alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any, NamedTuple

import pandas as pd

from sv_lib.figures.trail import ROWS_PER_FILE, Trail

COUNTED_IN = ("people", "suppliers")
"""Units of figures that print a number of people (or of firms that may be one)."""
REST = "the rest"


class Part(NamedTuple):
    """The people of a claim with one home area: one unknown, the same in every publication.

    A claim that was corrected between two publications is another unknown in each: the reader does
    not know by how much. ``counts``: an unknown of its own, how many of a claim's people a number
    of people counts, where the others are counted under another claim or none.
    """

    file: str
    row: int
    home: str | None
    people: int
    measure: str
    contract: str | None
    quarter: str
    keys: tuple[str, ...]
    says_starts: bool
    counts: bool = False


Sum = Mapping[Part, int]
"""Parts that are added up (1) or taken off (-1)."""
Claim = tuple[str, int]
Claims = Mapping[Claim, Mapping[str | None, Part]]


class Equation(NamedTuple):
    """A ``sum`` of people is from ``low`` to ``high``, as ``name`` says."""

    name: str
    sum: Sum
    low: float
    high: float


class Behind:
    """Who is behind the figures of an exempt trail.

    ``at_work``: by figure, everybody. ``counted``: by figure that counts people, those it counts,
    each person once. ``links``: what is plain of those, whatever is printed: of a claim no more
    are counted than there are, and its homes add up.
    """

    def __init__(self, trail: Trail) -> None:
        table = trail.people_behind().table
        # The shares of one claim in several places are lines of one figure: its people stand once.
        rows = list(dict.fromkeys(_rows(table)))
        self._parts = _parts_of_claims(rows)
        self.at_work: dict[str, dict[Part, int]] = defaultdict(dict)
        for figure_id, told, sign in rows:
            total = self.at_work[figure_id]
            for part in self._at((told.file, told.row), told.home):
                total[part] = total.get(part, 0) + sign
        self.counted: dict[str, Sum] = {}
        self._within: dict[Part, Sequence[Part]] = {}
        for figure in trail:
            if figure.unit in COUNTED_IN and figure.id in self.at_work:
                counted = dict(self._counts(trail, figure.id))
                if counted:
                    self.counted[figure.id] = counted
        self.links = [*self._no_more_than_there_are(), *self._homes_add_up()]

    def _at(self, claim: Claim, home: str | None) -> list[Part]:
        """The part of a claim with a home area, or all parts where it is None."""
        parts = self._parts.get(claim, {})
        return list(parts.values()) if home is None else [parts[home]]

    def _counts(self, trail: Trail, figure_id: str) -> Iterator[tuple[Part, int]]:
        """Whom a figure that counts people counts, by its own rows.

        How many a claim adds is an unknown of its own. Only where nothing but the claim can say it
        is that everybody: the one claim of a contract and measure that tells no starts or keys.
        """
        rows = trail.own_rows(figure_id)
        assert rows is not None
        claims = {(part.file, part.row): _group(part) for part in self.at_work[figure_id]}
        in_group = Counter(claims.values())
        homes = [None] * len(rows) if rows.homes is None else rows.homes
        for key, amount, home in zip(rows.keys.tolist(), rows.amounts, homes, strict=True):
            mine = self._at((trail.files[key // ROWS_PER_FILE], key % ROWS_PER_FILE), home)
            if not mine:
                continue
            is_plain = not any(part.keys or part.says_starts for part in mine)
            is_all = sum(part.people for part in mine) == amount
            if is_plain and is_all and in_group[_group(mine[0])] == 1:
                yield from ((part, 1) for part in mine)
            else:
                some = mine[0]._replace(home=home, people=int(amount), keys=(), counts=True)
                self._within[some] = mine
                yield some, 1

    def _no_more_than_there_are(self) -> Iterator[Equation]:
        for some, parts in self._within.items():
            if some.people <= sum(part.people for part in parts):
                yield Equation("", {some: 1} | dict.fromkeys(parts, -1), -inf, 0)

    def _homes_add_up(self) -> Iterator[Equation]:
        """Whom a claim adds is whom its homes add together, where each of them adds one number."""
        at_home: dict[Claim, list[Part]] = defaultdict(list)
        for part in self._within:
            if part.home is not None:
                at_home[part.file, part.row].append(part)
        for part in self._within:
            homes = at_home[part.file, part.row]
            is_once = len({one.home for one in homes}) == len(homes)
            left = part.people - sum(one.people for one in homes)
            if part.home is None and homes and is_once and left >= 0:
                yield Equation("", {part: 1} | dict.fromkeys(homes, -1), 0, inf if left else 0)


def people_of(parts: Collection[Part]) -> tuple[int, list[Part]]:
    """How many people some parts are, each person once, and the parts where they stand.

    Of each contract and measure the quarter with most of them, or all that have a key, whichever
    is more; a person with a key is one under all contracts; and the largest measure counts, since
    the same people may stand under several.
    """
    most, where = 0, list[Part]()
    for of_measure in _grouped(parts, "measure"):
        stand: list[Part] = []
        keys: list[set[str]] = []
        people = 0
        for of_contract in _grouped(of_measure, "contract"):
            quarters = [(_in_quarter(some), some) for some in _grouped(of_contract, "quarter")]
            largest, some = max(quarters, key=lambda pair: pair[0])
            keys.append({key for part in of_contract for key in part.keys})
            people += max(largest, len(keys[-1]))
            stand += some
        people += len(set().union(*keys)) - sum(map(len, keys))
        if people > most:
            most, where = people, stand
    return most, where


def _in_quarter(parts: Iterable[Part]) -> int:
    """People of one contract, measure and quarter: those without a key, and the keys."""
    named: set[str] = set()
    free = 0
    for part in parts:
        named.update(part.keys)
        free += max(part.people - len(part.keys), 0)
    return free + len(named)


def _grouped(parts: Iterable[Part], by: str) -> list[list[Part]]:
    groups: dict[Any, list[Part]] = defaultdict(list)
    for part in parts:
        groups[getattr(part, by)].append(part)
    return list(groups.values())


def _group(part: Part) -> tuple[str, str | None]:
    return part.measure, part.contract


def _rows(table: pd.DataFrame) -> Iterator[tuple[str, Part, int]]:
    """Figure, claim or part of it (no home: the whole claim), and sign."""
    columns = ["figure_id", "period", "persons", "started", "people", "home_lsoa_code"]
    columns += ["source_file", "source_row", "measure_ref", "contract_id", "period_end"]
    for row in table[columns].itertuples(index=False, name=None):
        figure_id, period, persons, started, people, home, file, number, measure, contract, end = (
            row
        )
        part = Part(
            file=file,
            row=int(number),
            home=home if isinstance(home, str) else None,
            # Somebody at least stands behind a claim that does not say how many.
            people=1 if pd.isna(people) else int(people),
            measure=measure,
            contract=contract if isinstance(contract, str) else None,
            quarter=str(end)[:10],
            keys=tuple(sorted(persons)) if isinstance(persons, tuple | list) else (),
            says_starts=not pd.isna(started),
        )
        yield figure_id, part, -1 if period == "before" else 1


def _parts_of_claims(rows: Iterable[tuple[str, Part, int]]) -> Claims:
    """Each claim cut into its home areas and the rest, as one publication tells of them."""
    whole: dict[Claim, Part] = {}
    parts: dict[Claim, dict[str | None, Part]] = defaultdict(dict)
    for _, part, _ in rows:
        claim = part.file, part.row
        if part.home is None:
            whole[claim] = part
        else:
            parts[claim][part.home] = part
    for claim, part in whole.items():
        left = part.people - sum(one.people for one in parts[claim].values())
        if not parts[claim]:
            parts[claim][REST] = part._replace(home=REST)
        elif left > 0:
            parts[claim][REST] = part._replace(home=REST, people=left, keys=())
    return parts

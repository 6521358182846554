"""Simulates the people behind returns: who starts, how long they stay, where they live.

A person who stays into another quarter stays to the last day of one, so that whoever adds to a
quarter began in it or is in post on its last day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from scripts.demo.contracts import Contract
from scripts.demo.draw import Draw, Urn
from scripts.demo.places import BOSTON_CASTLE, Lsoa, Places
from sv_lib.periods import Period, months_after, quarters

QUARTERS = quarters(Period(date(2019, 12, 1), date(2028, 11, 30)))
"""Beyond the last return, so that the last of them are hired for as long as any."""
JOBS = ("NT1", "NT3", "NT4", "NT5", "NT6")
COURSES = {"NT9": (2, 12), "NT12": (1, 6)}
"""Measure -> shortest and longest course or placement in weeks; each ends in its own quarter."""
PEOPLE = (*JOBS, "NT10", *COURSES)
SHARES: Urn[int] = Urn({100: 56, 80: 12, 60: 14, 50: 18})
"""Hundredths of full time."""
STAYS: Urn[int] = Urn({1: 10, 2: 18, 3: 22, 4: 50})
"""Quarters of a job that are claimed: the first year alone."""
APPRENTICESHIPS: Urn[int] = Urn({1: 6, 2: 10, 3: 14, 4: 34, 5: 18, 6: 18})
"""Quarters until an apprentice finishes or leaves."""
WEEKS_OF_MONTHS = {1: 4, 2: 8, 3: 13}
DECILE_WEIGHT = {1: 22, 2: 17, 3: 13, 4: 11}
PLANTED = 3
"""So many persons of each kind go on under another measure or contract."""

Target = Callable[[date], int]
"""Day -> hundredths that should have been brought by then."""


@dataclass
class Person:
    """One person in one job, apprenticeship or course."""

    first: int
    """The quarter of the start, as an index of ``QUARTERS``."""
    amounts: tuple[int, ...]
    """Hundredths of FTE or weeks, quarter by quarter."""
    stays: bool
    """Still there on the last day of the last quarter."""
    home: str | None
    group: str | None = None
    """The measure of a target group that the person stands under as well."""
    key: str | None = None

    @property
    def last(self) -> int:
        """The last quarter."""
        return self.first + len(self.amounts) - 1

    def amount(self, quarter: int) -> int:
        """Hundredths brought in a quarter."""
        return self.amounts[quarter - self.first] if self.first <= quarter <= self.last else 0

    def halve(self) -> None:
        """Leave half of the hours, since the other half is worked under another contract."""
        self.amounts = tuple(amount // 2 for amount in self.amounts)

    def is_in_post(self, quarter: int) -> bool:
        """Whether at work or learning on the quarter's last day."""
        return self.first <= quarter < self.last + self.stays


People = dict[tuple[str, str], list[Person]]
"""Contract and measure -> persons in order of their start."""


class Homes:
    """Draws where people live: more of them in deprived places, few in Boston Castle."""

    def __init__(self, places: Places) -> None:
        self._urn = Urn({lsoa.code: _weight(lsoa) for lsoa in places.lsoas})

    def one(self, is_local: bool, draw: Draw) -> str | None:
        """Return a small area; None for the fifth of homes that is not known.

        Learners, unlike hires, may live outside the borough: their area is in no deprivation table
        of the council.
        """
        if not draw.chance(805):
            return None
        if not is_local and draw.chance(110):
            return f"SYN-OUTSIDE-{draw.whole(1, 9)}"
        return draw.pick(self._urn)


def _weight(lsoa: Lsoa) -> int:
    weight = lsoa.residents * DECILE_WEIGHT.get(lsoa.decile, 8)
    return weight // 4 if lsoa.ward == BOSTON_CASTLE else weight


def starters(
    ref: str, contract: Contract, target: Target, homes: Homes, draw: Draw
) -> list[Person]:
    """Draw those who start under a measure: one more while what is planned falls short."""
    found: list[Person] = []
    planned = 0
    for quarter, months in _open_quarters(contract):
        person = _person(ref, contract, quarter, months, draw)
        while planned + sum(person.amounts) // 2 < target(QUARTERS[quarter].end):
            person.home = homes.one(ref in JOBS, draw)
            found.append(person)
            planned += sum(person.amounts)
            person = _person(ref, contract, quarter, months, draw)
    return found


def in_group(ref: str, hired: list[Person], target: Target) -> list[Person]:
    """Return those of the hired who stand under a target group too; each under one alone."""
    planned = 0
    for person in hired:
        fits = planned + sum(person.amounts) // 2 < target(QUARTERS[person.first].end)
        if fits and person.group is None:
            person.group = ref
            planned += sum(person.amounts)
    return [person for person in hired if person.group == ref]


def _open_quarters(contract: Contract) -> Iterator[tuple[int, int]]:
    """Yield quarters that end within the contract, each with its whole months under it."""
    for index, quarter in enumerate(QUARTERS):
        firsts = [months_after(quarter.start, month) for month in range(3)]
        months = sum(first >= contract.starts for first in firsts)
        if months and quarter.end <= contract.last_day:
            yield index, months


def _person(ref: str, contract: Contract, quarter: int, months: int, draw: Draw) -> Person:
    """Draw one start: the month, the hours, and how long it lasts, within the contract's life."""
    if ref in COURSES:
        weeks = min(draw.whole(*COURSES[ref]), WEEKS_OF_MONTHS[months])
        return Person(quarter, (weeks * 100,), draw.chance(300), None)
    left = sum(index >= quarter for index, _ in _open_quarters(contract))
    months = draw.whole(1, months)
    if ref == "NT10":
        count = min(left, draw.pick(APPRENTICESHIPS))
        first, each = WEEKS_OF_MONTHS[months] * 100, 1300
    else:
        count, share = min(left, draw.pick(STAYS)), draw.pick(SHARES)
        first, each = share * months // 12, share // 4
    return Person(quarter, (first, *[each] * (count - 1)), True, None)


def give_keys(people: People, contracts: list[Contract]) -> None:
    """Give each person of part of the suppliers a code, and let a few go on under it.

    Suppliers with people under several contracts give one, and a fifth of the others.
    """
    draw, number = Draw("person keys"), 0
    with_people = {contract for contract, _ in people}
    held = Counter(contract.supplier.id for contract in contracts if contract.id in with_people)
    keyed = {supplier for supplier, count in held.items() if count > 1 or draw.chance(200)}
    by_id = {contract.id: contract for contract in contracts if contract.supplier.id in keyed}
    with_codes = {where: them for where, them in people.items() if where[0] in by_id}
    for person in (person for them in with_codes.values() for person in them):
        if person.key is None:
            number += draw.whole(1, 7)
            person.key = f"K{number % 10}-{number:04d}"
    jobs = [
        (by_id[contract], person)
        for (contract, ref), them in with_codes.items()
        for person in them
        if ref == "NT1" and person.group is None
    ]
    gone_on = set[int]()
    for pairs in (_at_once(jobs), _from_course_to_job(jobs, with_codes), _one_by_one(jobs)):
        for earlier, later in list(_apart(pairs, gone_on))[:PLANTED]:
            gone_on |= {id(earlier), id(later)}
            later.key, later.home = earlier.key, earlier.home
            if earlier.first == later.first:
                earlier.halve()
                later.halve()


Jobs = list[tuple[Contract, Person]]
Pairs = Iterator[tuple[Person, Person]]


def _apart(pairs: Pairs, gone_on: set[int]) -> Pairs:
    """Leave out pairs of which one is in a pair before."""
    seen = set(gone_on)
    for earlier, later in pairs:
        if not {id(earlier), id(later)} & seen:
            seen |= {id(earlier), id(later)}
            yield earlier, later


def _two_of_a_supplier(jobs: Jobs) -> Pairs:
    for contract, person in jobs:
        for other, second in jobs:
            if contract.supplier is other.supplier and contract.id < other.id:
                yield person, second


def _at_once(jobs: Jobs) -> Pairs:
    """Yield jobs under two contracts of a supplier that begin in one quarter."""
    for person, second in _two_of_a_supplier(jobs):
        if person.first == second.first:
            yield person, second


def _from_course_to_job(jobs: Jobs, people: People) -> Pairs:
    """Yield apprentices who take a job under their contract in the quarter after."""
    for contract, job in jobs:
        for learner in people.get((contract.id, "NT10"), []):
            is_local = not (learner.home or "").startswith("SYN-OUTSIDE")
            if is_local and learner.last + 1 == job.first:
                yield learner, job


def _one_by_one(jobs: Jobs) -> Pairs:
    """Yield jobs that a supplier goes on with under a later contract within half a year."""
    for person, second in _two_of_a_supplier(jobs):
        if 1 <= second.first - person.last <= 2:
            yield person, second

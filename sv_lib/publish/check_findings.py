"""Findings of one kind together, with what their rows hold: pounds and people.

What stops a run comes first, for it costs the report. Then the dearest, in pounds and in people;
those of which neither is known come after them, the gravest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sv_lib.intake.findings import AS_ABOVE, Finding, catalogue
from sv_lib.intake.pipeline import Inputs
from sv_lib.present.formats import NOT_KNOWN, Amount, display
from sv_lib.publish.page.finding_words import GRAVITY, place

HOLDS = {"amount_pence": "pence", "value_pence": "pence", "headcount": "people"}
"""Columns of tables -> what a row with a finding holds."""
PLACE = ["source_file", "source_row"]
DIFFERS = "as said at each place"


@dataclass(frozen=True)
class _Sum:
    """What is known of it, and whether that is all."""

    size: int
    is_whole: bool


@dataclass(frozen=True)
class FindingKind:
    """Findings of one kind. ``pence``, ``people``: what their rows hold; None when not known."""

    findings: list[Finding]
    pence: _Sum | None
    people: _Sum | None

    @property
    def gravity(self) -> str:
        """How grave they are, in words."""
        return GRAVITY[self.findings[0].severity]

    @property
    def title(self) -> str:
        """The name of the kind; empty for one that the catalogue does not have."""
        words = catalogue().get(self.findings[0].id)
        return words.title if words else ""

    @property
    def times(self) -> int:
        """In how many rows it was found; 0 where that is not known."""
        touches = [len(one.touches) for one in self.findings]
        return sum(touches) if all(touches) else 0

    @property
    def cost(self) -> str:
        """The pounds and people that it touches, or that they are not known."""
        parts = []
        for known, unit in ((self.pence, "pence"), (self.people, "people")):
            if known:
                least = "" if known.is_whole else "at least "
                words = "" if unit == "pence" else f" {'person' if known.size == 1 else unit}"
                parts.append(least + display(Amount(known.size, unit), "full") + words)
        return "; ".join(parts) or NOT_KNOWN

    @property
    def problem(self) -> str:
        """Why it matters, where that is the same everywhere."""
        return _shared({one.problem for one in self.findings})

    @property
    def remedy(self) -> str:
        """What to do, where that is the same everywhere."""
        return _shared({one.remedy for one in self.findings} - {AS_ABOVE})

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Each finding: its file, the place in it, what stands there and what is said of it."""
        return [
            (one.file, place(vars(one) | {"file": ""}), self._said(one)) for one in self.findings
        ]

    def _said(self, one: Finding) -> str:
        """What was found, with what is said of this place alone."""
        said = [one.found]
        said += [one.problem] if self.problem == DIFFERS else []
        said += [one.remedy] if self.remedy == DIFFERS else []
        return "; ".join(said)


def _shared(texts: set[str]) -> str:
    return texts.pop() if len(texts) == 1 else DIFFERS


def finding_kinds(inputs: Inputs) -> list[FindingKind]:
    """The findings by kind, in the order in which an analyst mends them."""
    held = _held(inputs.frames, {place for one in inputs.findings for place in one.touches})
    kinds = defaultdict(list)
    for one in inputs.findings:
        kinds[one.severity, one.id or one.problem, one.column].append(one)
    made = [_kind(sorted(alike, key=_place), held) for alike in kinds.values()]
    return sorted(made, key=_order)


def _place(one: Finding) -> tuple[str, int, str]:
    """A finding on a whole file comes before those on its rows."""
    return (one.file, one.row or 0, one.problem)


def _order(kind: FindingKind) -> tuple[object, ...]:
    first = kind.findings[0]
    sizes = [-known.size if known else 1 for known in (kind.pence, kind.people)]
    return (first.severity != "stop", *sizes, list(GRAVITY).index(first.severity), _place(first))


def _kind(findings: list[Finding], held: pd.DataFrame) -> FindingKind:
    places = {touched for one in findings for touched in one.touches}
    touched = held[held.index.isin(list(places))]
    told = [abs(one.pence) for one in findings if one.pence is not None]
    silent = [one for one in findings if not one.touches and one.pence is None]
    missed = len(places) + len(silent)
    pence = pd.concat([touched["pence"].abs(), pd.Series(told, dtype="Int64")])
    return FindingKind(findings, _sum(pence, missed + len(told)), _sum(touched["people"], missed))


def _sum(known: pd.Series, wanted: int) -> _Sum | None:
    """What is known, of so many; None where it is known of none."""
    number = known.count()
    return _Sum(int(known.sum()), number >= wanted) if number else None


def _held(frames: Mapping[str, pd.DataFrame], places: set[tuple[str, int]]) -> pd.DataFrame:
    """The pounds and people of some rows, and of others. A supplier's pounds are what it was paid.

    Left out are the many rows of which no number is that of a place.
    """
    numbers = [row for _, row in places]
    payments = frames["payments"]
    paid = payments["amount_pence"].abs().groupby(payments["supplier_id"]).sum()
    suppliers = frames["suppliers"]
    of_suppliers = suppliers.assign(amount_pence=suppliers["supplier_id"].map(paid))
    parts = []
    for frame in {**frames, "suppliers": of_suppliers}.values():
        mine = frame[frame["source_row"].isin(numbers)].rename(columns=HOLDS)
        parts.append(mine.reindex(columns=[*PLACE, "pence", "people"]))
    rows = pd.concat(parts).astype({"pence": "Int64", "people": "Int64"})
    # A row of a register may be in several tables.
    once: pd.DataFrame = rows.groupby(PLACE).max()
    return once

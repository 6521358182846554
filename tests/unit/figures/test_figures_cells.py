"""Which people stand beneath which figures: by hand, of a year and of the half-year that readers
know already.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sv_lib.analysis import disclosure
from sv_lib.analysis.disclosure import NOT_PRINTED, Band, Way
from sv_lib.figures.protection import people_cells
from sv_lib.figures.protection.decision import decide
from sv_lib.figures.protection.people_cells import cells_of
from sv_lib.figures.protection.published import Published
from sv_lib.figures.protection.release import release_figures
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import COLUMNS
from sv_lib.params import Disclosure
from sv_lib.periods import Period

HALF = " of half-year"
YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))


def rows(people: dict[int, int], **more: object) -> pd.DataFrame:
    """Claims by the row that they stand in, each with its people."""
    same = {"source_file": "returns.csv", "measure_ref": "NT1", "home_lsoa_code": None, **more}
    counted = pd.DataFrame({"source_row": list(people), "people": list(people.values())})
    # Each of a contract of its own, so that all of them are other people.
    contracts = [f"C{row}" for row in people]
    same["claim_id"] = [f"R{row}" for row in people]
    nothing = {"period_end": pd.NaT, "started": None, "persons": None, "starters": None}
    return counted.assign(contract_id=contracts, **nothing, **same)


def ledger_of(**figures: dict[int, int] | pd.DataFrame) -> Trail:
    frames = {
        name: rows(given) if isinstance(given, dict) else given for name, given in figures.items()
    }
    people = pd.concat(frames.values())[COLUMNS["people"]].drop_duplicates(ignore_index=True)
    trail = Trail(people)
    for name, frame in frames.items():
        trail.total(
            f"jobs.{name}",
            "Jobs",
            frame.drop(columns="home_lsoa_code"),
            "people",
            "people",
            YEAR,
            "sum",
        )
    return trail


def test_a_group_that_grew_no_further_is_as_the_half_year_left_it() -> None:
    year = ledger_of(early={1: 9, 2: 9}, all={1: 9, 2: 9, 3: 9}, late={3: 9})
    half = ledger_of(early={1: 9, 2: 9}, all={1: 9, 2: 9})
    cells = cells_of(year, Disclosure(), [told_by(half)])
    by_ways = zip(cells.names, cells.ways, strict=True)
    settled = {names for names, ways in by_ways if names and len(ways) == 1}
    assert settled == {("jobs.early", "jobs.early" + HALF, "jobs.all" + HALF)}


def test_what_a_change_takes_off_is_told_from_what_it_adds() -> None:
    """Two claims of 9 and 7 before, one of 12 now. The change prints 12 - 16; with 12 it gives the
    16 away, not 3.
    """
    change = pd.concat([rows({1: 9, 2: 7}, period="before"), rows({3: 12}, period="this")])
    cells = cells_of(
        ledger_of(change=change, now=rows({3: 12}), before=rows({1: 9, 2: 7}), one=rows({1: 9})),
        Disclosure(people_below=10),
    )
    by_name = {names[0]: number for number, names in enumerate(cells.names) if names}
    printed = {name: int(cells.members[number] @ cells.people) for name, number in by_name.items()}
    assert printed == {"jobs.change": -4, "jobs.now": 12, "jobs.before": 16, "jobs.one": 9}
    assert cells.sizes[by_name["jobs.change"]] == 28
    shown = (("jobs.change",), ("jobs.now",), ("jobs.one",))
    ways = [
        Way(number, number) if names in shown else NOT_PRINTED
        for names, number in zip(cells.names, (cells.members @ cells.people).tolist(), strict=True)
    ]
    given_away = {cells.names[leak.cell] for leak in disclosure.leaks(cells, ways)}
    assert given_away == {("jobs.one",), ()}


def test_what_the_half_year_hid_stays_hidden_in_the_year() -> None:
    """3 and 8 of 11 were hidden in the half-year. The year alone would print its 8, and 11 less 8
    are the 3.
    """
    half = ledger_of(a={1: 3}, b={2: 8}, all={1: 3, 2: 8})
    year = ledger_of(b={2: 8}, all={1: 3, 2: 8, 3: 9}, late={3: 9})
    few, some = Band(0, 4), Band(5, 14)
    assert decide(Disclosure(), half).hidden == {"jobs.a": few, "jobs.b": some}
    assert decide(Disclosure(), year).hidden == {}
    later = decide(Disclosure(), year, [told_by(half)])
    assert later.hidden == {"jobs.a" + HALF: few, "jobs.b" + HALF: some, "jobs.b": some}


def test_a_claim_that_was_corrected_between_two_reports_tells_of_who_came_to_it() -> None:
    """9 people in the first report, 11 of the same claim in the second: two came, and are few."""
    half, year = ledger_of(all={1: 9, 2: 20}), ledger_of(all={1: 11, 2: 20})
    assert decide(Disclosure(), year, [told_by(half)]).hidden == {"jobs.all": Band(25, 34)}
    grown = ledger_of(all={1: 15, 2: 20})
    assert decide(Disclosure(), grown, [told_by(half)]).hidden == {}


def told_by(trail: Trail) -> Published:
    """What a trail tells once it is published as a half-year."""
    printed = release_figures(trail, decide(Disclosure(), trail).hidden, Disclosure())
    behind = trail.people_behind().table
    return Published.of("half-year", date(2022, 6, 30), behind, printed)


def test_differences_are_the_same_however_few_are_looked_at_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trail = ledger_of(
        one={1: 3}, two={1: 3, 2: 9}, three={1: 3, 2: 9, 3: 4}, all={1: 3, 2: 9, 3: 4, 4: 8}
    )
    together = cells_of(trail, Disclosure(people_below=10))
    monkeypatch.setattr(people_cells, "AT_A_TIME", 1)
    singly = cells_of(trail, Disclosure(people_below=10))
    assert together.names.count(()) == 3  # claims 2, 3 and 4, each the difference of two cells
    assert singly.members.tolist() == together.members.tolist()
    assert singly.needed.tolist() == together.needed.tolist()

"""Which people stand beneath which figures: by hand, of a year and of the half-year that readers
know
already.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from sv_lib.analysis import disclosure
from sv_lib.figures.protection.decision import decide
from sv_lib.figures.protection.people_cells import HALF, cells_of
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import COLUMNS
from sv_lib.params import Disclosure
from sv_lib.periods import Period

YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))


def rows(people: dict[int, int], **more: object) -> pd.DataFrame:
    """Claims by the row that they stand in, each with its people."""
    same = {"source_file": "returns.csv", "measure_ref": "NT1", "home_lsoa_code": None, **more}
    counted = pd.DataFrame({"source_row": list(people), "people": list(people.values())})
    # Each of a contract of its own, so that all of them are other people.
    contracts = [f"C{row}" for row in people]
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
    cells = cells_of(year, Disclosure(), ledger_of(early={1: 9, 2: 9}, all={1: 9, 2: 9}))
    settled = {
        names
        for names, is_published in zip(cells.names, cells.already_published, strict=True)
        if is_published
    }
    assert settled == {("jobs.early", "jobs.early" + HALF, "jobs.all" + HALF)}


def test_what_a_change_takes_off_is_told_from_what_it_adds() -> None:
    """Two claims of 9 and 7 before, one of 12 now. The change prints 12 - 16; with 12 it gives the
    16
    away, not 3.
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
    hidden = np.array(
        [names not in (("jobs.change",), ("jobs.now",), ("jobs.one",)) for names in cells.names]
    )
    given_away = {cells.names[leak.cell] for leak in disclosure.leaks(cells, hidden)}
    assert given_away == {("jobs.one",), ()}


def test_what_the_half_year_hid_stays_hidden_in_the_year() -> None:
    """3 and 8 of 11 were hidden in the half-year. The year alone would print its 8, and 11 less 8
    are
    the 3.
    """
    half = ledger_of(a={1: 3}, b={2: 8}, all={1: 3, 2: 8})
    year = ledger_of(b={2: 8}, all={1: 3, 2: 8, 3: 9}, late={3: 9})
    assert hidden_of(half) == {"jobs.a", "jobs.b"}
    assert hidden_of(year) == set()
    assert hidden_of(year, half) == {"jobs.a" + HALF, "jobs.b" + HALF, "jobs.b"}


def hidden_of(trail: Trail, half: Trail | None = None) -> set[str]:
    return decide(Disclosure(), trail, half).hidden_ids

"""What readers of a mid-year report know already is settled, also where the second half of the year adds nobody."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sv_lib.figures.cells import HALF, cells_of
from sv_lib.figures.ledger import Ledger
from sv_lib.params import Disclosure
from sv_lib.periods import Period

YEAR = Period(date(2021, 12, 1), date(2022, 11, 30))
HALF_YEAR = Period(date(2021, 12, 1), date(2022, 5, 31))


def test_a_group_that_grew_no_further_is_as_the_half_year_left_it() -> None:
    ledger = Ledger()
    for name, ends in (("jobs.early", [2, 5]), ("jobs.all", [2, 11]), ("jobs.late", [8, 11])):
        rows = pd.DataFrame({
            "source_file": "returns.csv", "source_row": ends, "headcount": 9, "counts_people": True,
            "measure_ref": "NT1", "period": "this",
            "period_end": [pd.Timestamp(2022, month, 28) for month in ends],
        })  # fmt: skip
        ledger.total(name, "Jobs", rows, "headcount", "people", YEAR, "sum")
    cells = cells_of(ledger, Disclosure(), [HALF_YEAR])
    settled = {names for names, is_settled in zip(cells.names, cells.is_settled, strict=True) if is_settled}
    assert settled == {("jobs.early", "jobs.early" + HALF), ("jobs.all" + HALF,)}

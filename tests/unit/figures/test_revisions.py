"""The headlines of the period before as they were known on three days, worked by hand."""

from __future__ import annotations

from datetime import date

from made_once import calculate
from small_council import DRAWINGS, inputs, publication

VALIDATED = "| 2021-03-10  |              | 2021-03-20   |"
LATE = "| 2021-03-10  |              | 2021-09-01   |"
FIVE_WEEKS = """\
R90 | C1 | P1 | NT10 | 2020-12-01 | 2021-02-28 | 5 | 1 | 2 | | 2021-08-15 | | | |
"""


def test_each_day_knows_what_had_come_by_then() -> None:
    """First published on 5 June 2021, on ten weeks of training at £200.

    By 30 June, as long after the period's end as the data are now, £1,200 of small firms' work had
    come; later five more weeks, and the check of the first ten.
    """
    returns = DRAWINGS["returns"].replace(VALIDATED, LATE) + FIVE_WEEKS
    assert LATE in returns
    published = publication().model_copy(update={"first_published_on": date(2021, 6, 5)})
    trail = calculate(published, inputs(returns=returns)).trail
    days = ("first", "lag", "now", "since_first", "since_lag")

    def told(headline: str) -> list[object]:
        return [trail[f"revision.{headline}.{day}"].value for day in days]

    assert told("delivered_value") == [2_000_00, 3_200_00, 4_200_00, 2_200_00, 1_000_00]
    assert told("validated_value") == [0, 0, 2_000_00, 2_000_00, 2_000_00]
    assert told("training_weeks") == [10, 10, 15, 5, 5]


def test_what_was_never_published_is_not_known() -> None:
    trail = calculate(publication(), inputs()).trail
    for day in ("first", "since_first"):
        assert trail[f"revision.delivered_value.{day}"].value is None
    assert trail["revision.delivered_value.first"].caution == "not published with this product"
    assert trail["revision.delivered_value.since_lag"].value == 0

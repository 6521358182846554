"""Eight quarters, each as it stood as long after its end as the data are after the period's."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from five_years import STEADY, opened

from sv_lib.figures.topics.quarters import last_quarters
from sv_lib.periods import Period


def test_the_quarters_end_with_the_period() -> None:
    half_year = Period(date(2021, 12, 1), date(2022, 5, 31))
    found = list(last_quarters(half_year))
    assert len(found) == 8
    assert found[0] == Period(date(2020, 6, 1), date(2020, 8, 31))
    assert found[-1] == Period(date(2022, 3, 1), date(2022, 5, 31))
    assert found[2].end == date(2021, 2, 28)


def test_the_shares_by_hand() -> None:
    """Ten hours fall due a quarter and 8, then 6 are claimed, none validated: 14 of 20 by the
    second quarter. By May 2022, the 18th of 20 quarters: 126 of 180 hours.
    """
    report = opened(STEADY)
    rows = list(report.records("quarters"))
    assert len(rows) == 8
    assert (rows[0].words, rows[-1].words) == ("August 2020", "May 2022")
    assert report["quarter.2022-05-31.due"].value == 180 * 1500
    assert report["quarter.2022-05-31.towards_due"].value == 126 * 1500
    assert report["quarter.2022-05-31.rate"].value == Fraction(126 * 100, 180)
    assert report["quarter.2022-02-28.rate"].value == Fraction(120 * 100, 170)
    assert report["quarter.2022-05-31.validated_rate"].value == 0
    assert report["quarter.2022-05-31.rate"].value == report["headline.delivery_rate.this"].value

"""The forecast among the figures: tried at every earlier quarter end, published or silent.

One contract of five years to November 2022: ten hours fall due each quarter, at £15 an hour.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from five_years import RISING, STEADY, opened
from page_cells import shown

from sv_lib.present.report import Report
from sv_lib.publish.files.data_tables import figures_frame
from tests.second_implementation.reperform import not_worked_out


def values(report: Report, stem: str, *names: str) -> list[object]:
    return [report[f"{stem}.{name}"].value for name in names]


@pytest.mark.parametrize("profile", ["exempt", "public"])
def test_a_rule_tried_often_enough_is_published(profile: str) -> None:
    """14 so far and 20 due, of which 7 in 10: 28 hours. At worst 6 in 10, at best 8."""
    report = opened(STEADY, profile=profile)
    expected = values(report, "forecast.year_end", "central", "low", "high")
    assert expected == [28 * 1500, 26 * 1500, 30 * 1500]
    central = report["forecast.year_end.central"]
    parts = [report[part].value for part in central.parts]
    assert parts == [14 * 1500, 20 * 1500, 56 * 1500, 80 * 1500]
    page = str(shown(report, "forecast"))
    assert "claims of the year will come to" in page
    assert "Tried at" in page


def test_the_trials_by_hand() -> None:
    """From February 2019, with five quarters: 8 + 30 x 36/50 = 29.6 hours, and 28 came. From May 14
    + 20 x 42/60 = 28; from August, with seven: 22 + 10 x 50/70 = 29.142857. Later, with eight:
    8 + 30 x 0.7 = 29; 28; 22 + 7 = 29.
    """
    report = opened(STEADY)
    tried = [row.origin for row in report.records("forecast_origins") if row.is_trial]
    errors = [report[f"forecast.{origin}.error"].value for origin in tried]
    assert errors == [2400, 0, 1714, 1500, 0, 1500, 1500, 0, 1500]
    counts = values(report, "forecast.back_test", "origins", "too_low", "too_high", "held")
    assert counts == [9, 0, 6, 9]
    mean = report["forecast.back_test.mean_error"].value
    assert mean == Fraction(sum(errors) * 100, 9 * 42000)
    page = str(shown(report, "back-test"))
    assert "28 February 2019" in page
    assert "30 November 2021" not in page


def test_a_rule_that_is_always_too_low_is_silent() -> None:
    """Then what falls due is said, and what of it was claimed at this point of earlier years."""
    report = opened(RISING)
    why = "the rule was too low at 9 of 9 earlier quarter ends"
    assert report["forecast.year_end.central"].caution == why
    page = str(shown(report, "forecast"))
    assert why in page
    assert "31 May 2018" in page
    due = values(report, "forecast.year_end", "so_far", "due_in_year", "share")
    assert due == [(17 + 18) * 1500, 40 * 1500, Fraction(35 * 100, 40)]
    assert report["forecast.2021-05-31.share"].value == Fraction((13 + 14) * 100, 40)


def test_the_annual_report_says_what_was_expected_and_what_came() -> None:
    """As the mid-year report did, on what was known then; 28 hours came."""
    report = opened(STEADY, "annual")
    assert report["forecast.year_end.central"].value == 28 * 1500
    assert report["headline.delivered_value.this"].value == 28 * 1500
    page = str(shown(report, "expected-at-mid-year"))
    assert "The mid-year report expected claims of" in page


def test_the_annual_report_after_a_silent_one_says_what_was_due_and_what_came() -> None:
    page = str(shown(opened(RISING, "annual"), "expected-at-mid-year"))
    assert "The mid-year report gave no forecast: the rule was too low at 9 of 9" in page
    assert "fell due in the year" in page


def test_every_figure_can_be_worked_out_again_from_its_parts() -> None:
    lines = figures_frame(opened(STEADY).calculation.trail).astype(str).to_dict("records")
    assert {line["operation"] for line in lines} >= {"mean", "how many within"}
    assert not_worked_out(lines) == []

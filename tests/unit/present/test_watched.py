"""Better, Worse, Decide: what is named, by what it is worth."""

from __future__ import annotations

import pandas as pd
import small_council
from sample_report import number

from sv_lib.figures.figure import Figure
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.present.markup import Html, text_of
from sv_lib.present.report import Report
from sv_lib.present.sections.watched import PACKAGE_LIST, better_worse_decide
from sv_lib.strict_yaml import load_as
from sv_lib.watch_list import WatchList

WATCHED = WatchList.model_validate(
    {
        "changes": [
            {"figure": "a.jobs", "words": "jobs", "better": "up", "weight": 1, "owner": "A"},
            {"figure": "a.checks", "words": "checks", "better": "up", "weight": 2, "owner": "B"},
            {"figure": "a.waste", "words": "waste", "better": "down", "weight": 1, "owner": "C"},
            {"figure": "a.nobody", "words": "nothing", "better": "up", "weight": 9, "owner": "D"},
        ],
        "gaps": [
            {"figure": "b.homes", "words": "of homes are known", "weight": 1, "owner": "E"},
            {"figure": "b.returns", "words": "of returns came", "weight": 2, "owner": "F"},
        ],
    }
)


def said(**values: tuple[int | None, int | None]) -> list[str]:
    """The three bullets. ``values``: a figure of ``a`` -> before and now."""
    figures: list[Figure] = [number("b.homes", 40, "percent"), number("b.returns", 60, "percent")]
    for name, (before, this) in values.items():
        figures += [
            number(f"a.{name}.before", before, "people"),
            number(f"a.{name}.this", this, "people"),
        ]
    themes = pd.DataFrame(columns=["slug", "theme"])
    wards = pd.DataFrame({"position": []})
    made = Calculation(Trail.of(figures), {"themes": themes, "wards": wards})
    report = Report(small_council.publication(watch_list=WATCHED), made)
    words = text_of(Html(better_worse_decide(report).replace("<li>", "<li>|")))
    return [bullet.strip() for bullet in words.split("|")[1:]]


def test_a_fall_is_named_though_the_headline_rose() -> None:
    better, worse, _ = said(jobs=(100, 200), checks=(50, 40))
    assert better == "Better: Jobs rose from 100 to 200."
    assert worse == "Worse: Checks fell from 50 to 40. The first is for B to explain."


def test_changes_are_ranked_by_their_share_times_their_weight() -> None:
    # A fall of 30 in 100 is worth 0.30; one of 10 in 50 with twice the weight is worth 0.40.
    _, worse, _ = said(jobs=(100, 70), checks=(50, 40))
    assert worse.startswith("Worse: Checks fell from 50 to 40; jobs fell from 100 to 70.")


def test_less_of_what_is_bad_is_better() -> None:
    better, worse, _ = said(waste=(10, 5))
    assert better == "Better: Waste fell from 10 to 5."
    assert worse == "Worse: Nothing that is watched got worse."


def test_what_is_not_known_or_was_nil_is_not_ranked() -> None:
    better, worse, _ = said(jobs=(None, 5), checks=(0, 5))
    otherwise = "Not known: nothing that is watched can be compared with the period before."
    assert better == f"Better: {otherwise}"
    assert worse == f"Worse: {otherwise}"


def test_the_largest_gap_by_weight_is_to_be_decided_by_its_owner() -> None:
    # 60 of 100 homes are lacking, times 1; 40 of returns, times 2, is more.
    _, _, decide = said()
    assert decide.startswith("Decide: 60.0% of returns came")
    assert "F is to say what will close it" in decide


def test_the_list_of_the_package_can_be_read() -> None:
    listed = load_as(WatchList, PACKAGE_LIST)
    assert {change.better for change in listed.changes} == {"up"}
    assert len({change.figure for change in listed.changes}) == len(listed.changes)

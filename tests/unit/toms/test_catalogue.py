"""The catalogue is sound, and every worked example in it comes out exactly, word for word."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from sv_lib.strict_yaml import read_yaml
from sv_lib.toms.checks import example_fault
from sv_lib.toms.measures import (
    CATALOGUE,
    Example,
    Measure,
    catalogue,
    editions,
    in_group,
    protected,
)

MEASURES = catalogue()
EXAMPLES = [(measure, example) for measure in MEASURES.values() for example in measure.examples]
AGREED = [
    "NT1",
    "NT3",
    "NT4",
    "NT5",
    "NT6",
    "NT8",
    "NT9",
    "NT10",
    "NT11",
    "NT12",
    "NT15",
    "NT16",
    "NT17",
    "NT18",
    "NT19",
    "NT26",
    "NT28",
    "NT29",
    "NT31",
    "NT39",
    "RM1",
]


def test_the_agreed_measures_in_order() -> None:
    assert list(MEASURES) == AGREED


@pytest.mark.parametrize(
    ("measure", "example"), EXAMPLES, ids=[f"{m.ref}: {e.title}" for m, e in EXAMPLES]
)
def test_worked_example(measure: Measure, example: Example) -> None:
    assert example_fault(measure, example) == ""


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda measure: measure.ref)
def test_what_every_measure_says(measure: Measure) -> None:
    assert measure.rule.endswith(".")
    assert max(len(sentence.split()) for sentence in re.split(r"[.:] ", measure.rule)) <= 25
    assert not (measure.method == "recorded only" and measure.is_local_economic)
    assert measure.counts_people == (measure.unit in ("FTE", "weeks"))
    assert not set(measure.overlaps) & set(measure.beside)
    assert measure.is_first_year_only == (measure.ref in ("NT3", "NT4", "NT5", "NT6"))


def test_local_economic_measures_are_jobs_and_supply_chain() -> None:
    assert [ref for ref, measure in MEASURES.items() if measure.is_local_economic] == [
        "NT1",
        "NT18",
        "NT19",
    ]


def test_groups_in_the_order_of_the_catalogue() -> None:
    assert in_group(MEASURES, "into_work") == ("NT1",)
    assert in_group(MEASURES, "training") == ("NT9", "NT10")
    assert in_group(MEASURES, "target_group") == ("NT3", "NT4", "NT5", "NT6")
    hours = tuple(ref for ref, measure in MEASURES.items() if measure.unit == "hours")
    assert in_group(MEASURES, "hours") == hours
    assert protected(MEASURES) == in_group(MEASURES, "target_group")


def test_recorded_only_measures() -> None:
    assert [ref for ref, measure in MEASURES.items() if measure.method == "recorded only"] == [
        "NT39",
        "RM1",
    ]


def test_pairs_are_symmetric() -> None:
    for name in ("overlaps", "beside"):
        for ref, measure in MEASURES.items():
            assert all(ref in getattr(MEASURES[other], name) for other in getattr(measure, name))
    assert MEASURES["NT18"].overlaps == ("NT19",)
    assert MEASURES["NT3"].beside == ("NT1",)


def test_a_price_is_never_part_of_the_catalogue() -> None:
    assert not {"proxy", "price", "value"} & set(Measure.model_fields)


def test_the_later_edition_adds_one_measure() -> None:
    earlier, later = (
        {ref for ref, m in MEASURES.items() if edition in m.editions} for edition in editions()
    )
    assert later - earlier == {"RM1"}
    assert earlier <= later


def test_a_file_is_named_for_its_measure() -> None:
    assert {path.stem for path in CATALOGUE.glob("*.yaml")} == set(MEASURES)


def test_the_words_of_the_framework() -> None:
    assert {measure.theme for measure in MEASURES.values()} == {
        "Jobs and skills",
        "Local business",
        "Communities",
        "Environment",
    }
    units = {measure.unit for measure in MEASURES.values()}
    assert units == {"FTE", "weeks", "hours", "GBP", "tCO2e", "sessions"}


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("counting", "guesswork", "there is no counting rule 'guesswork'"),
        ("proxy", "12", "Extra inputs are not permitted"),
        ("evidence", [], "at least 1 item"),
        ("examples", [], "at least 1 item"),
    ],
)
def test_an_unsound_measure_is_refused(key: str, value: object, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Measure.model_validate({**read_yaml(CATALOGUE / "NT9.yaml"), key: value})

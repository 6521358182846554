"""One rule, by table and period: what was not supplied is not known, and too little is withheld."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from frames import EAST, WEST
from made_once import calculate
from small_council import DRAWINGS, inputs, publication

from sv_lib.figures import supplied
from sv_lib.figures.figure import Figure
from sv_lib.figures.trail import Trail
from sv_lib.periods import Period

THIS = Period(date(2021, 12, 1), date(2022, 5, 31))
NONE = f"no returns supplied for {THIS}"
HOMES = "claim_id | home_lsoa_code | headcount\nR12 | L1 | 1"


def without_lines(table: str, *words: str) -> str:
    """A drawing of the small council without the lines that hold one of the words."""
    lines = DRAWINGS[table].splitlines()
    return "\n".join(line for line in lines if not any(word in line for word in words))


def made(known_pct: int, **changes: str | None) -> Trail:
    """The figures of the small council with some drawings changed, and the bound of headlines."""
    whole = publication()
    bound = {"headline_known_pct": Decimal(known_pct)}
    thresholds = whole.council.thresholds.model_copy(update=bound)
    council = whole.council.model_copy(update={"thresholds": thresholds})
    return calculate(whole.model_copy(update={"council": council}), inputs(**changes)).trail


def said(figure: Figure) -> tuple[object, str]:
    return figure.value, figure.caution


@pytest.fixture(scope="module")
def earlier_only() -> Trail:
    """Returns of the period before alone."""
    returns = without_lines("returns", "2021-12-01   | 2022", "2022-03-01")
    return made(0, returns=returns, beneficiaries=HOMES)


def test_a_table_has_a_period_when_it_has_a_row_of_it() -> None:
    given = inputs(proxies=None, events=None)
    day = publication().file.data_as_at
    at = pd.Timestamp(day)
    assert supplied.missing(given, at, ["returns", "contracts"], THIS) == ""
    assert supplied.missing(given, at, ["proxies"], THIS) == "no proxies supplied"
    both = supplied.missing(given, at, ["proxies", "returns", "events"], THIS)
    assert both == "no proxies or events supplied"
    later = THIS.years_later(3)
    never = supplied.missing(given, at, ["payments", "returns", "contracts"], later)
    assert never == f"no payments or returns supplied for {later}"


def test_a_return_that_came_after_the_data_day_was_not_supplied() -> None:
    day = pd.Timestamp("2022-03-09")
    assert supplied.missing(inputs(), day, ["returns"], THIS) == NONE


@pytest.mark.parametrize(
    "figure_id",
    [
        "headline.residents_into_work.this",
        "headline.residents_into_work.change",
        "headline.training_weeks.this",
        "headline.delivered_value.this",
        "headline.delivered_value.change",
        "headline.delivery_rate.this",
        "delivery.reported.this",
        "delivery.coverage.reported.this",
        "delivery.coverage.share.this",
        "measure.NT10.delivered.this",
        "measure.NT10.delivered.change",
        "people.NT10.change",
        f"lens.jobs.{EAST}.beneficiary",
        f"lens.social_value.{WEST}.place",
        f"ward.{EAST}.per_head.social_value",
        f"ward.{EAST}.hired.all",
        "bridge.social_value.borough.new",
        "fifth.unknown.jobs",
        "reach.jobs.10.share",
        "pipeline.ending.undelivered",
        "series.delivered_value.quantity",
    ],
)
def test_a_period_without_returns_is_never_nil(earlier_only: Trail, figure_id: str) -> None:
    assert said(earlier_only[figure_id]) == (None, NONE)


def test_what_was_promised_and_who_owed_is_known_without_returns(earlier_only: Trail) -> None:
    assert earlier_only["delivery.committed.this"].value == 277_500_00
    assert earlier_only["delivery.coverage.in_scope.this"].value == 3
    assert earlier_only["headline.delivered_value.before"].value == 3_200_00


def test_a_headline_of_which_too_little_is_known_is_withheld() -> None:
    trail = made(50)
    why = "only 1 of 4 returns owed have come, less than the 50% that a headline needs"
    for name in ("delivered_value", "validated_value", "delivery_rate", "residents_into_work"):
        assert said(trail[f"headline.{name}.before"]) == (None, why)
        assert said(trail[f"headline.{name}.change"]) == (None, why)
    assert said(trail["people.NT3.change"]) == (None, why)
    assert said(trail["series.delivered_value.quantity"]) == (None, why)
    # What was reported stands in the tables all the same.
    assert trail["delivery.reported.before"].value == 3_200_00
    assert made(25)["headline.delivered_value.before"].value == 3_200_00


def test_a_quarter_without_a_claim_is_not_known_whatever_the_log_says() -> None:
    returns = without_lines("returns", "2022-02-28", "2021-02-28", "2021-05-31", "R03")
    trail = made(50, returns=returns, beneficiaries=without_lines("beneficiaries", "R01"))
    why = "only 2 of 5 returns owed have come, less than the 50% that a headline needs"
    assert said(trail["headline.training_weeks.this"]) == (None, why)


def test_a_local_share_of_too_few_known_places_is_withheld() -> None:
    postcodes = without_lines("postcodes", "S65", "S1 2HH", "LS1")
    trail = made(50, postcodes=postcodes)
    why = (
        "only 14% of payments have a supplier whose place is known, "
        "less than the 50% that a headline needs"
    )
    assert said(trail["headline.local_share.this"]) == (None, why)
    assert trail["spend.geography.rotherham.this"].value == 820_00


def test_payments_without_a_place_give_no_ward_an_amount() -> None:
    named = DRAWINGS["payments"]
    for contract in ("C1", "C2", "C3", "C5", "C6"):
        named = named.replace(f"| {contract} ", "|    ")
    trail = made(0, payments=named)
    why = "the place of works is known for none of it"
    assert said(trail[f"lens.spend.{EAST}.place"]) == (None, why)
    assert trail["lens.spend.unknown.place"].value == 5_370_00
    assert said(trail[f"ward.{EAST}.largest_contract.share"]) == (None, why)
    assert trail.rank(f"lens.spend.{EAST}.place", [f"lens.spend.{WEST}.place"]) is None
    assert said(trail["bridge.spend.borough.new"]) == (None, "no payment names its contract")
    assert said(trail[f"bridge.spend.{EAST}.change"])[0] is None


def test_claims_that_do_not_say_how_many_people_are_not_nobody() -> None:
    heading, *lines = DRAWINGS["returns"].splitlines()
    cells = [line.split("|") for line in lines]
    for row in cells:
        row[8] = "  "
    silent = "\n".join([heading, *("|".join(row) for row in cells)])
    trail = made(0, returns=silent, beneficiaries=None)
    why = "no claim says how many people"
    assert said(trail["headline.residents_into_work.this"]) == (None, why)
    assert said(trail["lens.jobs.unknown.beneficiary"]) == (None, why)


def test_nothing_to_count_and_nothing_said_is_not_nought_of_nought() -> None:
    heading, *lines = DRAWINGS["suppliers"].splitlines()
    quiet = "\n".join([heading, *(line.rsplit("|", 2)[0] + "| | " for line in lines)])
    trail = made(0, suppliers=quiet, contracts=without_lines("contracts", "7000000"))
    why = "it is recorded for none of the suppliers"
    assert said(trail["suppliers.living_wage.yes"]) == (None, why)
    assert said(trail["suppliers.ownership.yes"]) == (None, why)
    assert trail["suppliers.ownership.response_rate"].value == 0
    assert said(trail["compliance.own_rating.all"]) == (None, "there are no contracts to count")

"""Reach among the figures: whom people are compared with, its bounds, and what these may say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from frames import EAST, WEST
from made_once import calculate
from page_cells import shown
from small_council import inputs, publication

from sv_lib.analysis.reach import joint_high, joint_low
from sv_lib.figures.protection.release import release_figures
from sv_lib.figures.saved import Calculation
from sv_lib.params import Disclosure
from sv_lib.present.report import Report
from sv_lib.publish.files.data_tables import figures_frame
from tests.second_implementation.reperform import not_worked_out

AREAS = f"""lsoa_code | ward_code | imd_decile | residents | residents_working_age
L1 | {EAST} | 1 | 1000 | 500
L2 | {WEST} | 5 | 4000 | 2000"""


def starts(
    *homes: tuple[int, int, int], areas: str = AREAS, profile: str = "exempt"
) -> tuple[Calculation, Report]:
    """A contract for each of ``homes``: its people in L1, in L2 and without a known home."""
    contracts, returns, people = ["contract_id"], [], ["claim_id | home_lsoa_code | headcount"]
    returns.append("claim_id | contract_id | measure_ref | quantity | headcount")
    for number, (there, elsewhere, unknown) in enumerate(homes, start=1):
        contracts.append(f"K{number}")
        returns.append(f"R{number} | K{number} | NT1 | 1 | {there + elsewhere + unknown}")
        for lsoa, count in (("L1", there), ("L2", elsewhere), ("", unknown)):
            if count:
                people.append(f"R{number} | {lsoa} | {count}")
    log = ["contract_id | quarter_end | due_on | received_on"]
    for contract in contracts[1:]:
        log.append(f"{contract} | 2022-02-28 | 2022-06-20 | 2022-06-10")
        log.append(f"{contract} | 2022-05-31 | 2022-06-20 | 2022-06-10")
    found = publication(profile)
    drawn = inputs(
        contracts="\n".join(contracts),
        returns="\n".join(returns),
        beneficiaries="\n".join(people),
        return_log="\n".join(log),
        deprivation=areas,
        **dict.fromkeys(("commitments", "milestones", "contract_places", "stories"), None),
    )
    made = calculate(found, drawn)
    return made, Report(found, made)


ALIKE = [(5, 5, 2)] * 6
"""Six contracts: half of those with a known home live in L1, where a fifth of residents do."""


def test_people_are_compared_with_residents_of_working_age() -> None:
    trail = starts(*ALIKE, areas=AREAS.replace("| 500", "| 800"))[0].trail
    assert trail["reach.base.share_10"].value == Fraction(800 * 100, 2800)
    assert trail["reach.base.share_10"].label == (
        "Share of residents of working age in the most deprived 10%"
    )
    assert trail["reach.jobs.10"].value == Fraction(50) / trail["reach.base.share_10"].value


@pytest.mark.parametrize("age", ["", "500\n"])
def test_where_one_area_has_none_of_working_age_all_residents_count(age: str) -> None:
    areas = AREAS.replace("| 2000", "| ") if age else AREAS.replace("| 500", "| ")
    trail = starts(*ALIKE, areas=areas)[0].trail
    assert trail["reach.base.all"].value == 5000
    assert trail["reach.base.all"].label == "Base of the reach ratio: residents"


def test_the_bounds_are_worked_out_of_their_parts() -> None:
    """Every contract is like the others: the design effect is nought, and counts as 1."""
    trail = starts(*ALIKE)[0].trail
    low = trail["reach.jobs.10.low"]
    assert low.operation == "joint low"
    assert [trail[part].value for part in low.parts] == [30, 60, Fraction(20), 12, Decimal(0)]
    assert low.value == joint_low(30, 60, 20, 12, 1)
    assert trail["reach.jobs.10.high"].value == joint_high(30, 60, 20, 12, 1)


def test_weeks_have_no_interval() -> None:
    low = starts(*ALIKE)[0].trail["reach.weeks.10.low"]
    assert low.value is None


def words(report: Report) -> tuple[str, str]:
    return str(shown(report, "deprivation")), str(shown(report, "cover-page"))


@pytest.mark.parametrize(
    ("homes", "said"),
    [
        (ALIKE, "more than their share"),
        ([(0, 12, 0)] * 5 + [(1, 11, 0)], "less than their share"),
        ([(2, 8, 1)] * 6, "cannot be told from an equal share"),
        # The ratio is the same 2.5; people of one contract are alike.
        ([(10, 0, 2)] * 3 + [(0, 10, 2)] * 3, "cannot be told from an equal share"),
        ([(2, 2, 0)], "too few people to tell"),
    ],
)
def test_every_page_says_what_the_interval_says_and_no_more(
    homes: list[tuple[int, int, int]], said: str
) -> None:
    claims = ("more than their share", "less than their share")
    for page in words(starts(*homes)[1]):
        assert said in page
        assert not [claim for claim in claims if claim in page and claim != said]


def test_what_few_people_show_is_not_told_in_public() -> None:
    for page in words(starts((2, 0, 0), profile="public")[1]):
        assert "tenth of areas is not told, to protect people" in page


def test_the_bounds_do_not_tell_how_many_homes_are_not_known() -> None:
    """They are worked out of that number, so they are hidden with it; the share is not."""
    whole = starts(*ALIKE)[0].trail
    shown = release_figures(whole, {"fifth.unknown.jobs": None}, Disclosure())
    kinds = [shown[f"reach.jobs.10.{name}"].kind for name in ("share", "low", "high")]
    assert kinds == ["worked", "hidden", "hidden"]


@pytest.mark.parametrize("homes", [ALIKE, [(0, 12, 3)] * 6, [(12, 0, 0)] * 6])
def test_the_bounds_can_be_worked_out_again_from_figures_csv(
    homes: list[tuple[int, int, int]],
) -> None:
    lines = figures_frame(starts(*homes)[0].trail).astype(str).to_dict("records")
    assert {line["operation"] for line in lines} >= {"joint low", "joint high"}
    assert not_worked_out(lines) == []

"""Figures of one protected group in every unit, worked by hand, as the public build prints them.

C2 is of the edition of 2022: NT3 (long-term unemployed) £12,000 an FTE, NT10 (apprentices) £210 a
week, NT31 £70.125 a tonne.

The year, 41 people of NT3 and 12.5 FTE: 41 are nearest to 40; 12.5 / 5 = 2.5 steps, half up 3, so
15 FTE; 12.5 x 12,000 = £150,000 is 1.5 steps of 100,000, half up 2, so £200,000. The year before,
20 people and 8.75 FTE: 20, and 1.75 steps, so 10 FTE. The change is 15 - 10 = 5.

C2 also saved 22.5 tonnes: 22.5 x 70.125 = £1,577.8125, so £1,577.81. All that C2 claimed is
£200,000 + £1,577.81 = £201,577.81; less the tonnes, printed beside it, no more than £200,000 comes.

Eight apprentices learn all 13 weeks of a quarter, 104 weeks; as a protected group 104 / 50 = 2.08
steps, so 100 weeks, as for nine (117 / 50 = 2.34). To the nearest 5 they would be 105 and 115, and
divided by 13 tell of eight and nine. 104 x 210 = £21,840 is no half of 100,000, so nil.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from made_once import calculate
from small_council import inputs, publication

from sv_lib.figures.saved import Calculation

HEAD = (
    "claim_id | contract_id | measure_ref | period_start | period_end | quantity | headcount | "
    "reported_on | validated_on\n"
)
LONG_TERM_UNEMPLOYED = (
    f"{HEAD}R1 | C2 | NT3 | 2022-03-01 | 2022-05-31 | 12.5 | 41 | 2022-06-10 | 2022-06-20\n"
    "R2 | C2 | NT3 | 2021-03-01 | 2021-05-31 | 8.75 | 20 | 2021-06-10 | \n"
    "R3 | C2 | NT31 | 2022-03-01 | 2022-05-31 | 22.5 | | 2022-06-10 | "
)
PUBLIC = {
    "people.NT3.this": (40, "[r5]"),
    "measure.NT3.delivered.this": (15, "[r5]"),
    "measure.NT3.delivered.before": (10, "[r5]"),
    "measure.NT3.delivered.change": (5, "[r5]"),
    "measure.NT3.validated": (15, "[r5]"),
    "measure.NT3.value": (200_000_00, "[r£100,000]"),
    "measure.NT31.value": (1_577_81, ""),
    "contract.C2.delivered": (201_577_81, "[r£100,000]"),
}
EXACT = {
    "people.NT3.this": (41, ""),
    "measure.NT3.delivered.this": (Decimal("12.5"), ""),
    "measure.NT3.value": (150_000_00, ""),
    "contract.C2.delivered": (151_577_81, ""),
}


def made(profile: str, returns: str, **settings: object) -> Calculation:
    drawn = inputs(returns=returns, beneficiaries=None, stories=None)
    return calculate(publication(profile, **settings), drawn)


@pytest.mark.parametrize(("profile", "by_hand"), [("public", PUBLIC), ("exempt", EXACT)])
def test_fte_and_pounds_are_rounded_as_the_people_are(
    profile: str, by_hand: dict[str, object]
) -> None:
    trail = made(profile, LONG_TERM_UNEMPLOYED).trail
    assert {name: (trail[name].value, trail[name].mark) for name in by_hand} == by_hand


def test_the_rows_add_up_to_what_is_printed() -> None:
    trail = made("public", LONG_TERM_UNEMPLOYED).trail
    amounts = trail.rows("contract.C2.delivered")["amount"].tolist()
    assert sorted(amounts) == [1_577_81, 200_000_00]


def test_the_causes_of_a_rounded_change_are_not_listed() -> None:
    """The table of causes has exact pounds a measure."""
    refs = {
        profile: set(made(profile, LONG_TERM_UNEMPLOYED).tables["series"]["measure_ref"])
        for profile in ("public", "exempt")
    }
    assert refs == {"public": {"NT31"}, "exempt": {"NT3", "NT31"}}


@pytest.mark.parametrize(("people", "weeks"), [(8, 104), (9, 117)])
def test_weeks_do_not_tell_of_each_learner(people: int, weeks: int) -> None:
    claim = f"R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | {weeks} | {people} | 2022-06-10 | "
    trail = made("public", HEAD + claim, disclosure={"protected_groups": ["NT10"]}).trail
    printed = ("measure.NT10.delivered.this", "headline.training_weeks.this", "measure.NT10.value")
    shown = [(trail[name].value, trail[name].mark) for name in printed]
    assert shown == [(100, "[r50]"), (100, "[r50]"), (0, "[r£100,000]")]
    people_shown = trail["people.NT10.this"]
    assert (people_shown.value, people_shown.mark) == (10, "[r5]")

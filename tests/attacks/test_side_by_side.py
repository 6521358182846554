"""The attack on several publications finds what is planted in them, and nothing that is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.figures.people_behind import COLUMNS
from sv_lib.figures.trail import Trail
from sv_lib.params import Disclosure
from sv_lib.periods import Period
from tests.attacks.side_by_side import Found, Publication, Told, attack, told_in

RULES = Disclosure(
    people_below=5, protected_below=8, protected_groups=("NT3",), protected_round_to=5
)
YEAR = Period(date(2022, 1, 1), date(2022, 12, 31))
HIDDEN, FEW = Told(0, float("inf")), Told(1, 4)
MILL, WOOD, HILL = {1: 3}, {2: 9}, {3: 20}
"""People by claim: the residents of three wards who found work."""
EVERYBODY = MILL | WOOD | HILL


def trail(measure: str = "NT1", **figures: Mapping[int, int]) -> Trail:
    """A trail of figures that count people, and of their pounds where a name ends with "pounds".

    Each is told with its claims and their people.
    """
    people = {row: n for claims in figures.values() for row, n in claims.items()}
    made = Trail(claims(people, measure))
    for name, some in figures.items():
        figure_id, unit = f"jobs.{name}", "pence" if name.endswith("pounds") else "people"
        rows = claims(some, measure)
        amounts = rows["people"] * (150_000 if unit == "pence" else 1)
        whole = rows[["source_file", "source_row"]].assign(n=amounts)
        made.total(figure_id, name, whole, "n", unit, YEAR, "sum")
    return made


def claims(people: Mapping[int, int], measure: str) -> pd.DataFrame:
    rows = pd.DataFrame({"source_row": list(people), "people": list(people.values())})
    rows["source_file"] = "returns.csv"
    rows["measure_ref"] = measure
    rows["contract_id"] = [f"C{row}" for row in people]
    rows["period_end"] = pd.Timestamp("2022-03-31")
    rows["home_lsoa_code"] = None
    return rows.reindex(columns=list(COLUMNS[:-1]))


def publication(name: str, made: Trail, **told: Told) -> Publication:
    """What is not told otherwise is printed."""
    printed = {}
    for figure in made:
        assert figure.value is not None
        exactly = Told(float(figure.value), float(figure.value))
        printed[figure.id] = told.get(figure.id.removeprefix("jobs."), exactly)
    return Publication(name, made, printed)


def found(*publications: Publication) -> list[Found]:
    return list(attack(publications, RULES).found)


WARDS = trail(all=EVERYBODY, mill=MILL, wood=WOOD, hill=HILL)
SAFE = publication("2022", WARDS, mill=FEW, wood=HIDDEN)


def test_what_is_safe_is_not_found() -> None:
    outcome = attack([SAFE, publication("2023", WARDS, mill=FEW, wood=HIDDEN)], RULES)
    assert outcome.groups == 1
    assert outcome.found == ()


def test_a_number_printed_in_one_of_two_publications_is_found() -> None:
    """Each is safe alone: 12 in Mill End and Wood together, and 9 in Wood."""
    later = publication("2023", trail(wood=WOOD))
    assert found(later) == []
    (mill,) = found(SAFE, later)
    assert (mill.name, mill.people, mill.is_exact) == ("2022: jobs.mill", 3, True)
    assert set(mill.said_by) == {"2022: jobs.all", "2022: jobs.hill", "2023: jobs.wood"}
    assert str(mill).startswith("2022: jobs.mill: 3 people can only be 3 to 3, by 2022: jobs.all;")


def test_a_small_number_that_is_printed_is_found() -> None:
    assert [one.is_exact for one in found(publication("2022", WARDS))] == [True]


@pytest.mark.parametrize(
    ("told", "low", "high"), [(Told(2, 4), 2, 4), (Told(1, 3), 1, 3), (Told(3, 3), 3, 3)]
)
def test_a_range_that_is_too_narrow_is_found(told: Told, low: int, high: int) -> None:
    (mill,) = found(publication("2022", WARDS, mill=told, wood=HIDDEN))
    assert (mill.low, mill.high) == (low, high)
    assert mill.is_narrow


def test_a_range_that_begins_higher_is_looked_through_to_its_end() -> None:
    """4 of 13, told as 2 or more: four numbers are left, 2 to 5, though 1 is none of them."""
    some = trail(all={1: 4, 2: 9}, mill={1: 4}, wood=WOOD)
    told = publication("2022", some, mill=Told(2, float("inf")), wood=HIDDEN)
    (mill,) = found(told)
    assert (mill.low, mill.is_narrow) == (2, False)


def test_the_shares_of_a_claim_are_its_people_once() -> None:
    """Each of three claims stands in two places with half of its pounds: 3 of 32 stay hidden."""
    made = trail(mill=MILL, wood=WOOD, hill=HILL)
    rows = claims(EVERYBODY, "NT1")[["source_file", "source_row"]]
    halves = pd.concat([rows, rows], ignore_index=True).assign(n=1_000)
    made.total("jobs.shared", "Shared", halves, "n", "pence", YEAR, "sum")
    assert found(publication("2022", made, mill=FEW, wood=HIDDEN)) == []
    who = publication("2022", made).who
    assert set(who.at_work["jobs.shared"].values()) == {1}


def test_ranges_that_add_up_to_one_number_are_found() -> None:
    """45 to 49 less 20 and 20: 5 to 9 of whom 1 to 4 are in Mill End."""
    others = trail(all={1: 3, 2: 5}, mill=MILL, wood={2: 5})
    told = {"mill": FEW, "wood": Told(5, 14)}
    assert found(publication("2022", others, **told, all=Told(5, 14))) == []
    (mill,) = found(publication("2022", others, **told))
    assert (mill.low, mill.high) == (1, 3)


def test_two_people_who_were_returned_late_are_found() -> None:
    """12 people in the first report, 14 in the second: no number is small, and their difference
    is.
    """
    first = publication("2022", trail(before=WOOD))
    second = publication("2023", trail(after=WOOD | {4: 2}))
    assert found(first) == found(second) == []
    (late,) = found(first, second)
    assert (late.name, late.people) == ("2023: jobs.after less 2022: jobs.before", 2)
    assert late.is_exact


def test_a_claim_that_was_corrected_is_another_unknown() -> None:
    """Nine people of Wood became eight: who knows both cannot tell how many are in Mill End."""
    corrected = trail(wood={2: 8})
    assert found(SAFE, publication("2023", corrected)) == []


def test_protected_groups_are_small_below_eight() -> None:
    of_group = trail("NT3", all=EVERYBODY, mill=MILL, wood=WOOD, hill=HILL)
    (mill,) = found(publication("2022", of_group, mill=Told(1, 4), wood=HIDDEN))
    assert (mill.below, mill.low, mill.high) == (8, 1, 4)
    assert found(publication("2022", of_group, mill=Told(0, 9), wood=HIDDEN)) == []


def test_pounds_give_away_the_people_beneath_them() -> None:
    made = trail(all=EVERYBODY, mill=MILL, mill_pounds=MILL)
    (mill,) = [one for one in found(publication("2022", made, mill=FEW)) if one.is_exact]
    assert mill.said_by == ("2022: jobs.mill_pounds",)


def test_a_share_and_its_base_give_away_the_part() -> None:
    made = trail(all=EVERYBODY, mill=MILL)
    made.ratio("jobs.share", "Share", "jobs.mill", "jobs.all", "share")
    assert found(publication("2022", made, mill=FEW, share=HIDDEN)) == []
    assert [one.is_exact for one in found(publication("2022", made, mill=FEW))] == [True]


def test_a_range_without_the_true_number_is_a_fault_of_the_report() -> None:
    with pytest.raises(ValueError, match=r"2022: jobs\.mill counts 3, and 5 to 14 is printed"):
        found(publication("2022", WARDS, mill=Told(5, 14)))


def test_nobody_is_no_small_group() -> None:
    assert attack([publication("2022", trail(hill=HILL))], RULES).groups == 0


def test_what_figures_csv_tells(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(
        "figure_id,value,low,high,display,caution\n"
        "jobs.all,12,,,12,\n"
        "jobs.mill,,1,4,fewer than 5,hidden\n"
        "jobs.wood,,,,[c],hidden\n"
        "jobs.hill,,,,[x],not supplied\n"
        "jobs.group,20,,,20,at least; rounded to the nearest 5\n"
        'value.group,30000000,,,£300k,"rounded to the nearest £100,000"\n'
    )
    assert told_in(tmp_path) == {
        "jobs.all": Told(12, 12),
        "jobs.mill": Told(1, 4),
        "jobs.wood": HIDDEN,
        "jobs.group": Told(18, 22),
        "value.group": Told(25_000_000, 35_000_000),
    }

"""What an earlier publication told is read again from its public figures and its closed papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from frames import EAST
from made_once import calculate
from small_council import calculated, inputs, publication

from sv_lib.analysis.disclosure import HIDDEN, NOT_PRINTED
from sv_lib.figures.calculation import published
from sv_lib.figures.protection.people_cells import cells_of
from sv_lib.figures.protection.published import PEOPLE, Published, save
from sv_lib.figures.protection.release import WHY_HIDDEN, WHY_UNSAID
from sv_lib.figures.saved import Calculation
from sv_lib.params import Disclosure
from sv_lib.publish.files.data_tables import figures_frame, write_csv

CLAIM = (
    "claim_id | contract_id | measure_ref | period_start | period_end | quantity | headcount | "
    "reported_on\n"
)
HALF = CLAIM + "R1 | C2 | NT10 | 2022-03-01 | 2022-05-31 | 5 | {} | 2022-06-10\n"
LATER = "R2 | C2 | NT10 | 2022-09-01 | 2022-11-30 | 5 | 20 | 2022-12-10\n"


def public(returns: str, kind: str, *known: Published) -> Calculation:
    drawn = inputs(returns=returns, beneficiaries=None, stories=None)
    return calculate(publication("public", kind), drawn, known)


@pytest.mark.parametrize("people", [3, 9])
def test_it_is_read_as_it_was_saved(tmp_path: Path, people: int) -> None:
    made = public(HALF.format(people), "mid-year")
    write_csv(figures_frame(made.trail), tmp_path / "figures.csv")
    save(made.whole.trail.people_behind().table, tmp_path)
    told = published(made, publication("public"))
    with pd.option_context("mode.string_storage", "python"):  # as in a calculation
        again = Published.read(told.name, told.day, tmp_path, tmp_path)
    assert again.told == told.told
    assert again.counts == told.counts
    name = f"people.NT10.this of {told.name}"
    assert again.told[name] == ("exact" if people == 9 else (0, 4))
    days = {"period_end": "datetime64[ns]"}
    then, now = (one.behind.astype(days).astype("str") for one in (told, again))
    pd.testing.assert_frame_equal(then, now, check_dtype=False)


def test_a_number_that_may_be_nought_stays_so_for_later_publications(tmp_path: Path) -> None:
    made = public(HALF.format(3), "mid-year")
    save(made.whole.trail.people_behind().table, tmp_path)
    table = figures_frame(made.trail)
    is_hidden = table["caution"] == WHY_HIDDEN
    cautions = table["caution"].mask(is_hidden, WHY_UNSAID)
    write_csv(table.assign(caution=cautions), tmp_path / "figures.csv")
    half = Published.read("half", publication().file.data_as_at, tmp_path, tmp_path)
    assert set(half.told.values()) == {"unsaid", (0, 4)}
    cells = cells_of(made.whole.trail, Disclosure(), [half])
    settled = [ways[0] for ways in cells.ways if len(ways) == 1]
    assert NOT_PRINTED in settled
    assert HIDDEN not in settled


def test_keys_of_persons_come_back_as_they_were(tmp_path: Path) -> None:
    made = calculated()
    behind = (
        made.trail.people_behind()
        .table.iloc[:2]
        .assign(persons=[("k1", "k2"), None], starters=[("k1",), None])
    )
    save(behind, tmp_path)
    (tmp_path / "figures.csv").write_text("figure_id,unit,value,low,high\n", "utf-8")
    again = Published.read("half", publication().file.data_as_at, tmp_path, tmp_path)
    assert again.behind["persons"].tolist() == [("k1", "k2"), None]
    assert again.behind["starters"].tolist() == [("k1",), None]
    assert (tmp_path / PEOPLE).is_file()


def test_an_earlier_publication_without_a_run_is_decided_anew() -> None:
    """The year hides the same, whether its half was made before or is worked out again."""
    half = publication("public")
    year = publication("public", "annual")
    returns = HALF.format(9) + LATER.replace("| 20 |", "| 2 |")
    drawn = inputs(returns=returns, beneficiaries=None, stories=None)
    told = published(public(returns, "mid-year"), half)
    after_run = calculate(year, drawn, [told])
    anew = calculate(year.model_copy(update={"earlier": (half,)}), drawn)
    kinds = [(figure.id, figure.kind, figure.value) for figure in after_run.trail]
    assert kinds == [(figure.id, figure.kind, figure.value) for figure in anew.trail]
    assert after_run.trail["people.NT10.this"].kind == "hidden"


def told_of(people: int, kind: str, has_keys: bool, *known: Published) -> Calculation:
    """A claim on people who all live in East, each with a key or all in one row."""
    claim = f"R1 | C2 | NT1 | 2022-03-01 | 2022-05-31 | 5 | {people} | 2022-06-10\n"
    homes = "claim_id | home_lsoa_code | headcount | person_key\n"
    each = [f"R1 | L1 | 1 | k{number}" for number in range(people)]
    homes += "\n".join(each if has_keys else [f"R1 | L1 | {people} |"])
    drawn = inputs(returns=CLAIM + claim, beneficiaries=homes, stories=None)
    return calculate(publication("public", kind), drawn, known)


@pytest.mark.parametrize("has_keys", [False, True])
@pytest.mark.parametrize(
    ("then", "now", "kind"), [(9, 11, "hidden"), (3, 5, "total"), (9, 20, "total")]
)
def test_few_who_came_to_a_claim_after_the_half_year_cannot_be_told(
    then: int, now: int, kind: str, has_keys: bool
) -> None:
    """Of the borough and of the ward: 11 less the 9 that were printed are two people. Where 3 were
    "fewer than 5", 5 say no more of the two who came than that they are 1 to 4.
    """
    told = published(told_of(then, "mid-year", has_keys), publication("public"))
    year = told_of(now, "annual", has_keys, told).trail
    figures = [year["headline.residents_into_work.this"], year[f"lens.jobs.{EAST}.beneficiary"]]
    assert [figure.kind for figure in figures] == [kind, kind]


def of_two_contracts(people: Sequence[str], kind: str, *known: Published) -> Calculation:
    """Nine people of East under each of two contracts, and some who are under both."""
    claim = "{} | {} | NT1 | 2022-03-01 | 2022-05-31 | 5 | {} | 2022-06-10\n"
    returns, homes = CLAIM, "claim_id | home_lsoa_code | headcount | person_key\n"
    for name, contract in ("R1", "C1"), ("R2", "C2"):
        persons = [f"{name}-{number}" for number in range(9)] + [*people]
        returns += claim.format(name, contract, len(persons))
        homes += "".join(f"{name} | L1 | 1 | {person}\n" for person in persons)
    drawn = inputs(returns=returns, beneficiaries=homes, stories=None)
    return calculate(publication("public", kind), drawn, known)


def test_three_who_came_to_two_contracts_after_the_half_year_are_three_and_not_six() -> None:
    """18 were printed, and 21 would give away the three, who have a key each."""
    told = published(of_two_contracts([], "mid-year"), publication("public"))
    year = of_two_contracts(["a", "b", "c"], "annual", told).trail
    figures = [year["headline.residents_into_work.this"], year[f"lens.jobs.{EAST}.beneficiary"]]
    assert [figure.kind for figure in figures] == ["hidden", "hidden"]


def test_an_exempt_calculation_tells_nothing_to_readers() -> None:
    with pytest.raises(ValueError, match="is not public: it hides nothing"):
        published(replace(calculated(), secrets=None), publication())

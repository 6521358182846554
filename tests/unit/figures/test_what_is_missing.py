"""What a council does not have, or has for one period only, is said of every figure that hangs on
it; never nought.
"""

from __future__ import annotations

import pytest
from frames import EAST, WEST
from made_once import calculate
from small_council import BOUGHT, DRAWINGS, calculated, inputs, publication

from sv_lib.figures import calculation
from sv_lib.figures.topics.spend import add_spend
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings
from sv_lib.toms import series


def without_lines(table: str, *words: str) -> str:
    """A drawing of the small council without the lines that hold one of the words."""
    return "\n".join(
        line for line in DRAWINGS[table].splitlines() if not any(word in line for word in words)
    )


def test_a_council_without_wards_has_no_figure_of_a_ward() -> None:
    made = calculate(publication("public", wards=()), inputs())
    assert not [
        figure.id for figure in made.trail if figure.id.startswith(("lens.", "ward.", "bridge."))
    ]
    assert not {"wards", "bridge"} & set(made.tables)
    assert made.trail["spend.total.this"].value == 5_370_00


def test_payments_of_one_period_only_make_no_bridge() -> None:
    trail = calculated(
        payments=without_lines("payments", "2020-", "2021-01", "2021-02", "2021-03")
    ).trail
    assert trail["spend.total.this"].value == 5_370_00
    assert (
        trail["spend.total.before"].caution
        == "no payments supplied for 1 October 2020 to 31 March 2021"
    )
    for part in ("new", "change"):
        figure = trail[f"bridge.spend.{EAST}.{part}"]
        assert (figure.value, figure.caution) == (
            None,
            "no payments supplied for 1 October 2020 to 31 March 2021",
        )


def test_where_nobody_is_known_to_be_behind_a_figure_nothing_is_hidden() -> None:
    """No return, and no supplier asked who owns it: the public run is the exempt one."""
    blank = {"returns": None, "beneficiaries": None, "stories": None, "suppliers": None}
    whole, public = (calculated(profile, **blank).trail for profile in ("exempt", "public"))
    assert list(public) == list(whole)
    assert not [figure.id for figure in public if figure.kind == "hidden"]


def test_a_class_of_payments_that_no_list_names_is_refused() -> None:
    workings = Workings(publication(), inputs())
    workings.__dict__["placed"] = workings.placed.assign(size="vast")
    with pytest.raises(ValueError, match=r"payments hold a class of size that is not in \['micro'"):
        add_spend(Trail(), workings)


def test_the_places_of_suppliers_are_not_known_without_a_list_of_them() -> None:
    trail = calculated(suppliers=None, postcodes=None).trail
    reason = "the place of suppliers is not known for any payment"
    here = trail["spend.geography.rotherham.this"]
    assert (here.value, here.caution) == (None, reason)
    assert trail["spend.geography.not-known.this"].value == 5_370_00
    local = trail["spend.category_local.construction.this"]
    assert (local.value, local.caution) == (
        None,
        "where suppliers are based is not known for any payment",
    )


@pytest.mark.parametrize("table", ["suppliers", "contract_places", "returns", "payments"])
def test_what_is_not_known_has_a_name_and_a_reason(table: str) -> None:
    unknown = [figure for figure in calculated(**{table: None}).trail if not figure.is_known]
    assert len(unknown) > 20
    assert [figure.id for figure in unknown if not (figure.label and figure.caution)] == []


def test_no_home_of_anyone_is_not_no_one_at_home() -> None:
    trail = calculated(beneficiaries="claim_id | home_lsoa_code | headcount\nR04 | | 2").trail
    assert trail[f"lens.jobs.{EAST}.beneficiary"].caution == "no return gives a home area"
    assert trail["lens.jobs.unknown.beneficiary"].value == 2
    assert trail["reach.jobs.10.high"].caution
    assert trail["people.home_known_share.this"].value == 0


def test_without_an_earlier_quarter_there_is_no_forecast() -> None:
    """What falls due is said all the same, and what of it was claimed at this point a year ago."""
    trail = calculated(
        returns=without_lines("returns", "2022-02-28", "2021-02-28", "2021-05-31")
    ).trail
    why = "there are under four earlier quarters to learn from"
    assert trail["forecast.year_end.low"].caution == why
    reason = "there is no earlier quarter end at which the rule can be tried"
    assert trail["forecast.back_test.held"].caution == reason
    assert trail["forecast.year_end.due_in_year"].value == 188_000_00


def test_where_every_claim_was_rejected_none_of_what_falls_due_is_claimed() -> None:
    heading, *lines = DRAWINGS["returns"].splitlines()
    rejected = [line for line in lines if line.startswith("R09")]
    trail = calculated(returns="\n".join([heading, *rejected])).trail
    assert trail["forecast.year_end.share"].value == 0
    assert not trail["forecast.back_test.origins"].is_known


def test_without_promises_nothing_is_forecast_and_nothing_is_due() -> None:
    trail = calculated(commitments=None).trail
    why = trail["forecast.year_end.central"].caution
    assert why == "no commitments supplied"
    assert trail["forecast.back_test.mean_error"].caution == why
    assert trail["forecast.year_end.due_in_year"].caution == why


def test_residents_that_the_source_does_not_give_are_not_known() -> None:
    areas = f"lsoa_code | ward_code | imd_decile | residents\nL1 | {EAST} | 1 | "
    trail = calculated(deprivation=areas).trail
    assert trail["population.all"].caution == "the deprivation source gives no number of residents"
    assert trail["deprivation.lsoas.all"].value == 1
    assert trail[f"ward.{EAST}.per_head.spend"].value is None


def test_causes_that_do_not_make_the_change_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = series.bridge
    monkeypatch.setattr(series, "bridge", lambda this, before: whole(this, before).iloc[1:])
    with pytest.raises(
        ValueError, match="the causes of the change in claimed value do not add up to"
    ):
        calculation.calculate(publication("public"), inputs())


def test_a_ward_without_an_area_has_residents_that_are_not_known_and_not_none() -> None:
    trail = calculated(deprivation=without_lines("deprivation", EAST)).trail
    reason = "the deprivation source puts no area in this ward"
    for name in ("residents", "residents_10", "per_head.spend"):
        figure = trail[f"ward.{EAST}.{name}"]
        assert (figure.value, figure.caution) == (None, reason)
    # Nor is it said to have no areas: it has some, which the source does not place.
    assert trail[f"ward.{EAST}.lsoas"].caution == reason


def test_a_ward_without_an_area_has_no_rank_and_puts_no_ward_in_a_group() -> None:
    made = calculated(deprivation=without_lines("deprivation", EAST))
    wards = made.tables["wards"].set_index("ward_code")
    assert wards["rank"].to_dict() == {WEST: "1", EAST: ""}
    assert wards["position"].isna().to_dict() == {WEST: False, EAST: True}
    for name in ("residents", "spend", "spend.per_head", "spend.per_head.without_largest"):
        figure = made.trail[f"ward_fifth.1.{name}"]
        assert figure.value is None
        assert figure.caution == "how deprived East is is not known"
    for name in ("per_head.spend", "per_head.spend.without_largest"):
        assert made.trail[f"ward.{EAST}.{name}"].value is None


def test_without_places_of_works_no_price_of_a_unit_is_told_beside_no_bridge() -> None:
    prefix = "unit_price."
    whole, lacking = (
        calculated("exempt", quantities=BOUGHT, **blank).trail
        for blank in ({}, {"contract_places": None})
    )
    assert [figure.id for figure in whole if figure.id.startswith(prefix)]
    assert not lacking["bridge.spend.borough.change"].is_known
    assert not [figure.id for figure in lacking if figure.id.startswith(prefix)]


NEW_WARD = "E05999999"


def test_a_new_ward_that_no_input_names_has_no_figure_no_rank_and_no_change() -> None:
    """Not one nought: it was not there, and nothing says what it has."""
    whole = publication()
    new = whole.council.wards[0].model_copy(update={"code": NEW_WARD, "name": "New"})
    council = whole.council.model_copy(update={"wards": (*whole.council.wards, new)})
    made = calculate(whole.model_copy(update={"council": council}), inputs(quantities=BOUGHT))
    trail = made.trail
    mine = [figure for figure in trail if NEW_WARD in figure.id]
    assert len(mine) > 50
    assert [figure.id for figure in mine if figure.is_known] == []
    reason = "no input places anything in this ward"
    for figure_id in (f"lens.spend.{NEW_WARD}.place", f"bridge.spend.{NEW_WARD}.change"):
        assert trail[figure_id].caution == reason
    rows = made.tables["wards"].set_index("ward_code")
    assert rows["rank"].to_dict() == {EAST: "1", WEST: "2", NEW_WARD: ""}
    assert trail.rank(f"lens.spend.{EAST}.place", [f"lens.spend.{NEW_WARD}.place"]) is None
    assert trail["lens.spend.unknown.place"].is_known

"""Ids of figures that a council writes: the plan, the priorities, the log, the watch list."""

from __future__ import annotations

from typing import Any

import pytest
import small_council
from made_once import calculate
from pydantic import ValidationError

from sv_lib.errors import ParameterError
from sv_lib.figures import named_ids
from sv_lib.figures.calculation import figure_ids
from sv_lib.intake.findings import in_words
from sv_lib.watch_list import WatchList

KNOWN = ("spend.total.this", "spend.total.before", "awarded.ring-one.this", "a.share")
PLAN = """
action_id | figure_id        | target
A1        | spend.total.this | 75
A2        | spend.totl.this  | a.share
A3        |                  | 75%
"""


def watch_list(change: str = "spend.total", gap: str = "a.share") -> WatchList:
    other: dict[str, Any] = {"words": "what is watched", "weight": 1, "owner": "the officer"}
    changes = [{"figure": change, "better": "up", **other}]
    return WatchList.model_validate({"changes": changes, "gaps": [{"figure": gap, **other}]})


def found(watched: WatchList | None = None, **tables: str) -> list[str]:
    council = small_council.publication(watch_list=watched).council
    inputs = small_council.inputs(**tables)
    return [in_words(one) for one in named_ids.without_figure(council, inputs, KNOWN)]


def test_an_id_that_no_figure_has_is_told_with_the_one_near_it() -> None:
    told = found(actions=PLAN, priorities="", scrutiny="")
    assert told == [
        "inputs/actions.csv, row 3, figure_id: 'spend.totl.this': no figure of this publication "
        "has this id, so the page shows the words beside it and no evidence; did you mean "
        "'spend.total.this'?",
        "inputs/actions.csv, row 4, target: '75%': it is no plain number and no figure has this "
        "id, so the action is never found complete; give a number without its unit, such as 75, "
        "or the id of a figure",
    ]


def test_priorities_and_the_log_are_looked_through_as_well() -> None:
    row = "figure_id\nnothing.like.it"
    told = found(actions="", priorities=row, scrutiny=row)
    assert [one.partition(": ")[0] for one in told] == [
        "inputs/priorities.csv, row 2, figure_id",
        "inputs/scrutiny.csv, row 2, figure_id",
    ]


def test_the_councils_own_watch_list_is_looked_through() -> None:
    assert found(watch_list(), actions="", priorities="", scrutiny="") == []
    (told,) = found(watch_list(change="spend.totals"), actions="", priorities="", scrutiny="")
    assert told.startswith("council.yaml, watch_list, changes, entry 1: 'spend.totals': ")
    assert told.endswith("so page one never names it; did you mean 'spend.total'?")
    # A change needs a figure for each of the two periods.
    (told,) = found(watch_list(change="awarded.ring-one"), actions="", priorities="", scrutiny="")
    assert "'awarded.ring-one'" in told
    (told,) = found(watch_list(gap="a.shares"), actions="", priorities="", scrutiny="")
    assert told.startswith("council.yaml, watch_list, gaps, entry 1: 'a.shares': ")


def test_a_watch_list_that_names_nothing_is_a_fault_of_the_parameters() -> None:
    with pytest.raises(ParameterError) as refused:
        found(watch_list("no.such", "nor.this"), actions="", priorities="", scrutiny="")
    assert refused.value.found == "watch_list names no figure that there is: 'no.such', 'nor.this'"
    assert refused.value.exit_code == 2


def test_a_word_in_braces_that_a_watch_list_does_not_have_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"\{ring\} is no word of a watch list"):
        watch_list(change="awarded.{ring}")
    with pytest.raises(ValidationError, match="'}'"):
        watch_list(change="awarded.home}")


@pytest.mark.parametrize("profile", ["exempt", "public"])
def test_a_run_tells_of_it_and_goes_on(profile: str) -> None:
    publication = small_council.publication(profile, watch_list=watch_list(gap="a.shares"))
    made = calculate(publication, small_council.inputs(actions=PLAN))
    whole = made.whole.tables["findings"]
    lost = whole[whole["file"].isin(["inputs/actions.csv", "council.yaml"])]
    assert list(lost["found"]) == ["'a.shares'", "'spend.totl.this'", "'a.share'", "'75%'"]
    assert set(lost["severity"]) == {"warn"}
    # What a cell held is not published; that it names no figure is.
    public = made.tables["findings"]
    assert ("'spend.totl.this'" in list(public["found"])) == (profile == "exempt")
    assert "inputs/actions.csv" in list(public["file"])


def test_the_ids_of_a_publication_do_not_hang_on_its_protection() -> None:
    publication = small_council.publication("public")
    drawn = small_council.inputs()
    made = calculate(publication, drawn)
    assert figure_ids(publication, drawn) == [figure.id for figure in made.trail]

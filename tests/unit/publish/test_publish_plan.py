"""What is refused before anything runs: reports, wards and notebooks that are not what was
meant.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_notebook import notebook

from sv_lib.errors import InputError, ParameterError
from sv_lib.figures.calculation import gather
from sv_lib.home import NOTEBOOKS
from sv_lib.intake.findings import in_words
from sv_lib.params import Publication, load
from sv_lib.publish.run import answers, plan, runner
from sv_lib.publish.run.answers import check_answers
from sv_lib.publish.run.plan import named, reports_of

SECTIONS = (
    "Headlines",
    "Ward reports",
    "Promise to delivery",
    "Where the money goes",
    "where the money goes",
)


def test_default_is_what_the_file_asks_for_the_main_report_first(
    publication: Publication, notebooks: Path
) -> None:
    names = [report.name for report in reports_of(publication, (), (), notebooks)]
    assert names == ["mid-year", "methods", "wards/E05990001", "wards/E05990002"]


def test_a_ward_limits_the_wards_only(publication: Publication, notebooks: Path) -> None:
    names = [report.name for report in reports_of(publication, (), ("E05990002",), notebooks)]
    assert names == ["mid-year", "methods", "wards/E05990002"]
    names = [
        report.name for report in reports_of(publication, ("mid-year",), ("E05990002",), notebooks)
    ]
    assert names == ["mid-year", "wards/E05990002"]


def test_one_command_for_a_mid_year_and_an_annual_publication(
    publication: Publication, notebooks: Path
) -> None:
    names = [
        report.name for report in reports_of(publication, ("annual", "mid-year"), (), notebooks)
    ]
    assert names == ["mid-year"]


@pytest.mark.parametrize("word", ["E05990003", "e05990001", "../E05990001", "E05990001\0", "Noth"])
def test_an_unknown_ward_is_named_with_those_near_it(
    publication: Publication, notebooks: Path, word: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        reports_of(publication, (), (word, "E05990001"), notebooks)
    shown = word.replace("\0", "\\u0000")  # what steers a terminal is written out
    assert f"'{shown}' is not a ward of Test Council" in str(refused.value)
    assert "E05990001 (North)" in str(refused.value)


def test_all_misspelt_reports_are_named_at_once(publication: Publication, notebooks: Path) -> None:
    with pytest.raises(ParameterError) as refused:
        reports_of(publication, ("mid-yaer", "ward"), (), notebooks)
    assert "'mid-yaer' is not a report; near it: mid-year" in str(refused.value)
    assert "'ward' is not a report; near it: wards" in str(refused.value)


def test_a_report_of_another_kind_alone_is_refused(
    publication: Publication, notebooks: Path
) -> None:
    with pytest.raises(ParameterError, match="2022-mid-year is mid-year and has no annual report"):
        reports_of(publication, ("annual",), (), notebooks)


def test_ward_reports_of_a_council_without_wards_are_refused(
    publication: Publication, notebooks: Path
) -> None:
    council = publication.council.model_copy(update={"wards": ()})
    without = publication.model_copy(update={"council": council})
    with pytest.raises(ParameterError, match="has no wards report"):
        reports_of(without, ("wards",), (), notebooks)
    assert [one.name for one in reports_of(without, ("wards", "methods"), (), notebooks)] == [
        "methods"
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            'params_flie = "x"\ncalculation = ""',
            "'params_file' is missing; is 'params_flie' a misspelling of it?",
        ),
        ("params_file = 3\ncalculation = ''", "'params_file' is int, not text"),
        ("params_file = open('x')\ncalculation = ''", "its parameters cannot be read"),
        ("params_file = (", "its parameters cannot be read"),
    ],
)
def test_a_notebook_that_does_not_take_our_parameters_is_refused(
    publication: Publication, notebooks: Path, cell: str, said: str
) -> None:
    (notebooks / "main.ipynb").write_text(json.dumps(notebook(parameters=cell)))
    with pytest.raises(ParameterError) as refused:
        reports_of(publication, ("mid-year",), (), notebooks)
    assert said in str(refused.value)


def test_a_notebook_that_is_not_there_or_has_no_parameters_is_refused(
    publication: Publication, notebooks: Path
) -> None:
    untagged = notebook()
    untagged["cells"][0]["metadata"] = {}
    (notebooks / "main.ipynb").write_text(json.dumps(untagged))
    with pytest.raises(ParameterError, match="no cell is tagged 'parameters'"):
        reports_of(publication, ("mid-year",), (), notebooks)
    (notebooks / "main.ipynb").unlink()
    with pytest.raises(ParameterError, match="there is no such notebook"):
        reports_of(publication, ("mid-year",), (), notebooks)


@pytest.mark.parametrize(
    "name", ["annual", "wards/E05990009", "wards/../mid-year", "E05990001", ""]
)
def test_only_reports_of_the_publication_have_a_name(
    publication: Publication, notebooks: Path, name: str
) -> None:
    assert named(publication, name, notebooks) is None


def test_an_answer_in_a_section_that_the_report_lacks_stops_before_any_kernel(
    publication: Publication, tmp_path: Path
) -> None:
    inputs = publication.path.parent / "inputs/scrutiny.csv"
    rows = [f"Q{n},2022-03-23,Board,Why?,{section},,So.\n" for n, section in enumerate(SECTIONS)]
    inputs.write_text(
        "question_id,asked_on,body,question,section,figure_id,answer\n" + "".join(rows)
    )
    with publication.path.open("a") as file:
        file.write("  scrutiny: inputs/scrutiny.csv\n")
    checked = check_answers(gather(load(publication.path)), publication)
    assert [in_words(finding) for finding in checked.stops] == [
        "inputs/scrutiny.csv, row 4, section: 'Promise to delivery': no section of "
        "the mid-year report has this heading, so "
        "the link would lead nowhere; did you mean 'From promise to delivery'?"
    ]
    with pytest.raises(InputError, match="1 finding to mend first"):
        runner.run([publication.path], jobs=1, output_dir=tmp_path / "outputs")


def test_an_answer_or_an_action_that_is_not_there_is_told(publication: Publication) -> None:
    inputs = publication.path.parent / "inputs"
    (inputs / "actions.csv").write_text(
        "action_id,action,owner,due_on,status,progress\nA01,Do it,All,2022-09-30,on track,So.\n"
    )
    columns = "question_id,asked_on,body,question,section,figure_id,answer,answered_by,action_id"
    log = "{},2022-03-23,Board,Why?,Headlines,,So.,{},{}\n"
    rows = log.format("Q1", "local-quotes", "A01") + log.format("Q2", "local-quote", "A1")
    (inputs / "scrutiny.csv").write_text(f"{columns}\n{rows}")
    with publication.path.open("a") as file:
        file.write("  scrutiny: inputs/scrutiny.csv\n  actions: inputs/actions.csv\n")
    checked = check_answers(gather(load(publication.path)), publication)
    told = [in_words(one) for one in checked.findings if "scrutiny" in one.file]
    assert not checked.stops
    assert told == [
        "inputs/scrutiny.csv, row 3, answered_by: 'local-quote': no answer of the report has this "
        "key, so the council's own sentence is printed in its place; did you mean 'local-quotes'?",
        "inputs/scrutiny.csv, row 3, action_id: 'A1': no row of actions has this id, so the page "
        "gives no next date and no owner; did you mean 'A01'?",
    ]


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("mid-year", "Looking to year end", "What the mid-year report expected"),
        ("annual", "What the mid-year report expected", "Looking to year end"),
        ("annual", "Priorities recommended for next year", "Looking to year end"),
    ],
)
def test_a_section_of_the_other_kind_of_report_is_no_place_of_an_answer(
    kind: str, has: str, lacks: str
) -> None:
    titles = answers._section_titles(NOTEBOOKS / plan.MAIN, kind)
    assert has in titles
    assert lacks not in titles
    assert {"Suppliers", "Every ward on one page", "Events"} <= set(titles)

"""A council's own measures are counted, valued and printed, and their faults are said plainly."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from made_once import calculate
from page_cells import shown

import sv_lib as sv
from sv_lib.errors import ParameterError
from sv_lib.figures.calculation import gather
from sv_lib.params import Publication, load
from sv_lib.present.report import Report
from sv_lib.publish.files import manifest
from sv_lib.publish.files.return_form import write_forms
from sv_lib.toms.measures import measures_of

BASE = Path(__file__).resolve().parents[2] / "bad_inputs" / "base"
OWN = """\
ref: BMB1
title: Care leavers in work
theme: "Jobs: Testborough at work"
outcome: More care leavers in work
unit: FTE
method: proxy
counting: fte_years
counts_people: yes
is_local_economic: no
group: into_work
is_protected: no
evidence: [payroll list]
editions: [testborough-2020]
overlaps: [NT1]
rule: Count care leavers of the area who work on this contract.
formula: people x years, x proxy x attribution
review_on: 2027-06-30
examples:
  - title: Two people for half a year
    inputs: {full_time_people: 2, years: 0.5}
    quantity: 1
    price: 10000
    value_pence: 1000000
    working: 1 FTE x £10,000.00 x 1 = £10,000.00
"""
EDITION = """
editions:
  - {id: testborough-2020, name: Prices of Testborough, source: licensed, valid_from: 2020-01-01}
"""


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """The faultless files of the tests, with a measure, a price list and a claim of its own."""
    folder = tmp_path / "testborough"
    shutil.copytree(BASE, folder)
    (folder / "measures").mkdir()
    (folder / "measures" / "BMB1.yaml").write_text(OWN, encoding="utf-8")
    change(folder / "council.yaml", "[NT1, NT10]", "[NT1, NT10, BMB1]")
    add(folder / "council.yaml", EDITION)
    change(
        folder / "inputs" / "contracts.csv", "2022-11-30,,,,,", "2022-11-30,,,,testborough-2020,"
    )
    add(
        folder / "inputs" / "proxies.csv",
        "BMB1,testborough-2020,FTE,10000,Invented,row 1,Tester,2020-01-06\n",
    )
    add(
        folder / "inputs" / "returns.csv",
        "R3,C2,,BMB1,2022-03-01,2022-05-31,0.75,1,,3,,reported,2022-06-10,,,,,\n",
    )
    return folder / "publication.yaml"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_its_claims_are_valued_and_in_the_headline_of_jobs(params: Path) -> None:
    publication = load(params, "exempt")
    inputs = gather(publication)
    assert [one for one in inputs.findings if one.severity == "stop"] == []
    made = calculate(publication, inputs)
    claims = made.tables["claims"].set_index("claim_id")
    assert claims.loc["R3", "working"] == "0.75 FTE x £10,000.00 x 1 = £7,500.00"
    assert made.trail["headline.residents_into_work.this"].value == 3
    assert made.trail["headline.residents_into_work.this"].formula.endswith(
        "under BMB1, NT1, each person once"
    )
    assert made.trail["measure.BMB1.delivered.this"].value == 0.75
    report = Report(publication, made)
    printed = shown(report, "jobs-and-skills") + shown(report, "measure-pages")
    assert re.search(r"Care leavers in work: <data[^>]*>0.8</data> full-time", printed)
    assert "BMB1 Care leavers in work" in printed
    assert "Two people for half a year" in printed


def test_a_notebook_gets_it_on_top_of_those_of_the_package(params: Path) -> None:
    """By the parameter file, as text or path; without one there are the package's alone."""
    package = sv.measures()
    for source in (params, str(params)):
        every = sv.measures(source)
        assert every["BMB1"].title == "Care leavers in work"
        assert every.keys() - package.keys() == {"BMB1"}
    assert "BMB1" not in package


def test_an_open_report_gives_it_too(params: Path) -> None:
    publication = load(params)
    report = sv.Report(publication, calculate(publication, gather(publication)))
    assert sv.measures(report).keys() == sv.measures(params).keys()


def test_a_return_form_offers_it(params: Path, tmp_path: Path) -> None:
    publication = load(params)
    (form,) = write_forms(publication, gather(publication), "C2", tmp_path / "forms").paths
    with ZipFile(form) as book:
        assert "Care leavers in work" in book.read("xl/sharedStrings.xml").decode()


def test_a_changed_measure_makes_a_new_run(params: Path) -> None:
    publication = load(params)
    before = manifest.made_from(publication, gather(publication))
    change(params.parent / "measures" / "BMB1.yaml", "More care leavers", "Many care leavers")
    publication = load(params)
    after = manifest.made_from(publication, gather(publication))
    assert [key for key in before if before[key] != after[key]] == ["parameters"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("quantity: 1\n", "quantity: 2\n", "the quantity comes to 1"),
        ("full_time_people: 2", "people: 2", "fte_years counts with full_time_people, years, part"),
        ("    price: 10000\n", "", "the value comes to None pence"),
        ("value_pence: 1000000", "value_pence: 1", "the value comes to 1000000 pence"),
        ("working: 1 FTE", "working: one FTE", "the working is '1 FTE x £10,000.00 x 1 ="),
        ("method: proxy", "method: recorded only", "the price of recorded only is left out"),
    ],
)
def test_a_worked_example_that_does_not_come_out_stops(
    params: Path, old: str, new: str, says: str
) -> None:
    change(params.parent / "measures" / "BMB1.yaml", old, new)
    (stop,) = [one for one in gather(load(params)).stops if one.column == "examples"]
    assert stop.file == "measures/BMB1.yaml"
    assert stop.found.startswith(f"Two people for half a year: {says}")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ref: BMB1", "ref: NT1", "measures/BMB1.yaml: NT1 is a measure already; give the"),
        ("ref: BMB1", "ref: BMB2", "BMB1.yaml: it holds BMB2, so its name has to be BMB2.yaml"),
        (
            "ref: BMB1",
            "ref: care-1",
            "measures/BMB1.yaml: 'ref': 'care-1' is not the reference of a measure",
        ),
        ("ref: BMB1", "ref: [BMB1", "measures/BMB1.yaml: line 2: "),
        ("title: Care", "titel: Care", "'titel' is not a parameter; did you mean 'title'?"),
        ("counting: fte_years", "counting: fte", "there is no counting rule 'fte'; use fte_years"),
        ("group: into_work", "group: jobs", "'group': it should be 'into_work', 'training'"),
        ("group: into_work", "group: training", "group training is counted in weeks, not in FTE"),
        ("counts_people: yes", "counts_people: no", "group into_work counts people, so counts_"),
        ("counts_people: yes", "counts_people: 2", "'counts_people': it should be a valid boo"),
        ("method: proxy", "method: money invested", "the unit is GBP, not FTE"),
        ("[testborough-2020]", "[real-2021]", "there is no edition 'real-2021': declare it under"),
        ("overlaps: [NT1]", "overlaps: [NT99]", "BMB1: 'NT99' cannot stand under overlaps"),
        ("overlaps: [NT1]", "overlaps: [BMB1]", "BMB1: 'BMB1' cannot stand under overlaps"),
        ("overlaps: [NT1]", "overlaps: [NT1, NT1]", "BMB1: 'NT1' cannot stand under overlaps"),
        ('"Jobs: Testborough at work"', '"?"', "'theme': '?' is not in words"),
        ('"Jobs: Testborough at work"', "Jobs (and) skills", "is 'Jobs and skills' in NT1: write"),
        ("price: 10000", "price: 1e999", "'examples.0.price': decimal input should have no more"),
    ],
)
def test_a_measure_that_cannot_be_used_is_refused(
    params: Path, old: str, new: str, says: str
) -> None:
    change(params.parent / "measures" / "BMB1.yaml", old, new)
    with pytest.raises(ParameterError, match="fault") as refused:
        measures_of(load(params))
    assert "BMB1" in str(refused.value)
    assert says in str(refused.value)


def test_every_fault_is_told_at_once(params: Path) -> None:
    folder = params.parent / "measures"
    (folder / "BMB2a.yml").write_text(OWN.replace("BMB1", "BMB2a"), encoding="utf-8")
    (folder / "RE12c.yaml").write_text(OWN.replace("unit: FTE", "unit: 3"), encoding="utf-8")
    with pytest.raises(ParameterError) as refused:
        measures_of(load(params))
    assert "2 faults" in str(refused.value)
    assert "measures/BMB2a.yml: it holds BMB2a, so its name has to be BMB2a.yaml" in str(
        refused.value
    )
    assert "measures/RE12c.yaml: 'unit': '3' is not in words" in str(refused.value)


def test_a_file_that_is_no_text_is_a_fault_of_the_parameters(params: Path) -> None:
    (params.parent / "measures" / "BMB2.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ParameterError, match=r"measures/BMB2.yaml: it is not UTF-8 text"):
        load(params)


def test_measures_stand_in_the_order_of_letters_numbers_and_small_letters(params: Path) -> None:
    folder = params.parent / "measures"
    for ref in ("NT1a", "NT1b", "RE12c"):
        text = OWN.replace("ref: BMB1", f"ref: {ref}").replace("overlaps: [NT1]\n", "")
        (folder / f"{ref}.yaml").write_text(text, encoding="utf-8")
    refs = list(measures_of(load(params)))
    assert refs[:5] == ["BMB1", "NT1", "NT1a", "NT1b", "NT3"]
    assert refs[-2:] == ["RE12c", "RM1"]


def test_a_council_without_measures_has_those_of_the_package() -> None:
    publication: Publication = load(BASE / "publication.yaml")
    assert publication.measure_files == ()
    assert "BMB1" not in measures_of(publication)

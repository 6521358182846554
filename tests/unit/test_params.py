"""Parameters: typed, frozen, unknown and repeated keys refused, every fault in one message."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from sv_lib import params
from sv_lib.errors import ParameterError
from sv_lib.home import outputs_beside
from sv_lib.periods import Period

COUNCIL = """\
id: anytown
name: Anytown Council
place: Anytown
lad_code: E08000001
is_demonstration: no
contact: Social value lead
definition: What residents gain.
social_value_year_starts: 12-01
spend_year_starts: 04-01
wards:
  - {code: E05000001, name: North, councillors: 3, residents: 1200}
  - {code: E05000002, name: "010", councillors: 2}
thresholds:
  social_value_contract: 100000
  delivery_plan: 250000.50
  local_quote: 10000
  kpi_rating: 5000000
  social_value_weight_pct: 20
  about_the_same_pct: 2
  source: The council's policy
methods:
  due_without_milestones: straight line
  source: The council's policy
measure_set: {name: Set, is_illustrative: yes, valid_from: 2020-01-01, measures: [NT1]}
inputs:
  payments: inputs/payments.csv
  proxies: inputs/proxies.csv
"""

PUBLICATION = """\
publication: 2022-mid-year
kind: mid-year
title: Mid-year report 2022
status: draft
data_as_at: 2022-06-30
social_value:
  this: {start: 2021-12-01, end: 2022-05-31}
  before: {start: 2020-12-01, end: 2021-05-31}
spend:
  this: {start: 2021-04-01, end: 2022-03-31}
  before: {start: 2020-04-01, end: 2021-03-31}
reports: [mid-year, wards]
inputs:
  payments: [inputs/payments-1.csv, inputs/payments-2.csv]
"""


def write(folder: Path, council: str = COUNCIL, publication: str = PUBLICATION) -> Path:
    (folder / "council.yaml").write_text(council, encoding="utf-8")
    path = folder / "2022-mid-year.yaml"
    path.write_text(publication, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ParameterError) as fault:
        params.load(path)
    assert fault.value.exit_code == 2
    return str(fault.value)


def test_loads_both_files_typed(tmp_path: Path) -> None:
    publication = params.load(write(tmp_path))
    assert publication.id == "2022-mid-year"
    assert publication.sv == Period(date(2021, 12, 1), date(2022, 5, 31))
    assert publication.sv_before == Period(date(2020, 12, 1), date(2021, 5, 31))
    assert publication.sv_year == Period(date(2021, 12, 1), date(2022, 11, 30))
    assert publication.spend == Period(date(2021, 4, 1), date(2022, 3, 31))
    assert publication.spend_before == Period(date(2020, 4, 1), date(2021, 3, 31))
    assert publication.council.is_demonstration is False
    assert publication.council.ward_name("E05000001") == "North"


def test_a_half_year_of_spend_may_be_either_half_and_a_year_may_not(tmp_path: Path) -> None:
    second = PUBLICATION.replace("start: 2021-04-01", "start: 2021-10-01")
    assert params.load(write(tmp_path, publication=second)).spend.start == date(2021, 10, 1)
    whole = second.replace("kind: mid-year", "kind: annual")
    assert "spend.this: it starts on 2021-10-01" in refusal(write(tmp_path, publication=whole))


def test_what_is_invented_is_published_as_that(tmp_path: Path) -> None:
    council = COUNCIL.replace("is_demonstration: no", "is_demonstration: yes")
    words = "status: it is 'draft', but is_demonstration in council.yaml is true"
    assert words in refusal(write(tmp_path, council))
    shown = PUBLICATION.replace("status: draft", "status: demonstration")
    assert params.load(write(tmp_path, council, shown)).council.is_demonstration


def test_thresholds_are_pence(tmp_path: Path) -> None:
    thresholds = params.load(write(tmp_path)).council.thresholds
    assert thresholds.social_value_contract == 10_000_000
    assert thresholds.delivery_plan == 25_000_050


def test_text_stays_as_it_was_written(tmp_path: Path) -> None:
    assert params.load(write(tmp_path)).council.ward_name("E05000002") == "010"


def test_the_publications_inputs_stand_over_the_councils(tmp_path: Path) -> None:
    assert params.load(write(tmp_path)).inputs == {
        "payments": ("inputs/payments-1.csv", "inputs/payments-2.csv"),
        "proxies": ("inputs/proxies.csv",),
    }


@pytest.mark.parametrize(
    ("council", "outputs"),
    [("params/test", "outputs"), ("test", "outputs"), ("a/params/test", "a/outputs")],
)
def test_outputs_lie_beside_the_council_or_beside_params(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, council: str, outputs: str
) -> None:
    folder = tmp_path / council
    folder.mkdir(parents=True)
    path = write(folder)
    assert outputs_beside(path) == tmp_path / outputs
    monkeypatch.chdir(folder)  # where somebody works makes no difference
    assert outputs_beside(Path(path.name)) == tmp_path / outputs


def test_nothing_can_be_changed_afterwards(tmp_path: Path) -> None:
    publication = params.load(write(tmp_path))
    with pytest.raises(ValidationError, match="frozen"):
        publication.file.kind = "annual"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "data_as_at:",
            "data_as_of:",
            "'data_as_of' is not a parameter; did you mean 'data_as_at'?",
        ),
        ("data_as_at:", "data_as_of:", "'data_as_at' is missing"),
        ("title: Mid-year report 2022\n", "", "'title' is missing"),
        (
            "kind: mid-year",
            "kind: quarterly",
            "'kind': it should be 'annual' or 'mid-year' (found 'quarterly')",
        ),
        (
            "data_as_at: 2022-06-30",
            "data_as_at: 30/06/2022",
            "'data_as_at': '30/06/2022' is not a date; write 2022-06-30",
        ),
        ("data_as_at: 2022-06-30", "data_as_at: June", "write year, month and day"),
        ("title: Mid", "title:Mid", "line 3: write a space after 'title:'"),
        ("{start: 2021-12-01", "{start:2021-12-01", "write a space after 'start:'"),
        ("  this: {start: 2021-12", "\tthis: {start: 2021-12", "line 7 begins with a tab"),
        ("reports: [mid-year, wards]", "reports: [mid-year, wards", "look for a missing colon"),
        (
            "title: Mid-year",
            "title: \u202eMid-year",
            "line 3: a character that cannot be seen (right-to-left override, U+202E)",
        ),
        ("publication: 2022", "publication: 2023", "call the file 2023-mid-year.yaml"),
        ("publication: 2022-mid-year", "publication: con", "'con' is a name that Windows keeps"),
        (
            "  before: {start: 2020-12-01, end: 2021-05-31}",
            "  before: {start: 2022-12-01, end: 2023-05-31}",
            "'social_value': 'before' ends on 2023-05-31, and has to end before 'this' starts",
        ),
        (
            "start: 2021-12-01",
            "start: 2021-12-02",
            "social_value.this: it starts on 2021-12-02, but social_value_year_starts "
            "in council.yaml is 12-01",
        ),
        (
            "start: 2020-04-01",
            "start: 2020-05-01",
            "spend.before: it starts on 2020-05-01, but spend_year_starts in council.yaml is 04-01",
        ),
        (
            "status: draft",
            "status: demonstration",
            "status: it is 'demonstration', but is_demonstration in council.yaml is false",
        ),
        (
            "end: 2022-05-31",
            "end: 2021-05-31",
            "'social_value.this': it ends (2021-05-31) before it starts",
        ),
        (
            "end: 2022-05-31",
            "endd: 2022-05-31",
            "'social_value.this.endd' is not a parameter; did you mean 'end'?",
        ),
        (
            "status: draft",
            "status: draft\nstatus: final",
            "key 'status' stands on line 4 and again on line 5",
        ),
        (
            "publication: 2022-mid-year",
            "publication: ../../elsewhere",
            "'publication': '../../elsewhere' is not small letters, digits and hyphens",
        ),
        ("reports: [mid-year, wards]", "reports: [midyear]", "'reports.0': it should be 'annual'"),
        ("title: Mid-year", "title: &a Mid-year", None),
        ("title: Mid-year report 2022", "title: *a", "2022-mid-year.yaml: "),
        (
            "title: Mid-year report 2022",
            "title: !!python/name:os.system x",
            "a tag (tag:yaml.org,2002:python",
        ),
    ],
)
def test_a_fault_in_the_publication(tmp_path: Path, old: str, new: str, words: str | None) -> None:
    assert old in PUBLICATION
    path = write(tmp_path, publication=PUBLICATION.replace(old, new, 1))
    if words is None:  # an anchor that nothing refers to is only a label
        assert params.load(path).file.title.startswith("Mid-year")
    else:
        assert words in refusal(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("E05000002", "E05000001", "ward E05000001 stands twice"),
        ("E05000002", "Wales", "'wards.1.code': 'Wales' is not a ward code such as E05000001"),
        ("E08000001", "E05000001", "'lad_code': 'E05000001' is not the code of a district"),
        ("E08000001", "E0800001", "'lad_code': 'E0800001' is not the code of a district"),
        ("spend_year_starts: 04-01", "spend_year_starts: 1 April", "is not a month and a day"),
        ("name: Anytown Council", "name: ''", "'name': it says nothing, and pages print it"),
        ("name: Anytown Council", "name: ' - '", "'name': it says nothing, and pages print it"),
        ("name: North", "name: ''", "'wards.0.name': it says nothing"),
        ("name: North", "nmae: North", "'wards.0.nmae' is not a parameter; did you mean 'name'?"),
        (
            "local_quote: 10000",
            "local_quote: ten",
            "'thresholds.local_quote': it should be a valid integer",
        ),
        (
            "local_quote: 10000",
            "local_quote: 10000.5",
            "'thresholds.local_quote': it should be a valid integer",
        ),
        (
            "straight line",
            "straight line\n  deadweight: {NT10: {pct: 10, reasn: a, source: b}}",
            "'methods.deadweight.NT10.reasn' is not a parameter; did you mean 'reason'?",
        ),
        (
            "straight line",
            "straight line\n  deadweight_pct: 10",
            "'methods.deadweight_pct' is a parameter of version 0.1; svreport upgrade",
        ),
        (
            "straight line",
            "as we like",
            "'methods.due_without_milestones': it should be 'straight line'",
        ),
        ("  source: The council's policy\nmethods", "methods", "'thresholds.source' is missing"),
    ],
)
def test_a_fault_in_the_council(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in COUNCIL
    assert words in refusal(write(tmp_path, council=COUNCIL.replace(old, new, 1)))


def test_all_faults_of_both_files_in_one_message(tmp_path: Path) -> None:
    council = COUNCIL.replace("place:", "plaice:")
    publication = PUBLICATION.replace("kind: mid-year", "kind: weekly").replace("title:", "titel:")
    said = refusal(write(tmp_path, council, publication))
    assert "5 faults in the parameters" in said
    assert "nothing was run." in said
    for words in ("'plaice'", "'place' is missing", "'kind'", "'titel'", "'title' is missing"):
        assert words in said


def test_an_alias_is_refused(tmp_path: Path) -> None:
    publication = PUBLICATION.replace("title: Mid-year report 2022", "title: &t Report").replace(
        "draft", "*t"
    )
    said = refusal(write(tmp_path, publication=publication))
    assert "an alias (*t)" in said
    assert "write the value out" in said


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "council.yaml").unlink()
    assert "council.yaml: there is no such file" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"- a list", b"\xff\xfe\x00", b"a: [1", b"\x00"])
def test_a_file_that_is_no_parameter_file_is_one_message(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path)
    path.write_bytes(content)
    assert "1 fault in" in refusal(path) or "is missing" in refusal(path)


def test_a_folder_given_for_a_file_names_the_files_in_it(tmp_path: Path) -> None:
    write(tmp_path)
    said = refusal(tmp_path)
    assert "it is a folder, and a publication's parameter file was expected" in said
    assert "name a file in it: 2022-mid-year.yaml." in said


def test_every_publication_of_the_project_loads(root: Path) -> None:
    paths = [path for path in sorted(root.glob("params/*/*.yaml")) if path.name != "council.yaml"]
    assert paths, "there are no publications under params/"
    assert all(params.load(path).id == path.stem for path in paths)


SETS = """\
earlier_measure_sets:
  - {name: First, is_illustrative: yes, valid_from: 2019-01-01, valid_to: 2021-05-31, measures: [NT1, NT3]}
measure_set: {name: Second, is_illustrative: yes, valid_from: 2021-06-01, measures: [NT1, NT10]}
"""  # noqa: E501 text as a file or a script has it


def of_sets(folder: Path, **changes: str) -> params.Publication:
    text = SETS
    for old, new in changes.items():
        text = text.replace(old, new)
    old = next(line for line in COUNCIL.splitlines(keepends=True) if line.startswith("measure_set"))
    return params.load(write(folder, council=COUNCIL.replace(old, text)))


def test_measure_sets_are_dated(tmp_path: Path) -> None:
    """The comparator ends on the first set's last day, so both are in force and the series has a
    break.
    """
    publication = of_sets(tmp_path)
    assert [one.name for one in publication.measure_sets] == ["First", "Second"]
    assert publication.measure_refs == ("NT1", "NT3", "NT10")
    on = publication.council.measure_set_on
    days = (date(2018, 1, 1), date(2021, 5, 31), date(2021, 6, 1), date(2030, 1, 1))
    assert [on(day).name for day in days] == ["First", "First", "Second", "Second"]


def test_a_set_that_holds_through_both_periods_is_no_break(tmp_path: Path) -> None:
    publication = of_sets(tmp_path, **{"2021-05-31": "2020-05-31", "2021-06-01": "2020-06-01"})
    assert publication.measure_refs == ("NT1", "NT10")


def test_a_period_before_every_set_takes_the_one_that_holds(tmp_path: Path) -> None:
    council = COUNCIL.replace("valid_from: 2020-01-01", "valid_from: 2030-01-01")
    assert params.load(write(tmp_path, council=council)).measure_refs == ("NT1",)


@pytest.mark.parametrize(
    "ends", ["valid_to: 2021-06-01, ", ""], ids=["on the next one's first day", "never"]
)
def test_two_sets_at_once_are_refused(tmp_path: Path, ends: str) -> None:
    with pytest.raises(ParameterError, match="'First' has to end before 'Second' holds"):
        of_sets(tmp_path, **{"valid_to: 2021-05-31, ": ends})


def test_deadweight_needs_its_reason_and_source(tmp_path: Path) -> None:
    setting = (
        "  deadweight: {NT10: {pct: 12.5, reason: Half would have trained, source: "
        "Cabinet}}\n  source: The"
    )
    council = COUNCIL.replace(
        "  source: The council's policy\nmeasure_set", setting + " council's policy\nmeasure_set"
    )
    methods = params.load(write(tmp_path, council=council)).council.methods
    assert {ref: str(pct) for ref, pct in methods.deadweight_pct.items()} == {"NT10": "12.5"}
    assert "'methods.deadweight.NT10.reason' is missing" in refusal(
        write(tmp_path, council=council.replace("reason: Half would have trained, ", ""))
    )
    for pct in ("0", "100.1", "-5"):
        assert "methods.deadweight.NT10.pct" in refusal(
            write(tmp_path, council=council.replace("pct: 12.5", f"pct: {pct}"))
        )


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2023-annual", date(2022, 12, 31)),
        ("2023-mid-year", date(2022, 6, 30)),
        ("2022-annual", None),
    ],
)
def test_the_report_on_the_earlier_period_says_when_it_was_first_published(
    root: Path, name: str, day: date | None
) -> None:
    publication = params.load(root / "params" / "rotherham-demo" / f"{name}.yaml")
    assert publication.first_published_on == day

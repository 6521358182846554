"""The guides as written: each line that begins with svreport in a grey box is typed, and works."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from official_files import WARDS, write_official_files
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from sv_lib.cli import app
from sv_lib.errors import ParameterError
from sv_lib.intake.pipeline import read_inputs
from sv_lib.params import load
from sv_lib.publish.run.answers import check_answers
from sv_lib.publish.upgrade import upgrade

GUIDES = Path("docs/guides")
BOX = re.compile(r"^ *```\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def lines_of(guide: Path) -> list[str]:
    boxes = BOX.findall(guide.read_text(encoding="utf-8"))
    lines = [line.strip() for box in boxes for line in box.splitlines()]
    return [line for line in lines if line.startswith("svreport ")]


def type_lines(lines: list[str]) -> list[str]:
    said = []
    for line in lines:
        done = CliRunner().invoke(app, shlex.split(line)[1:])
        assert done.exit_code == 0, f"{line}\n{done.output}{done.exception!r}"
        said.append(done.output)
    return said


@pytest.fixture
def desk(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample council and nothing else, in which commands are typed."""
    shutil.copytree(root / "params" / "sample", tmp_path / "params" / "sample")
    monkeypatch.chdir(tmp_path)
    return root / GUIDES


@pytest.mark.slow
def test_the_guides_on_the_sample(desk: Path) -> None:
    said = type_lines(lines_of(desk / "five-minutes.md"))
    assert "outputs/sample/2024-25-annual/index.html" in said[1]
    assert "£270,000" in said[2]
    assert "7 rows" in said[2]
    type_lines(lines_of(desk / "correction.md"))
    quarter = type_lines(lines_of(desk / "each-quarter.md"))
    assert any("2 suppliers paid under no contract" in text for text in quarter)
    year_end = type_lines(lines_of(desk / "year-end.md"))
    assert "previous: 2024-25-annual" in Path("params/sample/2025-26-annual.yaml").read_text()
    assert "All its files are there already" in year_end[0]
    handed = type_lines(lines_of(desk / "handing-over.md"))
    assert "never run" in handed[0]


@pytest.mark.slow
def test_the_guide_to_a_first_report(desk: Path) -> None:
    write_official_files(Path.cwd(), WARDS)
    lines = lines_of(desk / "first-report.md")
    assert len(lines) <= 10
    # The wards and methods reports take a minute each and are made elsewhere.
    said = type_lines(
        [line.replace("svreport run", "svreport run --reports annual") for line in lines]
    )
    assert "3 wards of Anytown" in said[0]
    assert CalamineWorkbook.from_path("suppliers.xlsx").sheet_names == ["Suppliers"]
    assert Path("outputs/anytown/anytown-2024-25-annual.zip").is_file()


def test_every_guide_is_listed_and_every_link_leads_somewhere(root: Path) -> None:
    listed = (root / GUIDES / "README.md").read_text(encoding="utf-8")
    for guide in sorted((root / GUIDES).glob("*.md")):
        text = guide.read_text(encoding="utf-8")
        assert guide.name == "README.md" or f"({guide.name})" in listed
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (guide.parent / link).is_file(), (guide.name, link)


@pytest.fixture
def old_council(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of version 0.1, where the guide looks for it."""
    shutil.copytree(root / "tests" / "old_versions" / "0.1", tmp_path / "params" / "anytown")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "params" / "anytown"


def test_a_folder_of_version_0_1_is_upgraded_by_one_command(root: Path, old_council: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(old_council.rglob("*")) if path.is_file()}
    with pytest.raises(ParameterError, match="svreport upgrade"):
        load(old_council / "2022-mid-year.yaml")
    lines = lines_of(root / GUIDES / "upgrading.md")
    assert len(lines) == 1
    (said,) = type_lines(lines)
    assert len(said.splitlines()) == 4
    publication = load(old_council / "2022-mid-year.yaml")
    assert publication.file.status == "demonstration"
    assert publication.council.methods.deadweight_pct == {"NT1": 10, "NT10": 10}
    inputs = check_answers(read_inputs(publication), publication)
    assert [one.found for one in inputs.stops] == []
    assert int(inputs.frames["payments"]["amount_pence"].sum()) == 148050
    assert len(inputs.frames["returns"]) == 2
    history = inputs.frames["published_history"]
    assert history["lad_code"].tolist() == ["E08990001"]
    assert history["note"].tolist() == ["Of all spend,\nwith cards"]
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    names = {path.relative_to(old_council).as_posix() for path in changed}
    assert names == {"council.yaml", "2022-mid-year.yaml", "inputs/published_history.csv"}
    for path in changed:
        kept = old_council / "before-upgrade" / path.relative_to(old_council)
        assert kept.read_bytes() == before[path]
    assert "# synthetic, as everything here" in (old_council / "council.yaml").read_text()
    (said,) = type_lines(lines)
    assert said == "Nothing to change: it is read as it is.\n"


def test_no_deadweight_of_version_0_1_is_none_now(old_council: Path) -> None:
    council = old_council / "council.yaml"
    council.write_text(council.read_text().replace("deadweight_pct: 10", "deadweight_pct: 0"))
    upgrade(old_council)
    assert "deadweight" not in council.read_text()
    assert load(old_council / "2022-mid-year.yaml").council.methods.deadweight_pct == {}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"\xff\xfe", "it is no text in UTF-8"),
        (b"measures: [", "it cannot be read as YAML"),
        (b"- a list", "it lists no measures under measure_set"),
        (b"measure_set: small", "it lists no measures under measure_set"),
        (b"measure_set: {measures: NT1}", "it lists no measures under measure_set"),
        (b"methods: {deadweight_pct: 5}", "deadweight_pct does not stand on a line of its own"),
    ],
)
def test_settings_that_cannot_be_upgraded_stay_as_they_are(
    tmp_path: Path, written: bytes, said: str
) -> None:
    council = tmp_path / "council.yaml"
    council.write_bytes(written)
    with pytest.raises(ParameterError, match=said):
        upgrade(tmp_path)
    assert council.read_bytes() == written
    assert list(tmp_path.iterdir()) == [council]


def test_only_a_council_is_upgraded(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"there is no council\.yaml in it"):
        upgrade(tmp_path)

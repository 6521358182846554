"""A council's folder from nothing: questions that are asked until they are answered, and names."""

from __future__ import annotations

from pathlib import Path

import pytest
from official_files import write_official_files
from typer.testing import CliRunner

from sv_lib import cli_council
from sv_lib.cli import app
from sv_lib.errors import ParameterError
from sv_lib.params import load
from sv_lib.publish.start.council_folder import place_of

ANSWERS = ("Anytwon", "Anytown", "", "yearly", "mid-year", "1 Aprl 2024", "1 April 2024", "")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the official files of two districts, and somebody at the keyboard."""
    write_official_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli_council, "_is_somebody_there", lambda: True)
    return tmp_path / "anytown"


def test_a_wrong_answer_is_asked_again_and_nothing_is_lost(asked: Path) -> None:
    line = ["init", "anytown", "--lookup", "lookup.csv"]
    done = CliRunner().invoke(app, line, input="".join(f"{one}\n" for one in ANSWERS))
    assert done.exit_code == 0, done.output
    assert "'Anytwon' is in none of the official files" in done.output
    assert "'yearly' is neither annual nor mid-year" in done.output
    assert "'1 Aprl 2024' is no day; write it as 2025-04-01" in done.output
    publication = load(asked / "2024-25-mid-year.yaml")
    assert publication.council.name == "Anytown"
    assert str(publication.sv.start) == "2024-04-01"


def test_every_question_may_be_left_as_proposed(asked: Path) -> None:
    line = ["init", "anytown", "--lookup", "lookup.csv", "--payments", "spend.csv"]
    done = CliRunner().invoke(app, [*line, "--council", "Anytown"], input="\n" * 4)
    assert done.exit_code == 0, done.output
    publication = load(asked / "2024-25-annual.yaml")
    assert publication.file.reports == ("annual", "briefing", "wards", "methods")


def test_a_council_without_a_code_is_refused_before_anything_is_written(asked: Path) -> None:
    done = CliRunner().invoke(app, ["init", "anytown", "--council", "Anytown", "--yes"])
    assert isinstance(done.exception, ParameterError)
    assert "'Anytown' is not the code of a district or county" in str(done.exception)
    assert not asked.exists()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Blackpool Council", "Blackpool"),
        ("Rotherham Metropolitan Borough Council", "Rotherham"),
        ("London Borough of Camden", "Camden"),
        ("City of York Council", "York"),
        ("Isle of Wight Council", "Isle of Wight"),
        ("Devon", "Devon"),
    ],
)
def test_the_place_of_a_council_is_its_name_without_its_kind(name: str, place: str) -> None:
    assert place_of(name) == place

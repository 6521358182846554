"""Codes for persons are read as hashes under the council's key, and never seen again."""

from __future__ import annotations

import hmac
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sv_lib.intake.corrections import Correction, apply
from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.intake.returns.person_keys import make_key
from sv_lib.params import Publication

Publish = Callable[..., Publication]
LINE = "  beneficiaries: inputs/homes.csv\n"
HOMES = "claim_id,home_lsoa_code,headcount,person_key\nR1,,1,K7-0412\nR1,,1,\nR2,,{},K7-0412\n"
KEY = "0123456789abcdef"


def inputs(
    publish: Publish, key: str = KEY, name: str = "person.key", several: int = 1, mode: int = 0o600
) -> Inputs:
    made = publish(**{"inputs__homes_dot_csv": HOMES.format(several), "person_dot_key": key})
    made.path.with_name("person.key").chmod(mode)
    texts = made.path.read_text(encoding="utf-8").replace("inputs:\n", f"inputs:\n{LINE}")
    made.path.write_text(texts, encoding="utf-8")
    council = made.path.with_name("council.yaml")
    if name:
        with council.open("a", encoding="utf-8") as file:
            file.write(f"person_key_file: {name}\n")
    return read_inputs(publish())


def test_a_code_is_kept_as_a_hash_under_the_key(publish: Publish) -> None:
    made = inputs(publish)
    first, blank, again = made.frames["beneficiaries"]["person_key"]
    assert made.findings == ()
    assert first == again
    assert first == hmac.new(KEY.encode(), b"K7-0412", "sha256").hexdigest()
    assert blank is None or blank != blank
    assert "K7" not in str(made)
    assert KEY not in str(made)


def test_a_council_without_a_key_has_the_codes_left_out(publish: Publish) -> None:
    made = inputs(publish, name="")
    (said,) = made.findings
    assert (said.id, said.severity) == ("people.no_key", "warn")
    assert "make_key('~/social-value.key')" in said.remedy
    assert made.frames["beneficiaries"]["person_key"].isna().all()


@pytest.mark.parametrize(
    ("name", "key", "found"),
    [
        ("other.key", KEY, "there is no such file"),
        ("inputs", KEY, "there is no such file"),
        ("~nobody-of-that-name/key", KEY, "there is no such file"),
        ("k" * 300, KEY, "the file cannot be read"),
        ("person.key", "short", "the file is not one line of at least 16 characters"),
        ("person.key", f"{KEY}\n{KEY}", "the file is not one line of at least 16 characters"),
    ],
)
def test_a_key_that_cannot_be_used_stops_the_run(
    publish: Publish, name: str, key: str, found: str
) -> None:
    made = inputs(publish, key, name)
    (said,) = made.findings
    assert (said.id, said.severity, said.found) == ("people.bad_key", "stop", found)
    assert made.frames["beneficiaries"]["person_key"].isna().all()
    assert key not in str(made)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a mode says nothing of other people")
@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_may_read_is_used_with_a_warning(publish: Publish, mode: int) -> None:
    made = inputs(publish, mode=mode)
    (said,) = made.findings
    assert (said.id, said.severity) == ("people.open_key", "warn")
    assert said.found == "other people of this machine may read the file"
    assert made.frames["beneficiaries"]["person_key"].notna().sum() == 2


def test_a_key_in_a_repository_is_used_with_a_warning(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (said,) = inputs(publish).findings
    assert said.found == "the file lies in a git repository, which is made to be shared"


def test_the_key_of_a_demonstration_may_be_seen(publish: Publish, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    made = publish()
    for path, old, new in (
        (made.path, "status: draft", "status: demonstration"),
        (made.path.with_name("council.yaml"), "demonstration: false", "demonstration: true"),
    ):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    assert inputs(publish, mode=0o644).findings == ()


def test_a_key_outside_the_parameters_is_found_from_home(
    publish: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    make_key("~/ours.key")
    made = inputs(publish, name="~/ours.key")
    assert made.findings == ()
    key = (tmp_path / "ours.key").read_text(encoding="ascii").strip()
    code = made.frames["beneficiaries"]["person_key"].iloc[0]
    assert code == hmac.new(key.encode(), b"K7-0412", "sha256").hexdigest()


def test_a_made_key_is_its_owner_s_alone_and_never_written_over(tmp_path: Path) -> None:
    first, second = tmp_path / "a.key", tmp_path / "b.key"
    for path in (first, second):
        make_key(str(path))
    keys = [path.read_text(encoding="ascii") for path in (first, second)]
    assert [len(key) for key in keys] == [65, 65]
    assert keys[0] != keys[1]
    assert stat.S_IMODE(first.stat().st_mode) & 0o077 == 0
    with pytest.raises(FileExistsError):
        make_key(str(first))
    assert first.read_text(encoding="ascii") == keys[0]


def test_a_row_with_a_code_tells_of_one_person(publish: Publish) -> None:
    (said,) = inputs(publish, several=2).findings
    assert (said.id, said.row, said.found) == ("people.key_of_many", 4, "2 people")


@pytest.mark.parametrize(
    ("key", "column", "left"),
    [({"claim_id": "R1"}, "person_key", "R1"), ({"person_key": "K7-0412"}, "headcount", "")],
)
def test_a_code_is_not_corrected_in_the_open(key: dict[str, str], column: str, left: str) -> None:
    homes = pd.DataFrame({"claim_id": ["R1"], "person_key": ["K7-0412"], "headcount": ["1"]})
    wanted = {"table": "beneficiaries", "key": key, "column": column, "expected": "K7-0412"}
    why = {"value": "K7-0413", "why": "a slip", "who": "the team", "on": "2022-06-10"}
    applied, found = apply(
        {"beneficiaries": homes}, [Correction.model_validate(wanted | why)], "corrections.yaml"
    )
    (said,) = found
    assert (said.id, said.found) == (
        "corrections.of_a_code",
        f"correction 1 (beneficiaries, {left})",
    )
    assert applied.empty
    assert "K7" not in str(found)

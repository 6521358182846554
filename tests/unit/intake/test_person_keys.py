"""Codes for persons are read as hashes under the council's key, and never seen again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sv_lib.intake.pipeline import Inputs, read_inputs
from sv_lib.params import Publication

Publish = Callable[..., Publication]
LINE = "  beneficiaries: inputs/homes.csv\n"
HOMES = "claim_id,home_lsoa_code,headcount,person_key\nR1,,1,K7-0412\nR1,,1,\nR2,,{},K7-0412\n"
KEY = "0123456789abcdef"


def inputs(publish: Publish, key: str = KEY, name: str = "person.key", several: int = 1) -> Inputs:
    made = publish(**{"inputs__homes_dot_csv": HOMES.format(several), "person_dot_key": key})
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
    assert (len(first), blank is None or blank != blank) == (64, True)
    assert "K7" not in str(made)


@pytest.mark.parametrize(
    ("name", "key", "found"),
    [
        ("", KEY, "council.yaml names no key"),
        ("other.key", KEY, "there is no file 'other.key'"),
        ("../key", KEY, "'../key' leaves the folder of the parameters"),
        ("person.key", "short", "'person.key' is not one line of at least 16 characters"),
    ],
)
def test_without_a_key_no_code_is_read(publish: Publish, name: str, key: str, found: str) -> None:
    made = inputs(publish, key, name)
    (said,) = made.findings
    assert (said.id, said.severity, said.found) == ("people.no_key", "stop", found)
    assert "person_key_file: person.key" in said.remedy
    assert made.frames["beneficiaries"]["person_key"].isna().all()


def test_a_row_with_a_code_tells_of_one_person(publish: Publish) -> None:
    (said,) = inputs(publish, several=2).findings
    assert (said.id, said.row, said.found) == ("people.key_of_many", 4, "2 people")

"""An id and its slots make a finding, and a mistake in a call is loud."""

from __future__ import annotations

import pandas as pd
import pytest

from sv_lib.errors import InputError
from sv_lib.intake.findings import (
    PUBLISHED,
    Finding,
    as_frame,
    catalogue,
    file_error,
    finding,
    findings_by_row,
    told,
)


def test_a_finding_is_made_of_the_words_of_the_catalogue() -> None:
    made = finding("tables.no_column", "a.csv", 1, "amount", table="payments", meaning="net of VAT")
    assert made == Finding(
        "stop",
        "a.csv",
        1,
        "amount",
        "there is no column 'amount'",
        "the table 'payments' needs it: net of VAT",
        "add a column headed 'amount'",
    )
    assert made.id == "tables.no_column"


def test_a_similar_word_or_a_remedy_of_its_own_goes_before_the_catalogues() -> None:
    near = finding("tables.unknown_column", "a.csv", 1, "Amuont", table="payments", near="amount")
    assert near.remedy == "did you mean 'amount'?"
    none = finding("tables.unknown_column", "a.csv", 1, "x", table="payments", near=None)
    assert none.remedy == "nothing, if it was not meant to be read"
    own = finding("tables.unknown_column", "a.csv", 1, "x", table="payments", remedy="{look} at it")
    assert own.remedy == "{look} at it"


def test_braces_in_a_cell_are_text() -> None:
    assert finding("links.not_in_table", "a.csv", 2, "x", value="{file}", **TARGET).found == (
        "'{file}'"
    )


TARGET = {"target": "suppliers.supplier_id", "table": "suppliers", "near": None}


@pytest.mark.parametrize(
    ("finding_id", "slots"),
    [("tables.no_such", {}), ("links.not_in_table", {}), ("files.no_rows", {"rows": "3"})],
)
def test_an_unknown_id_and_a_slot_too_few_or_too_many_fail(
    finding_id: str, slots: dict[str, str]
) -> None:
    with pytest.raises(KeyError):
        finding(finding_id, "a.csv", **slots)


def test_the_severity_is_said_exactly_once() -> None:
    with pytest.raises(ValueError, match="say the severity"):
        finding("files.no_rows", "a.csv", severity="note")
    unsaid = next(name for name, words in catalogue().items() if words.severity is None)
    with pytest.raises(ValueError, match="say the severity"):
        finding(unsaid, "a.csv")


def test_ten_rows_are_told_one_by_one_and_the_rest_are_counted() -> None:
    rows = pd.DataFrame({"source_file": "a.csv", "source_row": range(2, 42), "ward": "E05"})
    made = list(findings_by_row("links.undated_contract", rows, "ward", slots=None))
    assert [one.row for one in made] == list(range(2, 13))
    assert made[0].found == "'E05'"
    assert made[-1].found == "30 more rows, from row 12 to row 41"
    assert (made[-1].problem, made[-1].remedy) == (made[0].problem, "as above")
    assert made[-1].id == "links.undated_contract"


def test_a_file_that_cannot_be_read_keeps_its_id() -> None:
    findings: list[Finding] = []
    with told("inputs/a.csv", findings):
        raise file_error("files.not_there", "inputs/a.csv", key="payments", near="b.csv")
    with told("inputs/b.csv", findings):
        raise InputError("inputs/b.csv", "found", "matters", "remedy")
    assert [one.id for one in findings] == ["files.not_there", ""]
    assert findings[0].remedy == "did you mean 'b.csv'?"


def test_the_published_table_has_no_ids() -> None:
    assert list(as_frame([finding("files.no_rows", "a.csv")]).columns) == PUBLISHED

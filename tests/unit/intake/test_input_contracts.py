"""The contracts made from the tables, and that no setting of pandera's switches them off."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from sv_lib.errors import ParameterError
from sv_lib.intake.findings import nearest
from sv_lib.intake.tables.columns import Table
from sv_lib.intake.tables.dictionary import TABLES
from sv_lib.intake.tables.validation import check_table, refuse_unchecked_runs, schema


def texts(table: Table, *rows: dict[str, str]) -> pd.DataFrame:
    names = [column.name for column in table.columns]
    frame = pd.DataFrame(
        [{name: row.get(name, "") for name in names} for row in rows], columns=names, dtype="str"
    )
    return frame.assign(source_file="inputs/file.csv", source_row=range(2, len(rows) + 2))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_contract_and_an_empty_frame_keeps_it(name: str) -> None:
    table = TABLES[name]
    assert list(schema(table).columns) == [column.frame_name for column in table.columns]
    frame, findings = check_table(texts(table), table)
    assert (len(schema(table).validate(frame)), findings) == (0, [])


@pytest.mark.parametrize("name", TABLES)
def test_a_row_of_blanks_breaks_every_column_that_must_be_filled(name: str) -> None:
    table = TABLES[name]
    _, findings = check_table(texts(table, {}), table)
    assert {finding.column for finding in findings} == {
        column.name for column in table.columns if column.filled
    }
    assert {finding.row for finding in findings} == {2}


def test_many_faults_of_one_kind_are_a_few_lines_and_a_count() -> None:
    quotes = TABLES["quotes"]
    row = {"on": "2022-01-01", "directorate": "Place", "amount": "one"}
    _, findings = check_table(
        texts(quotes, *({"exercise_id": f"Q{n}", **row} for n in range(40))), quotes
    )
    assert len(findings) == 11
    assert findings[-1].found == "30 more rows, from row 12 to row 41"


def test_findings_never_show_panderas_own_words() -> None:
    returns = TABLES["returns"]
    _, findings = check_table(
        texts(returns, {"claim_id": "R1", "attribution": "7"}, {"claim_id": "R1"}), returns
    )
    said = " ".join(f"{finding.found} {finding.problem} {finding.remedy}" for finding in findings)
    assert not any(
        word in said
        for word in ("pandera", "schema", "Column", "nullable", "uniqueness", "NaN", "None")
    )


@pytest.mark.parametrize("value", ["False", "false", "0", "no", "off", ""])
def test_a_run_without_checks_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", value)
    with pytest.raises(ParameterError, match="they switch the checks of the input files off"):
        refuse_unchecked_runs()


@pytest.mark.parametrize(
    ("name", "value"), [("ENABLED", "False"), ("ENABLED", "nonsense"), ("DEPTH", "SCHEMA_ONLY")]
)
def test_it_is_refused_however_early_it_was_set(name: str, value: str) -> None:
    code = "from sv_lib.intake.tables.validation import refuse_unchecked_runs as refuse; refuse()"
    environment = {f"PANDERA_VALIDATION_{name}": value, "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert "no setting turns a check off" in ran.stderr


def test_the_nearest_word() -> None:
    assert nearest("Amuont", ["amount", "paid_on"]) == "amount"
    assert nearest("stories.csv", ["postcodes.csv", "README.md"]) is None

"""The ways that the intake benchmark times read the same from the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.intake import LEDGER, POSTCODES, WAYS, make_ledger, make_postcodes, write_parameters


@pytest.mark.parametrize(("file", "make"), [(LEDGER, make_ledger), (POSTCODES, make_postcodes)])
def test_every_way_finds_the_same(file: str, make: object, tmp_path: Path) -> None:
    write_parameters(tmp_path)
    assert callable(make)
    make(tmp_path / file, 900)  # an export of exactly 1,000 rows would be doubted
    answers = {way: round(float(str(begin(tmp_path)()))) for way, begin in WAYS[file].items()}
    assert len(set(answers.values())) == 1, answers
    assert next(iter(answers.values())) > 0

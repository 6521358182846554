"""Numbers that are recalled are those that were remembered, to the last row and secret; no name is
written down.
"""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_council import DRAWINGS, inputs, publication

from sv_lib.figures.calculation import numbers, tell
from sv_lib.figures.remembered import recall, remember
from sv_lib.figures.saved import TRAIL, Calculation


def remembered(made: Calculation, place: Path) -> Calculation:
    made.save_trail(place)
    (place / "kept").mkdir()
    remember(made, place / TRAIL, place / "kept")
    return recall(place / "kept")


@pytest.mark.parametrize("profile", ["public", "exempt"])
@pytest.mark.parametrize("kind", ["mid-year", "annual"])
def test_what_is_recalled_is_what_was_remembered(profile: str, kind: str, tmp_path: Path) -> None:
    made = numbers(publication(profile, kind), inputs())
    again = remembered(made, tmp_path)
    assert list(again.trail) == list(made.trail)
    assert again.trail.files == made.trail.files
    for figure in made.trail:
        ours, theirs = made.trail.own_rows(figure.id), again.trail.own_rows(figure.id)
        assert (ours is None) is (theirs is None), figure.id
        if ours is not None and theirs is not None:
            assert ours.keys.tolist() == theirs.keys.tolist(), figure.id
            assert ours.amounts.tolist() == theirs.amounts.tolist(), figure.id
    assert again.tables.keys() == made.tables.keys()
    for name in made.tables:
        assert again.content(("table", name)) == made.content(("table", name)), name


@pytest.mark.parametrize("profile", ["public", "exempt"])
@pytest.mark.parametrize("only", ["payments", "returns", "contracts", ""])
def test_a_council_with_few_inputs_has_its_numbers_back(
    only: str, profile: str, tmp_path: Path
) -> None:
    made = numbers(
        publication(profile), inputs(**{name: None for name in DRAWINGS if name != only})
    )
    again = remembered(made, tmp_path)
    assert list(again.trail) == list(made.trail)
    assert [again.trail.rows_sha256(f.id) for f in made.trail] == [
        made.trail.rows_sha256(f.id) for f in made.trail
    ]
    assert {name: again.content(("table", name)) for name in again.tables} == {
        name: made.content(("table", name)) for name in made.tables
    }


def test_secrets_come_back(tmp_path: Path) -> None:
    made = numbers(publication("public"), inputs())
    again = remembered(made, tmp_path)
    assert made.secrets is not None
    assert again.secrets is not None
    assert made.secrets.figures
    for name in ("figures", "rows", "open_pounds", "many"):
        assert getattr(again.secrets, name) == getattr(made.secrets, name), name
    assert again.secrets.is_hidden.tolist() == made.secrets.is_hidden.tolist()
    for field in fields(made.secrets.cells):
        ours, theirs = (
            getattr(made.secrets.cells, field.name),
            getattr(again.secrets.cells, field.name),
        )
        np.testing.assert_array_equal(np.array(ours, dtype=object), np.array(theirs, dtype=object))


def test_words_are_told_again_and_never_written_down(tmp_path: Path) -> None:
    again = remembered(numbers(publication("public"), inputs()), tmp_path)
    assert again.secrets is not None
    assert again.secrets.words == frozenset()
    tables = " ".join(table.to_csv() for table in again.tables.values())
    assert not {"R01", "Gamma", "Delta"} & set(tables.replace(",", " ").split())
    told = tell(again, publication("public"), inputs())
    assert told.secrets is not None
    assert {"R01", "Gamma", "Delta"} <= told.secrets.words


def test_decimals_keep_the_places_they_were_written_with(tmp_path: Path) -> None:
    made = numbers(publication(), inputs())
    values = [Decimal("0.5"), Decimal("0.125"), None, Decimal(1)]
    table = pd.DataFrame({"share": values, "words": ["a", None, "nan", ""]}, dtype="object")
    again = remembered(replace(made, tables={**made.tables, "shares": table}), tmp_path)
    assert [str(share) for share in again.tables["shares"]["share"]] == [
        "0.5",
        "0.125",
        "None",
        "1",
    ]
    assert again.tables["shares"]["words"].tolist() == ["a", None, "nan", ""]


def test_a_column_that_would_come_back_as_something_else_is_refused(tmp_path: Path) -> None:
    made = numbers(publication(), inputs())
    table = pd.DataFrame({"mixed": [1, "a"]}, dtype="object")
    with pytest.raises(TypeError, match=r"would come back as something else: .'mixed': 'intstr'"):
        remembered(replace(made, tables={"t": table}), tmp_path)

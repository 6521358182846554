"""The ladder: which sections stand for which inputs, and what to add next."""

from __future__ import annotations

from pathlib import Path

from sv_lib.intake.input_files import KEYS
from sv_lib.intake.pipeline import read_inputs
from sv_lib.intake.tables.dictionary import NAMES
from sv_lib.params import load
from sv_lib.present import (
    pieces,
    sections,  # noqa: F401 it names the pieces
)
from sv_lib.present.ladder import LADDER, is_left_out, left_out_words, next_steps, tables_of


def test_every_name_of_the_ladder_is_a_section_a_table_or_an_input() -> None:
    named = [*pieces.TEXTS, *pieces.TABLES, *pieces.CHARTS]
    assert set(LADDER.sections) <= set(map(pieces.section_of, named))
    needs = [*LADDER.sections.values(), *LADDER.parts.values()]
    tables = {table for one in needs for table in (*one.any_of, *one.with_)}
    tables |= {table for step in LADDER.steps for table in step.tables}
    tables |= {table for given in LADDER.gives.values() for table in given}
    assert tables <= set(NAMES)
    assert set(LADDER.gives) <= set(KEYS)
    assert all(one.words for one in LADDER.sections.values())


def test_with_everything_nothing_is_left_out_and_nothing_is_next() -> None:
    assert left_out_words(NAMES) == []
    assert next_steps(NAMES) == []
    assert not any(is_left_out(part, NAMES) for part in LADDER.parts)


def test_with_payments_alone_the_money_stands_and_suppliers_are_next() -> None:
    assert not is_left_out("spend", ["payments"])
    assert is_left_out("stories", ["payments"])
    assert next_steps(["payments"])[0].name == "Supplier list with postcodes"


def test_deprivation_needs_the_indices_and_something_to_hold_against_them() -> None:
    assert is_left_out("deprivation", ["deprivation"])
    assert is_left_out("deprivation", ["beneficiaries"])
    assert not is_left_out("deprivation", ["deprivation", "beneficiaries"])


def test_notices_and_forms_count_as_the_tables_they_give() -> None:
    given = tables_of(["contracts_notices", "return_forms"])
    assert {"contracts", "returns", "beneficiaries"} <= given


def test_the_sample_council_stands_on_the_last_step(root: Path) -> None:
    inputs = read_inputs(load(root / "params/sample/2024-25-annual.yaml"))
    assert inputs.stops == []
    assert next_steps(inputs.supplied) == []
    assert left_out_words(inputs.supplied) == []

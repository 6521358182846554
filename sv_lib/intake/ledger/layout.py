"""A layout says which of a ledger's columns is which: an analyst's answer, kept as YAML."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from sv_lib.errors import without_breaks
from sv_lib.intake.findings import file_error
from sv_lib.intake.ledger.headings import Basis
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml

NEEDED = ("paid_on", "amount")
NO_ANSWERS = ("columns", "redacted", "vat_basis", "headings")
"""Keys of a layout that answer no question of a single file."""


class Layout(Settings):
    """How a ledger is read. ``columns``: our name -> its heading.

    ``redacted``: how a hidden supplier's name begins. ``headings``: all that the file had when
    this was saved; a file that has others is a finding. The keys after it answer questions of a
    file, and are asked again of every file whose rows say otherwise. ``paid_on``: the day of every
    payment of the file, or of each file by name. ``accepted``: questions of a file, word for word,
    that are answered by leaving the rows as they are.
    """

    columns: dict[str, str]
    redacted: tuple[str, ...] = ()
    vat_basis: Basis
    headings: tuple[str, ...] = ()
    currency: Literal["", "GBP"] = ""
    credit_notes: Literal["", "negative by type", "as they stand"] = ""
    credit_column: str = ""
    minus: Literal["", "payments", "credits"] = ""
    unit: Literal["", "pounds"] = ""
    dates: Literal["", "day first", "month first", "swapped by a spreadsheet"] = ""
    paid_on: date | dict[str, date] | None = None
    suppliers: Literal["", "none"] = ""
    sheets: tuple[str, ...] = ()
    accepted: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def answers(self) -> dict[str, str]:
        """What it answers, by key, but for the questions that are accepted."""
        given = self.model_dump(mode="json", exclude_defaults=True)
        keys = [key for key in given if key not in (*NO_ANSWERS, "accepted")]
        return {key: str(given[key]) for key in keys}


def read_layout(path: Path, name: str) -> Layout:
    """The layout of a YAML file. Raises InputError when it is not one."""
    try:
        layout = Layout.model_validate(read_yaml(path))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as fault:
        raise file_error("ledger.not_a_layout", name, fault=without_breaks(fault)) from None
    unknown = [ours for ours in layout.columns if ours not in PAYMENTS.names]
    if unknown:
        known = ", ".join(PAYMENTS.names)
        raise file_error("ledger.unknown_column", name, unknown=", ".join(unknown), known=known)
    needed = ("amount",) if layout.paid_on else NEEDED
    absent = [ours for ours in needed if ours not in layout.columns]
    if absent:
        raise file_error("ledger.column_not_said", name, absent=" and ".join(absent))
    return layout

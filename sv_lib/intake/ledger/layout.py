"""A layout says which of a ledger's columns is which: an analyst's answer, kept as YAML."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import ValidationError

from sv_lib.errors import ParameterError
from sv_lib.intake.files.headers import plain
from sv_lib.intake.findings import file_error
from sv_lib.intake.ledger.headings import Basis
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml

NEEDED = ("paid_on", "amount")
FOLDER = "layouts"
"""The folder beside the parameters in which layouts are kept."""
ABOVE = (
    "# How the published payments are read: our column -> their heading. Columns not named "
    "here are not read.\n"
)


class Layout(Settings):
    """How a ledger is read. ``columns``: our name -> its heading.

    ``redacted``: how a hidden supplier's name begins. ``headings``: all that the file had when
    this was saved; a file that has others is a finding.
    """

    columns: dict[str, str]
    redacted: tuple[str, ...] = ()
    vat_basis: Basis
    headings: tuple[str, ...] = ()


def read_layout(path: Path, name: str) -> Layout:
    """The layout of a YAML file. Raises InputError when it is not one."""
    try:
        layout = Layout.model_validate(read_yaml(path))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as fault:
        in_one_line = " ".join(str(fault).split())
        raise file_error("ledger.not_a_layout", name, fault=in_one_line) from None
    unknown = [ours for ours in layout.columns if ours not in PAYMENTS.names]
    if unknown:
        known = ", ".join(PAYMENTS.names)
        raise file_error("ledger.unknown_column", name, unknown=", ".join(unknown), known=known)
    absent = [ours for ours in NEEDED if ours not in layout.columns]
    if absent:
        raise file_error("ledger.column_not_said", name, absent=" and ".join(absent))
    return layout


def save_layouts(layouts: Iterable[Layout], params: Path) -> list[Path]:
    """Write each different layout beside the parameters, for a person to edit.

    Raises ParameterError where there is no such folder, or another layout stands already.
    """
    council = params if params.is_dir() else params.parent
    if not council.is_dir():
        raise ParameterError(
            str(params),
            "there is no such folder",
            "a mapping is kept with its parameters",
            "make it",
        )
    written = []
    for number, layout in enumerate(_different(layouts), start=1):
        number_in_name = f"-{number}" if number > 1 else ""
        path = council / FOLDER / f"payments{number_in_name}.yaml"
        _write(path, layout)
        written.append(path)
    return written


def _different(layouts: Iterable[Layout]) -> list[Layout]:
    """The layouts that read other columns; files with one layout share their headings."""
    different: dict[tuple[tuple[str, str], ...], Layout] = {}
    for layout in layouts:
        key = tuple((ours, plain(theirs)) for ours, theirs in layout.columns.items())
        known = different.get(key, layout)
        headings = tuple(dict.fromkeys([*known.headings, *layout.headings]))
        different[key] = known.model_copy(update={"headings": headings})
    return list(different.values())


def _write(path: Path, layout: Layout) -> None:
    settings = layout.model_dump(mode="json")
    text = ABOVE + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)
    # What an analyst decided is never written over.
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise ParameterError(
            f"{FOLDER}/{path.name}",
            "another mapping stands there",
            "what somebody decided would be lost",
            "edit it, or move it away and save again",
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")

"""Suppliers' codes for persons, kept only as keyed hashes.

A plain hash of a payroll number is soon found by trying all numbers; with the council's own key it
is not. The code itself goes no further than here.
"""

from __future__ import annotations

import hmac

import pandas as pd

from sv_lib.intake.files.cells import SPREADSHEET_ERROR
from sv_lib.intake.findings import Finding, finding, findings_by_row
from sv_lib.params import Publication

COLUMN = "person_key"
SETTING = "person_key_file"
SHORTEST = 16
"""Characters that a key has at least."""


def hashed(homes: pd.DataFrame, publication: Publication) -> tuple[pd.DataFrame, list[Finding]]:
    """The table beneficiaries as text, its codes of persons as HMAC-SHA256 under the council's key.

    Without a key that can be used the codes are blanked, and a finding stops the run. So does a row
    with a code that tells of more than one person.
    """
    codes = homes[COLUMN].str.strip()
    # A formula that failed is no code: it stays as it is, for the check of the cell to tell.
    is_failed = codes.str.fullmatch(SPREADSHEET_ERROR)
    is_given = (codes != "") & ~is_failed
    if not is_given.any():
        return homes, []
    key, fault = _key(publication)
    if fault:
        found = finding("people.no_key", "council.yaml", None, SETTING, fault=fault)
        return homes.assign(**{COLUMN: ""}), [found]
    hashes = {code: _hash(code, key) for code in codes[is_given].unique()}
    several = homes[is_given & (homes["headcount"].str.strip() != "1")]
    many = findings_by_row("people.key_of_many", several, "headcount")
    return homes.assign(**{COLUMN: codes.map(hashes).fillna(codes)}), list(many)


def _hash(code: str, key: bytes) -> str:
    return hmac.new(key, code.encode(), "sha256").hexdigest()


def _key(publication: Publication) -> tuple[bytes, str]:
    """The council's key, or what keeps it from being used."""
    name = publication.council.person_key_file
    if not name:
        return b"", "council.yaml names no key"
    folder = publication.path.parent.resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        return b"", f"'{name}' leaves the folder of the parameters"
    if not path.is_file():
        return b"", f"there is no file '{name}'"
    lines = path.read_bytes().strip().splitlines()
    if len(lines) != 1 or len(lines[0]) < SHORTEST:
        return b"", f"'{name}' is not one line of at least {SHORTEST} characters"
    return lines[0], ""

"""Suppliers' codes for persons, kept only as keyed hashes.

A plain hash of a payroll number is soon found by trying all numbers; with the council's own key it
is not. The code itself goes no further than here, and neither does the key.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sv_lib.intake.files.cells import SPREADSHEET_ERROR
from sv_lib.intake.findings import Finding, finding, findings_by_row
from sv_lib.params import Publication

COLUMN = "person_key"
SETTING = "person_key_file"
SHORTEST, LONGEST = 16, 1_000
"""Characters that a key has at least, and at most."""
OTHERS = 0o077
"""What a file may allow to others than its owner."""


def make_key(path: str) -> None:
    """Write a new key into a file that its owner alone can read; ``~`` is the home folder.

    Raises FileExistsError where there is a file: codes under its key could never be told again.
    """
    file = Path(path).expanduser()
    # Closed to others before there is anything in it.
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(f"{secrets.token_hex(32)}\n", encoding="ascii")


def hashed(homes: pd.DataFrame, publication: Publication) -> tuple[pd.DataFrame, list[Finding]]:
    """The table beneficiaries as text, its codes of persons as HMAC-SHA256 under the council's key.

    A council without a key has the codes blanked, with a finding; one that names a key which cannot
    be used is stopped. So is a row with a code that tells of more than one person.
    """
    codes = homes[COLUMN].str.strip()
    # A formula that failed is no code: it stays as it is, for the check of the cell to tell.
    is_failed = codes.str.fullmatch(SPREADSHEET_ERROR)
    is_given = (codes != "") & ~is_failed
    if not is_given.any():
        return homes, []
    blank = homes.assign(**{COLUMN: ""})
    name = publication.council.person_key_file
    if not name:
        return blank, [finding("people.no_key", "council.yaml", None, SETTING)]
    path = publication.path.parent / _from_home(name)
    key, fault = _key(path)
    if fault:
        return blank, [finding("people.bad_key", "council.yaml", None, SETTING, fault=fault)]
    found = []
    if not publication.council.is_demonstration:
        found += [
            finding("people.open_key", "council.yaml", None, SETTING, fault=fault)
            for fault in _within_reach(path)
        ]
    hashes = {code: _hash(code, key) for code in codes[is_given].unique()}
    several = homes[is_given & (homes["headcount"].str.strip() != "1")]
    found += findings_by_row("people.key_of_many", several, "headcount")
    return homes.assign(**{COLUMN: codes.map(hashes).fillna(codes)}), found


def key_within(publication: Publication) -> Path | None:
    """The file of the key where it lies among the parameters, which keeps no secret.

    None where there is none, or it lies elsewhere: then it stays where it is.
    """
    name = publication.council.person_key_file
    folder = publication.path.parent.resolve()
    if not name:
        return None
    path = (folder / _from_home(name)).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def key_elsewhere(publication: Publication) -> bool:
    """Whether the council names a key that does not lie among the parameters."""
    return bool(publication.council.person_key_file) and key_within(publication) is None


def _hash(code: str, key: bytes) -> str:
    return hmac.new(key, code.encode(), "sha256").hexdigest()


def _from_home(name: str) -> Path:
    """A path whose ``~`` is the home folder; one of somebody who is not here stays as it is."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def _key(path: Path) -> tuple[bytes, str]:
    """The key in a file, or what keeps it from being used; that never holds a part of it."""
    try:
        if not path.is_file():
            return b"", "there is no such file"
        with path.open("rb") as file:
            lines = file.read(LONGEST).strip().splitlines()
    except OSError:
        return b"", "the file cannot be read"
    if len(lines) != 1 or len(lines[0]) < SHORTEST:
        return b"", f"the file is not one line of at least {SHORTEST} characters"
    return lines[0], ""


def _within_reach(path: Path) -> Iterator[str]:
    """Why others than its owner may come to see a key."""
    is_posix = os.name == "posix"  # elsewhere the mode of a file says nothing of other people
    if is_posix and path.stat().st_mode & OTHERS:
        yield "other people of this machine may read the file"
    if any((folder / ".git").exists() for folder in path.resolve().parents):
        yield "the file lies in a git repository, which is made to be shared"

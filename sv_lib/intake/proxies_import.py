"""Reads a council's licensed workbook of proxies into the canonical proxies table.

Each price says where it is from and who checked it. ``proxies_import.yaml`` has the headings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.added_rows import POUND_AND_COMMAS
from sv_lib.intake.files.readers import RawTable, read_table
from sv_lib.intake.files.streamed_files import columns_by_pattern
from sv_lib.intake.findings import Finding, counted, file_error, finding
from sv_lib.intake.tables.dictionary import PROXIES
from sv_lib.strict_yaml import data_beside


@dataclass(frozen=True)
class ProxyWords:
    """What ``proxies_import.yaml`` holds."""

    headings: dict[str, str]
    usual_headings: list[str]
    units: dict[str, str]
    no_price: list[str]


WORDS = data_beside(__file__, ProxyWords)
REF = re.compile(r"[A-Z]{2,4}\d+[a-z]?", re.IGNORECASE)
PRICE = re.compile(r"\d{1,12}(\.\d{1,12})?")


@dataclass(frozen=True)
class Authority:
    """What makes a price usable: its edition, where it is published, who checked it and when."""

    edition: str
    source: str
    checked_by: str
    checked_on: date


@dataclass(frozen=True)
class Imported:
    """The canonical rows, and what was left out and why."""

    rows: list[dict[str, str]]
    findings: list[Finding]

    def csv(self) -> str:
        """Return the rows as the file that 'proxies' in the inputs names."""
        frame = pd.DataFrame(self.rows, columns=PROXIES.names)
        return frame.to_csv(index=False, lineterminator="\n")


def read_proxies(path: Path, authority: Authority, units: Mapping[str, str]) -> Imported:
    """Read a workbook, whatever the order of its columns.

    ``units``: the unit of each measure of the catalogue. Raises InputError, one message with every
    fault, when a price lacks its authority or cannot be read for sure.
    """
    _check_authority(path.name, authority)
    raw = read_table(path, path.name, WORDS.usual_headings)
    columns = columns_by_pattern(list(raw.columns), WORDS.headings)
    missing = [ours for ours in WORDS.headings if ours not in columns]
    if missing:
        headings = ", ".join(raw.columns)
        raise file_error(
            "proxies.columns", raw.name, columns=" and ".join(missing), headings=headings
        )
    imported = _Import(raw, authority, units).read(columns)
    stops = [said for said in imported.findings if said.severity == "stop"]
    if stops:
        lines = [
            f"  - row {stop.row}: {stop.found}: {stop.problem}; {stop.remedy}" for stop in stops
        ]
        raise InputError(
            raw.name,
            f"{counted(len(stops), 'finding')} to mend first:\n" + "\n".join(lines),
            "a wrong price makes every claim of its measure wrong",
            "correct the rows named above",
        )
    return imported


def _check_authority(file: str, authority: Authority) -> None:
    """Raise InputError when nobody answers for the prices."""
    said = {
        "edition": authority.edition,
        "source": authority.source,
        "checked_by": authority.checked_by,
    }
    absent = [name for name, text in said.items() if not text.strip()]
    if absent:
        raise file_error("proxies.authority", file, absent=" and no ".join(absent))


class _Import:
    """One reading of a workbook. ``first``: measure -> the row that its price stands on."""

    def __init__(self, raw: RawTable, authority: Authority, units: Mapping[str, str]) -> None:
        self.raw = raw
        self.authority = authority
        self.units = units
        self.refs = {ref.upper(): ref for ref in units}
        self.first: dict[str, int] = {}
        self.rows: list[dict[str, str]] = []
        self.findings = [note for note in raw.notes if note.severity != "note"]

    def read(self, columns: Mapping[str, str]) -> Imported:
        """Read every row. ``columns``: our name -> the heading in the workbook."""
        cells = self.raw.frame[[columns["ref"], columns["unit"], columns["proxy"]]]
        for row, said, unit, price in cells.itertuples(name=None):
            self._row(row, _spaced(said), _spaced(unit), _spaced(price))
        return Imported(self.rows, self.findings)

    def _row(self, row: int, said: str, unit: str, price: str) -> None:
        if not REF.fullmatch(said):
            # Lines of themes and outcomes have no ref and no price.
            if price.lower() not in WORDS.no_price:
                self._find("proxies.no_ref", row, price=price)
            return
        ref = self.refs.get(said.upper())
        if ref is None:
            self._find("proxies.no_measure", row, ref=said)
            return
        expected = self.units[ref]
        spelling = WORDS.units.get(expected, re.escape(expected))
        value = _price(price)
        if ref in self.first:
            self._find("proxies.two_prices", row, ref=ref, first=self.first[ref])
        elif not re.search(spelling, unit, re.IGNORECASE):
            self._find("proxies.unit", row, unit=unit or "no unit", ref=ref, expected=expected)
        elif value is None:
            self._find("proxies.not_a_number", row, price=price, ref=ref)
        else:
            self.first[ref] = row
            self.rows.append(self._proxy(ref, value, row))

    def _proxy(self, ref: str, value: str, row: int) -> dict[str, str]:
        """Return a row of the canonical table."""
        return {
            "measure_ref": ref,
            "edition": self.authority.edition.strip(),
            "unit": self.units[ref],
            "proxy": value,
            "source": self.authority.source.strip(),
            "source_place": f"{self.raw.name}, row {row}",
            "checked_by": self.authority.checked_by.strip(),
            "checked_on": self.authority.checked_on.isoformat(),
        }

    def _find(self, finding_id: str, row: int, **slots: object) -> None:
        self.findings.append(finding(finding_id, self.raw.name, row, "", None, **slots))


def _spaced(cell: object) -> str:
    """Return the text of a cell in single spaces."""
    return " ".join(str(cell).split())


def _price(text: str) -> str | None:
    """Return pounds as the table has them.

    Blank for a measure that is recorded only, None for what cannot be read.
    """
    if text.lower() in WORDS.no_price:
        return ""
    plain = re.sub(POUND_AND_COMMAS, "", text)
    return plain if PRICE.fullmatch(plain) else None

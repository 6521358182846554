"""A council's licensed workbook of proxies -> the canonical proxies table, each price with its
source
and checker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from sv_lib.errors import InputError
from sv_lib.intake.files.readers import RawTable, read_table
from sv_lib.intake.files.streamed_files import columns_by_pattern
from sv_lib.intake.findings import Finding, Severity, counted
from sv_lib.intake.tables.dictionary import PROXIES

PATTERNS = {
    "ref": (
        r"(measure )?ref(erence)?\.?( no\.?| code)? | toms? ref(erence)? | (measure )?code "
        r"| measure_ref"
    ),
    "unit": r"units?( of measure(ment)?)?",
    "proxy": r"(financial |national |local |unit )?prox(y|ies)( values?)?( \(?£.*)? | proxy.*",
}
EXPECTED = (
    "Theme",
    "Themes",
    "Outcome",
    "Outcomes",
    "Ref",
    "Reference",
    "Measure Ref",
    "Measure",
    "Measures",
    "Unit",
    "Units",
    "Proxy",
    "Proxy Value",
    "Proxy Values",
)
UNITS = {
    "FTE": r"\bfte\b",
    "tCO2e": r"co2",
    "weeks": r"\bweeks?\b",
    "hours": r"\b(hours?|hrs)\b",
    "sessions": r"\bsessions?\b",
    "GBP": r"£|\bgbp\b|\bpounds?\b",
}
NO_PRICE = (
    "",
    "-",
    "n/a",
    "na",
    "none",
    "record only",
    "recorded only",
    "recording only",
    "no proxy",
)
REF = re.compile(r"[A-Z]{2,4}\d+[a-z]?", re.IGNORECASE)


@dataclass(frozen=True)
class Authority:
    """What makes a price usable: which edition it belongs to, where it is published, who checked it
    and when.
    """

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
        """The rows as the file that 'proxies' in the inputs names."""
        return pd.DataFrame(self.rows, columns=PROXIES.names).to_csv(
            index=False, lineterminator="\n"
        )


def read_proxies(path: Path, authority: Authority, units: Mapping[str, str]) -> Imported:
    """Read a workbook whatever the order of its columns. ``units``: the unit of each measure of the
    catalogue.

    Raises InputError, one message with every fault, when a price lacks its authority or cannot be
    read for sure.
    """
    if absent := [
        name for name in ("edition", "source", "checked_by") if not getattr(authority, name).strip()
    ]:
        raise InputError(
            path.name,
            f"no {' and no '.join(absent)}",
            "a price without them is refused",
            "say which edition, where it is published, and who checked it",
        )
    raw = read_table(path, path.name, EXPECTED)
    columns = columns_by_pattern(list(raw.columns), PATTERNS)
    if missing := [ours for ours in PATTERNS if ours not in columns]:
        raise InputError(
            path.name,
            f"there is no column for {' and '.join(missing)}; its headings are "
            f"{', '.join(raw.columns)}",
            "a price belongs to a measure and a unit",
            "head the columns Ref, Unit and Proxy",
        )
    imported = _rows(
        raw, columns, authority, {ref.upper(): (ref, unit) for ref, unit in units.items()}
    )
    if stops := [finding for finding in imported.findings if finding.severity == "stop"]:
        lines = "\n".join(
            f"  - row {stop.row}: {stop.found}: {stop.problem}; {stop.remedy}" for stop in stops
        )
        raise InputError(
            path.name,
            f"{counted(len(stops), 'finding')} to mend first:\n{lines}",
            "a wrong price makes every claim of its measure wrong",
            "correct the rows named above",
        )
    return imported


def _rows(
    raw: RawTable,
    columns: dict[str, str],
    authority: Authority,
    known: Mapping[str, tuple[str, str]],
) -> Imported:
    rows: list[dict[str, str]] = []
    found = [note for note in raw.notes if note.severity != "note"]
    first: dict[str, int] = {}
    for row, cells in zip(
        raw.frame.index, raw.frame[list(columns.values())].itertuples(index=False), strict=True
    ):
        said, unit, price = (" ".join(str(cell).split()) for cell in (cells[0], cells[1], cells[2]))
        ref, expected = known.get(said.upper(), ("", ""))
        if not REF.fullmatch(said):
            if price.lower() not in NO_PRICE:
                found.append(
                    _say(
                        "stop",
                        raw,
                        row,
                        price,
                        "a price without a measure's ref",
                        "fill in the ref",
                    )
                )
        elif not ref:
            remedy = "it is left out; nothing in the catalogue says how it is valued"
            found.append(
                _say("warn", raw, row, said, "it is not a measure of the catalogue", remedy)
            )
        elif ref in first:
            problem = f"it also stands on row {first[ref]}"
            found.append(_say("stop", raw, row, ref, problem, "keep one price for a measure"))
        elif not re.search(UNITS.get(expected, re.escape(expected)), unit, re.IGNORECASE):
            problem = f"{ref} is counted in {expected}"
            found.append(
                _say("stop", raw, row, unit or "no unit", problem, "give the price of that unit")
            )
        elif (value := _price(price)) is None:
            found.append(
                _say(
                    "stop",
                    raw,
                    row,
                    price,
                    f"the price of {ref} is not a number",
                    "correct the cell",
                )
            )
        else:
            first[ref] = row
            place = f"{raw.name}, row {row}"
            rows.append(
                {
                    "measure_ref": ref,
                    "edition": authority.edition.strip(),
                    "unit": expected,
                    "proxy": value,
                    "source": authority.source.strip(),
                    "source_place": place,
                    "checked_by": authority.checked_by.strip(),
                    "checked_on": authority.checked_on.isoformat(),
                }
            )
    return Imported(rows, found)


def _price(text: str) -> str | None:
    """Pounds as the table has them; blank for a measure that is recorded only, None for anything
    else.
    """
    if text.lower() in NO_PRICE:
        return ""
    plain = re.sub(r"^£\s*|,(?=\d{3}(\D|$))", "", text)
    return plain if re.fullmatch(r"\d{1,12}(\.\d{1,12})?", plain) else None


def _say(
    severity: Severity, raw: RawTable, row: int, found: str, problem: str, remedy: str
) -> Finding:
    return Finding(severity, raw.name, int(row), "", found, problem, remedy)

"""Reads what people decided about suppliers: matches accepted or refused, and facts they typed.

The file is the workbook of ``svreport suppliers`` once it is completed, or a table with the columns
of ``supplier_matches.csv``. ``decisions.yaml`` has the columns of the workbook.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from sv_lib.intake.added_rows import iso_days
from sv_lib.intake.files.headers import plain
from sv_lib.intake.files.readers import RawTable
from sv_lib.intake.findings import Finding, Record, finding, findings_by_row, nearest
from sv_lib.intake.returns.form import FormColumn
from sv_lib.intake.suppliers.matching import MATCH_COLUMNS, Pair, charity_number, company_number
from sv_lib.strict_yaml import data_beside

COLUMNS = data_beside(__file__, tuple[FormColumn, ...])
HEADINGS = (*MATCH_COLUMNS, *(column.heading for column in COLUMNS))
"""What the header of a file of decisions may hold."""
GUIDANCE = {column.field: column.guidance for column in COLUMNS}
CHOICES = {column.field: column.choices for column in COLUMNS}
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")


@dataclass(frozen=True)
class Decisions:
    """What people decided.

    ``pairs``: (supplier, entry) -> "accept" or "refuse". ``facts``: what was typed, as text: one
    row a supplier with ``found_id`` (the supplier itself), the columns of TYPED and its place.
    """

    pairs: dict[Pair, str]
    facts: pd.DataFrame


def _postcode(text: str) -> str:
    written = " ".join(text.upper().split())
    return written if POSTCODE.fullmatch(written) else ""


def _choice(column: str) -> Callable[[str], str]:
    return lambda text: text.lower() if text.lower() in CHOICES[column] else ""


TYPED: Mapping[str, Callable[[str], str]] = {
    "postcode": _postcode,
    "company_number": company_number,
    "charity_number": charity_number,
    "size": _choice("size"),
    "is_vcse": _choice("is_vcse"),
    "is_sole_trader": _choice("is_sole_trader"),
}
"""A fact that a person may type -> the fact in the list's spelling; blank when it is none."""
PLACE = ["source_file", "source_row"]


def read_decisions(tables: Iterable[RawTable]) -> tuple[Decisions, list[Finding]]:
    """Read decisions, and report those that are unsigned, undated or cannot be read.

    Of several decisions about a pair, or facts of a supplier, the latest counts. A row in which
    nothing was decided is still open.
    """
    rows, found = _rows(tables)
    is_answered = (rows[["decision", *TYPED]] != "").any(axis=1)
    answers = rows[is_answered].copy()
    for column, read in TYPED.items():
        values = answers[column].map(read)
        is_unread = (answers[column] != "") & (values == "")
        found += findings_by_row("suppliers.typed", answers[is_unread], column, _typed(column))
        answers[column] = values
    days, _ = iso_days(answers["decided_on"])
    is_signed = (answers["decided_by"] != "") & (days != "")
    found += findings_by_row(
        "suppliers.unsigned_decision", answers[~is_signed], "decision", _signature
    )
    signed = answers[is_signed].assign(day=days, decision=answers["decision"].str.lower())
    signed = signed.sort_values(["day", "decision"], kind="stable")
    found += _undecided(signed)
    decided = signed[signed["decision"].isin(CHOICES["decision"])]
    pairs = zip(decided["supplier_id"], decided["found_id"], strict=True)
    return Decisions(dict(zip(pairs, decided["decision"], strict=True)), _facts(signed)), found


def _rows(tables: Iterable[RawTable]) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows of all files as trimmed text under our names."""
    columns = list(dict.fromkeys([*MATCH_COLUMNS, *TYPED, *PLACE]))
    parts = [pd.DataFrame(columns=columns, dtype="str")]
    found = []
    for raw in tables:
        frame = raw.frame.rename(columns=lambda heading: plain(heading).replace(" ", "_"))
        absent = [column for column in MATCH_COLUMNS if column not in frame.columns]
        if absent:
            place = (raw.name, raw.header_row, absent[0])
            found.append(finding("suppliers.decisions_column", *place))
            continue
        trimmed = frame.apply(lambda cells: cells.str.strip())
        placed = trimmed.assign(source_file=raw.name, source_row=frame.index)
        parts.append(placed.reindex(columns=columns, fill_value=""))
    return pd.concat(parts, ignore_index=True), found


def _facts(signed: pd.DataFrame) -> pd.DataFrame:
    """What was typed, one row a supplier: of each fact the latest."""
    is_typed = (signed[list(TYPED)] != "").any(axis=1)
    typed = signed[is_typed].replace("", pd.NA)
    latest = typed.groupby("supplier_id", as_index=False)[[*TYPED, *PLACE]].last()
    return latest.fillna("").rename(columns={"supplier_id": "found_id"})


def _undecided(signed: pd.DataFrame) -> Iterator[Finding]:
    """Decisions in other words than accept and refuse, and those about no entry."""
    words = CHOICES["decision"]
    said = signed["decision"]
    is_strange = (said != "") & ~said.isin(words)
    yield from findings_by_row(
        "suppliers.not_a_decision",
        signed[is_strange],
        "decision",
        lambda row: {"value": row["decision"], "near": nearest(row["decision"], words)},
    )
    is_of_nothing = said.isin(words) & (signed["found_id"] == "")
    yield from findings_by_row("suppliers.decided_nothing", signed[is_of_nothing], "decision")


def _typed(column: str) -> Callable[[Record], Mapping[str, object]]:
    return lambda row: {"value": row[column], "guidance": GUIDANCE[column]}


def _signature(row: Record) -> Mapping[str, object]:
    said = [row[column] for column in ("decision", *TYPED) if row[column]]
    return {"decision": said[0] if said else "", "by": row["decided_by"], "on": row["decided_on"]}

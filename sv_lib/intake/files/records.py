"""JSON as a table: a list of records, as some publishers put out what others put out as CSV."""

from __future__ import annotations

import json

from sv_lib.intake.files.workbooks import Records
from sv_lib.intake.findings import file_error


def is_json(text: bytes) -> bool:
    """Whether a text begins as JSON does: an object, or a list of objects."""
    begins = text[:1024].lstrip()
    return begins.startswith(b"{") or (begins[:1] == b"[" and begins[1:].lstrip()[:1] in b"{]")


def records_of_json(text: bytes, name: str) -> Records:
    """The headings and the rows of a list of records, or of the one list under a key.

    Every value is the text that stands there, so that no number is rounded. Raises InputError
    where there is no such list.
    """
    try:
        held = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as fault:
        raise file_error("unreadable.json", name, fault=str(fault)) from None
    lists = held.values() if isinstance(held, dict) else [held]
    tables = [entries for entries in lists if _are_records(entries)]
    if len(tables) != 1:
        raise file_error("unreadable.json", name, fault=f"it holds {len(tables)} lists of records")
    headings = list(dict.fromkeys(key for record in tables[0] for key in record))
    rows = [[_text(record.get(heading)) for heading in headings] for record in tables[0]]
    return [headings, *rows]


def _are_records(entries: object) -> bool:
    if not isinstance(entries, list) or not entries:
        return False
    return all(isinstance(entry, dict) for entry in entries)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

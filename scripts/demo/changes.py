"""Dates the extensions and variations of contracts."""

from __future__ import annotations

from datetime import date, timedelta

from scripts.demo.contracts import KNOWN_UNTIL, Contract
from scripts.demo.draw import Draw
from scripts.demo.files import Row, pounds
from scripts.demo.words import EXTENSION_REASONS, VARIATION_REASONS


def change_rows(contracts: list[Contract]) -> list[Row]:
    """Return extensions, each dated before the end that it moved, and variations of value."""
    draw, rows = Draw("contract changes"), list[Row]()
    for contract in contracts:
        is_varied = not contract.planned and draw.chance(40)
        since = contract.starts + timedelta(days=60)
        if contract.first_end:
            last = min(contract.first_end - timedelta(days=20), KNOWN_UNTIL)
            first = max(since, last - timedelta(days=150))
            days = (contract.first_end.isoformat(), contract.ends.isoformat())
            reason = draw.one(EXTENSION_REASONS)
            rows.append(_change(contract, draw.day(first, last), "last day", days, reason))
        elif is_varied and since < min(contract.last_day, KNOWN_UNTIL):
            before = contract.value * 100 // draw.whole(104, 125) // 500_00 * 500_00
            values = (pounds(before), pounds(contract.value))
            day = draw.day(since, min(contract.last_day, KNOWN_UNTIL))
            rows.append(_change(contract, day, "value", values, draw.one(VARIATION_REASONS)))
    return sorted(rows, key=lambda row: (str(row["changed_on"]), str(row["contract_id"])))


def _change(contract: Contract, day: date, what: str, values: tuple[str, str], reason: str) -> Row:
    return {
        "contract_id": contract.id,
        "changed_on": day,
        "what": what,
        "from": values[0],
        "to": values[1],
        "reason": reason,
    }

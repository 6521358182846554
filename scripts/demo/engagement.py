"""Quotes under the threshold and events held and planned."""

from __future__ import annotations

from datetime import date

from scripts.demo.contracts import KNOWN_UNTIL
from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from scripts.demo.places import Places
from scripts.demo.words import (
    CONTACTS,
    DIRECTORATES,
    EVENTS,
    NO_LOCAL_QUOTE,
    PARISHES,
    PARISHES_TOO,
)

QUOTE_YEARS = {2020: 380, 2021: 395, 2022: 410, 2023: 405}
"""Calendar year -> purchases under the threshold."""
AMOUNTS: Urn[tuple[int, int]] = Urn(
    {(500_00, 1_500_00): 40, (1_500_00, 5_000_00): 40, (5_000_00, 9_999_00): 20}
)
FIRST_EVENT, LAST_EVENT = date(2020, 12, 1), date(2024, 6, 30)
EVENT_COUNT = 182
PARTNERS: Urn[str] = Urn(
    {
        "Chamber": 16,
        "parish council": 24,
        "business network": 14,
        "community network": 14,
        "LinkedIn": 18,
        "suppliers": 14,
    }
)


def quote_rows() -> list[Row]:
    """Return purchases under the threshold.

    More of them have a local quote from year to year; some are not recorded.
    """
    draw, rows = Draw("quotes"), list[Row]()
    directorates = sorted(set(DIRECTORATES.values()))
    for year, count in QUOTE_YEARS.items():
        for day in sorted(draw.day(date(year, 1, 1), date(year, 12, 31)) for _ in range(count)):
            invited = draw.whole(1, 4)
            received = draw.whole(1, invited)
            local: int | None = (
                draw.whole(1, received) if draw.chance(640 + 35 * (year - 2020)) else 0
            )
            reason = draw.one(NO_LOCAL_QUOTE) if local == 0 and draw.chance(780) else None
            if draw.chance(75):
                local, reason = None, None
            rows.append(
                {
                    "exercise_id": f"Q{year}-{len(rows) + 1:04d}",
                    "on": day,
                    "directorate": draw.one(directorates),
                    "amount": draw.amount(AMOUNTS),
                    "quotes_invited": invited,
                    "quotes_received": received,
                    "local_quotes": local,
                    "reason": reason,
                }
            )
    return rows


def parish_rows() -> list[Row]:
    """Every parish with its wards."""
    return [
        {"parish": name, "ward_code": ward}
        for name, ward in sorted([*PARISHES.items(), *PARISHES_TOO.items()])
    ]


def event_rows(places: Places) -> list[Row]:
    """Return about four events a month.

    Who came is recorded for most, and for none that is still to come.
    """
    draw, rows = Draw("events"), list[Row]()
    for day in sorted(draw.day(FIRST_EVENT, LAST_EVENT) for _ in range(EVENT_COUNT)):
        partner = draw.pick(PARTNERS)
        parish = draw.one(list(PARISHES)) if partner == "parish council" else None
        ward = PARISHES[parish] if parish else None
        if partner == "community network" and draw.chance(500):
            ward = draw.one(places.wards).code
        attendance = draw.whole(300, 2400) if partner == "LinkedIn" else draw.whole(8, 60)
        is_recorded = draw.chance(850) and day <= KNOWN_UNTIL
        rows.append(
            {
                "event_id": f"E{len(rows) + 1:04d}",
                "on": day,
                "title": draw.one(EVENTS[partner]),
                "partner": partner,
                "ward_code": ward,
                "parish": parish,
                "attendance": attendance if is_recorded else None,
                "contact": CONTACTS[partner],
            }
        )
    return rows

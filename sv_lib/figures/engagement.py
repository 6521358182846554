"""Figures on engagement: events held with each partner, and who came."""

from __future__ import annotations

from sv_lib.figures.ledger import Ledger, slug
from sv_lib.figures.workings import Workings, within
from sv_lib.intake.tables import PARTNERS


def add_engagement(ledger: Ledger, w: Workings) -> None:
    """Events of the period held by the data-as-at day, by partner; attendance adds only what was recorded."""
    period, missing = w.publication.sv, w.missing("events")
    events = w.frame("events")
    held = events[within(events["on"], period)]
    for partner in ("all", *PARTNERS):
        rows = held if partner == "all" else held[held["partner"] == partner]
        recorded = rows[rows["attendance"].notna()]
        silent = len(rows) - len(recorded)
        ledger.count(f"engagement.{slug(partner)}.held", f"Events held, {partner}", rows, "events", period,
                     "events of the log in the period", missing=missing)  # fmt: skip
        ledger.total(f"engagement.{slug(partner)}.reached", f"People reached, {partner}", recorded, "attendance",
                     "people", period, "attendance, or reach of a post, where recorded", missing=missing,
                     caution=f"{silent} events have no attendance recorded" if silent else "")  # fmt: skip

"""Whether what was claimed reached the most deprived areas: words, fifths, a curve, per head."""

from __future__ import annotations

from sv_lib.present import cards
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say
from sv_lib.present.report import Report

REACH = "reach.jobs.10"
FIFTHS = {
    "1": "most deprived fifth",
    "2": "second fifth",
    "3": "third fifth",
    "4": "fourth fifth",
    "5": "least deprived fifth",
}


def deprivation(report: Report) -> Html:
    """Reach with its bounds, the concentration curve, every fifth, amounts per resident."""
    parts = [_lead(report), show_table(report, "reach-ratios"), show_table(report, "fifths")]
    if report.council.wards:
        parts.append(_per_head(report))
    return join(parts)


def _lead(report: Report) -> Html:
    reach = say(report, "deprivation.reach")
    bounds = say(report, "deprivation.bounds")
    lead = paragraph(reach, " ", _verdict(report), " ", bounds)
    if not report.is_known("concentration.2.jobs"):
        return lead
    curve = PageTable(report, "concentration")
    return cards.columns(lead, curve.chart("lines", "deprivation.curve", size="half"))


def _verdict(report: Report) -> str:
    """What the interval says of parity, in words: association, never cause."""
    low = report[f"{REACH}.low"].value
    high = report[f"{REACH}.high"].value
    if low is None or high is None:
        return ""
    if low > 1:
        return "Residents of these areas had more than their share of jobs."
    if high < 1:
        return "They had less than their share."
    return "The interval holds one, so there are too few to tell."


def _per_head(report: Report) -> Html:
    """The wards in five groups by deprivation: money has a ward, not a home area."""
    table = PageTable(report, "per-head")
    # A council of fewer than five wards has fewer groups; the words go to those there are.
    groups = [fifth for fifth in FIFTHS if f"ward_fifth.{fifth}.residents" in report]
    for fifth, words in zip(groups, FIFTHS.values(), strict=False):
        table.add(f"{words} of wards", fifth=fifth)
    return table.show()

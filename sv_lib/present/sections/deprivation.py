"""Whether what was claimed reached the most deprived areas: words, fifths, a curve, per head."""

from __future__ import annotations

from sv_lib.analysis import reach
from sv_lib.figures.topics.reach import TOO_FEW
from sv_lib.present import cards, formats
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say
from sv_lib.present.report import Report

RATIOS = {
    "jobs.10": "People into work, most deprived 10%",
    "jobs.20": "People into work, most deprived 20%",
    "weeks.10": "Weeks of training, most deprived 10%",
    "weeks.20": "Weeks of training, most deprived 20%",
}
VERDICTS = {
    "more": "more than their share",
    "less": "less than their share",
    "cannot tell": "cannot be told from an equal share",
}
"""What the interval of a reach ratio says, which alone may be said in words."""
FIFTHS = {
    "1": "most deprived fifth",
    "2": "second fifth",
    "3": "third fifth",
    "4": "fourth fifth",
    "5": "least deprived fifth",
}


def deprivation(report: Report) -> Html:
    """Reach with its bounds, the concentration curve, every fifth, amounts per resident."""
    parts = [_lead(report), _ratios(report), show_table(report, "fifths")]
    if report.council.wards:
        parts.append(_per_head(report))
    return join(parts)


def _lead(report: Report) -> Html:
    said = [say(report, "deprivation.reach", base=base(report))]
    if report.is_known("reach.jobs.10"):
        found = verdict(report, "jobs.10")
        wording = (
            "deprivation.interval" if found in VERDICTS.values() else "deprivation.no_interval"
        )
        said.append(say(report, wording, verdict=found))
    lead = paragraph(join(said, " "))
    if not report.is_known("concentration.2.jobs"):
        return lead
    curve = PageTable(report, "concentration")
    return cards.columns(lead, curve.chart("lines", "deprivation.curve", size="half"))


def base(report: Report) -> str:
    """Whom people into work are compared with, as the label of their number says it."""
    return report["reach.base.all"].label.partition(": ")[2]


def verdict(report: Report, what: str) -> str:
    """What a reach ratio's interval says of parity, in words; else why nothing can be said."""
    low, high = report.each(f"reach.{what}", ("low", "high"))
    if low.value is None or high.value is None:
        return low.caution if low.kind == "unknown" else TOO_FEW
    return VERDICTS[reach.verdict(low.value, high.value)]


def _ratios(report: Report) -> Html:
    """Every reach ratio with its interval, and what that says."""
    table = PageTable(report, "reach-ratios", base=base(report))
    for what, words in RATIOS.items():
        table.add(words, verdict(report, what), what=what)
    return table.show()


def _per_head(report: Report) -> Html:
    """The wards in five groups by deprivation: money has a ward, not a home area."""
    table = PageTable(report, "per-head")
    # A council of fewer than five wards has fewer groups; the words go to those there are.
    groups = [fifth for fifth in FIFTHS if f"ward_fifth.{fifth}.residents" in report]
    for fifth, words in zip(groups, FIFTHS.values(), strict=False):
        table.add(f"{words} of wards", fifth=fifth)
    said = say(report, "deprivation.per_head", last=str(len(groups)))
    places = report.of_most_deprived("ward.{}.per_head.spend")
    if places:
        by = "work done for each resident"
        said += " " + say(report, "wards.most_deprived", places=formats.capital(places), by=by)
    return table.show() + paragraph(said)

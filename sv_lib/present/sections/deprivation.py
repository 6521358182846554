"""Whether what was claimed reached the most deprived areas: words, fifths, a curve, every ward."""

from __future__ import annotations

from sv_lib.analysis import reach
from sv_lib.figures.topics.reach import TOO_FEW
from sv_lib.present import cards, formats
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable, show_table
from sv_lib.present.prose import say, sentence
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
PER_HEAD = "ward.{}.per_head.spend"


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
    """Every ward's work for each resident: money has a ward, not a home area."""
    # A council of fewer than five wards has fewer groups.
    groups = [fifth for fifth in reach.FIFTHS if f"ward_fifth.{fifth}.residents" in report]
    last = groups[-1]
    table = PageTable(report, "per-head")
    for fifth in groups:
        words = {"1": "Most deprived", last: "Least deprived"}
        table.add(words.get(fifth, f"Group {fifth}"), fifth=fifth)
    said = sentence(report, "deprivation.per_head", last=last)
    return join([ward_dots(report), said, table.show()])


def ward_dots(report: Report) -> Html:
    """The wards in order of deprivation, with what was spent there for each resident."""
    table = PageTable(report, "ward-dots")
    for row in report.records("wards"):
        table.add(f"{row.rank} {row.ward_name}".strip(), code=row.ward_code)
    table.add_cells("All wards", report["wards.per_head.spend"], formats.NOT_APPLICABLE)
    places = report.of_most_deprived(PER_HEAD)
    if not places:
        # Without an order by deprivation there is nothing to find, so a list will do.
        return table.show()
    first = report.frame("wards")["ward_code"].iloc[0]
    ward_name = report.council.ward_name(first)
    chart = table.chart("dots", "deprivation.dots", ward_first=first, ward_name=ward_name)
    words = {"places": formats.capital(places)}
    if len(report.most_deprived) > 1:
        by = "work done for each resident"
        return sentence(report, "wards.most_deprived", by=by, **words) + chart
    words |= {"ward_first": first, "least": _least(report, first)}
    return sentence(report, "deprivation.most_deprived", **words) + chart


def _least(report: Report, ward: str) -> str:
    """Whether a ward has least of all of those where any work was done, as a title ends."""
    trail = report.calculation.trail
    others = [one.code for one in report.council.wards if one.code != ward]
    amounts = [trail[PER_HEAD.format(one)].value or 0 for one in others]
    where_any = [amount for amount in amounts if amount]
    mine = trail[PER_HEAD.format(ward)].value or 0
    if mine and where_any and mine < min(where_any):
        return ", the least of any ward where work was done"
    return ""

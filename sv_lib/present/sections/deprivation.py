"""Whether what was claimed reached the most deprived areas: words, fifths, a curve, every ward."""

from __future__ import annotations

from sv_lib.analysis import reach
from sv_lib.figures.topics.reach import TOO_FEW
from sv_lib.present import formats, pieces
from sv_lib.present.markup import Html, join, paragraph
from sv_lib.present.page_tables import PageTable
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


@pieces.text("deprivation.lead")
def _lead(report: Report) -> Html:
    """How far work reached the most deprived areas, and whether its interval can tell."""
    said = [say(report, "deprivation.reach", base=base(report))]
    if report.is_known("reach.jobs.10"):
        found = verdict(report, "jobs.10")
        wording = (
            "deprivation.interval" if found in VERDICTS.values() else "deprivation.no_interval"
        )
        said.append(say(report, wording, verdict=found))
    return paragraph(join(said, " "))


def _has_curve(report: Report) -> bool:
    """Whether it is known how jobs spread over areas."""
    return report.is_known("concentration.2.jobs")


@pieces.chart("deprivation.concentration", when=_has_curve)
def _curve(report: Report) -> Html:
    """The concentration curve."""
    curve = PageTable(report, "concentration")
    return curve.chart("lines", "deprivation.curve", size="half")


def base(report: Report) -> str:
    """Whom people into work are compared with, as the label of their number says it."""
    return report["reach.base.all"].label.partition(": ")[2]


def verdict(report: Report, what: str) -> str:
    """What a reach ratio's interval says of parity, in words; else why nothing can be said."""
    low, high = report.each(f"reach.{what}", ("low", "high"))
    if low.value is None or high.value is None:
        return low.caution if low.kind == "unknown" else TOO_FEW
    return VERDICTS[reach.verdict(low.value, high.value)]


@pieces.table("deprivation.reach_ratios")
def _ratios(report: Report) -> Html:
    """Every reach ratio with its interval, and what that says."""
    table = PageTable(report, "reach-ratios", base=base(report))
    for what, words in RATIOS.items():
        table.add(words, verdict(report, what), what=what)
    return table.show()


def _groups(report: Report) -> list[str]:
    """The fifths of the wards; a council of fewer than five wards has fewer groups."""
    return [fifth for fifth in reach.FIFTHS if f"ward_fifth.{fifth}.residents" in report]


@pieces.text("deprivation.per_head", when=Report.has_wards)
def _per_head_lead(report: Report) -> Html:
    """Work for each resident in the most and the least deprived wards."""
    return sentence(report, "deprivation.per_head", last=_groups(report)[-1])


@pieces.table("deprivation.per_head", when=Report.has_wards)
def _per_head(report: Report) -> Html:
    """Work for each resident by groups of wards: money has a ward, not a home area."""
    groups = _groups(report)
    last = groups[-1]
    table = PageTable(report, "per-head")
    for fifth in groups:
        words = {"1": "Most deprived", last: "Least deprived"}
        table.add(words.get(fifth, f"Group {fifth}"), fifth=fifth)
    return table.show()


@pieces.chart("deprivation.wards", when=Report.has_wards)
def _ward_dots(report: Report) -> Html:
    """The wards in order of deprivation, with what was spent there for each resident."""
    table = PageTable(report, "ward-dots")
    for row in report.records("wards"):
        table.add(f"{row.rank} {row.ward_name}".strip(), code=row.ward_code)
    table.add_cells("All wards", report["wards.per_head.spend"], formats.NOT_APPLICABLE)
    if not report.of_most_deprived(PER_HEAD):
        # Without an order by deprivation there is nothing to find, so a list will do.
        return table.show()
    first = report.frame("wards")["ward_code"].iloc[0]
    ward_name = report.council.ward_name(first)
    return table.chart("dots", "deprivation.dots", ward_first=first, ward_name=ward_name)


@pieces.text("deprivation.most_deprived", when=Report.has_wards)
def _most_deprived(report: Report) -> Html:
    """Where the most deprived ward stands; nothing without an order by deprivation."""
    places = report.of_most_deprived(PER_HEAD)
    if not places:
        return Html()
    words = {"places": formats.capital(places)}
    if len(report.most_deprived) > 1:
        by = "work done for each resident"
        return sentence(report, "wards.most_deprived", by=by, **words)
    first = report.frame("wards")["ward_code"].iloc[0]
    words |= {"ward_first": first, "least": _least(report, first)}
    return sentence(report, "deprivation.most_deprived", **words)


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

"""All wards side by side: three lenses, deprivation, change."""

from __future__ import annotations

from fractions import Fraction

from sv_lib.present import formats, pieces
from sv_lib.present.ladder import reports_left_out
from sv_lib.present.markup import Html, escape, join, link, paragraph
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.sections.change import CAUSES

SHORT = {cause: cause for cause in CAUSES} | {
    "ended": "ended before",
    "ended-within": "ended within",
    "moved": "moved, known or lost",
}
"""The causes of a change, in a narrow column."""
NO_WARDS = "No wards are set for this council, so places are not known."


@pieces.text("wards.lead")
def _lead(report: Report) -> Html:
    """The order of the wards, its key, and where the most deprived stands."""
    if not report.has_wards():
        return paragraph(NO_WARDS)
    if not report.is_by_deprivation:
        return sentence(report, "wards.lead_by_name")
    said = [say(report, "wards.lead")]
    with_largest = report.of_most_deprived("ward.{}.per_head.spend")
    without = report.of_most_deprived("ward.{}.per_head.spend.without_largest")
    if with_largest and without:
        by = "work done for each resident"
        if without == with_largest:
            by += ", with each ward's largest contract and without it"
        said.append(say(report, "wards.most_deprived", places=formats.capital(with_largest), by=by))
    if with_largest and without and without != with_largest:
        said.append(say(report, "wards.without_largest", places=without))
    wards = report.frame("wards")
    unknown = wards.loc[wards["position"].isna(), "ward_name"]
    if len(unknown):
        said.append(say(report, "wards.unranked", wards=", ".join(unknown)))
    return paragraph(join(said, " "))


@pieces.table("wards.lenses", when=Report.has_wards)
def _lenses(report: Report) -> Html:
    """Every ward by the three lenses, then the places that are no ward, then the total."""
    table = PageTable(report, "wards")
    has_reports = "wards" not in reports_left_out(report)
    for row in report.records("wards"):
        name = escape(row.ward_name)
        if has_reports:
            name = link(row.ward_name, f"wards/{row.ward_code}.html")
        table.add(join([row.rank, name], " "), code=row.ward_code)
    return table.show()


@pieces.table("wards.briefing", when=Report.has_wards)
def _briefing(report: Report) -> Html:
    """A line a ward: for each resident, the change and its largest part, what ends and is owed."""
    table = PageTable(report, "ward-briefing")
    for row in report.records("wards"):
        cause = _largest_cause(report, row.ward_code)
        table.add(f"{row.rank} {row.ward_name}".strip(), cause, code=row.ward_code)
    return table.show()


def _largest_cause(report: Report, ward: str) -> str:
    """The part of the bridge that moved the ward most, in words."""
    sizes = {cause: report[f"bridge.spend.{ward}.{cause}"].value for cause in CAUSES}
    known = {cause: abs(Fraction(size)) for cause, size in sizes.items() if size is not None}
    if len(known) < len(sizes):
        return formats.NOT_KNOWN
    most = max(known.values())
    if not most:
        return "no change"
    return " and ".join(SHORT[cause] for cause, size in known.items() if size == most)

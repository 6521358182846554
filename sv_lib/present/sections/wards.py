"""All wards side by side: three lenses, deprivation, change."""

from __future__ import annotations

from fractions import Fraction

from sv_lib.intake.input_files import locate
from sv_lib.present import formats, maps
from sv_lib.present.maps import MapWords, Tile
from sv_lib.present.markup import Html, join, link, paragraph, tag
from sv_lib.present.page_tables import PageTable
from sv_lib.present.prose import say, sentence
from sv_lib.present.report import Report
from sv_lib.present.sections.change import CAUSES
from sv_lib.present.tables import records

WORK_DONE = "lens.spend.{}.place"
SHORT = {cause: cause for cause in CAUSES} | {
    "ended": "ended before",
    "ended-within": "ended within",
    "moved": "moved, known or lost",
}
"""The causes of a change, in a narrow column."""


def ward_summary(report: Report) -> Html:
    """Map and table of every ward by deprivation, and the classes that are no ward."""
    if not report.council.wards:
        return paragraph("No wards are set for this council, so places are not known.")
    briefing = sentence(report, "wards.briefing")
    return join([_lead(report), _map(report), _lenses(report), briefing, _briefing(report)])


def _lead(report: Report) -> Html:
    """The order of the wards, its key, and where the most deprived stands."""
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
        by = "the same without each ward's largest contract"
        said.append(say(report, "wards.most_deprived", places=formats.capital(without), by=by))
    wards = report.frame("wards")
    unknown = wards.loc[wards["position"].isna(), "ward_name"]
    if len(unknown):
        said.append(say(report, "wards.unranked", wards=", ".join(unknown)))
    return paragraph(join(said, " "))


def _lenses(report: Report) -> Html:
    """Every ward by the three lenses, then the places that are no ward, then the total."""
    table = PageTable(report, "wards")
    for row in report.records("wards"):
        name = link(row.ward_name, f"wards/{row.ward_code}.html")
        table.add(join([row.rank, name], " "), code=row.ward_code)
    return table.show()


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


def _map(report: Report) -> Html:
    words = map_words(report)
    tiles = ward_tiles(report)
    done = [tile.number for tile in tiles]
    if not any(figure.value or figure.kind == "hidden" for figure in done):
        why = done[0].caution or "no payment in the period was for work done in a ward"
        return paragraph(tag("strong", words.title), f": no map, because {why}.")
    declared = report.council.boundaries
    if not declared:
        return maps.tile_map("ward-map", tiles, words)
    outlines = maps.outlines(locate(report.publication, declared))
    alt = say(report, "wards.map_alt", **_most(report))
    return maps.outline_map("ward-map", tiles, outlines, words, alt=alt)


def _most(report: Report) -> dict[str, str]:
    """The ward with most work done, or those that tie; how much; where the most deprived stands."""
    trail = report.calculation.trail
    codes = report.frame("wards")["ward_code"]
    code = report.highest(WORK_DONE, codes)[0]
    amount = trail[WORK_DONE.format(code)].value
    alike = [one for one in codes if trail[WORK_DONE.format(one)].value == amount]
    wards = " and ".join(report.council.ward_name(one) for one in alike)
    places = report.of_most_deprived(WORK_DONE)
    standing = f"; {places}" if places else ""
    return {"ward": wards, "most": WORK_DONE.format(code), "standing": standing}


def ward_tiles(report: Report) -> list[Tile]:
    """Every ward by name: the work done there, a link to its report, its place on the tile map."""
    places = {ward.code: ward.tile or "" for ward in report.council.wards}
    tiles = []
    for row in records(report.frame("wards").sort_values("ward_name")):
        done = report[f"lens.spend.{row.ward_code}.place"]
        page = f"wards/{row.ward_code}.html"
        place = places.get(row.ward_code, "")
        tiles.append(Tile(row.ward_code, row.ward_name, done, href=page, at=place))
    return tiles


def _map_title(report: Report) -> Html:
    """Where most work was done, if the place of enough of it is known to say so."""
    most = _most(report)
    coverage = report.calculation.trail["coverage.spend.place"]
    template = "wards.map_title"
    is_ranked = report.standing(WORK_DONE, report.frame("wards")["ward_code"].iloc[0])
    if not is_ranked or not report.is_enough(coverage) or report[most["most"]].value == 0:
        template = "wards.map_few"
    return say(report, template, **most)


def map_words(report: Report) -> MapWords:
    """The words around the map of work done, whichever way it is drawn."""
    return MapWords(
        title=_map_title(report),
        subtitle=say(report, "wards.map_subtitle"),
        source="Payments and contracts register.",
        table="#wards",
    )

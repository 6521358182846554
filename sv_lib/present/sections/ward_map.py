"""The map of wards by one lens: the same in every report, in the briefing and on the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sv_lib.figures.figure import Figure
from sv_lib.present import maps, pieces
from sv_lib.present.drawing import Size
from sv_lib.present.formats import Style
from sv_lib.present.maps import MapWard, MapWords
from sv_lib.present.markup import Html, paragraph, tag
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.tables import records

MapLens = Literal["works", "firms", "people", "deprivation"]


@dataclass(frozen=True)
class _MapLens:
    """What a map shows: the figure of each ward, and the share of it whose place is known.

    ``coverage``: "" where the map names no ward with most, since places do not decide it.
    """

    label: str
    figures: str
    coverage: str = ""
    style: Style = "short"


LENSES: dict[MapLens, _MapLens] = {
    "works": _MapLens("Work done there", "lens.spend.{}.place", "coverage.spend.ward"),
    "firms": _MapLens("Paid to firms there", "lens.spend.{}.supplier", "coverage.spend.supplier"),
    "people": _MapLens("Residents who started work", "lens.jobs.{}.beneficiary.both"),
    "deprivation": _MapLens("Deprivation", "ward.{}.share_20", style="whole"),
}
TABLE_OF_WARDS = "#every-ward-on-one-page"
"""Where the main report has them all in a table."""
ON_THE_INDEX: tuple[MapLens, ...] = ("works", "firms", "people")


def ward_map(
    report: Report,
    lens: MapLens = "works",
    size: Size = "full",
    id: str = "ward-map",
    table: str = TABLE_OF_WARDS,
) -> Html:
    """Every ward with its value, in its outline; the ward of a ward report is marked.

    A sentence stands for the map where no ward has a value, or nobody says where the wards lie.
    ``table``: the link to the table of all wards.
    """
    wards = map_wards(report, lens)
    if not (said := no_map(report, lens, wards)):
        return maps.ward_map(
            id,
            wards,
            maps.shapes_of(report.publication),
            map_words(report, lens, table),
            alt=_alt(report, lens),
            style=LENSES[lens].style,
            highlight=report.ward,
            size=size,
        )
    return said


@pieces.chart("map.works", when=Report.has_wards)
def _works(report: Report) -> Html:
    """Where work was done."""
    return ward_map(report, "works", "half")


@pieces.chart("map.people", when=Report.has_wards)
def _people(report: Report) -> Html:
    """Where those live who started work."""
    return ward_map(report, "people", "half", id="people-map")


def map_wards(report: Report, lens: MapLens) -> list[MapWard]:
    """Every ward by name, with its value by a lens and a link to its report."""
    pattern = LENSES[lens].figures
    rows = records(report.wards.sort_values("ward_name"))
    up = "" if not report.ward else "../"
    return [
        MapWard(
            row.ward_code,
            row.ward_name,
            report[pattern.format(row.ward_code)],
            f"{up}wards/{row.ward_code}.html",
        )
        for row in rows
    ]


def no_map(report: Report, lens: MapLens, wards: list[MapWard]) -> Html:
    """Why there is no map by this lens; empty where there is one."""
    numbers = [ward.number for ward in wards]
    why = ""
    if not wards:
        why = "no wards are set for this council"
    elif not any(number.value or number.kind == "hidden" for number in numbers):
        why = _nothing(numbers)
    elif not maps.shapes_of(report.publication):
        why = "the council has given neither the outlines of its wards nor their places on a map"
    if not why:
        return Html()
    return paragraph(tag("strong", f"{LENSES[lens].label}, by ward"), f": no map, because {why}.")


def _nothing(numbers: list[Figure]) -> str:
    cautions = [number.caution for number in numbers if number.caution]
    return cautions[0] if cautions else "no ward has any of it"


def map_words(report: Report, lens: MapLens, table: str) -> MapWords:
    """The words around the map of a lens; ``table`` is the link to the table of all wards."""
    return MapWords(
        title=_title(report, lens),
        subtitle=say(report, f"map.{lens}_subtitle"),
        source=say(report, f"map.{lens}_source"),
        table=table,
    )


def _title(report: Report, lens: MapLens) -> Html:
    """Where there is most of it, if the place of enough of it is known to say so."""
    shown = LENSES[lens]
    if lens == "deprivation" and report.ward and report.most_deprived:
        wards = report.wards.set_index("ward_code")
        slots = {"rank": wards["rank"][report.ward], "wards": str(len(wards))}
        return say(report, "map.here_title", ward_name=report.ward_name, **slots)
    if not shown.coverage:
        return say(report, f"map.{lens}_title")
    most = _most(report, lens)
    coverage = report.calculation.trail[shown.coverage]
    first = report.wards["ward_code"].iloc[0]
    is_ranked = report.standing(shown.figures, first)
    template = f"map.{lens}_title"
    if not is_ranked or not report.is_enough(coverage) or report[most["most"]].value == 0:
        template = f"map.{lens}_few"
    return say(report, template, **most)


def _most(report: Report, lens: MapLens) -> dict[str, str]:
    """The ward with most, or those that tie; how much; where the most deprived ward stands."""
    pattern = LENSES[lens].figures
    trail = report.calculation.trail
    codes = report.wards["ward_code"]
    code = report.highest(pattern, codes)[0]
    amount = trail[pattern.format(code)].value
    alike = [one for one in codes if trail[pattern.format(one)].value == amount]
    wards = " and ".join(report.council.ward_name(one) for one in alike)
    places = report.of_most_deprived(pattern)
    standing = f"; {places}" if places else ""
    return {"ward": wards, "most": pattern.format(code), "standing": standing}


def _alt(report: Report, lens: MapLens) -> Html:
    """What the map shows, for who cannot see it."""
    if report.ward:
        return say(report, "map.here_alt", ward_name=report.ward_name, what=LENSES[lens].label)
    if LENSES[lens].coverage:
        return say(report, f"map.{lens}_alt", **_most(report, lens))
    return say(report, f"map.{lens}_alt")

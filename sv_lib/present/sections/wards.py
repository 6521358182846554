"""All wards side by side: three lenses, deprivation, change."""

from __future__ import annotations

from typing import Any

from sv_lib.figures.trail import place_id
from sv_lib.intake.input_files import locate
from sv_lib.present import formats, maps, tables
from sv_lib.present.markup import Html, join, link, paragraph, tag
from sv_lib.present.prose import say
from sv_lib.present.report import Report
from sv_lib.present.sections.change import CAUSES
from sv_lib.present.tables import TableColumn, TableRow, number, percent, records, thousands

THREE_LENSES = (
    "Payments, supplier list, contracts register, quarterly returns, English indices of deprivation"
)
CLASSES = (
    ("Borough-wide", "borough-wide"),
    ("Outside the borough", "outside"),
    ("Not known", "not known"),
)


def ward_summary(report: Report) -> Html:
    """Map and table of every ward by deprivation, and the classes that are no ward."""
    if not report.council.wards:
        return paragraph("No wards are set for this council, so places are not known.")
    brief = say(report, "wards.briefing")
    return join(
        [
            paragraph(say(report, "wards.lead")),
            _map(report),
            _table(report),
            paragraph(brief),
            _brief(report),
        ]
    )


def _brief(report: Report) -> Html:
    """The ward briefing in one table: for each resident, the change and its largest part, what ends
    and is owed.
    """
    each = [
        TableColumn(words, "£ a head", "short") for words in ("Work done", "Delivered", "Promised")
    ]
    columns = (
        TableColumn("Ward, most deprived first"),
        percent("In the most deprived fifth"),
        *each,
        TableColumn("Change", "in work done", "short", signed=True),
        TableColumn("Mostly"),
        number("Ending", "in a year"),
        TableColumn("Owed", style="short"),
    )
    rows: list[TableRow] = []
    for row in records(report.table("wards")):
        stem = f"ward.{row.ward_code}"
        heads = report.each(f"{stem}.per_head", ("spend", "social_value", "committed"))
        ends = report.each(f"pipeline.{row.ward_code}.ending", ("count", "undelivered"))
        change = report[f"bridge.spend.{row.ward_code}.change"]
        most = _largest_cause(report, row.ward_code)
        rows.append((row.ward_name, report[f"{stem}.share_20"], *heads, change, most, *ends))
    return tables.show(
        "ward-briefing", "Ward briefing: every ward in one line", columns, rows, source=THREE_LENSES
    )


def _largest_cause(report: Report, ward: str) -> str:
    """The part of the bridge that moved the ward most, in words."""
    figures = {cause: report[f"bridge.spend.{ward}.{cause}"] for _, cause in CAUSES}
    if not any(figure.is_known for figure in figures.values()):
        return formats.NOT_KNOWN
    most, cause = max((abs(figure.value or 0), cause) for cause, figure in figures.items())
    return cause if most else "no change"


def _map(report: Report) -> Html:
    words, tiles = map_words(report), ward_tiles(report)
    done = [report[f"lens.spend.{tile.code}.place"] for tile in tiles]
    if not any(figure.is_known or figure.kind == "hidden" for figure in done):
        return paragraph(tag("strong", words["title"]), f": not known, because {done[0].caution}.")
    if declared := report.council.boundaries:
        alt = say(report, "wards.map_alt", **_most(report))
        return maps.outline_map(
            "ward-map", tiles, locate(report.publication, declared), alt=alt, **words
        )
    return maps.tile_map("ward-map", tiles, **words)


def _most(report: Report) -> dict[str, str]:
    """The ward with most work done, and how much that was."""
    code = report.highest("lens.spend.{}.place", report.table("wards")["ward_code"])[0]
    return {"ward": report.council.ward_name(code), "most": f"lens.spend.{code}.place"}


def ward_tiles(report: Report) -> list[maps.Tile]:
    """Every ward by name, with the work done there, a link to its report and its place on the tile
    map.
    """
    places = {ward.code: ward.tile or "" for ward in report.council.wards}
    return [
        maps.Tile(
            row.ward_code,
            row.ward_name,
            report[f"lens.spend.{row.ward_code}.place"],
            href=f"wards/{row.ward_code}.html",
            at=places.get(row.ward_code, ""),
        )
        for row in records(report.table("wards").sort_values("ward_name"))
    ]


def map_words(report: Report) -> dict[str, Any]:
    """Title, subtitle, source and table of the map of work done, whichever way it is drawn."""
    return {
        "title": say(report, "wards.map_title", **_most(report)),
        "subtitle": (
            f"Payments under contracts whose work is done there; {report.publication.spend}; £"
        ),
        "source": "Payments and contracts register.",
        "table_id": "wards",
    }


def _table(report: Report) -> Html:
    columns = (
        TableColumn("Ward, most deprived first"),
        number("Most deprived 10%", "LSOAs"),
        number("All", "LSOAs"),
        thousands("Paid to firms there"),
        thousands("Change", signed=True),
        thousands("Work done there"),
        thousands("Change ", signed=True),
        number("Residents into work", "people"),
        number("Training of residents", "weeks"),
    )
    rows = []
    for row in records(report.table("wards")):
        deprivation = report.each(f"ward.{row.ward_code}", ("lsoas_10", "lsoas"))
        rows.append(
            (
                link(row.ward_name, f"wards/{row.ward_code}.html"),
                *deprivation,
                *_lenses(report, row.ward_code),
            )
        )
    rows += [(name, "[z]", "[z]", *_lenses(report, place)) for name, place in CLASSES]
    rows.append(_total(report))
    return tables.show(
        "wards",
        "Every ward, by three lenses that are never added",
        columns,
        rows,
        source=THREE_LENSES,
        has_total=True,
    )


def _lenses(report: Report, place: str) -> list[tables.TableCell]:
    if (
        place == "borough-wide"
    ):  # a class of the place of works only: nobody is based or lives "borough-wide"
        works = "lens.spend.borough.place"
        return ["[z]", "[z]", report[works], report[f"{works}.change"], "[z]", "[z]"]
    parts = ("supplier", "supplier.change", "place", "place.change")
    people = [
        report[f"lens.{family}.{place_id(place)}.beneficiary"] for family in ("jobs", "weeks")
    ]
    return [*report.each(f"lens.spend.{place_id(place)}", parts), *people]


def _total(report: Report) -> TableRow:
    areas = report.each("deprivation.lsoas", ("most_deprived_10", "all"))
    paid = report.each("spend.total", ("this", "change"))
    people = report.each("headline", ("residents_into_work.this", "training_weeks.this"))
    return "All", *areas, *paid, *paid, *people

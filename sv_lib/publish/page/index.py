"""The index page of a run: reports, wards, data files, what changed, what the checks found.

Its words and markup stand in ``templates/index.html.j2``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pandas as pd

from sv_lib.figures.saved import POSTCODES, Calculation
from sv_lib.params import Publication
from sv_lib.present import maps
from sv_lib.present.ladder import reports_left_out
from sv_lib.present.maps import MapWard
from sv_lib.present.markup import Html, join, link, tag
from sv_lib.present.page_tables import PageTable
from sv_lib.present.report import Report
from sv_lib.present.sections.front import headlines, opening
from sv_lib.present.sections.ward_map import (
    LENSES,
    ON_THE_INDEX,
    MapLens,
    map_wards,
    map_words,
    no_map,
)
from sv_lib.present.tables import records
from sv_lib.publish.audit.compare import CHANGES
from sv_lib.publish.files import calendar_file
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.finding_words import GRAVITY, place
from sv_lib.publish.page.html import TEMPLATES, page, section

SCRIPT = (TEMPLATES / "finder.js").read_text(encoding="utf-8")
"""Shortens the list of wards as a name or postcode is typed. Without it the list is whole."""
WARDS = "wards/"
BRIEFING = "briefing"
MOST_OF_POSTCODES = 300_000
"""Bytes of a list of postcodes that a page may hold."""


class IndexEntry(Protocol):
    """What the index says of a report. ``name``: its path in the run folder, without a suffix."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def pages(self) -> int: ...


@dataclass(frozen=True)
class _Index:
    """The parts of the page. ``folder``: where the reports and data files already are."""

    report: Report
    folder: Path
    entries: list[IndexEntry]

    @property
    def reports(self) -> list[IndexEntry]:
        """The publication's own reports, the shortest first."""
        own = [entry for entry in self.entries if not entry.name.startswith(WARDS)]
        return sorted(own, key=lambda entry: entry.name != BRIEFING)

    def file_link(self, name: str, words: str) -> Html:
        """A link to a file, and its size as a person says it."""
        return link(words, name) + f" ({self._size(name)})"

    def pdf_link(self, entry: IndexEntry) -> Html:
        """The link to a report's PDF, with its pages and its size."""
        return section("pdf_link.html.j2", entry=entry, size=self._size(f"{entry.name}.pdf"))

    def _size(self, name: str) -> str:
        size = (self.folder / name).stat().st_size
        if size >= 1e6:
            return f"{size / 1e6:.1f} MB"
        return f"{max(1, round(size / 1e3))} kB"

    def left_out(self) -> list[str]:
        """Why reports that the publication has are not made yet, a sentence each."""
        lacking = set(self.report.publication.file.reports)
        lacking -= {entry.name.partition("/")[0] for entry in self.entries}
        return [why for kind, why in reports_left_out(self.report).items() if kind in lacking]

    def wards(self) -> list[MapWard]:
        """The wards that have a report, by name."""
        made = {entry.name for entry in self.entries}
        wards = map_wards(self.report, "works") if self.report.council.wards else []
        return [ward for ward in wards if f"{WARDS}{ward.code}" in made]

    def ward_table(self) -> Html:
        """The list of ward reports, which can be shortened by typing."""
        made = {entry.name: entry for entry in self.entries}
        table = PageTable(self.report, "ward-reports", "wards")
        for ward in self.wards():
            pdf = self.pdf_link(made[f"{WARDS}{ward.code}"])
            table.add_cells(link(ward.name, ward.href), ward.number, pdf)
        return table.show()

    def lenses(self) -> list[tuple[MapLens, str, Html]]:
        """Each lens with its name and its map, whose areas are links."""
        return [(lens, LENSES[lens].label, self._map(lens)) for lens in ON_THE_INDEX]

    def _map(self, lens: MapLens) -> Html:
        wards = map_wards(self.report, lens)
        made = {ward.code for ward in self.wards()}
        if said := no_map(self.report, lens, wards):
            return said
        shapes = maps.shapes_of(self.report.publication)
        drawn = [ward if ward.code in made else replace(ward, href="") for ward in wards]
        return maps.linked_map(f"map-{lens}", drawn, shapes, map_words(self.report, lens, "#wards"))

    def postcodes(self) -> Html:
        """The postcodes of each ward; nothing where there are none, or too many for a page."""
        known = self.report.frame(POSTCODES)
        parts = []
        for ward in self.wards():
            mine = sorted(known.loc[known["ward_code"] == ward.code, "postcode"])
            if mine:
                parts += [tag("dt", ward.name), tag("dd", ", ".join(mine))]
        listed = tag("dl", join(parts), id="postcodes") if parts else Html()
        return listed if len(listed.encode()) < MOST_OF_POSTCODES else Html()

    def changes(self, previous: str) -> Html:
        """What moved since the last publication."""
        changed = self.report.calculation.tables.get(CHANGES, pd.DataFrame())
        table = PageTable(self.report, "index-changes", "changes", previous=previous)
        for row in records(changed):
            table.add_cells(row.figure, row.before, row.now, row.why)
        return table.show()

    def data_files(self) -> list[str]:
        """The names of the files in ``data``."""
        names = sorted(path.name for path in (self.folder / "data").glob("*.csv"))
        return [*names, "csv-metadata.json"]

    def findings(self) -> Html:
        """What the checks of the inputs found."""
        table = PageTable(self.report, "index-findings", "findings-table")
        found = self.report.frame("findings")
        for number, (_, line) in enumerate(found.iterrows(), start=1):
            where = f"{number}. {place(line)}"
            gravity = GRAVITY[line["severity"]]
            table.add_cells(where, gravity, line["found"], line["problem"], line["remedy"])
        return table.show()


def index_page(
    publication: Publication,
    calculation: Calculation,
    folder: Path,
    entries: list[IndexEntry],
    context: PageContext,
    edited: list[str],
) -> str:
    """The page as HTML. ``folder``: where the reports and data files already are.

    ``edited``: what is to be said of notebooks that are not the standard ones.
    """
    report = Report(publication, calculation)
    index = _Index(report, folder, entries)
    file = publication.file
    body = section(
        "index.html.j2",
        index=index,
        cover=opening(report, file.title, []),
        headlines=headlines(report),
        has_wards=bool(index.wards()),
        postcodes=index.postcodes(),
        previous=file.previous,
        workbook=f"data/{file.kind}",
        data_files=index.data_files(),
        has_calendar=(folder / calendar_file.NAME).is_file(),
        findings=len(report.frame("findings")),
        edited=edited,
        contact=publication.council.contact,
    )
    return page(body, context, script=SCRIPT)

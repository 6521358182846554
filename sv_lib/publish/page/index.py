"""The index page of a run: reports, wards, data files, what changed, what the checks found.

Its words and markup stand in ``templates/index.html.j2``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from sv_lib.figures.saved import Calculation
from sv_lib.intake.input_files import locate
from sv_lib.params import Publication
from sv_lib.present import maps
from sv_lib.present.maps import Tile
from sv_lib.present.markup import Html, link
from sv_lib.present.page_tables import PageTable
from sv_lib.present.report import Report
from sv_lib.present.sections.front import headlines, opening
from sv_lib.present.sections.wards import map_words, ward_tiles
from sv_lib.present.tables import records
from sv_lib.publish.audit.compare import CHANGES
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.finding_words import GRAVITY, place
from sv_lib.publish.page.html import TEMPLATES, page, section

SCRIPT = (TEMPLATES / "finder.js").read_text(encoding="utf-8")
"""Shortens the list of wards as a name is typed. Without it the list is whole."""
WARDS = "wards/"


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
        """The publication's own reports."""
        return [entry for entry in self.entries if not entry.name.startswith(WARDS)]

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

    def tiles(self) -> list[Tile]:
        """The wards that have a report."""
        made = {entry.name for entry in self.entries if entry.name.startswith(WARDS)}
        if not made:
            return []
        return [tile for tile in ward_tiles(self.report) if f"{WARDS}{tile.code}" in made]

    def ward_table(self, tiles: list[Tile]) -> Html:
        """The list of ward reports, which can be shortened by typing."""
        made = {entry.name: entry for entry in self.entries}
        table = PageTable(self.report, "ward-reports", "wards")
        for tile in tiles:
            pdf = self.pdf_link(made[f"{WARDS}{tile.code}"])
            table.add_cells(link(tile.name, tile.href), tile.number, pdf)
        return table.show()

    def ward_map(self, tiles: list[Tile]) -> Html:
        """A map whose areas are links; none where no ward has an amount to show."""
        if not any(tile.number.value or tile.number.kind == "hidden" for tile in tiles):
            return Html()
        words = map_words(self.report)
        boundaries = self.report.council.boundaries
        if not boundaries:
            return maps.tile_map("ward-map", tiles, words)
        outlines = maps.outlines(locate(self.report.publication, boundaries))
        return maps.linked_map("ward-map", tiles, outlines, words)

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
        found = self.report.table("findings")
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
        tiles=index.tiles(),
        previous=file.previous,
        workbook=f"data/{file.kind}",
        data_files=index.data_files(),
        findings=len(report.table("findings")),
        edited=edited,
        contact=publication.council.contact,
    )
    return page(body, context, script=SCRIPT)

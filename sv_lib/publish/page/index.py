"""The index page of a run: reports, wards, data files, what changed, what the checks found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from sv_lib.figures.saved import Calculation
from sv_lib.intake.input_files import locate
from sv_lib.params import Publication
from sv_lib.present import cards, maps, tables
from sv_lib.present.markup import Html, bullets, heading, join, link, paragraph, tag, text_of
from sv_lib.present.report import Report
from sv_lib.present.sections.front import headlines
from sv_lib.present.sections.wards import map_words, ward_tiles
from sv_lib.present.tables import TableColumn, records, thousands
from sv_lib.publish.audit.compare import CHANGES
from sv_lib.publish.check import GRAVITY, place
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.page.html import TEMPLATES, page
from sv_lib.strict_yaml import load_as

FINDER = Html((TEMPLATES / "finder.html.j2").read_text(encoding="utf-8"))
SCRIPT = (TEMPLATES / "finder.js").read_text(encoding="utf-8")
"""Shortens the list of wards as a name is typed. Without it the list is whole."""
WARDS = "wards/"


@dataclass(frozen=True)
class _Words:
    """What ``index.yaml`` says. ``downloads``: file -> what is in it."""

    downloads: dict[str, str]
    accessibility: list[str]


WORDS = load_as(_Words, Path(__file__).with_suffix(".yaml"))


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

    def file_link(self, name: str, words: str) -> Html:
        """A link to a file, and its size as a person says it."""
        return join([link(words, name), f" ({self.size(name)})"])

    def pdf(self, entry: IndexEntry) -> Html:
        """The link to a report's PDF, with its pages and its size."""
        name = f"{entry.name}.pdf"
        unseen = tag("span", f" of {entry.title}", css_class="unseen")
        pages = f"{entry.pages} page"
        if entry.pages > 1:
            pages += "s"
        return join([link(join(["PDF", unseen]), name), f" ({pages}, {self.size(name)})"])

    def size(self, name: str) -> str:
        """A file's size as a person says it."""
        size = (self.folder / name).stat().st_size
        if size >= 1e6:
            return f"{size / 1e6:.1f} MB"
        return f"{max(1, round(size / 1e3))} kB"

    def reports(self) -> Html:
        """The publication's own reports, each a card."""
        items = []
        for entry in self.entries:
            if not entry.name.startswith(WARDS):
                title = link(entry.title, f"{entry.name}.html")
                name = paragraph(title, css_class="report-name")
                items.append(tag("li", name + paragraph("Web page, or ", self.pdf(entry))))
        listed = tag("ul", join(items), css_class="report-list", role="list")
        return heading(2, "Reports") + listed

    def wards(self) -> Html:
        """A map whose areas are links, and a list that can be shortened by typing."""
        made = {entry.name: entry for entry in self.entries if entry.name.startswith(WARDS)}
        if not made:
            return Html()
        shown = [tile for tile in ward_tiles(self.report) if f"{WARDS}{tile.code}" in made]
        if not shown:
            return Html()
        words = map_words(self.report)
        boundaries = self.report.council.boundaries
        if boundaries:
            outlines = maps.outlines(locate(self.report.publication, boundaries))
            drawn = maps.linked_map("ward-map", shown, outlines, words)
        else:
            drawn = maps.tile_map("ward-map", shown, words)
        rows = []
        for tile in shown:
            pdf = self.pdf(made[f"{WARDS}{tile.code}"])
            rows.append((link(tile.name, tile.href), tile.number, pdf))
        columns = (TableColumn("Ward"), thousands("Work done there"), TableColumn("To print"))
        listed = tables.show("wards", "Ward reports", columns, rows, source=words.source)
        return join([heading(2, "Find a ward", id="find-a-ward"), FINDER, listed, drawn])

    def changes(self) -> Html:
        """What moved since the last publication."""
        title = heading(2, "What changed since the last publication", id="changed")
        previous = self.report.publication.file.previous
        if previous is None:
            return title + paragraph("There is no earlier publication to compare this one with.")
        changed = self.report.calculation.tables.get(CHANGES, pd.DataFrame())
        if changed.empty:
            return title + paragraph(
                f"The run of {previous} does not lie beside this one: the two were not compared."
            )
        rows = [(row.figure, row.before, row.now, row.why) for row in records(changed)]
        table = tables.show(
            "changes",
            f"Headline figures, compared with {previous}",
            _plain_columns("Figure", "Before", "Now", "Why"),
            rows,
            source="svreport compare, which does the same for every figure",
        )
        return title + table

    def data(self) -> Html:
        """The files behind the reports."""
        stem = f"data/{self.report.publication.file.kind}"
        books = [self.file_link(f"{stem}.ods", "ODS"), self.file_link(f"{stem}.xlsx", "XLSX")]
        listed = [join(["Workbook with all tables: ", join(books, ", ")])]
        for name, content in WORDS.downloads.items():
            listed.append(join([link(name, name), f": {content}"]))
        names = sorted(path.name for path in (self.folder / "data").glob("*.csv"))
        names.append("csv-metadata.json")
        every = bullets(self.file_link(f"data/{name}", name) for name in names)
        summary = f"Every table as CSV, with a description for machines ({len(names)} files)"
        words = paragraph("Every number of these reports, and the rows it was made from.")
        return join([heading(2, "Data"), words, bullets(listed), _fold(summary, every)])

    def findings(self) -> Html:
        """What the checks of the inputs found, folded up: it is for the analyst."""
        found = self.report.calculation.tables["findings"]
        title = heading(2, "What the checks found", id="findings")
        if found.empty:
            return title + paragraph("Nothing.")
        rows = []
        for number, (_, line) in enumerate(found.iterrows(), start=1):
            where = f"{number}. {place(line)}"
            gravity = GRAVITY[line["severity"]]
            rows.append((where, gravity, line["found"], line["problem"], line["remedy"]))
        table = tables.show(
            "findings-table",
            "Findings in the input files",
            _plain_columns("Where", "How grave", "What we found", "Why it matters", "What to do"),
            rows,
            source="findings.csv",
        )
        count = f"{len(rows)} finding"
        if len(rows) > 1:
            count += "s"
        return title + _fold(f"{count} in the input files, for the analyst", table)

    def accessibility(self) -> Html:
        """The statement, with whom to ask."""
        contact = self.report.council.contact.rstrip(".")
        ask = f"If you cannot read something, or need it in another form, ask {contact}."
        title = heading(2, "Accessibility statement", id="accessibility")
        return join([title, *map(paragraph, WORDS.accessibility), paragraph(ask)])


def _plain_columns(*headings: str) -> list[TableColumn]:
    return [TableColumn(words) for words in headings]


def _fold(summary: str, body: Html) -> Html:
    return tag("details", tag("summary", text_of(summary)) + body, css_class="fold")


def index_page(
    publication: Publication,
    calculation: Calculation,
    folder: Path,
    entries: list[IndexEntry],
    context: PageContext,
) -> str:
    """The page as HTML. ``folder``: where the reports and data files already are."""
    report = Report(publication, calculation)
    index = _Index(report, folder, entries)
    file = publication.file
    head = cards.cover(
        publication.council.name,
        file.title,
        str(publication.sv),
        file.data_as_at,
        file.status,
        cards.STATUS[file.status],
    )
    parts = [
        head,
        headlines(report),
        index.reports(),
        index.wards(),
        index.changes(),
        index.data(),
        index.findings(),
        index.accessibility(),
    ]
    return page(join(parts), context, script=SCRIPT)

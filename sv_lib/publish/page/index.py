"""The index page of a run: every report, the wards, the data files, what changed, and what the
checks
found.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
from sv_lib.publish.page.html import page
from sv_lib.publish.run.report_cache import FinishedReport

DOWNLOADS = (
    ("figures.csv", "every figure with its formula and rows"),
    ("claims.csv", "every claim with its working in words"),
    ("findings.csv", "what the checks of the input files found"),
    ("control_totals.csv", "rows and pounds of every input file, from file to figure"),
    ("manifest.json", "what went in, what it was made with, a hash of everything that came out"),
)
FINDER = Html(
    '<div id="finder" class="finder" hidden><label for="ward-name">Name of the ward, '
    "or part of it</label>"
    '<input id="ward-name" type="search" autocomplete="off" spellcheck="false"><p '
    'id="found" role="status"></p></div>'
)
FILTER = (Path(__file__).parent / "templates" / "finder.js").read_text(encoding="utf-8")
"""Shortens the list of wards as a name is typed. Without it the list is whole."""
ACCESSIBLE = (
    "These pages are made to meet the Web Content Accessibility Guidelines 2.2 at "
    "level AA, and the PDF files to meet "
    "PDF/UA. Each chart has a text alternative and a table.",
    "Every page can be read by keyboard alone, at 400% zoom, without colour and "
    "without a script. Nothing in it "
    "moves, and it asks nothing of the network.",
    "What is not perfect: the PDF has the values of a chart in its text alternative, "
    "not in a table. Wide tables "
    "scroll sideways on a telephone.",
)


@dataclass(frozen=True)
class _Index:
    """The parts of the page; ``folder`` is where the reports and data files already are."""

    report: Report
    folder: Path
    entries: list[FinishedReport]

    def size(self, name: str) -> str:
        """A file's size as a person says it."""
        count = (self.folder / name).stat().st_size
        return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"

    def pdf(self, entry: FinishedReport) -> Html:
        """The link to a report's PDF, with its pages and its size."""
        name = f"{entry.name}.pdf"
        words = join(["PDF", tag("span", f" of {entry.title}", css_class="unseen")])
        return join(
            [
                link(words, name),
                f" ({entry.pages} page{'s' * (entry.pages > 1)}, {self.size(name)})",
            ]
        )

    def reports(self) -> Html:
        """The publication's own reports, each a card."""
        listed = [entry for entry in self.entries if not entry.name.startswith("wards/")]
        items = (
            tag(
                "li",
                join(
                    [
                        paragraph(link(entry.title, f"{entry.name}.html"), css_class="report-name"),
                        paragraph("Web page, or ", self.pdf(entry)),
                    ]
                ),
            )
            for entry in listed
        )
        return heading(2, "Reports") + tag("ul", join(items), css_class="report-list", role="list")

    def wards(self) -> Html:
        """A map whose areas are links, and a list that can be shortened by typing."""
        made = {entry.name: entry for entry in self.entries if entry.name.startswith("wards/")}
        shown = (
            [tile for tile in ward_tiles(self.report) if f"wards/{tile.code}" in made]
            if made
            else []
        )
        if not shown:
            return Html()
        words, declared = map_words(self.report), self.report.council.boundaries
        if declared:
            outlines = maps.outlines(locate(self.report.publication, declared))
            drawn = maps.linked_map("ward-map", shown, outlines, words)
        else:
            drawn = maps.tile_map("ward-map", shown, words)
        rows = tuple(
            (link(tile.name, tile.href), tile.number, self.pdf(made[f"wards/{tile.code}"]))
            for tile in shown
        )
        columns = (TableColumn("Ward"), thousands("Work done there"), TableColumn("To print"))
        listed = tables.show("wards", "Ward reports", columns, rows, source=words.source)
        return join([heading(2, "Find a ward", id="find-a-ward"), FINDER, listed, drawn])

    def changes(self) -> Html:
        """What moved since the last publication."""
        changed = self.report.calculation.tables.get(CHANGES, pd.DataFrame())
        title = heading(2, "What changed since the last publication", id="changed")
        previous = self.report.publication.file.previous
        if previous is None:
            return title + paragraph("There is no earlier publication to compare this one with.")
        if changed.empty:
            return title + paragraph(
                f"The run of {previous} does not lie beside this one: the two were not compared."
            )
        rows = tuple((row.figure, row.before, row.now, row.why) for row in records(changed))
        columns = (
            TableColumn("Figure"),
            TableColumn("Before"),
            TableColumn("Now"),
            TableColumn("Why"),
        )
        return title + tables.show(
            "changes",
            f"Headline figures, compared with {previous}",
            columns,
            rows,
            source="svreport compare, which does the same for every figure",
        )

    def data(self) -> Html:
        """The files behind the reports."""
        kind = self.report.publication.file.kind
        books = [f"data/{kind}.{suffix}" for suffix in ("ods", "xlsx")]
        sized = (
            join([link(book.rsplit(".")[-1].upper(), book), f" ({self.size(book)})"])
            for book in books
        )
        rest = (join([link(name, name), f": {what}"]) for name, what in DOWNLOADS)
        csvs = [
            *sorted(path.name for path in (self.folder / "data").glob("*.csv")),
            "csv-metadata.json",
        ]
        every = bullets(
            join([link(name, f"data/{name}"), f" ({self.size(f'data/{name}')})"]) for name in csvs
        )
        return join(
            [
                heading(2, "Data"),
                paragraph("Every number of these reports, and the rows it was made from."),
                bullets([join(["Workbook with all tables: ", join(sized, ", ")]), *rest]),
                _fold(
                    f"Every table as CSV, with a description for machines ({len(csvs)} files)",
                    every,
                ),
            ]
        )

    def findings(self) -> Html:
        """What the checks of the inputs found, folded up: it is for the analyst."""
        found = self.report.calculation.tables["findings"]
        title = heading(2, "What the checks found", id="findings")
        if found.empty:
            return title + paragraph("Nothing.")
        rows = [
            (
                f"{number}. {place(line)}",
                GRAVITY[line["severity"]],
                line["found"],
                line["problem"],
                line["remedy"],
            )
            for number, (_, line) in enumerate(found.iterrows(), start=1)
        ]
        heads = ("Where", "How grave", "What we found", "Why it matters", "What to do")
        table = tables.show(
            "findings-table",
            "Findings in the input files",
            [*map(TableColumn, heads)],
            rows,
            source="findings.csv",
        )
        return title + _fold(
            f"{len(rows)} finding{'s' * (len(rows) > 1)} in the input files, for the analyst", table
        )

    def accessibility(self) -> Html:
        """The statement, with whom to ask."""
        ask = (
            f"If you cannot read something, or need it in another form, ask "
            f"{self.report.council.contact.rstrip('.')}."
        )
        title = heading(2, "Accessibility statement", id="accessibility")
        return join([title, *map(paragraph, ACCESSIBLE), paragraph(ask)])


def _fold(summary: str, body: Html) -> Html:
    return tag("details", join([tag("summary", text_of(summary)), body]), css_class="fold")


def index_page(
    publication: Publication,
    calculation: Calculation,
    folder: Path,
    entries: list[FinishedReport],
    context: PageContext,
) -> str:
    """The page as HTML; ``folder`` is where the reports and data files already are."""
    file, report = publication.file, Report(publication, calculation)
    index = _Index(report, folder, entries)
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
    return page(join(parts), context, script=FILTER)

"""The run folder put together: reports as they are made, then data files, workbook, index and
manifest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from sv_lib.analysis import evidence
from sv_lib.figures.calculation import numbers, tell
from sv_lib.figures.remembered import recall, remember
from sv_lib.figures.saved import TRAIL, Calculation
from sv_lib.figures.trail import Trail
from sv_lib.intake.pipeline import Inputs
from sv_lib.memory import Memory
from sv_lib.params import Publication
from sv_lib.periods import long_date
from sv_lib.present import cards
from sv_lib.publish.audit.compare import CHANGES, Run, headlines, read_figures
from sv_lib.publish.files import crate, data_tables, fingerprints, manifest, workbook
from sv_lib.publish.page.context import PageContext
from sv_lib.publish.run import environment, folder, report_cache
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import Report
from sv_lib.publish.run.report_cache import Eyes, Finished
from sv_lib.publish.run.report_task import Failed, Made, ReportTask, draw_index, printed_figures
from sv_lib.publish.run.workers import Workers
from sv_lib.toms.measures import catalogue

NUMBERS = "numbers"
"""The name under which a publication's numbers are kept for its next run."""


@dataclass
class Assembly:
    """One publication's run folder under construction.

    ``about``: what it is made from; ``numbers``: what the next run may recall of the calculation,
    until it is kept; ``done``: the reports that are finished, by name; ``printed``: report -> the
    figures that its page shows; ``has_methods``: whether the methods report is, or will be, among
    them.
    """

    publication: Publication
    folder: RunFolder
    about: dict[str, Any]
    calculation: Calculation
    memory: Memory
    numbers: Calculation | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    done: dict[str, Finished] = field(default_factory=dict)
    printed: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    has_methods: bool = False

    def __post_init__(self) -> None:
        self.eyes, self.basis = Eyes(self.calculation), manifest.basis(self.about)

    @classmethod
    def begin(
        cls, publication: Publication, inputs: Inputs, place: RunFolder, *, fresh: bool
    ) -> Assembly:
        """Calculate, once, and save the result where every notebook opens it.

        The numbers are those of the run before where they were made from the same, unless all is
        asked for ``fresh``.
        """
        about, memory = (
            manifest.made_from(publication, inputs),
            Memory(place.memory, is_blind=fresh),
        )
        known = memory.find(NUMBERS, manifest.numbers_made_from(about))
        made = recall(known) if known else numbers(publication, inputs)
        calculation = tell(made, publication, inputs)
        calculation.save(place.work / "calculation")
        environment.give_back()
        return cls(publication, place, about, calculation, memory, None if known else made)

    def keep(self, reports: Mapping[str, Report], *earlier: Mapping[str, Finished]) -> None:
        """Take over the reports that would come out the same, from the first place that has them
        whole.

        The methods first: the figures of the others lead there, if they are there.
        """
        for name, report in sorted(reports.items(), key=lambda one: one[0] != "methods"):
            for there in (place[name] for place in earlier if name in place):
                if (
                    there.made_from == self._made_from(report)
                    and there.files.keys() == set(report.files)
                    and there.found == self.eyes.find(there.reads)
                    and there.is_whole()
                ):
                    self._take(there)
                    self.has_methods |= name == "methods"
                    break

    def _made_from(self, report: Report) -> str:
        return report.sha256(self.basis, self.has_methods)

    def make(
        self,
        reports: Sequence[Report],
        earlier: Mapping[str, Finished],
        workers: Workers,
        inputs: Inputs,
    ) -> Iterator[Made]:
        """Make reports, each written as it comes, where the next run finds it if this one is cut
        off.

        ``earlier``: those of the last run; pages whose notebook comes out as it was are kept. Data
        files that need no page are written meanwhile. The first report to fail ends the run. Raises
        NotebookError or RenderError after keeping the broken notebook.
        """
        last = {name: there for name, there in earlier.items() if there.is_whole()}
        asked = {report.name: report for report in reports}
        tasks = [self.task(report, last.get(report.name)) for report in reports]
        if self.numbers:
            answers = workers.make(tasks)
            self._write_data(inputs)
        else:  # recalled: nobody has waited for the workers' libraries yet
            self._write_data(inputs)
            answers = workers.make(tasks)
        environment.give_back()
        for answer in answers:
            if isinstance(answer, Failed):
                kept = self.folder.keep_broken(answer.name, answer.notebook)
                fault = answer.fault
                raise type(fault)(
                    fault.where, fault.found, fault.matters, f"{fault.remedy}\n  Kept: {kept}"
                )
            self._take(self._finished(asked[answer.name], answer, last.get(answer.name)))
            yield answer

    def finish(self, workers: Workers) -> None:
        """Write what stands on the reports; the manifest last, with a hash of all the rest."""
        stage, file = self.folder.stage, self.publication.file
        shown = data_tables.reports_by_figure(self.printed, self.calculation.trail)
        self.tables["figures"] = data_tables.write_figures(stage, self.tables["figures"], shown)
        data_tables.describe(stage, self.tables, file.title)
        sheets = [workbook.sheet(name, table) for name, table in self.tables.items()]
        workbook.write(
            stage / "data" / file.kind,
            file.title,
            self._about(),
            sheets,
            file.data_as_at,
            workers.share,
        )
        report_cache.write_reads(self.done, stage)
        compared = manifest.compared_with(self.publication, self.folder.home)
        changes = self._changes() if compared and compared["manifest_sha256"] else pd.DataFrame()
        tables = {**self.calculation.tables, CHANGES: changes}
        values = Calculation(Trail.of(self.calculation.trail), tables)
        reports = sorted(self.done.values(), key=_in_order)
        about = (self.publication, values, stage, reports, self._context("index", file.title))
        folder.write(stage / "index.html", workers.share(draw_index, [about])[0].encode())
        crate.write(stage, self.publication, self.about)
        manifest.write(stage, self.about, report_cache.entries(self.done), compared)

    def _write_data(self, inputs: Inputs) -> None:
        """The data files that do not say which report prints what."""
        tables = self.calculation.tables
        seed = manifest.hash_of(self.about["inputs"])
        sample = evidence.sample(tables["claims"], self.publication.sv, catalogue(), seed)
        whole = replace(self.calculation, tables={**tables, evidence.NAME: sample})
        self.tables = data_tables.write_all(self.folder.stage, whole)
        if self.numbers:
            with self.memory.keep(NUMBERS, manifest.numbers_made_from(self.about)) as place:
                remember(self.numbers, self.folder.stage / "data" / TRAIL, place)
            self.numbers = None
        fingerprints.write(
            inputs, self.folder.stage / "data", is_public=self.publication.file.profile == "public"
        )

    def _finished(self, report: Report, made: Made, last: Finished | None) -> Finished:
        """A report as it is kept from now on, with the pages of the last run where they would be
        the
        same.
        """
        contents = dict(zip(report.files, (made.html, made.pdf, made.notebook), strict=True))
        pages = made.pages
        if last and not made.html:
            contents |= {name: (last.folder / name).read_bytes() for name in report.files[:2]}
            pages = last.pages
        finished = Finished(
            self.folder.finished(self.basis),
            report.name,
            report.title,
            pages,
            self._made_from(report),
            made.reads,
            self.eyes.find(made.reads),
            {name: manifest.sha256(content) for name, content in contents.items()},
        )
        finished.save(contents)
        return finished

    def _take(self, finished: Finished) -> None:
        finished.take(self.folder.stage)
        page = (finished.folder / f"{finished.name}.html").read_text(encoding="utf-8")
        self.done[finished.name], self.printed[finished.name] = finished, printed_figures(page)

    @property
    def _marking(self) -> str:
        return "" if self.publication.file.profile == "public" else cards.EXEMPT

    def _changes(self) -> pd.DataFrame:
        """What moved in the headlines since the publication before, whose run lies beside this
        one.
        """
        then = Run.open(self.folder.home.with_name(str(self.publication.file.previous)))
        return headlines(then, Run(self.folder.stage, self.about, read_figures(self.folder.stage)))

    def _about(self) -> list[tuple[str, str]]:
        file, council = self.publication.file, self.publication.council
        return [
            ("Council", council.name),
            ("Status", f"{self._marking} {cards.STATUS[file.status]}".strip()),
            ("Social value", str(self.publication.sv)),
            ("Local spend", str(self.publication.spend)),
            ("Data as at", long_date(file.data_as_at)),
            ("Contact", council.contact),
            ("How to trace a figure", "svreport trace, with an id of the sheet figures"),
        ]

    def task(self, report: Report, last: Finished | None = None) -> ReportTask:
        """What a worker needs for a report; ``last``: the same report of the last run."""
        path = self.publication.path
        day = self.publication.file.data_as_at
        return ReportTask(
            report.name,
            report.notebook,
            report.parameters(str(path), str(self.folder.work / "calculation")),
            report.parameters(f"../params/{path.parent.name}/{path.name}", ""),
            self._context(report.name, report.title),
            int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
            last.files[report.files[2]]
            if last and last.made_from == self._made_from(report)
            else "",
        )

    def _context(self, name: str, title: str) -> PageContext:
        """What a page's frame says: running title, status, and links to its neighbours."""
        file, up = self.publication.file, "../" * name.count("/")
        return PageContext(
            title=title,
            report_title=title,
            council=self.publication.council.name,
            period_text=str(self.publication.sv),
            data_as_at=file.data_as_at,
            status=file.status,
            status_text=cards.STATUS[file.status],
            marking=self._marking,
            home_href="" if name == "index" else f"{up}index.html",
            pdf_href="" if name == "index" else f"{name.rsplit('/')[-1]}.pdf",
            data_href=f"{up}data/{file.kind}.ods",
            sources_href=f"{up}methods.html" if self.has_methods and name != "methods" else "",
        )


def _in_order(report: Finished) -> tuple[bool, bool, str]:
    """The publication's own report, its methods, then the wards."""
    return "/" in report.name, report.name == "methods", report.name

"""The run folder put together: reports, then data files, workbook, index page and manifest."""

from __future__ import annotations

from calendar import timegm
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import call
from pathlib import Path
from typing import Any

import pandas as pd

from sv_lib.analysis import evidence
from sv_lib.errors import NotebookError, ReportError
from sv_lib.figures.calculation import calculate
from sv_lib.figures.protection.published import Published
from sv_lib.figures.saved import Calculation
from sv_lib.figures.trail import Trail
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import Publication, name_of
from sv_lib.present.ladder import reports_left_out
from sv_lib.present.report import Report
from sv_lib.publish.audit.compare import CHANGES, headlines, opened
from sv_lib.publish.audit.input_differences import differences
from sv_lib.publish.files import (
    calendar_file,
    crate,
    data_tables,
    manifest,
    papers,
    workbook,
    workbook_sheets,
)
from sv_lib.publish.files.finished_run import FinishedRun
from sv_lib.publish.files.printed_figures import Printed, printed_figures
from sv_lib.publish.files.printed_tables import PrintedTable, printed_tables
from sv_lib.publish.page import own_cells
from sv_lib.publish.page.context import report_context
from sv_lib.publish.page.draw_index import draw_index
from sv_lib.publish.run import environment, folder
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import PlannedReport
from sv_lib.publish.run.report_cache import FinishedReport
from sv_lib.publish.run.report_task import NOT_PUBLISHED, Failed, Made, ReportTask
from sv_lib.publish.run.workers import Workers
from sv_lib.toms.measures import measures_of

FEW = 5
"""How many files that a notebook touched are named."""


@dataclass
class Assembly:
    """One publication's run folder under construction.

    ``about``: what the run is made from, as the manifest says it.
    ``has_methods``: whether the methods report is, or will be, in the run.
    ``done``: the finished reports by name.
    ``printed``: the figures that each finished report prints, by its name.
    ``tables``: the data tables by name, once they are written.
    ``written``: the hash of each file that the run itself wrote where notebooks may reach it, by
    its path in the folder of the work.
    ``edited``: what is to be said of notebooks that are not the standard ones, a line each.
    """

    publication: Publication
    folder: RunFolder
    about: dict[str, Any]
    calculation: Calculation
    has_methods: bool = False
    done: dict[str, FinishedReport] = field(default_factory=dict)
    printed: dict[str, tuple[Printed, ...]] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    written: dict[str, str | None] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, publication: Publication, inputs: Inputs, place: RunFolder) -> Assembly:
        """Calculate, once, and save the result where every notebook opens it."""
        earlier = manifest.readers_have(publication, place.home)
        calculation = calculate(
            publication, inputs, known_to_readers(publication, earlier, place.home)
        )
        calculation.save(place.work / "calculation")
        environment.give_back()
        about = manifest.made_from(publication, inputs, earlier)
        written = dict[str, str | None](manifest.outputs(place.work))
        return cls(publication, place, about, calculation, written=written)

    @cached_property
    def basis(self) -> str:
        """The hash of all that the run is made from."""
        return manifest.hash_of(self.about)

    @cached_property
    def left_out(self) -> dict[str, str]:
        """The kinds of report that would tell nothing yet, each with the words that say so."""
        return reports_left_out(Report(self.publication, self.calculation))

    def take_over(
        self, reports: Mapping[str, PlannedReport], *earlier: Mapping[str, FinishedReport]
    ) -> None:
        """Take the reports that would come out the same, from the first place that has them.

        ``earlier``: finished reports by name, of the last run or of one that was cut off.
        """
        # The methods report comes first, because the others link to it if it is there.
        for report in sorted(reports.values(), key=lambda one: one.name != "methods"):
            for place in earlier:
                finished = place.get(report.name)
                if finished and self._is_current(finished, report):
                    self._add(finished)
                    self.has_methods = self.has_methods or report.name == "methods"
                    break

    def make(
        self,
        reports: Sequence[PlannedReport],
        earlier: Mapping[str, FinishedReport],
        workers: Workers,
        inputs: Inputs,
    ) -> Iterator[Made]:
        """Make reports, and write meanwhile the data files that need no page.

        Each report is saved as it comes, so that the next run finds it if this one is cut off.
        ``earlier``: reports made by the same code and parameters; one whose notebook comes out the
        same gives its pages. The first report to fail ends the run, after its broken notebook is
        kept: raises its NotebookError or RenderError.
        """
        drawn = {name: report for name, report in earlier.items() if report.is_whole()}
        asked = {report.name: report for report in reports}
        tasks = [self.task(report, drawn.get(report.name)) for report in reports]
        answers = workers.make(tasks)
        self._write_data(inputs)
        environment.give_back()
        for answer in answers:
            if isinstance(answer, Failed):
                raise self._broken(answer)
            finished = self._finished(asked[answer.name], answer, drawn.get(answer.name))
            self._add(finished)
            yield answer

    def finish(self, workers: Workers) -> None:
        """Write what needs the reports; the manifest last, because it hashes all the rest."""
        self._require_untouched()
        stage = self.folder.stage
        file = self.publication.file
        tables = self.tables
        shown = data_tables.reports_by_figure(self.printed, self.calculation.trail)
        tables["figures"] = data_tables.write_figures(stage, tables["figures"], shown)
        data_tables.describe(stage, tables, file.title)
        sheets = workbook_sheets.sheets_of(
            self.publication, self._printed_tables(), self.calculation.trail, tables
        )
        about = workbook.cover_lines(self.publication)
        books = workbook.writers(
            stage / "data" / file.kind, file.title, about, sheets, file.data_as_at
        )
        workers.share(call, books)
        calendar_file.write(stage, self.publication, self.calculation)
        compared = manifest.compared_with(self.publication, self.folder.home)
        is_there = compared and compared["manifest_sha256"]
        changes = self._changes() if is_there else pd.DataFrame()
        used = own_cells.used(stage, self.done)
        entries = {
            name: report.entry() | used[name].entry() for name, report in sorted(self.done.items())
        }
        self.edited = own_cells.in_words(entries)
        self._write_index(workers, changes)
        crate.write(stage, self.publication, self.about)
        told = {"compared_with": compared, "left_out": self.left_out}
        manifest.write(stage, self.about, entries, told, tables["corrections"])

    def _printed_tables(self) -> list[PrintedTable]:
        """The tables of the publication's own report, as it prints them; none where it has none."""
        page = self.folder.stage / f"{self.publication.file.kind}.html"
        if not page.is_file():
            return []
        units = {figure.id: figure.unit for figure in self.calculation.trail}
        return printed_tables(page.read_text(encoding="utf-8"), units)

    def task(self, report: PlannedReport, drawn: FinishedReport | None = None) -> ReportTask:
        """What a worker needs to make a report.

        ``drawn``: the same report by the same code, whose pages serve again if its notebook does.
        """
        path = self.publication.path
        calculation = self.folder.work / "calculation"
        # The notebook that is kept shows a path that fits any copy of the project.
        public_path = f"../params/{name_of(path)}"
        day = self.publication.file.data_as_at
        return ReportTask(
            name=report.name,
            notebook=report.notebook,
            parameters=report.parameters(str(path), str(calculation)),
            published=report.parameters(public_path, ""),
            context=report_context(self.publication, report.name, report.title, self.has_methods),
            epoch=timegm(day.timetuple()),
            known=drawn.files[f"{report.name}.ipynb"] if drawn else "",
        )

    def _is_current(self, finished: FinishedReport, report: PlannedReport) -> bool:
        """Whether a report is made from all the same, and its files are untouched."""
        return (
            finished.made_from == self._made_from(report)
            and finished.files.keys() == set(report.files)
            and finished.is_whole()
        )

    def _made_from(self, report: PlannedReport) -> str:
        return report.sha256(self.basis, self.has_methods)

    def _broken(self, answer: Failed) -> ReportError:
        """The fault of a report, with the place where its broken notebook is kept."""
        kept = self.folder.keep_broken(answer.name, answer.notebook)
        fault = answer.fault
        remedy = f"{fault.remedy}\n  Kept: {kept}"
        return type(fault)(fault.where, fault.found, fault.matters, remedy)

    def _write_data(self, inputs: Inputs) -> None:
        """Write the data files that do not say which report prints what, and the papers."""
        self.tables = data_tables.write_all(self.folder.stage, self.calculation)
        claims = self.calculation.whole.tables["claims"]
        # The seed hangs on the inputs alone, so that an auditor draws the same sample again.
        seed = manifest.hash_of(self.about["inputs"])
        measures = measures_of(self.publication)
        sample = evidence.sample(claims, self.publication.sv, measures, seed)
        closed = manifest.beside(self.folder.stage)
        papers.write(closed, self.calculation, inputs, sample)
        # What is hidden is in the papers now; nothing that comes after needs to know it.
        self.calculation = replace(self.calculation, secrets=None)
        others = self.tables.keys() - {"figures"}
        open_to_all = [data_tables.path_of(self.folder.stage, name) for name in others]
        for path in (*open_to_all, *closed.iterdir()):
            name = path.relative_to(self.folder.work).as_posix()
            self.written[name] = manifest.hash_of_file(path)

    def _finished(
        self, report: PlannedReport, made: Made, drawn: FinishedReport | None
    ) -> FinishedReport:
        """Save a report that was made, with the pages drawn before if its notebook is the same."""
        pages = made.pages
        contents = {f"{report.name}.ipynb": made.notebook}
        drawings = {f"{report.name}.html": made.html, f"{report.name}.pdf": made.pdf}
        if drawn and not made.html:
            pages = drawn.pages
            drawings = {name: (drawn.folder / name).read_bytes() for name in drawings}
        contents |= drawings
        hashes = {name: manifest.sha256(content) for name, content in contents.items()}
        finished = FinishedReport(
            self.folder.finished(self.basis),
            report.name,
            report.title,
            pages,
            self._made_from(report),
            hashes,
        )
        finished.save(contents)
        return finished

    def _add(self, finished: FinishedReport) -> None:
        """Put a finished report into the run folder."""
        finished.copy_to(self.folder.stage)
        for name, digest in finished.files.items():
            self.written[f"{self.folder.stage.name}/{name}"] = digest
        page = (finished.folder / f"{finished.name}.html").read_text(encoding="utf-8")
        self.printed[finished.name] = printed_figures(page)
        self.done[finished.name] = finished

    def _require_untouched(self) -> None:
        """Raise NotebookError unless the run's folders hold what it wrote there, and that alone."""
        now = dict(manifest.outputs(self.folder.work))
        touched = [f"{name} ({how})" for name, how in differences(self.written, now).items()]
        if touched:
            raise NotebookError(
                self.publication.id,
                f"a notebook wrote among the files of the run: {', '.join(touched[:FEW])}",
                NOT_PUBLISHED,
                "let notebooks show what they make in a cell; files of their own are not taken.",
            )

    def _write_index(self, workers: Workers, changes: pd.DataFrame) -> None:
        """Write the index page, drawn by a worker, which has the renderers loaded."""
        stage = self.folder.stage
        # A trail of values alone is small enough to send to another process.
        values = Trail.of(self.calculation.trail)
        calculation = Calculation(values, {**self.calculation.tables, CHANGES: changes})
        reports = sorted(self.done.values(), key=_order)
        title = self.publication.file.title
        context = report_context(self.publication, "index", title, self.has_methods)
        about = (self.publication, calculation, stage, reports, context, self.edited)
        (page,) = workers.share(draw_index, [about])
        folder.write(stage / "index.html", page.encode())

    def _changes(self) -> pd.DataFrame:
        """What moved in the headlines since the previous publication, whose run lies beside."""
        stage = self.folder.stage
        previous = str(self.publication.file.previous)
        then = opened(self.folder.home.with_name(previous))
        now = FinishedRun(stage, self.about, manifest.beside(stage))
        return headlines(then, now)


def known_to_readers(
    publication: Publication, earlier: Sequence[Mapping[str, Any]], home: Path
) -> list[Published]:
    """What the runs of earlier publications beside ``home`` told.

    ``earlier``: as ``manifest.readers_have`` lists them.
    """
    days = {one.id: one.file.data_as_at for one in publication.earlier}
    runs = [home.with_name(one["publication"]) for one in earlier if one["figures_sha256"]]
    return [Published.read(run.name, days[run.name], run, manifest.beside(run)) for run in runs]


def _order(report: FinishedReport) -> tuple[bool, bool, bool, str]:
    """The briefing, the publication's own report, then its methods, then the wards."""
    name = report.name
    return "/" in name, name == "methods", name != "briefing", name

"""The run folder put together: reports as they are made, then data files, workbook, index and manifest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sv_lib.errors import NotebookError
from sv_lib.figures.calculation import calculate
from sv_lib.figures.store import Calculation
from sv_lib.intake.inputs import Inputs
from sv_lib.params import Publication
from sv_lib.periods import long_date
from sv_lib.present.sections.front import STATUS
from sv_lib.publish import evidence, fingerprints, folder, ledger_files, manifest, workbook
from sv_lib.publish.folder import RunFolder
from sv_lib.publish.html import PageContext
from sv_lib.publish.index import Entry, index_page
from sv_lib.publish.plan import Report
from sv_lib.publish.tasks import Failed, Made, ReportTask, make, printed_figures
from sv_lib.toms.measures import catalogue


@dataclass
class Assembly:
    """One publication's run folder under construction. ``printed``: report -> the figures that its page shows."""

    publication: Publication
    folder: RunFolder
    calculation: Calculation
    printed: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, publication: Publication, inputs: Inputs, place: RunFolder) -> Assembly:
        """Calculate, once, and save the result where every notebook opens it."""
        calculation = calculate(publication, inputs)
        calculation.save(place.work / "calculation")
        fingerprints.write(inputs, place.stage / "data")
        return cls(publication, place, calculation)

    def keep(self, report: Report) -> None:
        """Take over an unchanged report of the last run."""
        for name in report.files:
            folder.keep(self.folder.stage / name, self.folder.home / name)
        self.printed[report.name] = printed_figures((self.folder.home / report.files[0]).read_text(encoding="utf-8"))
        self.pages[report.name] = manifest.read(self.folder.home)["reports"][report.name]["pages"]

    def make(self, reports: Sequence[Report], pool: Executor) -> Iterator[Made]:
        """Make reports in the pool, each written as it comes. The first to fail ends the run.

        Raises NotebookError or RenderError after keeping the broken notebook.
        """
        futures = [pool.submit(make, self._task(report)) for report in reports]
        try:
            for future in as_completed(futures):
                answer = future.result()
                if isinstance(answer, Failed):
                    kept = self.folder.keep_broken(answer.name, answer.notebook)
                    fault = answer.fault
                    raise type(fault)(fault.where, fault.found, fault.matters, f"{fault.remedy}\n  Kept: {kept}")
                for suffix, content in ((".html", answer.html), (".pdf", answer.pdf), (".ipynb", answer.notebook)):
                    folder.write(self.folder.stage / f"{answer.name}{suffix}", content)
                self.printed[answer.name], self.pages[answer.name] = answer.figures, answer.pages
                yield answer
        except BrokenProcessPool:
            raise NotebookError(
                self.publication.id, "a worker process was ended from outside, most often for want of memory",
                "nothing of this run is published; the last good run is as it was.", "run again with fewer: --jobs 1.",
            ) from None  # fmt: skip
        finally:
            for future in futures:
                future.cancel()

    def finish(self, basis: dict[str, Any], reports: Sequence[Report]) -> None:
        """Write everything that goes with the reports; the manifest last, with a hash of all the rest."""
        stage, file = self.folder.stage, self.publication.file
        shown = ledger_files.reports_by_figure(self.printed, self.calculation.ledger)
        seed, tables = manifest.hash_of(basis["inputs"]), self.calculation.tables
        sample = evidence.sample(tables["claims"], self.publication.sv, catalogue(), seed)
        whole = replace(self.calculation, tables={**tables, evidence.NAME: sample})
        tables = ledger_files.write_all(stage, self.folder.work / "calculation", whole, shown)
        sheets = [workbook.sheet(name, table) for name, table in tables.items()]
        workbook.write(stage / "data" / file.kind, file.title, self._about(), sheets, file.data_as_at)
        entries = [Entry(r.name, r.title, self.pages[r.name]) for r in sorted(reports, key=_in_order)]
        page = index_page(self.publication, self.calculation, stage, entries, self._context("index", file.title))
        folder.write(stage / "index.html", page.encode())
        digest = manifest.hash_of(basis)
        made = {r.name: {"title": r.title, "pages": self.pages[r.name], "made_from": r.sha256(digest)} for r in reports}
        manifest.write(stage, basis, made)

    def _about(self) -> list[tuple[str, str]]:
        file, council = self.publication.file, self.publication.council
        return [
            ("Council", council.name), ("Status", STATUS[file.status]), ("Social value", str(self.publication.sv)),
            ("Local spend", str(self.publication.spend)), ("Data as at", long_date(file.data_as_at)),
            ("Contact", council.contact), ("How to trace a figure", "svreport trace, with an id of the sheet figures"),
        ]  # fmt: skip

    def _task(self, report: Report) -> ReportTask:
        path = self.publication.path
        day = self.publication.file.data_as_at
        return ReportTask(
            report.name,
            report.notebook,
            report.parameters(str(path), str(self.folder.work / "calculation")),
            report.parameters(f"../params/{path.parent.name}/{path.name}", ""),
            self._context(report.name, report.title),
            int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
        )

    def _context(self, name: str, title: str) -> PageContext:
        """What a page's frame says: running title, status, and links to its neighbours."""
        file, up = self.publication.file, "../" * name.count("/")
        return PageContext(
            title=title, report_title=title, council=self.publication.council.name,
            period_text=str(self.publication.sv), data_as_at=file.data_as_at,
            status=file.status, status_text=STATUS[file.status],
            home_href="" if name == "index" else f"{up}index.html",
            pdf_href="" if name == "index" else f"{name.rsplit('/')[-1]}.pdf",
            data_href=f"{up}data/{file.kind}.ods",
            sources_href=f"{up}methods.html" if "methods" in file.reports and name != "methods" else "",
        )  # fmt: skip


def _in_order(report: Report) -> tuple[bool, bool, str]:
    """The publication's own report, its methods, then the wards."""
    return bool(report.ward), report.name == "methods", report.name

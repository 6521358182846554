"""A whole run: inputs, one calculation, reports, data files, manifest, then into place.

Nothing is published until everything is whole. A run that fails leaves the last good one as it was.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sv_lib.errors import InputError
from sv_lib.figures.calculation import gather
from sv_lib.home import NOTEBOOKS, outputs_beside
from sv_lib.intake.pipeline import Inputs, require
from sv_lib.params import Publication, load
from sv_lib.publish.files import manifest
from sv_lib.publish.files.papers import beside
from sv_lib.publish.page import own_cells
from sv_lib.publish.run import environment, report_cache
from sv_lib.publish.run.cluster import cluster_workers
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import PlannedReport, check_answers, named, reports_of, standing
from sv_lib.publish.run.progress import Progress
from sv_lib.publish.run.workers import Workers, local_workers

if TYPE_CHECKING:
    from sv_lib.publish.run.assembly import Assembly


@dataclass
class Outcome:
    """What came of one publication's run.

    ``made``, ``kept`` and ``dropped``: names of reports.
    ``left_out``: why reports that would tell nothing yet were not made, a line each.
    ``findings``: how many by severity.
    ``printed``: lines that notebooks wrote to their output without being asked.
    ``edited``: what is to be said of notebooks that are not the standard ones.
    ``seconds``: how long it took.
    """

    name: str
    folder: Path
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    printed: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def in_words(self) -> list[str]:
        """What was made, what the checks found and where it is, as lines."""
        reports = _counts({"made": len(self.made), "unchanged and kept": len(self.kept)})
        lines = [f"{self.name}: {reports} in {self.seconds:.0f} s"]
        if self.dropped:
            dropped = ", ".join(self.dropped)
            lines.append(f"  Out of date and left out, since they were not asked for: {dropped}")
        lines += [f"  {line}" for line in self.left_out]
        findings = _counts({severity: self.findings[severity] for severity in ("warn", "note")})
        lines.append(f"  Findings: {findings or 'none'}")
        lines += [f"  A notebook also printed: {line}" for line in self.printed]
        lines += [f"  {line}" for line in self.edited]
        lines.append(f"  Open {self.folder / 'index.html'}")
        lines.append(f"  Working papers, not to be published: {beside(self.folder)}")
        return lines


def _counts(counts: Mapping[str, int]) -> str:
    """``3 made, 25 unchanged and kept``, without what there is none of."""
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def run(
    params: Sequence[Path],
    *,
    reports: Sequence[str] = (),
    wards: Sequence[str] = (),
    jobs: int | None = None,
    scheduler: str = "",
    output_dir: Path | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    notebooks: Path = NOTEBOOKS,
    profile: str | None = None,
) -> list[Outcome]:
    """Publish each parameter file.

    The parameters, reports and notebooks of all are checked before the first begins. A briefing
    and ward reports that would tell nothing yet are left out, unless ``reports`` or ``wards`` name
    them. ``output_dir``: where run folders are kept, by default beside the parameters. ``profile``:
    "public" or "exempt", in place of what the files say. Raises a ReportError:
    ParameterError, InputError, NotebookError, RenderError or DisclosureError.
    """
    progress = progress or Progress()
    publications = [load(path.resolve(), profile) for path in params]
    # What is published first stays as it was printed in what comes after it.
    publications.sort(key=lambda one: one.file.data_as_at)
    plans = [
        reports_of(publication, reports, wards, notebooks.resolve()) for publication in publications
    ]
    by_name = {*reports, *(["wards"] if wards else [])}
    outcomes = list[Outcome]()
    with cluster_workers(scheduler) if scheduler else local_workers(jobs) as pool:
        for publication, plan in zip(publications, plans, strict=True):
            if outcomes:
                # Free what the publication before left, so that memory does not grow with them.
                environment.give_back()
            kept_in = (output_dir or outputs_beside(publication.path)).resolve()
            home = kept_in / publication.council.id / publication.id
            one = _Publishing(publication, plan, by_name, RunFolder(home), pool, progress)
            outcomes.append(one.publish(fresh))
    return outcomes


@dataclass
class _Publishing:
    """One publication on its way to its run folder. ``by_name``: kinds that somebody named."""

    publication: Publication
    plan: list[PlannedReport]
    by_name: Collection[str]
    folder: RunFolder
    workers: Workers
    progress: Progress

    @property
    def name(self) -> str:
        return f"{self.publication.council.id}/{self.publication.id}"

    @property
    def notebooks(self) -> Path:
        """The folder of notebooks."""
        return self.plan[0].notebook.parent

    def publish(self, fresh: bool) -> Outcome:
        """Make what has changed, or nothing when nothing has."""
        started = time.monotonic()
        outcome = None if fresh else self._unchanged()
        if outcome is None:
            outcome = self._make(fresh)
        outcome.seconds = time.monotonic() - started
        return outcome

    def _unchanged(self) -> Outcome | None:
        """The outcome when all is as it was and every report asked for is there; else None.

        The input files are hashed, not read.
        """
        if self.folder.work.exists():
            return None  # a run was cut off: what it left must be cleared first
        home = self.folder.home
        last = manifest.read(home)
        earlier = manifest.readers_have(self.publication, home)
        about = manifest.still_made_from(last, self.publication, earlier)
        if not about or not manifest.is_intact(home):
            return None
        if last.get("compared_with") != manifest.compared_with(self.publication, home):
            return None
        published = last["reports"]
        reports = self._named(published)
        basis = manifest.hash_of(about)
        has_methods = "methods" in reports
        made_from = {name: one.sha256(basis, has_methods) for name, one in reports.items()}
        is_current = made_from == {name: entry["made_from"] for name, entry in published.items()}
        left_out = last.get("left_out", {})
        asked = {report.name for report in standing(self.plan, left_out, self.by_name)}
        if not is_current or not asked <= reports.keys():
            return None
        with (home / "findings.csv").open(encoding="utf-8", newline="") as file:
            findings = Counter(row["severity"] for row in csv.DictReader(file))
        edited = own_cells.in_words(published)
        outcome = Outcome(self.name, home, kept=sorted(reports), findings=findings, edited=edited)
        outcome.left_out = self._lacking(left_out, reports.values())
        return outcome

    def _lacking(self, left_out: Mapping[str, str], there: Iterable[PlannedReport]) -> list[str]:
        """What is to be said of reports that were meant and are not there, as they tell nothing."""
        lacking = {one.kind for one in self.plan} - {one.kind for one in there}
        return [words for kind, words in left_out.items() if kind in lacking]

    def _named(self, names: Iterable[str]) -> dict[str, PlannedReport]:
        """Those of some names that are still reports of the publication."""
        found = {name: named(self.publication, name, self.notebooks) for name in names}
        return {name: report for name, report in found.items() if report}

    def _make(self, fresh: bool) -> Outcome:
        """Read the inputs and make the run, in a folder that nobody else is writing in."""
        self.workers.begin()
        self.progress.stage(f"{self.name}: reading and checking the inputs")
        gathered = gather(self.publication)
        inputs = require(check_answers(gathered, self.publication, self.notebooks))
        environment.give_back()
        outcome = Outcome(self.name, self.folder.home)
        with self.folder.locked(), self.folder.staged(), self.workers.ended_by_failure():
            self._build(outcome, inputs, fresh)
        return outcome

    def _build(self, outcome: Outcome, inputs: Inputs, fresh: bool) -> None:
        """Calculate, make the reports and all that goes with them, and move it into place."""
        # Imported here, because a run in which nothing has changed needs no writer of workbooks.
        from sv_lib.publish.run.assembly import Assembly

        self.progress.stage(f"{self.name}: calculating")
        assembly = Assembly.begin(self.publication, inputs, self.folder)
        # The protection of small numbers may add to the findings of the inputs.
        outcome.findings = Counter(assembly.calculation.tables["findings"]["severity"])
        to_make = self._take_over(assembly, outcome, fresh)
        earlier = {} if fresh else self._same_code(assembly)
        self.progress.begin(self.name, len(to_make))
        for made in assembly.make(to_make, earlier, self.workers, inputs):
            self.progress.done(made.name)
            outcome.printed += [f"{made.name}: {line}" for line in made.printed]
        self.progress.stage(f"{self.name}: writing the data files")
        assembly.finish(self.workers)
        outcome.edited = assembly.edited
        self._require_unchanged(assembly)
        self.folder.move_into_place()

    def _take_over(self, assembly: Assembly, outcome: Outcome, fresh: bool) -> list[PlannedReport]:
        """Take the reports that would come out the same. Returns those that must be made.

        ``fresh``: make all that were asked for; only reports nobody asked for are taken.
        """
        last = report_cache.published(self.folder.home)
        cut_off = report_cache.cut_off(self.folder.finished(assembly.basis))
        plan = standing(self.plan, assembly.left_out, self.by_name)
        asked = {report.name: report for report in plan}
        if "methods" in asked and "methods" not in last:
            asked |= self._named(last)  # their figures will link to it
        assembly.has_methods = "methods" in asked
        candidates = self._named(last.keys() | asked.keys())
        if fresh:
            candidates = {name: one for name, one in candidates.items() if name not in asked}
            cut_off = {}
        assembly.take_over(candidates, last, cut_off)
        to_make = [report for report in asked.values() if report.name not in assembly.done]
        outcome.kept = sorted(assembly.done)
        outcome.made = [report.name for report in to_make]
        there = self._named(assembly.done.keys() | asked.keys())
        outcome.left_out = self._lacking(assembly.left_out, there.values())
        meant = {report.name for report in self.plan}
        outcome.dropped = sorted(last.keys() - there.keys() - meant)
        return to_make

    def _same_code(self, assembly: Assembly) -> dict[str, report_cache.FinishedReport]:
        """The reports of the last run, if the same code and parameters made their pages.

        A page links to the methods report if there is one, so that must be the same too.
        """
        home = self.folder.home
        last = report_cache.published(home)
        is_same = manifest.has_same_settings(manifest.read(home), self.publication)
        return last if is_same and ("methods" in last) == assembly.has_methods else {}

    def _require_unchanged(self, assembly: Assembly) -> None:
        """Raise InputError if an input, a parameter or the code was edited during the run."""
        now = load(self.publication.path, self.publication.file.profile)
        earlier = manifest.readers_have(now, self.folder.home)
        if not manifest.still_made_from(assembly.about, now, earlier):
            raise InputError(
                self.name,
                "an input, a parameter or the program was changed while the reports were made",
                "some pages would show it as it was, others as it is.",
                "run again, once nobody edits them.",
            )

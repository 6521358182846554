"""A whole run: inputs, one calculation, every report in a process of its own, data files, manifest,
then into place.

Nothing is published until everything is whole; what fails leaves the last good run as it was.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sv_lib.errors import InputError
from sv_lib.figures.calculation import gather
from sv_lib.intake.pipeline import Inputs, require
from sv_lib.params import Publication, load
from sv_lib.publish.files import manifest
from sv_lib.publish.run import environment, report_cache
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import NOTEBOOKS, Report, check_answers, named, reports_of
from sv_lib.publish.run.progress import Progress
from sv_lib.publish.run.workers import Workers, workers


@dataclass
class Outcome:
    """What one publication's run came to. ``findings``: severity -> how many; ``printed``: by
    notebooks, unasked.
    """

    name: str
    folder: Path
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    printed: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(
    params: Sequence[Path],
    *,
    reports: Sequence[str] = (),
    wards: Sequence[str] = (),
    jobs: int | None = None,
    scheduler: str = "",
    output_dir: Path = Path("outputs"),
    fresh: bool = False,
    progress: Progress | None = None,
    notebooks: Path = NOTEBOOKS,
    profile: str | None = None,
) -> list[Outcome]:
    """Publish each parameter file; the parameters, reports and notebooks of all are checked before
    the
    first begins.

    ``profile``: "public" or "exempt", over what the files say. Raises a ReportError:
    ParameterError, InputError, NotebookError, RenderError or DisclosureError.
    """
    publications = [load(path.resolve(), profile) for path in params]
    plans = [
        reports_of(publication, reports, wards, notebooks.resolve()) for publication in publications
    ]
    outcomes = list[Outcome]()
    with workers(jobs, scheduler) as found:
        for publication, plan in zip(publications, plans, strict=True):
            if outcomes:
                environment.give_back(rubbish=True)  # what the publication before left
            home = output_dir.resolve() / publication.council.id / publication.id
            one = _Publishing(publication, plan, RunFolder(home), found, progress or Progress())
            outcomes.append(one.publish(fresh))
    return outcomes


@dataclass
class _Publishing:
    """One publication on its way to its run folder."""

    publication: Publication
    plan: list[Report]
    folder: RunFolder
    workers: Workers
    progress: Progress

    def publish(self, fresh: bool) -> Outcome:
        """Make what has changed, or nothing at all when nothing has."""
        started = time.monotonic()
        name = f"{self.publication.council.id}/{self.publication.id}"
        if not fresh and (outcome := self._unchanged(name)):
            outcome.seconds = time.monotonic() - started
            return outcome
        self.workers.begin()
        self.progress.stage(f"{name}: reading and checking the inputs")
        inputs = require(
            check_answers(gather(self.publication), self.publication, self.plan[0].notebook.parent)
        )
        environment.give_back()
        outcome = Outcome(
            name,
            self.folder.home,
            findings=Counter(finding.severity for finding in inputs.findings),
        )
        with self.folder.locked(), self.folder.staged(), self.workers.ended_by_failure():
            self._build(outcome, inputs, fresh)
        outcome.seconds = time.monotonic() - started
        return outcome

    def _unchanged(self, name: str) -> Outcome | None:
        """The outcome when not even the inputs need be read: all is as it was, and every report
        asked
        for is there.
        """
        if self.folder.work.exists():
            return None  # a run was cut off: what it left is cleared first
        last = manifest.read(self.folder.home)
        about = manifest.still_made_from(last, self.publication)
        compared = manifest.compared_with(self.publication, self.folder.home)
        if (
            not about
            or not manifest.is_intact(self.folder.home, last)
            or last.get("compared_with") != compared
        ):
            return None
        basis, reports = manifest.basis(about), self._named(last["reports"])
        made_from = {
            name: report.sha256(basis, "methods" in reports) for name, report in reports.items()
        }
        current = {
            name
            for name, digest in made_from.items()
            if last["reports"][name]["made_from"] == digest
        }
        if current != last["reports"].keys() or not current >= {
            report.name for report in self.plan
        }:
            return None
        with (self.folder.home / "findings.csv").open(encoding="utf-8", newline="") as file:
            findings = Counter(row["severity"] for row in csv.DictReader(file))
        return Outcome(name, self.folder.home, kept=sorted(current), findings=findings)

    def _named(self, names: Iterable[str]) -> dict[str, Report]:
        """Those of some names that are still reports of the publication."""
        notebooks = self.plan[0].notebook.parent
        found = {name: named(self.publication, name, notebooks) for name in names}
        return {name: report for name, report in found.items() if report}

    def _build(self, outcome: Outcome, inputs: Inputs, fresh: bool) -> None:
        """Calculate, make the reports, write everything that goes with them, and move the whole
        into
        place.
        """
        from sv_lib.publish.audit import attack
        from sv_lib.publish.run.assembly import (
            Assembly,
        )  # what writes workbooks is not needed when nothing has changed

        self.progress.stage(f"{outcome.name}: calculating")
        assembly = Assembly.begin(self.publication, inputs, self.folder, fresh=fresh)
        last, asked = (
            report_cache.published(self.folder.home),
            {report.name: report for report in self.plan},
        )
        cut_off = {} if fresh else report_cache.cut_off(self.folder.finished(assembly.basis))
        if "methods" in asked.keys() - last.keys():
            asked |= self._named(last)  # their figures will lead there
        assembly.has_methods = "methods" in asked
        assembly.keep(
            self._named(last.keys() - asked.keys() if fresh else last.keys() | asked.keys()),
            last,
            cut_off,
        )
        outcome.kept = sorted(assembly.done)
        outcome.dropped = sorted(last.keys() - assembly.done.keys() - asked.keys())
        to_make = [report for report in asked.values() if report.name not in assembly.done]
        outcome.made = [report.name for report in to_make]
        self.progress.begin(outcome.name, len(to_make))
        for made in assembly.make(to_make, {} if fresh else last, self.workers, inputs):
            self.progress.done(made.name)
            outcome.printed += [f"{made.name}: {line}" for line in made.printed]
        self.progress.stage(f"{outcome.name}: writing the data files")
        assembly.finish(self.workers)
        if not manifest.still_made_from(
            assembly.about, load(self.publication.path, self.publication.file.profile)
        ):
            raise InputError(
                outcome.name,
                "an input, a parameter or the program was changed while the reports were made",
                "some pages would show it as it was, others as it is.",
                "run again, once nobody edits them.",
            )
        self.progress.stage(f"{outcome.name}: looking for hidden numbers as a reader might")
        attack.require_safe(
            self.folder.stage, assembly.calculation.secrets, self.workers, assembly.memory
        )
        self.folder.move_into_place()

"""A whole run: inputs, one calculation, every report in a process of its own, data files, manifest, then into place.

Nothing is published until everything is whole; what fails leaves the last good run as it was.
"""

from __future__ import annotations

import csv
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from sv_lib.errors import ParameterError
from sv_lib.figures.calculation import gather
from sv_lib.intake.inputs import Inputs, require
from sv_lib.params import Publication, load
from sv_lib.publish import environment, manifest
from sv_lib.publish.folder import RunFolder
from sv_lib.publish.plan import NOTEBOOKS, Report, named, reports_of
from sv_lib.publish.progress import Progress

WARM = ("sv_lib.publish.environment", "sv_lib.publish.warm")
"""Loaded once, in the process that workers are forked from."""


@dataclass
class Outcome:
    """What one publication's run came to. ``findings``: severity -> how many; ``printed``: by notebooks, unasked."""

    name: str
    folder: Path
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)
    printed: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(
    params: Sequence[Path], *, reports: Sequence[str] = (), wards: Sequence[str] = (), jobs: int | None = None,
    scheduler: str = "", output_dir: Path = Path("outputs"), fresh: bool = False, progress: Progress | None = None,
    notebooks: Path = NOTEBOOKS,
) -> list[Outcome]:  # fmt: skip
    """Publish each parameter file; the parameters, reports and notebooks of all are checked before the first begins.

    Raises a ReportError: ParameterError, InputError, NotebookError or RenderError.
    """
    publications = [load(path.resolve()) for path in params]
    plans = [reports_of(publication, reports, wards, notebooks.resolve()) for publication in publications]
    outcomes = []
    with _workers(jobs, scheduler) as pool:
        for publication, plan in zip(publications, plans, strict=True):
            home = output_dir.resolve() / publication.council.id / publication.id
            one = _Publishing(publication, plan, RunFolder(home), pool, progress or Progress())
            outcomes.append(one.publish(fresh))
    return outcomes


@contextmanager
def _workers(jobs: int | None, scheduler: str) -> Iterator[Executor]:
    """Processes of this machine, forked from one that has the libraries loaded, or those of a dask cluster.

    They start when the first report does. The machines of a cluster see the same folders as this one.
    """
    if scheduler:
        with _distributed().Client(scheduler) as client, client.get_executor() as cluster:
            yield cluster
        return
    environment.settle()
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(list(WARM))
    with ProcessPoolExecutor(jobs or os.cpu_count(), mp_context=context) as pool:
        yield pool


def _begin_loading(pool: Executor) -> None:
    """Let the process that workers are forked from load its libraries while this one calculates."""
    if isinstance(pool, ProcessPoolExecutor) and "forkserver" in multiprocessing.get_all_start_methods():
        forkserver.ensure_running()


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise ParameterError(
            "--scheduler", "the package distributed is not installed", "no report can be sent to a cluster without it.",
            "install it with the extra: pip install 'sv-lib[cluster]'.",
        ) from None  # fmt: skip


@dataclass
class _Publishing:
    """One publication on its way to its run folder."""

    publication: Publication
    plan: list[Report]
    folder: RunFolder
    pool: Executor
    progress: Progress

    def publish(self, fresh: bool) -> Outcome:
        """Make what has changed, or nothing at all when nothing has."""
        started = time.monotonic()
        name = f"{self.publication.council.id}/{self.publication.id}"
        if not fresh and (outcome := self._unchanged(name)):
            outcome.seconds = time.monotonic() - started
            return outcome
        self.progress.stage(f"{name}: reading and checking the inputs")
        inputs = require(gather(self.publication))
        outcome = Outcome(name, self.folder.home, findings=Counter(finding.severity for finding in inputs.findings))
        basis = manifest.made_from(self.publication, inputs)
        with self.folder.locked():
            last = manifest.read(self.folder.home)
            again = {report.name for report in self.plan} if fresh else set()
            kept = self._current(last, manifest.hash_of(basis), again)
            to_make = [report for report in self.plan if report.name not in kept]
            outcome.kept, outcome.made = sorted(kept), [report.name for report in to_make]
            outcome.dropped = sorted(last.get("reports", {}).keys() - kept.keys() - set(outcome.made))
            if to_make or outcome.dropped or not manifest.is_intact(self.folder.home, last):
                self._build(outcome, inputs, basis, to_make, kept)
        outcome.seconds = time.monotonic() - started
        return outcome

    def _unchanged(self, name: str) -> Outcome | None:
        """The outcome when not even the inputs need be read: all is as it was, and every report asked for is there."""
        last = manifest.read(self.folder.home)
        basis = manifest.still_made_from(last, self.publication)
        if not basis or not manifest.is_intact(self.folder.home, last):
            return None
        kept = self._current(last, manifest.hash_of(basis), set())
        if kept.keys() != last["reports"].keys() or not kept.keys() >= {report.name for report in self.plan}:
            return None
        with (self.folder.home / "findings.csv").open(encoding="utf-8", newline="") as file:
            findings = Counter(row["severity"] for row in csv.DictReader(file))
        return Outcome(name, self.folder.home, kept=sorted(kept), findings=findings)

    def _current(self, last: dict[str, Any], basis: str, again: set[str]) -> dict[str, Report]:
        """Reports of the last run that would come out the same: same inputs, code and notebook, files untouched."""
        notebooks = self.plan[0].notebook.parent
        found = {
            name: named(self.publication, name, notebooks) for name in last.get("reports", {}) if name not in again
        }
        return {
            name: report
            for name, report in found.items()
            if report
            and last["reports"][name]["made_from"] == report.sha256(basis)
            and manifest.is_intact(self.folder.home, last, report.files)
        }

    def _build(
        self, outcome: Outcome, inputs: Inputs, basis: dict[str, Any], to_make: list[Report], kept: dict[str, Report]
    ) -> None:
        """Calculate, make the reports, write everything that goes with them, and move the whole into place."""
        from sv_lib.publish.assembly import Assembly  # loads the renderers: not needed when nothing has changed

        with self.folder.staged():
            _begin_loading(self.pool)
            self.progress.stage(f"{outcome.name}: calculating")
            assembly = Assembly.begin(self.publication, inputs, self.folder)
            self.progress.begin(outcome.name, len(to_make))
            for report in kept.values():
                assembly.keep(report)
            for made in assembly.make(to_make, self.pool):
                self.progress.done(made.name)
                outcome.printed += [f"{made.name}: {line}" for line in made.printed]
            self.progress.stage(f"{outcome.name}: writing the data files")
            assembly.finish(basis, [*to_make, *kept.values()])
            self.folder.move_into_place()

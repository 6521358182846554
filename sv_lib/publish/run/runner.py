"""Publishes parameter files: nothing is touched where nothing has changed since the last run."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sv_lib.home import NOTEBOOKS, outputs_beside
from sv_lib.params import load
from sv_lib.publish.files import manifest
from sv_lib.publish.page import own_cells
from sv_lib.publish.run import environment
from sv_lib.publish.run.cluster import cluster_workers
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import reports_of, standing
from sv_lib.publish.run.progress import Progress
from sv_lib.publish.run.publishing import Outcome, Publishing
from sv_lib.publish.run.workers import local_workers


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
            publishing = Publishing(publication, plan, by_name, RunFolder(home), pool, progress)
            outcomes.append(_publish(publishing, fresh))
    return outcomes


def _publish(publishing: Publishing, fresh: bool) -> Outcome:
    """Make what has changed, or nothing when nothing has."""
    started = time.monotonic()
    outcome = None if fresh else _unchanged(publishing)
    if outcome is None:
        # The workers load their libraries while this process loads its own.
        publishing.workers.begin()
        # Imported here: a run in which nothing has changed neither reads nor calculates.
        from sv_lib.publish.run.making import make

        outcome = make(publishing, fresh)
    outcome.seconds = time.monotonic() - started
    return outcome


def _unchanged(publishing: Publishing) -> Outcome | None:
    """The outcome when all is as it was and every report asked for is there; else None.

    The input files are hashed, not read.
    """
    if publishing.folder.work.exists():
        return None  # a run was cut off: what it left must be cleared first
    home = publishing.folder.home
    publication = publishing.publication
    last = manifest.read(home)
    earlier = manifest.readers_have(publication, home)
    about = manifest.still_made_from(last, publication, earlier)
    if not about or not manifest.is_intact(home):
        return None
    if last.get("compared_with") != manifest.compared_with(publication, home):
        return None
    published = last["reports"]
    reports = publishing.named_reports(published)
    basis = manifest.hash_of(about)
    has_methods = "methods" in reports
    made_from = {name: report.sha256(basis, has_methods) for name, report in reports.items()}
    is_current = made_from == {name: entry["made_from"] for name, entry in published.items()}
    left_out = last.get("left_out", {})
    asked = {report.name for report in standing(publishing.plan, left_out, publishing.by_name)}
    if not is_current or not asked <= reports.keys():
        return None
    with (home / "findings.csv").open(encoding="utf-8", newline="") as file:
        findings = Counter(row["severity"] for row in csv.DictReader(file))
    edited = own_cells.in_words(published)
    outcome = Outcome(publishing.name, home, kept=sorted(reports), findings=findings, edited=edited)
    outcome.left_out = publishing.lacking(left_out, reports.values())
    return outcome

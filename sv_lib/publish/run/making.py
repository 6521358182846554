"""The making of a run: inputs, one calculation, reports, data files, manifest, then into place.

Nothing is published until everything is whole. A run that fails leaves the last good one as it was.
"""

from __future__ import annotations

from collections import Counter

from sv_lib.errors import InputError
from sv_lib.figures.calculation import gather
from sv_lib.intake.pipeline import Inputs, require
from sv_lib.params import load
from sv_lib.publish.files import manifest
from sv_lib.publish.run import environment, report_cache
from sv_lib.publish.run.answers import check_answers
from sv_lib.publish.run.assembly import Assembly
from sv_lib.publish.run.plan import PlannedReport, standing
from sv_lib.publish.run.publishing import Outcome, Publishing


def make(publishing: Publishing, fresh: bool) -> Outcome:
    """Read the inputs and make the run, in a folder that nobody else is writing in."""
    publishing.progress.stage(f"{publishing.name}: reading and checking the inputs")
    gathered = gather(publishing.publication)
    inputs = require(check_answers(gathered, publishing.publication, publishing.notebooks))
    environment.give_back()
    folder = publishing.folder
    outcome = Outcome(publishing.name, folder.home)
    with folder.locked(), folder.staged(), publishing.workers.ended_by_failure():
        _build(publishing, outcome, inputs, fresh)
    return outcome


def _build(publishing: Publishing, outcome: Outcome, inputs: Inputs, fresh: bool) -> None:
    """Calculate, make the reports and all that goes with them, and move it into place."""
    progress = publishing.progress
    progress.stage(f"{publishing.name}: calculating")
    assembly = Assembly.begin(publishing.publication, inputs, publishing.folder)
    # The protection of small numbers may add to the findings of the inputs.
    outcome.findings = Counter(assembly.calculation.tables["findings"]["severity"])
    to_make = _take_over(publishing, assembly, outcome, fresh)
    earlier = {} if fresh else _same_code(publishing, assembly)
    progress.begin(publishing.name, len(to_make))
    for made in assembly.make(to_make, earlier, publishing.workers, inputs):
        progress.done(made.name)
        outcome.printed += [f"{made.name}: {line}" for line in made.printed]
    progress.stage(f"{publishing.name}: writing the data files")
    assembly.finish(publishing.workers)
    outcome.edited = assembly.edited
    _require_unchanged(publishing, assembly)
    publishing.folder.move_into_place()


def _take_over(
    publishing: Publishing, assembly: Assembly, outcome: Outcome, fresh: bool
) -> list[PlannedReport]:
    """Take the reports that would come out the same. Returns those that must be made.

    ``fresh``: make all that were asked for; only reports nobody asked for are taken.
    """
    last = report_cache.published(publishing.folder.home)
    cut_off = report_cache.cut_off(publishing.folder.finished(assembly.basis))
    plan = standing(publishing.plan, assembly.left_out, publishing.by_name)
    asked = {report.name: report for report in plan}
    if "methods" in asked and "methods" not in last:
        asked |= publishing.named_reports(last)  # their figures will link to it
    assembly.has_methods = "methods" in asked
    may_be_taken = last.keys() | asked.keys()
    if fresh:
        may_be_taken = last.keys() - asked.keys()
        cut_off = {}
    assembly.take_over(publishing.named_reports(may_be_taken), last, cut_off)
    to_make = [report for report in asked.values() if report.name not in assembly.done]
    outcome.kept = sorted(assembly.done)
    outcome.made = [report.name for report in to_make]
    there = publishing.named_reports(assembly.done.keys() | asked.keys())
    outcome.left_out = publishing.lacking(assembly.left_out, there.values())
    meant = {report.name for report in publishing.plan}
    outcome.dropped = sorted(last.keys() - there.keys() - meant)
    return to_make


def _same_code(
    publishing: Publishing, assembly: Assembly
) -> dict[str, report_cache.FinishedReport]:
    """The reports of the last run, if the same code and parameters made their pages.

    A page links to the methods report if there is one, so that must be the same too.
    """
    home = publishing.folder.home
    last = report_cache.published(home)
    is_same = manifest.has_same_settings(manifest.read(home), publishing.publication)
    return last if is_same and ("methods" in last) == assembly.has_methods else {}


def _require_unchanged(publishing: Publishing, assembly: Assembly) -> None:
    """Raise InputError if an input, a parameter or the code was edited during the run."""
    now = load(publishing.publication.path, publishing.publication.file.profile)
    earlier = manifest.readers_have(now, publishing.folder.home)
    if not manifest.still_made_from(assembly.about, now, earlier):
        raise InputError(
            publishing.name,
            "an input, a parameter or the program was changed while the reports were made",
            "some pages would show it as it was, others as it is.",
            "run again, once nobody edits them.",
        )

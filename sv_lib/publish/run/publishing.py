"""One publication on its way to its run folder, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sv_lib.params import Publication
from sv_lib.publish.files.manifest import beside
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import PlannedReport, named
from sv_lib.publish.run.progress import Progress
from sv_lib.publish.run.workers import Workers


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


@dataclass
class Publishing:
    """One publication on its way to its run folder. ``by_name``: kinds that somebody named."""

    publication: Publication
    plan: list[PlannedReport]
    by_name: Collection[str]
    folder: RunFolder
    workers: Workers
    progress: Progress

    @property
    def name(self) -> str:
        """How lines to the user call it."""
        return f"{self.publication.council.id}/{self.publication.id}"

    @property
    def notebooks(self) -> Path:
        """The folder of notebooks."""
        return self.plan[0].notebook.parent

    def lacking(self, left_out: Mapping[str, str], there: Iterable[PlannedReport]) -> list[str]:
        """What is to be said of reports that were meant and are not there, as they tell nothing."""
        lacking = {one.kind for one in self.plan} - {one.kind for one in there}
        return [words for kind, words in left_out.items() if kind in lacking]

    def named_reports(self, names: Iterable[str]) -> dict[str, PlannedReport]:
        """Those of some names that are still reports of the publication."""
        found = {name: named(self.publication, name, self.notebooks) for name in names}
        return {name: report for name, report in found.items() if report}

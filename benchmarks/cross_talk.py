"""Compares wards made side by side, in random order, with wards made one after another.

One, two and four workers make them. A report that saw anything of another (a working directory,
a variable, a font's cache) would differ in its bytes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from benchmarks.side_by_side import ROOT, say
from sv_lib.figures.calculation import gather
from sv_lib.home import NOTEBOOKS
from sv_lib.intake.pipeline import require
from sv_lib.params import load
from sv_lib.publish.run.assembly import Assembly
from sv_lib.publish.run.folder import RunFolder
from sv_lib.publish.run.plan import reports_of
from sv_lib.publish.run.report_task import Made, ReportTask
from sv_lib.publish.run.workers import local_workers

JOBS = (1, 2, 4)


def tasks_of(params: Path, wards: int, place: Path) -> list[ReportTask]:
    """Return the reports of the first wards, on one calculation that lies in ``place``."""
    publication = load(params.resolve())
    codes = sorted(ward.code for ward in publication.council.wards)[:wards]
    folder = RunFolder(place / "council" / "run")
    assembly = Assembly.begin(publication, require(gather(publication)), folder)
    return [
        assembly.task(report) for report in reports_of(publication, ["wards"], codes, NOTEBOOKS)
    ]


def prints(tasks: Sequence[ReportTask], jobs: int) -> dict[str, str]:
    """Return a hash of the files of each report. Raise the fault of one that fails."""
    found = {}
    with local_workers(jobs) as pool:
        for answer in pool.make(tasks):
            if not isinstance(answer, Made):
                raise answer.fault
            found[answer.name] = sha256(answer.notebook + answer.html + answer.pdf).hexdigest()
    return found


def differing(params: Path, wards: int, repeats: int) -> tuple[int, int]:
    """Return how many reports were made beside others, and how many of them differ."""
    order, made, wrong = random.Random(20), 0, 0  # noqa: S311 an order, not a secret
    with tempfile.TemporaryDirectory(prefix="sv-bench-") as folder:
        tasks = tasks_of(params, wards, Path(folder))
        alone = prints(tasks, 1)
        for repeat in range(repeats):
            jobs = JOBS[-1 - repeat % len(JOBS)]
            found = prints(order.sample(tasks, len(tasks)), jobs)
            made, wrong = (
                made + len(found),
                wrong + sum(found[name] != alone[name] for name in alone),
            )
            say(f"repeat {repeat + 1}: {jobs} workers, {wrong} of {made} differ")
    return made, wrong


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--params", type=Path, default=ROOT / "params" / "rotherham-demo" / "2022-mid-year.yaml"
    )
    options.add_argument("--wards", type=int, default=25)
    options.add_argument("--repeats", type=int, default=20)
    chosen = options.parse_args()
    made, wrong = differing(chosen.params, chosen.wards, chosen.repeats)
    print(
        f"{made} ward reports in {chosen.repeats} repeats with {JOBS} workers in turn: "
        f"{wrong} differ"
    )


if __name__ == "__main__":
    main()

"""Compares many small councils published on a cluster, which loses a worker, with the same here.

Each is the tiny council of the tests with two to four wards, all published by one command. The
cluster has two workers of this machine; one is killed as soon as its first report is back.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.side_by_side import ROOT, say, scratch
from sv_lib.publish.run import runner
from sv_lib.publish.run.progress import Progress

TINY = ROOT / "tests" / "bad_inputs" / "base"
SOUTH = "  - {code: E05990002, name: South, councillors: 2}\n"


class Killing(Progress):
    """Kills a worker of a cluster as soon as the first report is back."""

    def __init__(self, cluster: Any) -> None:
        super().__init__()
        self.cluster = cluster
        self.killed = 0

    def done(self, report: str) -> None:  # noqa: ARG002 as it is called
        """Kill, once."""
        if not self.killed:
            self.killed = next(iter(self.cluster.workers.values())).pid
            os.kill(self.killed, signal.SIGKILL)


def councils(folder: Path, count: int) -> list[Path]:
    """Write so many small councils; return their parameter files."""
    files = []
    for number in range(count):
        copy = Path(shutil.copytree(TINY, folder / f"council-{number:02d}"))
        file = copy / "council.yaml"
        text = file.read_text(encoding="utf-8").replace("id: test", f"id: council-{number:02d}")
        more = [SOUTH.replace("0002", f"{ward:04d}") for ward in range(3, 3 + number % 3)]
        named = [line.replace("South", f"South {ward}") for ward, line in enumerate(more)]
        file.write_text(text.replace(SOUTH, SOUTH + "".join(named)), encoding="utf-8")
        publication = copy / "publication.yaml"
        asked = publication.read_text(encoding="utf-8")
        publication.write_text(asked.replace("[mid-year]", "[mid-year, wards]"))
        files.append(publication)
    return files


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> None:
    """Publish here, publish on the cluster, compare every file, print."""
    from distributed import LocalCluster

    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--councils", type=int, default=50)
    options.add_argument("--reports", nargs="*", default=[], help="by default all")
    chosen = options.parse_args()
    kinds = chosen.reports
    with scratch() as folder:
        files = councils(folder / "params", chosen.councils)
        started = time.monotonic()
        outcomes = runner.run(files, reports=kinds, output_dir=folder / "here")
        reports = sum(len(outcome.made) for outcome in outcomes)
        middle = time.monotonic()
        say(f"here: {len(outcomes)} councils, {reports} reports, {middle - started:.0f} s")
        workers = {"threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with LocalCluster(2, **workers) as cluster:  # type: ignore[no-untyped-call]  # as it has it
            killing = Killing(cluster)
            address = cluster.scheduler_address
            there = folder / "there"
            runner.run(files, reports=kinds, output_dir=there, scheduler=address, progress=killing)
        say(f"on the cluster: {time.monotonic() - middle:.0f} s, worker {killing.killed} killed")
        alone, spread = hashes(folder / "here"), hashes(there)
        differ = [
            name for name in alone.keys() | spread.keys() if alone.get(name) != spread.get(name)
        ]
        print(
            f"{len(alone)} files compared: {len(differ)} differ", *sorted(differ)[:20], sep="\n  "
        )


if __name__ == "__main__":
    main()

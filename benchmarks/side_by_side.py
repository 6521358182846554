"""Times our run of a publication beside the plain loop that a user would write.

Both run over the same notebooks. The plain loop is three command lines a ward: papermill,
nbconvert to HTML, and nbconvert to PDF through Chromium. It is timed twice: as a user would
write it, where each notebook calculates for itself; and handed our finished calculation, whose
making is then not counted against it. Time is the wall clock's; memory is the highest sum over
all processes at one moment. benchmarks/README.md says how to read the table.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.browser import environment_for_playwright
from sv_lib.figures.calculation import calculate, gather
from sv_lib.intake.pipeline import require
from sv_lib.params import Publication, load

ROOT = Path(__file__).resolve().parent.parent
WARD_NOTEBOOK = ROOT / "notebooks" / "ward.ipynb"
TOOLS = Path(sys.executable).parent
LATEST = ROOT / "benchmarks" / "latest.json"
MEGABYTE = 1_000_000
LIMIT_MB = 2_000
LOOP, HANDED = "plain loop", "plain loop, handed our calculation"
SAME_WARDS, WHOLE = "svreport, the same wards", "(a) svreport, whole publication"
STORY = "New lamps, bought nearby"
"""The title of a story, changed to see what one story costs. No number may come with it: the page
would keep back a title that might tell a hidden one.
"""
ONE_WARD, NOTHING = "(b) svreport, one ward's story", "(c) svreport, nothing changed"
TIMES_FASTER = 36
"""So many times longer than the whole publication, at least, the plain loop takes."""
OF_FRESH = 0.6
"""What a changed story may take of the time of the whole publication."""
NOTHING_SECONDS = 1
"""Seconds that a run in which nothing changed may take."""


@dataclass
class Result:
    """One way, measured.

    ``reports``: how many were finished, each as notebook, HTML and (where ``has_pdf``) PDF.
    """

    way: str
    reports: int
    has_pdf: bool
    seconds: float = 0.0
    peak_mb: float = 0.0
    cpu: float = 0.0

    @property
    def seconds_a_report(self) -> float:
        return self.seconds / self.reports


class Stopwatch:
    """Runs commands one after another; keeps the time of all and the highest memory of any."""

    def __init__(self, extra: dict[str, str]) -> None:
        self.environment = {**os.environ, **extra}
        self.seconds = 0.0
        self.cpu = 0.0
        self.peak = 0

    def run(self, folder: Path, *command: str | Path) -> None:
        """Run to the end, looking at memory. Stop the benchmark when the command fails."""
        log = folder / "log.txt"
        started = time.perf_counter()
        with log.open("ab") as output:
            process = psutil.Popen(
                [str(part) for part in command],
                cwd=folder,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                env=self.environment,
            )
            cpu = 0.0
            while is_running(process):
                self.peak, cpu = max(self.peak, memory(process)), max(cpu, processor(process))
        self.cpu += cpu
        self.seconds += time.perf_counter() - started
        if process.returncode:
            sys.exit(
                f"{' '.join(map(str, command))}\nfailed:\n{log.read_text(errors='replace')[-3000:]}"
            )


def is_running(process: psutil.Popen) -> bool:
    """Wait for the next look at memory: rare enough to cost the measured run next to nothing."""
    try:
        process.wait(timeout=0.25)
    except psutil.TimeoutExpired:
        return True
    return False


def memory(process: psutil.Popen) -> int:
    """Return the bytes held by a process and all its children.

    Shared pages count once where the system can tell (Linux).
    """
    total = 0
    for each in [process, *children(process)]:
        try:
            held = each.memory_full_info()
            total += getattr(held, "pss", held.rss)
        except (psutil.Error, FileNotFoundError):
            continue  # it ended between two looks
    return total


def processor(process: psutil.Popen) -> float:
    """Return processor seconds of a process and its children, ended ones too.

    The last moments are missed.
    """
    total = 0.0
    for each in [process, *children(process)]:
        try:
            total += sum(each.cpu_times()[:4])
        except psutil.Error:
            continue  # it ended between two looks
    return total


def children(process: psutil.Popen) -> list[psutil.Process]:
    """Return all descendants that still run."""
    try:
        found: list[psutil.Process] = process.children(recursive=True)
    except psutil.Error:
        return []
    return found


def our_run(
    params: Path | Sequence[Path], wards: Sequence[str], folder: Path, *, fresh: bool = True
) -> Stopwatch:
    """Time ``svreport run``, inputs to manifest; everything is made again when ``fresh``."""
    files = [params] if isinstance(params, Path) else params
    watch = Stopwatch({})
    only = (
        ["--reports", "wards", *(part for ward in wards for part in ("--ward", ward))]
        if wards
        else []
    )
    again = ["--fresh"] if fresh else []
    watch.run(
        folder,
        sys.executable,
        "-m",
        "sv_lib",
        "run",
        *files,
        *again,
        "--output-dir",
        folder / "outputs",
        *only,
    )
    return watch


def middle(watches: Sequence[Stopwatch]) -> Stopwatch:
    """Return the run of median time, with the highest memory of all."""
    chosen = sorted(watches, key=lambda watch: watch.seconds)[len(watches) // 2]
    chosen.peak = max(watch.peak for watch in watches)
    return chosen


def plain_loop(
    params: Path,
    wards: Sequence[str],
    calculation: str,
    browser: dict[str, str] | None,
    folder: Path,
) -> Stopwatch:
    """Time the loop a user would write; PDF only where a browser is found."""
    watch = Stopwatch(browser or {})
    for ward in wards:
        executed = folder / f"{ward}.ipynb"
        given = [
            "-p",
            "params_file",
            str(params),
            "-p",
            "calculation",
            calculation,
            "-p",
            "ward",
            ward,
        ]
        watch.run(folder, TOOLS / "papermill", WARD_NOTEBOOK, executed, *given)
        watch.run(folder, TOOLS / "jupyter-nbconvert", "--no-input", "--to", "html", executed)
        if browser:
            pdf = ["--no-input", "--to", "webpdf", "--disable-chromium-sandbox"]
            watch.run(folder, TOOLS / "jupyter-nbconvert", *pdf, executed)
    return watch


@contextmanager
def scratch() -> Iterator[Path]:
    """A private folder for one measurement."""
    with tempfile.TemporaryDirectory(prefix="sv-bench-") as folder:
        yield Path(folder)


def measure(params: Path, wards: Sequence[str], times: int) -> list[Result]:
    """Every way in turn, and again: what else a machine does changes within minutes.

    Returns medians.
    """
    publication = load(params)
    found: dict[str, list[Stopwatch]] = {}
    with scratch() as shared:
        browser = environment_for_playwright(shared / "browsers")
        finished = shared / "calculation"
        calculate(publication, require(gather(publication))).save(finished)
        for number in range(times):
            say(f"round {number + 1} of {times} ...")
            for way, calculation in ((LOOP, ""), (HANDED, str(finished))):
                with scratch() as folder:
                    watch = plain_loop(params, wards, calculation, browser, folder)
                found.setdefault(way, []).append(watch)
            with scratch() as folder:
                found.setdefault(SAME_WARDS, []).append(our_run(params, wards, folder))
            for way, watch in our_runs(params).items():
                found.setdefault(way, []).append(watch)
            say(", ".join(f"{way}: {watches[-1].seconds:.1f} s" for way, watches in found.items()))
    reports = whole(publication)
    return [
        taken(way, len(wards), browser is not None, middle(watches))
        if way in (LOOP, HANDED, SAME_WARDS)
        else taken(way, reports, True, middle(watches))
        for way, watches in found.items()
    ]


def our_runs(params: Path) -> dict[str, Stopwatch]:
    """Time (a) everything, (c) nothing changed, (b) one ward's story changed."""
    with scratch() as folder:
        copied = Path(shutil.copytree(params.parent, folder / params.parent.name)) / params.name
        stories = copied.parent / "inputs" / "stories.csv"
        found = {WHOLE: our_run(copied, [], folder)}
        found[NOTHING] = our_run(copied, [], folder, fresh=False)
        told = stories.read_text(encoding="utf-8")
        stories.write_text(told.replace(STORY, f"{STORY} again"), encoding="utf-8")
        found[ONE_WARD] = our_run(copied, [], folder, fresh=False)
    return found


def whole(publication: Publication) -> int:
    """Return how many reports a whole publication has."""
    kinds = publication.file.reports
    return len(kinds) - ("wards" in kinds) + ("wards" in kinds) * len(publication.council.wards)


def taken(way: str, reports: int, has_pdf: bool, watch: Stopwatch) -> Result:
    """Return what a stopwatch shows, as a result."""
    return Result(
        way,
        reports,
        has_pdf,
        round(watch.seconds, 2),
        round(watch.peak / MEGABYTE),
        round(watch.cpu, 1),
    )


def table(results: Sequence[Result]) -> str:
    """Return the results for a person.

    Ratios are of seconds a report, against the whole publication by svreport.
    """
    by_way = {result.way: result for result in results}
    ours, loop = by_way[WHOLE].seconds_a_report, by_way[LOOP]
    lines = [
        f"{'way':<36}{'reports':>8}{'PDF':>5}{'seconds':>9}{'cpu':>8}"
        f"{'a report':>10}{'times ours':>12}{'peak MB':>9}"
    ]
    lines += [
        f"{r.way:<36}{r.reports:>8}{'yes' if r.has_pdf else 'no':>5}{r.seconds:>9.1f}{r.cpu:>8.1f}"
        f"{r.seconds_a_report:>10.2f}{r.seconds_a_report / ours:>12.1f}{r.peak_mb:>9.0f}"
        for r in results
    ]
    every = by_way[WHOLE]
    scaled = loop.seconds_a_report * every.reports
    of_fresh = by_way[ONE_WARD].seconds / every.seconds
    nothing = by_way[NOTHING].seconds
    for words, is_kept in (
        (
            f"The plain loop: {scaled:.0f} s (scaled from {loop.reports} wards), "
            f"{scaled / every.seconds:.1f} times (a); bar: {TIMES_FASTER} times",
            scaled >= TIMES_FASTER * every.seconds,
        ),
        (f"(b): {of_fresh:.0%} of (a); bar: {OF_FRESH:.0%}", of_fresh <= OF_FRESH),
        (f"(c): {nothing:.1f} s; bar: {NOTHING_SECONDS} s", nothing <= NOTHING_SECONDS),
        (f"Memory: {every.peak_mb:.0f} MB; bar: {LIMIT_MB} MB", every.peak_mb <= LIMIT_MB),
    ):
        lines.append(f"{words}: {'kept' if is_kept else 'NOT KEPT'}")
    return "\n".join(lines)


def machine() -> dict[str, str | int | None]:
    """Return what the numbers depend on, without naming the machine."""
    packages = {
        name: version(name) for name in ("papermill", "nbconvert", "typst", "pandas", "matplotlib")
    }
    return {
        "processors": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **packages,
    }


def say(words: str) -> None:
    """Tell the person waiting one line, at once."""
    print(words, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print the table, write the JSON file."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--params", type=Path, default=ROOT / "params" / "rotherham-demo" / "2022-mid-year.yaml"
    )
    options.add_argument(
        "--wards", type=int, default=4, help="how many wards the sample holds, the first by code"
    )
    options.add_argument(
        "--times", type=int, default=3, help="how often every way is timed; medians are shown"
    )
    options.add_argument("--json", type=Path, default=LATEST, help="where the results are written")
    chosen = options.parse_args()
    params = chosen.params.resolve()
    codes = sorted(ward.code for ward in load(params).council.wards)[: chosen.wards]
    say(f"Sample: {', '.join(codes)} of {params.parent.name}/{params.stem}")
    load_before = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    results = measure(params, codes, chosen.times)
    print(table(results))
    measured = [
        {**asdict(result), "seconds_a_report": round(result.seconds_a_report, 3)}
        for result in results
    ]
    name = f"{params.parent.name}/{params.stem}"
    record = {
        "publication": name,
        "sample": codes,
        "machine": machine(),
        "load_before": round(load_before, 1),
        "results": measured,
    }
    chosen.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Times intake beside plain pandas, in one run.

The files are made for it: a ledger, and a directory of every UK postcode. Each way runs in a
process of its own, and reads a thousand rows before its time starts; its memory is the highest
resident size of the process, libraries and all. Ways take turns, and medians are shown.
benchmarks/README.md says more.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COUNCIL = ROOT / "params" / "rotherham-demo" / "council.yaml"
LEDGER, POSTCODES = "ledger.csv", "postcodes.csv"
SMALL = "small"
DISTRICT = "E08000018"
BAREST, TYPED, CHOSEN = "read_csv, groupby", "the same, dates parsed", "read_csv of our columns"
OURS = "svreport intake"
PUBLICATION = """\
publication: bench
kind: annual
title: A benchmark
status: demonstration
data_as_at: 2024-03-31
social_value:
  this: {start: 2022-12-01, end: 2023-11-30}
  before: {start: 2021-12-01, end: 2022-11-30}
spend:
  this: {start: 2023-04-01, end: 2024-03-31}
  before: {start: 2022-04-01, end: 2023-03-31}
reports: [annual]
inputs:
"""
LEDGER_INPUTS = f"  payments: {LEDGER}\n  payments_layout: layout.yaml\n"
LAYOUT = """\
columns:
  payment_id: Transaction Number
  paid_on: Date
  supplier_id: Supplier ID
  supplier_name: Supplier Name
  directorate: Expense Area
  category: Expense Type
  amount: Amount
redacted: [REDACTED]
vat_basis: net
"""


def make_ledger(path: Path, rows: int) -> None:
    """Write a two-year ledger: 8,000 suppliers, some hidden, credits, 40 areas, no row twice."""
    import numpy as np
    import pandas as pd

    pick = np.random.default_rng(2024)
    supplier = pick.zipf(1.3, rows) % 8000
    name = np.array([f"Supplier {n} Trading Ltd" for n in range(8000)])
    days = pd.date_range("2022-04-01", "2024-03-31").strftime("%d/%m/%Y").to_numpy()
    pence = (pick.pareto(1.2, rows) * 25_000).astype(np.int64) % 900_000_000 + 1
    pence[pick.random(rows) < 0.02] *= -1
    frame = pd.DataFrame(
        {
            "Body": "A Council",
            "Date": days[np.sort(pick.integers(0, len(days), rows))],
            "Transaction Number": np.arange(rows) + 10**9,
            "Amount": pence / 100,
            "Supplier Name": np.where(
                pick.random(rows) < 0.05, "REDACTED PERSONAL DATA", name[supplier]
            ),
            "Supplier ID": supplier + 100_000,
            "Expense Area": pick.integers(0, 40, rows),
            "Expense Type": pick.integers(0, 300, rows),
        }
    )
    frame["Expense Area"] = "Directorate of things " + frame["Expense Area"].astype(str)
    frame["Expense Type"] = "Category of spending " + frame["Expense Type"].astype(str)
    frame.to_csv(path, index=False, float_format="%.2f")


def make_postcodes(path: Path, rows: int) -> None:
    """Write a directory with the columns of the NSPL that matter and some that do not.

    9,600 of the postcodes are the district's.
    """
    import numpy as np
    import pandas as pd

    pick = np.random.default_rng(2025)
    at = np.arange(rows)
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    outcode = np.char.add(letters[at // 400_000 % 20], (at // 4000 % 100).astype(str))
    inward = np.char.add(
        (at // 400 % 10).astype(str), np.char.add(letters[at // 20 % 20], letters[at % 20])
    )
    pcds = np.char.add(np.char.add(outcode, " "), inward)
    district = np.array([f"E07{n:06d}" for n in range(330)])[pick.integers(0, 330, rows)]
    district[: min(rows, 9600)] = DISTRICT
    frame = pd.DataFrame(
        {
            "pcd": np.char.replace(pcds, " ", ""),
            "pcds": pcds,
            "dointr": 198001,
            "doterm": "",
            "oseast1m": pick.integers(100_000, 600_000, rows),
            "osnrth1m": pick.integers(10_000, 900_000, rows),
            "laua": district,
            "ward": np.char.add("E0500", (pick.integers(0, 8000, rows) + 10_000).astype(str)),
            "rgn": "E12000003",
            "lsoa21": np.char.add("E010", (pick.integers(0, 33_000, rows) + 10_000).astype(str)),
            "lat": pick.uniform(50, 58, rows).round(6),
            "long": pick.uniform(-5, 1, rows).round(6),
        }
    )
    frame.loc[frame["laua"] == DISTRICT, "ward"] = "E05012993"
    frame.sample(frac=1, random_state=1).to_csv(path, index=False)


def plain_ledger(folder: Path, *, parsed: bool) -> Callable[[], object]:
    """Read a ledger as simply as a user would. ``parsed``: dates become dates too."""
    import pandas as pd

    def run() -> object:
        frame = pd.read_csv(folder / LEDGER)
        if parsed:
            frame["Date"] = pd.to_datetime(frame["Date"], dayfirst=True)
        return frame.groupby("Expense Area")["Amount"].sum().sum()

    return run


def plain_postcodes(folder: Path, *, chosen: bool) -> Callable[[], object]:
    """Read and filter. ``chosen``: only the columns that are needed."""
    import pandas as pd

    columns = ["pcds", "doterm", "laua", "ward", "rgn", "lsoa21"] if chosen else None

    def run() -> object:
        frame = pd.read_csv(folder / POSTCODES, usecols=columns)
        return len(frame[frame["laua"] == DISTRICT])

    return run


def our_ledger(folder: Path) -> Callable[[], object]:
    """Read a ledger into validated frames, findings and control totals."""
    from sv_lib.intake.pipeline import read_inputs, require
    from sv_lib.params import load

    publication = load(folder / "publication.yaml")

    def run() -> object:
        inputs = require(read_inputs(publication))
        line = inputs.controls.iloc[0]
        assert line["rows_in"] == len(inputs.frames["payments"])  # noqa: S101 a benchmark that read less is none
        return int(line["pence_used"]) / 100

    return run


def our_postcodes(folder: Path) -> Callable[[], object]:
    """Read the district's rows under our names, with findings on the vintage."""
    from sv_lib.intake.places.postcodes import read_directory
    from sv_lib.params import load

    council = load(folder / "publication.yaml").council

    def run() -> object:
        return len(read_directory(folder / POSTCODES, POSTCODES, [], council, None).frame)

    return run


def write_parameters(folder: Path) -> None:
    """Write a publication that reads nothing but the ledger: no other input, no outlines."""
    folder.mkdir(exist_ok=True)
    council = {
        key: value
        for key, value in yaml.safe_load(COUNCIL.read_text("utf-8")).items()
        if key not in ("inputs", "boundaries")
    }
    (folder / "council.yaml").write_text(yaml.safe_dump(council), encoding="utf-8")
    (folder / "layout.yaml").write_text(LAYOUT, encoding="utf-8")
    (folder / "publication.yaml").write_text(PUBLICATION + LEDGER_INPUTS, encoding="utf-8")


WAYS: dict[str, dict[str, Callable[[Path], Callable[[], object]]]] = {
    LEDGER: {
        BAREST: lambda folder: plain_ledger(folder, parsed=False),
        TYPED: lambda folder: plain_ledger(folder, parsed=True),
        OURS: our_ledger,
    },
    POSTCODES: {
        BAREST: lambda folder: plain_postcodes(folder, chosen=False),
        CHOSEN: lambda folder: plain_postcodes(folder, chosen=True),
        OURS: our_postcodes,
    },
}
BARS = {LEDGER: (TYPED, 4.0, 1000), POSTCODES: (BAREST, 0.5, 300)}
"""How many times a plain way's time ours may take, and MB."""


def in_this_process(file: str, way: str, folder: Path) -> dict[str, object]:
    """Do it once: seconds by the clock and of the processor, MB at the peak, and the answer.

    First each way reads a thousand rows, so that what Python loads once a process is in no way's
    time.
    """
    WAYS[file][way](folder / SMALL)()
    run = WAYS[file][way](folder)
    wall, cpu = time.perf_counter(), time.process_time()
    answer = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"seconds": wall, "cpu": cpu, "peak_mb": peak, "answer": round(float(str(answer)), 2)}


def measure(file: str, folder: Path, times: int) -> dict[str, dict[str, float]]:
    """Return medians of every way, taking turns. Stop when two ways differ in their answer."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS[file]}
    for way in [*WAYS[file]] * times:
        command = [sys.executable, "-m", "benchmarks.intake", "--once", file, way, str(folder)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        found[way].append(json.loads(done.stdout))
    answers = {round(run["answer"]) for runs in found.values() for run in runs}
    if len(answers) != 1:
        sys.exit(f"{file}: the ways do not agree: {answers}")
    return {
        way: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for way, runs in found.items()
    }


def table(file: str, ways: dict[str, dict[str, float]]) -> str:
    """Return the results of one file for a person, and whether the limits are kept."""
    lines = [f"{file:<28}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'ours / it':>11}{'CPU':>7}"]
    ours = ways[OURS]
    for way, run in ways.items():
        ratios = f"{ours['seconds'] / run['seconds']:>11.2f}{ours['cpu'] / run['cpu']:>7.2f}"
        lines.append(
            f"  {way:<26}{run['seconds']:>9.2f}{run['cpu']:>9.2f}{run['peak_mb']:>9.0f}{ratios}"
        )
    plain, times, most = BARS[file]
    is_kept = ours["seconds"] <= times * ways[plain]["seconds"]
    lines.append(f"  at most {times:g} times '{plain}': {'kept' if is_kept else 'NOT KEPT'}")
    lines.append(f"  at most {most} MB: {'kept' if ours['peak_mb'] <= most else 'NOT KEPT'}")
    return "\n".join(lines)


def main() -> None:
    """Make the files, measure, print."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--once", nargs=3, metavar=("FILE", "WAY", "FOLDER"), help="one way, in this process"
    )
    options.add_argument("--rows", type=int, default=1_000_000, help="payments in the ledger")
    options.add_argument(
        "--postcodes", type=int, default=2_700_000, help="postcodes in the directory"
    )
    options.add_argument("--times", type=int, default=5, help="how often each way is run")
    options.add_argument(
        "--keep", type=Path, help="a folder where the files are kept and found again"
    )
    chosen = options.parse_args()
    if chosen.once:
        file, way, folder = chosen.once
        print(json.dumps(in_this_process(file, way, Path(folder))))
        return
    with tempfile.TemporaryDirectory(prefix="sv-bench-") as scratch:
        folder = chosen.keep or Path(scratch)
        write_parameters(folder)
        write_parameters(folder / SMALL)
        for file, rows, make in (
            (LEDGER, chosen.rows, make_ledger),
            (POSTCODES, chosen.postcodes, make_postcodes),
        ):
            if not (folder / file).exists():
                # in a process of its own, so that its memory is not counted as that of a way
                code = (
                    f"from pathlib import Path; from benchmarks.intake import "
                    f"{make.__name__} as make; "
                )
                code += f"make(Path({str(folder / file)!r}), {rows})"
                subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
            with (folder / file).open("rb") as whole:
                (folder / SMALL / file).write_bytes(b"".join(islice(whole, 1000)))
            print(table(file, measure(file, folder, chosen.times)), flush=True)


if __name__ == "__main__":
    main()

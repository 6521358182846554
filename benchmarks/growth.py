"""Measures how time and memory grow with payments, claims and contracts, wards and councils.

The demonstration is made larger, run, and a line is fitted. A larger council has every ward
several times over, its rows dealt out among the copies; or every payment several times over; or
every contract, with its promises, claims and returns. The exponent is the slope of the processor's
seconds over size, both as logarithms: 1 is linear, less is better.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import re
import shutil
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shapely.affinity import translate
from shapely.geometry import mapping, shape

from benchmarks.side_by_side import ROOT, Result, machine, our_run, say, scratch, taken, whole
from sv_lib.params import load

PARAMS = ROOT / "params" / "rotherham-demo" / "2022-mid-year.yaml"
LATEST = ROOT / "benchmarks" / "growth.json"
WARD = re.compile(r"E0501(\d{4})")
WARD_LINE = re.compile(r"^  - \{code: (E0501\d{4}), name: ([^,]+), .*$", re.MULTILINE)
DEALT = ("postcodes", "deprivation", "contract_places", "events", "stories")
REPEATED = (
    "contracts",
    "contract_changes",
    "contract_places",
    "quantities",
    "commitments",
    "milestones",
    "returns",
    "beneficiaries",
    "return_log",
    "supply_chain",
)
"""Inputs about contracts. A copy of a row has ids of its own; its money and dates stay."""
IDS = {
    "contract_id",
    "predecessor_id",
    "commitment_id",
    "claim_id",
    "corrects_claim_id",
    "activity_key",
    "person_key",
}
CLAIMS = 2278
ONE = "E05012996"


def larger(folder: Path, wards: int = 1, payments: int = 1, claims: int = 1) -> Path:
    """Write a copy of the demonstration with so many times its wards, payments and claims.

    ``claims``: times its contracts and all that is promised and claimed under them. Returns its
    parameter file.
    """
    shutil.copytree(PARAMS.parent, folder)
    if wards > 1:
        council = folder / "council.yaml"
        text = re.sub(
            r"^  ward_deprivation:.*\n", "", council.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        council.write_text(WARD_LINE.sub(lambda line: copies(line, wards), text), encoding="utf-8")
        for name in DEALT:
            path = folder / "inputs" / f"{name}.csv"
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(dealt(line, wards) for line in lines), encoding="utf-8")
        draw(folder / "boundaries.geojson", wards)
    for path in (folder / "inputs").glob("payments-*.csv.gz"):
        repeat(path, payments)
    for name in REPEATED if claims > 1 else ():
        repeat_contracts(folder / "inputs" / f"{name}.csv", claims)
    return folder / PARAMS.name


def copies(line: re.Match[str], times: int) -> str:
    """Return a ward's line of council.yaml, and one for each copy of it."""
    names = [line[2], *(f"{line[2]} {number + 1}" for number in range(1, times))]
    return "\n".join(
        line[0].replace(line[1], code_of(line[1], n)).replace(line[2], x)
        for n, x in enumerate(names)
    )


def draw(path: Path, times: int) -> None:
    """Give each copy of a ward its outline, half a degree east of the one before it."""
    outlines = json.loads(path.read_text(encoding="utf-8"))
    outlines["features"] = [
        copy_of(feature, number) for number in range(times) for feature in outlines["features"]
    ]
    path.write_text(json.dumps(outlines), encoding="utf-8")


def copy_of(feature: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the outline of a ward's copy; the first is the ward itself."""
    code = code_of(feature["properties"]["WD25CD"], number)
    area = translate(shape(feature["geometry"]), xoff=number / 2)
    return {"type": "Feature", "properties": {"WD25CD": code}, "geometry": mapping(area)}


def code_of(code: str, number: int) -> str:
    """Return the code of a ward's copy; the first is the ward itself."""
    return f"E05{int(code[3:]) + number * 100_000:06d}"


def dealt(line: str, times: int) -> str:
    """Return a row with one of the copies in place of its ward: the same at every run."""
    return WARD.sub(lambda code: code_of(code[0], zlib.crc32(line.encode()) % times), line)


def repeat(path: Path, times: int) -> None:
    """Return every payment so many times, each with a number of its own."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heading)
        for number in range(times):
            writer.writerows([f"{row[0]}-{number}", *row[1:]] for row in rows)


def repeat_contracts(path: Path, times: int) -> None:
    """Return every row so many times; the ids of each copy are its own, blank ones stay blank."""
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    is_id = [column in IDS for column in heading]
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number in range(1, times):
            for row in rows:
                pairs = zip(row, is_id, strict=True)
                writer.writerow([f"{x}-{number}" if x and own else x for x, own in pairs])


def councils(folder: Path, count: int) -> list[Path]:
    """Write so many copies of the demonstration, each a council of its own."""
    files = []
    for number in range(count):
        path = larger(folder / f"council-{number:02d}")
        text = (path.parent / "council.yaml").read_text(encoding="utf-8")
        renamed = re.sub(r"^id: .*$", f"id: council-{number:02d}", text, flags=re.MULTILINE)
        (path.parent / "council.yaml").write_text(renamed, encoding="utf-8")
        files.append(path)
    return files


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Return the slope of the line through the logarithms, by least squares."""
    xs, ys = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - middle_x) ** 2 for x in xs)


def measure(
    ward_times: Sequence[int],
    payment_times: Sequence[int],
    claim_times: Sequence[int],
    beside: int,
    council_count: int,
) -> dict[str, list[Result]]:
    """Run ever larger councils, then many councils at once.

    ``beside``: times the payments, where claims grow.
    """
    found: dict[str, list[Result]] = {"wards": [], "payments": [], "claims": [], "councils": []}
    for times in ward_times:
        with scratch() as folder:
            params = larger(folder / "rotherham-demo", wards=times)
            reports = whole(load(params))
            run = our_run(params, [], folder)
            found["wards"].append(taken(f"{25 * times} wards", reports, True, run))
            say(str(found["wards"][-1]))
    for times in payment_times:
        with scratch() as folder:
            run = our_run(larger(folder / "rotherham-demo", payments=times), [ONE], folder)
            found["payments"].append(taken(f"{180_000 * times:,} payments, one ward", 1, True, run))
            say(str(found["payments"][-1]))
    for times in claim_times:
        with scratch() as folder:
            params = larger(folder / "rotherham-demo", payments=beside, claims=times)
            run = our_run(params, [ONE], folder)
            sizes = f"{CLAIMS * times:,} claims, {180_000 * beside:,} payments"
            found["claims"].append(taken(sizes, 1, True, run))
            say(str(found["claims"][-1]))
    if council_count:
        with scratch() as folder:
            files = councils(folder, council_count)
            reports = sum(whole(load(params)) for params in files)
            run = our_run(files, [], folder)
            found["councils"].append(taken(f"{council_count} councils", reports, True, run))
            say(str(found["councils"][-1]))
    return found


def main() -> None:
    """Measure, print, write the JSON file."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument(
        "--wards", type=int, nargs="*", default=[1, 2, 4, 10], help="times the 25 wards"
    )
    options.add_argument(
        "--payments", type=int, nargs="*", default=[1, 2, 4, 6], help="times the 180,000 payments"
    )
    options.add_argument(
        "--claims", type=int, nargs="*", default=[1, 2, 4, 8], help="times the contracts and claims"
    )
    options.add_argument("--beside", type=int, default=1, help="times the payments beside claims")
    options.add_argument("--councils", type=int, default=10)
    options.add_argument("--json", type=Path, default=LATEST)
    chosen = options.parse_args()
    found = measure(chosen.wards, chosen.payments, chosen.claims, chosen.beside, chosen.councils)
    fits = {
        what: round(exponent(sizes, [result.cpu for result in found[what]]), 3)
        for what, sizes in (
            ("wards", chosen.wards),
            ("payments", chosen.payments),
            ("claims", chosen.claims),
        )
        if len(sizes) > 1
    }
    for results in found.values():
        for r in results:
            print(
                f"{r.way:<44}{r.reports:>6} reports{r.seconds:>9.1f} s{r.cpu:>9.1f} "
                f"cpu s{r.peak_mb:>8.0f} MB"
            )
    print(", ".join(f"{what}: exponent {fit}" for what, fit in fits.items()))
    record = {
        "machine": machine(),
        "exponents": fits,
        **{what: [asdict(r) for r in rs] for what, rs in found.items()},
    }
    chosen.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""A copy of the demonstration in which every free-text field of every table holds hostile text, a
payload a row.
"""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import xlsxwriter
import yaml
from payloads import ALL

FREE = {
    "payments": ("supplier_name", "directorate", "category"),
    "suppliers": ("supplier_name",),
    "contracts": ("title", "directorate", "project", "project_status"),
    "returns": ("attribution_reason", "rejection_reason", "activity_key"),
    "quotes": ("directorate", "reason"),
    "events": ("title", "parish", "contact"),
    "actions": ("action", "owner", "progress"),
    "priorities": ("priority", "next_step"),
    "scrutiny": ("body", "question", "answer"),
    "stories": ("title", "story", "checked_by"),
    "published_history": ("period", "figure", "published", "unit", "source", "note"),
    "ward_deprivation": ("source",),
    "proxies": ("source", "source_place", "checked_by"),
}
KEYS = {
    "actions": "action_id",
    "priorities": "priority_id",
    "scrutiny": "question_id",
    "stories": "story_id",
}
EVERY_PAYMENT = 60
FILE = "'><img src=x onerror=alert(80)> =1+1 {{7*7}}.csv"
SHEET = "=1+1<b onclick=alert(81)>"
WARD = "E05012996"


def spoil(demo: Path, folder: Path) -> Path:
    """Make the copy; its parameter file. Tables with too few rows repeat them under new keys."""
    shutil.copytree(demo, folder)
    council = yaml.safe_load((folder / "council.yaml").read_text(encoding="utf-8"))
    for name, columns in FREE.items():
        for path in _files(folder, council, name):
            _spoil_file(path, name, columns)
    (folder / "inputs/quotes.csv").rename(folder / "inputs" / FILE)
    _as_workbook(folder / "inputs/contracts.csv")
    _spoil_parameters(folder)
    return folder / "2022-annual.yaml"


def _files(folder: Path, council: dict[str, dict[str, object]], name: str) -> list[Path]:
    if name == "payments":
        return sorted((folder / "inputs").glob("payments-202[01]*.gz"))
    if name in ("actions", "priorities", "scrutiny"):
        return [folder / f"inputs/2022-annual/{name}.csv"]
    declared = council["inputs"][name]
    return [folder / str(path) for path in (declared if isinstance(declared, list) else [declared])]


def _spoil_file(path: Path, name: str, columns: tuple[str, ...]) -> None:
    packed = path.suffix == ".gz"
    text = (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    rows = rows[::EVERY_PAYMENT] if name == "payments" else rows
    rows = list(_enough(rows, KEYS[name])) if name in KEYS else rows
    payloads = [
        cycle(ALL[7 * at % len(ALL) :] + ALL[: 7 * at % len(ALL)]) for at in range(len(columns))
    ]
    for row in rows:
        for column, source in zip(columns, payloads, strict=True):
            if row[column]:
                row[column] = next(source)
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(
        gzip.compress(made.getvalue().encode(), mtime=0) if packed else made.getvalue().encode()
    )


def _enough(rows: list[dict[str, str]], key: str) -> Iterator[dict[str, str]]:
    yield from rows
    for number, row in zip(range(len(ALL) - len(rows)), cycle(rows), strict=False):
        yield row | {key: f"X{number}"}


def _as_workbook(path: Path) -> None:
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet(SHEET)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)


def _spoil_parameters(folder: Path) -> None:
    every = " ".join(text for text in ALL if text.isprintable())
    council = yaml.load(
        (folder / "council.yaml").read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506 every scalar as text
    )
    for key in ("name", "place", "contact", "definition"):
        council[key] = every
    for group, key in (("thresholds", "source"), ("methods", "source"), ("measure_set", "name")):
        council[group][key] = every
    for ward in council["wards"]:
        ward["name"] += " <script>alert(82)</script>"
    for tier in council["tiers"]:
        tier["name"] = "=1+1 <img src=x onerror=alert(83)>" + tier["name"]
    council["inputs"]["quotes"] = f"inputs/{FILE}"
    (folder / "council.yaml").write_text(
        yaml.safe_dump(council, allow_unicode=True), encoding="utf-8"
    )
    path = folder / "2022-annual.yaml"
    publication = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 every scalar as text
    publication["title"] = "</title><script>alert(84)</script> =1+1"
    path.write_text(yaml.safe_dump(publication, allow_unicode=True), encoding="utf-8")

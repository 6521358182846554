"""A small finished run, and everything that somebody with bad intent might make of it."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import socket
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sv_lib.figures.saved import AMOUNT
from sv_lib.publish.files import manifest, received
from sv_lib.publish.files.manifest import beside

HASH = "0" * 64
WHOLE = "spend.total.this"
RATIO = "spend.share.this"
PLACE = {"source_file": ["inputs/payments.csv"] * 2, "source_row": [2, 3]}
TRAIL = {
    "figure_id": [WHOLE] * 2,
    **PLACE,
    "amount": [Decimal(100), Decimal(50)],
    "is_about_people": [False, False],
}
TRAIL_TYPES = [pa.string(), pa.string(), pa.int64(), AMOUNT, pa.bool_()]

Craft = Callable[[Path], object]


def a_run(folder: Path) -> Path:
    """A run folder of two figures, in order, with its working papers."""
    papers = beside(folder)
    (folder / "data").mkdir(parents=True)
    papers.mkdir()
    total = figure(WHOLE, value="150", operation="sum of rows")
    ratio = figure(RATIO, value="1", unit="ratio", operation="÷", parts=f"{WHOLE} {WHOLE}")
    for place in (folder, papers):
        write(place / "figures.csv", [total, ratio])
        write(place / "claims.csv", [], list(received.SHAPES["claims"]))
    for name in ("commitments", "proxies", "corrections"):
        write(folder / f"data/{name}.csv", [], list(received.SHAPES[name]))
    write(papers / "corrections.csv", [], list(received.SHAPES["corrections"]))
    parquet(papers / "trail.parquet", TRAIL, TRAIL_TYPES)
    prints = {**PLACE, "fingerprint": [1, 2]}
    parquet(papers / "input_rows.parquet", prints, [pa.string(), pa.int64(), pa.uint64()])
    _say(folder, None)
    _say(papers, digest(folder / "manifest.json"))
    return folder


def _say(folder: Path, published: str | None) -> None:
    """Write a manifest of a folder that is otherwise whole."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in files]
    said = {
        "schema_version": manifest.SCHEMA_VERSION,
        "council": "test",
        "publication": "2022-annual",
        "parameters": {"council": {"id": "test"}, "publication": {"publication": "2022-annual"}},
        "inputs": [{"table": "payments", "path": "inputs/p.csv", "sha256": HASH, "rows": 3}],
        "outputs": [
            {"path": name, "sha256": digest(path)} for name, path in zip(names, files, strict=True)
        ],
        "corrections": [],
        "reports": {"annual": {"title": "A", "pages": 2, "made_from": HASH}},
        "compared_with": None,
        "readers_have": [],
        "code_sha256": HASH,
        "lock_sha256": HASH,
        "versions": {"pandas": "3.0.0"},
        "published_sha256": published,
    }
    (folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")


def figure(figure_id: str, **cells: str) -> dict[str, str]:
    """A line of figures.csv."""
    days = {"period_start": "2021-04-01", "period_end": "2022-03-31"}
    empty = dict.fromkeys(received.SHAPES["figures"], "")
    return empty | days | {"figure_id": figure_id, "label": "Spend", "unit": "pence"} | cells


def write(path: Path, rows: list[dict[str, str]], columns: list[str] | None = None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def parquet(path: Path, columns: dict[str, list[Any]], types: list[pa.DataType]) -> None:
    arrays = [pa.array(cells, kind) for cells, kind in zip(columns.values(), types, strict=True)]
    pq.write_table(pa.table(arrays, names=list(columns)), path)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def says(place: str, value: Any) -> Craft:
    """A manifest that says something else at a dotted place; ... takes the key away."""

    def craft(run: Path) -> None:
        path = run / "manifest.json"
        said = json.loads(path.read_text(encoding="utf-8"))
        *above, last = [int(key) if key.isdigit() else key for key in place.split(".")]
        held = said
        for key in above:
            held = held[key]
        if value is ...:
            del held[last]
        else:
            held[last] = value
        path.write_text(json.dumps(said), encoding="utf-8")

    return craft


def holds(name: str, content: bytes) -> Craft:
    """A file with other content."""

    def craft(run: Path) -> None:
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).write_bytes(content)

    return craft


def is_large(name: str, size: int) -> Craft:
    """A file that takes no room and says that it is large."""

    def craft(run: Path) -> None:
        (run / name).touch()
        os.truncate(run / name, size)

    return craft


def links(name: str, target: str) -> Craft:
    """A link in place of a file or beside the files."""

    def craft(run: Path) -> None:
        (run / name).unlink(missing_ok=True)
        (run / name).symlink_to(target)

    return craft


def is_pipe(name: str) -> Craft:
    """A pipe, from which nobody ever reads the end."""

    def craft(run: Path) -> None:
        (run / name).unlink(missing_ok=True)
        os.mkfifo(run / name)

    return craft


def is_socket(name: str) -> Craft:
    def craft(run: Path) -> None:
        before = Path.cwd()
        os.chdir(run)  # the name of a socket has to be short
        try:
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(name)
        finally:
            os.chdir(before)

    return craft


def figures(*lines: dict[str, str]) -> Craft:
    """Figures of somebody's own beside the total."""
    total = figure(WHOLE, value="150", operation="sum of rows")
    return lambda run: write(run / "figures.csv", [*lines, total])


def without(name: str, column: str) -> Craft:
    """A table that lacks a column."""

    def craft(run: Path) -> None:
        with (run / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        at = rows[0].index(column)
        kept = [row[:at] + row[at + 1 :] for row in rows]
        with (run / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(kept)

    return craft


def claim(**cells: str) -> Craft:
    """One claim, in which some cells are somebody's own."""
    good = dict.fromkeys(received.SHAPES["claims"], "") | {"source_row": "2"}
    return lambda run: write(run / "claims.csv", [good | cells])


def trail(types: list[pa.DataType] = TRAIL_TYPES, **columns: list[Any]) -> Craft:
    """A trail with other columns."""
    return lambda run: parquet(run / "trail.parquet", TRAIL | columns, types)

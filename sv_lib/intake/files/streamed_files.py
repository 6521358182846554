"""Files too large to hold, such as every postcode or company: read a block at a time, few rows and
columns kept.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zipfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from sv_lib.errors import InputError
from sv_lib.intake.files.unpacking import DAMAGED, GZIP, LARGEST, ZIP

BLOCK = 2 * 1024**2
Patterns = Mapping[str, str]
"""Our name -> the headings it may stand under: alternatives with " | " between, best first, each a
whole heading.
"""
Block = tuple[int, dict[str, str], pa.Table]
"""The row that a block's first entry stands on, the headings that our columns were found under, our
columns as text.
"""


@dataclass(frozen=True)
class Selected:
    """The rows of a large file that were kept. ``frame``: text by our names, indexed by row;
    ``rows``:
    all it holds.
    """

    frame: pd.DataFrame
    columns: dict[str, str]
    rows: int


def read_large(
    path: Path,
    name: str,
    patterns: Patterns,
    keep: Callable[[pa.Table], pa.ChunkedArray],
    positions: Mapping[int, Mapping[str, int]] | None = None,
) -> Selected:
    """Read the csv, tab-separated text or JSON array that ``path`` is, or the gz or zip of one.

    ``keep``: of a block of our columns, which rows are wanted. ``positions``: for a file without
    headings, of so many columns, where ours stand. Raises InputError when it cannot be read, or has
    none of the columns.
    """
    tables, numbers, rows = [], [], 0
    columns: dict[str, str] = {}
    try:
        for member in _members(path, name):
            with member() as opened:
                first = opened.readline()
            is_json = first.removeprefix(BOM_UTF8).lstrip().startswith(b"[")
            with member() as opened:
                found = (
                    _objects(opened, patterns)
                    if is_json
                    else _lines(opened, first, patterns, positions or {})
                )
                for at, seen, block in found:
                    columns = seen
                    kept = pc.indices_nonzero(pc.fill_null(keep(block), False))
                    tables.append(block.take(kept))
                    numbers.append(kept.to_numpy() + at)
                    rows += len(block)
    except (pa.ArrowInvalid, csv.Error, *DAMAGED) as fault:
        said = f"it cannot be read ({' '.join(str(fault).split())[:120]})"
        raise _refusal(name, said, "copy or download it again") from None
    if not tables:
        raise _refusal(
            name,
            "none of its headings is known, or it has no rows",
            "docs/data-inputs.md lists the kinds",
        )
    frame = pa.concat_tables(tables, promote_options="default").to_pandas().astype("str").fillna("")
    return Selected(frame.set_axis(np.concatenate(numbers)), columns, rows)


def columns_by_pattern(headings: list[str], patterns: Patterns) -> dict[str, str]:
    """Our name -> the heading that fits the earliest alternative; of several, the last in the
    alphabet
    (the newest).
    """
    found = {}
    for ours, pattern in patterns.items():
        for choice in pattern.split(" | "):
            if fits := sorted(h for h in headings if re.fullmatch(choice, h, re.IGNORECASE)):
                found[ours] = fits[-1]
                break
    return found


def _lines(
    opened: IO[bytes], first: bytes, patterns: Patterns, positions: Mapping[int, Mapping[str, int]]
) -> Iterator[Block]:
    """The blocks of a csv or of tab-separated text, whose quotation marks are ordinary
    characters.
    """
    line = first.decode("utf-8-sig", errors="replace")
    delimiter = "\t" if "\t" in line else ","
    headings = [heading.strip() for heading in next(csv.reader([line], delimiter=delimiter), [])]
    columns = columns_by_pattern(headings, patterns)
    places = {ours: headings.index(theirs) for ours, theirs in columns.items()} or positions.get(
        len(headings), {}
    )
    if not places:
        return
    wanted = [str(at) for at in places.values()]
    reader = pa.csv.open_csv(
        pa.PythonFile(opened, mode="r"),
        pa.csv.ReadOptions(
            column_names=[str(at) for at in range(len(headings))],
            skip_rows=int(bool(columns)),
            block_size=BLOCK,
        ),
        pa.csv.ParseOptions(
            delimiter=delimiter, quote_char=False if delimiter == "\t" and '"' not in line else '"'
        ),
        pa.csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),
            strings_can_be_null=False,
        ),
    )
    at = 1 + bool(columns)
    for batch in reader:
        yield at, columns, pa.Table.from_batches([batch]).rename_columns(list(places))
        at += len(batch)


def _objects(opened: IO[bytes], patterns: Patterns) -> Iterator[Block]:
    """The blocks of a JSON array of objects, counted from 1. Raises ValueError when it breaks
    off.
    """
    text, decode = TextIOWrapper(opened, "utf-8-sig"), json.JSONDecoder().raw_decode
    held, at = "", 1
    columns: dict[str, str] = {}
    while more := text.read(BLOCK):
        held, entries, end = held + more, [], 0
        while (start := held.find("{", end)) >= 0:
            try:
                entry, end = decode(held, start)
            except ValueError:
                break
            entries.append(entry)
        held = held[end:]
        columns = columns or columns_by_pattern(list(entries[0]) if entries else [], patterns)
        if entries and columns:
            cells = {
                ours: [_cell(entry.get(theirs)) for entry in entries]
                for ours, theirs in columns.items()
            }
            yield at, columns, pa.table(cells, pa.schema([(ours, pa.string()) for ours in columns]))
        at += len(entries)
    if "{" in held:
        raise ValueError("it breaks off within an entry")


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _members(path: Path, name: str) -> Iterator[Callable[[], IO[bytes]]]:
    """What opens each table in a file; of a zip that holds the country both whole and in parts, the
    whole.
    """
    with path.open("rb") as opened:
        start = opened.read(4)
    if start.startswith(GZIP):
        yield lambda: cast(IO[bytes], gzip.GzipFile(path))
        return
    if not start.startswith(ZIP):
        yield lambda: path.open("rb")
        return
    with zipfile.ZipFile(path) as packed:
        kind = r"(.*/)?data/.*\.csv|[^/]*\.(csv|txt|json)"
        inside = [m for m in packed.infolist() if re.fullmatch(kind, m.filename, re.IGNORECASE)]
        inside = [m for m in inside if "multi_csv" not in m.filename] or inside
        if sum(m.file_size for m in inside) > LARGEST:
            raise _refusal(
                name,
                f"it unpacks to more than {LARGEST // 1024**3} GB",
                "use the parts that you need",
            )
        for m in inside:
            yield partial(packed.open, m)


def _refusal(name: str, found: str, remedy: str) -> InputError:
    return InputError(name, found, "what it was to add would be missing without a word", remedy)

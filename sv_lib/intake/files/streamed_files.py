"""Files too large to hold, such as every postcode or company: read a block at a time.

Only the rows that are wanted, and the columns we know, are kept.
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

from sv_lib.errors import without_breaks
from sv_lib.intake.files.archives import DAMAGED, GZIP, LARGEST, ZIP
from sv_lib.intake.findings import file_error

BLOCK = 2 * 1024**2
Patterns = Mapping[str, str]
"""Our name -> the headings it may stand under: alternatives with " | " between, best first, each a
whole heading in plain words. Where it has a space, a heading may have none.
"""
Positions = Mapping[int, Mapping[str, int]]
"""For files without headings: how many columns a file has -> where ours stand in it."""
Member = Callable[[], IO[bytes]]
"""Opens one table of a file, from its beginning."""
NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|[_\s]+")
"""Where a word of a heading begins: ``StartDate``, ``start_date``."""
WANTED_IN_ZIP = re.compile(r"(.*/)?data/.*\.csv|[^/]*\.(csv|txt|json)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """Some of the rows of a file. ``columns``: our name -> its heading in the file.

    ``first_row``: the row that its first entry stands on. ``table``: our columns as text.
    """

    first_row: int
    columns: dict[str, str]
    table: pa.Table


@dataclass(frozen=True)
class Selected:
    """The rows of a large file that were kept; ``rows`` are all that it holds.

    ``frame``: text under our names, indexed by the row in the file.
    """

    frame: pd.DataFrame
    columns: dict[str, str]
    rows: int


def read_large(
    path: Path,
    name: str,
    patterns: Patterns,
    keep: Callable[[pa.Table], pa.ChunkedArray],
    positions: Positions | None = None,
) -> Selected:
    """Read the csv, tab-separated text or JSON array that ``path`` is, or the gz or zip of one.

    ``keep``: which rows of a block of our columns are wanted. Raises InputError when the file
    cannot be read, or has none of the columns.
    """
    tables = []
    row_numbers = []
    rows = 0
    columns: dict[str, str] = {}
    try:
        for block in _blocks(path, name, patterns, positions or {}):
            columns = block.columns
            rows += len(block.table)
            kept = pc.indices_nonzero(pc.fill_null(keep(block.table), False))
            tables.append(block.table.take(kept))
            row_numbers.append(kept.to_numpy() + block.first_row)
    except (pa.ArrowInvalid, csv.Error, *DAMAGED) as fault:
        said = without_breaks(fault)[:120]
        raise file_error("unreadable.large_file", name, fault=said) from None
    if not tables:
        raise file_error("unreadable.no_heading_known", name)
    frame = pa.concat_tables(tables, promote_options="default").to_pandas()
    frame = frame.astype("str").fillna("").set_axis(np.concatenate(row_numbers))
    return Selected(frame, columns, rows)


def columns_by_pattern(headings: list[str], patterns: Patterns) -> dict[str, str]:
    """Our name -> the heading that fits the earliest alternative.

    Of several, the last in the alphabet: WD25CD, the newest, goes before WD21CD.
    """
    words = {heading: NEW_WORD.sub(" ", heading).strip() for heading in headings}
    found = {}
    for ours, pattern in patterns.items():
        for alternative in pattern.split(" | "):
            form = re.compile(alternative.replace(" ", " ?"), re.IGNORECASE)
            fits = [heading for heading in headings if form.fullmatch(words[heading])]
            if fits:
                found[ours] = max(fits)
                break
    return found


def _blocks(path: Path, name: str, patterns: Patterns, positions: Positions) -> Iterator[Block]:
    """The blocks of every table in a file."""
    for opened_anew in _members(path, name):
        with opened_anew() as opened:
            first_line = opened.readline()
        is_json = first_line.removeprefix(BOM_UTF8).lstrip().startswith(b"[")
        with opened_anew() as opened:
            if is_json:
                yield from _json_blocks(opened, patterns)
            else:
                yield from _text_blocks(opened, first_line, patterns, positions)


def _text_blocks(
    opened: IO[bytes], first_line: bytes, patterns: Patterns, positions: Positions
) -> Iterator[Block]:
    """The blocks of a csv or of tab-separated text; none where no column of ours is in it."""
    line = first_line.decode("utf-8-sig", errors="replace")
    delimiter = "\t" if "\t" in line else ","
    cells = next(csv.reader([line], delimiter=delimiter), [])
    headings = [cell.strip() for cell in cells]
    columns = columns_by_pattern(headings, patterns)
    places: Mapping[str, int] = {ours: headings.index(theirs) for ours, theirs in columns.items()}
    places = places or positions.get(len(headings), {})
    if not places:
        return
    wanted = [str(position) for position in places.values()]
    # Registers with tabs have quotation marks inside names, which open no value.
    has_quotes = delimiter == "," or '"' in line
    reader = pa.csv.open_csv(
        pa.PythonFile(opened, mode="r"),
        pa.csv.ReadOptions(
            column_names=[str(position) for position in range(len(headings))],
            skip_rows=1 if columns else 0,
            block_size=BLOCK,
        ),
        pa.csv.ParseOptions(delimiter=delimiter, quote_char='"' if has_quotes else False),
        pa.csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),
            strings_can_be_null=False,
        ),
    )
    row = 2 if columns else 1
    for batch in reader:
        table = pa.Table.from_batches([batch]).rename_columns(list(places))
        yield Block(row, columns, table)
        row += len(batch)


def _json_blocks(opened: IO[bytes], patterns: Patterns) -> Iterator[Block]:
    """The blocks of a JSON array of objects, counted from 1.

    Raises ValueError when it breaks off.
    """
    text = TextIOWrapper(opened, "utf-8-sig")
    rest = ""
    entry_number = 1
    columns: dict[str, str] = {}
    while more := text.read(BLOCK):
        entries, rest = _whole_objects(rest + more)
        if entries and not columns:
            columns = columns_by_pattern(list(entries[0]), patterns)
        if entries and columns:
            cells = {
                ours: pa.array([_cell(entry.get(theirs)) for entry in entries], pa.string())
                for ours, theirs in columns.items()
            }
            yield Block(entry_number, columns, pa.table(cells))
        entry_number += len(entries)
    if "{" in rest:
        raise ValueError("it breaks off within an entry")


def _whole_objects(text: str) -> tuple[list[dict[str, object]], str]:
    """The objects that are whole in a piece of a JSON array, and the text after them."""
    decode = json.JSONDecoder().raw_decode
    entries = []
    end = 0
    start = text.find("{")
    while start >= 0:
        try:
            entry, end = decode(text, start)
        except ValueError:
            break  # the object goes on in the next piece
        entries.append(entry)
        start = text.find("{", end)
    return entries, text[end:]


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _members(path: Path, name: str) -> Iterator[Member]:
    """What opens each table in a file.

    Of a zip that holds the country both whole and in parts, the whole is taken.
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
        inside = [part for part in packed.infolist() if WANTED_IN_ZIP.fullmatch(part.filename)]
        inside = [part for part in inside if "multi_csv" not in part.filename] or inside
        if sum(part.file_size for part in inside) > LARGEST:
            gigabytes = LARGEST // 1024**3
            raise file_error("unreadable.large_file_too_large", name, gigabytes=gigabytes)
        for part in inside:
            yield partial(packed.open, part)

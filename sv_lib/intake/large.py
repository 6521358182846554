"""Files too large to hold, such as every postcode of the country: read a block at a time, few rows and columns kept."""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from sv_lib.errors import InputError
from sv_lib.intake.files import GZIP, LARGEST, ZIP

BLOCK = 2 * 1024**2
Patterns = Mapping[str, str]
"""Our name -> the headings it may stand under: alternatives with " | " between, best first, each a whole heading."""


@dataclass(frozen=True)
class Selected:
    """The rows of a large file that were kept. ``frame``: text by our names, indexed by row; ``rows``: all it holds."""

    frame: pd.DataFrame
    columns: dict[str, str]
    rows: int


def read_large(
    path: Path, name: str, patterns: Patterns, keep: Callable[[pa.Table], pa.ChunkedArray],
    positions: Mapping[int, Mapping[str, int]] | None = None,
) -> Selected:  # fmt: skip
    """Read the csv, csv.gz or zip of csv that ``path`` is. ``keep``: of a block of our columns, which rows are wanted.

    ``positions``: for a file without headings, of so many columns, where ours stand. Raises InputError when it cannot
    be read, or has none of the columns.
    """
    frames, columns, rows = [], {}, 0
    try:
        for member in _members(path, name):
            with member() as opened:
                first = opened.readline().decode("utf-8-sig", errors="replace")
            delimiter = "\t" if "\t" in first else ","
            headings = [heading.strip() for heading in next(csv.reader([first], delimiter=delimiter), [])]
            columns = columns_by_pattern(headings, patterns)
            fixed = (positions or {}).get(len(headings), {}) if not columns else {}
            places = {ours: headings.index(theirs) for ours, theirs in columns.items()} or dict(fixed)
            with member() as opened:
                for at, block in _blocks(opened, len(headings), places, not fixed, delimiter):
                    kept = pc.fill_null(keep(block), False)
                    index = pc.indices_nonzero(kept).to_numpy() + at
                    frames.append(block.filter(kept).to_pandas().set_axis(index))
                    rows += len(block)
    except (pa.ArrowInvalid, OSError, EOFError, csv.Error) as fault:
        found = f"it cannot be read ({' '.join(str(fault).split())[:120]})"
        raise _refusal(name, found, "copy or download it again") from None
    if not frames:
        raise _refusal(name, "none of its headings is known, or it has no rows", "docs/data-inputs.md lists the kinds")
    return Selected(pd.concat(frames).astype("str").fillna(""), columns, rows)


def columns_by_pattern(headings: list[str], patterns: Patterns) -> dict[str, str]:
    """Our name -> the heading that fits the earliest alternative; of several, the last in the alphabet (the newest)."""
    found = {}
    for ours, pattern in patterns.items():
        for choice in pattern.split(" | "):
            if fits := sorted(h for h in headings if re.fullmatch(choice, h, re.IGNORECASE)):
                found[ours] = fits[-1]
                break
    return found


def sha256_of(path: Path) -> str:
    """The hash of a file of any size."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _blocks(
    opened: IO[bytes], width: int, places: dict[str, int], header: bool, delimiter: str
) -> Iterator[tuple[int, pa.Table]]:
    """Blocks of our columns, as text, each with the row that its first stands on."""
    if not places:
        return
    names = [str(at) for at in range(width)]
    wanted = [str(at) for at in places.values()]
    reader = pa.csv.open_csv(
        pa.PythonFile(opened, mode="r"),
        pa.csv.ReadOptions(column_names=names, skip_rows=int(header), block_size=BLOCK),
        pa.csv.ParseOptions(delimiter=delimiter),
        pa.csv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False
        ),
    )
    at = 1 + header
    for batch in reader:
        yield at, pa.Table.from_batches([batch]).rename_columns(list(places))
        at += len(batch)


def _members(path: Path, name: str) -> Iterator[Callable[[], IO[bytes]]]:
    """What opens each csv in a file; of a zip that holds the country both whole and in parts, the whole."""
    with path.open("rb") as opened:
        start = opened.read(4)
    if start.startswith(GZIP):
        yield lambda: cast(IO[bytes], gzip.GzipFile(path))
        return
    if not start.startswith(ZIP):
        yield lambda: path.open("rb")
        return
    with zipfile.ZipFile(path) as packed:
        inside = [m for m in packed.infolist() if re.fullmatch(r"(.*/)?data/.*\.csv|[^/]*\.csv", m.filename, re.I)]
        inside = [m for m in inside if "multi_csv" not in m.filename] or inside
        if sum(m.file_size for m in inside) > LARGEST:
            raise _refusal(name, f"it unpacks to more than {LARGEST // 1024**3} GB", "use the parts that you need")
        for m in inside:
            yield partial(packed.open, m)


def _refusal(name: str, found: str, remedy: str) -> InputError:
    return InputError(name, found, "what it was to add would be missing without a word", remedy)

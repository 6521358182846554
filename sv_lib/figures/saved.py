"""A calculation on disk: its figures, the input rows behind them, and its tables.

The run saves it once. Notebooks open it, so that no page computes a number of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sv_lib.analysis.disclosure import Cells, Leak, Way
from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.trail import ROWS, ROWS_PER_FILE, Trail
from sv_lib.figures.trail_rows import Bools
from sv_lib.periods import Period

FIGURES = "figures.parquet"
TRAIL = "trail.parquet"
TABLES = "tables"
AMOUNT = pa.decimal128(38, 12)
FIELDS = ("id", "kind", "label", "unit", "formula", "operation", "caution", "low", "high")
VALUE_TYPES: Mapping[str, type[int] | type[Decimal] | type[Fraction]] = {
    "int": int,
    "Decimal": Decimal,
    "Fraction": Fraction,
}
ROW_COUNT = "row_count"
PHOTOS = "photos"
"""The table of images, columns ``story_id`` and ``image`` (a data URI)."""
POSTCODES = "postcodes"
"""The postcodes of the council's own list that lie in a ward, columns ``postcode, ward_code``."""
NO_FILES = (PHOTOS, POSTCODES)
"""Tables for pages alone: they are no data files."""


@dataclass(frozen=True)
class Secrets:
    """What a public run must not hold.

    ``whole``: the calculation with nothing hidden. ``figures``: the hidden and rounded figures
    with their true values, by id. ``words``: names of sole traders and ids of claims on people.
    ``rows``: file and row of every claim on people. ``cells``: the groups of people behind the
    figures; ``printed``: how each group is printed; ``leaks``: those that earlier publications
    give away; ``decided_anew``: those publications whose run was not there. ``people_measures``:
    references of the measures that count people. ``on_many``: contract and measure with enough
    people behind them to tell a story about.
    """

    whole: Calculation
    figures: Mapping[str, Figure]
    words: frozenset[str]
    rows: frozenset[tuple[str, int]]
    cells: Cells
    printed: Sequence[Way]
    leaks: tuple[Leak, ...]
    decided_anew: tuple[str, ...]
    people_measures: frozenset[str]
    on_many: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Calculation:
    """The result of one publication: its trail of figures, and its tables by name.

    ``secrets`` are never saved, so no page can see them.
    """

    trail: Trail
    tables: Mapping[str, pd.DataFrame]
    secrets: Secrets | None = None

    @property
    def whole(self) -> Self | Calculation:
        """The same with nothing hidden; itself where nothing is."""
        return self.secrets.whole if self.secrets else self

    def save(self, folder: Path) -> None:
        """Write the figures and tables that pages open; makes the folder."""
        tables = folder / TABLES
        tables.mkdir(parents=True, exist_ok=True)
        records = [_record(figure) for figure in self.trail]
        frame = pd.DataFrame(records).astype({"low": "Int64", "high": "Int64"})
        frame[ROW_COUNT] = [self.trail.row_count(figure.id) for figure in self.trail]
        frame.to_parquet(folder / FIGURES, index=False)
        for name, table in self.tables.items():
            table.to_parquet(tables / f"{name}.parquet", index=False)

    def save_trail(self, folder: Path) -> None:
        """Write the input rows behind every figure, for ``svreport trace``."""
        pq.write_table(_rows_table(self.trail), folder / TRAIL, compression="zstd")

    @classmethod
    def open(cls, folder: Path) -> Calculation:
        """Open a saved calculation. Figures and tables are read when they are asked for."""
        return cls(_SavedTrail(_SavedFigures(folder)), _SavedTables(folder))

    def rows(self, table: str, column: str, *values: str | None) -> pd.DataFrame:
        """The rows of a table whose column holds one of the values, numbered from 0.

        None stands for a blank cell.
        """
        frame = self.tables[table]
        is_wanted = frame[column].isin([value for value in values if value is not None])
        if None in values:
            is_wanted |= frame[column].isna()
        return frame[is_wanted].reset_index(drop=True)


class _SavedTrail(Trail):
    """The trail of a page: it is never added to, and of rows it knows how many there are."""

    def __init__(self, saved: _SavedFigures) -> None:
        super().__init__()
        self._figures = cast("dict[str, Figure]", saved)
        self._saved = saved

    def row_count(self, figure_id: str) -> int:
        return self._saved.row_count(figure_id)


class _SavedFigures(Mapping[str, Figure]):
    """Figures on disk by id.

    Each is made when it is asked for, because a ward report shows a hundred of many thousands.
    """

    def __init__(self, folder: Path) -> None:
        self._table = _read(folder / FIGURES)
        ids = self._table["id"].to_pylist()
        self._positions = {figure_id: position for position, figure_id in enumerate(ids)}
        self._made: dict[str, Figure] = {}

    def __getitem__(self, figure_id: str) -> Figure:
        if figure_id not in self._made:
            row = self._table.slice(self._positions[figure_id], 1)
            self._made[figure_id] = _figure(row.to_pylist()[0])
        return self._made[figure_id]

    def row_count(self, figure_id: str) -> int:
        """How many input rows are behind a figure."""
        return int(self._table[ROW_COUNT][self._positions[figure_id]].as_py())

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


class _SavedTables(Mapping[str, pd.DataFrame]):
    """Tables on disk by name. Each is read once, and only if a page needs it."""

    def __init__(self, folder: Path) -> None:
        files = sorted((folder / TABLES).glob("*.parquet"))
        self._files = {file.stem: file for file in files}
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = _read(self._files[name]).to_pandas(use_threads=False)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _read(file: Path) -> pa.Table:
    """A small table. Threads, and pandas' way of opening files, take longer than reading it."""
    with pq.ParquetFile(file, pre_buffer=False) as opened:
        return opened.read(use_threads=False)


def _record(figure: Figure) -> dict[str, Any]:
    """A figure as one row of Parquet. Its value is text, so that it stays exact."""
    record = {field: getattr(figure, field) for field in FIELDS}
    record["value"] = None if figure.value is None else str(figure.value)
    record["value_type"] = type(figure.value).__name__
    record["parts"] = " ".join(figure.parts)
    record["period_start"] = figure.period.start
    record["period_end"] = figure.period.end
    return record


def _figure(record: Mapping[str, Any]) -> Figure:
    """The figure that ``_record`` wrote."""
    value: Value | None = None
    if record["value"] is not None:
        value = VALUE_TYPES[record["value_type"]](record["value"])
    period = Period(record["period_start"], record["period_end"])
    fields = {field: record[field] for field in FIELDS}
    parts = tuple(record["parts"].split())
    return Figure(value=value, period=period, parts=parts, **fields)


def _rows_table(trail: Trail) -> pa.Table:
    """Every kept row of every figure as one table in the order of the figures."""
    kept = trail.long_table()
    # Ids and file names repeat millions of times, so they are stored as dictionaries.
    figure_numbers = np.repeat(np.arange(len(kept.lengths), dtype=np.int32), kept.lengths)
    ids = pa.DictionaryArray.from_arrays(figure_numbers, pa.array(kept.figure_ids, pa.string()))
    file_numbers = (kept.keys // ROWS_PER_FILE).astype(np.int32)
    files = pa.DictionaryArray.from_arrays(file_numbers, pa.array(trail.files, pa.string()))
    amounts = [_decimals(piece.amounts) for piece in kept.pieces]
    numbers = kept.keys % ROWS_PER_FILE
    columns = [ids, files, numbers, pa.chunked_array(amounts, AMOUNT), _about_people(trail)]
    return pa.table(columns, names=["figure_id", *ROWS, "is_about_people"])


def _about_people(trail: Trail) -> Bools:
    """Which rows of the long table are about people."""
    kept = trail.long_table()
    of_figures = trail.people_behind().is_about_people
    is_about_people = np.zeros(len(kept.keys), dtype=bool)
    pieces = kept.split(is_about_people)
    for figure_id, piece in zip(kept.figure_ids, pieces, strict=True):
        piece |= of_figures.get(figure_id, False)
    return is_about_people


def _decimals(amounts: npt.NDArray[Any]) -> pa.Array:
    """Whole numbers or Decimals as Parquet's decimals."""
    if amounts.dtype == object:
        return pa.array(amounts, AMOUNT)
    # Arrow refuses to make decimals of whole numbers at once, so they are cast.
    return pa.array(amounts).cast(AMOUNT)

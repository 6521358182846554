"""A calculation on disk: figures, the rows behind them, and the tables. Notebooks open it and never
recompute.

A process that opens it notes what it looks at, so that a page is made again when that has changed,
and only then.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sv_lib.analysis.disclosure import Bools, Cells
from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.trail import ROWS, ROWS_PER_FILE, Trail
from sv_lib.periods import Period

FIGURES, TRAIL, TABLES = "figures.parquet", "trail.parquet", "tables"
AMOUNT = pa.decimal128(38, 12)
FIELDS = ("id", "kind", "label", "unit", "formula", "numerator_id", "denominator_id", "caution")
KINDS: Mapping[str, type[int] | type[Decimal] | type[Fraction]] = {
    "int": int,
    "Decimal": Decimal,
    "Fraction": Fraction,
}
READS = "SV_READS"
"""Environment variable: the file in which a process that opens a calculation notes what it looks
at.
"""
Read = tuple[str | None, ...]
"""Something that was looked at: its kind (see ``Calculation.content``), then what tells it from
others
of its kind.
"""
ALL: Read = ("all",)
PHOTOS = "photos"
"""The table of images that pages hold, and no data file: ``story_id`` and ``image``, a data URI."""


@dataclass(frozen=True)
class Secrets:
    """What a public run must not hold, for the attack on its finished files.

    ``figures``: those hidden or rounded in it, as they are, by id. ``words``: names, ids and titles
    of the exempt build alone, known once there is something told. ``rows``: file and row of every
    claim on people. ``cells``: the groups of people beneath all figures, and ``is_hidden``: which
    of them were decided to be. ``open_pounds``: prices and promises, which anybody may see; a
    hidden amount that happens to equal one cannot be told from it. ``many``: contracts and measures
    with enough people behind them for a story to be told.
    """

    figures: Mapping[str, Figure]
    words: frozenset[str]
    rows: frozenset[tuple[str, int]]
    cells: Cells
    is_hidden: Bools
    open_pounds: frozenset[str] = frozenset()
    many: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Calculation:
    """What one publication comes to: its trail of figures and its tables by name. Pages never see
    its
    ``secrets``.
    """

    trail: Trail
    tables: Mapping[str, pd.DataFrame]
    secrets: Secrets | None = None

    def save(self, folder: Path) -> None:
        """Write what pages open, figures and tables, under ``folder`` (made if missing)."""
        (folder / TABLES).mkdir(parents=True, exist_ok=True)
        write_figures(self.trail, folder)
        for name, table in self.tables.items():
            table.to_parquet(folder / TABLES / f"{name}.parquet", index=False)

    def save_trail(self, folder: Path) -> None:
        """Write the rows behind every figure, for whoever traces one."""
        pq.write_table(_trail(self.trail), folder / TRAIL, compression="zstd")

    @classmethod
    def open(cls, folder: Path) -> Calculation:
        """Read back the figures; a table is read when it is asked for, rows when ``rows_of`` is."""
        noted = _Noted()
        trail = _Watched()
        trail._figures = cast(
            "dict[str, Figure]", _Figures(folder)
        )  # nobody adds to what is opened
        trail.noted = noted
        return cls(trail, _Saved(folder, noted))

    def rows(self, table: str, column: str, *values: str | None) -> pd.DataFrame:
        """The rows of a table whose column holds one of the values (None: blank), numbered anew.

        A page that asks for its own rows in this way does not depend on the other rows.
        """
        if isinstance(self.tables, _Saved):
            return self.tables.rows(table, column, values)
        return _where(self.tables[table], column, values)

    def content(self, read: Read) -> str:
        """A hash of what a reader finds who looks at a figure, a rank, a table, rows of it, a list,
        or
        all there is.
        """
        kind, *what = read
        name = str(what[0]) if what else ""
        if kind == "figure":
            found = repr([self.trail[name]] if name in self.trail else [])
        elif kind == "rank":
            found = repr(self.trail.rank(name, [str(other) for other in what[1:]]))
        elif kind == "figures":
            found = repr(list(self.trail))
        elif kind == "tables":
            found = repr(sorted(self.tables))
        elif kind == "all":
            found = repr(
                [
                    list(self.trail),
                    *((name, _text(table)) for name, table in sorted(self.tables.items())),
                ]
            )
        elif name not in self.tables:
            found = ""
        else:
            found = _text(
                self.rows(name, str(what[1]), *what[2:]) if kind == "rows" else self.tables[name]
            )
        return hashlib.sha256(found.encode()).hexdigest()


class _Figures(Mapping[str, Figure]):
    """Figures on disk, each made when it is asked for: a ward report shows a hundred of many
    thousands.
    """

    def __init__(self, folder: Path) -> None:
        self._table = pq.read_table(folder / FIGURES)
        self._places = {name: place for place, name in enumerate(self._table["id"].to_pylist())}
        self._made: dict[str, Figure] = {}

    def __getitem__(self, figure_id: str) -> Figure:
        if figure_id not in self._made:
            (record,) = self._table.slice(self._places[figure_id], 1).to_pylist()
            self._made[figure_id] = _figure(record)
        return self._made[figure_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Noted:
    """Notes each thing once, at once: the process may be ended at any time."""

    def __init__(self) -> None:
        self._file, self._seen = os.environ.get(READS), set[Read]()

    def __call__(self, *read: str | None) -> None:
        if self._file and read not in self._seen:
            self._seen.add(read)
            with Path(self._file).open("a", encoding="utf-8") as file:
                file.write(json.dumps(read) + "\n")


def noted(file: Path) -> tuple[Read, ...]:
    """What a process looked at, sorted; ``ALL`` when it noted nothing, for it may have calculated
    by
    itself.
    """
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return tuple(sorted({tuple(json.loads(line)) for line in lines}, key=json.dumps)) or (ALL,)


class _Watched(Trail):
    """A trail whose figures are noted as they are looked at."""

    noted: _Noted

    def __getitem__(self, figure_id: str) -> Figure:
        self.noted("figure", figure_id)
        return super().__getitem__(figure_id)

    def __contains__(self, figure_id: object) -> bool:
        self.noted("figure", str(figure_id))
        return super().__contains__(figure_id)

    def __iter__(self) -> Iterator[Figure]:
        self.noted("figures")
        return super().__iter__()

    def __len__(self) -> int:
        self.noted("figures")
        return super().__len__()

    def rank(self, figure_id: str, among: Sequence[str]) -> int | None:
        self.noted("rank", figure_id, *among)
        return super().rank(figure_id, among)


class _Saved(Mapping[str, pd.DataFrame]):
    """Tables on disk, each read at most once: a ward report needs few of them."""

    def __init__(self, folder: Path, noted: _Noted) -> None:
        self._folder, self._names = (
            folder,
            sorted(path.stem for path in (folder / TABLES).glob("*.parquet")),
        )
        self._read: dict[str, pd.DataFrame] = {}
        self._noted = noted

    def __getitem__(self, name: str) -> pd.DataFrame:
        self._noted("table", name)
        return self._table(name)

    def rows(self, name: str, column: str, values: Sequence[str | None]) -> pd.DataFrame:
        self._noted("rows", name, column, *values)
        return _where(self._table(name), column, values)

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            if name not in self._names:
                raise KeyError(name)
            self._read[name] = read_table(self._folder, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        self._noted("tables")
        return iter(self._names)

    def __len__(self) -> int:
        self._noted("tables")
        return len(self._names)


def _where(table: pd.DataFrame, column: str, values: Sequence[str | None]) -> pd.DataFrame:
    held = table[column]
    is_here = held.isin([value for value in values if value is not None])
    return table[is_here | held.isna() if None in values else is_here].reset_index(drop=True)


def _text(table: pd.DataFrame) -> str:
    """A table as text that differs whenever a value, its type or the order does."""
    rows = table.to_csv(index=False, na_rep=chr(0), lineterminator=chr(10))
    return f"{table.dtypes.astype(str).to_dict()}\n{rows}"


def rows_of(trail_file: Path, figure_ids: list[str]) -> pd.DataFrame:
    """The kept rows of figures; columns ``figure_id, source_file, source_row, amount``
    (Decimal).
    """
    table = pq.read_table(trail_file, filters=pc.field("figure_id").isin(figure_ids))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def write_figures(figures: Iterable[Figure], folder: Path) -> None:
    """Write what figures are, without their rows."""
    records = [
        {
            **{field: getattr(figure, field) for field in FIELDS},
            "value": None if figure.value is None else str(figure.value),
            "value_type": type(figure.value).__name__,
            "period_start": figure.period.start,
            "period_end": figure.period.end,
        }
        for figure in figures
    ]
    pd.DataFrame(records).to_parquet(folder / FIGURES, index=False)


def read_figures(folder: Path) -> Iterator[Figure]:
    """The figures that ``write_figures`` wrote."""
    return map(_figure, pq.read_table(folder / FIGURES).to_pylist())


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """One table of a calculation as it was saved."""
    return pd.read_parquet(folder / TABLES / f"{name}.parquet")


def _figure(record: dict[Any, Any]) -> Figure:
    kind = KINDS.get(str(record["value_type"]))
    value: Value | None = kind(str(record["value"])) if kind else None
    period = Period(record["period_start"], record["period_end"])
    return Figure(value=value, period=period, **{field: record[field] for field in FIELDS})


def _trail(trail: Trail) -> pa.Table:
    """Every kept row of every figure, as one table sorted by figure, its amounts exact decimals."""
    kept = trail.long_table()
    numbers = np.repeat(np.arange(len(kept.lengths), dtype=np.int32), kept.lengths)
    ids = pa.DictionaryArray.from_arrays(numbers, pa.array(kept.figure_ids, pa.string()))
    file_numbers = (kept.keys // ROWS_PER_FILE).astype(np.int32)
    files = pa.DictionaryArray.from_arrays(file_numbers, pa.array(trail.files, pa.string()))
    amounts = [_decimals(piece.amounts) for piece in kept.pieces]
    columns = [ids, files, kept.keys % ROWS_PER_FILE, pa.chunked_array(amounts, AMOUNT)]
    return pa.table(columns, names=["figure_id", *ROWS])


def _decimals(amounts: npt.NDArray[Any]) -> pa.Array:
    """Whole numbers or Decimals as Parquet's decimals."""
    # Arrow makes decimals of Python's Decimals at once, but of whole numbers by a cast alone.
    return pa.array(amounts, AMOUNT) if amounts.dtype == object else pa.array(amounts).cast(AMOUNT)

"""A calculation on disk: figures, the rows behind them, and the tables. Notebooks open it and never recompute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.ledger import ROWS, Ledger
from sv_lib.periods import Period

FIGURES, TRAIL = "figures.parquet", "trail.parquet"
AMOUNT = pa.decimal128(38, 12)
FIELDS = ("id", "kind", "label", "unit", "formula", "numerator_id", "denominator_id", "caution")


@dataclass(frozen=True)
class Calculation:
    """What one publication comes to: its ledger of figures and its tables by name."""

    ledger: Ledger
    tables: Mapping[str, pd.DataFrame]

    def save(self, folder: Path) -> None:
        """Write figures, trail and tables under ``folder`` (made if missing)."""
        folder.mkdir(parents=True, exist_ok=True)
        _figures_frame(self.ledger).to_parquet(folder / FIGURES, index=False)
        pq.write_table(_trail(self.ledger), folder / TRAIL, compression="zstd")
        (folder / "tables").mkdir(exist_ok=True)
        for name, table in self.tables.items():
            table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)

    @classmethod
    def open(cls, folder: Path) -> Calculation:
        """Read back the figures; a table is read when it is asked for, rows when ``rows_of`` is."""
        figures = [_figure(record) for record in pd.read_parquet(folder / FIGURES).to_dict("records")]
        return cls(Ledger.of(figures, {}), _Saved(folder / "tables"))


class _Saved(Mapping[str, pd.DataFrame]):
    """Tables on disk, each read at most once: a ward report needs few of them."""

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = pd.read_parquet(self._paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def rows_of(trail_file: Path, figure_ids: list[str]) -> pd.DataFrame:
    """The kept rows of figures; columns ``figure_id, source_file, source_row, amount`` (Decimal)."""
    table = pq.read_table(trail_file, filters=pc.field("figure_id").isin(figure_ids))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _figures_frame(ledger: Ledger) -> pd.DataFrame:
    records = [
        {
            **{field: getattr(figure, field) for field in FIELDS},
            "value": None if figure.value is None else str(figure.value),
            "value_type": type(figure.value).__name__,
            "period_start": figure.period.start,
            "period_end": figure.period.end,
            "row_count": len(ledger.rows(figure.id)),
            "rows_sha256": ledger.rows_sha256(figure.id),
        }
        for figure in ledger
    ]
    return pd.DataFrame(records)


def _figure(record: dict[Any, Any]) -> Figure:
    kinds: dict[str, type[int] | type[Decimal] | type[Fraction]] = {
        "int": int,
        "Decimal": Decimal,
        "Fraction": Fraction,
    }
    kind = kinds.get(str(record["value_type"]))
    value: Value | None = kind(str(record["value"])) if kind else None
    period = Period(record["period_start"], record["period_end"])
    return Figure(value=value, period=period, **{field: record[field] for field in FIELDS})


def _trail(ledger: Ledger) -> pa.Table:
    """Every kept row of every figure, as one table sorted by figure, its amounts exact decimals."""
    parts = []
    for figure in ledger:
        if figure.kind in ("total", "count"):
            rows = ledger.rows(figure.id)
            amounts = pa.array(rows["amount"].to_numpy()) if rows["amount"].dtype != object else None
            exact = pa.array(rows["amount"], type=AMOUNT) if amounts is None else amounts.cast(AMOUNT)
            ids = pa.DictionaryArray.from_arrays(pa.array([0] * len(rows), pa.int32()), pa.array([figure.id]))
            files = pa.array(rows["source_file"].astype(str)).dictionary_encode()
            numbers = pa.array(rows["source_row"].to_numpy(), type=pa.int64())
            parts.append(pa.table([ids, files, numbers, exact], names=["figure_id", *ROWS]))
    return pa.concat_tables(parts).unify_dictionaries()

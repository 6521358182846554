"""The numbers of a calculation written down whole, for a later run that is made from the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sv_lib.analysis.disclosure import Cells
from sv_lib.figures.figure import Figure
from sv_lib.figures.saved import (
    TRAIL,
    Calculation,
    Secrets,
    read_figures,
    read_table,
    write_figures,
)
from sv_lib.figures.trail import ROWS_PER_FILE, Trail
from sv_lib.figures.trail_rows import NO_ROWS, Rows

HIDDEN, CELLS, REST = "hidden", "cells.npz", "rest.json"
SETS = ("rows", "open_pounds", "many")
"""What of ``Secrets`` is a set; the words are never written down."""
MADE_OF_TEXT: Mapping[str, type[Decimal] | type[str]] = {"Decimal": Decimal, "str": str}


def remember(made: Calculation, trail: Path, folder: Path) -> None:
    """Write the ``numbers`` of a publication, secrets and all, into an empty folder.

    ``trail``: the rows behind them, as ``save_trail`` wrote it. Raises TypeError for a column that
    would not come back.
    """
    exact = {name: _exact(table) for name, table in made.tables.items()}
    texts = {
        name: table.astype(dict.fromkeys(exact[name], "str")) for name, table in made.tables.items()
    }
    Calculation(made.trail, texts).save(folder)
    shutil.copyfile(trail, folder / TRAIL)
    rest: dict[str, Any] = {"tables": exact, "files": made.trail.files}
    if secrets := made.secrets:
        rest |= {name: sorted(getattr(secrets, name)) for name in SETS}
        rest["names"] = secrets.cells.names
        (folder / HIDDEN).mkdir()
        write_figures(secrets.figures.values(), folder / HIDDEN)
        arrays = {name: value for name, value in asdict(secrets.cells).items() if name != "names"}
        np.savez(folder / CELLS, is_hidden=secrets.is_hidden, **arrays)
    (folder / REST).write_text(json.dumps(rest), encoding="utf-8")


def recall(folder: Path) -> Calculation:
    """The numbers as they were when ``remember`` wrote them."""
    rest = json.loads((folder / REST).read_text(encoding="utf-8"))
    figures = list(read_figures(folder))
    tables = {name: _table(folder, name, exact) for name, exact in rest["tables"].items()}
    trail = Trail.of(figures, rest["files"], dict(_rows(folder / TRAIL, figures, rest["files"])))
    return Calculation(trail, tables, _secrets(folder, rest) if "names" in rest else None)


def _exact(table: pd.DataFrame) -> dict[str, str]:
    """Of each column of Python objects, what they are: Parquet would give all Decimals as many
    decimal
    places.
    """
    kinds = {
        str(name): set(map(type, column.dropna()))
        for name, column in table.items()
        if column.dtype == object
    }
    names = {
        name: "".join(sorted(kind.__name__ for kind in found)) or "str"
        for name, found in kinds.items()
    }
    if other := {name: kind for name, kind in names.items() if kind not in MADE_OF_TEXT}:
        raise TypeError(f"columns that would come back as something else: {other}")
    return names


def _table(folder: Path, name: str, exact: dict[str, str]) -> pd.DataFrame:
    table = read_table(folder, name)
    for column, kind in exact.items():
        values = [None if pd.isna(text) else MADE_OF_TEXT[kind](text) for text in table[column]]
        table[column] = pd.Series(values, table.index, dtype="object")
    return table


def _rows(trail: Path, figures: list[Figure], files: list[str]) -> Iterator[tuple[str, Rows]]:
    """The rows of each figure that was made from some."""
    table = pq.read_table(trail).unify_dictionaries().combine_chunks()
    ids, names = (table[column].chunk(0) for column in ("figure_id", "source_file"))
    number = np.array([files.index(name) for name in names.dictionary.to_pylist()], dtype=np.int64)
    keys = number[names.indices.to_numpy()] * ROWS_PER_FILE + table["source_row"].to_numpy()
    starts = np.flatnonzero(np.diff(ids.indices.to_numpy(), prepend=-1))
    ends = [*starts[1:], len(keys)] if len(keys) else []
    held = {
        ids[int(first)].as_py(): (int(first), int(end))
        for first, end in zip(starts, ends, strict=True)
    }
    for figure in figures:
        if figure.kind in ("total", "count"):
            first, end = held.get(figure.id, (0, 0))
            amounts = table["amount"][first:end]
            is_whole = not isinstance(figure.value, Decimal)
            exact = (
                amounts.cast(pa.int64()).to_numpy()
                if is_whole
                else np.array(amounts.to_pylist(), dtype=object)
            )
            yield figure.id, Rows(keys[first:end], exact) if end else NO_ROWS


def _secrets(folder: Path, rest: dict[str, Any]) -> Secrets:
    figures = {figure.id: figure for figure in read_figures(folder / HIDDEN)}
    with np.load(folder / CELLS, allow_pickle=False) as arrays:
        held = dict(arrays)
    is_hidden = held.pop("is_hidden")
    cells = Cells([tuple(names) for names in rest["names"]], **held)
    rows, many = (frozenset(map(tuple, rest[name])) for name in ("rows", "many"))
    return Secrets(
        figures, frozenset(), rows, cells, is_hidden, frozenset(rest["open_pounds"]), many
    )

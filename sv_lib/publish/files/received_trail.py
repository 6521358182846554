"""The trail that somebody sent: the rows behind figures, and the figures made of figures."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sv_lib.errors import counted
from sv_lib.figures.operations import OPERATIONS
from sv_lib.publish.files.received import FAULTS_NAMED, refused

MOST_ROWS = 200 * 10**6
"""Rows of a Parquet file, of which only those behind some figures are read."""
MOST_LINES = 100_000
"""Lines that a trace may print of the parts of a figure."""
DEEPEST = 60
"""How many figures may stand one behind another."""


def rows(path: Path, columns: Mapping[str, pa.DataType], wanted: Any) -> pd.DataFrame:
    """The rows of a Parquet file that pass ``wanted``, a filter of pyarrow's.

    ``columns``: name -> type of all that it may hold.
    """
    try:
        file = pq.ParquetFile(path)
        held = {field.name: _plain(field.type) for field in file.schema_arrow}
        if held != columns:
            raise refused(path.name, f"its columns are not {', '.join(columns)}")
        if file.metadata.num_rows > MOST_ROWS:
            raise refused(path.name, f"it says that it has more than {MOST_ROWS:,} rows")
        found = pq.read_table(path, filters=wanted)
    except (pa.ArrowException, OSError) as fault:
        raise refused(path.name, f"it cannot be read ({type(fault).__name__})") from None
    if any(column.null_count for column in found.columns):
        raise refused(path.name, "a cell in it is blank")
    frame: pd.DataFrame = found.to_pandas()
    return frame


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type of a column, whether or not its values are kept in a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def require_sums(figures: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse figures that are made of one another in a circle, or of what is not there.

    A sum that wants more parts than it has is refused too.
    """
    parts = {figure_id: line["parts"].split() for figure_id, line in figures.items()}
    try:
        order = list(TopologicalSorter(parts).static_order())
    except CycleError as fault:
        circle = " of ".join(fault.args[1][:FAULTS_NAMED])
        raise refused("figures.csv", f"figures are made of each other: {circle}") from None
    lines: dict[str, int] = {}
    deep: dict[str, int] = {}
    for one in order:
        if one not in figures:
            raise refused("figures.csv", f"a figure is made of '{one[:80]}', which is not there")
        _require_parts(figures[one], parts[one])
        lines[one] = 1 + sum(lines[part] for part in parts[one])
        deep[one] = 1 + max((deep[part] for part in parts[one]), default=0)
        if lines[one] > MOST_LINES or deep[one] > DEEPEST:
            found = f"'{one[:80]}' is made of too many figures to be followed"
            raise refused("figures.csv", f"{found} ({counted(lines[one], 'line')})")


def _require_parts(figure: Mapping[str, str], parts: list[str]) -> None:
    try:
        if figure["operation"] in OPERATIONS:
            OPERATIONS[figure["operation"]].written(*parts)
    except IndexError:
        found = f"'{figure['figure_id'][:80]}' has too few parts for '{figure['operation']}'"
        raise refused("figures.csv", found) from None

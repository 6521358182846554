"""Frames read row by row, where the method needs exact decimals that columns cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

Row = Any
"""A row as ``DataFrame.itertuples`` gives it: each column is an attribute."""


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a frame. The stubs of pandas give their cells types that fit nothing."""
    yield from frame.itertuples()

"""A finding in words, the same on the index page and in the check of the input files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

GRAVITY = {"stop": "stops a run", "warn": "to look at", "note": "to know"}
"""Severity -> how grave that is."""


def place(line: pd.Series | Mapping[str, Any]) -> str:
    """File, row and column of a finding, as far as they are known."""
    row = "" if pd.isna(line["row"]) else f"row {line['row']}"
    return ", ".join(part for part in (line["file"], row, line["column"]) if part)

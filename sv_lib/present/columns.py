"""The kinds of number column that tables use, so that a unit is written one way everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from sv_lib.periods import long_date
from sv_lib.present.html import Html, tag
from sv_lib.present.tables import Cell, Column

Row = tuple[Cell, ...]


def millions(heading: str) -> Column:
    """Money in millions of pounds."""
    return Column(heading, "£ million", "millions")


def thousands(heading: str, signed: bool = False) -> Column:
    """Money in thousands of pounds."""
    return Column(heading, "£ thousand", "thousands", signed)


def percent(heading: str) -> Column:
    """A share, to one decimal place."""
    return Column(heading, "%", "bare")


def number(heading: str, unit: str = "", signed: bool = False) -> Column:
    """A count or a quantity."""
    return Column(heading, unit, "bare", signed)


def date_cell(on: date) -> Html:
    """A date that is not broken over lines."""
    return tag("span", long_date(on), css_class="whole")


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, each with its columns as attributes."""
    yield from frame.itertuples()

"""What an input table and its columns are. ``dictionary`` reads all of them from YAML files."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

Kind = Literal["text", "date", "pounds", "quantity", "whole", "share", "yes_no", "choice"]
"""In a frame: text -> string; date -> datetime64; pounds -> int64 pence; quantity, share -> Decimal
objects; whole -> Int64; yes_no -> "yes", "no" or "not known"; choice -> string, one of ``choices``.
"""


KNOWN_KEYS_ONLY = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=KNOWN_KEYS_ONLY)
class Column:
    """One column of an input table, as one entry under ``columns`` of the table's YAML file.

    ``filled``: a blank is a fault. ``optional``: the whole column may be left out.
    ``unique``: no two rows hold the same value. ``unit`` and ``example`` are for people alone.
    ``refers_to``: the value stands in that column of another table (``table.column``). Where it
    does not, the run stops; with ``if_not_there``, which says what follows, it is a warning.
    ``must_be``: a ward of the council, or a place of work (a ward or one of the other places).
    ``may_be_negative``: a number below 0 is no fault. ``most``: the largest number there can be.
    ``is_category``: rows are added up by it, so that no two may look alike.
    ``remedy``: what to do about a fault in this column, where the usual remedy says too little.
    """

    name: str
    kind: Kind
    meaning: str
    filled: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    unique: bool = False
    unit: str = ""
    example: str = ""
    refers_to: str = ""
    if_not_there: str = ""
    must_be: Literal["", "ward", "place"] = ""
    may_be_negative: bool = False
    most: int | None = None
    is_category: bool = False
    remedy: str = ""

    @property
    def frame_name(self) -> str:
        """The name in the frame: pounds become ``<name>_pence``."""
        return f"{self.name}_pence" if self.kind == "pounds" else self.name


@dataclass(frozen=True, config=KNOWN_KEYS_ONLY)
class Table:
    """One input table, as one YAML file.

    ``money``: the column whose pence the control totals follow.
    ``in_order``: two date columns; the second may not come before the first.
    ``cell_faults``: whether a cell that cannot be read stops the run, or warns and sets its row
    aside.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    money: str = ""
    in_order: tuple[str, str] | None = None
    cell_faults: Literal["stop", "warn"] = "stop"

    @property
    def names(self) -> list[str]:
        """The headings of its columns."""
        return [column.name for column in self.columns]

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Column and ``table.column`` of every reference that must find its row."""
        return tuple(
            (column.name, column.refers_to)
            for column in self.columns
            if column.refers_to and not column.if_not_there
        )

    def __getitem__(self, name: str) -> Column:
        """The column of that name. Raises KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def allowing_blanks(self, *names: str) -> Table:
        """The same table, in which these columns may be blank."""
        columns = [
            replace(column, filled=False) if column.name in names else column
            for column in self.columns
        ]
        return replace(self, columns=tuple(columns))

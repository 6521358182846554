"""What an input table and its columns are, whatever they hold. ``tables`` has all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "date", "pounds", "quantity", "whole", "share", "yes_no", "choice"]
"""In a frame: text -> string; date -> datetime64; pounds -> int64 pence; quantity, share -> Decimal
objects; whole -> Int64; yes_no -> "yes", "no" or "not known"; choice -> string, one of ``choices``.
"""

NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    ``filled``: a blank is a fault. ``optional``: the whole column may be left out.
    """

    name: str
    kind: Kind
    meaning: str
    filled: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()
    unique: bool = False

    @property
    def frame_name(self) -> str:
        """The name in the frame: pounds become ``<name>_pence``."""
        return f"{self.name}_pence" if self.kind == "pounds" else self.name


@dataclass(frozen=True)
class Table:
    """One canonical table and how it hangs on the others (``column -> table.column``)."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    links: tuple[tuple[str, str], ...] = ()
    money: str | None = None
    """The frame column whose pence the control totals follow."""

    @property
    def names(self) -> list[str]:
        """The headings of its columns."""
        return [column.name for column in self.columns]

    def allowing_blanks(self, *names: str) -> Table:
        """The same table, in which these columns may be blank."""
        return replace(
            self,
            columns=tuple(
                replace(c, filled=c.filled and c.name not in names) for c in self.columns
            ),
        )

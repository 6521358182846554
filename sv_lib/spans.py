"""The two periods that a parameter file names: the reported one, and the one compared with it."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import model_validator

from sv_lib.periods import Period
from sv_lib.settings import Settings


class Span(Settings):
    """Two dates of a parameter file, both days included."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"it ends ({self.end}) before it starts ({self.start})")
        return self

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class Calendar(Settings):
    """A reported period and the one it is compared with."""

    this: Span
    before: Span

    @model_validator(mode="after")
    def _before_is_earlier(self) -> Self:
        if self.before.end >= self.this.start:
            raise ValueError(
                f"'before' ends on {self.before.end}, and has to end before 'this' starts "
                f"({self.this.start})"
            )
        return self

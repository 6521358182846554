"""What page one watches: figures whose changes are weighed, and shares that ought to be whole."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sv_lib.settings import Settings

Weight = Annotated[int, Field(ge=1, le=10)]
Words = Annotated[str, Field(min_length=1)]


class WatchedChange(Settings):
    """A figure that is compared with the period before: ``<figure>.this`` and ``.before``.

    ``words`` go on with "rose from": they may hold ``{place}``. A change is worth its share of what
    was there before, times ``weight``.
    """

    figure: Words
    words: Words
    better: Literal["up", "down"]
    weight: Weight
    owner: Words


class WatchedGap(Settings):
    """A share that ought to be whole. What it lacks, times ``weight``, is how large the gap is."""

    figure: Words
    words: Words
    weight: Weight
    owner: Words


class WatchList(Settings):
    """The figures that the three sentences of page one are chosen from."""

    changes: Annotated[tuple[WatchedChange, ...], Field(min_length=1)]
    gaps: Annotated[tuple[WatchedGap, ...], Field(min_length=1)]

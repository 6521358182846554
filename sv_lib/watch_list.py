"""What page one watches: figures whose changes are weighed, and shares that ought to be whole."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sv_lib.settings import Settings

Weight = Annotated[int, Field(ge=1, le=10)]
SLOTS = ("place", "home", "around", "around_name")
"""What an id or the words may hold in braces."""


def _with_slots(text: str) -> str:
    """A text whose braces hold slots that there are. Raises ValueError for any other."""
    slots = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    for slot in slots:
        if slot not in SLOTS:
            known = ", ".join(f"{{{one}}}" for one in SLOTS)
            raise ValueError(f"{{{slot}}} is no word of a watch list; there are {known}")
    return text


Words = Annotated[str, Field(min_length=1), AfterValidator(_with_slots)]


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

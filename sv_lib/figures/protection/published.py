"""What earlier publications told their readers, and whose people stood behind it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from sv_lib.analysis.disclosure import Band
from sv_lib.figures.figure import FIGURES
from sv_lib.figures.people_behind import KEYS
from sv_lib.figures.protection.release import WHY_UNSAID
from sv_lib.figures.trail import Trail

Told = Literal["exact", "unsaid"] | Band | None
"""How a figure was printed: exactly, as a band, hidden, or not even said not to be nought."""
PEOPLE = "people_behind.parquet"


@dataclass(frozen=True)
class Published:
    """A publication that readers have.

    ``behind``: who stood behind its figures, as ``PeopleBehind.table``. ``told``: how each of these
    figures was printed. ``counts``: ids of those that count people. All ids end with the name of
    the publication, so that they are none of a later one. ``is_decided_anew``: worked out again,
    because its run was not there.
    """

    name: str
    day: date
    behind: pd.DataFrame
    told: Mapping[str, Told]
    counts: frozenset[str]
    is_decided_anew: bool = False

    @classmethod
    def of(cls, name: str, day: date, behind: pd.DataFrame, printed: Trail) -> Published:
        """A publication just decided. ``printed``: its figures as they are published."""
        units = {figure.id: figure.unit for figure in printed}
        told = {
            figure.id: _told(figure.is_known, figure.caution, figure.low, figure.high)
            for figure in printed
        }
        return cls._made(name, day, behind, units, told)

    @classmethod
    def read(cls, name: str, day: date, run: Path, papers: Path) -> Published:
        """A publication as its public ``figures.csv`` and its closed papers say."""
        with (run / FIGURES).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        units = {row["figure_id"]: row["unit"] for row in rows}
        told = {
            row["figure_id"]: _told(
                row["value"] != "", row["caution"], row["low"] or None, row["high"] or None
            )
            for row in rows
        }
        return cls._made(name, day, _opened(papers / PEOPLE), units, told)

    @classmethod
    def _made(
        cls,
        name: str,
        day: date,
        behind: pd.DataFrame,
        units: Mapping[str, str],
        printed: Mapping[str, Told],
    ) -> Published:
        suffix = f" of {name}"
        figure_ids = behind["figure_id"].unique()
        told = {one + suffix: printed.get(one) for one in figure_ids}
        counts = {one + suffix for one in figure_ids if units.get(one) == "people"}
        behind = behind.assign(figure_id=behind["figure_id"] + suffix)
        return cls(name, day, behind, told, frozenset(counts))


def _told(is_known: bool, caution: str, low: int | str | None, high: int | str | None) -> Told:
    if is_known:
        return "exact"
    if low is not None and high is not None:
        return Band(int(low), int(high))
    return "unsaid" if caution == WHY_UNSAID else None


def save(behind: pd.DataFrame, papers: Path) -> None:
    """Write who stands behind the figures into the closed papers, for later publications."""
    behind.to_parquet(papers / PEOPLE, index=False, compression="zstd")


def _opened(path: Path) -> pd.DataFrame:
    behind = pd.read_parquet(path)
    for column in KEYS:
        is_list = behind[column].notna()
        behind[column] = behind[column].astype("object")
        behind.loc[is_list, column] = behind.loc[is_list, column].map(tuple)
    return behind

"""From a printed figure back to its rows: the sum that an auditor can do again on a calculator."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.figures.saved import TRAIL, rows_of

SHOWN = 40
PRICE = (
    "measure_ref",
    "edition",
    "proxy",
    "unit",
    "source",
    "source_place",
    "checked_by",
    "checked_on",
)
COLUMNS = (
    "figure_id",
    "source_file",
    "source_row",
    "amount",
    "unit",
    "working",
    *(f"proxy_{name}" for name in PRICE),
    "correction",
)
QUOTIENTS = ("percent", "ratio")

Line = dict[str, str]


def trace(run_folder: Path, figure_id: str) -> str:
    """The figure's formula and parts; then its rows by proxy or by file, subtotals, and their sum
    beside the figure.

    Raises ParameterError for a folder that is no run and for a figure that the run does not hold.
    """
    return "\n".join(_Run.holding(run_folder, figure_id).lines(figure_id, ""))


def write_rows(run_folder: Path, figure_id: str, path: Path) -> None:
    """Write every row behind a figure and its parts as CSV: amount, working, the proxy and who
    checked
    it, correction.

    Raises ParameterError as ``trace`` does.
    """
    run = _Run.holding(run_folder, figure_id)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for part in run.leaves(figure_id):
            writer.writerows(run.rows(part))


@dataclass(frozen=True)
class _Run:
    """What a run folder says of its figures, claims, commitments, proxies and corrections."""

    folder: Path
    figures: dict[str, Line]

    @classmethod
    def holding(cls, folder: Path, figure_id: str) -> _Run:
        if not (folder / "figures.csv").is_file():
            raise ParameterError(
                str(folder),
                "there is no figures.csv, so this is not a run folder",
                "only a finished run can be traced.",
                "name a publication's folder, as in outputs/council/publication.",
            )
        figures = {row["figure_id"]: row for row in _read(folder / "figures.csv")}
        if figure_id not in figures:
            near = [known for known in figures if figure_id.split(".")[0] == known.split(".")[0]][
                :5
            ]
            raise ParameterError(
                figure_id,
                "no figure of this run has that id",
                "a trace of another figure would prove nothing.",
                f"look it up in figures.csv; near it: {', '.join(near) or 'none'}.",
            )
        return cls(folder, figures)

    @cached_property
    def _priced(self) -> dict[tuple[str, str], Line]:
        """Claims and commitments, by file and row."""
        both = [
            *_read(self.folder / "claims.csv"),
            *_read(self.folder / "data" / "commitments.csv"),
        ]
        return {(row["source_file"], row["source_row"]): row for row in both}

    @cached_property
    def _proxies(self) -> dict[tuple[str, str], Line]:
        rows = _read(self.folder / "data" / "proxies.csv")
        return {(row["measure_ref"], row["edition"]): row for row in rows}

    @cached_property
    def _corrections(self) -> dict[tuple[str, str], str]:
        rows = _read(self.folder / "data" / "corrections.csv")
        said: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            words = (
                f"{row['column']} {row['expected']} -> {row['value']}: {row['why']} "
                f"({row['who']}, {row['on']})"
            )
            said.setdefault((row["file"], row["row"]), []).append(words)
        return {where: "; ".join(words) for where, words in said.items()}

    def parts(self, figure_id: str) -> list[str]:
        """The figures that a figure is made of."""
        return [
            self.figures[figure_id][name]
            for name in ("numerator_id", "denominator_id")
            if self.figures[figure_id][name]
        ]

    def leaves(self, figure_id: str) -> list[str]:
        """The figures with rows of their own that a figure is made of, each once; itself when it
        has
        any.
        """
        every = [leaf for part in self.parts(figure_id) for leaf in self.leaves(part)]
        return list(dict.fromkeys(every)) or [figure_id]

    def rows(self, figure_id: str) -> list[Line]:
        """The rows of a figure with all that is known of each, by proxy or file, the largest
        first.
        """
        unit = self.figures[figure_id]["unit"]
        trail = rows_of(self.folder / "data" / TRAIL, [figure_id])
        trail = trail.sort_values(
            ["amount", "source_file", "source_row"], ascending=[False, True, True], kind="stable"
        )
        rows = [
            self._row(figure_id, file, str(number), amount, unit)
            for file, number, amount in zip(
                trail["source_file"], trail["source_row"], trail["amount"], strict=True
            )
        ]
        return sorted(rows, key=_group)

    def _row(self, figure_id: str, file: str, number: str, amount: Decimal, unit: str) -> Line:
        known = self._priced.get((file, number), {}) if unit == "pence" else {}
        price = {
            **self._proxies.get((known.get("measure_ref", ""), known.get("edition", "")), known)
        }
        price["unit"] = known.get("unit", "")
        working = known.get("working", "")
        if working and Decimal(known["value_pence"] or 0) != amount:
            working = f"a part of {working}"
        return {
            "figure_id": figure_id,
            "source_file": file,
            "source_row": number,
            "amount": _plain(amount),
            "unit": unit,
            "working": working,
            **{f"proxy_{name}": price.get(name, "") for name in PRICE},
            "correction": self._corrections.get((file, number), ""),
        }

    def lines(self, figure_id: str, indent: str) -> Iterator[str]:
        """The figure, then the same of its parts, or its rows."""
        figure, parts = self.figures[figure_id], self.parts(figure_id)
        value = exact(figure["value"], figure["unit"])
        yield f"{indent}{figure_id}: {figure['label']}"
        yield f"{indent}  printed    {figure['display']}   exact {value}"
        yield f"{indent}  period     {figure['period_start']} to {figure['period_end']}"
        yield f"{indent}  formula    {figure['formula']}"
        if figure["caution"]:
            yield f"{indent}  caution    {figure['caution']}"
        if parts and figure["value"] and not figure["caution"]:
            sign = " ÷ " if figure["unit"] in QUOTIENTS else " − "
            values = [
                exact(self.figures[part]["value"], self.figures[part]["unit"]) for part in parts
            ]
            yield f"{indent}  sum        {sign.join(values)} = {value}"
        for part in parts:
            yield from self.lines(part, indent + "    ")
        if not parts and figure["value"]:
            yield from self._added_up(figure, indent)

    def _added_up(self, figure: Line, indent: str) -> Iterator[str]:
        rows, unit = self.rows(figure["figure_id"]), figure["unit"]
        for heading, group in groupby(rows, key=_group):
            members = list(group)
            yield f"{indent}    {heading}"
            yield from (f"{indent}      {_said(row)}" for row in members[:SHOWN])
            if len(members) > SHOWN:
                rest = exact(_total(members[SHOWN:]), unit)
                yield (
                    f"{indent}      and {len(members) - SHOWN:,} smaller rows: {rest} "
                    f"(--csv FILE lists them all)"
                )
            yield f"{indent}      subtotal of {len(members):,} rows: {exact(_total(members), unit)}"
        total = _total(rows)
        agrees = "agrees" if Decimal(total) == Decimal(figure["value"]) else "DOES NOT AGREE"
        yield (
            f"{indent}  added again {exact(total, unit)}: {agrees} with the figure, "
            f"{len(rows):,} rows"
        )


def _group(row: Line) -> str:
    """What rows are added up by: the proxy with its authority, else the file."""
    if not row["proxy_measure_ref"]:
        return row["source_file"]
    name = (
        f"{row['proxy_measure_ref']}, {row['proxy_edition']}: £{row['proxy_proxy']} for "
        f"one of {row['proxy_unit']}"
    )
    if not row["proxy_source"]:
        return f"{name} (a pound for a pound, by the method)"
    return (
        f"{name}; source: {row['proxy_source']}, {row['proxy_source_place']}; "
        f"checked by {row['proxy_checked_by']} on {row['proxy_checked_on']}"
    )


def _said(row: Line) -> str:
    more = [row["working"], f"corrected: {row['correction']}" if row["correction"] else ""]
    amount = exact(row["amount"], row["unit"])
    return "   ".join(
        filter(None, [f"{row['source_file']}, row {row['source_row']}: {amount}", *more])
    )


def _total(rows: Iterable[Line]) -> str:
    return str(sum((Decimal(row["amount"]) for row in rows), Decimal(0)))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


def exact(value: str, unit: str) -> str:
    """A value in full, never rounded: pence as pounds, other units as they are."""
    if not value:
        return "not known"
    number = Decimal(value)
    if unit == "pence":
        return f"{'-' if number < 0 else ''}£{abs(number) / 100:,.2f}"
    return f"{_plain(number)} {unit}"


def _read(path: Path) -> list[Line]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

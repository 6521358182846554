"""From a printed figure back to its rows: the sum that an auditor can do again on a calculator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pandas as pd

from sv_lib.errors import ParameterError, on_one_line
from sv_lib.figures.operations import OPERATIONS
from sv_lib.publish.files import received
from sv_lib.publish.files.data_tables import write_csv
from sv_lib.publish.files.finished_run import NO_PAPERS, FinishedRun, Line
from sv_lib.publish.files.received_trail import require_sums

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
NO_CLAIM: Line = dict.fromkeys(("measure_ref", "edition", "unit", "working"), "")
"""Stands for the claim of a row that is none: every cell is blank."""
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
FIGURE = (
    "{figure_id}: {label}",
    "  printed    {display}   exact {exact}",
    "  period     {period_start} to {period_end}",
    "  formula    {formula}",
)
CORRECTION = "{column} {expected} -> {value}: {why} ({who}, {on})"
PRICED = "{proxy_measure_ref}, {proxy_edition}: £{proxy_proxy} a unit ({proxy_unit})"
PRICED_BY_METHOD = PRICED + ", a pound for a pound by the method"
PRICED_BY_SOURCE = (
    PRICED + "; source: {proxy_source}, {proxy_source_place}; "
    "checked by {proxy_checked_by} on {proxy_checked_on}"
)
NEAR = 5
"""How many ids near to an unknown one are named."""


def trace(run_folder: Path, figure_id: str) -> str:
    """How a figure came about, as text: its formula and parts, then its rows added up again.

    The rows stand by proxy or by file, with subtotals. They, and what is hidden in public, are
    known from the working papers beside the run; without these it is said that they are not shown.
    Raises ParameterError for a folder that is no run and for a figure that the run does not hold.
    """
    run = _run_with(run_folder, figure_id)
    return "\n".join(map(on_one_line, _Tracer(run).lines(figure_id)))


def write_rows(run_folder: Path, figure_id: str, path: Path) -> None:
    """Write every input row behind a figure and its parts as CSV.

    Each has its amount, working, proxy, who checked that, and correction. Raises ParameterError as
    ``trace`` does, and without the working papers.
    """
    tracer = _Tracer(_run_with(run_folder, figure_id))
    rows = [row for part in tracer.leaves(figure_id) for row in tracer.rows(part)]
    write_csv(pd.DataFrame(rows, columns=list(COLUMNS)), path)


def parts_of(figure: Line) -> list[str]:
    """The ids of the figures that a line of figures.csv is worked out from, in their order."""
    return figure["parts"].split()


def exact(value: str | Decimal, unit: str) -> str:
    """A value in full: pence as pounds, those a head to the penny, others as figures.csv has it.

    A blank one is not known.
    """
    if value == "":
        return "not known"
    number = Decimal(value)
    money, _, per = unit.partition(" ")
    if money != "pence":
        digits = f"{number.normalize():,f}" if number else "0"
        return f"{digits} {unit}"
    sign = "-" if number < 0 else ""
    return f"{sign}£{abs(number) / 100:,.2f} {per}".rstrip()


def _run_with(folder: Path, figure_id: str) -> FinishedRun:
    """The run in a folder. Raises ParameterError when there is none or it has no such figure."""
    received.look_over(folder)
    if not (folder / "figures.csv").is_file():
        raise ParameterError(
            str(folder),
            "there is no figures.csv, so this is not a run folder",
            "only a finished run can be traced.",
            "name a publication's folder, as in outputs/council/publication.",
        )
    run = FinishedRun.read(folder)
    require_sums(run.whole_figures)
    if figure_id not in run.figures:
        stem = figure_id.partition(".")[0]
        near = [known for known in run.figures if known.startswith(f"{stem}.")][:NEAR]
        raise ParameterError(
            figure_id,
            "no figure of this run has that id",
            "a trace of another figure would prove nothing.",
            f"look it up in figures.csv; near it: {', '.join(near) or 'none'}.",
        )
    return run


@dataclass(frozen=True)
class _Tracer:
    """Follows the figures of a run to their claims, commitments, proxies and corrections."""

    run: FinishedRun

    @property
    def figures(self) -> dict[str, Line]:
        """The figures by id, with nothing hidden where the working papers are there."""
        return self.run.whole_figures

    @cached_property
    def _priced(self) -> dict[tuple[str, str], Line]:
        """Claims and commitments by file and row."""
        lines = [*self.run.whole_table("claims"), *self.run.table("commitments")]
        return {(line["source_file"], line["source_row"]): line for line in lines}

    @cached_property
    def _proxies(self) -> dict[tuple[str, str], Line]:
        """Proxies by measure and edition."""
        lines = self.run.table("proxies")
        return {(line["measure_ref"], line["edition"]): line for line in lines}

    @cached_property
    def _corrections(self) -> Mapping[tuple[str, str], list[str]]:
        """What was corrected, in words, by file and row."""
        corrections = defaultdict(list)
        for line in self.run.whole_table("corrections"):
            corrections[line["file"], line["row"]].append(CORRECTION.format_map(line))
        return corrections

    def leaves(self, figure_id: str) -> list[str]:
        """The figures with rows of their own behind a figure, each once; itself if it has any."""
        found: dict[str, None] = {}
        for part in parts_of(self.figures[figure_id]):
            found |= dict.fromkeys(self.leaves(part))
        return list(found) or [figure_id]

    def rows(self, figure_id: str) -> list[Line]:
        """The rows of a figure with all that is known of each.

        They stand by proxy or file; within one, the largest first.
        """
        unit = self.figures[figure_id]["unit"]
        trail = self.run.trail_rows([figure_id]).sort_values(
            ["amount", "source_file", "source_row"], ascending=[False, True, True], kind="stable"
        )
        rows = []
        columns = ["source_file", "source_row", "amount"]
        for file, number, amount in trail[columns].itertuples(index=False):
            row = {"figure_id": figure_id, "source_file": file, "source_row": str(number)}
            row |= {"amount": _plain(amount), "unit": unit}
            rows.append(row | self._known_of(row))
        return sorted(rows, key=_group)

    def _known_of(self, row: Line) -> Line:
        """The working, proxy and correction of an input row; blank where it has none."""
        place = (row["source_file"], row["source_row"])
        # Only amounts of money are priced: a claim behind a count of people has no proxy.
        claim = self._priced.get(place, NO_CLAIM) if row["unit"] == "pence" else NO_CLAIM
        edition = (claim["measure_ref"], claim["edition"])
        # A measure priced a pound for a pound has no proxy line; its claim names the price.
        price = self._proxies.get(edition, claim) | {"unit": claim["unit"]}
        working = claim["working"]
        if working and Decimal(claim["value_pence"] or 0) != Decimal(row["amount"]):
            working = f"a part of {working}"
        known = {f"proxy_{name}": price.get(name, "") for name in PRICE}
        known["working"] = working
        known["correction"] = "; ".join(self._corrections.get(place, ()))
        return known

    def lines(self, figure_id: str) -> Iterator[str]:
        """The figure, then the same of its parts, indented, or its rows."""
        figure = self.figures[figure_id]
        printed = self.run.figures[figure_id]
        value = exact(figure["value"], figure["unit"])
        for line in FIGURE:
            yield line.format_map(figure | {"exact": value, "display": printed["display"]})
        if printed["caution"]:
            yield f"  caution    {printed['caution']}"
        parts = parts_of(figure)
        if figure["operation"] in OPERATIONS and figure["value"]:
            yield f"  sum        {self._sum(figure, parts)}"
        for part in parts:
            for line in self.lines(part):
                yield f"    {line}"
        if not parts and figure["value"]:
            yield from self._added_up(figure) if self.run.papers else [f"  rows       {NO_PAPERS}"]

    def _sum(self, figure: Line, parts: list[str]) -> str:
        """The sum that makes a figure of its parts, as it stands on paper."""
        lines = [self.figures[part] for part in parts]
        words = [exact(line["value"], line["unit"]) for line in lines]
        sum_on_paper = OPERATIONS[figure["operation"]].written(*words)
        return f"{sum_on_paper} = {exact(figure['value'], figure['unit'])}"

    def _added_up(self, figure: Line) -> Iterator[str]:
        """The rows of a figure by proxy or file, their subtotals and their sum."""
        rows = self.rows(figure["figure_id"])
        unit = figure["unit"]
        for heading, group in groupby(rows, key=_group):
            members = list(group)
            yield f"    {heading}"
            for row in members[:SHOWN]:
                yield f"      {_row_in_words(row)}"
            smaller = members[SHOWN:]
            if smaller:
                words = f"and {len(smaller):,} smaller rows: {exact(_total(smaller), unit)}"
                yield f"      {words} (--csv FILE lists them all)"
            yield f"      subtotal of {_rows(members)}: {exact(_total(members), unit)}"
        total = _total(rows)
        agrees = "agrees" if total == Decimal(figure["value"]) else "DOES NOT AGREE"
        words = f"{exact(total, unit)}: {agrees} with the figure, {_rows(rows)}"
        yield f"  added again {words}"


def _group(row: Line) -> str:
    """What rows are added up by: the proxy with its authority, else the file."""
    if not row["proxy_measure_ref"]:
        return row["source_file"]
    words = PRICED_BY_SOURCE if row["proxy_source"] else PRICED_BY_METHOD
    return words.format_map(row)


def _row_in_words(row: Line) -> str:
    words = f"{row['source_file']}, row {row['source_row']}: {exact(row['amount'], row['unit'])}"
    if row["working"]:
        words += f"   {row['working']}"
    if row["correction"]:
        words += f"   corrected: {row['correction']}"
    return words


def _rows(rows: Sized) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows):,} rows"


def _total(rows: Iterable[Line]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in rows), Decimal(0))


def _plain(number: Decimal) -> str:
    """A number without an exponent or noughts at its end."""
    return f"{number.normalize():f}" if number else "0"

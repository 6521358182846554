"""From a printed figure back to its rows: what an auditor can add up again on a calculator."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.figures.store import TRAIL, rows_of

SHOWN = 40


def trace(run_folder: Path, figure_id: str) -> str:
    """The figure's formula, parts, and rows with file and row number, added up again; as lines of text.

    Raises ParameterError for a folder that is no run and for a figure that the run does not hold.
    """
    figures = _figures(run_folder)
    if figure_id not in figures:
        near = [known for known in figures if figure_id.split(".")[0] == known.split(".")[0]][:5]
        raise ParameterError(
            figure_id, "no figure of this run has that id",
            "a trace of another figure would prove nothing.",
            f"look it up in figures.csv; near it: {', '.join(near) or 'none'}.",
        )  # fmt: skip
    claims = {(row["source_file"], row["source_row"]): row for row in _read(run_folder / "claims.csv")}
    return "\n".join(_lines(run_folder, figures, figure_id, claims, ""))


def _lines(
    run_folder: Path, figures: dict[str, dict[str, str]], figure_id: str, claims: dict[tuple[str, str], dict[str, str]],
    indent: str,
) -> Iterator[str]:  # fmt: skip
    figure = figures[figure_id]
    yield f"{indent}{figure_id}: {figure['label']}"
    yield f"{indent}  printed    {figure['display']}   exact {exact(figure['value'], figure['unit'])}"
    yield f"{indent}  period     {figure['period_start']} to {figure['period_end']}"
    yield f"{indent}  formula    {figure['formula']}"
    if figure["caution"]:
        yield f"{indent}  caution    {figure['caution']}"
    parts = [figure[name] for name in ("numerator_id", "denominator_id") if figure[name]]
    for part in parts:
        yield from _lines(run_folder, figures, part, claims, indent + "    ")
    if not parts and figure["value"]:
        yield from _rows(run_folder, figure, claims, indent)


def _rows(
    run_folder: Path, figure: dict[str, str], claims: dict[tuple[str, str], dict[str, str]], indent: str
) -> Iterator[str]:
    """The rows behind a figure, the largest first, each claim with its working; then their sum beside the figure."""
    rows = rows_of(run_folder / "data" / TRAIL, [figure["figure_id"]])
    rows = rows.sort_values(["amount", "source_file", "source_row"], ascending=[False, True, True], kind="stable")
    counting = figure["unit"] not in ("pence", "weeks", "FTE", "hours", "GBP", "tCO2e") and set(rows["amount"]) <= {
        0,
        1,
    }
    for file, number, amount in zip(
        rows["source_file"][:SHOWN], rows["source_row"][:SHOWN], rows["amount"][:SHOWN], strict=True
    ):
        working = claims.get((file, str(number)), {}).get("working", "") if figure["unit"] == "pence" else ""
        counted = "1 each" if counting else exact(str(amount), figure["unit"])
        yield f"{indent}    {file}, row {number}: {counted}{'   ' + working if working else ''}"
    if len(rows) > SHOWN:
        rest = sum(rows["amount"][SHOWN:], Decimal(0))
        more = f"and {len(rows) - SHOWN:,} more rows: {exact(str(rest), figure['unit'])}"
        yield f"{indent}    {more} (data/{TRAIL} lists them all)"
    total = sum(rows["amount"], Decimal(0))
    agrees = "agrees" if total == Decimal(figure["value"]) else "DOES NOT AGREE"
    yield f"{indent}  added again {exact(str(total), figure['unit'])}: {agrees} with the figure, {len(rows):,} rows"


def exact(value: str, unit: str) -> str:
    """A value in full, never rounded: pence as pounds, other units as they are."""
    if not value:
        return "not known"
    number = Decimal(value)
    if unit == "pence":
        return f"{'-' if number < 0 else ''}£{abs(number) / 100:,.2f}"
    plain = f"{number.normalize():f}" if number else "0"
    return f"{plain} {unit}"


def _figures(run_folder: Path) -> dict[str, dict[str, str]]:
    if not (run_folder / "figures.csv").is_file():
        raise ParameterError(
            str(run_folder),
            "there is no figures.csv, so this is not a run folder",
            "only a finished run can be traced.",
            "name the folder of a publication, such as outputs/council/publication.",
        )
    return {row["figure_id"]: row for row in _read(run_folder / "figures.csv")}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

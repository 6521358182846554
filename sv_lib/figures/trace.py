"""From a printed figure back to its rows: what an auditor can add up again on a calculator."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from sv_lib.errors import ParameterError
from sv_lib.figures.store import TRAIL, rows_of

SHOWN = 40
CHECKED = ("source", "source_place", "checked_by", "checked_on")
COLUMNS = (
    "figure_id", "source_file", "source_row", "amount", "unit", "working",
    *(f"proxy_{name}" for name in CHECKED), "correction",
)  # fmt: skip


def trace(run_folder: Path, figure_id: str) -> str:
    """The figure's formula, parts, and rows with file and row number, added up again; as lines of text.

    Raises ParameterError for a folder that is no run and for a figure that the run does not hold.
    """
    figures = _figures_with(run_folder, figure_id)
    return "\n".join(_lines(run_folder, figures, figure_id, _claims(run_folder), ""))


def write_rows(run_folder: Path, figure_id: str, path: Path) -> None:
    """Write every row behind a figure and its parts as CSV: amount, working, who checked the proxy, correction."""
    figures, claims = _figures_with(run_folder, figure_id), _claims(run_folder)
    prices = {(row["measure_ref"], row["edition"]): row for row in _read(run_folder / "data" / "proxies.csv")}
    corrected = {(row["file"], row["row"]): row["why"] for row in _read(run_folder / "data" / "corrections.csv")}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for part in _with_rows(figures, figure_id):
            rows = rows_of(run_folder / "data" / TRAIL, [part])
            for source, number, amount in zip(rows["source_file"], rows["source_row"], rows["amount"], strict=True):
                claim = claims.get((source, str(number)), {})
                price = prices.get((claim.get("measure_ref", ""), claim.get("edition", "")), {})
                facts = [claim.get("working", ""), *(price.get(name, "") for name in CHECKED)]
                why = corrected.get((source, str(number)), "")
                plain = f"{amount.normalize():f}"
                writer.writerow([part, source, number, plain, figures[part]["unit"], *facts, why])


def _with_rows(figures: dict[str, dict[str, str]], figure_id: str) -> list[str]:
    """The figures with rows of their own that a figure is made of, each once; itself when it has any."""
    parts = [figures[figure_id][name] for name in ("numerator_id", "denominator_id") if figures[figure_id][name]]
    return list(dict.fromkeys(leaf for part in parts for leaf in _with_rows(figures, part))) or [figure_id]


def _claims(run_folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["source_file"], row["source_row"]): row for row in _read(run_folder / "claims.csv")}


def _figures_with(run_folder: Path, figure_id: str) -> dict[str, dict[str, str]]:
    """The figures of a run, the one that is asked for among them."""
    figures = _figures(run_folder)
    if figure_id not in figures:
        near = [known for known in figures if figure_id.split(".")[0] == known.split(".")[0]][:5]
        raise ParameterError(
            figure_id, "no figure of this run has that id",
            "a trace of another figure would prove nothing.",
            f"look it up in figures.csv; near it: {', '.join(near) or 'none'}.",
        )  # fmt: skip
    return figures


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

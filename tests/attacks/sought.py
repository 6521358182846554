"""What an attack on a public run looks for: everything that the exempt build alone holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pandas as pd

from sv_lib.analysis.disclosure import NOT_PRINTED, Cells, Way
from sv_lib.figures.calculation import calculate, gather
from sv_lib.figures.figure import Figure, Value
from sv_lib.figures.saved import Calculation
from sv_lib.intake.pipeline import Inputs
from sv_lib.params import load
from sv_lib.present.formats import display
from sv_lib.publish.files import manifest
from sv_lib.publish.run.assembly import known_to_readers


@dataclass(frozen=True)
class Sought:
    """``figures``: hidden or rounded ones as they are, by id. ``words``: names, ids and titles.

    ``rows``: file and row of every claim on people. ``cells`` and ``decided``: the groups of
    people beneath all figures, and the decision. ``open_pounds``: prices and promises, which
    anybody may see: a hidden amount that happens to equal one cannot be told from it.
    ``promised``: the quantities of commitments, which their own table prints. ``ranges``: the
    words of hidden numbers that are told as a range, which is no value. ``rounded``: figures as
    they are printed rounded; in short, some look like their true value.
    """

    figures: Mapping[str, Figure]
    words: frozenset[str]
    rows: frozenset[tuple[str, int]]
    cells: Cells
    decided: Sequence[Way]
    open_pounds: frozenset[str] = frozenset()
    promised: frozenset[str] = frozenset()
    ranges: frozenset[str] = frozenset()
    rounded: Mapping[str, Figure] = field(default_factory=dict)


def sought_in(params: Path, run: Path) -> tuple[Calculation, Sought]:
    """The public calculation of a parameter file, and what may not be found in its run."""
    publication = load(params, "public")
    inputs = gather(publication)
    earlier = manifest.readers_have(publication, run)
    public = calculate(publication, inputs, known_to_readers(publication, earlier, run))
    whole = calculate(load(params, "exempt"), inputs)
    return public, sought_of(public, whole, inputs)


def sought_of(public: Calculation, whole: Calculation, inputs: Inputs) -> Sought:
    """What may not be found in the run of a public calculation, made from these inputs.

    ``whole``: the exempt calculation of the same inputs.
    """
    secrets = public.secrets
    assert secrets is not None
    words = secrets.words | _stories_left_out(whole, public)
    prices = inputs.frames["proxies"]["proxy"]
    open_pounds = _open_pounds(whole, public, secrets.figures.values(), prices)
    cells, decided = secrets.cells, secrets.printed
    quantities = whole.tables["commitments"]["quantity"]
    promised = frozenset(f"{quantity:f}" for quantity in quantities)
    rounded = {figure.id: figure for figure in public.trail if figure.mark}
    ranges = frozenset(display(figure) for figure in public.trail if figure.high is not None)
    return Sought(
        secrets.figures, words, secrets.rows, cells, decided, open_pounds, promised, ranges, rounded
    )


def as_printed(sought: Sought, printed: set[str]) -> list[Way]:
    """How groups are printed once some figures are, whatever was decided."""
    cells = sought.cells
    exact = [Way(size, size) for size in (cells.members @ cells.people).tolist()]
    return [
        decided if printed.isdisjoint(names) else size
        for names, size, decided in zip(cells.names, exact, sought.decided, strict=True)
    ]


def as_known_before(cells: Cells) -> list[Way]:
    """How groups are printed by earlier publications alone: their names hold a space."""
    return [
        ways[0] if any(" of " in name for name in names) else NOT_PRINTED
        for names, ways in zip(cells.names, cells.ways, strict=True)
    ]


def _stories_left_out(whole: Calculation, public: Calculation) -> set[str]:
    told, all_stories = public.tables["stories"], whole.tables["stories"]
    return {
        str(word)
        for column in ("story_id", "title")
        for word in set(all_stories[column]) - set(told[column])
    }


def _open_pounds(
    whole: Calculation, public: Calculation, figures: Iterable[Figure], prices: pd.Series
) -> frozenset[str]:
    """Amounts that may stand anywhere, though a hidden figure happens to equal one.

    Prices, and what was promised under each commitment and contract, and of it in each ward: they
    tell of no delivery.
    And what is printed about nobody where a hidden figure of the same place comes to as much: all
    work in a ward, say, is under one contract, and its people live there.
    """
    promised = whole.tables["commitments"]
    committed = promised[promised["stage"].eq("committed")]
    by_contract = committed.groupby("contract_id")["value_pence"].sum()
    each = pd.concat([promised["value_pence"], promised["due_value_pence"], by_contract]).dropna()
    about_nobody = {
        _place_and_value(figure)
        for figure in public.trail
        if figure.kind == "total" and not whole.trail.people_measures(figure.id)
    }
    twins = [
        figure.value
        for figure in figures
        if figure.unit == "pence" and _place_and_value(figure) in about_nobody
    ]
    in_wards = [
        figure.value
        for figure in public.trail
        if ".promised." in figure.id and not whole.trail.people_measures(figure.id)
    ]
    pounds = [Decimal(str(price)) for price in prices.dropna()]
    every = (*each, *twins, *in_wards)
    pounds += [Decimal(int(pence)) / 100 for pence in every if pence is not None]
    return frozenset(f"{amount:.2f}" for amount in pounds)


def _place_and_value(figure: Figure) -> tuple[str, Value | None]:
    """What a figure is of, all but the last part of its id, and what it comes to."""
    return figure.id.rpartition(".")[0], figure.value

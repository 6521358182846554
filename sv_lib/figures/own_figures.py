"""Figures that a council declares for itself, in ``figures/*.yaml`` beside its parameters.

A file names one figure: a total or a count over the rows of a frame that a filter keeps, for this
period and the one before, their change, and on request the share of another figure. It is made as
every figure is, so it has a trail, is protected, and stands in figures.csv. Nothing of a file is
ever run: columns, comparisons and values are looked up in lists.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field

from sv_lib.errors import ParameterError, counted
from sv_lib.figures import frames
from sv_lib.figures.topic import CHANGE
from sv_lib.figures.trail import Trail
from sv_lib.figures.workings import Workings, priced
from sv_lib.params import Publication, name_of
from sv_lib.periods import Period
from sv_lib.settings import Settings, as_list, parsed

OWN = "own."
"""Begins the id of a figure of the council's own, so that it is never one of ours."""
ROWS = "rows"
"""What is counted where it is the rows themselves."""
OF_SUPPLIERS = ("geography", "is_sme", "is_vcse", "pays_real_living_wage", "size", "ward_code")
OF_PAYMENTS = (
    *("amount_pence", "category", "contract_id", "directorate"),
    *("is_addressable", "is_card", "paid_on", "supplier_id"),
)
BOUNDS = ("at_least", "below")
COLUMNS = ["label", "stem", "share"]
"""Columns of the table of them; ``share`` is the stem of the share, blank where there is none."""

Words = Annotated[str, Field(min_length=1, max_length=200)]


class OwnFigure(Settings):
    """One file. ``rows``: column -> the value, a list of values, or bounds for numbers and days."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    label: Words
    formula: Words
    over: Literal["payments", "claims", "commitments"]
    rows: dict[str, Any] = Field(default={})
    total: str = ""
    count: str = ""
    share_of: str = ""

    @property
    def stem(self) -> str:
        return OWN + self.id


@dataclass(frozen=True)
class Frame:
    """What figures may be declared over. ``counts``: column -> what is counted.

    ``rows`` gives the rows of the period of that name, with the file and row of each.
    """

    rows: Callable[[Workings, str], pd.DataFrame]
    periods: Callable[[Workings], tuple[Period, Period]]
    needs: tuple[str, ...]
    totals: tuple[str, ...]
    counts: Mapping[str, str]
    columns: tuple[str, ...]


def _payments(workings: Workings, period: str) -> pd.DataFrame:
    paid = frames.paid(workings)
    return paid[paid["period"] == period]


def _claims(workings: Workings, period: str) -> pd.DataFrame:
    return workings.claims(_of(workings.sv_periods, period))


def _commitments(workings: Workings, period: str) -> pd.DataFrame:
    return workings.committed(_of(workings.sv_periods, period))


def _of(periods: tuple[Period, Period], name: str) -> Period:
    return periods[name == "before"]


FRAMES: Mapping[str, Frame] = {
    "payments": Frame(
        _payments,
        lambda workings: workings.spend_periods,
        ("payments",),
        ("amount_pence",),
        {ROWS: "payments", "supplier_id": "suppliers", "contract_id": "contracts"},
        (*OF_SUPPLIERS, *OF_PAYMENTS),
    ),
    "claims": Frame(
        _claims,
        lambda workings: workings.sv_periods,
        ("returns",),
        ("value_pence",),
        {ROWS: "claims", "contract_id": "contracts"},
        ("contract_id", "edition", "measure_ref", "outcome", "state", "theme", "value_pence"),
    ),
    "commitments": Frame(
        _commitments,
        lambda workings: workings.sv_periods,
        ("commitments",),
        ("value_pence", "due_value_pence"),
        {ROWS: "commitments", "contract_id": "contracts"},
        ("contract_id", "edition", "measure_ref", "outcome", "theme", "value_pence"),
    ),
}


def read_own(publication: Publication) -> list[OwnFigure]:
    """The figures that the council's files declare, in the order of the files.

    Raises ParameterError with every fault of the files.
    """
    faults: list[str] = []
    found: dict[str, OwnFigure] = {}
    for file in publication.figure_files:
        declared = parsed(file.text, file.name, OwnFigure, faults)
        if declared is None:
            continue
        faults += [f"{file.name}: {fault}" for fault in _faults(declared)]
        if declared.id in found:
            faults.append(f"{file.name}: another file declares '{declared.id}' already")
        found[declared.id] = declared
    _refuse(publication, faults)
    return list(found.values())


def _faults(declared: OwnFigure) -> Iterator[str]:
    """What a file says that cannot be made, whatever the data."""
    frame = FRAMES[declared.over]
    if bool(declared.total) == bool(declared.count):
        yield "give either 'total' or 'count', so that it is one of the two"
    if declared.total and declared.total not in frame.totals:
        yield f"total: '{declared.total}' is not one of {', '.join(frame.totals)}"
    if declared.count and declared.count not in frame.counts:
        yield f"count: '{declared.count}' is not one of {', '.join(frame.counts)}"
    for column, wanted in declared.rows.items():
        if column not in frame.columns:
            yield f"rows: {declared.over} have no column '{column}'{_near(column, frame.columns)}"
        elif not _is_condition(wanted):
            yield (
                f"rows.{column}: give a value, a list of values, or bounds such as "
                f"{{at_least: 1000, below: 5000}}"
            )


def _is_condition(wanted: object) -> bool:
    if isinstance(wanted, dict):
        bounds = wanted.items()
        return bool(wanted) and all(key in BOUNDS and isinstance(to, str) for key, to in bounds)
    values = wanted if isinstance(wanted, list) else [wanted]
    return bool(values) and all(isinstance(value, str) for value in values)


def _near(word: str, known: tuple[str, ...] | list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; is '{near[0]}' meant?" if near else f"; it has {', '.join(known)}"


def add_own_figures(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the council's own figures. Returns the table ``own_figures``, a figure a row.

    Raises ParameterError with every fault that shows against the data.
    """
    declared = read_own(workings.publication)
    faults: list[str] = []
    listed = []
    for one in declared:
        for period in ("this", "before"):
            _add(trail, workings, one, period, faults)
    _refuse(workings.publication, faults)
    for one in declared:
        label = f"{one.label}: change"
        trail.difference(
            f"{one.stem}.change", label, f"{one.stem}.this", f"{one.stem}.before", CHANGE
        )
        listed.append((one.label, one.stem, _add_share(trail, one, faults)))
    _refuse(workings.publication, faults)
    return {"own_figures": pd.DataFrame(listed, columns=COLUMNS, dtype="str")} if listed else {}


def _add(trail: Trail, workings: Workings, one: OwnFigure, period: str, faults: list[str]) -> None:
    """The figure of one period; what the data show to be wrong joins ``faults``."""
    frame = FRAMES[one.over]
    span = _of(frame.periods(workings), period)
    rows = frame.rows(workings, period)
    try:
        kept = _kept(rows, one)
    except ValueError as fault:
        if str(fault) not in faults:
            faults.append(str(fault))
        return
    needs = frame.needs
    if one.over == "payments" and not one.rows.keys().isdisjoint(OF_SUPPLIERS):
        needs += ("suppliers",)
    missing = workings.missing(span, *needs)
    made = (f"{one.stem}.{period}", one.label, kept)
    if one.total:
        with_price = priced(kept) if one.total == "value_pence" else kept.dropna(subset=[one.total])
        told = (*made[:2], with_price, one.total, "pence", span, one.formula)
        trail.total(*told, missing=missing)
        return
    distinct = None if one.count == ROWS else one.count
    if distinct:
        kept = kept.dropna(subset=[distinct])
    unit = frame.counts[one.count]
    trail.count(*made[:2], kept, unit, span, one.formula, distinct=distinct, missing=missing)


def _kept(rows: pd.DataFrame, one: OwnFigure) -> pd.DataFrame:
    """The rows that fit every condition. Raises ValueError, in words, for a value that cannot."""
    keeps = pd.Series(True, index=rows.index)
    for column, wanted in one.rows.items():
        where = f"figures of '{one.id}', rows.{column}"
        values = rows[column]
        if isinstance(wanted, dict):
            for bound, text in wanted.items():
                limit = _limit(text, values, where)
                keeps &= values >= limit if bound == "at_least" else values < limit
            continue
        told = values.astype("string")
        listed = wanted if isinstance(wanted, list) else [wanted]
        _require_spelt(listed, told, where)
        keeps &= told.isin(listed)
    return rows[keeps.fillna(False).astype("bool")]


def _limit(text: str, values: pd.Series, where: str) -> Any:
    """A bound as the column holds it: a day or a number."""
    try:
        if pd.api.types.is_datetime64_any_dtype(values):
            return pd.Timestamp(date.fromisoformat(text))
        if pd.api.types.is_numeric_dtype(values):
            return int(Decimal(text))
    except (InvalidOperation, ValueError):
        raise ValueError(
            f"{where}: '{text}' is not a day such as 2022-06-30, or a whole number"
        ) from None
    raise ValueError(f"{where}: it holds words, which have no bounds; give the values")


def _require_spelt(wanted: list[str], told: pd.Series, where: str) -> None:
    """Raise ValueError for a value that no row holds, where one is spelt much like it."""
    known = [str(value) for value in told.dropna().unique()]
    for value in wanted:
        near = difflib.get_close_matches(value, known, n=1, cutoff=0.76)
        if value not in known and near:
            raise ValueError(f"{where}: no row holds '{value}'; is '{near[0]}' meant?")


def _add_share(trail: Trail, one: OwnFigure, faults: list[str]) -> str:
    """The share of another figure in both periods; returns the stem of its id, or ""."""
    if not one.share_of:
        return ""
    stem = f"{one.stem}.share"
    wholes = [f"{one.share_of}.{period}" for period in ("this", "before")]
    unknown = [whole for whole in wholes if whole not in trail]
    if unknown:
        ids = [figure.id.removesuffix(".this") for figure in trail]
        faults.append(
            f"figures of '{one.id}': no figure '{one.share_of}'{_near(one.share_of, ids)}"
        )
        return ""
    for period, whole in zip(("this", "before"), wholes, strict=True):
        part = f"{one.stem}.{period}"
        label = f"{one.label}, share of {trail[whole].label}"
        trail.ratio(f"{stem}.{period}", label, part, whole, f"{one.label} ÷ {trail[whole].label}")
    return stem


def _refuse(publication: Publication, faults: list[str]) -> None:
    """Raise ParameterError where there are faults."""
    if faults:
        raise ParameterError(
            name_of(publication.path.parent / "figures"),
            f"{counted(len(faults), 'fault')} in the council's own figures:\n{as_list(faults)}",
            "a figure that is not what it says would be printed beside the others.",
            "correct the files named above; docs/your-own-figure.md shows how to write one.",
        )

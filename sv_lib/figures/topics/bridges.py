"""Figures on why an amount changed: a bridge of spend and one of social value, place by place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from sv_lib.analysis import bridge, lenses
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, priced
from sv_lib.periods import Period
from sv_lib.toms.worded import is_blank

STILL = "the register holds one set of places per contract, so no move of a contract can be seen"
NEED_PRICES = ("price_pence", "volume_pence")
WHOLE = {"spend": "spend.total", "social_value": "headline.delivered_value"}
"""The figure of all places whose change a bridge explains."""
PART = "bridge.{family}.{place}.{part}"


@dataclass(frozen=True)
class ChangeOfAmounts:
    """Rows of two periods whose difference a bridge explains.

    ``missing`` and ``unpriced``: why the bridge, or its price and volume, cannot be given.
    """

    family: str
    this: pd.DataFrame
    before: pd.DataFrame
    period: Period
    earlier: Period
    missing: str
    quantities: pd.DataFrame | None = None
    unpriced: str = ""


def add_bridges(trail: Trail, workings: Workings) -> dict[str, pd.DataFrame]:
    """Add the causes of change, which add up to the penny.

    Returns table ``bridge``: a contract, place and cause a line.
    """
    if not workings.wards:
        return {}
    tables = []
    for change in (_spend(workings), _social_value(workings)):
        topic = Topic(trail, workings, change.period)
        table = _bridge(topic.about(family=change.family), change)
        tables.append(table)
    return {"bridge": pd.concat(tables, ignore_index=True)}


def _spend(workings: Workings) -> ChangeOfAmounts:
    periods = workings.spend_periods
    this, before = (workings.paid_to_whom(period) for period in periods)
    missing = _missing(workings, periods, "contracts", "contract_places", "payments")
    named = pd.concat([this["contract_id"], before["contract_id"]])
    if is_blank(named).all():
        missing = missing or "no payment names its contract"
    quantities = workings.frame("quantities")
    unpriced = missing or workings.missing(workings.publication.spend, "quantities")
    return ChangeOfAmounts("spend", this, before, *periods, missing, quantities, unpriced)


def _social_value(workings: Workings) -> ChangeOfAmounts:
    """Priced claims of both periods.

    A claim whose quarter has no return in the other period cannot be compared: that is coverage.
    """
    periods = workings.sv_periods
    later, earlier = periods
    years = later.start.year - earlier.start.year
    months = years * 12 + later.start.month - earlier.start.month
    this = _with_unmatched(workings, later, earlier, -months)
    before = _with_unmatched(workings, earlier, later, months)
    missing = _missing(workings, periods, "contracts", "contract_places", "returns", "proxies")
    return ChangeOfAmounts("social_value", this, before, *periods, missing)


def _missing(workings: Workings, periods: tuple[Period, Period], *tables: str) -> str:
    """Why a change between two periods cannot be given; empty when it can."""
    for_each = [workings.missing(period, *tables) for period in periods]
    return next(filter(None, for_each), "")


def _with_unmatched(workings: Workings, period: Period, twin: Period, months: int) -> pd.DataFrame:
    """Priced claims of a period, marked where none came for its quarter of the twin period.

    The twin's quarter is ``months`` away.
    """
    owed = workings.owed(twin)
    has_come = owed["received_on"].notna()
    late = owed.loc[~has_come, ["contract_id", "quarter_end"]]
    silent = set(late.itertuples(index=False, name=None))
    claims = priced(workings.claims(period))
    twins = claims["period_end"] + pd.offsets.MonthEnd(months)
    quarters = zip(claims["contract_id"], twins, strict=True)
    return claims.assign(
        amount_pence=claims["value_pence"].astype("int64"),
        is_unmatched=[quarter in silent for quarter in quarters],
    )


def _bridge(topic: Topic, change: ChangeOfAmounts) -> pd.DataFrame:
    """The figures of one bridge, place by place. Returns its table."""
    workings = topic.workings
    places = workings.frame("contract_places")
    rows = bridge.contracts(
        lenses.works(change.this, places),
        lenses.works(change.before, places),
        workings.contracts,
        change.period,
        change.earlier,
        change.quantities,
    )
    needed = rows[COLUMNS["causes_of_change"]]
    groups = Groups(needed, "place")
    for place in ("borough", *workings.wards):
        mine = needed if place == "borough" else groups[place]
        own = topic.about(place=place, name=workings.name_of(place))
        of_place = _of_place(topic.trail, change, place)
        _causes(own, of_place, mine)
        own.less("bridge.{family}.{place}.continuing.level")
        _whole_change(own, of_place, place)
    shown = rows.iloc[:0] if change.missing else rows
    return _table(workings, shown).assign(family=change.family)


def _causes(topic: Topic, change: ChangeOfAmounts, rows: pd.DataFrame) -> None:
    """A figure a cause in one place, then the parts of what ended and of what continues."""
    causes = Groups(rows, "cause")
    for cause in bridge.CAUSES:
        own = topic.about(part=cause, words=cause)
        caution = STILL if cause == "moved" else ""
        own.total(PART, causes[cause], missing=change.missing, caution=caution)
    for how in bridge.ENDINGS:
        part = f"ended.{slug(how)}"
        own = topic.about(part=part, words=part.replace(".", ": "))
        mine = having(causes["ended"], "ended_how", how)
        own.total(PART, mine, missing=change.missing)
    continuing = causes["continuing"]
    # Claims have a price each, so of social value only the timing is told apart.
    split = bridge.SPLIT if change.family == "spend" else ("timing_pence",)
    for column in split:
        name = "bridge.{family}.{place}.continuing." + column.removesuffix("_pence")
        missing = change.unpriced if column in NEED_PRICES else change.missing
        changed = continuing[continuing[column] != 0]
        topic.total(name, changed, missing=missing)


def _levels(family: str, place: str) -> tuple[str, str]:
    """The ids of the later and the earlier amount that a bridge in one place leads between."""
    if place == "borough":
        return WHOLE[family] + ".this", WHOLE[family] + ".before"
    level = "lens." + family + "." + place + ".place"
    return level, level + ".before"


def _of_place(trail: Trail, change: ChangeOfAmounts, place: str) -> ChangeOfAmounts:
    """The change in one place: where one of its two amounts is not known, no cause is either."""
    levels = [trail[level] for level in _levels(change.family, place)]
    unknown = [level.caution for level in levels if not level.is_known]
    why = change.missing or next(iter(unknown), "")
    return replace(change, missing=why, unpriced=change.unpriced or why)


def _whole_change(topic: Topic, change: ChangeOfAmounts, place: str) -> None:
    """The change in one place that its causes make, from its two levels."""
    name = "bridge.{family}.{place}.change"
    if change.missing:
        topic.unknown(name, change.missing)
    else:
        later, earlier = _levels(change.family, place)
        topic.about(later=later, earlier=earlier).less(name)


def _table(workings: Workings, rows: pd.DataFrame) -> pd.DataFrame:
    """One line a contract, place and cause: who holds it, and who took over where it was re-let."""
    table = bridge.by_contract(rows)
    contracts = workings.contracts.set_index("contract_id")
    wards = workings.based["ward_code"]
    based = {supplier: workings.name_of(ward) for supplier, ward in wards.items()}
    contracts["last_on"] = contracts["stopped_on"].fillna(contracts["ends_on"])
    contracts["supplier"] = contracts["supplier_id"].map(workings.supplier_names)
    contracts["based"] = contracts["supplier_id"].map(based)
    own = contracts.reindex(table["contract_id"])
    for column in ("title", "last_on", "supplier", "based"):
        table[column] = own[column].array
    successor = contracts.reindex(table["successor_id"])
    for column in ("supplier", "based"):
        table["successor_" + column] = successor[column].array
    return table

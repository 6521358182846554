"""Figures on why an amount changed: a bridge of spend and one of social value, place by place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from sv_lib.analysis import bridge, lenses
from sv_lib.figures.topic import Groups, Topic, having
from sv_lib.figures.trail import Trail, slug
from sv_lib.figures.workings import COLUMNS, Workings, priced, within
from sv_lib.params import NOT_KNOWN
from sv_lib.periods import Period
from sv_lib.toms.worded import is_blank

NEED_PRICES = ("price_pence", "volume_pence")
WHOLE = {"spend": "spend.total", "social_value": "headline.delivered_value"}
"""The figure of all places whose change a bridge explains."""
PART = "bridge.{family}.{place}.{part}"
LARGEST = "bridge.{family}.{place}.largest"
WORDS = {
    "new": "new in the period",
    "ended": "ended before it",
    "ended within": "ended within it",
    "re-let": "re-let, the old contract and its successor netted",
    "continuing": "continuing all through",
    "moved": "moved, newly known or lost",
}
"""The causes, in the order in which every page gives them."""
UNNAMED = "a supplier not named"
NAMES = ["title", "supplier", "cause", "successor_id", "successor_supplier"]
"""What is said of the line that moved a place most."""


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

    Returns table ``bridge``, a contract, place and cause a line, and ``largest_changes``: the
    contract that moved each place most.
    """
    if not workings.wards:
        return {}
    tables = []
    largest = []
    for change in (_spend(workings), _social_value(workings)):
        topic = Topic(trail, workings, change.period).about(family=change.family)
        rows = _rows(workings, change)
        of_places = _bridge(topic, change, rows)
        shown = rows.iloc[:0] if change.missing else rows
        table = _table(workings, shown).assign(family=change.family)
        tables.append(table)
        named = table.drop_duplicates("contract_id").set_index("contract_id")
        largest.append(of_places.join(named[NAMES], on="contract_id").assign(family=change.family))
        if change.family == "spend":
            _unit_prices(topic, change, rows)
    return {
        "bridge": pd.concat(tables, ignore_index=True),
        "largest_changes": pd.concat(largest, ignore_index=True),
    }


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


def _rows(workings: Workings, change: ChangeOfAmounts) -> pd.DataFrame:
    """The rows of both periods by place of works, each with its cause."""
    places = workings.frame("contract_places")
    return bridge.contracts(
        lenses.works(change.this, places),
        lenses.works(change.before, places),
        workings.contracts,
        change.period,
        change.earlier,
        change.quantities,
    )


def _bridge(topic: Topic, change: ChangeOfAmounts, rows: pd.DataFrame) -> pd.DataFrame:
    """The figures of one bridge, place by place. Returns the line that moved each place most."""
    workings = topic.workings
    needed = rows[COLUMNS["causes_of_change"]]
    groups = Groups(needed, "place")
    largest = {}
    for place in ("borough", *workings.wards):
        mine = needed if place == "borough" else groups[place]
        own = topic.about(place=place, name=workings.name_of(place))
        of_place = _of_place(topic.trail, change, place)
        _causes(own, of_place, mine)
        own.less("bridge.{family}.{place}.continuing.level")
        _whole_change(own, of_place, place)
        largest[place] = _largest(own, of_place, mine)
    found = [(place, contract) for place, contract in largest.items() if contract]
    return pd.DataFrame(found, columns=["place", "contract_id"], dtype="string")


def _causes(topic: Topic, change: ChangeOfAmounts, rows: pd.DataFrame) -> None:
    """A figure a cause in one place, then the parts of what ended and of what continues."""
    causes = Groups(rows, "cause")
    for cause in bridge.CAUSES:
        own = topic.about(part=slug(cause), words=WORDS[cause])
        own.total(PART, causes[cause], missing=change.missing)
        for how in bridge.ENDINGS if cause in bridge.OVER else ():
            one = own.about(part=f"{slug(cause)}.{slug(how)}", words=f"{WORDS[cause]}, {how}")
            mine = having(causes[cause], "ended_how", how)
            one.total(PART, mine, missing=change.missing)
    continuing = causes["continuing"]
    # Claims have a price each, so of social value only the timing is told apart.
    split = bridge.SPLIT if change.family == "spend" else ("timing_pence",)
    for column in split:
        name = "bridge.{family}.{place}.continuing." + column.removesuffix("_pence")
        missing = change.unpriced if column in NEED_PRICES else change.missing
        changed = continuing[continuing[column] != 0]
        topic.total(name, changed, missing=missing)


def _largest(topic: Topic, change: ChangeOfAmounts, rows: pd.DataFrame) -> str:
    """The contract, or those that followed one another, that moved a place most; "" if none."""
    changes = rows.groupby("line_id")["change_pence"].sum().abs()
    largest = "" if change.missing or changes.empty else str(changes.idxmax())
    nobody = "" if largest else "no contract had an amount in either period"
    missing = change.missing or nobody
    topic.total(LARGEST, having(rows, "line_id", largest), missing=missing)
    topic.share(LARGEST + ".share")
    return largest


def _unit_prices(topic: Topic, change: ChangeOfAmounts, rows: pd.DataFrame) -> None:
    """What was paid for how much, where quantities tell the price of a contract that goes on."""
    if change.quantities is None or change.missing:
        return
    told = having(rows, "priced_by", "quantity")["contract_id"].unique()
    register = topic.workings.contracts.set_index("contract_id")
    sides = {"this": (change.period, change.this), "before": (change.earlier, change.before)}
    for contract in sorted(told):
        bought = having(change.quantities, "contract_id", contract)
        # Days before the contract began tell nothing of it.
        bought = bought[bought["period_end"] >= register["starts_on"][contract]]
        title = f"{register['title'][contract]} ({contract})"
        own = topic.about(contract=slug(contract), title=title, unit=bought["unit"].iloc[0])
        for suffix, (period, paid) in sides.items():
            side = replace(own, period=period, suffix=suffix)
            side.total("unit_price.{contract}.paid", having(paid, "contract_id", contract))
            mine = bought[within(bought["period_start"], period)]
            side.total("unit_price.{contract}.quantity", mine)
            side.share("unit_price.{contract}.each")
        own.change("unit_price.{contract}.each", own.fill("{title}: price of each unit ({unit})"))
        own.work("unit_price.{contract}.effect")


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
    followed = table["successor_id"]
    for column in ("supplier", "based"):
        unknown = UNNAMED if column == "supplier" else NOT_KNOWN
        words = contracts[column].astype("object").fillna(unknown)
        said = {ids: _of_each(words, ids.split(", ")) for ids in followed.unique()}
        table["successor_" + column] = [said[ids] for ids in followed]
    return table


def _of_each(words: pd.Series, ids: list[str]) -> str | None:
    """What is said of some contracts, each word once; None where there are none."""
    return ", ".join(dict.fromkeys(words[words.index.isin(ids)])) or None

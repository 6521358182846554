"""Makes the contracts register: four planted contracts and about 300 drawn ones.

The story of the planted ones can be checked by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from scripts.demo.places import MALTBY_EAST, Places
from scripts.demo.suppliers import CATEGORIES, Supplier
from scripts.demo.words import DIRECTORATES, PROJECT_STATUS, TITLES
from sv_lib.periods import months_after
from sv_lib.strict_yaml import read_yaml

POLICY_STARTS = date(2019, 12, 1)
NEW_EDITION_STARTS = date(2022, 7, 1)
THRESHOLD, DELIVERY_PLAN, KPI_VALUE = 100_000_00, 250_000_00, 5_000_000_00
EXTENDED_BEFORE = date(2024, 6, 1)
"""Last days from then on are not yet moved when the files are written."""
LARGEST = 29_000_000_00
COHORTS = (
    (date(2017, 3, 1), date(2019, 11, 30), 70),
    (date(2019, 12, 1), date(2020, 11, 30), 48),
    (date(2020, 12, 1), date(2021, 11, 30), 54),
    (date(2021, 12, 1), date(2022, 11, 30), 56),
    (date(2022, 12, 1), date(2023, 11, 24), 50),
)
"""First and last day of award, and how many."""
KNOWN_UNTIL = date(2023, 12, 31)
"""The day the files were written: nothing later has happened in them."""

VALUES: Urn[tuple[int, int]] = Urn(
    {
        (5_000, 25_000): 12,
        (25_000, 100_000): 18,
        (100_000, 250_000): 19,
        (250_000, 1_000_000): 21,
        (1_000_000, 5_000_000): 16,
        (5_000_000, 12_000_000): 10,
        (12_000_000, 24_000_000): 8,
    }
)
"""Pounds over the whole life."""
OLD_VALUES: Urn[tuple[int, int]] = Urn(
    {
        (30_000, 100_000): 5,
        (100_000, 1_000_000): 20,
        (1_000_000, 5_000_000): 30,
        (5_000_000, 12_000_000): 25,
        (12_000_000, 24_000_000): 20,
    }
)
"""Of contracts from before the policy that still ran when the ledgers begin: the long and large
ones.
"""
LIVES: Urn[tuple[int, int]] = Urn({(4, 11): 18, (12, 24): 42, (25, 36): 28, (37, 60): 12})
TIERS: Urn[str] = Urn(
    {
        "rotherham": 19,
        "south-yorkshire": 20,
        "yorkshire-and-the-humber": 18,
        "elsewhere": 40,
        "not known": 3,
    }
)
PLACE_KINDS: Urn[str] = Urn(
    {"borough-wide": 26, "one ward": 48, "several wards": 16, "outside": 3, "not known": 7}
)
LARGE_PLACE_KINDS: Urn[str] = Urn(
    {"borough-wide": 50, "several wards": 36, "outside": 9, "not known": 5}
)
RATINGS: Urn[str] = Urn(
    {"Good": 60, "Approaching target": 22, "Requires improvement": 10, "Inadequate": 3, "Other": 5}
)
QUANTITIES = {
    2020: (4_100, Decimal("100")),
    2021: (5_000, Decimal("103.5")),
    2022: (5_000, Decimal("109.2")),
}
"""Year of April -> sessions of the health hub a quarter, at £50, £51.50 and £52; price index of
home
care.
"""
QUIET_WARDS = {"E05013003": "E05013004"}
"""Ward where nothing is done in part or alone: another that its work is in instead."""
SHARES = ((50, 30, 20), (60, 40), (25, 25, 25, 25), (34, 33, 33))


@dataclass
class Contract:
    """One contract as the other parts need it; ``extra`` holds columns that no other part reads."""

    title: str
    supplier: Supplier
    category: str
    value: int
    awarded: date
    starts: date
    ends: date
    places: tuple[tuple[str, int], ...]
    """Place and share in hundredths."""
    id: str = ""
    stopped: date | None = None
    first_end: date | None = None
    """The last day before it was extended; None when it was not."""
    predecessor: Contract | None = None
    edition: str | None = None
    planned: tuple[tuple[date, int], ...] = ()
    """Payments of a planted contract: day and pence."""
    extra: dict[str, str | int | bool | None] = field(default_factory=dict)

    @property
    def last_day(self) -> date:
        """The day it stopped, or ends as now planned."""
        return self.stopped or self.ends


def planted_contracts(suppliers: list[Supplier]) -> list[Contract]:
    """Return the contracts of the demonstration's two stories, in pounds that add up by hand.

    Boston Castle: a large scheme by a firm from elsewhere. Maltby East, work done there from
    2020-21 to 2021-22: 1,720,000 - 900,000 ended + 210,000 continuing + 250,000 new = 1,280,000.
    """
    facts: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("planted.yaml"))
    return [_planted(fact, supplier) for fact, supplier in zip(facts, suppliers, strict=False)]


def _planted(fact: dict[str, Any], supplier: Supplier) -> Contract:
    awarded, starts, ends = (
        date.fromisoformat(fact[name]) for name in ("awarded", "starts", "ends")
    )
    where, value = ((fact["ward"], 100),), int(fact["value"]) * 100
    contract = Contract(
        fact["title"], supplier, fact["category"], value, awarded, starts, ends, where
    )
    contract.planned = tuple(
        (months_after(date.fromisoformat(first), int(every) * index), int(pounds) * 100)
        for first, count, pounds, every in fact["payments"]
        for index in range(int(count))
    )
    return contract


def make_contracts(suppliers: list[Supplier], places: Places) -> list[Contract]:
    """Return the whole register: planted contracts first, then the others in order of award."""
    draw = Draw("contracts")
    drawn = [
        _contract(draw.day(first, last), suppliers, places, draw)
        for first, last, count in COHORTS
        for _ in range(count)
    ]
    drawn += _successors(drawn, suppliers, draw)
    drawn.sort(key=lambda contract: (contract.awarded, contract.title, contract.value))
    contracts = planted_contracts(suppliers) + drawn
    for number, contract in enumerate(contracts, start=1):
        contract.id = f"C{number:04d}"
        _comply(contract, draw)
    return contracts


def _contract(awarded: date, suppliers: list[Supplier], places: Places, draw: Draw) -> Contract:
    category = draw.pick(CATEGORIES)
    is_old = awarded < POLICY_STARTS
    value = draw.amount(OLD_VALUES if is_old else VALUES) // 500 * 500 * 100
    months = (
        draw.whole(36, 60)
        if is_old
        else draw.amount(LIVES)
        if value < KPI_VALUE
        else draw.whole(26, 44)
    )
    starts = awarded + timedelta(days=draw.whole(14, 75))
    where = _places(value, places, draw)
    ward_names = {ward.code: ward.name for ward in places.wards}
    area = ward_names.get(where[0][0], f"lot {draw.whole(1, 9)}") + (
        " and other wards" if len(where) > 1 else ""
    )
    title = f"{draw.one(TITLES[category])}: {area}"
    supplier = _holder(category, value, suppliers, draw)
    if supplier.tier != "rotherham" and 1_000_000_00 < value < LARGEST // 2:
        value *= 2  # the larger contracts are held by firms from elsewhere
    contract = Contract(
        title,
        supplier,
        category,
        value,
        awarded,
        starts,
        months_after(starts, months) - timedelta(days=1),
        where,
    )
    if months >= 12 and draw.chance(100):
        first_end = contract.ends
        contract.ends = months_after(first_end, draw.one((6, 12)))
        if first_end < EXTENDED_BEFORE:
            contract.first_end = first_end
    elif months >= 12 and draw.chance(80) and awarded < date(2022, 9, 1):
        contract.stopped = starts + timedelta(days=draw.whole(150, months * 22))
    return contract


def _holder(category: str, value: int, suppliers: list[Supplier], draw: Draw) -> Supplier:
    """Draw a supplier of the trade. Large contracts go to larger firms; its area is drawn first."""
    tier = "rotherham" if category == "construction" and draw.chance(250) else draw.pick(TIERS)
    sizes = {"medium", "large"} if value > 1_000_000_00 else {"small", "medium", "large", "micro"}
    fitting = [
        supplier
        for supplier in suppliers
        if supplier.category == category
        and supplier.weight
        and supplier.since.year < 2017
        and supplier.size in sizes
        and tier in (supplier.tier, "not known")
        and not supplier.row["is_sole_trader"]
    ]
    return draw.one(fitting)


def _places(value: int, places: Places, draw: Draw) -> tuple[tuple[str, int], ...]:
    """Draw where the work is done.

    Maltby East is left to the planted contracts, so that its bridge can be added up by hand.
    """
    wards = [ward.code for ward in places.wards if ward.code != MALTBY_EAST]
    codes = [QUIET_WARDS.get(code, code) for code in wards]
    kind = draw.pick(LARGE_PLACE_KINDS if value > 3_000_000_00 else PLACE_KINDS)
    if kind == "one ward":
        return ((draw.one(codes), 100),)
    if kind == "several wards":
        shares, first = draw.one(SHARES), draw.whole(0, len(codes) - 1)
        return tuple(
            (codes[(first + 5 * index) % len(codes)], share) for index, share in enumerate(shares)
        )
    return ((kind, 100),)


def _successors(drawn: list[Contract], suppliers: list[Supplier], draw: Draw) -> list[Contract]:
    """Let contracts again when they end: about half to the same firm, the rest to another."""
    found = []
    for old in drawn:
        if not (date(2020, 3, 1) < old.last_day < date(2023, 11, 1) and draw.chance(260)):
            continue
        value = old.value * draw.whole(85, 125) // 100 // 500_00 * 500_00 or old.value
        supplier = (
            old.supplier if draw.chance(550) else _holder(old.category, value, suppliers, draw)
        )
        starts = old.last_day + timedelta(days=1)
        found.append(
            Contract(
                old.title,
                supplier,
                old.category,
                value,
                starts - timedelta(days=draw.whole(30, 70)),
                starts,
                months_after(starts, draw.whole(12, 36)) - timedelta(days=1),
                old.places,
                predecessor=old,
            )
        )
    return found


def _comply(contract: Contract, draw: Draw) -> None:
    """Draw edition, weighting, plan, clauses and rating: mostly as the policy asks, not always."""
    extra = contract.extra
    if contract.value > THRESHOLD and contract.awarded >= POLICY_STARTS:
        if contract.category != "grants and levies" and (contract.planned or draw.chance(930)):
            contract.edition = (
                "illustrative-2020"
                if contract.awarded < NEW_EDITION_STARTS
                else "illustrative-2022"
            )
            extra["social_value_weight_pct"] = 20 if draw.chance(880) else draw.one((10, 15))
            extra["social_value_score_pct"] = draw.whole(42, 96)
            extra["changed_ranking"] = draw.chance(50)
        plan = "delivery plan" if contract.value > DELIVERY_PLAN else "milestone tracker"
        extra["plan"] = plan if draw.chance(890) else None
    extra["wage_clause"] = None if draw.chance(120) else draw.chance(620)
    if contract.value > KPI_VALUE and draw.chance(900):
        extra["kpi_rating"] = draw.pick(RATINGS)
    in_wards = contract.places[0][0].startswith("E")
    if contract.planned or (in_wards and contract.value > THRESHOLD and draw.chance(600)):
        extra["project"] = contract.title.partition(":")[0]
        is_over = contract.last_day < date(2022, 5, 1)
        extra["project_status"] = (
            "Finished; the final account is agreed." if is_over else draw.one(PROJECT_STATUS)
        )


def contract_rows(contracts: list[Contract]) -> list[Row]:
    """Return the register as a table."""
    return [
        {
            "contract_id": contract.id,
            "title": contract.title,
            "supplier_id": contract.supplier.id,
            "directorate": DIRECTORATES[contract.category],
            "category": contract.category,
            "value": contract.value,
            "awarded_on": contract.awarded,
            "starts_on": contract.starts,
            "ends_on": contract.ends,
            "stopped_on": contract.stopped,
            "was_extended": contract.first_end is not None,
            "predecessor_id": contract.predecessor.id if contract.predecessor else None,
            "edition": contract.edition,
            "regime": _regime(contract),
            **contract.extra,
        }
        for contract in contracts
    ]


def _regime(contract: Contract) -> str:
    """Return the law of the day: the Procurement Act 2023 began on 24 February 2025."""
    is_grant = contract.category == "grants and levies"
    return "other" if is_grant else "Public Contracts Regulations 2015"


def quantity_rows(contracts: list[Contract]) -> list[Row]:
    """Return quantities by quarter: sessions of Maltby East's health hub, and a price index.

    The index is that of the largest home care contract.
    """
    rows: list[Row] = []
    for contract in contracts:
        is_hub = contract.title.startswith("Neighbourhood health hub")
        if not is_hub and not (
            contract.title.startswith("Home care") and contract.value > KPI_VALUE
        ):
            continue
        for year, (sessions, index) in QUANTITIES.items():
            for quarter in range(4):
                first = months_after(date(year, 4, 1), 3 * quarter)
                last = months_after(first, 3) - timedelta(days=1)
                if contract.starts <= last and first <= contract.last_day:
                    rows.append(
                        {
                            "contract_id": contract.id,
                            "period_start": first,
                            "period_end": last,
                            "unit": "sessions" if is_hub else "price index of the contract",
                            "quantity": sessions if is_hub else None,
                            "price_index": None if is_hub else index,
                        }
                    )
    return rows


def place_rows(contracts: list[Contract]) -> list[Row]:
    """Return where the work of each contract is done."""
    return [
        {"contract_id": contract.id, "place": place, "share": Decimal(share) / 100}
        for contract in contracts
        for place, share in contract.places
    ]

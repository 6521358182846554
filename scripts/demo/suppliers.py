"""Makes four thousand fictional suppliers: where, how big, whose, and how often paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from scripts.demo.places import BOSTON_CASTLE, MALTBY_EAST, Places
from scripts.demo.words import TRADES, invented_words, legal_form

COUNT = 4000
LEDGER_STARTS = date(2020, 4, 1)

CATEGORIES: Urn[str] = Urn(
    {
        "construction": 15,
        "social care": 18,
        "children's services": 8,
        "environment and waste": 6,
        "highways and transport": 9,
        "facilities and property": 13,
        "professional services": 10,
        "ICT": 6,
        "health and wellbeing": 5,
        "education and training": 6,
        "energy and utilities": 2,
        "grants and levies": 2,
    }
)
TIERS: Urn[str] = Urn(
    {
        "rotherham": 270,
        "south-yorkshire": 190,
        "yorkshire-and-the-humber": 170,
        "elsewhere": 315,
        "not known": 50,
        "not in the lookup": 5,
    }
)
SIZES: Urn[str] = Urn({"micro": 42, "small": 30, "medium": 16, "large": 12})
SIZE_WEIGHT = {"micro": 1, "small": 2, "medium": 5, "large": 9}
VCSE_CATEGORIES = {
    "social care",
    "children's services",
    "health and wellbeing",
    "education and training",
}
OWNERSHIP: Urn[str] = Urn({"no": 79, "yes": 10, "prefer not to say": 11})
LIVING_WAGE: Urn[str | None] = Urn({"yes": 27, "no": 33, None: 40})
BUSY_WARDS = {
    BOSTON_CASTLE: 7,
    "E05012998": 6,
    "E05013009": 6,
    "E05013011": 6,
    "E05013000": 4,
    "E05013010": 4,
    "E05013002": 4,
    "E05013004": 4,
    "E05013016": 4,
    MALTBY_EAST: 1,
}

PLANTED = (
    ("construction", "elsewhere", "elsewhere", "large"),
    ("construction", "rotherham", MALTBY_EAST, "medium"),
    ("health and wellbeing", "south-yorkshire", "south-yorkshire", "medium"),
    ("highways and transport", "rotherham", "E05012998", "small"),
)
"""Trade, tier, place and size of the holders of the planted contracts."""


@dataclass
class Supplier:
    """One supplier as the other parts need it; ``row`` is what the table says."""

    id: str
    name: str
    tier: str
    """A tier id, "not known" or "not in the lookup"."""
    category: str
    size: str
    weight: int
    """How often it is paid outside contracts; 0 for suppliers kept for a planted story."""
    since: date
    row: dict[str, str | date | bool | None]


def make_suppliers(places: Places) -> list[Supplier]:
    """Return all suppliers.

    The first four hold the planted contracts and are paid for nothing else.
    """
    draw, words = Draw("suppliers"), invented_words()
    wards = Urn({ward.code: BUSY_WARDS.get(ward.code, 2) for ward in places.wards})
    planted = [
        _supplier(number, words[number - 1], category, tier, places.by_tier[where][0], size, draw)
        for number, (category, tier, where, size) in enumerate(PLANTED, start=1)
    ]
    for supplier in planted:
        supplier.weight, supplier.since = 0, date(2015, 5, 1)
        supplier.row["first_paid_on"] = supplier.since
    planted[3].since, planted[3].row["first_paid_on"] = (
        LEDGER_STARTS,
        None,
    )  # first paid under its planted contract
    others = []
    for number in range(len(planted) + 1, COUNT + 1):
        tier = draw.pick(TIERS)
        postcode = _address(tier, places, wards, draw)
        category, size = draw.pick(CATEGORIES), draw.pick(SIZES)
        others.append(_supplier(number, words[number - 1], category, tier, postcode, size, draw))
    return planted + others


def _address(tier: str, places: Places, wards: Urn[str], draw: Draw) -> str | None:
    if tier == "not known":
        return None
    if tier == "not in the lookup":
        return f"XR{draw.whole(90, 99)} {draw.whole(1, 9)}ZZ"
    return draw.one(places.by_tier[draw.pick(wards) if tier == "rotherham" else tier])


def _supplier(
    number: int, word: str, category: str, tier: str, postcode: str | None, size: str, draw: Draw
) -> Supplier:
    is_vcse = draw.chance(300 if category in VCSE_CATEGORIES else 30)
    is_charity = is_vcse and draw.chance(600)
    is_sole_trader = size == "micro" and not is_vcse and draw.chance(200)
    has_number = not is_sole_trader and draw.chance(920)
    since = date(2009, 4, 1) if draw.chance(120) else draw.day(date(2010, 1, 1), date(2023, 2, 28))
    if draw.chance(450):
        since = draw.day(date(2010, 1, 1), date(2019, 12, 31))
    name = (
        f"{word} {draw.one(TRADES[category])} "
        f"{legal_form(size, is_vcse, is_sole_trader, is_charity)}"
    )
    supplier_id = f"S{number:05d}"
    return Supplier(
        supplier_id,
        name,
        tier,
        category,
        size,
        SIZE_WEIGHT[size] * draw.whole(1, 12),
        since,
        {
            "supplier_id": supplier_id,
            "supplier_name": name,
            "postcode": postcode,
            # No register issues numbers that begin with ZZ.
            "company_number": f"ZZ{number:06d}" if has_number and not is_charity else None,
            "charity_number": f"ZZ{number:05d}" if is_charity else None,
            "size": None if draw.chance(60) else size,
            "is_vcse": is_vcse,
            "is_sole_trader": is_sole_trader,
            "is_minority_ethnic_led": draw.pick(OWNERSHIP) if draw.chance(400) else None,
            "pays_real_living_wage": draw.pick(LIVING_WAGE),
            "first_paid_on": since if since < LEDGER_STARTS else None,
        },
    )


def supplier_rows(suppliers: list[Supplier]) -> list[Row]:
    """The supplier list as a table."""
    return [dict(supplier.row) for supplier in suppliers]

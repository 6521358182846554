"""Makes the ledger: about 60,000 payments a year, heavy-tailed, with exact yearly totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from scripts.demo.contracts import Contract
from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from scripts.demo.suppliers import Supplier
from scripts.demo.words import DIRECTORATES
from sv_lib.periods import Period

YEARS = {
    "2020-21": Period(date(2020, 4, 1), date(2021, 3, 31)),
    "2021-22": Period(date(2021, 4, 1), date(2022, 3, 31)),
    "2022-23": Period(date(2022, 4, 1), date(2023, 3, 31)),
}
LINES = 60_000
REDACTED_LINES = 2_400
PARTS = ("local contract", "other contract", "local", "other", "redacted")
TARGETS = {
    "2020-21": ((14, 92, 11, 63, 4), (15, 92, 12, 63, 4)),
    "2021-22": ((16, 96, 13, 66, 4), (20, 94, 14, 65, 4)),
    "2022-23": ((22, 96, 16, 66, 4), (23, 96, 16, 65, 4)),
}
"""Million pounds by part and half year: the scale of what the council has published (about 52, 63
and
77 paid to Rotherham firms, of about 370, 392 and 408 in all).
"""

AMOUNTS: Urn[tuple[int, int]] = Urn(
    {
        (8_00, 60_00): 20,
        (60_00, 300_00): 33,
        (300_00, 1_500_00): 27,
        (1_500_00, 8_000_00): 14,
        (8_000_00, 40_000_00): 5,
        (40_000_00, 250_000_00): 1,
    }
)
"""Pence before a year's total is met."""
CARDS: Urn[tuple[int, int]] = Urn({(3_00, 40_00): 60, (40_00, 400_00): 35, (400_00, 1_900_00): 5})


@dataclass
class Payment:
    """One line of the ledger before it has its number."""

    on: date
    supplier: Supplier | None
    category: str
    pence: int
    part: str
    contract: Contract | None = None
    is_card: bool = False

    @property
    def is_scaled(self) -> bool:
        """Whether its amount may be moved to meet a total."""
        return not self.is_card and not (self.contract and self.contract.planned)


def make_payments(suppliers: list[Supplier], contracts: list[Contract]) -> dict[str, list[Payment]]:
    """Return the three years' ledgers, in order of date.

    Each supplier's first payment is noted on the supplier.
    """
    ledgers = {}
    for label, year in YEARS.items():
        draw = Draw(f"payments {label}")
        lines = [line for contract in contracts for line in _under(contract, year, draw)]
        lines += _redacted(year, draw)
        lines += _ordinary(LINES - len(lines), suppliers, year, draw)
        for half, targets in enumerate(TARGETS[label]):
            _meet(
                [
                    line
                    for line in lines
                    if (line.on >= date(year.end.year - 1, 10, 1)) == bool(half)
                ],
                targets,
            )
        lines.sort(
            key=lambda line: (line.on, line.supplier.id if line.supplier else "", line.pence)
        )
        ledgers[label] = lines
        for line in lines:
            if line.supplier and line.supplier.row["first_paid_on"] is None:
                line.supplier.row["first_paid_on"] = line.on
    return ledgers


def _weekday(day: date) -> date:
    """Return the Friday before a Saturday or Sunday; other days as they are."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _in_year(first: date, year: Period, last: date, draw: Draw) -> date:
    day = _weekday(draw.day(first, last))
    return day if day in year else year.start


def _under(contract: Contract, year: Period, draw: Draw) -> list[Payment]:
    """Draw payments under a contract: its value in uneven monthly instalments over its life."""
    part = "local contract" if contract.supplier.tier == "rotherham" else "other contract"
    if contract.planned:
        return [
            Payment(_weekday(on), contract.supplier, contract.category, pence, part, contract)
            for on, pence in contract.planned
            if on in year
        ]
    if contract.last_day < year.start or contract.starts > year.end:
        return []
    first, last = max(contract.starts, year.start), min(contract.last_day, year.end)
    life, days = (contract.ends - contract.starts).days + 1, (last - first).days + 1
    count = max(1, days * draw.one((12, 24, 52) if contract.value > 250_000_00 else (4, 12)) // 365)
    return [
        Payment(
            _in_year(first, year, last, draw),
            contract.supplier,
            contract.category,
            pence,
            part,
            contract,
        )
        for pence in draw.parts(contract.value * days // life, count)
    ]


def _redacted(year: Period, draw: Draw) -> list[Payment]:
    """Draw payments to people, whose names are taken out."""
    categories = ("social care", "social care", "children's services")
    return [
        Payment(
            _in_year(year.start, year, year.end, draw),
            None,
            draw.one(categories),
            draw.amount(AMOUNTS),
            PARTS[-1],
        )
        for _ in range(REDACTED_LINES)
    ]


def _ordinary(count: int, suppliers: list[Supplier], year: Period, draw: Draw) -> list[Payment]:
    """Draw everything else: purchase cards, credits and the long tail."""
    known = [supplier for supplier in suppliers if supplier.weight and supplier.since <= year.end]
    urn = Urn({index: supplier.weight for index, supplier in enumerate(known)})
    lines = []
    for _ in range(count):
        supplier = known[draw.pick(urn)]
        on = _in_year(max(supplier.since, year.start), year, year.end, draw)
        part = "local" if supplier.tier == "rotherham" else "other"
        if draw.chance(150):
            lines.append(
                Payment(on, supplier, supplier.category, draw.amount(CARDS), part, is_card=True)
            )
            continue
        pence = draw.amount(AMOUNTS) * (2 if supplier.size == "large" else 1)
        # A credit takes back part of something; a large one would make a year's total hang on one
        # line.
        if draw.chance(24):
            pence = -(pence % 20_000_00) - 1_00
        lines.append(Payment(on, supplier, supplier.category, pence, part))
    return lines


def _meet(lines: list[Payment], targets: tuple[int, ...]) -> None:
    """Scale each part of a half year's lines to its target.

    Planted lines and purchase cards keep their amounts.
    """
    fixed, raw = dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, 0)
    for line in lines:
        if line.is_scaled:
            raw[line.part] += line.pence
        else:
            fixed[line.part] += line.pence
    wanted = {
        part: target * 1_000_000_00 - fixed[part]
        for part, target in zip(PARTS, targets, strict=True)
    }
    for line in lines:
        if line.is_scaled:
            line.pence = line.pence * wanted[line.part] // raw[line.part]


def payment_rows(label: str, lines: list[Payment]) -> list[Row]:
    """Return a year's ledger as a table."""
    return [
        {
            "payment_id": f"{label[:4]}-{number:05d}",
            "paid_on": line.on,
            "supplier_id": line.supplier.id if line.supplier else None,
            "supplier_name": line.supplier.name if line.supplier else "REDACTED",
            "directorate": DIRECTORATES[line.category],
            "category": line.category,
            "amount": line.pence,
            "contract_id": line.contract.id if line.contract else None,
            "is_card": line.is_card,
        }
        for number, line in enumerate(lines, start=1)
    ]

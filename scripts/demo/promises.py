"""Makes what suppliers promised: commitments and milestones, at the demonstration's prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts.demo.contracts import KPI_VALUE, NEW_EDITION_STARTS, Contract
from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from sv_lib.strict_yaml import read_yaml

EDITIONS = ("illustrative-2020", "illustrative-2022")


def _whole(numbers: dict[str, str]) -> dict[str, int]:
    return {ref: int(number) for ref, number in numbers.items()}


_DATA: dict[str, Any] = read_yaml(Path(__file__).with_name("promises.yaml"))
UNITS: dict[str, str] = {ref: unit for ref, (unit, *_) in _DATA["prices"].items()}
PRICES: dict[str, list[int | None]] = {
    ref: [int(price) if price else None for price in prices]
    for ref, (_, *prices) in _DATA["prices"].items()
}
"""Measure -> invented pounds per unit in each edition; None is recorded only."""
MENUS = {name: _whole(menu) for name, menu in _DATA["menus"].items()}
MENU_OF: dict[str, str] = _DATA["menu_of"]
SCHEME_PROMISES = _whole(_DATA["scheme"])

TARGETS = (
    (date(2020, 11, 30), 4_900_000),
    (date(2021, 11, 30), 4_900_000),
    (date(2022, 11, 30), 3_700_000),
    (date(2023, 11, 30), 14_300_000),
)
"""Last day of becoming contractual, and pounds promised since the line before: £13.5m by 2022,
£27.8m
by 2023.
"""


@dataclass
class Promise:
    """One commitment.

    ``pool``: its share of the contract's social value before the totals are met.
    """

    contract: Contract
    ref: str
    targeted: date
    committed: date | None
    halves: int
    """Attribution in halves: 2 is all of it."""
    pool: int
    quantity: int = 0
    id: str = ""

    @property
    def price(self) -> int | None:
        """Pounds per unit in the edition of its contract."""
        older, newer = PRICES[self.ref]
        return older if self.contract.edition == EDITIONS[0] else newer

    @property
    def value(self) -> int:
        """Pounds promised, cut down to whole pounds."""
        return self.quantity * (self.price or 0) * self.halves // 2


def make_promises(contracts: list[Contract]) -> list[Promise]:
    """Return what contracts with social value promised, scaled to published totals."""
    draw = Draw("promises")
    scoped = [
        contract
        for contract in contracts
        if contract.edition and (contract.planned or draw.chance(955))
    ]
    promises = [promise for contract in scoped for promise in _promises(contract, draw)]
    first_day = date.min
    for last_day, target in TARGETS:
        _meet([p for p in promises if p.committed and first_day < p.committed <= last_day], target)
        first_day = last_day
    _meet([p for p in promises if not p.committed], 400_000)
    kept = [promise for promise in promises if promise.quantity]
    for number, promise in enumerate(kept, start=1):
        promise.id = f"P{number:04d}"
    return kept


def _promises(contract: Contract, draw: Draw) -> list[Promise]:
    targeted = contract.awarded - timedelta(days=draw.whole(40, 120))
    is_target = not contract.planned and draw.chance(30)
    committed = None if is_target else contract.awarded + timedelta(days=draw.whole(0, 20))
    if contract.title.startswith("Town-centre leisure"):
        return [
            Promise(contract, ref, targeted, committed, 2, 0, quantity)
            for ref, quantity in SCHEME_PROMISES.items()
        ]
    # The larger the contract, the smaller the share: a large one promises about 3% of its value, a
    # small one 6%.
    permille = draw.whole(15, 45) if contract.value > KPI_VALUE else draw.whole(40, 90)
    pool = contract.value // 100 * permille // 1000
    menu = dict(MENUS[MENU_OF.get(contract.category, "services")])
    if contract.edition == EDITIONS[1]:
        menu |= {
            "NT1": menu["NT1"] // 3,
            "NT18": 30,
        }  # later tenders ask more of the local supply chain
    refs = {"NT1"} if draw.chance(850) else set()
    urn = Urn(menu)
    while len(refs) < min(6, 2 + pool // 20_000):
        refs.add(draw.pick(urn))
    shares = sum(menu[ref] for ref in refs)
    found = [
        Promise(
            contract,
            ref,
            targeted,
            committed,
            1 if draw.chance(70) else 2,
            pool * menu[ref] // shares,
        )
        for ref in sorted(refs)
    ]
    if draw.chance(160):
        ref = "RM1" if contract.awarded >= NEW_EDITION_STARTS else "NT39"
        found.append(Promise(contract, ref, targeted, committed, 2, 0, draw.whole(2, 8)))
    return found


def _meet(promises: list[Promise], target: int) -> None:
    """Turn pools into whole units so that the promises come to the target.

    Those too small for one unit fall away.
    """
    open_ones = [promise for promise in promises if not promise.quantity]
    wanted, pools = (
        target - sum(promise.value for promise in promises),
        sum(promise.pool for promise in open_ones),
    )
    # What falls away in rounding down is shared out again; three rounds come within a fraction of a
    # percent.
    factor = wanted * 1000 // pools
    for _ in range(4):
        for promise in open_ones:
            promise.quantity = (
                promise.pool * factor // ((promise.price or 1) * 500 * promise.halves)
            )
        factor = factor * wanted // max(1, sum(promise.value for promise in open_ones))


def commitment_rows(promises: list[Promise]) -> list[Row]:
    """The commitments as a table."""
    return [
        {
            "commitment_id": p.id,
            "contract_id": p.contract.id,
            "measure_ref": p.ref,
            "quantity": p.quantity,
            "attribution": Decimal(p.halves) / 2,
            "targeted_on": p.targeted,
            "committed_on": p.committed,
        }
        for p in promises
    ]


def milestone_rows(promises: list[Promise]) -> list[Row]:
    """Return milestones of a quarter of the commitments whose contract holds a delivery plan."""
    draw, rows = Draw("milestones"), list[Row]()
    for promise in promises:
        contract = promise.contract
        if (
            contract.extra.get("plan") != "delivery plan"
            or promise.quantity < 8
            or not draw.chance(280)
        ):
            continue
        count, life = draw.whole(3, 6), (contract.ends - contract.starts).days
        for index, part in enumerate(draw.parts(promise.quantity, count), start=1):
            due = contract.starts + timedelta(days=life * index // count)
            rows.append({"commitment_id": promise.id, "due_on": due, "quantity": part})
    return rows


def proxy_rows(edition: str) -> list[Row]:
    """Return the invented prices of an edition.

    Climate training is a measure of the later edition alone.
    """
    column = EDITIONS.index(edition)
    return [
        {
            "measure_ref": ref,
            "edition": edition,
            "unit": UNITS[ref],
            "proxy": prices[column],
            "source": "Invented for the demonstration; not the National TOMs",
            "source_place": f"scripts/demo/promises.yaml, prices, {ref}",
            "checked_by": "Demonstration author",
            "checked_on": date(2020, 1, 6) if column == 0 else date(2022, 6, 20),
        }
        for ref, prices in PRICES.items()
        if ref != "RM1" or column == 1
    ]

"""Makes suppliers' quarterly returns: which came, what they claim, where it stands, who gained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scripts.demo.contracts import Contract
from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from scripts.demo.places import BOSTON_CASTLE, OUTSIDE, Places
from scripts.demo.promises import PRICES, Promise
from scripts.demo.words import ATTRIBUTION_REASON, REJECTION_REASONS
from sv_lib.periods import Period, quarters

KNOWN_UNTIL = date(2023, 12, 31)
"""The day the files were written: nothing later has happened in them."""
QUARTERS = quarters(Period(date(2019, 12, 1), date(2023, 11, 30)))

HABITS: Urn[str] = Urn({"punctual": 86, "late": 7, "silent": 7})
PACE: dict[str, int] = {"punctual": 100, "late": 90, "silent": 60}
PER_PERSON = {
    "NT1": 18,
    "NT3": 30,
    "NT4": 30,
    "NT5": 30,
    "NT6": 30,
    "NT9": 500,
    "NT10": 1300,
    "NT12": 250,
}
"""Hundredths of a unit that stand for one person in a quarter, where the measure counts people."""
LOCAL_PEOPLE = {"NT1", "NT3", "NT4", "NT5", "NT6"}
DECILE_WEIGHT = {1: 22, 2: 17, 3: 13, 4: 11}


@dataclass
class Claim:
    """One line of a return."""

    contract: Contract
    promise: Promise | None
    ref: str
    quarter: Period
    hundredths: int
    halves: int
    reported: date
    headcount: int | None = None
    key: str | None = None
    evidenced: date | None = None
    validated: date | None = None
    rejected: date | None = None
    reason: str | None = None
    corrects: Claim | None = None
    id: str = ""

    @property
    def state(self) -> str:
        """Where it stands when the files were written."""
        if self.rejected:
            return "rejected"
        return "validated" if self.validated else "evidenced" if self.evidenced else "reported"


def make_returns(
    contracts: list[Contract], promises: list[Promise]
) -> tuple[list[Row], list[Claim]]:
    """The return log and every claim."""
    draw, log, claims = Draw("returns"), list[Row](), list[Claim]()
    by_contract: dict[str, list[Promise]] = {}
    for promise in promises:
        if promise.committed:
            by_contract.setdefault(promise.contract.id, []).append(promise)
    for contract in contracts:
        mine = by_contract.get(contract.id, [])
        if not contract.edition or not mine:
            continue
        habit = "punctual" if contract.planned else draw.pick(HABITS)
        permille = draw.whole(560, 1240) * PACE[habit] // 100
        for quarter in QUARTERS:
            if contract.starts > quarter.end or contract.last_day < quarter.start:
                continue
            due = quarter.end + timedelta(days=28)
            came = _received(habit, due, draw)
            came = came if came and came <= KNOWN_UNTIL else None
            log.append(
                {
                    "contract_id": contract.id,
                    "quarter_end": quarter.end,
                    "due_on": due,
                    "received_on": came,
                }
            )
            if came:
                claims += [
                    claim for p in mine if (claim := _claim(p, quarter, came, permille, draw))
                ]
    claims += _unpromised(claims, draw) + _corrections(claims, draw)
    claims.sort(
        key=lambda claim: (claim.quarter.start, claim.contract.id, claim.corrects is not None)
    )
    for number, claim in enumerate(claims, start=1):
        claim.id = f"R{number:05d}"
    return log, claims


def _received(habit: str, due: date, draw: Draw) -> date | None:
    """When a return came: on time from most, late from some, hardly ever from a few."""
    if draw.chance({"punctual": 15, "late": 250, "silent": 880}[habit]):
        return None
    return due + timedelta(days=draw.whole(12, 80) if habit == "late" else draw.whole(-22, 0))


def _claim(
    promise: Promise, quarter: Period, came: date, permille: int, draw: Draw
) -> Claim | None:
    """Draw what the quarter brings: a straight line over the contract, at the firm's pace."""
    life = Period(promise.contract.starts, promise.contract.ends)
    step = 1 if promise.ref in LOCAL_PEOPLE else 100

    def by(day: date) -> int:
        gone = max(0, (min(day, promise.contract.last_day) - life.start).days + 1)
        return promise.quantity * 100 * gone * permille // (life.days * 1000) // step * step

    hundredths = by(quarter.end) - by(quarter.start - timedelta(days=1))
    if not hundredths:
        return None
    claim = Claim(promise.contract, promise, promise.ref, quarter, hundredths, promise.halves, came)
    if promise.ref in PER_PERSON:
        claim.headcount = max(1, hundredths // PER_PERSON[promise.ref] + draw.whole(-1, 1))
    if PRICES[promise.ref][0] != "GBP":
        claim.key = f"{promise.id}-{quarter.end:%Y%m}"
    _judge(claim, draw)
    return claim


def _judge(claim: Claim, draw: Draw) -> None:
    """Draw evidence and validation: they follow for most claims, weeks later.

    Nothing is dated after the day the files were written.
    """
    evidenced = claim.reported + timedelta(days=draw.whole(4, 35))
    judged = evidenced + timedelta(days=draw.whole(8, 65))
    is_evidenced, is_judged, is_rejected = draw.chance(960), draw.chance(945), draw.chance(35)
    if is_evidenced and evidenced <= KNOWN_UNTIL:
        claim.evidenced = evidenced
        if is_judged and judged <= KNOWN_UNTIL:
            if is_rejected:
                claim.rejected, claim.reason = judged, draw.one(REJECTION_REASONS)
            else:
                claim.validated = judged


def _unpromised(claims: list[Claim], draw: Draw) -> list[Claim]:
    """Draw benefits that nobody promised; two repeat an activity that is claimed already."""
    found = []
    for index in range(10):
        beside = draw.one([claim for claim in claims if claim.key and claim.ref not in PER_PERSON])
        ref = "NT29" if index < 2 else draw.one(("NT16", "NT17", "NT29"))
        quantity = draw.whole(10, 60) * (100 if ref == "NT16" else 1)
        claim = Claim(
            beside.contract, None, ref, beside.quarter, quantity * 100, 2, beside.reported
        )
        if index < 2:
            claim.key, claim.reported = (
                beside.key,
                min(beside.reported + timedelta(days=3), KNOWN_UNTIL),
            )
        _judge(claim, draw)
        found.append(claim)
    return found


def _corrections(claims: list[Claim], draw: Draw) -> list[Claim]:
    """Draw corrections: a negative quantity in the quarter after a claim that was too large."""
    firm = [
        claim
        for claim in claims
        if claim.validated
        and claim.promise
        and claim.ref not in PER_PERSON
        and claim.hundredths >= 1000
        and claim.quarter.end < date(2023, 6, 1)
    ]
    found = []
    for index in range(7):
        first = firm[(index * 2 + 1) * len(firm) // 14]
        later = QUARTERS[QUARTERS.index(first.quarter) + 1]
        reported = later.end + timedelta(days=draw.whole(8, 28))
        off = first.hundredths * draw.whole(10, 30) // 100 // 100 * 100
        claim = Claim(
            first.contract,
            first.promise,
            first.ref,
            later,
            -off,
            first.halves,
            reported,
            corrects=first,
        )
        _judge(claim, draw)
        found.append(claim)
    return found


def return_rows(claims: list[Claim]) -> list[Row]:
    """The returns as a table."""
    return [
        {
            "claim_id": c.id,
            "contract_id": c.contract.id,
            "commitment_id": c.promise.id if c.promise else None,
            "measure_ref": c.ref,
            "period_start": c.quarter.start,
            "period_end": c.quarter.end,
            "quantity": Decimal(c.hundredths) / 100,
            "attribution": Decimal(c.halves) / 2,
            "attribution_reason": ATTRIBUTION_REASON if c.halves < 2 else None,
            "headcount": c.headcount,
            "activity_key": c.key,
            "state": c.state,
            "reported_on": c.reported,
            "evidenced_on": c.evidenced,
            "validated_on": c.validated,
            "rejected_on": c.rejected,
            "rejection_reason": c.reason,
            "corrects_claim_id": c.corrects.id if c.corrects else None,
        }
        for c in claims
    ]


def beneficiary_rows(claims: list[Claim], places: Places) -> list[Row]:
    """Return where the people live.

    About four in five are known; more come from deprived places, few from Boston Castle.
    Learners, unlike hires, may live outside the borough: their LSOA is in no deprivation table
    of the council.
    """
    draw = Draw("beneficiaries")
    homes = Urn(
        {
            lsoa.code: lsoa.residents
            * DECILE_WEIGHT.get(lsoa.decile, 8)
            // (4 if lsoa.ward == BOSTON_CASTLE else 1)
            for lsoa in places.lsoas
        }
    )
    rows: list[Row] = []
    for claim in claims:
        counts: dict[str | None, int] = {}
        for _ in range(claim.headcount or 0):
            home = draw.pick(homes) if draw.chance(805) else None
            if home and claim.ref not in LOCAL_PEOPLE and draw.chance(110):
                home = f"SYN-OUTSIDE-{draw.whole(1, 9)}"
            counts[home] = counts.get(home, 0) + 1
        rows += [
            {"claim_id": claim.id, "home_lsoa_code": home, "headcount": count}
            for home, count in counts.items()
        ]
    return rows


def supply_chain_rows(claims: list[Claim], places: Places) -> list[Row]:
    """Return tier-two spend.

    The local lines of a quarter add up to its claim of local supply-chain spend.
    """
    draw, rows = Draw("supply chain"), list[Row]()
    local = [postcode for ward in places.wards for postcode in places.by_tier[ward.code]]
    away = [postcode for tier, *_ in OUTSIDE.values() for postcode in places.by_tier[tier]]
    for claim in claims:
        if claim.ref != "NT18" or claim.corrects:
            continue
        other = claim.hundredths * draw.whole(60, 220) // 100
        lines: list[tuple[str | None, int]] = [
            (draw.one(local), part) for part in draw.parts(claim.hundredths, draw.whole(1, 3))
        ]
        lines += [
            (draw.one(away) if draw.chance(900) else None, part)
            for part in draw.parts(other, draw.whole(1, 3))
        ]
        rows += [
            {
                "contract_id": claim.contract.id,
                "period_end": claim.quarter.end,
                "kind": "sub-contract" if draw.chance(650) else "materials",
                "postcode": postcode,
                "amount": pence,
                "basis": "evidenced" if claim.evidenced else "declared",
            }
            for postcode, pence in lines
        ]
    return rows

"""Makes suppliers' quarterly returns: which came, what they claim, where it stands, who gained."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from scripts.demo.contracts import KNOWN_UNTIL, Contract
from scripts.demo.draw import Draw, Urn
from scripts.demo.files import Row
from scripts.demo.people import (
    JOBS,
    PEOPLE,
    QUARTERS,
    Homes,
    People,
    Person,
    give_keys,
    in_group,
    starters,
)
from scripts.demo.places import OUTSIDE, Places
from scripts.demo.promises import UNITS, Promise
from scripts.demo.words import ATTRIBUTION_REASON, REJECTION_REASONS
from sv_lib.periods import Period

RETURNED = [quarter for quarter in QUARTERS if quarter.end < KNOWN_UNTIL]
FIRM_PACE = (765, 1415)
"""Thousandths of the straight line."""
DAYS_TO_JUDGE: Urn[tuple[int, int]] = Urn({(8, 40): 50, (41, 90): 36, (91, 200): 14})
"""From evidence to the council's judgement."""
LAGS: dict[str, tuple[int, int] | None] = {
    "on time": (-20, 0),
    "weeks late": (5, 45),
    "months late": (46, 210),
    "never": None,
}
"""When a return comes, in days after it is due."""
HABITS: dict[str, Urn[str]] = {
    "punctual": Urn({"on time": 86, "weeks late": 11, "months late": 2, "never": 1}),
    "slow": Urn({"on time": 34, "weeks late": 50, "months late": 11, "never": 5}),
    "slack": Urn({"on time": 12, "weeks late": 30, "months late": 42, "never": 16}),
    "silent": Urn({"on time": 5, "weeks late": 10, "months late": 20, "never": 65}),
}
SUPPLIERS: Urn[str] = Urn({"punctual": 66, "slow": 19, "slack": 8, "silent": 7})
"""No council in our reference says how late its returns come, so these are chosen: most
contract managers get them on time, and a small part of the suppliers makes most of the gaps.
"""
PACES: Urn[int] = Urn({0: 4, 25: 10, 70: 22, 100: 44, 130: 20})
"""Hundredths of the contract's pace at which a promise is kept: a few are not kept at all."""
LEAD = 120
"""Days that hiring runs ahead of the straight line, since those hired bring their quarters later.
"""
MOST = 140
"""Hundredths of a promise beyond which nobody more is taken on."""
OLD_FORM_UNTIL = date(2020, 5, 31)
"""Until then returns gave one headcount, of those in post, and no starts."""


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
    people: tuple[Person, ...] = ()
    """All who add to the quarter, where the measure counts people."""
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

    @property
    def is_on_old_form(self) -> bool:
        """Whether the return gave a headcount alone."""
        return bool(self.people) and self.quarter.end <= OLD_FORM_UNTIL

    @property
    def started(self) -> tuple[Person, ...]:
        """Those who began in the quarter."""
        index = QUARTERS.index(self.quarter)
        return tuple(person for person in self.people if person.first == index)


@dataclass(frozen=True)
class Pace:
    """How fast a promise is kept: a straight line over the contract, at the firm's pace."""

    promise: Promise
    permille: int

    def by(self, day: date) -> int:
        """Return the hundredths brought by the end of a day."""
        contract = self.promise.contract
        life = Period(contract.starts, contract.ends)
        gone = max(0, (min(day, contract.last_day) - life.start).days + 1)
        return self.promise.quantity * 100 * gone * self.permille // (life.days * 1000)

    def hiring(self, day: date) -> int:
        """Return the hundredths that those hired by a day are to bring in all."""
        ahead = self.by(day + timedelta(days=LEAD))
        return min(ahead, self.promise.quantity * MOST)

    def in_quarter(self, quarter: Period, draw: Draw) -> int:
        """Draw the whole units brought in a quarter, as hundredths: some bring more than others."""
        before = self.by(quarter.start - timedelta(days=1))
        units = self.by(quarter.end) // 100 - before // 100
        return units * draw.whole(75, 125) // 100 * 100


def make_returns(
    contracts: list[Contract], promises: list[Promise], places: Places
) -> tuple[list[Row], list[Claim]]:
    """The return log and every claim."""
    draw, lateness = Draw("returns"), Draw("lateness")
    log, claims = list[Row](), list[Claim]()
    paces = _paces(contracts, promises)
    people = _people(paces, places)
    give_keys(people, contracts)
    slips = {quarter.end: lateness.whole(0, 160) for quarter in RETURNED}
    for contract in contracts:
        mine = [pace for pace in paces if pace.promise.contract is contract]
        habit = HABITS["punctual" if contract.planned else lateness.pick(SUPPLIERS)]
        for quarter in RETURNED if mine else ():
            if contract.starts > quarter.end or contract.last_day < quarter.start:
                continue
            due = quarter.end + timedelta(days=28)
            came = _received(habit, slips[quarter.end], due, lateness)
            log.append(
                {
                    "contract_id": contract.id,
                    "quarter_end": quarter.end,
                    "due_on": due,
                    "received_on": came,
                }
            )
            if came:
                claims += _claims(mine, people, quarter, came, draw)
    claims += _unpromised(claims, draw) + _corrections(claims, draw)
    claims.sort(
        key=lambda claim: (claim.quarter.start, claim.contract.id, claim.corrects is not None)
    )
    for number, claim in enumerate(claims, start=1):
        claim.id = f"R{number:05d}"
    return log, claims


def _paces(contracts: list[Contract], promises: list[Promise]) -> list[Pace]:
    """Draw how fast each promise of a contract with an edition is kept."""
    draw = Draw("paces")
    of_firms = {contract.id: draw.whole(*FIRM_PACE) for contract in contracts}
    return [
        Pace(promise, _permille(promise, of_firms[promise.contract.id], draw))
        for promise in promises
        if promise.committed
    ]


def _permille(promise: Promise, of_firm: int, draw: Draw) -> int:
    kept = draw.pick(PACES)
    return of_firm if promise.contract.planned else of_firm * kept // 100


def _people(paces: list[Pace], places: Places) -> People:
    """Draw who starts under each promise that counts people.

    Target groups are a part of those into work, where the contract promised both.
    """
    draw, homes, people = Draw("people"), Homes(places), People()
    of_people = [pace for pace in paces if pace.promise.ref in PEOPLE]
    for pace in sorted(of_people, key=lambda pace: PEOPLE.index(pace.promise.ref)):
        contract, ref = pace.promise.contract, pace.promise.ref
        hired = people.get((contract.id, "NT1"))
        if ref in JOBS and hired is not None:
            people[contract.id, ref] = in_group(ref, hired, pace.hiring)
        else:
            people[contract.id, ref] = starters(ref, contract, pace.hiring, homes, draw)
    return people


def _received(habit: Urn[str], slip: int, due: date, draw: Draw) -> date | None:
    """Draw when a return came; in some quarters more of them slip by weeks."""
    kind = draw.pick(habit)
    if kind == "on time" and draw.chance(slip):
        kind = "weeks late"
    lag = LAGS[kind]
    came = due + timedelta(days=draw.whole(*lag)) if lag else None
    return came if came and came <= KNOWN_UNTIL else None


def _claims(
    mine: list[Pace], people: People, quarter: Period, came: date, draw: Draw
) -> list[Claim]:
    """Return what a quarter's return claims under each promise."""
    found, index = [], QUARTERS.index(quarter)
    for pace in mine:
        promise = pace.promise
        them = people.get((promise.contract.id, promise.ref), [])
        adding = tuple(person for person in them if person.amount(index))
        hundredths = sum(person.amount(index) for person in adding)
        if promise.ref not in PEOPLE:
            hundredths = pace.in_quarter(quarter, draw)
        if not hundredths:
            continue
        claim = Claim(
            promise.contract,
            promise,
            promise.ref,
            quarter,
            hundredths,
            promise.halves,
            came,
            adding,
        )
        if UNITS[promise.ref] != "GBP":
            claim.key = f"{promise.id}-{quarter.end:%Y%m}"
        _judge(claim, draw)
        found.append(claim)
    return found


def _judge(claim: Claim, draw: Draw) -> None:
    """Draw evidence and validation: they follow for most claims, weeks or months later.

    Nothing is dated after the day the files were written.
    """
    evidenced = claim.reported + timedelta(days=draw.whole(2, 45))
    judged = evidenced + timedelta(days=draw.amount(DAYS_TO_JUDGE))
    is_evidenced, is_judged, is_rejected = draw.chance(950), draw.chance(930), draw.chance(35)
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
        beside = draw.one([claim for claim in claims if claim.key and claim.ref not in PEOPLE])
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
    """Draw corrections: a negative quantity for a claim that was found too large months later."""
    firm = [
        claim
        for claim in claims
        if claim.validated and claim.validated < date(2023, 9, 1) and _is_large(claim)
    ]
    return [_correction(firm[(2 * index + 1) * len(firm) // 14], draw) for index in range(7)]


def _is_large(claim: Claim) -> bool:
    is_promised = claim.promise is not None and claim.ref not in PEOPLE
    return is_promised and claim.hundredths >= 1000


def _correction(first: Claim, draw: Draw) -> Claim:
    """Draw a correction in the quarter of the claim that it names."""
    reported = (first.validated or first.reported) + timedelta(days=draw.whole(20, 110))
    off = first.hundredths * draw.whole(10, 30) // 100 // 100 * 100
    claim = Claim(
        first.contract, first.promise, first.ref, first.quarter, -off, first.halves, reported
    )
    claim.corrects = first
    _judge(claim, draw)
    return claim


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
            **_people_told(c),
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


def _people_told(claim: Claim) -> Row:
    """Return the people of a claim: starts and those in post, or a headcount on the old form."""
    if not claim.people:
        return {}
    if claim.is_on_old_form:
        return {"headcount": len(claim.people)}
    index = QUARTERS.index(claim.quarter)
    in_post = sum(person.is_in_post(index) for person in claim.people)
    return {"people_started": len(claim.started), "people_in_post": in_post}


def beneficiary_rows(claims: list[Claim]) -> list[Row]:
    """Return where the people live: a line for each who has a code, else one for each area."""
    rows = list[Row]()
    for claim in claims:
        starting = Counter((person.home, person.key) for person in claim.started)
        rows += [
            {
                "claim_id": claim.id,
                "home_lsoa_code": home,
                "headcount": count,
                "people_started": None if claim.is_on_old_form else starting[home, key],
                "person_key": key,
            }
            for (home, key), count in Counter((p.home, p.key) for p in claim.people).items()
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

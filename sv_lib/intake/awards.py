"""Contracts that were found in notices or a published register -> rows of our tables. An award counts once.

An award to several suppliers is split by the shares that it states; without them it stays whole, with one group.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from sv_lib.intake.columns import NOT_KNOWN
from sv_lib.intake.findings import Finding
from sv_lib.intake.matching import company_number, name_key
from sv_lib.intake.tables import CATEGORIES, TABLES
from sv_lib.money import half_up, split

CPV = {
    "construction": "14 44 45", "social care": "85", "environment and waste": "03 16 77 90",
    "highways and transport": "34 60 63", "facilities and property": "15 18 19 24 31 35 37 39 42 43 50 51 55 70 98",
    "professional services": "22 38 66 71 73 75 79", "ICT": "30 32 48 64 72", "health and wellbeing": "33 851 92",
    "education and training": "80", "energy and utilities": "09 41 65 76",
}  # fmt: skip
"""Category of spend -> the divisions of the Common Procurement Vocabulary counted in it; 851 is health in 85."""
NOBODY = re.compile(r"not awarded|no award|^(n/?a|none|various|tbc|unknown)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Rows that a file gives to one table: text by our names, indexed by the file's row; and how many it does not."""

    table: str
    file: str
    frame: pd.DataFrame
    excluded: int = 0
    quarantined: int = 0

    @property
    def rows(self) -> int:
        """All that the file has for the table."""
        return len(self.frame) + self.excluded + self.quarantined


@dataclass(frozen=True)
class Supplier:
    """A supplier as a notice or register names it."""

    name: str
    company_number: str = ""
    charity_number: str = ""
    postcode: str = ""
    size: str = ""
    is_vcse: str = ""

    @property
    def id(self) -> str:
        """Its register's number, else its name: notices number suppliers afresh."""
        if number := company_number(self.company_number):
            return f"GB-COH-{number}"
        return f"GB-CHC-{self.charity_number}" if self.charity_number else f"NAME-{name_key(self.name)}"


@dataclass(frozen=True)
class Award:
    """One award as it was found. Dates are ISO text, blank when not known; ``value`` in pounds; ``code``: CPV."""

    file: str
    row: int
    contract_id: str
    title: str
    suppliers: tuple[Supplier, ...]
    value: Decimal | None
    awarded_on: str
    starts_on: str
    ends_on: str
    code: str
    shares: tuple[Decimal, ...] = ()
    directorate: str = NOT_KNOWN
    postcodes: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def category(self) -> str:
        """Our category of its CPV code, or of its own words when they are ours."""
        named = {name.lower(): name for name in CATEGORIES}
        digits = re.sub(r"\D", "", self.code)
        divisions = {code: name for name, codes in CPV.items() for code in codes.split()}
        found = named.get(self.code.strip().lower()) or divisions.get(digits[:3]) if digits[:1] else ""
        return found or named.get(self.code.strip().lower()) or divisions.get(digits[:2], "")

    def lacks(self) -> list[str]:
        """What a contract needs and the award does not tell."""
        needed = {"supplier": self.suppliers, "value": self.value, "date of award": self.awarded_on,
                  "start": self.starts_on, "end": self.ends_on, "CPV code": self.category}  # fmt: skip
        return [name for name, there in needed.items() if not there]


def to_parts(awards: Iterable[Award], excluded: dict[str, int]) -> tuple[list[Part], list[Finding]]:
    """Contracts, their suppliers and their places. ``excluded``: rows of each file that are no award of the council."""
    gathered: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {("contracts", file): [] for file in excluded}
    lacking: dict[str, list[str]] = {file: [] for file in excluded}
    findings = []
    for award in (replace(a, suppliers=tuple(s for s in a.suppliers if not NOBODY.search(s.name))) for a in awards):
        if lacks := award.lacks():
            lacking[award.file].append(award.contract_id)
            problem = f"no {' and no '.join(lacks)} in it, so the contract is set aside"
            remedy = "enter the contract in the register with them, or correct the notice"
            findings.append(Finding("warn", award.file, award.row, "", award.contract_id, problem, remedy))
            continue
        for table, row in _rows(award):
            gathered.setdefault((table, award.file), []).append((award.row, row))
        findings += _told(award)
    parts = []
    for (table, file), rows in gathered.items():
        columns = [column.name for column in TABLES[table].columns]
        frame = pd.DataFrame([row for _, row in rows], index=[at for at, _ in rows], columns=columns, dtype="str")
        is_contract = table == "contracts"
        aside = (excluded[file], len(lacking[file])) if is_contract else (0, 0)
        parts.append(Part(table, file, frame.fillna(""), *aside))
    return parts, findings


def _rows(award: Award) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of an award. Several suppliers without shares make one group, a supplier of its own."""
    for supplier in award.suppliers:
        yield "suppliers", _supplier(supplier)
    holders = [supplier.id for supplier in award.suppliers]
    pence = [half_up((award.value or Decimal(0)) * 100)]
    if len(holders) > 1 and len(award.shares) == len(holders) and sum(award.shares) == 1:
        pence = split(pence[0], award.shares)
    elif len(holders) > 1:
        group = _group(award)
        holders = [group["supplier_id"]]
        yield "suppliers", group
    for at, (holder, share) in enumerate(zip(holders, pence, strict=True), start=1):
        contract_id = award.contract_id if len(holders) == 1 else f"{award.contract_id}/{at}"
        yield "contracts", {
            **award.facts, "contract_id": contract_id, "title": award.title, "supplier_id": holder,
            "directorate": award.directorate, "category": award.category, "value": str(Decimal(share) / 100),
            "awarded_on": award.awarded_on, "starts_on": award.starts_on, "ends_on": award.ends_on,
        }  # fmt: skip
        if award.postcodes:
            yield "contract_places", {"contract_id": contract_id, "place": ";".join(award.postcodes), "share": "1"}


def _supplier(supplier: Supplier) -> dict[str, str]:
    number = company_number(supplier.company_number)
    return {"supplier_id": supplier.id, "supplier_name": supplier.name, "postcode": supplier.postcode,
            "company_number": number, "charity_number": supplier.charity_number,
            "size": supplier.size, "is_vcse": supplier.is_vcse}  # fmt: skip


def _group(award: Award) -> dict[str, str]:
    """Several suppliers as one: a fact holds for the group when it holds for every member."""
    ids = sorted(supplier.id for supplier in award.suppliers)
    flags = {supplier.is_vcse for supplier in award.suppliers}
    name = "Group: " + "; ".join(supplier.name for supplier in award.suppliers)
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
    return {"supplier_id": f"GROUP-{digest}", "supplier_name": name, "is_vcse": flags.pop() if len(flags) == 1 else ""}


def _told(award: Award) -> Iterator[Finding]:
    """What was done to an award that a reader should know."""
    count = len(award.suppliers)
    if count > 1 and not award.shares:
        problem = "no shares are stated, so it is kept whole, under one group, and counted once"
        remedy = "nothing to do, or state the shares in the register"
        yield Finding("note", award.file, award.row, "", f"{award.contract_id}: {count} suppliers", problem, remedy)
    elif count > 1 and (len(award.shares) != count or sum(award.shares) != 1):
        said = f"{award.contract_id}: {len(award.shares)} shares that sum to {sum(award.shares)}, {count} suppliers"
        problem = "they are not parts of a whole, so it is kept as one group"
        yield Finding("warn", award.file, award.row, "", said, problem, "correct the shares")
    for supplier in award.suppliers:
        if supplier.company_number and not company_number(supplier.company_number):
            problem = "it is not a company number, so it is not used"
            yield Finding("warn", award.file, award.row, "", supplier.company_number, problem, "correct the number")


def pounds(amount: object) -> Decimal | None:
    """An amount of a notice in pounds and pence; None when it is missing, or 0, which notices write for not known."""
    text = re.sub(r"[£,\s]", "", str(amount))
    if not re.fullmatch(r"\d{1,13}(\.\d{1,12})?", text) or not Decimal(text):
        return None
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)

"""Contracts that were found in notices or a published register -> rows of our tables. An award
counts
once.

An award to several suppliers is split by the shares that it states; without them it stays whole,
with one group.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.findings import Finding, Severity, counted
from sv_lib.intake.suppliers.matching import company_number, name_key
from sv_lib.intake.tables.columns import NOT_KNOWN
from sv_lib.intake.tables.dictionary import CATEGORIES, CONTRACTS, TABLES
from sv_lib.money import half_up, split

CPV = {
    "construction": "14 44 45",
    "social care": "85",
    "environment and waste": "03 16 77 90",
    "highways and transport": "34 60 63",
    "facilities and property": "15 18 19 24 31 35 37 39 42 43 50 51 55 70 98",
    "professional services": "22 38 66 71 73 75 79",
    "ICT": "30 32 48 64 72",
    "health and wellbeing": "33 851 92",
    "education and training": "80",
    "energy and utilities": "09 41 65 76",
}
"""Category of spend -> what of the Common Procurement Vocabulary is counted in it: divisions, and
health out of 85.

The divisions are those of Regulation (EC) No 213/2008, Annex I; which category holds which is the
choice of this product. A code under none of them gives no category.
"""
CATEGORY_OF = {code: category for category, codes in CPV.items() for code in codes.split()}
OWN_WORDS = {category.lower(): category for category in CATEGORIES}
NOBODY = re.compile(r"not awarded|no award|^(n/?a|none|various|tbc|unknown)?$", re.IGNORECASE)
FOUND = CONTRACTS.allowing_blanks("starts_on", "ends_on", "category")
"""Contracts when some come from notices or a register, which often leave out when the work is done
and
what it is.
"""
SHOWN = 10
"""Rows that one finding names."""


@dataclass(frozen=True)
class Supplier:
    """A supplier as a notice or register names it; the fields are columns of table suppliers, as
    text.
    """

    supplier_name: str
    company_number: str = ""
    charity_number: str = ""
    postcode: str = ""
    size: str = ""
    is_sme: str = ""
    is_vcse: str = ""

    @property
    def id(self) -> str:
        """Its register's number, else its name: notices number suppliers afresh."""
        if number := company_number(self.company_number):
            return f"GB-COH-{number}"
        return (
            f"GB-CHC-{self.charity_number}"
            if self.charity_number
            else f"NAME-{name_key(self.supplier_name)}"
        )

    def row(self) -> dict[str, str]:
        """Its row of the table."""
        return {
            **asdict(self),
            "supplier_id": self.id,
            "company_number": company_number(self.company_number),
        }


@dataclass(frozen=True)
class Award:
    """One award as it was found. Dates are ISO text, blank when not known; ``value`` in pounds.

    ``kind``: its CPV code, or words for what it is.
    """

    file: str
    row: int
    contract_id: str
    title: str
    suppliers: tuple[Supplier, ...]
    value: Decimal | None
    awarded_on: str
    starts_on: str
    ends_on: str
    kind: str
    shares: tuple[Decimal, ...] = ()
    directorate: str = NOT_KNOWN
    postcodes: tuple[str, ...] = ()

    def lacks(self) -> list[str]:
        """What a contract needs and the award does not tell."""
        needed = {"supplier": self.suppliers, "value": self.value, "date of award": self.awarded_on}
        return [name for name, there in needed.items() if not there]

    @property
    def is_whole(self) -> bool:
        """Whether it states a share for each of its suppliers, and the shares are parts of a
        whole.
        """
        return len(self.shares) == len(self.suppliers) and sum(self.shares) == 1


def category(kind: str) -> str:
    """Our category of a CPV code, of several the first, or of words that are ours; blank when it
    tells
    neither.
    """
    if own := OWN_WORDS.get(kind.strip().lower()):
        return own
    found = re.search(r"(?<!\d)\d{7,8}(?!\d)", kind)
    code = found.group().zfill(8) if found else ""
    return CATEGORY_OF.get(code[:3]) or CATEGORY_OF.get(code[:2], "")


def to_parts(
    awards: Iterable[Award], excluded: dict[str, int]
) -> tuple[list[AddedRows], list[Finding]]:
    """Contracts, their suppliers and their places. ``excluded``: rows of each file that are no
    award
    of the council.
    """
    awards = [
        replace(a, suppliers=tuple(s for s in a.suppliers if not NOBODY.search(s.supplier_name)))
        for a in awards
    ]
    whole = [award for award in awards if not award.lacks()]
    gathered: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {
        ("contracts", file): [] for file in excluded
    }
    for award in whole:
        for table, row in _rows(award):
            gathered.setdefault((table, award.file), []).append((award.row, row))
    parts = []
    for (table, file), rows in gathered.items():
        index, columns = [at for at, _ in rows], TABLES[table].names
        frame = pd.DataFrame([row for _, row in rows], index=index, columns=columns, dtype="str")
        aside = sum(award.file == file for award in awards) - sum(
            award.file == file for award in whole
        )
        left_out = (excluded[file], aside) if table == "contracts" else (0, 0)
        parts.append(AddedRows(table, file, frame.fillna(""), *left_out))
    return parts, [*_set_aside(awards), *_told(whole)]


def _rows(award: Award) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of an award. Several suppliers without shares make one group, a supplier of its
    own.
    """
    for supplier in award.suppliers:
        yield "suppliers", supplier.row()
    holders = [supplier.id for supplier in award.suppliers]
    pence = [half_up((award.value or Decimal(0)) * 100)]
    if len(holders) > 1 and award.is_whole:
        pence = split(pence[0], award.shares)
    elif len(holders) > 1:
        group = _group(award.suppliers)
        holders = [group["supplier_id"]]
        yield "suppliers", group
    for at, (holder, share) in enumerate(zip(holders, pence, strict=True), start=1):
        contract_id = award.contract_id if len(holders) == 1 else f"{award.contract_id}/{at}"
        yield (
            "contracts",
            {
                "contract_id": contract_id,
                "title": award.title,
                "supplier_id": holder,
                "directorate": award.directorate,
                "category": category(award.kind),
                "value": str(Decimal(share) / 100),
                "awarded_on": award.awarded_on,
                "starts_on": award.starts_on,
                "ends_on": award.ends_on,
            },
        )
        if award.postcodes:
            yield (
                "contract_places",
                {"contract_id": contract_id, "place": ";".join(award.postcodes), "share": "1"},
            )


def _group(suppliers: tuple[Supplier, ...]) -> dict[str, str]:
    """Several suppliers as one: a fact holds for the group when it holds for every member."""
    digest = hashlib.sha256(
        "\n".join(sorted(supplier.id for supplier in suppliers)).encode()
    ).hexdigest()[:12]
    shared = {
        flag: said.pop()
        for flag in ("is_sme", "is_vcse")
        if len(said := {getattr(supplier, flag) for supplier in suppliers}) == 1
    }
    name = "Group: " + "; ".join(supplier.supplier_name for supplier in suppliers)
    return {"supplier_id": f"GROUP-{digest}", "supplier_name": name, **shared}


def _set_aside(awards: Iterable[Award]) -> Iterator[Finding]:
    remedy = "enter these contracts in the council's register with what they lack"
    yield from _counted(
        "warn", awards, lambda a: " and no ".join(a.lacks()), "no {}, so they are set aside", remedy
    )


def _told(awards: list[Award]) -> Iterator[Finding]:
    """What was done to awards that a reader should know."""
    one_day = {"starts_on": "day that the work starts", "ends_on": "day that it ends"}
    problem = "no {}: 'date not known'; they count as let, never as running, ending or due"
    remedy = "enter the dates in the council's register where they matter"
    yield from _counted(
        "warn",
        awards,
        lambda a: " and no ".join(said for name, said in one_day.items() if not getattr(a, name)),
        problem,
        remedy,
    )
    yield from _counted(
        "note",
        awards,
        lambda a: "" if category(a.kind) else "CPV code or category that is known",
        "no {}, so their category is not known",
        "give the CPV code",
    )
    yield from _counted(
        "note",
        awards,
        lambda a: "shares" if len(a.suppliers) > 1 and not a.shares else "",
        "no {} of their several suppliers are stated, so each is kept whole, under one "
        "group, and counted once",
        "nothing to do, or state the shares in the register",
    )
    for award in awards:
        if len(award.suppliers) > 1 and award.shares and not award.is_whole:
            said = (
                f"{award.contract_id}: {len(award.shares)} shares that sum to {sum(award.shares)}, "
                f"{len(award.suppliers)} suppliers"
            )
            problem = "they are not parts of a whole, so it is kept as one group"
            yield Finding("warn", award.file, award.row, "", said, problem, "correct the shares")
        for supplier in award.suppliers:
            if supplier.company_number and not company_number(supplier.company_number):
                problem = "it is not a company number, so it is not used"
                yield Finding(
                    "warn",
                    award.file,
                    award.row,
                    "",
                    supplier.company_number,
                    problem,
                    "correct the number",
                )


def _counted(
    severity: Severity,
    awards: Iterable[Award],
    lack: Callable[[Award], str],
    problem: str,
    remedy: str,
) -> Iterator[Finding]:
    """One finding for all awards of a file that lack the same. ``problem`` holds ``{}`` where the
    lack
    is named.
    """
    alike: dict[tuple[str, str], list[int]] = {}
    for award in awards:
        if lacking := lack(award):
            alike.setdefault((award.file, lacking), []).append(award.row)
    for (file, lacking), rows in alike.items():
        named = ", ".join(map(str, rows[:SHOWN])) + (", ..." if len(rows) > SHOWN else "")
        said = f"{counted(len(rows), 'award')}, on row{'s' * (len(rows) > 1)} {named}"
        yield Finding(severity, file, rows[0], "", said, problem.format(lacking), remedy)


def pounds(amount: object) -> Decimal | None:
    """An amount of a notice in pounds and pence; None when it is missing, or 0, which notices write
    for not known.
    """
    text = re.sub(r"[£,\s]", "", str(amount))
    if not re.fullmatch(r"\d{1,13}(\.\d{1,12})?", text) or not Decimal(text):
        return None
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)

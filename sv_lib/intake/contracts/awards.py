"""Turns awards found in notices or in a published register into rows of our tables.

An award counts once. An award to several suppliers is split by the shares that it states; without
shares it stays whole, and its suppliers become one group.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from sv_lib.intake.added_rows import AddedRows
from sv_lib.intake.findings import Finding, counted, finding
from sv_lib.intake.suppliers.matching import company_number, name_key
from sv_lib.intake.tables.dictionary import CATEGORIES, CONTRACTS, TABLES
from sv_lib.money import half_up, split
from sv_lib.params import NOT_KNOWN
from sv_lib.strict_yaml import data_beside

CPV = data_beside(__file__, dict[str, str], "cpv.yaml")
"""Category of spend -> the CPV divisions and groups counted in it, with spaces between."""
CATEGORY_OF = {code: category for category, codes in CPV.items() for code in codes.split()}
OWN_WORDS = {category.lower(): category for category in CATEGORIES}
NOBODY = re.compile(r"not awarded|no award|^(n/?a|none|various|tbc|unknown)?$", re.IGNORECASE)
"""What stands in place of a supplier's name when there is no supplier."""
FOUND = CONTRACTS.allowing_blanks("starts_on", "ends_on", "category")
"""The table contracts when some come from notices or a register.

These often leave out when the work is done and what it is.
"""
SHOWN = 10
"""How many rows one finding names."""
Row = dict[str, Any]
PENNY = Decimal("0.01")
POUNDS = re.compile(
    r"(£|GBP)?\s*(?P<number>(\d{1,13}|\d{1,3}([,\s]\d{3})+)(\.\d{1,12})?)\s*(GBP)?"
    r"(\W*(ex|exc|excl|excluding|plus)\W*VAT\W*)?",
    re.IGNORECASE,
)
"""An amount as notices and registers write it: ``£12,000.50``, ``12000 GBP``, ``£900 (ex VAT)``."""


@dataclass(frozen=True)
class Supplier:
    """A supplier as a notice or register names it; the fields are columns of table suppliers."""

    supplier_name: str
    company_number: str = ""
    charity_number: str = ""
    postcode: str = ""
    size: str = ""
    is_sme: str = ""
    is_vcse: str = ""

    @property
    def id(self) -> str:
        """The number in a public register, else the name: each notice numbers suppliers afresh."""
        number = company_number(self.company_number)
        if number:
            return f"GB-COH-{number}"
        if self.charity_number:
            return f"GB-CHC-{self.charity_number}"
        return f"NAME-{name_key(self.supplier_name)}"

    def row(self) -> Row:
        """Return its row of the table suppliers."""
        number = company_number(self.company_number)
        return asdict(self) | {"supplier_id": self.id, "company_number": number}


@dataclass(frozen=True)
class Award:
    """One award as it was found.

    Dates are ISO text, blank when not known. ``value`` is in pounds. ``kind`` is a CPV code, or
    words for what was bought.
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

    def lacking(self) -> str:
        """Name what a contract needs and the award does not tell; blank when nothing is lacking."""
        needed = {"supplier": self.suppliers, "value": self.value, "date of award": self.awarded_on}
        return _and_no(needed)

    def undated(self) -> str:
        """Name the days of the work that the award does not tell."""
        return _and_no(
            {"day that the work starts": self.starts_on, "day that it ends": self.ends_on}
        )

    @property
    def is_joint(self) -> bool:
        """Whether it went to several suppliers."""
        return len(self.suppliers) > 1

    @property
    def is_shared_out(self) -> bool:
        """Whether it states a share for each supplier, and the shares make a whole."""
        return len(self.shares) == len(self.suppliers) and sum(self.shares) == 1


def _and_no(facts: Mapping[str, object]) -> str:
    return " and no ".join(name for name, fact in facts.items() if not fact)


def category(kind: str) -> str:
    """Return our category of a CPV code, of several the first, or of words that are ours.

    Blank when the text is neither.
    """
    own = OWN_WORDS.get(kind.strip().lower())
    if own:
        return own
    found = re.search(r"(?<!\d)\d{7,8}(?!\d)", kind)
    if not found:
        return ""
    # Spreadsheets drop the first zero of a code of eight digits.
    code = found.group().zfill(8)
    return CATEGORY_OF.get(code[:3]) or CATEGORY_OF.get(code[:2], "")


def pounds(amount: object) -> Decimal | None:
    """Return an amount in pounds and pence.

    None when it is missing, or 0, which notices write for not known.
    """
    written = POUNDS.fullmatch(str(amount).strip())
    if not written:
        return None
    value = Decimal(re.sub(r"[,\s]", "", written["number"]))
    return value.quantize(PENNY, ROUND_HALF_UP) if value else None


def to_rows(
    awards: Iterable[Award], excluded: dict[str, int]
) -> tuple[list[AddedRows], list[Finding]]:
    """Return the contracts, suppliers and places that awards come to, and what was found.

    ``excluded``: file -> how many of its rows are no award of the council.
    """
    named = [_without_nobody(award) for award in awards]
    whole = [award for award in named if not award.lacking()]
    set_aside = Counter(award.file for award in named if award.lacking())
    # Every file has an account of its contracts, even when none of them is used.
    gathered: dict[tuple[str, str], list[tuple[int, Row]]] = {}
    for file in excluded:
        gathered["contracts", file] = []
    for award in whole:
        for table, row in _rows(award):
            gathered.setdefault((table, award.file), []).append((award.row, row))
    added = []
    for (table, file), rows in gathered.items():
        # The account of the file's rows is kept with its contracts.
        counts = (excluded[file], set_aside[file]) if table == "contracts" else ()
        added.append(AddedRows(table, file, _frame(table, rows), *counts))
    return added, [*_grouped("contracts.incomplete", named, Award.lacking), *_remarks(whole)]


def _without_nobody(award: Award) -> Award:
    suppliers = [one for one in award.suppliers if not NOBODY.search(one.supplier_name)]
    return replace(award, suppliers=tuple(suppliers))


def _frame(table: str, rows: list[tuple[int, Row]]) -> pd.DataFrame:
    """Return rows as text under the columns of a table, indexed by the row of the file."""
    cells = [row for _, row in rows]
    index = [at for at, _ in rows]
    frame = pd.DataFrame(cells, index=index, columns=TABLES[table].names, dtype="str")
    return frame.fillna("")


def _rows(award: Award) -> Iterator[tuple[str, Row]]:
    """Yield each row that an award comes to, with the table it belongs to."""
    for supplier in award.suppliers:
        yield "suppliers", supplier.row()
    pence = half_up((award.value or Decimal(0)) * 100)
    holders = [supplier.id for supplier in award.suppliers]
    amounts = [pence]
    contract_ids = [award.contract_id]
    if award.is_joint and award.is_shared_out:
        amounts = split(pence, award.shares)
        contract_ids = [f"{award.contract_id}/{at}" for at in range(1, len(holders) + 1)]
    elif award.is_joint:
        group = _group(award.suppliers)
        holders = [group["supplier_id"]]
        yield "suppliers", group
    for contract_id, holder, amount in zip(contract_ids, holders, amounts, strict=True):
        # An award has the facts of a contract under the names of the table's columns.
        contract = {
            **vars(award),
            "contract_id": contract_id,
            "supplier_id": holder,
            "category": category(award.kind),
            "value": str(Decimal(amount) / 100),
        }
        yield "contracts", contract
        if award.postcodes:
            place = ";".join(award.postcodes)
            yield "contract_places", {"contract_id": contract_id, "place": place, "share": "1"}


def _group(suppliers: tuple[Supplier, ...]) -> Row:
    """Return one row for several suppliers: the group has a flag that all of them agree on."""
    ids = "\n".join(sorted(supplier.id for supplier in suppliers))
    digest = hashlib.sha256(ids.encode()).hexdigest()[:12]
    names = "; ".join(supplier.supplier_name for supplier in suppliers)
    group = {"supplier_id": f"GROUP-{digest}", "supplier_name": f"Group: {names}"}
    for flag in ("is_sme", "is_vcse"):
        answers = {getattr(supplier, flag) for supplier in suppliers}
        if len(answers) == 1:
            group[flag] = answers.pop()
    return group


def _remarks(awards: list[Award]) -> Iterator[Finding]:
    """Report what was done to awards that a reader should know."""
    yield from _grouped("contracts.undated", awards, Award.undated)
    yield from _grouped("contracts.no_category", awards, _no_category)
    yield from _grouped("contracts.no_shares", awards, _no_shares)
    for award in awards:
        if award.is_joint and award.shares and not award.is_shared_out:
            yield finding(
                "contracts.shares_not_whole",
                award.file,
                award.row,
                contract=award.contract_id,
                shares=len(award.shares),
                sum=sum(award.shares),
                suppliers=len(award.suppliers),
            )
        for supplier in award.suppliers:
            number = supplier.company_number
            if number and not company_number(number):
                yield finding(
                    "contracts.not_a_company_number", award.file, award.row, number=number
                )


def _no_category(award: Award) -> str:
    return "" if category(award.kind) else "category"


def _no_shares(award: Award) -> str:
    return "shares" if award.is_joint and not award.shares else ""


def _grouped(
    finding_id: str, awards: Iterable[Award], lacking: Callable[[Award], str]
) -> Iterator[Finding]:
    """Yield one finding for all awards of a file that lack the same.

    ``lacking``: names what an award lacks, or blank when it lacks nothing.
    """
    rows_of: dict[tuple[str, str], list[int]] = {}
    for award in awards:
        what = lacking(award)
        if what:
            rows_of.setdefault((award.file, what), []).append(award.row)
    for (file, what), rows in rows_of.items():
        yield finding(
            finding_id,
            file,
            rows[0],
            awards=counted(len(rows), "award"),
            rows=_row_numbers(sorted(set(rows))),
            lacking=what,
        )


def _row_numbers(rows: list[int]) -> str:
    """Return ``row 4`` or ``rows 4, 5, 9``, with ``...`` after ten of them."""
    shown = ", ".join(map(str, rows[:SHOWN]))
    rest = ", ..." if len(rows) > SHOWN else ""
    noun = "row" if len(rows) == 1 else "rows"
    return f"{noun} {shown}{rest}"

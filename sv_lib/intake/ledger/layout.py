"""Which column of a council's ledger is which: written down in a layout, or guessed from headings
and
values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import ValidationError

from sv_lib.errors import InputError
from sv_lib.intake.files.cells import YES_NO, ReadColumn, ledger_days, ledger_pence
from sv_lib.intake.files.dates import doubt
from sv_lib.intake.tables.dictionary import PAYMENTS
from sv_lib.params import Settings
from sv_lib.strict_yaml import read_yaml

NEEDED = ("paid_on", "amount")
REDACTED = ("redact", "name redacted", "withheld", "name withheld", "personal data")
"""How the name of a supplier that a council hides usually begins."""
CERTAIN = 0.75
"""The confidence from which a guess is used without asking."""
WHO = r"(?:supplier|vendor|creditor|beneficiary|payee|merchant)"
NO = r"(?:id|no|num|number|code|ref|reference)"
PATTERNS: dict[str, tuple[str, ...]] = {
    "payment_id": (
        rf"(?:trans\w*|payment|voucher|document|doc|ledger) ?{NO}(?: "
        rf"{NO})?|transno|belnr|unique {NO}",
        rf"internal {NO}(?: {NO})?|{NO}(?: {NO})?",
        rf"invoice {NO}|cheque {NO}",
    ),
    "paid_on": (
        r"(?:pay|payment|paid|settlement|settled|clear\w*|cheque|check|bacs|remittance)(?: "
        r"run)? date"
        r"|date (?:of )?(?:paid|payment|cleared|settled)|(?:when )?paid on|when paid|paid",
        r"(?:trans\w*|ledger|gl|posting|posted|journal|accounting|entry)(?: \w+)? "
        r"date|date of transaction|budat",
        r"date",
        r"effective date|(?:accounting |financial |payment )?(?:period|month)|month paid",
        r"(?:invoice|document|tax) date|date of invoice",
    ),
    "supplier_id": (rf"{WHO} {NO}|address book no|(?:ap ar|apar) id|lifnr",),
    "supplier_name": (
        rf"{WHO}(?: beneficiary)? (?:name|text|id t)|name of {WHO}|(?:ap ar|xapar) id(?: t)?|name1"
        r"|(?:trading|company) name",
        rf"{WHO}|paid to",
    ),
    "directorate": (
        r"direct\w*ate|department(?: name)?|dept|expense area|spend "
        r"area|organisational unit|portfolio|direct t",
        r"service(?: area| label| description)?|(?:strategic )?group|division|business "
        r"unit(?: description)?",
        r"cost cent\w+ (?:name|desc\w*)",
    ),
    "category": (
        r"expen\w+ (?:type|category)|spend category|category|account(?: code)? desc\w*|account t",
        r"purpose(?: of spend)?.*",
        r".*expenditure category|.*category name|category family|expense code "
        r"description|(?:g l|group) desc\w*",
        r"description|desc|narrative|item description|detailed exp\w+ type|merchant "
        r"category|spend level 1",
    ),
    "contract_id": (rf"contract {NO}",),
    "is_card": (r"(?:procurement|purchas\w+|p|payment)? ?card(?: trans?\w*| payment| y n)?",),
}
"""Our column -> patterns of its heading in words, the best first."""
MONEY = re.compile(
    r"\b(?:amount|amt|values?|sum|spend|expenditure|payments?|paid|cost|total|price|charge|gbp|net|nett|gross|wrbtr|dmbtr)\b"
)
NOT_SPEND = re.compile(
    r"\b(?:vat|tax|budget|balance|cumulative|ytd|year|discount|dates?|day|month|period|time|numbers?|"
    r"no|num|ref|reference|"
    r"id|code|types?|category|desc\w*|name|method|class\w*|status|quantity|qty|units?|band|threshold|"
    r"per ?cent\w*|pct|"
    r"elements?|objects?|groups?|rate|currency|eur|euros?|usd|count|centre|center|division|area|"
    r"label|supplier|outstanding|commit\w*|order\w*|"
    r"running|todate|forecast|estimate\w*|remaining|cap|capital|credit|debit)\b"
)
WITHOUT_VAT = re.compile(
    r"\b(?:nett?(?: of)?|exc?|excl\w*|less|without|before)\b(?: of)?(?: "
    r"(?:ir)?recoverable)?(?: vat\b)?"
)
WITH_VAT = re.compile(r"\b(?:gross|inc|incl\w*|with)\b(?: of)?(?: vat\b)?|\bvat inc\w*")
LITTER = re.compile(
    r"^\(column|^(?:unnamed|column|field|#)|setparameter|select "
    r"|query|inserted|^sort$|^detail$|.{60}",
    re.I,
)
PENCE = r"\.\d\d?$|£|,\d{3}\b|\.\d{3,}$"
UNIT = re.compile(
    r"\b(?:pence|thousands?|millions?)\b|£ ?(?:'?000s?|k|m)\b|\(p\)|(?:^|\W)'000s?\b", re.IGNORECASE
)
SIGNS = {"", "DR", "CR", "D", "C", "DEBIT", "CREDIT", "+", "-"}
CREDITS = {"CR", "CREDIT", "CREDITS", "CREDIT NOTE", "CREDIT MEMO", "CRN", "REFUND", "REVERSAL"}
POUNDS = {"", "GBP", "£", "STERLING", "UK"}
FEW = 20
"""Different values of a column that says of which kind a row is."""
Read = Callable[[pd.Series], ReadColumn]
Basis = Literal["net", "gross", "not known"]
BASES: tuple[Basis, ...] = ("net", "not known", "gross")
"""The amounts wanted, the best first."""


class Layout(Settings):
    """How a ledger is read. ``columns``: our name -> its heading. ``redacted``: how a hidden
    supplier's name begins.

    ``headings``: all that the file had when this was saved; a file that has others is a finding.
    """

    columns: dict[str, str]
    redacted: tuple[str, ...] = ()
    vat_basis: Basis
    headings: tuple[str, ...] = ()


@dataclass
class Guess:
    """A layout that nobody has confirmed, how sure it is from 0 to 1, and what an analyst must
    decide
    first.
    """

    layout: Layout
    confidence: float
    questions: list[str] = field(default_factory=list)


def read_layout(path: Path, name: str) -> Layout:
    """The layout of a YAML file. Raises InputError when it is not one."""
    try:
        layout = Layout.model_validate(read_yaml(path))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as fault:
        raise _not_a_layout(name, " ".join(str(fault).split())) from None
    known = PAYMENTS.names
    if unknown := [ours for ours in layout.columns if ours not in known]:
        raise _not_a_layout(
            name, f"payments have no column {', '.join(unknown)}; they have {', '.join(known)}"
        )
    if absent := [ours for ours in NEEDED if ours not in layout.columns]:
        raise _not_a_layout(name, f"it does not say which heading is {' and '.join(absent)}")
    return layout


def _not_a_layout(name: str, found: str) -> InputError:
    return InputError(
        name,
        found,
        "the ledger cannot be read without it",
        "correct it; docs/data-inputs.md shows one",
    )


def headings_known(row: list[str]) -> int:
    """How many of our columns a row's cells are headings of; none for a row that holds a date or an
    amount.
    """
    if any(re.search(r"\d[/.:-]\d|\d\.\d\d$", cell) for cell in row):
        return 0
    headings = [cell for cell in row if len(cell) < 60]
    named = sum(any(_rank(ours, heading) is not None for heading in headings) for ours in PATTERNS)
    return named + any(_money_basis(heading) for heading in headings)


def is_heading_of(ours: str, cell: str) -> bool:
    """Whether a cell is a heading of a column of ours."""
    return bool(_money_basis(cell)) if ours == "amount" else _rank(ours, cell) is not None


def guess(frame: pd.DataFrame) -> Guess:
    """The layout of a ledger's text. What it cannot tell, it asks."""
    sample = frame.iloc[:: max(1, len(frame) // 2000)].apply(lambda column: column.str.strip())
    questions: list[str] = []
    amount, basis, sure_of_amount = _amount(sample, questions)
    columns = {} if amount is None else {"amount": amount}
    day, sure_of_day = _day_column(sample, questions)
    if day is not None:
        columns["paid_on"] = day
    for ours in [ours for ours in PATTERNS if ours != "paid_on"]:
        ranks = {
            heading: rank
            for heading in sample.columns
            if (rank := _rank(ours, heading)) is not None
        }
        for theirs in sorted(ranks, key=ranks.__getitem__):
            can_be = ours != "is_card" or sample[theirs].str.lower().isin(YES_NO).all()
            if can_be and ours not in columns and theirs not in columns.values():
                columns[ours] = theirs
    ordered = {ours: columns[ours] for ours in PAYMENTS.names if ours in columns}
    questions += _sign_questions(sample, amount)
    confidence = round(min(sure_of_amount, sure_of_day), 2)
    if not questions and confidence < CERTAIN:
        asked = f"is '{amount}' the amount and '{day}' the date of payment?"
        questions.append(f"{asked} Too many values do not look like it")
    headings = tuple(heading for heading in sample.columns if not heading.startswith("(column "))
    layout = Layout(columns=ordered, redacted=REDACTED, vat_basis=basis, headings=headings)
    return Guess(layout, confidence, questions)


@lru_cache(maxsize=4096)
def _words(heading: str) -> str:
    """A heading in plain lower-case words: ``Net Amount (£)`` -> ``net amount gbp``; PayDate ->
    ``pay
    date``.
    """
    spaced = re.sub(
        r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r" \(column [A-Z]+\)$", "", heading)
    ).replace("£", " gbp ")
    return " ".join(re.sub(r"[^a-z0-9]", " ", spaced.lower()).split())


def _rank(ours: str, heading: str) -> int | None:
    """How good a heading is for one of our columns, 0 the best."""
    words = _words(heading)
    return next(
        (rank for rank, pattern in enumerate(PATTERNS[ours]) if re.fullmatch(pattern, words)), None
    )


def _money_basis(heading: str) -> Basis | None:
    """The VAT basis that a heading of money says; None when it is not one of money paid."""
    words = _words(heading)
    is_net, is_gross = bool(WITHOUT_VAT.search(words)), bool(WITH_VAT.search(words))
    rest = WITH_VAT.sub(" net ", WITHOUT_VAT.sub(" net ", words))
    if not MONEY.search(rest) or NOT_SPEND.search(rest):
        return None
    return "not known" if is_net == is_gross else "net" if is_net else "gross"


def _amount(sample: pd.DataFrame, questions: list[str]) -> tuple[str | None, Basis, float]:
    """The column of the amounts, its VAT basis and how sure that is: net before unmarked before
    gross.
    """
    money = {
        heading: share
        for heading in sample.columns
        if (share := _readable(sample[heading], ledger_pence)) >= 0.5
    }
    named = {heading: basis for heading in money if (basis := _money_basis(heading))}
    for basis in BASES:
        found = _distinct(sample, [heading for heading, said in named.items() if said == basis])
        if len(found) > 1:
            net = [
                one
                for one in found
                if any(_adds_up(sample, one, gross) for gross in found if gross != one)
            ]
            if len(net) == 1:
                return net[0], "net", 0.99 * money[net[0]]
            questions.append(
                f"which is the amount paid: {_listed(found)}? They differ, and the "
                f"total depends on it"
            )
        if found:
            gross = [heading for heading, said in named.items() if said == "gross"]
            is_net = basis == "not known" and any(_adds_up(sample, found[0], one) for one in gross)
            return found[0], "net" if is_net else basis, 0.99 * money[found[0]]
    return _amount_by_values(sample, list(money), questions)


def _amount_by_values(
    sample: pd.DataFrame, money: list[str], questions: list[str]
) -> tuple[str | None, Basis, float]:
    """The one column of pounds and pence whose heading is missing or overwritten; else a
    question.
    """
    pence = [heading for heading in money if sample[heading].str.contains(PENCE).mean() > 0.5]
    pence = [heading for heading in pence if not NOT_SPEND.search(_words(heading))]
    if len(pence) == 1 and LITTER.search(pence[0]):
        return pence[0], "not known", 0.8
    near = _listed(pence) or "none of the columns looks like it"
    headed = [heading for heading in sample.columns if _money_basis(heading)]
    questions.append(
        f"which column is the amount paid ({near})? {_unfit(sample, headed, ledger_pence)}"
    )
    return None, "not known", 0.0


def _day_column(sample: pd.DataFrame, questions: list[str]) -> tuple[str | None, float]:
    """The column of the day of payment, and how sure that is; of several the one closest to the
    payment.
    """
    headed = {
        heading: rank
        for heading in sample.columns
        if (rank := _rank("paid_on", heading)) is not None
    }
    read = {
        heading: rank
        for heading, rank in headed.items()
        if _readable(sample[heading], ledger_days) >= 0.5
    }
    if read:
        best = _distinct(
            sample, [heading for heading, rank in read.items() if rank == min(read.values())]
        )
        if len(best) > 1:
            questions.append(f"which is the date of payment: {_listed(best)}?")
        return best[0], 0.99 * _readable(sample[best[0]], ledger_days)
    dates = [
        heading
        for heading, cells in sample.items()
        if _readable(cells[cells.str.contains(r"\D")], ledger_days) > 0.9
    ]
    if len(dates) == 1:
        return str(dates[0]), 0.8
    first = next(iter(headed), "")
    if headed and (said := doubt(sample[first].unique())):
        questions.append(f"is the day or the month first in '{first}'? {said}")
    else:
        questions.append(
            f"which column is the date of payment? {_unfit(sample, headed, ledger_days)}"
        )
    return None, 0.0


def _listed(headings: list[str]) -> str:
    return ", ".join(f"'{heading}'" for heading in headings)


def _unfit(sample: pd.DataFrame, headed: Iterable[str], read: Read) -> str:
    """Why no column is taken as the day or the amount: no heading says so, or it does not look like
    one.
    """
    for heading in headed:
        unread = sample[heading][read(sample[heading]).unread]
        if len(unread):
            return (
                f"'{heading}' holds too much that cannot be read, such as '{unread.iloc[0][:40]}'"
            )
    return "No heading says so"


def _readable(texts: pd.Series, read: Read) -> float:
    """The share of the filled cells that can be read; words that hide a value are no evidence
    either
    way.
    """
    filled = texts[
        (texts != "")
        & (texts != texts.name)
        & ~texts.str.contains("redact|various|n/a", case=False)
    ]
    return 1 - float(read(filled).unread.mean()) if len(filled) else 0.0


def _distinct(sample: pd.DataFrame, headings: list[str]) -> list[str]:
    """The columns without those that repeat another, value for value."""
    return [
        heading
        for n, heading in enumerate(headings)
        if not any(sample[heading].equals(sample[other]) for other in headings[:n])
    ]


def _adds_up(sample: pd.DataFrame, net: str, gross: str) -> bool:
    """Whether a column of VAT makes the one amount into the other wherever all three are filled."""
    for heading in sample.columns:
        if "vat" in _words(heading).split():
            three = {"net": net, "vat": heading, "gross": gross}
            rows = pd.DataFrame(
                {name: ledger_pence(sample[one]).values for name, one in three.items()}
            ).dropna()
            if (
                len(rows)
                and (rows["vat"] != 0).any()
                and (rows["net"] + rows["vat"] == rows["gross"]).mean() > 0.95
            ):
                return True
    return False


def _sign_questions(sample: pd.DataFrame, amount: str | None) -> list[str]:
    """Where the sign, or the unit, of the amounts is not in the amounts."""
    asked = [f"'{amount}': are these pounds?"] if amount is not None and UNIT.search(amount) else []
    if {"debit", "credit"} <= {
        word for heading in sample.columns for word in _words(heading).split()
    }:
        asked.append(
            "debits and credits stand in columns of their own: which sum is the amount paid?"
        )
    if amount is None or sample.empty:
        return asked
    pence = ledger_pence(sample[amount]).values
    if (pence.dropna() < 0).mean() > 0.5:
        asked.append("most amounts are negative: is a payment written as a minus here?")
    for heading in sample.columns.drop(amount):
        marks = sample[heading].str.upper()
        credits_ = CREDITS | ({"C", "-"} if set(marks) <= SIGNS else set())
        if marks.nunique() <= FEW and (pence[marks.isin(credits_)] > 0).any():
            said = f"column '{heading}' says debit or credit, and credits are not negative"
            asked.append(f"{said}: which sign have they?")
        if "currency" in _words(heading) and not set(marks) <= POUNDS:
            asked.append(
                f"column '{heading}' names other currencies than the pound: which "
                f"amounts are in pounds?"
            )
    return asked
